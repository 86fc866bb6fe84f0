"""The night as its users have it: a process each evening, a page each morning."""

from __future__ import annotations

import html
import json
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from standin import Fault, StandIn

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
SEED = ROOT / "seeds" / "ct-0525.txt"
Run = Callable[..., subprocess.CompletedProcess[str]]
REPLAY = ("--replay", FIXTURES)


def evening(day: int) -> dict[str, str]:
    return {"TRIALWEAVE_NOW": f"2026-11-{day}T04:00:00Z"}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Two records: one in order, one pointed at the sister study."""
    for name, nct in (("right", "NCT06254807"), ("wrong", "NCT04660929")):
        (tmp_path / "tables").mkdir(exist_ok=True)
        (tmp_path / "tables" / f"{name}.txt").write_text(SEED.read_text().replace("NCT06254807", nct))
    return tmp_path


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_bytes())
    return found


def test_two_nights_and_a_mended_record(trialweave: Run, house: Path) -> None:
    night = ("nightly", house / "tables", "--runs", house / "runs", *REPLAY)
    first = trialweave(*night, env=evening(21))
    assert first.returncode == 0, first.stderr
    second = trialweave(*night, env=evening(22))
    assert second.returncode == 0, second.stderr
    assert "0 new" in second.stderr
    assert (house / "runs" / "latest").resolve().name == "2026-11-22"
    (house / "tables" / "wrong.txt").write_text(SEED.read_text())
    third = trialweave(*night, env=evening(23))
    assert third.returncode == 0, third.stderr
    delta = read(house / "runs" / "2026-11-23" / "delta.json")
    assert [entry["kind"] for entry in delta["resolved"]] == ["study_drug_not_mentioned"]
    shown = trialweave("show", "--runs", house / "runs")
    assert "Resolved" in shown.stdout
    assert "The study does not name the drug" in shown.stdout
    between = trialweave("diff", "2026-11-21", "2026-11-23", "--runs", house / "runs")
    assert [entry["kind"] for entry in json.loads(between.stdout)["resolved"]] == ["study_drug_not_mentioned"]
    assert "<script" in (house / "runs" / "2026-11-23" / "report.html").read_text()


def test_the_same_night_twice_does_nothing_and_another_input_is_refused(trialweave: Run, house: Path) -> None:
    night = ("nightly", house / "tables", "--runs", house / "runs", *REPLAY)
    trialweave(*night, env=evening(21))
    before = (house / "runs" / "2026-11-21" / "manifest.json").stat().st_mtime_ns
    again = trialweave(*night, env=evening(21))
    assert (again.returncode, "nothing was done" in again.stderr) == (0, True)
    assert (house / "runs" / "2026-11-21" / "manifest.json").stat().st_mtime_ns == before
    other = trialweave("nightly", SEED, "--runs", house / "runs", *REPLAY, env=evening(21))
    assert other.returncode == 2
    assert "2026-11-21" in other.stderr


def test_a_gate_stops_the_night_with_4_and_the_last_run_stands(trialweave: Run, house: Path) -> None:
    night = ("nightly", "--runs", house / "runs", *REPLAY)
    (house / "tables" / "more.jsonl").write_text('{"drug_name": "CT-0525", "nci_thesaurus_concept_id": "C205637"}\n')
    assert trialweave(*night, house / "tables", env=evening(21)).returncode == 0
    stopped = trialweave(*night, house / "tables" / "right.txt", env=evening(22))
    assert stopped.returncode == 4
    assert (house / "runs" / "latest").resolve().name == "2026-11-21"
    attempt = read(house / "runs" / "last_attempt.json")
    assert (attempt["exit_code"], attempt["published"]) == (4, False)
    assert "2026-11-22" in trialweave("show", "--runs", house / "runs").stdout


def test_an_acknowledged_conflict_is_counted_and_opens_again_when_its_day_is_over(trialweave: Run, house: Path) -> None:
    settings = house / "settings.toml"
    settings.write_text(f'acknowledgements = "{house}/known.toml"\ninputs = ["{house}/tables"]\n')
    night = ("nightly", "--runs", house / "runs", "--config", settings, "--fail-on", "error", *REPLAY)
    assert trialweave(*night, env=evening(21)).returncode == 3
    conflicts = [json.loads(line) for line in (house / "runs/2026-11-21/conflicts.jsonl").read_text().splitlines()]
    error = next(c for c in conflicts if c["severity"] == "error")
    done = trialweave(
        "acknowledge", error["fingerprint"], "--reason", "kept on purpose", "--until", "2026-11-22",
        "--config", settings, env=evening(21),
    )  # fmt: skip
    assert (done.returncode, "1 added" in done.stderr) == (0, True), done.stderr
    assert trialweave(*night, env=evening(22)).returncode == 0
    assert read(house / "runs/2026-11-22/summary.json")["conflicts"]["acknowledged"] == 1
    assert trialweave(*night, env=evening(23)).returncode == 3
    (again,) = read(house / "runs/2026-11-23/delta.json")["new"]
    assert again["because"] == "acknowledgement_expired"


def test_an_acknowledgement_of_what_no_conflict_bears_is_added_and_told(trialweave: Run, house: Path) -> None:
    trialweave("nightly", house / "tables", "--runs", house / "runs", *REPLAY, env=evening(21))
    first, *_ = (json.loads(line) for line in (house / "runs/latest/conflicts.jsonl").read_text().splitlines())
    until = ("--reason", "known", "--until", "2026-12-01", "--runs", house / "runs", "--file", house / "known.toml")
    for named in ((first["fingerprint"],), ("--cause", first["cause"])):
        assert "no conflict" not in trialweave("acknowledge", *named, *until, env=evening(22)).stderr
    for named in (("0123456789abcdef",), ("--cause", "0123456789abcdef")):
        done = trialweave("acknowledge", *named, *until, env=evening(22))
        assert (done.returncode, "no conflict of run 2026-11-21 has 0123456789abcdef" in done.stderr) == (0, True)
    away = trialweave(
        "acknowledge", "0123456789abcdee", *until[:-4], "--runs", house / "none", env=evening(22), cwd=house
    )
    assert (away.returncode, "no conflict" in away.stderr) == (0, False)


def test_the_command_that_the_report_shows_runs_as_it_stands(trialweave: Run, house: Path) -> None:
    night = ("nightly", "tables", "--runs", "runs", *REPLAY)
    assert trialweave(*night, env=evening(21), cwd=house).returncode == 0
    report = (house / "runs/2026-11-21/report.html").read_text()
    command = re.findall(r"trialweave (acknowledge --cause [0-9a-f]{16} [^<\"]*)", report)[0]
    copied = trialweave(*shlex.split(html.unescape(command)), env=evening(21), cwd=house)
    assert (copied.returncode, copied.stderr) == (0, "acknowledgements.toml: 1 added\n")
    assert trialweave(*night, env=evening(22), cwd=house).returncode == 0
    assert read(house / "runs/2026-11-22/summary.json")["conflicts"]["acknowledged"] >= 1


def test_what_is_not_there_is_not_shown_as_nothing(trialweave: Run, house: Path) -> None:
    trialweave("nightly", house / "tables", "--runs", house / "runs", *REPLAY, env=evening(21))
    kind = trialweave("show", "--kind", "study_statee", "--runs", house / "runs")
    assert (kind.returncode, "did you mean 'study_state'" in kind.stderr) == (2, True)
    record = trialweave("show", "--record", "nobody", "--runs", house / "runs")
    assert (record.returncode, "'nobody'" in record.stderr, record.stdout) == (2, True, "")


def test_what_the_night_itself_has_among_the_tables_is_no_table(trialweave: Run, house: Path) -> None:
    tables = house / "tables"
    shutil.copytree(FIXTURES, tables / "payloads")
    (tables / "settings.toml").write_text('contact = "curators@example.org"\n')
    (tables / "known.toml").write_text("")
    own = ("--replay", tables / "payloads", "--config", tables / "settings.toml", "--cache-dir", tables / "cache")
    night = ("nightly", tables, "--runs", tables / "runs", *own, "--acknowledgements", tables / "known.toml")
    for day in (21, 22):
        done = trialweave(*night, "--log", tables / "nights.log", env=evening(day))
        assert (done.returncode, "refused" in done.stderr) == (0, False), done.stderr
    assert read(tables / "runs/2026-11-22/summary.json")["records"] == {"read": 2, "refused": 0, "written": 2}
    lines = trialweave("enrich", tables, *own, env=evening(22))
    assert (lines.returncode, "runs, line 1: a folder in a folder" in lines.stderr) == (0, True)
    within = trialweave("nightly", tables, "--runs", tables, *own, env=evening(22))
    assert (within.returncode, "a folder of their own" in within.stderr) == (2, True)
    assert not (tables / "last_attempt.json").exists()


@pytest.mark.parametrize("read_too", ["in.jsonl", "settings.toml", "known.toml", "ids.txt"])
@pytest.mark.parametrize("way", ["log", "metrics"])
def test_what_is_read_is_not_written_over(trialweave: Run, tmp_path: Path, read_too: str, way: str) -> None:
    """Metrics took the place of the table, and log lines went behind the settings."""
    (tmp_path / "in.jsonl").write_text('{"drug_name": "CT-0525"}\n')
    (tmp_path / "known.toml").write_text("")
    (tmp_path / "ids.txt").write_text("C205637\n")
    (tmp_path / "settings.toml").write_text(f'metrics = "{read_too}"\n' if way == "metrics" else "")
    before = (tmp_path / read_too).read_text()
    night = ("nightly", "in.jsonl", "--runs", "runs", "--config", "settings.toml", "--acknowledgements", "known.toml")
    more = (*(("--only", "ids.txt") if read_too == "ids.txt" else ()), *(("--log", read_too) if way == "log" else ()))
    done = trialweave(*night, *more, *REPLAY, cwd=tmp_path)
    assert (done.returncode, (tmp_path / read_too).read_text()) == (2, before), done.stderr
    assert f"{read_too!r} is read" in done.stderr


@pytest.mark.parametrize("command", ["enrich", "explain"])
def test_what_the_settings_name_among_the_tables_is_no_table(trialweave: Run, house: Path, command: str) -> None:
    tables = house / "tables"
    shutil.copytree(FIXTURES, tables / "payloads")
    (tables / "cache").mkdir()
    (tables / "known.toml").write_text("")
    settings = f'cache_dir = "{tables}/cache"\nacknowledgements = "{tables}/known.toml"\nmetrics = "{tables}/m.json"\n'
    (tables / "settings.toml").write_text(settings)
    (tables / "m.json").write_text("trialweave_exit_code 0\n")
    done = trialweave(
        command, tables, "--replay", tables / "payloads", "--config", tables / "settings.toml", env=evening(22)
    )
    assert (done.returncode, "refused" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("command", [("enrich",), ("nightly", "--runs", "runs")])
def test_the_acknowledgements_at_hand_among_the_tables_are_no_table(
    trialweave: Run, house: Path, command: tuple[str, ...]
) -> None:
    (house / "tables" / "acknowledgements.toml").write_text("")
    done = trialweave(*command, ".", *REPLAY, cwd=house / "tables")
    assert (done.returncode, "refused" in done.stderr) == (0, False), done.stderr


def test_the_plan_tells_the_cost_and_writes_nothing(trialweave: Run, house: Path) -> None:
    done = trialweave("nightly", house / "tables", "--runs", house / "runs", "--plan", *REPLAY)
    assert done.returncode == 0, done.stderr
    assert "2 ids new, 0 expired, 0 fresh: 0 requests, about 0.0 MB" in done.stdout
    assert not (house / "runs").exists()


def test_a_plan_for_no_record_at_all_is_refused_as_the_run_would_be(trialweave: Run, house: Path) -> None:
    (house / "ids.txt").write_text("NCT00000009\n")
    night = ("nightly", house / "tables", "--runs", house / "runs", "--only", house / "ids.txt", *REPLAY)
    planned, done = trialweave(*night, "--plan"), trialweave(*night)
    assert (planned.returncode, planned.stdout, planned.stderr) == (2, "", done.stderr)
    assert "check their ids" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nightly"], "--runs"),
        (["nightly", "--runs", "R", *REPLAY], "`inputs` in the settings"),
        (["nightly", SEED, "--runs", "R", "--run-id", "../x", *REPLAY], "../x"),
        (["show", "--runs", "R"], "no published run"),
        (["diff", "a", "b", "--runs", "R"], "'a'"),
        (["acknowledge", "--reason", "r", "--until", "2030-01-01"], "name fingerprints"),
        (["nightly", SEED, "--runs", "R", "--acknowledgements", "no.toml", *REPLAY], "no.toml"),
        (["acknowledge", "--reason", "r", "--until", "soon"], "soon"),
        (["acknowledge", "x", "--reason", "r", "--until", "2000-01-01", "--file", "f"], "over already"),
    ],
    ids=["runs", "input", "run id", "no run", "diff", "nothing", "no file", "date", "past"],
)
def test_wrong_usage_ends_with_2(trialweave: Run, tmp_path: Path, arguments: list[Any], says: str) -> None:
    placed = [tmp_path / a if a == "R" else a for a in arguments]
    done = trialweave(*placed)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_night_without_input_is_noted_with_the_code_it_ends_with(trialweave: Run, tmp_path: Path) -> None:
    metrics, settings, log = tmp_path / "trialweave.prom", tmp_path / "settings.toml", tmp_path / "log.jsonl"
    settings.write_text(f'metrics = "{metrics}"\n')
    done = trialweave("nightly", "--runs", tmp_path / "runs", "--config", settings, "--log", log, *REPLAY)
    assert (done.returncode, "INPUT" in done.stderr) == (2, True), done.stderr
    attempt = read(tmp_path / "runs" / "last_attempt.json")
    assert (attempt["exit_code"], attempt["published"]) == (2, False)
    assert "INPUT" in attempt["reason"]
    assert [json.loads(line)["exit_code"] for line in log.read_text().splitlines()] == [2]
    assert "trialweave_exit_code 2\n" in metrics.read_text()


@pytest.mark.parametrize(
    "arguments",
    [["--config", "broken.toml"], ["--log", "nowhere/log.jsonl"], ["--run-id", "a/b"]],
    ids=["settings", "log", "run id"],
)
def test_a_start_that_is_refused_is_the_last_attempt_but_not_for_a_plan_or_a_part(
    trialweave: Run, house: Path, arguments: list[str]
) -> None:
    (house / "broken.toml").write_text("no_such_setting = 1\n")
    (house / "ids.txt").write_text("C205637\n")
    night = ("nightly", "tables", "--runs", "runs", *REPLAY, *arguments)
    assert trialweave(*night, "--only", "ids.txt", cwd=house).returncode == 2
    trialweave(*night, "--plan", cwd=house)
    assert not (house / "runs" / "last_attempt.json").exists()
    refused = trialweave(*night, cwd=house)
    attempt = read(house / "runs" / "last_attempt.json")
    assert (refused.returncode, attempt["exit_code"], attempt["published"]) == (2, 2, False)
    assert attempt["reason"] in refused.stderr


def test_ids_of_a_part_that_no_record_has_are_named_in_one_line(trialweave: Run, house: Path) -> None:
    night = ("nightly", house / "tables", "--runs", house / "runs", "--only", house / "ids.txt", *REPLAY)
    (house / "ids.txt").write_text("C205637\nC404\nNCT09999999\n")
    few = trialweave(*night, env=evening(21))
    assert few.stderr.splitlines()[-1] == "trialweave: --only lists what no record has: C404, NCT09999999"
    (house / "ids.txt").write_text("C205637\n" + "".join(f"NCT{number:08}\n" for number in range(100, 5000)))
    many = trialweave(*night, env=evening(22))
    assert many.stderr.splitlines()[-1] == (
        "trialweave: --only lists what no record has: "
        + ", ".join(f"NCT{number:08}" for number in range(100, 110))
        + " and 4,890 more; the signals in the run's summary.json name them all"
    )
    (house / "ids.txt").write_text("C205637\n")
    none = trialweave(*night, env=evening(23))
    assert (none.returncode, "--only" in none.stderr) == (0, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no file that is always full")
def test_a_log_that_is_full_is_named(trialweave: Run, house: Path) -> None:
    night = ("nightly", house / "tables", "--runs", house / "runs", *REPLAY, "--log", "/dev/full")
    ended = trialweave(*night, env=evening(23))
    assert (ended.returncode, ended.stderr) == (1, "trialweave: /dev/full: No space left on device\n")
    assert read(house / "runs/last_attempt.json")["reason"] == "/dev/full: No space left on device"


def test_log_note_summary_and_metrics_tell_when_the_night_ended(trialweave: Run, house: Path) -> None:
    """All of them told its beginning: nobody saw how long a night took, nor when it failed."""
    config = house / "settings.toml"
    config.write_text(f'metrics = "{house / "metrics.prom"}"\n')
    slow = Fault("ctgov", match="filter.ids", world=lambda: time.sleep(2.1))
    with StandIn(FIXTURES, [slow]) as server:
        env = {"TRIALWEAVE_CTGOV_URL": server.ctgov_url, "TRIALWEAVE_EVS_URL": server.evs_url}
        runs, log = house / "runs", house / "log.jsonl"
        done = trialweave("nightly", SEED, "--runs", runs, "--log", log, "--config", config, env=env)
    assert done.returncode == 0, done.stderr
    summary = read(runs / "latest" / "summary.json")
    started, finished = (datetime.fromisoformat(summary[name]) for name in ("started_at", "finished_at"))
    assert finished - started >= timedelta(seconds=2)
    told = [json.loads(line)["at"] for line in log.read_text().splitlines()]
    assert told[0] <= summary["started_at"] < summary["finished_at"] <= told[-1]
    assert read(runs / "last_attempt.json")["at"] >= summary["finished_at"]
    (measured,) = re.findall(r"^trialweave_attempt_timestamp_seconds (\S+)", (house / "metrics.prom").read_text(), re.M)
    assert float(measured) >= finished.timestamp()


def test_a_dash_is_no_log_and_the_last_year_no_time(trialweave: Run, house: Path) -> None:
    """The one made a file called `-`, the other ended in a traceback."""
    night = ("nightly", SEED, "--runs", house / "runs", *REPLAY)
    done = trialweave(*night, "--log", "-", cwd=house)
    assert (done.returncode, (house / "-").exists()) == (2, False)
    assert "name a file; /dev/stdout is standard output" in done.stderr
    late = trialweave(*night, env={"TRIALWEAVE_NOW": "9999-12-31T23:59:59Z"})
    assert (late.returncode, "Traceback" in late.stderr) == (2, False)
    assert "TRIALWEAVE_NOW: the year has to lie between 1970 and 9000" in late.stderr
    piped = trialweave(*night, "--log", "/dev/stdout")
    assert piped.returncode == 0, piped.stderr
    assert [json.loads(line)["event"] for line in piped.stdout.splitlines()] == [
        "started",
        "woven",
        "gates",
        "published",
    ]


def test_a_table_that_may_not_be_read_is_noted_and_a_folder_without_room_named(
    trialweave: Run, house: Path, bound_by_permissions: tuple[str, ...]
) -> None:
    """The first was no attempt: monitoring read last night's 0. The other was told by the name of a hidden file."""
    table, runs, locked = house / "table.txt", house / "runs", house / "locked"
    table.write_text(SEED.read_text())
    night = ("nightly", table, "--runs", runs, *REPLAY)
    assert trialweave(*night, env=evening(21)).returncode == 0
    table.chmod(0)
    done = trialweave(*night, env=evening(22), under=bound_by_permissions)
    assert done.returncode == 2
    assert read(runs / "last_attempt.json")["reason"] in done.stderr
    assert "table.txt cannot be read: Permission denied" in read(runs / "last_attempt.json")["reason"]
    locked.mkdir(mode=0o555)
    apart = trialweave("enrich", SEED, *REPLAY, "-o", locked / "out.jsonl", under=bound_by_permissions)
    assert (apart.returncode, apart.stderr) == (1, f"trialweave: {locked / 'out.jsonl'}: Permission denied\n")


def test_a_gate_of_links_says_why_nobody_answered(trialweave: Run, house: Path) -> None:
    """A first night behind a proxy that blocks was told of a share, and never of the 403 and what to look at."""
    runs = house / "runs"
    with StandIn(FIXTURES, [Fault("ctgov", "edge", times=99, status=403)]) as server:
        env = {"TRIALWEAVE_CTGOV_URL": server.ctgov_url, "TRIALWEAVE_EVS_URL": server.evs_url}
        done = trialweave("nightly", SEED, "--runs", runs, env=env)
    assert done.returncode == 4
    assert "coverage_ctgov: ClinicalTrials.gov answered for 0 % of the links" in done.stderr
    for told in (done.stderr, read(runs / "last_attempt.json")["reason"]):
        assert "ClinicalTrials.gov gave up: 127.0.0.1 answered 403" in told
        assert "HTTPS_PROXY" in told
    few = trialweave("nightly", FIXTURES / "gallery.jsonl", "--runs", runs, *REPLAY, "--run-id", "few")
    assert few.returncode == 5
    assert "trialweave: NCT04459715 is unavailable: NCT04459715 was never recorded" in few.stderr
    strict = house / "strict.toml"
    strict.write_text("[gates]\nminimum_records = 100\n")
    short = trialweave(
        "nightly", FIXTURES / "gallery.jsonl", "--runs", runs, *REPLAY, "--run-id", "s", "--config", strict
    )
    assert (short.returncode, "is unavailable" in short.stderr) == (4, False)
    strict.write_text("[gates]\ncoverage_ctgov = 1.0\n")
    open_ = trialweave(
        "nightly", FIXTURES / "gallery.jsonl", "--runs", runs, *REPLAY, "--run-id", "o", "--config", strict
    )
    assert (open_.returncode, "NCT04459715 is unavailable: NCT04459715 was never recorded" in open_.stderr) == (4, True)


def test_what_a_published_night_has_to_say_is_told_in_every_place(trialweave: Run, house: Path) -> None:
    """A vanished column stood in summary and page alone; log and note told of no reason for an incomplete night."""
    runs, table, log = house / "runs", house / "table.jsonl", house / "log"
    row = {"drug_name": "CT-0525", "nct_id_drug_ref": "NCT04459715", "drug_category": "cell"}
    night = ("nightly", table, "--runs", runs, *REPLAY, "--log", log, "--config", house / "lenient.toml")
    (house / "lenient.toml").write_text("[gates]\ncoverage_ctgov = 0.0\n[columns]\ndrug_mesh_term = 'nowhere'\n")
    table.write_text(json.dumps(row))
    assert trialweave(*night, env=evening(21)).returncode == 5
    del row["drug_category"]
    table.write_text(json.dumps(row))
    done = trialweave(*night, env=evening(22))
    assert done.returncode == 5
    show = trialweave("show", "--runs", runs).stdout
    note, last = read(runs / "last_attempt.json"), json.loads(log.read_text().splitlines()[-1])
    summary = read(runs / "latest" / "summary.json")
    for told in (
        "[columns] names 'nowhere' for drug_mesh_term, and no row has such a column",
        f"NCT04459715 is unavailable: NCT04459715 was never recorded in {FIXTURES}",
        (
            "no row gives drug_category any more, and rows of the last run did: where a column was renamed,"
            " name it under [columns] in the settings"
        ),
    ):
        assert f"trialweave: {told}\n" in done.stderr
        assert told in show
        assert told in note["signals"]
        assert told in last["signals"]
        assert told in summary["signals"]


def test_a_night_that_reaches_the_threshold_says_by_what_though_nothing_of_it_is_news(
    trialweave: Run, house: Path
) -> None:
    """Errors of new records are folded: the night ended with 3 under a headline of `0 new`. Nor did 5 tell of them."""
    night = ("nightly", "--runs", house / "runs", *REPLAY, "--fail-on", "error")
    (house / "lenient.toml").write_text("[gates]\ncoverage_ctgov = 0.0\n")
    told = "--fail-on error was reached: 1 error new or re-opened, with those that are folded"
    assert trialweave(*night, house / "tables" / "right.txt", env=evening(21)).returncode == 0
    done = trialweave(*night, house / "tables", env=evening(22))
    assert (done.returncode, "| 0 new |" in done.stderr) == (3, True)
    assert f"trialweave: {told}\n" in done.stderr
    assert told in read(house / "runs" / "last_attempt.json")["signals"]
    (house / "tables" / "more.jsonl").write_text(
        '{"drug_name": "CT-0525", "nct_id_drug_ref": "NCT04459715"}\n{"nct_id_drug_ref": "NCT99999999"}\n'
    )
    silent = trialweave(*night, house / "tables", "--config", house / "lenient.toml", env=evening(23))
    assert (silent.returncode, told in silent.stderr) == (5, True)
