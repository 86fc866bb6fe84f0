"""Which names of its concept a definition uses, and which name it uses that is none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trialweave.core.naming import ConceptNames
from trialweave.core.naming.codes import is_code
from trialweave.core.naming.tokens import name_tokens
from trialweave.core.remembered import NAMES
from trialweave.core.stems import stems_of
from trialweave.core.text import definition_text

_ALIKE = 4
"""Letters at the beginning that make two names with one stem the same name, misspelt."""

_SUBJECT = re.compile(
    r"\b(?:upon|after|following)(?: [a-z-]+)? administration of (?:the )?(?P<given>[^\s,.;()]+(?: [^\s,.;()]+)?)"
    r"|\. (?P<acting>[^\s,.;()]+(?: [^\s,.;()]+)?) (?:selectively |specifically )?(?:binds|targets|inhibits|blocks)\b"
)
"""Where a definition names its own drug: what is administered, and the subject of the sentence on its effect."""


def names_used(text: str, names: ConceptNames) -> Iterator[str]:
    """The specific names of a concept that a definition uses, in any salt, whole words only."""
    padded = f" {_plain_words(text)} "
    for item in names.specific:
        for words in (item.name.text, " ".join(item.name.tokens), " ".join(item.name.core)):
            if words and f" {_plain_words(words)} " in padded:
                yield item.name.text
                break


def foreign_name(text: str, names: ConceptNames) -> str | None:
    """The nonproprietary name or the code that stands where a definition names its drug, and is none of the concept's.

    None where the definition uses any name of the concept.
    """
    own: set[str] = set()
    for match in _SUBJECT.finditer(definition_text(text)):
        own = own or {token for item in names.names for token in name_tokens(item.name.text)}
        words = (match["given"] or match["acting"]).split()
        foreign = [at for at, word in enumerate(words) if _is_foreign(word, own)]
        if foreign:
            last = max(at for at, word in enumerate(words) if at in foreign or stems_of(word))
            return None if next(names_used(text, names), None) else " ".join(words[: last + 1])
    return None


def _is_foreign(word: str, own: set[str]) -> bool:
    """A nonproprietary name or a code that is no word of the concept's names, nor one of them misspelt."""
    stems, tokens = stems_of(word), name_tokens(word)
    if not own.isdisjoint(tokens) or not (stems or is_code(word)):
        return False
    return not any(token[:_ALIKE] == word[:_ALIKE] and stems & stems_of(token) for token in own)


@lru_cache(maxsize=NAMES)
def _plain_words(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in definition_text(text)).split())
