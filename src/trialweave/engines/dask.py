"""Weaving on the workers of a Dask cluster (extra `dask`). Fetching stays in this process; workers read a holding."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from trialweave.errors import RunError, UsageError
from trialweave.packing import Done, Laid, Outfit
from trialweave.weave import weave_partition

PORTION = 1000
"""Records of one task: about a second of work, so that what a lost worker had in hand is soon made again."""

AHEAD = 3
"""Tasks under way for each worker."""


def weave_with_dask(portions: Iterable[Sequence[Laid]], outfit: Outfit, scheduler: Any) -> Iterator[list[Done]]:
    """The rows of each list of records, as one list and in order, woven by the workers of `scheduler`.

    `scheduler` is an address or a cluster object; each worker has to see the holding that is the reader of the outfit
    under the same path. What a lost worker had in hand is given to another one. Raises UsageError without the extra or
    where nobody answers at the address, RunError where a row cannot be woven or tasks keep losing their workers.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise UsageError('--engine dask needs an extra: pip install "trialweave[dask]"') from error
    try:
        client = distributed.Client(scheduler, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {scheduler}: {error}") from error
    waiting: deque[Any] = deque()
    with client:
        everywhere = client.scatter([outfit], broadcast=True)[0]
        try:
            for portion in portions:
                waiting.append(client.submit(_weave, portion, everywhere, pure=False))
                if len(waiting) > AHEAD * max(1, len(client.nthreads())):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except distributed.KilledWorker as error:
            raise RunError(f"the same task lost worker after worker; is there enough memory? {error}") from error
        finally:
            client.cancel(list(waiting))


def _weave(portion: Sequence[Laid], outfit: Outfit) -> list[Done]:
    rows = list(weave_partition(outfit.records(portion), outfit.reader, policy=outfit.policy, names=outfit.names))
    for row in rows:
        if row.error is not None:
            raise RunError(f"record {row.record_id}: {row.error}")
    return outfit.packed(portion, rows, outfit.owners())
