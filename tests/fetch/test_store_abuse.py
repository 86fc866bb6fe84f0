"""What a store survives from outside: other versions, a full disk, no right to write, a database changed under it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetch.samples.make import ENTRIES as SAMPLE
from standin import StandIn, World, nct, study
from trialweave.clock import ManualClock
from trialweave.fetch import Fetcher
from trialweave.fetch.disk import FILES
from trialweave.fetch.entries import Entry, pack
from trialweave.fetch.holders import Key
from trialweave.fetch.shared import SharedRows
from trialweave.fetch.store import FORMAT, Store
from trialweave.sources.base import Held

Open = Callable[..., Fetcher]
SAMPLES = sorted(file.parent.parent for file in (Path(__file__).parent / "samples").glob(f"*/{FORMAT}/{FILES[0]}"))
KEYS: list[Key] = [("ncit", f"C{n}", "1") for n in range(1, 31)]
ENTRIES = {key: Entry("found", digest=key[1], data=key[1].encode() * 300) for key in KEYS}
SOURCE = str(Path(__file__).resolve().parents[2] / "src")


def filled(cache_dir: Path) -> Path:
    with closing(Store(cache_dir)) as store:
        store.put_many(ENTRIES)
    return cache_dir


def held(store: Store) -> dict[Key, bytes]:
    return {key: entry.body for key, entry in store.get_many(KEYS).items()}


BODIES = {key: entry.data for key, entry in ENTRIES.items()}


# ---------------------------------------------------------------- versions


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda folder: folder.name)
def test_a_store_that_a_released_version_wrote_opens_and_gives_its_values(sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path / "cache")
    with closing(Store(tmp_path / "cache")) as store:
        found = store.get_many(SAMPLE)
        assert {key: replace(entry, data=entry.body, deflated=False) for key, entry in found.items()} == SAMPLE
        store.put_many({KEYS[0]: ENTRIES[KEYS[0]]})
        assert len(list(store.keys())) == len(SAMPLE) + 1
        assert not store.events


def test_there_is_a_sample_of_the_first_version() -> None:
    assert "0.1.0" in [sample.name for sample in SAMPLES]


def test_an_entry_of_an_older_format_is_a_miss_and_counted(tmp_path: Path) -> None:
    cache_dir = filled(tmp_path)
    with closing(Store(cache_dir)) as store:
        older = b"TWE0" + pack("ncit|C1|1", ENTRIES[KEYS[0]])[4:]
        assert store._ready() is not None
        assert store._write({"ncit|C1|1": older})
        assert held(store) == {key: body for key, body in BODIES.items() if key != KEYS[0]}
        assert store.events == {"entry_other_format": 1}


def test_the_directory_of_another_format_is_neither_read_nor_touched(tmp_path: Path) -> None:
    other = tmp_path / "store-0"
    other.mkdir()
    (other / "cache.db").write_bytes(b"what an older version wrote")
    with closing(Store(filled(tmp_path))) as store:
        assert held(store) == BODIES
        assert not store.events
    assert [(file.name, file.read_bytes()) for file in other.iterdir()] == [
        ("cache.db", b"what an older version wrote")
    ]


# ---------------------------------------------------------------- under an open store


@pytest.mark.parametrize(
    "junk", [b"", b"\x00" * 40_000, b"no database " * 4000, b"SQLite format 3\x00" + b"\xff" * 30_000]
)
def test_a_database_overwritten_under_an_open_store_costs_only_a_refetch(tmp_path: Path, junk: bytes) -> None:
    with closing(Store(filled(tmp_path))) as store:
        assert held(store) == BODIES
        (tmp_path / FORMAT / FILES[0]).write_bytes(junk)
        assert held(store).items() <= BODIES.items()
        store.put_many(ENTRIES)
        assert held(store) == BODIES
        assert store.events in ({"read_failed": 1, "quarantined": 1}, {"write_failed": 1, "quarantined": 1})
    with closing(Store(tmp_path)) as again:
        assert held(again).items() <= BODIES.items()
        again.put_many(ENTRIES)
        assert held(again) == BODIES


def test_a_database_replaced_by_another_store_under_an_open_one_gives_no_wrong_value(tmp_path: Path) -> None:
    """Moved in whole, with other values under the same keys: each is a value that was stored under its key."""
    other = tmp_path / "other"
    with closing(Store(other)) as store:
        store.put_many({key: replace(entry, data=b"other " + entry.data) for key, entry in ENTRIES.items()})
    with closing(Store(filled(tmp_path / "cache"))) as store:
        held(store)
        (other / FORMAT / FILES[0]).replace(tmp_path / "cache" / FORMAT / FILES[0])
        assert all(body in (BODIES[key], b"other " + BODIES[key]) for key, body in held(store).items())
        store.put_many(ENTRIES)
        assert held(store) == BODIES


def test_a_directory_removed_under_an_open_store_costs_only_the_next_run(tmp_path: Path) -> None:
    with closing(Store(filled(tmp_path / "cache"))) as store:
        assert held(store) == BODIES
        shutil.rmtree(tmp_path / "cache")
        store.put_many(ENTRIES)
        assert held(store) == BODIES


def test_a_directory_removed_under_a_reader_of_another_process_is_a_miss(tmp_path: Path) -> None:
    """It opens the database with the first read, when the one who wrote it may be gone."""
    rows = SharedRows(filled(tmp_path / "cache") / FORMAT)
    shutil.rmtree(tmp_path / "cache")
    assert rows.get_many(KEYS) == {}
    assert rows.events == {"read_failed": 1}


@given(st.data())
def test_any_bytes_in_the_files_of_a_store_are_values_that_were_stored_or_misses(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cache_dir = filled(tmp_path_factory.mktemp("store"))
    file = cache_dir / FORMAT / data.draw(st.sampled_from(FILES))
    raw = bytearray(file.read_bytes() if file.exists() else b"")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(raw) - 1)))
        patch = data.draw(st.binary(min_size=1, max_size=64))
        raw[at : at + len(patch)] = patch
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw)))]
    file.write_bytes(raw)
    with closing(Store(cache_dir, timeout=0.2)) as store:
        assert held(store).items() <= BODIES.items()
        list(store.keys())
        store.put_many(ENTRIES)
        assert held(store) == BODIES


# ---------------------------------------------------------------- processes

_IN_A_READ_ONLY_DIRECTORY = """
import os, sys
from pathlib import Path
from trialweave.fetch.entries import Entry
from trialweave.fetch.store import Store
if os.getuid() == 0:
    os.setuid(65534)
store = Store(Path(sys.argv[1]))
key = ("ncit", "C1", "1")
before = {k: e.body for k, e in store.get_many([key]).items()}
store.put_many({key: Entry("found", data=b"new")})
print(before == {key: b"C1" * 300}, store.get_many([key])[key].body, sorted(store.events), flush=True)
store.close()
"""


@pytest.mark.parametrize("empty", [True, False])
def test_a_read_only_directory_costs_only_the_keeping(tmp_path_factory: pytest.TempPathFactory, empty: bool) -> None:
    """In a process that is not root, whom permissions do not bind. What is held is read."""
    cache_dir = tmp_path_factory.mktemp("read-only")
    if not empty:
        filled(cache_dir)
    for path in [*cache_dir.rglob("*"), cache_dir]:
        if os.getuid() == 0:
            os.chown(path, 65534, 65534)
        path.chmod(0o555 if path.is_dir() else 0o444)
    reachable = [parent for parent in cache_dir.parents if parent.stat().st_uid == os.getuid() and parent != Path("/")]
    modes = {parent: parent.stat().st_mode for parent in reachable}
    try:
        for parent in reachable:
            parent.chmod(modes[parent] | 0o011)
        done = subprocess.run(
            [sys.executable, "-c", _IN_A_READ_ONLY_DIRECTORY, str(cache_dir)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": SOURCE, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    finally:
        for parent, mode in modes.items():
            parent.chmod(mode)
        for path in [cache_dir, *cache_dir.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
    told = "False b'new' ['unusable']" if empty else "True b'new' ['write_failed']"
    assert done.stdout.strip() == told, done


_FILLS_THE_DISK = """
import resource, signal, sys
from pathlib import Path
from trialweave.fetch.entries import Entry
from trialweave.fetch.store import Store
import random
store = Store(Path(sys.argv[1]))
small = {("ncit", "C1", "1"): Entry("found", data=b"small")}
store.put_many(small)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
big = {("ncit", f"C{n}", "1"): Entry("found", data=random.Random(n).randbytes(50_000)) for n in range(2, 22)}
store.put_many(big)
whole = store.get_many([*small, *big])
print(all(whole[k].body == e.data for k, e in {**small, **big}.items()), sorted(store.events), flush=True)
store.close()
"""


def test_a_disk_that_is_really_full_costs_only_the_keeping(tmp_path: Path) -> None:
    """The kernel refuses to let any file grow beyond 200 kB: the errors are those of the disk, not of a setting."""
    done = subprocess.run(
        [sys.executable, "-c", _FILLS_THE_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": SOURCE},
    )
    assert done.stdout.startswith("True ['write_failed'"), done
    with closing(Store(tmp_path)) as store:
        key: Key = ("ncit", "C1", "1")
        assert store.get_many([key])[key].body == b"small"


_CUT_WHILE_READING = """
import os, sys
from pathlib import Path
from trialweave.fetch.entries import Entry
from trialweave.fetch.store import FORMAT, Store
keys = [("ncit", f"C{n}", "1") for n in range(1, 300)]
store = Store(Path(sys.argv[1]))
store.put_many({key: Entry("found", data=os.urandom(8000)) for key in keys})
store.close()
store = Store(Path(sys.argv[1]))
store.get_many(keys[:1])
store._cache._con.execute("BEGIN")
store._cache._con.execute("SELECT count(*) FROM Settings").fetchall()
os.truncate(Path(sys.argv[1]) / FORMAT / "cache.db", 8192)
print(len(store.get_many(keys)) < len(keys), dict(store.events), flush=True)
"""


def test_a_database_cut_in_the_middle_of_a_read_is_no_bus_error(tmp_path: Path) -> None:
    """With a map of the file in memory the kernel ended the process here."""
    done = subprocess.run(
        [sys.executable, "-c", _CUT_WHILE_READING, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": SOURCE},
    )
    assert (done.returncode, done.stdout) == (0, "True {'read_failed': 1, 'quarantined': 1}\n"), done


# ---------------------------------------------------------------- the run goes on, and says so


def test_what_was_wrong_with_the_store_is_counted_in_the_report(
    open_on: Open, tmp_path: Path, clock: ManualClock
) -> None:
    world = World(studies={nct(n): study(nct(n)) for n in range(1, 6)})
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            fetcher.prefetch({"ctgov": list(world.studies)})
        (tmp_path / "cache" / FORMAT / FILES[0]).write_bytes(b"garbage " * 1000)
        with open_on(server) as fetcher:
            report = fetcher.prefetch({"ctgov": list(world.studies)})
            found = fetcher.read("ctgov", list(world.studies))
    assert all(isinstance(lookup, Held) for lookup in found.values())
    assert report.store == {"quarantined": 1}
    assert json.loads(json.dumps(dict(report.store))) == report.store
