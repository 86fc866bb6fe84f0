"""The tally of a run: what the summary file says, counted as the records pass (DESIGN 5.5)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from trialweave.core.concept import Concept
from trialweave.core.models import EDGES, OUTCOMES, SEVERITIES, VERDICTS, Conflict, Severity, Source, Unavailable
from trialweave.core.output import Enriched, outcome_name
from trialweave.core.study import Study
from trialweave.core.versions import SourceFacts, source_words

MOST_SIGNALS = 1_000
"""Different signals of payloads that are kept, the first in order; a source that answers otherwise altogether fills no
memory."""

_POSITION = re.compile(r"/[0-9]+(?=/|$)")


class Brief(NamedTuple):
    """What the tally counts of one record: the outcome of each link and whether it is stale, verdicts, conflicts.

    Verdicts stand in the order of the edges, conflicts as (severity, kind); `reasons` are pairs of an id that could
    not be had and why; `signals` are pairs of a source and what its payload says that nobody expected.
    """

    study: str = "unavailable"
    study_stale: bool = False
    concept: str = "unavailable"
    concept_stale: bool = False
    verdicts: tuple[str | None, str | None, str | None] = (None, None, None)
    conflicts: tuple[tuple[str, str], ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    signals: tuple[tuple[Source, str], ...] = ()

    @classmethod
    def of(cls, enriched: Enriched) -> Self:
        one, two, three = (enriched.edges[edge].verdict for edge in EDGES)
        return cls(
            outcome_name(enriched.study_outcome),
            bool(getattr(enriched.study_outcome, "stale", False)),
            outcome_name(enriched.concept_outcome),
            bool(getattr(enriched.concept_outcome, "stale", False)),
            (one, two, three),
            tuple([(conflict.severity, conflict.kind) for conflict in enriched.conflicts]),
            tuple(
                [
                    (outcome.requested_id, outcome.reason)
                    for outcome in (enriched.study_outcome, enriched.concept_outcome)
                    if isinstance(outcome, Unavailable)
                ]
            ),
            (*_signals("ctgov", enriched.study), *_signals("ncit", enriched.concept)),
        )


def _signals(source: Source, payload: Study | Concept | None) -> Iterable[tuple[Source, str]]:
    """What a payload signals, each once, wherever in its lists it stands."""
    if payload is None or not payload.signals:
        return ()
    lines = (f"{_POSITION.sub('/*', signal.path)}: {signal.text}" for signal in payload.signals)
    return ((source, line) for line in dict.fromkeys(lines))


@dataclass(slots=True)
class Tally:
    """Counts over the records of a run. Add each enriched record once, each conflict across records once.

    The counts do not depend on the order of the records.
    """

    read: int = 0
    refused: int = 0
    written: int = 0
    links: Mapping[str, Counter[str]] = field(default_factory=lambda: {"study": Counter(), "concept": Counter()})
    edges: Mapping[str, Counter[str]] = field(default_factory=lambda: {edge: Counter() for edge in EDGES})
    severities: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    stale: Mapping[str, Counter[str]] = field(default_factory=lambda: {"study": Counter(), "concept": Counter()})
    signals: Counter[tuple[Source, str]] = field(default_factory=Counter)

    def add(self, enriched: Enriched) -> None:
        """Count one record that was written."""
        self.count(Brief.of(enriched))

    def count(self, brief: Brief) -> None:
        """Count one record that was written, by its brief."""
        self.written += 1
        self.links["study"][brief.study] += 1
        self.links["concept"][brief.concept] += 1
        self.stale["study"]["stale"] += brief.study_stale
        self.stale["concept"]["stale"] += brief.concept_stale
        for edge, verdict in zip(EDGES, brief.verdicts, strict=True):
            if verdict is not None:
                self.edges[edge][verdict] += 1
        for severity, kind in brief.conflicts:
            self.severities[severity] += 1
            self.kinds[kind] += 1
        for id_, reason in brief.reasons:
            self.reasons.setdefault(id_, reason)
        for signal in brief.signals:
            if signal in self.signals or len(self.signals) < MOST_SIGNALS:
                self.signals[signal] += 1
            elif signal < (last := max(self.signals)):
                del self.signals[last]
                self.signals[signal] += 1

    def add_conflict(self, conflict: Conflict) -> None:
        """Count one conflict."""
        self.severities[conflict.severity] += 1
        self.kinds[conflict.kind] += 1

    @property
    def incomplete(self) -> bool:
        """Is a link unavailable or stale, so that the run says less than it could?"""
        return any(counts["unavailable"] for counts in self.links.values()) or any(
            counts["stale"] for counts in self.stale.values()
        )

    def reached(self, threshold: str) -> str | None:
        """What to say where a conflict, not acknowledged, is as severe as the threshold; None where none is."""
        return threshold_words(threshold, self.severities - self.acknowledged, "not acknowledged")

    def as_dict(self) -> dict[str, Any]:
        """The counted part of the summary file."""
        return {
            "records": {"read": self.read, "refused": self.refused, "written": self.written},
            "links": {name: {o: counts[o] for o in OUTCOMES} for name, counts in self.links.items()},
            "edges": {name: {v: counts[v] for v in VERDICTS} for name, counts in self.edges.items()},
            "conflicts": {
                **{severity: self.severities[severity] for severity in SEVERITIES},
                "by_kind": dict(sorted(self.kinds.items())),
                "acknowledged": self.acknowledged.total(),
            },
        }


def reaching(threshold: str) -> tuple[Severity, ...]:
    """The severities that a threshold of `--fail-on` means: `warning` means errors too, `never` none."""
    return SEVERITIES[: SEVERITIES.index(threshold) + 1] if threshold in SEVERITIES else ()


def threshold_words(threshold: str, found: Mapping[str, int], what: str) -> str | None:
    """What to say where `--fail-on` was reached, by what, in which numbers; None where it was not."""
    severe = [_count(found[severity], severity) for severity in reaching(threshold) if found[severity]]
    return f"--fail-on {threshold} was reached: {' and '.join(severe)} {what}" if severe else None


def headline(day: str, tally: Tally, sources: Mapping[str, SourceFacts], *, complete: bool) -> str:
    """The one line for a person: `2026-11-23 complete: 1 record | 2 errors | registry 11-20, NCIt 26.10d`.

    The numbers are those of `conflicts` in the summary: what is acknowledged is among them, and told beside them.
    """
    state = "complete" if complete else "incomplete"
    parts = [f"{day} {state}: {_count(tally.written, 'record')}"]
    if tally.refused:
        parts[0] += f", {tally.refused:,} refused"
    found = ", ".join(_count(tally.severities[s], s, plural=s if s == "info" else None) for s in SEVERITIES)
    acknowledged = tally.acknowledged.total()
    parts.append(f"{found} ({acknowledged:,} acknowledged)" if acknowledged else found)
    parts.append(source_words(sources))
    return " | ".join(part for part in parts if part)


def _count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
