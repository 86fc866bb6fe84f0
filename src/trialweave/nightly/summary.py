"""The summary of a night: that of a run (see `run.summarise`), and what only a night has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from trialweave.core.delta import Conflict
from trialweave.core.headline import night_headline
from trialweave.core.models import FIELDS, SEVERITIES
from trialweave.core.news import News
from trialweave.nightly.acknowledgements import Acknowledgements
from trialweave.nightly.gates import Gate, coverage
from trialweave.remarks import incomplete, remarks, summarise
from trialweave.run import Run


def facts_of(run: Run, run_id: str, scope: str | None, started: datetime) -> dict[str, Any]:
    """What is known once everything is woven: enough to compare the run with another one."""
    given = [name for name in FIELDS if name in run.given]
    return {**summarise(run, started, 0), "run_id": run_id, "scope": scope, "fields": given}


def fields_lost(facts: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[str]:
    """What to say where no row gives a field that rows of the last run gave: no check misses what it reads.

    `before` is the summary of that run; None says nothing.
    """
    lost = [name for name in (before or {}).get("fields", ()) if name not in facts["fields"]]
    words = (
        f"no row gives {', '.join(lost)} any more, and rows of the last run did: where a column was renamed,"
        " name it under [columns] in the settings"
    )
    return [words] if lost else []


def _counted(conflicts: Iterable[Conflict]) -> dict[str, Any]:
    """How many there are by severity and kind, and how many are acknowledged."""
    severities, kinds, acknowledged = Counter[str](), Counter[str](), 0
    for conflict in conflicts:
        severities[conflict["severity"]] += 1
        kinds[conflict["kind"]] += 1
        acknowledged += bool(conflict["acknowledged_until"])
    by_severity: dict[str, int] = {severity: severities[severity] for severity in SEVERITIES}
    return {**by_severity, "by_kind": dict(sorted(kinds.items())), "acknowledged": acknowledged}


def night_summary(
    facts: Mapping[str, Any],
    run: Run,
    news: News,
    gates: Sequence[Gate],
    acknowledgements: Acknowledgements,
    *,
    day: date,
    conflicts: Iterable[Conflict],
    signals: Sequence[str],
    exit_code: int,
) -> dict[str, Any]:
    """The object of `summary.json`. Beyond DESIGN 5.5 it has

    - `since` and `scope`: the run it was compared with; the digest of the ids of a partial run, else null;
    - `fields`: those that a row gives a value for;
    - in `conflicts` what its `conflicts.jsonl` has (`conflicts`), what stands and could not be checked tonight too;
    - `delta`: the counts of `delta.json`, told ones without the folded, and `folded` by reason;
    - `coverage` by source; `gates`; `acknowledgements` with `unused`; `signals`, in words.
    """
    tally, partial = run.tally, facts["scope"] is not None
    headline = night_headline(
        day,
        news,
        complete=not incomplete(run),
        written=tally.written,
        refused=tally.refused,
        ending=len(acknowledgements.ending),
        sources=facts["sources"],
        partial=partial,
    )
    return {
        **facts,
        "exit_code": exit_code,
        "headline": headline,
        "conflicts": _counted(conflicts),
        "since": news.since,
        "delta": {
            "new": news.new,
            "changed": news.changed,
            "resolved": news.resolved,
            "standing": news.standing,
            "not_rechecked": news.not_rechecked,
            "acknowledged": news.acknowledged,
            "folded": news.folded.total(),
        },
        "folded": dict(sorted(news.folded.items())),
        "coverage": {"ctgov": coverage(tally.links["study"]), "ncit": coverage(tally.links["concept"])},
        "gates": [gate.as_dict() for gate in gates],
        "acknowledgements": acknowledgements.report(partial=partial),
        "signals": list(dict.fromkeys([*remarks(run), *signals, *facts["signals"]])),
    }
