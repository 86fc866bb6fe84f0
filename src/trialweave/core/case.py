"""One record with everything that a check may look at."""

from __future__ import annotations

from dataclasses import dataclass

from trialweave.core.models import DrugInStudy, Outcome, Record
from trialweave.core.name_index import NOBODY, NameIndex
from trialweave.core.naming import NameVerdict, RecordNames
from trialweave.core.routes import RouteMention
from trialweave.core.views import ConceptView, StudyView


@dataclass(frozen=True, slots=True)
class Triangle:
    """The three edges; None where one end is missing."""

    record_study: NameVerdict | None
    record_concept: NameVerdict | None
    study_concept: NameVerdict | None

    def mismatch(self, edge: NameVerdict | None) -> bool:
        return edge is not None and edge.verdict == "mismatch"

    @property
    def is_one_drug(self) -> bool:
        """Are record and concept one drug, so that the names of the one are names of the other?"""
        return self.record_concept is not None and self.record_concept.verdict == "match"

    @property
    def record_is_odd(self) -> bool:
        """Do study and concept agree on a drug that is not the record's?"""
        agree = self.study_concept is not None and self.study_concept.verdict == "match"
        return agree and self.mismatch(self.record_study) and self.mismatch(self.record_concept)


@dataclass(frozen=True, slots=True)
class Case:
    """Input of every check: the record, what became of its links, the views, the edges, the drug in the study."""

    record: Record
    names: RecordNames
    study_outcome: Outcome
    concept_outcome: Outcome
    study: StudyView | None
    concept: ConceptView | None
    triangle: Triangle
    drug: DrugInStudy | None
    routes: tuple[RouteMention, ...] = ()
    concept_link_broken: bool = False
    index: NameIndex = NOBODY
