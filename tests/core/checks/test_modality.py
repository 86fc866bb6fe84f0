"""The kind of therapy that a record tells against the type that its study gives the drug."""

from __future__ import annotations

import pytest

from builders import concept_of, conflicts, given, study_of

KIND = "modality_mismatch"


@pytest.mark.parametrize("told", ["Device", "PROCEDURE", "Behavioral", "Radiation", "Procedure/Surgery"])
@pytest.mark.parametrize("studied", ["DRUG", "BIOLOGICAL"])
def test_a_type_that_is_no_products_contradicts_the_studys(told: str, studied: str) -> None:
    study = study_of(given("Zetrafenib", "40 mg", kind=studied), given("Counselling", kind="BEHAVIORAL"))
    conflict = conflicts({"drug_name": "Zetrafenib", "intervention_type": told}, study)[KIND]
    assert (conflict.severity, conflict.field) == ("warning", "intervention_type")
    assert [claim.value for claim in conflict.claims] == [told, studied]
    assert str(conflict.claims[1].path).endswith("/interventions/0/type")


@pytest.mark.parametrize(
    ("told", "name", "description", "studied"),
    [
        ("Drug", "Zetrafenib", None, "BIOLOGICAL"),
        ("Biological", "Zetrafenib", None, "DRUG"),
        ("Monoclonal antibody", "Zetrafenib", None, "DRUG"),
        ("Device", "Zetrafenib", None, "DEVICE"),
        ("Device", "Zetrafenib", None, "COMBINATION_PRODUCT"),
        ("Device", "Zetrafenib", None, "OTHER"),
        ("Device", "Zetrafenib", "A biodegradable implant.", "DRUG"),
        ("Device (drug-eluting)", "Zetrafenib", None, "DRUG"),
        ("Radiation", "177Lu-Zetrafenib", None, "DRUG"),
        ("Radiation", "Zetrafenib", "Labelled with lutetium.", "DRUG"),
        ("Procedure", "Zetrafenib", "Given during surgery.", "DRUG"),
        ("Procedure", "Zetrafenib", "Autologous stem cells.", "BIOLOGICAL"),
        ("Diagnostic test", "Zetrafenib", None, "DRUG"),
    ],
)
def test_types_that_are_used_for_one_product_contradict_nothing(
    told: str, name: str, description: str | None, studied: str
) -> None:
    row = {"drug_name": name, "intervention_type": told}
    assert KIND not in conflicts(row, study_of(given(name, description, kind=studied)))


def test_only_the_drugs_own_interventions_count_and_the_concept_speaks_first() -> None:
    row = {"drug_name": "Zetrafenib", "intervention_type": "Behavioral"}
    assert KIND not in conflicts(row, study_of(given("Docetaxel")))
    assert KIND not in conflicts(row, study_of(given("Zetrafenib"), given("Zetrafenib diary", kind="BEHAVIORAL")))
    conflict = conflicts(row, study_of(given("Zetrafenib")), concept_of("Zetrafenib"))[KIND]
    assert conflict.claims[1].source == "ncit"
