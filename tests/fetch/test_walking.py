"""Walking through the registry page by page, where that takes fewer requests than asking by id."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from standin import Fault, StandIn, World, nct, study
from trialweave.clock import ManualClock
from trialweave.fetch import Fetcher, FetchReport, Services, open_live
from trialweave.sources.base import Held, KnownAbsent, Lookup, Request, Response
from trialweave.sources.ctgov import CtgovSource
from trialweave.sources.ctgov_requests import MOST_PAGES, PAGE, REGISTRY

HELD = 2_300
ALIAS = nct(9_001)
UNKNOWN = nct(9_002)
LATE = nct(7)
WANTED = [*(nct(n) for n in range(1, 1_200, 2)), ALIAS, UNKNOWN]
WALKED = "/studies?pageSize="


@pytest.fixture
def registry() -> World:
    studies = {nct(n): study(nct(n), aliases=(ALIAS,) if n == 2 else ()) for n in range(1, HELD + 1)}
    return World(studies=studies, concepts={}, rows={})


def opened(server: StandIn, tmp_path: Path, clock: ManualClock) -> Fetcher:
    return open_live(
        [CtgovSource(registry=2_000)],
        Services(server.addresses, {"ctgov": 0.0}, clock, tmp_path / "pace"),
        cache_dir=tmp_path / "cache",
    )


def ask(server: StandIn, tmp_path: Path, clock: ManualClock) -> tuple[FetchReport, dict[str, Lookup]]:
    with server, opened(server, tmp_path, clock) as fetcher:
        return fetcher.prefetch({"ctgov": WANTED}), fetcher.read("ctgov", WANTED)


def ways_used(server: StandIn) -> Counter[str]:
    targets = [seen.target for seen in server.requests]
    return Counter("walk" if WALKED in t else "batch" if "filter.ids" in t else "other" for t in targets)


def assert_right(found: dict[str, Lookup]) -> None:
    for id_, lookup in found.items():
        if id_ == UNKNOWN:
            assert isinstance(lookup, KnownAbsent)
            continue
        assert isinstance(lookup, Held), id_
        body = json.loads(lookup.snapshot.body)
        own = nct(2) if id_ == ALIAS else id_
        assert body["protocolSection"]["identificationModule"]["nctId"] == own == lookup.snapshot.id


# ---------------------------------------------------------------- which way


def test_walking_begins_where_it_takes_fewer_requests() -> None:
    ids = [nct(n) for n in range(1, 121_202)]
    assert {request.purpose for request in CtgovSource().batches(ids[:-1], None)} == {"batch"}
    (first,) = CtgovSource().batches(ids, None)
    assert (first.purpose, first.pages) == ("walk", REGISTRY // PAGE)
    assert first.ids == tuple(ids)
    assert len(CtgovSource().batches(ids, None, by_id=True)) == 607
    assert len(CtgovSource().batches(ids, None, whole=True)) == 607


def test_a_walk_that_never_ends_is_left(registry: World) -> None:
    """Always another page, and never one that was there before."""
    source = CtgovSource(registry=2_000)
    (request,) = source.batches(WANTED, None)
    pages = 0
    while request.purpose == "walk":
        page = json.dumps({"studies": [], "nextPageToken": f"p{pages}"}).encode()
        answer = source.read(request, Response(200, "application/json", page), None)
        request, pages = answer.more[0], pages + 1
    assert pages == MOST_PAGES + 1
    assert sorted(id_ for asked in answer.more for id_ in asked.ids) == sorted(WANTED)


# ---------------------------------------------------------------- on the loopback


def test_walking_finds_what_asking_by_id_finds(registry: World, tmp_path: Path, clock: ManualClock) -> None:
    server = StandIn(registry)
    report, found = ask(server, tmp_path, clock)
    assert_right(found)
    assert ways_used(server) == {"walk": 3, "batch": 1, "other": 3}, (
        "three pages, the unknown id, also alone, two probes"
    )
    assert report.sources["ctgov"].fetched == len(WANTED)


def test_the_plan_counts_pages(registry: World, tmp_path: Path, clock: ManualClock) -> None:
    server = StandIn(registry)
    with server, opened(server, tmp_path, clock) as fetcher:
        plan = fetcher.plan({"ctgov": WANTED}).sources["ctgov"]
    assert plan.requests == 3, "the probe and two pages, by the number of studies that was told"
    assert plan.size == 2 * PAGE * 7_000


def without_late(body: bytes) -> bytes:
    page = json.loads(body)
    kept = [s for s in page["studies"] if s["protocolSection"]["identificationModule"]["nctId"] != LATE]
    return json.dumps({**page, "studies": kept}).encode()


def test_a_study_that_no_page_shows_is_asked_for_by_id(registry: World, tmp_path: Path, clock: ManualClock) -> None:
    server = StandIn(registry, [Fault("ctgov", "edit", match=WALKED, times=9, edit=without_late)])
    _, found = ask(server, tmp_path, clock)
    assert_right(found)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("ctgov", "status", match="pageToken", status=500, times=99),
        Fault("ctgov", "status", match="pageToken", status=414, times=99),
        Fault("ctgov", "reset", match="pageToken", times=99),
        Fault("ctgov", "html", match="pageToken", times=99),
        Fault("ctgov", "body", match=WALKED, after=1, times=99, body=b'{"studies":[{}]}'),
    ],
    ids=["500", "414", "reset", "html", "a row that is no study"],
)
def test_a_walk_that_breaks_off_goes_on_by_id(
    registry: World, tmp_path: Path, clock: ManualClock, fault: Fault
) -> None:
    server = StandIn(registry, [fault])
    _, found = ask(server, tmp_path, clock)
    assert_right(found)
    # The first page had the studies from 1,301 up: all that is wanted is left, in three listings or four.
    used = ways_used(server)
    assert 3 <= used["batch"] <= 5
    assert sum(WALKED in seen.target and "pageToken" not in seen.target for seen in server.requests) == 1


def test_each_page_is_allowed(registry: World) -> None:
    """Later pages repeat the parameters of the first one; nothing else binds a token to its listing."""
    source = CtgovSource(registry=2_000)
    (first,) = source.batches(WANTED, None)
    page = json.dumps({"studies": list(registry.studies.values())[:1], "nextPageToken": "a b"}).encode()
    (second,) = source.read(first, Response(200, "application/json", page), None).more
    assert isinstance(second, Request)
    assert second.target == first.target + "&pageToken=a%20b"
    assert second.pages == 1
    assert nct(1) not in second.ids
