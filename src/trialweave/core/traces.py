"""What a later run has to know of an earlier one, record by record: a few digests instead of a whole output line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

from trialweave.core.models import LINKS, SOURCES, Source
from trialweave.core.pointers import step
from trialweave.core.text import spelling

Line = Mapping[str, Any]
"""One object of `enriched.jsonl` (DESIGN 5.2)."""

_OF_THE_RECORD = frozenset({"drug_role", "routes"})
"""Facts in a line's study that are derived from the record, and so no change of the study."""

_OF_THE_RELEASE = frozenset({"release"})
_CELL = 6
"""Bytes kept of a cell's digest: two texts of one cell collide once in 10^14."""


@dataclass(frozen=True, slots=True)
class Named:
    """An intervention of a study: what it is called, in one spelling beside the registry's own."""

    type: str | None
    name: str
    spelled: str
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """What `source_changes` compares of a study, and the digest of all its facts."""

    digest: bytes
    status: str | None
    interventions: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class ConceptFacts:
    """What `source_changes` compares of a concept, and the digest of all its facts but the release."""

    digest: bytes
    name: str
    retired: bool
    definition: str | None
    replacements: tuple[tuple[str, str], ...]


Facts = StudyFacts | ConceptFacts


class Answer(NamedTuple):
    """What a source said of an id."""

    outcome: str
    id: str | None
    facts: Facts | None

    def same(self, other: Answer) -> bool:
        """Do the two say the same? Of facts the digests count, as they are of all facts."""
        return self._key() == other._key()

    def _key(self) -> tuple[str, str | None, bytes | None]:
        return self.outcome, self.id, None if self.facts is None else self.facts.digest


@dataclass(frozen=True, slots=True)
class Link:
    """What became of one link. `stamp` is the version and time under which the content was first stored."""

    outcome: str
    stale: bool
    requested: str | None
    id: str | None
    stamp: tuple[str | None, str | None]
    facts: Facts | None

    @property
    def answer(self) -> Answer:
        return Answer(self.outcome, self.id, self.facts)

    @property
    def asked(self) -> bool:
        """Is the answer of this run's own night? A blank or broken link needs nobody's answer."""
        return self.outcome != "unavailable" and not self.stale


@dataclass(frozen=True, slots=True)
class Trace:
    """One record of a run: digests of its cells, the keys by which a re-keyed record is known again, its two links."""

    record_id: str
    columns: tuple[str, ...]
    cells: bytes
    name: str
    links: Mapping[Source, Link]

    def edited(self, later: Trace) -> frozenset[str]:
        """Pointers to the cells that differ in `later`."""
        if (self.columns, self.cells) == (later.columns, later.cells):
            return frozenset()
        mine, theirs = self._by_column(), later._by_column()
        return frozenset(f"/{step(column)}" for column in {*mine, *theirs} if mine.get(column) != theirs.get(column))

    def identity(self) -> tuple[str, str, str]:
        """Name, study id and concept code; what is missing is empty."""
        return (self.name, self.links["ctgov"].requested or "", self.links["ncit"].requested or "")

    def _by_column(self) -> dict[str, bytes]:
        return {column: self.cells[i * _CELL : (i + 1) * _CELL] for i, column in enumerate(self.columns)}


class Tracer:
    """Makes traces of lines. Facts are shared: a study behind ten thousand records is kept once."""

    def __init__(self) -> None:
        self._facts: dict[bytes, Facts] = {}
        self._columns: dict[tuple[str, ...], tuple[str, ...]] = {}

    def traces(self, lines: Iterable[Line]) -> Iterator[Trace]:
        """One trace for each line, in order."""
        return map(self.trace, lines)

    def trace(self, line: Line) -> Trace:
        """The trace of one line."""
        row: Mapping[str, Any] = line["record"]
        columns = tuple(row)
        return Trace(
            record_id=line["record_id"],
            columns=self._columns.setdefault(columns, columns),
            cells=b"".join(_digest(value, _CELL) for value in row.values()),
            name=spelling(_record_value(line, "drug_name") or ""),
            links={source: self._link(line, source) for source in SOURCES},
        )

    def _link(self, line: Line, source: Source) -> Link:
        link, facts = line["links"][LINKS[source]], line[LINKS[source]]
        return Link(
            outcome=link["outcome"],
            stale=bool(link["stale"]),
            requested=link["requested_id"],
            id=link["id"],
            stamp=(link["source_version"], link["fetched_at"]),
            facts=None if facts is None else self._shared(source, facts),
        )

    def _shared(self, source: Source, facts: Mapping[str, Any]) -> Facts:
        left_out = _OF_THE_RECORD if source == "ctgov" else _OF_THE_RELEASE
        digest = _digest({key: value for key, value in facts.items() if key not in left_out}, 16)
        known = self._facts.get(digest)
        if known is None:
            known = _study(digest, facts) if source == "ctgov" else _concept(digest, facts)
            self._facts[digest] = known
        return known


def _study(digest: bytes, facts: Mapping[str, Any]) -> StudyFacts:
    interventions = (
        Named(given["type"], given["name"], spelling(given["name"]), frozenset(map(spelling, given["other_names"])))
        for given in facts["interventions"]
    )
    return StudyFacts(digest, facts["overall_status"], tuple(interventions))


def _concept(digest: bytes, facts: Mapping[str, Any]) -> ConceptFacts:
    replacements = ((given["code"], given["name"] or "", given["action"]) for given in facts["replacements"] or ())
    merged = tuple((code, name) for code, name, action in replacements if action == "merge")
    return ConceptFacts(digest, facts["name"], facts["status"] == "Retired_Concept", facts["definition"], merged)


def _record_value(line: Line, field: str) -> str | None:
    for claim in line["fields"][field]["claims"]:
        if claim["source"] == "record":
            return str(claim["value"])
    return None


def _digest(value: object, size: int) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
