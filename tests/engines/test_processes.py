"""`--jobs N`: the same bytes in the same order, and a clean end whatever happens."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from standin import StandIn, World, concept, nct, study
from trialweave.core.concept import Concept
from trialweave.core.findings import Policy
from trialweave.core.models import Origin, Record
from trialweave.core.name_index import NOBODY, KnownNames, NameIndex
from trialweave.core.record import AS_SPELLED, build_record
from trialweave.engines import processes
from trialweave.engines.processes import Workers
from trialweave.errors import RunError
from trialweave.holding import Holding
from trialweave.packing import Done, Laid, Outfit
from trialweave.spool import spooled
from trialweave.weave import windows

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
COMMAND = (sys.executable, "-c", "from trialweave.cli import entry; entry()")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Three thousand records over twenty studies, one of which nobody has."""
    table = tmp_path / "rows.jsonl"
    table.write_text(
        "".join(
            json.dumps(
                {
                    "drug_name": f"Drug {n}",
                    "nct_id_drug_ref": nct(1 + n % 20),
                    "nci_thesaurus_concept_id": f"C{1 + n % 7}",
                }
            )
            + "\n"
            for n in range(3000)
        )
        + "no json\n"
    )
    return table


def command(*arguments: str | Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, env=env, check=False, timeout=300
    )


def test_any_number_of_processes_gives_the_same_files(rows: Path, tmp_path: Path) -> None:
    world = World(
        studies={nct(n): study(nct(n)) for n in range(1, 20)},
        concepts={f"C{n}": concept(f"C{n}", retired=n == 5) for n in range(1, 8)},
    )
    folder = {jobs: tmp_path / jobs for jobs in ("1", "2", "3")}
    with StandIn(world) as server:
        environment = {
            **os.environ,
            "TRIALWEAVE_CTGOV_URL": server.ctgov_url,
            "TRIALWEAVE_EVS_URL": server.evs_url,
            "TRIALWEAVE_CTGOV_RATE": "1000",
            "TRIALWEAVE_EVS_RATE": "1000",
            "TRIALWEAVE_NOW": "2026-11-23",
            "TRIALWEAVE_CACHE_DIR": str(tmp_path / "cache"),
            "XDG_CACHE_HOME": str(tmp_path / "home"),
        }
        for jobs, out in folder.items():
            out.mkdir()
            files = ("-o", out / "o", "--conflicts", out / "c", "--summary", out / "s")
            done = command("enrich", rows, *files, "--jobs", jobs, env=environment)
            assert done.returncode == 0, done.stderr
    for name in ("o", "c"):
        assert len({(out / name).read_bytes() for out in folder.values()}) == 1
    summaries = [json.loads((out / "s").read_bytes()) for out in folder.values()]
    for summary in summaries:
        del summary["store"], summary["sources"]
    assert summaries[0] == summaries[1] == summaries[2]
    assert summaries[0]["records"] == {"read": 3001, "refused": 1, "written": 3000}
    assert summaries[0]["links"]["study"]["not_found"] == 150


def test_what_replay_answers_is_the_same_in_several_processes(tmp_path: Path) -> None:
    outs = []
    for jobs in ("1", "2"):
        done = command("enrich", FIXTURES / "gallery.jsonl", "--replay", FIXTURES, "--jobs", jobs, env=dict(os.environ))
        assert done.returncode == 5, done.stderr
        outs.append(done.stdout)
    assert outs[0] == outs[1]
    assert outs[0].count("\n") == 26


def records(count: int) -> Iterator[Record]:
    for number in range(count):
        yield build_record({"drug_name": f"Drug {number}", "nct_id_drug_ref": nct(number)}, Origin("x", number))


def laid(count: int) -> list[Laid]:
    return [Laid(bytes(16), spooled(record)) for record in records(count)]


def woven(workers: Workers, portions: Iterable[list[Laid]], reader: Holding, names: NameIndex) -> Iterator[list[Done]]:
    workers.fit_out(Outfit(reader, Policy(), names, AS_SPELLED, lasting=False))
    return workers.weave(portions)


@pytest.fixture
def holding(tmp_path: Path) -> Holding:
    return Holding.write(tmp_path / "held", [], {"ctgov": None, "ncit": None})


def test_a_process_that_dies_is_told(holding: Holding) -> None:
    with Workers(2) as workers:
        rows = woven(workers, windows(laid(20_000), 500), holding, NOBODY)
        next(rows)
        (victim, *_) = multiprocessing.active_children()
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
        with pytest.raises(RunError, match="--jobs"):
            list(rows)
    assert multiprocessing.active_children() == []


def half_an_answer(pipe: Connection, *_: object) -> None:
    pipe.recv()
    os.write(pipe.fileno(), struct.pack("!i", 1_000_000) + b"the beginning of it")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_dies_in_the_middle_of_an_answer_is_told(
    holding: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hung for ever: whoever keeps the other end of a pipe open never sees it end."""
    monkeypatch.setattr(processes, "_served", half_an_answer)
    with Workers(2) as workers, pytest.raises(RunError, match="ended before its work was done"):
        list(woven(workers, [laid(10)], holding, NOBODY))
    assert multiprocessing.active_children() == []


def test_a_process_whose_starter_was_killed_ends_without_a_word(holding: Holding) -> None:
    ours, theirs = multiprocessing.Pipe()
    ours.send(Outfit(holding, Policy(), NOBODY, AS_SPELLED, lasting=False))
    ours.send(laid(10))
    ours.close()
    processes._serve(theirs)
    theirs.close()


def at_once(_: Connection) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_dies_before_it_has_its_names_is_told(holding: Holding, monkeypatch: pytest.MonkeyPatch) -> None:
    """It hung for ever where the names were more than a pipe holds, as in a script that starts a run when imported."""
    monkeypatch.setattr(processes, "_served", at_once)
    names = KnownNames()
    for number in range(5_000):
        names.add(Concept(f"C{number}", f"Drug {number}"), release="26.10d")
    with Workers(2) as workers, pytest.raises(RunError, match="ended before its work was done"):
        list(woven(workers, [laid(10)], holding, names))
    assert multiprocessing.active_children() == []


def test_processes_that_cannot_start_are_told_and_the_others_end(monkeypatch: pytest.MonkeyPatch) -> None:
    context, allowed = multiprocessing.get_context("spawn"), iter(range(2))

    def piped() -> tuple[Connection, Connection]:
        if next(allowed, None) is None:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return multiprocessing.Pipe()

    monkeypatch.setattr(context, "Pipe", piped)
    with pytest.raises(RunError, match="3 weaving processes cannot start: Too many open files; use fewer --jobs"):
        Workers(3)
    for left in multiprocessing.active_children():
        left.join(300)
    assert multiprocessing.active_children() == []


def test_processes_that_nobody_needs_end(holding: Holding) -> None:
    with Workers(2) as workers:
        assert list(woven(workers, [], holding, NOBODY)) == []
    with Workers(2):
        assert len(multiprocessing.active_children()) == 2
    assert multiprocessing.active_children() == []


def test_what_goes_wrong_in_a_process_comes_out_as_it_is(holding: Holding) -> None:
    broken = Laid(bytes(16), b"\t\tno JSON")
    with Workers(2) as workers, pytest.raises(json.JSONDecodeError):
        list(woven(workers, [[broken]], holding, NOBODY))
    assert multiprocessing.active_children() == []


def test_leaving_early_ends_the_processes(holding: Holding) -> None:
    with Workers(2) as workers:
        assert len(next(woven(workers, windows(laid(20_000), 500), holding, NOBODY))) == 500
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_ctrl_c_ends_all_processes_and_leaves_nothing(tmp_path: Path) -> None:
    big = tmp_path / "big.jsonl"
    with big.open("w") as stream:
        for number in range(50_000):
            stream.write(f'{{"drug_name": "Drug {number}"}}\n')
    out = tmp_path / "out.jsonl"
    program = "from trialweave import cli, reuse; reuse.BLOCK = 500; cli.entry()"  # the first rows come early
    arguments = ("enrich", big, "-o", out, "--replay", FIXTURES, "--jobs", "2")
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 300
    try:
        while not any(part.stat().st_size for part in tmp_path.glob(".out.jsonl.*")):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert not out.exists()
    assert list(tmp_path.glob(".out*")) == []
    deadline = time.monotonic() + 300  # multiprocessing's own tracker notices by its closed pipe
    while living(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert living(process.pid) == []


def living(group: int) -> list[str]:
    """The processes of a group that are no zombies."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = file.read_text().rpartition(")")
        except OSError:
            continue
        state, _, pgrp = rest.split()[:3]
        if int(pgrp) == group and state != "Z":
            found.append(name)
    return found
