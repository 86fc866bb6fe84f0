"""The morning page as values: what happened, what is new, what to do first, and everything behind it.

Nothing here depends on the clock, on the number of requests or on the state of the store: equal runs give equal pages
(DESIGN 5.5), also where one of them was resumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Literal

from trialweave.core.because import FOLDED
from trialweave.core.models import SEVERITIES
from trialweave.report import rows
from trialweave.report.causes import Cause, Entry, Lookup, gather, severity_of, words
from trialweave.report.rows import Table
from trialweave.report.run import Run, run_of
from trialweave.report.shown import safe
from trialweave.report.stood import Stood
from trialweave.report.trend import Trend, trend_of

CAUSES = 10_000
"""Causes of one section that the page carries; the others stand in `conflicts.jsonl`."""

Mode = Literal["all", "first", "delta"]
"""All conflicts (no earlier run is asked), the first run of a series (folded), or what differs from the run before."""

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
    """Causes that belong together. `causes` are the first CAUSES of `total`; `resolved` counts what went with them."""

    key: str
    title: str
    lead: str
    causes: tuple[Cause, ...]
    total: int
    conflicts: int
    resolved: int
    kinds: tuple[KindCount, ...]

    def count(self, severity: str) -> int:
        """Causes of one severity."""
        return sum(kind.causes for kind in self.kinds if kind.severity == severity)

    @property
    def errors(self) -> int:
        """Conflicts that are errors."""
        return sum(kind.conflicts for kind in self.kinds if kind.severity == "error")


@dataclass(frozen=True, slots=True)
class Standing:
    """What stood before this run, counted; the errors among it that nobody acknowledged are told."""

    total: int
    not_rechecked: int
    acknowledged: int
    table: Table
    errors: Section


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template shows. `changed` counts the changed conflicts among the news.

    `first` is the section to begin with: the news, the first run, or, where nothing is new, a fold with errors, or the
    errors that stand. `moved` says what became of the records since the last run.
    """

    title: str
    mode: Mode
    run: Run
    news: Section
    folds: tuple[Section, ...]
    first: Section
    changed: int
    resolved: Table
    standing: Standing
    fills: Table
    proposals: Table
    across: Section
    changes: Table
    unanswered: Table
    acknowledgements: Table
    trend: Trend
    acknowledge: str
    since: str
    moved: str


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
    unanswered: Iterable[Entry] = (),
    gates: Iterable[Entry] = (),
) -> Page:
    """The page of one run.

    - `summary`, `delta`: as DESIGN 5.5 has them. Without a delta (`enrich --report`) every conflict is shown that
      nobody acknowledged.
    - `conflicts`: those of `conflicts.jsonl`; read once, so a generator will do. `xrec_*` among them are passed over.
    - `lookup`: from a record_id to its line of `enriched.jsonl`, asked for affected records only.
    - `history`: summaries of the last runs, oldest first.
    - `acknowledgements`: {"fingerprint" or "cause", "reason", "author", "until", "unused": bool}.
    - `across`: the `xrec_*` conflicts. `fills`: {"record_id", "field", "value", "source", "evidence"}.
    - `unanswered`: links that are unavailable: {"record_id", "source", "id"}.
    - `gates`: {"name", "passed": bool, "message"}.
    """
    find = _finder(lookup)
    day = _day(summary)
    own = (entry for entry in conflicts if not _across(entry))
    told = {
        name: [e for e in (delta or {}).get(name) or () if not _across(e)] for name in ("new", "changed", "resolved")
    }
    fresh = [*told["new"], *told["changed"]]
    stood = Stood(find, None if delta is None else {entry.get("fingerprint") for entry in fresh})
    passed = stood.watch(own)
    if delta is None:
        fresh = [entry for entry in passed if not entry.get("acknowledged_until")]
    for _ in passed:
        pass
    mode: Mode = "all" if delta is None else "first" if delta.get("since") is None else "delta"
    notes = {str(entry.get("fingerprint")): "changed" for entry in told["changed"]}
    news = [entry for entry in fresh if _folded(entry, mode) is None]
    section = _section("news", "Conflicts" if delta is None else "New this morning", "", news, find, notes)
    folds = tuple(_folds(fresh, told["resolved"], mode, find, notes))
    gone = [entry for entry in told["resolved"] if _folded(entry, mode) is None]
    standing = _standing(summary, delta or {}, stood)
    return Page(
        title=f"trialweave {day.isoformat() if day else safe(summary.get('run_id'))}",
        mode=mode,
        run=run_of(summary, gates),
        news=section,
        folds=folds,
        first=_first(section, folds, standing, mode),
        changed=sum(1 for entry in told["changed"] if _folded(entry, mode) is None),
        resolved=rows.resolved(gather(gone, find), len(gone)),
        standing=standing,
        fills=rows.fills(fills, find),
        proposals=stood.proposals(),
        across=_section("across", "Across records", "", list(across), find, {}),
        changes=rows.source_changes((delta or {}).get("source_changes") or (), find),
        unanswered=rows.unanswered(unanswered, find),
        acknowledgements=rows.acknowledgements(acknowledgements, day),
        trend=trend_of(() if summary.get("scope") else history, summary, SEVERITIES),
        acknowledge=_acknowledge(day),
        since=safe((delta or {}).get("since")),
        moved=_moved((delta or {}).get("records") or {}) if mode == "delta" else "",
    )


def _finder(lookup: Lookup | Mapping[str, Entry] | None) -> Lookup:
    if lookup is None:
        return lambda _: None
    return lookup.get if isinstance(lookup, Mapping) else lookup


def _across(entry: Entry) -> bool:
    """Findings across records are never news; they come on their own."""
    return entry.get("record_id") is None


def _folded(entry: Entry, mode: Mode) -> str | None:
    """The counted section that the entry belongs to, or None where it is told one by one."""
    if mode == "first":
        return "first"
    because = entry.get("because")
    return because if mode == "delta" and because in FOLDED else None


def _standing(summary: Entry, delta: Entry, stood: Stood) -> Standing:
    acknowledged = delta.get("acknowledged") or (summary.get("conflicts") or {}).get("acknowledged")
    return Standing(
        total=int(delta.get("standing") or 0),
        not_rechecked=int(delta.get("not_rechecked") or 0),
        acknowledged=int(acknowledged or 0),
        table=stood.table(),
        errors=replace(_section("standing", "Standing", "", stood.errors, stood.find, {}), total=len(stood.causes)),
    )


def _first(news: Section, folds: Sequence[Section], standing: Standing, mode: Mode) -> Section:
    if news.total:
        return news
    return next((fold for fold in folds if mode == "first" or fold.errors), standing.errors)


def _moved(records: Entry) -> str:
    names = {"added": "added", "changed": "edited", "removed": "removed"}
    return ", ".join(f"{records[key]:,} {word}" for key, word in names.items() if records.get(key))


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
    key: str, title: str, lead: str, entries: Sequence[Entry], find: Lookup, notes: Mapping[str, str], gone: int = 0
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
        resolved=gone,
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


def _folds(
    fresh: Sequence[Entry], resolved: Sequence[Entry], mode: Mode, find: Lookup, notes: Mapping[str, str]
) -> Iterator[Section]:
    for key, (title, lead) in _FOLDS.items():
        entries = [entry for entry in fresh if _folded(entry, mode) == key]
        gone = sum(1 for entry in resolved if _folded(entry, mode) == key)
        if entries or gone:
            yield _section(key, title, lead, entries, find, notes, gone)
