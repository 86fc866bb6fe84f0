"""Records and a snapshot reader in, enriched records out. No network: the same function in a REPL, a job, a cluster."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar, assert_never

from trialweave.core.findings import Policy
from trialweave.core.identifiers import GivenId, InvalidId, ParsedId, parse_concept_code, parse_nct_id
from trialweave.core.merge import merge
from trialweave.core.models import Found, Invalid, NotFound, NotGiven, Outcome, Record, Source, Unavailable
from trialweave.core.name_index import NOBODY, KnownNames, NameIndex
from trialweave.core.naming import concept_names
from trialweave.core.output import Enriched
from trialweave.core.views import ConceptView, StudyView
from trialweave.errors import PayloadError
from trialweave.sources.base import Held, KnownAbsent, Lookup, NotHeld, Snapshot, SnapshotReader
from trialweave.sources.ctgov import parse_study
from trialweave.sources.ncit import parse_concept
from trialweave.sources.replacements import with_replacements

WINDOW = 500
"""Records woven together: each distinct id of a window is looked up once."""

VIEWS = 5000
"""Views kept of each source. Measured: 5,000 are within 25 % of keeping all, at 70 MB instead of 100."""

_PARSERS: Mapping[Source, Callable[[str], ParsedId]] = {"ctgov": parse_nct_id, "ncit": parse_concept_code}
_FIELDS: Mapping[Source, str] = {"ctgov": "nct_id_drug_ref", "ncit": "nci_thesaurus_concept_id"}
_View = TypeVar("_View")


def link_of(record: Record, source: Source) -> ParsedId | None:
    """The id that a record gives for a source, or None where the link is blank."""
    given = record.get(_FIELDS[source])
    return None if given is None else _PARSERS[source](given.text)


def plan(records: Iterable[Record]) -> dict[Source, set[str]]:
    """The distinct ids that the records link to, by source."""
    wanted: dict[Source, set[str]] = {"ctgov": set(), "ncit": set()}
    for record in records:
        for source, ids in wanted.items():
            if isinstance(link := link_of(record, source), GivenId):
                ids.add(link.id)
    return wanted


def known_names(reader: SnapshotReader, codes: Iterable[str]) -> KnownNames:
    """Who bears which name among these concepts. What is absent or cannot be read owns none."""
    known = KnownNames()
    ordered = iter(sorted(codes))
    while window := list(islice(ordered, WINDOW)):
        for lookup in reader.read("ncit", window).values():
            if isinstance(lookup, Held):
                try:
                    concept = parse_concept(lookup.snapshot.body)
                except PayloadError:
                    continue
                known.add(concept_names(concept), retired=concept.retired, is_drug=concept.is_drug)
    return known


def weave(
    records: Iterable[Record], reader: SnapshotReader, policy: Policy, names: NameIndex = NOBODY
) -> Iterator[Enriched]:
    """One enriched record for each record, in order. A record never stops the others.

    `names` says who bears a name, for second witnesses and suggestions; it has to cover the whole run, so that a line
    does not depend on the order of the records.
    """
    loom = Loom(reader, policy, names)
    stream = iter(records)
    while window := list(islice(stream, WINDOW)):
        yield from loom.weave(window)


class Loom:
    """Weaves windows of records, and keeps the views of studies and concepts between them."""

    def __init__(self, reader: SnapshotReader, policy: Policy, names: NameIndex = NOBODY) -> None:
        self._reader = reader
        self._policy = policy
        self._names = names
        self._studies: _Views[StudyView] = _Views(self._view_study)
        self._concepts: _Views[ConceptView] = _Views(self._view_concept)

    def weave(self, window: Sequence[Record]) -> list[Enriched]:
        """The window's enriched records, in order."""
        wanted = plan(window)
        studies = self._reader.read("ctgov", sorted(wanted["ctgov"]))
        concepts = self._reader.read("ncit", sorted(wanted["ncit"]))
        woven = [self._one(record, studies, concepts) for record in window]
        # Between windows only: a view dropped inside one could still be wanted by it.
        self._studies.trim()
        self._concepts.trim()
        return woven

    def _one(self, record: Record, studies: Mapping[str, Lookup], concepts: Mapping[str, Lookup]) -> Enriched:
        study = _settle(link_of(record, "ctgov"), studies, self._studies)
        concept = _settle(link_of(record, "ncit"), concepts, self._concepts)
        return merge(record, study[0], concept[0], study[1], concept[1], self._policy, self._names)

    def _view_study(self, snapshot: Snapshot) -> StudyView:
        return StudyView(parse_study(snapshot.body))

    def _view_concept(self, snapshot: Snapshot) -> ConceptView:
        concept = parse_concept(snapshot.body)
        if concept.retired:
            concept = with_replacements(concept, lambda ids: self._reader.read("ncit", ids))
        return ConceptView(concept)


class _Views(Generic[_View]):
    """Views by snapshot, the longest unused dropped first. A payload that cannot be read is remembered as its error."""

    def __init__(self, build: Callable[[Snapshot], _View]) -> None:
        self._build = build
        self._kept: OrderedDict[tuple[str, str], _View | PayloadError] = OrderedDict()

    def get(self, snapshot: Snapshot) -> _View | PayloadError:
        key = (snapshot.id, snapshot.digest)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        view: _View | PayloadError
        try:
            view = self._build(snapshot)
        except PayloadError as error:
            view = error
        self._kept[key] = view
        return view

    def trim(self) -> None:
        while len(self._kept) > VIEWS:
            self._kept.popitem(last=False)


def _settle(link: ParsedId | None, lookups: Mapping[str, Lookup], views: _Views[_View]) -> tuple[Outcome, _View | None]:
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
            return _look(link.id, lookups[link.id], views)
        case _:
            assert_never(link)


def _look(requested: str, lookup: Lookup, views: _Views[_View]) -> tuple[Outcome, _View | None]:
    match lookup:
        case NotHeld(reason):
            return Unavailable(requested, reason), None
        case KnownAbsent(version, at, stale):
            return NotFound(requested, version, at, stale), None
        case Held(snapshot, stale):
            view = views.get(snapshot)
            if isinstance(view, PayloadError):
                return Unavailable(requested, str(view)), None
            via = "same" if snapshot.id == requested else "alias"
            found = Found(requested, snapshot.id, via, snapshot.source_version, snapshot.fetched_at, stale)  # type: ignore[arg-type]
            return found, view
        case _:
            assert_never(lookup)
