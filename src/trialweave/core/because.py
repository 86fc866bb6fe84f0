"""Why a conflict came, changed or went: one word for each entry of a delta.

The first line that holds is the reason. "Its" sources are those whose payload the check reads; "the other" source is
the one that a check of names takes as further evidence.

|  1 | record_added  | the record was not in the earlier run, or there was none (*)                          |
|  2 | record_edited | a cell that the conflict cites was edited, or the link to a source of its names another id (*) |
|  3 | study, concept| outcome or facts of one of its sources differ (***)                                   |
|  4 | rules         | the rules version differs (*)                                                         |
|  5 | settings      | the settings digest differs (*)                                                       |
|  6 | study, concept| one of its sources stored content anew that the facts do not show, such as eligibility (**) |
|  7 | study, concept| outcome or facts of the other source differ, or its content was stored anew (**)       |
|  8 | record_added  | the record is new to the other source (*)                                              |
|    | record_edited | another cell of the row was edited, its other link (*), or the record was re-keyed (***) |
|    | rules, settings | differed while the other source could not be asked                                    |
|    | study, concept| outcome or facts of one differed while the other one could not be asked, and it answers |
|    |               | now; where both are its own sources, this is part of line 3                            |
|  9 | pending       | the reason that was kept with the conflict when it could not be checked (see `delta`)    |
| 10 | release       | the run stands on another NCIt release: what only the release as a whole shows, such as a  |
|    |               | name that a second concept now has too. Never while a link of the record is not asked       |
| 11 | study, concept| a source could not be asked in the earlier run, and was now. Never while a link of the |
|    |               | record has no answer at all                                                            |

(*) Tonight, or on a night on which the source could not be asked, and it answers tonight for the first time since
(see `pending`): an edit behind an outage is an edit, and what a new record shows late is a new record's. What the
source said last is kept too, so that its own change behind the outage is told as one whatever the rules did.

(**) Unless a link of the record lost its answer tonight: where a cache is lost and a source is down, what the other one
says is stored anew as it was.

(***) Line 3 not where the other source lost its answer tonight, line 8 not while it has none at all: that it is missing
may be the reason. What was held for that, `delta` holds while it is so, whatever else happens.

`acknowledgement_expired` is no line of this table: it is the reason of an entry that differs in nothing else.
Where no line holds and a link of the record could not be asked tonight, the missing answer is the reason, and that is
no news: the conflict is held as it stood (see `delta`). Where no line holds at all, the reason is the source that the
check reads first, or the record.

What a check reads is the room of its kind: `links` the source of its field; `record_alone` none; `record_study` the
study; `record_concept` the concept; `study_concept` both. A kind that the catalogue does not know reads both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import permutations
from typing import Any, Literal

from trialweave.core.catalogue import BY_NAME, Room
from trialweave.core.changes import LinkChange, RecordChange
from trialweave.core.models import SOURCES, Source
from trialweave.core.pending import NOTHING, Pending

Because = Literal[
    "study", "concept", "release", "record_edited", "record_added", "rules", "settings", "acknowledgement_expired"
]
OF_THE_RUN: tuple[Because, ...] = ("rules", "settings")
"""Reasons that befall all records alike."""
FOLDED: tuple[Because, ...] = ("record_added", *OF_THE_RUN)
"""Reasons whose entries are counted in one line and not told one by one (DESIGN 5.5)."""

_WORD: Mapping[Source, Because] = {"ctgov": "study", "ncit": "concept"}
_READS: Mapping[Room | None, tuple[Source, ...]] = {
    "record_alone": (),
    "record_study": ("ctgov",),
    "record_concept": ("ncit",),
    "study_concept": SOURCES,
}


@dataclass(frozen=True, slots=True)
class RunChange:
    """What differs between two runs as wholes."""

    rules: bool = False
    settings: bool = False
    release: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a check reads: its own sources, and the other ones that it takes as further evidence."""

    own: tuple[Source, ...]
    other: tuple[Source, ...]


def reading(conflict: Mapping[str, Any]) -> Reading:
    """What the check behind a conflict reads."""
    kind = BY_NAME.get(conflict["kind"])
    room = None if kind is None else kind.room
    if room == "links":
        return Reading(("ctgov",) if conflict["field"] == "nct_id_drug_ref" else ("ncit",), ())
    if room == "record_alone":
        return Reading((), ())
    own = _READS.get(room, SOURCES)
    return Reading(own, tuple(source for source in SOURCES if source not in own))


def rechecked(conflict: Mapping[str, Any], change: RecordChange) -> bool:
    """Did the check run tonight on an answer of tonight?

    Its own sources have to have been asked; an answer "there is no such study" is one, and so is a blank or broken
    link, since nothing is left that could be asked. Of the other source it is enough that no answer was lost: a stale
    payload is the same evidence as yesterday.
    """
    reads = reading(conflict)
    return all(change.links[source].asked for source in reads.own) and not any(
        change.links[source].lost for source in reads.other
    )


def is_blind(conflict: Mapping[str, Any], change: RecordChange) -> bool:
    """Has a source that the check takes as further evidence no answer, not even a stale one?"""
    return any(change.links[source].unanswered for source in reading(conflict).other)


def because(conflict: Mapping[str, Any], change: RecordChange, run: RunChange) -> Because | None:
    """The reason by the table above, or None where no line of it holds."""
    reads = reading(conflict)
    own = [(_WORD[source], change.links[source]) for source in reads.own]
    other = [(_WORD[source], change.links[source]) for source in reads.other]
    links = change.links.values()
    asked, lost = all(link.asked for link in links), any(link.lost for link in links)
    unanswered, blind = any(link.unanswered for link in links), is_blind(conflict, change)
    mine, others = _joined(own), _joined(other)
    edited = bool(_cites(conflict) & (change.edited | mine.edited | others.edited))
    lines: tuple[tuple[Because, bool], ...] = (
        ("record_added", change.before_id is None or mine.added),
        ("record_edited", edited or mine.moved or any(link.moved for _, link in own)),
        *((word, link.changed and not any(silent.lost for _, silent in other)) for word, link in own),
        *_beside(own),
        ("rules", run.rules or mine.rules),
        ("settings", run.settings or mine.settings),
        *((word, link.stored_anew and not lost) for word, link in own),
        *((word, link.changed or (link.stored_anew and not lost)) for word, link in other),
        ("record_added", others.added),
        ("record_edited", not blind and (others.moved or bool(change.edited | mine.edited | others.edited))),
        ("rules", others.rules),
        ("settings", others.settings),
        *_beside([*own, *other]),
    )
    pending: Because | None = conflict.get("pending") or ("release" if run.release and asked else None)
    back = (word for word, link in (*own, *other) if link.back and not unanswered)
    return next((word for word, holds in lines if holds), pending or next(back, None))


def fallback(conflict: Mapping[str, Any]) -> Because:
    """The reason where nothing that the runs show explains it."""
    own = reading(conflict).own
    return _WORD[own[0]] if own else "record_edited"


def _joined(links: list[tuple[Because, LinkChange]]) -> Pending:
    """What waited for these links and is told now; what still waits explains nothing yet."""
    answered = (link.pending for _, link in links if not link.unanswered)
    return reduce(Pending.joined, answered, NOTHING)


def _beside(links: list[tuple[Because, LinkChange]]) -> Iterator[tuple[Because, bool]]:
    """Which of the two sources that a check reads changed while the other one was silent, which is so no more."""
    for (word, _), (_, silent) in permutations(links, 2):
        yield word, silent.pending.beside and not silent.unanswered


def _cites(conflict: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(claim["path"] for claim in conflict["claims"] if claim["source"] == "record")
