"""Who says what about which of the thirteen fields, and where it was read."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.models import FIELDS, Claim, Concept, Intervention, Study


def claims_of(case: Case) -> dict[str, tuple[Claim, ...]]:
    """Every claim for each field: the record's first, then the study's, then the concept's."""
    found: dict[str, list[Claim]] = {name: [] for name in FIELDS}
    for name in FIELDS:
        own = case.record.get(name)
        if own is not None:
            found[name].append(Claim("record", own.path, own.text))
    if case.study is not None:
        for name, claim in _of_study(case, case.study.study):
            found[name].append(claim)
    if case.concept is not None:
        for name, claim in _of_concept(case.concept.concept):
            found[name].append(claim)
    return {name: tuple(claims) for name, claims in found.items() if claims}


def _of_study(case: Case, study: Study) -> Iterator[tuple[str, Claim]]:
    yield "nct_id_drug_ref", Claim("ctgov", "/protocolSection/identificationModule/nctId", study.nct_id)
    edge = case.triangle.record_study
    if edge is None or edge.verdict != "match" or edge.matched is None or edge.path is None:
        return
    intervention = _intervention_at(study, edge.path)
    if intervention is not None:
        yield "drug_name", _name_at(intervention, edge.path)
        if intervention.type:
            yield "intervention_type", Claim("ctgov", f"{intervention.path}/type", intervention.type)
        if intervention.description:
            yield "drug_description", Claim("ctgov", intervention.description.path, intervention.description.text)
        if len(study.interventions) == 1 and len(study.intervention_mesh) == 1 and study.intervention_mesh[0].name:
            path = "/derivedSection/interventionBrowseModule/meshes/0/term"
            yield "drug_mesh_term", Claim("ctgov", path, study.intervention_mesh[0].name)
    if case.drug is not None and len(case.drug.routes) == 1:
        yield "drug_delivery_route", Claim("ctgov", case.drug.route_path or edge.path, case.drug.routes[0])


def _of_concept(concept: Concept) -> Iterator[tuple[str, Claim]]:
    yield "nci_thesaurus_concept_id", Claim("ncit", "/code", concept.code)
    if concept.name:
        yield "nci_thesaurus_preferred_term", Claim("ncit", "/name", concept.name)
        yield "drug_name", Claim("ncit", "/name", concept.name)
    if concept.definition is not None:
        yield "nci_thesaurus_definition", Claim("ncit", concept.definition.path, concept.definition.text)


def _name_at(intervention: Intervention, path: str) -> Claim:
    """The whole text that names the drug; the edge may have matched a part of it."""
    for other in intervention.other_names:
        if other.path == path:
            return Claim("ctgov", path, other.text)
    return Claim("ctgov", f"{intervention.path}/name", intervention.name)


def _intervention_at(study: Study, path: str) -> Intervention | None:
    return next((i for i in study.interventions if path == i.path or path.startswith(f"{i.path}/")), None)
