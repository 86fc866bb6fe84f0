"""What a description calls its product, and whose it is: kinds of therapy, and names of other drugs."""

from __future__ import annotations

import pytest

from builders import concept_of, conflicts, given, study_of
from trialweave.core.modality import described_modalities

EVOLIMAB = concept_of("Evolimab", "CN|EVO-12", definition="A humanized monoclonal antibody directed against CD38.")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("A humanized monoclonal antibody that activates T cells.", {"antibody"}),
        ("Autologous T cells expressing a CAR against CD19.", {"cell product"}),
        ("A preparation of allogeneic natural killer cells.", {"cell product"}),
        ("An orally available (capsule) Lactobacillus vaccine.", {"small molecule", "vaccine"}),
        ("A bispecific antibody engaging T cells.", {"antibody", "cell product"}),
        ("A synthetic mobilizer of stem cells.", set()),
        ("Activates T cells.", set()),
        ("Checkpoint inhibitor given with an antibody.", set()),
        ("An agent used before resection.", set()),
        ("Oral inhibitor, in patients after CAR T cells.", set()),
        ("A surgical implant.", set()),
        ("A small molecule cytotoxic (DM1) linked to trastuzumab.", set()),
        ("A humanized antibody conjugated to MMAE.", {"antibody"}),
    ],
)
def test_a_description_calls_its_product_by_its_first_words(text: str, kinds: set[str]) -> None:
    assert described_modalities(text) == kinds


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"drug_name": "Zanutinib", "drug_description": "A humanized antibody."}, "drug_name"),
        (
            {"drug_name": "ABC-1", "intervention_type": "CAR-T", "drug_description": "A small molecule."},
            "intervention_type",
        ),
        (
            {"drug_name": "ABC-1", "drug_class": "Small molecule", "drug_description": "Allogeneic T cells."},
            "drug_class",
        ),
    ],
)
def test_another_kind_in_the_description_contradicts(row: dict[str, str], field: str) -> None:
    found = conflicts(row)
    assert list(found) == ["record_contradicts_itself"]
    assert found["record_contradicts_itself"].field == field


@pytest.mark.parametrize(
    "row",
    [
        {"drug_name": "Zanutinib + AB-104", "drug_description": "A bispecific antibody."},
        {"drug_name": "Zanutinib with pembrolizumab", "drug_description": "An anti-PD-1 antibody."},
        {"drug_name": "Evolimab vedotin", "drug_description": "A humanized antibody."},
        {"drug_name": "Zanutinib", "drug_description": "A drug for patients after CAR T cells."},
        {"drug_name": "Evolimab", "drug_description": "A bispecific antibody for T cells."},
    ],
)
def test_a_partner_an_effect_and_a_kind_of_the_kind_contradict_nothing(row: dict[str, str]) -> None:
    assert conflicts(row) == {}


def test_a_description_is_laid_beside_the_concept_where_nothing_else_tells_a_kind() -> None:
    row = {"drug_name": "EVO-12", "drug_description": "Autologous T cells."}
    assert {kind: c.field for kind, c in conflicts(row, None, EVOLIMAB).items()} == {
        "modality_mismatch": "drug_description"
    }
    reworded = conflicts({**row, "drug_description": "A product of autologous T cells."}, None, EVOLIMAB)
    assert reworded["modality_mismatch"].fingerprint == conflicts(row, None, EVOLIMAB)["modality_mismatch"].fingerprint
    assert "calls its product cell product" in reworded["modality_mismatch"].message


def test_a_kind_that_contradicts_both_is_told_once() -> None:
    row = {"drug_name": "EVO-12", "intervention_type": "CAR-T", "drug_description": "A humanized antibody."}
    assert list(conflicts(row, None, EVOLIMAB)) == ["modality_mismatch"]


@pytest.mark.parametrize("field", ["drug_description", "drug_mechanism_of_action"])
@pytest.mark.parametrize(
    "text",
    [
        "Upon administration, zanutinib inhibits BTK.",
        "Given by mouth. Zanutinib selectively inhibits BTK.",
        "Upon oral administration of XYZ-9912, tumours shrink.",
        "Zanutinib is an oral inhibitor of a kinase.",
    ],
)
def test_a_text_about_another_drug_is_one_conflict(field: str, text: str) -> None:
    row = {"drug_name": "Evolimab", field: text, "drug_delivery_route": "Intravenous"}
    found = conflicts(row, None, EVOLIMAB)
    assert [(kind, conflict.field) for kind, conflict in found.items()] == [("record_contradicts_itself", field)]
    assert "'Evolimab'" in found["record_contradicts_itself"].message


@pytest.mark.parametrize(
    "text",
    [
        "Upon administration, evolimab targets CD38.",
        "Given weekly. EVO-12 binds to CD38.",
        "Evolimab is given after zanutinib. Upon administration, zanutinib prevents relapse.",
        "Upon administration, the antibody binds to CD38.",
        "It binds to CD38 and inhibits its enzyme.",
        "Given with zanutinib. Zanutinib inhibits a kinase.",
        "Following administration of zanutinib, it binds to CD38.",
        "A prodrug. XYZ-9912 inhibits tubulin.",
        "CD38 is an enzyme on plasma cells.",
    ],
)
def test_a_text_that_uses_any_name_of_the_drug_is_its_own(text: str) -> None:
    row = {"drug_name": "Evolimab", "drug_description": text}
    assert conflicts(row, None, EVOLIMAB) == {}


def test_a_name_that_study_or_definition_use_may_be_one_of_the_drugs() -> None:
    row = {"drug_name": "Evolimab", "drug_description": "Upon administration, oldumab targets CD38."}
    other = {"drug_name": "EVO-12", "drug_description": "Upon administration, oldumab targets CD38."}
    defined = concept_of("Evolimab", "CN|EVO-12", definition="Also known as oldumab; an antibody against CD38.")
    assert "record_contradicts_itself" in conflicts(row, None, EVOLIMAB)
    assert conflicts(row, study_of(given("Evolimab", other=("Oldumab",))), EVOLIMAB) == {}
    assert conflicts(other, None, defined) == {}


def test_without_a_concept_that_bears_the_name_nobody_knows_the_drugs_names() -> None:
    row = {"drug_name": "Brandex", "drug_description": "Upon administration, zanutinib inhibits BTK."}
    assert conflicts(row) == {}


def test_an_antibody_that_stands_for_an_antigen_is_a_vaccine() -> None:
    row = {"drug_name": "ABC-1 anti-idiotype vaccine", "drug_description": "A murine antibody that mimics GD2."}
    assert conflicts(row, None, concept_of("ABC-1 Anti-Idiotype Vaccine")) == {}


@pytest.mark.parametrize(
    ("definition", "loud"),
    [
        ("A preparation of autologous, CD34-positive hematopoietic stem cells transduced with a vector.", True),
        ("A vector given before autologous CD34-positive hematopoietic stem cells are returned.", False),
    ],
)
def test_stem_cells_that_are_transduced_are_the_product_and_no_transplant(definition: str, *, loud: bool) -> None:
    row = {"drug_name": "Zetibeglogene", "drug_description": "Allogeneic CD34+ cells from a healthy donor."}
    found = conflicts(row, None, concept_of("Zetibeglogene", definition=definition))
    assert ("concept_qualifier_mismatch" in found) is loud
