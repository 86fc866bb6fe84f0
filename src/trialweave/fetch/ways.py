"""By which way studies are got most cheaply: the arithmetic of `nightly --plan`. Pure.

| way     | requests               | when                                                          |
|---------|------------------------|---------------------------------------------------------------|
| by id   | ids / 200              | nearly always: 26,000 studies are 130 requests                |
| walking | registry / 1,000       | above 121,000 ids: the whole registry is 606 pages            |
| import  | none, one file by hand | where the bulk file is at hand: 2.7 GB, 1 to 2 minutes of work |
"""

from __future__ import annotations

from dataclasses import dataclass

from trialweave.sources.ctgov_requests import MOST_IDS, PAGE, REGISTRY

BULK_BYTES = 2_720_000_000
"""Size of the registry's bulk zip (performance.md section 0)."""

WORTH_IMPORTING = 60.0
"""Seconds of asking above which a bulk file is worth a word: below, fetching it takes longer."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What each way to these ids costs at a pace. Seconds are those that politeness asks for."""

    by_id: int
    walking: int
    seconds_by_id: float
    seconds_walking: float

    @property
    def cheapest(self) -> str:
        """`by id` or `walking`, by the number of requests: the way that `CtgovSource.batches` takes."""
        return "by id" if self.by_id <= self.walking else "walking"

    @property
    def requests(self) -> int:
        """The requests of the cheapest way."""
        return min(self.by_id, self.walking)

    @property
    def seconds(self) -> float:
        """The seconds of the cheapest way."""
        return min(self.seconds_by_id, self.seconds_walking)

    @property
    def import_is_worth_it(self) -> bool:
        """Would a bulk file that is at hand spare more than a minute?"""
        return self.seconds > WORTH_IMPORTING


def ways(ids: int, rate: float, *, registry: int = REGISTRY, batch: int = MOST_IDS) -> Ways:
    """The ways to `ids` studies at `rate` requests a second (zero or less: no limit)."""
    by_id, walking = -(-ids // batch), -(-registry // PAGE)
    pause = 1 / rate if rate > 0 else 0.0
    return Ways(by_id, walking, by_id * pause, walking * pause)
