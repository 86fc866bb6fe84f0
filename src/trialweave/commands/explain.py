"""`trialweave explain`: the page of a record, for a person; also for ids that stand in no table yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from trialweave.commands.common import (
    Place,
    Refusals,
    complain,
    exit_code,
    open_console,
    open_tables,
    open_weaver,
    origin_options,
    tell_of_cache,
)

if TYPE_CHECKING:
    from trialweave.core.output import Enriched
    from trialweave.tables import RowOrRefusal


@click.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT...]", type=Place())
@click.option("--study", metavar="NCT...", help="Explain this study, without a file.")
@click.option("--concept", metavar="C...", help="Explain this concept, without a file.")
@click.option("--name", metavar="TEXT", help="The drug's name that --study and --concept are compared with.")
@click.option("--record", "only", metavar="ID", multiple=True, help="Only the record with this id. May be repeated.")
@click.option("--full", is_flag=True, help="Show long texts whole instead of folded to what differs.")
@click.option("--brief", is_flag=True, help="Show each record in a line or two instead of a page.")
@origin_options
def explain(
    inputs: tuple[str, ...],
    study: str | None,
    concept: str | None,
    name: str | None,
    only: tuple[str, ...],
    full: bool,
    brief: bool,
    **origin: Any,
) -> int:
    """Show records for a person, side by side with study and concept.

    A page has the two links, the triangle, every conflict with both values, and all fields. The records are those of
    INPUT (files, folders, or - for standard input), or the one that --study, --concept and --name describe.
    """
    from contextlib import nullcontext

    from trialweave.commands.progress import watched
    from trialweave.report.brief import show_brief
    from trialweave.report.terminal import show_record
    from trialweave.run import Run

    described = {"nct_id_drug_ref": study, "nci_thesaurus_concept_id": concept, "drug_name": name}
    alone = any(described.values())
    if alone and (inputs or only):
        raise click.UsageError("--study, --concept and --name describe a record of their own: leave INPUT out.")
    if name and not (study or concept):
        raise click.UsageError("--name is compared with a study or a concept: add --study or --concept.")
    console = open_console()
    with open_weaver(**origin) as weaver:
        one = nullcontext(_OneRow(described, weaver.settings.columns)) if alone else None
        own, instead = (origin["config"], origin["replay"]), "; or describe a record by --study and --concept"
        chosen = (lambda record: record.record_id in only) if only else None
        with (
            one or open_tables(inputs, weaver, *own, instead=instead) as table,
            Run(weaver, table, Refusals(), only=chosen) as run,
        ):
            missing = set(only)
            for woven in watched(run, run.lines(), lines_are_shown=True):
                missing.discard(woven.record_id)
                enriched = _without_blank_study(woven) if alone else woven
                if brief:
                    show_brief(console, enriched)
                else:
                    show_record(console, enriched, full=full)
            if missing:
                named = ", ".join(sorted(missing))
                complain(f"--record names what no record has: {named}; the ids stand in the output of `enrich`")
            tell_of_cache(run)
            return exit_code(run, "never")


def _without_blank_study(enriched: Enriched) -> Enriched:
    """Who asks about a concept alone has left out no study. A blank concept stays: it brings a suggestion."""
    kept = (c for c in enriched.conflicts if (c.kind, c.field) != ("link_missing", "nct_id_drug_ref"))
    return replace(enriched, conflicts=tuple(kept))


class _OneRow:
    """The row that the options describe, under the user's names for the fields."""

    digest = ""

    def __init__(self, described: Mapping[str, str | None], columns: Mapping[str, str]) -> None:
        self._row = {columns.get(field, field): value for field, value in described.items() if value}

    def rows(self) -> Iterator[RowOrRefusal]:
        from trialweave.core.models import Origin
        from trialweave.tables import Row

        yield Row(self._row, Origin("<command line>", 1))
