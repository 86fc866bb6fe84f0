"""The targets of the record against those of its concept and of the intervention in its study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trialweave.core.case import DESCRIPTION, Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, ClaimSource, Text
from trialweave.core.targets import Targets, disjoint, named_targets, told_targets
from trialweave.core.views import Sourced

_SHORT = ("drug_mechanism_of_action", "intervention_type")
_PROSE = ("drug_mechanism_of_action", DESCRIPTION, "intervention_type")


def check(case: Case) -> Iterator[Finding]:
    """Findings about targets.

    | record-concept | record and concept               | record and its intervention in the study | finding         |
    |----------------|----------------------------------|------------------------------------------|-----------------|
    | mismatch       | any                              | any                                      | none: evidence  |
    | other          | aimed at different targets       | any                                      | target_mismatch |
    | other          | type or mechanism is, other fields are not | any                            | target_mismatch |
    | other          | the same, and the description says so of that field: `contradictions` | any | none: one root  |
    | other          | the record's text is about another drug: `other_drug` | any                 | none: one root  |
    | other          | aimed at one target              | any                                      | none            |
    | other          | one names the other's, or no aim | aimed at different targets               | target_mismatch |
    | other          | one names the other's, or no aim | one names the other's, or no aim         | none            |
    """
    if case.triangle.mismatch(case.triangle.record_concept):
        return
    clash = None if case.concept_link_broken else clash_with_concept(case)
    if clash is not None and case.other_drug is not None:
        return
    if clash is not None and case.concept is not None:
        concept = case.concept.concept
        yield _finding(*clash, f"{concept.code} {concept.name!r}", "ncit")
    elif case.study is not None and not _agree(case) and (clash := _clash_with_study(case)) is not None:
        yield _finding(*clash, case.study.study.nct_id, "ctgov")


def _finding(ours: tuple[str, Sourced], theirs: Sourced, source: str, kind: ClaimSource) -> Finding:
    field, own = ours
    return Finding(
        "target_mismatch",
        field,
        f"The record is aimed at {_listed(own.targets)}; {source} is aimed at {_listed(theirs.targets)}.",
        (*_claims("record", own), *_claims(kind, theirs)),
    )


def clash_with_concept(case: Case) -> tuple[tuple[str, Sourced], Sourced] | None:
    """Where the two are aimed at different targets: the record's field with its targets, and the concept's."""
    theirs = () if case.concept is None else case.concept.targets
    if not _are_aimed(theirs):
        return None
    ours = record_targets(case)
    return _clash(ours, theirs) or _clash_of_a_field(ours, theirs)


def _are_aimed(targets: Sequence[Sourced]) -> bool:
    return any(item.targets.aimed for item in targets)


def _agree(case: Case) -> bool:
    """Are record and concept aimed at one target? Then another one in the study is that of what is given besides."""
    if case.concept is None or case.concept_link_broken:
        return False
    theirs = {symbol for item in case.concept.targets for symbol in item.targets.aimed}
    return bool(theirs) and any(symbol in theirs for _, item in record_targets(case) for symbol in item.targets.aimed)


def _clash_with_study(case: Case) -> tuple[tuple[str, Sourced], Sourced] | None:
    """The same with what the study says of the intervention that bears the record's name."""
    edge = case.triangle.record_study
    if case.study is None or edge is None or edge.verdict != "match" or edge.path is None:
        return None
    for item, targets in case.study.intervention_targets:
        if edge.path.startswith(f"{item.path}/"):
            return _clash(record_targets(case), targets) if _are_aimed(targets) else None
    return None


def _clash(
    ours: Sequence[tuple[str, Sourced]], theirs: Sequence[Sourced]
) -> tuple[tuple[str, Sourced], Sourced] | None:
    if not disjoint([item.targets for _, item in ours], [item.targets for item in theirs]):
        return None
    first = next((field, item) for field, item in ours if item.targets.aimed)
    return first, next(item for item in theirs if item.targets.aimed)


def _clash_of_a_field(
    ours: Sequence[tuple[str, Sourced]], theirs: Sequence[Sourced]
) -> tuple[tuple[str, Sourced], Sourced] | None:
    """The same of one short field alone, whose own contradiction to the description is not told already."""
    if len(ours) < 2:
        return None
    told = [item.targets for field, item in ours if field == DESCRIPTION]
    for field, item in ours:
        if field in _SHORT and disjoint([item.targets], [other.targets for other in theirs]):
            aims = next(item for item in theirs if item.targets.aimed)
            return None if disjoint([item.targets], told) else ((field, item), aims)
    return None


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
    return named_targets(given.text) if field == "drug_name" else told_targets(given.text)


def _claims(source: ClaimSource, item: Sourced) -> list[Claim]:
    return [Claim(source, item.path, symbol) for symbol in item.targets.aimed]


def _listed(targets: Targets) -> str:
    return " and ".join(
        symbol if words == symbol else f"{symbol} ({words!r})" for symbol, words in sorted(targets.aimed.items())
    )
