"""The triangle record, study, concept: three edges, one suspect (DESIGN section 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import takewhile

from trialweave.core.case import Triangle
from trialweave.core.findings import Finding, Policy
from trialweave.core.models import Edge, EdgeName, Suspect
from trialweave.core.name_index import NOBODY, NameIndex
from trialweave.core.naming import (
    ConceptNames,
    NameVerdict,
    RecordNames,
    StudyMentions,
    compare_record_concept,
    compare_record_study,
    compare_study_concept,
)
from trialweave.core.naming.codes import end_codes
from trialweave.core.naming.features import contradiction, different_families, features
from trialweave.core.naming.one_intervention import ONE_INTERVENTION, of_one_intervention
from trialweave.core.naming.sisters import other_biosimilar
from trialweave.core.naming.tokens import same_but_for_salts
from trialweave.core.naming.verdict import UNSHARED
from trialweave.core.stems import different_substances
from trialweave.core.views import ConceptView, StudyView
from trialweave.core.vocabulary.tables import listed

UNASKED = "the concept, which may know the drug by another name, could not be asked"


def draw(
    names: RecordNames,
    study: StudyView | None,
    concept: ConceptView | None,
    index: NameIndex = NOBODY,
    *,
    concept_unavailable: bool = False,
) -> Triangle:
    """Compare the names along the three edges; an edge with a missing end is None.

    A brand or code that the study does not use is no mismatch while the concept could not be asked what else the drug
    is called. Plainly another drug, by the stems of both names, is one all the same.
    """
    concept_names = concept.names if concept is not None else None
    mentions = study.mentions if study is not None else None
    record_concept = None if concept_names is None else _record_concept(names, concept_names, index)
    record_study = None if mentions is None else compare_record_study(names, mentions, concept_names, record_concept)
    if concept_unavailable and mentions is not None and record_study is not None:
        record_study = _unasked(names, mentions, record_study)
    study_concept = None
    if mentions is not None and concept_names is not None:
        study_concept = compare_study_concept(mentions, concept_names, names, record_concept)
        if record_study is not None and record_study.verdict == study_concept.verdict == "match":
            record_concept = _witnessed(names, concept_names, mentions, index, record_concept)
    return Triangle(record_study=record_study, record_concept=record_concept, study_concept=study_concept)


def _unasked(names: RecordNames, mentions: StudyMentions, verdict: NameVerdict) -> NameVerdict:
    if verdict.verdict != "mismatch" or plainly_another(names, mentions):
        return verdict
    return NameVerdict("unverifiable", UNASKED, coverage=verdict.coverage, near=verdict.near)


def plainly_another(names: RecordNames, mentions: StudyMentions) -> bool:
    """Do the names alone tell that the study gives another drug, without a concept that knows what else it is called?

    | record | study | |
    |---|---|---|
    | venetoclax | pembrolizumab: other stems | yes |
    | CT-0525 | CT-0508: codes of one sponsor | yes |
    | anti-CD19 CAR T cells | CD20 CAR T cells: nothing but contradicts | yes |
    | Venclexta, ABT-199 | venetoclax | no: perhaps its brand, its code |
    """
    own, given = ([item.name.text for item in names.names], [text.text for text in mentions.products])
    if different_substances(own, given):
        return True
    ours, theirs = ({code for name in side for code in end_codes(name)} for side in (own, given))
    if ours.isdisjoint(theirs) and not _sponsors(ours).isdisjoint(_sponsors(theirs)):
        return True
    said = [features(name) for name in given]
    return bool(said) and all(
        contradiction(names.features, other) or different_families(names.features, other) for other in said
    )


def _sponsors(codes: Iterable[str]) -> frozenset[str]:
    """What the codes begin with: `ct` of ct0525. Codes of figures alone tell no sponsor."""
    return frozenset("".join(takewhile(str.isalpha, code)) for code in codes) - {""}


def _witnessed(
    names: RecordNames, concept: ConceptNames, mentions: StudyMentions, index: NameIndex, verdict: NameVerdict | None
) -> NameVerdict | None:
    """A name that no concept bears is not denied where the study calls one intervention by it and as the concept."""
    if verdict is None or verdict.because != UNSHARED or index.owners(names.names[0].name.text):
        return verdict
    met = of_one_intervention(names, concept, mentions)
    if met is None or different_substances([names.names[0].name.text], concept.texts):
        return verdict
    return NameVerdict("unverifiable", ONE_INTERVENTION, coverage=verdict.coverage, near=(met,))


def _record_concept(names: RecordNames, concept: ConceptNames, index: NameIndex) -> NameVerdict:
    """As the names tell; a name that a salt of the concept bears, or its base, is one of the concept too.

    NCIt gives the brand to one of the two: Gemzar to Gemcitabine Hydrochloride, not to Gemcitabine.
    """
    verdict = compare_record_concept(names, concept)
    own = concept.names[0]
    if verdict.verdict == "match" and _whole_is_anothers(names, concept, index):
        return NameVerdict("mismatch", "another concept bears the whole name", coverage=1.0, near=verdict.near)
    if verdict.because == UNSHARED:
        for part in names.specific:
            if part.formulations or other_biosimilar(part.name, own.name.suffix):
                continue
            others = (owner.name for owner in index.owners(part.name.text) if owner.code != concept.code)
            if any(same_but_for_salts(other, own.name.text) for other in others):
                return NameVerdict("match", "token", "token", own.name.text, own.path, coverage=1.0)
    return verdict


def _whole_is_anothers(names: RecordNames, concept: ConceptNames, index: NameIndex) -> bool:
    """Does the record name a combination that has a concept of its own, and this is the concept of one of its drugs?"""
    whole = names.names[0].name
    if not whole.components or whole.tokens in concept.by_tokens or concept.names[0].name.components:
        return False
    owners = index.owners(whole.text)
    return bool(owners) and not any(
        owner.code == concept.code or same_but_for_salts(owner.name, concept.names[0].name.text) for owner in owners
    )


BOTH_EDGES = "record_name_unsupported"
"""The kind that tells of both mismatches of a record at once."""

_TOLD_BY: Mapping[EdgeName, frozenset[str]] = {
    "record_study": listed("""
        study_drug_not_mentioned drug_only_in_placebo drug_only_in_eligibility record_name_unsupported
        """),
    "record_concept": listed("""
        concept_different_drug concept_name_unconfirmed concept_qualifier_mismatch concept_is_class
        record_name_unsupported
        """),
}
"""Edge -> the kinds that tell of its mismatch."""

ONE_EDGE = frozenset(kind for kinds in _TOLD_BY.values() for kind in kinds) - {BOTH_EDGES}
"""The kinds that tell of one mismatch: all that is left of two where a source has no answer."""


def silenced(findings: Collection[Finding], policy: Policy) -> frozenset[EdgeName]:
    """The edges whose mismatch is told by kinds that are turned off, and by no other: they name no suspect."""
    told = {edge: {f.kind for f in findings if f.kind in kinds} for edge, kinds in _TOLD_BY.items()}
    return frozenset(edge for edge, kinds in told.items() if kinds and kinds <= policy.off)


def name_suspect(
    triangle: Triangle,
    *,
    study_link_broken: bool,
    concept_link_broken: bool,
    silenced: Collection[EdgeName] = (),
) -> Suspect | None:
    """The one link, or the record, to look at first. The mismatch of a silenced edge counts as none.

    | study link in error | concept link in error | record-study | record-concept | suspect      |
    |---------------------|-----------------------|--------------|----------------|--------------|
    | yes                 | any                   | any          | any            | study_link   |
    | no                  | yes                   | any          | any            | concept_link |
    | no                  | no                    | mismatch     | mismatch       | record       |
    | no                  | no                    | mismatch     | other          | study_link   |
    | no                  | no                    | other        | mismatch       | concept_link |
    | no                  | no                    | other        | other          | none         |
    """
    if study_link_broken:
        return "study_link"
    if concept_link_broken:
        return "concept_link"
    odd = {"record_study": triangle.record_study, "record_concept": triangle.record_concept}
    match tuple(triangle.mismatch(verdict) and edge not in silenced for edge, verdict in odd.items()):
        case True, True:
            return "record"
        case True, False:
            return "study_link"
        case False, True:
            return "concept_link"
        case _:
            return None


def edges_of(triangle: Triangle) -> dict[EdgeName, Edge]:
    """The triangle as the output shows it."""
    return {
        "record_study": _edge(triangle.record_study),
        "record_concept": _edge(triangle.record_concept),
        "study_concept": _edge(triangle.study_concept),
    }


def _edge(verdict: NameVerdict | None) -> Edge:
    if verdict is None:
        return Edge()
    return Edge(verdict.verdict, verdict.tier, verdict.matched, verdict.path)
