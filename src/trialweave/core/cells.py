"""What one cell of a table says: its text, or nothing."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

_INVISIBLE_CHARACTERS = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
INVISIBLE = re.compile(f"[{_INVISIBLE_CHARACTERS}]")
"""Characters that nobody sees."""

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
"""The dashes beside the hyphen."""

SPEAKING = frozenset("ABCDEFGHIJKLMOPQRSTVWXYZabcdefghijklmopqrstvwxyz0123456789")
"""First characters of text that is never blank: letters and digits that begin no word for nothing."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str)

_EXACT = 2.0**53
"""Below this a float holds every whole number."""

_SPACE = rf"[\s{_INVISIBLE_CHARACTERS}]"
_BLANK = re.compile(
    rf"{_SPACE}*+(?:(?:nci{_SPACE}++thesaurus{_SPACE}++definition{_SPACE}++not{_SPACE}++available\.?"
    rf"|not{_SPACE}++specified|n{_SPACE}*+/{_SPACE}*+a|unknown|[-{DASHES}]){_SPACE}*+)?",
    re.IGNORECASE,
)


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, white space, invisible, or one of the words of DESIGN 5.1.

    Those are `NCI thesaurus definition not available.`, `Not specified`, `N/A`, `Unknown` and a lone dash, in any case
    and spacing. A text that merely contains one of them is not blank.
    """
    return _BLANK.fullmatch(text) is not None


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
