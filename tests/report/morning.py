"""A usual morning, constructed: a handful of news, two folds, and what stands behind them.

`PYTHONPATH=src:tests python -m report.morning OUT.html [CONFLICTS]` writes the page, for looking at it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from report.sample import (
    DRUGS,
    Entry,
    claim,
    conflict,
    definition,
    digest,
    history,
    large,
    line,
    lines,
    many,
    record_id,
    summary,
)
from trialweave.report.html import render
from trialweave.report.page import build_page


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
        "standing": 335,
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


if __name__ == "__main__":
    arguments = large(int(sys.argv[2])) if len(sys.argv) > 2 else usual()
    Path(sys.argv[1]).write_text(render(build_page(**arguments)), encoding="utf-8")
