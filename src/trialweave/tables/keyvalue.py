"""Key-value text: the name of a field on one line, its value on the next, as the seed record has it.

- A record ends where a field name comes again, or at a blank line or a preface that a field name follows.
- A preface is `Skip to main content`, and whatever stood before the first field name of the file. What follows it up to
  the next field name is passed over.
- A field name right after a field name, or at the end of the file: the first has no value and is absent.
- A blank line in the place of a value is a blank value.
- Further lines after a value belong to it, joined by line feeds. At the end of a record two are no part of it and are
  passed over: what follows an id (an id has one line), and the beginning of a field name (a page that was cut short).
- Field names are the fields and the mapped columns in any spelling that `ColumnMap` takes, and where a name is due also
  any other `name_in_snake_case`, which is kept as a field of the user's own. Inside a record one word (`Notes`) is such
  a name too, if a value follows it; otherwise it belongs to the value before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from trialweave.core.models import FIELDS, Origin
from trialweave.core.record import ColumnMap, loose
from trialweave.tables.lines import LINE_LIMIT, Fault, text_lines
from trialweave.tables.rows import Refusal, Row, RowOrRefusal

_PREFACE = "skip to main content"
_OTHER_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_ONE_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LONGEST = 100
"""Characters of a field name or of a preface that is recognised again."""

_ONE_LINE = frozenset({loose("nct_id_drug_ref"), loose("nci_thesaurus_concept_id")})
_PREFACE_LINES_KEPT = 50


def read_key_value(stream: BinaryIO, name: str, columns: ColumnMap) -> Iterator[RowOrRefusal]:
    """The records of a key-value text. One that holds a damaged line is refused; the others are given."""
    reading = _Reading(name, columns)
    silent = True
    for number, line, fault in text_lines(stream):
        if (record := reading.take(number, line.rstrip("\r\n"), fault)) is not None:
            silent = False
            yield record
    if (record := reading.close()) is not None:
        yield record
    elif silent:
        yield Refusal(
            Origin(name, 1),
            "no line is the name of a field",
            f"write names and values on alternating lines, such as {FIELDS[-2]} and below it CT-0525",
        )


@dataclass(slots=True)
class _Open:
    """The record being read. `column` is the field whose value is read; `due` says that its first line is still due."""

    start: int
    known: bool = False
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    column: str = ""
    due: bool = False
    before: str | None = None
    tail: list[str] = field(default_factory=list)
    size: int = 0
    fault: Fault | None = None


class _Reading:
    """The state of the reader between two lines."""

    def __init__(self, name: str, columns: ColumnMap) -> None:
        self._in_preface = True
        self._file = name
        self._columns = columns
        self._prefaces = {_PREFACE}
        self._open: _Open | None = None

    def take(self, number: int, line: str, fault: Fault | None) -> RowOrRefusal | None:
        """Read one line; gives the record that it ends, if it ends one."""
        record = self._open
        if record is None:
            return self._take_outside(number, line, fault)
        if self._is_name(line, due=record.due):
            return self._take_name(record, number, line)
        if not line.strip():
            _take_back(record)
        if self._may_be_name(record, line):
            _settle(record, at_end=False)
            record.before, record.column, record.due = record.column, _visible(line), True
            return None
        if self._is_preface(line, due=record.due):
            return self.close()
        self._take_text(record, line, fault)
        return None

    def _take_outside(self, number: int, line: str, fault: Fault | None) -> Refusal | None:
        if fault is not None:
            return Refusal(Origin(self._file, number), fault.reason, fault.advice)
        if self._is_name(line, due=False):
            self._begin(number, line)
        elif self._in_preface and len(self._prefaces) < _PREFACE_LINES_KEPT and line.strip():
            self._prefaces.add(_plain(line))
        return None

    def close(self) -> RowOrRefusal | None:
        """The record that is open, now that it has ended."""
        record, self._open = self._open, None
        if record is None:
            return None
        _take_back(record)
        _settle(record, at_end=True)
        origin = Origin(self._file, record.start)
        if record.fault is not None:
            return Refusal(origin, f"in the record that starts here, {record.fault.reason}", record.fault.advice)
        if not (record.known and record.values):
            return Refusal(
                origin, "the record that starts here has no field with a value", "complete it or take it out"
            )
        return Row(record.values, origin)

    def _begin(self, number: int, line: str) -> None:
        self._in_preface = False
        self._open = _Open(number)
        self._name(self._open, line)

    def _take_name(self, record: _Open, number: int, line: str) -> RowOrRefusal | None:
        _take_back(record)
        if _ends_before_name(record) or loose(line) in record.names:
            ended = self.close()
            self._begin(number, line)
            return ended
        _settle(record, at_end=False)
        self._name(record, line)
        return None

    def _take_text(self, record: _Open, line: str, fault: Fault | None) -> None:
        record.fault = record.fault or fault
        record.size += len(line)
        if record.size > LINE_LIMIT:
            record.fault = record.fault or Fault(
                f"there are more than {LINE_LIMIT:,} characters", "split or shorten it"
            )
            record.tail.clear()
        elif record.due:
            record.values[record.column] = line
            record.before = None
        else:
            record.tail.append(line)
        record.due = False

    def _name(self, record: _Open, line: str) -> None:
        record.column, record.due = _visible(line), True
        record.names.add(loose(line))
        record.known = record.known or self._columns.knows(record.column)

    def _is_name(self, line: str, *, due: bool) -> bool:
        """Whether the line is the name of a field; where a value is `due`, only the name of a field that is known."""
        if not line or len(line) > _LONGEST:
            return False
        name = _visible(line)
        return self._columns.knows(name) or (not due and _OTHER_NAME.fullmatch(name) is not None)

    def _may_be_name(self, record: _Open, line: str) -> bool:
        """Whether the line is one word right after a value: a name if a value follows."""
        return (
            not record.due
            and not record.tail
            and record.column in record.values
            and len(line) <= _LONGEST
            and _ONE_WORD.fullmatch(_visible(line)) is not None
            and _visible(line) not in record.values
            and not self._is_preface(line, due=False)
            and not _is_cut_name(_visible(line))
        )

    def _is_preface(self, line: str, *, due: bool) -> bool:
        """Whether the line is a preface; where a value is `due`, only the one that every file can have."""
        if len(line) > _LONGEST:
            return False
        text = _plain(line)
        return text == _PREFACE or (not due and text in self._prefaces)


def _take_back(record: _Open) -> None:
    """A word that no value followed was no name: it goes on from the value before it."""
    if record.before is not None and record.due:
        record.tail.append(record.column)
        record.column, record.due, record.before = record.before, False, None


def _ends_before_name(record: _Open) -> bool:
    """Whether a blank line stands between the value and the name that follows; after an id, anywhere between them."""
    blanks = [not line.strip() for line in record.tail]
    return bool(blanks) and (blanks[-1] or (any(blanks) and loose(record.column) in _ONE_LINE))


def _settle(record: _Open, *, at_end: bool) -> None:
    """Give the lines after a value to the value that they go on from."""
    tail, record.tail = record.tail, []
    if at_end:
        while tail and not tail[-1].strip():
            tail.pop()
        if tail and _is_cut_name(tail[-1]):
            tail.pop()
        if loose(record.column) in _ONE_LINE:
            return
    if tail:
        first = record.values[record.column]
        record.values[record.column] = "\n".join([first, *tail] if first else tail)


def _is_cut_name(line: str) -> bool:
    return 3 <= len(line) <= _LONGEST and any(name.startswith(line) for name in FIELDS)


def _plain(line: str) -> str:
    return " ".join(line.casefold().split())


def _visible(line: str) -> str:
    return line.strip().strip("\u200b\u2060\ufeff").strip()
