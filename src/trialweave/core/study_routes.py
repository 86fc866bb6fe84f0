"""By which routes a study gives one drug: read at clause level, never at study level.

A study-level check is worthless: 35 % of studies name two routes or more somewhere (conflicts.md section 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from trialweave.core.naming import Hit
from trialweave.core.naming.codes import codes_in
from trialweave.core.naming.features import stem_family
from trialweave.core.naming.names import is_generic
from trialweave.core.naming.tokens import ANY_DIGIT
from trialweave.core.pointers import below
from trialweave.core.remembered import LAST, PROSE
from trialweave.core.routes import (
    CLAUSE_END,
    ENDING_A_CLAUSE,
    RouteMention,
    goes_along,
    is_a_form_of,
    lowered_words,
    may_name,
    region,
    routes_in,
)
from trialweave.core.study import Study
from trialweave.core.text import fold
from trialweave.core.vocabulary.classes import DRUG_GROUPS
from trialweave.core.vocabulary.routes import (
    BEFORE_ITS_ROUTE,
    COMBINING,
    LOCAL_FORMS,
    NO_DRUG,
    NOT_AFTER_ROUTE,
    OPENING_ROUTES,
    ROUTE_WORDS,
)

_CONTINUED = (
    r"\d|administered|given|infused|injected|taken|dosed|at\b|on\b|over\b|once|twice|daily|every|by\b|via\b|iv\b|po\b"
    r"|sc\b|im\b|i\.v|p\.o|s\.c|intra|oral|sub-?cut"
)
_ITS_PLACEBO = r"\s+(?:(?:\w+-)?(?:match|identical|correspond)\w*\s+)?placebo\b"
"""Behind an `or`: `ABC-123 or matching placebo subcutaneously`: what is said of both is said of the drug."""

_PIECE_END = re.compile(
    rf"[;\n.:+,\s](?:{ENDING_A_CLAUSE}|(?<=\+)"
    rf"|(?<=\s)(?:and|plus|then|with|or(?!{_ITS_PLACEBO})|vs\.?|versus|followed\s+by|in\s+combination)\s"
    rf"|(?<=,)(?!\s*(?:and\s+)?(?:{_CONTINUED})))",
    re.IGNORECASE,
)
_PLACEBO_TOO = re.compile(rf"\bor{_ITS_PLACEBO}")
_LABEL_END = re.compile(
    r"[\s)\]]*(?:\(?\d[\d.,/\s-]{0,20}(?:mg|mcg|g|ug|iu|ml|units?)[\w/^]{0,8}\)?)?\s*", re.IGNORECASE
)
"""Between a drug and the colon that makes a label of it: nothing, or a dose."""

_BEARING = ("intervention", "other_name")
_NAMED_IN = (*_BEARING, "intervention_description")
_DOSED = re.compile(
    r"([^\W\d_][\w-]{4,60})(?:\s{1,3}\([^()]{0,200}\))?[:,]?\s{1,3}(?:at\s{1,3})?\(?"
    r"\d[\d.,]{0,30}(?:\s?(?:-|to)\s?\d[\d.,]{0,30})?\s?"
    r"(?:mg|mcg|g|ug|\N{MICRO SIGN}g|iu|ml|auc)\b",
    re.IGNORECASE,
)
"""A word and the dose behind it: mostly a drug."""


@lru_cache(maxsize=PROSE)
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(_PIECE_END.split(text))


def routes_of_drug(hits: Iterable[Hit], study: Study) -> tuple[RouteMention, ...]:
    """The routes by which a study gives the drug that the hits name; each region once, the first mention of it.

    Read are the name of its interventions, what their descriptions say of it, and in descriptions and labels of arms
    the piece between two drugs that names it.
    """
    listed_hits = [hit for hit in hits if not hit.placebo and hit.owner is not None]
    own = frozenset(word for text in {hit.matched for hit in listed_hits} for word in lowered_words(text))
    found = _first_of_each(_texts_of_drug(listed_hits, own, study), own)
    if not found:
        found = _first_of_each(_texts_of_its_arms(listed_hits, own, study), own)
    return tuple(found.values() if len(found) < 2 else _without_forms(found))


def _first_of_each(texts: Iterable[tuple[str, str]], own: frozenset[str]) -> dict[str, RouteMention]:
    """The first mention of each region in texts with their paths."""
    found: dict[str, RouteMention] = {}
    for path, text in dict.fromkeys(texts):
        for mention in routes_in(text, own) if may_name(text) else ():
            found.setdefault(region(mention.route), mention._replace(path=path))
    return found


def _texts_of_its_arms(hits: Iterable[Hit], own: frozenset[str], study: Study) -> Iterator[tuple[str, str]]:
    """What the descriptions of arms in which the drug alone is given say of it, though they do not name it."""
    bearing = {study.interventions[hit.owner].name for hit in hits if hit.owner is not None and hit.place in _BEARING}
    for arm in study.arms:
        told, given = arm.description, arm.interventions
        if told is None or not 0 < len(given) <= len(bearing) or not may_name(told.text):
            continue
        if bearing.issuperset(given):
            for text in _of_own(told.text, own, ()):
                yield told.path, text


def _without_forms(found: Mapping[str, RouteMention]) -> Iterator[RouteMention]:
    """Inhalation capsules are inhaled: a form tells no route where another is told by which some of it are given."""
    return (mention for mention in found.values() if not is_a_form_of(mention, found))


def _texts_of_drug(hits: Iterable[Hit], own: frozenset[str], study: Study) -> Iterator[tuple[str, str]]:
    """What interventions and arms say of the drug, each text with its path; what cannot name a route is left out."""
    read: set[int] = set()
    for hit in hits:
        if hit.owner is None:
            continue
        if hit.place in _NAMED_IN and hit.owner not in read:
            read.add(hit.owner)
            item = study.interventions[hit.owner]
            bears = hit.place != "intervention_description"
            if bears or is_generic(item.name):
                yield below(item.path, "name"), item.name
            if item.description is not None and may_name(item.description.text):
                partners = [other.name.casefold() for other in study.interventions if other is not item]
                for text in _of_own(item.description.text, own, partners, begins_own=bears):
                    yield item.description.path, text
        elif hit.place in ("arm_label", "arm_description"):
            arm = study.arms[hit.owner]
            named = arm.label if hit.place == "arm_label" else arm.description.text if arm.description else ""
            if may_name(named):
                for piece in _pieces_of_arm(named, hit.matched):
                    yield hit.path, piece


def _pieces_of_arm(text: str, matched: str) -> Iterator[str]:
    """What the text of an arm says of the drug that is `matched` in it.

    | text                                          | read             |
    |-----------------------------------------------|------------------|
    | `sunitinib orally and docetaxel IV`           | the drug's piece |
    | `Sunitinib: 50 mg orally. Docetaxel: IV`      | and what its label leads to |
    """
    led = False
    for piece in _pieces(text):
        named = matched in piece
        if named or (led and piece.strip()):
            yield piece
        led = named and f"{piece}:" in text and _LABEL_END.fullmatch(piece.rpartition(matched)[2]) is not None


def _of_own(
    description: str, own: frozenset[str], partners: Sequence[str], *, begins_own: bool = True
) -> Iterator[str]:
    """What an intervention's description says of the drug itself.

    A piece that names no drug goes on about the one before it, at first about the intervention's own, where the drug is
    that: `begins_own`. What follows the last clause that could name a route is left out.

    | clause                                                | read             |
    |-------------------------------------------------------|------------------|
    | `8 mg/kg IV every 3 weeks`                            | whole            |
    | `Acetaminophen 650 mg by mouth before each dose`      | no               |
    | `trastuzumab 6 mg/kg IV, capecitabine 1000 mg orally` | the drug's piece |
    | `100 mg in combination with metformin tablets`        | all but the last |
    | `TAGRISSO 40 mg tablets`, where it begins             | whole: its brand |
    | `ABC-123 6 mg/kg IV plus osimertinib`, the same       | the drug's piece |
    """
    is_own = begins_own
    begins = True
    clauses = CLAUSE_END.split(description)
    while clauses and not may_name(clauses[-1]):
        clauses.pop()
    for clause in clauses:
        kept: list[str] = []
        pieces = _pieces(clause)
        words = [lowered_words(piece) for piece in pieces]
        begins = begins and (len(pieces) == 1 or all(map(own.isdisjoint, words)))
        beside = False
        for at, (piece, lowered) in enumerate(zip(pieces, words, strict=True)):
            if not own.isdisjoint(lowered):
                is_own, beside = True, False
            elif (partners and _names(piece, partners)) or (not begins and _names_a_drug(piece, lowered)):
                is_own = False
            if at and not beside:
                beside = _is_led_to(words[at - 1], lowered, own)
            begins = begins and not lowered
            if is_own and not beside:
                kept.append(piece)
        if len(kept) == len(pieces):
            yield clause
        elif not goes_along(lowered_words(clause), own):
            yield from kept


def _is_led_to(before: Sequence[str], piece: Sequence[str], own: frozenset[str]) -> bool:
    """Does `in combination with` lead from the one piece to the next, which names another drug?"""
    led = (before and before[-1] in COMBINING) or (piece and piece[0] == "with")
    return bool(led) and own.isdisjoint(piece)


@lru_cache(maxsize=LAST)
def routes_of_own(description: str, own: frozenset[str]) -> tuple[RouteMention, ...]:
    """The routes that a record's description gives to its drug, not to what is given besides: `plus IV docetaxel`."""
    texts = filter(may_name, _of_own(description, own, ()))
    told = tuple(mention for text in texts for mention in routes_in(text, own))
    opening = opening_route(description, own)
    return told if opening is None else (opening, *told)


def opening_route(description: str, own: frozenset[str]) -> RouteMention | None:
    """The route by which a description opens: it says what its product is.

    | description                                            | route |
    |--------------------------------------------------------|-------|
    | `Oral EGFR inhibitor`, `A potent, oral EGFR inhibitor` | Oral  |
    | `Oral mucositis is ...`, `Oral dexamethasone 8 mg`     | none  |
    """
    clause = CLAUSE_END.split(description, maxsplit=1)[0]
    words = lowered_words(clause)
    at = next((at for at, word in enumerate(words) if word not in BEFORE_ITS_ROUTE), len(words))
    if at + 1 >= len(words) or words[at] not in OPENING_ROUTES:
        return None
    after = words[at + 1]
    if after not in own and (
        after in NOT_AFTER_ROUTE | LOCAL_FORMS or after in DRUG_GROUPS or stem_family(after) is not None
    ):
        return None
    said = re.search(words[at], clause, re.IGNORECASE)  # `sub-cutaneous` is read as one word
    return RouteMention(ROUTE_WORDS[words[at]], said[0] if said else words[at], " ".join(clause.split()))


def _names(piece: str, partners: Sequence[str]) -> bool:
    """Does a piece name one of these drugs, which are given in small letters?"""
    folded = piece.casefold()
    if "placebo" in folded:
        folded = _PLACEBO_TOO.sub("", folded)
    return any(partner in folded for partner in partners)


def _names_a_drug(piece: str, lowered: Sequence[str]) -> bool:
    """A nonproprietary name, a code, a group of drugs, or a word with a dose behind it.

    Where a description begins it is the drug's brand.
    """
    if any(map(stem_family, lowered)) or not DRUG_GROUPS.isdisjoint(lowered):
        return True
    folded = fold(piece)
    if ANY_DIGIT.search(folded) is None:
        return False
    if any(" " not in code[0] for code in codes_in(folded)):
        return True
    dosed = (match[1].lower() for match in _DOSED.finditer(piece))
    return any(word not in NO_DRUG and word not in ROUTE_WORDS for word in dosed)
