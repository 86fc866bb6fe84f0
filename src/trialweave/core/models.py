"""The values that flow through trialweave: frozen dataclasses, and named tuples where there are many of a kind.

What a study and a concept say is in `study` and `concept`.

Words: DESIGN section 2; output: 5.2.

Paths are RFC 6901 pointers into the row or the payload that a value was read from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Source = Literal["ctgov", "ncit"]
ClaimSource = Literal["record", "ctgov", "ncit"]
Severity = Literal["error", "warning", "info"]
Verdict = Literal["match", "mismatch", "unverifiable"]
Tier = Literal["exact", "normalised", "token", "code"]
EdgeName = Literal["record_study", "record_concept", "study_concept"]
Suspect = Literal["study_link", "concept_link", "record"]
IsDrug = Literal["yes", "no", "class", "unknown"]
Role = Literal["experimental", "active_comparator", "background", "placebo_only", "eligibility_only", "unknown"]

SOURCES: tuple[Source, Source] = ("ctgov", "ncit")
SOURCE_NAMES: Mapping[str, str] = {"ctgov": "ClinicalTrials.gov", "ncit": "NCI Thesaurus"}
LINKS: Mapping[Source, Literal["study", "concept"]] = {"ctgov": "study", "ncit": "concept"}
"""Source -> the link of a record that leads to it."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The worst first."""

VERDICTS: tuple[Verdict, ...] = ("match", "mismatch", "unverifiable")
EDGES: tuple[EdgeName, EdgeName, EdgeName] = ("record_study", "record_concept", "study_concept")
OUTCOMES = ("found", "not_found", "unavailable", "invalid", "not_given")
"""What may become of a link, as the output says it."""

FIELDS = (
    "drug_type",
    "intervention_type",
    "drug_description",
    "nci_thesaurus_concept_id",
    "nci_thesaurus_preferred_term",
    "nci_thesaurus_definition",
    "drug_mesh_term",
    "drug_category",
    "drug_class",
    "drug_delivery_route",
    "drug_mechanism_of_action",
    "drug_name",
    "nct_id_drug_ref",
)
"""The thirteen fields of a record, in the order of the seed record (DESIGN 5.1)."""


class Text(NamedTuple):
    """A piece of text and where it was read."""

    text: str
    path: str


class Coded(NamedTuple):
    """A code of a vocabulary (MeSH, NCIt) with its name; either may be missing in a payload."""

    code: str | None
    name: str | None


# ---------------------------------------------------------------- record


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row came from; `line` is the line it starts on (1-based), or the number of the row in a binary table."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Record:
    """One input row. `row` is verbatim under the user's column names; `values` holds what is not blank, as text.

    `paths` gives the pointer into `row` for each field that a column of the row carries.
    """

    record_id: str
    row: Mapping[str, Any]
    values: Mapping[str, str]
    paths: Mapping[str, str]
    origin: Origin
    _texts: dict[str, Text] = field(default_factory=dict, init=False, repr=False, compare=False)

    def get(self, name: str) -> Text | None:
        """The value of one of the thirteen fields with its path, or None where it is absent or blank."""
        if (text := self._texts.get(name)) is None and (value := self.values.get(name)) is not None:
            text = self._texts[name] = Text(value, self.paths[name])
        return text


# ---------------------------------------------------------------- what became of a link


@dataclass(frozen=True, slots=True)
class Found:
    """The source has it. `source_version` and `fetched_at` are those under which this content was first stored."""

    requested_id: str
    id: str
    via: Literal["same", "alias"]
    source_version: str | None
    fetched_at: str | None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class NotFound:
    """The source was asked and does not have it."""

    requested_id: str
    source_version: str | None
    fetched_at: str | None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Nobody could say: the source was not reachable, or the replay folder does not hold the id."""

    requested_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """The record holds text that is no id; `requested_id` in the output is this raw text."""

    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class NotGiven:
    """The record leaves the link blank."""


Outcome = Found | NotFound | Unavailable | Invalid | NotGiven


# ---------------------------------------------------------------- what the weaving says


class Claim(NamedTuple):
    """One value, with the source and the path that it was read from."""

    source: ClaimSource
    path: str
    value: Any


class Edge(NamedTuple):
    """One side of the triangle. `verdict` is None where one end is missing. Confirmed means `match`.

    `matched` is the text that confirmed, `path` where it stands in the payload of the far end.
    """

    verdict: Verdict | None = None
    tier: Tier | None = None
    matched: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed edit of one field of the record. Never applied."""

    field: str
    value: str
    why: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A disagreement between claims, or a link in a bad state. Fingerprint and cause: DESIGN 5.2."""

    kind: str
    severity: Severity
    field: str
    message: str
    claims: tuple[Claim, ...]
    suggestion: Suggestion | None
    fingerprint: str
    cause: str


@dataclass(frozen=True, slots=True)
class Fill:
    """What a source knows and the record left blank. Never a conflict."""

    field: str
    value: str
    source: Source
    evidence: str


class FieldChoice(NamedTuple):
    """The chosen value of a field, the source that won, and every claim, the losers too."""

    value: str | None
    source: ClaimSource | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class DrugInStudy:
    """What the study says about this record's drug: its role in the arms, where that was read, the routes it takes."""

    role: Role
    where: tuple[str, ...]
    routes: tuple[str, ...]
    route_path: str | None = None
