"""Dates as precise as the registry gives them: a year, a month or a day ("PartialDate" in its OpenAPI)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

Precision = Literal["year", "month", "day"]
_SHAPE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """`text` is the date as the registry wrote it; `kind` is ACTUAL or ESTIMATED where the registry says so."""

    text: str
    precision: Precision
    kind: str | None = None


@lru_cache(maxsize=16384)
def parse_partial_date(text: str, kind: str | None = None) -> PartialDate | None:
    """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; anything else, and a day that is not in the calendar, is None."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    year, month, day = shape.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    precision: Precision = "day" if day else "month" if month else "year"
    return PartialDate(text, precision, kind)
