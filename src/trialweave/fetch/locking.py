"""A lock between processes that the kernel takes back when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: processes there are not kept apart
    fcntl = None  # type: ignore[assignment]

SHARED = fcntl is not None
"""Can processes on this machine be kept apart at all?"""


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold a file locked, and hand out its descriptor; it is made where it is missing, and a link is not followed.

    Raises OSError.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        if SHARED:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)
