"""Retrying on a clock that only moves when somebody sleeps on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.clock import ManualClock
from trialweave.fetch.retry import Policy, Retrier, Transient, http_date, retry_after_seconds

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


class Failing:
    """An attempt that fails as scripted and then returns."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls = 0

    def __call__(self, _ends: float) -> str:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "answer"


def test_waits_grow_and_stop_at_the_cap() -> None:
    clock = ManualClock(NOW)
    policy = Policy(attempts=6, base=1.0, cap=5.0)
    assert Retrier(policy, clock).call(Failing(*[Transient("x")] * 5)) == "answer"
    assert clock.sleeps == [1.0, 2.0, 4.0, 5.0, 5.0]


def test_what_the_source_asks_for_is_a_floor() -> None:
    clock = ManualClock(NOW)
    Retrier(Policy(base=1.0), clock).call(Failing(Transient("429", retry_after=7.0)))
    assert clock.sleeps == [8.0]


def test_an_absurd_wish_ends_it_at_once() -> None:
    clock = ManualClock(NOW)
    attempt = Failing(Transient("429", retry_after=3600.0))
    with pytest.raises(Transient, match="429"):
        Retrier(Policy(), clock).call(attempt)
    assert (attempt.calls, clock.sleeps) == (1, [])


def test_the_deadline_counts_waits_that_are_still_to_come() -> None:
    clock = ManualClock(NOW)
    attempt = Failing(*[Transient("503", retry_after=20.0)] * 9)
    with pytest.raises(Transient):
        Retrier(Policy(attempts=9, deadline=50.0, base=0.0), clock).call(attempt)
    assert attempt.calls == 3
    assert clock.elapsed < 50.0


def test_an_odd_answer_is_tried_less_often_than_an_outage() -> None:
    policy = Policy(attempts=5, odd_attempts=3)
    outage, odd = Failing(*[Transient("503")] * 9), Failing(*[Transient("html", odd=True)] * 9)
    for attempt in (outage, odd):
        with pytest.raises(Transient):
            Retrier(policy, ManualClock(NOW)).call(attempt)
    assert (outage.calls, odd.calls) == (5, 3)


def test_what_is_not_transient_is_not_tried_again() -> None:
    attempt = Failing(ValueError("ours"))
    with pytest.raises(ValueError, match="ours"):
        Retrier(Policy(), ManualClock(NOW)).call(attempt)
    assert attempt.calls == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ("Sat, 21 Nov 2026 02:00:30 -0000", 30.0),
        (None, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("١٢", None),
        ("Sat, 99 Nov 2026 02:00:30 GMT", None),
    ],
)
def test_both_forms_of_retry_after(text: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(text, NOW) == seconds


DATE_PARTS = st.sampled_from(
    ["Sat,", "21", "Nov", "2026", "02:00:30", "GMT", "-0000", "+99999999999999", "-2400", "9" * 20, "0", "٢", "²1", ":"]
)
NEARLY_DATES = st.lists(DATE_PARTS, max_size=8).map(" ".join)


@pytest.mark.parametrize("offset", ["+99999999999999", "-2400", "+" + "9" * 40])
def test_a_date_with_an_offset_beyond_all_bounds_is_none(offset: str) -> None:
    """`email.utils` raises OverflowError for the first one; a service's Date header ended the run with it."""
    assert http_date(f"Sat, 21 Nov 2026 02:00:30 {offset}") is None


@given(st.text(max_size=60) | NEARLY_DATES)
def test_any_retry_after_is_a_wait_or_nothing(text: str) -> None:
    seconds = retry_after_seconds(text, NOW)
    assert seconds is None or 0.0 <= seconds < float("inf")


@given(st.integers(0, 10**6))
def test_both_forms_say_the_same(seconds: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after_seconds(date, NOW) == retry_after_seconds(str(seconds), NOW) == float(seconds)
