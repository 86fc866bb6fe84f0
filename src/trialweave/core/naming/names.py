"""One name and what it may confirm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from trialweave.core.naming.codes import end_codes, is_code
from trialweave.core.naming.tokens import bare_tokens, is_class_word, says_nothing
from trialweave.core.text import fold, squash
from trialweave.core.vocabulary.classes import AMBIGUOUS_NAMES
from trialweave.core.vocabulary.tables import listed

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_BETWEEN = re.compile(r"[/,;]")
_REGISTRY_NUMBER = re.compile(r"\d[\d\s.,-]*(?:\([a-z ]*\))?|nsc[\s-]?\d+|cdr\d+")
_ADJECTIVES = listed("recombinant human humanized synthetic")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the forms in which it climbs the ladder.

    `key` is squashed; `tokens` are canonical without salts and forms; `core` is what is left of them without class
    words at both ends (`FGFR inhibitor AZD4547` -> azd4547), empty where that is nothing new; `codes` are squashed.
    `generic` names confirm nothing; `weak` ones (short, ambiguous, bare numbers) never alone. `cased` ones are short
    capitals that must be met as capitals.
    """

    text: str
    key: str
    tokens: tuple[str, ...]
    core: tuple[str, ...]
    codes: tuple[str, ...]
    generic: bool
    weak: bool
    cased: bool

    @property
    def specific(self) -> bool:
        return not self.generic and not self.weak


@lru_cache(maxsize=65536)
def read_name(text: str) -> Name:
    """Build a name. Any text will do; the empty one is generic."""
    key = squash(text)
    tokens = bare_tokens(text)
    generic = says_nothing(tokens)
    return Name(
        text,
        key,
        tokens,
        () if generic else _core(tokens),
        () if generic else end_codes(text),
        generic,
        _is_weak(text, key),
        text.strip().isupper() and key.isalpha() and len(key) <= 5,
    )


def is_generic(name: str) -> bool:
    """Is the name made of class words, target symbols and numbers alone, so that it denotes no single product?

    True for `Anti-CD19 CAR-T cells`, `BRAF V600E inhibitor`, `Chemotherapy` and for text without any word; false for
    `nivolumab`, `CT-0525` and for every name with one word that is not in the class tables.
    """
    return read_name(name).generic


@lru_cache(maxsize=16384)
def name_parts(name: str) -> tuple[str, ...]:
    """The whole name, then the text outside its brackets, inside them, and what stands between `/ , ;`.

    `Trastuzumab deruxtecan (T-DXd, DS-8201a)` gives itself, `Trastuzumab deruxtecan`, `T-DXd, DS-8201a`, `T-DXd` and
    `DS-8201a`. Parts without a word of two characters are left out.
    """
    outside = " ".join(_BRACKETS.sub(" ", name).split())
    inside = [found for match in _BRACKETS.finditer(name) for found in match.groups() if found]
    parts: dict[str, None] = {}
    for piece in (name, outside, *inside):
        for part in (piece, *_BETWEEN.split(piece)):
            part = part.strip(" \t\r\n-:.")
            if len(squash(part)) > 1:
                parts[part] = None
    return tuple(parts)


def _core(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Without class words at the ends, as long as a word that can stand for a product is left."""
    start, end = _stripped_from_left(tokens), len(tokens) - _stripped_from_left(tokens[::-1])
    core = tokens[start:end]
    if not any(_is_telling(token) for token in core):
        start = next((at for at, token in enumerate(tokens) if token not in _ADJECTIVES), 0)
        core = tokens[start:]
    return core if core != tokens else ()


def _stripped_from_left(tokens: tuple[str, ...]) -> int:
    stripped = 0
    for index, token in enumerate(tokens):
        if is_class_word(token):
            stripped = index + 1
        elif not (token.isdigit() or len(token) == 1):
            break
    return stripped


def _is_telling(token: str) -> bool:
    """Can this token alone stand for a product?"""
    if is_class_word(token):
        return False
    return is_code(token) or (token.isalpha() and len(token) > 4) or (len(token) > 5 and not token.isdigit())


def _is_weak(text: str, key: str) -> bool:
    if len(key) < 3 or key in AMBIGUOUS_NAMES or _REGISTRY_NUMBER.fullmatch(fold(text).strip()):
        return not _is_short_code(key)
    return len(key) == 3 and not _is_short_code(key)


def _is_short_code(key: str) -> bool:
    """Three characters, letters and digits mixed, such as 5FU or 2C4."""
    return len(key) == 3 and not key.isalpha() and not key.isdigit()
