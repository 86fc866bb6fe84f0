"""One pass over tables: read, plan, prefetch, weave, and count. The command line and the nightly job stand on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, assert_never

from trialweave.across import AcrossIndex
from trialweave.api import Weaver
from trialweave.clock import stamp
from trialweave.core.catalogue import RULES_VERSION
from trialweave.core.checks.across_records import row_of
from trialweave.core.findings import conflict_of
from trialweave.core.models import Conflict, Record, Source
from trialweave.core.name_index import NamesWhenAsked
from trialweave.core.output import Enriched
from trialweave.core.record import RecordIds, build_record
from trialweave.core.summary import Tally, headline
from trialweave.errors import UsageError
from trialweave.fetch import FetchPlan, FetchReport, Progress
from trialweave.ledger import Earlier, Ledger, Packed, Told
from trialweave.owners import Owners
from trialweave.packing import Outfit, Weaving
from trialweave.reuse import Keys, Reuse, rows_in_order
from trialweave.sources.base import SnapshotReader
from trialweave.spool import Spool
from trialweave.tables import Refusal, Row, RowOrRefusal
from trialweave.weave import (
    WINDOW,
    known_names,
    noting_names,
    plan,
    rare_collection,
    weave,
)

if TYPE_CHECKING:
    from trialweave.engines.processes import Workers


class Table(Protocol):
    """What a run reads: `rows` from the start each time it is called; `digest` tells two inputs apart."""

    @property
    def digest(self) -> str: ...
    def rows(self) -> Iterator[RowOrRefusal]: ...


@dataclass(slots=True)
class Run:
    """A run over inputs. Iterate `lines()` once; afterwards `tally` and `report` say how it went.

    `refused` is called for each row that cannot be used, once, with where, why and what to do. `only` chooses the
    records of a partial run; all others are as if they were not there. `progress` is told how far the fetching is,
    `counted` of each record that `woven()` has woven or copied.
    """

    weaver: Weaver
    inputs: Table
    refused: Callable[[Refusal], None]
    only: Callable[[Record], bool] | None = None
    progress: Progress | None = None
    counted: Callable[[], None] | None = None
    tally: Tally = field(default_factory=Tally)
    report: FetchReport | None = None
    unknown_columns: set[str] = field(default_factory=set)
    index: AcrossIndex = field(default_factory=AcrossIndex, repr=False)

    def cost(self) -> FetchPlan:
        """What fetching for these inputs would cost now: one probe a source, and nothing is kept."""
        names: set[str] = set()
        wanted = plan(noting_names(self._first_pass(), names))
        return self.weaver.fetcher.plan(wanted, names, self.weaver.settings.evs.searches)

    def wanted(self) -> dict[Source, set[str]]:
        """The distinct ids that the records link to."""
        return plan(self._first_pass())

    def lines(self) -> Iterator[Enriched]:
        """The enriched records in input order.

        Raises InputError where no row at all could be read, UsageError where `only` chooses no record.
        """
        wanted, found = self._prefetch()
        names = known_names(self.weaver.fetcher, wanted["ncit"], found)
        for enriched in weave(self._records(lambda _: None), self.weaver.fetcher, self.weaver.settings.policy, names):
            self.tally.add(enriched)
            self.index.add(row_of(enriched))
            yield enriched

    def woven(
        self,
        jobs: int = 1,
        *,
        scheduler: Any = None,
        earlier: Earlier | None = None,
        ledger: Ledger | None = None,
    ) -> Iterator[Packed]:
        """The same as bytes, woven by `jobs` processes, or by the workers of a Dask `scheduler`.

        These are the same rows in the same order, whoever weaves them. What has not changed since an `earlier` run is
        copied from it; `ledger` notes the keys of this one for the next.
        """
        with ExitStack() as stack:
            workers = None
            if jobs > 1 and scheduler is None:
                from trialweave.engines.processes import Workers

                workers = stack.enter_context(Workers(jobs))
            spool = stack.enter_context(Spool())
            stack.enter_context(rare_collection())
            lasting = earlier is not None or ledger is not None
            if lasting:
                self.weaver.fetcher.note_states()
            wanted, found = self._prefetch(spool)
            codes = tuple(wanted["ncit"])
            names = NamesWhenAsked(partial(known_names, self.weaver.fetcher, codes, found))
            reuse = None
            if lasting:
                keys = Keys(self.weaver.settings.digest, self.weaver.fetcher.states)
                reuse = Reuse(keys, Owners(names), keys.of_names(wanted["ncit"], found), earlier)
            if ledger is not None and reuse is not None:
                ledger.begin(reuse.names)
            outfit = partial(
                Outfit,
                policy=self.weaver.settings.policy,
                names=names,
                columns=self.weaver.columns,
                lasting=lasting,
            )
            weaving, size = stack.enter_context(self._weaving(wanted, outfit, workers, scheduler))
            wanted.clear()  # megabytes of ids that nobody asks for any more
            for row in rows_in_order(spool, size, weaving, self._count, reuse):
                if ledger is not None:
                    ledger.add(row)
                yield row
            if ledger is not None and not self.weaver.fetcher.all_was_read:
                ledger.drop()

    def _count(self, told: Told) -> None:
        self.tally.count(told.brief)
        self.index.add(told.across)
        if self.counted is not None:
            self.counted()

    @contextmanager
    def _weaving(
        self,
        wanted: Mapping[Source, set[str]],
        outfit: Callable[[SnapshotReader], Outfit],
        workers: Workers | None,
        scheduler: Any,
    ) -> Iterator[tuple[Weaving, int]]:
        """Who weaves, and how many records are best handed in together."""
        if scheduler is not None:
            from trialweave.engines import dask

            with self.weaver.holding(wanted) as holding:
                yield partial(dask.weave_with_dask, outfit=outfit(holding), scheduler=scheduler), dask.PORTION
        elif workers is not None:
            from trialweave.engines.processes import PORTION

            with self.weaver.portable(wanted) as reader:
                workers.fit_out(outfit(reader))
                yield workers.weave, PORTION
        else:
            yield outfit(self.weaver.fetcher).weave, WINDOW

    def _prefetch(self, spool: Spool | None = None) -> tuple[dict[Source, set[str]], Collection[str]]:
        """Fetch and search; returns the ids that records link to, and the concepts that were found for names."""
        names: set[str] = set()
        records = noting_names(self._first_pass(), names)
        wanted = plan(records if spool is None else spool.taking_down(records))
        if self.only is not None and self.tally.read == self.tally.refused:
            raise UsageError("no record of the input is among those that were asked for; check their ids")
        self.weaver.fetcher.prefetch(wanted, self.progress)
        found = self.weaver.fetcher.search(names, self.weaver.settings.evs.searches)
        self.report = self.weaver.fetcher.report()
        return wanted, found

    def across(self) -> Iterator[tuple[tuple[str, ...], Conflict]]:
        """What shows across the records of `lines()`, each conflict once with the sorted ids of its records."""
        with self.index:
            for across in self.index.findings():
                conflict = conflict_of(across.finding, None, self.weaver.settings.policy)
                if conflict is not None:
                    self.tally.add_conflict(conflict)
                    yield across.record_ids, conflict

    def _first_pass(self) -> Iterator[Record]:
        self.unknown_columns = {name for name, _ in self.weaver.columns.fields}
        for record in self._records(self._refuse):
            self.tally.read += 1
            if self.unknown_columns:
                self.unknown_columns -= record.paths.keys()
            yield record

    def _records(self, refuse: Callable[[Refusal], None]) -> Iterator[Record]:
        ids = RecordIds()
        for row in self.inputs.rows():
            match row:
                case Row(values, origin):
                    record = build_record(values, origin, self.weaver.columns, ids)
                    if self.only is None or self.only(record):
                        yield record
                case Refusal():
                    refuse(row)
                case _:
                    assert_never(row)

    def _refuse(self, refusal: Refusal) -> None:
        self.tally.read += 1
        self.tally.refused += 1
        self.refused(refusal)


OpenRun = Callable[[], AbstractContextManager[Run]]
"""Opens inputs and sources, and closes them again."""


REASONS_SHOWN = 5
SIGNALS_SHOWN = 10
SERVICES: Mapping[Source, str] = {"ctgov": "ClinicalTrials.gov", "ncit": "NCI EVS"}


def remarks(run: Run) -> Iterator[str]:
    """What a person has to know beyond the headline: who gave up and why, which links stay open, what looked odd."""
    if run.unknown_columns:
        columns = dict(run.weaver.columns.fields)
        named = ", ".join(f"{columns[name]!r} for {name}" for name in sorted(run.unknown_columns))
        yield f"[columns] names {named}, and no row has such a column"
    for name, facts in ({} if run.report is None else run.report.sources).items():
        if facts.gave_up is not None:
            stand_in = f"{facts.stale} stale copies stand in, {facts.unavailable} ids stay open"
            yield f"{SERVICES[name]} gave up: {facts.gave_up} ({stand_in})"
        for signal in facts.signals:
            yield f"{SERVICES[name]}: {signal}"
    signals = payload_signals(run)
    yield from signals[:SIGNALS_SHOWN]
    if len(signals) > SIGNALS_SHOWN:
        yield f"{len(signals) - SIGNALS_SHOWN:,} more values of payloads were not expected; the summary lists them"
    shown = sorted(run.tally.reasons.items())[:REASONS_SHOWN]
    for id_, reason in shown:
        yield f"{id_} is unavailable: {reason}"
    if len(run.tally.reasons) > len(shown):
        yield f"{len(run.tally.reasons) - len(shown):,} more ids are unavailable"


CACHE_TROUBLES: Mapping[str, str] = {
    "unusable": "cannot be opened, so nothing was kept in it: look at its place and permissions",
    "symlink": "is a link, which is not followed: nothing was read from it or kept in it",
    "wrong_owner": "belongs to another user: nothing was read from it or kept in it",
    "quarantined": "was damaged: it was set aside there, and begun anew",
    "read_failed": "could not be read in part; what was missing was asked for",
    "write_failed": "could not be written to, so the next run asks again: is the disk full, or another run busy?",
    "bulk_unusable": "holds an import of studies that cannot be read: import the file again",
    "bulk_damaged": "holds damaged studies of an import; they were asked for instead",
}
"""What an event of the store (`FetchReport.store`) means to a person."""


def cache_remarks(folder: Path, events: Mapping[str, int]) -> Iterator[str]:
    """What a person has to know of the cache: a run goes on without it, and costs the services more."""
    return (f"the cache {folder} {trouble}" for event, trouble in CACHE_TROUBLES.items() if event in events)


def payload_signals(run: Run) -> list[str]:
    """What payloads said that nobody expected (a new value of a coded field, a date that is none), most often first."""
    ranked = sorted(run.tally.signals.items(), key=lambda item: (-item[1], item[0]))
    return [
        f"{SERVICES[source]}: {signal} (in {count:,} {'record' if count == 1 else 'records'})"
        for (source, signal), count in ranked
    ]


def summarise(run: Run, started: datetime, exit_code: int) -> dict[str, Any]:
    """The summary file of a run (DESIGN 5.5).

    Beyond that, `sources` has `stale_versions` (see `core.versions`), and `signals` are in words.
    """
    weaver, report = run.weaver, run.report
    sources = {} if report is None else report.sources
    told: dict[str, dict[str, Any]] = {
        name: {
            "version": facts.version,
            "requests": facts.requests,
            "stale": facts.stale,
            "stale_versions": dict(sorted(facts.stale_versions.items())),
        }
        for name, facts in sources.items()
    }
    finished = weaver.clock.now()
    return {
        "schema": "trialweave.summary/1",
        "run_id": None,
        "started_at": stamp(started),
        "finished_at": stamp(finished),
        "exit_code": exit_code,
        "headline": headline(started.date().isoformat(), run.tally, told),
        **run.tally.as_dict(),
        "input_digest": run.inputs.digest,
        "rules_version": RULES_VERSION,
        "settings_digest": weaver.settings.digest,
        "sources": told,
        "store": {} if report is None else dict(report.store),
        "signals": [
            *(f"{SERVICES[name]}: {signal}" for name, facts in sources.items() for signal in facts.signals),
            *payload_signals(run),
        ],
    }
