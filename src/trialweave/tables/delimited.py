"""CSV and TSV: a header, then one row for each record; a quoted cell may hold line ends.

A comma, a semicolon, a tab or a bar parts the cells of a `.csv`, whichever gives the header the most fields; a tab
those of a `.tsv`; in both, what a line `sep=;` before the header says, as spreadsheets write it. Lines without text in
any cell are passed over: spreadsheets leave them at the end.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from trialweave.core.models import FIELDS, Origin
from trialweave.core.record import ColumnMap, loose
from trialweave.tables.lines import LINE_LIMIT, Fault, Line, text_lines
from trialweave.tables.rows import Refusal, Row, RowOrRefusal, repeated, without_text

_DELIMITERS = (",", ";", "\t", "|")
_TOLD = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
_MEND_WIDTH = "add or take out cells; a cell that holds the delimiter stands in double quotes"
_MEND_QUOTES = 'put the cell in double quotes and write each quote inside it twice ("")'


def read_csv(stream: BinaryIO, name: str, columns: ColumnMap) -> Iterator[RowOrRefusal]:
    """The rows of a CSV. A row that is broken, or has too many or too few cells, is refused."""
    return _read(stream, name, columns, None)


def read_tsv(stream: BinaryIO, name: str, columns: ColumnMap) -> Iterator[RowOrRefusal]:
    """The rows of a table whose cells are parted by tabs, quoted as in a CSV."""
    return _read(stream, name, columns, "\t")


def best_delimiter(header: str, columns: ColumnMap) -> str | None:
    """The delimiter that parts this line into the most known columns, or None where it shows none."""
    known = {mark: _known(_split(header, mark), columns) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: known[mark])
    return best if known[best] and best in header else None


def told_delimiter(line: str) -> str | None:
    """The delimiter that a first line names instead of columns (`sep=;`), or None where it names none."""
    told = _TOLD.fullmatch(line)
    return None if told is None else told[1]


def named(header: list[str]) -> list[str]:
    """The names of columns, where a column without a name (an index, a spacer) is called `column 3` by its place."""
    return [name if name.strip() else f"column {place}" for place, name in enumerate(header, 1)]


def header_fault(header: list[str], columns: ColumnMap) -> Fault | None:
    """What is wrong with the names of a table's columns."""
    twice = repeated(header)
    if twice is not None:
        return Fault(f"the header names {twice!r} more than once", "give each column a name of its own")
    alike = _alike(header, columns)
    if alike is not None:
        return Fault(
            f"the columns {alike[0]!r} and {alike[1]!r} mean the same field",
            "call the one that counts exactly as the field, or name it in [columns]",
        )
    if not _known(header, columns):
        return Fault(
            "there is no header: no column is called like a field",
            f"name the columns in the first line ({FIELDS[-2]}, {FIELDS[-1]}, ...) or map them in [columns]",
        )
    return None


def _alike(header: list[str], columns: ColumnMap) -> tuple[str, str] | None:
    """Two columns that are called like one field but for case and spaces, where none is called exactly so."""
    names = {field: field for field in FIELDS} | columns.named
    exact, present = {loose(name): name for name in names.values()}, set(header)
    first: dict[str, str] = {}
    for name in header:
        meant = loose(name)
        if meant in exact and exact[meant] not in present and first.setdefault(meant, name) != name:
            return first[meant], name
    return None


def _split(line: str, delimiter: str, *, spaced: bool = False) -> list[str]:
    """The cells of a line by itself; none where its quotes are broken. `spaced`: spaces before a cell do not count."""
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=spaced, strict=True), [])
    except csv.Error:
        return []


def _known(names: list[str], columns: ColumnMap) -> int:
    return sum(columns.knows(cell) for cell in names)


def _read(stream: BinaryIO, name: str, columns: ColumnMap, delimiter: str | None) -> Iterator[RowOrRefusal]:
    # The module's limit on one cell belongs to the whole process, so it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), LINE_LIMIT))
    lines = text_lines(stream)
    first = next((line for line in lines if not line.text.isspace()), None)
    if first is not None and (told := told_delimiter(first.text)) is not None:
        delimiter = told
        first = next((line for line in lines if not line.text.isspace()), None)
    if first is None:
        return
    delimiter = delimiter or best_delimiter(first.text, columns) or ","
    spaced = any(cell.lstrip(" ").startswith('"') for cell in _split(first.text, delimiter))
    table = _Table(chain([first], lines), delimiter, spaced=spaced)
    header = table.header(columns)
    if isinstance(header, Fault):
        yield Refusal(Origin(name, table.line), header.reason, header.advice)
        return
    while (cells := table.next_row(len(header))) is not None:
        if isinstance(cells, Fault):
            yield Refusal(Origin(name, table.line), cells.reason, cells.advice)
        elif not without_text(cells):
            yield Row(dict(zip(header, cells, strict=True)), Origin(name, table.line))


class _Table:
    """Rows of cells out of lines. After a row with broken quotes it starts anew at the line after the row's first."""

    def __init__(self, lines: Iterator[Line], delimiter: str, *, spaced: bool) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._row: list[Line] = []
        self._size = 0
        self._split = partial(_split, delimiter=delimiter, spaced=spaced)
        self._reader = csv.reader(self, delimiter=delimiter, skipinitialspace=spaced, strict=True)

    @property
    def line(self) -> int:
        """The number of the line on which the last row started."""
        return self._row[0].number

    def header(self, columns: ColumnMap) -> list[str] | Fault:
        cells = self.next_row() or []
        return cells if isinstance(cells, Fault) else header_fault(named(cells), columns) or named(cells)

    def next_row(self, width: int | None = None) -> list[str] | Fault | None:
        """The next row, what is wrong with it, or None at the end. A row without text has any width."""
        self._row, self._size = [], 0
        try:
            cells = next(self._reader)
        except StopIteration:
            return None
        except csv.Error as problem:
            self._again.extendleft(reversed(self._row[1:]))
            return self._fault() or Fault(f"broken quotes ({problem})", _MEND_QUOTES)
        if width is None or len(cells) == width or without_text(cells):
            return self._fault() or cells
        self._restart_at_a_row_of(width)
        had = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
        return self._fault() or Fault(f"the row has {had}, the header {width}", _MEND_WIDTH)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._row.append(line)
        self._size += len(line.text)
        if self._size > LINE_LIMIT:
            raise csv.Error(f"more than {LINE_LIMIT:,} characters in one row")
        return line.text

    def _fault(self) -> Fault | None:
        return next((line.fault for line in self._row if line.fault is not None), None)

    def _restart_at_a_row_of(self, width: int) -> None:
        """An open quote may have swallowed whole rows: go back to the first line that is one by itself."""
        for index, line in enumerate(self._row[1:], 1):
            if len(self._split(line.text)) == width:
                self._again.extendleft(reversed(self._row[index:]))
                return
