"""A constructed morning: drugs that exist, study ids and record ids that do not, and conflicts as a run would find them.

`python tests/report/sample.py OUT.html [CONFLICTS]` writes the page, for looking at it.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
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


def morning() -> tuple[list[Entry], list[Entry], dict[str, Entry]]:
    """What is new and what changed on a usual morning, with the lines of the affected records."""
    wrong = conflict(
        "concept_different_drug",
        420,
        "nci_thesaurus_concept_id",
        "The record says Trastuzumab, and C2039 is Bevacizumab; the study NCT09000420 gives trastuzumab.",
        [
            claim("record", "/drug_name", "Trastuzumab"),
            claim("ncit", "/name", "Bevacizumab"),
            claim("ctgov", "/protocolSection/armsInterventionsModule/interventions/0/name", "Trastuzumab 6 mg/kg"),
        ],
        because="record_edited",
        suggestion={
            "field": "nci_thesaurus_concept_id",
            "value": "C1647",
            "why": "The study names trastuzumab, and C1647 is the only active concept with this name.",
            "evidence": ["/protocolSection/armsInterventionsModule/interventions/0/name"],
        },
    )
    sister = conflict(
        "study_drug_not_mentioned",
        10,
        "nct_id_drug_ref",
        "The study NCT04660929 does not name CT-0525; it is about CT-0508.",
        [
            claim("record", "/drug_name", "CT-0525"),
            claim(
                "ctgov",
                "/protocolSection/identificationModule/briefTitle",
                "CAR-macrophages (CT-0508) for the Treatment of HER2 Overexpressing Solid Tumors",
            ),
        ],
        because="study",
        suggestion={
            "field": "nct_id_drug_ref",
            "value": "NCT06254807",
            "why": "This study names CT-0525 as its intervention.",
            "evidence": ["/protocolSection/armsInterventionsModule/interventions/0/name"],
        },
    )
    retired = [
        conflict(
            "concept_retired",
            number,
            "nci_thesaurus_concept_id",
            "C118957 was retired in NCIt 26.10d and merged into C199904.",
            [
                claim("record", "/nci_thesaurus_concept_id", "C118957"),
                claim("ncit", "/conceptStatus", "Retired_Concept"),
            ],
            because="release",
            suggestion={
                "field": "nci_thesaurus_concept_id",
                "value": "C199904",
                "why": "NCI merged the concept into this one, which is active.",
                "evidence": ["/0/replacementCode"],
            },
        )
        for number in range(708, 708 + 14 * len(DRUGS), len(DRUGS))
    ]
    old = definition(DRUGS[9])
    unrelated = conflict(
        "definition_unrelated",
        9,
        "nci_thesaurus_definition",
        "The stored definition shares no substance word with the current definition of Disitamab Vedotin (C121539).",
        [
            claim(
                "record",
                "/nci_thesaurus_definition",
                "A preparation of autologous T lymphocytes that express a chimeric antigen receptor specific for CD22.",
            ),
            claim("ncit", "/definitions/0/definition", old),
        ],
        because="concept",
    )
    route = conflict(
        "route_mismatch",
        5,
        "drug_delivery_route",
        "The record says Intravenous, and the clause of the study that names adavosertib says PO.",
        [
            claim("record", "/drug_delivery_route", "Intravenous"),
            claim(
                "ctgov",
                "/protocolSection/armsInterventionsModule/armGroups/0/description",
                "Patients receive adavosertib PO QD on days 1-5.",
            ),
        ],
        because="study",
    )
    drift = conflict(
        "definition_drift",
        4,
        "nci_thesaurus_definition",
        "The current definition differs from the stored one in a few words.",
        [
            claim("record", "/nci_thesaurus_definition", definition(DRUGS[4])),
            claim(
                "ncit",
                "/definitions/0/definition",
                definition(DRUGS[4])
                .replace("growth inhibition", "apoptosis and growth inhibition")
                .replace("potential", "established"),
            ),
        ],
        because="release",
    )
    reopened = conflict(
        "drug_only_as_comparator",
        12,
        "nct_id_drug_ref",
        "Docetaxel is named only in an ACTIVE_COMPARATOR arm of NCT09000012.",
        [claim("ctgov", "/protocolSection/armsInterventionsModule/armGroups/1/type", "ACTIVE_COMPARATOR")],
        because="acknowledgement_expired",
    )
    new = [wrong, sister, *retired, unrelated, drift, reopened]
    suspects: dict[str, str | None] = {e["record_id"]: "concept_link" for e in (wrong, unrelated, *retired)}
    suspects |= {sister["record_id"]: "study_link", route["record_id"]: None, drift["record_id"]: None}
    suspects |= {reopened["record_id"]: None}
    known = lines(suspects)
    # What these two records say is what is wrong with them.
    known[wrong["record_id"]] = line(420, "concept_link", code="C2039")
    known[sister["record_id"]] = line(10, "study_link", nct="NCT04660929")
    return new, [route], known


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
                "value": other[1],
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
        "headline": "2026-11-23 complete: 10,412 records | 20 new (16 errors, 7 causes) | 2 resolved | 337 standing (oldest 41 d) "
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


def across() -> list[Entry]:
    first = conflict(
        "xrec_same_name_two_concepts",
        31,
        "nci_thesaurus_concept_id",
        "KRT-232 is linked to C156415 in one record and to C116624 in another.",
        [
            claim("record", "/nci_thesaurus_concept_id", "C156415"),
            claim("record", "/nci_thesaurus_concept_id", "C116624"),
        ],
    )
    second = conflict(
        "xrec_duplicate",
        33,
        "nct_id_drug_ref",
        "NCT05633615 and C104153 stand together in two records.",
        [claim("record", "/nct_id_drug_ref", "NCT05633615")],
    )
    for entry, ids in ((first, [31, 57]), (second, [33, 84])):
        del entry["record_id"]
        entry["record_ids"] = [record_id(number) for number in ids]
    return [first, second]


def fills(number: int = 18) -> list[Entry]:
    found: list[Entry] = []
    for i in range(number):
        name, _, _, target, route, _ = DRUGS[i % len(DRUGS)]
        field, value, source, evidence = (
            (
                "drug_delivery_route",
                route,
                "ctgov",
                "/protocolSection/armsInterventionsModule/interventions/0/description",
            ),
            ("nci_thesaurus_preferred_term", name, "ncit", "/name"),
            ("nci_thesaurus_definition", definition(DRUGS[i % len(DRUGS)]), "ncit", "/definitions/0/definition"),
            ("drug_class", f"{target} inhibitor", "ncit", "/parents/0/name"),
        )[i % 4]
        found.append(
            {"record_id": record_id(i), "field": field, "value": value, "source": source, "evidence": evidence}
        )
    return found


def acknowledgements() -> list[Entry]:
    return [
        {
            "fingerprint": digest("a"),
            "reason": "Confirmed with the sponsor by mail",
            "author": "M. Okafor",
            "until": "2026-11-26",
        },
        {"cause": digest("b"), "reason": "We list comparators on purpose", "author": "L. Berg", "until": "2027-06-30"},
        {
            "fingerprint": digest("c"),
            "reason": "Waiting for NCI's next release",
            "author": "M. Okafor",
            "until": "2026-11-28",
            "unused": True,
        },
    ]


def gates() -> list[Entry]:
    return [
        {"name": "coverage of studies", "passed": True, "message": "100 % (at least 98 %)"},
        {"name": "coverage of concepts", "passed": True, "message": "100 % (at least 98 %)"},
        {"name": "records refused", "passed": True, "message": "0.03 % (at most 2 %)"},
        {"name": "records removed", "passed": True, "message": "0 of 10,412 (at most 5 %)"},
        {"name": "jump in conflicts", "passed": True, "message": "+19 (at most +200)"},
    ]


def source_changes() -> list[Entry]:
    return [
        {
            "source": "ctgov",
            "id": "NCT09000005",
            "what": "status",
            "before": "RECRUITING",
            "after": "SUSPENDED",
            "record_ids": [record_id(5)],
        },
        {
            "source": "ctgov",
            "id": "NCT05319314",
            "what": "intervention_renamed",
            "before": "GCC19CART",
            "after": "LYL273",
            "record_ids": [record_id(88)],
        },
        {
            "source": "ncit",
            "id": "C118957",
            "what": "concept_merged",
            "before": "C118957",
            "after": "C199904",
            "record_ids": [record_id(n) for n in range(708, 708 + 14 * len(DRUGS), len(DRUGS))],
        },
        {
            "source": "ncit",
            "id": "C91725",
            "what": "concept_renamed",
            "before": "WEE1 Inhibitor AZD1775",
            "after": "Adavosertib",
            "record_ids": [record_id(5), record_id(19)],
        },
    ]


def usual() -> dict[str, Any]:
    """Keyword arguments of `build_page` for a usual morning."""
    new, changed, known = morning()
    folded, folded_lines = many(260, because="rules", seed=11)
    added, added_lines = many(12, because="record_added", seed=12)
    stood, stood_lines = many(340, seed=13)
    gone, gone_lines = many(2, because="study", seed=14)
    for number, entry in enumerate(stood):
        entry["fingerprint"] = digest("stood", number)
        entry["acknowledged_until"] = "2027-01-01" if number % 68 == 0 else None
    delta = {
        "since": "2026-11-20",
        "new": [*new, *folded, *added],
        "changed": changed,
        "resolved": gone,
        "standing": 337,
        "not_rechecked": 0,
        "acknowledged": 5,
        "source_changes": source_changes(),
        "records": {"added": 12, "changed": 1, "removed": 0},
    }
    return {
        "summary": summary(),
        "delta": delta,
        "conflicts": [*new, *changed, *folded, *added, *stood],
        "lookup": {
            **folded_lines,
            **added_lines,
            **stood_lines,
            **gone_lines,
            **known,
            **lines({record_id(n): None for n in (31, 33, 57, 84)}),
        },
        "history": history(),
        "acknowledgements": acknowledgements(),
        "across": across(),
        "fills": fills(),
        "gates": gates(),
    }


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


if __name__ == "__main__":
    from trialweave.report.html import render
    from trialweave.report.page import build_page

    arguments = large(int(sys.argv[2])) if len(sys.argv) > 2 else usual()
    Path(sys.argv[1]).write_text(render(build_page(**arguments)), encoding="utf-8")
