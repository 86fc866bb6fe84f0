"""Cutting ids into batches. The length of a URL is what services really limit, so bytes are counted, not only ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def batched(ids: Iterable[str], most: int, room: int) -> Iterator[tuple[str, ...]]:
    """Distinct ids in order, at most `most` to a batch, joined by commas in at most `room` bytes.

    An id that is longer than the room stands alone: the service refuses that one, and no other with it.
    """
    batch: list[str] = []
    used = 0
    for id_ in sorted(set(ids)):
        width = len(id_) + 1
        if batch and (len(batch) == most or used + width > room + 1):
            yield tuple(batch)
            batch, used = [], 0
        batch.append(id_)
        used += width
    if batch:
        yield tuple(batch)
