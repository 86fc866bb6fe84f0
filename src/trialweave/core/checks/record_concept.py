"""The edge between the record and its concept: is this the drug that the code denotes?"""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim

CONCEPT = "nci_thesaurus_concept_id"


def check(case: Case) -> Iterator[Finding]:
    """Findings of the record-concept edge.

    | record-concept | link itself in error | record-study | second witness | finding                           |
    |----------------|----------------------|--------------|----------------|-----------------------------------|
    | not mismatch   | any                  | any          | any            | none of the name                  |
    | mismatch       | yes                  | any          | any            | none: one root, one conflict      |
    | mismatch       | no                   | mismatch     | any            | none here: the record is the root |
    | mismatch       | no                   | other        | yes            | concept_different_drug            |
    | mismatch       | no                   | other        | no             | concept_name_unconfirmed          |
    """
    edge = case.triangle.record_concept
    name = case.record.get("drug_name") or case.record.get("nci_thesaurus_preferred_term")
    if edge is None or case.concept is None or name is None or case.concept_link_broken:
        return
    if edge.verdict != "mismatch" or case.triangle.mismatch(case.triangle.record_study):
        return
    concept = case.concept.concept
    claims = (Claim("record", name.path, name.text), Claim("ncit", "/name", concept.name))
    witness = _second_witness(case)
    if witness is None:
        message = f"Neither {concept.name!r} nor any other name of {concept.code} confirms {name.text!r}."
        yield Finding("concept_name_unconfirmed", CONCEPT, message, claims)
    else:
        message = f"{concept.code} is {concept.name!r}, not {name.text!r}: no name agrees, and {witness}."
        yield Finding("concept_different_drug", CONCEPT, message, claims)


def _second_witness(case: Case) -> str | None:
    """What else, beside the names, says that record and concept are two drugs."""
    if case.triangle.mismatch(case.triangle.study_concept):
        return "the study names the record's drug and not the concept's"
    return None
