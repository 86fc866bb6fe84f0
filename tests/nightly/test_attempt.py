"""A start that is refused before it holds the runs folder is the last attempt too, unless another one is under way."""

from __future__ import annotations

import errno
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from made.house import House, last_attempt
from trialweave.errors import RunError, UsageError
from trialweave.nightly import publish
from trialweave.nightly.attempt import refusals_noted
from trialweave.nightly.job import run_nightly
from trialweave.nightly.lock import run_lock

MONDAY, TUESDAY = "2026-11-23", "2026-11-24"
NOTE = "runs/last_attempt.json"


def test_a_refused_run_id_is_noted_for_monitoring_log_and_metrics(house: House) -> None:
    house.settings["metrics"] = house.root / "trialweave.prom"
    house.night(MONDAY)
    log = io.StringIO()
    with pytest.raises(UsageError, match="cannot name a run"):
        house.night(TUESDAY, run_id="a/b", log=log)
    note = last_attempt(house)
    assert note.pop("reason").startswith("'a/b' cannot name a run")
    assert note == {"run_id": "a/b", "exit_code": 2, "signals": [], "published": False, "at": f"{TUESDAY}T02:00:00Z"}
    (line,) = log.getvalue().splitlines()
    assert (json.loads(line)["event"], json.loads(line)["exit_code"]) == ("failed", 2)
    metrics = (house.root / "trialweave.prom").read_text()
    assert "trialweave_exit_code 2\n" in metrics
    assert 'trialweave_records{row="written"} 12\n' in metrics


@pytest.mark.parametrize("metrics", ["nowhere/x.prom", "."])
def test_metrics_that_cannot_be_written_are_refused_and_noted_before_anything_is_asked(
    house: House, metrics: str
) -> None:
    house.settings["metrics"] = house.root / metrics
    with pytest.raises(UsageError, match="metrics = "):
        house.night(MONDAY)
    assert (last_attempt(house)["run_id"], last_attempt(house)["exit_code"]) == (MONDAY, 2)
    assert house.server.count() == 0


def test_what_is_refused_before_there_are_settings_is_noted(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such setting"), refusals_noted(tmp_path / "runs", None):
        raise UsageError("no such setting")
    note = json.loads((tmp_path / NOTE).read_bytes())
    assert (note["run_id"], note["exit_code"], note["reason"]) == (None, 2, "no such setting")


def test_what_is_not_refused_leaves_no_trace(tmp_path: Path) -> None:
    with refusals_noted(tmp_path / "runs", None):
        pass
    assert not (tmp_path / "runs").exists()


def test_a_refused_start_leaves_the_note_of_the_one_under_way_alone(house: House) -> None:
    house.night(MONDAY)
    before = last_attempt(house)
    with run_lock(house.root / "runs", TUESDAY):
        with pytest.raises(UsageError, match="cannot name a run"):
            house.night(TUESDAY, run_id="a/b")
        with pytest.raises(UsageError, match="no such setting"), refusals_noted(house.root / "runs", None):
            raise UsageError("no such setting")
    assert last_attempt(house) == before


def test_a_refused_partial_run_is_no_attempt(house: House, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("C3\n")
    shift = house.shift(MONDAY, only=tmp_path / "ids.txt", run_id="a/b")
    with pytest.raises(UsageError, match="cannot name a run"):
        run_nightly(shift)
    with pytest.raises(UsageError, match="cannot be read"):
        run_nightly(replace(shift, only=tmp_path / "nowhere.txt"))
    assert not (house.root / NOTE).exists()


class _FullDisk(io.StringIO):
    """A log that takes no more lines after `events` of them."""

    def __init__(self, events: int) -> None:
        super().__init__()
        self.left = events

    def write(self, text: str) -> int:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


def test_a_log_that_takes_nothing_ends_the_start_and_the_note_says_so(house: House) -> None:
    """It used to say "under way, or killed" of a start that had ended with 1."""
    with pytest.raises(OSError, match="No space left"):
        house.night(MONDAY, log=_FullDisk(0))
    assert last_attempt(house)["exit_code"] == 1
    assert "No space left" in last_attempt(house)["reason"]


def test_a_run_is_published_though_log_and_metrics_cannot_tell_of_it(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    house.settings["metrics"] = folder / "x.prom"

    def render(*_: object) -> str:
        folder.rmdir()
        return "page"

    ended = house.night(MONDAY, log=_FullDisk(3), render=render)  # started, woven, gates
    assert (ended.exit_code, last_attempt(house)["exit_code"], last_attempt(house)["published"]) == (0, 0, True)
    log, metrics = ended.troubles
    assert "the log cannot be written: [Errno 28] No space left" in log
    assert "x.prom: the metrics cannot be written: the folder" in metrics


def test_a_folder_that_is_no_run_stands_in_the_way_before_anything_is_asked(house: House) -> None:
    (house.root / "runs/mine").mkdir(parents=True)
    (house.root / "runs/mine/notes.txt").write_text("a table of ours")
    with pytest.raises(UsageError, match="mine is there and is no published run"):
        house.night(MONDAY, run_id="mine")
    assert house.server.count("ctgov") <= 1
    assert (house.root / "runs/mine/notes.txt").read_text() == "a table of ours"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_disk_that_fills_up_under_a_run_is_named_and_makes_room_for_the_note(house: House, number: int) -> None:
    """The message used to name everything but the runs folder, and the note to say "under way, or killed"."""

    def full(*_: object) -> str:
        raise OSError(number, "No room")

    house.night(MONDAY)
    with pytest.raises(
        RunError, match=rf"the run cannot be written to {house.root / 'runs'}: No room; make room there"
    ):
        house.night(TUESDAY, render=full)
    assert not (house.root / "runs/.work").exists()
    assert last_attempt(house)["exit_code"] == 1
    assert "make room there" in last_attempt(house)["reason"]
    assert house.latest().path.name == MONDAY


def test_a_full_disk_under_the_log_is_the_logs_own(house: House, tmp_path: Path) -> None:
    class Log(_FullDisk):
        name = str(tmp_path / "night.log")

    with pytest.raises(OSError, match=r"No space left on device: '.*night\.log'"):
        house.night(MONDAY, log=Log(1))


def test_a_disk_without_room_for_the_note_hides_no_reason(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No room")

    house.night(MONDAY)
    monkeypatch.setattr(publish, "write_object", full)
    with pytest.raises(RunError, match="the run cannot be written to"):
        house.night(TUESDAY)
