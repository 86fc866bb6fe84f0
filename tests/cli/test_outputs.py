"""A run into the file of an earlier one copies what is as it was: the same bytes, whatever happened to that file."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from standin import StandIn, World, concept, nct, study
from trialweave import outputs
from trialweave.cli import main
from trialweave.errors import RunError
from trialweave.loom import Loom

ROWS = 30


@pytest.fixture
def world() -> World:
    return World({nct(n): study(nct(n)) for n in range(1, 11)}, {f"C{n}": concept(f"C{n}") for n in range(1, 6)})


@pytest.fixture
def server(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(world) as server:
        for name, value in {
            "CTGOV_URL": server.ctgov_url,
            "EVS_URL": server.evs_url,
            "CTGOV_RATE": "1000",
            "EVS_RATE": "1000",
            "NOW": "2026-11-23T04:00:00Z",
            "CACHE_DIR": str(tmp_path / "cache"),
        }.items():
            monkeypatch.setenv(f"TRIALWEAVE_{name}", value)
        yield server


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        "".join(
            json.dumps(
                {
                    "drug_name": f"Drug {n % 5 + 1}",
                    "nct_id_drug_ref": nct(n % 11 + 1),
                    "nci_thesaurus_concept_id": f"C{n % 5 + 1}",
                }
            )
            + "\n"
            for n in range(ROWS)
        )
    )
    return path


@pytest.fixture
def woven(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The record_ids of what is woven, not copied."""
    seen: list[str] = []
    real = Loom.woven_one

    def noting(self: Loom, record: Any) -> Any:
        seen.append(record.record_id)
        return real(self, record)

    monkeypatch.setattr(Loom, "woven_one", noting)
    return seen


def enrich(table: Path, out: Path, *more: str) -> dict[str, Any]:
    folder = out.parent
    arguments = ["enrich", table, "-o", out, "--conflicts", folder / "conflicts", "--summary", folder / "summary"]
    assert main([*map(str, arguments), *more]) == 0
    return dict(json.loads((folder / "summary").read_text()))


def counted(summary: dict[str, Any]) -> dict[str, Any]:
    return {name: summary[name] for name in ("records", "links", "edges", "conflicts", "headline")}


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / outputs.FOLDER).iterdir())


def test_the_second_run_into_a_file_weaves_nothing(
    server: StandIn, table: Path, tmp_path: Path, woven: list[str]
) -> None:
    first = enrich(table, tmp_path / "out.jsonl")
    assert len(woven) == ROWS
    before = (tmp_path / "out.jsonl").read_bytes(), (tmp_path / "conflicts").read_bytes()
    woven.clear()
    again = enrich(table, tmp_path / "out.jsonl")
    assert woven == []
    assert ((tmp_path / "out.jsonl").read_bytes(), (tmp_path / "conflicts").read_bytes()) == before
    assert counted(again) == counted(first)


def test_only_what_changed_is_woven(
    server: StandIn, world: World, table: Path, tmp_path: Path, woven: list[str]
) -> None:
    enrich(table, tmp_path / "out.jsonl")
    world.studies[nct(3)] = study(nct(3), title="Another title")
    world.timestamp = "2026-11-24T09:00:04"
    woven.clear()
    enrich(table, tmp_path / "out.jsonl")
    linked = [json.loads(line)["nct_id_drug_ref"] for line in table.read_text().splitlines()].count(nct(3))
    assert len(woven) == linked > 0
    shutil.rmtree(tmp_path / "cache" / outputs.FOLDER)
    enrich(table, tmp_path / "anew.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "anew.jsonl").read_bytes()


def test_a_run_elsewhere_copies_from_the_file_that_knows_most_of_its_records(
    server: StandIn, table: Path, tmp_path: Path, woven: list[str], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows, half = table.read_text().splitlines(keepends=True), tmp_path / "half.jsonl"
    half.write_text("".join(rows[: ROWS // 2]))
    table.write_text("".join(reversed(rows)))
    enrich(table, tmp_path / "whole.jsonl")
    enrich(half, tmp_path / "half-out.jsonl")
    assert len(woven) == ROWS
    renamed = table.rename(tmp_path / "tomorrow.jsonl")
    enrich(renamed, tmp_path / "tomorrow-out.jsonl")
    assert (tmp_path / "tomorrow-out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    capsysbinary.readouterr()
    assert main(["enrich", str(renamed)]) == 0
    assert capsysbinary.readouterr().out == (tmp_path / "whole.jsonl").read_bytes()
    enrich(renamed, tmp_path / "flat.csv")
    enrich(renamed, tmp_path / "in-two.jsonl", "--jobs", "2")
    assert len(woven) == ROWS
    first = (tmp_path / "flat.csv").read_bytes()
    shutil.rmtree(tmp_path / "cache" / outputs.FOLDER)
    enrich(renamed, tmp_path / "flat.csv")
    assert (tmp_path / "flat.csv").read_bytes() == first
    assert len(woven) == 2 * ROWS


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def another_path(path: Path) -> None:
    data, name = path.read_bytes(), os.fsencode(path.parents[2] / "out.jsonl")
    path.write_bytes(data.replace(name, name.replace(b"out", b"foe")))
    shutil.copy(path.parents[2] / "out.jsonl", path.parents[2] / "foe.jsonl")


def its_output(change: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda path: change(path.parents[2] / "out.jsonl")


@pytest.mark.parametrize(
    "trick",
    [
        another_path,
        its_output(fifo),
        its_output(lambda out: (out.rename(out.with_suffix(".x")), out.symlink_to(out.with_suffix(".x")))),
        its_output(lambda out: out.unlink()),
        its_output(lambda out: out.write_bytes(bytes(out.stat().st_size))),
        its_output(lambda out: (out.unlink(), out.mkdir())),
    ],
    ids=["another path", "a pipe", "a link", "gone", "noughts", "a folder"],
)
def test_a_run_elsewhere_opens_nothing_that_is_not_a_file_that_was_written(
    server: StandIn, table: Path, tmp_path: Path, woven: list[str], trick: Callable[[Path], object]
) -> None:
    out = tmp_path / "out.jsonl"
    enrich(table, out)
    whole = out.read_bytes()
    (path,) = kept(tmp_path)
    trick(path)
    enrich(table, tmp_path / "elsewhere.jsonl")
    assert (tmp_path / "elsewhere.jsonl").read_bytes() == whole
    assert len(woven) == 2 * ROWS


def happen(chance: Random, rows: list[dict[str, str]], world: World, folder: Path, step: int) -> None:
    """Something that may lie between two runs."""
    match chance.choice(["edited", "dropped", "added", "shuffled", "moved", "released", "mangled", "nothing"]):
        case "edited":
            chance.choice(rows)["drug_name"] = f"Drug {step}"
        case "dropped":
            rows.pop(chance.randrange(len(rows)))
        case "added":
            row = {"drug_name": f"New {step}", "nct_id_drug_ref": nct(chance.randrange(1, 12))}
            rows.insert(chance.randrange(len(rows)), row)
        case "shuffled":
            chance.shuffle(rows)
        case "moved":
            world.studies[nct(3)] = study(nct(3), title=f"Title {step}")
            world.timestamp = f"2026-11-24T09:00:{step:02}"
        case "released":
            world.release = f"26.11{'abcdefghijkl'[step]}"
        case "mangled":
            for out in folder.glob("out-*.jsonl"):
                data = bytearray(out.read_bytes())
                data[chance.randrange(len(data))] ^= 32
                out.write_bytes(data)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_lies_between_two_runs_the_second_gives_what_weaving_gives(
    server: StandIn, world: World, table: Path, tmp_path: Path, woven: list[str], seed: int
) -> None:
    chance, rows = Random(seed), [json.loads(line) for line in table.read_text().splitlines()]
    anew, copied = tmp_path / "anew", 0
    for step in range(12):
        happen(chance, rows, world, tmp_path, step)
        table.write_text("".join(json.dumps(row) + "\n" for row in rows))
        woven.clear()
        out = tmp_path / f"out-{chance.randrange(3)}.{chance.choice(['jsonl', 'jsonl', 'csv'])}"
        summary = enrich(table, out)
        copied += len(rows) - len(woven)
        given = out.read_bytes(), (tmp_path / "conflicts").read_bytes(), counted(summary)
        shutil.rmtree(anew, ignore_errors=True)
        shutil.copytree(tmp_path / "cache", anew, ignore=shutil.ignore_patterns(outputs.FOLDER))
        summary = enrich(table, tmp_path / f"anew{out.suffix}", "--cache-dir", str(anew))
        assert given == (
            (tmp_path / f"anew{out.suffix}").read_bytes(),
            (tmp_path / "conflicts").read_bytes(),
            counted(summary),
        )
    assert copied > 12 * ROWS / 2


def edited(out: Path) -> None:
    lines = out.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4].replace(b"enriched", b"Enriched", 1)
    out.write_bytes(b"".join(lines))


EDITS = {
    "one line edited": (edited, 1),
    "cut short": (lambda out: out.write_bytes(out.read_bytes()[:-3]), 1),
    "emptied": (lambda out: out.write_bytes(b""), ROWS),
    "removed": (lambda out: out.unlink(), ROWS),
    "another one moved here": (lambda out: out.write_bytes(b"{}\n" * 100), ROWS),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_file_that_was_changed_meanwhile_costs_only_time(
    server: StandIn, table: Path, tmp_path: Path, woven: list[str], name: str
) -> None:
    out = tmp_path / "out.jsonl"
    enrich(table, out)
    whole = out.read_bytes()
    edit, anew = EDITS[name]
    edit(out)  # type: ignore[no-untyped-call]
    woven.clear()
    enrich(table, out)
    assert out.read_bytes() == whole
    assert len(woven) == anew


def foreign_folder(path: Path) -> None:
    shutil.move(path.parent, path.parent.with_name("elsewhere"))
    path.parent.symlink_to(path.parent.with_name("elsewhere"))


TRICKS = {
    "garbage": lambda path: path.write_bytes(b"trialweave.ledger/2\n" + bytes(500)),
    "nothing": lambda path: path.write_bytes(b""),
    "huge lengths": lambda path: path.write_bytes(path.read_bytes()[:60] + b"\xff" * 40),
    "a pipe": fifo,
    "a link": lambda path: (path.rename(path.with_suffix(".x")), path.symlink_to(path.with_suffix(".x"))),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a link for the folder": foreign_folder,
    "a file for the folder": lambda path: (shutil.rmtree(path.parent), path.parent.write_text("x")),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_ledger_that_is_none_of_ours_costs_only_time(
    server: StandIn, table: Path, tmp_path: Path, woven: list[str], trick: str
) -> None:
    out = tmp_path / "out.jsonl"
    enrich(table, out)
    whole = out.read_bytes()
    (path,) = kept(tmp_path)
    TRICKS[trick](path)  # type: ignore[no-untyped-call]
    woven.clear()
    enrich(table, out)
    assert out.read_bytes() == whole
    assert len(woven) == ROWS


def test_nothing_is_left_where_nothing_may_be(server: StandIn, table: Path, tmp_path: Path) -> None:
    assert main(["enrich", str(table), "--offline", "-o", str(tmp_path / "offline.jsonl")]) == 5
    fixtures = Path(__file__).resolve().parents[2] / "fixtures"
    assert main(["enrich", str(table), "--replay", str(fixtures), "-o", str(tmp_path / "replayed.jsonl")]) == 5
    assert not (tmp_path / "cache").exists()
    enrich(table, tmp_path / "flat.csv")
    assert not (tmp_path / "cache" / outputs.FOLDER).exists()


def test_a_run_that_fails_leaves_what_was_remembered(
    server: StandIn, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    enrich(table, out)
    before = [path.read_bytes() for path in kept(tmp_path)]

    def failing(*_: object) -> None:
        raise RunError("the machine is on fire")

    with monkeypatch.context() as patch:
        patch.setattr("trialweave.remarks.summarise", failing)
        assert main(["enrich", str(table), "-o", str(out)]) == 1
    assert [path.read_bytes() for path in kept(tmp_path)] == before


def test_a_disk_that_is_full_costs_only_the_remembering(
    server: StandIn, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("trialweave.ledger.LedgerWriter.add", full)
    enrich(table, tmp_path / "out.jsonl")
    assert kept(tmp_path) == []


def test_outputs_are_forgotten_by_number_and_by_age(
    server: StandIn, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(outputs, "MOST", 2)
    for number in range(4):
        enrich(table, tmp_path / f"out-{number}.jsonl")
        for path in kept(tmp_path):
            status = path.stat()
            os.utime(path, (status.st_atime - 100, status.st_mtime - 100))
    assert len(kept(tmp_path)) == 2
    monkeypatch.setenv("TRIALWEAVE_NOW", "2100-01-01T00:00:00Z")
    capsys.readouterr()
    assert main(["cache", "info"]) == 0
    assert "remembered 2 outputs" in capsys.readouterr().out
    assert main(["cache", "prune", "--older-than", "90d"]) == 0
    assert "what was remembered of 2 outputs" in capsys.readouterr().out
    assert kept(tmp_path) == []


def test_what_a_killed_run_left_takes_nobodys_place_and_goes(
    server: StandIn, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(outputs, "MOST", 2)
    enrich(table, tmp_path / "out-1.jsonl")
    (first,) = kept(tmp_path)
    left = [first.with_name(f".{first.name}.{number}.part") for number in range(3)]
    for path in left:
        path.write_bytes(b"the beginning")
    later = first.stat().st_mtime + 10
    os.utime(left[0], (later, later - 2 * 86_400))
    enrich(table, tmp_path / "out-2.jsonl")
    assert len(kept(tmp_path)) == 4
    assert not left[0].exists()  # the others may be runs that are under way
    assert main(["cache", "info"]) == 0
    assert "remembered 2 outputs" in capsys.readouterr().out


def test_what_is_remembered_is_told_and_goes_where_no_store_is(
    server: StandIn, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    enrich(table, tmp_path / "out.jsonl")
    for path in (tmp_path / "cache").glob("store-*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    capsys.readouterr()
    assert main(["cache", "info"]) == 0
    assert "nothing is kept" not in capsys.readouterr().out
    monkeypatch.setenv("TRIALWEAVE_NOW", "2100-01-01T00:00:00Z")
    assert main(["cache", "prune", "--older-than", "90d"]) == 0
    assert "what was remembered of 1 output" in capsys.readouterr().out
    assert kept(tmp_path) == []
