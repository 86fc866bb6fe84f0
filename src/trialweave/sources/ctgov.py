"""ClinicalTrials.gov, API v2: what to ask and how to read the answers. Facts: clinicaltrials-gov-api.md.

Targets stand below a base address that ends in `/api/v2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import TypeAdapter

from trialweave.core.identifiers import NCT_ID
from trialweave.core.models import Source as SourceName
from trialweave.errors import PayloadError
from trialweave.sources.base import Answer, Request, Response
from trialweave.sources.ctgov_models import VersionedPart
from trialweave.sources.ctgov_payload import parse_study, read_study
from trialweave.sources.ctgov_requests import (
    FIELDS,
    MOST_IDS,
    MOST_PAGES,
    PAGE,
    REGISTRY,
    is_whole,
    listing,
    listings,
    single,
    study_target,
    walk,
)
from trialweave.sources.payload import (
    Body,
    decoded,
    digest_of,
    json_body,
    plain_text,
    refuse,
    short,
    validated_value,
    version_text,
)
from trialweave.sources.projection import keep, wanted_of

__all__ = ["CtgovSource", "parse_study"]

_REDIRECTS = frozenset({301, 302, 307, 308})
_BAD_ITEM = re.compile(r"Item ([0-9]{1,4}) in parameter `filter\.ids` has incorrect format")
_STUDY_LOCATION = re.compile(rf"(?:^|/)({NCT_ID.pattern})/?(?:[?#]|$)", re.IGNORECASE)
_BAD_ID = "Parameter `nctId` has incorrect format"
_NO_STUDY = "NCT00000000"
"""Our form of an id allows it, the registry's does not: a refusal of it is the answer that there is no such study."""
_VERSIONED = TypeAdapter(VersionedPart)
_ASKED_FOR = wanted_of(FIELDS)


class CtgovSource:
    """The pure half of a client of ClinicalTrials.gov (`sources.base.Source`)."""

    name: SourceName = "ctgov"
    projection = "1"
    needs_version = False
    impossible = frozenset({_NO_STUDY})

    def __init__(self, registry: int = REGISTRY) -> None:
        """`registry`: how many studies there are, by which walking through all of them is judged."""
        self.registry = registry

    def probe(self) -> Request:
        """The version of the dataset."""
        return Request("ctgov", "probe", "/version")

    def read_probe(self, response: Response) -> str:
        """`dataTimestamp`, such as `2026-10-02T09:00:04` (UTC). Raises PayloadError, SourceBlocked."""
        told = json_body(response, "the version of the registry's data")
        stamp = version_text(told.get("dataTimestamp")) if isinstance(told, dict) else None
        if stamp is None:
            raise PayloadError("the registry's version answer has no dataTimestamp")
        return stamp

    def batches(
        self,
        ids: Iterable[str],
        version: str | None,  # noqa: ARG002
        *,
        whole: bool = False,
        by_id: bool = False,
    ) -> list[Request]:
        """Listings by id; or the registry page by page, where that takes fewer requests (performance.md section 3).

        The registry serves one dataset at a time, so `version` changes nothing.
        """
        wanted = set(ids)
        if not whole and not by_id and len(wanted) * PAGE > self.registry * MOST_IDS:
            return [walk(wanted, self.registry)]
        return listings(wanted, whole=whole)

    def single(self, id_: str, version: str | None, *, whole: bool = False) -> Request:  # noqa: ARG002
        """One study alone."""
        return single(id_, whole=whole)

    def read(self, request: Request, response: Response, version: str | None) -> Answer:  # noqa: ARG002
        """Split a listing by study, or read one study. Raises PayloadError, SourceBlocked."""
        return _read_study(request, response) if request.purpose == "single" else _read_listing(request, response)

    def follow_up(self, bodies: Mapping[str, bytes]) -> frozenset[str]:  # noqa: ARG002
        """No study makes another one necessary."""
        return frozenset()

    def check(self, id_: str, body: bytes) -> None:  # noqa: ARG002
        """Raises PayloadError for what is no study."""
        read_study(bytes(body))

    def own_version(self, body: bytes) -> str | None:
        """`versionHolder`: the date of the dataset, on every study alike. Raises PayloadError."""
        return version_text(validated_value(_VERSIONED, decoded(body), "a ClinicalTrials.gov study").version)

    def digest(self, body: bytes) -> str:
        """The content without `versionHolder`, which changes every working day. Raises PayloadError."""
        study = decoded(body)
        if not isinstance(study, dict):
            raise PayloadError("this is not a ClinicalTrials.gov study: the body is not an object")
        return digest_of(_without_version(study))


# ---------------------------------------------------------------- listings


def _read_listing(request: Request, response: Response) -> Answer:
    if response.status == 400:
        return _without_bad_item(request, response)
    page = json_body(response, "studies by id")
    studies = page.get("studies") if isinstance(page, dict) else None
    if not isinstance(studies, list):
        raise PayloadError("the answer is no page of studies: it has no list `studies`")
    found, aliases = _settled(request, studies)
    open_ids = tuple(id_ for id_ in request.ids if id_ not in found and id_ not in aliases)
    token = page.get("nextPageToken")
    if request.purpose == "batch" and open_ids:
        _refuse_foreign(request, studies)
    if request.purpose == "walk" and (token is None or len(request.trail) >= MOST_PAGES):
        # The order of pages is not stable: a study that no page showed may still be there.
        return Answer(found, aliases, more=tuple(listings(open_ids, whole=False)))
    if token is None:
        return Answer(found, aliases, absent=frozenset(open_ids))
    return Answer(found, aliases, more=_next_page(request, token, open_ids))


def _settled(request: Request, studies: list[Any]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The asked studies' bytes by canonical id, and the aliases among the asked ids. Other studies are passed over."""
    wanted = frozenset(request.ids)
    found: dict[str, bytes] = {}
    aliases: dict[str, str] = {}
    for study in studies:
        id_, others = _ids_of(study)
        answered = wanted.intersection(others) - {id_}
        if id_ in wanted or answered:
            found.setdefault(id_, _kept(request, study))
            aliases = dict.fromkeys(answered, id_) | aliases
    return found, {alias: id_ for alias, id_ in aliases.items() if alias not in found}


def _refuse_foreign(request: Request, studies: list[Any]) -> None:
    """Raises PayloadError where a listing holds a study that it was not asked for: what it lacks may be there.

    A registry that passes over the filter, or takes a page token for another one, answers 200.
    """
    sent = frozenset(_sent(request))
    for id_, others in map(_ids_of, studies):
        if sent.isdisjoint((id_, *others)):
            raise PayloadError(f"the listing holds {id_}, which it was not asked for, and lacks others")


def _sent(request: Request) -> list[str]:
    """The ids in the address of a listing; some of `request.ids` were settled by earlier pages."""
    return dict(parse_qsl(urlsplit(request.target).query)).get("filter.ids", "").split(",")


def _ids_of(study: Any) -> tuple[str, tuple[str, ...]]:
    """A study's id and its aliases. Raises PayloadError for what is no study."""
    try:
        identification = study["protocolSection"]["identificationModule"]
        id_, aliases = identification["nctId"], identification.get("nctIdAliases") or []
    except (KeyError, TypeError, AttributeError) as error:
        raise PayloadError("the answer holds something without an nctId among its studies") from error
    if not isinstance(id_, str) or NCT_ID.fullmatch(id_) is None:
        raise PayloadError(f"the answer holds a study whose nctId is {str(id_)[:40]!r}")
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise PayloadError(f"the nctIdAliases of {id_} are no list of ids")
    return id_, tuple(aliases)


def _next_page(request: Request, token: Any, open_ids: tuple[str, ...]) -> tuple[Request, ...]:
    """The next page repeats the parameters of the first one, whose ids may be settled by now."""
    if not isinstance(token, str) or not token:
        raise PayloadError("the page of studies has a nextPageToken that is no text")
    if token in request.trail:
        raise PayloadError("the pages of studies repeat a nextPageToken: they would never end")
    if not open_ids:
        return ()
    first = request.target.partition("&pageToken=")[0]
    target = f"{first}&pageToken={quote(token, safe='', errors='replace')}"
    pages = max(request.pages - 1, 1)
    return (Request("ctgov", request.purpose, target, open_ids, (*request.trail, token), pages),)


def _without_bad_item(request: Request, response: Response) -> Answer:
    """A 400 that names one item of the list: that id is at fault, the others are asked again."""
    text = plain_text(response) or ""
    named = _BAD_ITEM.search(text)
    sent = _sent(request)
    if named is None or not 1 <= int(named[1]) <= len(sent):
        refuse(response, "studies by id")
    bad = sent[int(named[1]) - 1]
    if bad not in request.ids:
        refuse(response, "studies by id")
    rest = tuple(id_ for id_ in request.ids if id_ != bad)
    more = (listing(rest, whole=is_whole(request)),) if rest else ()
    return Answer(faults={bad: f"ClinicalTrials.gov refuses the id {bad}: {short(text)}"}, more=more)


# ---------------------------------------------------------------- one study


def _read_study(request: Request, response: Response) -> Answer:
    (asked,) = request.ids
    target = urlsplit(request.target).path.rpartition("/")[2]
    if response.status in _REDIRECTS:
        return Answer(more=(_redirected(request, response, asked, target),))
    text = plain_text(response)
    if response.status == 404 and target == asked and text is not None and asked in text and "not found" in text:
        return Answer(absent=frozenset({asked}))
    if response.status == 400 and text == _BAD_ID:
        return Answer(faults={asked: f"ClinicalTrials.gov refuses the id {asked}: {text}"})
    study = json_body(response, f"study {asked}")
    id_, aliases = _ids_of(study)
    if id_ == asked:
        return Answer({id_: _kept(request, study)})
    if asked in aliases:
        return Answer({id_: _kept(request, study)}, {asked: id_})
    if id_ == target:
        fault = f"ClinicalTrials.gov redirects {asked} to {id_}, but that study does not list it among its aliases"
        return Answer(faults={asked: fault})
    raise PayloadError(f"asked for study {asked}, got {id_}, which does not list it among its aliases")


def _redirected(request: Request, response: Response, asked: str, target: str) -> Request:
    """The request for the study that an alias leads to; the service's own redirect loses the wanted fields."""
    location = response.location or "nowhere"
    named = _STUDY_LOCATION.search(location)
    if named is None:
        raise PayloadError(f"asked for study {asked}, redirected to {location[:200]!r}, which is no study")
    canonical = named[1].upper()
    trail = (*request.trail, target)
    if canonical in trail:
        raise PayloadError(f"asked for study {asked}, redirected in a circle: {' -> '.join((*trail, canonical))}")
    return Request("ctgov", "single", study_target(canonical, whole=is_whole(request)), (asked,), trail)


# ---------------------------------------------------------------- content


def _kept(request: Request, study: Any) -> Body:
    """The payload that is kept of a study: what was asked for, though a mirror may pass over `fields`.

    What else such a study holds are names, telephone numbers and addresses of people too. Raises PayloadError.
    """
    return Body.of(study if is_whole(request) else keep(study, _ASKED_FOR))


def _without_version(study: dict[str, Any]) -> dict[str, Any]:
    """The study without `versionHolder`, nor the containers that held nothing else."""
    derived = study.get("derivedSection")
    misc = derived.get("miscInfoModule") if isinstance(derived, dict) else None
    if not isinstance(derived, dict) or not isinstance(misc, dict):
        return study
    kept_misc = {key: value for key, value in misc.items() if key != "versionHolder"}
    kept_derived = {**derived, "miscInfoModule": kept_misc}
    if not kept_misc:
        del kept_derived["miscInfoModule"]
    kept = {**study, "derivedSection": kept_derived}
    if not kept_derived:
        del kept["derivedSection"]
    return kept
