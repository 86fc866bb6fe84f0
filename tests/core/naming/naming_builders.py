"""Short ways to a record, a concept and a study for the tests of naming."""

from collections.abc import Sequence

from trialweave.core.concept import Concept, Definition, Synonym
from trialweave.core.models import Text
from trialweave.core.naming import (
    ConceptNames,
    NameVerdict,
    RecordNames,
    StudyMentions,
    compare_record_concept,
    compare_record_study,
    compare_study_concept,
    concept_names,
    record_names,
    study_mentions,
)
from trialweave.core.study import Arm, Intervention, Study


def record(name: str | None, term: str | None = None, description: str | None = None) -> RecordNames:
    return record_names(_text(name, "/drug_name"), _text(term, "/term"), _text(description, "/description"))


def concept(
    name: str, *synonyms: str, kind: str = "SY", definition: str | None = None, types: tuple[str, ...] = ()
) -> ConceptNames:
    rows = tuple(Synonym(text, kind, "NCI", "FULL_SYN", f"/synonyms/{at}/name") for at, text in enumerate(synonyms))
    told = None if definition is None else Definition(definition, "NCI", "/definitions/0/definition")
    return concept_names(Concept("C1", name, synonyms=rows, definition=told, semantic_types=types))


def intervention(name: str, *other: str, kind: str | None = "DRUG", description: str | None = None) -> Intervention:
    others = tuple(Text(text, f"/interventions/{name}/otherNames/{at}") for at, text in enumerate(other))
    return Intervention(
        kind, name, others, _text(description, f"/interventions/{name}/description"), (), f"/interventions/{name}"
    )


def arm(label: str, description: str | None = None, kind: str | None = "EXPERIMENTAL") -> Arm:
    return Arm(label, kind, (), _text(description, f"/armGroups/{label}/description"), f"/armGroups/{label}")


def study(
    *interventions: Intervention,
    arms: Sequence[Arm] = (),
    title: str | None = None,
    summary: str | None = None,
    detailed: str | None = None,
    eligibility: str | None = None,
) -> StudyMentions:
    return study_mentions(
        Study(
            "NCT00000001",
            brief_title=_text(title, "/briefTitle"),
            brief_summary=_text(summary, "/briefSummary"),
            detailed_description=_text(detailed, "/detailedDescription"),
            eligibility=_text(eligibility, "/eligibilityCriteria"),
            arms=tuple(arms),
            interventions=interventions,
        )
    )


def to_concept(name: str, preferred: str, *synonyms: str) -> NameVerdict:
    return compare_record_concept(record(name), concept(preferred, *synonyms))


def in_study(name: str, mentions: StudyMentions) -> NameVerdict:
    """The record's name in the study. The concept of that name must be answered alike."""
    answer = compare_record_study(record(name), mentions)
    assert compare_study_concept(mentions, concept(name)).verdict == answer.verdict
    return answer


def _text(value: str | None, path: str) -> Text | None:
    return None if value is None else Text(value, path)
