"""Fingerprints: the same tomorrow, on another machine; changed by a changed value and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.findings import Finding, Policy, conflict_of, judge
from trialweave.core.models import Claim, Conflict, Suggestion

RETIRED = Finding(
    "concept_retired",
    "nci_thesaurus_concept_id",
    "C13320 is retired.",
    (
        Claim("record", "/nci_thesaurus_concept_id", "C13320"),
        Claim("ncit", "/conceptStatus", "Retired_Concept"),
    ),
)


def conflict(finding: Finding, record_id: str = "0123456789abcdef", policy: Policy | None = None) -> Conflict:
    made = conflict_of(finding, record_id, policy or Policy())
    assert made is not None
    return made


def test_the_fingerprint_is_a_promise_to_those_who_stored_it() -> None:
    assert conflict(RETIRED).fingerprint == "93169b4bb88cff31"
    assert conflict(RETIRED).cause == "b7e0572ca7864e3b"


@pytest.mark.parametrize(
    "same",
    [
        replace(RETIRED, message="another wording"),
        replace(RETIRED, severity="info"),
        replace(RETIRED, claims=RETIRED.claims[::-1]),
        replace(RETIRED, suggestion=Suggestion("nci_thesaurus_concept_id", "C12756", "replacement")),
        replace(RETIRED, claims=(Claim("record", "/code", " c13320"), Claim("ncit", "/x", "retired_concept"))),
    ],
    ids=["message", "severity", "order", "suggestion", "path and spelling"],
)
def test_what_does_not_change_the_disagreement_keeps_the_fingerprint(same: Finding) -> None:
    assert conflict(same).fingerprint == conflict(RETIRED).fingerprint


@pytest.mark.parametrize(
    "other",
    [
        replace(RETIRED, kind="concept_obsolete"),
        replace(RETIRED, field="drug_name"),
        replace(RETIRED, claims=(RETIRED.claims[0], Claim("ncit", "/conceptStatus", "Obsolete_Concept"))),
        replace(RETIRED, claims=RETIRED.claims[:1]),
    ],
    ids=["kind", "field", "value", "claims"],
)
def test_another_disagreement_has_another_fingerprint_and_cause(other: Finding) -> None:
    assert conflict(other).fingerprint != conflict(RETIRED).fingerprint
    assert conflict(other).cause != conflict(RETIRED).cause


def test_records_behind_one_root_share_the_cause_and_not_the_fingerprint() -> None:
    one, other = conflict(RETIRED, "a" * 16), conflict(RETIRED, "b" * 16)
    assert one.cause == other.cause
    assert one.fingerprint != other.fingerprint


def test_a_kind_can_be_turned_off_or_graded_otherwise() -> None:
    assert conflict_of(RETIRED, "r", Policy(off=frozenset({"concept_retired"}))) is None
    assert conflict(RETIRED, policy=Policy(severity={"concept_retired": "warning"})).severity == "warning"


@given(st.permutations([RETIRED, replace(RETIRED, kind="study_state"), replace(RETIRED, kind="concept_obsolete")]))
def test_the_worst_stands_first_in_any_order_of_findings(findings: list[Finding]) -> None:
    severities = [c.severity for c in judge(findings, "r", Policy())]
    assert severities == ["error", "warning", "info"]


def test_there_is_one_conflict_per_kind_and_field() -> None:
    again = replace(RETIRED, message="seen by a second check")
    (only,) = judge([RETIRED, again], "r", Policy())
    assert only.message == RETIRED.message
