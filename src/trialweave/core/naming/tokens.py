"""Canonical tokens: the words of a name after token synonyms, and the same without salts, forms and doses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

from trialweave.core.naming.esters import different_esters, esters_in
from trialweave.core.naming.isotopes import ISOTOPE_SYMBOLS, isotopes_joined, of_a_label
from trialweave.core.remembered import LAST, NAMES, TOKENS
from trialweave.core.text import fold, word_list
from trialweave.core.vocabulary.classes import GENERIC_WORDS
from trialweave.core.vocabulary.pharmacy import (
    ARRANGEMENT,
    BIOSIMILAR_SUFFIX,
    CODE_BEGINNINGS,
    DOSE,
    ELEMENTS,
    FORMS,
    HYDRATES,
    SALTS,
)
from trialweave.core.vocabulary.synonyms import (
    AFTER_MARKER,
    ISOTOPES,
    JOINED_TO_NUMBER,
    MASSES,
    NUMBERED_WORDS,
    PHRASES,
    SPELLINGS,
    WORDS,
)
from trialweave.core.vocabulary.targets import ALIASES, MUTATION, SYMBOL

ANY_DIGIT = re.compile(r"\d")
_SHORT_NUMBER = re.compile(r"\d{1,3}[a-z]{0,2}(?:\.\d)?")
_MARKERS = re.compile(r"\b(cd\d{1,3})/(\d{1,3})\b")
_CODE = re.compile(r"([a-z]+)\d+[a-z]*|\d{4,}[a-z]*")

_DASH_IN_A_CODE = re.compile(r"-(?=[a-z]{0,4}\d{3})")
_CODE_BEGINNING = re.compile(rf"(?<![\w-])({'|'.join(sorted(CODE_BEGINNINGS))})-(?=[a-z]{{0,4}}\d{{3}})")

_BY_FIRST: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    first: tuple(
        sorted((item for item in PHRASES.items() if item[0][0] == first), key=lambda item: len(item[0]), reverse=True)
    )
    for first in {phrase[0] for phrase in PHRASES}
}


_INTERPRETED = frozenset(
    chain(
        chain.from_iterable(chain(*item) for item in PHRASES.items()),
        chain.from_iterable((word, *tokens) for word, tokens in WORDS.items()),
        *(chain(table, table.values()) for table in (ALIASES, NUMBERED_WORDS, ISOTOPES)),
        *(JOINED_TO_NUMBER, AFTER_MARKER, SALTS),
    )
)
"""Tokens that a table makes, changes, joins or drops."""

_NUMBERED_GREEK = re.compile(r"(alpha|alfa|beta|gamma)(\d[a-z]?)")
_LONGEST_GLUED = 64
"""Letters and digits of the longest word that is taken apart: no class words in one piece have more."""

_ENDS_A_NAME = frozenset({"alfa", "live", "powder", "inactivated"})
"""Words of class or form that stand before a suffix as a part of the name."""

_GLUE = frozenset({"anti", "x", "alpha", "beta", "gamma"})

_JOINING = JOINED_TO_NUMBER | frozenset(NUMBERED_WORDS.values()) | ISOTOPE_SYMBOLS | MASSES.keys()
"""Letters that a number behind them, or a symbol behind that number, is joined to."""

_JOINING_NUMBERS = JOINED_TO_NUMBER | NUMBERED_WORDS.keys()
"""Words that a short number behind them is joined to."""

_BESIDE_NUMBERS = _JOINING_NUMBERS | AFTER_MARKER | ISOTOPES.keys()
_REPLACED = _BY_FIRST.keys() | ALIASES.keys()
"""Tokens that are, or begin, what a table replaces."""


@lru_cache(maxsize=NAMES)
def name_tokens(name: str) -> tuple[str, ...]:
    """All canonical tokens of a name, in order. `CD19/22` are two markers."""
    folded = fold(name)
    if "/" in folded and "cd" in folded:
        folded = _MARKERS.sub(r"\1/cd\2", folded)
    return tuple([token for token, _, _ in canonical(word_list(folded))])


@lru_cache(maxsize=NAMES)
def bare_tokens(name: str) -> tuple[str, ...]:
    """The canonical tokens without salts, forms, doses and a biosimilar's suffix. `80 mg tablet` has none."""
    folded = undressed(name)
    for suffix in reversed(_biosimilar_suffixes(folded)):
        folded = folded[: suffix.start()] + folded[suffix.end() :]
    if _DASH_IN_A_CODE.search(folded) is not None:
        folded = _CODE_BEGINNING.sub(r"\1", folded)
    tokens = [token for token, _, _ in canonical(word_list(folded))]
    return without_salts_and_forms(tokens)


def same_but_for_salts(one: str, other: str) -> bool:
    """Do two names denote one substance, in another salt, form or dose? `Topotecan Hydrochloride` and `topotecan`.

    Not in another ester, nor made by another: `adalimumab-aacf` and `adalimumab-bbcd`.
    """
    bare = bare_tokens(one)
    if not bare or bare != bare_tokens(other):
        return False
    some, others = fold(one), fold(other)
    suffixes = {suffix for suffix in (biosimilar_suffix(some), biosimilar_suffix(others)) if suffix}
    return len(suffixes) < 2 and not different_esters(esters_in(some), esters_in(others))


@lru_cache(maxsize=LAST)
def undressed(name: str) -> str:
    """The folded name without doses and what a study adds to a name."""
    folded = fold(name)
    if folded.isalpha() and ARRANGEMENT.match(folded) is None:
        return folded
    return ARRANGEMENT.sub(" ", DOSE.sub(" ", folded) if ANY_DIGIT.search(folded) is not None else folded)


def biosimilar_suffix(folded: str) -> str:
    """The first suffix of a biosimilar in a folded name, with its dash: `-dkst`; empty where there is none."""
    return next((suffix[0] for suffix in _biosimilar_suffixes(folded)), "")


def _biosimilar_suffixes(folded: str) -> list[re.Match[str]]:
    """Where they stand: behind a drug's own name. Behind a class word, a target or a salt it is a part of the name.

    `alfa`, `live` and the like end a drug's own name: `cipaglucosidase alfa-atga`.
    """
    found: list[re.Match[str]] = []
    if "-" not in folded:
        return found
    for suffix in BIOSIMILAR_SUFFIX.finditer(folded):
        before = word_list(folded[: suffix.start()])
        own = before if before[-1] in _ENDS_A_NAME else before[-1:]
        if before[-1] not in SALTS and not says_nothing(token for token, _, _ in canonical(own)):
            found.append(suffix)
    return found


def without_salts_and_forms(tokens: Sequence[str]) -> tuple[str, ...]:
    """Strip what does not decide identity; keep the salts where elements or letters would be left (`zinc acetate`)."""
    bare = tuple(token for token in tokens if token not in SALTS and token not in FORMS)
    return (
        bare
        if any(token not in ELEMENTS and len(token) > 1 for token in bare)
        else tuple(token for token in tokens if token not in FORMS and token not in HYDRATES)
    )


@lru_cache(maxsize=TOKENS)
def is_class_word(token: str) -> bool:
    """A word of class, format or disease, or the symbol of a target: it identifies no product."""
    return token in GENERIC_WORDS or is_symbol(token) or MUTATION.fullmatch(token) is not None


@lru_cache(maxsize=TOKENS)
def is_symbol(token: str) -> bool:
    """A target, a marker or a pathway, mutations included."""
    return SYMBOL.fullmatch(token) is not None


def says_nothing(tokens: Iterable[str]) -> bool:
    """Nothing but class words, target symbols, plain numbers, single letters and forms."""
    return all(is_class_word(token) or token.isdigit() or len(token) == 1 or token in FORMS for token in tokens)


def canonical(raw: Sequence[str]) -> list[tuple[str, int, int]]:
    """Canonical tokens of a row of folded words, each with the first and the last word that it stands for.

    In most rows no word is of those that tables of phrases and neighbours have a say in.
    """
    plain = list(map(plain_token, raw))
    if "" not in plain:
        places = range(len(raw))
        return list(zip(plain, places, places, strict=True))
    flat: list[tuple[str, int, int]] = []
    joins_a_number = False
    for index, alone in enumerate(plain):
        if alone and not joins_a_number:
            flat.append((alone, index, index))
            continue
        for token in _of_word(raw[index]):
            if joins_a_number and _SHORT_NUMBER.fullmatch(token) is not None:
                before, first, _ = flat.pop()
                token = NUMBERED_WORDS.get(before, before) + token
                flat.append((token, first, index))
            elif not (token in AFTER_MARKER and flat and is_symbol(flat[-1][0])):
                flat.append((token, index, index))
            joins_a_number = flat[-1][0] in _JOINING_NUMBERS
    return isotopes_joined(_phrases_replaced(flat))


def writings(token: str) -> tuple[str, ...] | None:
    """The words that `canonical` turns into this token, each by itself wherever it stands; None where that depends.

    It depends for tokens that a table of synonyms, phrases, isotopes or salts knows, for targets (`antiBCMA`), for
    short numbers, and for what letters and a number can make (`il15`, `lu177`).
    """
    if token in _INTERPRETED or token in _GLUE or is_symbol(token) or not (token.isalpha() or _stands_alone(token)):
        return None
    candidates = [token, token + "s", token[:-1] + "ies", *otherwise_spelled(token)]
    return tuple([word for word in candidates if _of_word(word) == (token,)])


@lru_cache(maxsize=NAMES)
def otherwise_spelled(text: str) -> tuple[str, ...]:
    """A squashed name or a word in the other spelling: `zincsulphate`."""
    both = [pair for british, american in SPELLINGS for pair in ((british, american), (american, british))]
    return tuple(text.replace(*pair) for pair in both if pair[0] in text)


@lru_cache(maxsize=TOKENS)
def writings_of(tokens: tuple[str, ...]) -> tuple[tuple[str, ...] | None, ...]:
    """`writings` of each."""
    return tuple(map(writings, tokens))


def _stands_alone(token: str) -> bool:
    """Is a token with digits one that no neighbour is joined to or made it: `azd1775`, `936558`?"""
    code = _CODE.fullmatch(token)
    return code is not None and code[1] not in _JOINING


def _phrases_replaced(flat: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    result: list[tuple[str, int, int]] = []
    done = 0
    for at in [at for at, (token, _, _) in enumerate(flat) if token in _REPLACED]:
        if at < done:
            continue
        result += flat[done:at]
        token, first, last = flat[at]
        done = at + 1
        for phrase, replacement in _BY_FIRST.get(token, ()):
            end = at + len(phrase)
            if tuple([token for token, _, _ in flat[at:end]]) == phrase:
                last = flat[end - 1][2]
                result += [(ALIASES.get(word, word), first, last) for word in replacement]
                done = end
                break
        else:
            result.append((ALIASES.get(token, token), first, last))
    return result + flat[done:]


@lru_cache(maxsize=TOKENS)
def plain_token(word: str) -> str:
    """The one token of a word that stays as it is among others of its kind; empty where that depends on neighbours."""
    token, *more = _of_word(word)
    return "" if more or token in _REPLACED or token in _BESIDE_NUMBERS or of_a_label(token) else token


@lru_cache(maxsize=TOKENS)
def _of_word(word: str) -> tuple[str, ...]:
    token = _singular(word)
    for british, american in SPELLINGS:
        token = token.replace(british, american)
    return WORDS.get(token) or _unglued(token)


def _unglued(token: str) -> tuple[str, ...]:
    """`antiCD19` is `anti CD19`, `CD3xCD20` is `CD3 x CD20`: class words in one piece are no product's name.

    The letter of a protein goes without its number as well: `interferon alpha2b`.
    """
    if len(token) > _LONGEST_GLUED:
        return (token,)
    if token.startswith("anti"):
        rest = _unglued(token[4:])
        if len(rest) > 1 or _is_target(rest[0]) or rest[0] in JOINED_TO_NUMBER:
            return ("anti", *rest)
    if (numbered := _NUMBERED_GREEK.fullmatch(token)) is not None:
        return (*_of_word(numbered[1]), numbered[2])
    for at, letter in enumerate(token) if "x" in token else ():
        if letter == "x" and _is_target(token[:at]) and _is_target(token[at + 1 :]):
            return (token[:at], letter, token[at + 1 :])
    return (token,)


def _is_target(token: str) -> bool:
    return token in ALIASES or is_symbol(token)


def _singular(word: str) -> str:
    if len(word) < 4 or word[-1] != "s" or word.endswith(("ss", "us", "is", "as", "os")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    return word[:-1]
