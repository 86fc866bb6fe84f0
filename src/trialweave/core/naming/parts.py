"""A name taken apart: what its brackets hold, and the drugs that it joins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trialweave.core.naming.features import formulations_of, stem_family
from trialweave.core.naming.isotopes import is_isotope
from trialweave.core.naming.tokens import is_class_word, name_tokens
from trialweave.core.remembered import NAMES
from trialweave.core.text import half_width, squash
from trialweave.core.vocabulary.pharmacy import ARM_LABEL, BESIDE_PLACEBO, FORMS, SALTS
from trialweave.core.vocabulary.qualifiers import BOUND_WORDS
from trialweave.core.vocabulary.study_words import BRACKETED, TOGETHER

_BRACKETS = re.compile(r"(?<![Ff])\(([^()]*)\)|\[([^\[\]]*)\]")
"""Not that of `F(ab')2`."""

PLUS = re.compile(
    r"\s\+\s|\splus\s|\s(?:in combination|combined|together|co-?formulated) with\s|\+(?=[A-Za-z]{4})",
    re.IGNORECASE,
)
_AND = re.compile(r"\s(?:and|with|or|versus|vs\.?)\s", re.IGNORECASE)
_BETWEEN = re.compile(rf"[/;]|,(?!(?<=\d,)\d{{3}}(?!\d))|{PLUS.pattern}", re.IGNORECASE)
"""The comma of `CP-690,550` is one of a number."""

_STRENGTHS = re.compile(
    r"(?<=[a-z)])\s\d[\d.]{0,6}(?:\s?/\s?\d[\d.]{0,6}){1,4}(?:\s?[a-z\N{MICRO SIGN}]{1,3})?$", re.IGNORECASE
)
"""One for each drug of a combination: `ezetimibe/simvastatin 10/40 mg`."""


@lru_cache(maxsize=NAMES)
def name_parts(name: str) -> tuple[str, ...]:
    """The whole name, then the text outside its brackets, inside them, and the drugs that either joins.

    `Trastuzumab deruxtecan (T-DXd, DS-8201a)` gives itself, `Trastuzumab deruxtecan`, `T-DXd, DS-8201a`, `T-DXd` and
    `DS-8201a`. Parts without a word of two characters are left out, and so is the first word of `(as zinc sulfate)`.
    What a registry adds to the name of an arm is taken off: `Arm A: sunitinib and placebo` gives `sunitinib` too. The
    numbers of `ezetimibe/simvastatin 10/40` are no parts.
    """
    plain = half_width(name)
    outside = " ".join(_BRACKETS.sub(" ", plain).split())
    inside = [found for match in _BRACKETS.finditer(plain) for found in match.groups() if found]
    parts: dict[str, None] = {}
    bare = BESIDE_PLACEBO.sub("", outside[label.end() if (label := ARM_LABEL.match(outside)) is not None else 0 :])
    split = [part for piece in (outside, bare) for part in (piece, *_drugs_between(piece))]
    split += [part for piece in inside for part in (piece, *_BETWEEN.split(_without_strengths(piece)))]
    for part in (name, *split):
        part = part.strip(" \t\r\n-:.").removeprefix("as ")
        if len(squash(part)) > 1:
            parts[part] = None
    return tuple(parts)


def around_brackets(name: str) -> tuple[str, ...]:
    """The whole name, the text outside its brackets, and what each of them lists: `aflibercept (VEGF Trap, BAY 86)`."""
    plain = half_width(name)
    inside = [found for match in _BRACKETS.finditer(plain) for found in match.groups() if found]
    outside = " ".join(_BRACKETS.sub(" ", plain).split())
    return tuple(dict.fromkeys((name, outside, *(part.strip() for text in inside for part in re.split(r"[,;]", text)))))


@lru_cache(maxsize=NAMES)
def is_combined(name: str) -> bool:
    """Does a name join several things? `Zetrafenib + docetaxel`, not `Zetrafenib (ABC-104)`."""
    return TOGETHER.search(BRACKETED.sub("", half_width(name).casefold())) is not None


def _drugs_between(text: str) -> Iterator[str]:
    """What stands between `/ , ; + plus`, and on both sides of an `and` that joins two nonproprietary names.

    One formulation of both is a drug of its own: `daunorubicin and cytarabine liposome`.
    """
    for piece in _BETWEEN.split(_without_strengths(text)):
        both = _AND.split(piece)
        yield piece
        if len(both) < 2 or formulations_of(name_tokens(piece)):
            continue
        if all(any(map(stem_family, name_tokens(part))) for part in both):
            yield from both


def _without_strengths(text: str) -> str:
    """A combination without the strengths of its drugs, where it names as many of them: not `HPV 16/18`."""
    strengths = _STRENGTHS.search(text) if "/" in text else None
    if strengths is None or len(_BETWEEN.findall(text[: strengths.start()])) != strengths[0].count("/"):
        return text
    return text[: strengths.start()]


def formulations_in_brackets(name: str) -> frozenset[str]:
    """The formulations that a name gives in brackets of their own: `Paclitaxel (albumin-bound)`, `[18F]FES`."""
    inside = (found for match in _BRACKETS.finditer(half_width(name)) for found in match.groups() if found)
    return frozenset(kind for text in inside for kind in only_formulations(text))


def only_a_label(part: str, name: str) -> bool:
    """Is a part of a name nothing but the radioactive label of what the rest of it names: `Fluciclovine (18F)`?

    In `Radioiodine (131I)` the label is the drug, and so it is behind an abbreviation, `RAI (I-131)`, and before the
    formula of its salt: `[201Tl]TlCl`.
    """
    label = name_tokens(part)
    if len(label) != 1 or not is_isotope(label[0]):
        return False
    whole = name_tokens(name)
    rest = [token for token in whole if not (is_class_word(token) or is_isotope(token) or token in SALTS)]
    element = label[0].rstrip("0123456789")
    if rest in ([f"{element}cl"], [f"{element}cl2"], [f"na{element}"]) and element != "f":
        return False
    return bool(rest) and (whole[0] == label[0] or max(map(len, rest)) > 3)


def outside_in(name: str) -> str:
    """What stands in brackets first, then the rest: `Doxorubicin (liposomal)` is `liposomal Doxorubicin`."""
    plain = half_width(name)
    inside = [found for match in _BRACKETS.finditer(plain) for found in match.groups() if found]
    return " ".join((*inside, *_BRACKETS.sub(" ", plain).split()))


def only_formulations(text: str) -> frozenset[str]:
    """The formulations that a text names, if it says nothing else."""
    tokens = name_tokens(text)
    if not all(formulations_of([word]) or word in BOUND_WORDS or word in FORMS for word in tokens):
        return frozenset()
    return formulations_of(tokens)
