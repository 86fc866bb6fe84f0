"""Nights against the stand-in: what they cost, what each id comes to, and what a reader is told."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from urllib3.connection import HTTPConnection

from standin import Fault, StandIn, World, concept, nct, study
from trialweave.clock import ManualClock
from trialweave.core.models import Source as SourceName
from trialweave.fetch import Fetcher
from trialweave.sources.base import Held, KnownAbsent, Lookup, NotHeld

Open = Callable[..., Fetcher]
Wanted = Mapping[SourceName, Collection[str]]

STUDIES = [nct(n) for n in range(1, 6)]
CONCEPTS = [f"C{n}" for n in range(1, 6)]
WANTED: Wanted = {"ctgov": [*STUDIES, nct(900), nct(999)], "ncit": [*CONCEPTS, "C999"]}


def lookups(fetcher: Fetcher, wanted: Wanted = WANTED) -> dict[str, Lookup]:
    return {id_: found for name, ids in wanted.items() for id_, found in fetcher.read(name, sorted(ids)).items()}


def held(found: Lookup) -> Held:
    assert isinstance(found, Held)
    return found


def test_a_first_night_settles_every_id(world: World, open_on: Open) -> None:
    with StandIn(world) as server, open_on(server) as fetcher:
        report = fetcher.prefetch(WANTED)
        found = lookups(fetcher)
    assert {id_ for id_, lookup in found.items() if isinstance(lookup, KnownAbsent)} == {
        nct(999),
        "C999",
    }
    assert all(isinstance(found[id_], Held) for id_ in found.keys() - {nct(999), "C999"})
    assert held(found[nct(900)]).snapshot == held(found[nct(1)]).snapshot
    assert held(found["C1"]).snapshot.source_version == "26.10d"
    assert held(found["C1"]).snapshot.fetched_at == "2026-11-21T02:00:00Z"
    assert not report.gave_up
    assert {name: (told.version, told.requests) for name, told in report.sources.items()} == {
        "ctgov": ("2026-11-20T09:00:04", 2),
        "ncit": ("26.10d", 4),
    }


def test_what_a_retired_concept_needs_is_fetched_too(world: World, open_on: Open) -> None:
    with StandIn(world) as server, open_on(server) as fetcher:
        fetcher.prefetch({"ncit": ["C5"]})
        found = fetcher.read("ncit", ["C5.replacements", "C6", "C1"])
        assert isinstance(found["C5.replacements"], Held)
        assert isinstance(found["C6"], Held)
        assert found["C1"] == NotHeld("nothing is held for it, and nobody asked for it in this run")
        assert server.count() == 4


def test_a_quiet_night_costs_one_probe_for_each_source(world: World, open_on: Open, clock: ManualClock) -> None:
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            fetcher.prefetch(WANTED)
            first = lookups(fetcher)
        server.forget()
        clock.elapsed += 400 * 86_400
        with open_on(server) as fetcher:
            report = fetcher.prefetch(WANTED)
            again = lookups(fetcher)
            fetcher.prefetch(WANTED)
        assert again == first
        assert [seen.target.partition("?")[0] for seen in server.requests] in (
            ["/version", "/metadata/terminologies"],
            ["/metadata/terminologies", "/version"],
        )
    assert {name: (told.fresh, told.fetched) for name, told in report.sources.items()} == {
        "ctgov": (7, 0),
        "ncit": (8, 0),
    }


def test_a_thousand_records_cost_six_and_three_requests_at_most(open_on: Open) -> None:
    world = World(
        studies={nct(n): study(nct(n)) for n in range(1, 401)},
        concepts={f"C{n}": concept(f"C{n}") for n in range(1, 301)},
    )
    wanted: Wanted = {"ctgov": list(world.studies), "ncit": list(world.concepts)}
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            fetcher.prefetch(wanted)
            cold = lookups(fetcher, wanted)
        assert server.count("ctgov") <= 6
        assert server.count("evs") <= 3
        server.forget()
        with open_on(server) as fetcher:
            fetcher.prefetch(wanted)
            assert lookups(fetcher, wanted) == cold
        assert server.count() == 2
    assert all(isinstance(found, Held) for found in cold.values())


STUDIES_AND_ALIAS = [nct(1), nct(2), nct(3), nct(900)]


def test_unchanged_content_keeps_the_version_it_was_first_stored_under(
    world: World, open_on: Open, clock: ManualClock
) -> None:
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            fetcher.prefetch(WANTED)
            before, states = lookups(fetcher), fetcher.states("ctgov", STUDIES_AND_ALIAS)
        clock.elapsed += 3 * 86_400
        world.timestamp = "2026-11-23T09:00:01"
        world.studies[nct(2)]["protocolSection"]["statusModule"]["overallStatus"] = "COMPLETED"
        world.studies[nct(999)] = study(nct(999))
        del world.studies[nct(3)]
        with open_on(server) as fetcher:
            fetcher.prefetch(WANTED)
            after = lookups(fetcher)
            states_now = fetcher.states("ctgov", STUDIES_AND_ALIAS)
    changed = {id_ for id_ in after if after[id_] != before[id_]}
    assert changed == {nct(2), nct(3), nct(999)}
    assert held(after[nct(2)]).snapshot.source_version == "2026-11-23T09:00:01"
    assert held(after[nct(2)]).snapshot.fetched_at == "2026-11-24T02:00:00Z"
    assert after[nct(3)] == KnownAbsent("2026-11-23T09:00:01", "2026-11-24T02:00:00Z")
    assert held(after[nct(1)]).snapshot.source_version == "2026-11-20T09:00:04"
    assert {id_ for id_ in STUDIES_AND_ALIAS if states[id_] != states_now[id_]} == changed & set(STUDIES_AND_ALIAS)


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(world: World, open_on: Open) -> None:
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            fetcher.prefetch({"ctgov": STUDIES[:3]})
        server.forget()
        with open_on(server) as fetcher:
            fetcher.prefetch({"ctgov": STUDIES})
        asked = [seen.target for seen in server.requests if "filter.ids" in seen.target]
    assert len(asked) == 1
    assert all((id_ in asked[0]) is (id_ in STUDIES[3:]) for id_ in STUDIES)


def test_an_outage_is_bridged_by_what_is_held_and_says_so(world: World, open_on: Open) -> None:
    with StandIn(world) as server, open_on(server) as fetcher:
        fetcher.prefetch(WANTED)
        before = lookups(fetcher)
    with open_on(server) as fetcher:
        report = fetcher.prefetch({**WANTED, "ctgov": [*WANTED["ctgov"], nct(7)]})
        found = lookups(fetcher)
        new = fetcher.read("ctgov", [nct(7)])[nct(7)]
    assert report.gave_up
    told = report.sources["ctgov"]
    assert (told.version, told.fresh, told.stale, told.unavailable) == (None, 1, 6, 1)
    assert told.stale_versions == {"2026-11-20T09:00:04": 6}
    assert report.sources["ncit"].stale_versions == {"26.10d": report.sources["ncit"].stale}
    assert told.gave_up == "127.0.0.1 could not be reached, when asked for the version of its data"
    assert new == NotHeld(told.gave_up)
    assert {id_ for id_, lookup in found.items() if isinstance(lookup, KnownAbsent) and not lookup.stale} == {
        nct(999),
        "C999",
    }
    assert all(held(found[id_]).stale for id_ in (*STUDIES, *CONCEPTS, nct(900)))
    assert {id_: held(found[id_]).snapshot for id_ in STUDIES} == {id_: held(before[id_]).snapshot for id_ in STUDIES}


def test_the_morning_after_an_outage_is_an_ordinary_one(world: World, open_on: Open) -> None:
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            fetcher.prefetch(WANTED)
            before = lookups(fetcher)
        server.faults = [Fault("ctgov", "status", times=99), Fault("evs", "status", times=99)]
        with open_on(server) as fetcher:
            assert fetcher.prefetch(WANTED).gave_up
        server.faults = []
        with open_on(server) as fetcher:
            assert not fetcher.prefetch(WANTED).gave_up
            assert lookups(fetcher) == before


def test_what_stands_in_brings_what_it_needs(world: World, open_on: Open) -> None:
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            fetcher.prefetch({"ncit": ["C5"]})
        world.release, world.older = "26.11e", ("26.10d",)
        server.faults = [Fault("evs", "status", match="list=C5&", times=5)]
        with open_on(server) as fetcher:
            report = fetcher.prefetch({"ncit": ["C5"]})
            found = fetcher.read("ncit", ["C5", "C5.replacements", "C6"])
    assert {id_: held(lookup).stale for id_, lookup in found.items()} == {
        "C5": True,
        "C5.replacements": False,
        "C6": False,
    }
    told = report.sources["ncit"]
    assert told.gave_up == "1 id got no answer: 127.0.0.1 answered 503"
    assert (told.version, told.stale, told.stale_versions) == ("26.11e", 1, {"26.10d": 1})


def test_a_killed_night_is_resumed_without_asking_twice(open_on: Open, tmp_path: Path) -> None:
    world = World(studies={nct(n): study(nct(n)) for n in range(1, 1001)})
    children: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        children[0].kill()

    fourth = Fault("ctgov", "silence", match="filter.ids", after=3, world=kill)
    with StandIn(world, [fourth]) as server:
        script = _NIGHT.format(addresses=server.addresses, cache=tmp_path / "cache", pace=tmp_path / "pace")
        children.append(subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": SOURCE}))
        assert children[0].wait(300) == -signal.SIGKILL
        before = [seen.target for seen in server.requests if "filter.ids" in seen.target]
        server.forget()
        with open_on(server) as fetcher:
            told = fetcher.prefetch({"ctgov": list(world.studies)}).sources["ctgov"]
        after = [seen.target for seen in server.requests if "filter.ids" in seen.target]
    assert len(before) == 4
    assert (told.fresh, told.fetched) == (600, 400)
    assert not ids_in(before[:3]) & ids_in(after)


SOURCE = str(Path(__file__).resolve().parents[2] / "src")
_NIGHT = """
from pathlib import Path
from trialweave.clock import SystemClock
from trialweave.fetch import Services, open_live
from trialweave.sources.ctgov import CtgovSource
from trialweave.sources.ncit import NcitSource
services = Services({addresses}, {{"ctgov": 0.0, "ncit": 0.0}}, SystemClock(), Path("{pace}"))
with open_live([CtgovSource(), NcitSource()], services, cache_dir=Path("{cache}")) as fetcher:
    fetcher.prefetch({{"ctgov": [f"NCT{{n:08}}" for n in range(1, 1001)]}})
"""


def ids_in(targets: list[str]) -> set[str]:
    return {id_ for target in targets for id_ in target.partition("filter.ids=")[2].partition("&")[0].split(",")}


def test_an_interrupt_goes_through_at_once(world: World, open_on: Open) -> None:
    def interrupted(*_step: object) -> None:
        raise KeyboardInterrupt

    with StandIn(world) as server, open_on(server) as fetcher:
        with pytest.raises(KeyboardInterrupt):
            fetcher.prefetch(WANTED, interrupted)
        for thread in threading.enumerate():
            if thread.name.startswith("fetch-"):
                thread.join(300)
        assert server.count() <= 4


@pytest.mark.parametrize("step", [1, 4])
def test_what_an_interrupt_left_open_is_asked_for_by_the_next_call(world: World, open_on: Open, step: int) -> None:
    """In a notebook: Ctrl-C, and the cell once more. Every link was unavailable then, as if nobody had asked."""
    left = iter(range(step - 1))

    def interrupted(*_step: object) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    slow = Fault("ctgov", match="filter.ids", world=lambda: time.sleep(1))
    with StandIn(world, [slow]) as server, open_on(server) as fetcher:
        with pytest.raises(KeyboardInterrupt):
            fetcher.prefetch(WANTED, interrupted)
        report = fetcher.prefetch(WANTED)
        found = lookups(fetcher)
    assert not report.gave_up
    assert {id_ for id_, lookup in found.items() if isinstance(lookup, NotHeld)} == set()
    assert {id_ for id_, lookup in found.items() if isinstance(lookup, KnownAbsent)} == {nct(999), "C999"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of the store: Python 3.13
def test_a_fetcher_that_nobody_closed_leaves_no_connection_open(world: World, open_on: Open) -> None:
    """A notebook makes one with each run of a cell; two sockets of each stayed open until the end of the process."""
    with StandIn(world) as server:
        ports = {urlsplit(address).port for address in server.addresses.values()}

        def connected() -> int:
            made = (found for found in gc.get_objects() if isinstance(found, HTTPConnection))
            return sum(connection.port in ports and connection.sock is not None for connection in made)

        fetcher = open_on(server)
        fetcher.prefetch(WANTED)
        assert connected() == 2
        del fetcher
        gc.collect()
        assert connected() == 0


def test_offline_asks_nobody(world: World, open_on: Open) -> None:
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            fetcher.prefetch(WANTED)
            before = lookups(fetcher)
        server.forget()
        with open_on(server, offline=True) as fetcher:
            report = fetcher.prefetch({**WANTED, "ctgov": [*WANTED["ctgov"], nct(7)]})
            assert lookups(fetcher) == before
            missing = fetcher.read("ctgov", [nct(7)])[nct(7)]
        assert server.count() == 0
    assert missing == NotHeld("it is not in the store, and this run is offline")
    assert not report.gave_up
    assert report.sources["ctgov"].unavailable == 1
    assert {name: (told.version, told.stale_versions) for name, told in report.sources.items()} == {
        "ctgov": ("2026-11-20T09:00:04", {}),
        "ncit": ("26.10d", {}),
    }


def test_offline_tells_the_versions_of_what_is_held_where_there_are_several(world: World, open_on: Open) -> None:
    with StandIn(world) as server:
        for wanted, version in ((STUDIES, "2026-11-20T09:00:04"), (STUDIES[:2], "2026-11-23T09:00:05")):
            world.timestamp = version
            with open_on(server) as fetcher:
                fetcher.prefetch({"ctgov": wanted})
        with open_on(server, offline=True) as fetcher:
            told = fetcher.prefetch({"ctgov": STUDIES}).sources["ctgov"]
    assert (told.version, told.stale) == (None, 0)
    assert told.stale_versions == {"2026-11-20T09:00:04": 3, "2026-11-23T09:00:05": 2}


def test_everything_that_can_happen_to_an_id_in_one_batch(world: World, open_on: Open) -> None:
    """An alias, a vanished id, a malformed one, and a release that has rolled over: nobody else is touched."""
    world.release, world.older = "26.11e", ("26.10d",)
    wanted: Wanted = {"ctgov": [*STUDIES, nct(900), nct(999), "NCT00000000"], "ncit": [*CONCEPTS, "C999"]}
    midnight = Fault("evs", None, match="/concept/", world=lambda: roll_over(world))
    with StandIn(world, [midnight]) as server, open_on(server) as fetcher:
        report = fetcher.prefetch(wanted)
        found = lookups(fetcher, wanted)
    assert {id_ for id_, lookup in found.items() if isinstance(lookup, NotHeld)} == set()
    assert {id_ for id_, lookup in found.items() if isinstance(lookup, KnownAbsent)} == {
        nct(999),
        "NCT00000000",
        "C999",
    }
    assert held(found[nct(900)]).snapshot.id == nct(1)
    assert all(held(found[id_]).snapshot.id == id_ for id_ in (*STUDIES, *CONCEPTS))
    assert {held(found[code]).snapshot.source_version for code in CONCEPTS} == {"26.12d"}
    assert report.sources["ncit"].version == "26.12d"
    assert report.sources["ncit"].signals == (
        "the release changed during the run; everything was asked for again under 26.12d",
    )
    assert not report.gave_up


def roll_over(world: World) -> None:
    world.release, world.older = "26.12d", ()


def test_a_release_that_moves_twice_is_given_up(world: World, open_on: Open) -> None:
    world.bodies_from = "26.09d"
    with StandIn(world) as server, open_on(server) as fetcher:
        report = fetcher.prefetch(WANTED)
        found = lookups(fetcher)
        assert server.count("evs") == 4
    assert "its release changed more than once" in (report.sources["ncit"].gave_up or "")
    assert all(isinstance(found[code], NotHeld) for code in CONCEPTS)
    assert all(isinstance(found[id_], Held) for id_ in STUDIES)


def test_bodies_of_another_day_are_a_signal_and_count_as_of_the_version_that_was_told(
    world: World, open_on: Open
) -> None:
    world.holders = {nct(2): "2026-11-23"}
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            report = fetcher.prefetch(WANTED)
            found = lookups(fetcher)
        (signal,) = report.sources["ctgov"].signals
        assert signal.startswith("it told version 2026-11-20T09:00:04, and answers came 4 of 2026-11-20, 1 of 2026-11-")
        assert held(found[nct(2)]).snapshot.source_version == "2026-11-20T09:00:04"
        assert not report.gave_up
        server.forget()
        with open_on(server) as fetcher:
            fetcher.prefetch(WANTED)
        assert server.count() == 2
        world.timestamp = "2026-11-23T09:00:04"
        server.forget()
        with open_on(server) as fetcher:
            fetcher.prefetch(WANTED)
        assert any(f"filter.ids={nct(1)},{nct(2)}," in seen.target for seen in server.requests)


@pytest.mark.parametrize("rows", [[], [{"terminologyVersion": f"ncit_26.1{n}d", "tags": {}} for n in range(2)]])
def test_a_thesaurus_without_one_monthly_release_is_given_up(world: World, open_on: Open, rows: list[Any]) -> None:
    probe = Fault("evs", "body", match="/metadata", times=9, body=json.dumps(rows).encode())
    with StandIn(world, [probe]) as server, open_on(server) as fetcher:
        report = fetcher.prefetch({"ncit": CONCEPTS}).sources["ncit"]
    assert f"the one latest monthly release of NCI Thesaurus, got {len(rows)} rows" in (report.gave_up or "")
    assert (report.requests, report.unavailable) == (1, len(CONCEPTS))


def test_a_weekly_release_beside_the_monthly_one_is_passed_over(world: World, open_on: Open) -> None:
    rows = [
        {"terminologyVersion": "ncit_26.11a", "tags": {"weekly": "true"}},
        {"terminologyVersion": "ncit_26.10d", "tags": {"monthly": "true"}},
    ]
    probe = Fault("evs", "body", match="/metadata", times=9, body=json.dumps(rows).encode())
    with StandIn(world, [probe]) as server, open_on(server) as fetcher:
        assert fetcher.prefetch({"ncit": CONCEPTS}).sources["ncit"].version == "26.10d"


@pytest.mark.parametrize(
    ("broken", "most"),
    [
        (Fault("ctgov", "status", match="filter.ids", times=99_999, status=404), 30),
        (Fault("ctgov", "body", match="filter.ids", times=99_999, body=b'{"studies": [], "nextPageToken": "x"}'), 90),
    ],
    ids=["no page", "pages without end"],
)
def test_a_route_for_lists_that_never_works_is_given_up(open_on: Open, broken: Fault, most: int) -> None:
    world = World(studies={nct(n): study(nct(n)) for n in range(1, 401)})
    with StandIn(world, [broken]) as server, open_on(server) as fetcher:
        report = fetcher.prefetch({"ctgov": list(world.studies)}).sources["ctgov"]
    assert "answers no list of ids, only single ones" in (report.gave_up or "")
    assert report.fetched == 3
    assert report.requests < most


def test_a_dataset_that_moves_within_its_day_is_seen_at_the_end_of_the_run(world: World, open_on: Open) -> None:
    many = [nct(n) for n in range(1, 402)]
    world.studies = {id_: study(id_) for id_ in many}

    def move() -> None:
        world.timestamp = world.timestamp[:10] + "T17:00:00"

    with StandIn(world, [Fault("ctgov", None, times=1, after=2, world=move)]) as server:
        with open_on(server) as fetcher:
            report = fetcher.prefetch({"ctgov": many})
        (signal,) = report.sources["ctgov"].signals
        assert "it stands on 2026-11-20T09:00:04, and was 2026-11-20T17:00:00 at the end" in signal
        assert server.count() == 1 + 3 + 1
        assert not report.gave_up
        with open_on(server) as fetcher:
            again = fetcher.prefetch({"ctgov": many}).sources["ctgov"]
        assert (again.fetched, again.signals) == (401, ())


def test_a_source_that_falls_silent_after_its_last_answer_is_not_given_up(world: World, open_on: Open) -> None:
    many = [nct(n) for n in range(1, 402)]
    world.studies = {id_: study(id_) for id_ in many}
    closed = [Fault("ctgov", "status", times=99, after=4, status=503)]
    with StandIn(world, closed) as server, open_on(server) as fetcher:
        report = fetcher.prefetch({"ctgov": many})
    assert (report.sources["ctgov"].fetched, report.sources["ctgov"].signals, report.gave_up) == (401, (), False)


def test_a_service_that_tells_no_version_is_asked_every_night(world: World, open_on: Open, clock: ManualClock) -> None:
    nameless = Fault("ctgov", "body", match="/version", times=9, body=b'{"apiVersion": "2.0.5"}')
    with StandIn(world, [nameless]) as server:
        with open_on(server) as fetcher:
            assert fetcher.prefetch({"ctgov": [nct(1), nct(999)]}).sources["ctgov"].version is None
            assert isinstance(fetcher.read("ctgov", [nct(1)])[nct(1)], Held)
            (signal,) = fetcher.report().sources["ctgov"].signals
            assert signal.startswith("it told no version of its data")
        for hours, expected in ((1, nct(1)), (25, f"{nct(1)},{nct(999)}")):
            clock.elapsed = hours * 3600
            server.forget()
            with open_on(server) as fetcher:
                fetcher.prefetch({"ctgov": [nct(1), nct(999)]})
            assert server.requests[0].target == "/version"
            assert f"filter.ids={expected}&" in server.requests[1].target


def test_a_plan_costs_a_probe_and_leaves_no_trace(world: World, open_on: Open, tmp_path: Path) -> None:
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            plan = fetcher.plan(WANTED)
        assert server.count() == 2
        assert not (tmp_path / "cache").exists()
        told = plan.sources["ctgov"]
        assert (told.version, told.new, told.fresh, told.expired, told.requests) == (world.timestamp, 7, 0, 0, 2)
        with open_on(server) as fetcher:
            fetcher.prefetch(WANTED)
        world.timestamp = "2026-11-23T09:00:01"
        with open_on(server, rates={"ctgov": 2.0, "ncit": 0.0}) as fetcher:
            plan = fetcher.plan({"ctgov": [*WANTED["ctgov"], nct(7)], "ncit": CONCEPTS})
    told = plan.sources["ctgov"]
    assert (told.new, told.fresh, told.expired, told.requests, told.seconds) == (1, 0, 7, 2, 1.0)
    told = plan.sources["ncit"]
    assert (told.new, told.fresh, told.expired, told.requests) == (0, 7, 0, 1)


def test_progress_is_told_while_answers_come(world: World, open_on: Open) -> None:
    told: list[tuple[str, int, int]] = []
    with StandIn(world) as server, open_on(server) as fetcher:
        fetcher.prefetch(WANTED, lambda *step: told.append(step))
    assert told[-1][1] == told[-1][2]
    assert {name for name, _, _ in told} == {"ctgov", "ncit"}


def test_a_mistake_of_ours_is_not_taken_for_an_outage(
    world: World, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> Any:
        raise ZeroDivisionError("ours")

    with StandIn(world) as server, open_on(server) as fetcher:
        monkeypatch.setattr("trialweave.sources.ctgov.CtgovSource.read", broken)
        with pytest.raises(ZeroDivisionError, match="ours"):
            fetcher.prefetch({"ctgov": STUDIES})


def test_an_id_that_no_study_can_have_is_absent_and_never_sent(world: World, open_on: Open) -> None:
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            fetcher.prefetch({"ctgov": ["NCT00000000", nct(1)]})
            assert isinstance(fetcher.read("ctgov", ["NCT00000000"])["NCT00000000"], KnownAbsent)
        assert not any("NCT00000000" in seen.target for seen in server.requests)
        with open_on(server) as fetcher:
            fetcher.prefetch({"ctgov": ["NCT00000000", nct(1)]})
        assert server.count() == 3


def test_a_store_behind_a_link_is_not_touched(world: World, open_on: Open, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "cache.db").write_bytes(b"not ours")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "store-1").symlink_to(elsewhere)
    with StandIn(world) as server, open_on(server) as fetcher:
        report = fetcher.prefetch({"ctgov": [nct(1)]})
        assert isinstance(fetcher.read("ctgov", [nct(1)])[nct(1)], Held)
    assert report.store == {"symlink": 1}
    assert [(file.name, file.read_bytes()) for file in elsewhere.iterdir()] == [("cache.db", b"not ours")]
