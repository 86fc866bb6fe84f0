"""The two kinds of id: parse, repair what is safe to repair, refuse the rest.

Repaired: outer and zero-width space, case, full-width letters and digits, `NCIT:` / `ncit_` prefixes, a study or
concept URL.
Never: inner space, added or dropped digits (DESIGN 5.1). A wrong id that is "repaired" into another valid id is worse
than a refused one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NCT_ID = re.compile(r"NCT[0-9]{8}")
CONCEPT_CODE = re.compile(r"C[1-9][0-9]*")

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_STUDY_URL = re.compile(
    r"(?:https?://)?(?:www\.)?clinicaltrials\.gov/(?:ct2/show/|show/|study/|api/v2/studies/)?(NCT[^/?#]*)/?(?:[?#].*)?",
    re.IGNORECASE,
)
_CONCEPT_URL = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)*(?:nci\.nih\.gov|cancer\.gov|obolibrary\.org|bioregistry\.io)/\S*?(C[0-9]+)/?(?:[?#].*)?",
    re.IGNORECASE,
)
_CONCEPT_PREFIX = re.compile(r"NCIT[:_]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GivenId:
    """A usable id. `raw` is what stood in the record; `repaired` says that the two differ by more than outer space."""

    id: str
    raw: str

    @property
    def repaired(self) -> bool:
        return self.id != self.raw.strip()


@dataclass(frozen=True, slots=True)
class InvalidId:
    """Text that is no id of its kind, with the reason in words for a person."""

    raw: str
    reason: str


ParsedId = GivenId | InvalidId


def parse_nct_id(raw: str) -> ParsedId:
    """Read a ClinicalTrials.gov study id: `NCT` and eight digits."""
    if NCT_ID.fullmatch(raw):
        return GivenId(raw, raw)
    text = _visible(raw)
    if (url := _STUDY_URL.fullmatch(text)) is not None:
        text = url[1]
    candidate = text.upper()
    if NCT_ID.fullmatch(candidate):
        return GivenId(candidate, raw)
    return InvalidId(raw, _why_not_nct(candidate))


def parse_concept_code(raw: str) -> ParsedId:
    """Read an NCI Thesaurus concept code: `C` and digits that do not start with a zero."""
    if CONCEPT_CODE.fullmatch(raw):
        return GivenId(raw, raw)
    text = _visible(raw)
    if (url := _CONCEPT_URL.fullmatch(text)) is not None:
        text = url[1]
    candidate = _CONCEPT_PREFIX.sub("", text, count=1).upper()
    if CONCEPT_CODE.fullmatch(candidate):
        return GivenId(candidate, raw)
    return InvalidId(raw, "an NCI Thesaurus code is the letter C followed by digits, such as C1647")


def _visible(raw: str) -> str:
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", raw)).strip()


def _why_not_nct(candidate: str) -> str:
    if re.search(r"\s", candidate):
        return "there is a space inside the id"
    if candidate.startswith("NCT") and candidate[3:].isdigit():
        return f"a study id has eight digits after NCT, this one has {len(candidate) - 3}"
    return "a study id is NCT followed by eight digits, such as NCT06254807"
