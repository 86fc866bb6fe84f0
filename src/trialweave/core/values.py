"""A cell of any program as JSON can say it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from trialweave.errors import UsageError

AnyRow = Mapping[str, Any] | Mapping[Hashable, Any]
"""A row of any program. To a type checker the rows of a pandas frame have names of any kind; at run time only text will
do."""

DEPTH_LIMIT = 64
"""How deep lists and objects may stand inside each other in a cell; what writes JSON gives up at a few hundred."""

_LARGEST = 10**4_000
"""Python writes no number of more than 4,300 digits as text."""

_MISSING = frozenset({"NAType", "NaTType"})
"""Types of pandas, which need not be there: `pandas.NA` and `pandas.NaT`, which calls itself a date."""

_TO_PYTHON = ("tolist", "to_list", "as_py")
"""What numpy and pandas, polars, and the scalars of Arrow call the way to values of Python."""

_TIMES = {"M": "M8[us]", "m": "m8[us]"}
"""Kinds of numpy's times, and as what they are read: of finer ones numpy gives bare numbers."""


def json_value(value: Any, depth: int = DEPTH_LIMIT) -> Any:
    """The value as text, number, truth value, null, list or object.

    A date is ISO 8601 (`2024-01-31` where it has no time of day), bytes their UTF-8 text, NaN and the missing values of
    pandas null, a set its sorted parts, a member of an Enum its value, what numpy and its like hold what it is in
    Python (an array is a list), anything else its text. Raises ValueError for bytes that are no text, half a surrogate
    pair, a number beyond all bounds, what has no text of its own but only a `repr`, and lists and objects that stand
    too deep in each other.
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
        case Decimal() if value.is_nan():
            return None
        case _ if type(plain := _plain(value)) is not type(value):
            return json_value(plain, depth)
        case _ if _is_mute(type(value)):
            raise ValueError(f"it holds an object of the type {type(value).__name__}, which has no text of its own")
        case _:
            return json_value(str(value))


def json_row(row: Any, whose: str) -> dict[str, Any]:
    """A row of any program, name by name. Raises UsageError that begins with `whose` row it is, and names the field."""
    if not isinstance(row, Mapping):
        raise UsageError(
            f"{whose} has to be a mapping from field names to values, not {type(row).__name__}; "
            'the rows of a frame are to_dict("records") in pandas, to_dicts() in polars'
        )
    sound: dict[str, Any] = {}
    for name, value in row.items():
        if not isinstance(name, str):
            raise UsageError(f"{whose} has a name that is no text: {name!r}; name the column")
        try:
            sound[json_value(name)] = json_value(value)
        except ValueError as error:
            reason = "it holds bytes that are not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error
            raise UsageError(
                f"{whose} cannot be used, because of {name!r}: {reason}; leave it out, or give it as sound text"
            ) from error
    return sound


def _plain(value: Any) -> Any:
    """What a scalar or an array of numpy, pandas or the like holds, in values of Python; any other value as it is."""
    kind = type(value)
    own = next((name for name in _TO_PYTHON if hasattr(kind, name)), None)
    if own is None:
        return value
    times = _TIMES.get(value.dtype.kind) if kind.__module__ == "numpy" else None
    return getattr(value if times is None else value.astype(times), own)()


def _is_mute(kind: Any) -> bool:
    """Has a type no text of its own? Its `repr` is for programmers, and may hold an address in memory."""
    return kind.__str__ is object.__str__


def _check_unicode(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half a surrogate pair") from error
