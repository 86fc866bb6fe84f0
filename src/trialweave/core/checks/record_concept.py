"""The edge between the record and its concept: is this the drug that the code denotes?"""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.checks.qualifiers import only_qualifiers_differ, qualifier_clash
from trialweave.core.checks.witnesses import second_witnesses
from trialweave.core.concept import Concept
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Text
from trialweave.core.naming import NameVerdict, compare_record_concept, record_names
from trialweave.core.naming.shortened import may_be_short_for
from trialweave.core.naming.verdict import GENERIC_RECORD

CONCEPT = "nci_thesaurus_concept_id"
TERM = "nci_thesaurus_preferred_term"


def check(case: Case) -> Iterator[Finding]:
    """Findings about the names of record and concept.

    | record-concept | link in error | record-study | what else                        | finding                    |
    |----------------|---------------|--------------|----------------------------------|----------------------------|
    | any            | yes           | any          |                                  | none: one root             |
    | mismatch       | no            | mismatch     | the study matches the concept    | none: see study_concept    |
    | mismatch       | no            | any          | only a qualifier differs         | concept_qualifier_mismatch |
    | mismatch       | no            | any          | a second witness                 | concept_different_drug     |
    | mismatch       | no            | any          | the concept is a class           | concept_is_class           |
    | mismatch       | no            | any          | none                             | concept_name_unconfirmed   |
    | not mismatch   | no            | any          | a qualifier contradicts          | concept_qualifier_mismatch |
    | unverifiable   | no            | any          | a class against one product      | concept_is_class           |
    | unverifiable   | no            | any          | stored term is another drug's    | concept_name_unconfirmed   |
    | unverifiable   | no            | any          | short for a drug of the study    | concept_name_unconfirmed   |
    | match          | no            | any          | by an obsolete or a shared name  | matched_only_by_...        |
    """
    edge = case.triangle.record_concept
    name = case.record.get("drug_name") or case.record.get(TERM)
    if edge is None or case.concept is None or name is None or case.concept_link_broken:
        return
    concept = case.concept.concept
    if edge.verdict == "mismatch":
        if not case.triangle.record_is_odd:
            yield _mismatch(case, edge, name, concept)
        return
    clash = qualifier_clash(case)
    if clash is not None:
        yield _qualifier(name, concept, clash)
    elif edge.verdict == "match":
        yield from _weak_match(case, edge, name)
    elif case.names.specific and edge.because != "same generic name" and _is_class(case, concept):
        yield _class(name, concept)
    elif edge.because == GENERIC_RECORD and _is_short_for_another(case, concept):
        yield Finding(
            "concept_name_unconfirmed",
            CONCEPT,
            f"{name.text!r} is no name of {concept.code} {concept.name!r}; the study has it, and not the concept.",
            (Claim("record", name.path, name.text), Claim("ncit", "/name", concept.name)),
        )
    else:
        yield from _other_term(case, concept)


def _mismatch(case: Case, edge: NameVerdict, name: Text, concept: Concept) -> Finding:
    claims = (Claim("record", name.path, name.text), Claim("ncit", "/name", concept.name))
    if case.concept is not None and only_qualifiers_differ(case.names, case.concept.names, edge):
        return _qualifier(name, concept, edge.because)
    witnesses = list(second_witnesses(case))
    if witnesses:
        message = f"{concept.code} is {concept.name!r}, not {name.text!r}: no name agrees, and {'; '.join(witnesses)}."
        return Finding("concept_different_drug", CONCEPT, message, claims)
    if concept.is_drug == "class" and case.names.specific:
        return _class(name, concept)
    near = f" Nearest is {edge.near[0].text!r} ({edge.near[0].path})." if edge.near else ""
    message = f"Neither {concept.name!r} nor any other name of {concept.code} confirms {name.text!r}.{near}"
    return Finding("concept_name_unconfirmed", CONCEPT, message, claims)


def _qualifier(name: Text, concept: Concept, clash: str) -> Finding:
    return Finding(
        "concept_qualifier_mismatch",
        CONCEPT,
        f"{name.text!r} and {concept.code} {concept.name!r} agree but for one decisive word: {clash}.",
        (Claim("record", name.path, name.text), Claim("ncit", "/name", concept.name)),
    )


def _is_short_for_another(case: Case, concept: Concept) -> bool:
    """Is the name an abbreviation that stands in the study, where the study does not name the concept?

    One whose letters run through the concept's name may stand for it.
    """
    if case.study is None or not case.triangle.mismatch(case.triangle.study_concept):
        return False
    vocabulary = case.study.mentions.vocabulary
    return all(
        item.name.weak
        and not item.name.generic
        and vocabulary.issuperset(item.name.tokens)
        and not may_be_short_for(item.name.key, concept.name)
        for item in case.names.names
    )


def _is_class(case: Case, concept: Concept) -> bool:
    """A payload without a name says nothing of what the concept is (DESIGN 5.3: an absent key is unknown)."""
    if not concept.name:
        return False
    return concept.is_drug == "class" or (case.concept is not None and not case.concept.names.specific)


def _class(name: Text, concept: Concept) -> Finding:
    what = "is a class" if concept.is_drug == "class" else "is named by class words alone"
    return Finding(
        "concept_is_class",
        CONCEPT,
        f"{concept.code} {concept.name!r} {what}; the record is about one product, {name.text!r}.",
        (Claim("record", name.path, name.text), Claim("ncit", "/name", concept.name)),
    )


def _weak_match(case: Case, edge: NameVerdict, name: Text) -> Iterator[Finding]:
    """A match that rests on one name, which is obsolete or which other concepts own too."""
    if case.concept is None or edge.matched is None or edge.path is None:
        return
    names = case.concept.names
    borne = [found for item in (*case.names.specific, *case.names.term) if (found := names.by_key.get(item.name.key))]
    current = [item for item in borne if item.name.specific and not item.obsolete]
    others = [o for item in current for o in case.index.owners(item.name.text) if o.code != names.code]
    shared = {owner.borne.text for owner in others}
    if edge.because == "obsolete name only" and not current:
        why = f"which NCI Thesaurus marks as obsolete ({edge.path})"
    elif others and all(case.index.owners(item.name.text)[1:] for item in current):
        why = f"a name of {', '.join(sorted({f'{o.code} {o.name!r}' for o in others}))} too"
    else:
        return
    matched = edge.matched if edge.because == "obsolete name only" or not shared else min(shared)
    yield Finding(
        "matched_only_by_obsolete_or_ambiguous_name",
        CONCEPT,
        f"Only {matched!r} leads from {name.text!r} to {names.code} {names.names[0].name.text!r}, {why}.",
        (Claim("record", name.path, name.text), Claim("ncit", edge.path, edge.matched)),
    )


def _other_term(case: Case, concept: Concept) -> Iterator[Finding]:
    """The name is made of class words, but the stored preferred term is a product's, and not this concept's."""
    term = case.record.get(TERM)
    if case.concept is None or term is None or case.record.get("drug_name") is None:
        return
    if compare_record_concept(record_names(None, term), case.concept.names).verdict == "mismatch":
        yield Finding(
            "concept_name_unconfirmed",
            CONCEPT,
            f"The stored preferred term {term.text!r} is no name of {concept.code} {concept.name!r}.",
            (Claim("record", term.path, term.text), Claim("ncit", "/name", concept.name)),
        )
