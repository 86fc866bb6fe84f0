"""When to ask again, how long to wait before, and when to stop: one layer around send, read and parse."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import tenacity

from trialweave.clock import Clock

T = TypeVar("T")

RETRY_STATUS = frozenset({408, 425, 429, 500, 501, 502, 503, 504, 520, 521, 522, 523, 524})
"""501 among them: to a GET that worked yesterday it comes from something in between, and passes."""


class Transient(Exception):
    """An attempt failed in a way that may pass.

    `odd` says that the source answered, but not with what it usually answers with (HTML, a broken body): that is tried
    less often than an outage. `retry_after` is what the source asked for, in seconds.
    """

    def __init__(self, reason: str, *, odd: bool = False, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.odd = odd
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient a run is. Seconds throughout.

    `deadline` is the total for one request, all attempts and waits included; `answer_deadline` is that for one answer,
    from sending to its last byte. After `silent_after` requests in a row without an answer a source is given up, and
    after `silent_after_faults` ids in a row that it answered, each asked alone, with something unusable.
    """

    attempts: int = 5
    odd_attempts: int = 3
    base: float = 0.5
    cap: float = 30.0
    deadline: float = 120.0
    retry_after_cap: float = 60.0
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    answer_deadline: float = 60.0
    max_bytes: int = 64 << 20
    silent_after: int = 3
    silent_after_faults: int = 5


@dataclass(slots=True)
class Retrier:
    """Runs one attempt after the other. Clock and chance are handed in."""

    policy: Policy
    clock: Clock
    chance: random.Random = field(default_factory=random.Random)

    @property
    def of_one_attempt(self) -> Retrier:
        """The same, which asks nothing twice."""
        return replace(self, policy=replace(self.policy, attempts=1, odd_attempts=1))

    def call(self, attempt: Callable[[float], T]) -> T:
        """Call `attempt` with the moment (of `clock.monotonic`) at which the time is up, until it returns.

        Raises what the last attempt raised.
        """
        ends = self.clock.monotonic() + self.policy.deadline
        retrying = tenacity.Retrying(
            sleep=self.clock.sleep,
            retry=tenacity.retry_if_exception_type(Transient),
            wait=self._wait,
            stop=lambda state: self._is_enough(state, ends),
            reraise=True,
        )
        return retrying(attempt, ends)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """What the source asked for is a floor; full jitter comes on top, so that clients do not return as one."""
        jitter = self.chance.uniform(
            0, min(self.policy.cap, self.policy.base * float(2 ** min(state.attempt_number - 1, 16)))
        )
        failure = _failure(state)
        return jitter + (0.0 if failure is None else failure.retry_after or 0.0)

    def _is_enough(self, state: tenacity.RetryCallState, ends: float) -> bool:
        failure = _failure(state)
        if failure is None:
            return True
        if state.attempt_number >= (self.policy.odd_attempts if failure.odd else self.policy.attempts):
            return True
        return asks_too_much(failure, self.policy) or self.clock.monotonic() + state.upcoming_sleep >= ends


def asks_too_much(failure: Transient, policy: Policy) -> bool:
    """A source that wants to be left alone for longer than a run can wait is left alone for the rest of the run."""
    return failure.retry_after is not None and failure.retry_after > policy.retry_after_cap


def retry_after_seconds(value: str | None, answered_at: datetime) -> float | None:
    """Read a Retry-After header, seconds or HTTP date (RFC 9110 section 10.2.3); None where it is absent or unusable.

    A date is measured against `answered_at`, which should be the answer's own Date header: then a wrong or pinned clock
    on this side does no harm. A date in the past is no wait.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    moment = http_date(text)
    return None if moment is None else max(0.0, (moment - answered_at).total_seconds())


def http_date(text: str) -> datetime | None:
    """Read an HTTP date; None where it is none. Whatever it is made of, it raises nothing."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _failure(state: tenacity.RetryCallState) -> Transient | None:
    error = None if state.outcome is None else state.outcome.exception()
    return error if isinstance(error, Transient) else None
