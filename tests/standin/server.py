"""The two servers. `with StandIn(folder_or_world, faults=[...]) as server:` and then `server.ctgov_url`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from standin.faults import Fault, answer, misbehave
from standin.world import World
from trialweave.core.models import Source as SourceName
from trialweave.fetch.upstream import answer_ctgov, answer_evs

Service = Literal["ctgov", "evs"]
Weather = Callable[[Service, str], Fault | None]
_BASES: dict[Service, str] = {"ctgov": "/api/v2", "evs": "/api/v1"}


@dataclass(frozen=True)
class Seen:
    """One request as it arrived: `target` is what stood after the base path, query included."""

    service: Service
    target: str
    headers: dict[str, str]


class StandIn:
    """Both services on 127.0.0.1, each on a port of its own. `requests` is the log, in the order of arrival.

    `weather` is asked about each request that no fault is for: the fault that meets it, or None.
    """

    def __init__(self, holdings: Path | World, faults: Iterable[Fault] = (), weather: Weather | None = None) -> None:
        self.weather = weather
        self.world = holdings if isinstance(holdings, World) else World.of_folder(holdings)
        self.faults = list(faults)
        self.requests: list[Seen] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._servers = {service: _Server(self, service) for service in _BASES}

    def __enter__(self) -> Self:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    @property
    def ctgov_url(self) -> str:
        return self._url("ctgov")

    @property
    def evs_url(self) -> str:
        return self._url("evs")

    @property
    def addresses(self) -> dict[SourceName, str]:
        """The base addresses, as `fetch.Services` takes them."""
        return {"ctgov": self.ctgov_url, "ncit": self.evs_url}

    def count(self, service: Service | None = None) -> int:
        """How many requests have arrived, at one service or at both."""
        return sum(1 for seen in self.requests if service in (None, seen.service))

    def forget(self) -> None:
        """Start the log anew, as for another night."""
        self.requests.clear()

    def _url(self, service: Service) -> str:
        return f"http://127.0.0.1:{self._servers[service].server_address[1]}{_BASES[service]}"

    def handle(self, handler: BaseHTTPRequestHandler, service: Service) -> None:
        """Log a request, and answer it well or as the next fault for it has it."""
        target = handler.path.removeprefix(_BASES[service])
        with self._lock:
            self.requests.append(Seen(service, target, dict(handler.headers)))
            fault = next((fault for fault in self.faults if fault.applies(service, target)), None)
            if fault is None and self.weather is not None:
                fault = self.weather(service, target)
            if fault is not None and fault.world is not None:
                fault.world()
            reply = (answer_ctgov if service == "ctgov" else answer_evs)(self.world, target)
        if fault is None:
            answer(handler, reply)
        else:
            misbehave(handler, fault, reply, self.closing)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, stand_in: StandIn, service: Service) -> None:
        self.stand_in = stand_in
        self.service = service
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle of an answer is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 10

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        server.stand_in.handle(self, server.service)

    def log_message(self, *_args: object) -> None:
        """The log is `StandIn.requests`."""
