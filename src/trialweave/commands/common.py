"""What several commands share: options, exit codes, messages, and how a run and a page are opened."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from trialweave.core.nearest import nearest
from trialweave.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from trialweave.api import Weaver
    from trialweave.run import Run
    from trialweave.settings import Settings
    from trialweave.tables import Inputs, Refusal

EXIT_FAILED, EXIT_USAGE, EXIT_THRESHOLD, EXIT_SOURCE, EXIT_INTERRUPTED = 1, 2, 3, 5, 130
REFUSALS_SHOWN = 20

Command = Callable[..., Any]


@contextmanager
def messages() -> Iterator[None]:
    """What is written to standard error. Where that cannot be (a full disk, a reader that went away), the rest is lost:
    a run that was published is not failed for want of somebody to tell."""
    try:
        yield
    except OSError:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stderr.fileno())


def complain(message: str, code: int = 0) -> int:
    """Say something on standard error, line by line; the answer is `code`."""
    from trialweave.report.plain import plain

    with messages():
        for line in message.splitlines():
            click.echo(f"trialweave: {plain(line)}", err=True)
    return code


def say(line: str, *, err: bool = False) -> None:
    """One line for a person, on standard output unless it is a remark (`err`)."""
    from trialweave.report.plain import plain

    with messages() if err else nullcontext():
        click.echo(plain(line), err=err)


class Commands(click.Group):
    """A group of commands; a mistyped one is answered with the nearest there is."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.UsageError(f"There is no command {args[0]!r}{nearest(args[0], self.commands)}", ctx)
        return super().resolve_command(ctx, args)


# ---------------------------------------------------------------- options


class Place(click.Path):
    """The name of a file or folder. An empty one, as of a variable that is not set, would be the folder at hand.

    Whether it can be read is found out by whoever reads it: what is written need not be, and a night has to note it.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(readable=False, **given)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("it is empty; name a file or folder.", param, ctx)
        return super().convert(value, param, ctx)


config_option = click.option("--config", type=Place(dir_okay=False), help="Settings file (TOML).")


def settings_options(command: Command) -> Command:
    """Which settings file and which cache."""
    cache_dir = click.option("--cache-dir", type=Place(file_okay=False), help="Keep fetched answers in this folder.")
    return config_option(cache_dir(command))


def origin_options(command: Command) -> Command:
    """Where answers come from: the services, a replay folder, or the cache alone."""
    command = settings_options(command)
    for option in (
        click.option("--offline", is_flag=True, help="Ask nobody; answer from the cache."),
        click.option("--replay", metavar="DIR", type=Place(file_okay=False), help="Answer from a replay folder."),
    ):
        command = option(command)
    return command


# ---------------------------------------------------------------- opening


def open_weaver(
    config: str | None, cache_dir: str | None, replay: str | None, offline: bool, record: str | None = None
) -> Weaver:
    from trialweave.api import Weaver

    return Weaver(config=config, cache_dir=cache_dir, replay=replay, offline=offline, record=record)


def read_settings(config: str | None, cache_dir: str | None = None) -> Settings:
    from trialweave.settings import load_settings

    flags = {"cache_dir": None if cache_dir is None else Path(cache_dir)}
    return load_settings(None if config is None else Path(config), os.environ, flags)


def open_tables(inputs: tuple[str, ...], weaver: Weaver, *apart: str | Path | None, instead: str = "") -> Inputs:
    """The tables of a run; what the settings name in a folder of tables is no table, and what else is `apart`.

    `instead` is what else could be named. Raises UsageError, not one of click: a night notes the code that the process
    ends with.
    """
    from trialweave.nightly.acknowledgements import DEFAULT
    from trialweave.tables import open_inputs

    if not inputs:
        raise UsageError(f"name at least one INPUT: a file, a folder, or - for standard input{instead}")
    settings = weaver.settings
    named = (*apart, settings.cache_dir, settings.acknowledgements or DEFAULT, settings.metrics)
    own = [Path(path) for path in named if path is not None]
    return open_inputs(inputs, columns=weaver.columns, stdin=sys.stdin.buffer, apart=own)


def open_console() -> Console:
    """Standard output for pages: escape codes on a terminal only, and none at all under NO_COLOR."""
    from rich.console import Console

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an output that cannot show a Greek letter shows a question mark
    return Console(
        color_system=None if os.environ.get("NO_COLOR") else "auto", highlight=False, markup=False, emoji=False
    )


def open_output() -> BinaryIO:
    """Standard output for data: the bytes as they are, but for a terminal, which is never given a command of theirs."""
    data = sys.stdout.buffer
    return cast("BinaryIO", _Terminal(data)) if sys.stdout.isatty() else data


class _Terminal:
    """Takes whole lines of UTF-8, and writes what is safe to show."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, data: bytes) -> int:
        from trialweave.report.plain import spelled

        self._stream.write(spelled(data.decode("utf-8", "backslashreplace")).encode())
        return len(data)

    def flush(self) -> None:
        self._stream.flush()


# ---------------------------------------------------------------- outcome


class Refusals:
    """Tells of refused rows on standard error: the first ones in full."""

    def __init__(self) -> None:
        self._seen = 0

    def __call__(self, refusal: Refusal) -> None:
        self._seen += 1
        if self._seen <= REFUSALS_SHOWN:
            complain(f"refused: {refusal}")
        elif self._seen == REFUSALS_SHOWN + 1:
            complain("refused: more rows; the summary has their number")


def tell_of_cache(run: Run) -> None:
    """Say on standard error what was wrong with the cache."""
    from trialweave.api import cache_dir_of
    from trialweave.remarks import cache_remarks

    if run.report is not None and run.report.store:
        for remark in cache_remarks(cache_dir_of(run.weaver.settings), run.report.store):
            complain(remark)


def exit_code(run: Run, fail_on: str) -> int:
    """Where several hold: a source that gave up goes before a threshold that was reached (DESIGN 5.4)."""
    from trialweave.remarks import incomplete

    if incomplete(run):
        return EXIT_SOURCE
    return EXIT_THRESHOLD if run.tally.reached(fail_on) else 0


def place_of(name: str | Path) -> Path:
    """Where a name leads to. Links that lead to each other lead nowhere, and whoever opens them will say so."""
    return Path(os.path.realpath(name))


def apart_from(inputs: tuple[str, ...], folder: str | Path, what: str) -> None:
    """Refuse to write `what` among the tables of a folder that is read: the next run would read it, too."""
    if place_of(folder) in {place_of(name) for name in inputs if name != "-"}:
        raise click.UsageError(f"{str(folder)!r} is an input; give {what} a folder of their own.")


def distinct_files(inputs: tuple[str, ...], *outputs: str | None) -> None:
    """Refuse to write two things into one file, a result over an input or beside those of a folder, or anything where
    no file can be. `-` is standard output, which is for the lines."""
    from trialweave.tables import target_of

    taken = {place_of(name) for name in inputs if name != "-"}
    folders = {path for path in taken if path.is_dir()}
    for name in filter(None, outputs):
        if name == "-":
            raise click.UsageError("'-' is standard output, and only --output goes there: name a file.")
        if (path := place_of(name)) in taken:
            raise click.UsageError(f"{name!r} is named twice; each output needs a file of its own.")
        if path.parent in folders:
            raise click.UsageError(f"{name!r} lies in the folder that is read; the next run would read it, too.")
        taken.add(path)
        target_of(name)
