"""diskcache made safe: rows of text and bytes, and nothing of what it finds is executed, opened, deleted or believed.

CVE-2025-69872: diskcache unpickles what it finds, `JSONDisk` included; beyond the advisory, it reads and deletes
whatever file a row names, and sets every row of its Settings table as an attribute of itself.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import diskcache

SETTINGS: Mapping[str, int | str] = {
    "eviction_policy": "none",
    "cull_limit": 0,
    "size_limit": 1 << 62,
    "statistics": 0,
    "tag_index": 0,
    "sqlite_auto_vacuum": 1,
    "sqlite_cache_size": 1 << 10,  # 4 MB: the files themselves lie in the memory of the operating system
    "sqlite_journal_mode": "wal",
    "sqlite_mmap_size": 0,  # with a map, a file cut short under an open store kills the process
    "sqlite_synchronous": 1,
    "disk_min_file_size": 1 << 62,
    "disk_pickle_protocol": 0,
}
_COUNTERS = frozenset({"count", "size", "hits", "misses"})
_WORD = re.compile("[a-z-]+")
JOURNAL = "cache.db-journal"
LOG = "cache.db-wal"
FILES = ("cache.db", LOG, "cache.db-shm", JOURNAL)
_MADE = """
CREATE TABLE Settings ( key TEXT NOT NULL UNIQUE, value)
CREATE TABLE Cache ( rowid INTEGER PRIMARY KEY, key BLOB, raw INTEGER, store_time REAL, expire_time REAL,
  access_time REAL, access_count INTEGER DEFAULT 0, tag BLOB, size INTEGER DEFAULT 0, mode INTEGER DEFAULT 0,
  filename TEXT, value BLOB)
CREATE UNIQUE INDEX Cache_key_raw ON Cache(key, raw)
CREATE INDEX Cache_expire_time ON Cache (expire_time)
CREATE TRIGGER Settings_count_insert AFTER INSERT ON Cache FOR EACH ROW BEGIN
  UPDATE Settings SET value = value + 1 WHERE key = "count"; END
CREATE TRIGGER Settings_count_delete AFTER DELETE ON Cache FOR EACH ROW BEGIN
  UPDATE Settings SET value = value - 1 WHERE key = "count"; END
CREATE TRIGGER Settings_size_insert AFTER INSERT ON Cache FOR EACH ROW BEGIN
  UPDATE Settings SET value = value + NEW.size WHERE key = "size"; END
CREATE TRIGGER Settings_size_update AFTER UPDATE ON Cache FOR EACH ROW BEGIN
  UPDATE Settings SET value = value + NEW.size - OLD.size WHERE key = "size"; END
CREATE TRIGGER Settings_size_delete AFTER DELETE ON Cache FOR EACH ROW BEGIN
  UPDATE Settings SET value = value - OLD.size WHERE key = "size"; END
"""
"""All that diskcache 5.6.3, the last release, makes in a database. Other columns, checks and triggers would be the code
of somebody else, which runs with each row."""
_SCHEMA = frozenset(f"CREATE {' '.join(statement.split())}" for statement in _MADE.split("CREATE ")[1:])

RAW = 1
"""The mode of a value that is bytes inside the database."""
SELECT = """
    SELECT key,
    CASE WHEN mode = 1 AND filename IS NULL AND expire_time IS NULL AND typeof(value) = 'blob' THEN value END
    FROM Cache WHERE raw = 1 AND key IN (SELECT value FROM json_each(?))
"""
"""Text and bytes of the rows with one of the keys (a JSON list); no bytes where trialweave did not write the value.

diskcache asks for one row at a time, which takes three times as long.
"""
_FOREIGN = "\x00foreign"


class RejectedRow(OSError):
    """A row that this program never writes. An OSError, because diskcache turns that one into a miss."""


class BytesDisk(diskcache.Disk):
    """Keys are text, values are bytes inside the database; everything else is refused, reading and writing."""

    def __init__(self, directory: str, **_settings: object) -> None:
        super().__init__(directory, min_file_size=1 << 62, pickle_protocol=0)

    def put(self, key: Any) -> tuple[str, bool]:
        if type(key) is not str:
            raise TypeError("keys of the store are text")
        return key, True

    def get(self, key: Any, raw: Any) -> str:
        return key if raw == 1 and type(key) is str else _FOREIGN

    def store(self, value: Any, read: bool, key: Any = None) -> tuple[int, int, None, memoryview]:  # noqa: ARG002
        if read or type(value) is not bytes:
            raise TypeError("values of the store are bytes")
        return 0, RAW, None, memoryview(value)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> bytes:  # noqa: ARG002
        raise RejectedRow("rows are read with SELECT")

    def filename(self, key: Any = None, value: Any = None) -> tuple[str, str]:  # noqa: ARG002
        raise RejectedRow("the store keeps no files")

    def remove(self, file_path: str) -> None:
        """Never remove what a row names."""


class Connected(Protocol):
    """What has a connection to a database, as diskcache has."""

    @property
    def _con(self) -> sqlite3.Connection: ...


def select(keys: str, cache: Connected) -> list[tuple[str, bytes | None]]:
    """See SELECT. The connection is that of diskcache, which closes it and knows of forked processes."""
    return cache._con.execute(SELECT, (keys,)).fetchall()  # noqa: SLF001


class Damaged(Exception):
    """The files of the store are there and are not a store of ours."""


def connected(file: Path, *, frozen: bool = False) -> sqlite3.Connection:
    """A database, opened; a `frozen` one as a file that nobody writes, for where neither lock nor log can be made."""
    if not frozen:
        return sqlite3.connect(file, timeout=10.0)
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def inspect(directory: Path, *, frozen: bool = False) -> None:
    """Look at a database before diskcache does: a Settings row `_directory` would make it write elsewhere.

    A journal is not even shown to SQLite: one that is crafted has it remove any file. None of ours is left but by a
    kill in the moment in which a database is made. Raises Damaged for what is not a store of ours, and the errors of
    sqlite3.
    """
    for name in FILES:
        path = directory / name
        if os.path.lexists(path) and (name == JOURNAL or not stat.S_ISREG(path.lstat().st_mode)):
            raise Damaged(name)
    path = directory / FILES[0]
    if not path.exists() or path.stat().st_size == 0:
        return
    with closing(connected(path, frozen=frozen)) as database:
        made = database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        if {" ".join(sql.split()) for (sql,) in made} != _SCHEMA:
            raise Damaged("schema")
        settings = database.execute("SELECT key, value FROM Settings").fetchall()
    if not all(_is_setting(key, value) for key, value in settings):
        raise Damaged("settings")


def _is_setting(key: object, value: object) -> bool:
    """Whether diskcache may have written this row. It makes SQL of the value before it is overruled by ours."""
    if key in _COUNTERS:
        return type(value) is int
    ours = SETTINGS.get(key) if isinstance(key, str) else None
    return type(value) is type(ours) and (not isinstance(value, str) or _WORD.fullmatch(value) is not None)
