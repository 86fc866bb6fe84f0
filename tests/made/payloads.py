"""Payloads about one drug, for worlds in which a record, its study and its concept agree."""

from __future__ import annotations

from typing import Any

from standin import payloads


def study(nct_id: str, name: str, status: str = "RECRUITING") -> dict[str, Any]:
    """A study of one drug."""
    body = payloads.study(nct_id, title=f"A study of {name}")
    protocol = body["protocolSection"]
    protocol["statusModule"] = {"overallStatus": status, "lastUpdatePostDateStruct": {"date": "2026-09-01"}}
    protocol["armsInterventionsModule"] = {
        "armGroups": [{"label": "Arm 1", "type": "EXPERIMENTAL", "interventionNames": [f"Drug: {name}"]}],
        "interventions": [{"type": "DRUG", "name": name, "armGroupLabels": ["Arm 1"]}],
    }
    return body


def concept(code: str, name: str) -> dict[str, Any]:
    """A concept that is a drug of this name."""
    return {
        **payloads.concept(code, name=name),
        "definitions": [{"definition": f"{name} is a drug.", "type": "DEFINITION", "source": "NCI"}],
        "properties": [{"type": "Semantic_Type", "value": "Pharmacologic Substance"}],
    }
