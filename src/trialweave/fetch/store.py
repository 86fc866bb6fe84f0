"""The store: what was fetched stays until somebody prunes it. Nothing in its directory is trusted.

diskcache keeps the rows; this file sees to it that it can neither write nor read a pickle, a file or a foreign key,
that nothing is ever evicted, and that damage costs a request and never a run. Only one thread may use a store.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import diskcache

from trialweave.clock import instant
from trialweave.fetch.disk import FILES, SETTINGS, BytesDisk, inspect, select
from trialweave.fetch.entries import DamagedEntry, Entry, pack, unpack
from trialweave.fetch.frozen import FrozenCache, is_frozen
from trialweave.fetch.holders import Key, MemoryHolder, key_of, key_text
from trialweave.fetch.locking import locked

T = TypeVar("T")

FORMAT = "store-1"
"""Name of the directory below the cache directory; another format lives in another directory and is never read."""

Cache = diskcache.Cache | FrozenCache

UNUSABLE = frozenset({"unusable", "symlink", "wrong_owner"})
"""The events that say that nothing was read from the store, or kept in it."""

_STRIKES = 3
_PORTION = 500


class Unusable(Exception):
    """The directory cannot hold a store now; `event` is what to count."""

    def __init__(self, event: str) -> None:
        super().__init__(event)
        self.event = event


class Store:
    """Entries on disk, by (source, id, projection). Every oddity is an event, counted in `events`.

    What cannot be written is held in memory for the run, so that a full disk costs the next run its requests and this
    one nothing. The directory is made by the first write: looking into a store that is not there leaves no trace. What
    is in a directory that takes no writing is read all the same.
    """

    def __init__(self, cache_dir: Path, *, timeout: float = 10.0) -> None:
        self.directory = cache_dir.absolute() / FORMAT
        self.events: Counter[str] = Counter()
        self._timeout = timeout
        self._overlay = MemoryHolder()
        self._strikes = 0
        self._quarantined = False
        self._inode: int | None = None
        self._opened = False
        self._cache: Cache | None = None

    def get_many(self, keys: Collection[Key]) -> dict[Key, Entry]:
        """The entries that are there and whole."""
        found = self._overlay.get_many(keys)
        wanted = {key_text(key): key for key in keys if key not in found}
        for text, stored in self._rows(list(wanted)):
            try:
                found[wanted[text]] = unpack(text, stored)
            except DamagedEntry as error:
                self.events[f"entry_{error.kind}"] += 1
        return found

    def put_many(self, entries: Mapping[Key, Entry]) -> None:
        """Write all of them or none, in one transaction."""
        rows = {key_text(key): pack(key_text(key), entry) for key, entry in entries.items()}
        if not self._write(rows):
            self._overlay.put_many(entries)

    @property
    def on_disk(self) -> bool:
        """Is everything that this run has kept in the database, for other processes to read?"""
        return isinstance(self._cache, diskcache.Cache) and not self._overlay.entries

    def drop(self, key: Key) -> None:
        """Forget one entry, which turned out to be damaged only on reading it."""
        self.events["body_damaged"] += 1
        self._overlay.drop(key)
        self._delete(key)

    def keys(self) -> Iterator[Key]:
        """Every key of ours that is on disk; rows of others are counted."""
        for text in self._guarded(list) or ():
            key = key_of(text)
            if key is None:
                self.events["foreign_key"] += 1
            else:
                yield key

    def prune(self, older_than: datetime) -> int:
        """Delete what was last confirmed before `older_than`, what is damaged, and rows that are none of ours.

        Returns how many entries went.
        """
        gone = self._guarded(lambda _: self._delete_foreign()) or 0
        for key in list(self.keys()):
            entry = self.get_many([key]).get(key)
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
        return bool(self._guarded(lambda cache: cache.delete(key_text(key))))

    def _delete_foreign(self) -> int:
        """Delete the rows whose key is no key of ours: diskcache reaches none that was not stored as text."""
        with closing(sqlite3.connect(self.directory / FILES[0], timeout=self._timeout)) as database, database:
            database.text_factory = _text  # one key that is no UTF-8 would end the listing of all
            rows = database.execute("SELECT rowid, key, raw FROM Cache")
            foreign = [(rowid,) for rowid, key, raw in rows if raw != 1 or key_of(key) is None]
            database.executemany("DELETE FROM Cache WHERE rowid = ?", foreign)
        return len(foreign)

    def _rows(self, texts: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Keys and bytes of the rows that are there and ours."""
        for start in range(0, len(texts), _PORTION):
            asked = json.dumps(texts[start : start + _PORTION])
            for text, stored in self._guarded(partial(select, asked)) or ():
                if stored is None:
                    self.events["row_rejected"] += 1
                else:
                    yield text, stored

    def _write(self, rows: Mapping[str, bytes]) -> bool:
        if self._strikes >= _STRIKES:
            return False

        def write(cache: Cache) -> bool:
            with cache.transact():
                for text, stored in rows.items():
                    cache.set(text, stored)
            return True

        self._ready(create=True)
        written = self._guarded(write, "write_failed")
        if not written and self._cache is not None:
            self._strikes += 1
            self._cache.close()  # a transaction that broke on committing would stay open
        return bool(written)

    def _guarded(self, action: Callable[[Cache], T], event: str = "read_failed") -> T | None:
        """Run `action` on the cache; whatever goes wrong there is an event, and None."""
        cache = self._ready()
        if cache is None:
            return None
        try:
            return action(cache)
        except (sqlite3.OperationalError, diskcache.Timeout, OSError):
            self.events[event] += 1
        except Exception:  # a damaged page, a setting that replaced a method: nothing in there is trusted
            self.events[event] += 1
            self._quarantine()
        return None

    # ------------------------------------------------------------ opening

    def _ready(self, *, create: bool = False) -> Cache | None:
        if not self._opened and (create or self._in_place()):
            self._open()
        return self._cache

    def _in_place(self) -> bool:
        """Is there a database, or something on the way to it that opening it will tell of, such as a file?"""
        try:
            (self.directory / FILES[0]).lstat()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True

    def _open(self) -> None:
        """Open the database, alone among all processes: one that is half made looks like a damaged one."""
        self._opened = True
        try:
            self._prepare()
            if is_frozen(self.directory):
                self._cache = FrozenCache(self.directory)
                return
            with self._alone():
                try:
                    self._connect()
                except (sqlite3.OperationalError, diskcache.Timeout, OSError):
                    raise
                except Exception:  # a poisoned setting raises anything at all
                    self._set_aside()
                    self._connect()
        except Unusable as error:
            self.events[error.event] += 1
        except TimeoutError:
            self.events["locked"] += 1
        except Exception:
            self.events["unusable"] += 1

    def _alone(self) -> AbstractContextManager[int]:
        """The lock under which a database is opened or set aside; diskcache may wait six times as long under it."""
        return locked(self.directory.with_suffix(".lock"), wait=6 * self._timeout)

    def _prepare(self) -> None:
        # diskcache expands $NAMES in the path itself, and would open another directory than the one checked here
        if os.path.expandvars(self.directory) != str(self.directory):
            raise Unusable("unusable")
        if self.directory.is_symlink():  # it would be written to, and set aside, wherever it leads
            raise Unusable("symlink")
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if hasattr(os, "getuid") and self.directory.stat().st_uid != os.getuid():
            raise Unusable("wrong_owner")

    def _connect(self) -> None:
        inspect(self.directory)
        self._cache = diskcache.Cache(str(self.directory), timeout=self._timeout, disk=BytesDisk, **SETTINGS)
        self._inode = self._inode_now()

    def _quarantine(self) -> None:
        """Start with an empty store in the middle of a run, once; another process may have done so already."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None
        if self._quarantined:
            self.events["unusable"] += 1
            return
        try:
            with self._alone():
                if self._inode_now() == self._inode:
                    self._set_aside()
                self._connect()
        except Exception:
            self.events["unusable"] += 1

    def _set_aside(self) -> None:
        """Give damaged files a new name, for whoever wants to look into them."""
        self._quarantined = True
        number = sum(1 for _ in self.directory.glob(FILES[0] + ".damaged-*"))
        for name in FILES:
            if os.path.lexists(self.directory / name):
                (self.directory / name).rename(self.directory / f"{name}.damaged-{number}")
        self.events["quarantined"] += 1

    def _inode_now(self) -> int | None:
        file = self.directory / FILES[0]
        return file.lstat().st_ino if os.path.lexists(file) else None


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None
