"""The state of each link: every outcome, every state, by example and counter-example."""

from __future__ import annotations

import pytest

from trialweave.core.checks.links import STATES_WORTH_KNOWING, check_concept_link, check_study_link, is_broken
from trialweave.core.concept import Concept, Replacement
from trialweave.core.findings import Finding
from trialweave.core.models import Found, Invalid, NotFound, NotGiven, Origin, Outcome, Record, Unavailable
from trialweave.core.record import build_record
from trialweave.core.study import Study

NCT, CODE = "NCT06254807", "C13320"


def record(**row: str) -> Record:
    return build_record(row, Origin("test", 1))


def found(id_: str, via: str = "same", requested: str | None = None) -> Found:
    return Found(requested or id_, id_, "alias" if via == "alias" else "same", "v", "2026-11-23T08:00:00Z")


def study_kinds(row: str | None, outcome: Outcome, study: Study | None = None) -> list[str]:
    given = record() if row is None else record(nct_id_drug_ref=row)
    return [finding.kind for finding in check_study_link(given, outcome, study)]


def concept_findings(concept: Concept) -> list[Finding]:
    return list(check_concept_link(record(nci_thesaurus_concept_id=CODE), found(CODE), concept))


@pytest.mark.parametrize(
    ("row", "outcome", "kinds"),
    [
        (None, NotGiven(), ["link_missing"]),
        ("NCT0625480", Invalid("NCT0625480", "seven digits"), ["id_malformed"]),
        (NCT, NotFound(NCT, "2026-11-20T09:00:05", None), ["study_not_found"]),
        (NCT, Unavailable(NCT, "the registry is down"), []),
        ("nct06254807", Unavailable(NCT, "the registry is down"), ["id_normalised"]),
        (f" {NCT} ", Unavailable(NCT, "the registry is down"), []),
    ],
)
def test_an_outcome_raises_its_kind_and_an_outage_raises_none(
    row: str | None, outcome: Outcome, kinds: list[str]
) -> None:
    assert study_kinds(row, outcome) == kinds


def test_a_blank_study_is_a_warning_and_a_blank_concept_an_info() -> None:
    (study,) = check_study_link(record(drug_name="x"), NotGiven(), None)
    (concept,) = check_concept_link(record(drug_name="x"), NotGiven(), None)
    assert (study.severity, concept.severity) == ("warning", "info")


def test_an_alias_is_noted_with_the_current_id_proposed() -> None:
    outcome = found("NCT00114530", "alias", "NCT00472277")
    (finding,) = check_study_link(record(nct_id_drug_ref="NCT00472277"), outcome, Study("NCT00114530"))
    assert finding.kind == "study_id_alias"
    assert finding.suggestion is not None
    assert finding.suggestion.value == "NCT00114530"


@pytest.mark.parametrize("status", STATES_WORTH_KNOWING)
def test_a_state_worth_knowing_is_noted_with_what_is_known_of_it(status: str) -> None:
    study = Study(NCT, overall_status=status, why_stopped="slow accrual", last_known_status="RECRUITING")
    (finding,) = check_study_link(record(nct_id_drug_ref=NCT), found(NCT), study)
    assert finding.kind == "study_state"
    assert not is_broken(finding)
    assert "slow accrual" in finding.message
    assert "RECRUITING" in finding.message


@pytest.mark.parametrize("status", ["RECRUITING", "COMPLETED", "ACTIVE_NOT_RECRUITING", "A_NEW_STATUS", None])
def test_a_working_state_is_silent(status: str | None) -> None:
    assert study_kinds(NCT, found(NCT), Study(NCT, overall_status=status)) == []


def replacement(code: str, active: bool | None) -> Replacement:
    return Replacement(code, f"name of {code}", "merge", active, 1)


@pytest.mark.parametrize(
    ("replacements", "proposed"),
    [
        (None, None),
        ((), None),
        ((replacement("C12756", True),), "C12756"),
        ((replacement("C12756", None),), "C12756"),
        ((replacement("C12756", False),), None),
        ((replacement("C12756", True), replacement("C1", False)), "C12756"),
        ((replacement("C12756", True), replacement("C1", True)), None),
    ],
    ids=["never asked", "none", "one active", "one unread", "one retired", "one of two", "two"],
)
def test_a_retired_concept_proposes_its_one_active_replacement(
    replacements: tuple[Replacement, ...] | None, proposed: str | None
) -> None:
    concept = Concept(CODE, "Old", status="Retired_Concept", active=False, replacements=replacements)
    (finding,) = concept_findings(concept)
    assert finding.kind == "concept_retired"
    assert is_broken(finding)
    assert (finding.suggestion.value if finding.suggestion else None) == proposed


@pytest.mark.parametrize(
    ("replacements", "told"),
    [
        (None, "what replaces it is not known here."),
        ((), "NCI names no replacement that is active."),
        (
            (replacement("C12756", False), replacement("C1", False)),
            "NCI names no replacement that is active: C12756, C1 are not in use either.",
        ),
        ((replacement("C12756", False),), "NCI names no replacement that is active: C12756 is not in use either."),
    ],
)
def test_a_retired_concept_without_a_proposal_says_what_became_of_its_replacements(
    replacements: tuple[Replacement, ...] | None, told: str
) -> None:
    concept = Concept(CODE, "Old", status="Retired_Concept", active=False, replacements=replacements)
    (finding,) = concept_findings(concept)
    assert finding.message == f"{CODE} 'Old' is retired; {told}"


def test_an_obsolete_concept_is_a_warning_although_it_is_active() -> None:
    (finding,) = concept_findings(Concept(CODE, "Regimen", status="Obsolete_Concept", active=True))
    assert finding.kind == "concept_obsolete"
    assert not is_broken(finding)


def test_a_concept_that_is_no_drug_is_broken_and_an_unknown_one_is_not() -> None:
    (finding,) = concept_findings(
        Concept(CODE, "Specific Gravity", is_drug="no", semantic_types=("Laboratory Procedure",))
    )
    assert finding.kind == "concept_not_a_drug"
    assert is_broken(finding)
    assert concept_findings(Concept(CODE, "Something", is_drug="unknown")) == []


def test_ids_in_each_others_column_are_proposed_for_their_own() -> None:
    swapped = record(nct_id_drug_ref="C205637", nci_thesaurus_concept_id="nct06254807")
    (study,) = check_study_link(swapped, Invalid("C205637", "no study id"), None)
    (concept,) = check_concept_link(swapped, Invalid("nct06254807", "no code"), None)
    assert [finding.suggestion and finding.suggestion.value for finding in (study, concept)] == [NCT, "C205637"]


def test_an_id_in_the_wrong_column_alone_is_no_swap() -> None:
    twice = record(nct_id_drug_ref="C205637", nci_thesaurus_concept_id="C1647")
    (finding,) = check_study_link(twice, Invalid("C205637", "no study id"), None)
    assert finding.suggestion is None
