"""What is remembered of the files that `enrich` wrote: a run into the same file copies what is as it was.

The ledger of a file lies in the cache directory, under a digest of the file's path. It is told from the file itself
whether a line may be copied (`ledger`), so a file that was edited, moved or written by another program costs the next
run its time and nothing else; and so does a ledger that cannot be read, or kept.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from trialweave.fetch.untrusted import check_ours, open_ours
from trialweave.ledger import Earlier, Ledger, LedgerWriter
from trialweave.packed import Packed

FOLDER = "outputs-1"
"""Name of the directory below the cache directory; another format lies in another directory and is never read."""

MOST = 20
"""Files that are remembered; a ledger takes a seventh of the bytes of its file."""


_UNFINISHED = ".part"
_ABANDONED = 24 * 60 * 60
"""Seconds after which nobody goes on writing a ledger that was begun."""


class Remembered(NamedTuple):
    """What is known of a file from the run before, and what notes it for the next one."""

    earlier: Earlier | None
    ledger: Ledger


@contextmanager
def remembered(cache_dir: Path, output: Path) -> Iterator[Remembered]:
    """Around the writing of an output: when it is left without an exception, the file has to stand in its place."""
    path = cache_dir / FOLDER / f"{blake2b(os.fsencode(output), digest_size=16).hexdigest()}.keys"
    ledger = _Ledger(path)
    try:
        with ExitStack() as stack:
            earlier = _open(path, output)
            if earlier is not None:
                stack.enter_context(earlier)
            yield Remembered(earlier, ledger)
    except BaseException:
        ledger.drop()
        raise
    ledger.keep()


def ledgers(cache_dir: Path) -> list[tuple[Path, os.stat_result]]:
    """The ledgers that are there, the newest first."""
    return [(path, status) for path, status in _files(cache_dir) if path.suffix != _UNFINISHED]


def forget(cache_dir: Path, older_than: datetime) -> int:
    """Remove the ledgers that were written before, and what killed runs began; returns how many ledgers."""
    old = [path for path, status in _files(cache_dir) if status.st_mtime < older_than.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return sum(path.suffix != _UNFINISHED for path in old)


def _files(cache_dir: Path) -> list[tuple[Path, os.stat_result]]:
    found = []
    with suppress(OSError):
        _check_folder(cache_dir / FOLDER)
        for path in (cache_dir / FOLDER).iterdir():
            with suppress(OSError):
                status = path.lstat()
                check_ours(status)
                found.append((path, status))
    return sorted(found, key=lambda item: (-item[1].st_mtime, item[0].name))


def _open(path: Path, output: Path) -> Earlier | None:
    try:
        _check_folder(path.parent)
        return Earlier.of(open_ours(path), output)
    except OSError:
        return None


def _check_folder(folder: Path) -> None:
    """Raises OSError for what is no folder of this user's own."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
        raise OSError("this is no folder of ours")


class _Ledger:
    """Written beside its place from the first row on, where there is a cache directory by then."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.urandom(6).hex()}{_UNFINISHED}")
        self._writer: LedgerWriter | None = None
        self._names = b""
        self._usable = True

    def begin(self, names: bytes) -> None:
        """Note which names the run knows."""
        self._names = names

    def add(self, row: Packed) -> None:
        """Note the next line of the output."""
        if not self._usable:
            return
        try:
            if self._writer is None:
                self._writer = self._open()
                self._writer.begin(self._names)
            self._writer.add(row)
        except OSError:
            self.drop()

    def _open(self) -> LedgerWriter:
        folder = self._path.parent
        if not folder.exists() and folder.parent.is_dir():
            folder.mkdir(mode=0o700)
        _check_folder(folder)
        return LedgerWriter(self._part)

    def keep(self) -> None:
        """Put it in its place, and forget what was written longest ago."""
        if self._writer is None or not self._usable:
            return
        try:
            with self._writer:
                pass
            self._part.replace(self._path)
            self._clear_out()
        except OSError:
            self.drop()

    def _clear_out(self) -> None:
        cache_dir, now = self._path.parent.parent, self._path.stat().st_mtime
        begun = [(path, now - status.st_mtime) for path, status in _files(cache_dir) if path.suffix == _UNFINISHED]
        old = [path for path, age in begun if age > _ABANDONED]
        for path in [*old, *(path for path, _ in ledgers(cache_dir)[MOST:])]:
            path.unlink(missing_ok=True)

    def drop(self) -> None:
        """Let nothing be remembered."""
        self._usable = False
        if self._writer is not None:
            with suppress(OSError), self._writer:
                self._part.unlink(missing_ok=True)
