"""Which names of its concept a definition uses, and which name it uses that is none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trialweave.core.naming import ConceptNames, RecordNames
from trialweave.core.naming.codes import is_code
from trialweave.core.naming.tokens import is_class_word, name_tokens
from trialweave.core.remembered import NAMES
from trialweave.core.stems import stems_of
from trialweave.core.text import definition_text

_ALIKE = 4
"""Letters at the beginning that make two names with one stem the same name, misspelt."""

_TELLING = 5
"""Letters from which on a word is found in a text for no other reason."""

_SUBJECT = re.compile(
    r"\b(?:upon|after|following)(?: [a-z-]+)? administration of (?:the )?(?P<given>[^\s,.;()]+(?: [^\s,.;()]+)?)"
    r"|(?:\.|\b(?:upon|after|following)(?: [a-z-]+)? (?:administration|injection|infusion),)"
    r" (?P<acting>[^\s,.;()]+(?: [^\s,.;()]+)?)"
    r" (?:selectively |specifically |directly |strongly |also )?(?:binds|targets|inhibits|blocks|activates|prevents)\b"
)
"""Where a text names its own drug: what is administered, and the subject of the sentence on its effect."""

_CUES = (" administration of ", " binds", " targets", " inhibits", " blocks", " activates", " prevents")
"""Without one of these no text does."""


def names_used(text: str, names: ConceptNames | RecordNames) -> Iterator[str]:
    """The specific names of a side that a text uses, in any salt, whole words only."""
    padded = f" {_plain_words(text)} "
    for item in names.specific:
        for words in (item.name.text, " ".join(item.name.tokens), " ".join(item.name.core)):
            if words and f" {_plain_words(words)} " in padded:
                yield item.name.text
                break


def foreign_name(text: str, *sides: ConceptNames | RecordNames) -> str | None:
    """The nonproprietary name or the code that stands where a text names its drug, and is none of the drug's names.

    The text is in small letters; `sides` are what is known of those names. None where it uses any of them.
    """
    own: set[str] = set()
    if any(_is_called(text, side) for side in sides) or not any(cue in text for cue in _CUES):
        return None
    for match in _SUBJECT.finditer(text):
        own = own or {token for side in sides for item in side.names for token in name_tokens(item.name.text)}
        words = (match["given"] or match["acting"]).split()
        foreign = [at for at, word in enumerate(words) if _is_foreign(word, own)]
        if foreign:
            last = max(at for at, word in enumerate(words) if at in foreign or stems_of(word))
            used = any(True for side in sides for _ in names_used(text, side))
            return None if used else " ".join(words[: last + 1])
    return None


def _is_called(text: str, side: ConceptNames | RecordNames) -> bool:
    """Does a text hold the telling word of a side's first name? This spares most texts a closer look."""
    tokens = side.specific[0].name.tokens if side.specific else ()
    word = max((token for token in tokens if not is_class_word(token)), key=len, default="")
    return len(word) > _TELLING and word in text


def _is_foreign(word: str, own: set[str]) -> bool:
    """A nonproprietary name or a code that is no word of the concept's names, nor one of them misspelt."""
    stems, tokens = stems_of(word), name_tokens(word)
    if not own.isdisjoint(tokens) or not (stems or is_code(word)):
        return False
    return not any(token[:_ALIKE] == word[:_ALIKE] and stems & stems_of(token) for token in own)


@lru_cache(maxsize=NAMES)
def _plain_words(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in definition_text(text)).split())
