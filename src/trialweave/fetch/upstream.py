"""How both services answer, quirks and all, over any set of payloads: for replay folders and for the stand-in in tests.

Each quirk stands in clinicaltrials-gov-api sections 2 to 6 or nci-evs-api sections 1 to 7: aliases answered under the
canonical id, unknown ids dropped, one malformed id that sinks a batch, ten studies a page unless asked otherwise, a
redirect that loses its query, an order that is not the one asked for, errors as plain text or as JSON.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from trialweave.core.text import fold, word_list
from trialweave.sources.projection import UnknownField, project

_NCT = re.compile(r"NCT0*([1-9][0-9]{0,7})", re.IGNORECASE)
_URL_LIMIT = 8_190
_EVS_SOFT_LIMIT = 8_000
_MAX_CODES = 1000
_PARAMETERS = frozenset(
    {"filter.ids", "fields", "pageSize", "pageToken", "countTotal", "format", "markupFormat", "sort"}
)
_INCLUDES: Mapping[str, tuple[str, ...]] = {"summary": ("synonyms", "definitions", "properties")}
_JSON = "application/json"
_TEXT = "text/plain; charset=UTF-8"


class Holdings(Protocol):
    """The payloads behind the services."""

    def studies_held(self) -> Sequence[str]:
        """The canonical ids of all studies."""
        ...

    def study(self, nct_id: str) -> bytes | None:
        """A study under its canonical id."""
        ...

    def canonical(self, nct_id: str) -> str | None:
        """The canonical id of a study, asked by that or by an alias."""
        ...

    def concept(self, code: str, release: str) -> bytes | None: ...
    def replacements(self, code: str) -> bytes | None:
        """Replacement rows, where the history has any for the code."""
        ...

    def named(self, key: str) -> Sequence[str]:
        """The codes of the concepts, retired ones too, of which a name has this `match_key`, in order."""
        ...

    def data_timestamp(self) -> str: ...
    def releases(self) -> Sequence[str]:
        """The NCIt releases that are loaded, the newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


# ---------------------------------------------------------------- ClinicalTrials.gov


def answer_ctgov(holdings: Holdings, target: str) -> Reply:
    """The answer of ClinicalTrials.gov to a path below its base address, with the query."""
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if len(target) > _URL_LIMIT:
        return _html(414, "Request-URI Too Large")
    match parts.path.strip("/").split("/"):
        case ["version"]:
            return _json(200, {"apiVersion": "2.0.5", "dataTimestamp": holdings.data_timestamp()})
        case ["studies"]:
            return _studies(holdings, query)
        case ["studies", nct_id]:
            return _study(holdings, nct_id, query)
        case _:
            return _html(404, "Not Found")


def _studies(holdings: Holdings, query: Mapping[str, str]) -> Reply:
    for name in query:
        if name not in _PARAMETERS:
            return _text(400, f"`{name}` is unknown parameter")
    ids = []
    for number, item in enumerate(re.split(r"[,|]", query["filter.ids"]) if "filter.ids" in query else (), 1):
        if (given := _NCT.fullmatch(item)) is None:
            return _text(400, f"Item {number} in parameter `filter.ids` has incorrect format")
        ids.append(f"NCT{given[1]:0>8}")
    canonical = {found for id_ in ids if (found := holdings.canonical(id_)) is not None}
    rows = sorted(canonical if "filter.ids" in query else holdings.studies_held(), reverse=True)
    size = min(int(query.get("pageSize") or 0) or 10, 1000)
    start = _offset(query.get("pageToken"))
    page = rows[start : start + size]
    try:
        studies = [project(body, query.get("fields")) for id_ in page if (body := holdings.study(id_)) is not None]
    except UnknownField as error:
        return _text(400, f"Parameter 'fields' contains invalid field name: '{error}'")
    tail = b""
    if start + size < len(rows):
        tail += b',"nextPageToken":"' + base64.urlsafe_b64encode(b"page %d" % (start + size)) + b'"'
    if query.get("countTotal") == "true" and start == 0:
        tail += b',"totalCount":%d' % len(rows)
    return Reply(200, _JSON, b'{"studies":[' + b",".join(studies) + b"]" + tail + b"}")


def _study(holdings: Holdings, asked: str, query: Mapping[str, str]) -> Reply:
    given = _NCT.fullmatch(asked)
    if given is None:
        return _text(400, "Parameter `nctId` has incorrect format")
    nct_id = f"NCT{given[1]:0>8}"
    canonical = holdings.canonical(nct_id)
    if canonical is None or (body := holdings.study(canonical)) is None:
        return _text(404, f"NCT number {nct_id} not found")
    if canonical != nct_id:
        return Reply(301, _TEXT, b"", {"Location": f"/api/v2/studies/{canonical}"})
    try:
        return Reply(200, _JSON, project(body, query.get("fields")))
    except UnknownField as error:
        return _text(400, f"Parameter 'fields' contains invalid field name: '{error}'")


def _offset(token: str | None) -> int:
    try:
        return int(base64.urlsafe_b64decode(token or "").removeprefix(b"page ") or 0)
    except (ValueError, binascii.Error):
        return 0


# ---------------------------------------------------------------- NCI EVS


def answer_evs(holdings: Holdings, target: str) -> Reply:
    """The answer of the EVS REST API to a path below its base address, with the query."""
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if len(target) > _URL_LIMIT:
        return _html(414, "URI Too Long")
    if len(target) > _EVS_SOFT_LIMIT:
        return _html(400, "Bad Request")
    codes = query.get("list", "").split(",")
    match parts.path.strip("/").split("/"):
        case ["metadata", "terminologies"]:
            return _terminologies(holdings, query)
        case ["concept", terminology]:
            return _released(
                holdings, terminology, parts.path, lambda release: _concepts(holdings, codes, release, parts.path)
            )
        case ["concept", terminology, "search"]:
            return _released(
                holdings, terminology, parts.path, lambda release: _search(holdings, query, release, parts.path)
            )
        case ["concept", terminology, code]:
            return _released(
                holdings, terminology, parts.path, lambda release: _concept(holdings, code, release, parts.path)
            )
        case ["history", terminology, "replacements"]:
            return _released(
                holdings, terminology, parts.path, lambda release: _replacements(holdings, codes, release, parts.path)
            )
        case ["history", terminology, code, "replacements"]:
            return _released(
                holdings, terminology, parts.path, lambda release: _replacements(holdings, [code], release, parts.path)
            )
        case _:
            return _problem(404, f"No static resource api/v1{parts.path}.", parts.path)


def _terminologies(holdings: Holdings, query: Mapping[str, str]) -> Reply:
    releases = holdings.releases()[:1] if query.get("latest") == "true" else holdings.releases()
    rows = [
        {
            "terminology": "ncit",
            "version": release,
            "name": f"NCI Thesaurus {release}",
            "terminologyVersion": f"ncit_{release}",
            "latest": release == holdings.releases()[0],
            "tags": {"monthly": "true"},
        }
        for release in releases
        if query.get("terminology", "ncit") == "ncit"
    ]
    return _json(200, rows)


def _released(holdings: Holdings, terminology: str, path: str, answer: Callable[[str], Reply]) -> Reply:
    """Answer from the release that a path names: `ncit` is the newest, `ncit_26.10d` that one."""
    releases = {"ncit": holdings.releases()[0]} | {f"ncit_{release}": release for release in holdings.releases()}
    if terminology not in releases:
        return _problem(404, f"Terminology not found = {terminology}", path)
    return answer(releases[terminology])


def _concepts(holdings: Holdings, codes: Sequence[str], release: str, path: str) -> Reply:
    if len(codes) > _MAX_CODES:
        message = f"Maximum number of concepts to request at a time is {_MAX_CODES} = {len(codes)}"
        return _problem(400, message, path)
    bodies = [holdings.concept(code, release) for code in sorted(set(codes), reverse=True)]
    return Reply(200, _JSON, b"[ " + b", ".join(body for body in bodies if body is not None) + b" ]")


def _concept(holdings: Holdings, code: str, release: str, path: str) -> Reply:
    body = holdings.concept(code, release)
    return _problem(404, f"{code} not found", path) if body is None else Reply(200, _JSON, body)


def _replacements(holdings: Holdings, codes: Sequence[str], release: str, path: str) -> Reply:
    """One unknown code makes the whole call a 404; a code without history is answered "active", retired or not."""
    rows: list[object] = []
    for code in codes:
        recorded = holdings.replacements(code)
        if recorded is not None:
            rows += json.loads(recorded)
        elif holdings.concept(code, release) is not None:
            rows.append({"code": code, "action": "active"})
        else:
            return _problem(404, f"{code} not found", path)
    return _json(200, rows)


def match_key(name: str) -> str:
    """The form in which the search of type `match` compares names: its words, in lower case."""
    return " ".join(word_list(fold(name)))


def names_of(body: bytes) -> set[str]:
    """The `match_key` of each name of a concept."""
    concept = json.loads(body)
    synonyms = concept.get("synonyms")
    rows = [concept, *(synonyms if isinstance(synonyms, list) else ())]
    names = [row.get("name") for row in rows if isinstance(row, dict)]
    return {match_key(name) for name in names if isinstance(name, str)} - {""}


def _search(holdings: Holdings, query: Mapping[str, str], release: str, path: str) -> Reply:
    """A search of type `match`, the only one that is asked for: any other is refused, as a misspelled one is."""
    kind = query.get("type", "contains")
    if kind != "match":
        return _problem(400, f"Required parameter 'type' has an invalid value = {kind}", path)
    size, start = (int(query.get(name) or default) for name, default in (("pageSize", 10), ("fromRecord", 0)))
    if not 1 <= size <= _MAX_CODES:
        return _problem(400, f"Parameter 'pageSize' must be between 1 and {_MAX_CODES} = {size}", path)
    codes = holdings.named(match_key(query.get("term", "")))
    parameters = {"term": query.get("term", ""), "type": kind, "fromRecord": start, "pageSize": size}
    page: dict[str, object] = {"total": len(codes), "timeTaken": 1, "parameters": parameters}
    bodies = [holdings.concept(code, release) for code in codes[start : start + size]]
    if shown := [_included(body, query.get("include", "minimal")) for body in bodies if body is not None]:
        page["concepts"] = shown
    return _json(200, page)


def _included(body: bytes, include: str) -> dict[str, object]:
    """A concept with the lists that were asked for, and no others."""
    asked = {part for item in include.split(",") for part in _INCLUDES.get(item, (item,))}
    concept = json.loads(body)
    return {k: v for k, v in concept.items() if not isinstance(v, list) or k in asked or "full" in asked}


# ---------------------------------------------------------------- replies


def _json(status: int, value: object) -> Reply:
    return Reply(status, _JSON, json.dumps(value, indent=2, ensure_ascii=False).encode())


def _text(status: int, message: str) -> Reply:
    return Reply(status, _TEXT, message.encode())


def _html(status: int, title: str) -> Reply:
    page = f"<html><head><title>{status} {title}</title></head><body><h1>{status} {title}</h1></body></html>"
    return Reply(status, "text/html", page.encode())


def _problem(status: int, message: str, path: str) -> Reply:
    names = {400: "Bad Request", 404: "Not Found"}
    body = {
        "timestamp": 1778823591352,
        "status": status,
        "error": names[status],
        "message": message,
        "path": f"/api/v1{path}",
    }
    return _json(status, body)
