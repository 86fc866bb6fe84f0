"""Sponsors' codes: what is one, and where in a name it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trialweave.core.naming.isotopes import isotope
from trialweave.core.naming.tokens import ANY_DIGIT, is_class_word, is_symbol, name_tokens, says_nothing, undressed
from trialweave.core.remembered import NAMES
from trialweave.core.text import fold
from trialweave.core.vocabulary.classes import CELL_WORDS
from trialweave.core.vocabulary.pharmacy import FORMS, SALTS
from trialweave.core.vocabulary.study_words import NO_PRODUCT_CODE, NOT_A_CODE_PREFIX
from trialweave.core.vocabulary.synonyms import ISOTOPES
from trialweave.core.vocabulary.targets import ALIASES, MUTATION

_RUN = re.compile(r"[a-z]{1,2}\d\s\d{4}(?![\w.-])|[a-z]{1,6}\s\d{2,8}[a-z]{0,2}(?![\w.-])|[a-z0-9]+(?:[-.][a-z0-9]+)*")
_PIECE = re.compile(r"[a-z]+|\d+")
_SPONSORS_TOO = frozenset({"ucb", "msc"})
"""Words of cells that codes of a sponsor begin with too: UCB, and Merck KGaA (`MSC2490484A`)."""

_BEFORE_A_MARKER = frozenset({"car", "cart", "cell"})
"""Words of cells that the number of a marker stands behind: `CART-123` are cells against CD123."""

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_LEADING_ZERO = re.compile(r"([a-z]{2,4})0([1-9]\d{2,})")
_MARKED_SALT = re.compile(r"([a-z]{2,4}-?\d{5,8})(?:-(?:\d{2,3}|[a-z]{3})|(?<=\d{6})[a-h])")
_SHORTEST_MARKED = 9
_CAS = re.compile(r"\d{2,7}-\d{2}-\d")


@lru_cache(maxsize=NAMES)
def is_code(text: str) -> bool:
    """Written like a sponsor's code: letters and two digits or more, short pieces, and nothing that merely looks so.

    `AZD1775`, `CT-0525`, `AMG 172`, `BL-M07D1`, `852A` are codes; CD19, IL-15, V600E, HLA-A2, `phase 2`, F-18, CRM197
    and registry numbers (NSC, CAS) are not.
    """
    folded = fold(text).strip()
    if ANY_DIGIT.search(folded) is None or _RUN.fullmatch(folded) is None or _CAS.fullmatch(folded):
        return False
    pieces = _PIECE.findall(folded)
    letters = [piece for piece in pieces if piece.isalpha()]
    digits = sum(len(piece) for piece in pieces if piece.isdigit())
    key = "".join(pieces)
    return (
        digits >= 2
        and 1 <= len(letters) <= 4
        and max(map(len, letters)) <= 6
        and 4 <= len(key) <= 16
        and not (len(letters) == 1 and len(letters[0]) == 1 and digits < 3)
        and letters[0] not in NOT_A_CODE_PREFIX
        and letters[0] not in ISOTOPES
        and key not in NO_PRODUCT_CODE
        and not is_symbol(key)
        and not _is_one_word_of_class_words(key)
        and MUTATION.fullmatch(key) is None
        and isotope(key) is None
        and not _holds_symbol(folded)
        and not _is_class_with_number(letters, digits, spaced=" " in folded)
    )


@lru_cache(maxsize=NAMES)
def end_codes(name: str) -> tuple[str, ...]:
    """The squashed codes at the two ends of a name, where NCIt and registries put the product's own code.

    Codes in the middle belong to parts: MLN591 in `Monoclonal Antibody MLN591-DM1 Immunoconjugate MLN2704`, AP1903 in
    `AP1903-inducible ... BPX-201`. At the beginning the rest must be class words.
    """
    folded = undressed(name)
    if ANY_DIGIT.search(folded) is None:
        return ()
    folded = without_thousands(folded)
    runs = [run for run in _RUN.finditer(folded) if not _is_dressing(run[0])]
    if not runs:
        return ()
    found: list[str] = []
    if is_code(runs[-1][0]):
        found += _writings(runs[-1][0])
    if is_code(runs[0][0]) and says_nothing(name_tokens(folded[runs[0].end() :])):
        found += _writings(runs[0][0])
    return tuple(dict.fromkeys(found))


def without_thousands(text: str) -> str:
    """`CP-690,550` is CP-690550."""
    return _THOUSANDS.sub("", text) if "," in text else text


def _writings(run: str) -> Iterator[str]:
    """The code, and how it is written too.

    | code | too |
    |---|---|
    | `MK-0217` | `MK-217`: a zero that fills up to four digits |
    | `CP-690550-10`, `JNJ-54135419-AAC`, `GSK1120212B` | the code without the mark of the salt or the batch |
    """
    key = _key(run)
    yield key
    if len(key) >= _SHORTEST_MARKED and (marked := _MARKED_SALT.fullmatch(run)) is not None:
        yield _key(marked[1])
    if "0" in key and (filled := _LEADING_ZERO.fullmatch(key)) is not None:
        yield filled[1] + filled[2]


def codes_in(folded: str) -> Iterator[re.Match[str]]:
    """Where a folded text holds what is written like a sponsor's code."""
    return (run for run in _RUN.finditer(folded) if is_code(run[0]))


def _holds_symbol(folded: str) -> bool:
    """A target among the parts, unless three digits of the product's own follow: `HLA-A2`, but P-BCMA-101."""
    *parts, last = re.split(r"[-\s]", folded)
    if last.isdigit() and len(last) > 2:
        return False
    return any(len(part) > 3 and is_symbol(part) for part in (*parts, last))


def _is_one_word_of_class_words(key: str) -> bool:
    """`antiCD19`, `MUC16xCD3`, `CLDN18.2`."""
    tokens = name_tokens(key)
    return key in ALIASES or (len(tokens) > 1 and says_nothing(tokens))


def _is_class_with_number(letters: list[str], digits: int, *, spaced: bool) -> bool:
    """`CAR-19`, `cell 2024`, `anti-hCD70-CAR`. A dash and three digits make a code of it: `MM-111`, `CTL-019`.

    Behind letters that begin the codes of a sponsor so do more: `UCB-7665`.
    """
    if len(letters) == 1 and letters[0] in CELL_WORDS and letters[0] not in _BEFORE_A_MARKER and not spaced:
        return digits != 3 and not (letters[0] in _SPONSORS_TOO and digits > 3)
    if len(letters) > 2 or letters[0] == "anti" or letters[-1] in CELL_WORDS:
        return any(len(piece) > 2 and is_class_word(piece) for piece in letters)
    return any(is_class_word(piece) for piece in letters) and (spaced or digits < 3)


def _is_dressing(run: str) -> bool:
    return run in SALTS or run in FORMS


def _key(run: str) -> str:
    return "".join(_PIECE.findall(run)) if "." not in run else re.sub(r"[\s-]", "", run)
