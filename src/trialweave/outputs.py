"""What is remembered of the files that `enrich` wrote: a run over the same records copies what is as it was.

The ledger of a file lies in the cache directory, under a digest of the file's path. It is told from the file itself
whether a line may be copied (`ledger`), so a file that was edited, moved or written by another program costs the next
run its time and nothing else; and so does a ledger that cannot be read, or kept.

A run into the same file copies from that. A run into another one, to standard output or into a flat view copies from
the file that knows most of its records, whatever the names of tables and files: an export may bear the date.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from functools import partial
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from trialweave.fetch.untrusted import check_ours, open_ours
from trialweave.ledger import Beginning, ChooseEarlier, Earlier, Ledger, LedgerWriter
from trialweave.packed import Packed

FOLDER = "outputs-1"
"""Name of the directory below the cache directory; another format lies in another directory and is never read."""

MOST = 20
"""Files that are remembered; a ledger takes a seventh of the bytes of its file."""

TRIED = 5
"""Files that are there, the last written first, that are searched for records of a run into another: 10 ms each."""

_UNFINISHED = ".part"
_ABANDONED = 24 * 60 * 60
"""Seconds after which nobody goes on writing a ledger that was begun."""


class Remembered(NamedTuple):
    """What is known of earlier runs, and what notes this one for the next, where its output can be copied from."""

    earlier: Earlier | ChooseEarlier
    ledger: Ledger | None


@contextmanager
def remembered(cache_dir: Path, output: Path | None) -> Iterator[Remembered]:
    """Around the writing of an output: when it is left without an exception, the file has to stand in its place.

    `output` is None for what is not remembered itself: standard output, or a flat view.
    """
    ledger = None if output is None else _Ledger(cache_dir / FOLDER, os.fsencode(output))
    try:
        with ExitStack() as stack:
            own = None if ledger is None else _open(ledger.path)
            earlier = None if own is None else stack.enter_context(own)
            yield Remembered(earlier or partial(_knowing, cache_dir, stack), ledger)
    except BaseException:
        if ledger is not None:
            ledger.drop()
        raise
    if ledger is not None:
        ledger.keep()


def _knowing(cache_dir: Path, stack: ExitStack, keys: Collection[bytes]) -> Earlier | None:
    """The remembered output that knows most of these records, open until the stack ends; None where none knows any."""
    most, best = 0, None
    there = filter(None, (_open(path) for path, _ in ledgers(cache_dir)))
    for earlier in islice(there, TRIED):
        known = earlier.knows(keys)
        worse, most, best = (best, known, earlier) if known > most else (earlier, most, best)
        if worse is not None:
            worse.close()
        if most == len(keys):
            break
    return None if best is None else stack.enter_context(best)


def _name_of(output: bytes) -> str:
    return f"{blake2b(output, digest_size=16).hexdigest()}.keys"


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


def _open(path: Path) -> Earlier | None:
    """The output that this is the ledger of; None where either is not there, or is not what we wrote."""
    with suppress(OSError), ExitStack() as stack:
        _check_folder(path.parent)
        ledger = stack.enter_context(open_ours(path))
        beginning = Beginning.read(ledger)
        if beginning is not None and _name_of(beginning.output) == path.name:
            output = stack.enter_context(open_ours(Path(os.fsdecode(beginning.output))))
            ledger.seek(0)
            earlier = Earlier(ledger, output)
            stack.pop_all()
            return earlier
    return None


def _check_folder(folder: Path) -> None:
    """Raises OSError for what is no folder of this user's own."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
        raise OSError("this is no folder of ours")


class _Ledger:
    """Written beside its place from the first row on, where there is a cache directory by then."""

    def __init__(self, folder: Path, output: bytes) -> None:
        self.path = path = folder / _name_of(output)
        self._output = output
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
        folder = self.path.parent
        if not folder.exists() and folder.parent.is_dir():
            folder.mkdir(mode=0o700)
        _check_folder(folder)
        return LedgerWriter(self._part, self._output)

    def keep(self) -> None:
        """Put it in its place, and forget what was written longest ago."""
        if self._writer is None or not self._usable:
            return
        try:
            with self._writer:
                pass
            self._part.replace(self.path)
            self._clear_out()
        except OSError:
            self.drop()

    def _clear_out(self) -> None:
        cache_dir, now = self.path.parent.parent, self.path.stat().st_mtime
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
