"""Stems of nonproprietary names as evidence: two names with different stems denote two substances."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from trialweave.core.naming.features import stem_at_end
from trialweave.core.naming.tokens import name_tokens
from trialweave.core.remembered import NAMES
from trialweave.core.vocabulary.stems import NO_MEMBERS, OLD_NAMES, STEMLESS, STEMS, Family
from trialweave.core.vocabulary.tables import listed

_SHORTEST = 4
_STEMS = {stem for stems in STEMS.values() for stem in stems if len(stem) >= _SHORTEST} | STEMS["antibody"]
_STEMLESS: dict[str, Family] = {name: family for family, names in STEMLESS.items() for name in names}
_FAMILY: dict[str, Family] = {stem: family for family, stems in STEMS.items() for stem in stems} | _STEMLESS
_GROUPS = (
    listed("trexate trexed"),
    listed("fosfamide phosphamide"),
    listed("fylline phylline"),
    listed("ciclovir cyclovir"),
    listed("ciclib cidib"),
    listed("tinib tanib anib minib"),
    listed("citabine rabine tidine"),
    listed("aspargase paraginase"),
    listed("setron pitant"),
    listed("dronate dronic"),
    listed("terone solone"),
)
"""Stems that one substance has carried under several names; `citabine` and `rabine` end the same analogues."""


@lru_cache(maxsize=NAMES)
def stems_of(name: str) -> frozenset[str]:
    """The stems of the nonproprietary words in a name; a name in common use without one is its own.

    Stems of three letters end brands too; only those of antibodies count.
    """
    return frozenset(stem for token in name_tokens(name) if (stem := _stem(token)) is not None)


@lru_cache(maxsize=NAMES)
def families_of(name: str) -> frozenset[Family]:
    """The families of substance that the stems of a name promise."""
    return frozenset(_FAMILY[stem] for token in name_tokens(name) if (stem := _stem(token)) is not None)


def different_substances(names: Iterable[str], others: Iterable[str]) -> tuple[str, str] | None:
    """One stem of each side, where both sides have stems and share none: `-platin`, or a whole name that bears none."""
    ours = frozenset(stem for name in names for stem in stems_of(name))
    theirs = frozenset(stem for name in others for stem in stems_of(name))
    apart = bool(ours) and bool(theirs) and not {_group(stem) for stem in ours} & {_group(stem) for stem in theirs}
    return (_shown(min(ours)), _shown(min(theirs))) if apart else None


def _shown(stem: str) -> str:
    return stem if stem in _STEMLESS else f"-{stem}"


def _group(stem: str) -> str:
    return next((min(group) for group in _GROUPS if stem in group), stem)


def _stem(token: str) -> str | None:
    if not token.isalpha() or token in NO_MEMBERS or token.endswith("globulin"):
        return None
    if token in _STEMLESS:
        return token
    if token in OLD_NAMES:
        return OLD_NAMES[token]
    return stem_at_end(token, _STEMS)
