"""One pass over tables: read, plan, prefetch, weave, and count. The command line and the nightly job stand on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, assert_never

from trialweave.api import Weaver
from trialweave.clock import stamp
from trialweave.core.catalogue import RULES_VERSION
from trialweave.core.models import Record, Source
from trialweave.core.output import Enriched
from trialweave.core.record import RecordIds, build_record
from trialweave.core.summary import Tally, headline
from trialweave.fetch import FetchReport
from trialweave.reuse import Earlier, Keys, LedgerWriter, Spool, Weaving, reusing
from trialweave.tables import Inputs, Refusal, Row
from trialweave.weave import WINDOW, Woven, plan, rare_collection, weave_windows, windows


@dataclass(slots=True)
class Run:
    """A run over inputs. Iterate `lines()` once; afterwards `tally` and `report` say how it went.

    `refused` is called for each row that cannot be used, once, with where, why and what to do.
    """

    weaver: Weaver
    inputs: Inputs
    refused: Callable[[Refusal], None]
    tally: Tally = field(default_factory=Tally)
    report: FetchReport | None = None

    def lines(self) -> Iterator[Enriched]:
        """The enriched records in input order. Raises InputError where no row at all could be read."""
        self.report = self.weaver.prefetch(self._first_pass())
        for enriched in self.weaver.weave(self._records(lambda _: None)):
            self.tally.add(enriched)
            yield enriched

    def woven(
        self,
        jobs: int = 1,
        *,
        scheduler: Any = None,
        earlier: Earlier | None = None,
        ledger: LedgerWriter | None = None,
    ) -> Iterator[Woven]:
        """The same as bytes, woven by `jobs` processes, or by the workers of a Dask `scheduler`.

        These are the same rows in the same order, whoever weaves them.

        What has not changed since an `earlier` run is copied from it; `ledger` notes the keys of this one for the next.
        """
        with ExitStack() as stack:
            records = self._first_pass()
            spool = None
            if earlier is not None or ledger is not None:
                spool = stack.enter_context(Spool(self.weaver.columns))
                records = spool.taking_down(records)
            wanted = plan(records)
            self.report = self.weaver.fetcher.prefetch(wanted)
            stack.enter_context(rare_collection())
            weaving, size = stack.enter_context(self._weaving(wanted, jobs, scheduler))
            for row in self._all(weaving, size) if spool is None else self._new(weaving, size, spool, earlier, ledger):
                self.tally.count(row.brief)
                yield row

    def _all(self, weaving: Weaving, size: int) -> Iterator[Woven]:
        """Every record woven, on a second pass over the inputs."""
        return chain.from_iterable(weaving(windows(self._records(lambda _: None), size)))

    def _new(
        self, weaving: Weaving, size: int, spool: Spool, earlier: Earlier | None, ledger: LedgerWriter | None
    ) -> Iterator[Woven]:
        """What is new woven, the rest copied."""
        keys = Keys(self.weaver.settings.digest, self.weaver.fetcher.states)
        for key, row in reusing(spool, size, keys, earlier, weaving):
            if ledger is not None:
                ledger.add(key, row)
            yield row

    @contextmanager
    def _weaving(self, wanted: Mapping[Source, set[str]], jobs: int, scheduler: Any) -> Iterator[tuple[Weaving, int]]:
        """Who weaves, and how many records are best handed in together."""
        policy = self.weaver.settings.policy
        if scheduler is not None:
            from trialweave.engines import dask

            with self.weaver.holding(wanted) as holding:
                yield partial(dask.weave_with_dask, holding=holding, policy=policy, scheduler=scheduler), dask.PORTION
        elif jobs > 1:
            from trialweave.engines import processes

            with self.weaver.portable(wanted) as reader:
                weaving = partial(processes.weave_in_processes, reader=reader, policy=policy, jobs=jobs)
                yield weaving, processes.PORTION * jobs
        else:
            yield partial(weave_windows, reader=self.weaver.fetcher, policy=policy), WINDOW

    def _first_pass(self) -> Iterator[Record]:
        for record in self._records(self._refuse):
            self.tally.read += 1
            yield record

    def _records(self, refuse: Callable[[Refusal], None]) -> Iterator[Record]:
        ids = RecordIds()
        for row in self.inputs.rows():
            match row:
                case Row(values, origin):
                    yield build_record(values, origin, self.weaver.columns, ids)
                case Refusal():
                    refuse(row)
                case _:
                    assert_never(row)

    def _refuse(self, refusal: Refusal) -> None:
        self.tally.read += 1
        self.tally.refused += 1
        self.refused(refusal)


SERVICES: Mapping[Source, str] = {"ctgov": "ClinicalTrials.gov", "ncit": "NCI EVS"}


def remarks(run: Run) -> Iterator[str]:
    """What a person has to know of the sources beyond the headline: who gave up and why, and what looked odd."""
    for name, facts in ({} if run.report is None else run.report.sources).items():
        if facts.gave_up is not None:
            stand_in = f"{facts.stale} stale copies stand in, {facts.unavailable} ids stay open"
            yield f"{SERVICES[name]} gave up: {facts.gave_up} ({stand_in})"
        for signal in facts.signals:
            yield f"{SERVICES[name]}: {signal}"


def summarise(run: Run, started: datetime, exit_code: int) -> dict[str, Any]:
    """The summary file of a run (DESIGN 5.5)."""
    weaver, report = run.weaver, run.report
    sources = {} if report is None else report.sources
    finished = weaver.clock.now()
    return {
        "schema": "trialweave.summary/1",
        "run_id": None,
        "started_at": stamp(started),
        "finished_at": stamp(finished),
        "exit_code": exit_code,
        "headline": headline(
            started.date().isoformat(), run.tally, {name: facts.version for name, facts in sources.items()}
        ),
        **run.tally.as_dict(),
        "input_digest": run.inputs.digest,
        "rules_version": RULES_VERSION,
        "settings_digest": weaver.settings.digest,
        "sources": {
            name: {"version": facts.version, "requests": facts.requests, "stale": facts.stale}
            for name, facts in sources.items()
        },
        "store": {} if report is None else dict(report.store),
    }
