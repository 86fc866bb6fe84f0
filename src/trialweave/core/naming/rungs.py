"""The ladder between name parts of a record and the names of a concept (DESIGN section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trialweave.core.models import Tier
from trialweave.core.naming.class_words import without_class_words
from trialweave.core.naming.features import features, united
from trialweave.core.naming.names import (
    Name,
    abroad,
    acid_or_salt,
    are_cells_of,
    beginning_of_cells,
    renumbered,
    spelled_abroad,
)
from trialweave.core.naming.reworded import same_words
from trialweave.core.naming.sisters import are_sisters
from trialweave.core.naming.species import of_one_species
from trialweave.core.naming.tokens import bare_tokens, is_class_word, undressed
from trialweave.core.naming.views import ConceptNames, Sourced
from trialweave.core.text import squash
from trialweave.core.vocabulary.qualifiers import STAND_INS


def rungs(names: Iterable[Sourced], concept: ConceptNames) -> Iterable[tuple[Tier, Sourced, Sourced]]:
    """Where name parts meet names of the concept, best rung first: the part, and the concept's name."""
    own = [item for item in names if not item.formulations or item.formulations <= formulations_borne(concept)]
    for item in own:
        found = concept.by_key.get(item.name.key)
        if found is not None and found.name.specific:
            yield ("exact" if item.name.text in concept.texts else "normalised"), item, found
    for item in own:
        yield from _by_tokens(item, concept, item.name.tokens, () if _remade(item, concept) else item.name.core)
    for item in own:
        for code in () if _remade(item, concept) else (*item.name.codes, *_only_word(item.name)):
            if (found := concept.by_code.get(code)) is not None:
                yield "code", item, found
    for item in own:
        for found in same_words(item, concept):
            yield "token", item, found
    for item in own:
        yield from () if _remade(item, concept) else _two_names(item, concept)
    for item in own:
        if not _remade(item, concept):
            bare = without_class_words(item.name.tokens, concept.features.families)
            joined = bare_tokens("".join(item.name.tokens)), bare_tokens(squash(undressed(item.name.text)))
            whole = (*item.name.tokens, "cell"), *joined
            others = (*abroad(item.name.tokens), acid_or_salt(item.name.tokens), renumbered(item.name.tokens))
            yield from _by_tokens(item, concept, bare, *whole, *others)
            if (begun := beginning_of_cells(bare or item.name.tokens)) is not None:
                full = (found for found in concept.specific if are_cells_of(begun, found.name.tokens))
                yield from (("token", item, found) for found in full)
    for item in own:
        if (spelled := spelled_abroad(item.name.tokens)) is not None and not _remade(item, concept):
            same = (found for found in concept.specific if spelled_abroad(found.name.tokens, endings="e") == spelled)
            yield from (("token", item, found) for found in same if not are_sisters(item.name, found.name))
    for item in own:
        yield from (("token", item, found) for found in of_one_species(item, concept))


def _by_tokens(item: Sourced, concept: ConceptNames, *rows: tuple[str, ...]) -> Iterator[tuple[Tier, Sourced, Sourced]]:
    """The names of the concept that these tokens of the part lead to."""
    for tokens in rows:
        found = concept.by_tokens.get(tokens)
        if found is not None and not are_sisters(item.name, found.name):
            yield "token", item, found


def _two_names(item: Sourced, concept: ConceptNames) -> Iterator[tuple[Tier, Sourced, Sourced]]:
    """Two names of the concept side by side are one: `GP2017 adalimumab`."""
    tokens = item.name.tokens
    for at in range(1, len(tokens)):
        found, behind = (concept.by_tokens.get(side) for side in (tokens[:at], tokens[at:]))
        if found is not None and behind is not None and found is not behind:
            yield "token", item, found


def _remade(item: Sourced, concept: ConceptNames) -> bool:
    """Does the name say what makes another product of a bare drug or code: `liposomal AZD4547`, `AZD4547 placebo`?

    A formulation or a label counts where no name of the concept knows it.
    """
    if not STAND_INS.isdisjoint(item.name.tokens):
        return True
    said = features(item.name.text).formulations
    return bool(said) and not said <= formulations_borne(concept)


def _only_word(name: Name) -> tuple[str, ...]:
    """The one word of a name that is no class word may be a code that only the concept knows as one: `AUTO4 cells`."""
    telling = tuple(token for token in name.tokens if not is_class_word(token) and len(token) > 1)
    return telling if len(telling) == 1 else ()


def formulations_borne(concept: ConceptNames) -> frozenset[str]:
    return united(features(item.name.text) for item in concept.names).formulations
