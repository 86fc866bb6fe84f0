"""What every reader gives: rows, and in their place refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from trialweave.core.models import Origin
from trialweave.core.record import ColumnMap


class Row(NamedTuple):
    """One row under the user's column names, with values that JSON can say."""

    values: dict[str, Any]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row, or a whole file, that cannot be used: where, why, and what to do about it."""

    origin: Origin
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.origin.file}, line {self.origin.line}: {self.reason}; {self.advice}"


RowOrRefusal = Row | Refusal
Reader = Callable[[BinaryIO, str, ColumnMap], Iterator[RowOrRefusal]]
"""(bytes of one file, its name for messages, the user's columns) -> its rows in order.

A file that cannot be read on ends in a refusal, never in an exception; the rows before it have been given.
"""


def repeated(names: Iterable[str]) -> str | None:
    """Of the names that stand there more than once the first in the order of spelling."""
    return min((name for name, times in Counter(names).items() if times > 1), default=None)


def without_text(cells: Iterable[object]) -> bool:
    """Whether a row of a table says nothing: what spreadsheets leave at the end, and formulas that give no text."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)
