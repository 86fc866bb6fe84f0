"""A process that lives as often as it is told, and is killed each time: Python is started once, each life is a fork."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

_TESTS = Path(__file__).resolve().parents[1]


class Mortal:
    """Runs `program`, which ends with a call of `lives`. Its arguments are `sys.argv[1:]`."""

    def __init__(self, program: str, *arguments: object) -> None:
        paths = os.pathsep.join([str(_TESTS), *filter(None, sys.path)])
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, "PYTHONPATH": paths},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.__exit__(kind, error, trace)

    def live(self, seconds: float) -> bool:
        """Live once more, and be killed after so many seconds. Was the end reached before that?"""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        assert answer in ("killed", "done"), answer
        return answer == "done"


def lives(life: Callable[[], object]) -> None:
    """Called by the program: one fork for each line of standard input, killed after the seconds that it names."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            life()
            os._exit(0)
        time.sleep(float(line))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "done" if status == 0 else f"failed: {status}", flush=True)  # noqa: T201
