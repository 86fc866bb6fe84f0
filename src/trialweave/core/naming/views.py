"""The names of a record and of a concept, read once and compared many times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from trialweave.core.concept import Concept
from trialweave.core.models import Text
from trialweave.core.naming.features import NO_FEATURES, Features, features, opened
from trialweave.core.naming.names import Name, of_a_combination, read_name
from trialweave.core.naming.parts import formulations_in_brackets, name_parts, only_a_label, outside_in
from trialweave.core.remembered import NAMES
from trialweave.core.vocabulary.qualifiers import (
    BRAND_TERM_TYPES,
    CODE_TERM_TYPES,
    OBSOLETE_TERM_TYPES,
    UNNAMING_TERM_TYPES,
)
from trialweave.core.vocabulary.semantic_types import CHEMICAL
from trialweave.core.vocabulary.stems import Family


class Sourced(NamedTuple):
    """A name with the pointer it was read from; `preferred` marks what the source itself calls the thing.

    `formulations` stood in brackets behind it: the `Paclitaxel` of `Paclitaxel (albumin-bound)` is the drug only where
    the other side knows that formulation.
    """

    name: Name
    path: str
    preferred: bool = False
    obsolete: bool = False
    formulations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RecordNames:
    """How a record names its drug.

    `names` are the parts of drug_name, or of the preferred term where drug_name is blank; `term` the parts of the
    preferred term. `features` come from the whole name and the opening of the description.
    """

    names: tuple[Sourced, ...]
    term: tuple[Sourced, ...]
    features: Features
    specific: tuple[Sourced, ...]


@dataclass(frozen=True, slots=True)
class ConceptNames:
    """How a concept is named. Built once per concept.

    The three indices lead from a squashed name, from canonical tokens (whole or core) and from a code to the name;
    generic and weak names are in `by_key` alone, where they confirm nothing but explain. `specific` can confirm.
    """

    code: str
    names: tuple[Sourced, ...]
    features: Features
    texts: frozenset[str]
    by_key: dict[str, Sourced] = field(repr=False)
    by_tokens: dict[tuple[str, ...], Sourced] = field(repr=False)
    by_code: dict[str, Sourced] = field(repr=False)
    specific: tuple[Sourced, ...] = field(repr=False)


def record_names(drug_name: Text | None, preferred_term: Text | None, description: Text | None = None) -> RecordNames:
    """Read a record's names. Text before a bracket, inside it, and between `/ , ;` are parts; each climbs alone.

    A page's `&amp;` is read as it was shown.
    """
    named = _parts(_shown(drug_name))
    term = _parts(_shown(preferred_term))
    names = named or term
    spoken = features(names[0].name.text) if names else NO_FEATURES
    return RecordNames(names, term, opened(spoken, description), _specific(names))


def _shown(text: Text | None) -> Text | None:
    if text is None or "&" not in text.text:
        return text
    return Text(unescape(text.text), text.path)


class Spelled(NamedTuple):
    """A name of a concept as its payload spells it, with what its term type says of it."""

    text: str
    path: str
    brand: bool
    code: bool
    preferred: bool
    obsolete: bool


def spelled_names(concept: Concept) -> Iterable[Spelled]:
    """A concept's names: preferred, display, and every synonym once per spelling, obsolete ones last."""
    found = {concept.name: Spelled(concept.name, "/name", False, False, True, False)}
    synonyms = sorted(
        concept.synonyms, key=lambda row: (row.term_type in OBSOLETE_TERM_TYPES, row.name, row.term_type or "")
    )
    for row in synonyms:
        kind = row.term_type
        if kind not in UNNAMING_TERM_TYPES and row.name not in found:
            found[row.name] = Spelled(
                row.name,
                row.path,
                kind in BRAND_TERM_TYPES,
                kind in CODE_TERM_TYPES,
                row.kind == "Display_Name",
                kind in OBSOLETE_TERM_TYPES,
            )
    return found.values()


def concept_names(concept: Concept) -> ConceptNames:
    """Read a concept's names."""
    read = _read_of_a_combination if read_name(concept.name).components else read_name
    names = tuple(
        [
            Sourced(read(text, brand=brand, code=code), path, preferred, obsolete)
            for text, path, brand, code, preferred, obsolete in spelled_names(concept)
        ]
    )
    by_key: dict[str, Sourced] = {}
    by_tokens: dict[tuple[str, ...], Sourced] = {}
    by_code: dict[str, Sourced] = {}
    for item in names:
        by_key.setdefault(item.name.key, item)
        if item.name.specific:
            by_tokens.setdefault(item.name.tokens, item)
            if item.name.core:
                by_tokens.setdefault(item.name.core, item)
            for code in item.name.codes:
                by_code.setdefault(code, item)
    return ConceptNames(
        code=concept.code,
        names=names,
        features=concept_features(concept),
        texts=frozenset([item.name.text for item in names]),
        by_key=by_key,
        by_tokens=by_tokens,
        by_code=by_code,
        specific=_specific(names),
    )


def _read_of_a_combination(text: str, *, brand: bool, code: bool) -> Name:
    return of_a_combination(read_name(text, brand=brand, code=code))


def _specific(names: tuple[Sourced, ...]) -> tuple[Sourced, ...]:
    return tuple(item for item in names if item.name.specific)


def concept_features(concept: Concept) -> Features:
    """The preferred name speaks; the definition's opening fills what it leaves open, then the semantic types."""
    told = opened(features(concept.name), concept.definition)
    return told if told.families else replace(told, families=_family_of_types(concept.semantic_types))


def _family_of_types(semantic_types: Iterable[str]) -> frozenset[Family]:
    """A chemical and nothing else is a small molecule; any other type may be anything."""
    types = frozenset(semantic_types) - {"Pharmacologic Substance"}
    return frozenset({"small_molecule"}) if types and types <= CHEMICAL else frozenset()


def _parts(text: Text | None) -> tuple[Sourced, ...]:
    return () if text is None else _parts_of(text.text, text.path)


@lru_cache(maxsize=NAMES)
def _parts_of(text: str, path: str) -> tuple[Sourced, ...]:
    parts = whole = tuple(part for part in name_parts(text) if not only_a_label(part, text))
    formulations = formulations_in_brackets(text)
    if formulations:
        parts += (outside_in(text),)
    return tuple(
        Sourced(
            read_name(part),
            path,
            preferred=index == 0,
            formulations=formulations if 0 < index < len(whole) else frozenset(),
        )
        for index, part in enumerate(parts)
    )
