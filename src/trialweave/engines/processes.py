"""Weaving in several processes of this machine (`--jobs N`), started anew so that no thread or lock is inherited."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler

from trialweave.core.findings import Policy
from trialweave.core.models import Record
from trialweave.core.name_index import NameIndex
from trialweave.engines.sharing import in_order, owners
from trialweave.errors import RunError
from trialweave.loom import Loom, Woven
from trialweave.sources.base import SnapshotReader
from trialweave.weave import rare_collection

PORTION = 400
"""Records that each process is best given at once."""

AHEAD = 3
"""Portions under way: enough to keep workers busy while one of them waits for a long study."""


class Workers:
    """Processes that get ready to weave: they start and import while their starter still reads and fetches.

    Raises RunError where the system lets no more of them start.
    """

    def __init__(self, jobs: int) -> None:
        try:
            self._workers = [_Worker() for _ in range(jobs)]
        except OSError as error:
            raise RunError(f"{jobs} weaving processes cannot start: {error.strerror}; use fewer --jobs") from error

    @property
    def portion(self) -> int:
        """Records that are best handed in together."""
        return PORTION * len(self._workers)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def fit_out(self, reader: SnapshotReader, policy: Policy, names: NameIndex) -> None:
        """Give them, once, what they weave with. `reader` has to be picklable."""
        outfit = bytes(ForkingPickler.dumps((reader, policy, names)))
        for worker in self._workers:
            worker.fit_out(outfit)

    def weave(self, portions: Iterable[Sequence[Record]]) -> Iterator[list[Woven]]:
        """The rows of each list of records, as one list. Raises what a worker raised, and RunError where one died."""
        waiting: deque[tuple[list[int], list[Future[list[Woven]]]]] = deque()
        for portion in portions:
            waiting.append(_share_out(portion, self._workers))
            if len(waiting) > AHEAD:
                yield _collect(*waiting.popleft())
        while waiting:
            yield _collect(*waiting.popleft())


class _Worker:
    """One process and the thread that talks to it, a question at a time.

    Nobody else holds the process's end of the pipe: when it dies, even in the middle of an answer, the pipe ends. (The
    standard library's pool keeps that end open itself, and then waits for the rest for ever; so does its way to hand
    arguments to a process that dies before it has read them, and for that nothing but the pipe is an argument.)
    """

    def __init__(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _deaf_to_ctrl_c():
            self._process.start()
        theirs.close()
        self._thread = ThreadPoolExecutor(1, "weave")

    def fit_out(self, outfit: bytes) -> None:
        """Send what it weaves with. Where that fails, the first records fail too, and say so."""
        self._thread.submit(self._pipe.send_bytes, outfit)

    def submit(self, records: list[Record]) -> Future[list[Woven]]:
        """Have these woven when what was submitted before is done."""
        return self._thread.submit(self._ask, records)

    def _ask(self, records: list[Record]) -> list[Woven]:
        try:
            self._pipe.send(records)
            answer: list[Woven] | Exception = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise RunError(
                "a weaving process ended before its work was done; if memory ran short, use fewer --jobs"
            ) from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def end(self) -> None:
        """End the process, after the records that it has in hand."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._pipe.close()
        self._process.join()


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that start here never hear of Ctrl-C, which reaches the whole group: their starter ends them."""
    resource_tracker.ensure_running()  # it starts with the first process, and would end the deafness too early
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _share_out(portion: Sequence[Record], workers: Sequence[_Worker]) -> tuple[list[int], list[Future[list[Woven]]]]:
    owned_by = owners(portion, len(workers))
    parts: list[list[Record]] = [[] for _ in workers]
    for owner, record in zip(owned_by, portion, strict=True):
        parts[owner].append(record)
    return owned_by, [worker.submit(part) for worker, part in zip(workers, parts, strict=True)]


def _collect(owned_by: list[int], results: list[Future[list[Woven]]]) -> list[Woven]:
    return in_order(owned_by, [result.result() for result in results])


# ---------------------------------------------------------------- in the worker


def _serve(pipe: Connection) -> None:
    """Weave what comes through the pipe until it is closed. What goes wrong goes back to who asked.

    Where who asked was killed, nobody waits for the answer, and there is nothing to tell.
    """
    with suppress(EOFError, ConnectionError):
        loom = Loom(*pipe.recv())
        with rare_collection():
            while True:
                records: list[Record] = pipe.recv()
                try:
                    answer: list[Woven] | Exception = loom.woven(records)
                except Exception as error:  # raised again in the parent
                    answer = error
                pipe.send(answer)
