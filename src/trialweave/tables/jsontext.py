"""JSON lines, and JSON: an array of objects, or objects one after the other, mostly one."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, BinaryIO

from trialweave.core.models import Origin
from trialweave.core.record import ColumnMap
from trialweave.core.values import DEPTH_LIMIT
from trialweave.tables.lines import SAVE_AS_UTF8, Fault, foreign_kind, text_lines
from trialweave.tables.rows import Refusal, Row, RowOrRefusal, repeated

FILE_LIMIT = 256 * 1024 * 1024
"""Bytes of a JSON file. Its text is held in memory, its objects one at a time; JSON lines have no limit."""

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_KINDS = {
    list: "an array",
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "a truth value",
    type(None): "null",
}
_FLAT = frozenset((str, int, float, bool, type(None)))
_MEND = "mend the record or take it out"
_NAME_THE_FIELDS = "give one object for each record, and map names of your own in [columns]"
_MOST_TOLD, _LONGEST_TOLD = 5, 40
_MOST_DIGITS = 4_000
_MOST_BREAKS = 100
"""Broken objects of one file that are passed over: the lines before each are counted anew."""

_SPACE = re.compile(r"[ \t\r\n]*")


def read_jsonl(stream: BinaryIO, name: str, columns: ColumnMap) -> Iterator[RowOrRefusal]:
    """One object on each line; blank lines are passed over, a broken line is refused."""
    for number, line, fault in text_lines(stream):
        if fault is not None:
            yield Refusal(Origin(name, number), fault.reason, fault.advice)
        elif not line.isspace():
            yield _row(line.rstrip("\r\n"), Origin(name, number), columns)


def read_json(stream: BinaryIO, name: str, columns: ColumnMap) -> Iterator[RowOrRefusal]:
    """Objects one after the other, or an array of them; `line` is where an object starts.

    After a break it goes on where the next object stands under the broken one, as programs write it; where none does,
    what follows cannot be read.
    """
    raw = stream.read(FILE_LIMIT + 1)
    fault = _unreadable(raw)
    if fault is not None:
        yield Refusal(Origin(name, 1), fault.reason, fault.advice)
        return
    text = raw.decode("utf-8-sig", "surrogateescape")
    del raw
    yield from _Elements(text, name, columns).rows()


def _row(text: str, origin: Origin, columns: ColumnMap) -> RowOrRefusal:
    try:
        return _judge(_DECODER.decode(text), text, origin, columns)
    except json.JSONDecodeError as problem:
        return Refusal(origin, f"broken JSON at column {problem.colno}: {problem.msg}", _MEND)
    except (ValueError, RecursionError) as problem:
        return Refusal(origin, f"unusable JSON: {problem}", _MEND)


def _judge(value: object, text: str, origin: Origin, columns: ColumnMap) -> RowOrRefusal:
    """A decoded value as a row, if it is one; `text` is what it was decoded from."""
    if not isinstance(value, dict):
        return Refusal(origin, f"this is {_KINDS[type(value)]} and no object", "give one JSON object for each record")
    if not _is_unicode(value, text):
        return Refusal(origin, "there are bytes that are not UTF-8, or half a surrogate pair", SAVE_AS_UTF8)
    if not (_FLAT.issuperset(map(type, value.values())) or all(_within(cell, DEPTH_LIMIT) for cell in value.values())):
        return Refusal(origin, f"lists and objects stand more than {DEPTH_LIMIT} deep in each other", _MEND)
    if not columns.knows_any(tuple(value)):
        return Refusal(origin, _without_field(value), _NAME_THE_FIELDS)
    return Row(value, origin)


def _without_field(value: Mapping[str, object]) -> str:
    if not value:
        return "the object is empty"
    told = [repr(name[:_LONGEST_TOLD]) for name in islice(value, _MOST_TOLD)]
    more = [] if len(value) <= _MOST_TOLD else ["..."]
    return f"no name in this object is that of a field: {', '.join([*told, *more])}"


class _Elements:
    """Walks the text of a JSON file from object to object, counting lines as it goes."""

    def __init__(self, text: str, name: str, columns: ColumnMap) -> None:
        self._text = text
        self._name = name
        self._columns = columns
        self._at = 0
        self._line = 1
        self._counted = 0
        self._line_start = 0
        self._last_line = 0
        self._in_array = False
        self._breaks = 0

    def rows(self) -> Iterator[RowOrRefusal]:
        if self._next() == "":
            return
        self._in_array = self._next() == "["
        try:
            yield from self._array() if self._in_array else self._sequence()
        except json.JSONDecodeError as problem:
            yield Refusal(
                Origin(self._name, problem.lineno),
                f"broken JSON at column {problem.colno}: {problem.msg}; nothing after it can be read",
                "mend the file",
            )

    def _sequence(self) -> Iterator[RowOrRefusal]:
        while self._next():
            yield self._element()

    def _array(self) -> Iterator[RowOrRefusal]:
        self._at += 1
        if self._next() != "]":
            yield self._element()
            while self._next() == ",":
                self._at += 1
                self._next()
                yield self._element()
        self._expect("]")
        if self._next():
            raise json.JSONDecodeError("Extra data", self._text, self._at)

    def _element(self) -> RowOrRefusal:
        start, origin = self._at, self._origin()
        try:
            value, self._at = _DECODER.raw_decode(self._text, start)
        except json.JSONDecodeError as problem:
            return self._passed_over(start, problem)
        except (ValueError, RecursionError) as problem:
            self._at = self._end_of_element(start, problem)
            return self._placed(Refusal(origin, f"unusable JSON: {problem}", _MEND), start)
        return self._placed(_judge(value, self._text[start : self._at], origin, self._columns), start)

    def _placed(self, read: RowOrRefusal, start: int) -> RowOrRefusal:
        """With its column, where the line tells too little: programs write whole arrays in one."""
        first, self._last_line = self._line != self._last_line, self._line
        if first or isinstance(read, Row):
            return read
        return replace(read, reason=f"at column {start - self._line_start + 1}: {read.reason}")

    def _passed_over(self, start: int, problem: json.JSONDecodeError) -> Refusal:
        """Refuse a broken element, and go on at the next. Raises `problem` where it cannot be told where that is."""
        before = self._text[self._text.rfind("\n", 0, start) + 1 : start]
        indent = before[: len(before) - len(before.lstrip(" \t"))]
        following = self._text.find(f"\n{indent}{{", start)
        broken = self._text[start : max(following, start)].rstrip()
        self._breaks += 1
        alone = not self._in_array or (indent == before and broken.endswith(","))
        if not broken or not alone or self._breaks > _MOST_BREAKS:
            raise problem
        self._at = start + len(broken) - self._in_array
        told = json.JSONDecodeError(problem.msg, self._text, min(problem.pos, self._at))
        return Refusal(Origin(self._name, told.lineno), f"broken JSON at column {told.colno}: {told.msg}", _MEND)

    def _end_of_element(self, start: int, problem: Exception) -> int:
        """Where an element ends that is JSON and yet unusable."""
        try:
            return _ANY_JSON.raw_decode(self._text, start)[1]
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError):
            raise json.JSONDecodeError(f"unusable JSON: {problem}", self._text, start) from problem

    def _next(self) -> str:
        """The next character that is no white space, or nothing at the end; it becomes the place to read on."""
        space = _SPACE.match(self._text, self._at)
        self._at = self._at if space is None else space.end()
        return self._text[self._at : self._at + 1]

    def _expect(self, character: str) -> None:
        if self._next() != character:
            raise json.JSONDecodeError(f"Expecting ',' or {character!r}", self._text, self._at)
        self._at += 1

    def _origin(self) -> Origin:
        self._line += self._text.count("\n", self._counted, self._at)
        self._line_start = max(self._line_start, self._text.rfind("\n", self._counted, self._at) + 1)
        self._counted = self._at
        return Origin(self._name, self._line)


def _unreadable(raw: bytes) -> Fault | None:
    if len(raw) > FILE_LIMIT:
        return Fault(f"the file is larger than {FILE_LIMIT:,} bytes", "write it as JSON lines (.jsonl)")
    fault = foreign_kind(raw[:4])
    if fault is None and b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        return Fault(f"line {line} holds a NUL character", "the file is damaged or no text: export it again")
    return fault


def _is_unicode(value: object, text: str) -> bool:
    try:
        text.encode()
        if "\\u" in text and _SURROGATE_ESCAPE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _within(value: object, depth: int) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    parts = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_within(part, depth - 1) for part in parts)


def _constant(name: str) -> None:
    """NaN, which is no JSON and yet what pandas writes for a missing cell, is null."""
    if name != "NaN":
        raise ValueError(f"{name} is no JSON value")


def _whole(digits: str) -> int:
    """Python reads and writes no number of more than 4,300 digits."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number has {len(digits):,} digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits} is too large a number")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise ValueError(f"the name {repeated(name for name, _ in pairs)!r} stands twice in one object")
    return mapping


_ANY_JSON = json.JSONDecoder(parse_int=str)
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_constant, parse_float=_finite, parse_int=_whole)
