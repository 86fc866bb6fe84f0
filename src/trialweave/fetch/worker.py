"""The thread of one lane: takes orders, hands on events, and knows nothing else."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue

from trialweave.core.models import Source as SourceName
from trialweave.fetch.lane import Lane
from trialweave.fetch.settled import Settled, Unanswered


@dataclass(frozen=True, slots=True)
class Probed:
    """The source told the version of its data, or answered without one."""

    version: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """An order is worked off, well or not."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An order ended early; orders behind it are dropped, up to the next probe."""

    error: Exception


Event = Probed | Done | Failed | Settled | Unanswered
Events = SimpleQueue[tuple[SourceName, Event]]


@dataclass(frozen=True, slots=True)
class _Order:
    """Ids to settle and the version to ask for; without ids, the probe."""

    ids: Collection[str] | None
    version: str | None


@dataclass(slots=True)
class Worker:
    """`busy` counts the orders under way; the coordinator takes one off for each `Done`.

    A part is `kept` before the next request leaves: a run that is killed loses what was in flight, and nothing more.
    """

    name: SourceName
    lane: Lane
    events: Events
    busy: int = 0
    kept: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _stop: threading.Event = field(default_factory=threading.Event)
    _orders: SimpleQueue[_Order | None] = field(default_factory=SimpleQueue)

    def order(self, ids: Collection[str] | None, version: str | None = None) -> None:
        """Ask for ids, or for the probe."""
        self.busy += 1
        self._orders.put(_Order(ids, version))

    def quit(self) -> None:
        """End the thread after the request that is under way."""
        self._stop.set()
        self.kept.release()
        self._orders.put(None)

    def run(self) -> None:
        """The body of the thread. The thread of an interrupted run may still sit in a request: it is waited for."""
        failed = False
        with self.lane.turn:
            while (order := self._orders.get()) is not None and not self._stop.is_set():
                if order.ids is None:
                    failed = False
                if not failed:
                    failed = not self._work(order)
                self.events.put((self.name, Done()))

    def _work(self, order: _Order) -> bool:
        try:
            if order.ids is None:
                self.events.put((self.name, Probed(self.lane.probe())))
                return True
            for part in self.lane.settle(order.ids, order.version):
                self.events.put((self.name, part))
                self.kept.acquire()
                if self._stop.is_set():
                    break
        except Exception as error:  # carried over to the coordinator, which raises what it does not know
            self.events.put((self.name, Failed(error)))
            return False
        return True


@contextmanager
def working(workers: Iterable[Worker]) -> Iterator[None]:
    """Run the workers' threads for as long as the block lasts.

    A block that fails does not wait for them: they are daemons, and may sit in a request or a pause.
    """
    workers = list(workers)
    threads = [threading.Thread(target=worker.run, name=f"fetch-{worker.name}", daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.quit()
    for thread in threads:
        thread.join()
