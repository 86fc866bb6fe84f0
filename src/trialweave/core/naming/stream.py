"""Texts laid end to end so that a name is found in all of them at once, on word boundaries, whatever its dashes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Literal, Protocol, Self

from trialweave.core.naming.names import Name
from trialweave.core.naming.tokens import canonical, writings_of
from trialweave.core.text import fold, fold_with_offsets, word_list, words
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

_BREAK = re.compile(r"[.;:?!\n](?:(?=\s)(?:(?<=\w\w[.;:?!])|(?<=[)\]%][.;:?!]))|(?<=\n)\s*\n)")
"""The end of a sentence: behind two letters or a bracket, so that `e.g.` holds; or an empty line."""

_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_BEFORE = 8
_AFTER = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a study. `owner` is the index of the intervention or arm it belongs to, or None."""

    place: Place
    path: str
    text: str
    owner: int | None = None


class Suspicion(Protocol):
    """Something around an occurrence that speaks against some names."""

    @property
    def reason(self) -> str: ...
    @property
    def against(self) -> Callable[[Occurrence, Name], bool]: ...


@dataclass(slots=True)
class Occurrence:
    """A name met in a part: the text verbatim, its neighbours, what is between them, the bracket behind it.

    `suspicions` are what `naming.guards` saw in its surroundings, None as long as nobody looked.
    """

    part: Part
    text: str
    before: tuple[str, ...]
    gap_before: str
    after: tuple[str, ...]
    gap_after: str
    bracket: str
    whole: bool
    suspicions: tuple[Suspicion, ...] | None = field(default=None, compare=False, repr=False)


class Chunk:
    """One sentence of a part, folded; `base` is where it starts in the folded part. The rest waits until asked for."""

    def __init__(self, part: Part, folded: str, base: int, words: list[str]) -> None:
        self.part = part
        self.folded = folded
        self.words = words
        self._base = base

    @cached_property
    def spans(self) -> list[tuple[str, int, int]]:
        """The words with their starts and ends."""
        return words(self.folded)

    @cached_property
    def canonical(self) -> list[tuple[str, int, int]]:
        """The canonical tokens but salts, each with the first and the last word that it stands for."""
        return [item for item in canonical(self.words) if item[0] not in SALTS]

    def verbatim(self, start: int, end: int) -> str:
        """The stretch of the original text that was folded into `folded[start:end]`."""
        first, last = self._base + start, self._base + end - 1
        if not self.part.text.isascii():
            offsets = fold_with_offsets(self.part.text)[1] or ()
            first, last = offsets[first], offsets[last]
        return self.part.text[first : last + 1]


class Stream:
    """Parts cut into sentences, sentences into words; a match never crosses the end of either.

    Words settle most searches. Only a sentence that holds what a name needs is made canonical, and what has been looked
    at once is remembered: a study is asked about the same names by every record that links to it.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.chunks = list(_chunks(parts))
        self._occurrences: dict[Span, Occurrence] = {}
        self._found: dict[str | tuple[str, ...], tuple[Span, ...]] = {}
        self._met: dict[tuple[str | tuple[str, ...], ...], tuple[tuple[Span, Part], ...]] = {}

    @classmethod
    def joined(cls, *streams: Stream) -> Self:
        """One stream of several, which are not cut up anew."""
        stream = cls(())
        stream.chunks = [chunk for one in streams for chunk in one.chunks]
        return stream

    def __bool__(self) -> bool:
        return bool(self.chunks)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All canonical tokens."""
        return frozenset(token for chunk in self.chunks for token, _, _ in chunk.canonical)

    def find(self, key: str) -> tuple[Span, ...]:
        """Every place where the words, without what is between them, spell the squashed `key`."""
        if key not in self._squashed:
            return ()
        if (known := self._found.get(key)) is None:
            known = self._found[key] = tuple(self._spelling(key))
        return known

    def find_tokens(self, tokens: tuple[str, ...]) -> tuple[Span, ...]:
        """Every place where these canonical tokens stand in order, salts between them passed over."""
        for known in writings_of(tokens):
            if known is not None and self._bare.isdisjoint(known):
                return ()
        if (found := self._found.get(tokens)) is None:
            found = self._found[tokens] = tuple(self._standing(tokens))
        return found

    def met(self, forms: tuple[str | tuple[str, ...], ...]) -> tuple[tuple[Span, Part], ...]:
        """The places of a name's forms, each once, with their parts: squashed forms are texts, tokens are tuples."""
        if (known := self._met.get(forms)) is None:
            places: dict[Span, None] = {}
            for form in forms:
                for place in self.find(form) if isinstance(form, str) else self.find_tokens(form):
                    places[place] = None
            known = self._met[forms] = tuple([(place, self._chunk_of(place).part) for place in places])
        return known

    def _spelling(self, key: str) -> Iterator[Span]:
        at = self._squashed.find(key)
        while at >= 0:
            first, last = (bisect_left(self._offsets, place) for place in (at, at + len(key)))
            if self._offsets[first] == at and self._offsets[last] == at + len(key):
                yield first, last - 1
            at = self._squashed.find(key, at + 1)

    def _standing(self, tokens: tuple[str, ...]) -> Iterator[Span]:
        needed = [known for known in writings_of(tokens) if known is not None]
        if len(tokens) == len(needed) == 1:
            yield from [(at, at) for at, word in enumerate(self._words) if word in needed[0]]
            return
        size = len(tokens)
        for number, chunk in enumerate(self.chunks):
            if needed and not all(any(word in chunk.words for word in known) for known in needed):
                continue
            base = self._starts[number]
            row = [token for token, _, _ in chunk.canonical]
            for at in range(len(row) - size + 1):
                if row[at] == tokens[0] and tuple(row[at : at + size]) == tokens:
                    yield base + chunk.canonical[at][1], base + chunk.canonical[at + size - 1][2]

    @cached_property
    def _words(self) -> list[str]:
        words: list[str] = []
        for chunk in self.chunks:
            words += chunk.words
            words.append("\n")
        return words

    @cached_property
    def _bare(self) -> frozenset[str]:
        return frozenset(self._words)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(chunk.words) + 1 for chunk in self.chunks), initial=0))

    @cached_property
    def _squashed(self) -> str:
        return "".join(self._words)

    @cached_property
    def _offsets(self) -> list[int]:
        return list(accumulate(map(len, self._words), initial=0))

    def occurrence(self, span: Span) -> Occurrence:
        """What stands at a place that was found."""
        if (known := self._occurrences.get(span)) is None:
            known = self._occurrences[span] = self._look(*span)
        return known

    def _chunk_of(self, span: Span) -> Chunk:
        return self.chunks[bisect_right(self._starts, span[0]) - 1]

    def _look(self, first: int, last: int) -> Occurrence:
        at = bisect_right(self._starts, first) - 1
        chunk = self.chunks[at]
        first -= self._starts[at]
        last -= self._starts[at]
        spans = chunk.spans
        start, end = spans[first][1], spans[last][2]
        return Occurrence(
            part=chunk.part,
            text=chunk.verbatim(start, end),
            before=tuple(chunk.words[max(0, first - _BEFORE) : first]),
            gap_before=chunk.folded[spans[first - 1][2] : start] if first else "",
            after=tuple(chunk.words[last + 1 : last + 1 + _AFTER]),
            gap_after=chunk.folded[end : spans[last + 1][1]] if last + 1 < len(spans) else "",
            bracket="" if (aside := _BRACKET.match(chunk.folded, end)) is None else aside[1],
            whole=first == 0 and last == len(spans) - 1,
        )


def _chunks(parts: Iterable[Part]) -> Iterator[Chunk]:
    """The sentences that have words."""
    for part in parts:
        folded = fold(part.text)
        base = 0
        for end in _BREAK.finditer(folded):
            sentence = folded[base : end.start()]
            if found := word_list(sentence):
                yield Chunk(part, sentence, base, found)
            base = end.end()
        sentence = folded[base:]
        if found := word_list(sentence):
            yield Chunk(part, sentence, base, found)
