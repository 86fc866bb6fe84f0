"""The command line as users have it: a process of its own, with nothing of this process's environment that decides."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

_COMMAND = (sys.executable, "-c", "from trialweave.cli import entry; entry()")


@pytest.fixture
def trialweave(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `trialweave` with arguments; `env` is laid over a clean environment, `stdin` is text.

    `under` is a command that runs it, such as `bound_by_permissions`.
    """
    home = tmp_path_factory.mktemp("home")

    def run(
        *arguments: str | Path,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        cwd: Path | None = None,
        under: Sequence[str] = (),
    ) -> subprocess.CompletedProcess[str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("TRIALWEAVE") and k != "COLUMNS"}
        given = [
            *(env or {}).get("PYTHONPATH", "").split(os.pathsep),
            *os.environ.get("PYTHONPATH", "").split(os.pathsep),
        ]
        paths = os.pathsep.join(str(Path(path).resolve()) for path in given if path)
        clean = inherited | {"XDG_CACHE_HOME": str(home)} | dict(env or {}) | {"PYTHONPATH": paths}
        return subprocess.run(
            [*under, *_COMMAND, *map(str, arguments)],
            capture_output=True,
            text=True,
            input=stdin,
            env=clean,
            cwd=cwd,
            check=False,
            timeout=300,
        )

    return run


@pytest.fixture
def bound_by_permissions() -> tuple[str, ...]:
    """What runs a command so that the modes of files bind it, as they do not bind root."""
    if os.getuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed (Debian: util-linux), and permissions do not bind root")
    return ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
