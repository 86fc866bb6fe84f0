"""A replay folder held against its own form: each fault once, and a sound folder without a word."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from trialweave.cli import main
from trialweave.errors import InputError
from trialweave.testing.check import check, recorded_ids

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURES, tmp_path / "folder"))


def _manifest(folder: Path, source: str, **changes: object) -> None:
    file = folder / "manifest.json"
    told = json.loads(file.read_text())
    told[source].update(changes)
    file.write_text(json.dumps(told))


def _payload(file: Path, **changes: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_the_bundled_folder_is_sound() -> None:
    assert check(FIXTURES) == []


def test_a_byte_order_mark_is_no_fault(folder: Path) -> None:
    """A replay reads such a file."""
    for name in ("manifest.json", "ctgov/NCT06254807.json", "ncit/C900.json", "ncit/C37815.replacements.json"):
        (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    assert check(folder) == []


@pytest.mark.parametrize(
    ("spoil", "file", "words"),
    [
        (lambda f: (f / "ctgov/NCT06254807.json").write_text("{"), "ctgov/NCT06254807.json", "JSON"),
        (lambda f: _payload(f / "ncit/C900.json", name=5), "ncit/C900.json", "name"),
        (lambda f: (f / "ncit/C900.json").rename(f / "ncit/C901.json"), "ncit/C901.json", "holds C900, not C901"),
        (lambda f: (f / "ncit/C37815.replacements.json").write_text("{}"), "ncit/C37815.replacements.json", "list"),
        (lambda f: (f / "manifest.json").write_text("[]"), "manifest.json", "object"),
        (lambda f: _manifest(f, "ctgov", absent=["NCT06254807"]), "manifest.json", "is there"),
        (lambda f: _manifest(f, "ctgov", absent=["NCT00472277"]), "manifest.json", "lists it as an alias"),
        (lambda f: _manifest(f, "ncit", absent=["900"]), "manifest.json", "no id of ncit"),
        (lambda f: _manifest(f, "ncit", origin="dreamt"), "manifest.json", "'dreamt'"),
    ],
)
def test_a_fault_is_found_and_names_its_file(
    folder: Path, spoil: Callable[[Path], object], file: str, words: str
) -> None:
    spoil(folder)
    faults = [remark for remark in check(folder) if remark.fault]
    assert [remark.file for remark in faults] == [file]
    assert words in faults[0].text


@pytest.mark.parametrize(
    ("spoil", "file", "words"),
    [
        (lambda f: (f / "manifest.json").unlink(), "manifest.json", "is missing"),
        (lambda f: _manifest(f, "ncit", colour="blue"), "manifest.json", "'colour'"),
        (lambda f: _manifest(f, "ncit", version="26.11a"), "ncit", "26.10d in 22, 26.11a in 0"),
        (lambda f: _payload(f / "ncit/C900.json", version="26.09d"), "ncit", "26.09d in 1, 26.10d in 21"),
        (lambda f: (f / "ncit/C37815.replacements.json").unlink(), "ncit/C37815.json", "nothing will be proposed"),
        (lambda f: (f / "ncit/C559.json").unlink(), "ncit/C102744.replacements.json", "leads to C559"),
        (lambda f: (f / "ncit/notes.txt").write_text("see"), "ncit/notes.txt", "is not read"),
        (lambda f: (f / "ctgov/C900.json").write_text("{}"), "ctgov/C900.json", "is not read"),
    ],
)
def test_what_is_good_to_know_is_no_fault(folder: Path, spoil: Callable[[Path], object], file: str, words: str) -> None:
    spoil(folder)
    (remark,) = check(folder)
    assert (remark.file, remark.fault) == (file, False)
    assert words in remark.text


def test_no_folder_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        check(tmp_path / "nowhere")
    assert main(["fixtures", "check", str(tmp_path / "nowhere")]) == 2


def test_a_folder_of_something_else_is_wrong_usage(folder: Path) -> None:
    """It was sound, with a note about its manifest: a wrong path in a CI stayed green for ever."""
    with pytest.raises(InputError, match="is it a replay folder"):
        check(folder / "ctgov")


def test_the_command_counts_and_ends_with_1_where_there_is_a_fault(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fixtures", "check", str(folder)]) == 0
    assert capsys.readouterr().out == "0 faults, 0 to know\n"
    (folder / "ncit/C900.json").write_text("{")
    assert main(["fixtures", "check", str(folder)]) == 1
    assert capsys.readouterr().out.endswith("1 fault, 0 to know\n")


@pytest.mark.parametrize("name", ["ctgov/NCT00000777.json", "ncit/C777.json"])
def test_what_is_no_file_is_told_and_not_read(folder: Path, name: str) -> None:
    os.mkfifo(folder / name)
    assert [(remark.file, remark.text, remark.fault) for remark in check(folder)] == [(name, "is no file", True)]
    assert Path(name).stem not in recorded_ids(folder, "ctgov") + recorded_ids(folder, "ncit")
