"""Texts laid end to end so that a name is found in all of them at once, on word boundaries, whatever its dashes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import Literal

from trialweave.core.naming.tokens import canonical, writings
from trialweave.core.text import WORD, fold_with_offsets, words
from trialweave.core.vocabulary.pharmacy import SALTS

Place = Literal[
    "intervention",
    "other_name",
    "arm_label",
    "title",
    "acronym",
    "arm_description",
    "intervention_description",
    "keyword",
    "summary",
    "detailed_description",
    "eligibility",
]
"""Where in a study a name stands, strongest first."""

Span = tuple[int, int]
"""The first and the last word of a stream that a name covers."""

_BREAK = re.compile(r"(?<=\w\w)[.;:?!](?=\s)|(?<=[)\]%])[.;:?!](?=\s)|\n\s*\n")
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_PREFIX = 3
_BEFORE = 8
_AFTER = 8
_LONGEST = 500
"""Tokens of a name. The longest of 10,879 in recorded concepts, the chemical name of an oligonucleotide, has 119."""


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a study. `owner` is the index of the intervention or arm it belongs to, or None."""

    place: Place
    path: str
    text: str
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name met in a part: the text verbatim, its neighbours, what is between them, the bracket behind it."""

    part: Part
    text: str
    before: tuple[str, ...]
    gap_before: str
    after: tuple[str, ...]
    gap_after: str
    bracket: str
    whole: bool


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One sentence of a part, folded; `base` is where it starts in the folded part, `offsets` lead back to the text."""

    part: Part
    folded: str
    base: int
    offsets: list[int] | None

    def verbatim(self, start: int, end: int) -> str:
        """The stretch of the original text that was folded into `folded[start:end]`."""
        first, last = self.base + start, self.base + end - 1
        if self.offsets is not None:
            first, last = self.offsets[first], self.offsets[last]
        return self.part.text[first : last + 1]


class Stream:
    """Parts cut into sentences, sentences into words; a match never crosses the end of either."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._chunks: list[_Chunk] = []
        self._chunk_starts: list[int] = []
        self._cut: dict[int, list[tuple[str, int, int]]] = {}
        self._words: list[str] = []
        for chunk in _chunks(parts):
            found = WORD.findall(chunk.folded)
            if found:
                self._chunks.append(chunk)
                self._chunk_starts.append(len(self._words))
                self._words += found
                self._words.append("\n")
        self._squashed = "".join(self._words)
        self._offsets = list(accumulate(map(len, self._words), initial=0))

    def __bool__(self) -> bool:
        return bool(self._words)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All canonical tokens."""
        return frozenset(token for token, _, _ in self._canonical)

    def find(self, key: str) -> Iterator[Span]:
        """Every place where the words, without what is between them, spell the squashed `key`."""
        for index in self._starts.get(key[:_PREFIX], ()):
            start = self._offsets[index]
            if self._squashed.startswith(key, start) and (last := self._ends.get(start + len(key))) is not None:
                yield index, last

    def find_tokens(self, tokens: tuple[str, ...]) -> Iterator[Span]:
        """Every place where these canonical tokens stand in order, salts between them passed over.

        All words are made canonical only where the words that can become these tokens do not settle it. What is longer
        than any name is not looked for: a text that repeats it almost would take its length times that of the text.
        """
        if len(tokens) > _LONGEST:
            return
        written = [writings(token) for token in tokens]
        if any(known is not None and self._places.keys().isdisjoint(known) for known in written):
            return
        if len(written) == 1 and written[0] is not None:
            for index in sorted(chain.from_iterable(self._places.get(word, ()) for word in written[0])):
                yield index, index
            return
        for at in self._token_starts.get(tokens[0], ()):
            met = self._canonical[at : at + len(tokens)]
            if tuple(token for token, _, _ in met) == tokens:
                yield met[0][1], met[-1][2]

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        starts: dict[str, list[int]] = {}
        squashed = self._squashed
        for index, offset in enumerate(self._offsets):
            starts.setdefault(squashed[offset : offset + _PREFIX], []).append(index)
        return starts

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for index, word in enumerate(self._words):
            places.setdefault(word, []).append(index)
        return places

    @cached_property
    def _ends(self) -> dict[int, int]:
        return {offset: index - 1 for index, offset in enumerate(self._offsets)}

    @cached_property
    def _canonical(self) -> list[tuple[str, int, int]]:
        return [item for item in canonical(self._words) if item[0] not in SALTS]

    @cached_property
    def _token_starts(self) -> dict[str, list[int]]:
        starts: dict[str, list[int]] = {}
        for index, (token, _, _) in enumerate(self._canonical):
            starts.setdefault(token, []).append(index)
        return starts

    def occurrence(self, span: Span) -> Occurrence:
        """What stands at a place that was found."""
        first, last = span
        at = bisect_right(self._chunk_starts, first) - 1
        chunk = self._chunks[at]
        first -= self._chunk_starts[at]
        last -= self._chunk_starts[at]
        spans = self._chunk_words(at)
        start, end = spans[first][1], spans[last][2]
        return Occurrence(
            part=chunk.part,
            text=chunk.verbatim(start, end),
            before=tuple(word for word, _, _ in spans[max(0, first - _BEFORE) : first]),
            gap_before=chunk.folded[spans[first - 1][2] : start] if first else "",
            after=tuple(word for word, _, _ in spans[last + 1 : last + 1 + _AFTER]),
            gap_after=chunk.folded[end : spans[last + 1][1]] if last + 1 < len(spans) else "",
            bracket="" if (aside := _BRACKET.match(chunk.folded, end)) is None else aside[1],
            whole=first == 0 and last == len(spans) - 1,
        )

    def _chunk_words(self, at: int) -> list[tuple[str, int, int]]:
        if at not in self._cut:
            self._cut[at] = words(self._chunks[at].folded)
        return self._cut[at]


def _chunks(parts: Sequence[Part]) -> Iterator[_Chunk]:
    for part in parts:
        folded, offsets = fold_with_offsets(part.text)
        base = 0
        for end in _BREAK.finditer(folded):
            yield _Chunk(part, folded[base : end.start()], base, offsets)
            base = end.end()
        yield _Chunk(part, folded[base:], base, offsets)
