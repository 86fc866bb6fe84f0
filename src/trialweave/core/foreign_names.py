"""Which names of its drug a text uses, and which name it uses that is none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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

_WORDS = r"[^\s,.;()]+(?: [^\s,.;()]+)?"
_SUBJECT = re.compile(
    rf"\b(?:upon|after|following)(?: [a-z-]+)? administration of (?:the )?(?P<given>{_WORDS})"
    rf"|\. (?P<acting>{_WORDS}) (?:selectively |specifically )?(?:binds|targets|inhibits|blocks)\b"
)
"""Where a definition names its own drug: what is administered, and the subject of the sentence on its effect."""

_SUBJECT_OF_PROSE = re.compile(
    rf"^(?P<opening>{_WORDS}) is an? "
    rf"|\bupon(?: [a-z-]+)? (?:administration|injection|infusion)(?: of (?:the )?(?P<given>{_WORDS})"
    rf"|, (?P<acting>{_WORDS}) (?:[a-z]+ly )?(?:binds|targets|inhibits|blocks|activates|prevents)\b)"
    rf"|\. (?P<subject>{_WORDS}) (?:[a-z]+ly )?(?:binds|targets|inhibits|blocks)\b"
)
"""Where a curator's text names what it is about. What `follows administration of` another drug is given after that."""

_CUES = (
    " administration of ", " is a ", " is an ", " binds", " targets", " inhibits", " blocks", " activates", " prevents",
)  # fmt: skip
"""Without one of these no text does."""


def names_used(text: str, names: ConceptNames | RecordNames) -> Iterator[str]:
    """The specific names of a side that a text uses, in any salt, whole words only."""
    padded = f" {_plain_words(text)} "
    for item in names.specific:
        for words in (item.name.text, " ".join(item.name.tokens), " ".join(item.name.core)):
            if words and f" {_plain_words(words)} " in padded:
                yield item.name.text
                break


def foreign_name(definition: str, names: ConceptNames) -> str | None:
    """The nonproprietary name or the code that stands where a definition names its drug, and is none of the concept's.

    None where the definition uses any name of the concept.
    """
    own: set[str] = set()
    for match in _SUBJECT.finditer(definition_text(definition)):
        own = own or _tokens_of((names,))
        found = _foreign_part(match["given"] or match["acting"], own)
        if found is not None:
            return None if next(names_used(definition, names), None) else found
    return None


def other_subject(text: str, *sides: ConceptNames | RecordNames) -> str | None:
    """The drug that a curator's text is about, where that is another than the one that `sides` name.

    | text                                              | about                          |
    |---------------------------------------------------|--------------------------------|
    | `Zanutinib is an inhibitor`                       | zanutinib                      |
    | `Upon administration, XYZ-12 binds`               | XYZ-12                         |
    | `An inhibitor. Zanutinib blocks`                  | zanutinib                      |
    | `Given with zanutinib. Zanutinib blocks`          | unknown: a partner             |
    | `A prodrug. SN-38 inhibits`                       | unknown: a metabolite, perhaps |
    | any of these, and one of the drug's names         | that                           |
    """
    small = " ".join(text.lower().split())
    for side in sides:
        if (word := _telling_word(side)) and word in small:
            return None
    if not any(cue in small for cue in _CUES):
        return None
    own: set[str] = set()
    for match in _SUBJECT_OF_PROSE.finditer(small):
        own = own or _tokens_of(sides)
        found = _foreign_part(match[match.lastgroup or 0], own)
        if found is None or (match["subject"] and (not stems_of(found) or found in small[: match.start()])):
            continue
        return None if any(True for side in sides for _ in names_used(text, side)) else found
    return None


def _tokens_of(sides: Iterable[ConceptNames | RecordNames]) -> set[str]:
    return {token for side in sides for item in side.names for token in name_tokens(item.name.text)}


def _foreign_part(text: str, own: set[str]) -> str | None:
    """The words up to the last that is foreign or a stem, where one is foreign."""
    words = text.split()
    foreign = [at for at, word in enumerate(words) if _is_foreign(word, own)]
    if not foreign:
        return None
    last = max(at for at, word in enumerate(words) if at in foreign or stems_of(word))
    return " ".join(words[: last + 1])


def _telling_word(side: ConceptNames | RecordNames) -> str:
    """What tells a side's first name from others: a text that holds it needs no closer look. Empty for none."""
    return _longest(side.specific[0].name.tokens) if side.specific else ""


@lru_cache(maxsize=NAMES)
def _longest(tokens: tuple[str, ...]) -> str:
    word = max((token for token in tokens if not is_class_word(token)), key=len, default="")
    return word if len(word) > _TELLING else ""


def _is_foreign(word: str, own: set[str]) -> bool:
    """A nonproprietary name or a code that is no word of the concept's names, nor one of them misspelt."""
    stems, tokens = stems_of(word), name_tokens(word)
    if not own.isdisjoint(tokens) or not (stems or is_code(word)):
        return False
    return not any(token[:_ALIKE] == word[:_ALIKE] and stems & stems_of(token) for token in own)


@lru_cache(maxsize=NAMES)
def _plain_words(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in definition_text(text)).split())
