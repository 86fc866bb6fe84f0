"""Everything that CI runs, in order; the first failure ends it. `make test` calls this inside its environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def step(title: str, *command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    print(f"--- {title}", flush=True)
    started = time.monotonic()
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=False)
    if done.returncode:
        sys.exit(f"--- {title}: failed ({done.returncode})")
    print(f"--- {title}: ok, {time.monotonic() - started:.0f} s", flush=True)


def wheel_works() -> None:
    """Build the wheel, install it where no source is in reach, and run the demo from it."""
    with tempfile.TemporaryDirectory() as name:
        away = Path(name)
        step("wheel: build", sys.executable, "-m", "build", "--wheel", "--outdir", away, ROOT)
        wheel = next(away.glob("*.whl"))
        venv.create(away / "venv", with_pip=True)
        python = away / "venv" / "bin" / "python"
        quiet = ("--quiet", "--disable-pip-version-check")
        step("wheel: install", python, "-m", "pip", "install", *quiet, "-c", ROOT / "constraints.txt", wheel, cwd=away)
        shutil.copytree(ROOT / "fixtures", away / "fixtures")
        shutil.copytree(ROOT / "seeds", away / "seeds")
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "TRIALWEAVE"))}
        trialweave = away / "venv" / "bin" / "trialweave"
        demo = (trialweave, "enrich", "seeds/ct-0525.txt", "--replay", "fixtures", "-o", "out.jsonl")
        step("wheel: demo", *demo, cwd=away, env=clean)
        step("wheel: explain", trialweave, "explain", "seeds/ct-0525.txt", "--replay", "fixtures", cwd=away, env=clean)


def main() -> None:
    step("ruff format", BIN / "ruff", "format", "--check", ".")
    step("ruff", BIN / "ruff", "check", ".")
    step("mypy", BIN / "mypy")
    step("import-linter", BIN / "lint-imports")
    step("known vulnerabilities", sys.executable, ROOT / ".ci" / "audit.py")
    wheel_works()
    step("pytest", sys.executable, "-m", "pytest", "-q")


if __name__ == "__main__":
    main()
