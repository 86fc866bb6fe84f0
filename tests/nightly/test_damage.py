"""What somebody, or a disk, did to the runs folder between two nights."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from made.house import House, flip, last_attempt, told
from trialweave.errors import RunError
from trialweave.nightly.commands import diff
from trialweave.nightly.page import render_page

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"


def last_lines_lost(file: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[: len(lines) // 2]))


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def publish_otherwise(house: House, name: str, text: str) -> None:
    """Have the last run hold another file than it does, as another version of the program may have written it."""
    run = house.latest()
    (run.path / name).write_text(text)
    files = [{**entry, "rows": 1} if entry["file"] == name else entry for entry in run.manifest["files"]]
    (run.path / "manifest.json").write_text(json.dumps({**run.manifest, "files": files}))


@pytest.mark.parametrize("damage", [last_lines_lost, emptied])
@pytest.mark.parametrize("name", ["enriched.jsonl", "conflicts.jsonl"])
def test_a_last_run_that_is_whole_json_and_lost_lines_is_named_before_anything_is_asked(
    house: House, name: str, damage: Callable[[Path], None]
) -> None:
    """It used to be taken as it was: what had lost its lines was told again, and news of its records were folded."""
    for number in (1, 2, 3):
        flip(house, number, "TERMINATED", None)
    house.night(MONDAY)
    kept = (file := house.latest().path / name).read_bytes()
    damage(file)
    assert file.read_bytes() != kept
    flip(house, 1, "RECRUITING", TUESDAY)
    house.server.forget()
    with pytest.raises(RunError, match=rf"{name}: \d+ of \d+ lines are left, .* restore the run 2026-11-23"):
        house.night(TUESDAY)
    assert (last_attempt(house)["exit_code"], house.server.count()) == (1, 0)
    file.write_bytes(kept)
    assert told(house.morning(TUESDAY)) == {("resolved", "study_state", "study")}


@pytest.mark.parametrize("text", [None, "nonsense", "{}"])
@pytest.mark.parametrize("name", ["summary.json", "manifest.json"])
def test_a_run_before_the_last_one_that_was_damaged_ends_no_night(house: House, name: str, text: str | None) -> None:
    """It used to end all of them, for its place in the trend of the report or for whom it was compared with."""
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        house.night(day, render=render_page)
    file = house.runs[MONDAY].path / name
    file.unlink() if text is None else file.write_text(text)
    assert house.night(THURSDAY, render=render_page).exit_code == 0
    assert house.latest().summary["since"] == WEDNESDAY
    assert [run.run_id for run in house.runs.before(THURSDAY, 9)] == [TUESDAY, WEDNESDAY, THURSDAY]
    assert "The last 3 runs" in (house.latest().path / "report.html").read_text()


def test_a_comparison_of_two_runs_takes_no_damaged_one_as_it_is(house: House) -> None:
    house.night(MONDAY)
    house.night(TUESDAY)
    last_lines_lost(house.runs[MONDAY].path / "enriched.jsonl")
    for one, other in ((MONDAY, TUESDAY), (TUESDAY, MONDAY)):
        with pytest.raises(RunError, match="restore the run 2026-11-23"):
            "".join(diff(house.runs[one], house.runs[other]))


def test_a_line_that_a_person_changed_is_taken_as_it_stands(house: House) -> None:
    flip(house, 1, "TERMINATED", None)
    house.night(MONDAY)
    file = house.latest().path / "summary.json"
    file.write_text(json.dumps({**house.latest().summary, "rules_version": "2020.1.1"}))
    lines = house.latest().path / "conflicts.jsonl"
    lines.write_text(lines.read_text().replace(f'"first_seen_run":"{MONDAY}"', '"first_seen_run":"2026-11-02"'))
    house.night(TUESDAY)
    assert {line["first_seen_run"] for line in house.latest().conflicts()} == {"2026-11-02"}


@pytest.mark.parametrize("files", ["3", "[3]", '[{"file":"enriched.jsonl"}]'])
def test_a_manifest_without_digests_is_named_with_the_way_out(house: House, files: str) -> None:
    house.night(MONDAY)
    manifest = house.latest().path / "manifest.json"
    manifest.write_text(f'{{"since": null, "partial": false, "files": {files}}}')
    with pytest.raises(RunError, match=r"manifest\.json: this is no manifest of a run; restore the run 2026-11-23"):
        house.night(TUESDAY)


def test_a_damaged_last_run_is_named_and_not_taken_for_an_empty_one(house: House) -> None:
    house.night(MONDAY)
    file = house.latest().path / "enriched.jsonl"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(RunError, match=r"enriched\.jsonl: \d+ of \d+ lines are left, .* restore the run 2026-11-23"):
        house.night(TUESDAY)
    assert last_attempt(house)["exit_code"] == 1
    file.unlink()
    with pytest.raises(RunError, match="the file is missing"):
        house.night(TUESDAY)


@pytest.mark.parametrize("line", ["3", "null", "{}"])
@pytest.mark.parametrize("name", ["enriched.jsonl", "conflicts.jsonl", "pending.jsonl"])
def test_a_line_of_the_last_run_that_is_json_but_no_such_line_is_named_with_the_way_out(
    house: House, name: str, line: str
) -> None:
    house.night(MONDAY)
    publish_otherwise(house, name, f"{line}\n")
    with pytest.raises(RunError, match=rf"{name}: .* not as it was written; restore the run 2026-11-23"):
        house.night(TUESDAY)
    assert last_attempt(house)["exit_code"] == 1


@pytest.mark.parametrize(
    "kept", ["3", '{"last":3}', '{"last":{"outcome":"found"}}', '{"last":{"outcome":"found","id":null,"facts":{}}}']
)
def test_a_link_that_waits_for_what_nobody_wrote_is_named_with_the_way_out(house: House, kept: str) -> None:
    house.night(MONDAY)
    publish_otherwise(house, "pending.jsonl", f'{{"record_id":"r","ctgov":{kept}}}\n')
    with pytest.raises(RunError, match=r"pending\.jsonl: .* not as it was written; restore the run 2026-11-23"):
        house.night(TUESDAY)


@pytest.mark.parametrize("text", [None, "nonsense", "{}", "[]"])
def test_a_damaged_summary_of_the_last_run_is_named_with_the_way_out(house: House, text: str | None) -> None:
    house.night(MONDAY)
    file = house.latest().path / "summary.json"
    file.unlink() if text is None else file.write_text(text)
    with pytest.raises(RunError, match=r"summary\.json: .*; restore the run 2026-11-23, or move its folder away"):
        house.night(TUESDAY)
    assert last_attempt(house)["exit_code"] == 1


def test_metrics_tell_that_a_damaged_last_run_ended_the_start_before_anything_was_asked(house: House) -> None:
    """They went on telling of the 0 of the night before; and a lost summary was seen when all had been asked."""
    house.settings["metrics"] = house.root / "x.prom"
    house.night(MONDAY)
    (house.latest().path / "summary.json").write_text("")
    house.server.forget()
    with pytest.raises(RunError, match=r"summary\.json: this is not JSON"):
        house.night(TUESDAY)
    assert "trialweave_exit_code 1\n" in (house.root / "x.prom").read_text()
    assert house.server.count() == 0


@pytest.mark.parametrize("text", ['{"run_id":', "{}", "[]"])
def test_a_damaged_note_is_as_good_as_a_lost_one(house: House, text: str) -> None:
    house.night(MONDAY)
    (house.root / "runs/latest.json").write_text(text)
    house.night(TUESDAY)
    assert house.latest().path.name == TUESDAY
    assert house.latest().summary["since"] == MONDAY


def test_a_copy_of_the_runs_without_links_goes_on_and_says_that_its_latest_is_none(house: House) -> None:
    """It used to show the run of the day of the copy for ever, and to gather a hidden link each night."""
    for day in (MONDAY, TUESDAY):
        house.night(day)
    runs = house.root / "runs"
    (runs / "latest").unlink()
    shutil.copytree(runs / TUESDAY, runs / "latest")
    (runs / ".latest.0123456789ab").symlink_to(MONDAY)
    ended = house.night(WEDNESDAY)
    assert ended.troubles == (
        f"{runs}/latest is no link and shows an older run for ever; move it away, and the next run is linked there",
    )
    assert (house.latest().path.name, house.latest().summary["since"]) == (WEDNESDAY, TUESDAY)
    assert list(runs.glob(".latest.*")) == []
    (runs / "latest.json").unlink()
    assert house.latest().path.name == WEDNESDAY
    shutil.rmtree(runs / "latest")
    assert house.night(THURSDAY).troubles == ()
    assert (runs / "latest").resolve().name == THURSDAY
