"""What one cell of a table says: its text, or nothing."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

from trialweave.core.blank import INVISIBLE_CHARACTERS, is_blank

INVISIBLE = re.compile(f"[{INVISIBLE_CHARACTERS}]")
"""A character that nobody sees."""

SPEAKING = frozenset("ABCDEFGHIJKLMOPQRSTVWXYZabcdefghijklmopqrstvwxyz0123456789")
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
            return value if value[:1] in SPEAKING or not is_blank(value) else None
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
            return canonical_json(value) if value else None
        case _:
            return cell_text(str(value))


def _number_text(value: float) -> str | None:
    if math.isnan(value):
        return None
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def canonical_json(value: object) -> str:
    """JSON that is the same for equal values: sorted keys, no spaces."""
    return _CANONICAL.encode(value)
