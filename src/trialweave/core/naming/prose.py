"""What prose says around a name: had before, led away, ruled out, taken besides, said in passing."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from trialweave.core.naming.stream import Occurrence, Place
from trialweave.core.remembered import PROSE as PROSE_ANSWERS
from trialweave.core.vocabulary.study_words import (
    AFTER_PAST,
    ASIDE,
    AWAY_BEHIND,
    BESIDES,
    BESIDES_BEHIND,
    BESIDES_FIRST,
    BESIDES_IN_TITLES,
    COMPARED,
    COORDINATION,
    FORBIDDEN,
    FORBIDDEN_PAIRS,
    GONE_BEFORE,
    GONE_BEHIND,
    HAD,
    HAD_BEFORE,
    INSTEAD,
    LEADING_AWAY,
    LONG_PAST,
    MEASURED_IN,
    NO_PAST,
    PAST,
    PAST_DISEASE,
)

TOUCHING = frozenset({"", " ", "-", " -", "- "})
"""Between two words that belong together."""

ASIDES: frozenset[Place] = frozenset({"summary", "detailed_description"})
PROSE: frozenset[Place] = ASIDES | {"title", "arm_description", "intervention_description"}
OF_PATIENTS: frozenset[Place] = PROSE | {"arm_label"}
"""Places whose words may speak of what patients had, took or may not take."""

_FOR_EXAMPLE = re.compile(r"\b(?:e g|i e)\b")


class _Before(NamedTuple):
    """What the words before a name say by themselves: the drug was had before, another is meant, it is taken besides.

    `after`: they are as in `after sunitinib discontinuation`, so that the words behind the name decide.
    """

    had: bool
    after: bool
    away: bool
    besides: bool


def in_the_past(occurrence: Occurrence) -> bool:
    """`previously treated with ibrutinib`, `failed imatinib`, `refractory to lenalidomide and bortezomib`."""
    said = _said_before(occurrence.before)
    return said.had or (said.after and GONE_BEHIND.match(" ".join(occurrence.after[:2])) is not None)


@lru_cache(maxsize=PROSE_ANSWERS)
def _said_before(words: tuple[str, ...]) -> _Before:
    """Titles begin alike: `a study of`, `the safety and efficacy of`."""
    before = _before_the_first(words)
    text = " ".join(before)
    *_, first, last = ("", "", *words)
    return _Before(
        had=HAD_BEFORE.search(text) is not None or _had(words, before),
        after=bool(before) and before[-1] in GONE_BEFORE,
        away=INSTEAD.search(text) is not None
        or (last == "without" and first not in COORDINATION and first != "with")
        or last in MEASURED_IN
        or (first, last) in LEADING_AWAY,
        besides=BESIDES.search(text) is not None,
    )


def _had(words: tuple[str, ...], before: tuple[str, ...]) -> bool:
    """Do words before a name, and before the first of several, say that patients had it?"""
    if not PAST.isdisjoint(before[-3:]) or (
        before[-1:] and before[-1] in AFTER_PAST and not PAST_DISEASE.isdisjoint(before[-3:])
    ):
        return True
    pairs = list(pairwise((*words, "")))
    return not HAD.isdisjoint(pairs) or any(one in LONG_PAST and (one, two) not in NO_PAST for one, two in pairs[-6:])


def _before_the_first(before: tuple[str, ...]) -> tuple[str, ...]:
    """The words before the first of several drugs: of `after gefitinib or` the `after`."""
    joined = False
    while before and (before[-1] in COORDINATION or joined):
        joined = before[-1] in ("and", "or")
        before = before[:-1]
    return before


def led_away(occurrence: Occurrence) -> bool:
    """`instead of cisplatin`, `target of rapamycin`, `serum estradiol`, `without cisplatin`, not `with or without`."""
    if occurrence.gap_after.strip() in COMPARED or _said_before(occurrence.before).away:
        return True
    return occurrence.gap_after in TOUCHING and AWAY_BEHIND.match(" ".join(occurrence.after[:5])) is not None


def ruled_out(occurrence: Occurrence) -> bool:
    """`Unlike ibrutinib, ...`, `Concomitant ibrutinib is prohibited`, `ibrutinib is not allowed`."""
    after = occurrence.after[:5]
    return (
        "unlike" in occurrence.before[-2:]
        or not FORBIDDEN.isdisjoint((*occurrence.before[-4:], *after))
        or ("not" in after and not FORBIDDEN_PAIRS.isdisjoint(pairwise(after)))
    )


def beside(occurrence: Occurrence) -> bool:
    """`On stable doses of warfarin`, `rescue morphine`, and in a title `in patients receiving warfarin`.

    A title that begins with it is about it: `Premedication with dexamethasone`.
    """
    before = occurrence.before
    in_title = occurrence.part.place == "title"
    if in_title and (not before or (len(before) < 3 and before[0] in BESIDES_FIRST)):
        return False
    said = _said_before(before)
    return (
        said.besides
        or (occurrence.gap_after in TOUCHING and BESIDES_BEHIND.match(" ".join(occurrence.after[:4])) is not None)
        or (in_title and BESIDES_IN_TITLES.search(" ".join(_before_the_first(before))) is not None)
    )


def in_passing(occurrence: Occurrence) -> bool:
    """`(i.e. Decadron)`, `10 mg of dexamethasone or equivalent allowed`."""
    near = (*occurrence.before, *occurrence.after[:5])
    return not ASIDE.isdisjoint(near) or _FOR_EXAMPLE.search(" ".join(near)) is not None
