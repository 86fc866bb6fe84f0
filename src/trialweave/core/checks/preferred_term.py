"""The stored preferred term against the names that the concept has today."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.checks.witnesses import is_kin
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Suggestion
from trialweave.core.stems import different_substances
from trialweave.core.text import squash
from trialweave.core.views import ConceptView

FIELD = "nci_thesaurus_preferred_term"


def check(case: Case) -> Iterator[Finding]:
    """Findings about the stored preferred term.

    | stored term                          | record-concept | a name of the concept | finding                 |
    |--------------------------------------|----------------|-----------------------|-------------------------|
    | the current one, in another spelling | any            |                       | none                    |
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
    current = {squash(name) for name in (concept.name, concept.display_name) if name}
    key = squash(given.text)
    if key in current or edge.verdict == "mismatch":
        return
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


def _of_another_drug(case: Case, view: ConceptView, term: str) -> str | None:
    """Why a term is another drug's: a concept that is no kin owns it, or its stem is that of another substance."""
    owners = case.index.owners(term)
    related = {coded.code for coded in (*view.concept.salts, *view.concept.bases)}
    codes = {owner.code for owner in owners}
    if owners and not codes & related and not is_kin(case, owners):
        return f"it is one of {owners[0].code} {owners[0].name!r}"
    stems = different_substances([term], [item.name.text for item in view.names.names])
    return None if stems is None else f"it says {stems[0]}, the concept {stems[1]}"
