"""What strangers write, and what only we know: neither the terminal obeys the one, nor does anybody read the other."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from standin import Fault, StandIn, World, concept, nct, study

Run = Callable[..., subprocess.CompletedProcess[str]]
HOSTILE = "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07\x1b[2J\x9b31m\u202egnp\x7f"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ROW = {"drug_name": "Drug", "nct_id_drug_ref": nct(1), "nci_thesaurus_concept_id": "C1"}


def config(folder: Path, server: StandIn) -> Path:
    file = folder / "settings.toml"
    file.write_text(
        f'cache_dir = "{folder / "cache"}"\n'
        f'[ctgov]\nurl = "{server.ctgov_url}"\nrate = 1000\n[ctgov.headers]\nAuthorization = "Bearer hunter2"\n'
        f'[evs]\nurl = "{server.evs_url}"\nrate = 1000\n'
    )
    return file


def hostile_world() -> World:
    world = World(
        studies={nct(1): study(nct(1), title=f"A study{HOSTILE}")},
        concepts={"C1": concept("C1", name=f"Concept{HOSTILE}")},
    )
    world.timestamp = f"2026-11-20{HOSTILE}"
    return world


@pytest.mark.parametrize("fault", [None, Fault("ctgov", "html", times=99), Fault("ctgov", "status", times=99)])
def test_a_header_for_a_mirror_reaches_the_mirror_and_no_file(
    trialweave: Run, tmp_path: Path, fault: Fault | None
) -> None:
    records = tmp_path / "records.jsonl"
    records.write_text(json.dumps(ROW))
    world = World(studies={nct(1): study(nct(1))}, concepts={"C1": concept("C1")})
    with StandIn(world, [fault] if fault else []) as server:
        options = ("--config", config(tmp_path, server))
        out = ("-o", tmp_path / "out.jsonl", "--summary", tmp_path / "summary.json")
        done = trialweave("enrich", records, *out, *options)
        recorded = trialweave("enrich", records, "--record", tmp_path / "recorded", *options)
        assert {seen.headers.get("Authorization") for seen in server.requests if seen.service == "ctgov"} == {
            "Bearer hunter2"
        }
        assert not any("Authorization" in seen.headers for seen in server.requests if seen.service == "evs")
    written = [file for file in tmp_path.rglob("*") if file.is_file() and file.name != "settings.toml"]
    assert len(written) > 3
    assert not [file for file in written if b"hunter2" in file.read_bytes()]
    assert "hunter2" not in done.stdout + done.stderr + recorded.stdout + recorded.stderr


def test_messages_on_standard_error_hold_no_command_for_a_terminal(tmp_path: Path) -> None:
    """On a terminal, because click takes some commands out of what goes anywhere else."""
    records = tmp_path / f"records{HOSTILE.replace('/', '')}.jsonl"
    records.write_text(json.dumps(ROW) + "\n" + json.dumps({**ROW, "nct_id_drug_ref": nct(2)}) + "\n{" + HOSTILE)
    refusing = Fault("ctgov", "status", status=400, body=HOSTILE.encode(), match=nct(2), times=99)
    with StandIn(hostile_world(), [refusing]) as server:
        command = ("enrich", records, "-o", tmp_path / "out.jsonl", "--config", config(tmp_path, server))
        told = on_a_terminal(*command, errors_too=True, code=5)
    assert "registry 11-20" in told
    assert "refused" in told
    assert not OBEYED.search(told.replace("\r", ""))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("enrich", "NAME", "-o", "NAME", "--replay", "."), 2),
        (("enrich", "missing", "--replay", ".", "--config", "NAME"), 2),
        (("show", "NAME", "--runs", "NAME"), 2),
        (("fixtures", "check", "NAME"), 2),
        (("cache", "info", "--cache-dir", "NAME"), 0),
        (("acknowledge", "0" * 16, "--reason", "known", "--until", "2099-01-01", "--file", "NAME"), 0),
        (("cache", "import", "NAME.zip", "--release", "26.10d"), 2),
        (("enrich", "--NAME"), 2),
        (("NAME",), 2),
    ],
)
def test_names_of_files_and_options_hold_no_command_for_a_terminal(
    tmp_path: Path, command: tuple[str, ...], code: int
) -> None:
    """As `trialweave enrich *` names them in a folder that somebody sent."""
    hostile = str(tmp_path / HOSTILE.replace("/", ""))
    told = on_a_terminal(*(word.replace("NAME", hostile) for word in command), errors_too=True, code=code)
    assert told
    assert not OBEYED.search(told.replace("\r", ""))


def test_what_the_cache_says_of_itself_holds_no_command_for_a_terminal(trialweave: Run, tmp_path: Path) -> None:
    records = tmp_path / "records.jsonl"
    records.write_text(json.dumps(ROW))
    with StandIn(hostile_world()) as server:
        options = ("--config", config(tmp_path, server))
        trialweave("enrich", records, "-o", tmp_path / "out.jsonl", *options)
        told = trialweave("cache", "verify", *options)
    assert "1 found" in told.stdout
    assert not OBEYED.search(told.stdout + told.stderr)


@pytest.mark.parametrize("output_format", ["jsonl", "csv"])
def test_data_on_a_terminal_is_spelled_out_and_in_a_file_is_itself(
    trialweave: Run, tmp_path: Path, output_format: str
) -> None:
    records = tmp_path / "records.jsonl"
    records.write_text(json.dumps({**ROW, "drug_name": f"Drug{HOSTILE}", "=cmd|' /C calc'!A0": "=1+1"}))
    with StandIn(hostile_world()) as server:
        command = ("enrich", records, "--config", config(tmp_path, server), "--format", output_format)
        shown = on_a_terminal(*command)
        piped = trialweave(*command).stdout
    assert "click" in shown
    assert not OBEYED.search(shown.replace("\r", ""))
    if output_format == "jsonl":
        assert json.loads(shown) == json.loads(piped)
    else:
        rows = list(csv.DictReader(piped.splitlines()))
        assert rows[0]["drug_name"] == f"Drug{HOSTILE}"


def on_a_terminal(*arguments: str | Path, errors_too: bool = False, code: int = 0) -> str:
    """Standard output, and standard error too, as a terminal gets them. The styles of our own pages are turned off."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", "from trialweave.cli import entry; entry()", *map(str, arguments)]
    errors = slave if errors_too else subprocess.DEVNULL
    plainly = {**os.environ, "NO_COLOR": "1", "TERM": "dumb"}
    with subprocess.Popen(command, stdout=slave, stderr=errors, env=plainly) as process:
        os.close(slave)
        shown = b""
        try:
            while chunk := os.read(master, 65536):
                shown += chunk
        except OSError:  # how Linux says that nobody holds the other end any more
            pass
        finally:
            os.close(master)
    assert process.returncode == code, shown
    return shown.decode()
