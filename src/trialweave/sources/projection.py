"""`fields` of ClinicalTrials.gov: what a study keeps when only some of it is asked for.

A branch brings all that is below it; a leaf brings nothing but itself, inside lists too; what is absent stays absent
(clinicaltrials-gov-api section 4).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_MODULES = "protocolSection"
PIECES: Mapping[str, str] = {
    "HasResults": "hasResults",
    "LeadSponsorName": f"{_MODULES}.sponsorCollaboratorsModule.leadSponsor.name",
    "LastUpdatePostDate": f"{_MODULES}.statusModule.lastUpdatePostDateStruct.date",
    "LocationCountry": f"{_MODULES}.contactsLocationsModule.locations.country",
    "NCTId": f"{_MODULES}.identificationModule.nctId",
    "NCTIdAlias": f"{_MODULES}.identificationModule.nctIdAliases",
    "OverallStatus": f"{_MODULES}.statusModule.overallStatus",
    "ReferencePMID": f"{_MODULES}.referencesModule.references.pmid",
    "ReferenceType": f"{_MODULES}.referencesModule.references.type",
    "VersionHolder": "derivedSection.miscInfoModule.versionHolder",
}
"""The pieces with a name of their own that are known here, and where they stand. Everything else is asked by path."""


class UnknownField(ValueError):
    """A name that is neither a piece known here nor a path."""


def project(study: bytes, fields: str | None) -> bytes:
    """The study reduced to `fields` (comma or pipe separated), or as it is without any. Raises UnknownField."""
    if fields is None:
        return study
    kept = keep(json.loads(study), paths_of(fields.replace("|", ",").split(","))) or {}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def paths_of(fields: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Where these fields stand. Raises UnknownField."""
    return tuple(_path(name) for name in fields)


def keep(value: Any, paths: Sequence[tuple[str, ...]]) -> Any:
    """The part of a value that the paths lead to, in the value's own order; None where nothing is left.

    What has nothing below it, though a path leads there, is kept: whoever reads it tells that it is wrong.
    """
    if () in paths or not isinstance(value, list | dict) or not value:
        return value
    if isinstance(value, list):  # of lists in lists there are none: such a row is as wrong as a text would be
        parts = (row if isinstance(row, list) else keep(row, paths) for row in value)
        return [part for part in parts if part is not None] or None
    kept = {}
    for key, part in value.items():
        below = [path[1:] for path in paths if path[0] == key]
        if below and (left := keep(part, below)) is not None:
            kept[key] = left
    return kept or None


def _path(name: str) -> tuple[str, ...]:
    path = PIECES.get(name, name)
    if path == name and "." not in name:
        raise UnknownField(name)
    return tuple(path.split("."))
