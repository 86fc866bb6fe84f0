"""One name in other words: the same words in another order, or a known name with words around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from trialweave.core.models import Text
from trialweave.core.naming.codes import is_code
from trialweave.core.naming.features import formulations_of, stem_family
from trialweave.core.naming.isotopes import is_isotope
from trialweave.core.naming.names import Name, abroad, read_name
from trialweave.core.naming.sisters import other_ester
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.naming.tokens import is_class_word, is_symbol
from trialweave.core.naming.views import ConceptNames, Sourced
from trialweave.core.text import fold, word_list
from trialweave.core.vocabulary.classes import CELL_WORDS
from trialweave.core.vocabulary.qualifiers import (
    NOT_AFTER,
    NOT_BEFORE,
    ORIGIN_WORDS,
    REMADE_BEHIND,
    STAND_INS,
    VARIANTS,
)
from trialweave.core.vocabulary.stems import PAYLOADS, Family
from trialweave.core.vocabulary.tables import listed

SAYS_MORE = "the name says more than the concept's"
_CONCENTRATION = re.compile(r"\d\.\d+")
_STRENGTH = re.compile(r"\s(?:\d{2,4}|\d{1,4}(?:\.\d{1,2})?(?=/))(?:/\d{1,4}(?:\.\d{1,2})?){0,3}$")
"""A number of milligrams without its unit, or one for each drug of a combination."""

_LEFT_OUT = listed("vaccine extract pollen allergen allergenic coagulation clotting")
"""What a name may say or not: `Tdap vaccine`, `Boswellia serrata extract`, `grass pollen allergen`, `coagulation factor
X`."""

_UNDER_THE_SKIN = listed("sc subcutaneous subcutaneously")
_CARRIERS = frozenset({("hyaluronidase",), ("rhuph20",)})
"""With one of these an infused antibody is given under the skin: `Daratumumab SC` is Daratumumab and Hyaluronidase."""

_SHORTEST = 5
_SHORTEST_BEFORE = 3
"""Two letters behind a name are a form (`Melatonin PR`); before it they make a code of it."""

SEVERAL_PRODUCTS: frozenset[Family] = frozenset({"vaccine", "cell", "gene"})
"""Where one more word or number is another product: `Gardasil 9`."""

_OF_ANOTHER_KIND = listed("""
    bovine porcine horse rabbit ovine goat murine mouse tetanus rabies rho varicella zoster vaccinia botulism diphtheria
    anthrax measles snake erwinia spore levo dextro nor iso des
    """)
"""Animals and germs that a protein is of, or against: `bovine serum albumin`, `tetanus immune globulin`; and
beginnings of a name that make another molecule of it."""

_ANOTHER = (NOT_BEFORE | NOT_AFTER | REMADE_BEHIND | STAND_INS | VARIANTS | PAYLOADS | CELL_WORDS).union(
    ORIGIN_WORDS, _OF_ANOTHER_KIND
)
_SAYING_NOTHING = listed(
    "therapy chemotherapy regimen induction maintenance drug agent medication medicine substance compound product"
)
"""Class words that a name can do without."""

_RADICALS = ("yl", "oxy", "oxo", "hydro", "ase")


def in_another_order(names: Sequence[Sourced], mentions: StudyMentions) -> Text | None:
    """The intervention that is called by the words of one of these names in another order, or by the same drugs."""
    wanted = {form for item in names for form in _unordered(item.name)}
    if not wanted:
        return None
    for text in mentions.products:
        given = read_name(text.text)
        forms = set(_unordered(given))
        met = (
            () if wanted.isdisjoint(forms) else (item for item in names if not forms.isdisjoint(_unordered(item.name)))
        )
        if any(not other_ester(item.name, given) for item in met):
            return text
    return None


def same_words(item: Sourced, concept: ConceptNames) -> Iterator[Sourced]:
    """The concept's names that have the words of this one in another order, or a carrier beside them."""
    wanted = set(_unordered(item.name))
    carried = not _UNDER_THE_SKIN.isdisjoint(word_list(fold(item.name.text)))
    for found in concept.specific if wanted else ():
        drugs = set(found.name.components)
        if (
            not wanted.isdisjoint(_unordered(found.name))
            or (carried and not drugs.isdisjoint(_CARRIERS) and drugs - _CARRIERS == {item.name.tokens})
        ) and not other_ester(item.name, found.name):
            yield found


def _unordered(name: Name) -> Iterator[tuple[tuple[str, ...], ...]]:
    """The words of a name in a fixed order, and so the drugs of a combination.

    Not those of an engineered cell: `BCMA CAR-T` is not `CART-BCMA`. `Tdap` is `Tdap vaccine`.
    """
    if name.specific and not any(token in CELL_WORDS or is_symbol(token) for token in name.tokens):
        yield (tuple(sorted(word for word in name.tokens if word not in _LEFT_OUT)), (name.suffix,))
    if name.components:
        yield tuple(sorted(name.components))


def contained(names: Iterable[Sourced], concept: ConceptNames) -> Sourced | None:
    """The concept's name that one of these has in it, where no word around it makes another drug of it.

    | name | concept | contained |
    |---|---|---|
    | `Baby aspirin`, `melphalan 140`, `Rituximab Hexal`, `Gadovist 1.0` | the drug | yes |
    | `hydroxy progesterone`, `trastuzumab emtansine` | the drug before the change | no |
    | `metformin sitagliptin` | one of two drugs | no |
    | `Gardasil 9`, `XYZ CAR-T` | a vaccine, a cell or a gene product | no |
    | `betamethasone valerate plaster` | another ester | no |
    """
    if not concept.features.families.isdisjoint(SEVERAL_PRODUCTS):
        return None
    longest = max(map(len, concept.by_tokens), default=0)
    for item in names:
        tokens = item.name.tokens
        if other_ester(item.name, concept.names[0].name):
            continue
        for start in range(len(tokens)):
            for end in range(start + 1, min(len(tokens) + (start > 0), start + longest + 1)):
                found = concept.by_tokens.get(tokens[start:end])
                if found is not None and _tells(tokens[start:end]) and _harmless(tokens[:start], tokens[end:]):
                    return found
    return None


def but_for_a_strength(names: Iterable[Sourced], concept: ConceptNames) -> Sourced | None:
    """The concept's name that one of these is, with a bare number of milligrams behind it.

    | name | concept | |
    |---|---|---|
    | `LEV 500`, `FF/VI 100/25` | known by LEV, by FF/VI | yes |
    | `linagliptin/metformin 2.5/1000` | Metformin/Linagliptin | yes |
    | `terbinafin 250` | Terbinafine | yes |
    | `AMG 404` | AMG 386 | no |
    | `Prevnar 20` | a vaccine, a cell or a gene product | no |
    """
    if not concept.features.families.isdisjoint(SEVERAL_PRODUCTS):
        return None
    for item in names:
        text = _STRENGTH.sub("", item.name.text)
        if text == item.name.text:
            continue
        bare = read_name(text)
        found = concept.by_key.get(bare.key)
        if found is not None and not found.name.generic:
            return found
        for tokens in abroad(bare.tokens):
            if tokens in concept.by_tokens:
                return concept.by_tokens[tokens]
        if bare.components and (same := next(same_words(item._replace(name=bare), concept), None)) is not None:
            return same
    return None


def _tells(core: tuple[str, ...]) -> bool:
    return any(len(token) >= _SHORTEST and token.isalpha() and not is_class_word(token) for token in core)


def _harmless(before: tuple[str, ...], behind: tuple[str, ...]) -> bool:
    around = (*before, *behind)
    return not (
        formulations_of(around) or any(map(_changes, around)) or any(len(token) < _SHORTEST_BEFORE for token in before)
    )


def _changes(token: str) -> bool:
    """May a word beside a drug's name make another drug of it, or does it name another one?"""
    if token.isdigit():
        return len(token) < 2
    if _CONCENTRATION.fullmatch(token):
        return False
    if not token.isalpha() or len(token) < 2:
        return True
    return (
        token in _ANOTHER
        or token.endswith(_RADICALS)
        or stem_family(token) is not None
        or (is_class_word(token) and token not in _SAYING_NOTHING)
        or is_isotope(token)
        or is_code(token)
    )
