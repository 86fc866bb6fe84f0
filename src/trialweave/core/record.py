"""From one input row to a `Record`: which column is which field.

A field is found in a row under the column that the settings name for it; a field that they do not name, under the
column whose spelling is the field's but for case, space, underscore and dash (`NCT ID drug ref`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from trialweave.core.blank import DASHES, is_a_note
from trialweave.core.cells import INVISIBLE, SPEAKING, cell_text
from trialweave.core.models import FIELDS, Origin, Record
from trialweave.core.pointers import step
from trialweave.core.record_id import RecordIds, hashed_id
from trialweave.errors import SettingsError

RECORD_ID = "record_id"
"""The key of `[columns]` that names the column of the user's own ids."""

_SEPARATORS = re.compile(rf"[\s_\-{DASHES}]+")
_THESAURUS_TEXTS = frozenset({"nci_thesaurus_preferred_term", "nci_thesaurus_definition"})


@lru_cache(maxsize=4096)
def loose(name: str) -> str:
    """A column name without what people spell differently: case, space, underscore, dash, invisible characters."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", INVISIBLE.sub("", name))).casefold()


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

    @property
    def named(self) -> dict[str, str]:
        """What `[columns]` names, as it stands there: field, or `record_id`, -> the user's column."""
        return dict(self.fields) | ({} if self.record_id is None else {RECORD_ID: self.record_id})

    def found_in(self, row: Mapping[str, Any]) -> frozenset[str]:
        """Which of `named` have a column in this row."""
        layout = _layout(self, tuple(row))
        return frozenset(self.named) & (layout.paths.keys() | ({RECORD_ID} if layout.record_id is not None else set()))

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
        text = cell if type(cell) is str and cell[:1] in SPEAKING else cell_text(cell)
        if text is not None and (name not in _THESAURUS_TEXTS or not is_a_note(text)):
            values[name] = text
    if record_id is not None:
        return Record(record_id, row, values, layout.paths, origin)
    own_id = None if layout.record_id is None else cell_text(row[layout.record_id])
    record_id = hashed_id(row, values) if own_id is None else own_id.strip()
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
