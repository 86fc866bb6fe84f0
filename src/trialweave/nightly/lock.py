"""One run at a time in a runs folder. The lock is the kernel's: it ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from trialweave.errors import RunLocked

_FILE = ".lock"


@contextmanager
def run_lock(runs: Path, run_id: str) -> Iterator[None]:
    """Hold the runs folder. Raises RunLocked at once, naming the holder, where another process holds it."""
    with (runs / _FILE).open("ab+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunLocked(
                f"{runs}: {_holder(file)} is under way; this start ends here. Nothing is wrong unless it never ends."
            ) from None
        note = {"run_id": run_id, "pid": os.getpid(), "host": socket.gethostname()}
        file.truncate(0)
        file.write(json.dumps(note).encode() + b"\n")
        file.flush()
        yield


def _holder(file: BinaryIO) -> str:
    file.seek(0)
    try:
        note = json.loads(file.read(4096))
        return f"run {note['run_id']} (process {note['pid']} on {note['host']})"
    except (ValueError, KeyError, TypeError):
        return "another run"
