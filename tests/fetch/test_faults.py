"""Every fault that a service or the way to it can have, and what the run makes of it."""

from __future__ import annotations

import json
import socket
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from standin import Fault, StandIn, World, concept, nct, study
from standin.faults import Kind, adding, dropping
from trialweave.clock import ManualClock, SystemClock
from trialweave.core.models import Source
from trialweave.fetch import Fetcher, Policy
from trialweave.sources.base import Held, KnownAbsent, NotHeld

Open = Callable[..., Fetcher]
STUDIES = [nct(n) for n in range(1, 6)]
BATCH = "filter.ids"
POLICY = Policy(max_bytes=1 << 20)
IMPATIENT = replace(POLICY, read_timeout=2.0)
"""Real seconds, which a busy machine may need for a good answer too: for the fault that only they can end."""


def found_after(open_on: Open, world: World, fault: Fault, **changes: Any) -> tuple[set[str], StandIn, Any]:
    """Which studies are held after a night with this fault, the server's log, and the report."""
    server = StandIn(world, [fault])
    with server, open_on(server, **{"policy": POLICY, **changes}) as fetcher:
        report = fetcher.prefetch({"ctgov": STUDIES}).sources["ctgov"]
        found = fetcher.read("ctgov", STUDIES)
    return {id_ for id_, lookup in found.items() if isinstance(lookup, Held)}, server, report


PASSING = [
    Fault("ctgov", "status", status=429, headers={"Retry-After": "7"}),
    Fault("ctgov", "status", status=429, headers={"Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"}),
    Fault("ctgov", "status", status=429, headers={"Retry-After": "soon"}),
    *(Fault("ctgov", "status", status=status) for status in range(500, 505)),
    Fault("ctgov", "html"),
    Fault("ctgov", "empty"),
    Fault("ctgov", "cut"),
    Fault("ctgov", "cut_without_length"),
    Fault("ctgov", "cut_chunk"),
    Fault("ctgov", "two_lengths"),
    Fault("ctgov", "gzip_cut"),
    Fault("ctgov", "gzip_no_trailer"),
    Fault("ctgov", "gzip_garbage"),
    Fault("ctgov", "reset"),
    Fault("ctgov", "silence"),
    Fault("ctgov", "body", body=b'["wrong", "type"]'),
    Fault("ctgov", "body", body=b'{"studies": "wrong type"}'),
    Fault("ctgov", "body", body=b'{"studies": [null, 1, {}]}'),
    Fault("ctgov", "body", body=b"[" * 100_000),
    Fault("ctgov", "body", body='{"studies": []}'.encode("utf-16")),
]


NO_VERSION = (b'["wrong"', b'{"studies"')
"""To the probe these are answers, which tell no version."""


@pytest.mark.parametrize(
    "fault",
    [
        replace(fault, match=match)
        for match in ("/version", BATCH)
        for fault in PASSING
        if match == BATCH or not fault.body.startswith(NO_VERSION)
    ],
    ids=lambda fault: f"{fault.match}-{fault.kind}-{fault.status}-{fault.body[:15]!r}",
)
def test_a_fault_that_passes_costs_one_more_request(open_on: Open, world: World, fault: Fault) -> None:
    policy = IMPATIENT if fault.kind == "silence" else POLICY
    found, server, report = found_after(open_on, world, replace(fault), policy=policy)
    assert found == set(STUDIES)
    assert report.gave_up is None
    assert report.requests == server.count() == 3


def test_retry_after_is_waited_for_in_both_forms(
    open_on: Open, world: World, clock: ManualClock, tmp_path: Path
) -> None:
    """A date is measured against the answer's own Date, so that a pinned clock on this side does no harm."""
    then = datetime(2099, 1, 1, tzinfo=UTC)
    in_seconds = {"Retry-After": "7"}
    as_date = {"Retry-After": format_datetime(then + timedelta(seconds=7), True), "Date": format_datetime(then, True)}
    for number, headers in enumerate((in_seconds, as_date)):
        clock.sleeps.clear()
        fault = Fault("ctgov", "status", status=429, match=BATCH, headers=headers)
        found, _, _ = found_after(open_on, world, fault, cache_dir=tmp_path / str(number))
        assert found == set(STUDIES)
        assert clock.sleeps == [7.5]


@pytest.mark.parametrize(
    ("absurd", "seconds"),
    [
        ("86400", "86,400"),
        ("9" * 400, "999,999,999"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "251,"),
    ],
)
def test_an_absurd_retry_after_ends_the_asking(
    open_on: Open, world: World, clock: ManualClock, absurd: str, seconds: str
) -> None:
    for match in ("/version", BATCH):
        fault = Fault("ctgov", "status", status=429, match=match, times=99, headers={"Retry-After": absurd})
        found, server, report = found_after(open_on, world, fault)
        assert (found, server.count(), clock.sleeps) == (set(), 1 if match == "/version" else 2, [])
        assert report.gave_up.startswith(f"127.0.0.1 answered 429, and asked to be left alone for {seconds}")


@pytest.mark.parametrize("date", ["Sat, 21 Nov 2026 02:00:30 +99999999999999", "yesterday", ""])
def test_a_date_header_that_is_none_ends_nothing(open_on: Open, world: World, clock: ManualClock, date: str) -> None:
    """The first of these ended the run with an OverflowError."""
    headers = {"Retry-After": "7", "Date": date}
    found, _, _ = found_after(open_on, world, Fault("ctgov", "status", status=429, match=BATCH, headers=headers))
    assert (found, clock.sleeps) == (set(STUDIES), [7.5])


@pytest.mark.parametrize("kind", ["status", "edge"])
def test_a_block_is_told_at_once_and_helps(open_on: Open, world: World, clock: ManualClock, kind: Kind) -> None:
    for match in ("/version", BATCH):
        found, server, report = found_after(open_on, world, Fault("ctgov", kind, status=403, match=match, times=9))
        assert (found, clock.sleeps) == (set(), [])
        assert server.count() == (1 if match == "/version" else 2)
        for word in ("403", "HTTPS_PROXY", "REQUESTS_CA_BUNDLE", "TRIALWEAVE_CONTACT"):
            assert word in report.gave_up


def test_an_outage_is_given_up_within_the_deadline(open_on: Open, world: World, clock: ManualClock) -> None:
    policy = replace(POLICY, attempts=99, deadline=100.0, base=1.0, cap=30.0)
    found, _, report = found_after(open_on, world, Fault("ctgov", "status", times=999), policy=policy)
    assert found == set()
    assert clock.elapsed <= 100.0
    assert report.gave_up == "127.0.0.1 answered 503, when asked for the version of its data"


def test_a_host_without_an_answer_is_not_one_that_nobody_reaches(
    open_on: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One "could not be reached" for all three sent people to their network for a service that hangs up."""

    def no_such_name(*_args: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    _, _, report = found_after(open_on, world, Fault("ctgov", "reset", times=99))
    assert report.gave_up.startswith("127.0.0.1 gave no answer to read, or closed the connection before it")
    gone: dict[Source, str] = dict.fromkeys(("ctgov", "ncit"), "http://registry.example/api")
    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    _, _, report = found_after(open_on, world, Fault("ctgov", "reset", times=99), addresses=gone)
    assert report.gave_up.startswith("registry.example could not be reached: there is no address for this name (DNS)")


def test_a_source_that_goes_down_half_way_is_left_alone(open_on: Open) -> None:
    world = World(studies={nct(n): study(nct(n)) for n in range(1, 2001)})
    server = StandIn(world, [Fault("ctgov", "status", match=BATCH, after=2, times=999)])
    with server, open_on(server, policy=replace(POLICY, attempts=2)) as fetcher:
        report = fetcher.prefetch({"ctgov": list(world.studies)})
        found = fetcher.read("ctgov", list(world.studies))
    told = report.sources["ctgov"]
    assert server.count() == 1 + 2 + 3 * 2
    assert (told.fetched, told.unavailable) == (400, 1600)
    assert told.gave_up == "3 requests in a row went without a usable answer: 127.0.0.1 answered 503"
    assert sum(isinstance(lookup, Held) for lookup in found.values()) == 400
    reasons = {lookup.reason for lookup in found.values() if isinstance(lookup, NotHeld)}
    assert reasons == {"127.0.0.1 answered 503", told.gave_up}


def test_one_lost_batch_does_not_cost_the_others(open_on: Open) -> None:
    world = World(studies={nct(n): study(nct(n)) for n in range(1, 601)})
    server = StandIn(world, [Fault("ctgov", "status", match=nct(1), times=2)])
    with server, open_on(server, policy=replace(POLICY, attempts=2)) as fetcher:
        told = fetcher.prefetch({"ctgov": list(world.studies)}).sources["ctgov"]
    assert (told.fetched, told.unavailable) == (400, 200)
    assert told.gave_up == "200 ids got no answer: 127.0.0.1 answered 503"


def test_html_for_ever_is_an_outage(open_on: Open, world: World) -> None:
    found, server, report = found_after(open_on, world, Fault("ctgov", "html", match=BATCH, times=999))
    assert found == set()
    assert "text/html where JSON belongs" in report.gave_up
    assert server.count() == 1 + 3 * 3


def test_garbage_for_ever_is_an_outage(open_on: Open, world: World) -> None:
    found, _, report = found_after(open_on, world, Fault("ctgov", "body", body=b"{}", match="/studies", times=999))
    assert found == set()
    assert "5 requests in a row" in report.gave_up


@pytest.mark.parametrize("status", [413, 414, 431])
def test_a_batch_that_is_too_long_is_halved_once_for_the_run(open_on: Open, status: int) -> None:
    world = World(studies={nct(n): study(nct(n)) for n in range(1, 601)})
    fault = Fault("ctgov", "status", status=status, match=BATCH, times=1)
    server = StandIn(world, [fault])
    with server, open_on(server, policy=POLICY) as fetcher:
        told = fetcher.prefetch({"ctgov": list(world.studies)}).sources["ctgov"]
    assert (told.fetched, told.unavailable, told.gave_up) == (600, 0, None)
    assert server.count() == 1 + 1 + 6 + 1


def test_one_id_that_sinks_its_batch_is_found(open_on: Open) -> None:
    world = World(studies={nct(n): study(nct(n)) for n in range(1, 65)})
    poison = Fault("ctgov", "status", status=400, match=nct(37), times=999)
    server = StandIn(world, [poison])
    with server, open_on(server, policy=POLICY) as fetcher:
        told = fetcher.prefetch({"ctgov": list(world.studies)}).sources["ctgov"]
        found = fetcher.read("ctgov", list(world.studies))
    assert {id_ for id_, lookup in found.items() if isinstance(lookup, NotHeld)} == {nct(37)}
    assert told.gave_up is None
    assert server.count() <= 2 + 2 * 7 + 1


def test_one_study_that_is_too_large_is_found(open_on: Open, world: World) -> None:
    world.studies[nct(3)]["protocolSection"]["identificationModule"]["officialTitle"] = "x" * 3_000_000
    found, _, report = found_after(open_on, world, Fault("evs"))
    assert found == set(STUDIES) - {nct(3)}
    assert report.gave_up is None


def test_one_study_that_is_too_large_does_not_make_the_other_batches_small(open_on: Open) -> None:
    world = World(studies={nct(n): study(nct(n)) for n in range(1, 801)})
    world.studies[nct(1)]["protocolSection"]["identificationModule"]["officialTitle"] = "x" * 3_000_000
    with StandIn(world) as server, open_on(server, policy=POLICY) as fetcher:
        told = fetcher.prefetch({"ctgov": list(world.studies)}).sources["ctgov"]
    assert (told.fetched, told.unavailable) == (799, 1)
    assert server.count() <= 1 + 4 + 2 * 8 + 1 + 1


def test_a_bomb_is_not_inflated(open_on: Open, world: World) -> None:
    """200 KB that would be 200 MB; the cap is 1 MB here, and 64 KB of it alone would be 64 MB."""
    bomb = Fault("ctgov", "bomb", match="/studies", times=999)
    tracemalloc.start()
    try:
        found, _, report = found_after(open_on, world, bomb)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == set()
    assert "more than 1,048,576 bytes" in report.gave_up
    assert most < 32 << 20


@pytest.mark.parametrize("kind", ["drip", "drip_head", "drip_chunk", "continue"])
def test_a_drip_ends_at_the_deadline(open_on: Open, world: World, kind: Kind) -> None:
    """The server never ends by itself: that this test ends at all is the point. Real time, because sockets are.

    Inside a header, or the size of a chunk, every read waits for a whole line, and no check between reads helps.
    """
    policy = replace(POLICY, answer_deadline=1.5, attempts=1, odd_attempts=1, silent_after=1)  # much longer than a drop
    drip = Fault("ctgov", kind, match=BATCH, times=999)
    found, _, report = found_after(open_on, world, drip, policy=policy, clock=SystemClock())
    assert found == set()
    assert "too slow" in report.gave_up


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:9/api/v2/studies/NCT00000002?x",
        "https://evil.example/",
        "file:///etc/passwd",
        "/api/v2/studies/NCT00000900",
        "/api/v2/studies/../stats/size",
        "",
    ],
)
def test_a_redirect_leads_nowhere_else(open_on: Open, world: World, location: str) -> None:
    """A study is asked alone only after its batch failed; a redirect is never followed off the host or in a circle."""
    world.studies[nct(2)] = {**world.studies[nct(2)], "hasResults": False}
    faults = [
        Fault("ctgov", "status", status=400, match=f"{BATCH}={nct(900)}&", times=9),
        Fault("ctgov", "redirect", status=301, match="/studies/NCT", times=99, headers={"Location": location}),
    ]
    server = StandIn(world, faults)
    with server, open_on(server, policy=POLICY) as fetcher:
        fetcher.prefetch({"ctgov": [nct(900)]})
        found = fetcher.read("ctgov", [nct(900)])[nct(900)]
    assert isinstance(found, NotHeld)
    assert server.count() <= 5
    assert all(seen.target.startswith(("/version", "/studies")) for seen in server.requests)


@pytest.mark.parametrize("location", ["http://[::1", "http://h:99999999/", "javascript:1", "//", "\x01"])
def test_a_redirect_to_what_is_no_address_passes_as_any_other(open_on: Open, world: World, location: str) -> None:
    """The HTTP library reads the address even where it is not to follow it. What it stumbled over was taken for an
    address of our own that cannot be used, and the source was given up for the whole run."""
    fault = Fault("ctgov", "redirect", status=302, match=BATCH, headers={"Location": location})
    found, _, report = found_after(open_on, world, fault)
    assert (found, report.gave_up) == (set(STUDIES), None)


def test_an_alias_asked_alone_is_redirected_and_keeps_its_fields(open_on: Open, world: World) -> None:
    faults = [Fault("ctgov", "status", status=400, match=f"{BATCH}={nct(900)}&", times=9)]
    server = StandIn(world, faults)
    with server, open_on(server, policy=POLICY) as fetcher:
        fetcher.prefetch({"ctgov": [nct(900)]})
        found = fetcher.read("ctgov", [nct(900)])[nct(900)]
    assert isinstance(found, Held)
    assert found.snapshot.id == nct(1)
    assert all("fields=" in seen.target for seen in server.requests[1:])


def test_a_foreign_study_in_a_batch_is_passed_over(open_on: Open, world: World) -> None:
    foreign = adding(study(nct(77)))
    found, server, report = found_after(open_on, world, Fault("ctgov", "edit", match=BATCH, edit=foreign))
    assert (found, report.fetched, report.unavailable) == (set(STUDIES), 5, 0)
    with open_on(server, offline=True) as fetcher:
        assert isinstance(fetcher.read("ctgov", [nct(77)])[nct(77)], NotHeld)


def test_a_concept_under_another_code_is_neither_taken_for_the_one_asked_nor_for_its_absence(
    open_on: Open, world: World
) -> None:
    other = json.dumps([concept("C2")]).encode()
    server = StandIn(world, [Fault("evs", "body", match="list=C1&", times=9, body=other)])
    with server, open_on(server, policy=POLICY) as fetcher:
        fetcher.prefetch({"ncit": ["C1"]})
        found = fetcher.read("ncit", ["C1"])["C1"]
    assert isinstance(found, Held)
    assert json.loads(found.snapshot.body)["code"] == "C1"


def test_an_id_left_out_of_a_whole_answer_is_absent(open_on: Open, world: World) -> None:
    fault = Fault("ctgov", "edit", match=BATCH, edit=dropping(nct(4)))
    found, _, report = found_after(open_on, world, fault)
    assert found == set(STUDIES) - {nct(4)}
    assert report.fetched == 5


@pytest.mark.parametrize("token", ["always the same", None])
def test_pages_that_never_end_are_ended(open_on: Open, world: World, token: str | None) -> None:
    count = iter(range(10**6))

    def edit(_body: bytes) -> bytes:
        return json.dumps({"studies": [], "nextPageToken": token or f"t{next(count)}"}).encode()

    found, server, report = found_after(open_on, world, Fault("ctgov", "edit", match=BATCH, edit=edit, times=10**6))
    assert server.count() < 120
    asked_alone = POLICY.silent_after  # so many, and then a source whose lists never end is given up
    assert found == (set(STUDIES[:asked_alone]) if token else set())
    assert report.fetched + report.unavailable == len(STUDIES)  # and none of them absent


MANY = {"ctgov": [nct(n) for n in range(1, 21)], "evs": [f"C{n}" for n in range(1, 21)]}
NOTHING = {"ctgov": b'{"studies": []}', "evs": b"[]"}


@pytest.mark.parametrize("service", ["ctgov", "evs"])
@pytest.mark.parametrize(("times", "kept"), [(1, True), (99, False)])
def test_a_list_of_nothing_makes_nobody_absent(
    open_on: Open, tmp_path: Path, service: Literal["ctgov", "evs"], times: int, *, kept: bool
) -> None:
    """A service that answers an empty list where it should have failed: all studies of a table would be gone."""
    world = World(
        studies={id_: study(id_) for id_ in MANY["ctgov"]}, concepts={code: concept(code) for code in MANY["evs"]}
    )
    source: Source = "ncit" if service == "evs" else "ctgov"
    match = "list=" if service == "evs" else BATCH
    server = StandIn(world, [Fault(service, "edit", match=match, times=times, edit=lambda _: NOTHING[service])])
    with server, open_on(server, policy=POLICY, cache_dir=tmp_path / "c") as fetcher:
        report = fetcher.prefetch({source: MANY[service]}).sources[source]
        found = fetcher.read(source, MANY[service]).values()
    assert all(isinstance(lookup, Held if kept else NotHeld) for lookup in found)
    assert (report.gave_up is None) == kept
    assert server.faults[0].times == (0 if kept else 96)
    assert kept or "left 20 of 20 ids out" in str(report.gave_up)


@pytest.mark.parametrize("service", ["ctgov", "evs"])
@pytest.mark.parametrize("times", [1, 99])
@pytest.mark.parametrize("size", [1, 2, 6])
def test_a_short_list_of_nothing_makes_nobody_absent(
    open_on: Open, service: Literal["ctgov", "evs"], times: int, size: int
) -> None:
    ids, source = MANY[service][:size], "ncit" if service == "evs" else "ctgov"
    world = World(studies={id_: study(id_) for id_ in MANY["ctgov"]}, concepts={c: concept(c) for c in MANY["evs"]})
    match = "list=" if service == "evs" else BATCH
    server = StandIn(world, [Fault(service, "edit", match=match, times=times, edit=lambda _: NOTHING[service])])
    with server, open_on(server, policy=POLICY) as fetcher:
        fetcher.prefetch({source: ids})
        assert all(isinstance(lookup, Held) for lookup in fetcher.read(source, ids).values())


@pytest.mark.parametrize("service", ["ctgov", "evs"])
@pytest.mark.parametrize("alone", [Fault("ctgov", "html"), Fault("ctgov", "body", body=b"{}"), Fault("ctgov", "bomb")])
def test_a_list_of_nothing_is_not_believed_where_no_id_alone_gets_an_answer(
    open_on: Open, service: Literal["ctgov", "evs"], alone: Fault
) -> None:
    """The list was cut into halves until they were short enough to be believed."""
    world = World()
    source: Source = "ncit" if service == "evs" else "ctgov"
    lists = Fault(
        service, "edit", match="list=" if service == "evs" else BATCH, times=999, edit=lambda _: NOTHING[service]
    )
    probe = Fault(service, match="version" if service == "ctgov" else "terminologies", world=lambda: None)
    server = StandIn(world, [probe, lists, replace(alone, service=service, times=999)])
    with server, open_on(server, policy=POLICY) as fetcher:
        report = fetcher.prefetch({source: MANY[service]}).sources[source]
        found = fetcher.read(source, MANY[service]).values()
    assert all(isinstance(lookup, NotHeld) for lookup in found)
    assert "left 20 of 20 ids out, and" in str(report.gave_up)


def test_a_list_of_nothing_is_not_believed_for_one_wrong_id_at_its_head(open_on: Open) -> None:
    world = World(studies={id_: study(id_) for id_ in MANY["ctgov"][1:]})
    server = StandIn(world, [Fault("ctgov", "edit", match=BATCH, times=99, edit=lambda _: NOTHING["ctgov"])])
    with server, open_on(server, policy=POLICY) as fetcher:
        fetcher.prefetch({"ctgov": MANY["ctgov"]})
        assert not any(isinstance(held, KnownAbsent) for held in fetcher.read("ctgov", MANY["ctgov"]).values())


@pytest.mark.parametrize("service", ["ctgov", "evs"])
@pytest.mark.parametrize(("times", "kept"), [(1, True), (99, False)])
def test_a_list_cut_short_makes_nobody_absent(
    open_on: Open, service: Literal["ctgov", "evs"], times: int, *, kept: bool
) -> None:
    """The first rows of a whole answer, as from something in between that counts them: the rest is not gone."""
    ids, source = MANY[service], "ncit" if service == "evs" else "ctgov"
    world = World(studies={id_: study(id_) for id_ in MANY["ctgov"]}, concepts={c: concept(c) for c in MANY["evs"]})
    lost = dropping(*(f'"{id_}"' for id_ in ids[8:]))
    short = Fault(service, "edit", match=f"{ids[-2]},", times=times, edit=lost)
    with StandIn(world, [short]) as server, open_on(server, policy=POLICY) as fetcher:
        report = fetcher.prefetch({source: ids}).sources[source]
        found = fetcher.read(source, ids).values()
    assert all(isinstance(lookup, Held if kept else NotHeld) for lookup in found)
    assert kept or "left 12 of 20 ids out" in str(report.gave_up)


@pytest.mark.parametrize("service", ["ctgov", "evs"])
@pytest.mark.parametrize(("times", "lost", "stale"), [(1, 3, False), (99, 3, False), (99, 12, True)])
def test_a_list_without_some_ids_that_are_held_replaces_no_copy(
    open_on: Open, service: Literal["ctgov", "evs"], times: int, lost: int, *, stale: bool
) -> None:
    """As a search server does of which a part is down: under a release of NCIt the absence would stand for a month.

    A few that are left out for ever are asked for alone each time; of many the source is given up.
    """
    ids, source = MANY[service], "ncit" if service == "evs" else "ctgov"
    world = World(studies={id_: study(id_) for id_ in MANY["ctgov"]}, concepts={c: concept(c) for c in MANY["evs"]})
    server = StandIn(world)
    with server, open_on(server, policy=POLICY) as fetcher:
        fetcher.prefetch({source: ids})
    world.timestamp, world.release = "2026-11-21T09:00:04", "26.11a"
    missing = [f'"{id_}"' for id_ in ids[2 : 2 + lost]]
    lossy = Fault(service, "edit", match=f"{ids[-2]},", times=times, edit=dropping(*missing))
    with StandIn(world, [lossy]) as server, open_on(server, policy=POLICY) as fetcher:
        report = fetcher.prefetch({source: ids}).sources[source]
        found = fetcher.read(source, ids).values()
    assert all(isinstance(lookup, Held) and lookup.stale is stale for lookup in found)
    assert (report.gave_up is not None) == stale
    assert not stale or f"left {lost} of 20 ids out" in str(report.gave_up)
    assert lossy.times < times


def test_a_study_that_is_gone_costs_one_more_question(open_on: Open, world: World) -> None:
    server = StandIn(world)
    with server, open_on(server, policy=POLICY) as fetcher:
        fetcher.prefetch({"ctgov": STUDIES})
    world.timestamp = "2026-11-21T09:00:04"
    del world.studies[nct(4)]
    with StandIn(world) as server, open_on(server, policy=POLICY) as fetcher:
        assert fetcher.prefetch({"ctgov": STUDIES}).sources["ctgov"].requests == 3
        assert isinstance(fetcher.read("ctgov", [nct(4)])[nct(4)], KnownAbsent)


def test_many_ids_that_are_not_there_are_absent_after_two_more_questions(open_on: Open, world: World) -> None:
    wrong = [nct(n) for n in range(501, 531)]
    server = StandIn(world)
    with server, open_on(server, policy=POLICY) as fetcher:
        assert fetcher.prefetch({"ctgov": wrong}).sources["ctgov"].requests == 4
        assert all(isinstance(lookup, KnownAbsent) for lookup in fetcher.read("ctgov", wrong).values())


def test_pages_are_followed(open_on: Open, world: World) -> None:
    """Two studies a page, whatever was asked for."""
    server = StandIn(world)
    with server, open_on(server, policy=POLICY) as fetcher:
        run = fetcher._runs["ctgov"]
        cut = run.source.batches

        def two_a_page(*args: Any, **options: Any) -> Any:
            return [replace(r, target=r.target.replace("pageSize=200", "pageSize=2")) for r in cut(*args, **options)]

        run.source.batches = two_a_page
        fetcher.prefetch({"ctgov": STUDIES})
        assert all(isinstance(lookup, Held) for lookup in fetcher.read("ctgov", STUDIES).values())
    assert server.count() == 1 + 3
