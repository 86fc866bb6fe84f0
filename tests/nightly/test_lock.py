"""Two starts at once: one runs, the other says so and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from trialweave.errors import RunLocked
from trialweave.nightly.lock import run_lock

_HOLD = """
import sys
from pathlib import Path
from trialweave.nightly.lock import run_lock
with run_lock(Path(sys.argv[1]), "first"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_start_ends_at_once_and_names_the_holder(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(RunLocked, match=rf"run first \(process {holder.pid} on ") as refusal,
            run_lock(tmp_path, "second"),
        ):
            pass
        assert refusal.value.exit_code == 1
        os.kill(holder.pid, signal.SIGKILL)
    with run_lock(tmp_path, "third"):
        assert '"third"' in (tmp_path / ".lock").read_text()


def test_a_lock_note_that_cannot_be_read_still_refuses(tmp_path: Path) -> None:
    with run_lock(tmp_path, "first"):
        (tmp_path / ".lock").write_text("half a no")
        with pytest.raises(RunLocked, match="another run is under way"), run_lock(tmp_path, "second"):
            pass
