"""Answers that are whole and yet not what was asked for, and clocks that do not go as clocks do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from standin import Fault, StandIn, World, concept, nct, study
from standin.faults import repeating
from trialweave.clock import ManualClock
from trialweave.fetch import Fetcher, Policy
from trialweave.sources.base import Held, KnownAbsent, NotHeld

Open = Callable[..., Fetcher]
STUDIES = [nct(n) for n in range(1, 6)]
CODES = [f"C{n}" for n in range(1, 5)]
BATCH = "filter.ids"
POLICY = Policy(max_bytes=1 << 20)


# ---------------------------------------------------------------- identity


@pytest.mark.parametrize("redirected", [False, True])
def test_a_study_under_another_id_is_never_taken_for_the_one_asked(
    open_on: Open, world: World, redirected: bool
) -> None:
    """Its batch failed, it is asked alone, and what comes is another study, well formed."""
    other = json.dumps(study(nct(2))).encode()
    faults = [
        Fault("ctgov", "status", status=400, match=BATCH, times=99),
        Fault("ctgov", "body", match=f"/studies/{nct(7)}", times=99, body=other),
    ]
    if redirected:
        to = {"Location": f"/api/v2/studies/{nct(2)}"}
        faults[1] = Fault("ctgov", "redirect", status=301, match=f"/studies/{nct(7)}", times=99, headers=to)
    server = StandIn(world, faults)
    with server, open_on(server, policy=POLICY) as fetcher:
        report = fetcher.prefetch({"ctgov": [nct(7)]})
        found = fetcher.read("ctgov", [nct(7), nct(2)])
    assert isinstance(found[nct(7)], NotHeld)
    assert isinstance(found[nct(2)], NotHeld)
    assert report.sources["ctgov"].unavailable == 1


def test_a_payload_that_cannot_be_read_is_not_kept(open_on: Open, world: World) -> None:
    """The service mends it under the version that it told before."""
    good_study, good_concept = world.studies[nct(1)], world.concepts["C1"]
    world.studies[nct(1)] = study(nct(1))
    world.studies[nct(1)]["protocolSection"]["statusModule"]["overallStatus"] = []
    world.concepts["C1"] = concept("C1") | {"synonyms": "none"}
    wanted = {"ctgov": [nct(1), nct(2)], "ncit": ["C1", "C2"]}
    with StandIn(world) as server:
        with open_on(server, policy=POLICY) as fetcher:
            report = fetcher.prefetch(wanted)
            bad = [fetcher.read("ctgov", [nct(1)])[nct(1)], fetcher.read("ncit", ["C1"])["C1"]]
        in_study, in_concept = [lookup.reason for lookup in bad if isinstance(lookup, NotHeld)]
        assert in_study.startswith(
            "this is not a ClinicalTrials.gov study: /protocolSection/statusModule/overallStatus"
        )
        assert in_concept == "this is not an NCI Thesaurus concept: /synonyms: Input should be a valid array"
        assert report.sources["ctgov"].unavailable == report.sources["ncit"].unavailable == 1
        world.studies[nct(1)], world.concepts["C1"] = good_study, good_concept
        with open_on(server, policy=POLICY) as fetcher:
            fetcher.prefetch(wanted)
            assert isinstance(fetcher.read("ctgov", [nct(1)])[nct(1)], Held)
            assert isinstance(fetcher.read("ncit", ["C1"])["C1"], Held)


def test_studies_and_concepts_given_three_times_are_taken_once(open_on: Open, world: World) -> None:
    faults = [
        Fault("ctgov", "edit", match=BATCH, edit=repeating()),
        Fault("evs", "edit", match="list=", edit=repeating()),
    ]
    server = StandIn(world, faults)
    with server, open_on(server, policy=POLICY) as fetcher:
        report = fetcher.prefetch({"ctgov": STUDIES, "ncit": CODES})
        assert all(isinstance(lookup, Held) for lookup in fetcher.read("ctgov", STUDIES).values())
        assert all(isinstance(lookup, Held) for lookup in fetcher.read("ncit", CODES).values())
    assert (report.sources["ctgov"].fetched, report.sources["ncit"].fetched) == (5, 4)


def test_of_two_that_differ_under_one_id_the_first_is_taken(open_on: Open, world: World) -> None:
    body = json.dumps({"studies": [study(nct(1), title="first"), study(nct(1), title="second")]}).encode()
    server = StandIn(world, [Fault("ctgov", "body", match=BATCH, body=body)])
    with server, open_on(server, policy=POLICY) as fetcher:
        fetcher.prefetch({"ctgov": [nct(1)]})
        found = fetcher.read("ctgov", [nct(1)])[nct(1)]
    assert isinstance(found, Held)
    assert b"first" in found.snapshot.body


def test_a_study_that_claims_the_aliases_of_all_is_none_of_those_that_answer_themselves(
    open_on: Open, world: World
) -> None:
    greedy = study(nct(1), aliases=tuple(STUDIES[1:]))
    body = json.dumps({"studies": [greedy, *(study(id_) for id_ in STUDIES[1:])]}).encode()
    server = StandIn(world, [Fault("ctgov", "body", match=BATCH, body=body)])
    with server, open_on(server, policy=POLICY) as fetcher:
        fetcher.prefetch({"ctgov": STUDIES})
        found = fetcher.read("ctgov", STUDIES)
    assert [lookup.snapshot.id for lookup in found.values() if isinstance(lookup, Held)] == STUDIES


def test_a_concept_among_others_of_another_release_starts_the_source_over(open_on: Open, world: World) -> None:
    mixed = json.dumps([{**concept("C1"), "version": "26.11a"}, {**concept("C2"), "version": "26.10d"}]).encode()
    server = StandIn(world, [Fault("evs", "body", match="list=", body=mixed)])
    with server, open_on(server, policy=POLICY) as fetcher:
        told = fetcher.prefetch({"ncit": ["C1", "C2"]}).sources["ncit"]
    assert (told.fetched, told.version) == (2, "26.10d")
    assert told.signals == ("the release changed during the run; everything was asked for again under 26.10d",)


@dataclass
class Endless(World):
    """Every concept is retired in favour of so many new ones. It runs dry at last, so that a test that fails ends."""

    each: int = 1
    told: int = 0

    def concept(self, code: str, release: str) -> bytes | None:
        self.told += 1
        return None if self.told > 5_000 else json.dumps({**concept(code, retired=True), "version": release}).encode()

    def replacements(self, code: str) -> bytes | None:
        first = int(code[1:]) * self.each
        rows = [{"code": code, "action": "retire", "replacementCode": f"C{first + n + 1}"} for n in range(self.each)]
        return json.dumps(rows).encode()


@pytest.mark.parametrize(("each", "most"), [(1, 11), (2, 1_100), (300, 1_100)])
def test_replacements_without_end_are_followed_for_a_while(open_on: Open, each: int, most: int) -> None:
    """A run asked for one new concept after the other, for ever."""
    world = Endless(each=each)
    with StandIn(world) as server, open_on(server) as fetcher:
        told = fetcher.prefetch({"ncit": ["C1"]}).sources["ncit"]
        found = fetcher.read("ncit", ["C1"])["C1"]
        assert server.count() < 60
    assert isinstance(found, Held)
    assert 0 < world.told <= most
    assert told.gave_up is None
    assert any("replacements of retired concepts" in signal for signal in told.signals)


# ---------------------------------------------------------------- clocks


@dataclass(slots=True)
class Jumping(ManualClock):
    """A clock of the wall that is set anew each time somebody looks at it: a year ahead, a year back, and so on."""

    looks: int = 0

    def now(self) -> datetime:
        self.looks += 1
        return self.at + timedelta(days=365 * (1 if self.looks % 2 else -1), seconds=self.elapsed)


def test_a_clock_that_jumps_loses_nothing_and_asks_nothing_twice(
    open_on: Open, world: World, clock: ManualClock
) -> None:
    jumping = Jumping(clock.at)
    fault = Fault("ctgov", "status", status=503, match=BATCH, headers={"Retry-After": "7"})
    server = StandIn(world, [fault])
    with server:
        with open_on(server, policy=POLICY, clock=jumping) as fetcher:
            report = fetcher.prefetch({"ctgov": STUDIES})
            assert (report.sources["ctgov"].fetched, report.sources["ctgov"].requests) == (5, 3)
        assert jumping.sleeps == [7.5]
        server.forget()
        with open_on(server, policy=POLICY, clock=jumping) as fetcher:
            assert fetcher.prefetch({"ctgov": STUDIES}).sources["ctgov"].fresh == 5
        assert server.count() == 1


def test_an_absence_noted_under_a_clock_far_ahead_is_not_believed_for_a_year(
    open_on: Open, world: World, clock: ManualClock
) -> None:
    """Without a version an absence lives a day; one from the future would live until then."""
    silent = Fault("ctgov", "body", match="/version", times=99, body=b'{"apiVersion": "2.0.5"}')
    server = StandIn(world, [silent])
    with server:
        ahead = ManualClock(clock.at + timedelta(days=365))
        with open_on(server, policy=POLICY, clock=ahead) as fetcher:
            fetcher.prefetch({"ctgov": [nct(77)]})
            assert isinstance(fetcher.read("ctgov", [nct(77)])[nct(77)], KnownAbsent)
        world.studies[nct(77)] = study(nct(77))
        with open_on(server, policy=POLICY, clock=clock) as fetcher:
            fetcher.prefetch({"ctgov": [nct(77)]})
            assert isinstance(fetcher.read("ctgov", [nct(77)])[nct(77)], Held)


def test_a_machine_that_slept_in_the_middle_of_an_answer_asks_again(
    open_on: Open, world: World, clock: ManualClock
) -> None:
    def sleep() -> None:
        clock.elapsed += 3600

    server = StandIn(world, [Fault("ctgov", match=BATCH, world=sleep)])
    with server, open_on(server, policy=POLICY) as fetcher:
        told = fetcher.prefetch({"ctgov": STUDIES}).sources["ctgov"]
    assert (told.fetched, told.gave_up) == (5, None)
    assert [seen.target.count("NCT") for seen in server.requests] == [0, 5, 3, 2]  # too slow: tried in smaller parts


def test_a_moment_of_the_pace_from_before_a_restart_is_not_waited_for(
    open_on: Open, world: World, clock: ManualClock
) -> None:
    """The monotonic clock starts anew with the machine; the promised moment in the file is then days ahead."""
    with StandIn(world) as server:
        for elapsed in (500_000.0, 10.0):
            clock.elapsed = elapsed
            clock.sleeps.clear()
            with open_on(server, policy=POLICY, rates={"ctgov": 1.0, "ncit": 1.0}) as fetcher:
                fetcher.prefetch({"ctgov": STUDIES})
    assert sum(clock.sleeps) < 5
