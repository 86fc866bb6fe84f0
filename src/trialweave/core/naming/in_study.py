"""Names looked for in a study: where one of them stands, or what the study says instead (DESIGN section 6)."""

from __future__ import annotations

from collections.abc import Sequence

from trialweave.core.models import Text, Tier
from trialweave.core.naming.features import Features, formulations_of
from trialweave.core.naming.generic import generic_verdict, leaves_no_room, likely_generic_products
from trialweave.core.naming.guards import counted, taken_besides
from trialweave.core.naming.nameless import nameless_products
from trialweave.core.naming.names import Name, abroad, distinctive_tokens
from trialweave.core.naming.reworded import in_another_order
from trialweave.core.naming.stream import Occurrence, Stream
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.naming.tokens import otherwise_spelled
from trialweave.core.naming.verdict import AMBIGUOUS, BESIDES, ENOUGH_NEAR, UNSHARED, UNTOLD, NameVerdict, share
from trialweave.core.naming.views import Sourced


def in_study(names: Sequence[Sourced], known: Features, mentions: StudyMentions) -> NameVerdict:
    """Look for the names in the study.

    | names | study | verdict, because |
    |---|---|---|
    | none | any | unverifiable, "no name" |
    | specific | has one in a counted place, or an intervention of the same words | match, the tier |
    | specific | only in keywords or detailed description, and it lists products | unverifiable, "only in the prose" |
    | class words | see `generic_verdict` | unverifiable or mismatch |
    | specific | only in placebo | unverifiable, "only in placebo" |
    | specific | only as what patients take besides | unverifiable, `BESIDES` |
    | specific | has a product in class words that could be it | unverifiable, "the study names products generically" |
    | specific | lists neither interventions nor arms | unverifiable, "the study lists no interventions" |
    | specific | the same, and its texts leave no room: `leaves_no_room` | unverifiable, `UNTOLD` |
    | short or ambiguous beside specific | has it for an intervention's name | unverifiable, "only an ambiguous name" |
    | specific | only among the criteria of eligibility | mismatch, "only in eligibility" |
    | one specific name, no code | gives a product by a code alone | mismatch, "the study names a code only" |
    | specific | none of these | mismatch, "no shared name" |
    """
    if not names:
        return NameVerdict("unverifiable", "no name")
    specific = [
        item
        for item in names
        if item.name.specific and (not item.formulations or item.formulations <= formulations_of(mentions.vocabulary))
    ]
    if (found := search(specific, mentions.listed) or search(specific, mentions.prose)) is not None:
        return _found(*found, hint=False)
    if (found := search(specific, mentions.asides)) is not None:
        return _found(*found, hint=bool(mentions.products))
    if (reworded := in_another_order(specific, mentions)) is not None:
        return NameVerdict("match", "token", "token", reworded.text, reworded.path, "intervention", coverage=1.0)
    if not any(item.name.specific for item in names):
        verdict, because = generic_verdict([item.name for item in names], known, mentions)
        return NameVerdict(verdict, because, near=mentions.products[:ENOUGH_NEAR])
    if search(specific, mentions.placebo) is not None:
        return NameVerdict("unverifiable", "only in placebo", coverage=1.0)
    if (besides := _taken_besides(specific, mentions)) is not None:
        text = Text(besides.text, besides.part.path)
        return NameVerdict("unverifiable", BESIDES, coverage=1.0, near=(text,))
    coverage = _study_coverage(specific, mentions)
    likely = likely_generic_products(names[0].name, known, mentions)
    if likely:
        because = "the study names products generically"
        return NameVerdict("unverifiable", because, coverage=coverage, near=likely[:ENOUGH_NEAR])
    if not (mentions.study.interventions or mentions.study.arms):
        silent = leaves_no_room(names[0].name, known, mentions)
        return NameVerdict("unverifiable", UNTOLD if silent else "the study lists no interventions", coverage=coverage)
    if any(item.name.weak and not item.name.generic and item.name.tokens in mentions.bare_names for item in names):
        return NameVerdict("unverifiable", AMBIGUOUS, coverage=coverage)
    because, near = UNSHARED, mentions.products
    if search(specific, mentions.eligibility) is not None:
        because = "only in eligibility"
    elif _by_one_name(specific) and (coded := tuple(nameless_products(known, mentions))):
        because, near = "the study names a code only", coded
    return NameVerdict("mismatch", because, coverage=coverage, near=near[:ENOUGH_NEAR])


def _taken_besides(names: Sequence[Sourced], mentions: StudyMentions) -> Occurrence | None:
    """The first place where a study speaks of the drug as of what its patients take anyway, or if they need it."""
    streams = (mentions.listed, mentions.prose)
    return next((met for stream in streams for item in names for met in taken_besides(stream, item.name)), None)


def _by_one_name(names: Sequence[Sourced]) -> bool:
    """Is the drug known by one name alone, which is no code? Then the study may use one that we do not know."""
    return len({item.name.tokens for item in names}) == 1 and not any(item.name.codes for item in names)


def search(names: Sequence[Sourced], stream: Stream) -> tuple[Tier, Occurrence] | None:
    """The first counted occurrence, rung by rung: spelling, tokens, codes, all drugs of a combination."""
    if not stream:
        return None
    for item in names:
        for occurrence in counted(stream, stream.find(item.name.key), item.name):
            exact = any(occurrence.text == other.name.text for other in names)
            return ("exact" if exact else "normalised"), occurrence
    for item in names:
        for tokens in (item.name.tokens, item.name.core):
            if tokens:
                for occurrence in counted(stream, stream.find_tokens(tokens), item.name):
                    return "token", occurrence
    for item in names:
        for code in item.name.codes:
            for occurrence in counted(stream, stream.find(code), item.name):
                return "code", occurrence
    for item in names:
        for key in otherwise_spelled(item.name.key):
            for occurrence in counted(stream, stream.find(key), item.name):
                return "token", occurrence
    for item in names:
        for tokens in abroad(item.name.tokens) if item.preferred else ():
            for occurrence in counted(stream, stream.find_tokens(tokens), item.name):
                return "token", occurrence
    for item in names:
        if item.name.components and (met := _all_components(item.name, stream)) is not None:
            return "token", met
    return None


def _all_components(name: Name, stream: Stream) -> Occurrence | None:
    """The first drug of a combination, where one text names them all."""
    met = [list(counted(stream, stream.find_tokens(component), name)) for component in name.components]
    shared = set.intersection(*({occurrence.part.path for occurrence in found} for found in met))
    return next((occurrence for occurrence in met[0] if occurrence.part.path in shared), None)


def _found(tier: Tier, occurrence: Occurrence, *, hint: bool) -> NameVerdict:
    part = occurrence.part
    if hint:
        near = (Text(occurrence.text, part.path),)
        return NameVerdict("unverifiable", "only in the prose", coverage=1.0, near=near)
    return NameVerdict("match", tier, tier, occurrence.text, part.path, part.place, coverage=1.0)


def _study_coverage(names: Sequence[Sourced], mentions: StudyMentions) -> float:
    return max((share(distinctive_tokens(item.name), mentions.vocabulary) for item in names), default=0.0)
