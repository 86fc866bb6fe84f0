"""Files that are there whole or not at all."""

from __future__ import annotations

import glob
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from trialweave.errors import RunError, UsageError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

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
    A file that would come out as it stands there is left, and only its time is set. What a writer of the same file that
    was killed left there is removed. What is no regular file (`/dev/stdout`, a pipe) is written straight through.
    Raises UsageError (see `target_of`), and RunError where anybody writes into the file that stands there meanwhile.
    """
    target = target_of(path)
    if target is None:
        with Path(path).open("wb") as through:
            yield through
        return
    _remove_abandoned(target)
    beside, new = _begun(target)
    try:
        different = _Different(target, new, path)
        with io.BufferedWriter(different, _BUFFER) as stream:
            yield stream
            stream.flush()
            if different.stands_already():
                beside.unlink()
                return
            os.fsync(new.fileno())
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


class _Different(io.RawIOBase):
    """The new file of a target, which is begun at the first byte that differs from what stands in the target.

    Reading costs a fraction of writing and synchronising, and a run often gives what the last one gave.
    """

    def __init__(self, target: Path, new: io.FileIO, given: str | Path) -> None:
        self._target = target
        self._given = given
        self._new = new
        self._old: io.FileIO | None = None
        self._same = 0
        if _LOCKS:  # else no open file can be replaced
            with suppress(OSError):
                self._old = target.open("rb", buffering=0)
                self._status = os.fstat(self._old.fileno())

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Compare as long as all was the same, else write."""
        if self._old is not None:
            given = bytes(data)
            if self._old.read(len(given)) == given:
                self._same += len(given)
                return len(given)
            self._begin(self._old)
        return self._put(data)

    def _put(self, data: ReadableBuffer) -> int:
        """Raises OSError that names the target as it was given: the system does not say what found no room."""
        try:
            return self._new.write(data)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self._given)) from error

    def stands_already(self) -> bool:
        """Whether all that was written, and no more, stands in the target and on the disk: then its time is set.

        Otherwise the new file has all of it.
        """
        if self._old is None:
            return False
        with suppress(OSError):  # it belongs to somebody else, but may be replaced
            there = self._target.stat()
            as_opened = os.path.samestat(there, self._status) and _written(there) == _written(self._status)
            if as_opened and there.st_size == self._same:
                os.fsync(self._old.fileno())
                os.utime(self._target)
                return True
        self._begin(self._old)
        return False

    def _begin(self, old: io.FileIO) -> None:
        """Write what was only compared so far."""
        self._old = None
        with old:
            old.seek(0)
            while self._same and (piece := old.read(min(self._same, _BUFFER))):
                self._same -= len(piece)
                while piece:
                    piece = piece[self._put(piece) :]
            if _written(os.fstat(old.fileno())) != _written(self._status):
                raise RunError(
                    f"{self._target} was written into during this run; let one program write it and start again"
                )

    def close(self) -> None:
        """Close both files."""
        if self._old is not None:
            self._old.close()
        self._new.close()
        super().close()


def _written(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _begun(target: Path) -> tuple[Path, io.FileIO]:
    """A new file beside the target, locked for as long as it is open: that lock tells it from an abandoned one.

    Raises OSError that names the target: the name of the other file means nothing to anybody.
    """
    while True:
        beside = target.with_name(f".{target.name[:200]}.{os.urandom(6).hex()}{_UNFINISHED}")
        try:
            stream = beside.open("xb", buffering=0)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(target)) from error
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
