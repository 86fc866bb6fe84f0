"""Two texts side by side: which words differ, marked with colour and without, folded to what matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.text import Text

from trialweave.core.text import aligned, fold_with_offsets, words

Side = Literal["mine", "theirs"]
"""`mine` is the record's text, or the one that stands first; `theirs` is the one it is compared with."""

AROUND = 5
"""Words of context on either side of a difference when a text is folded."""

LEAST_SHARED = 0.25
"""Texts that share a smaller part of their words differ as a whole: marking every word of them would only be loud."""

_BRACKETS: dict[Side, tuple[str, str]] = {"mine": ("[-", "-]"), "theirs": ("{+", "+}")}
_STYLES: dict[Side, str] = {"mine": "bold underline red", "theirs": "bold underline green"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. A piece that differs and is empty stands where the other text has more."""

    text: str
    differs: bool


def compare(mine: str, theirs: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces. Words are compared in one spelling: case, dashes, spaces and marks are no differences.

    Texts that share less than a quarter of their words come back whole, unmarked, and so do those that are too long.
    """
    left, right = _Worded(mine), _Worded(theirs)
    beside = aligned(left.keys, right.keys)
    steps = [] if beside is None else beside.get_opcodes()
    shared = sum(end - start for action, start, end, _, _ in steps if action == "equal")
    if shared < LEAST_SHARED * min(len(left.keys), len(right.keys)) or not shared:
        return (Piece(mine, False),), (Piece(theirs, False),)
    differing = [
        ((first, end), (start, stop))
        for action, first, end, start, stop in steps
        if action != "equal" and "".join(left.keys[first:end]) != "".join(right.keys[start:stop])
    ]
    return left.cut(run for run, _ in differing), right.cut(run for _, run in differing)


class _Worded:
    """A text with its words: what they are compared by, and where each stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        folded, offsets = fold_with_offsets(text)
        found = words(folded)
        self.keys = [word for word, _, _ in found]
        self._spans = [
            (start, end) if offsets is None else (offsets[start], offsets[end - 1] + 1) for _, start, end in found
        ]

    def cut(self, runs: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
        """The text cut so that each run of words (first, end) is a piece of its own."""
        pieces, at = [], 0
        for first, end in runs:
            start, stop = self._place(first, end)
            pieces += [Piece(self._text[at:start], False), Piece(self._text[start:stop], True)]
            at = stop
        pieces.append(Piece(self._text[at:], False))
        return tuple(piece for piece in pieces if piece.text or piece.differs)

    def _place(self, first: int, end: int) -> tuple[int, int]:
        if first < end:
            return self._spans[first][0], self._spans[end - 1][1]
        here = self._spans[first][0] if first < len(self._spans) else len(self._text)
        return here, here


def folded(pieces: Sequence[Piece], limit: int) -> tuple[Piece, ...]:
    """The pieces without what is equal on both sides, but for a few words around each difference.

    A text no longer than `limit` stays whole; one without any difference is cut at `limit`.
    """
    whole = "".join(piece.text for piece in pieces)
    if len(whole) <= limit:
        return tuple(pieces)
    if not any(piece.differs for piece in pieces):
        return (Piece(shortened(whole, limit), False),)
    last = len(pieces) - 1
    kept = (
        piece if piece.differs else Piece(_gist(piece.text, head=index > 0, tail=index < last), False)
        for index, piece in enumerate(pieces)
    )
    return tuple(_up_to(kept, 3 * limit))


def shortened(text: str, limit: int) -> str:
    """The text, cut at a word within `limit` characters, with how much is missing."""
    if len(text) <= limit:
        return text
    cut = text[:limit].rpartition(" ")[0] or text[:limit]
    return f"{cut} … (+{len(text) - len(cut)} characters)"


def marked(pieces: Iterable[Piece], side: Side, *, colour: bool) -> Text:
    """The pieces as text: what differs is underlined in the side's colour, or stands in brackets without colour."""
    before, after = _BRACKETS[side]
    text = Text()
    for piece in pieces:
        if not (piece.differs and piece.text):
            text.append(piece.text)
        elif colour:
            text.append(piece.text, style=_STYLES[side])
        else:
            text.append(f"{before}{piece.text}{after}")
    return text


def _gist(text: str, *, head: bool, tail: bool) -> str:
    """The first and last few words of an equal part, as far as a difference stands next to them."""
    parts = text.split(" ")
    if len(parts) <= 2 * AROUND + 3:
        return text
    first = " ".join(parts[: AROUND + 1]) + " " if head else ""
    final = " " + " ".join(parts[-AROUND - 1 :]) if tail else ""
    return f"{first}…{final}"


def _up_to(pieces: Iterable[Piece], limit: int) -> Iterator[Piece]:
    """The pieces as far as they fit; the last one is cut."""
    for piece in pieces:
        if len(piece.text) > limit:
            yield Piece(shortened(piece.text, max(limit, 20)), piece.differs)
            return
        yield piece
        limit -= len(piece.text)
