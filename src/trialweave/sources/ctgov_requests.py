"""What ClinicalTrials.gov is asked: the projection, and the requests for studies by id, by walking and one by one.

Facts: clinicaltrials-gov-api.md sections 2 to 4. Targets stand below a base address that ends in `/api/v2`.
"""

from __future__ import annotations

from collections.abc import Iterable

from trialweave.sources.base import Request
from trialweave.sources.batching import batched

FIELDS = (
    "HasResults",
    "protocolSection.identificationModule",
    "protocolSection.statusModule",
    "protocolSection.sponsorCollaboratorsModule.leadSponsor",
    "protocolSection.sponsorCollaboratorsModule.collaborators",
    "protocolSection.descriptionModule",
    "protocolSection.conditionsModule",
    "protocolSection.designModule",
    "protocolSection.armsInterventionsModule",
    "protocolSection.outcomesModule.primaryOutcomes",
    "protocolSection.eligibilityModule",
    "LocationCountry",
    "ReferencePMID",
    "ReferenceType",
    "derivedSection.conditionBrowseModule.meshes",
    "derivedSection.interventionBrowseModule.meshes",
    "VersionHolder",
)
"""The projection: what `parse_study` reads, and the dataset's date. Never contacts, officials or investigators.

A branch brings all that is below it; a leaf brings nothing but itself (clinicaltrials-gov-api.md section 4).
"""

MOST_IDS = 200
MOST_BYTES = 6_000

REGISTRY = 606_000
"""Studies of the registry (clinicaltrials-gov-api.md)."""

PAGE = 1_000
"""The most studies that the registry gives on one page; a larger page size is cut to this without a word."""

MOST_PAGES = 2 * REGISTRY // PAGE
"""A walk that is longer than this goes nowhere: what is still open is asked for by id."""

_FIELDS = ",".join(FIELDS)


def listings(ids: Iterable[str], *, whole: bool) -> list[Request]:
    """Studies by id, as many to a request as is known to be safe."""
    room = MOST_BYTES - len(_listing_target((), whole=whole))
    return [listing(batch, whole=whole) for batch in batched(ids, MOST_IDS, room)]


def listing(ids: tuple[str, ...], *, whole: bool) -> Request:
    """These studies, in one request."""
    return Request("ctgov", "batch", _listing_target(ids, whole=whole), ids)


def walk(ids: Iterable[str], registry: int) -> Request:
    """The first page of the whole registry, of which `ids` are wanted. Its order is no order, and may change."""
    target = f"/studies?pageSize={PAGE}&fields={_FIELDS}"
    return Request("ctgov", "walk", target, tuple(sorted(set(ids))), pages=-(-registry // PAGE))


def single(id_: str, *, whole: bool) -> Request:
    """One study alone."""
    return Request("ctgov", "single", study_target(id_, whole=whole), (id_,))


def study_target(id_: str, *, whole: bool) -> str:
    """The target of one study."""
    return f"/studies/{id_}" if whole else f"/studies/{id_}?fields={_FIELDS}"


def is_whole(request: Request) -> bool:
    """Does a request ask for studies without a projection?"""
    return "fields=" not in request.target


def _listing_target(ids: tuple[str, ...], *, whole: bool) -> str:
    fields = "" if whole else f"&fields={_FIELDS}"
    return f"/studies?filter.ids={','.join(ids)}&pageSize={MOST_IDS}{fields}"
