"""The coordinator: one lane for each source, both at once; it alone touches the store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from queue import SimpleQueue
from types import TracebackType
from typing import Protocol, Self, assert_never

from trialweave.core.models import Source as SourceName
from trialweave.errors import ReleaseChanged, SourceBlocked, SourceUnavailable
from trialweave.fetch.freshness import Answering, Silent
from trialweave.fetch.holders import Holder
from trialweave.fetch.reading import chunks
from trialweave.fetch.report import FetchPlan, FetchReport, SourcePlan, source_plan, source_report
from trialweave.fetch.run import SourceRun
from trialweave.fetch.searching import ReleaseNames, open_names, search
from trialweave.fetch.settled import Settled, Unanswered
from trialweave.fetch.shared import Known, SharedReader
from trialweave.fetch.states import states, with_follow_ups
from trialweave.fetch.store import Store
from trialweave.fetch.worker import Done, Event, Events, Failed, Probed, Worker, working
from trialweave.sources.base import Lookup

Progress = Callable[[SourceName, int, int], None]
"""Called with a source, how many of its ids are settled, and how many are known to be needed."""


class Recorder(Protocol):
    """Writes a replay folder from what a run settles."""

    def take(self, source: SourceName, part: Settled) -> None: ...
    def forget(self, source: SourceName) -> Collection[str]:
        """Take nothing of what was taken from a source; returns the ids."""
        ...

    def finish(self, source: SourceName, version: str | None) -> str | None: ...


class Fetcher:
    """Fetches what a run needs, and then is the reader of its weaving. One run, one fetcher; one thread may use it."""

    def __init__(
        self,
        runs: Mapping[SourceName, SourceRun],
        holder: Holder,
        *,
        recorder: Recorder | None = None,
        names: ReleaseNames | None = None,
    ) -> None:
        self._runs = runs
        self._holder = holder
        self._recorder = recorder
        self._names = names

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close sessions and store."""
        for run in self._runs.values():
            if run.lane is not None:
                run.lane.transport.close()
        self._holder.close()

    # ------------------------------------------------------------ prefetch

    def prefetch(
        self,
        wanted: Mapping[SourceName, Collection[str]],
        progress: Progress | None = None,
        meanwhile: Callable[[], bool] | None = None,
    ) -> FetchReport:
        """Bring every wanted id, and what follows from it, to the state of tonight. Ids must be valid.

        A source that cannot be asked is no error here: the report says so, and what is held stands in. As long as
        nothing comes, `meanwhile` is called, until it returns False: it may read what has come (`has_come`).
        """
        asked = self._gather({name: ids for name, ids in wanted.items() if ids}, progress, meanwhile)
        if self._recorder is not None:
            for name in asked:
                self._runs[name].recording_trouble = self._recorder.finish(name, self._runs[name].version) or ""
        return self.report()

    def search(self, names: Collection[str], most: int) -> frozenset[str]:
        """The codes of the concepts that bear one of these names, which `read` then gives. After the prefetch only.

        At most `most` names are searched for in a run; 0 asks nobody and leads nowhere. An imported index of the
        release takes the place of searching; where no release was told (offline, an outage) it leads to what is held,
        beside earlier searches. A recording searches for nothing, so that its replay is like it.
        """
        run = self._runs["ncit"]
        if not names or most == 0 or self._recorder is not None:
            return frozenset()
        if run.standing is None:
            self._gather({"ncit": ()})
        imported = self._imported_names()
        codes = {code for name in names for code in imported.codes(name)} if imported is not None else set()
        if run.version is None:
            codes = {code for chunk in chunks(codes) for code in run.entries(chunk)}
        if imported is None or run.version is None:
            codes |= search(run, names, most)
        self._gather({"ncit": codes})
        return frozenset(codes)

    @property
    def waits(self) -> bool:
        """Are there services that are asked slowly, so that much of a prefetch is waiting?"""
        return any(run.lane is not None and run.lane.pacer.rate > 0 for run in self._runs.values())

    def has_come(self, source: SourceName, id_: str) -> bool:
        """Is it settled what becomes of an id? What follows from it may still be asked for."""
        return id_ in self._runs[source].labels

    def is_complete(self, source: SourceName) -> bool:
        """Is it settled what becomes of all ids that are wanted so far, and of what follows from them?"""
        run = self._runs[source]
        return run.standing is not None and not run.open

    def _gather(
        self,
        wanted: Mapping[SourceName, Collection[str]],
        progress: Progress | None = None,
        meanwhile: Callable[[], bool] | None = None,
    ) -> Collection[SourceName]:
        """Probe where that is still to be done, and settle ids; returns the sources that could be asked."""
        events: Events = SimpleQueue()
        workers: dict[SourceName, Worker] = {}
        for name, ids in wanted.items():
            run = self._runs[name]
            if run.lane is None:
                run.take_up(ids)
            else:
                workers[name] = worker = Worker(name, run.lane, events)
                if run.standing is None:
                    worker.order(None)
                else:
                    _send(run, worker, run.take_up(ids))
        with self._letting_go(workers), working(workers.values()):
            while any(worker.busy for worker in workers.values()):
                while meanwhile is not None and events.empty() and meanwhile():
                    pass
                name, event = events.get()
                run = self._runs[name]
                self._handle(run, workers[name], event, wanted[name])
                if progress is not None:
                    progress(name, len(run.labels), len(run.labels) + len(run.open))
            self._probe_again(workers, events)
        return workers.keys()

    @contextmanager
    def _letting_go(self, names: Iterable[SourceName]) -> Iterator[None]:
        """A block that is interrupted leaves nothing open: whoever wants it again (in a notebook) has it asked for."""
        try:
            yield
        except BaseException:
            for name in names:
                self._runs[name].open.clear()
            raise

    def _probe_again(self, workers: Mapping[SourceName, Worker], events: Events) -> None:
        """See whether a source that was asked more than once moved meanwhile. One that is silent now is not missed."""
        asked = [worker for name, worker in workers.items() if self._runs[name].may_have_moved]
        for worker in asked:
            worker.order(None)
        while any(worker.busy for worker in asked):
            name, event = events.get()
            match event:
                case Done():
                    workers[name].busy -= 1
                case Probed(version):
                    self._runs[name].ended_on = version
                case Failed(error) if not isinstance(error, (SourceUnavailable, SourceBlocked)):
                    raise error
                case _:
                    pass

    def _handle(self, run: SourceRun, worker: Worker, event: Event, wanted: Collection[str]) -> None:
        match event:
            case Done():
                worker.busy -= 1
            case Probed(version):
                run.standing = Answering(version)
                if run.moved and self._recorder is not None:  # its folder tells one version of everything
                    for id_ in self._recorder.forget(run.source.name):
                        self._holder.drop(run.key(id_))
                _send(run, worker, run.start_over() if run.moved else run.take_up(wanted))
            case Settled() | Unanswered():
                if isinstance(event, Settled) and self._recorder is not None:
                    self._recorder.take(run.source.name, event)
                _send(run, worker, run.settle(event))
                worker.kept.release()
            case Failed(error):
                if isinstance(error, ReleaseChanged) and not run.moved:
                    run.moved = True
                    worker.order(None)
                elif isinstance(error, ReleaseChanged):
                    run.fall_silent(f"its release changed more than once during the run: {error}")
                elif isinstance(error, (SourceUnavailable, SourceBlocked)):
                    run.fall_silent(str(error))
                    run.take_up(wanted)
                else:
                    raise error
            case _:
                assert_never(event)

    def report(self) -> FetchReport:
        """What the run has cost so far, and what came of it."""
        events = dict(sorted(self._holder.events.items()))
        return FetchReport({name: source_report(run) for name, run in self._runs.items()}, events)

    def plan(
        self, wanted: Mapping[SourceName, Collection[str]], names: Collection[str] = (), most: int = 0
    ) -> FetchPlan:
        """What `prefetch` and `search` would cost, for the price of one request a source. Writes nothing."""
        plans: dict[SourceName, SourcePlan] = {}
        for name, ids in wanted.items():
            run = self._runs[name]
            searching = names if name == "ncit" and most else ()
            if run.lane is not None and run.standing is None and (ids or searching):
                try:
                    run.standing = Answering(run.lane.probe(once=True))
                except (SourceUnavailable, SourceBlocked) as error:
                    run.standing = Silent(str(error))
            searches = open_names(run, searching, most) if self._imported_names() is None else ()
            plans[name] = source_plan(run, ids, len(searches))
        return FetchPlan(plans)

    def _imported_names(self) -> ReleaseNames | None:
        """The imported names, where they are those of the release that this run stands on, or it stands on none."""
        if self._names is None or "ncit" not in self._runs or (release := self._names.release) is None:
            return None
        return self._names if self._runs["ncit"].version in (None, release) else None

    # ------------------------------------------------------------ reading

    def read(self, source: SourceName, ids: Iterable[str]) -> Mapping[str, Lookup]:
        """One answer for each id, from what is held (see `SnapshotReader`). Opens no socket."""
        return self._runs[source].read(ids)

    @property
    def all_was_read(self) -> bool:
        """Was all to be read that `states` told of? Where not, what was made of it is not what they stand for."""
        return not any(run.unread for run in self._runs.values())

    def shared(self) -> SharedReader | None:
        """The same reader for other processes of this machine; None where what is held is not all in a store."""
        if not isinstance(self._holder, Store) or not self._holder.on_disk:
            return None
        known = {
            name: Known(run.source, run.standing, run.labels.without_states(), run.reasons)
            for name, run in self._runs.items()
        }
        now = next(iter(self._runs.values())).clock.now()
        return SharedReader(self._holder.directory, now, known)

    def snapshots(self, wanted: Mapping[SourceName, Collection[str]]) -> Iterator[tuple[SourceName, str, Lookup]]:
        """What is known of the wanted ids and of all that follows from them, for a holding. Opens no socket."""
        for name, ids in wanted.items():
            for chunk in chunks(with_follow_ups(self._runs[name], ids)):
                for id_, lookup in self.read(name, chunk).items():
                    yield name, id_, lookup

    def note_states(self) -> None:
        """Call it before the prefetch where `states` will be asked for: what is looked at then need not be again."""
        for run in self._runs.values():
            run.notes_states = True

    def states(self, source: SourceName, ids: Collection[str], *, lasting: bool = True) -> Mapping[str, bytes]:
        """What `read` would answer for each id, as 16 bytes, without inflating a payload: equal answers, equal bytes.

        What follows from an id (the replacements of a retired concept, link by link) is a part of it. They are
        `lasting` after the prefetch only.
        """
        return states(self._runs[source], ids, note=lasting)


def _send(run: SourceRun, worker: Worker, ids: Collection[str]) -> None:
    if ids:
        worker.order(ids, run.pin)
