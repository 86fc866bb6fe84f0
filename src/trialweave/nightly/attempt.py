"""What became of the last start, published or not: `last_attempt.json`, the metrics and the log (DESIGN 5.5).

The note belongs to whoever holds the runs folder. A start that is refused before that, for its settings, its run id
or the metrics, takes hold of the folder for the note alone, and leaves the note of a start under way as it is. Partial
runs and plans are no attempts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trialweave.clock import Clock, SystemClock, stamp
from trialweave.errors import RunError, RunLocked, TrialweaveError, UsageError
from trialweave.nightly import publish
from trialweave.nightly.folder import LAST_ATTEMPT, Runs
from trialweave.nightly.lock import run_lock
from trialweave.nightly.log import NightLog, write_metrics

_NAMELESS = "with no name yet"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One start. `run_id` is the one that was asked for, None where the start was refused before there was one."""

    runs: Runs
    clock: Clock
    run_id: str | None
    log: NightLog
    metrics: Path | None = None
    partial: bool = False

    def begin(self) -> None:
        self._note(
            None, "under way, or killed: where none runs, start it again, what was fetched is kept", published=False
        )

    def failed(self, error: BaseException) -> None:
        """Note what ended the start before it published, wherever it can be: any of the three may be full."""
        code, reason = _code(error), _reason(error)
        with suppress(OSError):
            self.log("failed", exit_code=code, reason=reason)
        with suppress(OSError):
            self._note(code, reason, published=False)
        with suppress(OSError):
            self._measure(code, published=False)

    def succeeded(self, exit_code: int, headline: str, signals: Sequence[str], *, done_before: bool) -> tuple[str, ...]:
        """Note that the run is published, now or before; `signals` say what a person has to know beyond the headline.

        A log or metrics that cannot be written any more do not undo that: what is wrong with them is the answer.
        """
        self._note(exit_code, headline, signals, published=True)
        troubles = []
        try:
            if not done_before:
                self.log("published", exit_code=exit_code, headline=headline, signals=signals)
        except OSError as error:
            troubles.append(f"the log cannot be written: {error}")
        try:
            self._measure(exit_code, published=True)
        except (OSError, UsageError) as error:
            troubles.append(f"{self.metrics}: the metrics cannot be written: {error}")
        return tuple(troubles)

    def _measure(self, exit_code: int, *, published: bool) -> None:
        if self.metrics is not None and not self.partial:
            write_metrics(self.metrics, self.clock.now(), exit_code, self._last_summary(), published)

    def _last_summary(self) -> Mapping[str, Any] | None:
        """None where there is none, and of a damaged one: the code of a start that it ended is told all the same."""
        with suppress(RunError):
            latest = self.runs.latest()
            return None if latest is None else latest.summary
        return None

    @contextmanager
    def refusals_noted(self) -> Iterator[None]:
        """Around what is looked at before the runs folder is held. Raises OSError where that one cannot be made."""
        try:
            yield
        except Exception as error:
            if not self.partial:
                self.runs.path.mkdir(parents=True, exist_ok=True)
                with suppress(RunLocked), run_lock(self.runs.path, self.run_id or _NAMELESS):
                    self._with_usable_metrics().failed(error)
            raise

    def _with_usable_metrics(self) -> Attempt:
        return self if self.metrics is None or not _trouble(self.metrics) else replace(self, metrics=None)

    def _note(self, exit_code: int | None, reason: str, signals: Sequence[str] = (), *, published: bool) -> None:
        if not self.partial:
            note = {"run_id": self.run_id, "exit_code": exit_code, "reason": reason, "signals": list(signals)}
            note |= {"published": published, "at": stamp(self.clock.now())}
            publish.write_object(self.runs.path / LAST_ATTEMPT, note)


@contextmanager
def refusals_noted(runs: Path, run_id: str | None) -> Iterator[None]:
    """The same around what comes before there are settings: the machine's own time, no log, no metrics."""
    clock = SystemClock()
    with Attempt(Runs(runs), clock, run_id, NightLog(None, clock, "")).refusals_noted():
        yield


def check_metrics(metrics: Path | None) -> None:
    """Raises UsageError where the file of metrics could not be written at the end of the night."""
    if metrics is not None and (trouble := _trouble(metrics)):
        raise UsageError(f"metrics = {str(metrics)!r}: {trouble}")


def _trouble(metrics: Path) -> str:
    if not metrics.parent.is_dir():
        return f"the folder {metrics.parent} does not exist; make it first"
    return "this is a folder; name a file in it" if metrics.is_dir() else ""


def _code(error: BaseException) -> int:
    """What the process ends with: the same as in `cli.main`."""
    if isinstance(error, TrialweaveError):
        return error.exit_code
    return 130 if isinstance(error, KeyboardInterrupt) else 1


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, KeyboardInterrupt):
        return "interrupted: start it again, what was fetched is kept"
    return str(error) or type(error).__name__
