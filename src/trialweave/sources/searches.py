"""Names as ids: what a search for a name found is kept, under the release, like any payload.

The id of a name is `name:` and the name in one spelling, percent-encoded, so that it is one id however it was written.
Its payload is the list of codes that a release answers with. Retired concepts come back beside the live ones and are
left out: they own no name (nci-evs-api section 6).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from trialweave.core.text import spelling
from trialweave.errors import PayloadError
from trialweave.sources.base import Response
from trialweave.sources.ncit_payload import parse_concept
from trialweave.sources.payload import decoded, encoded, json_body

PREFIX = "name:"
PAGE = 100
"""Concepts of one answer. The service gives 10 unless asked otherwise; no name is borne by a hundred."""


def name_id(name: str) -> str:
    """The id under which a name is searched for and kept."""
    return PREFIX + quote(spelling(name), safe="", errors="replace")


def search_target(id_: str, terminology: str, include: str) -> str:
    """The concepts of which a name is exactly this, as whole as when they are asked for by code."""
    term = id_.removeprefix(PREFIX)
    return f"/concept/{terminology}/search?term={term}&type=match&include={include}&pageSize={PAGE}"


def rows_of_search(response: Response) -> list[Any]:
    """The rows of a page; a page without any has no key for them. Raises PayloadError, SourceBlocked."""
    page = json_body(response, "a search in NCI Thesaurus")
    rows = page.get("concepts", []) if isinstance(page, dict) else None
    if not isinstance(rows, list):
        raise PayloadError("the answer to a search in NCI Thesaurus is no page of concepts")
    return rows


def found_by_search(id_: str, rows: dict[str, bytes]) -> dict[str, bytes]:
    """The live concepts by code, and their codes under the id of the name. Raises PayloadError."""
    live = {code: body for code, body in rows.items() if not parse_concept(body).retired}
    return {id_: encoded(sorted(live)), **live}


def codes_of(body: bytes) -> list[str]:
    """The codes that a search found. Raises PayloadError."""
    codes = decoded(body)
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise PayloadError("what is kept of a search is no list of codes")
    return codes
