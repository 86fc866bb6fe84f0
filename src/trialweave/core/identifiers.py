"""The two kinds of id: parse, repair what is safe to repair, refuse the rest.

Repaired: outer and zero-width space, case, full-width letters and digits, `NCIT:` / `ncit_` prefixes, a study or
concept URL. Never: inner space, added or dropped digits (DESIGN 5.1). A wrong id that is "repaired" into another valid
id is worse than a refused one: of a URL only a whole path step, `code=` parameter or fragment counts, and only at hosts
and under paths that speak of studies or of NCI Thesaurus (the Metathesaurus has codes of the same shape).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from trialweave.core.remembered import IDS

NCT_ID = re.compile(r"NCT[0-9]{8}")
CONCEPT_CODE = re.compile(r"C[1-9][0-9]*")

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_URL = re.compile(r"(?:https?://|www\.|(?:classic\.|beta\.)?clinicaltrials\.gov/)\S+", re.IGNORECASE)
_STUDY_HOST = "clinicaltrials.gov"
_CONCEPT_HOSTS = ("nci.nih.gov", "cancer.gov", "obolibrary.org", "bioregistry.io", "identifiers.org")
_THESAURUS = re.compile(r"nci_?t(?![a-z])|nci_?thesaurus|thesaurus\.owl|ncithesaurus", re.IGNORECASE)
_CONCEPT_PREFIX = re.compile(r"NCIT[:_]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GivenId:
    """A usable id. `raw` is what stood in the record."""

    id: str
    raw: str


@dataclass(frozen=True, slots=True)
class InvalidId:
    """Text that is no id of its kind, with the reason in words for a person."""

    raw: str
    reason: str


ParsedId = GivenId | InvalidId


@lru_cache(maxsize=IDS)
def parse_nct_id(raw: str) -> ParsedId:
    """Read a ClinicalTrials.gov study id: `NCT` and eight digits."""
    if NCT_ID.fullmatch(raw):
        return GivenId(raw, raw)
    text = _visible(raw)
    candidates = {step.upper() for step in _study_steps(text)} if _URL.fullmatch(text) else {text.upper()}
    named = sorted(filter(NCT_ID.fullmatch, candidates))
    if len(named) == 1:
        return GivenId(named[0], raw)
    return InvalidId(raw, _why_not_nct(text.upper()))


@lru_cache(maxsize=IDS)
def parse_concept_code(raw: str) -> ParsedId:
    """Read an NCI Thesaurus concept code: `C` and digits that do not start with a zero."""
    if CONCEPT_CODE.fullmatch(raw):
        return GivenId(raw, raw)
    text = _visible(raw)
    steps = _concept_steps(text) if _URL.fullmatch(text) else iter([text])
    named = sorted({code for step in steps if CONCEPT_CODE.fullmatch(code := _CONCEPT_PREFIX.sub("", step).upper())})
    if len(named) == 1:
        return GivenId(named[0], raw)
    return InvalidId(raw, "an NCI Thesaurus code is the letter C followed by digits, such as C1647")


PARSERS: Mapping[str, Callable[[str], ParsedId]] = {
    "nct_id_drug_ref": parse_nct_id,
    "nci_thesaurus_concept_id": parse_concept_code,
}
"""The fields that are links, each with what reads its ids."""


def _visible(raw: str) -> str:
    return _INVISIBLE.sub("", raw).translate(_FULL_WIDTH).strip()


def _study_steps(url: str) -> Iterator[str]:
    """The parts of a URL that may be a study id."""
    host, path, _ = _parts(url)
    if host == _STUDY_HOST or host.endswith(f".{_STUDY_HOST}"):
        yield from path.split("/")


def _concept_steps(url: str) -> Iterator[str]:
    """The parts of a URL that may be a concept code."""
    host, path, rest = _parts(url)
    if not any(host == known or host.endswith(f".{known}") for known in _CONCEPT_HOSTS):
        return
    if _THESAURUS.search(url) is None or re.search("ncim|metathesaurus", url, re.IGNORECASE):
        return
    yield path.rstrip("/").rpartition("/")[2]
    yield from parse_qs(rest.partition("#")[0]).get("code", ())
    yield rest.partition("#")[2]


def _parts(url: str) -> tuple[str, str, str]:
    """Host, path, and query with fragment."""
    try:
        split = urlsplit(url if "//" in url else f"//{url}")
    except ValueError:
        return "", "", ""
    return (split.hostname or "").lower(), unquote(split.path), f"{split.query}#{split.fragment}"


def _why_not_nct(candidate: str) -> str:
    if re.search(r"\s", candidate):
        return "there is a space inside the id"
    if candidate.startswith("NCT") and candidate[3:].isdigit():
        return f"a study id has eight digits after NCT, this one has {len(candidate) - 3}"
    return "a study id is NCT followed by eight digits, such as NCT06254807"
