"""What the command line calls beside the job itself: plan, diff, acknowledge. Arguments are parsed already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from trialweave.core.delta import Comparison, compare_runs
from trialweave.core.headline import count
from trialweave.core.news import count_news, delta_text
from trialweave.errors import UsageError
from trialweave.fetch import FetchPlan
from trialweave.fetch.report import SourcePlan
from trialweave.fetch.ways import BULK_BYTES, cheapest_asking
from trialweave.nightly.acknowledgements import Acknowledgement, append, checked
from trialweave.nightly.folder import RunFolder
from trialweave.nightly.scope import Scope
from trialweave.remarks import SERVICES
from trialweave.report.plain import plain
from trialweave.run import OpenRun


def plan_nightly(open_run: OpenRun, only: Path | None) -> tuple[int, FetchPlan]:
    """How many records tonight would have, and what they would cost (`nightly --plan`): at most two probe requests; no
    run, no lock, no file."""
    with open_run() as run:
        run.only = None if only is None else Scope.read(only)
        cost = run.cost()
        return run.tally.read - run.tally.refused, cost


def show_plan(console: Console, records: int, plan: FetchPlan) -> None:
    """The plan for a person: records, a line for each source, one more where a bulk file would spare much asking."""
    console.print(Text(count(records, "record")))
    for name, cost in plan.sources.items():
        ids = f"{count(cost.new, 'id')} new, {cost.expired:,} expired, {cost.fresh:,} fresh"
        price = (
            f"{count(cost.requests, 'request')}, about {cost.size / 1e6:,.1f} MB and {cost.seconds / 60:,.1f} minutes"
        )
        version = cost.version or "version unknown"
        console.print(Text(f"{SERVICES[name]} ({plain(version)}): {ids}: {price}"), soft_wrap=True)
        if cost.gave_up is not None:
            console.print(Text(f"  if it answers again; it does not now: {plain(cost.gave_up)}"), soft_wrap=True)
        if name == "ctgov" and (cheaper := _cheaper_way(cost)) is not None:
            console.print(Text(f"  {cheaper}"), soft_wrap=True)


def _cheaper_way(cost: SourcePlan) -> str | None:
    """That importing the registry's bulk file is cheaper than asking, with the arithmetic; None where it is not."""
    asking = cheapest_asking(cost.new + cost.expired, cost.rate)
    if not asking.import_is_worth_it:
        return None
    asked = f"{count(asking.requests, 'request')}, {asking.seconds / 60:,.1f} minutes at {cost.rate:g} a second"
    return (
        f"cheaper where the registry's bulk file is at hand ({BULK_BYTES / 1e9:.1f} GB):"
        f" `trialweave cache import FILE.zip` takes 1 to 2 minutes and spares {asked}"
    )


def diff(before: RunFolder, after: RunFolder) -> Iterator[str]:
    """`delta.json` between any two run folders, in pieces. Raises RunError where one lost lines."""
    for run in (before, after):
        run.check()
    comparison = Comparison(before, after, compare_runs(before, after, partial=bool(after.manifest["partial"])))
    yield from delta_text(comparison, count_news(comparison))


def acknowledge(
    file: Path,
    *,
    fingerprints: Sequence[str] = (),
    cause: str | None = None,
    run: RunFolder | None = None,
    kind: str | None = None,
    reason: str,
    until: date,
    author: str | None,
    today: date,
) -> int:
    """Add acknowledgements: of fingerprints, of one cause, or of all conflicts of one kind in one run.

    Returns how many were added; those that hold as long already are passed over. Raises UsageError.
    """
    if sum((bool(fingerprints), cause is not None, kind is not None)) != 1:
        raise UsageError("name fingerprints, or --cause, or --run with --kind: one of the three")
    if until < today:
        raise UsageError(f"--until {until} is over already; give the last day on which it shall hold")
    entries: list[Acknowledgement]
    if cause is not None:
        entries = [checked("cause", cause, reason, until, author)]
    else:
        entries = [checked("fingerprint", key, reason, until, author) for key in fingerprints or _of_kind(run, kind)]
    return append(file, entries)


def _of_kind(run: RunFolder | None, kind: str | None) -> list[str]:
    if run is None:
        raise UsageError("--kind needs --run: the run whose conflicts of this kind are meant")
    found = [conflict["fingerprint"] for conflict in run.conflicts() if conflict["kind"] == kind]
    if not found:
        raise UsageError(f"run {run.run_id} has no conflict of the kind {kind!r}")
    return found


def unmet_in(run: RunFolder | None, named: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The fingerprints and causes that no conflict of this run bears, each with the id of the run."""
    if run is None or not named:
        return
    borne = {conflict[key] for conflict in run.conflicts() for key in ("fingerprint", "cause")}
    yield from ((one, run.run_id) for one in named if one not in borne)
