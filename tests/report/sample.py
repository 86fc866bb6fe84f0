"""Constructed runs: drugs that exist, study and record ids that do not, and conflicts as a run would find them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping
from typing import Any

from trialweave.core.catalogue import BY_NAME, CATALOGUE

Entry = dict[str, Any]

DRUGS = (
    (
        "Trastuzumab",
        "C1647",
        "Herceptin",
        "HER2",
        "Intravenous",
        "a recombinant humanized monoclonal antibody directed against",
    ),
    (
        "Bevacizumab",
        "C2039",
        "Avastin",
        "VEGF-A",
        "Intravenous",
        "a recombinant humanized monoclonal antibody directed against",
    ),
    (
        "Pembrolizumab",
        "C106432",
        "MK-3475",
        "PD-1",
        "Intravenous",
        "a humanized monoclonal immunoglobulin G4 antibody directed against",
    ),
    (
        "Nivolumab",
        "C68814",
        "BMS-936558",
        "PD-1",
        "Intravenous",
        "a fully human immunoglobulin G4 monoclonal antibody directed against",
    ),
    (
        "Capivasertib",
        "C102564",
        "AZD5363",
        "AKT",
        "Oral",
        "an orally available inhibitor of the serine/threonine protein kinase",
    ),
    ("Adavosertib", "C91725", "AZD1775", "WEE1", "Oral", "a small molecule inhibitor of the tyrosine kinase"),
    (
        "Venetoclax",
        "C103147",
        "ABT-199",
        "BCL-2",
        "Oral",
        "an orally bioavailable, selective small molecule inhibitor of",
    ),
    (
        "Osimertinib",
        "C116377",
        "AZD9291",
        "EGFR",
        "Oral",
        "a third-generation, orally available, irreversible inhibitor of mutant",
    ),
    (
        "Losatuxizumab Vedotin",
        "C118957",
        "ABBV-221",
        "EGFR",
        "Intravenous",
        "an antibody-drug conjugate directed against",
    ),
    ("Disitamab Vedotin", "C121539", "RC48", "HER2", "Intravenous", "an antibody-drug conjugate directed against"),
    (
        "Autologous Anti-HER2 CAR Monocytes CT-0525",
        "C205637",
        "CT-0525",
        "HER2",
        "Intravenous",
        "a preparation of autologous monocytes engineered against",
    ),
    ("Ibrutinib", "C81934", "PCI-32765", "BTK", "Oral", "an orally bioavailable small-molecule inhibitor of"),
    (
        "Docetaxel",
        "C1526",
        "Taxotere",
        "tubulin",
        "Intravenous",
        "a semi-synthetic analogue of paclitaxel that binds to",
    ),
    ("Zanubrutinib", "C129647", "BGB-3111", "BTK", "Oral", "an orally available inhibitor of"),
)
SUSPECT = {
    "record_study": "study_link",
    "record_concept": "concept_link",
    "study_concept": "record",
    "links": "concept_link",
}
BECAUSES = ("study", "concept", "release", "record_edited")
KINDS = tuple(kind for kind in CATALOGUE if kind.room != "across_records")


def digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode("utf-8")).hexdigest()[:16]


def claim(source: str, path: str, value: object) -> Entry:
    return {"source": source, "path": path, "value": value}


def definition(drug: tuple[str, ...]) -> str:
    return (
        f"{drug[5][0].upper()}{drug[5][1:]} {drug[3]}, with potential antineoplastic activity. Upon administration, "
        f"{drug[0].lower()} binds to {drug[3]} and prevents its signaling, which leads to growth inhibition of tumor "
        f"cells that express {drug[3]}."
    )


def conflict(kind: str, record: int, field: str, message: str, claims: Iterable[Entry], **more: Any) -> Entry:
    """One conflict as `conflicts.jsonl` has it. `more` overrides any key."""
    claims = list(claims)
    values = sorted(str(c["value"]) for c in claims)
    shown = BY_NAME[kind]
    return {
        "kind": kind,
        "severity": shown.severities[0],
        "field": field,
        "message": message,
        "claims": claims,
        "suggestion": None,
        "fingerprint": digest(kind, record, field, values),
        "cause": digest(kind, field, values),
        "record_id": record_id(record),
        "first_seen_run": "2026-11-23",
        "acknowledged_until": None,
    } | more


def record_id(number: int) -> str:
    return f"SYN-{number:05d}"


def line(number: int, suspect: str | None = None, code: str | None = None, nct: str | None = None) -> Entry:
    """The part of an enriched line that the page reads."""
    name, own, *_ = DRUGS[number % len(DRUGS)]
    code, nct = code or own, nct or f"NCT09{number:06d}"
    return {
        "record_id": record_id(number),
        "record": {"drug_name": name, "nct_id_drug_ref": nct, "nci_thesaurus_concept_id": code},
        "links": {
            "study": {"outcome": "found", "requested_id": nct, "id": nct, "via": "same"},
            "concept": {"outcome": "found", "requested_id": code, "id": code, "via": "same"},
        },
        "fields": {
            field: {"value": value, "source": "record", "claims": [claim("record", f"/{field}", value)]}
            for field, value in {"drug_name": name, "nct_id_drug_ref": nct, "nci_thesaurus_concept_id": code}.items()
        },
        "suspect": suspect,
    }


def lines(suspects: Mapping[str, str | None]) -> dict[str, Entry]:
    return {rid: line(int(rid[4:]), suspect) for rid, suspect in suspects.items()}


def many(number: int, because: str | None = None, seed: int = 7) -> tuple[list[Entry], dict[str, Entry]]:
    """As many conflicts of all kinds, and the lines behind them."""
    rng = random.Random(seed)
    conflicts: list[Entry] = []
    suspects: dict[str, str | None] = {}
    for i in range(number):
        kind = rng.choice(KINDS)
        drug, other = rng.sample(DRUGS, 2)
        mine, theirs = (definition(drug), definition(other)) if "definition" in kind.name else (drug[0], other[0])
        field = "nct_id_drug_ref" if kind.room == "record_study" else "nci_thesaurus_concept_id"
        far = "ctgov" if kind.room == "record_study" else "ncit"
        entry = conflict(
            kind.name,
            i,
            field,
            f"The record says {drug[0]} ({drug[2]}), and the source says {other[0]}.",
            [
                claim("record", "/drug_name", f"{mine} {i if rng.random() < 0.7 else ''}".strip()),
                claim(far, "/name", theirs),
            ],
            severity=rng.choice(kind.severities),
            first_seen_run=f"2026-10-{1 + i % 28:02d}",
        )
        if rng.random() < 0.3:
            entry["suggestion"] = {
                "field": field,
                "value": f"NCT08{i:06d}" if far == "ctgov" else other[1],
                "why": "The only active concept of this name.",
                "evidence": ["/name"],
            }
        if because:
            entry["because"] = because
        conflicts.append(entry)
        suspects[entry["record_id"]] = SUSPECT.get(kind.room) if rng.random() < 0.6 else None
    return conflicts, lines(suspects)


def summary(**more: Any) -> Entry:
    """The summary of a night on which all went well."""
    return {
        "schema": "trialweave.summary/1",
        "run_id": "2026-11-23",
        "started_at": "2026-11-23T04:30:00Z",
        "finished_at": "2026-11-23T04:31:12Z",
        "exit_code": 0,
        "headline": "2026-11-23 complete: 10,412 records | 19 new (16 errors, 6 causes) | 1 changed "
        "| 2 resolved | 335 standing (oldest 41 d) | folded: 260 by other rules, 12 on new records "
        "| 2 acknowledgements end this week | registry 11-20, NCIt 26.10d",
        "records": {"read": 10_415, "refused": 3, "written": 10_412},
        "links": {
            "study": {"found": 10_391, "not_found": 2, "unavailable": 0, "invalid": 4, "not_given": 15},
            "concept": {"found": 10_216, "not_found": 3, "unavailable": 0, "invalid": 1, "not_given": 192},
        },
        "edges": {
            "record_study": {"match": 9_804, "mismatch": 61, "unverifiable": 526},
            "record_concept": {"match": 10_090, "mismatch": 44, "unverifiable": 82},
            "study_concept": {"match": 9_655, "mismatch": 70, "unverifiable": 471},
        },
        "conflicts": {"error": 48, "warning": 96, "info": 212, "by_kind": {}, "acknowledged": 5},
        "input_digest": digest("input"),
        "rules_version": "2026.11.1",
        "settings_digest": digest("settings"),
        "sources": {
            "ctgov": {"version": "2026-11-20T09:00:05", "requests": 1, "stale": 0},
            "ncit": {"version": "26.10d", "requests": 1, "stale": 0},
        },
        "store": {},
    } | more


def history(runs: int = 13) -> list[Entry]:
    """The summaries of the runs before, oldest first."""
    rng = random.Random(3)
    past = []
    for i in range(runs):
        error, warning, info = (
            44 + i // 3 + rng.randrange(4),
            118 - 2 * i + rng.randrange(7),
            190 + i + rng.randrange(12),
        )
        past.append(
            summary(
                run_id=f"2026-11-{23 - runs + i:02d}",
                exit_code=5 if i == 6 else 0,
                conflicts={"error": error, "warning": warning, "info": info},
            )
        )
    return past


def large(number: int) -> dict[str, Any]:
    """A morning with as many new conflicts, for weighing and timing."""
    conflicts, known = many(number, because="study")
    delta = {
        "since": "2026-11-20",
        "new": conflicts,
        "changed": [],
        "resolved": [],
        "standing": 0,
        "not_rechecked": 0,
        "acknowledged": 0,
        "source_changes": [],
        "records": {},
    }
    return {"summary": summary(), "delta": delta, "conflicts": conflicts, "lookup": known, "history": history()}
