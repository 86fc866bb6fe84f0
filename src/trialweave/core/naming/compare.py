"""The three edges: match with tier and place, mismatch, or unverifiable (DESIGN section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trialweave.core.models import Text, Tier, Verdict
from trialweave.core.naming.features import contradiction, different_families
from trialweave.core.naming.guards import counted
from trialweave.core.naming.names import Name
from trialweave.core.naming.stream import Occurrence, Place, Stream
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.naming.views import ConceptNames, RecordNames, Sourced

_ENOUGH_NEAR = 3


@dataclass(frozen=True, slots=True)
class NameVerdict:
    """The answer to "does this name denote that drug?".

    `matched` is the confirming text verbatim at the far end, `path` and `place` where it stands (`place` in a study
    only). `because` is a short machine reason. `coverage` is, where nothing matched, the best share of a name's tokens
    that the other side has (0 to 1): 0.6 and more lets a check soften error to warning. `near` shows what came close.
    """

    verdict: Verdict
    because: str
    tier: Tier | None = None
    matched: str | None = None
    path: str | None = None
    place: Place | None = None
    coverage: float = 0.0
    near: tuple[Text, ...] = ()


def compare_record_concept(record: RecordNames, concept: ConceptNames) -> NameVerdict:
    """Does the record's drug bear a name of the concept?

    | record | concept | verdict |
    |---|---|---|
    | a specific name part, a guard-free rung | the same | match |
    | class words | class words, equal or not | unverifiable |
    | class words, or specific | contradicts in origin, targets or family | mismatch |
    | specific, no rung | specific | mismatch |
    | no name | any | unverifiable |
    """
    if not record.names:
        return NameVerdict("unverifiable", "the record names no drug")
    clash = contradiction(record.features, concept.features)
    for tier, found in _rungs(record.specific, concept):
        if clash is not None and tier in ("token", "code"):
            return NameVerdict("mismatch", clash, coverage=1.0, near=(Text(found.name.text, found.path),))
        because = "obsolete name only" if found.obsolete else tier
        return NameVerdict("match", because, tier, found.name.text, found.path, coverage=1.0)
    coverage, near = _concept_coverage(record, concept)
    if not record.specific:
        equal = next((concept.by_key[i.name.key] for i in record.names if i.name.key in concept.by_key), None)
        if equal is not None:
            return NameVerdict(
                "unverifiable", "same generic name", coverage=1.0, near=(Text(equal.name.text, equal.path),)
            )
        if clash is not None or different_families(record.features, concept.features):
            return NameVerdict("mismatch", clash or "different families", coverage=coverage, near=near)
        return NameVerdict("unverifiable", "only generic words in the record", coverage=coverage, near=near)
    if clash is not None or different_families(record.features, concept.features):
        return NameVerdict("mismatch", clash or "different families", coverage=coverage, near=near)
    if not concept.specific:
        return NameVerdict("unverifiable", "the concept is a class", coverage=coverage, near=near)
    return NameVerdict("mismatch", "no shared name", coverage=coverage, near=near)


def compare_record_study(
    record: RecordNames, mentions: StudyMentions, concept: ConceptNames | None = None
) -> NameVerdict:
    """Does the study name the record's drug? The concept's names may bridge where record and concept match."""
    names = list(record.names)
    if concept is not None and compare_record_concept(record, concept).verdict == "match":
        names += concept.names
    return _in_study(names, mentions)


def compare_study_concept(
    mentions: StudyMentions, concept: ConceptNames, record: RecordNames | None = None
) -> NameVerdict:
    """Does the study name the concept? The record's names may bridge where record and concept match."""
    names = list(concept.names)
    if record is not None and compare_record_concept(record, concept).verdict == "match":
        names += record.names
    return _in_study(names, mentions)


def _in_study(names: Sequence[Sourced], mentions: StudyMentions) -> NameVerdict:
    specific = [item for item in names if item.name.specific]
    for stream in (mentions.listed, mentions.prose):
        found = search(specific, stream)
        if found is not None:
            tier, occurrence = found
            return NameVerdict(
                "match", tier, tier, occurrence.text, occurrence.part.path, occurrence.part.place, coverage=1.0
            )
    if not specific:
        return NameVerdict("unverifiable", "only generic words" if names else "no name")
    if search(specific, mentions.placebo) is not None:
        return NameVerdict("unverifiable", "only in placebo")
    coverage = _study_coverage(specific, mentions)
    if mentions.generic_products:
        return NameVerdict(
            "unverifiable",
            "the study names products generically",
            coverage=coverage,
            near=mentions.generic_products[:3],
        )
    because = "only in eligibility" if search(specific, mentions.eligibility) is not None else "no shared name"
    return NameVerdict("mismatch", because, coverage=coverage, near=mentions.products[:_ENOUGH_NEAR])


def search(names: Sequence[Sourced], stream: Stream) -> tuple[Tier, Occurrence] | None:
    """The first counted occurrence, rung by rung: spelling, tokens, codes."""
    texts = {item.name.text for item in names}
    for item in names:
        for occurrence in counted(stream.find(item.name.key), item.name):
            return ("exact" if occurrence.text in texts else "normalised"), occurrence
    for item in names:
        for tokens in (item.name.tokens, item.name.core):
            if tokens:
                for occurrence in counted(stream.find_tokens(tokens), item.name):
                    return "token", occurrence
    for item in names:
        for code in item.name.codes:
            for occurrence in counted(stream.find(code), item.name):
                return "code", occurrence
    return None


def _rungs(names: Iterable[Sourced], concept: ConceptNames) -> Iterable[tuple[Tier, Sourced]]:
    """Where name parts meet names of the concept, best rung first."""
    own = list(names)
    for item in own:
        found = concept.by_key.get(item.name.key)
        if found is not None and found.name.specific:
            yield ("exact" if item.name.text in concept.texts else "normalised"), found
    for item in own:
        for tokens in (item.name.tokens, item.name.core):
            if tokens and (found := concept.by_tokens.get(tokens)) is not None:
                yield "token", found
    for item in own:
        for code in item.name.codes:
            if (found := concept.by_code.get(code)) is not None:
                yield "code", found


def _concept_coverage(record: RecordNames, concept: ConceptNames) -> tuple[float, tuple[Text, ...]]:
    scored = sorted(
        (
            (_share(own.name, set(other.name.tokens)), Text(other.name.text, other.path))
            for own in record.names
            for other in concept.names
        ),
        key=lambda pair: -pair[0],
    )
    near = tuple(dict.fromkeys(text for share, text in scored[:_ENOUGH_NEAR] if share > 0))
    return (scored[0][0] if scored else 0.0), near


def _study_coverage(names: Sequence[Sourced], mentions: StudyMentions) -> float:
    vocabulary = mentions.listed.vocabulary | mentions.prose.vocabulary
    return max((_share(item.name, vocabulary) for item in names), default=0.0)


def _share(name: Name, vocabulary: frozenset[str] | set[str]) -> float:
    tokens = set(name.tokens)
    return len(tokens & vocabulary) / len(tokens) if tokens else 0.0
