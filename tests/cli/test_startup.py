"""`trialweave --help` is there at once: what is heavy is imported by the commands that need it."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
