"""Sorts the rows of a run by concept, by name and by pair, on disk: memory stays flat for a million records."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import groupby
from tempfile import gettempdir
from types import TracebackType
from typing import Any, Self

from trialweave.core.checks.across_records import Across, Row, of_one_concept, of_one_name, of_one_pair
from trialweave.errors import RunError

_BATCH = 2_000
_SCHEMA = """
    CREATE TABLE record (id INTEGER PRIMARY KEY, record_id TEXT, name TEXT, code TEXT, study TEXT, verdict TEXT,
                         category TEXT, class TEXT, definition BLOB);
    CREATE TABLE key (key TEXT, record INTEGER);
    CREATE TABLE concept (code TEXT PRIMARY KEY, name TEXT, related TEXT) WITHOUT ROWID;
    CREATE TABLE definition (digest BLOB PRIMARY KEY, text TEXT) WITHOUT ROWID;
"""
_INDICES = """
    CREATE INDEX IF NOT EXISTS by_code ON record (code, study);
    CREATE INDEX IF NOT EXISTS by_key ON key (key);
"""
_COLUMNS = """
    r.record_id, r.name, r.code, r.study, r.verdict, c.name, c.related, r.category, r.class, d.text
    FROM record r LEFT JOIN concept c ON c.code = r.code LEFT JOIN definition d ON d.digest = r.definition
"""
_BY_CONCEPT = f"""
    SELECT r.code, {_COLUMNS} WHERE r.code IN (
        SELECT code FROM record WHERE code IS NOT NULL GROUP BY code
        HAVING COUNT(DISTINCT name) > 1 OR COUNT(DISTINCT definition) > 1
            OR COUNT(DISTINCT category) > 1 OR COUNT(DISTINCT class) > 1)
    ORDER BY r.code, r.record_id
"""  # noqa: S608
_BY_NAME = f"""
    SELECT k.key, {_COLUMNS} JOIN key k ON k.record = r.id WHERE k.key IN (
        SELECT key FROM key JOIN record ON record.id = key.record WHERE code IS NOT NULL
        GROUP BY key HAVING COUNT(DISTINCT code) > 1)
    ORDER BY k.key, r.record_id
"""  # noqa: S608
_BY_PAIR = f"""
    SELECT r.code || ' ' || r.study, {_COLUMNS} WHERE (r.code, r.study) IN (
        SELECT code, study FROM record WHERE code IS NOT NULL AND study IS NOT NULL
        GROUP BY code, study HAVING COUNT(*) > 1)
    ORDER BY 1, r.record_id
"""  # noqa: S608


class AcrossIndex:
    """Takes the records of a run one by one, and tells afterwards what shows across them. Close it when done.

    The rows lie in a temporary SQLite database that vanishes with it.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._rows: list[tuple[Any, ...]] = []
        self._keys: list[tuple[str, int]] = []
        self._concepts: dict[str, tuple[str | None, str]] = {}
        self._definitions: dict[str, bytes] = {}
        self._paths: dict[str, str] = {}
        self._seen_paths: Mapping[str, str] = {}
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the rows. Safe to call twice."""
        self._database.close()

    def add(self, row: Row | None) -> None:
        """Take up one record; None has nothing to compare (`row_of`)."""
        if row is None:
            return
        self._count += 1
        digest = None
        if row.definition is not None and (digest := self._definitions.get(row.definition)) is None:
            digest = sha256(row.definition.encode("utf-8", "surrogatepass")).digest()[:12]
            self._definitions[row.definition] = digest
        if row.code is not None and row.concept is not None and row.code not in self._concepts:
            self._concepts[row.code] = (row.concept, " ".join(row.related))
        self._rows.append(
            (
                self._count, row.record_id, row.name, row.code, row.study, row.names_concept,
                row.category, row.drug_class, digest,
            )
        )  # fmt: skip
        self._keys += [(key, self._count) for key in row.keys]
        if row.paths is not self._seen_paths:
            self._seen_paths = row.paths
            for name, path in row.paths.items():
                self._paths[name] = min(path, self._paths.get(name, path))
        if len(self._rows) >= _BATCH:
            self._flush()

    def findings(self) -> Iterator[Across]:
        """Everything that shows across the records: by concept, then by name, then by pair; each in a fixed order."""
        self._flush()
        with self._kept():
            self._database.executescript(_INDICES)
        yield from self._each(_BY_CONCEPT, of_one_concept)
        told: set[tuple[str, ...]] = set()
        for across in self._each(_BY_NAME, of_one_name):
            if across.record_ids not in told:
                told.add(across.record_ids)
                yield across
        yield from self._each(_BY_PAIR, of_one_pair)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Around what the database writes: its index, and its sorting too, go to the folder of temporary files."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise RunError(
                f"the rows of this run cannot be kept in {gettempdir()}: {error}; make room there, or let TMPDIR name"
                " another folder"
            ) from error

    def _each(self, query: str, judge: Callable[[Sequence[Row]], Across | None]) -> Iterator[Across]:
        with self._kept():
            for _, group in groupby(self._database.execute(query), key=lambda found: found[0]):
                across = judge([self._row(found[1:]) for found in group])
                if across is not None:
                    yield across

    def _row(self, found: tuple[Any, ...]) -> Row:
        record_id, name, code, study, verdict, concept, related, category, drug_class, definition = found
        kin = tuple((related or "").split())
        return Row(
            record_id, name, code, study, verdict, concept, kin, category, drug_class, definition, paths=self._paths
        )

    def _flush(self) -> None:
        insert = self._database.executemany
        with self._kept():
            self._database.execute("BEGIN")
            insert("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", self._rows)
            insert("INSERT INTO key VALUES (?, ?)", self._keys)
            insert("INSERT OR REPLACE INTO concept VALUES (?, ?, ?)", [(c, *v) for c, v in self._concepts.items()])
            insert(
                "INSERT OR IGNORE INTO definition VALUES (?, ?)",
                [(digest, text) for text, digest in self._definitions.items()],
            )
            self._database.execute("COMMIT")
        self._rows, self._keys, self._concepts, self._definitions = [], [], {}, {}
