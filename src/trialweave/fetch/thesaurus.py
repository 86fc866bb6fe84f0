"""The names of NCI Thesaurus from its `Thesaurus.FLAT.zip`: who bears a name in the whole release.

An index for suggestions, and nothing else: the file lacks term types, roles and targets. It is text in nine columns
without a header, parted by tabs: code, IRI, parents, names (the first is the preferred one), definition, display name,
status (empty is active), semantic types, subsets; lists are parted by `|` (nci-evs-api section 9).
"""

from __future__ import annotations

import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from trialweave.core.identifiers import CONCEPT_CODE
from trialweave.core.text import squash
from trialweave.errors import InputError

FILE = "names-1.sqlite"
_COLUMNS = 9
_LINE_LIMIT = 4 << 20
_SCHEMA = """
    CREATE TABLE concept (code TEXT PRIMARY KEY, name TEXT, status TEXT, types TEXT) WITHOUT ROWID;
    CREATE TABLE name (key TEXT, code TEXT, PRIMARY KEY (key, code)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A concept that bears a name. `status` is empty where the concept is active."""

    code: str
    name: str
    status: tuple[str, ...]
    semantic_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamesImported:
    concepts: int
    names: int
    bad_lines: int


def import_names(path: Path, cache_dir: Path) -> NamesImported:
    """Build the name index from a FLAT zip; the old one stays until the new one is whole. Raises InputError."""
    cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = cache_dir / f".{FILE}.{os.getpid()}.part"
    part.unlink(missing_ok=True)
    bad = concepts = 0
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as database:
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" + _SCHEMA)
            for cells in _rows(path):
                if cells is None:
                    bad += 1
                    continue
                code, names, status, types = cells[0], cells[3].split("|"), cells[6], cells[7]
                database.execute("INSERT OR REPLACE INTO concept VALUES (?, ?, ?, ?)", (code, names[0], status, types))
                keys = {key for name in (*names, cells[5]) if (key := squash(name))}
                database.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", ((key, code) for key in keys))
                concepts += 1
            (names_kept,) = database.execute("SELECT count(*) FROM name").fetchone()
            database.execute("COMMIT")
        if not concepts:
            raise InputError(f"{path} holds no concept; is it Thesaurus.FLAT.zip?")
        part.replace(cache_dir / FILE)
    finally:
        part.unlink(missing_ok=True)
    return NamesImported(concepts, names_kept, bad)


def bearers(cache_dir: Path, name: str) -> tuple[Bearer, ...]:
    """Who bears this name, in any spelling, by code; nobody where no index was imported or it cannot be read."""
    file = cache_dir / FILE
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT code, concept.name, status, types FROM name JOIN concept USING (code) WHERE key = ? ORDER BY code",
            (squash(name),),
        )
        return tuple(Bearer(code, preferred, _parts(status), _parts(types)) for code, preferred, status, types in rows)
    return ()


def _parts(joined: str) -> tuple[str, ...]:
    return tuple(filter(None, joined.split("|")))


def _rows(path: Path) -> Iterator[list[str] | None]:
    """The nine cells of each line; None for a line that has others."""
    try:
        with zipfile.ZipFile(path) as archive:
            texts = [info for info in archive.infolist() if info.filename.lower().endswith(".txt")]
            if not texts:
                raise InputError(f"{path} holds no text file; is it Thesaurus.FLAT.zip?")
            with archive.open(max(texts, key=lambda info: info.file_size)) as stream:
                while line := stream.readline(_LINE_LIMIT):
                    cells = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
                    yield cells if len(cells) == _COLUMNS and CONCEPT_CODE.fullmatch(cells[0]) else None
    except InputError:
        raise
    except Exception as error:  # of a damaged archive zipfile raises what it likes
        raise InputError(f"{path} cannot be read ({error}); it may have been cut off: download it again") from error
