"""The edge between study and concept, seen from the record that links them: is the record the odd one out?"""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.checks.record_study import given
from trialweave.core.concept import Concept
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Suggestion
from trialweave.core.study import Study


def check(case: Case) -> Iterator[Finding]:
    """Findings of the study-concept edge.

    | record-study | record-concept | study-concept | finding                                                |
    |--------------|----------------|---------------|--------------------------------------------------------|
    | mismatch     | mismatch       | match         | record_name_unsupported                                |
    | mismatch     | mismatch       | other         | none: three drugs, the other edges carry the conflicts |
    | no name      | no name        | mismatch      | study_drug_not_mentioned, warning: either link is wrong |
    | otherwise    |                |               | none: the other edges carry the conflict               |
    """
    name = case.record.get("drug_name") or case.record.get("nci_thesaurus_preferred_term")
    if case.study is None or case.concept is None or case.concept_link_broken:
        return
    study, concept = case.study.study, case.concept.concept
    if name is None:
        if case.triangle.mismatch(case.triangle.study_concept):
            yield _disagree(study, concept)
        return
    if not case.triangle.record_is_odd:
        return
    yield Finding(
        "record_name_unsupported",
        "drug_name",
        f"{study.nct_id} and {concept.code} agree on {concept.name!r}; neither knows {name.text!r}.",
        (
            Claim("record", name.path, name.text),
            Claim("ctgov", "/protocolSection/identificationModule/nctId", study.nct_id),
            Claim("ncit", "/name", concept.name),
        ),
        suggestion=_both_say(case, concept),
    )


def _disagree(study: Study, concept: Concept) -> Finding:
    """The two links of a record without a name lead to different drugs; which one is right, nothing tells."""
    return Finding(
        "study_drug_not_mentioned",
        "nct_id_drug_ref",
        f"{study.nct_id} names {concept.name!r} nowhere, and the record names no drug: one of its two links is wrong."
        f" {given(study)}.",
        (
            Claim("ncit", "/name", concept.name),
            Claim("ctgov", "/protocolSection/identificationModule/nctId", study.nct_id),
        ),
        severity="warning",
    )


def _both_say(case: Case, concept: Concept) -> Suggestion | None:
    """The name on which study and concept agree, for the record."""
    edge = case.triangle.study_concept
    if edge is None or case.study is None:
        return None
    nct_id = case.study.study.nct_id
    evidence = (f"{concept.code} is called {concept.name!r} (/name)", f"{nct_id} names {edge.matched!r} ({edge.path})")
    return Suggestion("drug_name", concept.name, f"{nct_id} and {concept.code} agree on it", evidence)
