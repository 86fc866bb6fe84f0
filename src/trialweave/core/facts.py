"""The facts of a study and of a concept as the JSON objects of an output line, keys in the order of DESIGN 5.2.

Every key is always there: null, an empty list or an empty object is "unknown", not a denial.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trialweave.core.concept import Concept, Definition
from trialweave.core.dates import PartialDate
from trialweave.core.models import Coded, Text
from trialweave.core.study import Organisation, Study


def study_facts(study: Study) -> dict[str, Any]:
    """The object `study` of an output line, without what is derived from the record (drug role, routes)."""
    return {
        "nct_id": study.nct_id,
        "aliases": list(study.aliases),
        "org_study_id": study.org_study_id,
        "secondary_ids": [{"id": given.id, "type": given.type} for given in study.secondary_ids],
        "acronym": _text(study.acronym),
        "titles": {"brief": _text(study.brief_title), "official": _text(study.official_title)},
        "study_type": study.study_type,
        "phases": list(study.phases),
        "overall_status": study.overall_status,
        "last_known_status": study.last_known_status,
        "why_stopped": study.why_stopped,
        "verified_date": _day(study.verified_date),
        "first_posted_date": _day(study.first_posted_date),
        "results_first_posted_date": _day(study.results_first_posted_date),
        "last_update_posted_date": _day(study.last_update_posted_date),
        "start": _date(study.start),
        "primary_completion": _date(study.primary_completion),
        "completion": _date(study.completion),
        "has_results": study.has_results,
        "enrollment": study.enrollment and {"count": study.enrollment.count, "kind": study.enrollment.kind},
        "lead_sponsor": study.lead_sponsor and _organisation(study.lead_sponsor),
        "collaborators": [_organisation(given) for given in study.collaborators],
        "allocation": study.allocation,
        "model": study.model,
        "masking": study.masking,
        "purpose": study.purpose,
        "conditions": list(study.conditions),
        "keywords": _texts(study.keywords),
        "mesh_terms": {"conditions": _coded(study.condition_mesh), "interventions": _coded(study.intervention_mesh)},
        "arms": [
            {"label": arm.label, "type": arm.type, "interventions": list(arm.interventions)} for arm in study.arms
        ],
        "interventions": [
            {"type": given.type, "name": given.name, "other_names": _texts(given.other_names)}
            for given in study.interventions
        ],
        "primary_outcomes": [
            {"measure": outcome.measure, "time_frame": outcome.time_frame} for outcome in study.primary_outcomes
        ],
        "sex": study.sex,
        "ages": {"minimum": study.minimum_age, "maximum": study.maximum_age, "groups": list(study.age_groups)},
        "countries": list(study.countries),
        "site_count": study.site_count,
        "result_pmids": list(study.result_pmids),
        "url": study.url,
    }


def concept_facts(concept: Concept) -> dict[str, Any]:
    """The object `concept` of an output line."""
    return {
        "code": concept.code,
        "name": concept.name,
        "display_name": concept.display_name,
        "status": concept.status,
        "is_drug": concept.is_drug,
        "semantic_types": list(concept.semantic_types),
        "definition": concept.definition and concept.definition.text,
        "other_definitions": _by_source(concept.other_definitions),
        "synonyms": [
            {"name": synonym.name, "term_type": synonym.term_type, "source": synonym.source}
            for synonym in concept.synonyms
        ],
        "brands": list(concept.brands),
        "code_names": list(concept.code_names),
        "unii": list(concept.unii),
        "cas": list(concept.cas),
        "nsc": list(concept.nsc),
        "chebi": list(concept.chebi),
        "umls": list(concept.umls),
        "drug_dictionary_id": concept.drug_dictionary_id,
        "accepted_use": concept.accepted_use,
        "targets": _coded(concept.targets),
        "mechanism": _coded(concept.mechanism),
        "parents": _coded(concept.parents),
        "subsets": _coded(concept.subsets),
        "salts": _coded(concept.salts),
        "bases": _coded(concept.bases),
        "replacements": None
        if concept.replacements is None
        else [
            {"code": given.code, "name": given.name, "action": given.action, "active": given.active, "hops": given.hops}
            for given in concept.replacements
        ],
        "release": concept.release,
        "url": concept.url,
    }


def _text(given: Text | None) -> str | None:
    return None if given is None else given.text


def _texts(given: Iterable[Text]) -> list[str]:
    return [text.text for text in given]


def _day(date: PartialDate | None) -> str | None:
    return None if date is None else date.text


def _date(date: PartialDate | None) -> dict[str, str | None] | None:
    return None if date is None else {"date": date.text, "precision": date.precision, "kind": date.kind}


def _organisation(given: Organisation) -> dict[str, str | None]:
    return {"name": given.name, "class": given.organisation_class}


def _coded(given: Iterable[Coded]) -> list[dict[str, str | None]]:
    return [{"code": coded.code, "name": coded.name} for coded in given]


def _by_source(definitions: Iterable[Definition]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for definition in definitions:
        texts.setdefault(definition.source or "unknown", []).append(definition.text)
    return texts
