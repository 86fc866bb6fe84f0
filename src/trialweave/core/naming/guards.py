"""When a name that was met does not count: placebo, part of another drug's name, short capitals in prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from trialweave.core.naming.features import features, stem_family
from trialweave.core.naming.names import Name, only_formulations
from trialweave.core.naming.stream import Occurrence, Span, Stream
from trialweave.core.naming.tokens import canonical, is_isotope
from trialweave.core.text import squash
from trialweave.core.vocabulary.pharmacy import SALTS
from trialweave.core.vocabulary.qualifiers import NOT_AFTER, NOT_BEFORE, ORIGIN_WORDS
from trialweave.core.vocabulary.stems import PAYLOADS
from trialweave.core.vocabulary.study_words import ASIDE, FORBIDDEN, FORBIDDEN_PAIRS, LONG_PAST, PAST, PLACEBO_LINK

_SEPARATORS = re.compile(r"[\s/-]+")
_DEUTERIUM = re.compile(r"d\d{1,2}")
_DIGITS = re.compile(r"\d+")
_FOR_EXAMPLE = re.compile(r"\b(?:e g|i e)\b")
_TOUCHING = frozenset({"", " ", "-", " -", "- "})
_LABEL_GAP = frozenset({" ", "-", "]-", ")-", "] ", ") "})
_ASIDES = frozenset({"summary", "detailed_description"})
_PROSE = _ASIDES | {"title", "arm_description", "intervention_description"}


def counted(stream: Stream, places: Iterable[Span], name: Name) -> Iterator[Occurrence]:
    """What stands at those of the places that name this very drug."""
    return (occurrence for occurrence in map(stream.occurrence, places) if objection(occurrence, name) is None)


def objection(occurrence: Occurrence, name: Name) -> str | None:
    """Why an occurrence does not name the drug, or None.

    | guard | counter-example |
    |---|---|
    | placebo | `Placebo oral tablet to match Venetoclax` |
    | part of another name | `PEG-asparaginase`, `trastuzumab emtansine`, `89Zr-trastuzumab`, `taxol (liposomal)` |
    | part of a longer code | `AMG 70-1`, `ABC-852A` for 852A |
    | different digits | `therapy for 4-6 weeks` for the code FOR46 |
    | words run together | `stage IV or` for the brand Ivor |
    | another origin | `allogeneic ABC cells` for the name `Autologous ABC Cells` |
    | another biosimilar | `trastuzumab-pkrb` for trastuzumab-dkst |
    | not in capitals | `nivo` for the abbreviation NIVO |
    | a plain word | `in harmony` for a brand |
    | too short | `HHT` the disease, for the drug |
    | given before the study | `previously treated with ibrutinib` |
    | said in passing | `(i.e. Decadron)` |
    | ruled out | `Concomitant ibrutinib is prohibited` |
    """
    for reason, applies in _GUARDS:
        if applies(occurrence, name):
            return reason
    return None


def other_biosimilar(name: Name, suffix: str) -> bool:
    """Do both carry a biosimilar's suffix, and not the same? `trastuzumab-dkst` is not `trastuzumab-pkrb`."""
    return bool(name.suffix) and len(suffix) == len(name.suffix) and suffix != name.suffix


def _imitated(occurrence: Occurrence, _: Name) -> bool:
    """`placebo matching venetoclax`, `venetoclax placebo`: only linking words stand between."""
    if occurrence.after[:1] == ("placebo",) and occurrence.gap_after in _TOUCHING:
        return True
    for word in reversed(occurrence.before):
        if word == "placebo":
            return occurrence.gap_before.strip() in ("", "-", "(")
        if word not in PLACEBO_LINK:
            return False
    return False


def _behind_a_head_word(occurrence: Occurrence, _: Name) -> bool:
    if not occurrence.before or occurrence.gap_before not in _TOUCHING:
        return False
    return next((word for word in reversed(occurrence.before) if word != "recombinant"), "").rstrip("s") in NOT_BEFORE


def _labelled(occurrence: Occurrence, name: Name) -> bool:
    """An antibody with an isotope is another drug: `89Zr-trastuzumab`; and so is a deuterated one: `osimertinib-d3`."""
    if occurrence.gap_after == "-" and _DEUTERIUM.fullmatch("".join(occurrence.after[:1])):
        return True
    if stem_family(name.tokens[0] if name.tokens else "") != "antibody" or occurrence.gap_before not in _LABEL_GAP:
        return False
    label = canonical(occurrence.before[-2:])
    return bool(label) and is_isotope(label[-1][0])


def _as_cells(occurrence: Occurrence, name: Name) -> bool:
    """`Trastuzumab CAR-T`: cells with the binder of an antibody."""
    if occurrence.gap_after not in _TOUCHING or occurrence.after[:1] not in (("car",), ("cart",)):
        return False
    return any(stem_family(token) in ("antibody", "small_molecule") for token in name.tokens)


def _formulation_in_brackets(occurrence: Occurrence, name: Name) -> bool:
    """Behind a nonproprietary name; a brand may explain itself so: `Abraxane (albumin-bound)`."""
    if not occurrence.bracket or not only_formulations(occurrence.bracket):
        return False
    return not features(name.text).formulations and any(stem_family(token) is not None for token in name.tokens)


def _before_a_head_word(occurrence: Occurrence, _: Name) -> bool:
    if occurrence.gap_after not in _TOUCHING:
        return False
    following = next((word for word in occurrence.after if word not in SALTS), "")
    return following in PAYLOADS or following.rstrip("s") in NOT_AFTER


def _in_a_longer_code(occurrence: Occurrence, name: Name) -> bool:
    if occurrence.gap_after == "-" and occurrence.after:
        following = occurrence.after[0]
        if following[0].isdigit() or len(following) == 1:
            return True
    return occurrence.gap_before == "-" and name.key[0].isdigit() and "".join(occurrence.before[-1:]).isalpha()


def _other_digits(occurrence: Occurrence, name: Name) -> bool:
    """Numbers are met as they are written, or in one piece."""
    met = _DIGITS.findall(occurrence.text)
    if met == _DIGITS.findall(squash(occurrence.text)):
        return False
    return f"/{'/'.join(met)}/" not in f"/{'/'.join(_DIGITS.findall(name.text))}/"


def _run_together(occurrence: Occurrence, name: Name) -> bool:
    if not name.key.isalpha() or squash(occurrence.text) != name.key:
        return False
    return len(occurrence.text.split()) > len(_SEPARATORS.split(name.text.strip()))


def _other_origin(occurrence: Occurrence, name: Name) -> bool:
    said = ORIGIN_WORDS.get(occurrence.before[-1]) if occurrence.before else None
    own = features(name.text).origins
    return said is not None and bool(own) and said not in own


def _another_biosimilar(occurrence: Occurrence, name: Name) -> bool:
    return occurrence.gap_after == "-" and other_biosimilar(name, "-" + "".join(occurrence.after[:1]))


def _not_in_capitals(occurrence: Occurrence, name: Name) -> bool:
    return name.cased and not occurrence.text.isupper()


def _plain_word(occurrence: Occurrence, name: Name) -> bool:
    return name.brand and len(name.key) < 8 and occurrence.text.islower() and occurrence.part.place in _ASIDES


def _too_short(occurrence: Occurrence, name: Name) -> bool:
    """Three characters count as a whole text; `5-FU` and `2C4` also where drugs are listed, written just so."""
    if len(squash(occurrence.text)) > 3 or occurrence.whole:
        return False
    return occurrence.text != name.text or name.key.isalpha() or occurrence.part.place in _ASIDES


def _in_the_past(occurrence: Occurrence, _: Name) -> bool:
    if occurrence.part.place not in _PROSE:
        return False
    return bool(PAST & set(occurrence.before[-3:]) or LONG_PAST & set(occurrence.before[-6:]))


def _ruled_out(occurrence: Occurrence, _: Name) -> bool:
    """`Unlike ibrutinib, ...`, `Concomitant ibrutinib is prohibited`, `ibrutinib is not allowed`."""
    if occurrence.part.place not in _PROSE:
        return False
    after = occurrence.after[:5]
    return (
        "unlike" in occurrence.before[-2:]
        or not FORBIDDEN.isdisjoint((*occurrence.before[-4:], *after))
        or any(pair in FORBIDDEN_PAIRS for pair in pairwise(after))
    )


def _in_passing(occurrence: Occurrence, _: Name) -> bool:
    if occurrence.part.place not in _ASIDES:
        return False
    near = (*occurrence.before, *occurrence.after[:5])
    return not ASIDE.isdisjoint(near) or _FOR_EXAMPLE.search(" ".join(near)) is not None


_GUARDS: tuple[tuple[str, Callable[[Occurrence, Name], bool]], ...] = (
    ("placebo", _imitated),
    ("part of another name", _behind_a_head_word),
    ("part of another name", _before_a_head_word),
    ("part of another name", _labelled),
    ("part of another name", _as_cells),
    ("part of another name", _formulation_in_brackets),
    ("part of a longer code", _in_a_longer_code),
    ("different digits", _other_digits),
    ("words run together", _run_together),
    ("another origin", _other_origin),
    ("another biosimilar", _another_biosimilar),
    ("not in capitals", _not_in_capitals),
    ("a plain word", _plain_word),
    ("too short", _too_short),
    ("given before the study", _in_the_past),
    ("said in passing", _in_passing),
    ("ruled out", _ruled_out),
)
