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
class Asking:
    """What asking costs at a pace: requests, and the seconds that politeness asks for."""

    requests: int
    seconds: float

    @property
    def import_is_worth_it(self) -> bool:
        """Would a bulk file that is at hand spare more than a minute?"""
        return self.seconds > WORTH_IMPORTING


def cheapest_asking(ids: int, rate: float) -> Asking:
    """The cheaper way to ask for `ids` studies at `rate` requests a second (zero or less: no limit)."""
    requests = min(-(-ids // MOST_IDS), -(-REGISTRY // PAGE))
    return Asking(requests, requests / rate if rate > 0 else 0.0)
