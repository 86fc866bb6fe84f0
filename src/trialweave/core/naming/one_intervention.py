"""Two names of one intervention: what a study says of a name that the concept lacks."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.models import Text
from trialweave.core.naming.features import stem_family
from trialweave.core.naming.names import Name, of_a_combination, read_name
from trialweave.core.naming.parts import around_brackets
from trialweave.core.naming.sisters import other_ester
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.naming.views import ConceptNames, RecordNames
from trialweave.core.stems import different_substances
from trialweave.core.study import Intervention
from trialweave.core.text import squash

ONE_INTERVENTION = "the study gives both as names of one intervention"


def of_one_intervention(record: RecordNames, concept: ConceptNames, mentions: StudyMentions) -> Text | None:
    """The concept's name, where the study calls one intervention by it and by the record's name too.

    | intervention, and its other names | record | concept | |
    |---|---|---|---|
    | Ivermectin 1% cream (CD5024) | CD5024 | Ivermectin | yes |
    | Latanoprost-timolol (Xalacom) | Xalacom | Latanoprost | no: a part of the name |
    | Carboplatin + paclitaxel (TC) | TC | Paclitaxel | no: the name joins drugs |
    | Chemotherapy (FOLFOX, FOLFIRI) | FOLFIRI | FOLFOX | no: both are other names |
    | Anlotinib (gefitinib) | gefitinib | Anlotinib | no: two nonproprietary names |
    | Zebrex (carboplatin, paclitaxel) | Zebrex | Carboplatin | no: the names are of two substances |
    """
    asked = record.names[0].name
    if not asked.specific or other_ester(asked, concept.names[0].name):
        return None
    if asked.tokens in concept.names[0].name.components or _two_substances(asked, concept.names[0].name):
        return None
    own = set(asked.forms)
    for at, item in enumerate(mentions.study.interventions):
        names = list(_names_of(item, at, mentions))
        if read_name(item.name).components or any(
            different_substances([text.text], concept.texts) for _, text in names
        ):
            continue
        ours, theirs = -1, None
        for number, text in names:
            name = of_a_combination(read_name(text.text))
            if not own.isdisjoint(name.forms) and ours < 0:
                ours = number
            elif theirs is None and name.specific and (name.key in concept.by_key or name.tokens in concept.by_tokens):
                theirs = (number, text)
        if ours >= 0 and theirs is not None and 0 in (ours, theirs[0]):
            return theirs[1]
    return None


def _two_substances(asked: Name, borne: Name) -> bool:
    """Are both nonproprietary, and other words, were it of one stem: gefitinib and anlotinib?"""
    own, other = (frozenset(filter(stem_family, name.tokens)) for name in (asked, borne))
    return bool(own) and bool(other) and own.isdisjoint(other)


def _names_of(item: Intervention, at: int, mentions: StudyMentions) -> Iterator[tuple[int, Text]]:
    """What it is called, numbered 0, and its other names, unless they are interventions of their own."""
    for part in around_brackets(item.name):
        yield 0, Text(part, f"{item.path}/name")
    for number, other in enumerate(item.other_names, 1):
        if mentions.own_names.get(squash(other.text), at) == at:
            yield number, other
