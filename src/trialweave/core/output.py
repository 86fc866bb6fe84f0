"""The enriched record and its output line (DESIGN 5.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring as _quoted
from typing import Any, assert_never

from trialweave.core.concept import Concept
from trialweave.core.models import (
    Claim,
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
    Suspect,
    Unavailable,
)
from trialweave.core.study import Study
from trialweave.core.views import encode, encode_row

SCHEMA = "trialweave.enriched/1"

_CONSTANTS = {None: "null", True: "true", False: "false"}
_UNSAID = '{"value":null,"source":null,"claims":[]}'


@dataclass(frozen=True, slots=True)
class Enriched:
    """A record with what its links lead to. `study_json` and `concept_json` are encoded once and shared by lines.

    Its `repr` leaves out what is long: a notebook and a failed test show the record, its links and what was found.
    """

    record: Record
    study_outcome: Outcome
    concept_outcome: Outcome
    study: Study | None = field(repr=False)
    concept: Concept | None = field(repr=False)
    drug: DrugInStudy | None = field(repr=False)
    edges: Mapping[EdgeName, Edge]
    fields: Mapping[str, FieldChoice] = field(repr=False)
    fills: tuple[Fill, ...] = field(default=(), repr=False)
    conflicts: tuple[Conflict, ...] = ()
    suspect: Suspect | None = None
    study_json: str | None = field(default=None, repr=False)
    concept_json: str | None = field(default=None, repr=False)

    @property
    def record_id(self) -> str:
        """The id of the record, as the line gives it."""
        return self.record.record_id

    def as_json(self) -> str:
        """The output line without its end: one JSON object, keys in the order of the contract.

        Put together from encoded pieces, because building objects only to encode them took most of a line's time.
        """
        edges = ",".join([f'"{name}":{_edge(edge)}' for name, edge in self.edges.items()])
        fields = ",".join([f'"{name}":{_choice(choice)}' for name, choice in self.fields.items()])
        return (
            f'{{"schema":"{SCHEMA}","record_id":{_quoted(self.record.record_id)},"record":{encode_row(self.record.row)},'
            f'"links":{{"study":{_link(self.study_outcome)},"concept":{_link(self.concept_outcome)}}},'
            f'"study":{_study(self.study_json, self.drug)},"concept":{self.concept_json or "null"},'
            f'"edges":{{{edges}}},"fields":{{{fields}}},"fills":[{",".join(map(_fill, self.fills))}],'
            f'"conflicts":[{",".join(map(_conflict, self.conflicts))}],'
            f'"suspect":{_value(self.suspect)}}}'
        )

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


@lru_cache(maxsize=1024)
def _link(outcome: Outcome) -> str:
    requested = id_ = via = version = at = stale = None
    match outcome:
        case Found():
            requested, id_, via = outcome.requested_id, outcome.id, outcome.via
            version, at, stale = outcome.source_version, outcome.fetched_at, outcome.stale
        case NotFound():
            requested, version, at, stale = (
                outcome.requested_id,
                outcome.source_version,
                outcome.fetched_at,
                outcome.stale,
            )
        case Unavailable():
            requested = outcome.requested_id
        case Invalid():
            requested = outcome.raw
        case NotGiven():
            pass
        case _:
            assert_never(outcome)
    return (
        f'{{"outcome":"{outcome_name(outcome)}","requested_id":{_value(requested)},"id":{_value(id_)},'
        f'"via":{_value(via)},"source_version":{_value(version)},"fetched_at":{_value(at)},"stale":{_value(stale)}}}'
    )


def _conflict(conflict: Conflict) -> str:
    """A conflict as the output shows it, in a record's line and in `conflicts.jsonl`."""
    suggestion = "null"
    if (given := conflict.suggestion) is not None:
        suggestion = (
            f'{{"field":{_quoted(given.field)},"value":{_value(given.value)},"why":{_quoted(given.why)},'
            f'"evidence":{_list(given.evidence)}}}'
        )
    return (
        f'{{"kind":{_quoted(conflict.kind)},"severity":"{conflict.severity}","field":{_quoted(conflict.field)},'
        f'"message":{_quoted(conflict.message)},"claims":[{",".join(map(_claim, conflict.claims))}],'
        f'"suggestion":{suggestion},"fingerprint":"{conflict.fingerprint}","cause":"{conflict.cause}"}}'
    )


def conflict_line(record_id: str, conflict: Conflict) -> str:
    """A line of `conflicts.jsonl`: the conflict with the record it belongs to."""
    return f'{{"record_id":{_quoted(record_id)},{_conflict(conflict)[1:]}'


def across_line(record_ids: Sequence[str], conflict: Conflict) -> str:
    """A line of `conflicts.jsonl` for a conflict across records: it stands once, with all of them."""
    return f'{{"record_ids":{_list(record_ids)},{_conflict(conflict)[1:]}'


def _claim(claim: Claim) -> str:
    source, path, value = claim
    return f'{{"source":"{source}","path":{_quoted(path)},"value":{_value(value)}}}'


def _edge(edge: Edge) -> str:
    verdict, tier, matched, path = map(_text, edge)
    return f'{{"verdict":{verdict},"tier":{tier},"matched":{matched},"path":{path}}}'


def _choice(choice: FieldChoice) -> str:
    chosen, winner, claims = choice
    if not claims:
        return _UNSAID
    if len(claims) == 1 and claims[0].value is chosen and claims[0].source == winner:
        return _only_choice(claims[0])
    return f'{{"value":{_text(chosen)},"source":{_text(winner)},"claims":[{",".join(map(_claim, claims))}]}}'


def _only_choice(claim: Claim) -> str:
    """Most fields have one claim, and it wins: its value is encoded once."""
    source, path, value = claim
    shown = _value(value)
    return (
        f'{{"value":{shown},"source":"{source}",'
        f'"claims":[{{"source":"{source}","path":{_quoted(path)},"value":{shown}}}]}}'
    )


def _fill(fill: Fill) -> str:
    return (
        f'{{"field":{_quoted(fill.field)},"value":{_value(fill.value)},'
        f'"source":"{fill.source}","evidence":{_value(fill.evidence)}}}'
    )


def _text(text: str | None) -> str:
    return "null" if text is None else _quoted(text)


def _value(value: Any) -> str:
    """A value as JSON; nearly all are text, absent, or a truth value."""
    if type(value) is str:
        return _quoted(value)
    return _CONSTANTS[value] if value is None or value is True or value is False else encode(value)


def _list(texts: Iterable[str]) -> str:
    return f"[{','.join(map(_quoted, texts))}]"


def _study(facts: str | None, drug: DrugInStudy | None) -> str:
    if facts is None:
        return "null"
    if drug is None:
        return facts
    return (
        f'{facts[:-1]},"drug_role":{{"role":"{drug.role}","where":{_list(drug.where)}}},"routes":{_list(drug.routes)}}}'
    )
