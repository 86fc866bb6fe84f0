"""The places where a drug is named that decide its role in the arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from trialweave.core.naming.guards import objection
from trialweave.core.naming.stream import Place, Stream
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.naming.views import ConceptNames, RecordNames


class Hit(NamedTuple):
    """One place that names the drug. `owner` is the index of the intervention or arm the text belongs to.

    `placebo` says that the text belongs to a placebo or sham, or imitates the drug (`placebo matching venetoclax`).
    """

    place: Place
    path: str
    matched: str
    owner: int | None
    placebo: bool


def hits(sides: Sequence[RecordNames | ConceptNames], mentions: StudyMentions) -> tuple[Hit, ...]:
    """The places that say what a study does with a drug, as the names of each side meet them, strongest place first.

    Only the strongest kind of place that there is tells that, so weaker ones are looked at where no stronger names it:

    | kind                                    | texts                                               |
    |-----------------------------------------|-----------------------------------------------------|
    | where it is given                       | of interventions and arms, with their descriptions  |
    | else where it is spoken of              | titles, summary, keywords, detailed description     |
    | else what a placebo imitates            | any; all of them                                    |
    | else eligibility                        | eligibility criteria                                |
    """
    met = [_Met(names) for names in sides]
    for side in met:
        side.look(mentions.listed, owned=True)
        side.look(mentions.descriptions, owned=True)
    given = tuple([hit for side in met for hit in side.found.values() if not hit.placebo])
    if given:
        return given
    met = [_Met(names) for names in sides]
    for stream in (mentions.listed, mentions.descriptions, mentions.summary, mentions.asides):
        for side in met:
            side.look(stream)
    spoken_of = tuple([hit for side in met for hit in side.found.values() if not hit.placebo])
    if spoken_of:
        return spoken_of
    for side in met:
        side.look(mentions.placebo, placebo=True)
        side.look(mentions.eligibility)
    found = tuple(hit for side in met for hit in side.found.values())
    return tuple(hit for hit in found if hit.placebo) or found


class _Met:
    """What the names of one side meet, one hit per text and kind, in the order of the streams that were looked at."""

    def __init__(self, names: RecordNames | ConceptNames) -> None:
        self._names = [item.name for item in names.specific]
        self.found: dict[tuple[str, bool], Hit] = {}

    def look(self, stream: Stream, *, placebo: bool = False, owned: bool = False) -> None:
        """Add what is met in a stream; `owned`: in texts of interventions and arms alone.

        A text that names the drug for real is asked no second time.
        """
        for name in self._names:
            for place, part in stream.met(name.forms):
                if owned and part.owner is None:
                    continue
                if not placebo and (part.path, False) in self.found and part.place != "eligibility":
                    continue
                occurrence = stream.occurrence(place)
                against = objection(occurrence, name)
                if against is None or against == "placebo":
                    imitated = placebo or against == "placebo"
                    hit = Hit(part.place, part.path, occurrence.text, part.owner, imitated)
                    self.found.setdefault((hit.path, imitated), hit)
