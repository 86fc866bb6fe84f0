"""Run a night of 100,000 records against a stand-in that misbehaves, and compare it with a calm one.

    python -m benchmarks.soak [--quick] [--records N] [--share 0.05] [--keep FOLDER]

One process serves 30,000 studies and their concepts on the loopback, in small batches; one process each asks on a calm
and on a stormy night, with a store of its own. In the storm a share of the answers is spoilt, by each kind of passing
fault in turn, and three studies can never be had. The exit code is 0 where every record came out, every line is that of
the calm night but for the records of those three studies, and memory and open files stayed flat.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, zip_longest
from operator import itemgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from benchmarks.world import RELEASE, TIMESTAMP  # noqa: E402
from benchmarks.world import World as Synthetic  # noqa: E402
from standin import Fault, StandIn, World  # noqa: E402
from standin.faults import adding, repeating  # noqa: E402
from standin.payloads import study as small_study  # noqa: E402

FULL, QUICK = 100_000, 2_000
MOST_IDS = 25
"""Ids of a batch that the stand-in takes: with the usual 200 a night would have too few requests to spoil."""

MOST_SPOILT = 2
"""Times that one request is spoilt: fewer than a run asks, or the fault would not pass, whoever's turn it is."""

LOST = (11, 222, 333)
"""Numbers of the studies that cannot be had in the storm."""

GROWTH = 1_000
"""Bytes that the process may grow by for each record after the first fifth: the ids and names seen so far."""

MORE_FILES = 3
"""Files that may be open beyond those at the first record: what SQLite opens late, once."""

PATIENCE = {
    "attempts": 20,
    "base": 0.02,
    "cap": 0.2,
    "read_timeout": 1.0,
    "answer_deadline": 2.0,
    "max_bytes": 16 << 20,
}
"""Of the run: silence costs a second, and a busy machine may be silent more often than the storm is."""

NOW = "2026-11-23T02:00:00Z"
_IDS = re.compile(r"(?:filter\.ids|list)=([^&]*)")
_FOREIGN = small_study("NCT09999999")

PASSING: dict[str, dict[str, Any]] = {
    "429, Retry-After in seconds": {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}},
    "429, Retry-After in the past": {
        "kind": "status",
        "status": 429,
        "headers": {"Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"},
    },
    "429, Retry-After as a date": {
        "kind": "status",
        "status": 429,
        "headers": {"Date": "Mon, 23 Nov 2026 02:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 02:00:01 GMT"},
    },
    **{str(status): {"kind": "status", "status": status} for status in range(500, 505)},
    "HTML with 200": {"kind": "html"},
    "empty 200": {"kind": "empty"},
    "cut, with length": {"kind": "cut"},
    "cut, without length": {"kind": "cut_without_length"},
    "cut chunk": {"kind": "cut_chunk"},
    "two lengths": {"kind": "two_lengths"},
    "gzip cut": {"kind": "gzip_cut"},
    "gzip without trailer": {"kind": "gzip_no_trailer"},
    "no gzip": {"kind": "gzip_garbage"},
    "gzip bomb": {"kind": "bomb"},
    "a byte every 300 ms": {"kind": "drip"},
    "headers without an end": {"kind": "drip_head"},
    "the length of a chunk without an end": {"kind": "drip_chunk"},
    "100 Continue without an end": {"kind": "continue"},
    "silence": {"kind": "silence"},
    "reset": {"kind": "reset"},
    "redirect to another host": {
        "kind": "redirect",
        "status": 302,
        "headers": {"Location": "https://elsewhere.example/"},
    },
    "JSON of the wrong type": {"kind": "body", "body": b'["wrong", "type"]'},
    "every row three times": {"kind": "edit", "edit": repeating()},
    "a foreign study": {"kind": "edit", "edit": adding(_FOREIGN)},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} records instead of {FULL:,}")
    parser.add_argument("--records", type=int, help="so many records")
    parser.add_argument("--share", type=float, default=0.05, help="share of the answers that is spoilt")
    parser.add_argument("--keep", type=Path, help="work in this folder and leave everything there")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--ask", nargs=3, metavar=("NAME", "CTGOV", "EVS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    records = options.records or (QUICK if options.quick else FULL)
    if options.serve:
        return serve(records, options.share)
    if options.ask:
        return ask(options.keep, *options.ask)
    with tempfile.TemporaryDirectory() as away:
        return soak(options.keep or Path(away), records, options.share)


def synthetic(records: int) -> Synthetic:
    """A world with so many studies that `records` draws meet 0.3 distinct ones each."""
    return Synthetic(records * 121 // 100)


# ---------------------------------------------------------------- the services


@dataclass
class Held(World):
    """The synthetic world as the stand-in serves it: made when asked for, nothing is held."""

    made: Synthetic = field(default_factory=lambda: Synthetic(1))

    def canonical(self, nct_id: str) -> str | None:
        return nct_id if self._number(nct_id, "NCT", 1_000_000, 17, self.made.studies) is not None else None

    def study(self, nct_id: str) -> bytes | None:
        number = self._number(nct_id, "NCT", 1_000_000, 17, self.made.studies)
        return None if number is None else json.dumps(self.made.study(number)).encode()

    def concept(self, code: str, release: str) -> bytes | None:
        number = self._number(code, "C", 10_000, 3, self.made.concepts)
        return None if number is None else json.dumps({**self.made.concept(number), "version": release}).encode()

    def replacements(self, code: str) -> bytes | None:
        number = self._number(code, "C", 10_000, 3, self.made.concepts)
        retired = number is not None and number % 50 == 49
        return json.dumps(self.made.replacements(number)).encode() if number is not None and retired else None

    def _number(self, id_: str, prefix: str, start: int, step: int, most: int) -> int | None:
        number, rest = divmod(int(id_.removeprefix(prefix)) - start, step)
        return number if not rest and 0 <= number < most else None


@dataclass
class Weather:
    """Batches are taken up to MOST_IDS. In the storm, a share of the others meets the next fault of the list."""

    share: float
    storm: bool = False
    lost: tuple[str, ...] = ()
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    told: Counter[str] = field(default_factory=Counter)
    spoilt: Counter[str] = field(default_factory=Counter)
    kinds: Iterator[str] = field(default_factory=lambda: cycle(PASSING))

    def __call__(self, service: Any, target: str) -> Fault | None:
        ids = _IDS.search(target)
        if ids is not None and ids[1].count(",") >= MOST_IDS:
            return Fault(service, "status", status=414)
        if not self.storm or target.startswith(("/version", "/metadata")):
            return None
        if any(id_ in target for id_ in self.lost):
            return Fault(service, "status", status=400)
        if self.chance.random() >= self.share or self.spoilt[target] >= MOST_SPOILT:
            return None
        kind = next(self.kinds)
        while kind == "a foreign study" and service == "evs":
            kind = next(self.kinds)
        self.told[kind] += 1
        self.spoilt[target] += 1
        return Fault(service, **PASSING[kind])


def serve(records: int, share: float) -> int:
    """Print the addresses, then obey: `storm` begins it, `told` prints what was spoilt, the end of input ends all."""
    made = synthetic(records)
    weather = Weather(share, lost=tuple(map(made.nct, LOST)))
    with StandIn(Held(timestamp=TIMESTAMP, release=RELEASE, made=made), weather=weather) as server:
        print(json.dumps([server.ctgov_url, server.evs_url]), flush=True)
        for line in sys.stdin:
            if line.strip() == "storm":
                weather.storm = True
                server.forget()
            print(json.dumps({"requests": server.count(), "spoilt": weather.told}), flush=True)
    return 0


@contextmanager
def services(records: int, share: float) -> Iterator[tuple[list[str], Any]]:
    """The addresses of a stand-in in a process of its own, and how to tell it something."""
    command = [sys.executable, "-m", "benchmarks.soak", "--serve", "--records", str(records), "--share", str(share)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        to, back = process.stdin, process.stdout

        def say(word: str) -> Any:
            to.write(f"{word}\n")
            to.flush()
            return json.loads(back.readline())

        yield json.loads(back.readline()), say
        to.close()


# ---------------------------------------------------------------- the run


def ask(folder: Path, name: str, ctgov: str, evs: str) -> int:
    """One night: `<name>.jsonl` in the folder, and figures on standard output."""
    from trialweave.api import Weaver
    from trialweave.fetch import Policy, Services, open_live
    from trialweave.run import Run
    from trialweave.settings import Settings
    from trialweave.sources.ctgov import CtgovSource
    from trialweave.sources.ncit import NcitSource
    from trialweave.tables import open_inputs

    settings = Settings.model_validate({"cache_dir": folder / f"cache-{name}", "now": NOW})
    begun = time.monotonic()
    with Weaver(settings) as weaver:
        weaver.fetcher.close()
        weaver.fetcher = open_live(
            [CtgovSource(), NcitSource()],
            Services(
                {"ctgov": ctgov, "ncit": evs},
                {"ctgov": 0.0, "ncit": 0.0},
                weaver.clock,
                folder / "pace",
                policy=Policy(**PATIENCE),
            ),
            cache_dir=folder / f"cache-{name}",
        )
        samples: list[tuple[int, int]] = []
        woven: list[float] = []

        def counted() -> None:
            if len(woven) % 500 == 0:
                samples.append((_resident(), _open_files()))
            woven.append(time.monotonic())

        with (
            open_inputs([folder / "records.jsonl"]) as inputs,
            (folder / f"{name}.jsonl").open("wb") as out,
            Run(weaver, inputs, lambda refusal: print(refusal, file=sys.stderr), counted=counted) as run,
        ):
            for row in run.woven():
                out.write(row.line + b"\n")
        fetched = woven[0]
        samples.append((_resident(), _open_files()))
        assert run.report is not None  # noqa: S101
        figures = {
            "records": run.tally.written,
            "links": run.tally.as_dict()["links"],
            "requests": {source: facts.requests for source, facts in run.report.sources.items()},
            "gave_up": {source: facts.gave_up for source, facts in run.report.sources.items()},
            "fetched": {source: facts.fetched for source, facts in run.report.sources.items()},
            "store": dict(run.report.store),
            "fetching_seconds": round(fetched - begun, 1),
            "weaving_seconds": round(time.monotonic() - fetched, 1),
            "samples": samples,
        }
    print(json.dumps(figures))
    return 0


def _resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


# ---------------------------------------------------------------- the comparison


def soak(folder: Path, records: int, share: float) -> int:
    """Both nights, and what they have to show."""
    made = synthetic(records)
    folder.mkdir(parents=True, exist_ok=True)
    rows = sorted(map(made.record, range(records)), key=itemgetter("nct_id_drug_ref"))  # as tables are exported
    with (folder / "records.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)
    studies = {row["nct_id_drug_ref"] for row in rows}
    print(f"{records:,} records, {len(studies):,} distinct study ids, seed {made.seed}", flush=True)
    del rows
    with services(records, share) as (addresses, say):
        calm = _night(folder, "calm", addresses)
        _show("calm", calm)
        say("storm")
        storm = _night(folder, "storm", addresses)
        _show("storm", storm)
        told = say("told")
    print("spoilt answers:", ", ".join(f"{kind} {count}" for kind, count in sorted(told["spoilt"].items())))
    wrong = list(_wrong(folder, records, calm, storm, {made.nct(number) for number in LOST}))
    missing = sorted(PASSING.keys() - told["spoilt"].keys())
    print(f"{sum(told['spoilt'].values())} of {told['requests']} answers were spoilt, {len(told['spoilt'])} kinds")
    if missing and records >= FULL:
        wrong.append(f"these kinds did not occur: {missing}")
    for line in wrong:
        print(f"WRONG: {line}")
    return 1 if wrong else 0


def _night(folder: Path, name: str, addresses: list[str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.soak", "--keep", str(folder), "--ask", name, *addresses]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _show(name: str, figures: dict[str, Any]) -> None:
    memory = [resident / 1e6 for resident, _ in figures["samples"]]
    files = [count for _, count in figures["samples"]]
    print(
        f"{name}: {figures['records']:,} records out, ids fetched {figures['fetched']}, requests {figures['requests']},"
        f" {figures['fetching_seconds']} s fetching, {figures['weaving_seconds']} s weaving;"
        f" memory {memory[0]:.0f} MB at the first record, {memory[len(memory) // 5]:.0f} MB after a fifth,"
        f" {memory[-1]:.0f} MB at the end; open files {min(files)} to {max(files)}; store events {figures['store']};"
        f" gave up {figures['gave_up']}",
        flush=True,
    )


def _wrong(folder: Path, records: int, calm: dict[str, Any], storm: dict[str, Any], lost: set[str]) -> Iterator[str]:
    """What should not be, in words."""
    for name, figures in (("calm", calm), ("storm", storm)):
        if figures["records"] != records:
            yield f"{name}: {figures['records']} records came out of {records}"
        memory, files = zip(*figures["samples"], strict=True)
        if records >= FULL and memory[-1] - memory[len(memory) // 5] > GROWTH * records:
            yield f"{name}: memory grew while weaving"
        if max(files) > files[0] + MORE_FILES:
            yield f"{name}: open files grew from {files[0]} to {max(files)}"
    if any(calm["gave_up"].values()):
        yield f"the calm night gave up: {calm['gave_up']}"
    same = other = unavailable = 0
    with (folder / "calm.jsonl").open("rb") as left, (folder / "storm.jsonl").open("rb") as right:
        for one, two in zip_longest(left, right, fillvalue=b"{}"):
            if one == two:
                same += 1
            elif json.loads(one)["links"]["study"]["requested_id"] in lost:
                unavailable += json.loads(two)["links"]["study"]["outcome"] == "unavailable"
                other += json.loads(two)["links"]["study"]["outcome"] != "unavailable"
            else:
                other += 1
    print(f"{same:,} lines are those of the calm night to the byte; {unavailable} of lost studies; {other} others")
    if other:
        yield f"{other} lines differ although their fault was passing"
    if same + unavailable != records or not unavailable:
        yield "lost records are not told from others"


if __name__ == "__main__":
    sys.exit(main())
