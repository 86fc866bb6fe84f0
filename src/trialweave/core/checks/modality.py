"""What kind of therapy record, concept and study are, and what stands above the concept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, islice
from typing import NamedTuple

from trialweave.core.case import DESCRIPTION, Case
from trialweave.core.checks import study_type
from trialweave.core.checks.contradictions import against_description, against_field
from trialweave.core.findings import Finding
from trialweave.core.modality import (
    NONE,
    category_modalities,
    contradict,
    described_modalities,
    finer_class,
    modalities_in,
    of_name,
    of_types,
    type_modalities,
)
from trialweave.core.models import Claim, Text
from trialweave.core.naming.parts import is_combined
from trialweave.core.views import ConceptView
from trialweave.core.vocabulary.modalities import FINER_CLASSES, NO_PRODUCTS, Modality


class _Told(NamedTuple):
    """A field of the record that says a kind of therapy."""

    field: str
    text: Text
    kinds: frozenset[Modality]


def check(case: Case) -> Iterator[Finding]:
    """Findings about the kind of therapy. The study is asked where neither concept nor description contradicts it."""
    yield from tuple(_against_concept_or_description(case)) or study_type.check(case)


def _against_concept_or_description(case: Case) -> Iterator[Finding]:
    """The kind of therapy against what says it most surely. No concept where its link is broken or its name another.

    | type, category, class | description          | concept          | parents        | finding                   |
    |-----------------------|----------------------|------------------|----------------|---------------------------|
    | one contradicts       | any                  | the concept      | any            | modality_mismatch         |
    | one contradicts       | the description      | agrees, unknown  | any            | record_contradicts_itself |
    | unknown               | contradicts the name | any              | any            | record_contradicts_itself |
    | and name unknown      | contradicts          | the concept      | any            | modality_mismatch         |
    | contradicts the name, or another of the three | unknown | unknown | any         | record_contradicts_itself |
    | category, class known | agrees or unknown    | agrees, unknown  | all contradict | class_mismatch            |
    | of a class within the kind | any             | says nothing of it | the same     | class_mismatch            |
    | unknown               | unknown              | any              | any            | none                      |

    Each field speaks for itself: two that agree with the concept do not excuse the third. DRUG and BIOLOGICAL are
    unknown. Where the concept's texts say no kind, its semantic types may: chemicals are no cells. What a description
    of another drug says (`other_drug`) is evidence.
    """
    told = list(_told(case))
    compared = not case.concept_link_broken and not case.triangle.mismatch(case.triangle.record_concept)
    concept = case.concept if compared else None
    if concept is not None:
        left_open = _left_open(concept)
        odd = next((item for item in told if contradict(item.kinds, left_open)), None)
        if odd is not None:
            yield _mismatch(odd, concept)
            return
    description = _described(case)
    untold = case.concept is None or (concept is not None and not _left_open(concept))
    named = [item for item in (_named(case), *told) if item is not None] if description is not None or untold else []
    if description is not None:
        clash = next((item for item in named if contradict(item.kinds, description.kinds)), None)
        if clash is not None:
            said = min(description.kinds)
            yield against_description(clash.field, clash.text, clash.text.text, description.text, said, repr(said))
            return
        if concept is not None and not named and contradict(description.kinds, concept.modalities):
            yield _mismatch(description, concept)
            return
    if untold:
        products = [item._replace(kinds=item.kinds - NO_PRODUCTS) for item in named]
        pair = next((pair for pair in combinations(products, 2) if contradict(pair[0].kinds, pair[1].kinds)), None)
        if pair is not None:
            one, other = pair
            kinds = _listed(one.kinds)
            yield against_field(other.field, other.text, other.text.text, one.field, one.text, kinds)
            return
    if concept is not None:
        yield from islice(chain(_class_mismatch(told, concept), _finer_class(told, concept)), 1)


def _mismatch(told: _Told, concept: ConceptView) -> Finding:
    """Of a description only the kind is claimed: another wording of it is no other conflict."""
    code, name = concept.concept.code, concept.concept.name
    value: str = min(told.kinds)
    said = f"calls its product {_listed(told.kinds)}"
    if told.field != DESCRIPTION:
        value, said = told.text.text, f"is {told.text.text!r}, of the kind {_listed(told.kinds)}"
    is_ = f"is of the kind {_listed(concept.modalities)}"
    if not concept.modalities:
        is_ = f"stands under {', '.join(concept.concept.semantic_types)}"
    return Finding(
        "modality_mismatch",
        told.field,
        f"The record's {told.field} {said}; {code} {name!r} {is_}.",
        (Claim("record", told.text.path, value), Claim("ncit", "/name", name)),
    )


def _left_open(view: ConceptView) -> frozenset[Modality]:
    return view.modalities or of_types(view.concept.semantic_types)


def _class_mismatch(told: list[_Told], view: ConceptView) -> Iterator[Finding]:
    concept = view.concept
    parents = [(parent.name, modalities_in(parent.name)) for parent in concept.parents if parent.name]
    known = [(name, above) for name, above in parents if above]
    for field, text, kinds in told:
        if field != "intervention_type" and known and all(contradict(kinds, above) for _, above in known):
            names = ", ".join(repr(name) for name, _ in known)
            yield Finding(
                "class_mismatch",
                field,
                f"The record's {field} is {text.text!r}; {concept.code} {concept.name!r} stands below {names}.",
                (Claim("record", text.path, text.text), *(Claim("ncit", "/parents", name) for name, _ in known)),
            )
            return


def _finer_class(told: list[_Told], view: ConceptView) -> Iterator[Finding]:
    """A conjugate, an engager, CAR NK cells ... of which no name, definition or parent of the concept speaks."""
    for field, text, _ in told:
        name = finer_class(text.text)
        if name is None or not view.told or FINER_CLASSES[name][1].search(view.told):
            continue
        concept = view.concept
        yield Finding(
            "class_mismatch",
            field,
            f"The record's {field} is {text.text!r}; no name, definition or parent of {concept.code} {concept.name!r}"
            f" speaks of {name}.",
            (Claim("record", text.path, text.text), Claim("ncit", "/name", concept.name)),
        )


def _told(case: Case) -> Iterator[_Told]:
    """The record's fields that say a kind of therapy. A category or class that is not in the table says nothing."""
    for field, read in (
        ("drug_category", category_modalities),
        ("drug_class", category_modalities),
        ("intervention_type", type_modalities),
    ):
        given = case.record.get(field)
        if given is not None and (kinds := read(given.text)):
            yield _Told(field, given, kinds)


def _named(case: Case) -> _Told | None:
    """The kinds that the drug's name says, unless it joins several: the description may be about any of them."""
    name = case.record.get("drug_name")
    if name is None or is_combined(name.text):
        return None
    kinds = of_name(name.text)
    return _Told("drug_name", name, kinds) if kinds else None


def _described(case: Case) -> _Told | None:
    given = case.record.get(DESCRIPTION)
    kinds = NONE if given is None else described_modalities(given.text)
    return _Told(DESCRIPTION, given, kinds) if given is not None and kinds and case.other_drug is None else None


def _listed(kinds: frozenset[Modality]) -> str:
    return " or ".join(sorted(kinds))
