"""One night after the other, in memory: what the job does with a run, without its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from made.runs import MadeRun
from trialweave.core.delta import Comparison, compare_runs
from trialweave.core.news import News, count_news, delta_text


@dataclass
class Morning:
    run: MadeRun
    delta: dict[str, Any]
    news: News

    def told(self, *lists: str) -> set[tuple[str, str, str, str]]:
        """(list, kind, record_id, because) of every entry of these lists; of all three without any."""
        chosen = lists or ("new", "changed", "resolved")
        return {(name, e["kind"], e["record_id"], e["because"]) for name in chosen for e in self.delta[name]}

    def changes(self) -> set[tuple[str, str, str | None, str | None]]:
        return {(c["id"], c["what"], c["before"], c["after"]) for c in self.delta["source_changes"]}


Until = Callable[[Mapping[str, Any]], str | None]


def night(
    before: MadeRun | Morning | None, seen: MadeRun, until: Until = lambda _: None, *, partial: bool = False
) -> Morning:
    """Compare, write the conflicts, and compare the written run again: both must say the same."""
    earlier = before.run if isinstance(before, Morning) else before
    records = compare_runs(earlier, seen, partial=partial)
    first = Comparison(earlier, seen, records, until=until)
    written = replace(seen, kept=list(first.written(seen.run_id, seen.run_id)), waiting=records.pending)
    final = Comparison(earlier, written, records)
    return Morning(written, delta_of(final), count_news(final))


def delta_of(comparison: Comparison) -> dict[str, Any]:
    delta: dict[str, Any] = json.loads("".join(delta_text(comparison, count_news(comparison))))
    return delta
