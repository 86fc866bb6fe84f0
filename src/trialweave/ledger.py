"""The ledger of an output: for each of its lines its key, its checksum, and what a run tells of it besides.

With it the lines of an earlier run can be copied into the next output. It begins with a digest of the names that the
run knew and the path of the output, where that does not lie beside it, and has one entry for each line, in the order of
the lines; entries and lines are found by their places, so nothing of either has to be held in memory. Copied is only
what is whole: a damaged or foreign ledger, or a line that is not as it was written, is woven again.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable, Collection
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Protocol, Self

from trialweave.errors import RunError
from trialweave.owners import Owners
from trialweave.packed import HEAD, Packed, Told, told_of

FORMAT = b"trialweave.ledger/4\n"
REACH = 5000
"""How far rows may have moved to be found again: entries that are looked at ahead, and kept behind."""

BUFFER = 1 << 18
"""Bytes that are written at once: rows are kilobytes, and each call of the system costs as much as copying one."""

MOST_BYTES = 64 << 20
"""Bytes of a line, and of what is told of it, at most: a ledger may be a file of holes that claims all memory."""

_STEP = 500
_BEGINNING = struct.Struct(">16sH")
"""Digest of the names that the run knew, and bytes of the path of its output."""

Place = tuple[int, int]
"""Where in a ledger an entry begins, and how many bytes it has."""


class Ledger(Protocol):
    """Takes the rows of an output, in its order."""

    def begin(self, names: bytes) -> None:
        """Note, first of all, which names the run knows: 16 bytes, the same only where all names are."""
        ...

    def add(self, row: Packed) -> None:
        """Note the next line of the output."""
        ...

    def drop(self) -> None:
        """Let no later run copy any of these lines: they are not what their keys tell."""
        ...


class LedgerWriter:
    """Writes the ledger of an output while that is written: each line, ended by a line feed, in the same order.

    `output` is where the output will stand, for a ledger that does not lie beside it.
    """

    def __init__(self, path: Path, output: bytes = b"") -> None:
        self._stream = path.open("wb", buffering=BUFFER)
        self._output = output
        self._place = 0

    def begin(self, names: bytes) -> None:
        """Note, first of all, which names the run knows."""
        self._stream.write(FORMAT + _BEGINNING.pack(names, len(self._output)) + self._output)

    def add(self, row: Packed) -> None:
        """Note the next line of the output."""
        self._stream.write(row.head(self._place) + row.told)
        self._place += len(row.line) + 1

    def drop(self) -> None:
        """Let no later run copy any of these lines: without its beginning a ledger is foreign."""
        self._stream.seek(0)
        self._stream.write(bytes(len(FORMAT)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()


class Taken(NamedTuple):
    """A row that need not be woven, where it is in an earlier run, and what the counting is given of it."""

    place: Place | None
    row: Packed
    told: Told


def taken(place: Place | None, row: Packed, owners: Owners | None) -> Taken | None:
    """A row with the key that is looked for; None where it has to be woven: its names have other `owners`, where they
    have to be asked, or what is told of it is nothing that can be read.
    """
    try:
        same = owners is None or owners.of(row.asked) == row.answers
        return Taken(place, row, told_of(row)) if same else None
    except ValueError:
        return None


class Beginning(NamedTuple):
    """What a ledger begins with; its entries stand behind it."""

    names: bytes
    output: bytes

    @classmethod
    def read(cls, ledger: BinaryIO) -> Self | None:
        """The beginning of a ledger that stands at its first byte; None for what is none of this format."""
        if ledger.read(len(FORMAT)) != FORMAT or len(data := ledger.read(_BEGINNING.size)) < _BEGINNING.size:
            return None
        names, length = _BEGINNING.unpack(data)
        return cls(names, ledger.read(length))


class Earlier:
    """The lines of an earlier run, by key. Of `REACH` entries ahead it is known where they are.

    `names` is what the run noted of the names that it knew.
    """

    def __init__(self, ledger: BinaryIO, output: BinaryIO) -> None:
        self._ledger = ledger
        self._output = output
        self._end = output.seek(0, os.SEEK_END)
        self._ahead: OrderedDict[bytes, Place] = OrderedDict()
        self._taken = 0
        beginning = Beginning.read(ledger)
        self.names = b"" if beginning is None else beginning.names
        self._next = ledger.seek(0, os.SEEK_CUR if beginning is not None else os.SEEK_END)
        self._advance(REACH)

    @classmethod
    def open(cls, ledger: Path, output: Path) -> Self | None:
        """The earlier run whose ledger and output these are; None where they cannot be opened."""
        try:
            return cls.of(ledger.open("rb"), output)
        except OSError:
            return None

    @classmethod
    def of(cls, ledger: BinaryIO, output: Path) -> Self:
        """The earlier run whose opened ledger, and output, these are. Raises OSError, and then closes the ledger."""
        with ExitStack() as stack:
            stack.callback(ledger.close)
            earlier = cls(ledger, stack.enter_context(output.open("rb")))
            stack.pop_all()
        return earlier

    def knows(self, keys: Collection[bytes]) -> int:
        """How many of these keys are among the next entries."""
        return sum(key in self._ahead for key in keys)

    def take(self, key: bytes, owners: Owners | None) -> Taken | None:
        """The row with this key; None where it has to be woven, because it is not there or damaged.

        Or its names have other `owners`, which need not be asked where this run and that one know the same names.
        """
        self._taken += 1
        if self._taken % _STEP == 0:
            self._advance(_STEP)
        place = self._ahead.pop(key, None)
        row = None if place is None else self._read(place)
        return None if row is None else taken(place, row, owners)

    def read(self, place: Place) -> Packed:
        """The row whose entry stands at this place, which `take` found whole. Raises RunError where it is no more."""
        row = self._read(place)
        if row is None:
            raise RunError(f"{self._output.name} was changed while its lines were copied; start again")
        return row

    def _read(self, place: Place) -> Packed | None:
        begin, size = place
        entry = os.pread(self._ledger.fileno(), size, begin)
        if len(entry) < size:
            return None
        key, answers, at, length, checksum, _ = HEAD.unpack_from(entry)
        if length > MOST_BYTES or at + length > self._end:
            return None
        line, told = os.pread(self._output.fileno(), length, at), entry[HEAD.size :]
        return Packed(key, answers, line, told, checksum) if zlib.crc32(told, zlib.crc32(line)) == checksum else None

    def _advance(self, entries: int) -> None:
        """Look at the next entries of the ledger: in one go, because each other look at it leads somewhere else."""
        for _ in range(entries):
            self._ledger.seek(self._next)
            head = self._ledger.read(HEAD.size)
            if len(head) < HEAD.size:
                return
            key, _, _, _, _, size = HEAD.unpack(head)
            if size <= MOST_BYTES:
                self._ahead[key] = self._next, HEAD.size + size
            self._next += HEAD.size + size
        while len(self._ahead) > 2 * REACH:
            self._ahead.popitem(last=False)

    def close(self) -> None:
        """Close both files."""
        self._ledger.close()
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


ChooseEarlier = Callable[[Collection[bytes]], Earlier | None]
"""Given the keys of some records of a run, finds an earlier run that knows them."""
