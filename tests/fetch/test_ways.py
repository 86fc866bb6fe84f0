"""The arithmetic of asking by id, walking and importing."""

from __future__ import annotations

import pytest

from trialweave.fetch.ways import cheapest_asking


@pytest.mark.parametrize(
    ("ids", "requests", "worth"), [(0, 0, False), (201, 2, False), (26_000, 130, True), (121_201, 606, True)]
)
def test_the_cheapest_way(ids: int, requests: int, worth: bool) -> None:
    found = cheapest_asking(ids, 0.5)
    assert (found.requests, found.seconds, found.import_is_worth_it) == (requests, 2 * requests, worth)


def test_without_a_limit_nothing_waits() -> None:
    assert cheapest_asking(600_000, 0.0).import_is_worth_it is False
