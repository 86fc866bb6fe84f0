"""Which routes a text names, and by which a study gives one drug: at clause level, never at study level.

A study-level check is worthless: 35 % of studies name two routes or more somewhere (conflicts.md section 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from trialweave.core.models import Study
from trialweave.core.naming import Hit
from trialweave.core.naming.features import stem_family
from trialweave.core.pointers import below
from trialweave.core.remembered import NAMES, PROSE
from trialweave.core.text import ONLY_WORDS
from trialweave.core.vocabulary.routes import (
    ABBREVIATIONS,
    ASIDE,
    DOSE_CONTEXT,
    FIELD_WORDS,
    GIVEN_AFTER,
    GIVING,
    NEGATIONS,
    NO_DRUG,
    NOT_AFTER_ROUTE,
    NUMERAL_BEFORE,
    PLACES,
    REGIONS,
    ROUTE_WORDS,
)
from trialweave.core.vocabulary.tables import listed

_WORD = re.compile(r"[^\W\d_]\.[^\W\d_](?=\.)|[^\W_]+")
_INITIALS = re.compile(r"\.(?<=[^\W\d_]\.)[^\W\d_]\.")
"""`i.v.`"""

_PREFIX = re.compile(r"(?<![^\W_])(?:intra|sub)[\W_][^\W_]")

_ABBREVIATED = re.compile(
    r"[IiPpSs](?<!\w.)(?:(?<=[Ii])\.?[VvMm]|(?<=[Pp])\.?[Oo]|(?<=[Ss])\.?[CcQq]|(?<=I)VPB?|(?<=S)ubQ)\b"
)
"""`IV`, `i.m.`, `po`, `SubQ`: a pattern that begins with its letters finds nothing fastest."""

_HINTS = sorted(
    {"per os"}
    | listed("""
    intra oral mouth tablet capsule caplet subcut subq sub-cut topical transderm inhal nebul subretin epidural buccal
    sublingual rectally vaginally arterial
    """)
)
_POSSIBLE = frozenset(
    {"mouth", "os", "arterial", "po", "iv", "sc", "sq", "im"}.union(
        ROUTE_WORDS, (abbreviation.lower() for abbreviation in ABBREVIATIONS)
    )
)
"""Words at which a route may stand, see `_route_at`."""

_STOP = r"[;\n]|[.:](?=\s)(?:(?<=\w\w[.:])|(?<=[)\]]\.))"
_CLAUSE_END = re.compile(_STOP)
_CONTINUED = (
    r"\d|administered|given|infused|injected|taken|dosed|at\b|on\b|over\b|once|twice|daily|every|by\b|via\b|iv\b|po\b"
    r"|sc\b|im\b|i\.v|p\.o|s\.c|intra|oral|sub-?cut"
)
_PIECE_END = re.compile(
    rf"{_STOP}|\+"
    r"|\s(?:and|plus|then|with|or|vs\.?|versus|followed\s+by|in\s+combination)\s"
    rf"|,(?!\s*(?:and\s+)?(?:{_CONTINUED}))",
    re.IGNORECASE,
)
_NAMED_IN = ("intervention", "other_name", "intervention_description")


class RouteMention(NamedTuple):
    """A route in one normalised word, the words that name it, and the clause in which they stand, both verbatim."""

    route: str
    words: str
    clause: str
    path: str = ""


def region(route: str) -> str:
    """The route without distinctions that not everybody makes: topical and transdermal are one."""
    return REGIONS.get(route, route)


_DOTTED = re.compile(r"\b([a-z])\.\s?([a-z])\b\.?", re.IGNORECASE)
_PER_OS = re.compile(r"\bper os\b", re.IGNORECASE)
_DOSED = re.compile(
    r"([^\W\d_][\w-]{4,60})(?:\s{1,3}\([^()]{0,200}\))?[:,]?\s{1,3}(?:at\s{1,3})?\(?"
    r"\d[\d.,]{0,30}(?:\s?(?:-|to)\s?\d[\d.,]{0,30})?\s?"
    r"(?:mg|mcg|g|ug|\N{MICRO SIGN}g|iu|ml|auc)\b",
    re.IGNORECASE,
)
"""A word and the dose behind it: mostly a drug."""


@lru_cache(maxsize=NAMES)
def field_routes(text: str) -> tuple[str, ...]:
    """The routes in a field that holds nothing else: `Intrathecal, Intracerebroventricular`, `i.v.`, `per os`."""
    plain = _PER_OS.sub("po", _DOTTED.sub(r"\1\2", text))
    found = (ROUTE_WORDS.get(word) or FIELD_WORDS.get(word) for word in _lowered(plain))
    return tuple(dict.fromkeys(route for route in found if route is not None))


@lru_cache(maxsize=PROSE)
def routes_in(text: str, own: frozenset[str] = frozenset()) -> tuple[RouteMention, ...]:
    """Every route that running text gives to the drug whose folded name words are `own`, in the order of the text.

    | words                                        | route                          |
    |----------------------------------------------|--------------------------------|
    | `administered orally`, `100 mg po bid`, `PO` | Oral                           |
    | `IV over 30 minutes`                         | Intravenous                    |
    | `oral mucositis`, `IV fluids`, `stage IV`    | none: another sense            |
    | `oral dexamethasone` where it is not `own`   | none: another drug's           |
    | `intratumoral T cells`                       | none: a place                  |
    | `not for oral use`                           | none: denied                   |
    | `premedication: ... orally`                  | none: goes with the drug       |
    | `infusion`, `injection`                      | none: fits several             |
    """
    return tuple(_routes_in(text, own))


def _routes_in(text: str, own: frozenset[str]) -> Iterator[RouteMention]:
    if not _may_name(text):
        return
    for clause in _CLAUSE_END.split(text):
        lowered = _lowered(clause)
        if _POSSIBLE.isdisjoint(lowered) or not ASIDE.isdisjoint(lowered) or not _may_name(clause):
            continue
        words = _verbatim(clause)
        for at, word in enumerate(lowered):
            route = _route_at(words[at], lowered, at) if word in _POSSIBLE else None
            if (
                route is not None
                and NEGATIONS.isdisjoint(lowered[max(0, at - 3) : at])
                and _is_given(lowered, at, route, own)
            ):
                yield RouteMention(route, words[at], " ".join(clause.split()))


@lru_cache(maxsize=PROSE)
def _may_name(text: str) -> bool:
    """Is any word in it that could name a route? Most clauses have none, and are read no further."""
    lowered = text.lower()
    for hint in _HINTS:
        if hint in lowered:
            return True
    return _ABBREVIATED.search(text) is not None


@lru_cache(maxsize=PROSE)
def _lowered(text: str) -> Sequence[str]:
    """The words in small letters; `intra-tumoral` and `sub-cutaneous` are one."""
    lowered = text.lower()
    if not text.isascii() or _has_a_prefix(lowered):
        return [word for word, _, _ in _placed(text)]
    return _runs(lowered)


def _verbatim(text: str) -> Sequence[str]:
    """The same words as they are written."""
    if _has_a_prefix(text.lower()):
        return [text[start:end] for _, start, end in _placed(text)]
    return _runs(text)


def _has_a_prefix(lowered: str) -> bool:
    """Does a prefix stand apart from its word?"""
    return ("intra" in lowered or "sub" in lowered) and _PREFIX.search(lowered) is not None


def _runs(text: str) -> list[str]:
    """The runs of letters and digits; the dot between two initials is one of them."""
    if text.isascii() and ("." not in text or _INITIALS.search(text) is None):
        return text.translate(ONLY_WORDS).split()
    return _WORD.findall(text)


def _placed(text: str) -> list[tuple[str, int, int]]:
    """The words in small letters with their places."""
    words: list[tuple[str, int, int]] = []
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if words and words[-1][0] in ("intra", "sub") and match.start() - words[-1][2] == 1:
            before, start, _ = words.pop()
            words.append((before + word, start, match.end()))
        else:
            words.append((word, match.start(), match.end()))
    return words


def _route_at(verbatim: str, words: Sequence[str], at: int) -> str | None:
    word = words[at]
    route = ROUTE_WORDS.get(word)
    if route is not None:
        return route
    before = words[at - 1] if at else ""
    if word == "mouth":
        return "Oral" if before == "by" else None
    if word == "os":
        return "Oral" if before == "per" else None
    after = words[at + 1] if at + 1 < len(words) else ""
    if word == "arterial":
        return "Intra-arterial" if after in GIVING else None
    if len(word) > 4:
        return None
    route = ABBREVIATIONS.get(verbatim)
    if route is None and word in ("po", "iv", "sc", "sq", "im") and (before in DOSE_CONTEXT or after in DOSE_CONTEXT):
        route = FIELD_WORDS[word]
    return None if route == "Intravenous" and before in NUMERAL_BEFORE else route


def _is_given(words: Sequence[str], at: int, route: str, own: frozenset[str]) -> bool:
    """Does the word say how this drug is given, rather than where something lies or how another drug is given?"""
    word = words[at]
    following = words[at + 1 : at + 2]
    if not following:
        return route not in PLACES or word.endswith("ly")
    after = following[0]
    if after in NOT_AFTER_ROUTE or (after == "drug" and words[at + 2 : at + 3] in (["use"], ["user"], ["users"])):
        return False
    if after in own:
        return True
    if route in PLACES and not word.endswith("ly"):
        return not GIVING.isdisjoint(words[at + 1 : at + 4])
    if word in ("oral", "intravenous", "subcutaneous", "intramuscular") and after.isalpha():
        return after in GIVEN_AFTER or after in GIVING or after in ROUTE_WORDS
    return stem_family(after) is None


@lru_cache(maxsize=PROSE)
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(_PIECE_END.split(text))


def routes_of_drug(hits: Iterable[Hit], study: Study) -> tuple[RouteMention, ...]:
    """The routes by which a study gives the drug that the hits name; each region once, the first mention of it.

    Read are the name of its interventions, what their descriptions say of it, and in descriptions and labels of arms
    the piece between two drugs that names it.
    """
    listed_hits = [hit for hit in hits if not hit.placebo and hit.owner is not None]
    own = frozenset(word for text in {hit.matched for hit in listed_hits} for word in _lowered(text))
    found: dict[str, RouteMention] = {}
    for path, text in dict.fromkeys(_texts_of_drug(listed_hits, own, study)):
        for mention in routes_in(text, own) if _may_name(text) else ():
            found.setdefault(region(mention.route), mention._replace(path=path))
    return tuple(found.values())


def _texts_of_drug(hits: Iterable[Hit], own: frozenset[str], study: Study) -> Iterator[tuple[str, str]]:
    """What interventions and arms say of the drug, each text with its path; what cannot name a route is left out."""
    read: set[int] = set()
    for hit in hits:
        if hit.owner is None:
            continue
        if hit.place in _NAMED_IN and hit.owner not in read:
            read.add(hit.owner)
            item = study.interventions[hit.owner]
            yield below(item.path, "name"), item.name
            if item.description is not None and _may_name(item.description.text):
                partners = [other.name.casefold() for other in study.interventions if other is not item]
                for text in _of_own(item.description.text, own, partners):
                    yield item.description.path, text
        elif hit.place in ("arm_label", "arm_description"):
            arm = study.arms[hit.owner]
            named = arm.label if hit.place == "arm_label" else arm.description.text if arm.description else ""
            if _may_name(named):
                for piece in _pieces(named):
                    if hit.matched in piece:
                        yield hit.path, piece


def _of_own(description: str, own: frozenset[str], partners: Sequence[str]) -> Iterator[str]:
    """What an intervention's description says of the drug itself.

    A piece that names no drug goes on about the one before it, at first about the intervention's own.

    | clause                                                | read             |
    |-------------------------------------------------------|------------------|
    | `8 mg/kg IV every 3 weeks`                            | whole            |
    | `Acetaminophen 650 mg by mouth before each dose`      | no               |
    | `trastuzumab 6 mg/kg IV, capecitabine 1000 mg orally` | the drug's piece |
    | `TAGRISSO 40 mg tablets`, where it begins             | whole: its brand |
    """
    is_own = begins = True
    for clause in _CLAUSE_END.split(description):
        kept: list[str] = []
        pieces = _pieces(clause)
        for piece in pieces:
            lowered = _lowered(piece)
            if not own.isdisjoint(lowered):
                is_own = True
            elif _names(piece, partners) or (not begins and _names_a_drug(piece, lowered)):
                is_own = False
            begins = begins and not lowered
            if is_own:
                kept.append(piece)
        if len(kept) == len(pieces):
            yield clause
        elif ASIDE.isdisjoint(_lowered(clause)):
            yield from kept


def _names(piece: str, partners: Sequence[str]) -> bool:
    """Does a piece name one of these drugs, which are given in small letters?"""
    folded = piece.casefold()
    return any(partner in folded for partner in partners)


def _names_a_drug(piece: str, lowered: Sequence[str]) -> bool:
    """A nonproprietary name, or a word with a dose behind it. Where a description begins it is the drug's brand."""
    if any(map(stem_family, lowered)):
        return True
    dosed = (match[1].lower() for match in _DOSED.finditer(piece))
    return any(word not in NO_DRUG and word not in ROUTE_WORDS for word in dosed)
