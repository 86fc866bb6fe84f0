"""One name for another that says more: what goes without saying is left out, or words are abbreviated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from trialweave.core.naming.codes import is_code
from trialweave.core.naming.features import stem_family
from trialweave.core.naming.isotopes import is_isotope
from trialweave.core.naming.names import Name
from trialweave.core.naming.reworded import SEVERAL_PRODUCTS
from trialweave.core.naming.tokens import is_class_word, undressed
from trialweave.core.naming.views import ConceptNames, Sourced
from trialweave.core.text import squash
from trialweave.core.vocabulary.pharmacy import AMINO_ACIDS, ELEMENTS, FORMS, MINERALS, SALTS
from trialweave.core.vocabulary.qualifiers import TRACER_LIGANDS, VARIANTS

SAYS_LESS = "the name says less than the concept's"
ABBREVIATED = "an abbreviation of the concept's name"

_JOINTS = re.compile(r"\s*[/+-]\s*|\s(?:and|plus)\s")
_ANIMALS = frozenset({"horse", "rabbit", "ovine", "goat", "bovine", "porcine"})
"""What antisera are made in, in canonical tokens. A name may leave it unsaid: `Crotalidae polyvalent immune Fab`."""

_LONGEST_OF_LETTERS = 5
"""Letters of a word that may be an abbreviation; a longer one may be an invented name."""


def says_less(names: Sequence[Sourced], concept: ConceptNames) -> Sourced | None:
    """The concept's name of which one of these leaves out what goes without saying.

    | name | concept | left out |
    |---|---|---|
    | `zinc`, `arginine` | Zinc Sulfate, Arginine Hydrochloride | the salt of an element, of an amino acid |
    | `florbetapir` | Florbetapir F-18 | the label of what is given as a tracer only |
    | `certolizumab` | Certolizumab Pegol | what the antibody is always made with |
    | `LentiGlobin` | LentiGlobin BB305 | the code behind an invented name |
    | `Zeplivax` | Zeplivax-B, a brand | the letter behind it |
    | `andexanet` | Andexanet Alfa | the Greek letter of a protein |
    | `iron isomaltoside` | Iron Isomaltoside 1000 | the number of a polymer, which no vaccine goes without |
    | `DS-1062`, `DS-1062a` | DS-1062a, DS-1062 | the small letter at the end of a code |
    | `Crotalidae immune Fab` | Crotalidae Immune Fab (Ovine) | the animal, where no part of the name says one |
    """
    sized = concept.features.families.isdisjoint(SEVERAL_PRODUCTS)
    animal_said = any(not _ANIMALS.isdisjoint(item.name.tokens) for item in names)
    for item in names:
        tokens = item.name.tokens
        pegol = (*tokens, "pegol")
        if pegol in concept.by_tokens and stem_family(tokens[-1]) == "antibody":
            return concept.by_tokens[pegol]
        if (lettered := _but_for_a_letter(item.name, concept)) is not None:
            return lettered
        if sized and (found := _but_for_a_size(tokens, concept)) is not None:
            return found
        leaves_out = _one_word_leaves_out if len(tokens) == 1 else _animal_is_left_out
        if len(tokens) == 1 or not animal_said:
            for found in concept.specific:
                if leaves_out(tokens, found.name):
                    return found
    return None


def _but_for_a_size(tokens: tuple[str, ...], concept: ConceptNames) -> Sourced | None:
    """The concept's name of these words and a plain number of two digits or more."""
    if not any(len(token) > _LONGEST_OF_LETTERS and token.isalpha() and not is_class_word(token) for token in tokens):
        return None
    return next(
        (
            found
            for found in concept.specific
            if found.name.tokens[:-1] == tokens and found.name.tokens[-1].isdigit() and len(found.name.tokens[-1]) > 1
        ),
        None,
    )


def _but_for_a_letter(name: Name, concept: ConceptNames) -> Sourced | None:
    """The same code without the small letter of its salt or form, or with it. ALLO-501A is another product."""
    for code in name.codes:
        with_it = concept.by_code.get(f"{code}a")
        if with_it is not None and with_it.name.text.endswith("a"):
            return with_it
        if name.text.endswith("a") and (without := concept.by_code.get(code.removesuffix("a"))) is not None:
            return without
    return None


def _one_word_leaves_out(tokens: tuple[str, ...], found: Name) -> bool:
    (own,), whole = tokens, found.tokens
    if own in MINERALS or own in AMINO_ACIDS or own in TRACER_LIGANDS:
        word, *more = [token for token in whole if not is_isotope(token)] or [""]
        return word == own and all(token in SALTS or token in ELEMENTS for token in more)
    invented = len(own) > _LONGEST_OF_LETTERS and own.isalpha() and stem_family(own) is None
    if not invented or whole[:-1] != tokens:
        return False
    return is_code(whole[-1]) or whole[-1] in VARIANTS or (found.brand and len(whole[-1]) == 1)


def _animal_is_left_out(tokens: tuple[str, ...], found: Name) -> bool:
    whole = found.tokens
    return len(whole) == len(tokens) + 1 and tuple(token for token in whole if token not in _ANIMALS) == tokens


def abbreviates(names: Iterable[Sourced], concept: ConceptNames) -> bool:
    """Is one of these made of beginnings of the concept's name?

    | name | concept | |
    |---|---|---|
    | `DAPA` | Dapagliflozin | yes: capitals with which it begins |
    | `BUD/FORM` | Budesonide/Formoterol | yes: letters of each in order, the first among them |
    | `Cal/BD foam` | Calcipotriene/Betamethasone Dipropionate | yes |
    | `BUD/SAL` | Budesonide/Formoterol | no |
    """
    own = concept.names[0].name
    drugs = [squash(drug) for drug in own.text.split("/")]
    if len(drugs) != len(own.components):
        drugs = ["".join(drug) for drug in own.components]
    for item in names:
        if not drugs and not item.name.cased:
            continue
        parts = [part for part in _JOINTS.split(_without_form(item.name)) if part]
        if len(parts) == 1 and 3 < len(parts[0]) < 6 and item.name.cased and own.tokens[0].startswith(parts[0]):
            return True
        if len(parts) == len(drugs) > 1 and _short_for(parts, drugs):
            return True
    return False


def _without_form(name: Name) -> str:
    """The folded name without doses, and without the forms that end it."""
    words = undressed(name.text).split()
    while len(words) > 1 and words[-1] in FORMS:
        words.pop()
    return " ".join(words)


def may_be_short_for(letters: str, whole: str) -> bool:
    """Do these letters run through a name, from its first one on?"""
    key = squash(whole)
    return letters[:1] == key[:1] and _runs_through(letters, key)


def _short_for(parts: list[str], drugs: list[str]) -> bool:
    """Is each of the parts written out in, or short for, a drug of its own?"""
    left = list(drugs)
    for part in parts:
        letters = part.rstrip("0123456789 ")
        drug = next((drug for drug in left if letters[:1] == drug[:1] and _runs_through(letters, drug)), None)
        if drug is None or len(letters) < 2:
            return False
        left.remove(drug)
    return True


def _runs_through(letters: str, word: str) -> bool:
    rest = iter(word)
    return letters.isalpha() and all(letter in rest for letter in letters)
