"""From one input row to a `Record`: which column is which field, what counts as blank, what the record is called.

A field is found in a row under the column that the settings name for it; a field that they do not name, under the
column whose spelling is the field's but for case, space, underscore and dash (`NCT ID drug ref`).

**record_id.** The text of the column that the settings name, outer space removed. Where none is named, or its cell is
blank, 16 hex digits: the start of SHA-256 over the ASCII bytes of this JSON, without spaces between its parts and with
everything beyond ASCII as `\\uXXXX`:

- `["<name>","<study>"]`, where either is given. `<name>` is drug_name, folded, or empty; `<study>` is the repaired NCT
  id (`NCT06254807`), or its cell folded where that is no id, or empty;
- otherwise the whole row as an object with sorted keys.

Folded means, in this order: invisible characters removed, NFKC, casefold, NFKC, every dash as `-`, each run of white
space as one space, none at the ends. So a mended cell elsewhere, another dash or another case keep the record_id.
The folding is fixed here and shares nothing with the spelling rules of `naming`: those may grow without re-keying
anybody's records.

The second record of the same id is called `<id>#2`, the third `<id>#3`.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, Protocol

from trialweave.core.blank import DASHES, INVISIBLE, is_a_note, is_blank
from trialweave.core.identifiers import GivenId, parse_nct_id
from trialweave.core.models import FIELDS, Origin, Record
from trialweave.core.pointers import step
from trialweave.errors import SettingsError

RECORD_ID = "record_id"
"""The key of `[columns]` that names the column of the user's own ids."""

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_AS_HYPHEN = str.maketrans(dict.fromkeys(DASHES, "-"))
_SEPARATORS = re.compile(rf"[\s_\-{DASHES}]+")

_THESAURUS_TEXTS = frozenset({"nci_thesaurus_preferred_term", "nci_thesaurus_definition"})

_SPEAKING = frozenset("ABCDEFGHIJKLMOPQRSTVWXYZabcdefghijklmopqrstvwxyz0123456789")
"""First characters of text that is never blank: letters and digits that begin no word for nothing."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str)

_EXACT = 2.0**53
"""Below this a float holds every whole number."""


def cell_text(value: object) -> str | None:
    """A cell as text, or None where it is blank. Text is given back unchanged.

    A whole float is read without its point (spreadsheets hold every number as a float), a truth value as `true` or
    `false`, a list as its parts joined with "; ", an object as its JSON.
    """
    match value:
        case str():
            return value if value[:1] in _SPEAKING or not is_blank(value) else None
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            return _number_text(value)
        case list() | tuple():
            parts = [text for part in value if (text := cell_text(part)) is not None]
            return "; ".join(parts) or None
        case Mapping():
            return _canonical_json(value) if value else None
        case _:
            return cell_text(str(value))


def _number_text(value: float) -> str | None:
    if math.isnan(value):
        return None
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


@lru_cache(maxsize=4096)
def loose(name: str) -> str:
    """A column name without what people spell differently: case, space, underscore, dash, invisible characters."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", name))).casefold()


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What the user calls the fields: the table `[columns]` of the settings.

    `fields` are pairs of a field and the user's column for it; `record_id` is the column of the user's own ids.
    A field that is mapped is looked for under its mapped name only.
    """

    fields: tuple[tuple[str, str], ...] = ()
    record_id: str | None = None

    @classmethod
    def of(cls, columns: Mapping[str, str]) -> ColumnMap:
        """Read `[columns]`. Raises SettingsError for a key that is no field."""
        unknown = [name for name in columns if name not in FIELDS and name != RECORD_ID]
        if unknown:
            raise SettingsError(
                f"[columns] names {', '.join(map(repr, unknown))}, which is no field. "
                f"The fields are {RECORD_ID}, {', '.join(FIELDS)}"
            )
        fields = tuple(sorted((name, column) for name, column in columns.items() if name != RECORD_ID))
        return cls(fields, columns.get(RECORD_ID))

    def knows(self, column: str) -> bool:
        """Whether this column means a field, or is the column of record ids."""
        return loose(column) in _spellings(self)

    def knows_any(self, columns: tuple[str, ...]) -> bool:
        """Whether one of these columns means a field, or is the column of record ids."""
        return _knows_any(self, columns)


AS_SPELLED = ColumnMap()
"""Nothing is mapped: columns are called as the fields are."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the fields stand in rows that have the same columns."""

    cells: tuple[tuple[str, str], ...]
    paths: Mapping[str, str]
    record_id: str | None


class RepeatCounter(Protocol):
    """Counts how often a key was seen. Keys are whole numbers below 2**64."""

    def count(self, key: int) -> int:
        """Note the key once more, and say how often it was seen by now: 1 for a new one."""
        ...


class RepeatCounterInMemory:
    """Keys in a table of numbers, at most two thirds full: 12 to 24 bytes a key, where a dict takes 90.

    Keys are parts of digests, so their low bits place them evenly.
    """

    def __init__(self) -> None:
        self._table = array("Q", bytes(8 * 1024))
        self._used = 0
        self._repeated: dict[int, int] = {}

    def count(self, key: int) -> int:
        """See `RepeatCounter`."""
        key = key or 1  # nought marks a free place
        if not self._place(key):
            self._repeated[key] = times = self._repeated.get(key, 1) + 1
            return times
        self._used += 1
        if 3 * self._used > 2 * len(self._table):
            self._grow()
        return 1

    def _place(self, key: int) -> bool:
        """Put a key into the table; False where it is there already."""
        table, mask = self._table, len(self._table) - 1
        at = key & mask
        while held := table[at]:
            if held == key:
                return False
            at = (at + 1) & mask
        table[at] = key
        return True

    def _grow(self) -> None:
        held, self._table = self._table, array("Q", bytes(2 * 8 * len(self._table)))
        for key in held:
            if key:
                self._place(key)


@dataclass(frozen=True, slots=True)
class RecordIds:
    """Tells records of the same id apart, in the order of the input. One object serves one pass over the input."""

    counter: RepeatCounter = field(default_factory=RepeatCounterInMemory)

    def unique(self, record_id: str) -> str:
        """The id itself the first time, then with `#2`, `#3`; never one that was given out before."""
        times = self.counter.count(_key(record_id))
        if times == 1:
            return record_id
        while self.counter.count(_key(numbered := f"{record_id}#{times}")) > 1:
            times = self.counter.count(_key(record_id))
        return numbered


def build_record(
    row: Mapping[str, Any],
    origin: Origin,
    columns: ColumnMap = AS_SPELLED,
    ids: RecordIds | None = None,
    record_id: str | None = None,
) -> Record:
    """One row as a record. `row` is kept as it is; without `ids` a repeat is not numbered.

    `record_id` is the one that the row was given before.
    """
    layout = _layout(columns, tuple(row))
    values: dict[str, str] = {}
    for name, column in layout.cells:
        cell = row[column]
        text = cell if type(cell) is str and cell[:1] in _SPEAKING else cell_text(cell)
        if text is not None and (name not in _THESAURUS_TEXTS or not is_a_note(text)):
            values[name] = text
    if record_id is not None:
        return Record(record_id, row, values, layout.paths, origin)
    own_id = None if layout.record_id is None else cell_text(row[layout.record_id])
    record_id = _hashed_id(row, values) if own_id is None else own_id.strip()
    return Record(record_id if ids is None else ids.unique(record_id), row, values, layout.paths, origin)


@lru_cache(maxsize=64)
def _spellings(columns: ColumnMap) -> frozenset[str]:
    mapped = dict(columns.fields)
    names = [mapped.get(name, name) for name in FIELDS]
    return frozenset(loose(name) for name in (*names, columns.record_id) if name is not None)


@lru_cache(maxsize=64)
def _knows_any(columns: ColumnMap, names: tuple[str, ...]) -> bool:
    return any(map(columns.knows, names))


@lru_cache(maxsize=1024)
def _layout(columns: ColumnMap, names: tuple[str, ...]) -> _Layout:
    by_spelling = {loose(name): name for name in reversed(names)}
    present = frozenset(names)

    def find(name: str) -> str | None:
        return name if name in present else by_spelling.get(loose(name))

    mapped = {name: find(column) for name, column in columns.fields}
    taken = frozenset(mapped.values())
    cells = []
    for name in FIELDS:
        column = mapped[name] if name in mapped else find(name)
        if column is not None and (name in mapped or column not in taken):
            cells.append((name, column))
    paths = {name: f"/{step(column)}" for name, column in cells}
    return _Layout(tuple(cells), paths, None if columns.record_id is None else find(columns.record_id))


def _hashed_id(row: Mapping[str, Any], values: Mapping[str, str]) -> str:
    name, study = values.get("drug_name"), values.get("nct_id_drug_ref")
    if name is None and study is None:
        return _digest(_canonical_json(row)).hex()
    return _digest(f"[{_quoted(_folded(name or ''))},{_quoted(_study_key(study or ''))}]").hex()


def _study_key(raw: str) -> str:
    parsed = parse_nct_id(raw)
    return parsed.id if isinstance(parsed, GivenId) else _folded(raw)


def _folded(text: str) -> str:
    if not text.isascii():
        composed = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
        text = unicodedata.normalize("NFKC", composed.casefold()).translate(_AS_HYPHEN)
    return " ".join(text.lower().split())


def _canonical_json(value: object) -> str:
    return _CANONICAL.encode(value)


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]


def _key(record_id: str) -> int:
    return int.from_bytes(_digest(record_id))
