"""Runs made of a few words, for tests of what compares runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trialweave.core.pending import Links


@dataclass(frozen=True)
class Payload:
    """What a source has under an id; `outcome` is found, not_found, unavailable, invalid or not_given."""

    facts: Mapping[str, Any] | None = None
    outcome: str = "found"
    stale: bool = False
    stamp: str = "2026-01-01"


def study(nct_id: str, status: str = "RECRUITING", *names: str, **others: Iterable[str]) -> dict[str, Any]:
    return {
        "nct_id": nct_id,
        "overall_status": status,
        "interventions": [
            {"type": "DRUG", "name": name, "other_names": list(others.get(name, ()))} for name in names or ("Drug A",)
        ],
    }


def concept(
    code: str,
    name: str = "Drug A",
    *,
    status: str = "DEFAULT",
    definition: str | None = "A drug.",
    replacements: Iterable[tuple[str, str, str]] | None = None,
    release: str = "26.10d",
) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "status": status,
        "definition": definition,
        "replacements": replacements
        and [{"code": c, "name": n, "action": a, "active": True, "hops": 1} for c, n, a in replacements],
        "release": release,
    }


def conflict(
    kind: str, field_: str, *values: str, severity: str = "warning", record_path: str = "/drug_name"
) -> dict[str, Any]:
    """A conflict without its record; the first value is the record's, the others are the registry's."""
    sources = ("record", "ctgov", "ncit")
    claims = [
        {"source": s, "path": record_path if s == "record" else "/x", "value": v}
        for s, v in zip(sources, values, strict=False)
    ]
    return {
        "kind": kind,
        "severity": severity,
        "field": field_,
        "message": f"{kind} of {field_}",
        "claims": claims,
        "suggestion": None,
        "cause": _hash([kind, field_, sorted(values)]),
    }


@dataclass(frozen=True)
class Row:
    """One record of a run: its row, what its links lead to, and what the checks saw."""

    record_id: str
    name: str = "Drug A"
    nct: str | None = "NCT00000001"
    code: str | None = "C1"
    study: Payload = field(default_factory=lambda: Payload(study("NCT00000001")))
    concept: Payload = field(default_factory=lambda: Payload(concept("C1")))
    conflicts: tuple[Mapping[str, Any], ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def line(self) -> dict[str, Any]:
        row = {"drug_name": self.name, "nct_id_drug_ref": self.nct, "nci_thesaurus_concept_id": self.code, **self.more}
        return {
            "schema": "trialweave.enriched/1",
            "record_id": self.record_id,
            "record": row,
            "links": {"study": _link(self.study, self.nct), "concept": _link(self.concept, self.code)},
            "study": self.study.facts,
            "concept": self.concept.facts,
            "fields": {
                name: {
                    "value": value,
                    "source": "record",
                    "claims": [{"source": "record", "path": f"/{name}", "value": value}],
                }
                for name, value in row.items()
                if value is not None
            }
            | {
                "drug_name": {
                    "value": self.name,
                    "source": "record",
                    "claims": [{"source": "record", "path": "/drug_name", "value": self.name}],
                }
            },
            "fills": [],
            "conflicts": [self._own(given) for given in self.conflicts],
            "suspect": None,
        }

    def found(self) -> Iterator[dict[str, Any]]:
        for given in self.conflicts:
            yield {"record_id": self.record_id, **self._own(given)}

    def _own(self, given: Mapping[str, Any]) -> dict[str, Any]:
        values = sorted(claim["value"] for claim in given["claims"])
        return {**given, "fingerprint": _hash([given["kind"], self.record_id, given["field"], values])}


def found(facts: Mapping[str, Any], **more: Any) -> Payload:
    return Payload(facts, **more)


def unavailable() -> Payload:
    return Payload(None, "unavailable")


def gone() -> Payload:
    return Payload(None, "not_found")


def stale(payload: Payload) -> Payload:
    return replace(payload, stale=True)


@dataclass
class MadeRun:
    """A run folder in memory."""

    rows: list[Row]
    run_id: str = "2026-11-23"
    rules: str = "1"
    settings: str = "s"
    release: str | None = "26.10d"
    copies: Mapping[str, int] = field(default_factory=dict)
    across: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] | None = None
    waiting: Mapping[str, Links] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, Any]:
        return {
            "run_id": self.run_id,
            "rules_version": self.rules,
            "settings_digest": self.settings,
            "sources": {
                "ctgov": {"version": self.run_id},
                "ncit": {"version": self.release, "stale_versions": self.copies},
            },
        }

    def lines(self) -> Iterator[dict[str, Any]]:
        return (row.line() for row in self.rows)

    def pending(self) -> Mapping[str, Links]:
        return self.waiting

    def conflicts(self) -> Iterator[dict[str, Any]]:
        if self.kept is not None:
            return iter(self.kept)
        own = (given for row in self.rows for given in row.found())
        return iter([*own, *self.across])


def _link(payload: Payload, requested: str | None) -> dict[str, Any]:
    outcome = "not_given" if requested is None else payload.outcome
    answered = outcome in ("found", "not_found")
    facts = payload.facts or {}
    return {
        "outcome": outcome,
        "requested_id": requested,
        "id": (facts.get("nct_id") or facts.get("code")) if outcome == "found" else None,
        "via": "same" if outcome == "found" else None,
        "source_version": payload.stamp if answered else None,
        "fetched_at": f"{payload.stamp}T00:00:00Z" if answered else None,
        "stale": payload.stale if answered else None,
    }


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
