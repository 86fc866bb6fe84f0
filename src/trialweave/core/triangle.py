"""The triangle record, study, concept: three edges, one suspect (DESIGN section 6)."""

from __future__ import annotations

from trialweave.core.case import Triangle
from trialweave.core.models import Edge, EdgeName, Suspect
from trialweave.core.naming import (
    NameVerdict,
    RecordNames,
    compare_record_concept,
    compare_record_study,
    compare_study_concept,
)
from trialweave.core.views import ConceptView, StudyView


def draw(names: RecordNames, study: StudyView | None, concept: ConceptView | None) -> Triangle:
    """Compare the names along the three edges; an edge with a missing end is None."""
    concept_names = concept.names if concept is not None else None
    mentions = study.mentions if study is not None else None
    record_concept = None if concept_names is None else compare_record_concept(names, concept_names)
    return Triangle(
        record_study=None if mentions is None else compare_record_study(names, mentions, concept_names, record_concept),
        record_concept=record_concept,
        study_concept=None
        if mentions is None or concept_names is None
        else compare_study_concept(mentions, concept_names, names, record_concept),
    )


def name_suspect(triangle: Triangle, *, study_link_broken: bool, concept_link_broken: bool) -> Suspect | None:
    """The one link, or the record, to look at first.

    | study link in error | concept link in error | record-study | record-concept | suspect      |
    |---------------------|-----------------------|--------------|----------------|--------------|
    | yes                 | any                   | any          | any            | study_link   |
    | no                  | yes                   | any          | any            | concept_link |
    | no                  | no                    | mismatch     | mismatch       | record       |
    | no                  | no                    | mismatch     | other          | study_link   |
    | no                  | no                    | other        | mismatch       | concept_link |
    | no                  | no                    | other        | other          | none         |
    """
    if study_link_broken:
        return "study_link"
    if concept_link_broken:
        return "concept_link"
    match triangle.mismatch(triangle.record_study), triangle.mismatch(triangle.record_concept):
        case True, True:
            return "record"
        case True, False:
            return "study_link"
        case False, True:
            return "concept_link"
        case _:
            return None


def edges_of(triangle: Triangle) -> dict[EdgeName, Edge]:
    """The triangle as the output shows it."""
    return {
        "record_study": _edge(triangle.record_study),
        "record_concept": _edge(triangle.record_concept),
        "study_concept": _edge(triangle.study_concept),
    }


def _edge(verdict: NameVerdict | None) -> Edge:
    if verdict is None:
        return Edge()
    return Edge(verdict.verdict, verdict.tier, verdict.matched, verdict.path)
