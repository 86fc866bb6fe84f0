"""A whole house for the nightly job: the stand-in for both services, a store, a table of records, a folder of runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from made import payloads
from standin import Fault, StandIn, World, nct
from trialweave.api import Weaver
from trialweave.clock import ManualClock, instant
from trialweave.nightly.folder import RunFolder, Runs
from trialweave.nightly.job import Ended, Night, run_nightly
from trialweave.run import Run
from trialweave.settings import Settings
from trialweave.tables import Refusal, open_inputs

BYTE_EQUAL = (
    "enriched.jsonl",
    "enriched.keys",
    "conflicts.jsonl",
    "worklist.csv",
    "delta.json",
    "pending.jsonl",
    "report.html",
)
"""The files of a run that are equal for equal input, rules, settings and snapshots (DESIGN 5.5)."""


class PinnedManualClock(ManualClock):
    """Waiting takes no time, and the night keeps its date to the second, as under TRIALWEAVE_NOW.

    One for all nights of a house: the seconds of a machine go on, and with them the turns that its processes took.
    """

    def now(self) -> datetime:
        return self.at


@dataclass
class House:
    """`records` are the rows of the table, by any name; a night is one call of `night`."""

    root: Path
    server: StandIn
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    clock: PinnedManualClock = field(default_factory=lambda: PinnedManualClock(instant("2026-11-23T02:00:00Z")))

    @property
    def world(self) -> World:
        return self.server.world

    @property
    def runs(self) -> Runs:
        return Runs(self.root / "runs")

    @property
    def table(self) -> Path:
        return self.root / "records.jsonl"

    def add(self, number: int, name: str | None = None) -> dict[str, Any]:
        """A record with a study and a concept of its own, all three of one name: nothing to complain about."""
        name = name or f"DRG-{number:03}"
        self.world.studies[nct(number)] = payloads.study(nct(number), name)
        self.world.concepts[f"C{number}"] = payloads.concept(f"C{number}", name)
        row = {"drug_name": name, "nct_id_drug_ref": nct(number), "nci_thesaurus_concept_id": f"C{number}"}
        self.records[f"r{number}"] = row
        return row

    def configured(self, day: str) -> Settings:
        services = {
            "ctgov": {"url": self.server.ctgov_url, "rate": 1000.0},
            "evs": {"url": self.server.evs_url, "rate": 1000.0},
        }
        return Settings.model_validate(
            {"cache_dir": self.root / "cache", "now": f"{day}T02:00:00Z", **services, **self.settings}
        )

    def shift(self, day: str, **options: Any) -> Night:
        """What `run_nightly` is handed on this day."""
        self.table.write_text("".join(json.dumps(row) + "\n" for row in self.records.values()))
        settings = self.configured(day)
        opened = self._opener(settings, options.pop("replay", None))
        return Night(self.root / "runs", settings, opened, **options)

    def night(self, day: str, **options: Any) -> Ended:
        return run_nightly(self.shift(day, **options))

    def morning(self, day: str, **options: Any) -> dict[str, Any]:
        """Run a night and read its delta."""
        ended = self.night(day, **options)
        return dict(self.runs[ended.run_id].delta)

    def latest(self) -> RunFolder:
        latest = self.runs.latest()
        assert latest is not None
        return latest

    def _opener(self, settings: Settings, replay: Path | None) -> Callable[[], Any]:
        @contextmanager
        def opened() -> Iterator[Run]:
            assert settings.now is not None
            self.clock.at = settings.now
            with (
                Weaver(settings, clock=self.clock, replay=replay) as weaver,
                open_inputs([self.table]) as inputs,
                Run(weaver, inputs, _passed_over) as run,
            ):
                yield run

        return opened


def _passed_over(_: Refusal) -> None:
    """The summary counts refused rows; these tests look there."""


def told(delta: dict[str, Any]) -> set[tuple[str, str, str]]:
    """(list, kind, because) of all entries."""
    return {(name, e["kind"], e["because"]) for name in ("new", "changed", "resolved") for e in delta[name]}


def quiet(delta: dict[str, Any]) -> bool:
    """Does a delta tell nothing at all?"""
    return told(delta) == set() and delta["source_changes"] == []


def flip(house: House, number: int, status: str, day: str | None) -> None:
    """The registry changes one study's status; `day` moves the dataset on."""
    house.world.studies[nct(number)]["protocolSection"]["statusModule"]["overallStatus"] = status
    if day is not None:
        house.world.timestamp = f"{day}T01:00:00"


def gone(house: House, *numbers: int, day: str = "2026-11-24") -> None:
    """The registry has these studies no more, and says so on this day."""
    for number in numbers:
        del house.world.studies[nct(number)]
    house.world.timestamp = f"{day}T01:00:00"


def down(service: str) -> Fault:
    return Fault(service, "status", times=10**9, status=503)  # type: ignore[arg-type]


def last_attempt(house: House) -> dict[str, Any]:
    note: dict[str, Any] = json.loads((house.root / "runs/last_attempt.json").read_bytes())
    return note


def published(house: House) -> list[str]:
    return sorted(manifest.parent.name for manifest in (house.root / "runs").glob("*/manifest.json"))
