"""One pass over tables: read, plan, prefetch, weave, and count. The command line and the nightly job stand on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Set
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, assert_never

from trialweave.across import AcrossIndex
from trialweave.ahead import Ahead, Ready
from trialweave.api import Weaver
from trialweave.core.checks.across_records import row_of
from trialweave.core.findings import conflict_of
from trialweave.core.likely_links import LikelyLinks
from trialweave.core.models import SOURCES, Conflict, Record, Source
from trialweave.core.name_index import NameIndex, NamesWhenAsked
from trialweave.core.output import Enriched
from trialweave.core.record import build_record
from trialweave.core.record_id import RecordIds
from trialweave.core.summary import Tally
from trialweave.errors import UsageError
from trialweave.fetch import FetchPlan, FetchReport, Progress
from trialweave.ledger import REACH, ChooseEarlier, Earlier, Ledger
from trialweave.owners import Owners
from trialweave.packed import Packed, Told
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
    """A run over inputs. Iterate `lines()` once; afterwards `tally` and `report` say how it went. Close it when done.

    `refused` is called for each row that cannot be used, once, with where, why and what to do. `only` chooses the
    records of a partial run; all others are as if they were not there. `progress` is told how far the fetching is,
    `counted` of each record that `woven()` has woven or copied. `given` are the fields that a row has a value for.
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
    likely_links: LikelyLinks = field(default_factory=LikelyLinks)
    given: set[str] = field(default_factory=set)
    index: AcrossIndex = field(default_factory=AcrossIndex, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.index.close()

    def cost(self) -> FetchPlan:
        """What fetching for these inputs would cost now: one probe a source, and nothing is kept.

        Raises as `lines` does.
        """
        wanted, names = self._plan()
        return self.weaver.fetcher.plan(wanted, names, self.weaver.settings.evs.searches)

    def wanted(self) -> dict[Source, set[str]]:
        """The distinct ids that the records link to."""
        return plan(self._first_pass())

    def lines(self) -> Iterator[Enriched]:
        """The enriched records in input order.

        Raises InputError where no row at all could be read, UsageError where `only` chooses no record.
        """
        wanted, sought = self._plan()
        found = self._fetch(wanted, sought)
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
        earlier: Earlier | ChooseEarlier | None = None,
        ledger: Ledger | None = None,
    ) -> Iterator[Packed]:
        """The same as bytes, woven by `jobs` processes, or by the workers of a Dask `scheduler`.

        These are the same rows in the same order, whoever weaves them. What has not changed since an `earlier` run is
        copied from it; it may be chosen by the keys of some records. `ledger` notes the keys of this run for the next.
        """
        with ExitStack() as stack:
            workers = stack.enter_context(_processes(jobs)) if jobs > 1 and scheduler is None else None
            spool = stack.enter_context(Spool())
            stack.enter_context(rare_collection())
            wanted, sought = self._plan(spool)
            alone = jobs == 1 and scheduler is None and not isinstance(earlier, Earlier)
            ahead = stack.enter_context(self._ahead(spool, wanted)) if alone and self.weaver.fetcher.waits else None
            if any(part is not None for part in (earlier, ledger, ahead)):
                self.weaver.fetcher.note_states()
            found = self._fetch(wanted, sought, ahead)
            if not self.weaver.fetcher.all_was_read:
                ahead = None  # by now it may be read, and then is no longer what was woven
            keys = Keys(self.weaver.settings.digest, self.weaver.fetcher.states)
            if earlier is not None and not isinstance(earlier, Earlier):
                earlier = earlier(keys.of(spool.lines(spool.sample(REACH))))
            names, reuse = self._names(wanted["ncit"], found, keys, earlier, ahead, lasting=ledger is not None)
            if ledger is not None and reuse is not None:
                ledger.begin(reuse.names)
            outfit = partial(
                Outfit,
                policy=self.weaver.settings.policy,
                names=names,
                columns=self.weaver.columns,
                lasting=ledger is not None,
            )
            weaving, size = stack.enter_context(self._weaving(wanted, outfit, workers, scheduler))
            wanted.clear()  # megabytes of ids that nobody asks for any more
            for row in rows_in_order(spool, size, weaving, self._count, reuse):
                if ledger is not None:
                    ledger.add(row)
                yield row
            if ledger is not None and not self.weaver.fetcher.all_was_read:
                ledger.drop()

    def _names(
        self,
        codes: Set[str],
        found: Collection[str],
        keys: Keys,
        earlier: Earlier | None,
        ahead: Ahead | None,
        *,
        lasting: bool,
    ) -> tuple[NameIndex, Reuse | None]:
        """Who bears which name, read when first asked for; and what rows are known by, where some may be copied."""
        names: NameIndex = NamesWhenAsked(partial(known_names, self.weaver.fetcher, tuple(codes), found))
        if not lasting and earlier is None and ahead is None:
            return names, None
        digest = keys.of_names(codes, found)
        names = names if ahead is None else ahead.names(digest) or names
        return names, Reuse(keys, Owners(names), digest, earlier, ahead)

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

    def _ahead(self, spool: Spool, wanted: Mapping[Source, Collection[str]]) -> Ahead:
        """What weaves while the sources are waited for: from when all concepts have come, since they own the names."""
        fetcher = self.weaver.fetcher

        def has_come(line: bytes) -> bool:
            ids = zip(SOURCES, line.split(b"\t", 2)[:2], strict=True)
            return all(not id_ or fetcher.has_come(source, id_.decode()) for source, id_ in ids)

        def ready() -> Ready | None:
            if wanted["ncit"] and not fetcher.is_complete("ncit"):
                return None
            names = known_names(fetcher, wanted["ncit"])
            outfit = Outfit(fetcher, self.weaver.settings.policy, names, self.weaver.columns, lasting=True)
            return Ready(outfit.weaver(asked=("ctgov",)), names, keys.of_names(wanted["ncit"], ()))

        keys = Keys(self.weaver.settings.digest, partial(fetcher.states, lasting=False))
        return Ahead(spool, keys.of, has_come, ready)

    def _plan(self, spool: Spool | None = None) -> tuple[dict[Source, set[str]], set[str]]:
        """Read all records; returns the ids that they link to, and the names that are worth a search."""
        names: set[str] = set()
        records = noting_names(self._first_pass(), names)
        wanted = plan(records if spool is None else spool.taking_down(records))
        if self.only is not None and self.tally.read == self.tally.refused:
            raise UsageError("no record of the input is among those that were asked for; check their ids")
        return wanted, names

    def _fetch(
        self, wanted: Mapping[Source, set[str]], sought: Collection[str], ahead: Ahead | None = None
    ) -> Collection[str]:
        """Fetch and search; returns the concepts that were found for names."""
        self.weaver.fetcher.prefetch(wanted, self.progress, None if ahead is None else ahead.step)
        if ahead is not None:
            ahead.end()
        found = self.weaver.fetcher.search(sought, self.weaver.settings.evs.searches)
        self.report = self.weaver.fetcher.report()
        return found

    def across(self) -> Iterator[tuple[tuple[str, ...], Conflict]]:
        """What shows across the records of `lines()`, each conflict once with the sorted ids of its records."""
        for across in self.index.findings():
            conflict = conflict_of(across.finding, None, self.weaver.settings.policy)
            if conflict is not None:
                self.tally.add_conflict(conflict)
                yield across.record_ids, conflict

    def _first_pass(self) -> Iterator[Record]:
        self.unknown_columns = set(self.weaver.columns.named)
        self.likely_links = LikelyLinks()
        for record in self._records(self._refuse):
            self.tally.read += 1
            self.given.update(record.values)
            if self.unknown_columns:
                self.unknown_columns -= self.weaver.columns.found_in(record.row)
            self.likely_links.note(record)
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


def _processes(jobs: int) -> Workers:
    from trialweave.engines.processes import Workers

    return Workers(jobs)
