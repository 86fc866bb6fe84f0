"""The targets of the record against those of its concept and of the intervention in its study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Text
from trialweave.core.targets import Targets, disjoint, named_targets, targets_in
from trialweave.core.views import Sourced

_PROSE = ("drug_mechanism_of_action", "drug_description", "intervention_type")


def check(case: Case) -> Iterator[Finding]:
    """Findings about targets.

    | record-concept | record and concept            | finding                           |
    |----------------|-------------------------------|-----------------------------------|
    | mismatch       | any                           | none: evidence of record_concept  |
    | other          | aimed at different targets    | target_mismatch                   |
    | other          | one names the other's target  | none                              |
    | other          | one is aimed at nothing known | none                              |
    """
    if case.concept is None or case.concept_link_broken or case.triangle.mismatch(case.triangle.record_concept):
        return
    clash = clash_with_concept(case)
    if clash is None:
        return
    ours, theirs = clash
    field, own = ours
    concept = case.concept.concept
    yield Finding(
        "target_mismatch",
        field,
        f"The record is aimed at {_listed(own.targets)}; {concept.code} {concept.name!r} is aimed at"
        f" {_listed(theirs.targets)}.",
        (*_claims("record", own), *_claims("ncit", theirs)),
    )


def clash_with_concept(case: Case) -> tuple[tuple[str, Sourced], Sourced] | None:
    """Where the two are aimed at different targets: the record's field with its targets, and the concept's."""
    if case.concept is None:
        return None
    theirs = case.concept.targets
    if not any(item.targets.aimed for item in theirs):
        return None
    ours = record_targets(case)
    if not disjoint([item.targets for _, item in ours], [item.targets for item in theirs]):
        return None
    first = next((field, item) for field, item in ours if item.targets.aimed)
    return first, next(item for item in theirs if item.targets.aimed)


def record_targets(case: Case) -> Sequence[tuple[str, Sourced]]:
    """What the record says about targets, field by field."""
    read: list[tuple[str, Sourced]] = []
    for field in (*_PROSE, "drug_name"):
        given = case.record.get(field)
        if given is not None:
            targets = _of_field(field, given)
            if targets.named:
                read.append((field, Sourced(targets, given.path)))
    return read


def _of_field(field: str, given: Text) -> Targets:
    return named_targets(given.text) if field == "drug_name" else targets_in(given.text)


def _claims(source: str, item: Sourced) -> list[Claim]:
    return [
        Claim("record" if source == "record" else "ncit", item.path, words) for words in item.targets.aimed.values()
    ]


def _listed(targets: Targets) -> str:
    return " and ".join(
        symbol if words == symbol else f"{symbol} ({words!r})" for symbol, words in sorted(targets.aimed.items())
    )
