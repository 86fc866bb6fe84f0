"""What the tests of fetching share: a small world, both sources, and one way to open a fetcher on a stand-in."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from standin import StandIn, World, concept, nct, study
from trialweave.clock import ManualClock
from trialweave.fetch import Fetcher, Services, open_live
from trialweave.sources.ctgov import CtgovSource
from trialweave.sources.ncit import NcitSource

NIGHT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
RATES = {"ctgov": 0.0, "ncit": 0.0}


@pytest.fixture
def world() -> World:
    """Five studies, one of them with an alias; five concepts, one of them retired in favour of another."""
    return World(
        studies={nct(n): study(nct(n), aliases=(nct(900),) if n == 1 else ()) for n in range(1, 6)},
        concepts={f"C{n}": concept(f"C{n}", retired=n == 5) for n in range(1, 7)},
        rows={
            "C5": [
                {
                    "code": "C5",
                    "name": "Concept C5",
                    "action": "retire",
                    "date": "2026-01-26",
                    "replacementCode": "C6",
                    "replacementName": "Concept C6",
                }
            ]
        },
    )


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NIGHT)


Open = Callable[..., Fetcher]


@pytest.fixture
def open_on(tmp_path: Path, clock: ManualClock) -> Open:
    """Open a live fetcher on a stand-in, with the store and the clock of this test."""

    def opened(
        server: StandIn, *, cache_dir: Path = tmp_path / "cache", offline: bool = False, **changes: Any
    ) -> Fetcher:
        asked: Mapping[str, Any] = {
            "addresses": server.addresses,
            "rates": RATES,
            "clock": clock,
            "pacer_dir": tmp_path / "pace",
        }
        services = Services(**{**asked, **changes})
        return open_live([CtgovSource(), NcitSource()], services, cache_dir=cache_dir, offline=offline)

    return opened


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jitter is the longest possible: what holds then holds for any."""
    monkeypatch.setattr(random.Random, "uniform", lambda _self, _low, high: high)
