"""Radioactive labels in their many writings, as one token each."""

from __future__ import annotations

import re
from functools import lru_cache

from trialweave.core.remembered import TOKENS
from trialweave.core.vocabulary.synonyms import ISOTOPES, MASSES

_ISOTOPE = re.compile(r"(\d{1,3})([a-z]{1,2})|([a-z]{1,2})(\d{1,3})|(99)m(tc)|(tc)(99)m")
_MASS = re.compile(r"(\d{2,3})m?")
ISOTOPE_SYMBOLS = frozenset(ISOTOPES.values())


def isotopes_joined(tokens: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """`Lutetium Lu 177`, `Lutetium-177`, `[177Lu]Lu`, `Lu-177` and `177Lu` become `lu177`, `Tc-99m` becomes `tc99`."""
    result: list[tuple[str, int, int]] = []
    before = ""
    for token, first, last in tokens:
        if not (of_a_label(token) or before in ISOTOPE_SYMBOLS or before in ISOTOPES):
            result.append((token, first, last))
        elif token in ISOTOPE_SYMBOLS and ISOTOPES.get(before) == token:
            result[-1] = (token, result[-1][1], last)
        elif token in ISOTOPE_SYMBOLS and before.startswith(token) and before[len(token) :].isdigit():
            result[-1] = (before, result[-1][1], last)
        elif before in ISOTOPE_SYMBOLS and (mass := _MASS.fullmatch(token)) is not None:
            result[-1] = (before + mass[1], result[-1][1], last)
        elif before in ISOTOPES and (mass := _MASS.fullmatch(token)) and is_isotope(ISOTOPES[before] + mass[1]):
            result[-1] = (ISOTOPES[before] + mass[1], result[-1][1], last)
        elif token in ISOTOPE_SYMBOLS and before.isdigit() and 1 < len(before) < 4:
            result[-1] = (token + before, result[-1][1], last)
        elif (label := isotope(token)) is not None:
            if ISOTOPES.get(before) == label.rstrip("0123456789"):
                first = result.pop()[1]
            result.append((label, first, last))
        else:
            result.append((token, first, last))
        before = result[-1][0]
    return result


def is_isotope(token: str) -> bool:
    """The canonical token of a radioactive label, such as `lu177`."""
    symbol = token.rstrip("0123456789")
    return symbol != token and symbol in MASSES and int(token[len(symbol) :]) in MASSES[symbol]


def is_radioactive(token: str) -> bool:
    """A label, an element that is one, or a word that says so: `lu177`, `lutetium`, `radioiodine`."""
    return is_isotope(token) or token in ISOTOPES or token.startswith("radi")


def isotope(token: str) -> str | None:
    """The canonical token of a word that is a radioactive label, mass first or last: `177lu`, `lu177`, `99mtc`."""
    match = None if token.isalpha() else _ISOTOPE.fullmatch(token)
    if match is None:
        return None
    one, other = (group for group in match.groups() if group is not None)
    label = other + one if one.isdigit() else one + other
    return label if is_isotope(label) else None


@lru_cache(maxsize=TOKENS)
def of_a_label(token: str) -> bool:
    return token in ISOTOPE_SYMBOLS or isotope(token) is not None
