"""The Python API: one object that enriches records.

from trialweave import Weaver

with Weaver(replay="fixtures") as weaver:
    enriched = weaver.enrich({"drug_name": "CT-0525", "nct_id_drug_ref": "NCT06254807"})
    print(enriched.suspect, [conflict.kind for conflict in enriched.conflicts])
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from trialweave.clock import Clock
from trialweave.core.models import Origin, Record
from trialweave.core.models import Source as SourceName
from trialweave.core.name_index import NOBODY, NameIndex
from trialweave.core.output import Enriched
from trialweave.core.record import ColumnMap, build_record
from trialweave.core.record_id import RecordIds
from trialweave.core.values import AnyRow, json_row
from trialweave.errors import SettingsError, UsageError
from trialweave.fetch import Fetcher, FetchReport, Progress, Services, open_live, open_record, open_replay
from trialweave.holding import Holding
from trialweave.settings import Settings, load_settings
from trialweave.sources.base import SnapshotReader, Source
from trialweave.sources.ctgov import CtgovSource
from trialweave.sources.ncit import NcitSource
from trialweave.weave import known_names, noting_names, plan, weave

BATCH = 10_000
"""Records that `enrich_many` plans and fetches together."""


class Weaver:
    """Enriches records. A context manager: leaving it closes the store, and whatever is asked then is a UsageError.

    `replay` answers from a folder and never from the network; `record` asks the services and writes such a folder;
    `offline` answers from the cache alone. `config` is a TOML settings file; `settings` are settings already read;
    `cache_dir` beats either. `clock` tells the time instead of the system's or that of the settings. After a prefetch,
    `names` say who bears which name, among the concepts that records link to and those that a search found.

    Raises UsageError where these contradict each other, a settings file cannot be read, or a folder is not there.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        config: str | Path | None = None,
        replay: str | Path | None = None,
        record: str | Path | None = None,
        offline: bool = False,
        cache_dir: str | Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        paths = {"config": config, "replay": replay, "record": record, "cache_dir": cache_dir}
        for name in (name for name, path in paths.items() if path == ""):
            raise UsageError(f"{name} is empty; name a file or folder, or leave it out")
        if sum((replay is not None, record is not None, offline)) > 1:
            raise UsageError("replay, record and offline exclude each other: choose one")
        if settings is not None and config is not None:
            raise UsageError("config and settings exclude each other: settings are what a file was read to")
        if not isinstance(settings, Settings | None):
            raise UsageError(
                f"settings have to be a Settings object, not {type(settings).__name__}; config names a file"
            )
        if settings is None:
            flags = {"cache_dir": None if cache_dir is None else Path(cache_dir)}
            settings = load_settings(None if config is None else Path(config), os.environ, flags)
        elif cache_dir is not None:
            settings = settings.model_copy(update={"cache_dir": Path(cache_dir)})
        self.settings = settings
        self.clock = clock or settings.clock
        self.columns = ColumnMap.of(settings.columns)
        self._closed = False
        self.names: NameIndex = NOBODY
        self.fetcher = _open(settings, self.clock, replay, record, offline=offline)

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store. Safe to call twice."""
        self._closed = True
        self.fetcher.close()

    def enrich(self, record: AnyRow) -> Enriched:
        """One record, as a mapping from field (or the user's column) to value.

        Raises UsageError for what is no record, with the field and the reason.
        """
        return next(self.enrich_many([record]))

    def enrich_many(self, records: Iterable[AnyRow]) -> Iterator[Enriched]:
        """Each record enriched, in order. Records are taken in batches, so that their ids are asked for together.

        What is no record raises UsageError as in `enrich`, after all records before it were given; so does whatever
        `records` raises itself.
        """
        self._check_open()
        return self._enriched(records)

    def _enriched(self, records: Iterable[AnyRow]) -> Iterator[Enriched]:
        for batch in _batches(self.records(records)):
            self.prefetch(batch)
            yield from self.weave(batch)

    def records(self, rows: Iterable[AnyRow]) -> Iterator[Record]:
        """The rows as `enrich_many` takes them, with the columns of the settings: for `prefetch`, `weave` and `hold`.

        Raises UsageError for what is no record.
        """
        if isinstance(rows, Mapping | str):
            raise UsageError(f"this is one {type(rows).__name__} and no list of records; `enrich` takes one record")
        ids = RecordIds()
        return (self._build(row, number, ids) for number, row in enumerate(rows, 1))

    def _build(self, row: AnyRow, number: int, ids: RecordIds) -> Record:
        sound = json_row(row, f"record {number}")
        return build_record(sound, Origin("<memory>", number), self.columns, ids)

    def prefetch(self, records: Iterable[Record], progress: Progress | None = None) -> FetchReport:
        """Fetch what the records link to and the store does not hold, and search for names that link to no concept.

        Nothing else of trialweave asks the network.
        `progress` is called with a source, how many of its ids are settled, and how many are known to be needed.
        """
        self._take_up(records, progress)
        return self.fetcher.report()

    def hold(self, records: Iterable[Record], folder: str | Path) -> Holding:
        """Prefetch, and write what the records link to as a holding: fetch once, weave anywhere (`weave_partition`).

        The names that belong to it are then `names` of this Weaver. Raises UsageError where the folder exists already.
        """
        return write_holding(self.fetcher, self._take_up(records), folder)

    def _take_up(self, records: Iterable[Record], progress: Progress | None = None) -> dict[SourceName, set[str]]:
        self._check_open()
        names: set[str] = set()
        wanted = plan(noting_names(_only_records(records), names))
        self.fetcher.prefetch(wanted, progress)
        found = self.fetcher.search(names, self.settings.evs.searches)
        self.names = known_names(self.fetcher, wanted["ncit"], found)
        return wanted

    @contextmanager
    def portable(self, wanted: Mapping[SourceName, Collection[str]]) -> Iterator[SnapshotReader]:
        """After the prefetch, a reader of the wanted ids that other processes of this machine can be given.

        It is the store itself; where nothing is kept in one (replay, a cache that cannot be used), a holding for the
        time being, outside the cache.
        """
        shared = self.fetcher.shared()
        if shared is not None:
            yield shared
            return
        with TemporaryDirectory(prefix="trialweave-") as folder, self._holding(wanted, folder) as holding:
            yield holding

    @contextmanager
    def holding(self, wanted: Mapping[SourceName, Collection[str]]) -> Iterator[Holding]:
        """After the prefetch, a holding of the wanted ids for the time being.

        It lies below the cache directory, which workers on other machines have to see under the same path.
        """
        below = cache_dir_of(self.settings) / "holdings"
        below.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(dir=below) as folder, self._holding(wanted, folder) as holding:
            yield holding

    @contextmanager
    def _holding(self, wanted: Mapping[SourceName, Collection[str]], folder: str) -> Iterator[Holding]:
        holding = write_holding(self.fetcher, wanted, Path(folder) / "holding")
        try:
            yield holding
        finally:
            holding.close()

    def weave(self, records: Iterable[Record]) -> Iterator[Enriched]:
        """Enrich records whose links were prefetched."""
        return weave(self._while_open(records), self.fetcher, self.settings.policy, self.names)

    def _while_open(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records, as long as what they link to can be read: behind a closed store all of it would be missing."""
        for record in _only_records(records):
            self._check_open()
            yield record

    def _check_open(self) -> None:
        if self._closed:
            raise UsageError("this Weaver is closed; use it inside its `with` block")


def _only_records(records: Iterable[Record]) -> Iterator[Record]:
    """The records. Raises UsageError for a row of which none was made."""
    for record in records:
        if not isinstance(record, Record):
            raise UsageError(
                f"a Record is wanted here, not {type(record).__name__}: `Weaver.records` makes them of rows"
            )
        yield record


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    """The records in lists of at most `BATCH`; where one cannot be had, those before it first."""
    batch: list[Record] = []
    try:
        for record in records:
            batch.append(record)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except Exception:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def write_holding(fetcher: Fetcher, wanted: Mapping[SourceName, Collection[str]], folder: str | Path) -> Holding:
    """Write what a fetcher holds of the wanted ids, after its prefetch, as a holding for other processes and machines.

    Raises UsageError where the folder exists already.
    """
    versions = {name: facts.version for name, facts in fetcher.report().sources.items()}
    return Holding.write(folder, fetcher.snapshots(wanted), versions)


def default_cache_dir() -> Path:
    """`$XDG_CACHE_HOME/trialweave`, else `~/.cache/trialweave`. Raises SettingsError where there is no home."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trialweave"
    except RuntimeError as error:
        raise SettingsError("this user has no home folder: set XDG_CACHE_HOME to a folder for the cache") from error


def cache_dir_of(settings: Settings) -> Path:
    """The folder of the store that these settings mean. Raises SettingsError where that is nobody's home."""
    folder = settings.cache_dir or default_cache_dir()
    try:
        return folder.expanduser()
    except RuntimeError as error:
        raise SettingsError(f"cache_dir = {str(folder)!r}: nobody has this home; name the folder in full") from error


def _open(
    settings: Settings, clock: Clock, replay: str | Path | None, record: str | Path | None, *, offline: bool
) -> Fetcher:
    sources: tuple[Source, ...] = (CtgovSource(), NcitSource())
    if replay is not None:
        return open_replay(sources, Path(replay), clock=clock)
    services = Services(
        addresses={"ctgov": settings.ctgov.url, "ncit": settings.evs.url},
        rates={"ctgov": settings.ctgov.rate, "ncit": settings.evs.rate},
        contact=settings.contact,
        clock=clock,
        pacer_dir=default_cache_dir().with_name("trialweave-pace"),
        headers={"ctgov": settings.ctgov.sent_headers, "ncit": settings.evs.sent_headers},
    )
    if record is not None:
        return open_record(sources, services, Path(record))
    return open_live(sources, services, cache_dir=cache_dir_of(settings), offline=offline)
