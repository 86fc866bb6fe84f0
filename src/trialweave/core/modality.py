"""What kind of therapy a text or a name speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from trialweave.core.naming.tokens import name_tokens
from trialweave.core.remembered import NAMES, PROSE
from trialweave.core.stems import families_of, stems_of
from trialweave.core.text import spelling, word_list
from trialweave.core.vocabulary.modalities import (
    CATEGORIES,
    CATEGORY_DRESS,
    CONTRADICT,
    FINER_CLASSES,
    LARGE_PROTEINS,
    NO_PRODUCT,
    NO_PRODUCT_DRESS,
    NO_PRODUCTS,
    OF_FAMILY,
    PHRASES,
    PROSE_JOINS,
    PROSE_KINDS,
    PROSE_LEADS_ON,
    PROSE_OPENS_WITH,
    TYPE_LEADS_ON,
    Modality,
)
from trialweave.core.vocabulary.pharmacy import SALTS
from trialweave.core.vocabulary.semantic_types import CHEMICAL, IMMUNE_PROTEIN
from trialweave.core.vocabulary.study_words import BRACKETED

_OPENING_WORDS = 25

NONE: frozenset[Modality] = frozenset()
_SMALL: frozenset[Modality] = frozenset({"small molecule"})
_PROTEINS: frozenset[Modality] = frozenset({"protein", "peptide"})


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
    | `A small molecule linked to trastuzumab`        | none: a part    |
    """
    told = BRACKETED.sub(" ", spelling(text))
    first = told.replace("-", " ").split(" ", 1)[0]
    if first not in PROSE_OPENS_WITH:
        return NONE
    goes_on = PROSE_LEADS_ON.search(told)
    if goes_on is None:
        return modalities_in(told) & PROSE_KINDS
    kinds = modalities_in(told[: goes_on.start()]) & PROSE_KINDS
    return kinds - _SMALL if goes_on[0].startswith(PROSE_JOINS) else kinds


@lru_cache(maxsize=NAMES)
def type_modalities(text: str) -> frozenset[Modality]:
    """The kinds that an intervention type calls its product.

    | intervention type                              | kinds           |
    |------------------------------------------------|-----------------|
    | `Monoclonal antibody plus exercise`            | antibody        |
    | `Immunotherapy with CAR T cells`               | cell product    |
    | `Conditioning chemotherapy before CAR T cells` | none: a partner |
    | `Immunosuppressant (transplantation)`          | none: a purpose |
    | `Stem cell transplantation`                    | procedure       |
    """
    told = spelling(text)
    goes_on = TYPE_LEADS_ON.search(told)
    if goes_on is not None and not CATEGORY_DRESS.issuperset(word_list(told[: goes_on.start()])):
        told = told[: goes_on.start()]
    kinds = modalities_in(told)
    return kinds if kinds.isdisjoint(NO_PRODUCTS) or _besides(told) <= NO_PRODUCT_DRESS else kinds - NO_PRODUCTS


@lru_cache(maxsize=NAMES)
def category_modalities(text: str) -> frozenset[Modality]:
    """What a category or class of a curated table promises; nothing where it is not known.

    | category                                        | kinds                        |
    |-------------------------------------------------|------------------------------|
    | `CAR M`, `Engager`                              | as in the table `CATEGORIES` |
    | `Small molecules`, `Monoclonal antibodies`      | what the words say           |
    | `Antibody inducer`, `Vaccine adjuvant`          | none: more than a kind       |
    """
    folded = spelling(text).replace("-", " ")
    if (known := CATEGORIES.get(folded)) is not None:
        return known
    return modalities_in(folded) & PROSE_KINDS if _besides(folded) <= CATEGORY_DRESS else NONE


@lru_cache(maxsize=NAMES)
def finer_class(text: str) -> str | None:
    """The class within a kind that a text says and nothing else: `ADC`, `CAR NK (allogeneic)`; None for none."""
    folded = BRACKETED.sub("", spelling(text)).replace("-", " ").strip()
    return next((name for name, (called, _) in FINER_CLASSES.items() if called.fullmatch(folded)), None)


def _besides(spelled: str) -> frozenset[str]:
    """The words of a text that are no words for a kind of therapy."""
    for _, pattern in PHRASES:
        spelled = pattern.sub(" ", spelled)
    return frozenset(word_list(spelled))


@lru_cache(maxsize=NAMES)
def no_product(text: str) -> Modality | None:
    """What an intervention type says that is one for what is no product: `Procedure`, `Behavioral: counseling`."""
    return NO_PRODUCT.get(spelling(text).partition(":")[0].rstrip())


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
    if "protein" in told and LARGE_PROTEINS.isdisjoint(stems_of(name)):
        told = told - {"protein"} | {"peptide"}
    return told or (NONE if SALTS.isdisjoint(name_tokens(name)) else _SMALL)


def excluded_by_types(kinds: Iterable[Modality], semantic_types: Iterable[str]) -> bool:
    """Do semantic types leave no room for any of these kinds? A chemical alone is no protein either."""
    kinds, left_open = frozenset(kinds), of_types(semantic_types)
    return contradict(kinds, left_open) or (left_open == _SMALL and bool(kinds) and kinds <= _PROTEINS)


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
