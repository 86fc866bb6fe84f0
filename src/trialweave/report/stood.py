"""What passes by in `conflicts.jsonl`: what stood before the run, and every proposed edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from trialweave.core.models import SEVERITIES
from trialweave.report.causes import Entry, Lookup, proposals_of, severity_of, words
from trialweave.report.rows import ROWS, Row, Table, proposal_row
from trialweave.report.shown import Span, safe, text

ERRORS = 500
"""Standing errors that the page carries; the others stand in `conflicts.jsonl`."""


@dataclass(slots=True)
class Stood:
    """What passes by in `conflicts.jsonl`: the standing counted by kind, their errors, and every proposed edit.

    `errors` are the first ERRORS that stand and that nobody acknowledged, but for those that are there for want of an
    answer alone; `causes` are the roots of all of these.
    """

    find: Lookup
    fresh: set[object] | None
    """Fingerprints that are new or changed in this run; None where nothing can have stood before."""
    errors: list[Entry] = field(default_factory=list)
    causes: set[object] = field(default_factory=set)
    _kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    _acknowledged: Counter[tuple[str, str]] = field(default_factory=Counter)
    _oldest: dict[tuple[str, str], str] = field(default_factory=dict)
    _proposals: list[Row] = field(default_factory=list)
    _proposed: int = 0

    def watch(self, conflicts: Iterable[Entry]) -> Iterator[Entry]:
        """The conflicts as they are, each counted on its way."""
        for entry in conflicts:
            acknowledged = bool(entry.get("acknowledged_until"))
            if self.fresh is not None and entry.get("fingerprint") not in self.fresh:
                self._count(entry, acknowledged)
            if not acknowledged:
                self._propose(entry)
            yield entry

    def table(self) -> Table:
        """The standing conflicts by kind."""
        found = self._kinds | self._acknowledged
        keys = sorted(found, key=lambda k: (SEVERITIES.index(k[0]), -found[k], k[1]))
        rows = tuple(
            (
                (Span("severity", severity), Span("text", words(kind).title)),
                text(f"{self._kinds[severity, kind]:,}"),
                text(f"{self._acknowledged[severity, kind]:,}" if self._acknowledged[severity, kind] else ""),
                text(self._oldest.get((severity, kind))),
            )
            for severity, kind in keys
        )
        columns = ("Conflict", "Standing", "Acknowledged", "Oldest since")
        return Table("standing", "Standing", "", columns, rows, len(rows), "Nothing stands.")

    def proposals(self) -> Table:
        """The proposed edits of all conflicts that nobody acknowledged, in the order of the run."""
        return Table(
            "proposals",
            "Proposed edits",
            "From the evidence of a conflict, new or standing. trialweave never applies them.",
            ("Record", "Field", "Now", "Proposed", "Why"),
            tuple(self._proposals),
            self._proposed,
            "No conflict comes with a proposed edit.",
        )

    def _propose(self, entry: Entry) -> None:
        if not entry.get("suggestion"):
            return
        self._proposed += 1
        if len(self._proposals) < ROWS:
            line = self.find(str(entry["record_id"]))
            self._proposals += [proposal_row(proposal, entry, line) for proposal in proposals_of(entry, line)]

    def _count(self, entry: Entry, acknowledged: bool) -> None:
        key = severity_of(entry), safe(entry.get("kind"))
        if key[0] == "error" and not acknowledged and not entry.get("provisional"):
            self.causes.add(entry.get("cause"))
            if len(self.errors) < ERRORS:
                self.errors.append(entry)
        (self._acknowledged if acknowledged else self._kinds)[key] += 1
        if since := safe(entry.get("first_seen_on") or entry.get("first_seen_run")):
            self._oldest[key] = min(since, self._oldest.get(key, since))
