"""What trialweave costs, beside what a user would pick instead: one table, each row a ratio of one interleaved run.

    make bench                       the whole table
    python -m benchmarks.bench --quick     small sizes and one round: does everything still run?

Both sides of a row take turns, round by round, on the same files and the same server on the loopback; told are medians,
and the median of the rounds' ratios. Absolute times belong to the machine and its hour; ratios are what counts.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks import rivals
from benchmarks.fill import fill_cache, write_records
from benchmarks.world import RELEASE, TIMESTAMP, World
from trialweave import Settings, Weaver
from trialweave.fetch.bulk import import_studies
from trialweave.fetch.holders import key_text
from trialweave.fetch.store import FORMAT
from trialweave.ledger import Earlier, LedgerWriter
from trialweave.outputs import FOLDER as REMEMBERED
from trialweave.outputs import remembered
from trialweave.run import Run
from trialweave.tables import open_inputs, write_atomically
from trialweave.weave import rare_collection

Work = Callable[[], object]
COMMAND = (sys.executable, "-c", "from trialweave.cli import entry; entry()")


MEASURE = """
import json, resource, sys, time
from trialweave.cli import main

started = time.process_time()
main(sys.argv[1:])
print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.process_time() - started]))
"""
"""Runs the command line, and prints the most memory it held (MB) and its processor time (s)."""


@dataclass(frozen=True)
class Sizes:
    """How much is measured. `records` are the sizes of our own growth; rivals run at the smaller ones."""

    records: tuple[int, ...]
    rival: int
    cold: int
    rounds: int
    latency: float
    rate: float
    polite: tuple[float, float]
    """The rates that are kept to by default."""


LONG = 100_000
"""Records of a run that is done once: it takes minutes, and its chances even out."""

FULL = Sizes((1_000, 10_000, 100_000), 3_000, 1_000, 5, 0.02, 20.0, (1.0, 3.0))
USUAL = Sizes((1_000, 10_000), 1_000, 200, 5, 0.02, 20.0, (1.0, 3.0))
QUICK = Sizes((40, 80), 40, 6, 1, 0.0, 200.0, (200.0, 200.0))


class Table:
    """Measures and prints row by row."""

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds
        print(f"{'what':66}{'ours':>12}{'theirs':>12}{'ratio':>9}   wanted", flush=True)

    def row(self, what: str, ours: Work, theirs: Work, wanted: str, *, faster: bool = True, rounds: int = 0) -> None:
        """Time both in turns. The ratio is theirs to ours, or ours to theirs where we are to stay within a limit."""
        mine, other = [], []
        for _ in range(rounds or self._rounds):
            mine.append(_seconds(ours))
            other.append(_seconds(theirs))
        pairs = zip(mine, other, strict=True)
        ratio = statistics.median(b / a if faster else a / b for a, b in pairs)
        self.told(what, f"{statistics.median(mine):.3f} s", f"{statistics.median(other):.3f} s", ratio, wanted)

    def told(self, what: str, ours: str, theirs: str, ratio: float | None, wanted: str) -> None:
        shown = "" if ratio is None else f"{ratio:.2f} x"
        print(f"{what:66}{ours:>12}{theirs:>12}{shown:>9}   {wanted}", flush=True)


def _seconds(work: Work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def served(records: int, latency: float) -> Iterator[rivals.Addresses]:
    """Both services over an even world of this size."""
    arguments = ("-m", "benchmarks.server", "--records", str(records), "--latency", str(latency))
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the server tells its addresses on standard output")
            yield process.stdout.readline().strip(), process.stdout.readline().strip()
        finally:
            process.kill()


def enrich_again(table: Path, out: Path, weaver: Weaver, cache: Path) -> None:
    """The work of `trialweave enrich -o FILE` over a table that was enriched before, without starting a process."""
    with (
        weaver,
        open_inputs([table], columns=weaver.columns) as inputs,
        remembered(cache, out) as (last, ledger),
        write_atomically(out) as lines,
        Run(weaver, inputs, print) as run,
    ):
        for row in run.woven(earlier=last, ledger=ledger):
            lines.write(row.line + b"\n")


def enrich(table: Path, out: Path, weaver: Weaver, *, jobs: int = 1, earlier: Path | None = None) -> Run:
    """The work of `trialweave enrich` into a new file, or of a night after `earlier`, without starting a process."""
    with (
        weaver,
        open_inputs([table], columns=weaver.columns) as inputs,
        out.open("wb") as lines,
        LedgerWriter(out.with_suffix(".keys")) as ledger,
        Run(weaver, inputs, print) as run,
    ):
        last = None if earlier is None else Earlier.open(earlier.with_suffix(".keys"), earlier)
        for row in run.woven(jobs, earlier=last, ledger=None if earlier is None else ledger):
            lines.write(row.line + b"\n")
        if last is not None:
            last.close()
    return run


def warm(world: World, folder: Path) -> tuple[Path, Path]:
    """A table and a filled cache."""
    table, cache = folder / f"records-{world.records}.jsonl", folder / f"cache-{world.records}-{world.day}"
    if not table.exists():
        write_records(world, table)
    if not cache.exists():
        fill_cache(world, cache)
    return table, cache


# ---------------------------------------------------------------- rows


def cold_rows(told: Table, sizes: Sizes, folder: Path) -> None:
    world = World(sizes.cold, even=True)
    table, rows = write_records(world, folder / "cold.jsonl"), list(world.rows())
    counter = iter(range(10**6))

    def weaver(addresses: rivals.Addresses, *rates: float) -> Weaver:
        services = [{"url": address, "rate": rate} for address, rate in zip(addresses, 2 * rates, strict=False)]
        chosen = {"ctgov": services[0], "evs": services[1], "cache_dir": folder / f"cold-{next(counter)}"}
        return Weaver(Settings.model_validate(chosen))

    def ours(addresses: rivals.Addresses, rate: float) -> Run:
        return enrich(table, folder / "cold.out", weaver(addresses, rate))

    with served(sizes.cold, sizes.latency) as at:
        asked = _requests(ours(at, 1000))
        told.told(
            f"cold, {sizes.cold:,} studies and concepts: requests", f"{sum(asked)}", f"{2 * sizes.cold}", None, "<= 10"
        )
        what = f"cold, latency {sizes.latency * 1000:.0f} ms:"
        told.row(f"{what} plain loop", lambda: ours(at, 1000), lambda: rivals.plain_loop(rows, at), "")
        told.row(f"{what} 16 threads", lambda: ours(at, 1000), lambda: rivals.threaded_loop(rows, at), "")
    with served(sizes.cold, 0.0) as at:
        rate, what = sizes.rate, f"cold, {sizes.rate:.0f} requests a second:"
        ours(at, 1000)  # the server remembers its answers, and is measured with neither side
        loop = lambda: rivals.plain_loop(rows, at, rate)  # noqa: E731
        told.row(f"{what} plain loop", lambda: ours(at, rate), loop, ">= 100 x", rounds=1)
        told.row(f"{what} fetching, plain loop", lambda: fetch(table, weaver(at, rate)), loop, ">= 100 x", rounds=1)
        must = lambda: time.sleep(_waiting(asked, (rate, rate)))  # noqa: E731
        told.row(
            f"{what} fetching, the requests alone",
            lambda: fetch(table, weaver(at, rate)),
            must,
            "<= 1.15 x",
            faster=False,
        )
        told.row(f"{what} all, the requests alone", lambda: ours(at, rate), must, "", faster=False)
        told.row(
            f"{what} the command, the requests alone",
            lambda: command(table, folder, at, rate, next(counter)),
            must,
            "",
            faster=False,
        )
        what = f"cold, {sizes.polite[0]:g} and {sizes.polite[1]:g} requests a second:"
        must = lambda: time.sleep(_waiting(asked, sizes.polite))  # noqa: E731
        told.row(
            f"{what} fetching, the requests alone",
            lambda: fetch(table, weaver(at, *sizes.polite)),
            must,
            "<= 1.15 x",
            faster=False,
        )
        told.row(
            f"{what} all, the requests alone",
            lambda: enrich(table, folder / "cold.out", weaver(at, *sizes.polite)),
            must,
            "",
            faster=False,
        )


def _waiting(asked: Sequence[int], rates: Sequence[float]) -> float:
    """Seconds that so many requests take at these rates: both sources at once, the first request of each at once."""
    return max((requests - 1) / rate for requests, rate in zip(asked, rates, strict=True))


def fetch(table: Path, weaver: Weaver) -> None:
    """The first half of a run: read, plan, fetch, check and store."""
    with (
        weaver,
        open_inputs([table], columns=weaver.columns) as inputs,
        Run(weaver, inputs, print) as run,
        rare_collection(),
    ):
        weaver.fetcher.prefetch(run.wanted())


def command(table: Path, folder: Path, addresses: rivals.Addresses, rate: float, number: int) -> None:
    """A process from start to end."""
    given = {"TRIALWEAVE_CTGOV_URL": addresses[0], "TRIALWEAVE_EVS_URL": addresses[1]}
    rates = {"TRIALWEAVE_CTGOV_RATE": f"{rate}", "TRIALWEAVE_EVS_RATE": f"{rate}"}
    arguments = ("enrich", table, "--cache-dir", folder / f"cold-{number}", "-o", folder / "cold.out")
    subprocess.run(
        [*COMMAND, *map(str, arguments)], check=True, capture_output=True, env={**os.environ, **given, **rates}
    )


def _requests(run: Run) -> list[int]:
    """How many each source was asked."""
    if run.report is None:
        raise SystemExit("the run did not fetch")
    return [source.requests for source in run.report.sources.values()]


def warm_rows(told: Table, sizes: Sizes, folder: Path) -> None:
    world = World(sizes.rival)
    table, cache = warm(world, folder)
    out, again = folder / "warm.out", folder / "again.out"
    woven = lambda: enrich(table, out, _offline(cache))  # noqa: E731
    copied = lambda: enrich_again(table, again, _offline(cache), cache)  # noqa: E731
    woven()
    copied()
    numbers = count()

    def copied_elsewhere() -> None:
        elsewhere = folder / f"elsewhere-{next(numbers)}.out"
        enrich_again(table, elsewhere, _offline(cache), cache)
        elsewhere.unlink()

    keys = [key_text(("ctgov", id_, "1")) for id_ in world.nct_ids] + [
        key_text(("ncit", id_, "1")) for id_ in world.codes
    ]
    database, size = cache / FORMAT / "cache.db", out.stat().st_size
    floor = lambda: rivals.floor(table, database, keys, folder / "floor.out", size)  # noqa: E731
    naive = rivals.NaiveCards(folder, world.payloads())
    session, rows = rivals.cached_session(folder), list(world.rows())
    with served(sizes.rival, 0.0) as at, session or nullcontext():
        if session is not None:
            rivals.cached_loop(session, rows, at)
        hows = (("woven", woven), ("the same file again", copied), ("the same into another file", copied_elsewhere))
        for how, ours in hows:
            what = f"warm, {sizes.rival:,} records, {how}:"
            told.row(f"{what} naive composition", ours, lambda: naive.run(table, folder / "naive.out"), ">= 6 x")
            if session is not None:
                told.row(f"{what} requests-cache", ours, lambda: rivals.cached_loop(session, rows, at), ">= 20 x")
            told.row(f"{what} the bytes", ours, floor, "<= 25 x", faster=False)
    if session is None:
        told.told("warm: requests-cache loop", "", "", None, "pip install requests-cache")
    naive.close()
    if again.read_bytes() != out.read_bytes():
        raise SystemExit("what was copied is not what is woven")


def large_rows(told: Table, sizes: Sizes, folder: Path) -> None:
    for size in sizes.records[1:]:
        table, cache = warm(World(size), folder)
        _, changed = warm(World(size, day=1), folder)
        one, before, after, full = (folder / f"large-{name}.out" for name in ("one", "before", "after", "full"))

        def run(out: Path, cache: Path, table: Path = table, **how: Any) -> Callable[[], Run]:
            return lambda: enrich(table, out, _offline(cache), **how)

        rounds = 1 if size >= LONG else sizes.rounds
        told.row(
            f"--jobs 2, {size:,} records: one process",
            run(one, cache, jobs=2),
            run(one, cache),
            ">= 1.6 x",
            rounds=rounds,
        )
        run(before, cache, earlier=folder / "none")()
        told.row(
            f"1 % of studies changed, {size:,} records: full run",
            run(after, changed, earlier=before),
            run(full, changed),
            ">= 6 x",
            rounds=rounds,
        )
        if not filecmp.cmp(after, full, shallow=False):
            raise SystemExit("the incremental run is not the full one")


def bulk_rows(told: Table, sizes: Sizes, folder: Path) -> None:
    world, path = World(sizes.records[-2] * 4), folder / "bulk.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for source, id_, body in world.payloads():
            if source == "ctgov":
                archive.writestr(f"{id_}.json", body)

    def read_all() -> None:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                archive.read(info)

    told.row(
        f"bulk import, {world.studies:,} studies: zipfile reads them",
        lambda: import_studies(path, folder / "bulk"),
        read_all,
        "<= 1.8 x",
        faster=False,
    )
    memory, _ = measured("cache", "import", path, "--cache-dir", folder / "imported")
    limit = 150 + world.studies * 700 / 1e6
    told.told(f"bulk import, {world.studies:,} studies: memory", f"{memory:.0f} MB", "", None, f"<= {limit:.0f} MB")


def measured(*arguments: str | Path) -> tuple[float, float]:
    """The most memory (MB) and the processor time (s) of a command in a process of its own."""
    command = (sys.executable, "-c", MEASURE, *map(str, arguments))
    done = subprocess.run(command, check=True, capture_output=True)
    memory, seconds = json.loads(done.stdout.splitlines()[-1])
    return memory, seconds


def process_rows(told: Table, sizes: Sizes, folder: Path) -> None:
    run = lambda *command: subprocess.run(command, check=True, capture_output=True)  # noqa: E731
    told.row(
        "trialweave --help: python -c pass",
        lambda: run(*COMMAND, "--help"),
        lambda: run(sys.executable, "-c", "pass"),
        "<= 8 x",
        faster=False,
    )
    woven, again = "one process,", "one process, copied,"
    peaks: dict[str, list[tuple[int, float, float]]] = {woven: [], again: []}
    for size in sizes.records:
        table, cache = warm(World(size), folder)
        arguments = ("enrich", table, "--offline", "--cache-dir", cache)
        rounds = 1 if size >= LONG else sizes.rounds
        runs: dict[str, list[tuple[float, float]]] = {woven: [], again: []}
        for _ in range(rounds):
            shutil.rmtree(cache / REMEMBERED, ignore_errors=True)
            for how, done in runs.items():
                done.append(measured(*arguments, "-o", folder / f"size-{how}.out"))
        for how, done in runs.items():
            memory, seconds = map(statistics.median, zip(*done, strict=True))
            peaks[how].append((size, memory, seconds / size))
            told.told(
                f"{how} {size:,} records", f"{memory:.0f} MB", f"{seconds / size * 1e6:.0f} us each", None, "<= 200 MB"
            )
    for how, found in peaks.items():
        (small, least, one), (large, most, ten) = found[-2:]
        told.told(f"{how} {large:,} to {small:,} records: memory", "", "", most / least, "<= 1.15 x")
        told.told(f"{how} {large:,} to {small:,} records: time of each", "", "", ten / one, "<= 1.1 x")


def _offline(cache: Path) -> Weaver:
    return Weaver(offline=True, cache_dir=cache)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, one round")
    parser.add_argument("--full", action="store_true", help="up to 100,000 records")
    chosen = parser.parse_args()
    sizes = QUICK if chosen.quick else FULL if chosen.full else USUAL
    print(f"studies of {TIMESTAMP}, NCIt {RELEASE}, Python {sys.version.split()[0]}, rounds: {sizes.rounds}")
    with tempfile.TemporaryDirectory(prefix="trialweave-bench-") as name:
        told, folder = Table(sizes.rounds), Path(name)
        for rows in (process_rows, bulk_rows, warm_rows, cold_rows, large_rows):
            rows(told, sizes, folder)


if __name__ == "__main__":
    main()
