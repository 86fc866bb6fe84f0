"""What a run lays aside on disk: its records until they are woven, its rows until their turn comes.

Records are woven study by study, because then each study is read and looked at once, and rows are given out in the
order of the input. Both files are nameless, lie in the folder for temporary files, and vanish with the run.
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from json.encoder import encode_basestring as _quoted
from tempfile import TemporaryFile, gettempdir
from types import TracebackType
from typing import Self

from trialweave.core.identifiers import GivenId
from trialweave.core.models import SOURCES, Origin, Record
from trialweave.core.record import ColumnMap, build_record
from trialweave.core.views import encode_row
from trialweave.errors import RunError
from trialweave.ledger import BUFFER, Earlier, Place
from trialweave.loom import link_of
from trialweave.packed import Packed, unpacked

_NOWHERE = Origin("<spool>", 0)
_LAST = 0xFFFFFFFF
_SAMPLE = 100
_DIGITS = 12
"""Where reading the digits of a code ends: eleven are more than `_LAST`, and Python refuses to read thousands."""


class LaidAside:
    """A temporary file that lasts as long as its block. Raises RunError where there is no room for it."""

    def __init__(self) -> None:
        try:
            self._file = TemporaryFile(prefix="trialweave-", buffering=BUFFER)  # noqa: SIM115  # closed with the block
        except OSError as error:
            raise _no_room("the folder for temporary files", error) from error
        self._size = 0

    def _append(self, data: bytes) -> int:
        """Where in the file the data stands from now on."""
        begin = self._size
        try:
            self._file.write(data)
        except OSError as error:
            raise _no_room(gettempdir(), error) from error
        self._size += len(data)
        return begin

    def _written(self) -> None:
        """All is written, and is read from now on."""
        try:
            self._file.flush()
        except OSError as error:
            raise _no_room(gettempdir(), error) from error

    def _read(self, begin: int, size: int) -> bytes:
        """What was appended there. After `_written` only."""
        return os.pread(self._file.fileno(), size, begin)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what could not be written is wanted no more
            self._file.close()


def _no_room(folder: str, error: OSError) -> RunError:
    return RunError(
        f"this run cannot lay anything aside in {folder}: {error.strerror}; make room there, or let TMPDIR name another"
        " folder"
    )


class Spool(LaidAside):
    """The records of the plan pass: the input is read once, and its records can be had in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._places = array("Q")

    def __len__(self) -> int:
        return len(self._places)

    def taking_down(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same records, written down as they pass."""
        for record in records:
            self._places.append(self._append(spooled(record)))
            yield record
        self._written()

    def by_study(self, numbers: Iterable[int]) -> Sequence[int]:
        """The numbers of records: those of one study next to each other, studies that share a concept near each other.

        A study stands where the least of its records' concepts has it.
        """
        chosen, studies, least = array("I"), array("I"), dict[int, int]()
        for number in numbers:
            study, concept = _numbers(self._line(number))
            chosen.append(number)
            studies.append(study)
            least[study] = min(least.get(study, concept), concept)
        turns = sorted(least[study] << 64 | study << 32 | at for study, at in zip(studies, chosen, strict=True))
        return array("I", (turn & _LAST for turn in turns))

    def as_asked(self) -> Sequence[int]:
        """The numbers of all records, in the order in which their studies are asked for; first those without one."""
        turns = sorted(_numbers(self._line(number))[0] << 32 | number for number in range(len(self)))
        return array("I", (turn & _LAST for turn in turns))

    def sample(self, among: int) -> Sequence[int]:
        """The numbers of some hundred records, evenly spread over the first `among`."""
        first = min(len(self), among)
        return range(0, first, max(1, first // _SAMPLE))

    def lines(self, numbers: Sequence[int]) -> list[bytes]:
        """What was written down of these records."""
        return [self._line(number) for number in numbers]

    def _line(self, number: int) -> bytes:
        begin = self._places[number]
        end = self._places[number + 1] if number + 1 < len(self._places) else self._size
        return self._read(begin, end - begin)


def spooled(record: Record) -> bytes:
    """A record as one line: the ids that it links to, then record_id and row as JSON."""
    ids = (link.id if isinstance(link := link_of(record, source), GivenId) else "" for source in SOURCES)
    text = f"[{_quoted(record.record_id)},{encode_row(record.row)}]"
    return "\t".join((*ids, text)).encode("utf-8", "surrogatepass")


def _numbers(line: bytes) -> tuple[int, int]:
    """The digits of its study, nought for none, and of its concept: none comes last, and so does what is too long."""
    study, concept, _ = line.split(b"\t", 2)
    return int(study[3:] or 0), min(int(concept[1:_DIGITS] or _LAST), _LAST)


def record_of(line: bytes, columns: ColumnMap) -> Record:
    """The record that a line was written from; where it stood in the input is not kept."""
    record_id, row = json.loads(line.split(b"\t", 2)[2].decode("utf-8", "surrogatepass"))
    return build_record(row, _NOWHERE, columns, record_id=record_id)


class Shelf(LaidAside):
    """The rows of a block, by the number of their record, until they are wanted in order.

    What can be copied from an earlier run stays there until then; what is not here is got from `elsewhere`.
    """

    def __init__(self, block: range, earlier: Earlier | None, elsewhere: Callable[[int], Packed] | None = None) -> None:
        super().__init__()
        self._block = block
        self._places = array("q", bytes(8 * len(block)))
        self._sizes = array("I", bytes(4 * len(block)))
        self._earlier = earlier
        self._elsewhere = elsewhere

    def put(self, number: int, row: Packed) -> None:
        """Lay a row here."""
        at, data = number - self._block.start, row.whole()
        self._places[at], self._sizes[at] = self._append(data), len(data)

    def refer(self, number: int, place: Place) -> None:
        """A row lies at this place of the earlier run."""
        at, (begin, size) = number - self._block.start, place
        self._places[at], self._sizes[at] = ~begin, size

    def in_order(self) -> Iterator[Packed]:
        """The rows of the block, now that all of them are here."""
        self._written()
        yield from map(self._take, self._block)

    def _take(self, number: int) -> Packed:
        at = number - self._block.start
        place, size = self._places[at], self._sizes[at]
        if not size and self._elsewhere is not None:
            return self._elsewhere(number)
        if place >= 0:
            return unpacked(self._read(place, size))
        if self._earlier is None:
            raise RuntimeError("a row was referred to, and there is no earlier run")
        return self._earlier.read((~place, size))
