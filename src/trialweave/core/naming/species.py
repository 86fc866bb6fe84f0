"""Living things under their Latin names, the genus written as one letter: `L. rhamnosus GG`.

The International Codes of Nomenclature let a genus be abbreviated where it is plain which one is meant: here by the
species behind it, which has to be the same word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from trialweave.core.naming.views import ConceptNames, Sourced

_SHORT_GENUS = re.compile(r"(?<![\w.-])([A-Z])\.\s?([a-z]{5,})(?![\w-])")
_SHORTEST_GENUS = 5
_LEFT_OUT = frozenset({"probiotic", "supplement"})
"""What a name may say or not."""


def of_one_species(item: Sourced, concept: ConceptNames) -> Iterator[Sourced]:
    """The concept's names that have the words of this one, and a genus for each initial.

    | name | concept | |
    |---|---|---|
    | `L. rhamnosus GG` | Lactobacillus rhamnosus GG | yes |
    | `B. lactis/L. reuteri` | Bifidobacterium lactis/Lactobacillus reuteri Probiotic | yes |
    | `B. lactis/L. reuteri` | Bifidobacterium lactis/Bacillus reuteri | no |
    """
    short = {(m[1].casefold(), m[2]) for m in _SHORT_GENUS.finditer(item.name.text)} if "." in item.name.text else None
    if not short:
        return
    tokens = _telling(item.name.tokens)
    initials = [pair in short for pair in pairwise((*tokens, ""))]
    if not any(initials):
        return
    for found in concept.specific:
        other = _telling(found.name.tokens)
        if len(other) == len(tokens) and all(
            own == whole or (initial and len(whole) >= _SHORTEST_GENUS and whole.startswith(own))
            for own, whole, initial in zip(tokens, other, initials, strict=True)
        ):
            yield found


def _telling(tokens: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(token for token in tokens if token not in _LEFT_OUT)
