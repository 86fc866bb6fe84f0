"""One source's lane: cuts ids into requests, asks, and hands on what each answer settles.

A lane runs in a thread of its own, has a session of its own, and touches neither store nor files.
"""

from __future__ import annotations

import json
import threading
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from trialweave.errors import NeverRecorded, PayloadError, SourceUnavailable
from trialweave.fetch.pacing import Pacer
from trialweave.fetch.retry import Retrier, Transient, asks_too_much
from trialweave.fetch.settled import Settled, Unanswered, settled
from trialweave.fetch.transport import TooLarge, Transport
from trialweave.sources.base import Answer, Purpose, Request, Response, Source

SIZE_STATUS = frozenset({413, 414, 431})
BELIEVED = 10
"""Ids that one list may leave out without a question, but not all of its ids: where it leaves out more, it is likelier
cut short somewhere, or empty where it should have failed, than a table is full of wrong ids."""


class Oversized(Exception):
    """The source refuses this request as it is; asked in smaller parts it may not."""

    def __init__(self, reason: str, *, by_size: bool) -> None:
        super().__init__(reason)
        self.by_size = by_size


class Unreadable(Transient):
    """A complete answer that is not what was asked for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, odd=True)


class Hollow(Unreadable):
    """A list without ids that are held, or without many, of which one, asked alone, is not absent."""

    def __init__(self, reason: str, missing: Sequence[str]) -> None:
        super().__init__(reason)
        self.missing = missing


@dataclass(slots=True)
class Lane:
    """Asks one source. `requests` counts every attempt that was sent.

    `held` are ids of which there is a payload: a list that leaves one of them out is not believed without a question.
    One thread has its `turn` at a time.
    """

    source: Source
    transport: Transport
    retrier: Retrier
    pacer: Pacer
    whole: bool = False
    requests: int = 0
    held: set[str] = field(default_factory=set)
    turn: threading.Lock = field(default_factory=threading.Lock)
    _largest: int | None = None
    _by_id: bool = False
    _silent: int = 0
    _rescued: Counter[Purpose] = field(default_factory=Counter)

    def probe(self, *, once: bool = False) -> str | None:
        """The version of the data that the source has now; None where it answers without telling one and need not.

        `once`: whatever comes of it, it is one request.

        Raises SourceUnavailable, SourceBlocked.
        """
        request = self.source.probe()

        def attempt(ends: float) -> str | None:
            response = self._send(request, ends)
            try:
                return self.source.read_probe(response)
            except PayloadError as error:
                if response.status != 200:
                    raise SourceUnavailable(str(error)) from error
                if not _is_whole_json(response.body):
                    raise Unreadable(str(error)) from error
                if self.source.needs_version:  # unpinned, one run could mix releases
                    raise SourceUnavailable(str(error)) from error
                return None

        try:
            return (self.retrier.of_one_attempt if once else self.retrier).call(attempt)
        except (Transient, TooLarge) as error:
            self._leave_alone(error)
            raise SourceUnavailable(f"{error}, when asked for the version of its data") from error

    def settle(self, ids: Collection[str], version: str | None) -> Iterator[Settled | Unanswered]:
        """Ask for these ids, in as few requests as the source takes; every id comes back in exactly one part.

        `version` is the one the run is pinned to. Raises SourceUnavailable, SourceBlocked when the source is given up,
        ReleaseChanged when it has moved on; what was handed out before stays good.
        """
        work = deque(self._cut(sorted(ids), version))
        asked: set[str] = set()
        alone: set[tuple[str, Purpose]] = set()
        failure = ""
        pages = 10 + 2 * len(ids)
        while work:
            request = work.popleft()
            if self._largest is not None and len(request.ids) > self._largest:
                work.extendleft(reversed(self._cut(request.ids, version)))
                continue
            single = self._is_last_resort(request, version)
            if not single and self._rescued[request.purpose] >= self.retrier.policy.silent_after:
                raise SourceUnavailable(
                    f"{self.transport.host} answers no list of ids, only single ones, and there are too many for that; "
                    f"the last list failed so: {failure}"
                )
            asked.add(request.target)
            try:
                answer = self._ask(request, version)
            except NeverRecorded as error:
                yield Settled(faults=dict.fromkeys(request.ids, str(error)))
            except Hollow as error:
                work.extendleft(reversed(self._one_by_one(request, error, version)))
            except (Oversized, TooLarge, Transient) as error:
                parts, part = self._after_failure(request, error, version)
                if not single:
                    failure = str(error)
                    alone |= {(r.target, request.purpose) for r in parts if len(request.ids) == 1}
                work.extendleft(reversed(parts))
                if part is not None:
                    yield part
            else:
                self._silent = 0
                if not single and (answer.found or answer.aliases or answer.absent):  # else it only promises more
                    self._rescued[request.purpose] = 0
                self._rescued.update(route for target, route in alone if target == request.target)
                pages -= len(answer.more)
                more = [r for r in answer.more if r.target not in asked and pages >= 0]
                work.extendleft(reversed(more))
                yield settled(self.source, request, answer, more, whole=self.whole)

    def _ask(self, request: Request, version: str | None) -> Answer:
        def attempt(ends: float) -> Answer:
            response = self._send(request, ends)
            if response.status in SIZE_STATUS:
                raise Oversized(f"{self.transport.host} answered {response.status}", by_size=True)
            try:
                answer = self.source.read(request, response, version)
                self._check_hollow(request, answer, version, ends)
                return answer
            except PayloadError as error:
                if response.status == 200:  # perhaps cut without a trace: worth another try
                    raise Unreadable(str(error)) from error
                raise Oversized(str(error), by_size=False) from error

        return self.retrier.call(attempt)

    def _check_hollow(self, request: Request, answer: Answer, version: str | None, ends: float) -> None:
        """Before a list without an id replaces a good copy of it, or makes many absent at once, or all, ask two alone.

        Two, because one may really be gone, or wrong in a table of right ones: that of the middle, since wrong ids sort
        to the ends. Raises Hollow where one is there, and where no answer can be made out: cut into halves, the list
        would be believed in the end.
        """
        missing = sorted(answer.absent & self.held)
        if not missing and (len(answer.absent) > BELIEVED or len(answer.absent) == len(request.ids)):
            missing = sorted(answer.absent)
        if request.purpose != "batch" or not missing:
            return
        for id_ in dict.fromkeys((missing[len(missing) // 2], missing[0])):
            hollow = f"{self.transport.host} left {len(answer.absent)} of {len(request.ids)} ids out, and {id_} alone"
            single = self.source.single(id_, version, whole=self.whole)
            try:
                alone = self.source.read(single, self._send(single, ends), version)
            except NeverRecorded:
                return
            except (PayloadError, TooLarge, Transient) as error:
                if isinstance(error, Transient) and not error.odd:
                    raise
                raise Hollow(f"{hollow} gets no usable answer: {error}", missing) from error
            if id_ not in alone.absent:
                raise Hollow(f"{hollow} is {'there' if alone.found or alone.more else 'refused'}", missing)

    def _one_by_one(self, request: Request, error: Hollow, version: str | None) -> list[Request]:
        """A few that a list leaves out for ever, each alone, and the others. Raises SourceUnavailable for many."""
        if len(error.missing) > BELIEVED:
            raise SourceUnavailable(str(error)) from error
        alone = [self.source.single(id_, version, whole=self.whole) for id_ in error.missing]
        return [*alone, *self._cut([id_ for id_ in request.ids if id_ not in error.missing], version)]

    def _send(self, request: Request, ends: float) -> Response:
        """One attempt. The time spent waiting for our own turn is not held against the source."""
        before = self.retrier.clock.monotonic()
        self.pacer.wait()
        self.requests += 1
        return self.transport.get(request.target, ends + self.retrier.clock.monotonic() - before)

    def _after_failure(
        self, request: Request, error: Exception, version: str | None
    ) -> tuple[list[Request], Unanswered | Settled | None]:
        """Which smaller requests to try instead, or what to say of the ids. Raises SourceUnavailable."""
        splits = isinstance(error, (Oversized, TooLarge)) or (isinstance(error, Transient) and error.odd)
        about_ids = isinstance(error, (Oversized, TooLarge, Unreadable))
        last = self._is_last_resort(request, version)
        self._leave_alone(error)
        if last or not about_ids:
            self._silent += 1
            policy = self.retrier.policy
            if self._silent >= (policy.silent_after_faults if about_ids else policy.silent_after):
                raise SourceUnavailable(f"{self._silent} requests in a row went without a usable answer: {error}")
        if (splits or request.purpose == "walk") and not last:
            return self._smaller(request, error, version), None
        if about_ids:
            return [], Settled(faults=dict.fromkeys(request.ids, str(error)))
        return [], Unanswered(request.ids, str(error))

    def _leave_alone(self, error: Exception) -> None:
        """Raises SourceUnavailable where the source wants to be left alone for longer than a run can wait."""
        if isinstance(error, Transient) and asks_too_much(error, self.retrier.policy):
            raise SourceUnavailable(
                f"{error}, and asked to be left alone for {error.retry_after:,.0f} seconds"
            ) from error

    def _is_last_resort(self, request: Request, version: str | None) -> bool:
        if request.purpose == "single" or len(request.ids) != 1:
            return request.purpose == "single"
        return request.target == self.source.single(request.ids[0], version, whole=self.whole).target

    def _smaller(self, request: Request, error: Exception, version: str | None) -> list[Request]:
        ids = request.ids
        if len(ids) <= 1:
            return [self.source.single(id_, version, whole=self.whole) for id_ in ids]
        if request.purpose == "walk":  # one page that fails must not start the walk anew
            self._by_id = True
            return self._cut(ids, version)
        half = (len(ids) + 1) // 2
        if isinstance(error, Oversized) and error.by_size:
            self._largest = half  # not after TooLarge: there one study may be the cause, not their number
        return [*self._cut(ids[:half], version), *self._cut(ids[half:], version)]

    def _cut(self, ids: Sequence[str], version: str | None) -> list[Request]:
        size = self._largest or len(ids) or 1
        return [
            request
            for start in range(0, len(ids), size)
            for request in self.source.batches(ids[start : start + size], version, whole=self.whole, by_id=self._by_id)
        ]


def _is_whole_json(body: bytes) -> bool:
    try:
        json.loads(body.decode("utf-8-sig"))  # bytes alone may be UTF-16, which no service sends
    except (ValueError, RecursionError):
        return False
    return True
