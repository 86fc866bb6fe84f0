"""Write the store of the version at hand as a sample, which every later version has to open.

    PYTHONPATH=src python tests/fetch/samples/make.py        once for each release, before it; never again for that one

The sample goes to `tests/fetch/samples/<version>/`; what is in it stands in `ENTRIES` below, which only grows.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from trialweave import __version__
from trialweave.fetch.disk import FILES
from trialweave.fetch.entries import Entry
from trialweave.fetch.holders import Key
from trialweave.fetch.store import FORMAT, Store

HERE = Path(__file__).parent
_FIRST, _LAST = "2026-10-03T02:00:00Z", "2026-11-23T02:00:00Z"

ENTRIES: dict[Key, Entry] = {
    ("ctgov", "NCT06254807", "1"): Entry(
        "found",
        None,
        "a" * 64,
        "2026-10-02T09:00:04",
        _FIRST,
        "2026-11-20T09:00:04",
        _LAST,
        (),
        b'{"Greek": "\xce\xb2"}',
    ),
    ("ctgov", "NCT00009113", "1"): Entry(
        "alias", "NCT00010647", None, "2026-10-02T09:00:04", _FIRST, "2026-11-20T09:00:04", _LAST
    ),
    ("ctgov", "NCT99999999", "1"): Entry("absent", None, None, None, _FIRST, None, _LAST),
    ("ncit", "C102744", "1"): Entry(
        "found", None, "b" * 64, "26.09d", _FIRST, "26.10d", _LAST, ("C102744.replacements",), b"x" * 10_000
    ),
    ("ncit", "C102744.replacements", "1"): Entry(
        "found", None, "c" * 64, "26.09d", _FIRST, "26.10d", _LAST, ("C559",), b"[]"
    ),
}


def write(folder: Path) -> None:
    """Write the entries into a new store below `folder`, and leave one plain database file."""
    store = Store(folder)
    store.put_many(ENTRIES)
    store.close()
    file = folder / FORMAT / FILES[0]
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("VACUUM")


def main() -> None:
    """Write the sample of this version. A sample that stands is never written again."""
    target = HERE / __version__
    write(target)
    for rest in target.rglob("*"):
        if rest.is_file() and rest.name != FILES[0]:
            rest.unlink()
    print(*sorted(target.rglob("*.db")))  # noqa: T201


if __name__ == "__main__":
    if (HERE / __version__).exists():
        raise SystemExit(f"the sample of {__version__} stands already: it is what that release wrote")
    main()
    shutil.rmtree(HERE / "__pycache__", ignore_errors=True)
