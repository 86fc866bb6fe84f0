"""The nightly job: prefetch, weave, compare, judge, publish. One run, whole or not at all (DESIGN 5.4, 5.5).

The store under the pinned versions is the ledger: a start after `kill -9` finds there what was fetched, and asks only
for the rest. The run folder is written anew; weaving is cheap and gives the same bytes for the same snapshots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from trialweave.clock import Clock, stamp
from trialweave.core.catalogue import RULES_VERSION
from trialweave.core.delta import Comparison, compare_runs
from trialweave.core.headline import count
from trialweave.core.news import News, count_news, delta_text
from trialweave.core.output import across_line, line_bytes
from trialweave.core.pending import as_line
from trialweave.core.views import encode
from trialweave.errors import GateFailed, UsageError
from trialweave.ledger import Earlier, LedgerWriter
from trialweave.nightly import gates, publish
from trialweave.nightly.acknowledgements import DEFAULT, Acknowledgements, load
from trialweave.nightly.attempt import Attempt, check_metrics
from trialweave.nightly.folder import (
    CONFLICTS,
    DELTA,
    ENRICHED,
    KEYS,
    PENDING,
    REPORT,
    SUMMARY,
    WORKLIST,
    RunFolder,
    Runs,
    checked_run_id,
)
from trialweave.nightly.lock import run_lock
from trialweave.nightly.log import NightLog
from trialweave.nightly.scope import Scope
from trialweave.nightly.summary import facts_of, fields_lost, night_summary
from trialweave.nightly.worklist import write_worklist
from trialweave.remarks import first_signals, incomplete, remarks, unanswered
from trialweave.run import OpenRun, Run
from trialweave.settings import Settings

HISTORY = 30
"""Runs that the report's trend looks back on."""

UNMATCHED = "--only lists what no record has"
"""What is said before the ids of a partial run that nothing came of."""

_SEEN = "conflicts.seen"

Renderer = Callable[[RunFolder, Sequence[Mapping[str, Any]]], str]
"""From a run's folder, complete but for report and manifest, and the summaries before it, to the HTML page."""


@dataclass(frozen=True, slots=True)
class Night:
    """What was asked for. `open_run` opens inputs and sources; it is called once the runs folder is held.

    `acknowledgements` beats the file that the settings name, and has to be there; where neither names one, it is the
    usual file of the working directory, if that is there. `clock` tells when things happened in a night whose settings
    pin one moment for what it decides; without it the settings' clock tells that too.
    """

    runs: Path
    settings: Settings
    open_run: OpenRun
    run_id: str | None = None
    acknowledgements: Path | None = None
    only: Path | None = None
    fail_on: str = "never"
    render: Renderer | None = None
    jobs: int = 1
    log: TextIO | None = None
    clock: Clock | None = None

    @property
    def hours(self) -> Clock:
        return self.clock or self.settings.clock


@dataclass(frozen=True, slots=True)
class Ended:
    """How a night ended well. `done_before`: the run was published earlier with equal inputs, and nothing was done.

    `unmatched` are the ids of a partial run that no record has; `troubles` what a person has to know beyond the
    headline: what got no answer, what looked odd, and what could not be told of the run.
    """

    run_id: str
    exit_code: int
    headline: str
    done_before: bool = False
    unmatched: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


def run_nightly(night: Night) -> Ended:
    """Make and publish one run. The answer has the exit code 0, 3 or 5.

    Raises RunLocked (1), GateFailed (4), UsageError (2) and whatever ends the run, after noting it in
    `last_attempt.json`. A partial run leaves that note, `latest` and the metrics alone.
    """
    clock, metrics = night.hours, night.settings.metrics
    scope = None if night.only is None else Scope.read(night.only)
    day = night.settings.clock.now().date().isoformat()
    run_id = night.run_id or (day if scope is None else f"{day}-only-{scope.digest[:8]}")
    runs, log = Runs(night.runs), NightLog(night.log, clock, run_id)
    attempt = Attempt(runs, clock, run_id, log, metrics, partial=scope is not None)
    with attempt.refusals_noted():
        checked_run_id(run_id)
        check_metrics(metrics)
    runs.path.mkdir(parents=True, exist_ok=True)
    with run_lock(runs.path, run_id):
        try:
            with publish.telling_of_no_room(runs):
                attempt.begin()
                ended = _Shift(night, runs, run_id, scope, log).work()
        except BaseException as error:
            attempt.failed(error)
            raise
        troubles = attempt.succeeded(ended.exit_code, ended.headline, ended.troubles, done_before=ended.done_before)
        linked = publish.link_trouble(runs)
        return replace(ended, troubles=(*ended.troubles, *troubles, *([] if linked is None else [linked])))


@dataclass(frozen=True, slots=True)
class _Shift:
    """The work of one night, under the lock."""

    night: Night
    runs: Runs
    run_id: str
    scope: Scope | None
    log: NightLog

    def work(self) -> Ended:
        recovered = publish.recover(self.runs)
        if recovered is not None:
            self.log("recovered", latest=recovered)
        started = self.night.settings.clock.now()
        with self.night.open_run() as run:
            if self.runs.published(self.run_id):
                return self._done_before(run)
            # Before anything is asked: a mistake in the file costs no night.
            known = load(self._file, started.date(), required=self.night.acknowledgements is not None)
            self.log("started", input_digest=run.inputs.digest)
            run.only = self.scope
            work = publish.staging(self.runs, self.run_id)
            seen = self._weave(run, work, started)
            return self._conclude(run, work, seen, known, started)

    @property
    def _file(self) -> Path:
        return self.night.acknowledgements or self.night.settings.acknowledgements or DEFAULT

    def _forgotten(self, since: RunFolder | None) -> list[str]:
        """What to say where the file of acknowledgements is gone, and the last run had some."""
        known = 0 if since is None else int(since.summary["conflicts"]["acknowledged"])
        if not known or self._file.exists():
            return []
        were = f"{count(known, 'conflict')} of the last run {'was' if known == 1 else 'were'} acknowledged"
        return [f"{self._file}: there is no such file, and {were}: what is not acknowledged now is told again"]

    def _done_before(self, run: Run) -> Ended:
        summary = self.runs[self.run_id].summary
        made_from = (
            ("records", "input_digest", run.inputs.digest),
            ("rules", "rules_version", RULES_VERSION),
            ("settings", "settings_digest", self.night.settings.digest),
            ("ids of --only", "scope", None if self.scope is None else self.scope.digest),
        )
        other = [word for word, name, mine in made_from if summary.get(name) != mine]
        if other:
            raise UsageError(
                f"run {self.run_id} is published already, made from other {' and other '.join(other)};"
                " name this one with --run-id"
            )
        self.log("done_before", exit_code=summary["exit_code"])
        troubles = first_signals(summary["signals"])
        return Ended(self.run_id, summary["exit_code"], summary["headline"], done_before=True, troubles=troubles)

    def _weave(self, run: Run, work: Path, started: datetime) -> RunFolder:
        """Write what the sources and the checks say tonight.

        A line that would come out as it did in the last run is copied from there; the bytes are those of weaving it.
        """
        since = self.runs.latest()
        if since is not None:
            since.check()
        last = None if since is None else Earlier.open(since.path / KEYS, since.path / ENRICHED)
        with (
            last or nullcontext() as earlier,
            (work / ENRICHED).open("wb") as lines,
            (work / _SEEN).open("wb") as seen,
            LedgerWriter(work / KEYS) as ledger,
        ):
            for row in run.woven(self.night.jobs, earlier=earlier, ledger=ledger):
                lines.write(row.line + b"\n")
                seen.writelines(conflict + b"\n" for conflict in row.conflicts)
            if self.scope is None:
                seen.writelines(line_bytes(across_line(ids, conflict)) + b"\n" for ids, conflict in run.across())
        scope = None if self.scope is None else self.scope.digest
        facts = facts_of(run, self.run_id, scope, started)
        self.log("woven", records=facts["records"], links=facts["links"], sources=facts["sources"])
        return RunFolder(work, _SEEN, facts)

    def _conclude(self, run: Run, work: Path, seen: RunFolder, known: Acknowledgements, started: datetime) -> Ended:
        """Compare with the last run, judge, and publish."""
        day, since, partial = started.date(), self.runs.latest(), self.scope is not None
        changes = compare_runs(since, seen, partial=partial)
        first = Comparison(since, seen, changes, until=known.until)
        with (work / CONFLICTS).open("wb") as stream:
            stream.writelines(map(_bytes, first.written(self.run_id, day.isoformat())))
        (work / _SEEN).unlink()
        with (work / PENDING).open("wb") as stream:
            stream.writelines(_bytes(as_line(record_id, links)) for record_id, links in changes.pending.items())
        made = RunFolder(work, facts=seen.facts)
        comparison = Comparison(since, made, changes)
        news = count_news(comparison)
        with (work / DELTA).open("w", encoding="utf-8", errors="backslashreplace") as text:
            text.writelines(delta_text(comparison, news))
        write_worklist(work / WORKLIST, made.conflicts(), made.line)
        emptied = fields_lost(made.summary, None if partial or since is None else since.summary)
        answers = self._pass_gates(run, work, news, changes.removed, emptied, since)
        reached = news.reached(self.night.fail_on)
        code = 5 if incomplete(run) else 3 if reached else 0
        signals = [*self._forgotten(since), *emptied]
        troubles = (*remarks(run), *signals, *filter(None, [reached]))
        unmatched = () if self.scope is None else tuple(self.scope.unmatched)
        if unmatched:
            signals.append(f"{UNMATCHED}: {', '.join(unmatched)}")
        self._write_pages(run, made, news, answers, known, signals, started, code)
        publish.publish(
            self.runs, work, run_id=self.run_id, since=None if since is None else since.run_id, partial=partial
        )
        headline = str(self.runs[self.run_id].summary["headline"])
        return Ended(self.run_id, code, headline, unmatched=unmatched, troubles=troubles)

    def _pass_gates(
        self, run: Run, work: Path, news: News, removed: int, emptied: Sequence[str], since: RunFolder | None
    ) -> tuple[gates.Gate, ...]:
        """The answers of the gates. Raises GateFailed with the sentences of those that failed."""
        earlier = None if since is None else int(since.summary["records"]["written"])
        told = news.new + news.changed
        answers = gates.judge(
            self.night.settings.gates,
            gates.measured(run.tally, removed=removed, told=told, earlier=earlier, partial=self.scope is not None),
        )
        self.log("gates", gates=[gate.as_dict() for gate in answers])
        failed = [gate for gate in answers if not gate.passed]
        if failed:
            reasons = unanswered(run) if any(gate.of_links for gate in failed) else ()
            raise GateFailed(
                f"nothing was published{'' if since is None else ', the last run stands'}. "
                + ". ".join([*(f"{gate.name}: {gate.message}" for gate in failed), *reasons, *emptied])
                + f". What it found lies in {work} until the next start."
                " Where this is meant to be, change the threshold under [gates] in the settings."
            )
        return answers

    def _write_pages(
        self,
        run: Run,
        made: RunFolder,
        news: News,
        answers: Sequence[gates.Gate],
        known: Acknowledgements,
        signals: Sequence[str],
        started: datetime,
        code: int,
    ) -> None:
        """Write the summary, and the report from it."""
        summary = night_summary(
            made.summary,
            run,
            news,
            answers,
            known,
            day=started.date(),
            conflicts=made.conflicts(),
            signals=signals,
            exit_code=code,
        )
        summary["finished_at"] = stamp(self.night.hours.now())
        publish.write_object(made.path / SUMMARY, summary)
        if self.night.render is not None:
            history = [folder.summary for folder in self.runs.before(news.since, HISTORY - 1)]
            page = self.night.render(RunFolder(made.path), history)
            (made.path / REPORT).write_text(page, encoding="utf-8", errors="replace")


def _bytes(line: Mapping[str, Any]) -> bytes:
    return line_bytes(encode(line)) + b"\n"
