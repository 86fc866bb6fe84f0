"""What differs between two runs: new, changed, resolved, standing, and because of what (DESIGN 5.5).

Conflicts of one record are the same ones where kind, record and field are; a re-keyed record keeps its conflicts.
`across_records` findings are states of the whole table and no news: a delta leaves them out.

| earlier run     | later run | then                                                                                |
|-----------------|-----------|-------------------------------------------------------------------------------------|
| -               | there     | new                                                                                 |
| same value      | there     | standing; new again where its acknowledgement has ended                             |
| other value     | there     | changed                                                                             |
| there           | -         | resolved, where its check ran on an answer of that night; else standing, not rechecked |
| record removed  |           | nothing: it went with the record, and `records.removed` counts it                   |
| there           | out of scope of a partial run | nothing                                                          |

**An outage is no news**, on its night or on the morning after. `conflicts.jsonl` is the memory that makes it so, beside
`pending.jsonl`, which keeps what befell a record whose link has no answer (see `pending`):

- A conflict that is not seen because its source could not be asked is carried over into the later run's
  `conflicts.jsonl`, marked `not_rechecked`, with its `first_seen_run`. The night that can ask again finds it standing,
  changed or resolved. `pending` keeps a reason for going that was there already, such as an edited cell.
- A conflict that appears only because an answer is missing (no line of `because` explains it) is written with the mark
  `provisional`. It counts as not rechecked, becomes new once the source answers and it is still there, and goes
  silently where it is not.
- So is one that tells of a single mismatch while the standing conflict that told of it and of another one waits for an
  answer (`record_name_unsupported`).
- So is one that other rules or settings show while the source that might explain it has no answer at all.
- What is held for want of an answer stays so while that one is wanting: what the other source changes meanwhile, or
  says anew, explains neither that it is there nor that it is not.
- One whose value differs only because an answer is missing is displaced by the earlier one, carried over as above.

An acknowledged conflict is counted and not told; when it goes it is resolved as any other. A re-keyed record has other
fingerprints: what was acknowledged under the old one stays so while its values do; `acknowledged_as` keeps that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, Protocol

from trialweave.core.because import OF_THE_RUN, Because, RunChange, because, fallback, is_blind, reading, rechecked
from trialweave.core.changes import RecordChange, RecordChanges, compare_records
from trialweave.core.pending import Links, Pending
from trialweave.core.traces import Line
from trialweave.core.triangle import BOTH_EDGES, ONE_EDGE

Conflict = Mapping[str, Any]
"""One object of `conflicts.jsonl`, or of the conflicts of a line with its `record_id`."""

State = Literal["new", "changed", "standing", "not_rechecked", "provisional", "acknowledged", "displaced"]
End = Literal["resolved", "carried", "gone", "seen"]
Key = tuple[str, str, str]


class RunView(Protocol):
    """A run folder. `lines` and `conflicts` begin anew with each call, in the order of the files."""

    @property
    def run_id(self) -> str: ...
    @property
    def summary(self) -> Mapping[str, Any]: ...
    def lines(self) -> Iterator[Line]: ...
    def conflicts(self) -> Iterator[Conflict]: ...
    def pending(self) -> Mapping[str, Links]: ...


class Verdict(NamedTuple):
    """What became of one conflict of the later run. `reopened`: it was acknowledged before, and is not now."""

    state: State
    because: Because | None = None
    reopened: bool = False


class Past(NamedTuple):
    """What the earlier run knew of a conflict.

    `acknowledged` is the fingerprint under which it was acknowledged, if it was.

    For one (kind, record, field) two fingerprints are equal where the causes are: a cause is a fingerprint without its
    record. A re-keyed record's fingerprints all differ, its causes do not; so causes are compared.
    """

    cause: str
    first_seen_run: str | None
    first_seen_on: str | None
    acknowledged: str | None
    provisional: bool


def acknowledged_until(conflict: Conflict) -> str | None:
    """The end of the acknowledgement that was in force when the run was written."""
    until: str | None = conflict.get("acknowledged_until")
    return until


class Comparison:
    """Two runs laid side by side; everything else about a delta is asked of it.

    Conflicts are streamed; of each earlier one a `Past` is kept. `records` is what `compare_runs` found. `until` says
    how long a conflict is acknowledged, None if it is not.
    """

    def __init__(
        self,
        before: RunView | None,
        after: RunView,
        records: RecordChanges,
        *,
        until: Callable[[Conflict], str | None] = acknowledged_until,
    ) -> None:
        self.before, self.after, self.records = before, after, records
        self._until = until
        self._run = RunChange() if before is None else _run_change(before.summary, after.summary)
        self._now_called = {
            change.before_id: record_id
            for record_id, change in records.by_record.items()
            if change.before_id not in (None, record_id)
        }
        self._past = {self._key_before(conflict): _past(conflict) for conflict in self._conflicts_before()}
        self._displaced: set[Key] = set()
        self._seen: set[Key] = set()
        for conflict in after.conflicts():
            if not across_records(conflict):
                kept = self._displaced if self.judge(conflict).state == "displaced" else self._seen
                kept.add(_key(conflict))

    def judge(self, conflict: Conflict) -> Verdict:
        """What became of a conflict of the later run (not one across records)."""
        past = self._past.get(_key(conflict))
        until = self._held(conflict)[0]
        known = past is not None and not past.provisional
        ended = past is not None and past.acknowledged is not None and until is None
        if conflict.get("provisional"):
            return Verdict("provisional")
        if past is not None and known and past.cause == conflict["cause"]:
            return self._standing(conflict, until, ended=ended)
        change = self.records.of(conflict["record_id"])
        held = past is not None and past.provisional and past.cause == conflict["cause"] and is_blind(conflict, change)
        reason = because(conflict, change, self._run)
        unexplained = self._told_already(conflict, change) or (reason in OF_THE_RUN and is_blind(conflict, change))
        if held or (not known and unexplained):
            return Verdict("provisional")
        asked = all(link.asked for link in change.links.values())
        if reason is None and not asked and not conflict.get("not_rechecked"):
            return Verdict("displaced" if known else "provisional")
        if until:
            return Verdict("acknowledged")
        return Verdict("changed" if known else "new", reason or fallback(conflict), reopened=ended)

    def judge_earlier(self, conflict: Conflict) -> tuple[End, Because | None]:
        """What became of a conflict of the earlier run (not one across records)."""
        if conflict["record_id"] in self.records.missing or conflict.get("provisional"):
            return "gone", None
        key = self._key_before(conflict)
        if key in self._seen:
            return "seen", None
        change = self.records.of(key[1])
        reason = because(conflict, change, self._run)
        asked = all(link.asked for link in change.links.values())
        held = bool(conflict.get("not_rechecked")) and is_blind(conflict, change)
        if held or key in self._displaced or not rechecked(conflict, change) or (reason is None and not asked):
            return "carried", reason
        return "resolved", reason or fallback(conflict)

    def carried(self) -> Iterator[Conflict]:
        """The earlier conflicts that the later run could not check again, as its `conflicts.jsonl` keeps them."""
        for conflict in self._conflicts_before():
            end, reason = self.judge_earlier(conflict)
            if end == "carried":
                record_id = self._key_before(conflict)[1]
                until = self._until({**conflict, "fingerprint": _acknowledged_as(conflict)})
                kept = {**conflict, "record_id": record_id, "acknowledged_until": until}
                yield {**kept, "not_rechecked": True, "pending": reason}

    def resolved(self) -> Iterator[tuple[Conflict, Because]]:
        """The earlier conflicts that are gone, each with its reason."""
        for conflict in self._conflicts_before():
            end, reason = self.judge_earlier(conflict)
            if end == "resolved" and reason is not None:
                yield conflict, reason

    def written(self, run_id: str, day: str) -> Iterator[Conflict]:
        """The lines of the later run's `conflicts.jsonl`: what it saw, then what it carries over.

        `day` (YYYY-MM-DD) and `run_id` are those of the later run; an earlier first sight is kept.
        """
        seen_across = {} if self.before is None else _first_sights(self.before.conflicts())
        for conflict in self.after.conflicts():
            first: tuple[str | None, str | None] | None
            if across_records(conflict):
                marks, first = {}, seen_across.get((conflict["kind"], conflict["fingerprint"]))
            else:
                state = self.judge(conflict).state
                if state == "displaced":
                    continue
                marks = {str(state): True} if state in ("provisional", "not_rechecked") else {}
                first = self._first_sight(conflict)
            seen_run, seen_on = first or (run_id, day)
            until, under = self._held(conflict)
            sight = {"first_seen_run": seen_run, "first_seen_on": seen_on, "acknowledged_until": until}
            yield {**conflict, **sight, **({} if under is None else {"acknowledged_as": under}), **marks}
        yield from self.carried()

    def _held(self, conflict: Conflict) -> tuple[str | None, str | None]:
        """Until when a conflict of the later run is acknowledged, and under which fingerprint if not under its own."""
        until = self._until(conflict)
        past = None if across_records(conflict) else self._past.get(_key(conflict))
        if until or past is None or past.acknowledged is None or past.cause != conflict["cause"]:
            return until, None
        until = self._until({**conflict, "fingerprint": past.acknowledged})
        return until, past.acknowledged if until else None

    def _standing(self, conflict: Conflict, until: str | None, *, ended: bool) -> Verdict:
        if until:
            return Verdict("acknowledged")
        if ended:
            return Verdict("new", "acknowledgement_expired", reopened=True)
        links = self.records.of(conflict["record_id"]).links
        asked = all(links[source].asked for source in reading(conflict).own)
        return Verdict("standing" if asked and not conflict.get("not_rechecked") else "not_rechecked")

    def _told_already(self, conflict: Conflict, change: RecordChange) -> bool:
        """Does it tell of one mismatch of two that an earlier conflict tells of, and a source has no answer?"""
        whole = self._past.get((BOTH_EDGES, str(conflict["record_id"]), "drug_name"))
        unanswered = any(link.unanswered for link in change.links.values())
        return conflict["kind"] in ONE_EDGE and unanswered and whole is not None and not whole.provisional

    def _first_sight(self, conflict: Conflict) -> tuple[str | None, str | None] | None:
        past = self._past.get(_key(conflict))
        if past is None or past.provisional or past.cause != conflict["cause"]:
            return None
        return past.first_seen_run, past.first_seen_on

    def _conflicts_before(self) -> Iterator[Conflict]:
        if self.before is not None:
            yield from (conflict for conflict in self.before.conflicts() if not across_records(conflict))

    def _key_before(self, conflict: Conflict) -> Key:
        return _key(conflict, self._now_called.get(conflict["record_id"]))


def compare_runs(before: RunView | None, after: RunView, *, partial: bool = False) -> RecordChanges:
    """What happened to the records between two runs (see `compare_records`)."""
    if before is None:
        return compare_records((), after.lines(), partial=partial)
    run = _run_change(before.summary, after.summary)
    everywhere = Pending(rules=run.rules, settings=run.settings)
    return compare_records(
        before.lines(), after.lines(), pending=before.pending(), everywhere=everywhere, partial=partial
    )


def across_records(conflict: Conflict) -> bool:
    """Is this a finding across records, which stands once for all of them?"""
    return conflict.get("record_id") is None


def _key(conflict: Conflict, record_id: str | None = None) -> Key:
    kind, field = str(conflict["kind"]), str(conflict["field"])
    return (kind, record_id or str(conflict["record_id"]), field)


def _acknowledged_as(conflict: Conflict) -> str:
    return str(conflict.get("acknowledged_as") or conflict["fingerprint"])


def _past(conflict: Conflict) -> Past:
    return Past(
        conflict["cause"],
        conflict.get("first_seen_run"),
        conflict.get("first_seen_on"),
        _acknowledged_as(conflict) if conflict.get("acknowledged_until") else None,
        bool(conflict.get("provisional")),
    )


def _first_sights(conflicts: Iterator[Conflict]) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    return {
        (conflict["kind"], conflict["fingerprint"]): (conflict.get("first_seen_run"), conflict.get("first_seen_on"))
        for conflict in conflicts
        if across_records(conflict)
    }


def _run_change(before: Mapping[str, Any], after: Mapping[str, Any]) -> RunChange:
    old, new = _release(before), _release(after)
    return RunChange(
        rules=before.get("rules_version") != after.get("rules_version"),
        settings=before.get("settings_digest") != after.get("settings_digest"),
        release=None not in (old, new) and old != new,
    )


def _release(summary: Mapping[str, Any]) -> str | None:
    """The release that a run stands on; that of the newest copies where the thesaurus told none."""
    facts = (summary.get("sources") or {}).get("ncit") or {}
    version: str | None = facts.get("version") or max(facts.get("stale_versions") or (), default=None)
    return version
