"""The arithmetic of asking by id, walking and importing."""

from __future__ import annotations

import pytest

from trialweave.fetch.ways import ways


@pytest.mark.parametrize(
    ("ids", "by_id", "cheapest", "worth"),
    [(0, 0, "by id", False), (201, 2, "by id", False), (26_000, 130, "by id", True), (121_201, 607, "walking", True)],
)
def test_the_cheapest_way(ids: int, by_id: int, cheapest: str, worth: bool) -> None:
    found = ways(ids, 1.0)
    assert (found.by_id, found.walking, found.cheapest, found.import_is_worth_it) == (by_id, 606, cheapest, worth)
    assert found.seconds_by_id == by_id


def test_without_a_limit_nothing_waits() -> None:
    assert ways(600_000, 0.0).import_is_worth_it is False
