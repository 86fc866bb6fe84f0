"""Gold rows in the shapes in which the two services answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.quality.gold import Drug
from trialweave.core.naming import features

NO_DRUG_TYPES = {
    "C103921": ["Disease or Syndrome"],
    "C64832": ["Quantitative Concept"],
    "C158525": ["Gene or Genome"],
    "C127112": ["Intellectual Product"],
    "C136455": ["Finding"],
}
"""Semantic types of the codes in the gold tables that are no drugs."""

_TYPES = {
    "antibody": ["Amino Acid, Peptide, or Protein", "Immunologic Factor", "Pharmacologic Substance"],
    "conjugate": ["Amino Acid, Peptide, or Protein", "Immunologic Factor", "Pharmacologic Substance"],
    "protein": ["Amino Acid, Peptide, or Protein", "Pharmacologic Substance"],
    "cell": ["Cell", "Pharmacologic Substance"],
    "vaccine": ["Immunologic Factor", "Pharmacologic Substance"],
}


def semantic_types(drug: Drug) -> list[str]:
    """Types that fit: a table for what is no drug, else by the family that the name shows."""
    if drug.code in NO_DRUG_TYPES:
        return NO_DRUG_TYPES[drug.code]
    family = next(iter(sorted(features(drug.name).families)), None)
    return _TYPES.get(family or "", ["Organic Chemical", "Pharmacologic Substance"])


def concept_payload(drug: Drug) -> dict[str, Any]:
    """A concept as the EVS REST API gives it with `include=full`. Links and curated names carry no definition."""
    payload: dict[str, Any] = {
        "code": drug.code,
        "name": drug.name,
        "terminology": "ncit",
        "version": "26.10d",
        "conceptStatus": "DEFAULT",
        "leaf": True,
        "active": True,
        "synonyms": [
            {"name": drug.name, "termType": "PT", "type": "FULL_SYN", "typeCode": "P90", "source": "NCI"},
            *(
                {"name": name, "termType": kind, "type": "FULL_SYN", "typeCode": "P90", "source": "NCI"}
                for name, kind in drug.synonyms
            ),
            {"name": drug.name, "type": "Preferred_Name", "typeCode": "P108"},
        ],
        "properties": [{"type": "Semantic_Type", "code": "P106", "value": value} for value in semantic_types(drug)],
    }
    if drug.definition:
        payload["definitions"] = [{"definition": drug.definition, "type": "DEFINITION", "code": "P97", "source": "NCI"}]
    return payload


def study_payload(trial: Mapping[str, Any]) -> dict[str, Any]:
    """A study as API v2 gives it: titles, summaries and arms; the gold trials have no interventions."""
    description = {
        "briefSummary": trial["briefSummary"],
        "detailedDescription": trial["detailedDescription"],
    }
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": trial["nct_id"],
                "briefTitle": trial["briefTitle"],
                "officialTitle": trial["officialTitle"],
            },
            "statusModule": {"overallStatus": "RECRUITING"},
            "descriptionModule": {key: value for key, value in description.items() if value},
            "designModule": {"studyType": "INTERVENTIONAL"},
            "armsInterventionsModule": {
                "armGroups": [{key: value for key, value in arm.items() if value} for arm in trial["armGroups"]]
            },
        },
        "hasResults": False,
    }
