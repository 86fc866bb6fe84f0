"""Looking after the store by hand: `trialweave cache info|verify|prune`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trialweave.core.models import Source as SourceName
from trialweave.fetch.entries import DamagedEntry, Kind
from trialweave.fetch.reading import chunks
from trialweave.fetch.store import Store


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What a store holds. `oldest` and `newest` are the times of last confirmation; `damaged` counts by kind."""

    directory: Path
    size: int
    entries: Mapping[SourceName, Mapping[Kind, int]]
    oldest: str | None
    newest: str | None
    damaged: Mapping[str, int]


def info(cache_dir: Path, *, verify: bool = False) -> StoreInfo:
    """Count what is there; `verify` also inflates every body. Damage is counted, never repaired: it is a miss."""
    store = Store(cache_dir)
    try:
        entries: dict[SourceName, Counter[Kind]] = {"ctgov": Counter(), "ncit": Counter()}
        times: list[str] = []
        for chunk in chunks(store.keys()):
            for key, entry in store.get_many(chunk).items():
                if verify:
                    try:
                        _ = entry.body
                    except DamagedEntry:
                        store.events["body_damaged"] += 1
                        continue
                entries[key[0]][entry.kind] += 1
                times += [] if entry.confirmed_at is None else [entry.confirmed_at]
        return StoreInfo(
            store.directory,
            store.volume(),
            {name: dict(counts) for name, counts in entries.items()},
            min(times, default=None),
            max(times, default=None),
            dict(store.events),
        )
    finally:
        store.close()


def prune(cache_dir: Path, older_than: datetime) -> int:
    """Delete entries that were last confirmed before `older_than`, and damaged ones; returns how many."""
    store = Store(cache_dir)
    try:
        return store.prune(older_than)
    finally:
        store.close()
