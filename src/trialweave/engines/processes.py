"""Weaving in several processes of this machine (`--jobs N`), started anew so that no thread or lock is inherited."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from traceback import clear_frames

from trialweave.errors import RunError
from trialweave.packing import Done, Laid, Outfit
from trialweave.weave import rare_collection

PORTION = 200
"""Records that a process is best given at once."""

AHEAD = 3
"""Portions under way for each process: enough to keep all busy while one of them looks at a long study."""


class Workers:
    """Processes that get ready to weave: they start and import while their starter still reads and fetches.

    Raises RunError where the system lets no more of them start.
    """

    def __init__(self, jobs: int) -> None:
        try:
            self._workers = [_Worker() for _ in range(jobs)]
        except OSError as error:
            raise RunError(f"{jobs} weaving processes cannot start: {error.strerror}; use fewer --jobs") from error

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def fit_out(self, outfit: Outfit) -> None:
        """Give them, once, what they weave with. Its reader has to be picklable."""
        pickled = bytes(ForkingPickler.dumps(outfit))
        for worker in self._workers:
            worker.fit_out(pickled)

    def weave(self, portions: Iterable[Sequence[Laid]]) -> Iterator[list[Done]]:
        """The rows of each list of records, as one list. Raises what a worker raised, and RunError where one died.

        A list goes to whom least is waiting for, and they come in the order of their studies: so most studies and
        concepts are looked at by one worker only.
        """
        waiting: deque[Future[list[Done]]] = deque()
        for portion in portions:
            waiting.append(min(self._workers, key=_Worker.in_hand).submit(portion))
            if len(waiting) > AHEAD * len(self._workers):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Worker:
    """One process and the thread that talks to it, a question at a time.

    Nobody else holds the process's end of the pipe: when it dies, even in the middle of an answer, the pipe ends. (The
    standard library's pool keeps that end open itself, and then waits for the rest for ever; so does its way to hand
    arguments to a process that dies before it has read them, and for that nothing but the pipe is an argument.)
    """

    def __init__(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_served, args=(theirs,), daemon=True)
        with _deaf_to_ctrl_c():
            self._process.start()
        theirs.close()
        self._thread = ThreadPoolExecutor(1, "weave")
        self._given: deque[Future[list[Done]]] = deque()

    def fit_out(self, outfit: bytes) -> None:
        """Send what it weaves with. Where that fails, the first records fail too, and say so."""
        self._thread.submit(self._pipe.send_bytes, outfit)

    def submit(self, portion: Sequence[Laid]) -> Future[list[Done]]:
        """Have these woven when what was submitted before is done."""
        self._given.append(self._thread.submit(self._ask, portion))
        return self._given[-1]

    def in_hand(self) -> int:
        """Lists that it was given and has not woven yet."""
        while self._given and self._given[0].done():
            self._given.popleft()
        return len(self._given)

    def _ask(self, portion: Sequence[Laid]) -> list[Done]:
        try:
            self._pipe.send(portion)
            answer: list[Done] | Exception = self._pipe.recv()
        except (EOFError, OSError) as error:
            clear_frames(error.__traceback__)  # which hold what was to be sent
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


# ---------------------------------------------------------------- in the worker


def _served(pipe: Connection) -> None:
    """All that the process does. It has nothing to put away, and taking down what it holds would take its time."""
    _serve(pipe)
    os._exit(0)


def _serve(pipe: Connection) -> None:
    """Weave what comes through the pipe until it is closed. What goes wrong goes back to who asked.

    Where who asked was killed, nobody waits for the answer, and there is nothing to tell.
    """
    with suppress(EOFError, ConnectionError):
        outfit: Outfit = pipe.recv()
        weave = outfit.weaver()
        with rare_collection():
            while True:
                portion: Sequence[Laid] = pipe.recv()
                try:
                    answer: list[Done] | Exception = weave(portion)
                except Exception as error:  # raised again in the parent
                    answer = error
                pipe.send(answer)
