"""The decision table, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.clock import stamp
from trialweave.fetch.entries import Entry
from trialweave.fetch.freshness import (
    Answering,
    Decision,
    GiveUp,
    Offline,
    Refetch,
    ServeStale,
    Silent,
    Standing,
    Use,
    agrees,
    decide,
    decide_id,
)

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HELD = Entry("found", digest="d", confirmed_version="v1", confirmed_at=stamp(NOW - timedelta(days=300)), data=b"{}")
ABSENT = replace(HELD, kind="absent", digest=None)
RECENT = replace(ABSENT, confirmed_version=None, confirmed_at=stamp(NOW - timedelta(hours=23)))
OLD = replace(RECENT, confirmed_at=stamp(NOW - timedelta(hours=25)))
FROM_THE_FUTURE = replace(RECENT, confirmed_at=stamp(NOW + timedelta(hours=1)))
NOT_HELD_OFFLINE = GiveUp("it is not in the store, and this run is offline")


@pytest.mark.parametrize(
    ("entry", "standing", "decision"),
    [
        (None, Answering("v1"), Refetch()),
        (HELD, Answering("v1"), Use()),
        (ABSENT, Answering("v1"), Use()),
        (HELD, Answering("v2"), Refetch()),
        (ABSENT, Answering("v2"), Refetch()),
        (RECENT, Answering("v2"), Refetch()),
        (None, Answering(None), Refetch()),
        (HELD, Answering(None), Refetch()),
        (replace(HELD, confirmed_version=None), Answering(None), Refetch()),
        (RECENT, Answering(None), Use()),
        (OLD, Answering(None), Refetch()),
        (FROM_THE_FUTURE, Answering(None), Refetch()),
        (None, Silent("down"), GiveUp("down")),
        (HELD, Silent("down"), ServeStale("down")),
        (HELD, Silent("down", "v1"), Use()),
        (HELD, Silent("down", "v2"), ServeStale("down")),
        (RECENT, Silent("down"), Use()),
        (OLD, Silent("down"), ServeStale("down")),
        (None, Offline(), NOT_HELD_OFFLINE),
        (HELD, Offline(), Use()),
        (OLD, Offline(), Use()),
    ],
)
def test_the_table(entry: Entry | None, standing: Standing, decision: Decision) -> None:
    assert decide(entry, standing, NOW) == decision


def test_an_alias_is_only_as_good_as_the_payload_behind_it() -> None:
    alias = replace(HELD, kind="alias", canonical="B")
    now_known = Answering("v1")
    assert decide_id("A", {"A": alias, "B": HELD}, now_known, NOW) == Use()
    assert decide_id("A", {"A": alias}, now_known, NOW) == Refetch()
    assert decide_id("A", {"A": alias, "B": ABSENT}, now_known, NOW) == Refetch()
    assert decide_id("A", {"A": alias, "B": replace(HELD, confirmed_version="v0")}, now_known, NOW) == Refetch()
    assert decide_id("A", {"A": alias, "B": HELD}, Silent("down"), NOW) == ServeStale("down")


@pytest.mark.parametrize(
    ("own", "version", "agreed"),
    [
        ("2026-11-20", "2026-11-20T09:00:04", True),
        ("2026-11-19", "2026-11-20T09:00:04", False),
        ("26.10d", "26.10d", True),
        ("26.09d", "26.10d", False),
        (None, "26.10d", True),
        ("26.10d", None, True),
    ],
)
def test_a_payload_belongs_to_a_version(own: str | None, version: str | None, agreed: bool) -> None:
    assert agrees(own, version) is agreed


ENTRIES = st.none() | st.builds(
    Entry,
    kind=st.sampled_from(["found", "absent"]),
    confirmed_version=st.none() | st.sampled_from(["v1", "v2"]),
    confirmed_at=st.none() | st.datetimes(timezones=st.just(UTC)).map(stamp),
)


@given(ENTRIES, st.sampled_from(["v1", "v2", None]))
def test_stale_is_served_only_where_nobody_answers(entry: Entry | None, version: str | None) -> None:
    assert not isinstance(decide(entry, Answering(version), NOW), (ServeStale, GiveUp))
    assert not isinstance(decide(entry, Silent("down", version), NOW), Refetch)
    assert isinstance(decide(entry, Silent("down", version), NOW), GiveUp) is (entry is None)
