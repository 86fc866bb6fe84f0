"""The stored preferred term against the names that the concept has today."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.checks.witnesses import is_kin
from trialweave.core.concept import Concept
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Suggestion, Text
from trialweave.core.naming import compare_record_concept, record_names
from trialweave.core.naming.tokens import name_tokens
from trialweave.core.stems import different_substances, stems_of
from trialweave.core.text import fold, squash, word_list
from trialweave.core.views import ConceptView
from trialweave.core.vocabulary.tables import listed

FIELD = "nci_thesaurus_preferred_term"

_SEVERAL = 3
"""Names of a concept from which a term that is none of them tells something: NCIt keeps former preferred terms."""

_LABELS = listed("nci ncit thesaurus code preferred name term pt inn usan")
"""Words that stand beside a term and are none of it: `Encorafenib (code C98283)`."""


def check(case: Case) -> Iterator[Finding]:
    """Findings about the stored preferred term.

    | stored term                          | record-concept | a name of the concept | finding                 |
    |--------------------------------------|----------------|-----------------------|-------------------------|
    | the current one, in another spelling, with a label or its code | any |        | none                    |
    | another                              | mismatch       | any                   | none: the names' own    |
    | another, another drug's              | match          | no                    | concept_name_unconfirmed |
    | another                              | match          | any                   | preferred_term_drift    |
    | another                              | unverifiable   | yes                   | preferred_term_drift    |
    | another                              | unverifiable   | no                    | none: see record_concept |
    """
    given = case.record.get(FIELD)
    edge = case.triangle.record_concept
    if given is None or case.concept is None or edge is None or case.concept_link_broken:
        return
    concept = case.concept.concept
    if edge.verdict == "mismatch" or _is_called(given.text, concept):
        return
    key = squash(given.text)
    if edge.verdict != "match" and key not in case.concept.names.by_key:
        return
    why = _of_another_drug(case, case.concept, given.text) if key not in case.concept.names.by_key else None
    yield Finding(
        "concept_name_unconfirmed" if why else "preferred_term_drift",
        FIELD,
        f"The record stores {given.text!r}, no name of {concept.code} {concept.name!r}: {why}."
        if why
        else f"The record stores {given.text!r}; {concept.code} is called {concept.name!r} now.",
        (Claim("record", given.path, given.text), Claim("ncit", "/name", concept.name)),
        suggestion=Suggestion(
            FIELD, concept.name, f"the preferred name of {concept.code} today", (f"/name of {concept.code}",)
        ),
    )


def _is_called(term: str, concept: Concept) -> bool:
    """Is it the name of the concept, or its display name, but for spelling, labels and the code beside it?"""
    names = [name for name in (concept.name, concept.display_name) if name]
    if squash(term) in map(squash, names):
        return True
    said = _unlabelled(term, concept.code)
    return any(said == _unlabelled(name, concept.code) or name_tokens(term) == name_tokens(name) for name in names)


def _unlabelled(text: str, code: str) -> str:
    return "".join(word for word in word_list(fold(text)) if word not in _LABELS and word != code.lower())


def _of_another_drug(case: Case, view: ConceptView, term: str) -> str | None:
    """Why a term is another drug's, or None.

    | the term                                                               | why                        |
    |------------------------------------------------------------------------|----------------------------|
    | is a name of a concept that is no kin                                  | whose it is                |
    | has the stem of another substance                                      | the two stems              |
    | is a nonproprietary name as the concept's is, and neither it nor the definition says so | both are  |
    | is a plain word that shares nothing with any of several names, nor with the definition | that      |
    | anything else: a code, a name from before the nonproprietary one       | none                       |
    """
    owners = case.index.owners(term)
    related = {coded.code for coded in (*view.concept.salts, *view.concept.bases)}
    codes = {owner.code for owner in owners}
    if owners and not codes & related and not is_kin(case, owners):
        return f"it is one of {owners[0].code} {owners[0].name!r}"
    stems = different_substances([term], [item.name.text for item in view.names.names])
    if stems is not None:
        return f"it says {stems[0]}, the concept {stems[1]}"
    verdict = compare_record_concept(record_names(None, Text(term, "")), view.names)
    definition, tokens = view.concept.definition, set(name_tokens(term))
    if verdict.verdict != "mismatch" or (definition is not None and tokens <= set(name_tokens(definition.text))):
        return None
    if stems_of(term) and stems_of(view.concept.name):
        return "both are nonproprietary names"
    if len(view.names.specific) >= _SEVERAL and not verdict.coverage and len(tokens) == 1 and term.strip().isalpha():
        return "it shares no word with any of its names"
    return None
