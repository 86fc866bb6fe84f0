"""Record and concept: another drug, unconfirmed, a class, a decisive word, another kind of therapy."""

from __future__ import annotations

import pytest

from builders import concept_of, conflicts, study_of, woven
from trialweave.core.concept import Concept
from trialweave.core.models import Coded
from trialweave.core.vocabulary.semantic_types import drug_standing

BEVACIZUMAB = concept_of("Bevacizumab", "Avastin", "BR|Avastin", code="C2039")
CAR_T = concept_of(
    "Autologous Anti-CD19 CAR T-cells",
    "Autologous Anti-CD19 CAR T Cells",
    definition="A preparation of autologous T lymphocytes engineered to express a receptor specific for CD19.",
)


def names(row: dict[str, str], concept: Concept, *interventions: str) -> dict[str, str]:
    found = conflicts(row, study_of(*interventions) if interventions else None, concept)
    return {kind: conflict.severity for kind, conflict in found.items()}


def test_another_drug_whose_name_the_study_backs_is_an_error_that_shows_both() -> None:
    conflict = conflicts({"drug_name": "Trastuzumab"}, study_of("Trastuzumab"), BEVACIZUMAB)["concept_different_drug"]
    assert conflict.severity == "error"
    assert [(claim.source, claim.path, claim.value) for claim in conflict.claims] == [
        ("record", "/drug_name", "Trastuzumab"),
        ("ncit", "/name", "Bevacizumab"),
    ]
    assert "interventions/0/name" in conflict.message


@pytest.mark.parametrize(
    ("row", "concept"),
    [
        ({"drug_name": "Carboplatin"}, BEVACIZUMAB),
        (
            {"drug_name": "ABC-1234", "drug_mechanism_of_action": "Binds to CD22."},
            concept_of("Xyzumab", definition="An antibody directed against HER2."),
        ),
        (
            {"drug_name": "ABC-1234", "nci_thesaurus_definition": "A bark, once used to treat fever in many lands."},
            concept_of("Xyzumab", definition="An antibody directed against HER2 on the surface of tumor cells."),
        ),
        ({"drug_name": "Anti-CD22 ADC ABC-1234"}, CAR_T),
    ],
    ids=["stem", "target", "definition", "kind"],
)
def test_a_second_witness_makes_it_an_error(row: dict[str, str], concept: Concept) -> None:
    assert names(row, concept).get("concept_different_drug") == "error"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Vincristine", "Trastuzumab"),
        ("Cyclophosphamide", "Nivolumab"),
        ("Ifosfamide", "Letrozole"),
        ("Dexamethasone", "Bevacizumab"),
        ("Aspirin", "Thalidomide"),
        ("Vincristine", "Vinblastine"),
        ("Irinotecan", "Sacituzumab Govitecan"),
        ("Idasanutlin", "Revumenib"),
        ("Zebrazine Hydrochloride", "Trastuzumab"),
        ("Zebrazine Mesylate", "Autologous Anti-CD19 CAR T-cells"),
    ],
)
def test_a_name_in_common_use_and_a_salt_say_what_they_are(name: str, other: str) -> None:
    assert names({"drug_name": name}, concept_of(other)) == {"concept_different_drug": "error"}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Cyclophosphamide", "Cyclofosfamide"),
        ("Apatinib", "Rivoceranib"),
        ("Theophylline", "Aminofylline"),
        ("Rapamycin", "Sirolimus"),
        ("Adriamycin", "Doxorubicin"),
        ("CellCept", "Mycophenolate Mofetil"),
        ("Sprycel", "Dasatinib"),
        ("Zebrazine Hydrochloride", "Zyxazine"),
        ("Herceptin", "Trastuzumab"),
    ],
)
def test_two_spellings_of_one_stem_are_no_witness(name: str, other: str) -> None:
    assert "concept_different_drug" not in names({"drug_name": name}, concept_of(other))


CHEMICAL = ("Organic Chemical", "Pharmacologic Substance")
PROTEIN = ("Amino Acid, Peptide, or Protein", "Immunologic Factor", "Pharmacologic Substance")


@pytest.mark.parametrize(
    ("name", "concept", "types"),
    [
        ("Pembrolizumab", "Aspirin", CHEMICAL),
        ("Tisagenlecleucel", "Aspirin", CHEMICAL),
        ("ide-cel", "Water", ("Inorganic Chemical",)),
        ("Zebra-101 vaccine", "Aspirin", CHEMICAL),
        ("Osimertinib", "Herceptin", PROTEIN),
        ("Epoetin", "Aspirin", CHEMICAL),
    ],
)
def test_semantic_types_that_leave_no_such_product_open_are_a_witness(
    name: str, concept: str, types: tuple[str, ...]
) -> None:
    assert names({"drug_name": name}, concept_of(concept, semantic_types=types)) == {"concept_different_drug": "error"}


@pytest.mark.parametrize(
    ("name", "types"),
    [("Pembrolizumab", PROTEIN), ("Osimertinib", CHEMICAL), ("Pembrolizumab", (*CHEMICAL, "Immunologic Factor"))],
)
def test_semantic_types_that_leave_the_product_open_are_none(name: str, types: tuple[str, ...]) -> None:
    assert names({"drug_name": name}, concept_of("Zebra", semantic_types=types)) == {
        "concept_name_unconfirmed": "warning"
    }


@pytest.mark.parametrize(
    ("types", "standing"),
    [
        (("Health Care Related Organization", "Manufactured Object"), "no"),
        (("Medical Device",), "no"),
        (("Bacterium",), "no"),
        (("Tissue",), "no"),
        (("Bacterium", "Immunologic Factor"), "unknown"),
        (("Virus",), "unknown"),
        (("Bacterium", "Pharmacologic Substance"), "yes"),
    ],
)
def test_organisations_devices_tissues_and_microbes_alone_are_no_drugs(types: tuple[str, ...], standing: str) -> None:
    assert drug_standing(types, "DEFAULT") == standing


def test_without_a_witness_the_name_is_unconfirmed() -> None:
    concept = concept_of("Losatuxizumab Vedotin")
    assert names({"drug_name": "ABBV-221"}, concept) == {"concept_name_unconfirmed": "warning"}


@pytest.mark.parametrize("name", ["bevacizumab", "AVASTIN", "Bevacizumab injection", "Bevacizumab-awwb"])
def test_another_writing_a_brand_or_a_dosage_form_is_silent(name: str) -> None:
    assert names({"drug_name": name}, BEVACIZUMAB, name) == {}


def test_a_code_name_that_became_a_nonproprietary_name_is_silent() -> None:
    adavosertib = concept_of("Adavosertib", "WEE1 Inhibitor AZD1775", "CN|AZD1775")
    assert names({"drug_name": "WEE1 Inhibitor AZD1775"}, adavosertib) == {}


def test_a_decisive_word_is_named() -> None:
    conflict = conflicts({"drug_name": "Allogeneic anti-CD19 CAR T cells"}, None, CAR_T)["concept_qualifier_mismatch"]
    assert conflict.severity == "warning"
    assert "allogeneic against autologous" in conflict.message


@pytest.mark.parametrize("name", ["Anti-CD19 CAR T cells", "CD19 CAR-T"])
def test_a_decisive_word_that_one_side_leaves_out_is_silent(name: str) -> None:
    assert "concept_qualifier_mismatch" not in names({"drug_name": name}, CAR_T)


def test_a_second_target_and_another_cell_are_decisive_among_class_names() -> None:
    dual = concept_of("Anti-CD19/CD22 CAR T-cells")
    assert "concept_qualifier_mismatch" in names({"drug_name": "Anti-CD19 CAR T-cells"}, dual)
    assert "concept_qualifier_mismatch" in names({"drug_name": "Anti-CD19/CD20 CAR T-cells"}, dual)
    assert "concept_qualifier_mismatch" not in names({"drug_name": "Anti-CD22/CD19 CAR T-cells"}, dual)
    assert "concept_qualifier_mismatch" in names({"drug_name": "CAR-NK cells"}, concept_of("CAR T-cells"))
    til = concept_of("Young Autologous Tumor-infiltrating Lymphocytes")
    assert "concept_qualifier_mismatch" in names({"drug_name": "Anti-HER2/HER3 Dendritic Cell Vaccine"}, til)
    pulsed = concept_of("HER2-pulsed Dendritic Cells")
    assert "concept_qualifier_mismatch" not in names({"drug_name": "HER2 Dendritic Cell Vaccine"}, pulsed)


def test_a_class_does_not_stand_for_a_product() -> None:
    agent = concept_of("Antineoplastic Agent", code="C274", is_drug="class")
    assert names({"drug_name": "EP0057"}, agent) == {"concept_is_class": "warning"}


@pytest.mark.parametrize("name", ["anti-PD-1 monoclonal antibody", "Anti-PD1 Antibody"])
def test_a_class_stands_for_a_class(name: str) -> None:
    found = names({"drug_name": name}, concept_of("Anti-PD-1 Monoclonal Antibody", is_drug="class"))
    assert "concept_is_class" not in found


def test_a_name_that_only_an_obsolete_term_bears_is_noted() -> None:
    melphalan = concept_of("Melphalan", "AQ|Alkeran")
    assert names({"drug_name": "Alkeran"}, melphalan) == {"matched_only_by_obsolete_or_ambiguous_name": "info"}
    assert names({"drug_name": "Melphalan (Alkeran)"}, melphalan) == {}


def test_where_the_record_alone_is_odd_there_is_one_conflict() -> None:
    study, nivolumab = study_of("Nivolumab"), concept_of("Nivolumab", "Opdivo")
    enriched = woven({"drug_name": "Pembrolizumab"}, study, nivolumab)
    (conflict,) = enriched.conflicts
    assert conflict.kind == "record_name_unsupported"
    assert conflict.suggestion is not None
    assert (conflict.suggestion.field, conflict.suggestion.value) == ("drug_name", "Nivolumab")
    assert enriched.suspect == "record"


def test_where_all_three_differ_each_edge_has_its_conflict_and_no_name_is_proposed() -> None:
    enriched = woven({"drug_name": "Pembrolizumab"}, study_of("Ipilimumab"), concept_of("Nivolumab"))
    assert {c.kind for c in enriched.conflicts} == {"study_drug_not_mentioned", "concept_name_unconfirmed"}
    assert all(c.suggestion is None for c in enriched.conflicts)
    assert enriched.suspect == "record"


def test_a_stored_term_of_another_drug_beside_class_words_is_unconfirmed() -> None:
    row = {"drug_name": "CAR-T cells", "nci_thesaurus_preferred_term": "Tisagenlecleucel"}
    assert "concept_name_unconfirmed" in names(row, concept_of("Axicabtagene Ciloleucel"))


@pytest.mark.parametrize(
    ("field", "value", "loud"),
    [
        ("drug_description", "Allogeneic T cells with a CAR.", True),
        ("intervention_type", "Allogeneic CAR T-cell therapy", True),
        ("drug_category", "ALLOGENEIC CAR T", True),
        ("intervention_type", "CAR T-cell therapy after allogeneic transplantation", False),
        ("intervention_type", "Autologous or allogeneic CAR T cells", False),
        ("intervention_type", "Autologous CAR T cells", False),
    ],
)
def test_whose_cells_they_are_may_stand_in_any_field_and_is_told(field: str, value: str, *, loud: bool) -> None:
    concept = concept_of("Autologous Anti-CD19 CAR T Cells ABC-19", "ABC-19")
    found = conflicts({"drug_name": "ABC-19", field: value}, None, concept)
    assert ("concept_qualifier_mismatch" in found) is loud
    if loud:
        assert f"allogeneic ({field}) against autologous (name)" in found["concept_qualifier_mismatch"].message


def test_cells_derived_from_marrow_are_the_product_and_a_transplant_is_not() -> None:
    concept = concept_of("ABC-19", definition="An allogeneic, bone marrow-derived mesenchymal stem cell product.")
    row = {"drug_name": "ABC-19", "drug_description": "Autologous bone marrow-derived mesenchymal stem cells."}
    assert "concept_qualifier_mismatch" in conflicts(row, None, concept)
    row["drug_description"] = "Autologous stem cell transplantation follows."
    assert conflicts(row, None, concept) == {}


@pytest.mark.parametrize(
    "name", ["Sacubitril&#47;Valsartan", "Sacubitril &amp; Valsartan", "Sacubitril&nbsp;/ Valsartan"]
)
def test_a_name_is_read_as_a_page_shows_it(name: str) -> None:
    assert conflicts({"drug_name": name}, None, concept_of("Sacubitril/Valsartan", "Sacubitril and Valsartan")) == {}


@pytest.mark.parametrize("name", ["Programmed Cell Death Protein 1", "Serine/Threonine-Protein Kinase B-raf"])
def test_a_target_with_words_of_products_in_its_name_is_a_target(name: str) -> None:
    target = concept_of(name, is_drug="unknown", semantic_types=("Amino Acid, Peptide, or Protein", "Enzyme"))
    row = {"drug_name": "ABC-1234", "drug_mechanism_of_action": "inhibits PD-1 and BRAF"}
    assert list(conflicts(row, None, target)) == ["concept_not_a_drug"]


def test_the_drugs_own_target_is_no_drug_and_the_one_conflict() -> None:
    receptor = concept_of(
        "Epidermal Growth Factor Receptor", code="C17757", is_drug="unknown", semantic_types=("Receptor", "Enzyme")
    )
    enriched = woven({"drug_name": "EGFR inhibitor ABC-1234"}, study_of("ABC-1234"), receptor)
    assert [c.kind for c in enriched.conflicts] == ["concept_not_a_drug"]
    assert enriched.suspect == "concept_link"


@pytest.mark.parametrize("types", [(), ("Enzyme", "Pharmacologic Substance")])
def test_a_protein_drug_is_no_target(types: tuple[str, ...]) -> None:
    insulin = concept_of("Tumor Necrosis Factor Alpha", is_drug="unknown", semantic_types=types)
    assert "concept_not_a_drug" not in names({"drug_name": "TNF-alpha Beromun"}, insulin)


ADC = concept_of(
    "Polatuzumab Vedotin", definition="An antibody-drug conjugate directed against CD79b linked to a toxin."
)


@pytest.mark.parametrize(
    ("field", "value", "concept"),
    [("drug_category", "CAR T", ADC), ("intervention_type", "Cellular therapy (CAR T cells)", ADC)],
)
def test_another_kind_of_therapy_is_a_warning(field: str, value: str, concept: Concept) -> None:
    row = {"drug_name": "Polatuzumab vedotin", field: value}
    assert names(row, concept) == {"modality_mismatch": "warning"}


@pytest.mark.parametrize(
    "value",
    [
        "Drug",
        "Biological",
        "Biologic (monoclonal antibody)",
        "Antibody\N{EN DASH}drug conjugate",
        "Combination product",
    ],
)
def test_drug_biological_and_neighbouring_kinds_are_silent(value: str) -> None:
    assert names({"drug_name": "Polatuzumab vedotin", "intervention_type": value}, ADC) == {}


def test_a_t_cell_engager_is_no_cell_product() -> None:
    blinatumomab = concept_of("Blinatumomab", definition="A bispecific monoclonal antibody with specificity for CD19.")
    row = {
        "drug_name": "Blinatumomab",
        "intervention_type": "Biologic; bispecific T\N{NON-BREAKING HYPHEN}cell engager",
    }
    assert names(row, blinatumomab) == {}


def test_parents_that_all_contradict_the_category_are_noted() -> None:
    above = (Coded("C20401", "Monoclonal Antibody"), Coded("C129822", "Antineoplastic Antibody"))
    concept = concept_of("Zebra-101", parents=above)
    row = {"drug_name": "Zebra-101", "drug_category": "CAR T"}
    assert names(row, concept) == {"class_mismatch": "info"}
    assert names({**row, "drug_category": "SOMETHING OF OURS"}, concept) == {}
    assert names(row, concept_of("Zebra-101", parents=(*above, Coded("C1", "CAR T Cells")))) == {}


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("BZN", "BZN 300 mg", True),
        ("FXD", "FXD 300 mg", False),
        ("BZN", "Benznidazole", False),
        ("BZN", "BZN plus fexinidazole", False),
    ],
)
def test_an_abbreviation_of_what_the_study_gives_is_not_confirmed_by_another_drug(
    name: str, given: str, told: bool
) -> None:
    found = names({"drug_name": name}, concept_of("Fexinidazole", "CN|HOE 239"), given)
    assert found == ({"concept_name_unconfirmed": "warning"} if told else {})


@pytest.mark.parametrize(("category", "told"), [("DEVICE", False), ("Drug-eluting device", False), ("Drug", True)])
def test_a_device_that_the_record_calls_one_is_no_wrong_code(category: str, *, told: bool) -> None:
    stent = concept_of("Zotarolimus-Eluting Stent", semantic_types=("Medical Device",), is_drug="no")
    row = {"drug_name": "zotarolimus-eluting stent", "drug_category": category}
    assert ("concept_not_a_drug" in names(row, stent)) is told
