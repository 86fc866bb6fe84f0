"""What kind of therapy record and concept are, and what stands above the concept."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.modality import category_modalities, contradict, modalities_in
from trialweave.core.models import Claim, Text
from trialweave.core.vocabulary.modalities import Modality


def check(case: Case) -> Iterator[Finding]:
    """Findings about the kind of therapy.

    | record-concept | record's type, category, class | concept            | parents            | finding           |
    |----------------|--------------------------------|--------------------|--------------------|-------------------|
    | mismatch       | any                            | any                | any                | none: evidence    |
    | other          | contradict                     | the concept's kind | any                | modality_mismatch |
    | other          | known                          | fits or unknown    | all contradict     | class_mismatch    |
    | other          | unknown, DRUG, BIOLOGICAL      | any                | any                | none              |
    """
    if case.concept is None or case.concept_link_broken or case.triangle.mismatch(case.triangle.record_concept):
        return
    told = list(_told(case))
    ours = frozenset(kind for _, _, kinds in told for kind in kinds)
    concept = case.concept.concept
    if contradict(ours, case.concept.modalities):
        field, text, kinds = told[0]
        yield Finding(
            "modality_mismatch",
            field,
            f"The record's {field} is {text.text!r}, of the kind {_listed(kinds)};"
            f" {concept.code} {concept.name!r} is of the kind"
            f" {_listed(case.concept.modalities)}.",
            (Claim("record", text.path, text.text), Claim("ncit", "/name", concept.name)),
        )
        return
    for field, text, kinds in told:
        if field == "intervention_type":
            continue
        parents = [(parent.name, modalities_in(parent.name)) for parent in concept.parents if parent.name]
        known = [(name, above) for name, above in parents if above]
        if known and all(contradict(kinds, above) for _, above in known):
            names = ", ".join(repr(name) for name, _ in known)
            yield Finding(
                "class_mismatch",
                field,
                f"The record's {field} is {text.text!r}; {concept.code} {concept.name!r} stands below {names}.",
                (Claim("record", text.path, text.text), *(Claim("ncit", "/parents", name) for name, _ in known)),
            )
            return


def _told(case: Case) -> Iterator[tuple[str, Text, frozenset[Modality]]]:
    """The record's fields that say a kind of therapy. A category or class that is not in the table says nothing."""
    for field, read in (
        ("drug_category", category_modalities),
        ("drug_class", category_modalities),
        ("intervention_type", modalities_in),
    ):
        given = case.record.get(field)
        if given is not None and (kinds := read(given.text)):
            yield field, given, kinds


def _listed(kinds: frozenset[Modality]) -> str:
    return " or ".join(sorted(kinds))
