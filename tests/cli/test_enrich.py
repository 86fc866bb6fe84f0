"""The command line as a process: the seed record, its sister study, the unhappy paths, and no socket anywhere."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "seeds" / "ct-0525.txt"
FIXTURES = ROOT / "fixtures"

Run = Callable[..., subprocess.CompletedProcess[str]]


def enriched(run: Run, *arguments: str | Path, code: int = 0) -> list[dict[str, Any]]:
    done = run("enrich", *arguments, "--replay", FIXTURES)
    assert done.returncode == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_seed_record_is_confirmed_on_all_three_edges(trialweave: Run) -> None:
    (line,) = enriched(trialweave, SEED)
    assert [edge["verdict"] for edge in line["edges"].values()] == ["match", "match", "match"]
    assert [(c["kind"], c["severity"]) for c in line["conflicts"]] == [("study_state", "info")]
    assert "UNKNOWN" in line["conflicts"][0]["message"]
    assert line["suspect"] is None
    assert line["links"]["study"]["source_version"] == "2026-11-20T09:00:05"
    assert line["links"]["concept"]["source_version"] == "26.10d"


def test_the_seed_record_pointed_at_the_sister_study_has_one_error_and_one_suspect(
    trialweave: Run, tmp_path: Path
) -> None:
    sister = tmp_path / "sister.txt"
    sister.write_text(SEED.read_text().replace("NCT06254807", "NCT04660929"))
    (line,) = enriched(trialweave, sister)
    errors = [c["kind"] for c in line["conflicts"] if c["severity"] != "info"]
    assert errors == ["study_drug_not_mentioned"]
    assert line["suspect"] == "study_link"


def test_every_value_says_where_it_was_read(trialweave: Run) -> None:
    (line,) = enriched(trialweave, SEED)
    payloads = {
        "record": line["record"],
        "ctgov": json.loads((FIXTURES / "ctgov" / "NCT06254807.json").read_text()),
        "ncit": json.loads((FIXTURES / "ncit" / "C205637.json").read_text()),
    }
    claims = [claim for field in line["fields"].values() for claim in field["claims"]]
    assert {claim["source"] for claim in claims} == {"record", "ctgov", "ncit"}
    for claim in claims:
        found = payloads[claim["source"]]
        for step in claim["path"].split("/")[1:]:
            found = found[int(step)] if isinstance(found, list) else found[step]
        if (claim["source"], claim["value"]) == ("ctgov", "Intravenous"):
            assert "IV infusion" in found
        else:
            assert found == claim["value"]


def test_two_runs_give_the_same_bytes(trialweave: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        trialweave("enrich", FIXTURES / "gallery.jsonl", "--replay", FIXTURES, "-o", tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_demo_opens_no_socket(trialweave: Run, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('a socket was opened')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
    )
    done = trialweave("enrich", SEED, "--replay", FIXTURES, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    done = trialweave("explain", SEED, "--replay", FIXTURES, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stderr


def test_the_summary_counts_what_was_read_and_written(trialweave: Run, tmp_path: Path) -> None:
    table = tmp_path / "table.jsonl"
    table.write_text('{"drug_name": "CT-0525", "nct_id_drug_ref": "NCT06254807"}\nnot json\n')
    done = trialweave(
        "enrich", table, "--replay", FIXTURES, "--summary", tmp_path / "s.json", env={"TRIALWEAVE_NOW": "2026-11-23"}
    )
    summary = json.loads((tmp_path / "s.json").read_text())
    assert done.returncode == 0
    assert "table.jsonl, line 2" in done.stderr
    assert summary["records"] == {"read": 2, "refused": 1, "written": 1}
    assert summary["started_at"] == "2026-11-23T00:00:00Z"
    assert summary["headline"] in done.stderr
    assert summary["sources"]["ctgov"] == {
        "version": "2026-11-20T09:00:05",
        "requests": 0,
        "stale": 0,
        "stale_versions": {},
    }


def test_all_conflicts_can_be_written_aside(trialweave: Run, tmp_path: Path) -> None:
    lines = enriched(trialweave, FIXTURES / "gallery.jsonl", "--conflicts", tmp_path / "c.jsonl", code=5)
    aside = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text().splitlines()]
    inside = [(line["record_id"], c["fingerprint"]) for line in lines for c in line["conflicts"]]
    assert [(c["record_id"], c["fingerprint"]) for c in aside if "record_id" in c] == inside


@pytest.mark.parametrize(
    ("threshold", "code"), [("never", 0), ("error", 3), ("warning", 3)], ids=["never", "error", "warning"]
)
def test_fail_on_decides_the_exit_code(trialweave: Run, tmp_path: Path, threshold: str, code: int) -> None:
    sister = tmp_path / "sister.txt"
    sister.write_text(SEED.read_text().replace("NCT06254807", "NCT04660929"))
    done = trialweave("enrich", sister, "--replay", FIXTURES, "--fail-on", threshold)
    assert done.returncode == code
    assert (f"trialweave: --fail-on {threshold} was reached: 1 error not acknowledged\n" in done.stderr) == (code == 3)


def test_a_link_that_nobody_could_answer_ends_with_5_and_names_the_folder(trialweave: Run) -> None:
    row = {"drug_name": "CT-0525", "nct_id_drug_ref": "NCT04459715", "nci_thesaurus_concept_id": "C205637"}
    done = trialweave("explain", "-", "--replay", FIXTURES, stdin=json.dumps(row))
    assert done.returncode == 5
    assert "no conflict in what could be asked about" in done.stdout
    brief = trialweave("explain", "-", "--brief", "--replay", FIXTURES, stdin=json.dumps(row))
    assert "NCT04459715 is unavailable: NCT04459715 was never recorded in" in brief.stdout
    assert "unavailable" in done.stdout
    assert "fixtures" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["enrich"], "INPUT"),
        (["enrich", "no-such-file.csv"], "no-such-file.csv"),
        (["enrich", SEED, "--replay", "no-such-folder"], "no-such-folder"),
        (["enrich", SEED, "--replay", FIXTURES, "--offline"], "exclude each other"),
        (["enrich", SEED, "--replay", FIXTURES, "--config", "no-such.toml"], "no-such.toml"),
        (["enrich", SEED, "--frob"], "--frob"),
        (["weave", SEED], "weave"),
        (["enrich", SEED, "--replay", FIXTURES, "-o", "out.xlsx"], "name it so, or choose --format"),
        (["enrich", SEED, "--replay", FIXTURES, "-o", "out.jsonl.GZ"], "name it so, or choose --format"),
        (["enrich", ""], "is empty"),
        (["enrich", SEED, "--replay", ""], "is empty"),
        (["enrich", SEED, "--replay", FIXTURES, "-o", ""], "is empty"),
        (["nightly", SEED, "--replay", FIXTURES, "--runs", ""], "is empty"),
        (["fixtures", "check", ""], "is empty"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(trialweave: Run, arguments: list[Any], says: str) -> None:
    done = trialweave(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["-o", "--conflicts", "--summary", "--report"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_read(
    trialweave: Run, tmp_path: Path, option: str
) -> None:
    done = trialweave("enrich", SEED, "--replay", FIXTURES, option, tmp_path / "no" / "file")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip() == f"trialweave: the folder {tmp_path / 'no'} does not exist; make it first"


@pytest.mark.parametrize("option", ["-o", "--conflicts", "--summary", "--report"])
def test_nothing_is_written_among_the_tables_of_an_input_folder(trialweave: Run, tmp_path: Path, option: str) -> None:
    """The next run would read it: a CSV of results has the columns of records."""
    (tmp_path / "table.csv").write_text("drug_name,nct_id_drug_ref\nCT-0525,NCT06254807\n")
    (tmp_path / "results").mkdir()
    done = trialweave("enrich", tmp_path, "--replay", FIXTURES, option, tmp_path / "out.csv")
    assert done.returncode == 2
    assert "lies in the folder that is read" in done.stderr
    assert not (tmp_path / "out.csv").exists()
    below = trialweave("enrich", tmp_path, "--replay", FIXTURES, option, tmp_path / "results" / "out.csv")
    assert below.returncode == 0, below.stderr


def test_nothing_is_recorded_among_the_tables_of_an_input_folder(trialweave: Run, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("drug_name\nCT-0525\n")
    done = trialweave("enrich", ".", "--record", tmp_path, cwd=tmp_path)
    left = [path.name for path in tmp_path.iterdir()]
    assert (done.returncode, done.stdout, left) == (2, "", ["table.csv"])
    assert f"{str(tmp_path)!r} is an input; give recorded files a folder of their own" in done.stderr


@pytest.mark.parametrize("place", ["manifest.json", "ncit/C1.json"])
@pytest.mark.parametrize("origin", ["--replay", "--record"])
def test_no_result_takes_the_place_of_what_is_recorded(
    trialweave: Run, tmp_path: Path, origin: str, place: str
) -> None:
    folder = tmp_path / "rep"
    (folder / "ncit").mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    done = trialweave("enrich", SEED, origin, folder, "-o", folder / place)
    assert (done.returncode, (folder / "manifest.json").read_text()) == (2, "{}"), done.stderr
    assert not (folder / "ncit" / "C1.json").exists()
    beside = trialweave("enrich", SEED, "--replay", folder, "-o", folder / "out.jsonl")
    assert (beside.returncode, (folder / "out.jsonl").exists()) == (5, True), beside.stderr


def test_a_column_that_holds_the_ids_of_links_that_no_row_has_is_named(trialweave: Run) -> None:
    """Under other names all links were missing, and nothing said why."""
    text = "drug_name,NCT ID,NCIt code\nCT-0525,,\nCT-0525,NCT06254807,C205637\n"
    done = trialweave("enrich", "-", "--replay", FIXTURES, stdin=text)
    assert "no row has nct_id_drug_ref, and 'NCT ID' holds such ids: map it under [columns]" in done.stderr
    assert "no row has nci_thesaurus_concept_id, and 'NCIt code' holds such ids" in done.stderr
    mixed = '{"drug_name": "CT-0525", "note": "NCT06254807"}\n{"nct_id_drug_ref": ""}\n'
    quiet = trialweave("enrich", "-", "--replay", FIXTURES, stdin=mixed)
    assert "no row has" not in quiet.stderr


def test_links_in_a_circle_are_an_input_that_cannot_be_read(trialweave: Run, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    done = trialweave("enrich", tmp_path / "one", "--replay", FIXTURES)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    (tmp_path / "seed.txt").write_text(SEED.read_text())
    folder = trialweave("enrich", tmp_path, "--replay", FIXTURES)
    assert (folder.returncode, len(folder.stdout.splitlines())) == (0, 1), folder.stderr


@pytest.mark.parametrize("option", ["--config", "--acknowledgements"])
def test_no_result_takes_the_place_of_what_the_run_was_told(trialweave: Run, tmp_path: Path, option: str) -> None:
    told = tmp_path / "told.toml"
    told.write_text("")
    done = trialweave("enrich", SEED, "--replay", FIXTURES, option, told, "-o", told)
    assert (done.returncode, "is named twice" in done.stderr, told.read_text()) == (2, True, "")
    (tmp_path / "settings.toml").write_text(f'acknowledgements = "{told}"\n')
    done = trialweave("enrich", SEED, "--replay", FIXTURES, "--config", tmp_path / "settings.toml", "-o", told)
    assert (done.returncode, "is named twice" in done.stderr, told.read_text()) == (2, True, "")


@pytest.mark.parametrize("option", ["--conflicts", "--summary", "--report"])
def test_nothing_else_goes_where_the_lines_go(option: str, trialweave: Run, tmp_path: Path) -> None:
    done = trialweave("enrich", SEED, "--replay", FIXTURES, option, "/dev/stdout")
    assert (done.returncode, "'/dev/stdout' is named twice" in done.stderr, done.stdout) == (2, True, "")
    done = trialweave("enrich", SEED, "--replay", FIXTURES, "-o", tmp_path / "lines.jsonl", option, "/dev/stdout")
    assert done.returncode == 0
    assert done.stdout or option == "--conflicts"


def test_a_dash_as_output_is_standard_output_and_no_file(trialweave: Run, tmp_path: Path) -> None:
    plain = trialweave("enrich", SEED, "--replay", FIXTURES)
    dashed = trialweave("enrich", SEED, "--replay", FIXTURES, "-o", "-", cwd=tmp_path)
    assert (dashed.returncode, dashed.stdout) == (0, plain.stdout)
    for option in ("--conflicts", "--summary", "--report"):
        refused = trialweave("enrich", SEED, "--replay", FIXTURES, option, "-", cwd=tmp_path)
        assert (refused.returncode, "only --output" in refused.stderr, refused.stdout) == (2, True, "")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_run_leaves_no_half_made_output(trialweave: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = trialweave("enrich", SEED, tmp_path / "missing.csv", "--replay", FIXTURES, "-o", out)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("columns", ["60", "140"])
def test_the_page_of_a_record_shows_both_values_of_a_conflict(trialweave: Run, tmp_path: Path, columns: str) -> None:
    sister = tmp_path / "sister.txt"
    sister.write_text(SEED.read_text().replace("NCT06254807", "NCT04660929"))
    done = trialweave("explain", sister, "--replay", FIXTURES, env={"COLUMNS": columns})
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if "https://" not in line) <= int(columns)
    for words in ("suspect: study link", "CT-0525", "NCT04660929", "mismatch", "study_drug_not_mentioned"):
        assert words in done.stdout


def test_a_report_shows_every_conflict_of_the_run(trialweave: Run, tmp_path: Path) -> None:
    enriched(trialweave, FIXTURES / "gallery.jsonl", "--report", tmp_path / "r.html", code=5)
    page = (tmp_path / "r.html").read_text()
    for title in ("The concept is retired", "The study does not name the drug", "The concept is another drug"):
        assert title in page
    assert "Links without an answer" in page
    assert '[["study","NCT04459715"]]' in page


def test_an_acknowledged_conflict_is_counted_marked_and_fails_nothing(trialweave: Run, tmp_path: Path) -> None:
    sister = tmp_path / "sister.txt"
    sister.write_text(SEED.read_text().replace("NCT06254807", "NCT04660929"))
    (line,) = enriched(trialweave, sister)
    fingerprint = next(c["fingerprint"] for c in line["conflicts"] if c["severity"] == "error")
    known = tmp_path / "known.toml"
    known.write_text(f'[[acknowledgement]]\nfingerprint = "{fingerprint}"\nreason = "on purpose"\nuntil = 2026-11-30\n')
    arguments = ("enrich", sister, "--replay", FIXTURES, "--fail-on", "error", "--acknowledgements", known)
    aside = ("--conflicts", tmp_path / "c.jsonl", "--summary", tmp_path / "s.json", "-o", tmp_path / "o.jsonl")
    done = trialweave(*arguments, *aside, env={"TRIALWEAVE_NOW": "2026-11-30T04:00:00Z"})
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "s.json").read_text())["conflicts"]["acknowledged"] == 1
    assert "1 error, 0 warnings, 1 info (1 acknowledged) |" in done.stderr
    marked = {
        c["fingerprint"]: c["acknowledged_until"]
        for c in map(json.loads, (tmp_path / "c.jsonl").read_text().splitlines())
    }
    assert marked[fingerprint] == "2026-11-30"
    over = trialweave(*arguments, env={"TRIALWEAVE_NOW": "2026-12-01T04:00:00Z"})
    assert over.returncode == 3


@pytest.mark.parametrize(
    ("aside", "told"),
    [
        ("", "this run cannot lay anything aside in "),
        (
            """
import io, types, trialweave.spool as spool
Memory = type("Memory", (io.BytesIO,), {"fileno": lambda self: self})
spool.TemporaryFile = lambda **_: Memory()
spool.os = types.SimpleNamespace(pread=lambda file, size, at: file.getvalue()[at : at + size])
""",
            "out.jsonl: File too large",
        ),
    ],
)
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, aside: str, told: str) -> None:
    """The kernel lets no file grow beyond 1 kB: what is written is not there, and nothing of what was begun.

    What is laid aside is the first to need room; where it has some, the results are.
    """
    script = (
        f"{aside}import resource, sys; from trialweave.cli import main; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)); sys.exit(main(sys.argv[1:]))"
    )
    command = ("enrich", SEED, "--replay", FIXTURES, "-o", "out.jsonl", "--conflicts", "conflicts.jsonl")
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"trialweave: {told}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--conflicts", "--summary", "--report"])
def test_no_room_for_one_result_leaves_no_other(trialweave: Run, tmp_path: Path, option: str) -> None:
    done = trialweave("enrich", SEED, "--replay", FIXTURES, "-o", tmp_path / "out.jsonl", option, "/dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith("trialweave: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_no_room_for_the_output_leaves_no_conflicts(trialweave: Run, tmp_path: Path, kind: str) -> None:
    aside = ("--conflicts", tmp_path / "conflicts.jsonl", "--summary", tmp_path / "summary.json")
    done = trialweave("enrich", SEED, "--replay", FIXTURES, "-o", "/dev/full", "--format", kind, *aside)
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_mapped_column_that_no_row_has_is_told(trialweave: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        '[columns]\nrecord_id = "row"\nnct_id_drug_ref = "trial"\ndrug_name = "drug"'
    )
    (tmp_path / "records.csv").write_text("drug,trial id\nCT-0525,NCT06254807\n")
    done = trialweave(
        "enrich",
        tmp_path / "records.csv",
        "--replay",
        FIXTURES,
        "--config",
        tmp_path / "settings.toml",
        "-o",
        os.devnull,
    )
    assert (
        "[columns] names 'trial' for nct_id_drug_ref, 'row' for record_id, and no row has such a column" in done.stderr
    )


def test_a_mapping_that_hides_the_column_of_the_links_is_told_as_such(trialweave: Run, tmp_path: Path) -> None:
    """It said to map what was mapped already, and wrongly."""
    config = tmp_path / "settings.toml"
    config.write_text('[columns]\nnct_id_drug_ref = "trial"\n')
    text = "drug_name,nct_id_drug_ref\nCT-0525,NCT06254807\n"
    done = trialweave("enrich", "-", "--replay", FIXTURES, "--config", config, stdin=text)
    assert "[columns] names 'trial' for nct_id_drug_ref, and no row has such a column" in done.stderr
    assert "'nct_id_drug_ref' holds such ids: [columns] has to name that one" in done.stderr


def test_what_acknowledge_wrote_beside_it_counts_in_the_next_enrich(trialweave: Run, tmp_path: Path) -> None:
    """The page of `enrich` prints the command, and its file was read where an option named it only."""
    sister = tmp_path / "sister.txt"
    sister.write_text(SEED.read_text().replace("NCT06254807", "NCT04660929"))
    arguments = ("enrich", sister.name, "--replay", FIXTURES, "-o", "out", "--conflicts", "aside", "--fail-on", "error")
    assert trialweave(*arguments, cwd=tmp_path).returncode == 3
    told = [json.loads(line) for line in (tmp_path / "aside").read_text().splitlines()]
    (cause,) = (conflict["cause"] for conflict in told if conflict["severity"] == "error")
    known = ("acknowledge", "--cause", cause, "--reason", "both are right", "--until", "2999-12-31")
    assert trialweave(*known, cwd=tmp_path).returncode == 0
    again = trialweave(*arguments, "--report", "page.html", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert cause not in (tmp_path / "page.html").read_text().partition("Acknowledgements")[0]
    onto = trialweave(*arguments, "--summary", "acknowledgements.toml", cwd=tmp_path)
    assert onto.returncode == 2, "an output would have replaced the file"


@pytest.mark.parametrize("end", ["csv", "xlsx", "parquet"])
def test_rows_of_spaces_are_no_records(trialweave: Run, tmp_path: Path, end: str) -> None:
    """Spreadsheets are full of them; each was a record without a name, or refused for its width."""
    file = tmp_path / f"table.{end}"
    rows = [("drug_name", "nct_id_drug_ref"), ("CT-0525", "NCT06254807"), (" ", ""), ("\t", " ")]
    if end == "csv":
        file.write_text("".join(",".join(row) + "\n" for row in rows) + "   \n")
    elif end == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(file)
    else:
        names, *cells = rows
        pq.write_table(pa.table(dict(zip(names, map(list, zip(*cells, strict=True)), strict=True))), file)
    assert [line["record"]["drug_name"] for line in enriched(trialweave, file)] == ["CT-0525"]


def test_summary_and_page_say_why_a_run_is_incomplete(trialweave: Run, tmp_path: Path) -> None:
    """Both told of nothing but a share: the reason was on standard error, and gone with the terminal."""
    (tmp_path / "t.toml").write_text("[columns]\ndrug_mesh_term = 'nowhere'\n")
    aside = ("--summary", tmp_path / "s.json", "--report", tmp_path / "p.html", "--config", tmp_path / "t.toml")
    done = trialweave("enrich", "-", "--replay", FIXTURES, *aside, stdin='{"nct_id_drug_ref": "NCT04459715"}')
    assert done.returncode == 5
    signals = json.loads((tmp_path / "s.json").read_text())["signals"]
    assert signals == [line.removeprefix("trialweave: ") for line in done.stderr.splitlines()[:2]]
    page = html.unescape((tmp_path / "p.html").read_text())
    assert len(signals) == 2
    assert all(signal in page for signal in signals)


def test_the_page_says_what_its_numbers_count(trialweave: Run, tmp_path: Path) -> None:
    """Errors by cause stood below a headline with other numbers of errors, and neither said what it counted."""
    gallery = FIXTURES / "gallery.jsonl"
    done = trialweave("enrich", gallery, "--replay", FIXTURES, "--report", tmp_path / "p.html")
    found = re.search(r"(\d+) errors?, (\d+) warnings?, (\d+) info", done.stderr)
    assert found is not None, done.stderr
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", (tmp_path / "p.html").read_text()))
    told = re.search(r"(\d+) causes? behind (\d+) conflicts?, and (\d+) across records By cause:", page)
    assert told is not None
    assert int(told[2]) + int(told[3]) == sum(map(int, found.groups()))
