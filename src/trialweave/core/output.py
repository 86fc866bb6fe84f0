"""The enriched record and its output line (DESIGN 5.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from trialweave.core.models import (
    Claim,
    Concept,
    Conflict,
    DrugInStudy,
    Edge,
    EdgeName,
    FieldChoice,
    Fill,
    Found,
    Invalid,
    NotFound,
    NotGiven,
    Outcome,
    Record,
    Study,
    Suspect,
    Unavailable,
)
from trialweave.core.views import encode

SCHEMA = "trialweave.enriched/1"


@dataclass(frozen=True, slots=True)
class Enriched:
    """A record with what its links lead to. `study_json` and `concept_json` are encoded once and shared by lines."""

    record: Record
    study_outcome: Outcome
    concept_outcome: Outcome
    study: Study | None
    concept: Concept | None
    drug: DrugInStudy | None
    edges: Mapping[EdgeName, Edge]
    fields: Mapping[str, FieldChoice]
    fills: tuple[Fill, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    suspect: Suspect | None = None
    study_json: str | None = field(default=None, repr=False)
    concept_json: str | None = field(default=None, repr=False)

    def as_json(self) -> str:
        """The output line without its end: one JSON object, keys in the order of the contract."""
        head = {
            "schema": SCHEMA,
            "record_id": self.record.record_id,
            "record": dict(self.record.row),
            "links": {"study": link_object(self.study_outcome), "concept": link_object(self.concept_outcome)},
        }
        tail = {
            "edges": {name: _edge(edge) for name, edge in self.edges.items()},
            "fields": {name: _choice(choice) for name, choice in self.fields.items()},
            "fills": [
                {"field": f.field, "value": f.value, "source": f.source, "evidence": f.evidence} for f in self.fills
            ],
            "conflicts": [conflict_object(conflict) for conflict in self.conflicts],
            "suspect": self.suspect,
        }
        study = _study(self.study_json, self.drug)
        return f'{encode(head)[:-1]},"study":{study},"concept":{self.concept_json or "null"},{encode(tail)[1:]}'

    def as_dict(self) -> dict[str, Any]:
        """The output line as Python values."""
        line: dict[str, Any] = json.loads(self.as_json())
        return line


def line_bytes(text: str) -> bytes:
    """A line as UTF-8. Half a surrogate pair, which JSON input can smuggle in, is escaped again."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(json.loads(text), separators=(",", ":")).encode("ascii")


def outcome_name(outcome: Outcome) -> str:
    """The contract's word for an outcome."""
    match outcome:
        case Found():
            return "found"
        case NotFound():
            return "not_found"
        case Unavailable():
            return "unavailable"
        case Invalid():
            return "invalid"
        case NotGiven():
            return "not_given"
        case _:
            assert_never(outcome)


def link_object(outcome: Outcome) -> dict[str, Any]:
    """What became of a link, as the output shows it."""
    shown: dict[str, Any] = dict.fromkeys(
        ("outcome", "requested_id", "id", "via", "source_version", "fetched_at", "stale")
    )
    shown["outcome"] = outcome_name(outcome)
    match outcome:
        case Found():
            shown |= {"requested_id": outcome.requested_id, "id": outcome.id, "via": outcome.via}
            shown |= _when(outcome)
        case NotFound():
            shown["requested_id"] = outcome.requested_id
            shown |= _when(outcome)
        case Unavailable():
            shown["requested_id"] = outcome.requested_id
        case Invalid():
            shown["requested_id"] = outcome.raw
        case NotGiven():
            pass
        case _:
            assert_never(outcome)
    return shown


def conflict_object(conflict: Conflict) -> dict[str, Any]:
    """A conflict as the output shows it, in a record's line and in `conflicts.jsonl`."""
    suggestion = conflict.suggestion
    return {
        "kind": conflict.kind,
        "severity": conflict.severity,
        "field": conflict.field,
        "message": conflict.message,
        "claims": [_claim(claim) for claim in conflict.claims],
        "suggestion": None
        if suggestion is None
        else {
            "field": suggestion.field,
            "value": suggestion.value,
            "why": suggestion.why,
            "evidence": list(suggestion.evidence),
        },
        "fingerprint": conflict.fingerprint,
        "cause": conflict.cause,
    }


def conflict_line(record_id: str, conflict: Conflict) -> str:
    """A line of `conflicts.jsonl`: the conflict with the record it belongs to."""
    return encode({"record_id": record_id, **conflict_object(conflict)})


def across_line(record_ids: Sequence[str], conflict: Conflict) -> str:
    """A line of `conflicts.jsonl` for a conflict across records: it stands once, with all of them."""
    return encode({"record_ids": list(record_ids), **conflict_object(conflict)})


def _when(outcome: Found | NotFound) -> dict[str, Any]:
    return {"source_version": outcome.source_version, "fetched_at": outcome.fetched_at, "stale": outcome.stale}


def _claim(claim: Claim) -> dict[str, Any]:
    return {"source": claim.source, "path": claim.path, "value": claim.value}


def _edge(edge: Edge) -> dict[str, Any]:
    return {"verdict": edge.verdict, "tier": edge.tier, "matched": edge.matched, "path": edge.path}


def _choice(choice: FieldChoice) -> dict[str, Any]:
    return {"value": choice.value, "source": choice.source, "claims": [_claim(claim) for claim in choice.claims]}


def _study(facts: str | None, drug: DrugInStudy | None) -> str:
    if facts is None:
        return "null"
    if drug is None:
        return facts
    derived = {"drug_role": {"role": drug.role, "where": list(drug.where)}, "routes": list(drug.routes)}
    return f"{facts[:-1]},{encode(derived)[1:]}"
