"""When a name that was met does not count: placebo, part of another drug's name, short capitals in prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from trialweave.core.naming.codes import without_thousands
from trialweave.core.naming.features import features, stem_family
from trialweave.core.naming.isotopes import is_isotope
from trialweave.core.naming.names import Name
from trialweave.core.naming.parts import only_formulations
from trialweave.core.naming.prose import (
    ASIDES,
    OF_PATIENTS,
    PROSE,
    TOUCHING,
    beside,
    in_passing,
    in_the_past,
    led_away,
    ruled_out,
)
from trialweave.core.naming.sisters import (
    another_biosimilar,
    another_ester,
    another_variant,
    before_a_variant,
    before_an_ester,
)
from trialweave.core.naming.stream import Occurrence, Place, Span, Stream
from trialweave.core.naming.tokens import canonical
from trialweave.core.text import fold, squash, word_list
from trialweave.core.vocabulary.pharmacy import CODE_BEGINNINGS, SALTS
from trialweave.core.vocabulary.qualifiers import NOT_AFTER, NOT_BEFORE, ORIGIN_WORDS, VACCINE_MAKES
from trialweave.core.vocabulary.stems import PAYLOADS
from trialweave.core.vocabulary.study_words import PLACEBO_LINK

_PASSED_OVER = frozenset({"recombinant", "l", "d"})
"""Words between a head word and its name: `pegylated recombinant asparaginase`, `alanyl-L-glutamine`."""

_SEPARATORS = re.compile(r"[\s/-]+")
_DEUTERIUM = re.compile(r"d\d{1,2}")
_DIGITS = re.compile(r"\d+")
_LABEL_GAP = frozenset({" ", "-", "]-", ")-", "] ", ") "})

BESIDE = "taken besides"
"""The one objection that leaves the question open: patients may take it anyway, or if they need it."""


def counted(stream: Stream, places: Iterable[Span], name: Name) -> Iterator[Occurrence]:
    """What stands at those of the places that name this very drug."""
    return (occurrence for occurrence in map(stream.occurrence, places) if objection(occurrence, name) is None)


def taken_besides(stream: Stream, name: Name) -> Iterator[Occurrence]:
    """Where this very drug is what patients take besides."""
    occurrences = (stream.occurrence(place) for place, _ in stream.met(name.forms))
    return (occurrence for occurrence in occurrences if objection(occurrence, name) == BESIDE)


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
    | another variant | `epoetin alfa` for epoetin beta |
    | another label | `225Ac-PSMA-617` for Lu-177 PSMA-617 |
    | another make | `zoster vaccine, live` for the recombinant zoster vaccine |
    | another ester | `fluticasone furoate` for fluticasone propionate |
    | not in capitals | `nivo` for the abbreviation NIVO |
    | a plain word | `in harmony` for a brand |
    | too short | `HHT` the disease, for the drug |
    | given before the study | `previously treated with ibrutinib` |
    | led away | `instead of cisplatin`, `target of rapamycin`, `serum estradiol` |
    | taken besides | `in patients on stable warfarin`, `premedication with dexamethasone` |
    | said in passing | `(i.e. Decadron)` |
    | ruled out | `Concomitant ibrutinib is prohibited` |
    """
    if occurrence.suspicions is None:
        guards = _GUARDS_AT[occurrence.part.place, bool(occurrence.before), bool(occurrence.after)]
        occurrence.suspicions = tuple([guard for guard in guards if guard.around(occurrence)])
    for guard in occurrence.suspicions:
        if guard.against(occurrence, name):
            return guard.reason
    return None


# ---------------------------------------------------------------- what stands around, whatever the name


def _imitated(occurrence: Occurrence) -> bool:
    """`placebo matching venetoclax`, `venetoclax placebo`: only linking words stand between."""
    if occurrence.after[:1] == ("placebo",) and occurrence.gap_after in TOUCHING:
        return True
    for word in reversed(occurrence.before):
        if word == "placebo":
            return occurrence.gap_before.strip() in ("", "-", "(")
        if word not in PLACEBO_LINK:
            return False
    return False


def _behind_a_head_word(occurrence: Occurrence) -> bool:
    if not occurrence.before or occurrence.gap_before not in TOUCHING:
        return False
    return (
        next((word for word in reversed(occurrence.before) if word not in _PASSED_OVER), "").rstrip("s") in NOT_BEFORE
    )


def _before_a_head_word(occurrence: Occurrence) -> bool:
    if occurrence.gap_after not in TOUCHING:
        return False
    if occurrence.after[:1] == ("free",) and occurrence.after[1:2] not in (("base",), ("acid",)):
        return True
    following = next((word for word in occurrence.after if word not in SALTS), "")
    return following in PAYLOADS or stem_family(following) == "conjugate" or following.rstrip("s") in NOT_AFTER


def _deuterated(occurrence: Occurrence) -> bool:
    """`osimertinib-d3`."""
    return occurrence.gap_after == "-" and _DEUTERIUM.fullmatch("".join(occurrence.after[:1])) is not None


def _behind_an_isotope(occurrence: Occurrence) -> bool:
    near = occurrence.before[-2:]
    if occurrence.gap_before not in _LABEL_GAP or "".join(near).isalpha():
        return False
    label = canonical(near)
    return bool(label) and is_isotope(label[-1][0])


def _label_before(occurrence: Occurrence) -> str:
    return canonical(occurrence.before[-2:])[-1][0]


def _before_cells(occurrence: Occurrence) -> bool:
    return occurrence.gap_after in TOUCHING and occurrence.after[:1] in (("car",), ("cart",))


def _before_a_formulation(occurrence: Occurrence) -> bool:
    return bool(occurrence.bracket) and bool(only_formulations(occurrence.bracket))


def _before_a_number(occurrence: Occurrence) -> bool:
    """A dash, and a number or a single letter behind it."""
    if occurrence.gap_after != "-" or not occurrence.after:
        return False
    return occurrence.after[0][0].isdigit() or len(occurrence.after[0]) == 1


def _behind_letters(occurrence: Occurrence) -> bool:
    return occurrence.gap_before == "-" and "".join(occurrence.before[-1:]).isalpha()


def _digits_apart(occurrence: Occurrence) -> bool:
    if occurrence.text.isalpha():
        return False
    return _DIGITS.findall(without_thousands(occurrence.text)) != _DIGITS.findall(squash(occurrence.text))


def _several_words(occurrence: Occurrence) -> bool:
    return len(occurrence.text.split()) > 1


def _behind_an_origin(occurrence: Occurrence) -> bool:
    return bool(occurrence.before) and occurrence.before[-1] in ORIGIN_WORDS


def _beside_a_make(occurrence: Occurrence) -> bool:
    return not VACCINE_MAKES.keys().isdisjoint(_neighbours(occurrence))


def _neighbours(occurrence: Occurrence) -> tuple[str, ...]:
    return (*occurrence.before[-2:], *occurrence.after[:2])


def _before_a_dash(occurrence: Occurrence) -> bool:
    return occurrence.gap_after == "-"


def _in_small_letters(occurrence: Occurrence) -> bool:
    return not occurrence.text.isupper()


def _in_lower_case(occurrence: Occurrence) -> bool:
    return occurrence.text.islower()


def _short(occurrence: Occurrence) -> bool:
    return len(squash(occurrence.text)) <= 3


# ---------------------------------------------------------------- whether that speaks against this name


def _any_name(_: Occurrence, __: Name) -> bool:
    return True


def _an_antibody(_: Occurrence, name: Name) -> bool:
    """With an isotope it is another drug: `89Zr-trastuzumab`."""
    return stem_family(name.tokens[0] if name.tokens else "") == "antibody"


def _of_another_label(occurrence: Occurrence, name: Name) -> bool:
    """`225Ac-PSMA-617` for Lu-177 PSMA-617."""
    labels = [token for token in name.tokens if is_isotope(token)]
    return bool(labels) and _label_before(occurrence) not in labels


def _a_binder(_: Occurrence, name: Name) -> bool:
    """`Trastuzumab CAR-T`: cells with the binder of an antibody."""
    return any(stem_family(token) in ("antibody", "small_molecule") for token in name.tokens)


def _nonproprietary(_: Occurrence, name: Name) -> bool:
    """A brand may explain itself by a formulation: `Abraxane (albumin-bound)`."""
    return not features(name.text).formulations and any(stem_family(token) is not None for token in name.tokens)


def _begins_in_the_middle(occurrence: Occurrence, name: Name) -> bool:
    """`852A` in `ABC-852A`, `EP2006` in `LA-EP2006`."""
    return name.key[0].isdigit() or (bool(name.codes) and occurrence.before[-1] in CODE_BEGINNINGS)


def _of_other_digits(occurrence: Occurrence, name: Name) -> bool:
    """Numbers are met as they are written, or in one piece."""
    met = _DIGITS.findall(occurrence.text)
    return f"/{'/'.join(met)}/" not in f"/{'/'.join(_DIGITS.findall(name.text))}/"


def _of_fewer_words(occurrence: Occurrence, name: Name) -> bool:
    if not name.key.isalpha() or squash(occurrence.text) != name.key:
        return False
    return len(occurrence.text.split()) > len(_SEPARATORS.split(name.text.strip()))


def _of_another_origin(occurrence: Occurrence, name: Name) -> bool:
    own = features(name.text).origins
    return bool(own) and ORIGIN_WORDS[occurrence.before[-1]] not in own


def _of_another_make(occurrence: Occurrence, name: Name) -> bool:
    if "vaccine" not in name.tokens:
        return False
    own, theirs = (
        {VACCINE_MAKES[word] for word in words if word in VACCINE_MAKES}
        for words in (word_list(fold(name.text)), _neighbours(occurrence))
    )
    return bool(own) and own.isdisjoint(theirs)


def _in_capitals_only(_: Occurrence, name: Name) -> bool:
    return name.cased


def _a_short_brand(_: Occurrence, name: Name) -> bool:
    return name.brand and len(name.key) < 8


def _too_short(occurrence: Occurrence, name: Name) -> bool:
    """Three characters count as a whole text; `5-FU` and `2C4` also where drugs are listed, written just so."""
    return occurrence.text != name.text or name.key.isalpha() or occurrence.part.place in ASIDES


@dataclass(frozen=True, slots=True)
class _Guard:
    """`around` looks at an occurrence once, whatever the name; `against` is asked only where that raised suspicion.

    `needs` says what there has to be beside the name: words before it, words after it, either. `places` are those in
    which it can speak against anything; None stands for all.
    """

    reason: str
    around: Callable[[Occurrence], bool]
    against: Callable[[Occurrence, Name], bool] = _any_name
    needs: Literal["nothing", "words", "before", "after"] = "words"
    places: Collection[Place] | None = None

    def at(self, place: Place, *, before: bool, after: bool) -> bool:
        """Can it speak against a name that stands so?"""
        beside = {"nothing": True, "words": before or after, "before": before, "after": after}
        return beside[self.needs] and (self.places is None or place in self.places)


_GUARDS = (
    _Guard("placebo", _imitated),
    _Guard("part of another name", _behind_a_head_word, needs="before"),
    _Guard("part of another name", _before_a_head_word, needs="after"),
    _Guard("part of another name", _deuterated, needs="after"),
    _Guard("part of another name", _behind_an_isotope, _an_antibody, needs="before"),
    _Guard("another label", _behind_an_isotope, _of_another_label, needs="before"),
    _Guard("part of another name", _before_cells, _a_binder, needs="after"),
    _Guard("part of another name", _before_a_formulation, _nonproprietary),
    _Guard("part of a longer code", _before_a_number, needs="after"),
    _Guard("part of a longer code", _behind_letters, _begins_in_the_middle, needs="before"),
    _Guard("different digits", _digits_apart, _of_other_digits, needs="nothing"),
    _Guard("words run together", _several_words, _of_fewer_words, needs="nothing"),
    _Guard("another origin", _behind_an_origin, _of_another_origin, needs="before"),
    _Guard("another biosimilar", _before_a_dash, another_biosimilar, needs="after"),
    _Guard("another variant", before_a_variant, another_variant, needs="after"),
    _Guard("another ester", before_an_ester, another_ester, needs="after"),
    _Guard("another make", _beside_a_make, _of_another_make),
    _Guard("not in capitals", _in_small_letters, _in_capitals_only, needs="nothing"),
    _Guard("a plain word", _in_lower_case, _a_short_brand, needs="nothing", places=ASIDES),
    _Guard("too short", _short, _too_short),
    _Guard("given before the study", in_the_past, needs="before", places=OF_PATIENTS),
    _Guard("led away", led_away, places=OF_PATIENTS),
    _Guard("said in passing", in_passing, places=ASIDES),
    _Guard("ruled out", ruled_out, places=PROSE),
    _Guard(BESIDE, beside, places=PROSE),
)

_GUARDS_AT = {
    (place, before, after): tuple(guard for guard in _GUARDS if guard.at(place, before=before, after=after))
    for place in get_args(Place)
    for before in (False, True)
    for after in (False, True)
}
"""Place, are there words before, are there words after -> the guards that are asked."""
