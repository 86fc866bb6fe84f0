"""`fields` of ClinicalTrials.gov: what a study keeps when only some of it is asked for.

A branch brings all that is below it; a leaf brings nothing but itself, inside lists too; what is absent stays absent
(clinicaltrials-gov-api section 4).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
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


class Wanted(dict[str, "Wanted"]):
    """What is wanted below a value, name by name; nothing for all of it."""


def project(study: bytes, fields: str | None) -> bytes:
    """The study reduced to `fields` (comma or pipe separated), or as it is without any. Raises UnknownField."""
    if fields is None:
        return study
    kept = keep(json.loads(study), wanted_of(fields.replace("|", ",").split(","))) or {}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def wanted_of(fields: Iterable[str]) -> Wanted:
    """What these fields want of a study. Raises UnknownField."""
    wanted = Wanted()
    for path in sorted(
        map(_path, fields), key=len, reverse=True
    ):  # a branch comes after what is below it, and beats it
        *above, name = path
        at = wanted
        for step in above:
            at = at.setdefault(step, Wanted())
        at[name] = Wanted()
    return wanted


def keep(value: Any, wanted: Wanted) -> Any:
    """The wanted part of a value, in the value's own order; None where nothing is left.

    What has nothing below it, though something is wanted there, is kept: whoever reads it tells that it is wrong.
    """
    if not wanted or not value:
        return value
    if isinstance(value, dict):
        kept = {}
        for key, part in value.items():
            if key in wanted and (left := keep(part, wanted[key])) is not None:
                kept[key] = left
        return kept or None
    if isinstance(value, list):  # of lists in lists there are none: such a row is as wrong as a text would be
        parts = [row if isinstance(row, list) else keep(row, wanted) for row in value]
        return [part for part in parts if part is not None] or None
    return value


def _path(name: str) -> list[str]:
    path = PIECES.get(name, name)
    if path == name and "." not in name:
        raise UnknownField(name)
    return path.split(".")
