"""What a study does with the drug: tested, compared with, or given to everybody."""

from __future__ import annotations

import pytest

from builders import conflicts, given, study_of, woven
from trialweave.core.study import Arm, Study

TESTED, COMPARED, NOTHING = "EXPERIMENTAL", "ACTIVE_COMPARATOR", "NO_INTERVENTION"
PLACEBO, SHAM = "PLACEBO_COMPARATOR", "SHAM_COMPARATOR"


def designed(*arms: tuple[str, str, tuple[str, ...]]) -> Study:
    """A study with these arms: label, type and the interventions given in it."""
    groups = tuple(
        Arm(label, kind, names, None, f"/protocolSection/armsInterventionsModule/armGroups/{at}")
        for at, (label, kind, names) in enumerate(arms)
    )
    names = dict.fromkeys(name for _, _, names in arms for name in names)
    return study_of(
        *(given(name, arms=tuple(label for label, _, given_in in arms if name in given_in)) for name in names),
        arms=groups,
    )


def role(drug: str, study: Study) -> str:
    found = woven({"drug_name": drug}, study).drug
    assert found is not None
    return found.role


@pytest.mark.parametrize(
    "study",
    [
        designed(("1", COMPARED, ("Zetrafenib",)), ("2", PLACEBO, ("Placebo",))),
        designed(("1", COMPARED, ("Zetrafenib",)), ("2", SHAM, ("Sham injection",))),
        designed(("1", COMPARED, ("Zetrafenib",)), ("2", NOTHING, ())),
        designed(("low", COMPARED, ("Zetrafenib",)), ("high", COMPARED, ("Zetrafenib",)), ("0", PLACEBO, ("Placebo",))),
        designed(("1", COMPARED, ("Zetrafenib",)), ("2", COMPARED, ("Normal saline",))),
        designed(("1", COMPARED, ("Zetrafenib",)), ("2", COMPARED, ("Placebo",))),
        designed(("1", COMPARED, ("Zetrafenib",)), ("2", PLACEBO, ("Zetrafenib",))),
        designed(("1", COMPARED, ("Zetrafenib", "Placebo")), ("2", COMPARED, ("Zetrafenib", "Placebo"))),
        designed(("1", COMPARED, ("Zetrafenib",)), ("2", "OTHER", ()), ("3", NOTHING, ())),
    ],
    ids=[
        "placebo",
        "sham",
        "nothing",
        "doses",
        "saline",
        "placebo by name",
        "in the placebo arm",
        "cross-over",
        "care",
    ],
)
def test_what_alone_is_compared_with_arms_that_give_nothing_is_tested(study: Study) -> None:
    assert role("Zetrafenib", study) == "experimental"
    assert "drug_only_as_comparator" not in conflicts({"drug_name": "Zetrafenib"}, study)


@pytest.mark.parametrize(
    "study",
    [
        designed(("1", TESTED, ("Zetrafenib",)), ("2", COMPARED, ("Docetaxel",))),
        designed(("1", TESTED, ("Zetrafenib",)), ("2", COMPARED, ("Docetaxel",)), ("3", PLACEBO, ("Placebo",))),
        designed(("1", COMPARED, ("Zetrafenib",)), ("2", COMPARED, ("Docetaxel",)), ("3", PLACEBO, ("Placebo",))),
        designed(("1", "OTHER", ("Zetrafenib",)), ("2", COMPARED, ("Docetaxel",)), ("3", NOTHING, ())),
        designed(("1", COMPARED, ("Docetaxel",)), ("2", COMPARED, ("Hypertonic saline",))),
        designed(("1", COMPARED, ("Docetaxel", "Zetrafenib")), ("2", COMPARED, ("Docetaxel", "Zetrafenib"))),
        designed(("1", COMPARED, ("Docetaxel",))),
    ],
    ids=[
        "beside a tested drug",
        "and placebo",
        "two of them",
        "other arm",
        "saline that is a drug",
        "cross-over",
        "one",
    ],
)
def test_a_comparator_beside_another_drug_remains_one(study: Study) -> None:
    assert role("Docetaxel", study) == "active_comparator"
    assert "drug_only_as_comparator" in conflicts({"drug_name": "Docetaxel"}, study)


@pytest.mark.parametrize(
    "study",
    [
        designed(("1", COMPARED, ("Zetrafenib", "Prednisone")), ("2", PLACEBO, ("Placebo", "Prednisone"))),
        designed(
            ("1", COMPARED, ("Zetrafenib", "Prednisone")),
            ("2", PLACEBO, ("Placebo", "Prednisone")),
            ("3", TESTED, ("Zetrafenib",)),
        ),
        designed(("1", TESTED, ("ZX-1203/prednisone",)), ("2", COMPARED, ("docetaxel/prednisone",))),
        designed(("1", TESTED, ("Zetrafenib + prednisone",)), ("2", COMPARED, ("Prednisone",))),
        designed(("1", TESTED, ("Chemotherapy with prednisone and zetrafenib",)), ("2", COMPARED, ("Prednisone",))),
    ],
    ids=["with placebo too", "and an open arm", "in combinations", "alone in the other arm", "in words"],
)
def test_what_everybody_gets_beside_a_tested_drug_is_background(study: Study) -> None:
    assert role("Prednisone", study) == "background"
    assert not conflicts({"drug_name": "Prednisone"}, study)


@pytest.mark.parametrize(
    "study",
    [
        designed(("1", TESTED, ("Zetrafenib 40 mg (fasted)",)), ("2", COMPARED, ("Zetrafenib 20 mg",))),
        designed(("1", TESTED, ("Zetrafenib with food",)), ("2", COMPARED, ("Zetrafenib",))),
        designed(("1", TESTED, ("Zetrafenib + docetaxel",)), ("2", COMPARED, ("Docetaxel + zetrafenib 20 mg",))),
        designed(("1", TESTED, ("Zetrafenib",)), ("2", TESTED, ("Zetrafenib + docetaxel",))),
    ],
    ids=["dose", "food", "the same partner", "no comparator"],
)
def test_another_dose_of_the_drug_is_no_other_drug(study: Study) -> None:
    assert role("Zetrafenib", study) == "experimental"
