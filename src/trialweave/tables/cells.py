"""A cell of any program as JSON can say it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

DEPTH_LIMIT = 64
"""How deep lists and objects may stand inside each other in a cell; what writes JSON gives up at a few hundred."""

_LARGEST = 10**4_000
"""Python writes no number of more than 4,300 digits as text."""


def json_value(value: Any, depth: int = DEPTH_LIMIT) -> Any:
    """The value as text, number, truth value, null, list or object.

    A date is ISO 8601 (`2024-01-31` where it has no time of day), bytes their UTF-8 text, NaN null, a set its sorted
    parts, anything else its text. Raises ValueError for bytes that are no text, a number beyond all bounds, and lists
    and objects that stand too deep in each other.
    """
    match value:
        case None | str() | bool():
            return value
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
        case bytes():
            return value.decode()
        case Mapping() | list() | tuple() | set() | frozenset() if depth == 0:
            raise ValueError(f"lists and objects stand more than {DEPTH_LIMIT} deep in each other")
        case Mapping():
            return {str(name): json_value(part, depth - 1) for name, part in value.items()}
        case list() | tuple():
            return [json_value(part, depth - 1) for part in value]
        case set() | frozenset():
            return sorted((json_value(part, depth - 1) for part in value), key=str)
        case _:
            return str(value)
