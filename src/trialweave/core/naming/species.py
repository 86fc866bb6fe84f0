"""Living things under their Latin names, the genus written as one letter: `L. rhamnosus GG`.

The International Codes of Nomenclature let a genus be abbreviated where it is plain which one is meant: here by the
species behind it, which has to be the same word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trialweave.core.naming.views import ConceptNames, Sourced

_SHORT_GENUS = re.compile(r"(?<![\w.-])([A-Z])\.\s?([a-z]{5,})(?![\w-])")
_SHORTEST_GENUS = 5


def of_one_species(item: Sourced, concept: ConceptNames) -> Iterator[Sourced]:
    """The concept's names that have the words of this one, and a genus for its initial."""
    short = _SHORT_GENUS.search(item.name.text) if "." in item.name.text else None
    if short is None:
        return
    letter, species = short[1].casefold(), short[2]
    tokens = item.name.tokens
    at = next((at for at in range(len(tokens) - 1) if tokens[at : at + 2] == (letter, species)), None)
    if at is None:
        return
    for found in concept.specific:
        other = found.name.tokens
        same = other[:at] == tokens[:at] and other[at + 1 :] == tokens[at + 1 :]
        if same and len(other[at]) >= _SHORTEST_GENUS and other[at].startswith(letter):
            yield found
