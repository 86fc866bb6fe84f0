"""(record, outcomes, policy) -> enriched record. Total and deterministic: no input makes it raise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from trialweave.core.case import Case
from trialweave.core.checks import (
    contradictions,
    definitions,
    links,
    modality,
    own_target,
    preferred_term,
    record_alone,
    record_concept,
    record_study,
    routes,
    study_concept,
    targets,
)
from trialweave.core.claims import claims_of
from trialweave.core.findings import Finding, Policy, judge
from trialweave.core.models import FIELDS, Claim, ClaimSource, FieldChoice, Fill, Outcome, Record, Suspect, Unavailable
from trialweave.core.name_index import NOBODY, NameIndex
from trialweave.core.naming import record_names
from trialweave.core.output import Enriched
from trialweave.core.roles import drug_in_study, hits_of_drug
from trialweave.core.study_routes import routes_of_drug
from trialweave.core.suggestions import with_suggestions
from trialweave.core.survivorship import PRECEDENCE
from trialweave.core.triangle import draw, edges_of, name_suspect, silenced
from trialweave.core.views import ConceptView, StudyView

_DISTRUSTED: Mapping[Suspect, ClaimSource] = {"study_link": "ctgov", "concept_link": "ncit"}
"""Suspect -> the source whose claims win nothing."""

_CHECKS = (
    record_alone.check,
    contradictions.check,
    record_study.check,
    routes.check,
    record_concept.check,
    preferred_term.check,
    definitions.check,
    targets.check,
    modality.check,
    study_concept.check,
)
_UNSAID = FieldChoice(None, None, ())


def merge(
    record: Record,
    study_outcome: Outcome,
    concept_outcome: Outcome,
    study: StudyView | None,
    concept: ConceptView | None,
    policy: Policy,
    index: NameIndex = NOBODY,
) -> Enriched:
    """Lay the record beside what its two links lead to. `index` says who bears a name."""
    names = record_names(
        record.get("drug_name"), record.get("nci_thesaurus_preferred_term"), record.get("drug_description")
    )
    of_links = (
        *links.check_study_link(record, study_outcome, study.study if study else None),
        *links.check_concept_link(record, concept_outcome, concept.concept if concept else None),
        *own_target.check(record, names, concept),
    )
    link_findings = [finding for finding in of_links if finding.kind not in policy.off]
    broken = {finding.field for finding in link_findings if links.is_broken(finding)}
    unasked = isinstance(concept_outcome, Unavailable)
    triangle = draw(names, study, concept, index, concept_unavailable=unasked)
    found = hits_of_drug(names, concept, study, triangle) if study else ()
    given_by = routes_of_drug(found, study.study) if study else ()
    case = Case(
        record=record,
        names=names,
        study_outcome=study_outcome,
        concept_outcome=concept_outcome,
        study=study,
        concept=concept,
        triangle=triangle,
        drug=drug_in_study(found, study.study, given_by) if study else None,
        routes=given_by,
        concept_link_broken=links.CONCEPT in broken,
        index=index,
    )
    findings = list(with_suggestions(_findings(case, link_findings), case))
    suspect = name_suspect(
        triangle,
        study_link_broken=links.STUDY in broken,
        concept_link_broken=case.concept_link_broken,
        silenced=silenced(findings, policy),
    )
    fields = _choose(case, suspect)
    return Enriched(
        record=record,
        study_outcome=study_outcome,
        concept_outcome=concept_outcome,
        study=study.study if study else None,
        concept=concept.concept if concept else None,
        drug=case.drug,
        edges=edges_of(triangle),
        fields=fields,
        fills=tuple(_fills(record, fields)),
        conflicts=judge(findings, record.record_id, policy),
        suspect=suspect,
        study_json=study.facts_json if study else None,
        concept_json=concept.facts_json if concept else None,
    )


def _findings(case: Case, of_links: Iterable[Finding]) -> Iterator[Finding]:
    yield from of_links
    for check in _CHECKS:
        yield from check(case)


def _choose(case: Case, suspect: Suspect | None) -> Mapping[str, FieldChoice]:
    """The chosen value of each field; a source whose link is suspected keeps its claims and wins nothing."""
    distrusted = None if suspect is None else _DISTRUSTED.get(suspect)
    claims = claims_of(case)
    return {name: _choice(name, claims[name], distrusted) if name in claims else _UNSAID for name in FIELDS}


def _choice(name: str, claims: tuple[Claim, ...], distrusted: ClaimSource | None) -> FieldChoice:
    for source in PRECEDENCE[name]:
        if source != distrusted:
            for claim in claims:
                if claim.source == source:
                    return FieldChoice(claim.value, source, claims)
    return FieldChoice(None, None, claims)


def _fills(record: Record, fields: Mapping[str, FieldChoice]) -> Iterator[Fill]:
    for name, choice in fields.items():
        if choice.source in ("ctgov", "ncit") and choice.value is not None and record.get(name) is None:
            path = next(c.path for c in choice.claims if c.source == choice.source)
            yield Fill(name, choice.value, choice.source, path)
