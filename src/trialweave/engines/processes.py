"""Weaving in several processes of this machine (`--jobs N`), started anew so that no thread or lock is inherited."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing import get_context

from trialweave.core.findings import Policy
from trialweave.core.models import Record
from trialweave.core.name_index import NameIndex
from trialweave.engines.sharing import in_order, owners
from trialweave.errors import RunError
from trialweave.sources.base import SnapshotReader
from trialweave.weave import Loom, Woven, rare_collection

PORTION = 400
"""Records that are best handed in together, for each process."""

AHEAD = 3
"""Portions under way: enough to keep workers busy while one of them waits for a long study."""


def weave_in_processes(
    portions: Iterable[Sequence[Record]], reader: SnapshotReader, policy: Policy, names: NameIndex, jobs: int
) -> Iterator[list[Woven]]:
    """The rows of each list of records, as one list, woven by `jobs` processes. `reader` has to be picklable.

    Raises what a worker raised, and RunError where one died. Left early, it ends the workers after their portion.
    """
    with ExitStack() as stack:
        workers = [_worker(stack, reader, policy, names) for _ in range(jobs)]
        waiting: deque[tuple[list[int], list[Future[list[Woven]]]]] = deque()
        try:
            for portion in portions:
                waiting.append(_share_out(portion, workers))
                if len(waiting) > AHEAD:
                    yield _collect(*waiting.popleft())
            while waiting:
                yield _collect(*waiting.popleft())
        except BrokenProcessPool as error:
            raise RunError(
                "a weaving process ended before its work was done; if memory ran short, use fewer --jobs"
            ) from error


def _worker(stack: ExitStack, reader: SnapshotReader, policy: Policy, names: NameIndex) -> ProcessPoolExecutor:
    worker = ProcessPoolExecutor(1, get_context("spawn"), _start, (reader, policy, names))
    stack.callback(worker.shutdown, wait=True, cancel_futures=True)
    return worker


def _share_out(
    portion: Sequence[Record], workers: Sequence[ProcessPoolExecutor]
) -> tuple[list[int], list[Future[list[Woven]]]]:
    owned_by = owners(portion, len(workers))
    parts: list[list[Record]] = [[] for _ in workers]
    for owner, record in zip(owned_by, portion, strict=True):
        parts[owner].append(record)
    return owned_by, [worker.submit(_weave, part) for worker, part in zip(workers, parts, strict=True)]


def _collect(owned_by: list[int], results: list[Future[list[Woven]]]) -> list[Woven]:
    return in_order(owned_by, [result.result() for result in results])


# ---------------------------------------------------------------- in the worker

_loom: Loom | None = None


def _start(reader: SnapshotReader, policy: Policy, names: NameIndex) -> None:
    global _loom  # noqa: PLW0603  # one loom for the life of the process: that is what keeps its views
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends its workers
    rare_collection().__enter__()
    _loom = Loom(reader, policy, names)


def _weave(records: list[Record]) -> list[Woven]:
    if _loom is None:
        raise RuntimeError("a weaving process was given work before it was started")
    return _loom.woven(records)
