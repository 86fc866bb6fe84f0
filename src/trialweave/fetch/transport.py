"""One GET, from sending to the last checked byte. What comes back is whole, within its size and its time, or an error.

Redirects are never followed here: the source decides what a `Location` means, so no header of ours leaves its host.
"""

from __future__ import annotations

import ipaddress
import re
import zlib
from collections.abc import Generator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests import exceptions as rx
from requests.adapters import BaseAdapter
from urllib3 import exceptions as ux

from trialweave import __version__
from trialweave.clock import Clock
from trialweave.errors import SourceBlocked, SourceUnavailable, TrialweaveError
from trialweave.fetch.deadline import WatchedAdapter
from trialweave.fetch.redaction import Secrets, proxy_to
from trialweave.fetch.retry import RETRY_STATUS, Policy, Transient, http_date, retry_after_seconds
from trialweave.sources.base import Response

_CHUNK = 1 << 16
_NO_PROXY = {"http": "", "https": "", "all": ""}
"""Beats the proxies of the environment."""

_PROXY_ASKS = 407
_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: (4\d\d)")
"""What http.client makes of a proxy that answers CONNECT with a refusal; 5xx is a host that it cannot reach now."""


class HostUnusable(SourceUnavailable):
    """Asking this host again in this run makes no sense: its certificate, its address or our proxy is at fault."""


class TooLarge(Exception):
    """The answer went beyond the size cap and was dropped there."""


class _Session(requests.Session):
    """A session that does not even look where a redirect leads: what `requests` makes of an odd address is an error."""

    def resolve_redirects(self, *_args: Any, **_options: Any) -> Generator[requests.Response, None, None]:
        yield from ()


class Transport:
    """Sends requests to one base address over one session. Not for use by two threads."""

    def __init__(
        self,
        address: str,
        clock: Clock,
        policy: Policy,
        *,
        contact: str | None = None,
        headers: Mapping[str, str] | None = None,
        adapter: BaseAdapter | None = None,
    ) -> None:
        """`adapter`, where given, is the only way out: nothing else is mounted, and no socket can be opened."""
        self.address = address.rstrip("/")
        self.host, self.port = host_and_port(address)
        self._clock = clock
        self._policy = policy
        self._session = _Session()
        self._session.trust_env = adapter is None
        self._proxies = _NO_PROXY if _is_loopback(self.host) else None
        self._session.auth = _unchanged
        self._secrets = Secrets.of(
            (headers or {}).values(), proxy_to(self.address) if adapter is None and self._proxies is None else None
        )
        self._session.headers.clear()
        self._session.headers.update(
            {
                "User-Agent": f"trialweave/{__version__}" + (f" (+{contact})" if contact else ""),
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                **(headers or {}),
            }
        )
        self._watch = WatchedAdapter()
        if adapter is None:
            self._session.mount("http://", self._watch)
            self._session.mount("https://", self._watch)
        else:
            self._session.adapters.clear()
            self._session.mount(self.address + "/", adapter)

    def get(self, target: str, ends: float) -> Response:
        """The answer to `GET address/target`, which must be complete before `ends` on the monotonic clock.

        Raises Transient (worth another try), TooLarge, SourceBlocked (403) and HostUnusable.
        """
        ends = min(ends, self._clock.monotonic() + self._policy.answer_deadline)
        left = ends - self._clock.monotonic()
        if left <= 0:
            raise Transient("no time was left to ask")
        timeout = (min(self._policy.connect_timeout, left), min(self._policy.read_timeout, left))
        url = f"{self.address}/{target.lstrip('/')}"
        with self._watch.until(left) as watched:
            try:
                answer = self._answer(url, timeout, ends)
            except (rx.RequestException, ux.HTTPError, Transient, OSError) as error:
                # Not `from error`: it carries the request, whose headers and proxy address hold credentials.
                raise (self._too_slow() if watched.cut else self._failure(error)) from None
            if watched.cut:  # what was read of the headers passes for all of them
                raise self._too_slow()
            return answer

    def close(self) -> None:
        self._session.close()

    def _answer(self, url: str, timeout: tuple[float, float], ends: float) -> Response:
        with self._sent(url, timeout) as answer:
            self._check_status(answer)
            body, location = self._body(answer, ends), answer.headers.get("Location")
            return Response(
                answer.status_code,
                self._media_type(answer),
                self._secrets.out_of_payload(body) if answer.status_code == 200 else self._secrets.out_of_error(body),
                None if location is None else self._secrets.out_of(location),
            )

    def _sent(self, url: str, timeout: tuple[float, float]) -> requests.Response:
        try:
            return self._session.get(url, stream=True, timeout=timeout, allow_redirects=False, proxies=self._proxies)
        except (TypeError, ValueError) as error:
            if isinstance(error, (rx.RequestException, TrialweaveError)):
                raise
            raise HostUnusable(self._unusable) from None  # what requests makes of a proxy without a host

    @property
    def _unusable(self) -> str:
        return f"{self.host} cannot be asked: its address or that of the proxy is not usable"

    def _check_status(self, answer: requests.Response) -> None:
        status = answer.status_code
        if status == 403:
            raise SourceBlocked(
                f"{self.host} answered 403: it refuses this client, and is not asked again in this run. "
                "Look at the proxy in between (HTTPS_PROXY) and its certificate bundle (REQUESTS_CA_BUNDLE), "
                "and set TRIALWEAVE_CONTACT so that the service can see who asks."
            )
        if status == _PROXY_ASKS:
            raise HostUnusable(self._refused_by_proxy(status))
        if status in RETRY_STATUS:
            asked = retry_after_seconds(answer.headers.get("Retry-After"), self._answered_at(answer))
            raise Transient(f"{self.host} answered {status}", retry_after=asked)
        if status == 200 and not _is_json(self._media_type(answer)):
            kind = self._media_type(answer) or "no media type"
            raise Transient(f"{self.host} answered 200 with {kind} where JSON belongs", odd=True)

    def _media_type(self, answer: requests.Response) -> str:
        return media_type(self._secrets.out_of(answer.headers.get("Content-Type", "")))

    def _answered_at(self, answer: requests.Response) -> datetime:
        return http_date(answer.headers.get("Date", "")) or self._clock.now()

    def _body(self, answer: requests.Response, ends: float) -> bytes:
        """Read the body as it trickles in: `requests` itself has neither a cap nor a total deadline, and takes a cut
        gzip stream for a whole one."""
        encoding = self._secrets.out_of(answer.headers.get("Content-Encoding", "identity")).strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip"):
            raise Transient(f"{self.host} answered in the encoding {encoding}, which was not asked for", odd=True)
        inflater = None if encoding == "identity" else zlib.decompressobj(31)
        cap = self._policy.max_bytes
        parts: list[bytes] = []
        size = 0
        while raw := answer.raw.read1(_CHUNK, decode_content=False):
            try:
                part = raw if inflater is None else inflater.decompress(raw, cap - size + 1)
            except zlib.error as error:
                raise Transient(f"{self.host} answered with a broken gzip stream", odd=True) from error
            size += len(part)
            if size > cap:
                raise TooLarge(f"{self.host} answered with more than {cap:,} bytes")
            parts.append(part)
            if self._clock.monotonic() >= ends:
                raise self._too_slow()
        if inflater is not None and (not inflater.eof or inflater.unused_data):
            raise Transient(f"{self.host} answered with a gzip stream that was cut", odd=True)
        return b"".join(parts)

    def _too_slow(self) -> Transient:
        return Transient(f"{self.host} was too slow: no whole answer in time", odd=True)

    def _failure(self, error: Exception) -> Transient | HostUnusable:
        """Ordered from the special to the general: certificate and proxy trouble are connection errors as well."""
        if isinstance(error, Transient):
            return error
        if isinstance(error, (rx.SSLError, ux.SSLError)):
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                return HostUnusable(
                    f"the certificate of {self.host} could not be verified; behind a company proxy, point "
                    "REQUESTS_CA_BUNDLE to its certificate bundle"
                )
            return HostUnusable(
                f"no secure connection to {self.host} came about: does https belong into its address, "
                "and does a proxy in between let it through?"
            )
        if isinstance(error, rx.InvalidHeader) and isinstance(error.args[0], ux.InvalidHeader):  # of the answer
            return Transient(f"{self.host} answered with headers that contradict each other", odd=True)
        if isinstance(error, (rx.InvalidProxyURL, rx.InvalidURL, rx.InvalidSchema, rx.MissingSchema, rx.InvalidHeader)):
            return HostUnusable(self._unusable)
        if isinstance(error, rx.ProxyError):
            if (refused := _TUNNEL_REFUSED.search(str(error))) is not None:
                return HostUnusable(self._refused_by_proxy(int(refused[1])))
            return Transient(f"the proxy on the way to {self.host} did not answer")
        if isinstance(error, (rx.ChunkedEncodingError, ux.ProtocolError)):
            return Transient(f"the connection to {self.host} broke off in the middle of an answer", odd=True)
        if isinstance(error, (rx.Timeout, ux.TimeoutError)):
            return Transient(f"{self.host} did not answer in time")
        if not isinstance(error, (rx.RequestException, ux.HTTPError)):  # a certificate bundle that is not there
            return HostUnusable(f"{self.host} cannot be asked: {error}")
        return Transient(self._out_of_reach(error))

    def _refused_by_proxy(self, status: int) -> str:
        return (
            f"the proxy on the way to {self.host} answered {status} and lets nothing through: look at HTTPS_PROXY,"
            " and at the user and password in it"
        )

    def _out_of_reach(self, error: Exception) -> str:
        cause = error.args[0] if error.args else None
        if isinstance(cause, ux.ProtocolError):
            return f"{self.host} gave no answer to read, or closed the connection before it"
        if isinstance(getattr(cause, "reason", None), ux.NameResolutionError):
            return f"{self.host} could not be reached: there is no address for this name (DNS)"
        return f"{self.host} could not be reached"


def host_and_port(address: str) -> tuple[str, int]:
    """The host and port of a base address; what stands before an `@` is left out, so that it never shows."""
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)


def media_type(header: str | None) -> str:
    """A Content-Type without its parameters, in lower case."""
    return (header or "").partition(";")[0].strip().lower()


def _is_json(kind: str) -> bool:
    return kind == "application/json" or kind.endswith("+json")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An `auth` that adds nothing: with one set, requests does not look into a netrc file."""
    return request
