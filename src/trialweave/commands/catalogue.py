"""`trialweave conflicts`: the catalogue."""

from __future__ import annotations

import click

from trialweave.commands.common import open_console


@click.command("conflicts")
def catalogue() -> int:
    """Print every kind of conflict: why it matters, what to do."""
    from trialweave.report.terminal import show_catalogue

    show_catalogue(open_console())
    return 0
