"""What a machine reads of a night: JSON log lines, and a text file for Prometheus' node exporter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from trialweave.clock import Clock, instant, stamp
from trialweave.core.models import LINKS, SEVERITIES
from trialweave.nightly.gates import coverage
from trialweave.tables import write_atomically


@dataclass(frozen=True, slots=True)
class NightLog:
    """Writes one JSON object a line: when, which run, what happened, and its numbers. Without a stream it is silent.

    Raises OSError that names the log.
    """

    stream: TextIO | None
    clock: Clock
    run_id: str

    def __call__(self, event: str, **facts: Any) -> None:
        if self.stream is not None:
            line = {"at": stamp(self.clock.now()), "run_id": self.run_id, "event": event, **facts}
            try:
                self.stream.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")
                self.stream.flush()
            except OSError as error:
                raise OSError(error.errno, error.strerror, getattr(self.stream, "name", "the log")) from error


_HELP: Mapping[str, str] = {
    "exit_code": "Exit code of the last attempt.",
    "attempt_timestamp_seconds": "When the last attempt ended.",
    "published": "1 where the last attempt published its run.",
    "published_timestamp_seconds": "When the last published run ended.",
    "records": "Records of the last published run, by what became of the row.",
    "conflicts": "Conflicts of the last published run, by severity.",
    "delta": "What the last published run told, by list.",
    "coverage_ratio": "Share of links that could be asked about, by source.",
    "requests": "Requests that the last published run sent, by source.",
    "stale": "Stale answers of the last published run, by source.",
}


def write_metrics(file: Path, ended: datetime, exit_code: int, published: Mapping[str, Any] | None, now: bool) -> None:
    """Write the text file, whole or not at all. `published` is the summary of the last published run.

    `now` says that this attempt published it. Raises OSError.
    """
    samples = [
        ("exit_code", "", float(exit_code)),
        ("attempt_timestamp_seconds", "", ended.timestamp()),
        ("published", "", float(now)),
        *(() if published is None else _of_run(published)),
    ]
    lines: list[str] = []
    for name, text in _HELP.items():
        own = [(labels, value) for sample, labels, value in samples if sample == name]
        if own:
            lines += [f"# HELP trialweave_{name} {text}", f"# TYPE trialweave_{name} gauge"]
            lines += [f"trialweave_{name}{labels} {value:.15g}" for labels, value in own]
    with write_atomically(file) as stream:
        stream.write(("\n".join(lines) + "\n").encode("ascii"))


def _of_run(summary: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    yield "published_timestamp_seconds", "", instant(summary["finished_at"]).timestamp()
    for row, number in summary["records"].items():
        yield "records", f'{{row="{row}"}}', number
    for severity in SEVERITIES:
        yield "conflicts", f'{{severity="{severity}"}}', summary["conflicts"][severity]
    for name, number in summary["delta"].items():
        yield "delta", f'{{list="{name}"}}', number
    for source, link in LINKS.items():
        share = coverage(summary["links"][link])
        if share is not None:
            yield "coverage_ratio", f'{{source="{source}"}}', share
    for source, facts in summary["sources"].items():
        yield "requests", f'{{source="{source}"}}', facts["requests"]
        yield "stale", f'{{source="{source}"}}', facts["stale"]
