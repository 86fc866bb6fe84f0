"""Records and a snapshot reader in, enriched records out. No network: the same function in a REPL, a job, a cluster."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, Literal, TypeVar, assert_never

from trialweave.core.checks.across_records import Row, row_of
from trialweave.core.findings import Policy
from trialweave.core.identifiers import GivenId, InvalidId, ParsedId, parse_concept_code, parse_nct_id
from trialweave.core.merge import merge
from trialweave.core.models import Found, Invalid, NotFound, NotGiven, Origin, Outcome, Record, Source, Unavailable
from trialweave.core.name_index import NOBODY, KnownNames, NameIndex, Owner, names_to_look_up
from trialweave.core.naming import concept_names
from trialweave.core.output import Enriched, conflict_line, line_bytes
from trialweave.core.record import AS_SPELLED, ColumnMap, build_record
from trialweave.core.summary import Brief
from trialweave.core.views import ConceptView, StudyView
from trialweave.errors import PayloadError
from trialweave.sources.base import Held, KnownAbsent, Lookup, NotHeld, Snapshot, SnapshotReader
from trialweave.sources.ctgov import parse_study
from trialweave.sources.ncit import parse_concept
from trialweave.sources.replacements import with_replacements

WINDOW = 100
"""Records woven together: each distinct id of a window is looked up once, and its views are held at the same time."""

ROOM = 3_000_000
"""Bytes of payload whose views are kept of each source. A study's view takes seven times the bytes of its payload."""

MOST = 5_000
"""Ids of each source that are kept whatever they lead to."""

_PARSERS: Mapping[Source, Callable[[str], ParsedId]] = {"ctgov": parse_nct_id, "ncit": parse_concept_code}
_FIELDS: Mapping[Source, str] = {"ctgov": "nct_id_drug_ref", "ncit": "nci_thesaurus_concept_id"}
_View = TypeVar("_View")
_Item = TypeVar("_Item")


def link_of(record: Record, source: Source) -> ParsedId | None:
    """The id that a record gives for a source, or None where the link is blank."""
    given = record.values.get(_FIELDS[source])
    return None if given is None else _PARSERS[source](given)


def plan(records: Iterable[Record]) -> dict[Source, set[str]]:
    """The distinct ids that the records link to, by source."""
    wanted: dict[Source, set[str]] = {"ctgov": set(), "ncit": set()}
    for record in records:
        for source, ids in wanted.items():
            if isinstance(link := link_of(record, source), GivenId):
                ids.add(link.id)
    return wanted


def noting_names(records: Iterable[Record], names: set[str]) -> Iterator[Record]:
    """The same records; the names of theirs that are worth a search are added to `names` as they pass."""
    for record in records:
        names.update(names_to_look_up(record))
        yield record


def known_names(reader: SnapshotReader, codes: Collection[str], found: Collection[str] = ()) -> KnownNames:
    """Who bears which name among the concepts that records link to, and among those that a search `found` besides.

    What is absent or cannot be read owns none.
    """
    known = KnownNames()
    for window in windows(sorted({*codes, *found}), WINDOW):
        for id_, lookup in reader.read("ncit", window).items():
            if isinstance(lookup, Held):
                try:
                    concept = parse_concept(lookup.snapshot.body)
                except PayloadError:
                    continue
                known.add(
                    concept_names(concept),
                    retired=concept.retired,
                    is_drug=concept.is_drug,
                    release=lookup.snapshot.source_version,
                    found=id_ not in codes,
                )
    return known


def weave(
    records: Iterable[Record], reader: SnapshotReader, policy: Policy, names: NameIndex = NOBODY
) -> Iterator[Enriched]:
    """One enriched record for each record, in order. A record never stops the others.

    `names` says who bears a name, for second witnesses and suggestions; it has to cover the whole run, so that a line
    does not depend on the order of the records.
    """
    loom = Loom(reader, policy, names)
    for window in windows(records, WINDOW):
        yield from loom.weave(window)


def windows(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """The items in lists of at most `size`."""
    stream = iter(items)
    while window := list(islice(stream, size)):
        yield window


@contextmanager
def rare_collection() -> Iterator[None]:
    """Let the garbage collector look less often: nothing here is cyclic, and its looking took half of the weaving.

    What is there by now is frozen, so that it is not looked at at all. For processes of ours only: it is a setting of
    the whole process.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@dataclass(frozen=True, slots=True)
class Woven:
    """One record's part of the output as bytes: what travels between processes and is copied from run to run.

    `line` is the output line, `conflicts` are its lines of `conflicts.jsonl`, without their ends; `brief` is what the
    tally counts, `across` what is compared with other records, `asked` the names whose owners were asked for. Where a
    row could not be woven, `error` says why and `line` is empty.
    """

    record_id: str
    line: bytes
    conflicts: tuple[bytes, ...]
    brief: Brief
    across: Row | None = None
    asked: tuple[str, ...] = ()
    error: str | None = None


def weave_windows(
    portions: Iterable[Sequence[Record]], reader: SnapshotReader, policy: Policy, names: NameIndex = NOBODY
) -> Iterator[list[Woven]]:
    """The rows of each list of records, as one list."""
    loom = Loom(reader, policy, names)
    for portion in portions:
        yield loom.woven(portion)


def weave_partition(
    records: Iterable[Record | Mapping[str, Any]],
    holding: SnapshotReader,
    *,
    policy: Policy = Policy(),  # noqa: B008  # frozen
    columns: ColumnMap = AS_SPELLED,
    names: NameIndex = NOBODY,
) -> Iterator[Woven]:
    """The same weaving for any engine: one row in, one row out, in order, lazily, and never an exception for a row.

    All arguments can be pickled. `names` are those of the whole run: `known_names` over the concepts of the holding. A
    `Record` keeps the record_id that it was given where the whole input was in sight; a plain row gets its own here,
    and a repeat is not numbered, because a partition cannot know of the others.
    """
    loom = Loom(holding, policy, names)
    for window in windows(records, WINDOW):
        yield from _without_raising(loom, window, columns)


def _without_raising(loom: Loom, window: Sequence[Record | Mapping[str, Any]], columns: ColumnMap) -> Iterator[Woven]:
    """The rows of a window. What cannot be made into a record, or into JSON, is told in the row's place.

    Rows of an engine are whatever its user put into a frame, so any exception may come of one.
    """
    built: list[Record | Woven] = []
    for number, row in enumerate(window, 1):
        try:
            built.append(row if isinstance(row, Record) else build_record(row, Origin("<partition>", number), columns))
        except Exception as error:
            built.append(_unusable("", error))
    loom.take_up([record for record in built if isinstance(record, Record)])
    for item in built:
        if isinstance(item, Woven):
            yield item
            continue
        try:
            yield loom.woven_one(item)
        except Exception as error:
            yield _unusable(item.record_id, error)
    loom.trim()


def _unusable(record_id: str, error: Exception) -> Woven:
    return Woven(record_id, b"", (), Brief(), error=f"the row cannot be used: {type(error).__name__}: {error}")


class Loom:
    """Weaves windows of records, and keeps between them what links have led to."""

    def __init__(self, reader: SnapshotReader, policy: Policy, names: NameIndex = NOBODY) -> None:
        self._reader = reader
        self._policy = policy
        self._names = _Noting(names)
        self._studies: _Links[StudyView] = _Links(reader, "ctgov", self._view_study)
        self._concepts: _Links[ConceptView] = _Links(reader, "ncit", self._view_concept)

    def weave(self, window: Sequence[Record]) -> list[Enriched]:
        """The window's enriched records, in order."""
        self.take_up(window)
        enriched = [self.weave_one(record) for record in window]
        self.trim()
        return enriched

    def take_up(self, window: Sequence[Record]) -> None:
        """Read what the records of a window link to, each id once."""
        self._studies.take_up(link_of(record, "ctgov") for record in window)
        self._concepts.take_up(link_of(record, "ncit") for record in window)

    def weave_one(self, record: Record) -> Enriched:
        """One record of the window that was taken up."""
        study_outcome, study = self._studies.settle(link_of(record, "ctgov"))
        concept_outcome, concept = self._concepts.settle(link_of(record, "ncit"))
        return merge(record, study_outcome, concept_outcome, study, concept, self._policy, self._names)

    def woven(self, window: Sequence[Record]) -> list[Woven]:
        """The window's records as bytes, in order."""
        self.take_up(window)
        rows = [self.woven_one(record) for record in window]
        self.trim()
        return rows

    def woven_one(self, record: Record) -> Woven:
        """One record of the window that was taken up, as bytes."""
        self._names.asked.clear()
        enriched = self.weave_one(record)
        return Woven(
            record.record_id,
            line_bytes(enriched.as_json()),
            tuple(line_bytes(conflict_line(record.record_id, conflict)) for conflict in enriched.conflicts),
            Brief.of(enriched),
            row_of(enriched),
            tuple(self._names.asked),
        )

    def trim(self) -> None:
        """Between windows only: what is dropped inside one could still be wanted by it."""
        self._studies.trim()
        self._concepts.trim()

    def _view_study(self, snapshot: Snapshot) -> StudyView:
        return StudyView(parse_study(snapshot.body))

    def _view_concept(self, snapshot: Snapshot) -> ConceptView:
        concept = parse_concept(snapshot.body)
        if concept.retired:
            concept = with_replacements(concept, lambda ids: self._reader.read("ncit", ids))
        return ConceptView(concept)


class _Noting:
    """A name index that notes, in order, which names were asked for."""

    def __init__(self, names: NameIndex) -> None:
        self._names = names
        self.asked: dict[str, None] = {}

    def owners(self, name: str) -> tuple[Owner, ...]:
        self.asked[name] = None
        return self._names.owners(name)

    def candidates(self, name: str) -> tuple[Owner, ...]:
        self.asked[name] = None
        return self._names.candidates(name)


_Settled = tuple[Outcome, _View | None]


class _Links(Generic[_View]):
    """What links to one source lead to, by requested id; the longest unused are dropped first.

    A reader answers the same as long as a run lasts, so an id that is kept is not read again.
    """

    def __init__(self, reader: SnapshotReader, source: Source, build: Callable[[Snapshot], _View]) -> None:
        self._reader = reader
        self._source: Source = source
        self._build = build
        self._kept: OrderedDict[str, _Settled[_View]] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._held = 0

    def take_up(self, links: Iterable[ParsedId | None]) -> None:
        """Read, in one go, the ids among these links that are not kept yet."""
        wanted = {link.id for link in links if isinstance(link, GivenId)}
        for id_ in wanted & self._kept.keys():
            self._kept.move_to_end(id_)
        new = sorted(wanted - self._kept.keys())
        for id_, lookup in self._reader.read(self._source, new).items() if new else ():
            self._kept[id_] = _look(id_, lookup, self._build)
            self._sizes[id_] = len(lookup.snapshot.body) if isinstance(lookup, Held) else 0
            self._held += self._sizes[id_]

    def settle(self, link: ParsedId | None) -> _Settled[_View]:
        """What became of a link, and the view of what it leads to.

        | link    | lookup       | payload  | outcome     |
        |---------|--------------|----------|-------------|
        | blank   |              |          | not_given   |
        | no id   |              |          | invalid     |
        | an id   | not held     |          | unavailable |
        | an id   | known absent |          | not_found   |
        | an id   | held         | unusable | unavailable |
        | an id   | held         | usable   | found       |
        """
        match link:
            case None:
                return NotGiven(), None
            case InvalidId(raw, reason):
                return Invalid(raw, reason), None
            case GivenId():
                return self._kept[link.id]
            case _:
                assert_never(link)

    def trim(self) -> None:
        while self._held > ROOM or len(self._kept) > MOST:
            id_, _ = self._kept.popitem(last=False)
            self._held -= self._sizes.pop(id_)


def _look(requested: str, lookup: Lookup, build: Callable[[Snapshot], _View]) -> _Settled[_View]:
    match lookup:
        case NotHeld(reason):
            return Unavailable(requested, reason), None
        case KnownAbsent(version, at, stale):
            return NotFound(requested, version, at, stale), None
        case Held(snapshot, stale):
            try:
                view = build(snapshot)
            except PayloadError as error:
                return Unavailable(requested, str(error)), None
            via: Literal["same", "alias"] = "same" if snapshot.id == requested else "alias"
            return Found(requested, snapshot.id, via, snapshot.source_version, snapshot.fetched_at, stale), view
        case _:
            assert_never(lookup)
