"""What is worked out once for a study or a concept and shared by every record that links to it."""

from __future__ import annotations

import json
from functools import cached_property

from trialweave.core.claims import concept_claims
from trialweave.core.facts import concept_facts, study_facts
from trialweave.core.models import Claim, Concept, Study
from trialweave.core.naming import ConceptNames, StudyMentions, concept_names, study_mentions

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class StudyView:
    """A study with its mentions of drugs and its facts as encoded for the output."""

    def __init__(self, study: Study) -> None:
        self.study = study

    @cached_property
    def mentions(self) -> StudyMentions:
        return study_mentions(self.study)

    @cached_property
    def facts_json(self) -> str:
        return encode(study_facts(self.study))


class ConceptView:
    """A concept with its names and its facts as encoded for the output."""

    def __init__(self, concept: Concept) -> None:
        self.concept = concept

    @cached_property
    def names(self) -> ConceptNames:
        return concept_names(self.concept)

    @cached_property
    def claims(self) -> tuple[tuple[str, Claim], ...]:
        return tuple(concept_claims(self.concept))

    @cached_property
    def facts_json(self) -> str:
        return encode(concept_facts(self.concept))


def encode(value: object) -> str:
    """JSON as the output has it: no spaces, letters as they are."""
    return _ENCODER.encode(value)
