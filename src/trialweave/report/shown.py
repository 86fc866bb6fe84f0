"""The smallest things that a page shows: text from strangers made safe, in spans of a fixed set of styles.

A template, or the script on the page, turns a span into an element by its style alone. Whatever a payload says stays
text, and the only links are those of the styles `study` and `concept`, whose text is an id of exactly that form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from trialweave.core.identifiers import CONCEPT_CODE, NCT_ID
from trialweave.report.plain import differences, plain

Style = Literal["text", "mark", "strong", "soft", "code", "study", "concept", "severity"]
"""`severity` shows its word with its sign, `code` an id that is none, or the name of a field."""

LONG = 4_000
"""Characters of one value that a page shows; the whole value stands in `conflicts.jsonl`."""

_COMMAND_SAFE = re.compile(r"[0-9a-f]{16}")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text and how it is shown."""

    style: Style
    text: str


Spans = tuple[Span, ...]


def safe(value: object, limit: int = LONG) -> str:
    """Any value of a file as one line of text: no control character, no direction override, no more than `limit`."""
    text = _text(value)
    if not text.isprintable():
        text = plain(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def text(value: object, style: Style = "text") -> Spans:
    """One span, or none where there is nothing to show."""
    shown = safe(value)
    return (Span(style, shown),) if shown else ()


def study(value: object) -> Spans:
    """The study id as a link to its page where it is one, else as code."""
    return _id(value, "study", NCT_ID)


def concept(value: object) -> Spans:
    """The concept code as a link to the NCIt browser where it is one, else as code."""
    return _id(value, "concept", CONCEPT_CODE)


def hex16(value: object) -> str | None:
    """A fingerprint or a cause that may stand in a command line, or None."""
    return value if isinstance(value, str) and _COMMAND_SAFE.fullmatch(value) else None


@lru_cache(maxsize=4_096)
def marked(mine: str, theirs: str) -> Spans:
    """`mine` with the words marked that `theirs` lacks. Both are safe already.

    Two texts that share next to nothing differ as a whole: marking every word of them would only be loud.
    """
    if not mine:
        return ()
    if not _alike(mine, theirs):
        return (Span("text", mine),)
    return tuple(span for piece, differs in differences(mine, theirs) for span in _piece(piece, differs))


def joined(parts: Iterable[Spans], between: str = ", ") -> Spans:
    """Several groups of spans in one line."""
    line: list[Span] = []
    for part in parts:
        if line and part:
            line.append(Span("text", between))
        line += part
    return tuple(line)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _id(value: object, style: Literal["study", "concept"], form: re.Pattern[str]) -> Spans:
    shown = safe(value)
    if not shown:
        return ()
    return (Span(style if form.fullmatch(shown) else "code", shown),)


def _piece(piece: str, differs: bool) -> Iterator[Span]:
    """A piece as spans: the mark is on its words, not on the space around them."""
    words = piece.strip()
    if not differs or not words:
        yield Span("text", piece)
        return
    before, after = piece[: piece.index(words)], piece[piece.index(words) + len(words) :]
    yield from (Span("text", before),) if before else ()
    yield Span("mark", words)
    yield from (Span("text", after),) if after else ()


def _alike(mine: str, theirs: str) -> bool:
    left, right = _WORDS.findall(mine.casefold()), set(_WORDS.findall(theirs.casefold()))
    shared = sum(len(word) for word in left if word in right)
    return 4 * shared >= sum(len(word) for word in left)


def as_json(spans: Spans) -> list[Any]:
    """Spans for the page's script: plain text as a string, the others as [style, text]."""
    return [span.text if span.style == "text" else [span.style, span.text] for span in spans]
