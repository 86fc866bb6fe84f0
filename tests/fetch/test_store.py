"""The store under its contract and under abuse: never a wrong value, never code run, never a file outside touched."""

from __future__ import annotations

import fcntl
import os
import pickle
import signal
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from trialweave.fetch import upkeep
from trialweave.fetch.entries import Entry, pack
from trialweave.fetch.holders import Holder, Key, MemoryHolder
from trialweave.fetch.store import FORMAT, Store

KEYS: list[Key] = [("ctgov", f"NCT{n:08}", "1") for n in range(50)]
ENTRIES = {
    key: Entry(
        "found", None, f"d{n}", "v1", "2026-11-01T00:00:00Z", "v1", "2026-11-01T00:00:00Z", data=b"body %d " % n * 99
    )
    for n, key in enumerate(KEYS)
}
SOURCE = str(Path(__file__).resolve().parents[2] / "src")


def bodies(holder: Holder) -> dict[Key, bytes]:
    return {key: entry.body for key, entry in holder.get_many(KEYS).items()}


EXPECTED = {key: entry.data for key, entry in ENTRIES.items()}


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A cache directory with every entry in it."""
    store = Store(tmp_path / "cache")
    store.put_many(ENTRIES)
    store.close()
    return tmp_path / "cache"


@pytest.fixture
def reopened(filled: Path) -> Iterator[Callable[[], Store]]:
    """Open the filled store again, and close it after the test."""
    stores: list[Store] = []

    def open_again() -> Store:
        stores.append(Store(filled, timeout=0.2))
        return stores[-1]

    yield open_again
    for store in stores:
        store.close()


def sql(cache_dir: Path, statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(cache_dir / FORMAT / "cache.db")) as database:
        database.execute(statement, values)
        database.commit()


# ---------------------------------------------------------------- the contract


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_a_holder_gives_back_what_it_was_given(tmp_path: Path, kind: str) -> None:
    holder: Holder = MemoryHolder() if kind == "memory" else Store(tmp_path)
    assert holder.get_many(KEYS) == {}
    holder.put_many(ENTRIES)
    assert bodies(holder) == EXPECTED
    changed = Entry("absent", None, None, "v2", "2026-11-02T00:00:00Z", "v2", "2026-11-02T00:00:00Z")
    holder.put_many({KEYS[0]: changed})
    back = holder.get_many([KEYS[0]])[KEYS[0]]
    assert (back.kind, back.confirmed_version, back.body) == ("absent", "v2", b"")
    holder.drop(KEYS[1])
    assert holder.get_many(KEYS).keys() == ENTRIES.keys() - {KEYS[1]}
    holder.close()


def test_another_projection_is_another_entry(reopened: Callable[[], Store]) -> None:
    assert reopened().get_many([("ctgov", KEYS[0][1], "2")]) == {}


def test_entries_outlive_the_process_and_are_never_evicted(filled: Path, reopened: Callable[[], Store]) -> None:
    sql(filled, "UPDATE Settings SET value = 1 WHERE key = 'size_limit'")
    sql(filled, "UPDATE Settings SET value = 'least-recently-used' WHERE key = 'eviction_policy'")
    store = reopened()
    store.put_many({KEYS[0]: ENTRIES[KEYS[0]]})
    assert bodies(store) == EXPECTED
    assert not store.events


def test_looking_into_a_store_that_is_not_there_leaves_no_trace(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    assert store.get_many(KEYS) == {}
    store.close()
    assert not (tmp_path / "cache").exists()


def test_upkeep_counts_verifies_and_prunes(filled: Path) -> None:
    told = upkeep.info(filled, verify=True)
    assert told.entries == {"ctgov": {"found": 50}, "ncit": {}}
    assert (told.oldest, told.newest, told.damaged) == ("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z", {})
    assert told.size > 0
    assert upkeep.prune(filled, datetime(2026, 11, 1, tzinfo=UTC)) == 0
    assert upkeep.prune(filled, datetime(2026, 11, 2, tzinfo=UTC)) == 50
    assert upkeep.info(filled).entries["ctgov"] == {}


# ---------------------------------------------------------------- poison


class Evil:
    """Whoever unpickles this creates a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "executed"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    file = tmp_path / "elsewhere" / "deep" / "precious.txt"
    file.parent.mkdir(parents=True)
    file.write_text("secret")
    return file


def test_a_pickled_value_is_a_miss(filled: Path, reopened: Callable[[], Store], mark: Path) -> None:
    sql(filled, "UPDATE Cache SET mode = 4, value = ? WHERE rowid <= 10", pickle.dumps(Evil(mark)))
    store = reopened()
    assert len(bodies(store)) == 40
    assert store.events["row_rejected"] == 10
    assert not mark.exists()
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED


def test_a_pickled_file_is_a_miss(filled: Path, reopened: Callable[[], Store], mark: Path) -> None:
    (filled / FORMAT / "x.val").write_bytes(pickle.dumps(Evil(mark)))
    sql(filled, "UPDATE Cache SET mode = 4, filename = 'x.val', value = NULL")
    store = reopened()
    assert bodies(store) == {}
    assert store.events["row_rejected"] == 50
    assert not mark.exists()


def test_a_pickled_key_is_passed_over(filled: Path, mark: Path) -> None:
    sql(
        filled,
        "INSERT INTO Cache (key, raw, store_time, mode, value) VALUES (?, 0, 0, 1, 'x')",
        pickle.dumps(Evil(mark)),
    )
    told = upkeep.info(filled)
    assert (told.entries["ctgov"], told.damaged) == ({"found": 50}, {"foreign_key": 1})
    assert upkeep.prune(filled, datetime(2026, 11, 2, tzinfo=UTC)) == 51
    assert upkeep.info(filled).damaged == {}
    assert not mark.exists()


def test_a_key_that_is_no_utf8_is_removed_by_pruning(filled: Path) -> None:
    """It ends the listing of all keys: nothing was pruned any more, and verifying promised that pruning mends it."""
    sql(filled, "INSERT INTO Cache (key, raw, store_time, mode, value) VALUES (CAST(x'80ff' AS TEXT), 1, 0, 1, 'x')")
    assert upkeep.info(filled).damaged == {"read_failed": 1}
    assert upkeep.prune(filled, datetime(2026, 11, 1, tzinfo=UTC)) == 1
    told = upkeep.info(filled)
    assert (told.entries["ctgov"], told.damaged) == ({"found": 50}, {})


@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_a_file_that_a_row_names_is_neither_read_nor_removed(
    filled: Path, reopened: Callable[[], Store], victim: Path, mode: int
) -> None:
    sql(filled, "UPDATE Cache SET mode = ?, filename = ?, value = NULL", mode, str(victim))
    store = reopened()
    assert bodies(store) == {}
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED
    store.drop(KEYS[0])
    assert victim.read_text() == "secret"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reset", 5),
        ("_local", 5),
        ("eviction_policy", "bogus"),
        ("get", "not a method"),
        ("_disk", "x"),
        ("disk_fetch", "x"),
        ("sqlite_bogus = 1; --", 1),
        ("_directory", "ELSEWHERE"),
        ("disk__directory", "ELSEWHERE"),
        ("sqlite_mmap_size", b"\x80\x04evil"),
        ("sqlite_journal_mode", "wal; ATTACH 'x' AS x"),
        ("sqlite_cache_size", ""),
        ("count", b"\x80\x04evil"),
    ],
)
def test_a_poisoned_setting_costs_only_a_refetch(
    filled: Path, reopened: Callable[[], Store], victim: Path, key: str, value: object
) -> None:
    elsewhere = victim.parent
    sql(
        filled,
        "INSERT OR REPLACE INTO Settings VALUES (?, ?)",
        key,
        str(elsewhere) if value == "ELSEWHERE" else value,
    )
    store = reopened()
    assert bodies(store) in ({}, EXPECTED)
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED
    assert list(elsewhere.iterdir()) == [victim]
    again = reopened()
    assert bodies(again) == EXPECTED


@pytest.mark.parametrize("kind", ["database", "store", "empty", "missing"])
def test_a_linked_database_is_set_aside_and_its_target_left_alone(tmp_path: Path, filled: Path, kind: str) -> None:
    """An empty file, and one that is not there yet, would be made a database of ours; a store would be written to."""
    target = filled / FORMAT / "cache.db" if kind == "store" else tmp_path / "other.db"
    if kind == "database":
        with closing(sqlite3.connect(target)) as database:
            database.execute("CREATE TABLE mine (x)")
    elif kind == "empty":
        target.touch()
    before = target.read_bytes() if target.exists() else None
    (tmp_path / "linked" / FORMAT).mkdir(parents=True)
    (tmp_path / "linked" / FORMAT / "cache.db").symlink_to(target)
    with closing(Store(tmp_path / "linked")) as store:
        assert store.get_many(KEYS) == {}
        store.put_many(ENTRIES)
        assert bodies(store) == EXPECTED
        assert store.events == {"quarantined": 1}
    assert (target.read_bytes() if target.exists() else None) == before


def hot_journal(names: Path) -> bytes:
    """A rollback journal that SQLite takes for one that a crash left, part of a transaction over several databases.

    Playing it back ends in removing the file that it names as the list of those journals, whatever that file is.
    """
    magic, name = bytes.fromhex("d9d505f920a163d7"), str(names).encode()
    head = magic + struct.pack(">5I", 0, 0, 1, 512, 4096)
    lock_page = struct.pack(">I", (1 << 30) // 4096 + 1)
    return head.ljust(512, b"\0") + lock_page + name + struct.pack(">2I", len(name), sum(name)) + magic


def test_a_journal_that_names_a_file_removes_nothing(filled: Path, reopened: Callable[[], Store], victim: Path) -> None:
    """SQLite itself removed the file on opening the database, before a row was read."""
    (filled / FORMAT / "cache.db-journal").write_bytes(hot_journal(victim))
    store = reopened()
    assert bodies(store) == {}
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED
    assert store.events == {"quarantined": 1}
    assert victim.read_text() == "secret"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER Settings_mine AFTER INSERT ON Cache BEGIN DELETE FROM Cache; END",
        "CREATE TRIGGER mine AFTER UPDATE ON Settings BEGIN DELETE FROM Cache; END",
        "CREATE VIEW mine AS SELECT * FROM Cache",
        "CREATE INDEX mine ON Cache (length(value))",
        "CREATE TABLE mine (x)",
        "ALTER TABLE Cache ADD COLUMN mine AS (length(value))",
        "ALTER TABLE Settings ADD COLUMN mine CHECK (length(key) > 0)",
    ],
)
def test_a_database_with_statements_of_its_own_is_set_aside(
    filled: Path, reopened: Callable[[], Store], statement: str
) -> None:
    """They would run with each row that is read or written, and could as well run for ever."""
    sql(filled, statement)
    store = reopened()
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED
    assert store.events == {"quarantined": 1}


def test_a_crafted_entry_with_a_bomb_is_dropped(reopened: Callable[[], Store]) -> None:
    store = reopened()
    store.put_many({KEYS[0]: Entry("found", digest="d", data=b"no deflate stream", deflated=True)})
    assert store.get_many([KEYS[0]])[KEYS[0]].digest == "d"
    store.drop(KEYS[0])
    assert store.get_many([KEYS[0]]) == {}
    assert store.events["body_damaged"] == 1


# ---------------------------------------------------------------- damage


def test_flipped_bits_never_give_a_wrong_value(filled: Path, reopened: Callable[[], Store]) -> None:
    file = filled / FORMAT / "cache.db"
    raw = bytearray(file.read_bytes())
    for at in range(20_000, len(raw), 997):
        raw[at] ^= 0x55
    file.write_bytes(raw)
    store = reopened()
    got = bodies(store)
    assert got.items() <= EXPECTED.items()
    assert got != EXPECTED
    assert store.events
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED


@pytest.mark.parametrize("junk", [b"this is no database " * 400, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_garbage_in_place_of_the_database_is_set_aside(
    filled: Path, reopened: Callable[[], Store], junk: bytes
) -> None:
    (filled / FORMAT / "cache.db").write_bytes(junk)
    store = reopened()
    assert bodies(store) == {}
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED
    assert store.events["quarantined"] == 1
    assert (filled / FORMAT / "cache.db.damaged-0").read_bytes() == junk


@pytest.mark.parametrize("left", [0, 100, 4096, 12_000, 50_000])
def test_a_truncated_database_costs_only_a_refetch(filled: Path, reopened: Callable[[], Store], left: int) -> None:
    os.truncate(filled / FORMAT / "cache.db", left)
    store = reopened()
    assert bodies(store).items() <= EXPECTED.items()
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED


def test_a_database_cut_under_an_open_store_costs_only_a_refetch(filled: Path, reopened: Callable[[], Store]) -> None:
    store = reopened()
    assert bodies(store) == EXPECTED
    os.truncate(filled / FORMAT / "cache.db", 8192)
    assert bodies(store).items() <= EXPECTED.items()
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED


def test_tables_of_another_program_are_set_aside(filled: Path, reopened: Callable[[], Store]) -> None:
    sql(filled, "DROP TABLE Cache")
    store = reopened()
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED
    assert store.events["quarantined"] == 1


# ---------------------------------------------------------------- a directory that cannot be used


def test_a_directory_that_cannot_be_made_means_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file")
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED
    assert store.events["unusable"] == 1
    store.close()


def test_a_file_in_the_place_of_a_directory_is_told_by_looking_too(tmp_path: Path) -> None:
    """Offline nothing is ever written: the store looked empty."""
    (tmp_path / "file").write_text("in the way")
    for cache_dir in (tmp_path / "file", tmp_path / "file" / "below"):
        store = Store(cache_dir)
        assert store.get_many(KEYS) == {}
        assert store.events == {"unusable": 1}
        store.close()


def test_a_directory_of_somebody_else_means_no_store(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    store = Store(filled)
    assert store.get_many(KEYS) == {}
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED
    assert store.events == {"wrong_owner": 1}
    store.close()


def test_a_path_that_would_be_expanded_means_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMEWHERE", "elsewhere")
    store = Store(tmp_path / "$SOMEWHERE")
    store.put_many(ENTRIES)
    assert bodies(store) == EXPECTED
    store.close()
    assert not (tmp_path / "elsewhere").exists()


def test_a_lock_held_by_another_costs_the_writing_only(filled: Path, reopened: Callable[[], Store]) -> None:
    store = reopened()
    assert bodies(store) == EXPECTED
    new = Entry("absent", None, None, "v2", "2026-11-02T00:00:00Z", "v2", "2026-11-02T00:00:00Z")
    with closing(sqlite3.connect(filled / FORMAT / "cache.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        store.put_many({KEYS[0]: new})
        assert store.events == {"write_failed": 1}
        assert store.get_many([KEYS[0]])[KEYS[0]].kind == "absent"
        other.execute("ROLLBACK")
    store.put_many({KEYS[1]: new})
    again = reopened()
    assert [again.get_many([key])[key].kind for key in KEYS[:2]] == ["found", "absent"]


def test_a_process_that_stopped_while_it_opened_the_store_costs_the_store_only(filled: Path) -> None:
    """It holds the lock under which a store is opened, and will not let go: no run waits for it for ever."""
    with (filled / f"{FORMAT}.lock").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with closing(Store(filled, timeout=0.2)) as store:
            store.put_many(ENTRIES)
            assert bodies(store) == EXPECTED
            assert store.events == {"locked": 1}


def test_a_full_disk_costs_the_writing_only(filled: Path, reopened: Callable[[], Store]) -> None:
    store = reopened()
    assert bodies(store) == EXPECTED
    assert store._cache is not None
    store._cache._con.execute("PRAGMA max_page_count = 1")
    big = {("ctgov", f"NCT{n:08}", "1"): Entry("found", data=os.urandom(100_000)) for n in range(60, 80)}
    store.put_many(big)
    assert {key: entry.body for key, entry in store.get_many(big).items()} == {k: e.data for k, e in big.items()}
    assert bodies(store) == EXPECTED
    assert store.events == {"write_failed": 1}


# ---------------------------------------------------------------- processes

_WRITER = """
import sys
from pathlib import Path
from trialweave.fetch.entries import Entry
from trialweave.fetch.store import Store
store = Store(Path(sys.argv[1]))
for batch in range(int(sys.argv[3])):
    entry = Entry("found", digest=str(batch), data=b"x" * 5000)
    store.put_many({("ncit", f"C{sys.argv[2]}{n}", "1"): entry for n in range(20)})
    print(batch, flush=True)
print(dict(store.events), flush=True)
"""


def writer(cache_dir: Path, name: str, batches: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(cache_dir), name, str(batches)],
        env={**os.environ, "PYTHONPATH": SOURCE},
        stdout=subprocess.PIPE,
        text=True,
    )


def digests(cache_dir: Path, name: str) -> set[str | None]:
    store = Store(cache_dir)
    keys: list[Key] = [("ncit", f"C{name}{n}", "1") for n in range(20)]
    found = store.get_many(keys)
    assert not store.events
    store.close()
    assert len(found) == 20
    return {entry.digest for entry in found.values()}


@pytest.mark.parametrize("names", ["12", "1234"])
def test_processes_open_and_write_one_store_at_once(tmp_path: Path, names: str) -> None:
    writers = [writer(tmp_path, name, 8) for name in names]
    assert [process.communicate(timeout=300)[0].splitlines()[-1] for process in writers] == ["{}"] * len(names)
    assert [digests(tmp_path, name) for name in names] == [{"7"}] * len(names)


def test_a_store_that_another_process_has_made_anew_is_not_set_aside_again(
    filled: Path, reopened: Callable[[], Store]
) -> None:
    one, two = reopened(), reopened()
    assert bodies(one) == bodies(two) == EXPECTED
    one._quarantine()
    one.put_many(ENTRIES)
    two._quarantine()
    assert bodies(two) == EXPECTED
    assert (one.events["quarantined"], two.events["quarantined"]) == (1, 0)


_KILLED_IN_A_BATCH = """
import os, signal, sys
from pathlib import Path
import diskcache
from trialweave.fetch.entries import Entry
from trialweave.fetch.store import Store
store = Store(Path(sys.argv[1]))
def batch(digest):
    store.put_many({("ncit", f"C1{n}", "1"): Entry("found", digest=digest, data=b"x" * 5000) for n in range(20)})
batch("whole")
rows, write = 0, diskcache.Cache.set
def dying(self, *args, **options):
    global rows
    rows += 1
    if rows == 11:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(self, *args, **options)
diskcache.Cache.set = dying
batch("broken off")
"""


def test_a_killed_writer_leaves_whole_batches(tmp_path: Path) -> None:
    """Killed after the tenth row of twenty."""
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_IN_A_BATCH, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": SOURCE},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert digests(tmp_path, "1") == {"whole"}


def test_a_writer_killed_at_any_moment_leaves_a_store_that_opens(tmp_path: Path) -> None:
    process = writer(tmp_path, "1", 100_000)
    assert process.stdout is not None
    for _ in range(5):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait(300)
    process.stdout.close()
    (left,) = digests(tmp_path, "1")
    assert int(left or 0) >= 4


def test_the_format_of_the_first_release_still_opens() -> None:
    """These bytes are frozen: a change here means a new FORMAT, and old stores become misses."""
    at = "2026-11-01T00:00:00Z"
    frozen = pack("ncit|C1|1", Entry("absent", None, None, "26.10d", at, "26.10d", at))
    assert frozen.startswith(b"TWE1")
    told = b'["ncit|C1|1","absent",null,null,"26.10d","%b","26.10d","%b",[' % (at.encode(), at.encode())
    assert frozen[24:].partition(b"]]")[0] == told
