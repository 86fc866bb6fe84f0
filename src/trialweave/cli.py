"""The command line. Heavy rooms are imported inside the commands, so that `--help` stays light."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import click

from trialweave import __version__
from trialweave.errors import TrialweaveError

if TYPE_CHECKING:
    from rich.console import Console

    from trialweave.api import Weaver
    from trialweave.run import Run
    from trialweave.tables import Inputs, Refusal

EXIT_FAILED, EXIT_USAGE, EXIT_THRESHOLD, EXIT_SOURCE, EXIT_INTERRUPTED = 1, 2, 3, 5, 130
REFUSALS_SHOWN = 20

_Command = Callable[..., Any]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the answer is the exit code (DESIGN 5.4)."""
    try:
        result = cli.main(args=None if argv is None else list(argv), prog_name="trialweave", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        return _complain("interrupted", EXIT_INTERRUPTED)
    except KeyboardInterrupt:
        return _complain("interrupted", EXIT_INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except TrialweaveError as error:
        return _complain(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away; a second complaint while Python shuts down would help nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except OSError as error:
        return _complain(f"{error.filename or 'a file'}: {error.strerror or error}", EXIT_FAILED)


def _complain(message: str, code: int) -> int:
    from trialweave.report.plain import plain

    for line in message.splitlines():
        click.echo(f"trialweave: {plain(line)}", err=True)
    return code


def entry() -> NoReturn:
    """The installed `trialweave` command."""
    sys.exit(main())


def _inputs(command: _Command) -> _Command:
    return click.argument("inputs", nargs=-1, metavar="INPUT...", type=click.Path())(command)


def _origin_options(command: _Command) -> _Command:
    """Where answers come from: the services, a replay folder, or the cache alone."""
    for option in (
        click.option("--cache-dir", type=click.Path(file_okay=False), help="Keep fetched answers in this folder."),
        click.option("--config", type=click.Path(dir_okay=False), help="Settings file (TOML)."),
        click.option("--offline", is_flag=True, help="Ask nobody; answer from the cache."),
        click.option("--replay", metavar="DIR", type=click.Path(file_okay=False), help="Answer from a replay folder."),
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="trialweave %(version)s")
def cli() -> None:
    """Lay drug records beside their ClinicalTrials.gov studies and NCI Thesaurus concepts.

    Exit codes: 0 done, 1 failed, 2 wrong usage, settings or input, 3 --fail-on was reached, 4 a gate failed,
    5 done but links are stale or unavailable, 130 interrupted.
    """


@cli.command()
@_inputs
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write here instead of to standard output.")
@click.option("--conflicts", type=click.Path(dir_okay=False), help="Write all conflicts here, one JSON object a line.")
@click.option("--summary", type=click.Path(dir_okay=False), help="Write the summary of the run here (JSON).")
@click.option(
    "--record", metavar="DIR", type=click.Path(file_okay=False), help="Ask the services, keep a replay folder."
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="never",
    show_default=True,
    help="End with exit code 3 where a conflict is at least this severe.",
)
@_origin_options
def enrich(
    inputs: tuple[str, ...],
    output: str | None,
    conflicts: str | None,
    summary: str | None,
    fail_on: str,
    **origin: Any,
) -> int:
    """Enrich the records of INPUT (files, folders, or - for standard input) and write one JSON object per record."""
    from contextlib import ExitStack

    _distinct(inputs, output, conflicts, summary)
    from trialweave.core.output import conflict_line, line_bytes
    from trialweave.run import Run
    from trialweave.tables import open_writer

    with _weaver(**origin) as weaver, _open_inputs(inputs, weaver) as source, ExitStack() as files:
        run = Run(weaver, source, _Refusals())
        started = weaver.clock.now()
        sink = files.enter_context(open_writer(output or sys.stdout.buffer, "jsonl"))
        aside = files.enter_context(open_writer(conflicts, "jsonl")) if conflicts else None
        for enriched in run.lines():
            sink.write(line_bytes(enriched.as_json()))
            if aside is not None:
                for conflict in enriched.conflicts:
                    aside.write(line_bytes(conflict_line(enriched.record.record_id, conflict)))
        code = _exit_code(run, fail_on)
        _finish(run, summary, started, code)
        return code


@cli.command()
@_inputs
@click.option("--full", is_flag=True, help="Show long texts whole instead of folded to what differs.")
@_origin_options
def explain(inputs: tuple[str, ...], full: bool, **origin: Any) -> int:
    """Show the records of INPUT for a person: values side by side, edges, and every conflict with both values."""
    from trialweave.report.terminal import show_record
    from trialweave.run import Run

    console = _console()
    with _weaver(**origin) as weaver, _open_inputs(inputs, weaver) as source:
        run = Run(weaver, source, _Refusals())
        for enriched in run.lines():
            show_record(console, enriched, full=full)
        return _exit_code(run, "never")


@cli.command("conflicts")
def catalogue() -> int:
    """Print the catalogue: every kind of conflict, why it matters and what to do."""
    from trialweave.report.terminal import show_catalogue

    show_catalogue(_console())
    return 0


def _distinct(inputs: tuple[str, ...], *outputs: str | None) -> None:
    """Refuse to write two things into one file, or a result over an input."""
    from pathlib import Path

    taken = {Path(name).resolve() for name in inputs if name != "-"}
    for name in filter(None, outputs):
        if (path := Path(name).resolve()) in taken:
            raise click.UsageError(f"{name} is named twice; each output needs a file of its own.")
        taken.add(path)


def _console() -> Console:
    """Standard output for pages: escape codes on a terminal only, and none at all under NO_COLOR."""
    from rich.console import Console

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an output that cannot show a Greek letter shows a question mark
    return Console(
        color_system=None if os.environ.get("NO_COLOR") else "auto", highlight=False, markup=False, emoji=False
    )


class _Refusals:
    """Tells of refused rows on standard error: the first ones in full."""

    def __init__(self) -> None:
        self._seen = 0

    def __call__(self, refusal: Refusal) -> None:
        self._seen += 1
        if self._seen <= REFUSALS_SHOWN:
            _complain(f"refused: {refusal}", 0)
        elif self._seen == REFUSALS_SHOWN + 1:
            _complain("refused: more rows; the summary has their number", 0)


def _weaver(
    config: str | None, cache_dir: str | None, replay: str | None, offline: bool, record: str | None = None
) -> Weaver:
    from trialweave.api import Weaver

    return Weaver(config=config, cache_dir=cache_dir, replay=replay, offline=offline, record=record)


def _open_inputs(inputs: tuple[str, ...], weaver: Weaver) -> Inputs:
    from trialweave.tables import open_inputs

    if not inputs:
        raise click.UsageError("Name at least one INPUT: a file, a folder, or - for standard input.")
    return open_inputs(inputs, columns=weaver.columns, stdin=sys.stdin.buffer)


def _exit_code(run: Run, fail_on: str) -> int:
    """Where several hold: a source that gave up goes before a threshold that was reached (DESIGN 5.4)."""
    if run.tally.incomplete or (run.report is not None and run.report.gave_up):
        return EXIT_SOURCE
    return EXIT_THRESHOLD if run.tally.reached(fail_on) else 0


def _finish(run: Run, summary: str | None, started: Any, code: int) -> None:
    from trialweave.run import remarks, summarise
    from trialweave.tables import write_atomically

    facts = summarise(run, started, code)
    for remark in remarks(run):
        _complain(remark, 0)
    click.echo(facts["headline"], err=True)
    if summary is not None:
        import json

        with write_atomically(summary) as file:
            file.write(json.dumps(facts, ensure_ascii=False, indent=2).encode() + b"\n")
