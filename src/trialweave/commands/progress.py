"""How far a run is, on a terminal only: ids settled at each source, then records woven. Silence everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from trialweave.core.models import Source
    from trialweave.run import Run

_Row = TypeVar("_Row")


def watched(run: Run, rows: Iterator[_Row], *, lines_are_shown: bool) -> Iterator[_Row]:
    """The rows of `run.woven()`; where standard error is a terminal, with a display while they are worked on.

    With `lines_are_shown` the records themselves appear on the terminal, and the display ends before the first one.
    """
    if not sys.stderr.isatty():
        yield from rows
        return
    with _bars() as bars:
        run.progress, run.counted = _Asked(bars), _Woven(run, bars)
        for row in rows:
            if lines_are_shown:
                bars.stop()
            yield row


class _Woven:
    """The bar of the records."""

    def __init__(self, run: Run, bars: Progress) -> None:
        self._run = run
        self._bars = bars
        self._task: TaskID | None = None

    def __call__(self) -> None:
        if self._task is None:
            self._task = self._bars.add_task("records", total=self._run.tally.read - self._run.tally.refused)
        self._bars.advance(self._task)


class _Asked:
    """One bar for each source."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[Source, TaskID] = {}

    def __call__(self, source: Source, settled: int, known: int) -> None:
        from trialweave.remarks import SERVICES

        if source not in self._tasks:
            self._tasks[source] = self._bars.add_task(SERVICES[source], total=known)
        self._bars.update(self._tasks[source], completed=settled, total=known)


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
