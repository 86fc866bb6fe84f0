"""What a study or a concept changed between two runs, told once for all records that link to it (DESIGN 5.5).

| what                 | when                                                                                       |
|----------------------|--------------------------------------------------------------------------------------------|
| status               | overallStatus differs                                                                      |
| intervention_renamed | one name is gone and one is new, and the registry lists one as the other's other name; or   |
|                      | these two are the only ones of their type that came and went                               |
| intervention_gone    | a name is gone, and no new one stands for it                                                |
| study_gone           | the study answered before, and the registry has no such study now                          |
| concept_merged       | the concept is retired since, and its history names where it was merged                    |
| concept_retired      | the concept is retired since, otherwise                                                    |
| concept_renamed      | the name differs by more than spelling, and the concept is not newly retired               |
| concept_redefined    | the definition differs by more than spelling, and the concept is not newly retired         |

A study or concept without an answer changes nothing: once it answers again, it is compared with its last answer (see
`pending`). A new link of a record is the record's change, not the source's. A study that was merged into another one is
told by the conflict of its records' links (`study_id_alias`): what differs between the two has changed in neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from trialweave.core.models import SOURCES, Source
from trialweave.core.text import definition_text, spelling
from trialweave.core.traces import ConceptFacts, Link, Named, StudyFacts, Trace

What = Literal[
    "status",
    "intervention_renamed",
    "intervention_gone",
    "study_gone",
    "concept_renamed",
    "concept_retired",
    "concept_merged",
    "concept_redefined",
]


@dataclass(frozen=True, slots=True)
class SourceChange:
    """One entry of `source_changes`."""

    source: Source
    id: str
    what: What
    before: str | None
    after: str | None
    record_ids: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "id": self.id,
            "what": self.what,
            "before": self.before,
            "after": self.after,
            "record_ids": list(self.record_ids),
        }


_Told = tuple[What, str | None, str | None]
_Key = tuple[Source, str]


@dataclass(slots=True)
class SourceChanges:
    """Collects changes of sources while the records of two runs pass by."""

    _told: dict[_Key, tuple[_Told, ...]] = field(default_factory=dict)
    _records: dict[_Key, list[str]] = field(default_factory=dict)
    _newcomers: dict[_Key, list[str]] = field(default_factory=dict)

    def compare(self, source: Source, earlier: Link, later: Link, record_id: str) -> None:
        """Note what one record's link saw change."""
        if later.requested is None:
            return
        key = _key(source, later)
        if earlier.requested != later.requested or _leads_elsewhere(earlier, later):
            self._newcomers.setdefault(key, []).append(record_id)
            return
        if not self._told.get(key):
            self._told[key] = tuple(_changes(source, earlier, later))
        self._records.setdefault(key, []).append(record_id)

    def seen_by_newcomer(self, trace: Trace) -> None:
        """A record without a predecessor links to sources too, and is affected by what they changed."""
        for source in SOURCES:
            if trace.links[source].requested is not None:
                self._newcomers.setdefault(_key(source, trace.links[source]), []).append(trace.record_id)

    def found(self) -> tuple[SourceChange, ...]:
        """All changes, by source and id, with the sorted record_ids of the later run."""
        return tuple(
            SourceChange(*key, what, before, after, tuple(sorted(self._records[key] + self._newcomers.get(key, []))))
            for key in sorted(self._told)
            for what, before, after in self._told[key]
        )


def _key(source: Source, link: Link) -> _Key:
    return (source, link.id or link.requested or "")


def _leads_elsewhere(earlier: Link, later: Link) -> bool:
    """Does the same id stand for another study by now? The two are no versions of one another."""
    return None not in (earlier.id, later.id) and earlier.id != later.id


def _changes(source: Source, earlier: Link, later: Link) -> Iterator[_Told]:
    if source == "ctgov" and earlier.outcome == "found" and later.outcome == "not_found":
        yield ("study_gone", later.requested, None)
        return
    old, new = earlier.facts, later.facts
    if isinstance(old, StudyFacts) and isinstance(new, StudyFacts) and old.digest != new.digest:
        yield from _study(old, new)
    elif isinstance(old, ConceptFacts) and isinstance(new, ConceptFacts) and old.digest != new.digest:
        yield from _concept(old, new)


def _study(old: StudyFacts, new: StudyFacts) -> Iterator[_Told]:
    if old.status != new.status:
        yield ("status", old.status, new.status)
    kept = {given.spelled for given in old.interventions} & {given.spelled for given in new.interventions}
    went = [given for given in old.interventions if given.spelled not in kept]
    came = [given for given in new.interventions if given.spelled not in kept]
    for given in went:
        successor = _successor(given, went, came)
        if successor is None:
            yield ("intervention_gone", given.name, None)
        else:
            yield ("intervention_renamed", given.name, successor.name)


def _successor(given: Named, went: list[Named], came: list[Named]) -> Named | None:
    for candidate in came:
        if given.spelled in candidate.others or candidate.spelled in given.others:
            return candidate
    rivals = [other for other in went if other.type == given.type]
    candidates = [other for other in came if other.type == given.type]
    return candidates[0] if len(rivals) == len(candidates) == 1 else None


def _concept(old: ConceptFacts, new: ConceptFacts) -> Iterator[_Told]:
    if new.retired and not old.retired:
        if new.replacements:
            yield ("concept_merged", old.name, "; ".join(f"{code} {name}".strip() for code, name in new.replacements))
        else:
            yield ("concept_retired", old.name, None)
        return
    if spelling(old.name) != spelling(new.name):
        yield ("concept_renamed", old.name, new.name)
    if definition_text(old.definition or "") != definition_text(new.definition or ""):
        yield ("concept_redefined", old.definition, new.definition)
