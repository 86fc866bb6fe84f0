"""Small payloads in the shape of both services, for worlds that a test makes up."""

from __future__ import annotations

from typing import Any


def study(nct_id: str, *, aliases: tuple[str, ...] = (), title: str = "A study") -> dict[str, Any]:
    """A small study in the shape of API v2."""
    identification: dict[str, Any] = {"nctId": nct_id, "briefTitle": title}
    if aliases:
        identification["nctIdAliases"] = list(aliases)
    return {
        "protocolSection": {
            "identificationModule": identification,
            "statusModule": {"overallStatus": "RECRUITING"},
            "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": f"Drug of {nct_id}"}]},
        },
        "derivedSection": {"miscInfoModule": {}},
        "hasResults": False,
    }


def concept(code: str, *, retired: bool = False, name: str | None = None) -> dict[str, Any]:
    """A small concept in the shape of the EVS REST API."""
    return {
        "code": code,
        "name": name or f"Concept {code}",
        "terminology": "ncit",
        "active": not retired,
        "conceptStatus": "Retired_Concept" if retired else "DEFAULT",
        "synonyms": [{"name": name or f"Concept {code}", "type": "Preferred_Name"}],
    }


def nct(number: int) -> str:
    """The study id with this number."""
    return f"NCT{number:08}"
