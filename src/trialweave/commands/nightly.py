"""The night on the command line: `nightly`, and what a morning needs of it: `show`, `diff`, `acknowledge`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from trialweave.commands.common import (
    EXIT_SOURCE,
    Place,
    Refusals,
    apart_from,
    complain,
    open_console,
    open_output,
    open_tables,
    origin_options,
    place_of,
    read_settings,
    say,
    tell_of_cache,
)
from trialweave.core.nearest import nearest
from trialweave.errors import UsageError

if TYPE_CHECKING:
    from trialweave.nightly.folder import Runs
    from trialweave.nightly.job import Ended
    from trialweave.run import Run
    from trialweave.settings import Settings

_RUNS = Place(file_okay=False, path_type=Path)
_FILE = Place(dir_okay=False, path_type=Path)
_IDS_SHOWN = 10
_runs_option = click.option(
    "--runs",
    type=_RUNS,
    envvar="TRIALWEAVE_RUNS",
    default=Path("runs"),
    show_default=True,
    help="The folder of runs. Also: TRIALWEAVE_RUNS.",
)


@click.command(short_help="Make and publish one run, and tell what is new.")
@click.argument("inputs", nargs=-1, metavar="[INPUT...]", type=Place())
@click.option("--runs", type=_RUNS, envvar="TRIALWEAVE_RUNS", required=True, help="The folder of runs.")
@click.option("--run-id", metavar="ID", help="Name of the run's folder instead of the date.")
@click.option(
    "--plan", is_flag=True, help="Only say what tonight would cost; at most two requests, nothing is written."
)
@click.option(
    "--only", type=_FILE, metavar="FILE_OF_IDS", help="A partial run over these record, study or concept ids."
)
@click.option(
    "--acknowledgements",
    type=_FILE,
    help="TOML file of acknowledgements; beats the settings.  [default: acknowledgements.toml, if it is there]",
)
@click.option("--log", type=_FILE, metavar="FILE", help="Append JSON log lines here.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="never",
    show_default=True,
    help="End with exit code 3 where a new or re-opened conflict, not acknowledged, is at least this severe.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Weave in N processes."
)
@origin_options
def nightly(
    inputs: tuple[str, ...],
    runs: Path,
    run_id: str | None,
    plan: bool,
    only: Path | None,
    acknowledgements: Path | None,
    log: Path | None,
    fail_on: str,
    jobs: int,
    config: str | None,
    cache_dir: str | None,
    replay: str | None,
    offline: bool,
) -> int:
    """Make and publish one run over INPUT, and compare it with the last one.

    INPUT (files, folders, or -) may stand in the settings instead (`inputs`). Nothing is published unless all gates
    pass; a killed run is resumed by the next start.
    """
    from trialweave.nightly.attempt import refusals_noted
    from trialweave.nightly.commands import plan_nightly, show_plan
    from trialweave.nightly.job import Night, run_nightly
    from trialweave.nightly.page import render_page
    from trialweave.tables import target_of

    def noting() -> AbstractContextManager[None]:
        return nullcontext() if plan or only is not None else refusals_noted(runs, run_id)

    with noting():
        settings = read_settings(config, cache_dir)
    # One moment for all that the night decides: a run that lasts past midnight has one date.
    clock = settings.clock
    settings = settings.model_copy(update={"now": clock.now()})
    tables = inputs or tuple(str(path) for path in settings.inputs)
    apart_from(tables, runs, "the runs")

    with noting():
        if log is not None:
            if log == Path("-"):
                raise UsageError("--log -: name a file; /dev/stdout is standard output")
            target_of(log)
        _keep_apart((*tables, config, only, acknowledgements or settings.acknowledgements), log, settings.metrics)

    own = (runs, config, replay, log, only, acknowledgements)
    open_run = partial(_opened, settings, tables, own, replay=replay, offline=offline)
    if plan:
        records, costs = plan_nightly(open_run, only)
        show_plan(open_console(), records, costs)
        return EXIT_SOURCE if any(cost.gave_up for cost in costs.sources.values()) else 0
    with ExitStack() as opened:
        with noting():
            lines = None if log is None else opened.enter_context(_appending(log))
        ended = run_nightly(
            Night(
                runs,
                settings,
                open_run,
                run_id=run_id,
                acknowledgements=acknowledgements,
                only=only,
                fail_on=fail_on,
                jobs=jobs,
                render=render_page,
                log=lines,
                clock=clock,
            )
        )
    _tell(ended)
    return ended.exit_code


@contextmanager
def _opened(
    settings: Settings, tables: tuple[str, ...], own: Iterable[str | Path | None], *, replay: str | None, offline: bool
) -> Iterator[Run]:
    """Tables and sources of one night; its `own` files are no tables."""
    from trialweave.api import Weaver
    from trialweave.run import Run

    with (
        Weaver(settings, replay=replay, offline=offline) as weaver,
        open_tables(tables, weaver, *own, instead="; or `inputs` in the settings") as table,
        Run(weaver, table, Refusals()) as run,
    ):
        yield run
        tell_of_cache(run)


def _keep_apart(read: Iterable[str | Path | None], *written: Path | None) -> None:
    """Raises UsageError where something would be written over what is read, or two things into one file."""
    taken = {place_of(name) for name in read if name not in (None, "-")}
    for path in filter(None, written):
        if place_of(path) in taken:
            raise UsageError(f"{str(path)!r} is read in this run, or named twice; name another file to write to")
        taken.add(place_of(path))


@contextmanager
def _appending(log: Path) -> Iterator[TextIO]:
    """A log at whose end nothing can fail any more: each line was flushed, or failed, as it was written."""
    stream = log.open("a", encoding="utf-8")
    try:
        yield stream
    finally:
        with suppress(OSError):
            stream.close()


def _tell(ended: Ended) -> None:
    from trialweave.nightly.job import UNMATCHED

    say(ended.headline, err=True)
    if ended.unmatched:
        named, rest = ", ".join(ended.unmatched[:_IDS_SHOWN]), len(ended.unmatched) - _IDS_SHOWN
        more = f" and {rest:,} more; the signals in the run's summary.json name them all" if rest > 0 else ""
        complain(f"{UNMATCHED}: {named}{more}")
    for trouble in ended.troubles:
        complain(trouble)
    if ended.done_before:
        say(f"run {ended.run_id} is published already, with equal inputs: nothing was done", err=True)


@click.command(short_help="Show the morning page of a run.")
@click.argument("run", required=False, metavar="[RUN]")
@click.option("--record", metavar="ID", help="All conflicts of this record, news or not.")
@click.option("--kind", metavar="K", help="All conflicts of this kind, news or not.")
@_runs_option
def show(run: str | None, record: str | None, kind: str | None, runs: Path) -> int:
    """Show the morning page of RUN, the last one where none is named: at most 20 causes."""
    from trialweave.core.catalogue import BY_NAME
    from trialweave.nightly.show import conflicts_of, show_conflicts, show_morning

    if kind is not None and kind not in BY_NAME:
        raise click.UsageError(f"There is no kind of conflict {kind!r}{nearest(kind, BY_NAME)}")
    console, folder = open_console(), _runs(runs)
    if record is None and kind is None:
        show_morning(console, folder, run)
        return 0
    chosen = folder.open(run)
    found = conflicts_of(chosen, record, kind)
    if not found and record is not None and chosen.line(record) is None:
        raise click.UsageError(f"{chosen.run_id!r} has no record {record!r}; the ids stand in its enriched.jsonl.")
    show_conflicts(console, chosen, found, record, kind)
    return 0


@click.command(short_help="Write what differs between two runs.")
@click.argument("run_a")
@click.argument("run_b")
@_runs_option
def diff(run_a: str, run_b: str, runs: Path) -> int:
    """Write what differs between RUN_A and RUN_B (ids or folders) to standard output, in the shape of delta.json."""
    from trialweave.nightly.commands import diff as pieces

    folder, output = _runs(runs), open_output()
    for piece in pieces(folder.open(run_a), folder.open(run_b)):
        output.write(piece.encode("utf-8", "backslashreplace"))
    output.flush()
    return 0


@click.command(short_help='Say "known, leave it" for conflicts.')
@click.argument("fingerprints", nargs=-1, metavar="[FINGERPRINT...]")
@click.option("--cause", metavar="C", help="Acknowledge every conflict with this cause.")
@click.option("--run", metavar="RUN", help="With --kind: the run whose conflicts are meant.")
@click.option("--kind", metavar="K", help="Acknowledge all conflicts of this kind in --run.")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is left as it is.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it holds.")
@click.option("--author", metavar="A", help="Who decided it.")
@click.option(
    "--file",
    type=_FILE,
    help="The file to add to; otherwise the one that the settings name, else acknowledgements.toml.",
)
@click.option("--config", type=Place(dir_okay=False), help="Settings file (TOML).")
@_runs_option
def acknowledge(
    fingerprints: tuple[str, ...],
    cause: str | None,
    run: str | None,
    kind: str | None,
    reason: str,
    until: datetime,
    author: str | None,
    file: Path | None,
    config: str | None,
    runs: Path,
) -> int:
    """Say "known, leave it" for fingerprints, for a cause, or for all conflicts of a kind in a run.

    It ends by itself when a value changes or the day is over.
    """
    from trialweave.nightly.acknowledgements import DEFAULT
    from trialweave.nightly.commands import acknowledge as add
    from trialweave.nightly.commands import unmet_in
    from trialweave.settings import load_settings

    settings = load_settings(None if config is None else Path(config), os.environ)
    chosen = file or settings.acknowledgements or DEFAULT
    added = add(
        chosen,
        fingerprints=fingerprints,
        cause=cause,
        run=_runs(runs).open(run) if run is not None else None,
        kind=kind,
        reason=reason,
        until=until.date(),
        author=author,
        today=settings.clock.now().date(),
    )
    say(f"{chosen}: {added} added", err=True)
    named = fingerprints if cause is None else (cause,)
    for unmet, run_id in unmet_in(_runs(runs).latest(), named):
        complain(
            f"no conflict of run {run_id} has {unmet}: it holds for what bears it elsewhere; is it spelled rightly?"
        )
    return 0


def _runs(path: Path) -> Runs:
    from trialweave.nightly.folder import Runs

    return Runs(path)
