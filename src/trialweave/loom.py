"""Weaves windows of records: what their links lead to is read and looked at once, and kept as long as there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, assert_never

from trialweave.core.checks.across_records import Row, row_of
from trialweave.core.findings import Policy
from trialweave.core.identifiers import PARSERS, GivenId, InvalidId, ParsedId
from trialweave.core.merge import merge
from trialweave.core.models import Found, Invalid, NotFound, NotGiven, Outcome, Record, Source, Unavailable
from trialweave.core.name_index import NOBODY, NameIndex, Owner
from trialweave.core.output import Enriched, conflict_line, line_bytes
from trialweave.core.summary import Brief
from trialweave.core.views import ConceptView, StudyView
from trialweave.errors import PayloadError
from trialweave.sources.base import Held, KnownAbsent, Lookup, NotHeld, Snapshot, SnapshotReader
from trialweave.sources.ctgov import parse_study
from trialweave.sources.ncit import parse_concept
from trialweave.sources.replacements import with_replacements

ROOM = 500_000
"""Bytes of payload whose views are kept of each source; a view takes seven times the bytes of its payload. What is
wanted again is wanted soon, because a run weaves study by study."""

MOST = 5_000
"""Ids of each source that are kept whatever they lead to."""

_FIELDS: Mapping[Source, str] = {"ctgov": "nct_id_drug_ref", "ncit": "nci_thesaurus_concept_id"}
_View = TypeVar("_View")


def link_of(record: Record, source: Source) -> ParsedId | None:
    """The id that a record gives for a source, or None where the link is blank."""
    field = _FIELDS[source]
    given = record.values.get(field)
    return None if given is None else PARSERS[field](given)


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


class Loom:
    """Weaves windows of records, and keeps between them what links have led to."""

    def __init__(self, reader: SnapshotReader, policy: Policy, names: NameIndex = NOBODY) -> None:
        self._reader = reader = _Watched(reader)
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

    @property
    def all_was_read(self) -> bool:
        """Was all that links lead to, and that is there, to be read? Where not, another run may weave other rows."""
        return self._reader.all_was_read

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

    def forget(self, source: Source) -> None:
        """Between windows only: what links to this source have led to is read anew."""
        links: _Links[StudyView] | _Links[ConceptView] = self._studies if source == "ctgov" else self._concepts
        links.forget()

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


class _Watched:
    """A reader that notes whether it could read all that is there."""

    def __init__(self, reader: SnapshotReader) -> None:
        self._reader = reader
        self.all_was_read = True

    def read(self, source: Source, ids: Sequence[str]) -> Mapping[str, Lookup]:
        found = self._reader.read(source, ids)
        if any(isinstance(lookup, NotHeld) and lookup.passing for lookup in found.values()):
            self.all_was_read = False
        return found


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

    A reader answers the same once its source is asked no more, so an id that is kept is not read again before `forget`.
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

    def forget(self) -> None:
        self._kept.clear()
        self._sizes.clear()
        self._held = 0

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
