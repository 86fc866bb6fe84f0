"""A lock between processes that the kernel takes back when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trialweave.clock import SystemClock

try:
    import fcntl
except ImportError:  # Windows: processes there are not kept apart
    fcntl = None  # type: ignore[assignment]

SHARED = fcntl is not None
"""Can processes on this machine be kept apart at all?"""


PATIENCE = 10.0
"""Seconds of the machine's own time that a holder is waited for: it may have been stopped."""

_BETWEEN = 0.02


@contextmanager
def locked(path: Path, *, wait: float | None = None) -> Iterator[int]:
    """Hold a file locked, and hand out its descriptor; it is made where it is missing, and a link is not followed.

    Raises TimeoutError where another process still holds it after `wait` seconds, or PATIENCE, and OSError.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        if SHARED:
            _take(handle, PATIENCE if wait is None else wait)
        yield handle
    finally:
        os.close(handle)


def _take(handle: int, wait: float) -> None:
    clock = SystemClock()
    ends = clock.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if clock.monotonic() >= ends:
                raise TimeoutError("another process holds the lock") from None
        clock.sleep(_BETWEEN)
