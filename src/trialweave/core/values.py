"""A cell of any program as JSON can say it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

DEPTH_LIMIT = 64
"""How deep lists and objects may stand inside each other in a cell; what writes JSON gives up at a few hundred."""

_LARGEST = 10**4_000
"""Python writes no number of more than 4,300 digits as text."""

_MISSING = frozenset({"NAType", "NaTType"})
"""Types of pandas, which need not be there: `pandas.NA` and `pandas.NaT`, which calls itself a date."""


def json_value(value: Any, depth: int = DEPTH_LIMIT) -> Any:
    """The value as text, number, truth value, null, list or object.

    A date is ISO 8601 (`2024-01-31` where it has no time of day), bytes their UTF-8 text, NaN and the missing values of
    pandas null, a set its sorted parts, a member of an Enum its value, anything else its text. Raises ValueError for
    bytes that are no text, half a surrogate pair, a number beyond all bounds, what has no text of its own, and lists
    and objects that stand too deep in each other.
    """
    match value:
        case None | bool():
            return value
        case str():
            if not value.isascii():
                _check_unicode(value)
            return value
        case Enum():
            return json_value(value.value, depth)
        case _ if type(value).__name__ in _MISSING:
            return None
        case int():
            if abs(value) > _LARGEST:
                raise ValueError("it holds a number of more than 4,000 digits")
            return value
        case float():
            return value if math.isfinite(value) else None if math.isnan(value) else str(value)
        case datetime():
            return value.date().isoformat() if value.timetz() == time() else value.isoformat()
        case date() | time():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return bytes(value).decode()
        case Mapping() | list() | tuple() | set() | frozenset() if depth == 0:
            raise ValueError(f"lists and objects stand more than {DEPTH_LIMIT} deep in each other")
        case Mapping():
            return {json_value(str(name)): json_value(part, depth - 1) for name, part in value.items()}
        case list() | tuple():
            return [json_value(part, depth - 1) for part in value]
        case set() | frozenset():
            return sorted((json_value(part, depth - 1) for part in value), key=str)
        case _ if (text := str(value)) == object.__repr__(value):
            raise ValueError(f"it holds an object of the type {type(value).__name__}, which has no text of its own")
        case _:
            return text


def json_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of any program, name by name. Raises ValueError as `json_value` does."""
    return {json_value(name): json_value(value) for name, value in row.items()}


def _check_unicode(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half a surrogate pair") from error
