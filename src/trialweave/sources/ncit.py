"""NCI Thesaurus by the EVS REST API: what to ask and how to read the answers. Facts: nci-evs-api.md.

Targets stand below a base address that ends in `/api/v1`. A run is pinned to one release (`26.10d`), which is a part
of every path and must be repeated in every body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from trialweave.core.identifiers import CONCEPT_CODE
from trialweave.core.models import Source as SourceName
from trialweave.errors import PayloadError, ReleaseChanged
from trialweave.sources.base import Answer, Request, Response
from trialweave.sources.batching import batched
from trialweave.sources.ncit_payload import parse_concept, read_concept
from trialweave.sources.payload import Body, decoded, digest_of, encoded, json_body, refuse, unordered, version_text
from trialweave.sources.replacements import SUFFIX, parse_replacements
from trialweave.sources.searches import PREFIX, codes_of, found_by_search, rows_of_search, search_target

__all__ = ["INCLUDE", "NcitSource", "parse_concept"]

INCLUDE = "summary,parents,roles,associations"
"""The projection: `summary` brings synonyms, definitions and properties (nci-evs-api.md section 2)."""

MOST_CODES = 500
MOST_BYTES = 7_000

_TERMINOLOGY = "ncit"
_UNKNOWN_TERMINOLOGY = "Terminology not found = "
_RELEASE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")  # it becomes a part of every path


class NcitSource:
    """The pure half of a client of the EVS REST API (`sources.base.Source`)."""

    name: SourceName = "ncit"
    projection = "1"
    needs_version = True
    impossible: frozenset[str] = frozenset()

    def probe(self) -> Request:
        """The row of the latest monthly release. A weekly one may be the latest as well, hence the tag."""
        return Request("ncit", "probe", f"/metadata/terminologies?terminology={_TERMINOLOGY}&latest=true&tag=monthly")

    def read_probe(self, response: Response) -> str:
        """The release, such as `26.10d`. Raises PayloadError, SourceBlocked."""
        rows = json_body(response, "the latest monthly release of NCI Thesaurus")
        monthly = rows if not isinstance(rows, list) or len(rows) == 1 else list(filter(_is_monthly, rows))
        if not isinstance(monthly, list) or len(monthly) != 1 or not isinstance(monthly[0], dict):
            count = f"{len(rows)} rows, {len(monthly)} of them monthly" if isinstance(rows, list) else "something else"
            raise PayloadError(f"asked for the one latest monthly release of NCI Thesaurus, got {count}")
        named = monthly[0].get("terminologyVersion")
        release = named.removeprefix(f"{_TERMINOLOGY}_") if isinstance(named, str) else ""
        if release == named or _RELEASE.fullmatch(release) is None:
            raise PayloadError(f"the release of NCI Thesaurus is named {str(named)[:60]!r}, not ncit_ and a version")
        return release

    def batches(
        self,
        ids: Iterable[str],
        version: str | None,
        *,
        whole: bool = False,
        by_id: bool = False,  # noqa: ARG002
    ) -> list[Request]:
        """Concepts by code, then replacement rows by code, then names, which are searched for one by one."""
        given = frozenset(ids)
        names = frozenset(id_ for id_ in given if id_.startswith(PREFIX))
        wanted = given - names
        rows = frozenset(id_ for id_ in wanted if id_.endswith(SUFFIX))
        room = MOST_BYTES - len(_concepts((), version, whole=whole).target)
        concepts = [_concepts(codes, version, whole=whole) for codes in batched(wanted - rows, MOST_CODES, room)]
        room = MOST_BYTES - len(_replacements((), version).target)
        codes_of_rows = batched(map(_code_of, rows), MOST_CODES, room)
        return [
            *concepts,
            *(_replacements(codes, version) for codes in codes_of_rows),
            *(self.single(id_, version, whole=whole) for id_ in sorted(names)),
        ]

    def single(self, id_: str, version: str | None, *, whole: bool = False) -> Request:
        """One concept, the replacement rows of one code, or the concepts that bear one name."""
        if id_.startswith(PREFIX):
            return Request("ncit", "search", search_target(id_, _pinned(version), _include(whole)), (id_,))
        if id_.endswith(SUFFIX):
            target = f"/history/{_pinned(version)}/{_code_of(id_)}/replacements"
            return Request("ncit", "replacements", target, (id_,))
        return Request("ncit", "single", f"/concept/{_pinned(version)}/{id_}?include={_include(whole)}", (id_,))

    def read(self, request: Request, response: Response, version: str | None) -> Answer:
        """Split an answer by code; a search settles its name, and brings the concepts that bear it.

        Raises PayloadError, SourceBlocked, ReleaseChanged.
        """
        message = _message_of_404(response, version)
        if request.purpose == "replacements":
            return _read_replacements(request, response, version, message)
        if request.purpose == "single":
            return _read_concept(request, response, version, message)
        if request.purpose == "search":
            return _read_search(request, response, version)
        return _read_concepts(request, response, version)

    def follow_up(self, bodies: Mapping[str, bytes]) -> frozenset[str]:
        """The replacement rows of retired concepts, the concepts that such rows name, and those that a search found.

        A body that cannot be read makes nothing necessary; whoever parses it will say what is wrong with it.
        """
        wanted: set[str] = set()
        for id_, body in bodies.items():
            try:
                wanted.update(_made_necessary(id_, body))
            except PayloadError:
                continue
        return frozenset(wanted - bodies.keys())

    def check(self, id_: str, body: bytes) -> None:
        """Raises PayloadError for what is no concept. Rows and what a search found were read when they came."""
        if not id_.startswith(PREFIX) and not id_.endswith(SUFFIX):
            read_concept(bytes(body))

    def own_version(self, body: bytes) -> str | None:
        """The release that a concept names; replacement rows name none. Raises PayloadError."""
        value = decoded(body)
        return version_text(value.get("version")) if isinstance(value, dict) else None

    def digest(self, body: bytes) -> str:
        """The content without the release and the history, and without the order of lists, which means nothing.

        A new release gives the rows of a list in another order without changing one (C3224 in 26.03e and 26.04d).
        Raises PayloadError.
        """
        value = decoded(body)
        if isinstance(value, dict):
            value = {key: part for key, part in value.items() if key not in ("version", "history")}
        return digest_of(value, unordered)


def _is_monthly(row: Any) -> bool:
    tags = row.get("tags") if isinstance(row, dict) else None
    return isinstance(tags, dict) and tags.get("monthly") in ("true", True)


def _pinned(version: str | None) -> str:
    return _TERMINOLOGY if version is None else f"{_TERMINOLOGY}_{version}"


def _include(whole: bool) -> str:
    return "full" if whole else INCLUDE


def _concepts(codes: tuple[str, ...], version: str | None, *, whole: bool) -> Request:
    target = f"/concept/{_pinned(version)}?list={','.join(codes)}&include={_include(whole)}"
    return Request("ncit", "batch", target, codes)


def _replacements(codes: tuple[str, ...], version: str | None) -> Request:
    target = f"/history/{_pinned(version)}/replacements?list={','.join(codes)}"
    return Request("ncit", "replacements", target, tuple(code + SUFFIX for code in codes))


def _code_of(id_: str) -> str:
    return id_.removesuffix(SUFFIX)


# ---------------------------------------------------------------- concepts


def _read_concepts(request: Request, response: Response, version: str | None) -> Answer:
    rows = json_body(response, "concepts by code")
    if not isinstance(rows, list):
        raise PayloadError("the answer is no list of concepts")
    wanted = frozenset(request.ids)
    found: dict[str, bytes] = {}
    foreign = None
    for row in rows:
        code = _checked_code(row, version)
        if code in wanted:
            found.setdefault(code, Body.of(row))
        else:
            foreign = code
    if foreign is not None and wanted - found.keys():
        raise PayloadError(f"the list holds {foreign}, which it was not asked for, and lacks others")
    return Answer(found, absent=wanted - found.keys())


def _read_search(request: Request, response: Response, version: str | None) -> Answer:
    (asked,) = request.ids
    rows: dict[str, bytes] = {_checked_code(row, version): Body.of(row) for row in rows_of_search(response)}
    return Answer(found_by_search(asked, rows))


def _read_concept(request: Request, response: Response, version: str | None, message: str | None) -> Answer:
    (asked,) = request.ids
    if message == f"{asked} not found":
        return Answer(absent=frozenset({asked}))
    concept = json_body(response, f"concept {asked}")
    code = _checked_code(concept, version)
    if code != asked:
        raise PayloadError(f"asked for concept {asked}, got {code}")
    return Answer({code: Body.of(concept)})


def _checked_code(concept: Any, version: str | None) -> str:
    """The code of a concept of the pinned release. Raises PayloadError, ReleaseChanged."""
    code = concept.get("code") if isinstance(concept, dict) else None
    if not isinstance(code, str) or CONCEPT_CODE.fullmatch(code) is None:
        raise PayloadError(f"the answer holds something with the code {str(code)[:40]!r} among its concepts")
    release = concept.get("version")
    if release is not None and not isinstance(release, str):
        raise PayloadError(f"the version of concept {code} is no text")
    _check_release(release, version)
    return code


def _check_release(release: str | None, version: str | None) -> None:
    """A body without a version says nothing against the pinned one."""
    if release and version is not None and release != version:
        raise ReleaseChanged(
            f"this run is pinned to NCI Thesaurus {version}, the service answered from {release}. Start the run again."
        )


# ---------------------------------------------------------------- replacements


def _read_replacements(request: Request, response: Response, version: str | None, message: str | None) -> Answer:
    codes = tuple(map(_code_of, request.ids))
    unknown = next((code for code in codes if message == f"{code} not found"), None)
    if unknown is not None:
        rest = tuple(code for code in codes if code != unknown)
        fault = f"the history of NCI Thesaurus does not know {unknown}: {message}"
        return Answer(faults={unknown + SUFFIX: fault}, more=(_replacements(rest, version),) if rest else ())
    rows = json_body(response, "replacements by code")
    parse_replacements(encoded(rows))
    return Answer({code + SUFFIX: encoded([row for row in rows if row["code"] == code]) for code in codes})


def _made_necessary(id_: str, body: bytes) -> Iterable[str]:
    if id_.startswith(PREFIX):
        return codes_of(body)
    if id_.endswith(SUFFIX):
        own = (row for row in parse_replacements(body) if row.code == _code_of(id_) and row.action != "active")
        return [row.replacement_code for row in own if row.replacement_code is not None]
    if not _says_retired(decoded(body)):
        return []
    concept = parse_concept(body)
    return [concept.code + SUFFIX] if concept.retired else []


def _says_retired(value: Any) -> bool:
    """Does it say what `Concept.retired` looks at? Few concepts do: only those are worth parsing here."""
    return isinstance(value, dict) and (value.get("active") is False or value.get("conceptStatus") == "Retired_Concept")


# ---------------------------------------------------------------- both


def _message_of_404(response: Response, version: str | None) -> str | None:
    """The message of a 404 in the service's own form, None for any other answer.

    An unknown terminology means that every code would look unknown: the pinned release is gone, so the run stops.
    Raises ReleaseChanged then, or PayloadError where no release is pinned.
    """
    if response.status != 404 or "json" not in response.content_type:
        return None
    told = decoded(response.body)
    message = told.get("message") if isinstance(told, dict) else None
    if not isinstance(message, str):
        return None
    if message.startswith(_UNKNOWN_TERMINOLOGY):
        if version is None:
            refuse(response, "NCI Thesaurus")
        raise ReleaseChanged(
            f"this run is pinned to NCI Thesaurus {version}, which the service no longer has ({message[:100]}). "
            "Start the run again."
        )
    return message
