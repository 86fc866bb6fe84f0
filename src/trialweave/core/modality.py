"""What kind of therapy a text or a name speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from trialweave.core.naming.tokens import name_tokens
from trialweave.core.remembered import NAMES, PROSE
from trialweave.core.stems import families_of
from trialweave.core.text import spelling
from trialweave.core.vocabulary.modalities import (
    CATEGORIES,
    CONTRADICT,
    NO_PRODUCT,
    OF_FAMILY,
    PHRASES,
    PROSE_KINDS,
    PROSE_LEADS_ON,
    PROSE_OPENS_WITH,
    Modality,
)
from trialweave.core.vocabulary.pharmacy import SALTS
from trialweave.core.vocabulary.semantic_types import CHEMICAL, IMMUNE_PROTEIN
from trialweave.core.vocabulary.study_words import BRACKETED

_OPENING_WORDS = 25

NONE: frozenset[Modality] = frozenset()
_SMALL: frozenset[Modality] = frozenset({"small molecule"})


@lru_cache(maxsize=NAMES)
def modalities_in(text: str) -> frozenset[Modality]:
    """The kinds of therapy that a short text names: an intervention type, the name of a class."""
    rest = spelling(text)
    found = set()
    for modality, pattern in PHRASES:
        shorter = pattern.sub(" ", rest)
        if shorter != rest:
            found.add(modality)
            rest = shorter
    return frozenset(found)


@lru_cache(maxsize=PROSE)
def opening_modalities(text: str) -> frozenset[Modality]:
    """The kinds that the opening of a definition names, where it says what the thing is."""
    return modalities_in(" ".join(text.split(". ", 1)[0].split()[:_OPENING_WORDS]))


@lru_cache(maxsize=PROSE)
def described_modalities(text: str) -> frozenset[Modality]:
    """The kinds that a curator's description calls its product, in the words before it goes on to anything else.

    | description                                     | kinds           |
    |-------------------------------------------------|-----------------|
    | `A humanized antibody that activates T cells`   | antibody        |
    | `Autologous T cells expressing an anti-CD19 CAR`| cell product    |
    | `Activates T cells`, `Kinase inhibitor`         | none            |
    """
    told = BRACKETED.sub(" ", spelling(text))
    first = told.replace("-", " ").split(" ", 1)[0]
    if first not in PROSE_OPENS_WITH:
        return NONE
    goes_on = PROSE_LEADS_ON.search(told)
    return modalities_in(told[: goes_on.start()] if goes_on else told) & PROSE_KINDS


@lru_cache(maxsize=NAMES)
def category_modalities(text: str) -> frozenset[Modality]:
    """What a category or class of a curated table promises; nothing where it is not known."""
    return CATEGORIES.get(spelling(text).replace("-", " "), NONE)


@lru_cache(maxsize=NAMES)
def no_product(text: str) -> Modality | None:
    """What an intervention type says that is one of the registry's for what is no product: `Procedure`."""
    return NO_PRODUCT.get(spelling(text))


def contradict(left: Iterable[Modality], right: Iterable[Modality]) -> bool:
    """Do both sides say a kind of therapy, and does every kind of the one contradict every kind of the other?"""
    ours, theirs = frozenset(left), frozenset(right)
    return bool(ours) and bool(theirs) and all(frozenset({a, b}) in CONTRADICT for a in ours for b in theirs)


def of_names(names: Iterable[str]) -> frozenset[Modality]:
    """The kinds that a drug's own names say: by their words, or else by their stems."""
    return frozenset(kind for name in names for kind in of_name(name))


@lru_cache(maxsize=NAMES)
def of_name(name: str) -> frozenset[Modality]:
    """The kinds that one name says: `CAR T cells` by its words, `-mab` and `-tinib` by their stems, else by a salt."""
    told = modalities_in(name) or frozenset(OF_FAMILY[family] for family in families_of(name))
    return told or (NONE if SALTS.isdisjoint(name_tokens(name)) else _SMALL)


def excluded_by_types(kinds: Iterable[Modality], semantic_types: Iterable[str]) -> bool:
    """Do semantic types leave no room for any of these kinds? A chemical alone is no protein either."""
    kinds, left_open = frozenset(kinds), of_types(semantic_types)
    return contradict(kinds, left_open) or (left_open == _SMALL and kinds == {"protein"})


def of_types(semantic_types: Iterable[str]) -> frozenset[Modality]:
    """The kinds that semantic types leave open; nothing where they say too little.

    | semantic types, beside Pharmacologic Substance               | kinds             |
    |--------------------------------------------------------------|-------------------|
    | chemicals alone                                              | small molecule    |
    | proteins that are immunologic factors, and no chemical       | antibody, vaccine |
    | any other                                                    | none              |
    """
    types = frozenset(semantic_types) - {"Pharmacologic Substance"}
    if types and types <= CHEMICAL:
        return _SMALL
    return frozenset({"antibody", "vaccine"}) if types >= IMMUNE_PROTEIN and not types & CHEMICAL else NONE
