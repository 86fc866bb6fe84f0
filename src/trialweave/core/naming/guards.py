"""When a name that was met does not count: placebo, part of another drug's name, short capitals in prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from trialweave.core.naming.features import features
from trialweave.core.naming.names import Name
from trialweave.core.naming.stream import Occurrence
from trialweave.core.text import squash
from trialweave.core.vocabulary.qualifiers import NOT_AFTER, NOT_BEFORE, ORIGIN_WORDS
from trialweave.core.vocabulary.stems import PAYLOADS
from trialweave.core.vocabulary.study_words import ASIDE, LONG_PAST, PAST, PLACEBO_LINK

_SEPARATORS = re.compile(r"[\s/-]+")
_TOUCHING = frozenset({"", " ", "-", " -", "- "})
_DIGITS = re.compile(r"\d+")
_FOR_EXAMPLE = re.compile(r"\b(?:e g|i e)\b")
_ASIDES = frozenset({"summary", "detailed_description"})
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
    | words run together | `stage IV or` for the brand Ivor |
    | origin | `allogeneic ABC cells` for the name `Autologous ABC Cells` |
    | different digits | `therapy for 4-6 weeks` for the code FOR46 |
    | capitals | `nivo` for the abbreviation NIVO, `impact` for a brand |
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
    if not _same_digits(squash(occurrence.text), occurrence.text, name):
        return "different digits"
    if name.key.isalpha() and len(occurrence.text.split()) > len(_SEPARATORS.split(name.text.strip())):
        return "words run together"
    if _other_origin(occurrence, name):
        return "another origin"
    if name.cased and not occurrence.text.isupper():
        return "not in capitals"
    if name.brand and occurrence.text.islower() and occurrence.part.place in _PROSE:
        return "a plain word"
    if len(name.key) == 3 and not occurrence.whole:
        return "too short"
    if occurrence.part.place in _PROSE and _in_the_past(occurrence):
        return "given before the study"
    if occurrence.part.place in _ASIDES and _in_passing(occurrence):
        return "said in passing"
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


def _same_digits(key: str, met: str, name: Name) -> bool:
    """Numbers are met as they are written, or in one piece: FOR46 is not `for 4-6`."""
    digits = _DIGITS.findall(met)
    return digits == _DIGITS.findall(key) or "/".join(digits) in "/".join(_DIGITS.findall(name.text))


def _other_origin(occurrence: Occurrence, name: Name) -> bool:
    said = ORIGIN_WORDS.get(occurrence.before[-1]) if occurrence.before else None
    own = features(name.text).origins
    return said is not None and bool(own) and said not in own


def _in_passing(occurrence: Occurrence) -> bool:
    near = (*occurrence.before, *occurrence.after[:5])
    return not ASIDE.isdisjoint(near) or _FOR_EXAMPLE.search(" ".join(near)) is not None


def _in_the_past(occurrence: Occurrence) -> bool:
    return bool(PAST & set(occurrence.before[-3:]) or LONG_PAST & set(occurrence.before[-6:]))
