"""The three edges: match with tier and place, mismatch, or unverifiable (DESIGN section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from trialweave.core.models import Text, Tier, Verdict
from trialweave.core.naming.features import (
    Features,
    contradiction,
    different_families,
    features,
    formulations_of,
    united,
)
from trialweave.core.naming.generic import generic_verdict, leaves_no_room, likely_generic_products, other_kind
from trialweave.core.naming.guards import counted, other_biosimilar, other_variant, taken_besides
from trialweave.core.naming.nameless import nameless_products
from trialweave.core.naming.names import (
    Name,
    abroad,
    are_cells_of,
    beginning_of_cells,
    distinctive_tokens,
    without_class_words,
)
from trialweave.core.naming.reworded import SAYS_MORE, contained, in_another_order, same_words
from trialweave.core.naming.stream import Occurrence, Place, Stream
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.naming.tokens import is_class_word, otherwise_spelled
from trialweave.core.naming.views import ConceptNames, RecordNames, Sourced
from trialweave.core.vocabulary.qualifiers import STAND_INS

_ENOUGH_NEAR = 3

BESIDES = "only as what patients take besides"

UNTOLD = "the study lists no interventions, and its texts tell of none"


class NameVerdict(NamedTuple):
    """The answer to "does this name denote that drug?".

    `matched` is the confirming text verbatim at the far end, `path` and `place` where it stands (`place` in a study
    only). `because` is a short machine reason. `coverage` is, where nothing matched, the best share of a name's telling
    words that the other side has (0 to 1): 0.6 and more lets a check soften error to warning. `near` shows what came
    close, or what the study gives instead.
    """

    verdict: Verdict
    because: str
    tier: Tier | None = None
    matched: str | None = None
    path: str | None = None
    place: Place | None = None
    coverage: float = 0.0
    near: tuple[Text, ...] = ()


def compare_record_concept(record: RecordNames, concept: ConceptNames) -> NameVerdict:
    """Does the record's drug bear a name of the concept?

    | record's name | concept | verdict, because |
    |---|---|---|
    | none | any | unverifiable, "the record names no drug" |
    | one specific part on a rung | bears it | match, the tier or "obsolete name only" |
    | on the token or code rung | contradicts in origin, targets or action | mismatch, the contradiction |
    | on the code rung | is of another family by its name: `AZD4547 CAR-T cells` | mismatch, "different families" |
    | class words, in any writing | bears the very words | unverifiable, "same generic name" |
    | ambiguous or too short | bears it | unverifiable, "only an ambiguous name" |
    | any | contradicts in origin, targets, action or family | mismatch, "different targets" ... |
    | class words | does not bear them | unverifiable, "only generic words in the record" |
    | specific, on no rung | a class | unverifiable, "the concept is a class" |
    | the concept's and harmless words around it, see `contained` | specific | unverifiable, `SAYS_MORE` |
    | specific, on no rung | specific | mismatch, "no shared name" |
    """
    if not record.names:
        return NameVerdict("unverifiable", "the record names no drug")
    clash, borne = contradiction(record.features, concept.features), _borne(record, concept)
    for tier, part, found in _rungs(record.specific, concept):
        text = Text(found.name.text, found.path)
        vetoed = clash is not None and borne is None and tier in ("token", "code")
        if clash is not None and vetoed and _said_in_names(record, concept, clash):
            return NameVerdict("mismatch", clash, coverage=1.0, near=(text,))
        if tier == "code" and different_families(features(part.name.text), _named(concept)):
            return NameVerdict("mismatch", "different families", coverage=1.0, near=(text,))
        because = "obsolete name only" if found.obsolete else tier
        return NameVerdict("match", because, tier, text.text, text.path, coverage=1.0)
    coverage, near = _concept_coverage(record, concept)
    if borne is not None:
        reason = "same generic name" if borne.name.generic else "only an ambiguous name"
        return NameVerdict("unverifiable", reason, coverage=1.0, near=(Text(borne.name.text, borne.path),))
    if clash is None and (different_families(record.features, concept.features) or other_kind(record, concept)):
        clash = "different families"
    if clash is not None:
        return NameVerdict("mismatch", clash, coverage=coverage, near=near)
    if not record.specific:
        return NameVerdict("unverifiable", "only generic words in the record", coverage=coverage, near=near)
    if not concept.specific:
        return NameVerdict("unverifiable", "the concept is a class", coverage=coverage, near=near)
    if (known := contained(record.names, concept)) is not None:
        return NameVerdict("unverifiable", SAYS_MORE, coverage=coverage, near=(Text(known.name.text, known.path),))
    return NameVerdict("mismatch", "no shared name", coverage=coverage, near=near)


def _borne(record: RecordNames, concept: ConceptNames) -> Sourced | None:
    """The concept's name, too general or too short to confirm, that the record writes letter for letter.

    A general part beside a specific one excuses nothing: `XYZ-101 (anti-CD19 CAR-T cells)`.
    """
    for item in record.names:
        found = None if item.formulations else _by_key(item.name, concept)
        if found is None:
            continue
        if not (record.specific and found.name.generic) or item is record.names[0] or item.name.specific:
            return found
    return None


def _by_key(name: Name, concept: ConceptNames) -> Sourced | None:
    """The concept's name of these letters; a short one also with a form or a dose beside it: `Topical TXA`."""
    found = concept.by_key.get(name.key)
    if found is None and len(name.tokens) == 1:
        found = concept.by_key.get(name.tokens[0])
        found = found if found is not None and found.name.weak else None
    return found


def compare_record_study(
    record: RecordNames, mentions: StudyMentions, concept: ConceptNames | None = None, known: NameVerdict | None = None
) -> NameVerdict:
    """Does the study name the record's drug? The concept's names may bridge where record and concept match.

    They also do where the record calls its drug as the concept is called, though that name confirms nothing by itself,
    and where a mismatch is all that any other name of the concept leads to: `CART-19` is CTL019 too.
    `known` is what `compare_record_concept` said of the two. Truth table: `_in_study`.
    """
    names, said = record.names, record.features
    if concept is not None and (
        (known or compare_record_concept(record, concept)).verdict == "match" or _called_alike(record, concept)
    ):
        return _in_study(names + concept.names, united([said, concept.features]), mentions)
    answer = _in_study(names, said, mentions)
    if answer.verdict != "mismatch" or concept is None or not names:
        return answer
    more = known is not None and known.because == SAYS_MORE
    if more or _by_key(names[0].name, concept) is not None:
        bridged = _in_study(names + concept.names, united([said, concept.features]), mentions)
        if bridged.verdict == "match":
            return (
                NameVerdict("unverifiable", SAYS_MORE, coverage=answer.coverage, near=answer.near) if more else bridged
            )
    return answer


def _called_alike(record: RecordNames, concept: ConceptNames) -> bool:
    return bool(record.names) and record.names[0].name.key == concept.names[0].name.key


def compare_study_concept(
    mentions: StudyMentions, concept: ConceptNames, record: RecordNames | None = None, known: NameVerdict | None = None
) -> NameVerdict:
    """Does the study name the concept? The record's names may bridge where record and concept match.

    `known` is what `compare_record_concept` said of the two. Truth table: `_in_study`.
    """
    names = concept.names
    if record is not None and (known or compare_record_concept(record, concept)).verdict == "match":
        names += record.names
    return _in_study(names, concept.features, mentions)


def _in_study(names: Sequence[Sourced], known: Features, mentions: StudyMentions) -> NameVerdict:
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
        return NameVerdict(verdict, because, near=mentions.products[:_ENOUGH_NEAR])
    if search(specific, mentions.placebo) is not None:
        return NameVerdict("unverifiable", "only in placebo", coverage=1.0)
    if (besides := _taken_besides(specific, mentions)) is not None:
        text = Text(besides.text, besides.part.path)
        return NameVerdict("unverifiable", BESIDES, coverage=1.0, near=(text,))
    coverage = _study_coverage(specific, mentions)
    likely = likely_generic_products(names[0].name, known, mentions)
    if likely:
        because = "the study names products generically"
        return NameVerdict("unverifiable", because, coverage=coverage, near=likely[:_ENOUGH_NEAR])
    if not (mentions.study.interventions or mentions.study.arms):
        silent = leaves_no_room(names[0].name, known, mentions)
        return NameVerdict("unverifiable", UNTOLD if silent else "the study lists no interventions", coverage=coverage)
    if any(item.name.weak and not item.name.generic and item.name.tokens in mentions.bare_names for item in names):
        return NameVerdict("unverifiable", "only an ambiguous name", coverage=coverage)
    because, near = "no shared name", mentions.products
    if search(specific, mentions.eligibility) is not None:
        because = "only in eligibility"
    elif _by_one_name(specific) and (coded := tuple(nameless_products(known, mentions))):
        because, near = "the study names a code only", coded
    return NameVerdict("mismatch", because, coverage=coverage, near=near[:_ENOUGH_NEAR])


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


def _rungs(names: Iterable[Sourced], concept: ConceptNames) -> Iterable[tuple[Tier, Sourced, Sourced]]:
    """Where name parts meet names of the concept, best rung first: the part, and the concept's name."""
    own = [item for item in names if not item.formulations or item.formulations <= _formulations(concept)]
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
        if not _remade(item, concept):
            bare = without_class_words(item.name.tokens, concept.features.families)
            yield from _by_tokens(item, concept, bare, (*item.name.tokens, "cell"), *abroad(item.name.tokens))
            if (begun := beginning_of_cells(bare or item.name.tokens)) is not None:
                full = (found for found in concept.specific if are_cells_of(begun, found.name.tokens))
                yield from (("token", item, found) for found in full)


def _by_tokens(item: Sourced, concept: ConceptNames, *rows: tuple[str, ...]) -> Iterator[tuple[Tier, Sourced, Sourced]]:
    """The names of the concept that these tokens of the part lead to."""
    for tokens in rows:
        found = concept.by_tokens.get(tokens)
        if (
            found is not None
            and not other_biosimilar(item.name, found.name.suffix)
            and not other_variant(item.name, "".join(found.name.tokens[-1:]))
        ):
            yield "token", item, found


def _remade(item: Sourced, concept: ConceptNames) -> bool:
    """Does the name say what makes another product of a bare drug or code: `liposomal AZD4547`, `AZD4547 placebo`?

    A formulation or a label counts where no name of the concept knows it.
    """
    if not STAND_INS.isdisjoint(item.name.tokens):
        return True
    said = features(item.name.text).formulations
    return bool(said) and not said <= _formulations(concept)


def _only_word(name: Name) -> tuple[str, ...]:
    """The one word of a name that is no class word may be a code that only the concept knows as one: `AUTO4 cells`."""
    telling = tuple(token for token in name.tokens if not is_class_word(token) and len(token) > 1)
    return telling if len(telling) == 1 else ()


def _named(side: RecordNames | ConceptNames) -> Features:
    """What the first name of a side says by itself."""
    return features(side.names[0].name.text)


def _said_in_names(record: RecordNames, concept: ConceptNames, clash: str) -> bool:
    """Targets that prose alone speaks of may be the target's ligand or the payload's: they veto no shared name."""
    return clash != "different targets" or all(_named(side).targets for side in (record, concept))


def _formulations(concept: ConceptNames) -> frozenset[str]:
    return united(features(item.name.text) for item in concept.names).formulations


def _concept_coverage(record: RecordNames, concept: ConceptNames) -> tuple[float, tuple[Text, ...]]:
    own = [distinctive_tokens(item.name) for item in record.names]
    scored = sorted(
        (
            (max(_share(telling, set(other.name.tokens)) for telling in own), Text(other.name.text, other.path))
            for other in concept.names
        ),
        key=lambda pair: -pair[0],
    )
    near = tuple(dict.fromkeys(text for share, text in scored if share > 0))[:_ENOUGH_NEAR]
    return (scored[0][0] if scored else 0.0), near


def _study_coverage(names: Sequence[Sourced], mentions: StudyMentions) -> float:
    return max((_share(distinctive_tokens(item.name), mentions.vocabulary) for item in names), default=0.0)


def _share(telling: frozenset[str], vocabulary: frozenset[str] | set[str]) -> float:
    return len(telling & vocabulary) / len(telling) if telling else 0.0
