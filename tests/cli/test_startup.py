"""How the command starts: `--help` is there at once, and a standard stream may be closed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HEAVY = ("requests", "pydantic", "rich", "diskcache", "tenacity", "jinja2", "sqlite3", "asyncio", "multiprocessing")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["enrich", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys; from trialweave.cli import main; code = main(sys.argv[1:]); "
        f"sys.exit(code or ' '.join(m for m in {HEAVY!r} if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "trialweave" in done.stdout


def test_a_run_without_a_page_imports_nothing_that_makes_pages() -> None:
    program = "import sys; from trialweave.cli import main; sys.exit(main(sys.argv[1:]) or 'jinja2' in sys.modules)"
    arguments = ["enrich", ROOT / "seeds" / "ct-0525.txt", "--replay", ROOT / "fixtures"]
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["enrich", "nowhere.csv", "--offline"], 2)])
def test_what_is_to_be_done_at_the_end_is_done(arguments: list[str], code: int) -> None:
    """The process ends without taking itself apart: what others asked Python to do then comes first."""
    program = "import atexit; from trialweave.cli import entry; atexit.register(print, 'done', end=''); entry()"
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert done.stdout.endswith("done")


def started(redirection: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command as a shell starts it with `redirection`."""
    program = f'exec "$0" -c "from trialweave.cli import entry; entry()" "$@" {redirection}'
    command = ["sh", "-c", program, sys.executable, "enrich", *map(str, arguments), "--replay", ROOT / "fixtures"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize("redirection", ["<&-", "2>&-", "<&- 2>&-"])
def test_a_closed_stream_that_is_not_needed_is_not_missed(redirection: str) -> None:
    done = started(redirection, ROOT / "seeds" / "ct-0525.txt")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no file that is always full")
@pytest.mark.parametrize(
    ("source", "option", "code"),
    [("seeds/ct-0525.txt", "--jobs=1", 0), ("nowhere.csv", "--jobs=1", 2), ("seeds/ct-0525.txt", "--jobs=0", 2)],
)
def test_a_message_that_cannot_be_written_ends_nothing(source: str, option: str, code: int) -> None:
    """The log of a cron job on a full disk: the run was published, and the exit code said that nothing was."""
    done = started("2>/dev/full", ROOT / source, option)
    assert (done.returncode, done.stdout.count("\n")) == (code, 1 if code == 0 else 0)


def test_a_closed_output_is_not_needed_where_a_file_is_named(tmp_path: Path) -> None:
    done = started(">&-", ROOT / "seeds" / "ct-0525.txt", "-o", tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.jsonl").read_text().count("\n") == 1


@pytest.mark.parametrize(
    ("redirection", "source", "code", "says"),
    [
        (">&-", ROOT / "seeds" / "ct-0525.txt", 1, "standard output: Bad file descriptor"),
        (">/dev/full", ROOT / "seeds" / "ct-0525.txt", 1, "cannot be written: No space left"),
        ("<&-", "-", 2, "there is no record in <stdin>"),
    ],
)
def test_a_stream_that_is_needed_and_cannot_be_used_is_named(
    redirection: str, source: str | Path, code: int, says: str
) -> None:
    done = started(redirection, source)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_it_starts_as_a_module_too_and_a_prompt_completes_its_names() -> None:
    """Without its script on the PATH there was no way to start it; names that are imported late were not listed."""
    told = subprocess.run(
        [sys.executable, "-m", "trialweave", "explain"], capture_output=True, text=True, check=False, timeout=60
    )
    assert told.returncode == 2
    assert "INPUT" in told.stderr
    listed = [sys.executable, "-c", "import trialweave; print(set(trialweave.__all__) <= set(dir(trialweave)))"]
    assert subprocess.run(listed, capture_output=True, text=True, check=True, timeout=60).stdout == "True\n"
