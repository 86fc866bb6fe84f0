"""The store: what was fetched stays until somebody prunes it. Nothing in its directory is trusted.

diskcache keeps the rows; this file sees to it that it can neither write nor read a pickle, a file or a foreign key,
that nothing is ever evicted, and that damage costs a request and never a run. Only one thread may use a store.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import diskcache

from trialweave.clock import instant
from trialweave.core.models import Source as SourceName
from trialweave.fetch.entries import DamagedEntry, Entry, pack, unpack

T = TypeVar("T")

FORMAT = "store-1"
"""Name of the directory below the cache directory; another format lives in another directory and is never read."""

Key = tuple[SourceName, str, str]
"""(source, id, projection)."""

_SETTINGS: Mapping[str, int | str] = {
    "eviction_policy": "none",
    "cull_limit": 0,
    "size_limit": 1 << 62,
    "statistics": 0,
    "tag_index": 0,
    "sqlite_auto_vacuum": 1,
    "sqlite_cache_size": 1 << 13,
    "sqlite_journal_mode": "wal",
    "sqlite_mmap_size": 0,  # with a map, a file cut short under an open store kills the process
    "sqlite_synchronous": 1,
    "disk_min_file_size": 1 << 62,
    "disk_pickle_protocol": 0,
}
_COUNTERS = frozenset({"count", "size", "hits", "misses"})
_FILES = ("cache.db", "cache.db-wal", "cache.db-shm")
_RAW = 1
_FOREIGN = "\x00foreign"
_STRIKES = 3


class Holder(Protocol):
    """Where entries are held during a run."""

    events: Counter[str]

    def get_many(self, keys: Collection[Key]) -> dict[Key, Entry]: ...
    def put_many(self, entries: Mapping[Key, Entry]) -> None: ...
    def drop(self, key: Key) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class MemoryHolder:
    """Entries of one run that are to leave no trace: replay, recording, and a store that cannot be used."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)

    def get_many(self, keys: Collection[Key]) -> dict[Key, Entry]:
        return {key: self.entries[key] for key in keys if key in self.entries}

    def put_many(self, entries: Mapping[Key, Entry]) -> None:
        self.entries.update(entries)

    def drop(self, key: Key) -> None:
        self.entries.pop(key, None)

    def close(self) -> None:
        self.entries.clear()


class RejectedRow(OSError):
    """A row that this program never writes. An OSError, because diskcache turns that one into a miss."""


class BytesDisk(diskcache.Disk):
    """Keys are text, values are bytes inside the database; everything else is refused, reading and writing.

    CVE-2025-69872: diskcache's own disks unpickle what they find, `JSONDisk` included, and read, overwrite and delete
    whatever file a row names.
    """

    def __init__(self, directory: str, **_settings: object) -> None:
        super().__init__(directory, min_file_size=1 << 62, pickle_protocol=0)
        self.rejected = 0

    def put(self, key: Any) -> tuple[str, bool]:
        if type(key) is not str:
            raise TypeError("keys of the store are text")
        return key, True

    def get(self, key: Any, raw: Any) -> str:
        return key if raw == 1 and type(key) is str else _FOREIGN

    def store(self, value: Any, read: bool, key: Any = None) -> tuple[int, int, None, memoryview]:  # noqa: ARG002
        if read or type(value) is not bytes:
            raise TypeError("values of the store are bytes")
        return 0, _RAW, None, memoryview(value)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> bytes:
        if read or mode != _RAW or filename is not None or type(value) is not bytes:
            self.rejected += 1
            raise RejectedRow("a row that trialweave did not write")
        return value

    def filename(self, key: Any = None, value: Any = None) -> tuple[str, str]:  # noqa: ARG002
        raise RejectedRow("the store keeps no files")

    def remove(self, file_path: str) -> None:
        """Never remove what a row names."""


class Unusable(Exception):
    """The directory cannot hold a store now; `event` is what to count."""

    def __init__(self, event: str) -> None:
        super().__init__(event)
        self.event = event


class Damaged(Exception):
    """The files of the store are there and are not a store of ours."""


class Store:
    """Entries on disk, by (source, id, projection). Every oddity is an event, counted in `events`.

    What cannot be written is held in memory for the run, so that a full disk costs the next run its requests and this
    one nothing.
    """

    def __init__(self, cache_dir: Path, *, timeout: float = 10.0) -> None:
        self.directory = cache_dir.absolute() / FORMAT
        self.events: Counter[str] = Counter()
        self._timeout = timeout
        self._overlay = MemoryHolder()
        self._strikes = 0
        self._quarantined = False
        self._cache: diskcache.Cache | None = None
        self._disk: BytesDisk | None = None
        self._open()

    def get_many(self, keys: Collection[Key]) -> dict[Key, Entry]:
        """The entries that are there and whole."""
        found = self._overlay.get_many(keys)
        for key in keys:
            if key not in found and (entry := self._get(key)) is not None:
                found[key] = entry
        return found

    def put_many(self, entries: Mapping[Key, Entry]) -> None:
        """Write all of them or none, in one transaction."""
        rows = {_text(key): pack(_text(key), entry) for key, entry in entries.items()}
        if not self._write(rows):
            self._overlay.put_many(entries)

    def drop(self, key: Key) -> None:
        """Forget one entry, which turned out to be damaged only on reading it."""
        self.events["body_damaged"] += 1
        self._overlay.drop(key)
        self._delete(key)

    def keys(self) -> Iterator[Key]:
        """Every key of ours that is on disk; rows of others are counted."""
        for text in self._guarded(list) or ():
            key = _key(text)
            if key is None:
                self.events["foreign_key"] += 1
            else:
                yield key

    def prune(self, older_than: datetime) -> int:
        """Delete what was last confirmed before `older_than`, and what is damaged; returns how many entries went."""
        gone = 0
        for key in list(self.keys()):
            entry = self._get(key)
            if entry is None or entry.confirmed_at is None or instant(entry.confirmed_at) < older_than:
                gone += self._delete(key)
        return gone

    def volume(self) -> int:
        """Bytes on disk."""
        return self._guarded(lambda cache: cache.volume()) or 0

    def close(self) -> None:
        if self._cache is not None:
            self._cache.close()
            self._cache = None
        self._overlay.close()

    # ------------------------------------------------------------ rows

    def _delete(self, key: Key) -> bool:
        return bool(self._guarded(lambda cache: cache.delete(_text(key))))

    def _get(self, key: Key) -> Entry | None:
        text = _text(key)
        stored = self._guarded(lambda cache: cache.get(text))
        if self._disk is not None and self._disk.rejected:
            self.events["row_rejected"] += self._disk.rejected
            self._disk.rejected = 0
        if not isinstance(stored, bytes):
            return None
        try:
            return unpack(text, stored)
        except DamagedEntry as error:
            self.events[f"entry_{error.kind}"] += 1
            return None

    def _write(self, rows: Mapping[str, bytes]) -> bool:
        if self._strikes >= _STRIKES:
            return False

        def write(cache: diskcache.Cache) -> bool:
            with cache.transact():
                for text, stored in rows.items():
                    cache.set(text, stored)
            return True

        written = self._guarded(write, "write_failed")
        if not written and self._cache is not None:
            self._strikes += 1
            self._cache.close()  # a transaction that broke on committing would stay open
        return bool(written)

    def _guarded(self, action: Callable[[diskcache.Cache], T], event: str = "read_failed") -> T | None:
        """Run `action` on the cache; whatever goes wrong there is an event, and None."""
        if self._cache is None:
            return None
        try:
            return action(self._cache)
        except (sqlite3.OperationalError, diskcache.Timeout, OSError):
            self.events[event] += 1
        except Exception:  # a damaged page, a setting that replaced a method: nothing in there is trusted
            self.events[event] += 1
            self._quarantine()
        return None

    # ------------------------------------------------------------ opening

    def _open(self) -> None:
        try:
            self._prepare()
            _inspect(self.directory)
            self._cache = diskcache.Cache(str(self.directory), timeout=self._timeout, disk=BytesDisk, **_SETTINGS)
            self._disk = self._cache.disk if isinstance(self._cache.disk, BytesDisk) else None
        except Unusable as error:
            self.events[error.event] += 1
        except (sqlite3.OperationalError, diskcache.Timeout, OSError):
            self.events["unusable"] += 1
        except Exception:  # a poisoned setting raises anything at all
            self._quarantine()

    def _prepare(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if hasattr(os, "getuid") and self.directory.stat().st_uid != os.getuid():
            raise Unusable("wrong_owner")
        # diskcache expands $NAMES in the path itself, and would open another directory than the one checked here
        if os.path.expandvars(self.directory) != str(self.directory):
            raise Unusable("unusable")

    def _quarantine(self) -> None:
        """Set damaged files aside under a new name, once a run, and start with an empty store."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None
        if self._quarantined:
            self.events["unusable"] += 1
            return
        self._quarantined = True
        try:
            number = sum(1 for _ in self.directory.glob(_FILES[0] + ".damaged-*"))
            for name in _FILES:
                if os.path.lexists(self.directory / name):
                    (self.directory / name).rename(self.directory / f"{name}.damaged-{number}")
        except OSError:
            self.events["unusable"] += 1
            return
        self.events["quarantined"] += 1
        self._open()


def _inspect(directory: Path) -> None:
    """Look at a database before diskcache does, which applies every row of its Settings table as an attribute: a row
    `_directory` would make it write elsewhere."""
    for name in _FILES:
        path = directory / name
        if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
            raise Damaged(name)
    path = directory / _FILES[0]
    if not path.exists() or path.stat().st_size == 0:
        return
    with closing(sqlite3.connect(path, timeout=10.0)) as database:
        try:
            keys = {row[0] for row in database.execute("SELECT key FROM Settings")}
            database.execute("SELECT key, raw, expire_time, mode, filename, value FROM Cache LIMIT 0")
            others = database.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'view'"
                " OR (type = 'trigger' AND name NOT LIKE 'Settings\\_%' ESCAPE '\\')"
            ).fetchone()[0]
        except sqlite3.OperationalError as error:
            if str(error).startswith("no such"):
                raise Damaged(str(error)) from error
            raise
    if others or not keys <= _SETTINGS.keys() | _COUNTERS:
        raise Damaged("settings")


def _text(key: Key) -> str:
    return "|".join(key)


def _key(text: object) -> Key | None:
    match text.split("|") if isinstance(text, str) else ():
        case ["ctgov", id_, projection]:
            return "ctgov", id_, projection
        case ["ncit", id_, projection]:
            return "ncit", id_, projection
        case _:
            return None
