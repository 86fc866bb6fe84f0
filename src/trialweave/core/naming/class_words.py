"""Class words around a name: which only describe its product, and which make another of it."""

from __future__ import annotations

from trialweave.core.naming.codes import is_code
from trialweave.core.naming.features import stem_family
from trialweave.core.naming.tokens import is_class_word
from trialweave.core.vocabulary.classes import CELL_WORDS
from trialweave.core.vocabulary.qualifiers import REMADE_BEFORE, REMADE_BEHIND, STAND_INS
from trialweave.core.vocabulary.stems import Family

_PROMISED: dict[str, frozenset[Family]] = {
    **dict.fromkeys(("conjugate", "adc", "immunoconjugate", "immunotoxin"), frozenset({"conjugate"})),
    **dict.fromkeys(("car", "til"), frozenset({"cell"})),
    **dict.fromkeys(("gene", "vector"), frozenset({"cell", "gene"})),
    **dict.fromkeys(("fusion", "receptor", "mimetic"), frozenset({"protein"})),
    "vaccine": frozenset({"vaccine"}),
}
"""What a product is anyway by its stem: `Disitamab vedotin ADC` is no other than disitamab vedotin."""

_AIMED: dict[str, frozenset[Family]] = {
    **dict.fromkeys(("antibody", "mab"), frozenset({"antibody", "conjugate"})),
    **dict.fromkeys(("sirna", "shrna", "antisense", "oligonucleotide"), frozenset({"oligonucleotide"})),
    **dict.fromkeys(("agonist", "blocker", "modulator", "activator", "inducer", "stimulator"), frozenset()),
}
"""Words behind a name that make of it what acts on it, unless it is of such a family: `Erythropoietin antibody`."""


def without_class_words(tokens: tuple[str, ...], families: frozenset[Family]) -> tuple[str, ...]:
    """The tokens without class words at both ends, where these only describe a product of such families.

    `Kymriah CAR-T cells` is Kymriah if that is a cell product. Empty where nothing is taken off or nothing is left.
    """
    start, end = class_words_at_start(tokens), len(tokens)
    while end > start and _goes_with_class_words(tokens, end - 1):
        end -= 1
    before, core, behind = tokens[:start], tokens[start:end], tokens[end:]
    if core == tokens or not STAND_INS.isdisjoint(tokens) or _remade(before, behind, families):
        return ()
    return () if any(word in _AIMED and families.isdisjoint(_AIMED[word]) for word in behind) else core


def _goes_with_class_words(tokens: tuple[str, ...], at: int) -> bool:
    """A class word, or the T of `CAR-T` and of `T cells`."""
    if is_class_word(tokens[at]):
        return True
    return tokens[at] == "t" and (tokens[at - 1] in CELL_WORDS or tokens[at + 1 : at + 2] == ("cell",))


def _remade(before: tuple[str, ...], behind: tuple[str, ...], families: frozenset[Family]) -> bool:
    """Do these words before and behind a name of such families make another product of it?"""
    if before[-1:] in (("anti",), ("non",)) or behind[:1] == ("inhibitor",) or not REMADE_BEFORE.isdisjoint(before):
        return True
    return any(families.isdisjoint(_PROMISED.get(word, ())) for word in behind if word in REMADE_BEHIND)


def makes_another(before: tuple[str, ...], core: tuple[str, ...], behind: tuple[str, ...]) -> bool:
    """Do the class words around a nonproprietary name make another product: `Liposome doxorubicin`, `Trastuzumab ADC`?

    A sponsor's code may stand for any product, and the words only describe it. `Olaparib inhibitor` inhibits olaparib.
    """
    if not STAND_INS.isdisjoint((*before, *behind)):
        return True
    families = frozenset(family for token in core if (family := stem_family(token)) is not None)
    return bool(families) and not any(is_code(token) for token in core) and _remade(before, behind, families)


def class_words_at_start(tokens: tuple[str, ...]) -> int:
    """`CDK4/6 inhibitor`: numbers and letters between class words go with them."""
    stripped = 0
    for index, token in enumerate(tokens):
        if is_class_word(token):
            stripped = index + 1
        elif not (token.isdigit() or len(token) == 1):
            break
    return stripped


def class_words_at_end(tokens: tuple[str, ...]) -> int:
    """A number before them belongs to the name."""
    return next((at for at, token in enumerate(reversed(tokens)) if not is_class_word(token)), len(tokens))
