"""`trialweave fixtures`: looking after a replay folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trialweave.commands.common import (
    EXIT_FAILED,
    EXIT_SOURCE,
    Commands,
    Place,
    complain,
    config_option,
    read_settings,
    say,
)

if TYPE_CHECKING:
    from trialweave.core.models import Source
    from trialweave.testing.drift import SourceDrift

_SHOWN = 10


@click.group(cls=Commands)
def fixtures() -> None:
    """Look after a replay folder."""


@fixtures.command()
@click.argument("folder", metavar="DIR", type=Place())
def check(folder: str) -> int:
    """Tell whether a replay folder is what it says it is.

    Every file parses and holds the id of its name, the manifest is sound, absent ids have no file; mixed releases are
    noted. Exit 1 where there is a fault.
    """
    from trialweave.testing.check import check as check_folder

    remarks = check_folder(Path(folder))
    for remark in remarks:
        say(str(remark))
    faults = sum(remark.fault for remark in remarks)
    say(f"{faults} {'fault' if faults == 1 else 'faults'}, {len(remarks) - faults} to know")
    return EXIT_FAILED if faults else 0


@fixtures.command()
@click.argument("folder", metavar="DIR", type=Place())
@config_option
def drift(folder: str, config: str | None) -> int:
    """Ask the services again for what a replay folder holds.

    Tells the paths that trialweave reads and that have vanished from all payloads that had them, or hold another type
    of value. Other values are no drift, nor is an optional value that some payloads lost, which is told. The folder is
    not touched. Exit 1 where something drifted or a recorded file cannot be read, 5 where a service could not be asked.
    """
    from trialweave.testing.drift import find_drift

    found = find_drift(Path(folder), read_settings(config))
    for source, facts in found.items():
        _tell(source, facts)
    if any(facts.drifts or facts.unusable for facts in found.values()):
        return EXIT_FAILED
    return EXIT_SOURCE if any(facts.gave_up or facts.unanswered for facts in found.values()) else 0


def _tell(source: Source, facts: SourceDrift) -> None:
    from trialweave.remarks import SERVICES

    say(f"{SERVICES[source]}: {len(facts.compared)} compared, {len(facts.drifts)} drifted")
    for found in facts.drifts:
        say(f"  {found}")
    for label, ids in (
        ("values that some payloads lost", [str(lost) for lost in facts.lost]),
        ("not there now", facts.gone),
        ("absent once, there now", facts.appeared),
    ):
        if ids:
            say(f"  {label}: {_listed(ids)}")
    for fault in facts.unusable:
        complain(f"not compared: {fault}")
    if facts.unanswered:
        complain(f"{SERVICES[source]} did not answer for {_listed(facts.unanswered)}: {facts.gave_up or 'no answer'}")


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
