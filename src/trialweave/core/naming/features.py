"""What a name says about the product beside its identity: whose cells, which targets, which way, which formulation."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from trialweave.core.concept import Definition
from trialweave.core.models import Text
from trialweave.core.naming.isotopes import is_isotope
from trialweave.core.naming.tokens import canonical, is_symbol, name_tokens, plain_token
from trialweave.core.remembered import NAMES, TOKENS
from trialweave.core.text import fold, word_list
from trialweave.core.vocabulary.classes import CELL_WORDS, GENERIC_WORDS
from trialweave.core.vocabulary.qualifiers import (
    ACTION_WORDS,
    CELL_TYPES,
    CONSTRUCTION,
    FORMULATIONS,
    NOT_THE_PRODUCT,
    ORIGIN_WORDS,
    THE_PRODUCT_YET,
    TRACERS,
    Action,
    Origin,
)
from trialweave.core.vocabulary.stems import KIN, NO_MEMBERS, STEMLESS, STEMS, Family
from trialweave.core.vocabulary.tables import listed
from trialweave.core.vocabulary.targets import DOMAINS, MUTATION

_FAMILY = {stem: family for family, stems in STEMS.items() for stem in stems}
_STEMLESS = {word: family for family, names in STEMLESS.items() for word in names}
_LENGTHS = sorted(set(map(len, _FAMILY)), reverse=True)
_LONG_STEM = 6
_OPENING_WORDS = 14
_CELL_PRODUCT = listed("""
    cell car til macrophage monocyte nk nkt ctl pbl pbsc pbmc msc hsc hspc treg cik lak tcr mtcr lymphocyte
    """)
_ENGAGES_CELLS = listed("engaging engager redirecting redirected antibody mab penetrating")
_ENGINEERED_CELL = listed("car til pbl tcr mtcr armed")
"""An antibody that engages T cells is no cell product, unless cells are engineered by it or armed with it."""

_CONJUGATE = listed("adc immunoconjugate immunotoxin")
_ANTIBODY = listed("mab antibody")
_CHEMOTHERAPY = listed("chemotherapy chemoradiotherapy chemoradiation")
_OLIGONUCLEOTIDE = listed("sirna antisense oligonucleotide")
_ANOTHERS = listed("no not without prior previous after following")
"""Words before an origin that make it another product's, or none."""

_TELLING = frozenset({"vaccine"}).union(
    *(ORIGIN_WORDS, ACTION_WORDS, FORMULATIONS, CONSTRUCTION, (phrase[0] for phrase in CELL_TYPES)),
    *(_CELL_PRODUCT, _ENGAGES_CELLS, _ENGINEERED_CELL, _CONJUGATE, _ANTIBODY, _CHEMOTHERAPY, _OLIGONUCLEOTIDE),
)
"""Words that have a part in a feature by themselves."""


@dataclass(frozen=True, slots=True)
class Features:
    """Sets are empty, and single values None, where the text says nothing: unknown, not a denial."""

    origins: frozenset[Origin] = frozenset()
    targets: frozenset[str] = frozenset()
    actions: frozenset[Action] = frozenset()
    formulations: frozenset[str] = frozenset()
    construction: frozenset[str] = frozenset()
    cell_types: frozenset[str] = frozenset()
    families: frozenset[Family] = frozenset()


NO_FEATURES = Features()


@lru_cache(maxsize=NAMES)
def features(text: str) -> Features:
    """Read the features of one name."""
    return _read(name_tokens(text))


def opening_features(text: str) -> Features:
    """The features of the opening words of a description or a definition, where its genus stands.

    Later sentences speak of other things: earlier transplants, effector functions, the cells that are attacked.
    """
    sentence = text.split(". ", 1)[0].split(";", 1)[0]
    words = word_list(fold(" ".join(sentence.split()[:_OPENING_WORDS])))
    if not any(map(_may_tell, words)):
        return NO_FEATURES
    tokens = [token for token, _, _ in canonical(words)]
    return _read([token for at, token in enumerate(tokens) if not _of_a_transplant(tokens, at)])


def told_origins(text: str) -> frozenset[Origin]:
    """Whose cells a description speaks of, but for those of a transplant, of an earlier product, and what it denies."""
    tokens = name_tokens(text)
    return frozenset(
        ORIGIN_WORDS[token]
        for at, token in enumerate(tokens)
        if token in ORIGIN_WORDS
        and not _of_a_transplant(tokens, at)
        and _ANOTHERS.isdisjoint(tokens[max(0, at - 2) : at])
    )


def opened(named: Features, description: Text | Definition | None) -> Features:
    """What a name says; the opening of the description tells whose cells, targets and family it leaves open."""
    opening = NO_FEATURES if description is None else opening_features(description.text)
    if opening is NO_FEATURES:
        return named
    return Features(
        named.origins or opening.origins,
        named.targets or opening.targets,
        named.actions,
        named.formulations,
        named.construction,
        named.cell_types or opening.cell_types,
        named.families or opening.families,
    )


def united(parts: Iterable[Features]) -> Features:
    """What several names of one thing say together."""
    known = [part for part in parts if part is not NO_FEATURES]
    if len(known) == 1:
        return known[0]
    return Features(
        frozenset().union(*(part.origins for part in known)),
        frozenset().union(*(part.targets for part in known)),
        frozenset().union(*(part.actions for part in known)),
        frozenset().union(*(part.formulations for part in known)),
        frozenset().union(*(part.construction for part in known)),
        frozenset().union(*(part.cell_types for part in known)),
        frozenset().union(*(part.families for part in known)),
    )


def contradiction(left: Features, right: Features) -> str | None:
    """Why the two cannot be one product, or None.

    | feature | contradiction |
    |---|---|
    | origin | each side says exactly one, and not the same |
    | targets | both name some and share none, nor a family and its member |
    | action | one only agonist, the other only inhibitory |
    """
    if len(left.origins) == 1 == len(right.origins) and left.origins != right.origins:
        return f"{next(iter(left.origins))} against {next(iter(right.origins))}"
    if left.targets and right.targets and not _share_a_target(left.targets, right.targets):
        return "different targets"
    if len(left.actions) == 1 == len(right.actions) and left.actions != right.actions:
        return f"{next(iter(left.actions))} against {next(iter(right.actions))}"
    return None


def _share_a_target(left: frozenset[str], right: frozenset[str]) -> bool:
    """One in common, or a family and its member: FGFR and FGFR1."""
    return bool(left & right) or any(
        long.startswith(short) and short[-1].isalpha()
        for one in left
        for other in right
        for short, long in [sorted((one, other), key=len)]
    )


def different_families(left: Features, right: Features) -> bool:
    """Both sides promise a family of substance (by INN stem or by format word) and no two of them are kin.

    Of 1,116 curated pairs that are the same drug none differs; it is a second witness for a wrong concept.
    """
    return bool(left.families and right.families) and not any(
        one == other or frozenset((one, other)) in KIN for one in left.families for other in right.families
    )


@lru_cache(maxsize=TOKENS)
def stem_family(word: str) -> Family | None:
    """The family that the ending of one folded word promises, or None."""
    if word in _STEMLESS:
        return _STEMLESS[word]
    if len(word) < 6 or word in GENERIC_WORDS or word in NO_MEMBERS or word.endswith("globulin"):
        return None
    stem = stem_at_end(word, _FAMILY)
    return None if stem is None else _FAMILY[stem]


def stem_at_end(word: str, stems: Container[str]) -> str | None:
    """The longest of these stems in which a word ends, with something before it.

    Before a long stem a letter will do: `ifosfamide`.
    """
    for length in _LENGTHS:
        if len(word) > length + (length < _LONG_STEM) and word[-length:] in stems:
            return word[-length:]
    return None


def _read(tokens: Sequence[str]) -> Features:
    telling = {token for token in tokens if _tells(token)}
    if not telling:
        return NO_FEATURES
    targets = frozenset([token for token in telling if _is_target(token)])
    if len(targets) > 1 or not CELL_WORDS.isdisjoint(tokens):
        targets -= DOMAINS
    result = Features(
        frozenset([ORIGIN_WORDS[token] for token in telling & ORIGIN_WORDS.keys()]),
        targets,
        frozenset([ACTION_WORDS[token] for token in telling & ACTION_WORDS.keys()]),
        formulations_of(telling),
        frozenset([CONSTRUCTION[token] for token in telling & CONSTRUCTION.keys()]),
        frozenset([kind for phrase, kind in CELL_TYPES.items() if phrase[0] in telling and _contains(tokens, phrase)]),
        _families(telling),
    )
    return NO_FEATURES if result == NO_FEATURES else _shared(result)


@lru_cache(maxsize=TOKENS)
def _tells(token: str) -> bool:
    """May a token have a part in any feature? Most words of a sentence have none."""
    return token in _TELLING or _is_target(token) or is_isotope(token) or stem_family(token) is not None


@lru_cache(maxsize=TOKENS)
def _may_tell(word: str) -> bool:
    """The same of a word that is not canonical yet; what neighbours change may become anything."""
    token = plain_token(word)
    return not token or _tells(token)


def _is_target(token: str) -> bool:
    return is_symbol(token) and MUTATION.fullmatch(token) is None


@lru_cache(maxsize=NAMES)
def _shared(read: Features) -> Features:
    """One object for all names that say the same."""
    return read


def formulations_of(tokens: Iterable[str]) -> frozenset[str]:
    """The formulations that canonical tokens name. A label is one, but for carbon, with which a drug is only traced."""
    return frozenset(
        "radiolabeled" if is_isotope(token) else FORMULATIONS[token]
        for token in tokens
        if token in FORMULATIONS or (is_isotope(token) and token not in TRACERS)
    )


def _of_a_transplant(tokens: Sequence[str], at: int) -> bool:
    if tokens[at] not in ORIGIN_WORDS or NOT_THE_PRODUCT.isdisjoint(tokens[at + 1 : at + 4]):
        return False
    return THE_PRODUCT_YET.isdisjoint(tokens[at + 2 : at + 6])


def _families(present: set[str]) -> frozenset[Family]:
    families: set[Family] = {family for token in present if (family := stem_family(token)) is not None}
    if present & _CELL_PRODUCT and not (present & _ENGAGES_CELLS and not present & _ENGINEERED_CELL):
        families.add("cell")
    if "vaccine" in present:
        families.add("vaccine")
    if not families:
        if present & _CONJUGATE:
            families.add("conjugate")
        elif present & _ANTIBODY:
            families.add("antibody")
        elif present & _CHEMOTHERAPY:
            families.add("small_molecule")
        elif present & _OLIGONUCLEOTIDE:
            families.add("oligonucleotide")
    return frozenset(families)


def _contains(tokens: Sequence[str], phrase: tuple[str, ...]) -> bool:
    length = len(phrase)
    return any(tuple(tokens[at : at + length]) == phrase for at in range(len(tokens) - length + 1))
