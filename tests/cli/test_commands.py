"""The other commands as processes: output formats, the cache, completion, and progress on a terminal only."""

from __future__ import annotations

import csv
import io
import os
import pty
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trialweave.cli import main
from trialweave.fetch.entries import Entry
from trialweave.fetch.store import FORMAT, Store

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "seeds" / "ct-0525.txt"
FIXTURES = ROOT / "fixtures"
NOW = datetime(2026, 11, 23, tzinfo=UTC)

Run = Callable[..., subprocess.CompletedProcess[str]]


# ---------------------------------------------------------------- formats


def test_csv_goes_to_standard_output_where_it_is_asked_for(trialweave: Run) -> None:
    done = trialweave("enrich", SEED, "--replay", FIXTURES, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["drug_name"] == "CT-0525"
    assert row["study_outcome"] == "found"


def test_the_name_of_the_output_tells_its_format_unless_one_is_given(trialweave: Run, tmp_path: Path) -> None:
    for name in ("out.csv", "out.parquet", "out.jsonl"):
        assert trialweave("enrich", SEED, "--replay", FIXTURES, "-o", tmp_path / name).returncode == 0
    trialweave("enrich", SEED, "--replay", FIXTURES, "-o", tmp_path / "lines.csv", "--format", "jsonl")
    assert (tmp_path / "out.csv").read_text().startswith("record_id,")
    assert (tmp_path / "out.parquet").read_bytes().startswith(b"PAR1")
    assert (tmp_path / "lines.csv").read_bytes() == (tmp_path / "out.jsonl").read_bytes()


# ---------------------------------------------------------------- cache


@pytest.fixture
def cache_dir(tmp_path: Path) -> Path:
    """A cache of one fresh study, one that was confirmed 100 days ago, and one concept that is not there."""
    old = (NOW - timedelta(days=100)).isoformat().replace("+00:00", "Z")
    fresh = NOW.isoformat().replace("+00:00", "Z")
    store = Store(tmp_path)
    store.put_many(
        {
            ("ctgov", "NCT00000001", "p1"): Entry("found", data=b"{}", digest="d", confirmed_at=fresh),
            ("ctgov", "NCT00000002", "p1"): Entry("found", data=b"{}", digest="d", confirmed_at=old),
            ("ncit", "C1", "p1"): Entry("absent", confirmed_at=fresh),
        }
    )
    store.close()
    return tmp_path


def cache(trialweave: Run, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return trialweave("cache", *arguments, env={"TRIALWEAVE_NOW": NOW.isoformat()})


def test_info_tells_what_is_held_and_how_old_it_is(trialweave: Run, cache_dir: Path) -> None:
    done = cache(trialweave, "info", "--cache-dir", cache_dir)
    assert done.returncode == 0, done.stderr
    assert "2 found (ClinicalTrials.gov)" in done.stdout
    assert "1 absent (NCI EVS)" in done.stdout
    assert "2026-08-15T00:00:00Z to 2026-11-23T00:00:00Z" in done.stdout


def test_nothing_is_made_where_there_is_no_cache(trialweave: Run, tmp_path: Path) -> None:
    for command in ("info", "verify", "prune"):
        done = cache(trialweave, command, "--cache-dir", tmp_path / "none")
        assert (done.returncode, "nothing is kept" in done.stdout) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_prune_removes_what_is_older_and_nothing_else(trialweave: Run, cache_dir: Path) -> None:
    assert cache(trialweave, "prune", "--cache-dir", cache_dir).stdout == "removed 0 entries\n"
    assert cache(trialweave, "prune", "--older-than", "90d", "--cache-dir", cache_dir).stdout == "removed 1 entry\n"
    assert "1 found (ClinicalTrials.gov)" in cache(trialweave, "info", "--cache-dir", cache_dir).stdout


def test_verify_finds_damage_and_prune_repairs_it(trialweave: Run, cache_dir: Path) -> None:
    sound = cache(trialweave, "verify", "--cache-dir", cache_dir)
    assert (sound.returncode, sound.stdout.splitlines()[-1]) == (0, "damaged    nothing")
    _damage(cache_dir)
    done = cache(trialweave, "verify", "--cache-dir", cache_dir)
    assert done.returncode == 1
    assert "damaged" in done.stdout
    assert "cache prune" in done.stderr
    cache(trialweave, "prune", "--cache-dir", cache_dir)
    assert cache(trialweave, "verify", "--cache-dir", cache_dir).returncode == 0


def test_prune_removes_rows_of_strangers_too(trialweave: Run, cache_dir: Path) -> None:
    with closing(sqlite3.connect(cache_dir / FORMAT / "cache.db")) as database, database:
        database.execute("UPDATE Cache SET raw = 0 WHERE key LIKE '%NCT00000001%'")
        database.execute("UPDATE Cache SET key = 'stranger' WHERE key LIKE '%NCT00000002%'")
    assert cache(trialweave, "verify", "--cache-dir", cache_dir).returncode == 1
    assert cache(trialweave, "prune", "--cache-dir", cache_dir).stdout == "removed 2 entries\n"
    done = cache(trialweave, "verify", "--cache-dir", cache_dir)
    assert done.returncode == 0, done.stderr
    assert "1 absent (NCI EVS)" in done.stdout


def test_a_cache_that_cannot_be_opened_is_not_shown_as_empty(trialweave: Run, cache_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / FORMAT).symlink_to(cache_dir / FORMAT)
    for command in ("info", "verify", "prune"):
        done = cache(trialweave, command, "--cache-dir", tmp_path / "elsewhere")
        assert (done.returncode, done.stdout) == (1, "")
        assert "is a link" in done.stderr
        done = trialweave("cache", command, env={"TRIALWEAVE_CACHE_DIR": str(SEED)})
        assert (done.returncode, done.stdout) == (1, "")
        assert f"the cache {SEED} cannot be opened" in done.stderr


def test_a_cache_that_takes_no_writing_is_shown_and_not_pruned(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    assert main(["cache", "info", "--cache-dir", str(cache_dir)]) == 0
    assert "2 found (ClinicalTrials.gov)" in capsys.readouterr().out
    assert main(["cache", "prune", "--older-than", "90d", "--cache-dir", str(cache_dir)]) == 1
    assert "takes no writing" in capsys.readouterr().err


def _damage(cache_dir: Path) -> None:
    with closing(sqlite3.connect(cache_dir / FORMAT / "cache.db")) as database, database:
        database.execute("UPDATE Cache SET value = substr(value, 1, 30) WHERE key LIKE '%NCT00000001%'")


@pytest.mark.parametrize("age", ["90", "3y", "-1d", "d"])
def test_an_age_that_is_none_is_refused_with_an_example(trialweave: Run, cache_dir: Path, age: str) -> None:
    done = cache(trialweave, "prune", f"--older-than={age}", "--cache-dir", cache_dir)
    assert done.returncode == 2
    assert "90d" in done.stderr


# ---------------------------------------------------------------- completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_the_script_of_the_shell(trialweave: Run, shell: str) -> None:
    done = trialweave("completion", shell)
    assert done.returncode == 0
    assert f"_TRIALWEAVE_COMPLETE={shell}_complete" in done.stdout


def test_what_the_script_asks_for_is_answered(trialweave: Run) -> None:
    env = {"_TRIALWEAVE_COMPLETE": "bash_complete", "COMP_WORDS": "trialweave enrich --re", "COMP_CWORD": "2"}
    done = trialweave(env=env)
    assert {"plain,--replay", "plain,--record"} <= set(done.stdout.split())


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_bash_script_is_bash(trialweave: Run) -> None:
    script = trialweave("completion", "bash").stdout
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


# ---------------------------------------------------------------- progress


def _on_a_terminal(*arguments: str | Path) -> str:
    """Standard error as a terminal shows it."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", "from trialweave.cli import entry; entry()", *map(str, arguments)]
    env = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=slave, env=env) as process:
        os.close(slave)
        shown = b""
        try:
            while chunk := os.read(master, 65536):
                shown += chunk
        except OSError:  # how Linux says that nobody holds the other end any more
            pass
        finally:
            os.close(master)
    assert process.returncode == 0, shown
    return shown.decode()


def test_progress_is_shown_on_a_terminal_and_nowhere_else(trialweave: Run, tmp_path: Path) -> None:
    command = ("enrich", SEED, "--replay", FIXTURES, "-o", tmp_path / "out.jsonl")
    shown = _on_a_terminal(*command)
    for words in ("ClinicalTrials.gov", "NCI EVS", "records", "complete: 1 record"):
        assert words in shown
    assert trialweave(*command).stderr.count("\n") == 1
