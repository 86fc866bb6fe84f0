"""The pace of a host, kept by everybody on the machine."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trialweave.clock import ManualClock
from trialweave.fetch import locking
from trialweave.fetch.pacing import MARGIN, Pacer, pacer_file

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def test_requests_leave_evenly_and_a_little_slower_than_allowed(tmp_path: Path) -> None:
    clock = ManualClock(NOW)
    pacer = Pacer(clock, 2.0, tmp_path / "host")
    for _ in range(4):
        pacer.wait()
    assert clock.sleeps == pytest.approx([MARGIN / 2] * 3)


def test_two_pacers_of_one_host_share_its_pace(tmp_path: Path) -> None:
    clock = ManualClock(NOW)
    pacers = [Pacer(clock, 1.0, tmp_path / "host") for _ in range(2)]
    for pacer in pacers * 2:
        pacer.wait()
    assert clock.elapsed == pytest.approx(3 * MARGIN)


def test_time_spent_elsewhere_is_not_waited_for_again(tmp_path: Path) -> None:
    clock = ManualClock(NOW)
    pacer = Pacer(clock, 1.0, tmp_path / "host")
    pacer.wait()
    clock.elapsed += 100
    pacer.wait()
    assert clock.sleeps == []


def test_no_rate_no_file(tmp_path: Path) -> None:
    clock = ManualClock(NOW)
    for _ in range(3):
        Pacer(clock, 0.0, tmp_path / "pace" / "host").wait()
    assert clock.sleeps == []
    assert not (tmp_path / "pace").exists()


def test_a_pace_that_a_stopped_process_holds_is_kept_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0.1)
    clock = ManualClock(NOW)
    with (tmp_path / "host").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        pacer = Pacer(clock, 1.0, tmp_path / "host")
        pacer.wait()
        pacer.wait()
    assert clock.sleeps == pytest.approx([MARGIN])
    assert not pacer.shared


@pytest.mark.parametrize("junk", [b"", b"x", struct.pack("<d", float("nan")), struct.pack("<d", 1e300), b"\xff" * 100])
def test_a_file_of_garbage_costs_nothing(tmp_path: Path, junk: bytes) -> None:
    file = tmp_path / "host"
    file.write_bytes(junk)
    clock = ManualClock(NOW)
    pacer = Pacer(clock, 1.0, file)
    pacer.wait()
    pacer.wait()
    assert clock.sleeps == pytest.approx([MARGIN])


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("do not touch")
    (tmp_path / "host").symlink_to(precious)
    clock = ManualClock(NOW)
    pacer = Pacer(clock, 1.0, tmp_path / "host")
    pacer.wait()
    pacer.wait()
    assert clock.sleeps == pytest.approx([MARGIN])
    assert precious.read_text() == "do not touch"


def test_no_directory_no_sharing_but_a_pace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    clock = ManualClock(NOW)
    pacer = Pacer(clock, 1.0, tmp_path / "file" / "host")
    pacer.wait()
    pacer.wait()
    assert clock.sleeps == pytest.approx([MARGIN])


def test_the_name_of_a_pacer_file_is_a_name(tmp_path: Path) -> None:
    assert pacer_file(tmp_path, "clinicaltrials.gov", 443) == tmp_path / "clinicaltrials.gov_443"
    assert pacer_file(tmp_path, "../../etc::1", 80).parent == tmp_path


_CHILD = """
import sys
from pathlib import Path
from trialweave.clock import SystemClock
from trialweave.fetch.pacing import Pacer

class Clock(SystemClock):
    def sleep(self, seconds): pass

pacer = Pacer(Clock(), 10.0, Path(sys.argv[1]))
for _ in range(150):
    pacer.wait()
"""


def test_no_turn_is_given_twice_to_two_processes(tmp_path: Path) -> None:
    file = tmp_path / "host"
    begun = time.monotonic()
    source = str(Path(__file__).resolve().parents[2] / "src")
    children = [
        subprocess.Popen([sys.executable, "-c", _CHILD, str(file)], env={**os.environ, "PYTHONPATH": source})
        for _ in range(2)
    ]
    assert [child.wait(300) for child in children] == [0, 0]
    (promised,) = struct.unpack("<d", file.read_bytes())
    assert promised - begun >= 300 * MARGIN / 10
