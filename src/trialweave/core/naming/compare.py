"""The three edges: match with tier and place, mismatch, or unverifiable (DESIGN section 6)."""

from __future__ import annotations

from trialweave.core.models import Text
from trialweave.core.naming.features import Features, contradiction, different_families, features, united
from trialweave.core.naming.generic import other_kind
from trialweave.core.naming.in_study import in_study
from trialweave.core.naming.names import Name, distinctive_tokens
from trialweave.core.naming.reworded import SAYS_MORE, but_for_a_strength, contained
from trialweave.core.naming.rungs import rungs
from trialweave.core.naming.shortened import ABBREVIATED, SAYS_LESS, abbreviates, says_less
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.naming.verdict import AMBIGUOUS, ENOUGH_NEAR, GENERIC_RECORD, UNSHARED, NameVerdict, share
from trialweave.core.naming.views import ConceptNames, RecordNames, Sourced
from trialweave.core.vocabulary.classes import EMPTY_ADJECTIVES

_OPEN = frozenset({SAYS_MORE, SAYS_LESS, ABBREVIATED})
"""The name neither confirms nor denies: so it is in a study that names the concept."""


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
    | the concept's and a bare number, see `but_for_a_strength` | specific | the same |
    | an element of its salt, a tracer without its label, see `says_less` | specific | unverifiable, `SAYS_LESS` |
    | `BUD/FORM` for its drugs, see `abbreviates` | specific | unverifiable, `ABBREVIATED` |
    | specific, on no rung | specific | mismatch, "no shared name" |
    """
    if not record.names:
        return NameVerdict("unverifiable", "the record names no drug")
    clash, borne = contradiction(record.features, concept.features), _borne(record, concept)
    for tier, part, found in rungs(record.specific, concept):
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
        reason = "same generic name" if borne.name.generic else AMBIGUOUS
        return NameVerdict("unverifiable", reason, coverage=1.0, near=(Text(borne.name.text, borne.path),))
    if clash is None and (different_families(record.features, concept.features) or other_kind(record, concept)):
        clash = "different families"
    if clash is not None:
        return NameVerdict("mismatch", clash, coverage=coverage, near=near)
    if not record.specific:
        return NameVerdict("unverifiable", GENERIC_RECORD, coverage=coverage, near=near)
    if not concept.specific:
        return NameVerdict("unverifiable", "the concept is a class", coverage=coverage, near=near)
    if (known := contained(record.names, concept) or but_for_a_strength(record.names, concept)) is not None:
        return NameVerdict("unverifiable", SAYS_MORE, coverage=coverage, near=(Text(known.name.text, known.path),))
    if (known := says_less(record.names, concept)) is not None:
        return NameVerdict("unverifiable", SAYS_LESS, coverage=coverage, near=(Text(known.name.text, known.path),))
    if abbreviates(record.specific, concept):
        own = concept.names[0]
        return NameVerdict("unverifiable", ABBREVIATED, coverage=coverage, near=(Text(own.name.text, own.path),))
    return NameVerdict("mismatch", UNSHARED, coverage=coverage, near=near)


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
    """The concept's name of these letters; a short one also with what says little beside it.

    That is a form, a dose, an origin: `Topical TXA`, `autologous PRP`.
    """
    found = concept.by_key.get(name.key)
    telling = [token for token in name.tokens if token not in EMPTY_ADJECTIVES]
    if found is None and len(telling) == 1:
        found = concept.by_key.get(telling[0])
        found = found if found is not None and found.name.weak else None
    return found


def compare_record_study(
    record: RecordNames, mentions: StudyMentions, concept: ConceptNames | None = None, known: NameVerdict | None = None
) -> NameVerdict:
    """Does the study name the record's drug? The concept's names may bridge where record and concept match.

    They also do where the record calls its drug as the concept is called, though that name confirms nothing by itself,
    and where a mismatch is all that any other name of the concept leads to: `CART-19` is CTL019 too.
    `known` is what `compare_record_concept` said of the two. Truth table: `in_study`.
    """
    names, said = record.names, record.features
    if concept is not None and (
        (known or compare_record_concept(record, concept)).verdict == "match" or _called_alike(record, concept)
    ):
        return _bridged(names, concept, united([said, concept.features]), mentions)
    answer = in_study(names, said, mentions)
    if answer.verdict != "mismatch" or concept is None or not names:
        return answer
    left_open = known is not None and known.because in _OPEN
    if left_open or _by_key(names[0].name, concept) is not None:
        bridged = in_study(names + concept.names, united([said, concept.features]), mentions)
        if bridged.verdict == "match":
            return (
                NameVerdict("unverifiable", known.because, coverage=answer.coverage, near=answer.near)
                if known is not None and left_open
                else bridged
            )
    return answer


def _bridged(names: tuple[Sourced, ...], concept: ConceptNames, said: Features, mentions: StudyMentions) -> NameVerdict:
    """By any name of either. A combination is not met by one of its drugs where the study knows nothing of another:
    `sofosbuvir/velpatasvir` in a study of sofosbuvir/ledipasvir."""
    answer = in_study(names + concept.names, said, mentions)
    drugs = concept.names[0].name.components
    if answer.verdict == "match" and any(not mentions.vocabulary.issuperset(drug) for drug in drugs):
        whole = tuple(item for item in names if item.name.tokens not in drugs)
        if in_study(whole + concept.names, said, mentions).verdict != "match":
            return NameVerdict("unverifiable", "only a part of the combination", coverage=answer.coverage)
    return answer


def _called_alike(record: RecordNames, concept: ConceptNames) -> bool:
    return bool(record.names) and record.names[0].name.key == concept.names[0].name.key


def compare_study_concept(
    mentions: StudyMentions, concept: ConceptNames, record: RecordNames | None = None, known: NameVerdict | None = None
) -> NameVerdict:
    """Does the study name the concept? The record's names may bridge where record and concept match.

    `known` is what `compare_record_concept` said of the two. Truth table: `in_study`.
    """
    names = concept.names
    if record is not None and (known or compare_record_concept(record, concept)).verdict == "match":
        names += record.names
    return in_study(names, concept.features, mentions)


def _named(side: RecordNames | ConceptNames) -> Features:
    """What the first name of a side says by itself."""
    return features(side.names[0].name.text)


def _said_in_names(record: RecordNames, concept: ConceptNames, clash: str) -> bool:
    """Targets that prose alone speaks of may be the target's ligand or the payload's: they veto no shared name."""
    return clash != "different targets" or all(_named(side).targets for side in (record, concept))


def _concept_coverage(record: RecordNames, concept: ConceptNames) -> tuple[float, tuple[Text, ...]]:
    own = [distinctive_tokens(item.name) for item in record.names]
    scored = sorted(
        (
            (max(share(telling, set(other.name.tokens)) for telling in own), Text(other.name.text, other.path))
            for other in concept.names
        ),
        key=lambda pair: -pair[0],
    )
    near = tuple(dict.fromkeys(text for share, text in scored if share > 0))[:ENOUGH_NEAR]
    return (scored[0][0] if scored else 0.0), near
