"""Searching for names: what it costs on which night, what is kept, and what it never spoils."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from standin import Fault, StandIn, World, concept
from standin.faults import Kind
from trialweave.clock import ManualClock
from trialweave.fetch import Fetcher, FetchReport, Services, open_record, open_replay
from trialweave.fetch.thesaurus import import_names
from trialweave.sources.base import Held
from trialweave.sources.ctgov import CtgovSource
from trialweave.sources.ncit import NcitSource

Open = Callable[..., Fetcher]

LINKED = {"ctgov": [], "ncit": ["C1"]}
NAMES = ("Zebratinib", "RC48")


@pytest.fixture
def named(world: World) -> World:
    """C7 and, retired, C8 are zebratinib; C9 is RC48. No link leads to them."""
    world.concepts |= {
        "C7": concept("C7", name="Zebratinib"),
        "C8": concept("C8", name="zebratinib", retired=True),
        "C9": concept("C9", name="RC-48"),
    }
    world.concepts["C9"]["synonyms"].append({"name": "RC48", "type": "FULL_SYN", "termType": "CN"})
    return world


def night(
    server: StandIn, opened: Fetcher, names: Collection[str] = NAMES, most: int = 20
) -> tuple[frozenset[str], FetchReport, list[str]]:
    """Codes found, the report, and the targets that arrived at the thesaurus."""
    server.forget()
    with opened as fetcher:
        fetcher.prefetch(LINKED)
        codes = fetcher.search(names, most)
        assert all(isinstance(found, Held) for found in fetcher.read("ncit", sorted(codes)).values())
        return codes, fetcher.report(), [seen.target for seen in server.requests if seen.service == "evs"]


def searches(targets: list[str]) -> list[str]:
    return [target.partition("term=")[2].partition("&")[0] for target in targets if "/search?" in target]


def test_a_name_costs_one_request_and_the_same_release_none(named: World, open_on: Open) -> None:
    with StandIn(named) as server:
        codes, report, targets = night(server, open_on(server), (*NAMES, "zebratinib", "ZEBRATINIB "))
        assert codes == {"C7", "C9"}
        assert searches(targets) == ["rc48", "zebratinib"]
        assert report.sources["ncit"].requests == len(targets) == 4
        assert not report.gave_up
        again, report, targets = night(server, open_on(server))
        assert again == codes
        assert len(targets) == report.sources["ncit"].requests == 1
        offline, _, targets = night(server, open_on(server, offline=True))
        assert (offline, targets) == (codes, [])


def test_a_name_without_any_link_costs_the_probe_and_the_search(named: World, open_on: Open) -> None:
    with StandIn(named) as server, open_on(server) as fetcher:
        fetcher.prefetch({"ctgov": [], "ncit": []})
        assert fetcher.search(["zebratinib"], 20) == {"C7"}
        assert server.count() == 2


def test_what_is_beyond_the_budget_is_asked_on_later_nights(named: World, open_on: Open) -> None:
    with StandIn(named) as server:
        assert night(server, open_on(server), most=0)[0] == frozenset()
        assert searches(night(server, open_on(server), most=0)[2]) == []
        codes, _, targets = night(server, open_on(server), most=1)
        assert (codes, searches(targets)) == ({"C9"}, ["rc48"])
        codes, _, targets = night(server, open_on(server), most=1)
        assert (codes, searches(targets)) == ({"C7", "C9"}, ["zebratinib"])
        codes, _, targets = night(server, open_on(server), most=1)
        assert (codes, len(targets)) == ({"C7", "C9"}, 1)


def test_the_budget_is_that_of_the_whole_run(named: World, open_on: Open) -> None:
    with StandIn(named) as server, open_on(server) as fetcher:
        fetcher.prefetch(LINKED)
        fetcher.search(["rc48"], 1)
        assert fetcher.search(["zebratinib"], 1) == frozenset()


def test_an_older_answer_stands_in_until_its_turn_in_the_new_release(named: World, open_on: Open) -> None:
    with StandIn(named) as server:
        night(server, open_on(server))
        named.release = "26.11e"
        codes, _, targets = night(server, open_on(server), most=1)
        assert (codes, searches(targets)) == ({"C7", "C9"}, ["rc48"])
        named.concepts["C7"] = concept("C7", name="Something else")
        codes, _, targets = night(server, open_on(server), most=1)
        assert (codes, searches(targets)) == ({"C9"}, ["zebratinib"])


@pytest.mark.parametrize("kind", ["status", "html", "edge", "cut"])
def test_a_search_that_fails_is_told_and_asked_again(named: World, open_on: Open, kind: Kind) -> None:
    with StandIn(named) as server:
        server.faults.append(Fault("evs", kind, match="/search", times=100))
        codes, report, _ = night(server, open_on(server))
        told = report.sources["ncit"]
        assert (codes, told.gave_up, told.unavailable, report.gave_up) == (frozenset(), None, 0, False)
        assert "suggestions may be missing" in told.signals[0]
        server.faults.clear()
        codes, report, targets = night(server, open_on(server))
        assert (codes, searches(targets)) == ({"C7", "C9"}, ["rc48", "zebratinib"])
        assert report.sources["ncit"].signals == ()


def test_a_source_that_gave_up_is_not_searched(named: World, open_on: Open) -> None:
    with StandIn(named) as server:
        night(server, open_on(server), ["rc48"])
        server.faults.append(Fault("evs", "status", match="/metadata", times=100))
        codes, report, targets = night(server, open_on(server))
        assert (codes, searches(targets)) == ({"C9"}, [])
        assert report.sources["ncit"].gave_up is not None


def test_the_plan_foresees_the_searches(named: World, open_on: Open) -> None:
    with StandIn(named) as server:
        with open_on(server) as fetcher:
            assert fetcher.plan(LINKED, NAMES, 1).sources["ncit"].requests == 3
            assert fetcher.plan(LINKED, NAMES, 20).sources["ncit"].requests == 4
        night(server, open_on(server))
        with open_on(server) as fetcher:
            assert fetcher.plan(LINKED, NAMES, 20).sources["ncit"].requests == 1


FLAT = """\
C7\t<iri>\tC1909\tZebratinib|another-name\t\tZebratinib\t\tPharmacologic Substance\t
C8\t<iri>\tC1909\tzebratinib\t\tzebratinib\tRetired_Concept\tPharmacologic Substance\t
"""


def test_an_imported_index_of_the_release_takes_the_place_of_searching(
    named: World, open_on: Open, tmp_path: Path
) -> None:
    archive = tmp_path / "Thesaurus_26.10d.FLAT.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("Thesaurus.txt", FLAT)
    import_names(archive, tmp_path / "cache")
    with StandIn(named) as server:
        with open_on(server) as fetcher:
            assert fetcher.plan(LINKED, NAMES, 20).sources["ncit"].requests == 2, "the probe and C1"
        codes, _, targets = night(server, open_on(server), ["ZEBRATINIB", "Another Name", "RC48"])
        assert (codes, searches(targets)) == ({"C7"}, [])
        named.release = "26.11e"
        codes, _, targets = night(server, open_on(server), ["Zebratinib"])
        assert (codes, searches(targets)) == ({"C7"}, ["zebratinib"])


@pytest.mark.parametrize("way", ["offline", "outage"])
def test_where_no_release_is_told_an_imported_index_leads_to_what_is_held(
    named: World, open_on: Open, tmp_path: Path, way: str
) -> None:
    """The same records under the same snapshots have to come out with the same suggestions."""
    archive = tmp_path / "Thesaurus_26.10d.FLAT.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("Thesaurus.txt", FLAT + FLAT.replace("C7", "C70").replace("Zebratinib", "Okapitinib"))
    with StandIn(named) as server:
        assert night(server, open_on(server), ["RC48"])[0] == {"C9"}
        import_names(archive, tmp_path / "cache")
        assert night(server, open_on(server), ["Zebratinib"])[0] == {"C7"}
        server.faults = [Fault("evs", "status", times=99)] if way == "outage" else []
        opened = open_on(server, offline=way == "offline")
        codes, report, targets = night(server, opened, ["Zebratinib", "Okapitinib", "RC48"])
        assert (codes, searches(targets)) == ({"C7", "C9"}, [])
        assert report.sources["ncit"].unavailable == 0


def test_a_replay_finds_what_lies_in_the_folder_and_a_recording_nothing(
    named: World, open_on: Open, clock: ManualClock, tmp_path: Path
) -> None:
    folder = tmp_path / "recorded"
    sources = (CtgovSource(), NcitSource())
    with StandIn(named) as server:
        recording = open_record(
            sources, Services(server.addresses, {"ctgov": 0.0, "ncit": 0.0}, clock, tmp_path / "pace"), folder
        )
        assert searches(night(server, recording)[2]) == []
    assert [file.stem for file in (folder / "ncit").glob("*.json")] == ["C1"]
    for code in named.concepts:
        (folder / "ncit" / f"{code}.json").write_bytes(named.concept(code, "26.10d") or b"")
    (folder / "ncit" / "C99.json").write_text("no json")
    with open_replay(sources, folder, clock) as fetcher:
        fetcher.prefetch(LINKED)
        assert fetcher.search(NAMES, 1) == {"C7", "C9"}
        assert all(isinstance(found, Held) for found in fetcher.read("ncit", ["C7", "C9"]).values())
        assert fetcher.report().sources["ncit"].requests == 0
    with open_replay(sources, folder, clock) as fetcher:
        assert fetcher.search(NAMES, 0) == frozenset()
