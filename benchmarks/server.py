"""Both services on the loopback, in a process of their own, over a synthetic world: with latency, as real ones have.

python -m benchmarks.server --records 1000 --latency 0.02      prints the two addresses and answers until killed
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks.world import RELEASE, TIMESTAMP, World
from trialweave.fetch.upstream import Reply, answer_ctgov, answer_evs


class Served:
    """A world's payloads in memory (`fetch.upstream.Holdings`)."""

    def __init__(self, world: World) -> None:
        self._bodies = {id_: body for _, id_, body in world.payloads()}

    def studies_held(self) -> Sequence[str]:
        return [id_ for id_ in self._bodies if id_.startswith("NCT")]

    def study(self, nct_id: str) -> bytes | None:
        return self._bodies.get(nct_id)

    def canonical(self, nct_id: str) -> str | None:
        return nct_id if nct_id in self._bodies else None

    def concept(self, code: str, release: str) -> bytes | None:  # noqa: ARG002
        return self._bodies.get(code)

    def replacements(self, code: str) -> bytes | None:
        return self._bodies.get(f"{code}.replacements")

    def data_timestamp(self) -> str:
        return TIMESTAMP

    def releases(self) -> Sequence[str]:
        return (RELEASE,)


def serve(answer: Callable[[str], Reply], base: str, latency: float) -> ThreadingHTTPServer:
    """Serve on a free port. An answer is made once: what is measured is who asks, not who answers."""
    answer = cache(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            reply = answer(self.path.removeprefix(base))
            time.sleep(latency)
            self.send_response_only(reply.status)
            for name, value in {"Content-Type": reply.content_type, "Content-Length": len(reply.body)}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.0)
    chosen = parser.parse_args()
    held = Served(World(chosen.records, even=True))
    services = (
        ("/api/v2", lambda target: answer_ctgov(held, target)),
        ("/api/v1", lambda target: answer_evs(held, target)),
    )
    for base, answer in services:
        server = serve(answer, base, chosen.latency)
        print(f"http://127.0.0.1:{server.server_address[1]}{base}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
