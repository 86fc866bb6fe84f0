"""Who says what about which of the thirteen fields, and where it was read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trialweave.core.models import Claim, Concept, Intervention, Study

if TYPE_CHECKING:
    from trialweave.core.case import Case


def claims_of(case: Case) -> dict[str, tuple[Claim, ...]]:
    """Every claim for each field: the record's first, then the study's, then the concept's."""
    paths = case.record.paths
    found: dict[str, tuple[Claim, ...]] = {
        name: (Claim("record", paths[name], text),) for name, text in case.record.values.items()
    }
    if case.study is not None:
        for name, claim in _of_study(case, case.study.study):
            found[name] = (*found.get(name, ()), claim)
    if case.concept is not None:
        for name, claim in case.concept.claims:
            found[name] = (*found.get(name, ()), claim)
    return found


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


def concept_claims(concept: Concept) -> Iterator[tuple[str, Claim]]:
    """What a concept says about a record's fields: the same for every record that links to it."""
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
    """The intervention that bears the name. One whose description names it may be another drug's."""
    owner = next((i for i in study.interventions if path == i.path or path.startswith(f"{i.path}/")), None)
    if owner is None or (owner.description is not None and path == owner.description.path):
        return None
    return owner
