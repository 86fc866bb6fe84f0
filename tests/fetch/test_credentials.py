"""Credentials go where they belong, and into nothing that anybody reads."""

from __future__ import annotations

import base64
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from requests import exceptions as rx
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy

from standin import Fault, StandIn, World, nct, study
from trialweave.clock import ManualClock, instant
from trialweave.fetch import Fetcher, Policy
from trialweave.fetch.redaction import Secrets
from trialweave.fetch.retry import Transient
from trialweave.fetch.transport import HostUnusable, Transport
from trialweave.sources.base import Held, NotHeld

Open = Callable[..., Fetcher]
STUDIES = [nct(n) for n in range(1, 6)]
MIRROR = "https://mirror.example/api/v2"
SENT = {"ctgov": {"Authorization": "Bearer hunter2"}}
NOW = instant("2026-11-21T02:00:00Z")


@pytest.fixture
def elsewhere() -> Iterator[StandIn]:
    """Another host, which holds the same studies and must never hear of us."""
    with StandIn(World()) as server:
        yield server


def test_who_asks_is_said_and_nothing_else(
    open_on: Open, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://user:secret@127.0.0.1:9")
    server = StandIn(world)
    headers = {"ctgov": {"Authorization": "Bearer mirror"}}
    with server, open_on(server, contact="mailto:us@example.org", headers=headers) as fetcher:
        fetcher.prefetch({"ctgov": STUDIES, "ncit": ["C1"]})
    for seen in server.requests:
        assert seen.headers["User-Agent"].startswith("trialweave/")
        assert seen.headers["User-Agent"].endswith(" (+mailto:us@example.org)")
        assert (seen.headers["Accept"], seen.headers["Accept-Encoding"]) == ("application/json", "gzip")
        assert seen.headers.get("Authorization") == ("Bearer mirror" if seen.service == "ctgov" else None)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (rx.SSLError("user:secret [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"), "REQUESTS_CA_BUNDLE"),
        (rx.SSLError("user:secret [SSL: WRONG_VERSION_NUMBER]"), "does https belong into its address"),
        (rx.InvalidProxyURL("user:secret"), "not usable"),
        (OSError("Could not find a suitable TLS CA certificate bundle"), "certificate bundle"),
    ],
)
def test_trouble_on_this_side_is_told_at_once(
    open_on: Open, world: World, monkeypatch: pytest.MonkeyPatch, clock: ManualClock, error: Exception, words: str
) -> None:
    def broken(*_args: object, **_options: object) -> Any:
        raise error

    monkeypatch.setattr(requests.Session, "get", broken)
    server = StandIn(world)
    with server, open_on(server) as fetcher:
        report = fetcher.prefetch({"ctgov": STUDIES}).sources["ctgov"]
    assert (report.fetched, server.count(), clock.sleeps) == (0, 0, [])
    assert report.gave_up is not None
    assert words in report.gave_up
    assert "secret" not in report.gave_up


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("match", ["/version", "filter.ids", "/studies/NCT"])
def test_a_redirect_to_another_host_takes_nothing_there(
    open_on: Open, world: World, elsewhere: StandIn, match: str, status: int
) -> None:
    away = {"Location": f"{elsewhere.ctgov_url}/studies/{nct(2)}"}
    faults = [Fault("ctgov", "redirect", status=status, match=match, times=99, headers=away)]
    if match == "/studies/NCT":
        faults.append(Fault("ctgov", "status", status=400, match="filter.ids", times=99))
    server = StandIn(world, faults)
    with server, open_on(server, headers=SENT) as fetcher:
        fetcher.prefetch({"ctgov": [nct(1)], "ncit": ["C1"]})
    assert elsewhere.count() == 0
    for seen in server.requests:
        assert seen.headers.get("Authorization") == ("Bearer hunter2" if seen.service == "ctgov" else None)


def test_a_netrc_file_and_a_proxy_give_nothing_to_a_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a host that is not this machine, where the environment is looked at for proxies and certificates."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("https_proxy", "http://me:hunter2@proxy.example:3128")
    seen: list[tuple[requests.PreparedRequest, Any]] = []

    def send(_self: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        seen.append((request, options["proxies"]))
        raise requests.ConnectionError("nobody there")

    monkeypatch.setattr(HTTPAdapter, "send", send)
    transport = Transport(MIRROR, ManualClock(NOW), Policy())
    with pytest.raises(Transient):
        transport.get("/version", 10.0)
    transport.close()
    ((request, proxies),) = seen
    assert "hunter2" not in f"{request.url} {request.headers} {request.body!r}"
    assert not [name for name in request.headers if "auth" in name.lower()]  # it would be there in base 64
    assert proxies["https"] == "http://me:hunter2@proxy.example:3128"


@pytest.mark.parametrize("address", ["https://127.0.0.1:8443/api/v2", "https://localhost/api/v2", "https://[::1]/x"])
def test_a_loopback_address_goes_past_proxies_and_still_obeys_the_certificate_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    seen: list[dict[str, Any]] = []

    def send(_self: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        seen.append(options)
        raise requests.ConnectionError("nobody there")

    monkeypatch.setattr(HTTPAdapter, "send", send)
    transport = Transport(address, ManualClock(NOW), Policy())
    with pytest.raises(Transient):
        transport.get("/version", 10.0)
    transport.close()
    ((proxies, bundle),) = [(options["proxies"], options["verify"]) for options in seen]
    assert not any(select_proxy(f"{scheme}{address[5:]}", proxies) for scheme in ("http", "https"))
    assert bundle == str(tmp_path)


@pytest.mark.parametrize(
    "proxy",
    [
        "http://me:hunter2@127.0.0.1:9",
        "http://me:hunter2@[::1",
        "me:hunter2@127.0.0.1:9",
        "hunter2://me:hunter2@127.0.0.1:9",
        "socks5://me:hunter2@127.0.0.1:9",
        "http://me:hunter2@127.0.0.1:99999999",
        "http://me:hunter2@127.0.0.1:hunter2",
        "http://m e:hunter2@127.0.0.1:9",
        "http://:hunter2@/",
    ],
)
@pytest.mark.parametrize("address", [MIRROR, MIRROR.replace("https", "http")])
def test_no_failure_tells_the_password_of_a_proxy(monkeypatch: pytest.MonkeyPatch, proxy: str, address: str) -> None:
    assert "hunter2" not in failure(monkeypatch, proxy, address)


@pytest.mark.parametrize("proxy", ["http://me:hunter2@", "http://me:hunter2\u2603@127.0.0.1:9"])
def test_a_proxy_that_requests_stumbles_over_is_an_unusable_host(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """TypeError for the first, UnicodeEncodeError for the second: both ended the run."""
    told = failure(monkeypatch, proxy, MIRROR)
    assert HostUnusable.__name__ in told
    assert "proxy is not usable" in told
    assert "hunter2" not in told


@pytest.mark.parametrize("address", [MIRROR, MIRROR.replace("https", "http")])
def test_a_proxy_that_refuses_is_told_as_such_and_what_to_look_at(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """A 407 was told as a proxy that does not answer, or as an answer of the service, and was asked for again."""

    def refuse(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=refuse, args=(listening,), daemon=True).start()
        told = failure(monkeypatch, f"http://me:hunter2@127.0.0.1:{listening.getsockname()[1]}", address)
    assert HostUnusable.__name__ in told
    assert "answered 407 and lets nothing through: look at HTTPS_PROXY" in told
    assert "hunter2" not in told


def test_a_password_in_an_address_is_sent_nowhere_and_told_to_nobody(
    open_on: Open, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """Settings refuse such an address; this is the wall behind it."""
    server = StandIn(world, [Fault("ctgov", "html", times=99)])
    addresses = {**server.addresses, "ctgov": server.ctgov_url.replace("127.0.0.1", "me:hunter2@127.0.0.1")}
    with server, open_on(server, addresses=addresses, headers=SENT) as fetcher:
        report = fetcher.prefetch({"ctgov": [nct(1)]})
        found = fetcher.read("ctgov", [nct(1)])
    assert server.count() > 0
    assert all(seen.headers["Authorization"] == "Bearer hunter2" for seen in server.requests)
    assert "hunter2" not in f"{report} {found} {fetcher!r} {capfd.readouterr()}"


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault("ctgov", "status", status=status) for status in (400, 404, 407, 418, 503)),
        Fault("ctgov", "body"),
        Fault("ctgov", "redirect", status=301, headers={"Location": "/studies/Bearer Hunter2secret"}),
        Fault("ctgov", "redirect", status=200, headers={"Content-Type": "text/Hunter2secret"}),
        Fault("ctgov", "redirect", status=200, headers={"Content-Encoding": "Hunter2secret"}),
    ],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)
@pytest.mark.parametrize("match", ["/version", "/studies"])
def test_a_page_of_errors_that_repeats_what_was_sent_is_told_without_it(
    open_on: Open, world: World, fault: Fault, match: str
) -> None:
    """As proxies and gateways do that help with debugging. The reason of a failure quotes such a page."""
    page = b"You sent: Authorization: Bearer Hunter2secret, X-Key: hunter2key"
    server = StandIn(world, [replace(fault, match=match, body=page, times=99)])
    sent = {"ctgov": {"Authorization": "Bearer Hunter2secret", "X-Key": "hunter2key"}}
    with server, open_on(server, headers=sent) as fetcher:
        report = fetcher.prefetch({"ctgov": [nct(1)]})
        found = fetcher.read("ctgov", [nct(1)])
    assert server.count() > 0
    told = f"{report} {found}".lower()
    assert "hunter2" not in told
    assert isinstance(found[nct(1)], NotHeld)


def test_a_word_of_a_payload_stays_although_it_is_a_password(open_on: Open) -> None:
    world = World(studies={nct(1): study(nct(1), title="A study of trastuzumab")})
    with StandIn(world) as server, open_on(server, headers={"ctgov": {"X-Key": "trastuzumab"}}) as fetcher:
        fetcher.prefetch({"ctgov": [nct(1)]})
        found = fetcher.read("ctgov", [nct(1)])[nct(1)]
    assert isinstance(found, Held)
    assert b"A study of trastuzumab" in found.snapshot.body


@pytest.mark.parametrize(
    "proxy", ["http://me:hunter2pass@proxy.example:3128", "me:hunter2pass@proxy.example", "http://me:hunter2%70ass@p"]
)
def test_the_password_of_a_proxy_is_known_in_each_form_in_which_it_is_sent(proxy: str) -> None:
    secrets = Secrets.of([], proxy)
    sent = base64.b64encode(b"me:hunter2pass").decode()
    assert secrets.out_of(f"407 for me:hunter2pass, Basic {sent}") == "407 for me:***, Basic ***"
    assert secrets.out_of_payload(f'{{"x": "{sent}"}}'.encode()) == b'{"x": "***"}'
    assert Secrets.of(["short"], "http://[::1").out_of("short") == "short"


@pytest.mark.parametrize(
    "page",
    [
        "You sent Bearer hunter2/+=&x",
        "login?next=%2F&token=Bearer%20hunter2%2F%2B%3D%26x",
        "login?token=Bearer+hunter2%2f%2b%3d%26x",
        "login?token=hunter2/%2B%3D%26x",
        "<p>Bearer hunter2/+=&amp;x</p>",
        r'{"Authorization": "Bearer hunter2\/+=&x"}',
        r'{"Authorization": "Bearer hunter2/+=\u0026x"}',
    ],
)
def test_a_header_is_known_in_each_form_in_which_a_page_repeats_it(page: str) -> None:
    """As an address, as HTML and as JSON."""
    secrets = Secrets.of(["Bearer hunter2/+=&x"], None)
    assert "hunter2" not in secrets.out_of(page)
    assert b"hunter2" not in secrets.out_of_error(page.encode())


def test_the_password_in_a_basic_header_is_a_secret_too() -> None:
    secrets = Secrets.of(
        [f"Basic {base64.b64encode(b'me:hunter2pass').decode()}", "Basic hunter2pass?", "Basic "], None
    )
    assert secrets.out_of("no user me with hunter2pass") == "no user me with ***"


def failure(monkeypatch: pytest.MonkeyPatch, proxy: str, address: str) -> str:
    """The traceback that somebody sees whose transport fails behind this proxy."""
    for variable in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(variable, proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    transport = Transport(address, ManualClock(NOW), Policy(), headers=SENT["ctgov"])
    with pytest.raises((Transient, HostUnusable)) as caught:
        transport.get("/version", 10.0)
    transport.close()
    return "".join(traceback.format_exception(caught.value))
