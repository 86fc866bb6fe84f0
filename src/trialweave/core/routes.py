"""Which routes a text names, clause by clause, and in which words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from trialweave.core.naming.features import stem_family
from trialweave.core.remembered import NAMES, PROSE
from trialweave.core.text import ONLY_WORDS, fold, half_width
from trialweave.core.vocabulary.routes import (
    ABBREVIATIONS,
    ASIDE,
    BEFORE_GIVING,
    DOSE_CONTEXT,
    EARLIER,
    FIELD_WORDS,
    FORMS,
    GIVEN_AFTER,
    GIVEN_CONTEXT,
    GIVING,
    LED_BY,
    LED_ON,
    NEGATIONS,
    NOT_AFTER_ROUTE,
    NUMERAL_BEFORE,
    PLACES,
    REGIONS,
    ROUTE_WORDS,
    SEMISOLIDS,
    SITES,
)
from trialweave.core.vocabulary.tables import listed

_WORD = re.compile(r"[^\W\d_]\.[^\W\d_](?![^\W_])|[^\W_]+")
_INITIALS = re.compile(r"\.(?<=[^\W\d_]\.)[^\W\d_](?![^\W_])")
"""`i.v.`, `i.v`"""

_PREFIX = re.compile(r"(?:intra|sub)(?<![^\W_]intra)(?<![^\W_]sub)[\W_][^\W_]")

_ABBREVIATED = re.compile(
    r"[IiPpSs](?<!\w.)(?:(?<=[Ii])\.?[VvMm]|(?<=I)[APD]|(?<=[Pp])\.?[Oo]|(?<=[Ss])\.?[CcQq]|(?<=I)VPB?|(?<=S)ubQ)\b"
)
"""`IV`, `i.m.`, `po`, `SubQ`: a pattern that begins with its letters finds nothing fastest."""

_HINTS = sorted(
    {"per os", " vein", "the skin", " muscle", "enteral", *LED_ON}
    | listed("""
    intra oral mouth tablet capsule caplet subcut subq sub-cut topical transderm inhal nebul subretin epidural buccal
    sublingual rectally vaginally arterial cream ointment lotion ophthalmic
    """)
)
_ABBREVIATION = 4
"""Letters of the longest word that stands for a route in short."""

_POSSIBLE = frozenset(
    {"arterial", "po", "iv", "sc", "sq", "im", "ia", "ip", "id"}.union(
        ROUTE_WORDS, LED_BY, LED_ON, (abbreviation.lower() for abbreviation in ABBREVIATIONS)
    )
)
"""Words at which a route may stand, see `_route_at`."""

_REGION_OF = {
    word: REGIONS.get(route, route)
    for word in _POSSIBLE
    for route in (
        ROUTE_WORDS.get(word)
        or FIELD_WORDS.get(word)
        or {a.lower(): route for a, route in ABBREVIATIONS.items()}.get(word)
        or BEFORE_GIVING.get(word.upper())
        or LED_BY[word][0],
    )
}

ENDING_A_CLAUSE = r"(?<=[;\n])|(?<=[.:])(?=\s)(?:(?<=\w\w[.:])|(?<=[)\]]\.)|(?<=\s\d[.:]))"
"""What is true behind the character that ends a clause. Patterns begin with that: nothing else is looked at then."""

CLAUSE_END = re.compile(rf"[;\n.:](?:{ENDING_A_CLAUSE})")


class RouteMention(NamedTuple):
    """A route in one normalised word, the words that name it, and the clause in which they stand, both verbatim."""

    route: str
    words: str
    clause: str
    path: str = ""


def region(route: str) -> str:
    """The route without distinctions that not everybody makes: topical and transdermal are one."""
    return REGIONS.get(route, route)


def is_a_form_of(mention: RouteMention, regions: Collection[str]) -> bool:
    """Is it a dosage form that is given by one of these routes too? Some capsules are inhaled, some tablets melt."""
    return any(region(route) in regions for route in FORMS.get(mention.words.lower(), ()))


def regions_possible(text: str) -> frozenset[str]:
    """The regions of all routes that any part of a text could name, whatever the part is about."""
    return frozenset([_REGION_OF[word] for word in lowered_words(text) if word in _REGION_OF])


_DOTTED = re.compile(r"\b([a-z])\.\s?([a-z])\b\.?", re.IGNORECASE)
_PER_OS = re.compile(r"\bper os\b", re.IGNORECASE)


@lru_cache(maxsize=NAMES)
def field_routes(text: str) -> tuple[str, ...]:
    """The routes in a field that holds nothing else: `Intrathecal, Intracerebroventricular`, `i.v.`, `per os`."""
    plain = _PER_OS.sub("po", _DOTTED.sub(r"\1\2", fold(text)))
    found = (ROUTE_WORDS.get(word) or FIELD_WORDS.get(word) for word in lowered_words(plain))
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
    | `subcutaneous or nodal lesions`              | none: a place                  |
    | `not for oral use`                           | none: denied                   |
    | `after intravenous chemotherapy`             | none: an earlier drug's        |
    | `vaginal tablet`                             | Vaginal                        |
    | `premedication: ... orally`                  | none: goes with the drug       |
    | `infusion`, `injection`                      | none: fits several             |
    """
    return tuple(_routes_in(half_width(text), own))


def _routes_in(text: str, own: frozenset[str]) -> Iterator[RouteMention]:
    if not may_name(text):
        return
    for clause in CLAUSE_END.split(text):
        lowered = lowered_words(clause)
        if _POSSIBLE.isdisjoint(lowered) or not may_name(clause):
            continue
        if not ASIDE.isdisjoint(lowered) and goes_along(lowered, own):
            continue
        words = _verbatim(clause)
        for at, word in enumerate(lowered):
            route = _route_at(words[at], lowered, at) if word in _POSSIBLE else None
            if (
                route is not None
                and NEGATIONS.isdisjoint(lowered[max(0, at - 3) : at])
                and EARLIER.isdisjoint(lowered[max(0, at - 1) : at])
                and _is_given(lowered, at, route, own)
            ):
                yield RouteMention(route, words[at], " ".join(clause.split()))


def goes_along(words: Sequence[str], own: frozenset[str]) -> bool:
    """Do the words of a clause speak of what goes with the drug?

    | words                                                     | go along |
    |-----------------------------------------------------------|----------|
    | `premedication`, `conditioning`, `prior`                  | yes      |
    | `prophylactic zetrafenib`, `conditioning with zetrafenib` | no       |
    """
    return not all(
        not own.isdisjoint(words[at + 1 : at + (3 if words[at + 1 : at + 2] == ["with"] else 2)])
        for at, word in enumerate(words)
        if word in ASIDE
    )


@lru_cache(maxsize=PROSE)
def may_name(text: str) -> bool:
    """Is any word in it that could name a route? Most clauses have none, and are read no further."""
    lowered = text.lower()
    for hint in _HINTS:
        if hint in lowered:
            return True
    return _ABBREVIATED.search(text) is not None


@lru_cache(maxsize=PROSE)
def lowered_words(text: str) -> Sequence[str]:
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
    before = words[at - 1] if at else ""
    if route is not None:
        if word not in FORMS:
            return route
        return ROUTE_WORDS.get(before) or (FIELD_WORDS.get(before, route) if len(before) > _ABBREVIATION else route)
    if word in LED_BY:
        route, leading = LED_BY[word]
        return route if before in leading or " ".join(words[max(0, at - 2) : at]) in leading else None
    after = words[at + 1] if at + 1 < len(words) else ""
    if word in LED_ON:
        route, forms = LED_ON[word]
        return route if after in forms else None
    if word == "arterial":
        return "Intra-arterial" if after in GIVING else None
    if len(word) > _ABBREVIATION:
        return None
    if verbatim in BEFORE_GIVING:
        return BEFORE_GIVING[verbatim] if after in GIVING else None
    route = ABBREVIATIONS.get(verbatim)
    if route is None and word in ("po", "iv", "sc", "sq", "im") and _in_context(before, after):
        route = FIELD_WORDS[word]
    return None if route == "Intravenous" and before in NUMERAL_BEFORE else route


def _in_context(before: str, after: str) -> bool:
    """Does a word of dosing or of giving stand beside an abbreviation: `0.2mg po`, `iv bolus`?"""
    return (
        before.lstrip("0123456789") in DOSE_CONTEXT
        or after in DOSE_CONTEXT
        or before in GIVEN_CONTEXT
        or after in GIVEN_CONTEXT
    )


def _is_given(words: Sequence[str], at: int, route: str, own: frozenset[str]) -> bool:
    """Does the word say how this drug is given, rather than where something lies or how another drug is given?"""
    word = words[at]
    following = words[at + 1 : at + 2]
    if not following:
        return route not in PLACES or word.endswith("ly") or word in SEMISOLIDS
    after = following[0]
    if after in NOT_AFTER_ROUTE or (after == "drug" and words[at + 2 : at + 3] in (["use"], ["user"], ["users"])):
        return False
    if after in ("and", "or") and not SITES.isdisjoint(words[at + 2 : at + 3]):
        return False
    if after in own:
        return True
    if route in PLACES and not word.endswith("ly") and word not in SEMISOLIDS:
        return not GIVING.isdisjoint(words[at + 1 : at + 4])
    if word in ("oral", "intravenous", "subcutaneous", "intramuscular") and after.isalpha():
        return after in GIVEN_AFTER or after in GIVING or after in ROUTE_WORDS
    return stem_family(after) is None
