"""Who says what about which of the thirteen fields, and where it was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from trialweave.core.concept import Concept
from trialweave.core.models import Claim, Coded
from trialweave.core.naming.parts import is_combined
from trialweave.core.naming.tokens import bare_tokens
from trialweave.core.study import Intervention, Study

if TYPE_CHECKING:
    from trialweave.core.case import Case


_AMONG = "/interventions/"
"""In every pointer to an intervention or into one."""


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
    if edge is None or edge.verdict != "match" or edge.path is None:
        return
    named = _naming(study, edge.path, case)
    if named is not None:
        path, intervention = named
        yield "drug_name", _name_at(intervention, path)
        if intervention.type:
            yield "intervention_type", Claim("ctgov", f"{intervention.path}/type", intervention.type)
        if intervention.description:
            yield "drug_description", Claim("ctgov", intervention.description.path, intervention.description.text)
        if (mesh := _mesh_of(case, study)) is not None:
            yield "drug_mesh_term", mesh
    if case.drug is not None and len(case.drug.routes) == 1:
        yield "drug_delivery_route", Claim("ctgov", case.drug.route_path or edge.path, case.drug.routes[0])


def _naming(study: Study, path: str, case: Case) -> tuple[str, Intervention] | None:
    """The intervention that tells most of the drug, and where it names it; `path` is where it was met first.

    | of the interventions that bear it | chosen                        |
    |-----------------------------------|-------------------------------|
    | some give it alone                | the first of those            |
    | all give it with another drug     | the first: `zetrafenib + ...` |
    """
    first = _intervention_at(study, path)
    if first is not None and not is_combined(first.name):
        return path, first
    bearing = bearing_the_name(study, () if case.drug is None else case.drug.where)
    for found in bearing:
        if not is_combined(found[1].name):
            return found
    if first is not None:
        return path, first
    return bearing[0] if bearing else None


def bearing_the_name(study: Study, places: Iterable[str]) -> list[tuple[str, Intervention]]:
    """The interventions that bear a name at one of these places, with the place."""
    return [(place, owner) for place in places if (owner := _intervention_at(study, place)) is not None]


def _mesh_of(case: Case, study: Study) -> Claim | None:
    """The MeSH term of the drug.

    | terms of the study          | it gives                   | the drug's                 |
    |-----------------------------|----------------------------|----------------------------|
    | one                         | the drug alone, or placebo | that one                   |
    | one is a name of the drug   | anything                   | that one                   |
    | several are names of it     | anything                   | none                       |
    | any                         | several, by the record too | none: it is a combination  |
    | none is                     | other things too           | none                       |
    """
    terms = study.intervention_mesh
    if not terms or case.study is None:
        return None
    if len(terms) == 1 and case.study.mentions.one_product:
        found = {0}
    else:
        name = case.record.get("drug_name")
        if name is not None and is_combined(name.text):
            return None
        found = _named_as(case, case.study.mesh_keys, terms)
    if len(found) != 1:
        return None
    (at,) = found
    term = terms[at].name
    return Claim("ctgov", f"/derivedSection/interventionBrowseModule/meshes/{at}/term", term) if term else None


def _named_as(case: Case, keys: Mapping[str, int], terms: Sequence[Coded]) -> set[int]:
    """Which terms are names of the drug, by their squashed `keys`; else which are but for a salt: `Sildenafil Citrate`.

    The concept's names are asked where the record's lead to none.
    """
    names = case.names.specific
    found = {at for item in names if (at := keys.get(item.name.key)) is not None}
    if not found and case.concept is not None and case.triangle.is_one_drug:
        known = case.concept.names.by_key
        found = {at for key, at in keys.items() if key in known and known[key].name.specific}
    return found or {
        at
        for item in names
        if item.name.tokens
        for key, at in keys.items()
        if item.name.tokens[0] in key and bare_tokens(terms[at].name or "") == item.name.tokens
    }


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
    if _AMONG not in path:
        return None
    for item in study.interventions:
        if path.startswith(item.path) and path[len(item.path) : len(item.path) + 1] in ("", "/"):
            return None if item.description is not None and path == item.description.path else item
    return None
