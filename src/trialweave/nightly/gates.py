"""Gates: what has to hold before a run is published. A gate that fails keeps the last run in its place (exit 4).

Each is a small pure function that answers with a sentence for a person. Thresholds: `[gates]` in the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from trialweave.core.headline import count
from trialweave.core.models import LINKS, SOURCE_NAMES, Source
from trialweave.core.summary import Tally
from trialweave.settings import Gates

_OF_THE_TABLE = ("minimum_records", "refused_share", "removed_share", "conflict_jump")


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate's answer. `message` says what was found and what was allowed."""

    name: str
    passed: bool
    message: str

    @property
    def of_links(self) -> bool:
        """Does it look at what the sources answered?"""
        return self.name not in _OF_THE_TABLE

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the gates look at. `told` are new and changed conflicts that are not folded.

    `earlier` is how many records the last published run had, None for a first run. `partial`: only some records of
    the table were chosen.
    """

    links: Mapping[str, Mapping[str, int]]
    stale: Mapping[str, int]
    read: int
    refused: int
    written: int
    removed: int
    told: int
    earlier: int | None
    partial: bool


def measured(tally: Tally, *, removed: int, told: int, earlier: int | None, partial: bool) -> Measured:
    """What the gates look at, taken from a run's tally."""
    stale = {name: counts["stale"] for name, counts in tally.stale.items()}
    return Measured(tally.links, stale, tally.read, tally.refused, tally.written, removed, told, earlier, partial)


def coverage(links: Mapping[str, int]) -> float | None:
    """(found + not found + stale) / links given and valid; a stale link counts as what it stands in for. None: none."""
    answered = links["found"] + links["not_found"]
    asked = answered + links["unavailable"]
    return answered / asked if asked else None


def judge(gates: Gates, run: Measured) -> tuple[Gate, ...]:
    """The answers of all gates, always in the same order. A gate is called as the setting that holds its threshold."""
    of_links = (
        _coverage(run, "ctgov", gates.coverage_ctgov),
        _coverage(run, "ncit", gates.coverage_ncit),
        _stale(run, "ctgov", gates.stale_ctgov),
        _stale(run, "ncit", gates.stale_ncit),
    )
    if run.partial:
        return of_links + tuple(Gate(name, True, "a part of the table is not held to this") for name in _OF_THE_TABLE)
    return (*of_links, _records(gates, run), _refused(gates, run), _removed(gates, run), _jump(gates, run))


def _coverage(run: Measured, source: Source, lowest: float) -> Gate:
    share = coverage(run.links[LINKS[source]])
    if share is None:
        return Gate(
            f"coverage_{source}", True, f"no record has a link that {SOURCE_NAMES[source]} could be asked about"
        )
    missing = run.links[LINKS[source]]["unavailable"]
    return Gate(
        f"coverage_{source}",
        share >= lowest,
        f"{SOURCE_NAMES[source]} answered for {_percent(share)} of the links, {count(missing, 'link')} unavailable;"
        f" at least {_percent(lowest)} is asked for",
    )


def _stale(run: Measured, source: Source, most: float) -> Gate:
    links, stale = run.links[LINKS[source]], run.stale[LINKS[source]]
    answered = links["found"] + links["not_found"]
    share = stale / answered if answered else 0.0
    return Gate(
        f"stale_{source}",
        share <= most,
        f"{_percent(share)} of the answers of {SOURCE_NAMES[source]} are stale copies; {_percent(most)} may be",
    )


def _records(gates: Gates, run: Measured) -> Gate:
    lowest = gates.minimum_records
    return Gate(
        "minimum_records",
        run.written >= lowest,
        f"{count(run.written, 'record')} written; at least {lowest:,} {_be(lowest)} asked for",
    )


def _refused(gates: Gates, run: Measured) -> Gate:
    """One row may always be refused, unless none may: a share says nothing of a table of a handful."""
    share = run.refused / run.read if run.read else 0.0
    return Gate(
        "refused_share",
        share <= gates.refused_share or (run.refused == 1 and gates.refused_share > 0),
        f"{run.refused:,} of {count(run.read, 'row')} refused ({_percent(share)});"
        f" {_percent(gates.refused_share)} may be",
    )


def _removed(gates: Gates, run: Measured) -> Gate:
    """One record may always go: a share says nothing of a table of a handful."""
    if run.earlier is None:
        return Gate("removed_share", True, "there is no earlier run to miss records of")
    share = run.removed / run.earlier if run.earlier else 0.0
    passed = run.removed <= 1 or share <= gates.removed_share
    message = (
        f"{run.removed:,} of the {count(run.earlier, 'record')} of the last run {_be(run.removed)} missing"
        f" ({_percent(share)}); {_percent(gates.removed_share)} may be"
    )
    return Gate("removed_share", passed, message if passed else f"{message}. A half-written export looks like this")


def _jump(gates: Gates, run: Measured) -> Gate:
    """Folded entries (other rules, other settings, new records) are no jump: they were asked for."""
    if run.earlier is None:
        return Gate("conflict_jump", True, "there is no earlier run to jump from")
    allowed = max(gates.conflict_jump_floor, int(gates.conflict_jump * run.written))
    return Gate(
        "conflict_jump",
        run.told <= allowed,
        f"{count(run.told, 'conflict')} new or changed at once; at most {allowed:,} may be",
    )


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def _percent(share: float) -> str:
    """Never 100 % while something is missing, never 0 % while something is there."""
    rounded = f"{100 * share:.1f}"
    if rounded == "100.0" and share < 1:
        return "more than 99.9 %"
    if rounded == "0.0" and share > 0:
        return "less than 0.1 %"
    return f"{rounded.removesuffix('.0')} %"
