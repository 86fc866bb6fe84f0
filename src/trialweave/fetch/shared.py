"""The reader of a run for another process: the same answers from the same store, without a lane."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from trialweave.clock import PinnedClock
from trialweave.core.models import Source as SourceName
from trialweave.fetch.disk import FILES, SELECT
from trialweave.fetch.entries import DamagedEntry, Entry, unpack
from trialweave.fetch.freshness import Standing
from trialweave.fetch.holders import Key, key_text
from trialweave.fetch.labels import Labels
from trialweave.fetch.reading import Reading
from trialweave.sources.base import Lookup, Source


@dataclass(slots=True)
class SharedRows:
    """Entries of a store that another process of this run holds open. What is damaged is not there, as it is for it."""

    directory: Path
    events: Counter[str] = field(default_factory=Counter)
    _database: sqlite3.Connection | None = None

    def get_many(self, keys: Collection[Key]) -> dict[Key, Entry]:
        by_text = {key_text(key): key for key in keys}
        found: dict[Key, Entry] = {}
        try:
            for text, stored in self._opened().execute(SELECT, (json.dumps(list(by_text)),)):
                with suppress(DamagedEntry):
                    found[by_text[text]] = unpack(text, stored or b"")
        except sqlite3.Error:
            self.events["read_failed"] += 1
        return found

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = self._connect("ro")
        return self._database

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(f"{(self.directory / FILES[0]).as_uri()}?mode={mode}", uri=True, timeout=60.0)

    def put_many(self, entries: Mapping[Key, Entry]) -> None:
        raise NotImplementedError("the owner of the store writes")

    def drop(self, key: Key) -> None:
        """Delete the row, as the owner of the store would: it may never come upon it."""
        try:
            with closing(self._connect("rw")) as database, database:
                database.execute("DELETE FROM Cache WHERE raw = 1 AND key = ?", (key_text(key),))
        except sqlite3.Error:
            self.events["write_failed"] += 1

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a run knows of one source beyond the entries."""

    source: Source
    standing: Standing | None
    labels: Labels
    reasons: Mapping[str, str]


@dataclass(slots=True)
class SharedReader:
    """Reads what a `Fetcher` reads (`SnapshotReader`), in any process of the machine, while the fetcher is open."""

    directory: Path
    now: datetime
    known: Mapping[SourceName, Known]
    _readings: dict[SourceName, Reading] = field(default_factory=dict, init=False, repr=False)

    def read(self, source: SourceName, ids: Sequence[str]) -> Mapping[str, Lookup]:
        """One answer for each id, whichever it is."""
        if source not in self._readings:
            known = self.known[source]
            self._readings[source] = Reading(
                known.source,
                SharedRows(self.directory),
                PinnedClock(self.now),
                known.standing,
                labels=known.labels,
                reasons=dict(known.reasons),
            )
        return self._readings[source].read(ids)

    def close(self) -> None:
        """Close the database; reading opens it again."""
        for reading in self._readings.values():
            reading.holder.close()
        self._readings.clear()

    def __reduce__(self) -> tuple[Any, ...]:
        return SharedReader, (self.directory, self.now, self.known)
