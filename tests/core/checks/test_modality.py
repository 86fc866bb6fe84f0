"""The kind of therapy that a record tells against the type that its study gives the drug."""

from __future__ import annotations

import pytest

from builders import concept_of, conflicts, given, study_of
from trialweave.core.modality import category_modalities, of_name, type_modalities

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


RITUXIMAB = concept_of("Rituximab", definition="A chimeric antibody directed against CD20.")


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("intervention_type", "CAR T-cell therapy"),
        ("intervention_type", "Small molecule"),
        ("drug_category", "CAR-T cells"),
        ("drug_class", "Small molecules"),
    ],
)
def test_one_field_of_another_kind_is_not_excused_by_the_others(field: str, told: str) -> None:
    row = {
        "drug_name": "Rituximab",
        "intervention_type": "Monoclonal antibody",
        "drug_category": "CYTOTOXIC ANTIBODY",
        "drug_class": "Antibody",
    }
    assert conflicts(row, None, RITUXIMAB) == {}
    conflict = conflicts({**row, field: told}, None, RITUXIMAB)[KIND]
    assert (conflict.field, conflict.claims[0].value) == (field, told)


@pytest.mark.parametrize(
    ("field", "told", "loud"),
    [
        ("drug_category", "ANTIBODY DRUG CONJUGATE", True),
        ("drug_category", "BISPECIFIC T ENGAGER", True),
        ("drug_class", "Conjugate", True),
        ("intervention_type", "Antibody-drug conjugate (ADC)", True),
        ("drug_category", "CYTOTOXIC ANTIBODY", False),
        ("drug_category", "Conjugate vaccine partner", False),
    ],
)
def test_a_class_within_the_kind_that_nothing_in_the_concept_speaks_of(field: str, told: str, *, loud: bool) -> None:
    found = conflicts({"drug_name": "Rituximab", field: told}, None, RITUXIMAB)
    assert {kind: (c.field, c.severity) for kind, c in found.items()} == (
        {"class_mismatch": (field, "info")} if loud else {}
    )
    assert conflicts({"drug_name": "Rituximab", field: told}, None, concept_of("Rituximab")) == {}


@pytest.mark.parametrize(
    ("name", "definition", "told"),
    [
        ("Evolimab vedotin", "A humanized antibody against CD22.", "ANTIBODY DRUG CONJUGATE"),
        ("Evolimab", "A humanized antibody attached to calicheamicin.", "ADC"),
        ("Evolimab", "An anti-CD19/anti-CD3 bispecific monoclonal antibody.", "BISPECIFIC T ENGAGER"),
        ("ABC-1", "A preparation of autologous T lymphocytes that express a receptor.", "CAR T"),
        ("ABC-1", "Allogeneic natural killer cells with a receptor.", "CAR-NK"),
    ],
)
def test_a_class_that_the_concept_speaks_of_is_silent(name: str, definition: str, told: str) -> None:
    assert conflicts({"drug_name": name, "drug_category": told}, None, concept_of(name, definition=definition)) == {}


@pytest.mark.parametrize(
    ("name", "definition", "told", "kind"),
    [
        ("Zedumab", "A humanized antibody directed against RSV.", "VACCINE", KIND),
        ("Zedumab vedotin", "An antibody-drug conjugate against CD22.", "Vaccine", None),
        ("Zelenglutide", "A synthetic analogue of a hormone.", "Monoclonal antibody", KIND),
        ("Zelenglutide", "A peptide linked to an antibody.", "Peptide", None),
        ("Zelenteplase", "A recombinant protein.", "Gene therapy", KIND),
        ("Zelenteplase", "A recombinant protein.", "Oligonucleotide", KIND),
        ("Zelenteplase", "A recombinant protein.", "Fusion antibody", None),
        ("Zegovomab", "An anti-idiotypic murine monoclonal antibody.", "VACCINE", None),
        ("Zevax", "A vaccine that induces antibodies against RSV.", "VACCINE", None),
        ("Zomidubicel", "A cord blood derived cell product expanded ex vivo.", "ONCOLYTIC VIRUS", "class_mismatch"),
        ("Zetavirus-expressing Anti-CD40 Monoclonal Antibody", "A vector.", "Oncolytic virus", None),
        ("Zolpirev", "A herpes simplex virus that encodes an anti-CTLA-4 antibody.", "Antibody", None),
        ("Zolpirev", "A herpes simplex virus type 1 that kills tumor cells.", "Oncolytic virus", None),
    ],
)
def test_an_antibody_is_no_vaccine_and_cells_are_no_virus(
    name: str, definition: str, told: str, kind: str | None
) -> None:
    row = {"drug_name": name, "drug_category": told}
    assert list(conflicts(row, None, concept_of(name, definition=definition))) == ([kind] if kind else [])


@pytest.mark.parametrize("told", ["Medical device", "Behavioral: counseling", "Surgical procedure"])
def test_a_type_that_is_no_products_has_several_spellings(told: str) -> None:
    row = {"drug_name": "Zetrafenib", "intervention_type": told}
    assert conflicts(row, study_of(given("Zetrafenib")))[KIND].field == "intervention_type"


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        ("Small molecules", {"small molecule"}),
        ("MONOCLONAL ANTIBODIES", {"antibody"}),
        ("CAR-T CELL THERAPY", {"cell product"}),
        ("Antibody-drug conjugates", {"conjugate"}),
        ("Peptide-drug conjugates", set()),
        ("Antibody inducer", set()),
        ("Vaccine adjuvant", set()),
        ("Stem cell mobilizers", set()),
        ("Surgery", set()),
        ("Kinase inhibitors", set()),
    ],
)
def test_a_category_is_read_where_it_says_a_kind_and_nothing_else(told: str, kinds: set[str]) -> None:
    assert category_modalities(told) == kinds


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        ("Immunotherapy with CAR T cells", {"cell product"}),
        ("Stem cell infusion", {"cell product"}),
        ("Monoclonal antibody plus exercise", {"antibody"}),
        ("Conditioning chemotherapy before stem cell transplantation", set()),
        ("Lymphodepletion prior to CAR-T", set()),
        ("Immunosuppressant (transplantation)", set()),
        ("Inhibitor of T-cell activation", set()),
        ("Stem cell transplantation", {"procedure"}),
        ("Drug, exercise", set()),
    ],
)
def test_a_type_is_read_up_to_what_the_drug_is_given_with_or_for(told: str, kinds: set[str]) -> None:
    assert type_modalities(told) == kinds


@pytest.mark.parametrize(
    ("name", "told", "loud"),
    [
        ("Zenercept", "Small molecule", True),
        ("Zenoglutide", "Small molecule", False),
        ("Zanutinib", "Antibody-drug conjugate", True),
        ("Zanutinib", "Folate drug conjugate", False),
        ("Evolimab vedotin", "Small molecule", True),
    ],
)
def test_proteins_and_conjugates_against_small_molecules(name: str, told: str, *, loud: bool) -> None:
    found = conflicts({"drug_name": name, "intervention_type": told}, None, concept_of(name))
    assert (KIND in found) is loud


@pytest.mark.parametrize(
    ("types", "loud"),
    [
        (("Organic Chemical", "Pharmacologic Substance"), True),
        (("Antibiotic", "Organic Chemical"), True),
        (("Organic Chemical", "Pharmacologic Substance", "Vitamin"), True),
        (("Pharmacologic Substance",), False),
        (("Nucleic Acid, Nucleoside, or Nucleotide", "Pharmacologic Substance"), False),
    ],
)
def test_semantic_types_tell_where_no_text_does(types: tuple[str, ...], *, loud: bool) -> None:
    concept = concept_of("Zetrafenol", definition="A substance with activity.", semantic_types=types)
    found = conflicts({"drug_name": "Zetrafenol", "intervention_type": "CAR T cells"}, None, concept)
    assert (KIND in found) is loud
    if loud:
        assert f"stands under {', '.join(types)}" in found[KIND].message


@pytest.mark.parametrize("name", ["Digoxin Immune Fab", "Crotaline Antivenom", "Botulism Antitoxin"])
def test_what_antisera_are_made_of_is_antibodies(name: str) -> None:
    assert of_name(name) == {"antibody"}


def test_a_peptide_is_no_large_protein() -> None:
    assert of_name("Zenoglutide") == {"peptide"}
    assert of_name("Zenercept") == {"protein"}


@pytest.mark.parametrize(
    "name", ["Velaglucerase Alfa", "Agalsidase Beta", "Olipudase Alfa", "Pegloticase", "Lonoctocog Alfa"]
)
def test_a_replaced_enzyme_is_no_small_molecule(name: str) -> None:
    row = {"drug_name": name, "drug_category": "SMALL MOLECULE"}
    assert KIND in conflicts(row, None, concept_of(name))


def test_only_the_drugs_own_interventions_count_and_the_concept_speaks_first() -> None:
    row = {"drug_name": "Zetrafenib", "intervention_type": "Behavioral"}
    assert KIND not in conflicts(row, study_of(given("Docetaxel")))
    assert KIND not in conflicts(row, study_of(given("Zetrafenib"), given("Zetrafenib diary", kind="BEHAVIORAL")))
    conflict = conflicts(row, study_of(given("Zetrafenib")), concept_of("Zetrafenib"))[KIND]
    assert conflict.claims[1].source == "ncit"
