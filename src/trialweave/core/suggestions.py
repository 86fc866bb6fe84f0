"""Proposed edits of the concept link, with evidence. Never applied (DESIGN section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.models import Suggestion
from trialweave.core.name_index import NameIndex, Owner
from trialweave.core.naming import contradiction, different_families
from trialweave.core.text import squash
from trialweave.core.vocabulary.tables import listed

CONCEPT = "nci_thesaurus_concept_id"

_Led = tuple[str, Owner]

_ASKING = listed("""
    link_missing id_malformed concept_not_found concept_retired concept_obsolete concept_not_a_drug concept_is_class
    concept_different_drug concept_name_unconfirmed
    """)
"""Kinds after which another concept is looked for, where the finding brings no suggestion of its own."""


def with_suggestions(findings: Iterator[Finding], case: Case) -> Iterator[Finding]:
    """The findings, those about the concept link with the one concept that the record's name leads to.

    Where a blank or broken link could be several concepts, the message names them, and none is proposed.
    """
    led: Mapping[str, _Led] | None = None
    for finding in findings:
        if finding.field != CONCEPT or not _asks(finding, case):
            yield finding
            continue
        if led is None:
            led = _led_to(case)
        if len(led) > 1 and case.concept is None:
            several = ", ".join(f"{code} {owner.name!r}" for code, (_, owner) in sorted(led.items()))
            message = f"{finding.message} Its name leads to several concepts ({several}), so none is proposed."
            yield replace(finding, message=message)
        else:
            yield replace(finding, suggestion=_propose(case, led))


def _asks(finding: Finding, case: Case) -> bool:
    """Whether the record's name may propose a concept here.

    A retired concept's replacements come first: where they are not known, or several are in use, nothing is proposed
    (DESIGN 5.2, 5.3).
    """
    if finding.suggestion is not None or finding.kind not in _ASKING:
        return False
    if finding.kind != "concept_retired" or case.concept is None:
        return True
    named = case.concept.concept.replacements
    return named is not None and not any(replacement.active is not False for replacement in named)


def _led_to(case: Case) -> dict[str, _Led]:
    """By code, the concepts that the record's name leads to, each with the first part that leads there.

    A name that nobody bears may be bridged by what the study calls the same intervention.
    """
    own = tuple(item.name.text for item in case.names.specific)
    return _bearers(case, own) or _bearers(case, _names_in_study(case))


def _bearers(case: Case, parts: Iterable[str]) -> dict[str, _Led]:
    led: dict[str, _Led] = {}
    for part in parts:
        for owner in case.index.candidates(part):
            led.setdefault(owner.code, (part, owner))
    return led


def _propose(case: Case, led: Mapping[str, _Led]) -> Suggestion | None:
    """The concept that the record's name leads to.

    | candidates of the record's specific name parts | guards                     | suggestion                    |
    |------------------------------------------------|----------------------------|-------------------------------|
    | none                                           |                            | by the study's names of the   |
    |                                                |                            | same intervention, likewise   |
    | one concept, not the linked one                | nothing contradicts        | its code                      |
    | one concept                                    | origin, target, family ... | none                          |
    | several                                        |                            | none                          |
    """
    if len(led) != 1:
        return None
    ((code, (part, owner)),) = led.items()
    linked = case.concept.concept.code if case.concept is not None else None
    if code == linked or not _may_be(case, owner):
        return None
    where = owner.borne.path if owner.release is None else f"{owner.borne.path}, NCI Thesaurus {owner.release}"
    evidence = [f"{code} bears the name {owner.borne.text!r} ({where})"]
    edge = case.triangle.record_study
    if edge is not None and edge.verdict == "match" and case.study is not None:
        evidence.append(f"{case.study.study.nct_id} names {edge.matched!r} ({edge.path})")
    return Suggestion(CONCEPT, code, f"{part!r} is a name of {code} {owner.name!r}, and of no other", tuple(evidence))


def _names_in_study(case: Case) -> tuple[str, ...]:
    """What the study calls the intervention that bears the record's name; names of other interventions left out."""
    edge = case.triangle.record_study
    if case.study is None or edge is None or edge.verdict != "match" or edge.path is None:
        return ()
    own_names = case.study.mentions.own_names
    for index, item in enumerate(case.study.study.interventions):
        if edge.path.startswith(f"{item.path}/") and edge.place in ("intervention", "other_name"):
            names = (item.name, *(other.text for other in item.other_names))
            return tuple(name for name in names if own_names.get(squash(name), index) == index)
    return ()


def owners_by_part(case: Case) -> dict[str, tuple[Owner, ...]]:
    """Each specific part of the record's name with the concepts at hand that bear it."""
    return owners_of(case.index, (item.name.text for item in case.names.specific))


def owners_of(index: NameIndex, parts: Iterator[str]) -> dict[str, tuple[Owner, ...]]:
    """Each part that has owners, with them."""
    return {part: found for part in parts if (found := index.owners(part))}


def _may_be(case: Case, owner: Owner) -> bool:
    features = case.names.features
    return contradiction(features, owner.features) is None and not different_families(features, owner.features)
