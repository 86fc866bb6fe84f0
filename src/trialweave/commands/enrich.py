"""`trialweave enrich`: records in, one enriched record out for each."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trialweave.commands.common import (
    Place,
    Refusals,
    apart_from,
    complain,
    distinct_files,
    exit_code,
    open_tables,
    origin_options,
    read_settings,
    say,
    tell_of_cache,
)

if TYPE_CHECKING:
    from trialweave.api import Weaver
    from trialweave.ledger import ChooseEarlier, Earlier, Ledger
    from trialweave.tables import OutputFormat

    LastTime = AbstractContextManager[tuple[Earlier | ChooseEarlier | None, Ledger | None]]


@click.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...", type=Place())
@click.option("-o", "--output", type=Place(dir_okay=False), help="Write here instead of to standard output (-).")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["jsonl", "csv", "parquet"]),
    help="What to write: by the end of the name of --output, else jsonl. csv and parquet are flat views.",
)
@click.option("--conflicts", type=Place(dir_okay=False), help="Write all conflicts here, one JSON object a line.")
@click.option("--summary", type=Place(dir_okay=False), help="Write the summary of the run here (JSON).")
@click.option("--report", metavar="FILE.html", type=Place(dir_okay=False), help="Write the page of the run here.")
@click.option(
    "--acknowledgements",
    type=Place(dir_okay=False, path_type=Path),
    help="TOML file of acknowledgements; beats the settings.  [default: acknowledgements.toml, if it is there]",
)
@click.option("--record", metavar="DIR", type=Place(file_okay=False), help="Ask the services, keep a replay folder.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="never",
    show_default=True,
    help="End with exit code 3 where a conflict, not acknowledged, is at least this severe.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Weave in N processes."
)
@click.option("--engine", type=click.Choice(["dask"]), help="Weave on a cluster.")
@click.option("--scheduler", metavar="ADDRESS", help="Where the scheduler of --engine answers.")
@origin_options
def enrich(
    inputs: tuple[str, ...],
    output: str | None,
    output_format: OutputFormat | None,
    conflicts: str | None,
    summary: str | None,
    report: str | None,
    acknowledgements: Path | None,
    fail_on: str,
    jobs: int,
    engine: str | None,
    scheduler: str | None,
    **origin: Any,
) -> int:
    """Enrich records and write one JSON object for each.

    INPUT are files, folders, or - for standard input; docs/tables.md tells the formats.
    """
    from trialweave.api import Weaver
    from trialweave.commands.progress import watched
    from trialweave.commands.results import Results
    from trialweave.nightly.acknowledgements import DEFAULT, load
    from trialweave.remarks import remarks, summarise
    from trialweave.run import Run

    if (engine is None) != (scheduler is None) or (engine is not None and jobs > 1):
        raise click.UsageError("--engine and --scheduler belong together, and exclude --jobs.")
    output = None if output == "-" else output
    settings = read_settings(origin["config"], origin["cache_dir"])
    named = acknowledgements or settings.acknowledgements or DEFAULT
    files = [str(name) for name in (origin["config"], named) if name is not None]
    for folder in filter(None, (origin["replay"], origin["record"])):
        files += [str(Path(folder) / part) for part in ("ctgov", "ncit", "manifest.json")]
    if origin["record"] is not None:
        apart_from(inputs, origin["record"], "recorded files")
    if output is None:
        files.append("/dev/stdout")  # where the lines go
    distinct_files((*inputs, *files), output, conflicts, summary, report)
    chosen = output_format or _format_of(output)
    if chosen == "parquet" and output is None and sys.stdout.isatty():
        raise click.UsageError("Parquet is no text for a terminal: name a file with -o.")
    asked = {name: origin[name] for name in ("replay", "record", "offline")}
    with (
        Weaver(settings, **asked) as weaver,
        open_tables(inputs, weaver, *_own(origin, acknowledgements)) as source,
        Run(weaver, source, Refusals()) as run,
    ):
        started = weaver.clock.now()
        known = load(named, started.date(), required=acknowledgements is not None)
        shown = output is None and sys.stdout.isatty()
        remembers = origin["replay"] is None and origin["record"] is None
        with (
            _last_time(weaver, output if chosen == "jsonl" else None, remembers=remembers) as (earlier, ledger),
            Results(output, chosen, conflicts, report, summary, known, run.tally) as results,
        ):
            rows = run.woven(jobs, scheduler=scheduler, earlier=earlier, ledger=ledger)
            for row in watched(run, rows, lines_are_shown=shown):
                results.take(row)
            for record_ids, conflict in run.across():
                results.take_across(record_ids, conflict)
            code = exit_code(run, fail_on)
            facts = summarise(run, started, code)
            results.finish(facts)
        for remark in remarks(run):
            complain(remark)
        tell_of_cache(run)
        if (reached := run.tally.reached(fail_on)) is not None:
            complain(reached)
        say(facts["headline"], err=True)
        return code


def _own(origin: dict[str, Any], acknowledgements: Path | None) -> tuple[str | Path | None, ...]:
    """What the options name beside inputs and results."""
    return (acknowledgements, *(origin[name] for name in ("config", "replay", "record")))


def _last_time(weaver: Weaver, output: str | None, *, remembers: bool) -> LastTime:
    """What this run can copy, and what notes its lines if `output` is a file of them. A replay leaves no trace."""
    from trialweave.api import cache_dir_of
    from trialweave.outputs import remembered
    from trialweave.tables import target_of

    if not remembers:
        return nullcontext((None, None))
    return remembered(cache_dir_of(weaver.settings), None if output is None else target_of(output))


_NOT_WRITTEN = (".tsv", ".tab", ".xls", ".xlsx", ".xlsm", ".gz", ".zip", ".bz2", ".xz", ".zst")
"""Ends of names that promise another kind of file than any that is written."""


def _format_of(output: str | None) -> OutputFormat:
    name = (output or "").lower()
    if name.endswith(_NOT_WRITTEN):
        raise click.UsageError(f"{output!r}: JSON lines, CSV and Parquet are written; name it so, or choose --format.")
    if name.endswith(".csv"):
        return "csv"
    return "parquet" if name.endswith((".parquet", ".pq")) else "jsonl"
