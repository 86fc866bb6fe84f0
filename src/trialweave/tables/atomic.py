"""Files that are there whole or not at all."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from trialweave.errors import UsageError

try:
    import fcntl
except ImportError:  # Windows: nobody can tell there what is abandoned, and no open file is renamed
    fcntl = None  # type: ignore[assignment]

_LOCKS = fcntl is not None

_BUFFER = 1 << 18
"""Bytes that are written at once."""

_UNFINISHED = ".part"
_RANDOM = "[0-9a-f]" * 12


@contextmanager
def write_atomically(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file that takes its place only when the block ends well; otherwise what stood there stays untouched.

    It is written under a hidden name in the same folder, synchronised to the disk and renamed. A link is followed.
    What a writer of the same file that was killed left there is removed.
    What is no regular file (`/dev/stdout`, a pipe) is written straight through. Raises UsageError (see `target_of`).
    """
    target = target_of(path)
    if target is None:
        with Path(path).open("wb") as through:
            yield through
        return
    _remove_abandoned(target)
    beside, stream = _begun(target)
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            if target.exists():
                beside.chmod(target.stat().st_mode & 0o777)
            if _LOCKS:  # as long as it is locked
                beside.replace(target)
        if not _LOCKS:
            beside.replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            beside.unlink()
        raise
    _sync_folder(target.parent)


def _begun(target: Path) -> tuple[Path, BinaryIO]:
    """A new file beside the target, locked for as long as it is open: that lock tells it from an abandoned one."""
    while True:
        beside = target.with_name(f".{target.name[:200]}.{os.urandom(6).hex()}{_UNFINISHED}")
        stream = beside.open("xb", buffering=_BUFFER)
        if not _LOCKS:
            return beside, stream
        with suppress(OSError):  # a file system without locks
            fcntl.flock(stream, fcntl.LOCK_EX)
        if beside.exists():  # else another start took it for abandoned, before the lock
            return beside, stream
        stream.close()


def _remove_abandoned(target: Path) -> None:
    """Remove what killed writers of this target left. What is locked is being written; what cannot be locked stays."""
    if not _LOCKS:
        return
    with suppress(OSError):
        for path in target.parent.glob(f".{glob.escape(target.name[:200])}.{_RANDOM}{_UNFINISHED}"):
            with suppress(OSError), path.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


def target_of(path: str | Path) -> Path | None:
    """The regular file that a path leads to; None for what is there and is none.

    Raises UsageError where the folder is missing, or a folder stands in the place of the file.
    """
    given = Path(path)
    if given.exists() and not given.is_file() and not given.is_dir():
        return None
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise UsageError(f"the folder {target.parent} does not exist; make it first")
    return target


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last; not every system lets a folder be opened or synchronised."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
