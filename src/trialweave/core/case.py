"""One record with everything that a check may look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from trialweave.core.foreign_names import other_subject
from trialweave.core.lazily import lazily
from trialweave.core.models import DrugInStudy, Outcome, Record, Text
from trialweave.core.name_index import NOBODY, NameIndex
from trialweave.core.naming import NameVerdict, RecordNames
from trialweave.core.naming.tokens import name_tokens
from trialweave.core.routes import RouteMention
from trialweave.core.views import ConceptView, StudyView

DESCRIPTION = "drug_description"
MECHANISM = "drug_mechanism_of_action"


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


class Subject(NamedTuple):
    """What a text of the record is about: its field, the text, and the name that it gives there."""

    field: str
    text: Text
    name: str


@dataclass(frozen=True)
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

    @lazily
    def other_drug(self) -> Subject | None:
        """The description, or the mechanism, is about another drug: it names one as its own, and the record's nowhere.

        Where the concept bears the record's name, and neither its definition nor the study speaks of the other name.
        """
        if self.record.get("drug_name") is None or self.concept is None or not self.triangle.is_one_drug:
            return None
        for field in (DESCRIPTION, MECHANISM):
            told = self.record.get(field)
            name = None if told is None else other_subject(told.text, self.names, self.concept.names)
            if told is not None and name is not None and not self._known_to_sources(name):
                return Subject(field, told, name)
        return None

    def _known_to_sources(self, name: str) -> bool:
        """Does the study, or the definition of the concept, speak of this name? Then it may be one of the drug's."""
        tokens = frozenset(name_tokens(name))
        definition = None if self.concept is None else self.concept.concept.definition
        if definition is not None and tokens <= frozenset(name_tokens(definition.text)):
            return True
        return self.study is not None and tokens <= self.study.mentions.vocabulary
