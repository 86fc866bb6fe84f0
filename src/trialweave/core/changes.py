"""What happened to the records of a run and to their sources since an earlier run.

A re-keyed record (its name or its study id was edited, so its record_id differs) is paired with its predecessor where
two of name, study id and concept code are equal (DESIGN 5.1): first name and study, then name and code, then study and
code. Where several records share a pair of keys they are paired in the order of their record_ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from trialweave.core.models import SOURCES, Source
from trialweave.core.pending import NOTHING, Links, Pending
from trialweave.core.source_changes import SourceChange, SourceChanges
from trialweave.core.traces import Line, Link, Trace, Tracer

_PAIRS = ((0, 1), (0, 2), (1, 2))


@dataclass(frozen=True, slots=True)
class LinkChange:
    """What happened to one link of a record.

    - `asked`: the answer is of this run's own night.
    - `moved`: the record names another id than before.
    - `lost`: there was an answer before, and nobody could be asked now.
    - `changed`: outcome or facts differ from the last answer under the same id, be that of the earlier run or from
      before the source fell silent.
    - `stored_anew`: the same outcome and facts, but content that was stored later: what facts do not show has changed.
    - `back`: it could not be asked before, and now it was.
    - `unanswered`: there is no answer now, not even a stale one.
    - `pending`: what befell the record since the link had its last answer; for a link that has one again, what it was
      that waited for it.
    """

    asked: bool = True
    moved: bool = False
    lost: bool = False
    changed: bool = False
    stored_anew: bool = False
    back: bool = False
    unanswered: bool = False
    pending: Pending = NOTHING


QUIET = LinkChange()
_NEW_AND_OPEN = LinkChange(asked=False, unanswered=True, pending=Pending(added=True))


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What happened to one record. `before_id` is its record_id in the earlier run, None where it was not there.

    `edited` are pointers to the cells that differ.
    """

    before_id: str | None
    edited: frozenset[str] = frozenset()
    links: Mapping[Source, LinkChange] = field(default_factory=lambda: dict.fromkeys(SOURCES, QUIET))


@dataclass(frozen=True, slots=True)
class RecordChanges:
    """All that happened between two runs, before any conflict is looked at.

    `by_record` holds only records that something happened to; the others are as they were. `missing` are the records
    that only the earlier run has: removed, or, for a partial run, outside its scope. `pending` is what the later run
    has to keep for links without an answer.
    """

    by_record: Mapping[str, RecordChange]
    missing: frozenset[str]
    source_changes: tuple[SourceChange, ...]
    partial: bool = False
    pending: Mapping[str, Links] = field(default_factory=dict)

    def of(self, record_id: str) -> RecordChange:
        """What happened to a record of the later run."""
        return self.by_record.get(record_id) or RecordChange(record_id)

    @property
    def added(self) -> int:
        return sum(1 for change in self.by_record.values() if change.before_id is None)

    @property
    def edited(self) -> int:
        """Records whose row differs, the re-keyed ones among them."""
        return sum(1 for change in self.by_record.values() if change.before_id is not None and change.edited)

    @property
    def removed(self) -> int:
        return 0 if self.partial else len(self.missing)

    def counts(self) -> dict[str, int]:
        """The object `records` of `delta.json`."""
        return {"added": self.added, "changed": self.edited, "removed": self.removed}


def compare_records(
    before: Iterable[Line],
    after: Iterable[Line],
    *,
    pending: Mapping[str, Links] | None = None,
    everywhere: Pending = NOTHING,
    partial: bool = False,
) -> RecordChanges:
    """Compare the lines of two runs. Both are streamed; of the earlier one a trace of each record is kept.

    `pending` is what the earlier run kept, by its record_ids; `everywhere` is what befell all records alike. With
    `partial` the later run holds a part of the records only: a record that is missing from it is not removed, and so
    none can be the predecessor of a re-keyed one.
    """
    tracer = Tracer()
    gone = {trace.record_id: trace for trace in tracer.traces(before)}
    added: list[Trace] = []
    by_record: dict[str, RecordChange] = {}
    sources, waited = SourceChanges(), _Waited(pending or {}, everywhere)
    for trace in tracer.traces(after):
        earlier = gone.pop(trace.record_id, None)
        if earlier is None:
            added.append(trace)
            continue
        _note(by_record, sources, earlier, trace, waited)
    for earlier, trace in () if partial else _pair(gone, added):
        del gone[earlier.record_id]
        _note(by_record, sources, earlier, trace, waited)
    for trace in added:
        if trace.record_id not in by_record:  # else it has a predecessor, and was compared with it
            sources.seen_by_newcomer(trace)
            by_record[trace.record_id] = RecordChange(None, links=_first_links(trace))
    kept = {record_id: links for record_id, change in by_record.items() if (links := _waiting(change))}
    return RecordChanges(by_record, frozenset(gone), sources.found(), partial, kept)


class _Waited(NamedTuple):
    """What the earlier run kept for its links without an answer, and what befalls all links tonight."""

    by_record: Mapping[str, Links]
    everywhere: Pending

    def of(self, record_id: str, source: Source) -> Pending:
        return self.by_record.get(record_id, {}).get(source, NOTHING)


def _note(
    by_record: dict[str, RecordChange],
    sources: SourceChanges,
    earlier: Trace,
    later: Trace,
    waited: _Waited,
) -> None:
    edited = earlier.edited(later)
    tonight = waited.everywhere._replace(edited=edited)
    links = {
        source: _link(earlier.links[source], later.links[source], tonight, waited.of(earlier.record_id, source))
        for source in SOURCES
    }
    links = {source: _beside(links[source], links[other]) for source, other in zip(SOURCES, SOURCES[::-1], strict=True)}
    for source in SOURCES:
        known = _recalled(earlier.links[source], waited.of(earlier.record_id, source))
        sources.compare(source, known, later.links[source], later.record_id)
    if edited or earlier.record_id != later.record_id or any(link != QUIET for link in links.values()):
        by_record[later.record_id] = RecordChange(earlier.record_id, edited, links)


def _beside(link: LinkChange, other: LinkChange) -> LinkChange:
    """The link, which keeps for the night that can ask what changed on the record's other side meanwhile."""
    if not (link.unanswered and other.changed):
        return link
    return replace(link, pending=link.pending._replace(beside=True))


def _recalled(link: Link, before: Pending) -> Link:
    """The link with the last answer that there was under its id, where it had none in the earlier run."""
    if link.outcome != "unavailable" or before.last is None:
        return link
    return replace(link, outcome=before.last.outcome, id=before.last.id, facts=before.last.facts)


def _link(earlier: Link, later: Link, tonight: Pending, before: Pending) -> LinkChange:
    moved, known = earlier.requested != later.requested, earlier.outcome != "unavailable"
    if later.outcome == "unavailable":
        pending = before.joined(tonight._replace(moved=moved, last=earlier.answer if known else None))
        return LinkChange(asked=False, moved=moved, lost=known and not moved, unanswered=True, pending=pending)
    if moved:
        return LinkChange(asked=later.asked, moved=True, pending=before)
    if known:
        changed = _changed(earlier, later, tonight)
    else:
        changed = before.last is not None and not before.last.same(later.answer)
    return LinkChange(
        asked=later.asked,
        changed=changed,
        stored_anew=known and not changed and earlier.stamp != later.stamp,
        back=later.asked and not earlier.asked,
        pending=before,
    )


def _first_links(trace: Trace) -> dict[Source, LinkChange]:
    links = trace.links
    return {
        source: _NEW_AND_OPEN if links[source].outcome == "unavailable" else LinkChange(asked=links[source].asked)
        for source in SOURCES
    }


def _waiting(change: RecordChange) -> dict[Source, Pending]:
    """What the links of a record that nobody could be asked for wait with."""
    return {
        source: link.pending for source, link in change.links.items() if link.pending != NOTHING and link.unanswered
    }


def _changed(earlier: Link, later: Link, tonight: Pending) -> bool:
    """Did the source's answer change? Other rules may read more out of the same content: that is no change of it."""
    if tonight.rules and (earlier.outcome, earlier.id, earlier.stamp) == (later.outcome, later.id, later.stamp):
        return False
    return not earlier.answer.same(later.answer)


def _pair(gone: Mapping[str, Trace], added: Iterable[Trace]) -> list[tuple[Trace, Trace]]:
    """Re-keyed records with their predecessors."""
    left, right = sorted(gone.values(), key=_record_id), sorted(added, key=_record_id)
    pairs: list[tuple[Trace, Trace]] = []
    for keys in _PAIRS:
        waiting: dict[tuple[str, ...], list[Trace]] = {}
        for trace in reversed(left):
            if (shared := _shared(trace, keys)) is not None:
                waiting.setdefault(shared, []).append(trace)
        for trace in right:
            shared = _shared(trace, keys)
            if shared is not None and waiting.get(shared):
                pairs.append((waiting[shared].pop(), trace))
        taken = {trace.record_id for pair in pairs for trace in pair}
        left = [trace for trace in left if trace.record_id not in taken]
        right = [trace for trace in right if trace.record_id not in taken]
    return pairs


def _shared(trace: Trace, keys: tuple[int, int]) -> tuple[str, ...] | None:
    identity = trace.identity()
    chosen = tuple(identity[key] for key in keys)
    return chosen if all(chosen) else None


def _record_id(trace: Trace) -> str:
    return trace.record_id
