"""When a name that was met does not count: placebo, part of another drug's name, short capitals in prose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trialweave.core.naming.names import Name
from trialweave.core.naming.stream import Occurrence
from trialweave.core.vocabulary.qualifiers import NOT_AFTER, NOT_BEFORE
from trialweave.core.vocabulary.stems import PAYLOADS
from trialweave.core.vocabulary.study_words import PAST, PLACEBO_LINK

_TOUCHING = frozenset({"", " ", "-", " -", "- "})
_PROSE = frozenset({"title", "arm_description", "intervention_description", "summary", "detailed_description"})


def counted(occurrences: Iterable[Occurrence], name: Name) -> Iterator[Occurrence]:
    """The occurrences that name this very drug."""
    return (occurrence for occurrence in occurrences if objection(occurrence, name) is None)


def objection(occurrence: Occurrence, name: Name) -> str | None:
    """Why an occurrence does not name the drug, or None.

    | guard | counter-example |
    |---|---|
    | placebo | `Placebo oral tablet to match Venetoclax` |
    | head word before | `PEG-asparaginase`, `liposomal mitoxantrone`, `albumin-bound paclitaxel` |
    | head word behind | `trastuzumab emtansine`, `estrogen receptor`, `paclitaxel trevatide` |
    | longer code | `AMG 70-1`, `ABC-852A` for 852A |
    | capitals | `nivo` for the abbreviation NIVO |
    | patients' past | `previously treated with ibrutinib`, `ibrutinib-resistant` |
    """
    if _imitated(occurrence):
        return "placebo"
    if occurrence.before and _touches(occurrence.gap_before) and occurrence.before[-1] in NOT_BEFORE:
        return f"part of {occurrence.before[-1]} {occurrence.text}"
    if occurrence.after and _touches(occurrence.gap_after):
        following = occurrence.after[0]
        if following in PAYLOADS or following.rstrip("s") in NOT_AFTER:
            return f"part of {occurrence.text} {following}"
        if occurrence.gap_after == "-" and (following[0].isdigit() or len(following) == 1):
            return "part of a longer code"
    if occurrence.gap_before == "-" and occurrence.before and name.key[0].isdigit() and occurrence.before[-1].isalpha():
        return "part of a longer code"
    if name.cased and not occurrence.text.isupper():
        return "not in capitals"
    if len(name.key) == 3 and not occurrence.whole:
        return "too short"
    if occurrence.part.place in _PROSE and _in_the_past(occurrence):
        return "given before the study"
    return None


def _touches(gap: str) -> bool:
    return gap in _TOUCHING


def _imitated(occurrence: Occurrence) -> bool:
    """`placebo matching venetoclax`, `venetoclax placebo`: only linking words stand between."""
    if occurrence.after and occurrence.after[0] == "placebo" and _touches(occurrence.gap_after):
        return True
    for word in reversed(occurrence.before):
        if word == "placebo":
            return occurrence.gap_before.strip() in ("", "-", "(")
        if word not in PLACEBO_LINK:
            return False
    return False


def _in_the_past(occurrence: Occurrence) -> bool:
    return bool(PAST & set(occurrence.before[-3:]))
