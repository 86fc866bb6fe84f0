"""The three ways to a Fetcher: the live services with their store, the live services into a folder, a folder alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from trialweave.clock import Clock
from trialweave.core.models import Source as SourceName
from trialweave.fetch.bulk import BulkStudies
from trialweave.fetch.client import Fetcher
from trialweave.fetch.freshness import Answering, Offline
from trialweave.fetch.holders import MemoryHolder
from trialweave.fetch.lane import Lane
from trialweave.fetch.pacing import Pacer, pacer_file
from trialweave.fetch.record import RecordFolder
from trialweave.fetch.replay import ADDRESSES, ReplayAdapter, ReplayFolder
from trialweave.fetch.retry import Policy, Retrier
from trialweave.fetch.run import SourceRun
from trialweave.fetch.store import Store
from trialweave.fetch.thesaurus import ImportedNames
from trialweave.fetch.transport import Transport
from trialweave.sources.base import Source

DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Services:
    """Where the live services are and how they are asked: `rates` are requests a second, 0 for no limit.

    `pacer_dir`, where processes share their pace, must not lie inside a folder of a store. `headers` go to each
    source's own host only, such as an `Authorization` that a mirror needs.
    """

    addresses: Mapping[SourceName, str]
    rates: Mapping[SourceName, float]
    clock: Clock
    pacer_dir: Path
    contact: str | None = None
    headers: Mapping[SourceName, Mapping[str, str]] = field(default_factory=dict)
    policy: Policy = DEFAULT_POLICY

    def lane(self, source: Source, *, whole: bool = False) -> Lane:
        """The way to one source; `whole` payloads instead of what is modelled."""
        transport = Transport(
            self.addresses[source.name],
            self.clock,
            self.policy,
            contact=self.contact,
            headers=self.headers.get(source.name),
        )
        pacer = Pacer(self.clock, self.rates[source.name], pacer_file(self.pacer_dir, transport.host, transport.port))
        return Lane(source, transport, Retrier(self.policy, self.clock), pacer, whole=whole)


def open_live(sources: Iterable[Source], services: Services, *, cache_dir: Path, offline: bool = False) -> Fetcher:
    """A fetcher over the live services, with the store below `cache_dir`. Offline, it answers from the store alone.

    Names of a release that was imported into it are not searched for.
    """
    store = Store(cache_dir)
    runs = {
        source.name: SourceRun(
            source,
            store,
            services.clock,
            Offline() if offline else None,
            lane=None if offline else services.lane(source),
            bulk=BulkStudies(cache_dir, store.events) if source.name == "ctgov" else None,
        )
        for source in sources
    }
    return Fetcher(runs, store, names=ImportedNames(cache_dir, store.events))


def open_record(sources: Iterable[Source], services: Services, folder: Path) -> Fetcher:
    """A fetcher that asks the live services for everything, whole, and writes it into a replay folder.

    Raises UsageError for a folder that holds constructed files.
    """
    recorder = RecordFolder(folder, services.clock)
    holder = MemoryHolder()
    runs = {
        source.name: SourceRun(
            source, holder, services.clock, lane=services.lane(source, whole=True), recording=recorder.began
        )
        for source in sources
    }
    return Fetcher(runs, holder, recorder=recorder)


def open_replay(sources: Iterable[Source], folder: Path, clock: Clock, *, policy: Policy = DEFAULT_POLICY) -> Fetcher:
    """A fetcher over a replay folder: no pace, no store, no socket. Raises InputError for a folder that is unusable."""
    recorded = ReplayFolder(folder)
    holder = MemoryHolder()
    runs = {}
    for source in sources:
        manifest = recorded.manifest[source.name]
        adapter = ReplayAdapter(recorded, source.name)
        transport = Transport(ADDRESSES[source.name], clock, policy, adapter=adapter)
        runs[source.name] = SourceRun(
            source,
            holder,
            clock,
            Answering(None),
            lane=Lane(source, transport, Retrier(policy, clock), Pacer(clock, 0.0), whole=True),
            recorded=(manifest.version, manifest.recorded_at),
            refuse=partial(recorded.refusal, source.name),
        )
    return Fetcher(runs, holder)
