"""What a run has to tell: remarks for a person, and the summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from trialweave.clock import stamp
from trialweave.core.catalogue import RULES_VERSION
from trialweave.core.models import Source
from trialweave.core.summary import headline
from trialweave.run import Run

REASONS_SHOWN = 5
SIGNALS_SHOWN = 10
SERVICES: Mapping[Source, str] = {"ctgov": "ClinicalTrials.gov", "ncit": "NCI EVS"}


def remarks(run: Run) -> Iterator[str]:
    """What a person has to know beyond the headline: who gave up and why, which links stay open, what looked odd."""
    columns = run.weaver.columns.named
    if run.unknown_columns:
        named = ", ".join(f"{columns[name]!r} for {name}" for name in sorted(run.unknown_columns))
        yield f"[columns] names {named}, and no row has such a column"
    for link, column in sorted(run.likely_links.columns.items()):
        mend = "map it under [columns] in the settings" if link not in columns else "[columns] has to name that one"
        yield f"no row has {link}, and {column!r} holds such ids: {mend}"
    yield from unanswered(run)
    for name, facts in ({} if run.report is None else run.report.sources).items():
        for signal in facts.signals:
            yield f"{SERVICES[name]}: {signal}"
    yield from first_signals(payload_signals(run), "values of payloads were not expected")


def first_signals(signals: Sequence[str], what: str = "signals were noted") -> tuple[str, ...]:
    """The first few of what a summary lists, and how many more there are."""
    more = len(signals) - SIGNALS_SHOWN
    rest = (f"{more:,} more {what}; the summary lists them",) if more > 0 else ()
    return (*signals[:SIGNALS_SHOWN], *rest)


def unanswered(run: Run) -> Iterator[str]:
    """Which sources gave up, and which single links stay open, and why."""
    sources = {} if run.report is None else run.report.sources
    for name, facts in sources.items():
        if facts.gave_up is not None:
            copies = "1 stale copy stands" if facts.stale == 1 else f"{facts.stale:,} stale copies stand"
            links = "1 id stays" if facts.unavailable == 1 else f"{facts.unavailable:,} ids stay"
            yield f"{SERVICES[name]} gave up: {facts.gave_up} ({copies} in, {links} open)"
    told = {facts.gave_up for facts in sources.values()}
    single = sorted((id_, reason) for id_, reason in run.tally.reasons.items() if reason not in told)
    for id_, reason in single[:REASONS_SHOWN]:
        yield f"{id_} is unavailable: {reason}"
    more = len(single) - REASONS_SHOWN
    if more > 0:
        yield "1 more id is unavailable" if more == 1 else f"{more:,} more ids are unavailable"


CACHE_TROUBLES: Mapping[str, str] = {
    "unusable": "cannot be opened, so nothing was kept in it: look at its place and permissions",
    "symlink": "is a link, which is not followed: nothing was read from it or kept in it",
    "wrong_owner": "belongs to another user: nothing was read from it or kept in it",
    "quarantined": "was damaged: it was set aside there, and begun anew",
    "read_failed": "could not be read in part; what was missing was asked for",
    "write_failed": "could not be written to, so the next run asks again: is it read-only, full, or in use by another?",
    "bulk_unusable": "holds an import of studies that cannot be read: import the file again",
    "bulk_damaged": "holds damaged studies of an import; they were asked for instead",
}
"""What an event of the store (`FetchReport.store`) means to a person."""


def cache_remarks(folder: Path, events: Mapping[str, int]) -> Iterator[str]:
    """What a person has to know of the cache: a run goes on without it, and costs the services more."""
    return (f"the cache {folder} {trouble}" for event, trouble in CACHE_TROUBLES.items() if event in events)


def payload_signals(run: Run) -> list[str]:
    """What payloads said that nobody expected (a new value of a coded field, a date that is none), most often first."""
    ranked = sorted(run.tally.signals.items(), key=lambda item: (-item[1], item[0]))
    return [
        f"{SERVICES[source]}: {signal} (in {count:,} {'record' if count == 1 else 'records'})"
        for (source, signal), count in ranked
    ]


def incomplete(run: Run) -> bool:
    """Did a source give up, so that links are stale or unavailable (exit 5)? Replacements count as well."""
    return run.tally.incomplete or (run.report is not None and run.report.gave_up)


def summarise(run: Run, started: datetime, exit_code: int) -> dict[str, Any]:
    """The summary file of a run (DESIGN 5.5).

    Beyond that, `sources` has `stale_versions` (see `core.versions`), and `signals` are in words.
    """
    weaver, report = run.weaver, run.report
    sources = {} if report is None else report.sources
    told: dict[str, dict[str, Any]] = {
        name: {
            "version": facts.version,
            "requests": facts.requests,
            "stale": facts.stale,
            "stale_versions": dict(sorted(facts.stale_versions.items())),
        }
        for name, facts in sources.items()
    }
    finished = weaver.clock.now()
    return {
        "schema": "trialweave.summary/1",
        "run_id": None,
        "started_at": stamp(started),
        "finished_at": stamp(finished),
        "exit_code": exit_code,
        "headline": headline(started.date().isoformat(), run.tally, told, complete=not incomplete(run)),
        **run.tally.as_dict(),
        "input_digest": run.inputs.digest,
        "rules_version": RULES_VERSION,
        "settings_digest": weaver.settings.digest,
        "sources": told,
        "store": {} if report is None else dict(report.store),
        "signals": list(dict.fromkeys([*remarks(run), *payload_signals(run)])),
    }
