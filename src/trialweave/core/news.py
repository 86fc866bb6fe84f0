"""The delta as a file, and the few numbers of it that a headline, a gate and an exit code need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trialweave.core.because import FOLDED, Because
from trialweave.core.delta import Comparison, Conflict, across_records
from trialweave.core.summary import threshold_words
from trialweave.core.views import encode


@dataclass(slots=True)
class News:
    """The counts of one delta. Conflicts = new + changed + standing + acknowledged (without those across records).

    `new`, `errors`, `causes`, `changed` and `resolved` are what a person is told; entries because of rules, settings
    and new records are in `folded`, by reason. `standing` holds `not_rechecked`. `alarms` counts, by severity, what
    `--fail-on` looks at: new and re-opened conflicts that are not acknowledged, folded or not.
    """

    since: str | None
    new: int = 0
    errors: int = 0
    causes: set[str] = field(default_factory=set)
    changed: int = 0
    resolved: int = 0
    standing: int = 0
    not_rechecked: int = 0
    acknowledged: int = 0
    folded: Counter[Because] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    oldest: str | None = None

    def reached(self, threshold: str) -> str | None:
        """What to say where a new or re-opened conflict is as severe as the threshold; None where none is."""
        return threshold_words(threshold, self.alarms, "new or re-opened, with those that are folded")

    def tell(self, conflict: Conflict, state: str, reason: Because) -> None:
        """Count a new or changed conflict."""
        if reason in FOLDED:
            self.folded[reason] += 1
        elif state == "changed":
            self.changed += 1
        else:
            self.new += 1
            self.errors += conflict["severity"] == "error"
            self.causes.add(conflict["cause"])

    def stand(self, conflict: Conflict, *, rechecked: bool) -> None:
        """Count a conflict that stands as it stood."""
        self.standing += 1
        self.not_rechecked += not rechecked
        seen: str | None = conflict.get("first_seen_on")
        if seen is not None:
            self.oldest = seen if self.oldest is None else min(self.oldest, seen)


def count_news(comparison: Comparison) -> News:
    """The counts of a comparison whose later run is complete, carried conflicts included."""
    news = News(None if comparison.before is None else comparison.before.run_id)
    for conflict in comparison.after.conflicts():
        if across_records(conflict):
            continue
        state, reason, reopened = comparison.judge(conflict)
        if state in ("new", "changed") and reason is not None:
            news.tell(conflict, state, reason)
            if state == "new" or reopened:
                news.alarms[conflict["severity"]] += 1
        elif state == "acknowledged":
            news.acknowledged += 1
        elif state != "displaced":
            news.stand(conflict, rechecked=state == "standing")
    for conflict in comparison.carried():
        if conflict["acknowledged_until"]:
            news.acknowledged += 1
        else:
            news.stand(conflict, rechecked=False)
    for _, reason in comparison.resolved():
        if reason in FOLDED:
            news.folded[reason] += 1
        else:
            news.resolved += 1
    return news


def delta_text(comparison: Comparison, news: News) -> Iterator[str]:
    """`delta.json` in pieces; entries stand in the order of the runs' `conflicts.jsonl`, one on a line."""
    yield '{"since":' + encode(news.since)
    for state in ("new", "changed"):
        yield f',\n"{state}":['
        yield from _listed(_entries(comparison, state))
        yield "]"
    yield ',\n"resolved":['
    yield from _listed({**_unmarked(conflict), "because": reason} for conflict, reason in comparison.resolved())
    counts = {"standing": news.standing, "not_rechecked": news.not_rechecked, "acknowledged": news.acknowledged}
    yield "],\n" + encode(counts)[1:-1] + ',\n"source_changes":['
    yield from _listed(change.as_dict() for change in comparison.records.source_changes)
    yield '],\n"records":' + encode(comparison.records.counts()) + "}\n"


def _entries(comparison: Comparison, state: str) -> Iterator[Mapping[str, Any]]:
    for conflict in comparison.after.conflicts():
        if not across_records(conflict):
            verdict = comparison.judge(conflict)
            if verdict.state == state:
                yield {**_unmarked(conflict), "because": verdict.because}


_MEMORY = ("not_rechecked", "provisional", "pending", "acknowledged_as")
"""What `conflicts.jsonl` keeps for the next night alone."""


def _unmarked(conflict: Conflict) -> dict[str, Any]:
    return {key: value for key, value in conflict.items() if key not in _MEMORY}


def _listed(entries: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    for number, entry in enumerate(entries):
        yield (",\n" if number else "\n") + encode(entry)
