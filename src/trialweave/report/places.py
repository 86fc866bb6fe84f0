"""Where a value was read, in words: `interventions/0/otherNames/2` is "intervention 1, other name 3"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trialweave.core.models import ClaimSource
from trialweave.core.pointers import steps

_WHOLE: Mapping[str, str] = {
    "/protocolSection/identificationModule/nctId": "study id",
    "/protocolSection/identificationModule/orgStudyIdInfo/id": "sponsor's id",
    "/protocolSection/eligibilityModule/eligibilityCriteria": "eligibility criteria",
    "/name": "preferred term",
    "/conceptStatus": "concept status",
    "/active": "active or retired",
}
"""Places whose parts say less than their name does."""

_CONTAINERS = re.compile(r"(?:protocol|derived|results|document|annotation)Section|\w+Module|\w+Info|\w+Struct")
_ROWS: Mapping[str, str] = {
    "armGroups": "arm",
    "properties": "property",
    "otherNames": "other name",
    "meshes": "MeSH heading",
    "interventionNames": "intervention name",
    "seMetadata": "metadata",
}
_SAID_TWICE = frozenset(
    {("synonym", "name"), ("definition", "definition"), ("MeSH heading", "term"), ("property", "value")}
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def place(source: ClaimSource, path: str) -> str:
    """The place in words. A path that says nothing in words comes back empty."""
    if source == "record":
        column = "/".join(steps(path))
        return f"column {column}" if column else ""
    return _WHOLE.get(path) or ", ".join(_parts(steps(path)))


def _parts(names: list[str]) -> list[str]:
    parts: list[tuple[str, str]] = []
    for step in names:
        if step.isdigit() and parts:
            name, _ = parts[-1]
            parts[-1] = (_one(name), f" {int(step) + 1}")
        elif not _CONTAINERS.fullmatch(step):
            parts.append((step, ""))
    worded = [(name if " " in name else _HUMP.sub(" ", name), number) for name, number in parts]
    kept = [
        (name, number)
        for index, (name, number) in enumerate(worded)
        if not index or (worded[index - 1][0], name) not in _SAID_TWICE
    ]
    return [(name if name.startswith("MeSH") else name.lower()) + number for name, number in kept]


def _one(rows: str) -> str:
    """The name of one row of a list."""
    return _ROWS.get(rows) or rows.removesuffix("s")
