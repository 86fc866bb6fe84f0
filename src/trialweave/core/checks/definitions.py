"""The stored definition against the current one: the same, cut off, revised, or about something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.foreign_names import names_used
from trialweave.core.modality import contradict, opening_modalities
from trialweave.core.models import Claim, Severity, Suggestion
from trialweave.core.naming import ConceptNames, opening_features
from trialweave.core.remembered import PROSE
from trialweave.core.targets import disjoint, targets_in
from trialweave.core.text import aligned, definition_ratio, definition_text, word_list
from trialweave.core.views import ConceptView
from trialweave.core.vocabulary.british import american
from trialweave.core.vocabulary.qualifiers import Action

FIELD = "nci_thesaurus_definition"

REVISED = 60.0
"""Ratio of common words from which a text is a revision.

Measured on 770 codes with several stored texts: 745 pairs equal, 22 revisions at 96 to 99, 3 at 59 to 66 (two of them a
salt and its base), and the two at 5 and 12 are other products. Different drugs (3,000 random pairs): median 11, 99th
percentile 30, 99.9th 58; drugs that share the ending of their name (705 pairs): median 14, 95th percentile 41, 3.4 %
at 60 and more. So a low ratio is evidence against identity, a high one is none for it.
"""

UNRELATED = 50.0
"""Ratio below which a stored definition is a second witness that record and concept are two drugs."""

_SHORTEST_SENTENCE = 10
_KEPT = 0.9
"""The share of a shortened sentence that stands in the whole text in its order."""

_SHORTEST_BEGINNING = 24
_LONGEST_LABEL = 80
_LABEL_ENDS = tuple(":-|")
_CUT = re.compile(r"(?:[\s.…]|[(\[]?(?:truncated|cont(?:inued|\.)?|more|…|\.{2,})[)\]]?)+$")
"""What stands behind a text that was cut off: `...`, `[...]`, `(truncated)`."""

_BRACKETS = str.maketrans("[]{}", "()()")
_PUNCTUATION = re.compile("(?<!\\d)[,;:\"'`]")
_SPACING = re.compile(r"(?<!\d)[-\s]+|\s+(?!\d)")
"""Spaces and hyphens are typography: `beta catenin`, `HER-2`, `activity.Upon`. Behind a digit a hyphen may be a minus,
`CD4- T cells`, and a space keeps two numbers apart."""

_SAID: Mapping[Action, str] = {"agonist": "an agonist", "inhibitory": "an antagonist"}

Relation = Literal["same", "cut", "revised", "unrelated"]


def check(case: Case) -> Iterator[Finding]:
    """Findings about the definition of the concept, by itself and against the stored one."""
    if case.concept is None or case.concept_link_broken:
        return
    yield from _against_stored(case, case.concept)
    other, concept = case.concept.foreign_name, case.concept.concept
    if other is None or concept.definition is None or case.triangle.mismatch(case.triangle.record_concept):
        return
    yield Finding(
        "concept_definition_names_other_drug",
        "nci_thesaurus_concept_id",
        f"The definition of {concept.code} {concept.name!r} speaks of {other!r}, which is no name of the concept.",
        (Claim("ncit", "/name", concept.name), Claim("ncit", concept.definition.path, other)),
    )


def _against_stored(case: Case, view: ConceptView) -> Iterator[Finding]:
    """Findings about the stored definition.

    | texts                    | names     | other witness                | finding                         |
    |--------------------------|-----------|------------------------------|---------------------------------|
    | equal but for typography, in any source | any |                     | none                            |
    | stored is the beginning  | any       |                              | text_truncated                  |
    | ratio >= 60              | any       | none                         | definition_drift                |
    | ratio >= 60              | mismatch  | family or target contradicts | none: evidence of record_concept |
    | ratio >= 60              | otherwise | family or target contradicts | definition_unrelated, warning   |
    | ratio < 60, names the concept's drug | any | none                   | definition_drift                |
    | ratio < 60               | mismatch  |                              | none: evidence of record_concept |
    | ratio < 60               | otherwise | family or target contradicts | definition_unrelated, error     |
    | ratio < 60               | otherwise | none                         | definition_unrelated, warning   |
    """
    given = case.record.get(FIELD)
    concept = view.concept
    if given is None or concept.definition is None:
        return
    current = concept.definition
    relation = compare(given.text, current.text)
    if relation == "same" or any(compare(given.text, other.text) == "same" for other in concept.other_definitions):
        return
    why = contradiction(given.text, current.text)
    if relation == "unrelated" and why is None and names_the_drug(given.text, view.names):
        relation = "revised"
    elif relation == "revised" and why is not None:
        relation = "unrelated"
    claims = (Claim("record", given.path, given.text), Claim("ncit", current.path, current.text))
    update = Suggestion(FIELD, current.text, f"the current definition of {concept.code}", (current.path,))
    match relation:
        case "cut":
            message = (
                f"The record holds the beginning of the definition of {concept.code}, up to {_end(given.text)!r};"
                f" the current text goes on to {_end(current.text)!r}."
            )
            yield Finding("text_truncated", FIELD, message, claims, suggestion=update)
        case "revised":
            message = f"The definition of {concept.code} was revised: {_difference(given.text, current.text)}."
            yield Finding("definition_drift", FIELD, message, claims, suggestion=update)
        case _ if not case.triangle.mismatch(case.triangle.record_concept):
            shared = ratio(given.text, current.text)
            message = (
                f"The stored definition begins {_start(given.text)!r}; that of {concept.code} {concept.name!r} begins"
                f" {_start(current.text)!r}: they share {shared:.0f} % of their words"
                + (f", and one speaks of {why}." if why else ".")
            )
            severity: Severity = "error" if why is not None and shared < REVISED else "warning"
            yield Finding("definition_unrelated", FIELD, message, claims, severity=severity)


@lru_cache(maxsize=PROSE)
def compare(stored: str, current: str) -> Relation:
    """How a stored definition relates to the current one.

    | stored                                                                | relation  |
    |-----------------------------------------------------------------------|-----------|
    | the current one but for spelling, spaces, punctuation, a label before | same      |
    | its beginning                                                         | cut       |
    | most of its words, in their order                                     | revised   |
    | other words                                                           | unrelated |
    """
    plain, current_plain = definition_text(stored), definition_text(current)
    if plain == current_plain:
        return "same"
    old, new = _letters(_without_label(plain, current_plain)), _letters(current_plain)
    for spelled in (str, american):  # a cut may part a word that the second would change
        mine, theirs = spelled(old), spelled(new)
        if mine == theirs or mine.rstrip(". ") == theirs.rstrip(". "):
            return "same"
        beginning = _CUT.sub("", mine)
        if len(beginning) >= _SHORTEST_BEGINNING and theirs.startswith(beginning):
            return "cut"
    return "revised" if ratio(stored, current) >= REVISED or _is_shortened(stored, current) else "unrelated"


def _without_label(stored: str, current: str) -> str:
    """A text without what is put before the current one: `Encorafenib: An orally available ...`."""
    at = stored.find(current[:_SHORTEST_BEGINNING], 1, _LONGEST_LABEL + _SHORTEST_BEGINNING)
    return stored[at:] if at > 0 and stored[:at].rstrip().endswith(_LABEL_ENDS) else stored


def _letters(plain: str) -> str:
    """A plain text without what is typography: spaces, hyphens, commas, the shape of brackets."""
    return _SPACING.sub("", _PUNCTUATION.sub("", plain.replace(" & ", " and ").translate(_BRACKETS)))


def _is_shortened(stored: str, current: str) -> bool:
    """Is a stored text the current one with words left out: all but a few of its words stand there, in that order?"""
    words, longer = (word_list(definition_text(text)) for text in (stored, current))
    if not _SHORTEST_SENTENCE <= len(words) < len(longer):
        return False
    beside = aligned(words, longer)
    return beside is not None and sum(block.size for block in beside.get_matching_blocks()) >= _KEPT * len(words)


@lru_cache(maxsize=PROSE)
def ratio(stored: str, current: str) -> float:
    """`definition_ratio`, remembered: many records store the text of one concept."""
    return definition_ratio(stored, current)


def names_the_drug(text: str, names: ConceptNames) -> bool:
    """Does a definition use a specific name of the concept?"""
    return next(names_used(text, names), None) is not None


def contradiction(stored: str, current: str) -> str | None:
    """What one text says and the other excludes: another kind of therapy, target or action, other cells."""
    kinds, others = opening_modalities(stored), opening_modalities(current)
    if contradict(kinds, others):
        return f"{' and '.join(sorted(kinds))}, the other of {' and '.join(sorted(others))}"
    old, new = targets_in(stored), targets_in(current)
    if disjoint([old], [new]):
        return f"{' and '.join(sorted(old.aimed))}, the other of {' and '.join(sorted(new.aimed))}"
    mine, yours = opening_features(stored), opening_features(current)
    if len(mine.origins) == 1 == len(yours.origins) and mine.origins != yours.origins:
        return f"{min(mine.origins)}, the other of {min(yours.origins)} cells"
    if len(mine.actions) == 1 == len(yours.actions) and mine.actions != yours.actions:
        return f"{_SAID[min(mine.actions)]}, the other of {_SAID[min(yours.actions)]}"
    return None


def _difference(stored: str, current: str) -> str:
    """The first place where two texts part, a few words of each."""
    old, new = stored.split(), current.split()
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return f"{_words(old, at)!r} is {_words(new, at)!r} now"


def _words(words: list[str], at: int) -> str:
    return " ".join(words[max(0, at - 2) : at + 5])


def _start(text: str) -> str:
    words = text.split()
    return " ".join(words[:12]) + (" ..." if len(words) > 12 else "")


def _end(text: str) -> str:
    return " ".join(text.split()[-5:])
