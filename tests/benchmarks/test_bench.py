"""The benchmark runs, on small sizes and without a word about time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_quick_benchmark_prints_every_row() -> None:
    paths = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench", "--quick"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    rows = (
        "--help",
        "memory",
        "bulk import",
        "studies: memory",
        "naive",
        "--jobs 2",
        "changed",
        "loop",
        "requests alone",
    )
    for row in rows:
        assert row in done.stdout
