"""The names of NCI Thesaurus from its `Thesaurus.FLAT.zip`: who bears a name in the whole release.

An index for suggestions, and nothing else: the file lacks term types, roles and targets. It does not tell its release
either; NCI's archive has it in the name of the zip, `Thesaurus_26.10d.FLAT.zip`. It is text in nine columns without a
header, parted by tabs: code, IRI, parents, names (the first is the preferred one), definition, display name,
status (empty is active), semantic types, subsets; lists are parted by `|` (nci-evs-api section 9).
"""

from __future__ import annotations

import os
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from trialweave.core.identifiers import CONCEPT_CODE
from trialweave.core.text import squash
from trialweave.errors import InputError, RunError
from trialweave.fetch.untrusted import check_ours

FILE = "names-1.sqlite"
RELEASE = re.compile(r"[0-9]{2}\.[0-9]{2}[a-z]")
_NAMED_RELEASE = re.compile(rf"Thesaurus_({RELEASE.pattern})\.FLAT\.zip", re.IGNORECASE)
_RETIRED = "Retired_Concept"
_COLUMNS = 9
_LINE_LIMIT = 4 << 20
_MOST_TEXT = 2 << 30
"""Bytes of the text in the zip: a hundred times what NCI's zip has."""
_SCHEMA = (
    "CREATE TABLE release (release TEXT)",
    "CREATE TABLE name (key TEXT, code TEXT, PRIMARY KEY (key, code)) WITHOUT ROWID",
)
_MOST_CODES = 1_000
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class NamesImported:
    """What an import came to. Without a `release` the index leads nowhere."""

    release: str | None
    concepts: int
    names: int
    bad_lines: int


def import_names(path: Path, cache_dir: Path, release: str | None = None) -> NamesImported:
    """Build the name index from a FLAT zip; the old one stays until the new one is whole. Raises InputError.

    `release` is that of the file; without it, the one in its name. Retired concepts are left out: they own no name.
    """
    if release is None and (named := _NAMED_RELEASE.fullmatch(path.name)) is not None:
        release = named[1].lower()
    cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = cache_dir / f".{FILE}.{os.getpid()}.part"
    part.unlink(missing_ok=True)
    bad = concepts = 0
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as database:
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" + ";".join(_SCHEMA))
            for cells in _rows(path):
                if cells is None:
                    bad += 1
                    continue
                code, names, status = cells[0], cells[3].split("|"), cells[6].split("|")
                if _RETIRED in status:
                    continue
                keys = {key for name in (*names, cells[5]) if (key := squash(name))}
                database.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", ((key, code) for key in keys))
                concepts += 1
            database.execute("INSERT INTO release VALUES (?)", (release,))
            (names_kept,) = database.execute("SELECT count(*) FROM name").fetchone()
            database.execute("COMMIT")
        if not concepts:
            raise InputError(f"{path} holds no concept; is it Thesaurus.FLAT.zip?")
        part.replace(cache_dir / FILE)
    except sqlite3.OperationalError as error:
        raise RunError(f"the names cannot be kept in {cache_dir}: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return NamesImported(release, concepts, names_kept, bad)


class ImportedNames:
    """The index of the last import (`fetch.searching.ReleaseNames`). Without one, or where it is damaged, no names.

    One that cannot be used is counted once in `events`.
    """

    def __init__(self, cache_dir: Path, events: Counter[str] | None = None) -> None:
        self._file = cache_dir / FILE
        self.events = Counter[str]() if events is None else events

    @property
    def release(self) -> str | None:
        """The release whose names these are."""
        told = [value for (value,) in self._rows("SELECT release FROM release")]
        return told[0] if len(told) == 1 and isinstance(told[0], str) else None

    @property
    def held(self) -> bool:
        """Is there an index at all?"""
        return self._file.is_file()

    def codes(self, name: str) -> frozenset[str]:
        """The concepts that bear a name in some spelling."""
        rows = self._rows("SELECT code FROM name WHERE key = ?", squash(name))
        return frozenset(code for (code,) in rows if isinstance(code, str) and CONCEPT_CODE.fullmatch(code))

    def _rows(self, query: str, *values: str) -> list[tuple[object, ...]]:
        try:
            check_ours(self._file.lstat())
            # Nothing writes to it, and what claims to be its journal or its log is not looked at.
            address = f"{self._file.absolute().as_uri()}?mode=ro&immutable=1"
            with closing(sqlite3.connect(address, uri=True)) as database:
                database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
                made = database.execute("SELECT sql FROM sqlite_master").fetchmany(len(_SCHEMA) + 1)
                if {sql for (sql,) in made} == set(_SCHEMA):
                    return database.execute(query, values).fetchmany(_MOST_CODES)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except (OSError, sqlite3.Error):
            pass  # as unusable as one with other statements in it
        self.events["names_unusable"] = 1
        return []


def _rows(path: Path) -> Iterator[list[str] | None]:
    """The nine cells of each line; None for a line that has others."""
    try:
        with zipfile.ZipFile(path) as archive:
            texts = [info for info in archive.infolist() if info.filename.lower().endswith(".txt")]
            if not texts:
                raise InputError(
                    f"{path} holds neither studies (NCT*.json) nor a text file;"
                    " is it the registry's bulk file, or Thesaurus.FLAT.zip?"
                )
            largest = max(texts, key=lambda info: info.file_size)
            if largest.file_size > _MOST_TEXT:
                raise InputError(f"{path} inflates to {largest.file_size:,} bytes, and {_MOST_TEXT:,} are read at most")
            with archive.open(largest) as stream:
                while line := stream.readline(_LINE_LIMIT):
                    cells = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
                    yield cells if len(cells) == _COLUMNS and CONCEPT_CODE.fullmatch(cells[0]) else None
    except InputError:
        raise
    except Exception as error:  # of a damaged archive zipfile raises what it likes
        raise InputError(f"{path} cannot be read ({error}); it may have been cut off: download it again") from error
