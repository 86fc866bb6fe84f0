"""Texts laid end to end so that a name is found in all of them at once, on word boundaries, whatever its dashes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Literal, NamedTuple, Protocol, Self

from trialweave.core.lazily import lazily
from trialweave.core.naming.names import Name
from trialweave.core.naming.tokens import canonical, writings_of
from trialweave.core.text import WORD, fold, fold_with_offsets, spaced_words
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
_END = "E"
"""The end of a sentence among the words of a stream: no folded text has a capital."""

_BETWEEN = f" {_END} "


class Part(NamedTuple):
    """One text of a study. `owner` is the index of the intervention or arm it belongs to, or None."""

    place: Place
    path: str
    text: str
    owner: int | None = None


_Sentence = tuple[Part, str, int, str]
"""The part that it is of, its folded text, where that starts in the folded part, its words with spaces between."""


class Suspicion(Protocol):
    """Something around an occurrence that speaks against some names."""

    @property
    def reason(self) -> str: ...
    @property
    def against(self) -> Callable[[Occurrence, Name], bool]: ...


@dataclass(slots=True)
class Occurrence:
    """A name met in a part: the text verbatim, its neighbours, what is between them, the bracket behind it.

    Without words before and after it, it is a whole sentence, or a whole text.

    `suspicions` are what `naming.guards` saw in its surroundings, None as long as nobody looked.
    """

    part: Part
    text: str
    before: tuple[str, ...]
    gap_before: str
    after: tuple[str, ...]
    gap_after: str
    bracket: str
    suspicions: tuple[Suspicion, ...] | None = field(default=None, compare=False, repr=False)


class Chunk:
    """One sentence of a part, folded; `base` is where it starts in the folded part. The rest waits until asked for."""

    __slots__ = ("_base", "_canonical", "folded", "part", "words")

    def __init__(self, part: Part, folded: str, base: int, words: list[str]) -> None:
        self.part = part
        self.folded = folded
        self.words = words
        self._base = base
        self._canonical: list[tuple[str, int, int]] | None = None

    @property
    def canonical(self) -> list[tuple[str, int, int]]:
        """The canonical tokens but salts, each with the first and the last word that it stands for."""
        if self._canonical is None:
            self._canonical = [item for item in canonical(self.words) if item[0] not in SALTS]
        return self._canonical

    def spans(self, first: int, last: int) -> list[Span]:
        """Where these words start and end."""
        return [word.span() for word in islice(WORD.finditer(self.folded), first, last + 1)]

    def verbatim(self, start: int, end: int) -> str:
        """The stretch of the original text that was folded into `folded[start:end]`."""
        first, last = self._base + start, self._base + end - 1
        if not self.part.text.isascii():
            offsets = fold_with_offsets(self.part.text)[1] or ()
            first, last = offsets[first], offsets[last]
        return self.part.text[first : last + 1]


class Stream:
    """Parts cut into sentences, sentences into words; a match never crosses the end of either.

    Words settle most searches. Only a sentence that holds what a name needs is looked at closely, and what has been
    looked at once is remembered: a study is asked about the same names by every record that links to it.
    """

    def __init__(self, parts: Iterable[Part], joined: Iterable[Stream] = ()) -> None:
        self.sentences: list[_Sentence] = [sentence for one in joined for sentence in one.sentences]
        self.sentences += _sentences(parts)
        self._words = _BETWEEN.join([words for _, _, _, words in self.sentences]).split()
        self._bare = frozenset(self._words)
        self._squashed = "".join(self._words)
        self._chunks: dict[int, Chunk] = {}
        self._occurrences: dict[Span, Occurrence] = {}
        self._found: dict[str | tuple[str, ...], tuple[Span, ...]] = {}
        self._met: dict[tuple[str | tuple[str, ...], ...], tuple[tuple[Span, Part], ...]] = {}

    @classmethod
    def joined(cls, *streams: Stream) -> Self:
        """One stream of several, which are not cut up anew."""
        return cls((), streams)

    def __bool__(self) -> bool:
        return bool(self.sentences)

    @lazily
    def vocabulary(self) -> frozenset[str]:
        """All canonical tokens."""
        return frozenset([token for at in range(len(self.sentences)) for token, _, _ in self._chunk(at).canonical])

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
            known = self._met[forms] = tuple([(place, self._sentence_of(place)[0]) for place in places])
        return known

    def _spelling(self, key: str) -> Iterator[Span]:
        alone = self._places((key,))
        if len(alone) == self._squashed.count(key):
            yield from zip(alone, alone, strict=True)
            return
        at = self._squashed.find(key)
        while at >= 0:
            first, last = (bisect_left(self._offsets, place) for place in (at, at + len(key)))
            if self._offsets[first] == at and self._offsets[last] == at + len(key):
                yield first, last - 1
            at = self._squashed.find(key, at + 1)

    def _standing(self, tokens: tuple[str, ...]) -> Iterator[Span]:
        needed = [known for known in writings_of(tokens) if known is not None]
        if len(tokens) == len(needed) == 1:
            alone = self._places(needed[0])
            yield from zip(alone, alone, strict=True)
            return
        size = len(tokens)
        for number in self._holding(needed):
            base, row = self._starts[number], self._chunk(number).canonical
            for at in range(len(row) - size + 1):
                if row[at][0] == tokens[0] and tuple([token for token, _, _ in row[at : at + size]]) == tokens:
                    yield base + row[at][1], base + row[at + size - 1][2]

    def _holding(self, needed: Sequence[Sequence[str]]) -> Iterable[int]:
        """The sentences that have one word of each of these; all of them where none is needed."""
        if not needed:
            return range(len(self.sentences))
        numbers = [{self._number_of(place) for place in self._places(known)} for known in needed]
        return sorted(set.intersection(*numbers))

    def _places(self, words: Iterable[str]) -> list[int]:
        """Where any of these words stands."""
        places: list[int] = []
        for word in words:
            if word in self._bare:
                at = -1
                for _ in range(self._words.count(word)):
                    at = self._words.index(word, at + 1)
                    places.append(at)
        return sorted(places)

    @lazily
    def _starts(self) -> list[int]:
        """Where the sentences begin."""
        return [0, *[place + 1 for place in self._places((_END,))]]

    @lazily
    def _offsets(self) -> list[int]:
        return list(accumulate(map(len, self._words), initial=0))

    def occurrence(self, span: Span) -> Occurrence:
        """What stands at a place that was found."""
        if (known := self._occurrences.get(span)) is None:
            known = self._occurrences[span] = self._look(*span)
        return known

    def _number_of(self, word: int) -> int:
        return bisect_right(self._starts, word) - 1

    def _sentence_of(self, span: Span) -> _Sentence:
        return self.sentences[self._number_of(span[0])]

    def _chunk(self, number: int) -> Chunk:
        if (known := self._chunks.get(number)) is None:
            part, folded, base, words = self.sentences[number]
            known = self._chunks[number] = Chunk(part, folded, base, words.split())
        return known

    def _look(self, first: int, last: int) -> Occurrence:
        number = self._number_of(first)
        chunk = self._chunk(number)
        first -= self._starts[number]
        last -= self._starts[number]
        words = chunk.words
        begins, ends = first == 0, last + 1 == len(words)
        spans = chunk.spans(first if begins else first - 1, last if ends else last + 1)
        start, end = spans[0 if begins else 1][0], spans[-1 if ends else -2][1]
        aside = _BRACKET.match(chunk.folded, end)
        return Occurrence(
            chunk.part,
            chunk.verbatim(start, end),
            () if begins else tuple(words[max(0, first - _BEFORE) : first]),
            "" if begins else chunk.folded[spans[0][1] : start],
            () if ends else tuple(words[last + 1 : last + 1 + _AFTER]),
            "" if ends else chunk.folded[end : spans[-1][0]],
            "" if aside is None else aside[1],
        )


def _sentences(parts: Iterable[Part]) -> Iterator[_Sentence]:
    """Those that have words."""
    for part in parts:
        folded = fold(part.text)
        base = 0
        for end in _BREAK.finditer(folded):
            sentence = folded[base : end.start()]
            if (words := spaced_words(sentence)) and not words.isspace():
                yield part, sentence, base, words
            base = end.end()
        sentence = folded[base:]
        if (words := spaced_words(sentence)) and not words.isspace():
            yield part, sentence, base, words
