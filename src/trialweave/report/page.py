"""The morning page as values: what happened, what is new, what to do first, and everything behind it.

Nothing here depends on the clock, on the number of requests or on the state of the store: equal runs give equal pages
(DESIGN 5.5), also where one of them was resumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from trialweave.report import rows
from trialweave.report.causes import BECAUSE, SEVERITIES, Cause, Entry, Lookup, gather, severity_of, words
from trialweave.report.rows import Table
from trialweave.report.run import Run, run_of
from trialweave.report.shown import hex16, safe
from trialweave.report.trend import Trend, trend_of

CAUSES = 10_000
"""Causes of one section that the page carries; the others stand in `conflicts.jsonl`."""

FOLDED = ("rules", "settings", "record_added")
_ACKNOWLEDGE_DAYS = 90


@dataclass(frozen=True, slots=True)
class KindCount:
    kind: str
    title: str
    severity: str
    causes: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Section:
    """Causes that belong together. `causes` are the first CAUSES of `total`."""

    key: str
    title: str
    lead: str
    causes: tuple[Cause, ...]
    total: int
    conflicts: int
    kinds: tuple[KindCount, ...]

    def count(self, severity: str) -> int:
        """Causes of one severity."""
        return sum(kind.causes for kind in self.kinds if kind.severity == severity)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stood before this run, counted."""

    total: int
    not_rechecked: int
    acknowledged: int
    table: Table


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template shows. `news` is None where the whole first run is folded."""

    title: str
    mode: str
    run: Run
    news: Section
    folds: tuple[Section, ...]
    first: tuple[Cause, ...]
    changed: int
    resolved: Table
    standing: Standing
    fills: Table
    proposals: Table
    across: Section
    changes: Table
    acknowledgements: Table
    trend: Trend
    acknowledge: str
    since: str


def build_page(
    summary: Entry,
    delta: Entry | None = None,
    conflicts: Iterable[Entry] = (),
    *,
    lookup: Lookup | Mapping[str, Entry] | None = None,
    history: Sequence[Entry] = (),
    acknowledgements: Iterable[Entry] = (),
    across: Iterable[Entry] = (),
    fills: Iterable[Entry] = (),
    gates: Iterable[Entry] = (),
) -> Page:
    """The page of one run.

    - `summary`, `delta`: as DESIGN 5.5 has them. Without a delta (`enrich --report`) every conflict is shown.
    - `conflicts`: those of `conflicts.jsonl`; read once, so a generator will do. `xrec_*` among them are passed over.
    - `lookup`: from a record_id to its line of `enriched.jsonl`, asked for affected records only.
    - `history`: summaries of the last runs, oldest first.
    - `acknowledgements`: {"fingerprint" or "cause", "reason", "author", "until", "unused": bool}.
    - `across`: the `xrec_*` conflicts. `fills`: {"record_id", "field", "value", "source", "evidence"}.
    - `gates`: {"name", "passed": bool, "message"}.
    """
    find = _finder(lookup)
    day = _day(summary)
    own = (entry for entry in conflicts if entry.get("record_id") is not None)
    new, changed = _own(delta, "new"), _own(delta, "changed")
    fresh = {entry.get("fingerprint") for entry in (*new, *changed)}
    stood = rows.Stood(find, None if delta is None else fresh)
    if delta is None:
        mode, news, folded = "all", list(stood.watch(own)), {}
    elif delta.get("since") is None:
        mode, news, folded = "first", [], {"first": [*new, *changed]}
    else:
        mode, news = "delta", [e for e in (*new, *changed) if e.get("because") not in FOLDED]
        folded = {reason: [e for e in (*new, *changed) if e.get("because") == reason] for reason in FOLDED}
    if delta is not None:
        for _ in stood.watch(own):
            pass
    notes = {entry["fingerprint"]: "changed" for entry in changed if hex16(entry.get("fingerprint"))}
    section = _section("news", "Conflicts" if delta is None else "New this morning", "", news, find, notes)
    folds = tuple(_fold(key, entries, find, notes) for key, entries in folded.items() if entries)
    counts = delta or {}
    return Page(
        title=f"trialweave {day.isoformat() if day else safe(summary.get('run_id'))}",
        mode=mode,
        run=run_of(summary, gates),
        news=section,
        folds=folds,
        first=(section.causes or (folds[0].causes if folds and mode == "first" else ()))[:3],
        changed=sum(1 for entry in changed if entry.get("because") not in FOLDED),
        resolved=rows.resolved(gather(_own(delta, "resolved"), find)),
        standing=Standing(
            total=int(counts.get("standing") or 0),
            not_rechecked=int(counts.get("not_rechecked") or 0),
            acknowledged=int(counts.get("acknowledged") or (summary.get("conflicts") or {}).get("acknowledged") or 0),
            table=stood.table(),
        ),
        fills=rows.fills(fills, find),
        proposals=stood.proposals(),
        across=_section("across", "Across records", "", list(across), find, {}),
        changes=rows.source_changes(counts.get("source_changes") or ()),
        acknowledgements=rows.acknowledgements(acknowledgements, day),
        trend=trend_of(history, summary, SEVERITIES),
        acknowledge=_acknowledge(day),
        since=safe(counts.get("since")),
    )


def _finder(lookup: Lookup | Mapping[str, Entry] | None) -> Lookup:
    if lookup is None:
        return lambda _: None
    return lookup.get if isinstance(lookup, Mapping) else lookup


def _own(delta: Entry | None, name: str) -> list[Entry]:
    """The entries about single records: findings across records are never news."""
    return [entry for entry in (delta or {}).get(name) or () if entry.get("record_id") is not None]


def _day(summary: Entry) -> date | None:
    try:
        return date.fromisoformat(str(summary.get("started_at"))[:10])
    except ValueError:
        return None


def _acknowledge(day: date | None) -> str:
    """The command, with CAUSE where the cause belongs, and an end date that a person may change."""
    until = (day + timedelta(days=_ACKNOWLEDGE_DAYS)).isoformat() if day else "YYYY-MM-DD"
    return f"trialweave acknowledge CAUSE --reason 'why it may stay' --until {until}"


def _section(
    key: str, title: str, lead: str, entries: Sequence[Entry], find: Lookup, notes: Mapping[str, str]
) -> Section:
    causes = gather(entries, find, notes)
    counted = Counter((cause.severity, cause.kind) for cause in causes)
    conflicts = Counter((severity_of(entry), safe(entry.get("kind"))) for entry in entries)
    kinds = sorted(counted, key=lambda k: (SEVERITIES.index(k[0]), -counted[k], k[1]))
    return Section(
        key=key,
        title=title,
        lead=lead,
        causes=tuple(islice(causes, CAUSES)),
        total=len(causes),
        conflicts=len(entries),
        kinds=tuple(KindCount(kind, words(kind).title, s, counted[s, kind], conflicts[s, kind]) for s, kind in kinds),
    )


_FOLDS: Mapping[str, tuple[str, str]] = {
    "rules": ("The rules changed", "A new version of trialweave judges the same data differently."),
    "settings": ("The settings changed", "Somebody changed what is checked, or how severe it is."),
    "record_added": ("New records", "Conflicts of records that the table did not hold before."),
    "first": (
        "The first run",
        "There is nothing to compare with yet. From the next run on, only what is new is shown.",
    ),
}


def _fold(key: str, entries: Sequence[Entry], find: Lookup, notes: Mapping[str, str]) -> Section:
    title, lead = _FOLDS[key]
    return _section(key, title, lead, entries, find, notes)


__all__ = ["BECAUSE", "CAUSES", "KindCount", "Page", "Section", "Standing", "build_page"]
