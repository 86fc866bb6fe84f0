"""The stored preferred term against the names that the concept has today."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Suggestion
from trialweave.core.text import squash

FIELD = "nci_thesaurus_preferred_term"


def check(case: Case) -> Iterator[Finding]:
    """Findings about the stored preferred term.

    | stored term                          | record-concept | a name of the concept | finding                 |
    |--------------------------------------|----------------|-----------------------|-------------------------|
    | the current one, in another spelling | any            |                       | none                    |
    | another                              | mismatch       | any                   | none: the names' own    |
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
    yield Finding(
        "preferred_term_drift",
        FIELD,
        f"The record stores {given.text!r}; {concept.code} is called {concept.name!r} now.",
        (Claim("record", given.path, given.text), Claim("ncit", "/name", concept.name)),
        suggestion=Suggestion(
            FIELD, concept.name, f"the preferred name of {concept.code} today", (f"/name of {concept.code}",)
        ),
    )
