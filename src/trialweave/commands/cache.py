"""`trialweave cache`: looking after what was fetched. Nothing is ever dropped but by `prune`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trialweave.commands.common import (
    EXIT_FAILED,
    Commands,
    Place,
    Refusals,
    complain,
    open_tables,
    open_weaver,
    read_settings,
    say,
    settings_options,
)
from trialweave.errors import TrialweaveError

if TYPE_CHECKING:
    from trialweave.fetch.upkeep import StoreInfo
    from trialweave.settings import Settings

_BAD_SHOWN = 20
_AGE = re.compile(r"(\d{1,5})([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def _age(_context: click.Context, _option: click.Parameter, value: str | None) -> timedelta | None:
    """A length of time such as 90d, 12w or 36h."""
    if value is None:
        return None
    match = _AGE.fullmatch(value)
    if match is None:
        raise click.BadParameter(f"{value!r} is no age; write hours, days or weeks as 36h, 90d, 12w")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _release(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """A release of NCI Thesaurus such as 26.10d."""
    from trialweave.fetch.thesaurus import RELEASE

    if value is not None and RELEASE.fullmatch(value) is None:
        raise click.BadParameter(f"{value!r} is no release; write it as NCI does, e.g. 26.10d")
    return value


@click.group(cls=Commands)
def cache() -> None:
    """Look after the cache of fetched answers."""


@cache.command()
@settings_options
def info(config: str | None, cache_dir: str | None) -> int:
    """Tell what the cache holds, and how old it is."""
    from trialweave.api import cache_dir_of
    from trialweave.core.headline import count
    from trialweave.outputs import ledgers

    settings = read_settings(config, cache_dir)
    imported, known = _imported(settings), ledgers(cache_dir_of(settings))
    held = _look(settings, verify=False, silent=bool(imported or known))
    if held is not None:
        _print(held)
    for what in imported:
        click.echo(f"imported   {what}")
    if known:
        size = sum(status.st_size for _, status in known)
        say(f"remembered {count(len(known), 'output')}, {size / 1e6:,.1f} MB")
    return 0


@cache.command()
@settings_options
def verify(config: str | None, cache_dir: str | None) -> int:
    """Read every entry and imported study whole. Exit 1 where something is damaged; such an entry is fetched again by
    the next run."""
    from trialweave.api import cache_dir_of
    from trialweave.fetch.bulk import BulkStudies

    settings = read_settings(config, cache_dir)
    studies = BulkStudies(cache_dir_of(settings))
    studies.verify()
    imported = _imported(settings)
    held = _look(settings, verify=True, silent=bool(imported or studies.events))
    if held is not None:
        _print(held)
    for what in imported:
        say(f"imported   {what}")
    _print_damaged(studies.events)
    entries = 0 if held is None else sum(held.damaged.values())
    if entries:
        complain(f"{entries} damaged; `trialweave cache prune` removes damaged entries")
    if studies.events:
        complain("the import of studies is damaged: what is wrong in it is asked for instead; import the file again")
    if (held is not None or imported) and not entries and not studies.events:
        say("damaged    nothing")
    return EXIT_FAILED if entries or studies.events else 0


@cache.command()
@click.option(
    "--older-than", metavar="AGE", callback=_age, help="Remove what was last confirmed longer ago: 36h, 90d, 12w."
)
@settings_options
def prune(older_than: timedelta | None, config: str | None, cache_dir: str | None) -> int:
    """Remove damaged entries and, where asked, old ones.

    Nothing else ever drops what was fetched. An entry that a run has confirmed since is not old. What is remembered of
    outputs so that their lines can be copied goes by the same age.
    """
    from trialweave.api import cache_dir_of
    from trialweave.core.headline import count
    from trialweave.fetch.frozen import is_frozen
    from trialweave.fetch.upkeep import prune as prune_store
    from trialweave.outputs import forget, ledgers

    settings = read_settings(config, cache_dir)
    known = ledgers(cache_dir_of(settings))
    held = _look(settings, verify=False, silent=bool(known))
    if held is None and not known:
        return 0
    if held is not None and is_frozen(held.directory):
        raise TrialweaveError(
            f"the cache {cache_dir_of(settings)} takes no writing, so nothing was removed from it; prune it where"
            " it can be written to"
        )
    limit = datetime.min.replace(tzinfo=UTC) if older_than is None else settings.clock.now() - older_than
    gone, forgotten = prune_store(cache_dir_of(settings), limit), forget(cache_dir_of(settings), limit)
    outputs = f", and what was remembered of {count(forgotten, 'output')}" if forgotten else ""
    say(f"removed {gone:,} {'entry' if gone == 1 else 'entries'}{outputs}")
    return 0


@cache.command("import")
@click.argument("file", metavar="FILE.zip", type=Place(exists=True, dir_okay=False, path_type=Path))
@click.argument("inputs", nargs=-1, metavar="[INPUT...]", type=Place())
@click.option("--only-wanted", is_flag=True, help="Take only the studies that the records of INPUT link to.")
@click.option(
    "--release", callback=_release, help="The NCIt release of Thesaurus.FLAT.zip, where its name lacks it: 26.10d."
)
@settings_options
def import_(
    file: Path,
    inputs: tuple[str, ...],
    only_wanted: bool,
    release: str | None,
    config: str | None,
    cache_dir: str | None,
) -> int:
    """Fill the cache from a local bulk file instead of asking for each study.

    FILE.zip is the registry's bulk file (one JSON for each study), or NCI's Thesaurus.FLAT.zip, which becomes an index
    of names: while NCI serves that release, suggestions ask nobody for names. An import of
    studies that was cut off goes on where it stopped.
    """
    from trialweave.api import cache_dir_of
    from trialweave.fetch.bulk import holds_studies, import_studies
    from trialweave.fetch.thesaurus import import_names

    if bool(inputs) != only_wanted:
        raise click.UsageError("--only-wanted and INPUT belong together: the tables whose studies are wanted.")
    folder = cache_dir_of(read_settings(config, cache_dir))
    if not holds_studies(file):
        if only_wanted:
            raise click.UsageError(f"--only-wanted is for the registry's bulk file, and {file} holds no studies.")
        names = import_names(file, folder, release)
        say(
            f"{names.concepts:,} concepts, {names.names:,} names of release {names.release or 'unknown'};"
            f" {names.bad_lines:,} lines passed over"
        )
        if names.release is None:
            complain(
                f"{file.name} does not tell its release, so nothing uses its names yet: say --release, e.g. 26.10d"
            )
        return 0
    if release is not None:
        raise click.UsageError(f"--release is for Thesaurus.FLAT.zip, and {str(file)!r} holds studies.")
    done = import_studies(file, folder, only=_wanted(inputs, config, cache_dir) if only_wanted else None)
    for told in done.bad[:_BAD_SHOWN]:
        complain(f"passed over: {told}")
    counts = done.counts
    say(
        f"{counts['taken']:,} {'study' if counts['taken'] == 1 else 'studies'}; "
        f"{counts['unwanted']:,} not wanted, {counts['bad']:,} bad, "
        f"{counts['other']:,} other files passed over"
    )
    return 0


def _wanted(inputs: tuple[str, ...], config: str | None, cache_dir: str | None) -> set[str]:
    from trialweave.run import Run

    with (
        open_weaver(config, cache_dir, replay=None, offline=True) as weaver,
        open_tables(inputs, weaver, config) as tables,
        Run(weaver, tables, Refusals()) as run,
    ):
        return run.wanted()["ctgov"]


def _imported(settings: Settings) -> list[str]:
    """What was imported into the cache, in words."""
    from trialweave.api import cache_dir_of
    from trialweave.fetch.bulk import BulkStudies
    from trialweave.fetch.thesaurus import ImportedNames
    from trialweave.report.plain import plain

    folder = cache_dir_of(settings)
    studies, names = BulkStudies(folder), ImportedNames(folder)
    told = [plain(described)] if (described := studies.described()) is not None else []
    if studies.events:
        told.append("studies that cannot be read: import the file again")
    if names.held:
        told.append(plain(f"names of NCI Thesaurus {names.release or 'of an unknown release, which nothing uses'}"))
    return told


def _look(settings: Settings, *, verify: bool, silent: bool = False) -> StoreInfo | None:
    """What the store holds, or None, and a word about it unless `silent`, where there is no store yet.

    Raises TrialweaveError where it cannot be opened: it may hold a lot.
    """
    from trialweave.api import cache_dir_of
    from trialweave.fetch.store import UNUSABLE
    from trialweave.fetch.upkeep import info as store_info
    from trialweave.remarks import CACHE_TROUBLES

    folder = cache_dir_of(settings)
    held = store_info(folder, verify=verify)
    for event in UNUSABLE & held.damaged.keys():
        raise TrialweaveError(f"the cache {folder} {CACHE_TROUBLES[event]}")
    if held.directory.is_dir():
        return held
    if not silent:
        say(f"nothing is kept in {folder} yet")
    return None


def _print(held: StoreInfo) -> None:
    from trialweave.remarks import SERVICES

    say(f"folder     {held.directory}")
    say(f"size       {held.size / 1e6:,.1f} MB")
    for source, kinds in held.entries.items():
        counts = ", ".join(f"{number:,} {kind}" for kind, number in sorted(kinds.items())) or "nothing"
        say(f"{source:10} {counts} ({SERVICES[source]})")
    if held.oldest is not None:
        say(f"confirmed  {held.oldest} to {held.newest}")
    _print_damaged(held.damaged)


def _print_damaged(damaged: Mapping[str, int]) -> None:
    for event, number in sorted(damaged.items()):
        say(f"damaged    {number:,} ({event.replace('_', ' ')})")
