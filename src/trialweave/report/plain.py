"""Text from strangers, made safe to show: no escape sequence, no control character, no direction override."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from trialweave.core.text import aligned

_COMMANDS = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
_STRINGS = r"(?:\x1b[\]P^_X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]{0,2000}(?:\x07|\x1b\\|\x9c)"
_ESCAPES = re.compile(rf"{_COMMANDS}|{_STRINGS}|\x1b[@-_]?")
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_WORD = re.compile(r"(?:\w+|[^\w\s]+)\s*|\s+")
"""A word, or what stands between words, with the space behind it."""


def plain(text: str) -> str:
    """The text without anything that a terminal would obey. Line ends and tabs become spaces."""
    text = _ESCAPES.sub("", text)
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in "\t\n\r\v\f\u2028\u2029":
        return " "
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") else char


def spelled(text: str) -> str:
    """The text with everything that a terminal would obey, but line ends and tabs, spelled out as `\\u001b`.

    For data that goes to a terminal: what is JSON stays the same JSON.
    """
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def differences(mine: str, theirs: str) -> Iterator[tuple[str, bool]]:
    """`mine` in pieces, each with whether `theirs` lacks it. Words are compared without regard to case.

    Texts that are too long to be laid beside each other come as one piece.
    """
    left, right = _WORD.findall(mine), _WORD.findall(theirs)
    beside = aligned([word.strip().casefold() for word in left], [word.strip().casefold() for word in right])
    for action, start, end, _, _ in [("equal", 0, len(left), 0, 0)] if beside is None else beside.get_opcodes():
        piece = "".join(left[start:end])
        if piece:
            yield piece, action != "equal"
