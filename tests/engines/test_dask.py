"""Dask on a local cluster: two worker processes, one of them killed in the middle, and the bytes of one process."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from trialweave import Weaver
from trialweave.cli import cli
from trialweave.core.findings import Policy
from trialweave.core.models import Origin, Record
from trialweave.core.name_index import NOBODY, NameIndex
from trialweave.core.record import AS_SPELLED, build_record
from trialweave.core.record_id import RecordIds
from trialweave.engines.dask import weave_with_dask
from trialweave.errors import RunError, UsageError
from trialweave.holding import Holding
from trialweave.packing import Laid, Outfit
from trialweave.spool import spooled
from trialweave.weave import known_names, windows

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ROWS = [json.loads(line) for line in (FIXTURES / "gallery.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    local = distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # without an address it is port 8787, which another cluster may have
        scheduler_kwargs={"dashboard": False},
        silence_logs=50,
    )
    with local:
        yield local


@pytest.fixture
def records() -> list[Record]:
    ids = RecordIds()
    return [build_record(row, Origin("x", at), ids=ids) for at, row in enumerate(ROWS * 80)]


@pytest.fixture
def holding(records: list[Record], tmp_path: Path) -> Iterator[Holding]:
    with Weaver(replay=FIXTURES) as weaver:
        held = weaver.hold(records, tmp_path / "held")
    yield held
    held.close()


def portions(records: list[Record], size: int) -> Iterator[list[Laid]]:
    return windows((Laid(bytes(16), spooled(record)) for record in records), size)


def outfit(holding: Holding, names: NameIndex = NOBODY) -> Outfit:
    return Outfit(holding, Policy(), names, AS_SPELLED, lasting=True)


def test_workers_know_the_names_that_were_found(cluster: Any, holding: Holding) -> None:
    rows = [build_record({"drug_name": "Osimertinib"}, Origin("x", at), ids=RecordIds()) for at in range(4)]
    fitted = outfit(holding, known_names(holding, (), ["C116377"]))
    expected = list(fitted.weave(portions(rows, 2)))
    assert b'"value":"C116377"' in expected[0][0].row.line
    assert list(weave_with_dask(portions(rows, 2), fitted, cluster)) == expected


def test_a_worker_that_is_killed_in_the_middle_changes_no_byte(
    cluster: Any, records: list[Record], holding: Holding
) -> None:
    expected = list(outfit(holding).weave(portions(records, 60)))
    given = []
    with distributed.Client(cluster, set_as_default=False) as client:
        pids = client.run(os.getpid)
        for at, rows in enumerate(weave_with_dask(portions(records, 60), outfit(holding), cluster)):
            given.append(rows)
            if at == 3:
                os.kill(next(iter(pids.values())), signal.SIGKILL)
    assert given == expected
    assert len(given) > 30


def test_the_command_line_gives_the_same_bytes(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALWEAVE_CACHE_DIR", str(tmp_path / "cache"))
    outs = []
    for engine in ((), ("--engine", "dask", "--scheduler", cluster.scheduler_address)):
        out = tmp_path / f"out{len(outs)}"
        done = CliRunner().invoke(
            cli,
            ["enrich", str(FIXTURES / "gallery.jsonl"), "--replay", str(FIXTURES), "-o", str(out), *engine],
            standalone_mode=False,
        )
        assert done.return_value == 5, done
        outs.append(out.read_bytes())
    assert outs[0] == outs[1]
    assert list((tmp_path / "cache" / "holdings").iterdir()) == []


def test_a_row_that_cannot_be_woven_ends_the_run(cluster: Any, holding: Holding) -> None:
    no_policy: Any = None
    broken = replace(outfit(holding), policy=no_policy)
    with pytest.raises(RunError, match=r"record id: .*AttributeError"):
        list(weave_with_dask([[Laid(bytes(16), b'\t\t["id",{"drug_name":"Aspirin"}]')]], broken, cluster))


def test_without_an_answer_the_address_is_told(holding: Holding) -> None:
    from dask import config

    with config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(UsageError, match=r"127\.0\.0\.1:9"):
        list(weave_with_dask([], outfit(holding), "tcp://127.0.0.1:9"))


@pytest.mark.parametrize(
    "options", [["--engine", "dask"], ["--scheduler", "x"], ["--engine", "dask", "--scheduler", "x", "--jobs", "2"]]
)
def test_options_that_belong_together(options: list[str]) -> None:
    done = CliRunner().invoke(cli, ["enrich", "x", *options])
    assert done.exit_code == 2
    assert "--scheduler" in done.output
