"""Every place where a drug is named, for its role in the arms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from trialweave.core.naming.guards import objection
from trialweave.core.naming.names import Name
from trialweave.core.naming.stream import Occurrence, Place, Stream
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.naming.views import ConceptNames, RecordNames


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that names the drug. `owner` is the index of the intervention or arm the text belongs to.

    `placebo` says that the text belongs to a placebo or sham, or imitates the drug (`placebo matching venetoclax`).
    """

    place: Place
    path: str
    matched: str
    owner: int | None
    placebo: bool


def hits(names: RecordNames | ConceptNames, mentions: StudyMentions) -> tuple[Hit, ...]:
    """All places that name the drug, one per text, strongest place first; placebo and eligibility come last."""
    found: dict[tuple[str, bool], Hit] = {}
    for stream, placebo in (
        (mentions.listed, False),
        (mentions.prose, False),
        (mentions.asides, False),
        (mentions.placebo, True),
        (mentions.eligibility, False),
    ):
        for item in names.names:
            if item.name.specific:
                for hit in _of_name(item.name, stream, placebo=placebo):
                    found.setdefault((hit.path, hit.placebo), hit)
    return tuple(found.values())


def _of_name(name: Name, stream: Stream, *, placebo: bool) -> list[Hit]:
    met = dict.fromkeys(chain(stream.find(name.key), *(stream.find(code) for code in name.codes)))
    for tokens in {name.tokens: None, name.core: None}:
        if tokens:
            met.update(dict.fromkeys(stream.find_tokens(tokens)))
    result = []
    for occurrence in map(stream.occurrence, met):
        against = objection(occurrence, name)
        if against is None or against == "placebo":
            result.append(_hit(occurrence, placebo=placebo or against == "placebo"))
    return result


def _hit(occurrence: Occurrence, *, placebo: bool) -> Hit:
    part = occurrence.part
    return Hit(part.place, part.path, occurrence.text, part.owner, placebo)
