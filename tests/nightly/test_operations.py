"""The files of docs/operations: their syntax, what they call, and that what they load can be loaded."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from made.house import House
from standin import nct
from trialweave.settings import Gates

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations"
_FIELD = r"(?:\*|[0-9]+(?:-[0-9]+)?)(?:/[0-9]+)?(?:,[0-9]+)*"
_OPTIONS = {"--runs", "--config", "--fail-on", "--run-id", "--cache-dir", "--only", "--plan"}


def text(name: str) -> str:
    return (OPERATIONS / name).read_text(encoding="utf-8")


def test_every_file_is_in_the_overview() -> None:
    for file in OPERATIONS.iterdir():
        assert file.name == "README.md" or f"({file.name})" in text("README.md")


@pytest.mark.parametrize("name", [file.name for file in sorted(OPERATIONS.iterdir())])
def test_the_job_is_called_with_options_that_it_has(name: str) -> None:
    for call in re.findall(r"trialweave nightly [^\n\"|]+", text(name)):
        assert set(re.findall(r"--[a-z-]+", call)) <= _OPTIONS, call


def test_the_crontab_has_five_fields_and_a_command() -> None:
    lines = [line for line in text("crontab").splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Z]+=\S+|" + rf"(?:{_FIELD} ){{5}}\S.*", line)] == []
    assert sum("trialweave nightly" in line for line in lines) == 1


def test_the_workflow_is_yaml_and_runs_one_at_a_time() -> None:
    flow = yaml.load(text("github-actions.yml"), Loader=yaml.BaseLoader)  # noqa: S506 - `on` stays a word
    assert flow["on"]["schedule"][0]["cron"] == "30 2 * * *"
    assert flow["concurrency"]["cancel-in-progress"] == "false"
    steps = flow["jobs"]["nightly"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)


@pytest.mark.parametrize(("code", "end"), [(0, 0), (3, 0), (5, 0), (1, 1), (2, 2), (4, 4)])
def test_the_workflow_lets_news_pass_and_failures_fail(code: int, end: int, tmp_path: Path) -> None:
    flow = yaml.safe_load(text("github-actions.yml"))
    script = next(step["run"] for step in flow["jobs"]["nightly"]["steps"] if step.get("name") == "Nightly")
    done = subprocess.run(
        ["bash", "-e", "-c", f"trialweave() {{ return {code}; }}\n{script}"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == end


@pytest.mark.parametrize(("code", "end"), [(0, 0), (3, 0), (5, 0), (1, 1), (2, 2), (4, 4)])
def test_the_dag_is_python_and_lets_news_pass(code: int, end: int, tmp_path: Path) -> None:
    tree = ast.parse(text("airflow_dag.py"))
    compile(tree, "airflow_dag.py", "exec")
    (command,) = (
        ast.literal_eval(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "bash_command" and "nightly" in ast.unparse(node.value)
    )
    done = subprocess.run(
        ["bash", "-c", f"trialweave() {{ return {code}; }}\n{command}"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == end


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in ("trialweave.service", "trialweave.timer"):
        (tmp_path / name).write_text(
            text(name).replace("/usr/local/bin/trialweave", shutil.which("true") or "/bin/true")
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_table_of_gates_is_that_of_the_settings() -> None:
    rows = re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \| ([0-9.]+) \|", text("README.md"), re.MULTILINE)
    told = {name: float(value) for names, value in rows for name in re.findall(r"[a-z_]+", names)}
    assert told == {name: float(value) for name, value in Gates().model_dump().items()}


def test_duckdb_loads_what_was_published(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    house.night("2026-11-23")
    monkeypatch.chdir(house.root)
    with duckdb.connect() as base:
        base.execute(text("load_duckdb.sql"))
        assert base.execute("SELECT count(*) FROM records").fetchone() == (12,)
        assert base.execute("SELECT count(*) FROM conflicts").fetchone() == (0,)
    del house.world.studies[nct(3)]
    house.world.timestamp = "2026-11-24T01:00:00"
    house.night("2026-11-24")
    with duckdb.connect() as base:
        base.execute(text("load_duckdb.sql"))
        asked = "SELECT kind, severity, first_seen_on::VARCHAR, drug_name FROM conflicts JOIN records USING (record_id)"
        assert base.execute(asked).fetchall() == [("study_not_found", "error", "2026-11-24", "DRG-003")]
        assert base.execute("SELECT run_id FROM runs ORDER BY run_id").fetchall() == [("2026-11-23",), ("2026-11-24",)]
        assert base.execute("SELECT count(*) FROM worklist").fetchone() == (0,)
