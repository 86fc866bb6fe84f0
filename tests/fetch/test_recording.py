"""Recording: what the services said, whole, as a folder that replays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from standin import Fault, StandIn, World, concept, nct, study
from trialweave.clock import ManualClock
from trialweave.errors import UsageError
from trialweave.fetch import Fetcher, Policy, Services, open_record, open_replay
from trialweave.sources.base import NotHeld
from trialweave.sources.ctgov import CtgovSource
from trialweave.sources.ncit import NcitSource

WANTED = {"ctgov": [nct(1), nct(2), nct(900), nct(999)], "ncit": ["C1", "C5", "C999"]}
Record = Callable[[StandIn], Fetcher]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recorded"


@pytest.fixture
def record(folder: Path, tmp_path: Path, clock: ManualClock) -> Record:
    return lambda server: open_record(
        [CtgovSource(), NcitSource()],
        Services(server.addresses, {"ctgov": 0.0, "ncit": 0.0}, clock, tmp_path / "pace", policy=Policy(attempts=1)),
        folder,
    )


def test_what_cannot_be_read_is_recorded_for_looking_into_it(world: World, folder: Path, record: Record) -> None:
    world.concepts["C1"]["synonyms"] = "none"
    with StandIn(world) as server, record(server) as fetcher:
        fetcher.prefetch({"ncit": ["C1"]})
    assert json.loads((folder / "ncit" / "C1.json").read_bytes())["synonyms"] == "none"


def test_a_recording_replays_as_it_was_recorded(
    world: World, folder: Path, record: Record, clock: ManualClock, tmp_path: Path
) -> None:
    world.studies[nct(1)]["resultsSection"] = {"more": "than the projection asks for", "Greek": "β"}
    with StandIn(world) as server, record(server) as fetcher:
        fetcher.prefetch(WANTED)
        live = {name: dict(fetcher.read(name, ids)) for name, ids in WANTED.items()}
        assert not any("fields=" in seen.target for seen in server.requests)
    with open_replay([CtgovSource(), NcitSource()], folder, clock) as fetcher:
        fetcher.prefetch(WANTED)
        assert {name: dict(fetcher.read(name, ids)) for name, ids in WANTED.items()} == live
    assert sorted(str(file.relative_to(folder)) for file in folder.rglob("*.*")) == [
        f"ctgov/{nct(1)}.json",
        f"ctgov/{nct(2)}.json",
        "manifest.json",
        "ncit/C1.json",
        "ncit/C5.json",
        "ncit/C5.replacements.json",
        "ncit/C6.json",
    ]
    text = (folder / "ctgov" / f"{nct(1)}.json").read_text(encoding="utf-8")
    assert json.loads(text) == json.loads(world.study(nct(1)) or b"")
    assert '\n  "Greek": "β"' in text
    assert json.loads((folder / "manifest.json").read_text())["ctgov"] == {
        "version": "2026-11-20T09:00:04",
        "recorded_at": "2026-11-21T02:00:00Z",
        "origin": "recorded",
        "absent": [nct(999)],
    }
    assert not (tmp_path / "cache").exists()


def test_a_recording_is_brought_up_to_date(world: World, folder: Path, record: Record) -> None:
    with StandIn(world) as server:
        with record(server) as fetcher:
            fetcher.prefetch(WANTED)
        world.timestamp = "2026-11-23T09:00:01"
        world.studies[nct(999)] = study(nct(999))
        with record(server) as fetcher:
            fetcher.prefetch({"ctgov": [nct(999), nct(998)]})
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["ctgov"]["absent"] == [nct(998)]
    assert manifest["ctgov"]["version"] == "2026-11-23T09:00:01"
    assert manifest["ncit"]["absent"] == ["C999"]
    assert (folder / "ctgov" / f"{nct(999)}.json").is_file()


def test_a_code_longer_than_any_file_name_is_recorded_as_absent(
    world: World, folder: Path, record: Record, clock: ManualClock
) -> None:
    wanted = {"ncit": ["C1", f"C{'9' * 300}"]}
    with StandIn(world) as server, record(server) as fetcher:
        fetcher.prefetch(wanted)
        live = dict(fetcher.read("ncit", wanted["ncit"]))
    with open_replay([CtgovSource(), NcitSource()], folder, clock) as fetcher:
        fetcher.prefetch(wanted)
        assert dict(fetcher.read("ncit", wanted["ncit"])) == live
    assert json.loads((folder / "manifest.json").read_text())["ncit"]["absent"] == [wanted["ncit"][1]]


def test_a_release_that_rolls_over_replays_as_it_was_recorded(
    world: World, folder: Path, record: Record, clock: ManualClock
) -> None:
    """Concepts and an absence that were answered under the older release, and again under the newer."""

    def roll_over() -> None:
        world.release, world.older = "26.11d", ()

    with StandIn(world, [Fault("evs", match="replacements", world=roll_over)]) as server, record(server) as fetcher:
        fetcher.prefetch(WANTED)
        live = dict(fetcher.read("ncit", WANTED["ncit"]))
    with open_replay([CtgovSource(), NcitSource()], folder, clock) as fetcher:
        fetcher.prefetch(WANTED)
        assert dict(fetcher.read("ncit", WANTED["ncit"])) == live
    assert json.loads((folder / "manifest.json").read_text())["ncit"]["version"] == "26.11d"


def test_what_was_recorded_of_a_release_before_the_last_is_not_told_as_of_the_last(
    world: World, folder: Path, record: Record, clock: ManualClock
) -> None:
    """The release rolls over, and then the service is down: the folder told the newer release of older answers."""

    def roll_over() -> None:
        world.release, world.older = "26.11d", ()

    faults = [
        Fault("evs", match="replacements", world=roll_over),
        Fault("evs", "status", match="26.11d", times=99),
    ]
    with StandIn(world, faults) as server, record(server) as fetcher:
        (signal,) = fetcher.prefetch(WANTED).sources["ncit"].signals
        live = fetcher.read("ncit", WANTED["ncit"])
    assert signal == "the release changed during the run; not everything could be asked for again"
    assert all(isinstance(lookup, NotHeld) for lookup in live.values())
    assert list(folder.glob("ncit/*")) == []
    with open_replay([CtgovSource(), NcitSource()], folder, clock) as fetcher:
        fetcher.prefetch(WANTED)
        assert all(isinstance(lookup, NotHeld) for lookup in fetcher.read("ncit", WANTED["ncit"]).values())


def test_a_recording_that_takes_its_time_replays_as_it_was_recorded(
    world: World, folder: Path, record: Record, clock: ManualClock
) -> None:
    """Each answer was of its own second, and the manifest of the last one."""

    def seconds_later() -> None:
        clock.elapsed += 7

    late = [Fault(service, times=99, world=seconds_later) for service in ("ctgov", "evs")]
    with StandIn(world, late) as server, record(server) as fetcher:
        fetcher.prefetch({"ctgov": [nct(1)], "ncit": ["C1"]})
        fetcher.prefetch(WANTED)
        live = {name: dict(fetcher.read(name, ids)) for name, ids in WANTED.items()}
    with open_replay([CtgovSource(), NcitSource()], folder, clock) as fetcher:
        fetcher.prefetch(WANTED)
        assert {name: dict(fetcher.read(name, ids)) for name, ids in WANTED.items()} == live


@pytest.mark.parametrize("manifest", [None, {"ctgov": {"origin": "constructed"}}, {"ctgov": {}}])
def test_constructed_files_are_never_mixed_with_recorded_ones(
    world: World, folder: Path, record: Record, manifest: object
) -> None:
    (folder / "ctgov").mkdir(parents=True)
    (folder / "ctgov" / f"{nct(1)}.json").write_text("{}")
    if manifest is not None:
        (folder / "manifest.json").write_text(json.dumps(manifest))
    with StandIn(world) as server, pytest.raises(UsageError, match="constructed"):
        record(server)
    assert (folder / "ctgov" / f"{nct(1)}.json").read_text() == "{}"


def test_a_file_is_no_folder_to_record_into(world: World, folder: Path, record: Record) -> None:
    """The services were asked first, and then it was a FileExistsError."""
    folder.write_text("mine")
    with StandIn(world) as server, pytest.raises(UsageError, match="is no folder"):
        record(server)
    assert folder.read_text() == "mine"


def test_what_was_not_answered_is_not_recorded(world: World, folder: Path, record: Record) -> None:
    with StandIn(world, [Fault("ctgov", "status", match="filter.ids", times=99)]) as server, record(server) as fetcher:
        assert fetcher.prefetch(WANTED).gave_up
    assert not (folder / "ctgov").exists()
    assert json.loads((folder / "manifest.json").read_text())["ctgov"]["absent"] == []


def test_what_is_gone_or_an_alias_by_now_leaves_no_file_behind(world: World, folder: Path, record: Record) -> None:
    world.studies[nct(900)] = study(nct(900))
    world.studies[nct(1)] = study(nct(1))
    with StandIn(world) as server:
        with record(server) as fetcher:
            fetcher.prefetch({"ctgov": [nct(1), nct(2), nct(900)]})
        del world.studies[nct(2)], world.studies[nct(900)]
        world.studies[nct(1)] = study(nct(1), aliases=(nct(900),))
        with record(server) as fetcher:
            assert fetcher.prefetch({"ctgov": [nct(2), nct(900)]}).sources["ctgov"].signals == ()
    assert [file.stem for file in (folder / "ctgov").glob("*.json")] == [nct(1)]
    assert json.loads((folder / "manifest.json").read_text())["ctgov"]["absent"] == [nct(2)]


@pytest.mark.parametrize("now", ["in use again", "gone"])
def test_rows_of_a_code_that_is_not_retired_by_now_leave_no_file_behind(
    now: str, world: World, folder: Path, record: Record
) -> None:
    with StandIn(world) as server:
        with record(server) as fetcher:
            fetcher.prefetch({"ncit": ["C5"]})
        assert (folder / "ncit/C5.replacements.json").exists()
        world.release = "26.11d"
        del world.concepts["C5"]
        if now != "gone":
            world.concepts["C5"] = concept("C5")
        with record(server) as fetcher:
            assert fetcher.prefetch({"ncit": ["C5", "C6"]}).sources["ncit"].signals == ()
    assert not (folder / "ncit/C5.replacements.json").exists()


def test_a_folder_of_two_versions_is_a_signal(world: World, folder: Path, record: Record) -> None:
    with StandIn(world) as server:
        with record(server) as fetcher:
            fetcher.prefetch(WANTED)
        world.release = "26.11e"
        with record(server) as fetcher:
            (signal,) = fetcher.prefetch({"ncit": ["C1"]}).sources["ncit"].signals
    assert "answers recorded under 26.10d, and now says 26.11e of all" in signal


def test_a_recording_that_settles_nothing_keeps_the_version(world: World, folder: Path, record: Record) -> None:
    with StandIn(world) as server, record(server) as fetcher:
        fetcher.prefetch(WANTED)
    before = (folder / "manifest.json").read_text()
    with StandIn(world, [Fault("ctgov", "status", times=99)]) as server, record(server) as fetcher:
        assert fetcher.prefetch({"ctgov": [nct(1)]}).gave_up
    assert (folder / "manifest.json").read_text() == before


def test_a_recording_writes_through_no_link(folder: Path, record: Record, world: World, tmp_path: Path) -> None:
    """Brought up to date in a folder that somebody sent: links under the names that files bear while they are made."""
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    (folder / "ctgov").mkdir(parents=True)
    (folder / "manifest.json").write_text('{"ctgov": {"origin": "recorded"}}')
    for name in (f"ctgov/{nct(1)}.json.part", f"ctgov/{nct(1)}.json", "manifest.json.part"):
        (folder / name).symlink_to(precious)
    with StandIn(world) as server, record(server) as fetcher:
        fetcher.prefetch({"ctgov": [nct(1)]})
    assert precious.read_text() == "mine"
    assert json.loads((folder / "ctgov" / f"{nct(1)}.json").read_bytes())["protocolSection"]
