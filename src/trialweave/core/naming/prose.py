"""What prose says around a name: had before, led away, ruled out, taken besides, said in passing."""

from __future__ import annotations

import re
from itertools import pairwise

from trialweave.core.naming.stream import Occurrence
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

ASIDES = frozenset({"summary", "detailed_description"})
_PROSE = ASIDES | {"title", "arm_description", "intervention_description"}
_OF_PATIENTS = _PROSE | {"arm_label"}
_FOR_EXAMPLE = re.compile(r"\b(?:e g|i e)\b")


def in_the_past(occurrence: Occurrence) -> bool:
    """`previously treated with ibrutinib`, `failed imatinib`, `refractory to lenalidomide and bortezomib`."""
    if occurrence.part.place not in _OF_PATIENTS:
        return False
    before = _before_the_first(occurrence.before)
    if HAD_BEFORE.search(" ".join(before)) is not None:
        return True
    if before[-1:] and before[-1] in GONE_BEFORE and GONE_BEHIND.match(" ".join(occurrence.after[:2])):
        return True
    if not PAST.isdisjoint(before[-3:]) or (
        before[-1:] and before[-1] in AFTER_PAST and not PAST_DISEASE.isdisjoint(before[-3:])
    ):
        return True
    pairs = list(pairwise((*occurrence.before, "")))
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
    if occurrence.part.place not in _OF_PATIENTS:
        return False
    if occurrence.gap_after.strip() in COMPARED:
        return True
    if INSTEAD.search(" ".join(_before_the_first(occurrence.before))) is not None:
        return True
    if occurrence.gap_after in TOUCHING and AWAY_BEHIND.match(" ".join(occurrence.after[:5])) is not None:
        return True
    *_, first, last = ("", "", *occurrence.before)
    if last == "without":
        return first not in COORDINATION and first != "with"
    return last in MEASURED_IN or (first, last) in LEADING_AWAY


def ruled_out(occurrence: Occurrence) -> bool:
    """`Unlike ibrutinib, ...`, `Concomitant ibrutinib is prohibited`, `ibrutinib is not allowed`."""
    if occurrence.part.place not in _PROSE:
        return False
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
    in_title = occurrence.part.place == "title"
    first = not occurrence.before or (len(occurrence.before) < 3 and occurrence.before[0] in BESIDES_FIRST)
    if occurrence.part.place not in _PROSE or (in_title and first):
        return False
    before = " ".join(_before_the_first(occurrence.before))
    return (
        BESIDES.search(before) is not None
        or (occurrence.gap_after in TOUCHING and BESIDES_BEHIND.match(" ".join(occurrence.after[:4])) is not None)
        or (in_title and BESIDES_IN_TITLES.search(before) is not None)
    )


def in_passing(occurrence: Occurrence) -> bool:
    if occurrence.part.place not in ASIDES:
        return False
    near = (*occurrence.before, *occurrence.after[:5])
    return not ASIDE.isdisjoint(near) or _FOR_EXAMPLE.search(" ".join(near)) is not None
