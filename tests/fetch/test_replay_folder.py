"""Replay folders: three states for each id, and the same answers as the services themselves would give."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from standin import StandIn, World, concept, nct, study
from trialweave.clock import ManualClock
from trialweave.errors import InputError
from trialweave.fetch import Fetcher, open_replay
from trialweave.sources.base import Held, KnownAbsent, NotHeld
from trialweave.sources.ctgov import CtgovSource, parse_study
from trialweave.sources.ctgov_requests import FIELDS
from trialweave.sources.ncit import NcitSource
from trialweave.sources.projection import project

Open = Callable[..., Fetcher]
STUDIES = [nct(n) for n in range(1, 6)]
CONCEPTS = [f"C{n}" for n in range(1, 7)]
MANIFEST = {
    "format": 1,
    "ctgov": {
        "version": "2026-11-20T09:00:04",
        "recorded_at": "2026-11-21T02:00:00Z",
        "origin": "constructed",
        "absent": [nct(999)],
    },
    "ncit": {"version": "26.10d", "recorded_at": "2026-11-21T02:00:00Z", "origin": "constructed", "absent": ["C999"]},
}


@pytest.fixture
def folder(tmp_path: Path, world: World) -> Path:
    """The small world as a replay folder, pretty printed, stamped with one version."""
    root = tmp_path / "replay"
    for name, bodies in (
        ("ctgov", {id_: world.study(id_) for id_ in world.studies}),
        ("ncit", {code: world.concept(code, "26.10d") for code in world.concepts}),
        ("ncit", {f"{code}.replacements": world.replacements(code) for code in world.rows}),
    ):
        (root / name).mkdir(parents=True, exist_ok=True)
        for id_, body in bodies.items():
            (root / name / f"{id_}.json").write_text(json.dumps(json.loads(body or b""), indent=1), encoding="utf-8")
    (root / "manifest.json").write_text(json.dumps(MANIFEST))
    return root


@pytest.fixture
def replay(folder: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Fetcher]:
    """Open a replay of the folder, with no way to a socket."""

    def refused(*_args: object, **_options: object) -> Any:
        raise AssertionError("a replay opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refused)
    return lambda: open_replay([CtgovSource(), NcitSource()], folder, clock)


def write(folder: Path, name: str, value: object) -> None:
    (folder / name).write_text(json.dumps(value), encoding="utf-8")


def test_three_states(folder: Path, replay: Callable[[], Fetcher]) -> None:
    wanted = [*STUDIES, nct(900), nct(999), nct(7)]
    with replay() as fetcher:
        report = fetcher.prefetch({"ctgov": wanted, "ncit": ["C5", "C999", "C7"]})
        found = {**fetcher.read("ctgov", wanted), **fetcher.read("ncit", ["C5", "C999", "C7"])}
    assert all(isinstance(found[id_], Held) for id_ in (*STUDIES, nct(900), "C5"))
    assert found[nct(999)] == KnownAbsent("2026-11-20T09:00:04", "2026-11-21T02:00:00Z")
    assert found["C999"] == KnownAbsent("26.10d", "2026-11-21T02:00:00Z")
    assert found[nct(7)] == NotHeld(f"{nct(7)} was never recorded in {folder}")
    assert found["C7"] == NotHeld(f"C7 was never recorded in {folder}")
    assert [told.requests for told in report.sources.values()] == [0, 0]
    assert not report.gave_up
    assert report.store == {}


def test_a_code_longer_than_any_file_name_was_never_recorded(folder: Path, replay: Callable[[], Fetcher]) -> None:
    long, longer = (f"C{'9' * digits}" for digits in (250, 300))
    absent = {**MANIFEST, "ncit": {"version": "26.10d", "recorded_at": "2026-11-21T02:00:00Z", "absent": [longer]}}
    write(folder, "manifest.json", absent)
    with replay() as fetcher:
        fetcher.prefetch({"ncit": ["C1", long, longer]})
        found = fetcher.read("ncit", ["C1", long, longer])
    assert isinstance(found["C1"], Held)
    assert found[long] == NotHeld(f"{long} was never recorded in {folder}")
    assert found[longer] == KnownAbsent("26.10d", "2026-11-21T02:00:00Z")


def test_replay_and_services_give_the_same(
    folder: Path, replay: Callable[[], Fetcher], open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"ctgov": [*STUDIES, nct(900), nct(999)], "ncit": [*CONCEPTS, "C999"]}
    everything = {**wanted, "ncit": [*wanted["ncit"], "C5.replacements"]}
    with replay() as fetcher:
        fetcher.prefetch(wanted)
        replayed = {name: fetcher.read(name, ids) for name, ids in everything.items()}
    monkeypatch.undo()
    with StandIn(folder) as server, open_on(server) as fetcher:
        fetcher.prefetch(wanted)
        live = {name: fetcher.read(name, ids) for name, ids in everything.items()}
    assert replayed == live
    assert all(not isinstance(lookup, NotHeld) for lookups in live.values() for lookup in lookups.values())


def test_a_folder_without_manifest_takes_versions_from_the_bodies(folder: Path, replay: Callable[[], Fetcher]) -> None:
    (folder / "manifest.json").unlink()
    write(folder, "ncit/C2.json", {**concept("C2"), "version": "26.09d"})
    write(folder, "ncit/C3.json", concept("C3"))
    with replay() as fetcher:
        report = fetcher.prefetch({"ctgov": STUDIES, "ncit": CONCEPTS})
        found = {**fetcher.read("ctgov", STUDIES), **fetcher.read("ncit", CONCEPTS)}
    versions = {id_: lookup.snapshot.source_version for id_, lookup in found.items() if isinstance(lookup, Held)}
    assert versions[nct(1)] == "2026-11-20"
    assert (versions["C1"], versions["C2"], versions["C3"]) == ("26.10d", "26.09d", None)
    assert {lookup.snapshot.fetched_at for lookup in found.values() if isinstance(lookup, Held)} == {None}
    assert (report.sources["ctgov"].version, report.sources["ncit"].version) == ("2026-11-20", None)
    assert report.sources["ncit"].signals == (
        "the recorded payloads are of different versions: 1 of 26.09d, 4 of 26.10d",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no json", "holds no JSON"),
        ("[" * 100_000, "holds no JSON"),
        (json.dumps(study(nct(2))).encode("utf-16"), "holds no JSON"),
        (json.dumps({**study(nct(2)), "hasResults": float("nan")}), "holds no JSON"),
        (json.dumps(study(nct(3))), f"holds {nct(3)}, not {nct(2)}"),
        ("[]", f"holds something without an id, not {nct(2)}"),
    ],
)
def test_a_bad_file_costs_its_own_id_only(
    folder: Path, replay: Callable[[], Fetcher], text: str | bytes, reason: str
) -> None:
    (folder / "ctgov" / f"{nct(2)}.json").write_bytes(text.encode() if isinstance(text, str) else text)
    with replay() as fetcher:
        fetcher.prefetch({"ctgov": STUDIES})
        found = fetcher.read("ctgov", STUDIES)
    assert found[nct(2)] == NotHeld(f"{folder / 'ctgov' / nct(2)}.json {reason}")
    assert all(isinstance(found[id_], Held) for id_ in STUDIES if id_ != nct(2))


def test_a_retired_concept_without_rows_has_no_rows(folder: Path, replay: Callable[[], Fetcher]) -> None:
    (folder / "ncit" / "C5.replacements.json").unlink()
    with replay() as fetcher:
        fetcher.prefetch({"ncit": ["C5"]})
        found = fetcher.read("ncit", ["C5", "C5.replacements"])
    assert isinstance(found["C5"], Held)
    assert found["C5.replacements"] == NotHeld(f"C5.replacements was never recorded in {folder}")


@pytest.mark.parametrize(
    "manifest",
    [
        "no json",
        "[]",
        '{"format": 2}',
        '{"ctgov": {"absent": "NCT00000001"}}',
        '{"ncit": {"version": 26}}',
        '{"ncit": []',
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(folder: Path, replay: Callable[[], Fetcher], manifest: str) -> None:
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(InputError, match=r"manifest\.json"):
        replay()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, clock: ManualClock) -> None:
    with pytest.raises(InputError, match="is not there"):
        open_replay([CtgovSource()], tmp_path / "nowhere", clock)


def test_more_than_a_page_is_replayed_whole(tmp_path: Path, clock: ManualClock) -> None:
    ids = [nct(n) for n in range(1, 451)]
    (tmp_path / "ctgov").mkdir()
    for id_ in ids:
        write(tmp_path, f"ctgov/{id_}.json", study(id_))
    with open_replay([CtgovSource()], tmp_path, clock) as fetcher:
        assert fetcher.prefetch({"ctgov": ids}).sources["ctgov"].fetched == 450
        assert all(isinstance(found, Held) for found in fetcher.read("ctgov", ids).values())


def test_the_projection_loses_no_modelled_fact(realdata: Path) -> None:
    """What the stand-in leaves out of a projected study, the live service leaves out as well."""
    files = sorted((realdata / "ctgov" / "studies").glob("NCT*.json"))
    assert len(files) > 200
    for file in files:
        whole = file.read_bytes()
        assert parse_study(project(whole, ",".join(FIELDS))) == parse_study(whole), file.name


def test_real_payloads_are_replayed(realdata: Path, tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "ctgov").symlink_to(realdata / "ctgov" / "studies")
    (tmp_path / "ncit").symlink_to(realdata / "evs" / "concepts")
    wanted = {
        "ctgov": [file.stem for file in (tmp_path / "ctgov").glob("NCT*.json")] + ["NCT00472277"],
        "ncit": [file.stem for file in (tmp_path / "ncit").glob("C[0-9]*.json")],
    }
    with open_replay([CtgovSource(), NcitSource()], tmp_path, clock) as fetcher:
        fetcher.prefetch(wanted)
        for name, ids in wanted.items():
            assert all(isinstance(found, Held) for found in fetcher.read(name, ids).values())
        alias = fetcher.read("ctgov", ["NCT00472277"])["NCT00472277"]
    assert isinstance(alias, Held)
    assert alias.snapshot.id == "NCT00114530"


def test_a_file_beats_the_list_of_absent_ids(tmp_path: Path) -> None:
    (tmp_path / "ctgov").mkdir()
    (tmp_path / "ctgov" / f"{nct(1)}.json").write_text(json.dumps(study(nct(1))))
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 1, "ctgov": {"absent": [nct(1), nct(2)]}}))
    with open_replay([CtgovSource()], tmp_path, ManualClock(datetime(2026, 11, 23, tzinfo=UTC))) as fetcher:
        fetcher.prefetch({"ctgov": [nct(1), nct(2)]})
        found = fetcher.read("ctgov", [nct(1), nct(2)])
    assert isinstance(found[nct(1)], Held)
    assert isinstance(found[nct(2)], KnownAbsent)


@pytest.mark.parametrize("kind", ["pipe", "folder", "link to nowhere", "link to a device"])
@pytest.mark.parametrize("id_", [nct(4), nct(777)])
def test_what_is_no_file_is_not_recorded_and_ends_nothing(
    folder: Path, replay: Callable[[], Fetcher], kind: str, id_: str
) -> None:
    """A folder from a bug report is a folder of strangers. A pipe that is read, or a device, ends no more."""
    file = folder / "ctgov" / f"{id_}.json"
    file.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to("/dev/zero" if kind == "link to a device" else "nowhere")
    with replay() as fetcher:
        wanted = [nct(1), nct(900), id_]
        fetcher.prefetch({"ctgov": wanted})
        found = fetcher.read("ctgov", wanted)
    assert isinstance(found[nct(1)], Held)
    assert isinstance(found[nct(900)], Held)
    assert found[id_] == NotHeld(f"{id_} was never recorded in {folder}")
