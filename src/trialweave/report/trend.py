"""The conflicts of the last runs as small lines: one per severity, each on its own scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trialweave.report.shown import safe

WIDTH, HEIGHT = 132, 26
_MARGIN = 3
_RUNS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One severity over the runs. `points` are coordinates in a box of WIDTH by HEIGHT; `end` is the last of them."""

    severity: str
    points: str
    end: tuple[float, float]
    last: int
    lowest: int
    highest: int
    runs: int

    @property
    def spoken(self) -> str:
        if self.lowest == self.highest:
            return f"{self.severity}: {self.last:,} in each of the last {self.runs} runs"
        between = f"between {self.lowest:,} and {self.highest:,} in the last {self.runs} runs"
        return f"{self.severity}: {self.last:,} in this run, {between}"

    @property
    def span(self) -> str:
        return "unchanged" if self.lowest == self.highest else f"{self.lowest:,} – {self.highest:,}"


@dataclass(frozen=True, slots=True)
class Night:
    """One run of the trend as a row of a table."""

    run_id: str
    counts: tuple[int, ...]
    records: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Trend:
    lines: tuple[Line, ...]
    nights: tuple[Night, ...]


def trend_of(history: Sequence[Mapping[str, Any]], summary: Mapping[str, Any], severities: Sequence[str]) -> Trend:
    """The trend of the last runs, oldest first, ending with this run; `history` may hold this run or not."""
    this = summary.get("run_id")
    runs = [*(run for run in history if run.get("run_id") != this), summary][-_RUNS:]
    nights = tuple(_night(run, severities) for run in runs)
    lines = tuple(_line(severity, [n.counts[i] for n in nights]) for i, severity in enumerate(severities))
    return Trend(lines, nights)


def _night(run: Mapping[str, Any], severities: Sequence[str]) -> Night:
    counts = run.get("conflicts") or {}
    return Night(
        run_id=safe(run.get("run_id")),
        counts=tuple(int(counts.get(severity) or 0) for severity in severities),
        records=int((run.get("records") or {}).get("written") or 0),
        complete=run.get("exit_code") in (0, 3, None),
    )


def _line(severity: str, values: Sequence[int]) -> Line:
    lowest, highest = min(values), max(values)
    span = highest - lowest
    step = (WIDTH - 2 * _MARGIN) / max(1, len(values) - 1)
    usable = HEIGHT - 2 * _MARGIN
    points = [
        (
            round(_MARGIN + i * step, 1),
            round(HEIGHT - _MARGIN - (usable * (value - lowest) / span if span else usable / 2), 1),
        )
        for i, value in enumerate(values)
    ]
    return Line(severity, " ".join(f"{x},{y}" for x, y in points), points[-1], values[-1], lowest, highest, len(values))
