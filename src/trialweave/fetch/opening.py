"""The three ways to a Fetcher: the live services with their store, the live services into a folder, a folder alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from trialweave.clock import Clock
from trialweave.core.models import Source as SourceName
from trialweave.fetch.bulk import BulkStudies
from trialweave.fetch.client import Fetcher
from trialweave.fetch.freshness import Answering, Offline
from trialweave.fetch.lane import Lane
from trialweave.fetch.pacing import Pacer, pacer_file
from trialweave.fetch.record import RecordFolder
from trialweave.fetch.replay import ADDRESSES, ReplayAdapter, ReplayFolder
from trialweave.fetch.retry import Policy, Retrier
from trialweave.fetch.run import SourceRun
from trialweave.fetch.store import MemoryHolder, Store
from trialweave.fetch.thesaurus import ImportedNames
from trialweave.fetch.transport import Transport
from trialweave.sources.base import Source

DEFAULT_POLICY = Policy()

Headers = Mapping[SourceName, Mapping[str, str]]
"""Extra headers for each source's own host, such as an `Authorization` that a mirror needs."""


def open_live(
    sources: Iterable[Source],
    *,
    cache_dir: Path,
    addresses: Mapping[SourceName, str],
    rates: Mapping[SourceName, float],
    contact: str | None,
    clock: Clock,
    pacer_dir: Path,
    policy: Policy = DEFAULT_POLICY,
    headers: Headers | None = None,
    offline: bool = False,
) -> Fetcher:
    """A fetcher over the live services, with the store below `cache_dir`. `rates` are requests a second.

    Offline, it answers from the store alone. `pacer_dir` must not lie inside `cache_dir`. Names of a
    release that was imported into it are not searched for.
    """
    store = Store(cache_dir)
    live = partial(_live_lane, rates=rates, contact=contact, clock=clock, pacer_dir=pacer_dir, policy=policy)
    runs = {
        source.name: SourceRun(
            source,
            store,
            clock,
            Offline() if offline else None,
            lane=None if offline else live(source, addresses[source.name], headers=(headers or {}).get(source.name)),
            bulk=BulkStudies(cache_dir, store.events) if source.name == "ctgov" else None,
        )
        for source in sources
    }
    return Fetcher(runs, store, names=ImportedNames(cache_dir, store.events))


def open_record(
    sources: Iterable[Source],
    folder: Path,
    *,
    addresses: Mapping[SourceName, str],
    rates: Mapping[SourceName, float],
    contact: str | None,
    clock: Clock,
    pacer_dir: Path,
    policy: Policy = DEFAULT_POLICY,
    headers: Headers | None = None,
) -> Fetcher:
    """A fetcher that asks the live services for everything, whole, and writes it into a replay folder.

    Raises UsageError for a folder that holds constructed files.
    """
    recorder = RecordFolder(folder, clock)
    holder = MemoryHolder()
    live = partial(_live_lane, rates=rates, contact=contact, clock=clock, pacer_dir=pacer_dir, policy=policy)
    runs = {
        source.name: SourceRun(
            source,
            holder,
            clock,
            lane=live(source, addresses[source.name], headers=(headers or {}).get(source.name), whole=True),
            recording=recorder.began,
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


def _live_lane(
    source: Source,
    address: str,
    *,
    rates: Mapping[SourceName, float],
    contact: str | None,
    clock: Clock,
    pacer_dir: Path,
    policy: Policy,
    headers: Mapping[str, str] | None,
    whole: bool = False,
) -> Lane:
    transport = Transport(address, clock, policy, contact=contact, headers=headers)
    pacer = Pacer(clock, rates[source.name], pacer_file(pacer_dir, transport.host, transport.port))
    return Lane(source, transport, Retrier(policy, clock), pacer, whole=whole)
