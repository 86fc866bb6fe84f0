"""The record alone: class names, texts that break off, fields against the description, parts of a name."""

from __future__ import annotations

import pytest

from builders import concept_of, conflicts, study_of
from trialweave.core.broken_text import breaks_off


def kinds(**row: str) -> dict[str, str]:
    return {kind: conflict.field for kind, conflict in conflicts(row).items()}


@pytest.mark.parametrize("name", ["CAR-NK cell therapy", "Chemotherapy", "CD20-directed monoclonal antibodies"])
def test_a_name_of_class_words_is_generic(name: str) -> None:
    assert kinds(drug_name=name) == {"record_name_generic": "drug_name"}


@pytest.mark.parametrize("name", ["ATHENA CAR-T (ET-901)", "nivolumab", "5-FU", "MPA"])
def test_a_product_a_code_and_an_abbreviation_are_not(name: str) -> None:
    assert kinds(drug_name=name) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Autologous monocytes that were taken from blood and engineered to exp",
        "A humanized antibody that binds to its receptor and thereby inhibits the",
        "A small molecule that inhibits several kinases and may lead to...",
        "A conjugate of an antibody and a toxin, given once (3 or 10 billion",
        "A monoclonal antibody directed against the human programmed death rece",
        "A vaccine made of several peptides, adjuvants, and,",
        "Autologous monocytes that were taken from blood and engineered to",
        "A small molecule that has been studied for years in a",
        "A humanized antibody that binds to its receptor and thereby inhibits the\u200b ",
        "A conjugate of an antibody and a toxin, given once （3 or 10 billion",
    ],
)
def test_a_text_that_ends_amid_a_word_or_a_clause_breaks_off(text: str) -> None:
    assert breaks_off(text) is not None
    assert kinds(drug_name="Zebra-101", drug_description=text) == {"record_truncated": "drug_description"}


@pytest.mark.parametrize(
    "text",
    [
        "A humanized antibody that binds to its receptor and inhibits growth",
        "A humanized antibody that binds to its receptor and inhibits growth.",
        "Autologous T cells engineered to express a chimeric antigen receptor",
        "An antibody that is given until progression, every 3 weeks, 240 mg",
        "A drug that is taken by mouth for at least three months (tablets)",
        "Oral BRAF inhib",
        "A registry of drugs for children with malignancies of the blood (PHINK",
        "It is given until one month after the treatment ends. ...",
        "A drug to prevent death of any cause or new infarction..",
        "A small molecule that was found to be a potent kinase inhibitor",
        "A small molecule that is given beside diet as an add-on",
        "A capsule that holds fish oil, vitamin e and vitamin a",
        "An allogeneic cell product that is made from CD34+ cord blood (CB) cells by ACME",
    ],
)
def test_a_text_that_ends_with_a_whole_word_or_is_short_does_not(text: str) -> None:
    assert breaks_off(text) is None


@pytest.mark.parametrize(
    ("field", "value", "description"),
    [
        ("drug_delivery_route", "Oral", "Engineered cells administered as a single IV infusion."),
        ("drug_delivery_route", "Ｏｒａｌ", "Engineered cells ｇｉｖｅｎ ｉｎｔｒａｖｅｎｏｕｓｌｙ."),
        ("intervention_type", "Autologous cell therapy", "Allogeneic T cells from healthy donors."),
        ("drug_mechanism_of_action", "Binds to CD38.", "An antibody directed against BCMA."),
    ],
)
def test_a_field_against_its_own_description_is_a_contradiction(field: str, value: str, description: str) -> None:
    row = {"drug_name": "Zebra-101", field: value, "drug_description": description}
    assert kinds(**row) == {"record_contradicts_itself": field}


@pytest.mark.parametrize(
    ("field", "value", "description"),
    [
        ("drug_delivery_route", "Oral", "Given IV in part 1 and orally in part 2."),
        ("drug_delivery_route", "Oral", "Taken for patients with oral mucositis after IV fluids."),
        ("drug_delivery_route", "Subcutaneous", "Infused over 30 minutes."),
        ("drug_delivery_route", "Intravenous", "A drug for oral cancer that is not meant for oral use."),
        ("drug_delivery_route", "Intravenous", "Monoclonal antibody; premedication is given orally."),
        ("intervention_type", "Autologous cell therapy", "Autologous T cells given after an allogeneic transplant."),
        ("drug_mechanism_of_action", "Binds to CD20.", "An antibody against MS4A1 that recruits CD3-positive T cells."),
        ("drug_mechanism_of_action", "Binds to BCMA.", "Kills cells that express CD38 or CD138."),
    ],
)
def test_several_routes_other_senses_and_aliases_are_none(field: str, value: str, description: str) -> None:
    row = {"drug_name": "Zebra-101", field: value, "drug_description": description}
    assert kinds(**row) == {}


@pytest.mark.parametrize(
    ("name", "route", "description"),
    [
        ("Zebratinib", "Oral", "Zebratinib plus IV chemotherapy."),
        ("Zebratinib", "Oral", "Zebratinib 12 mg d1-14 and TQB2450 1200 mg IV d1."),
        ("Zebratinib", "Oral", "12 mg/day; docetaxel 75 mg/m2 intravenously every 3 weeks."),
        ("Zebramab", "Intravenous", "Zebramab with BMS-986205 tablets."),
    ],
)
def test_the_route_of_what_is_given_besides_contradicts_nothing(name: str, route: str, description: str) -> None:
    row = {"drug_name": name, "drug_delivery_route": route, "drug_description": description}
    assert "record_contradicts_itself" not in conflicts(row)


@pytest.mark.parametrize(
    "description",
    [
        "CAR T cells for patients who relapsed after allogeneic stem cell transplantation.",
        "Infused as a bridge to allogeneic HSCT.",
        "Given after prior allogeneic CAR T cells.",
    ],
)
def test_the_origin_of_a_transplant_or_an_earlier_product_contradicts_nothing(description: str) -> None:
    row = {"drug_name": "Autologous Zebra-101 CAR T cells", "drug_description": description}
    assert "record_contradicts_itself" not in conflicts(row)


def test_parts_that_the_study_gives_as_two_drugs_disagree() -> None:
    study = study_of("Trastuzumab", "MK-3475")
    conflict = conflicts({"drug_name": "Trastuzumab (MK-3475)"}, study)["name_parts_disagree"]
    assert "two interventions" in conflict.message


def test_a_part_with_the_stem_of_another_substance_disagrees() -> None:
    concept = concept_of("Trastuzumab", "Herceptin")
    assert "name_parts_disagree" in conflicts({"drug_name": "Trastuzumab (imatinib)"}, None, concept)


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("Trastuzumab (MK-3475)", "Trastuzumab"),
        ("Trastuzumab deruxtecan (T-DXd, DS-8201a)", "Trastuzumab Deruxtecan"),
        ("Nemtabrutinib (ARQ 531)", "BTK Inhibitor ARQ 531"),
        ("Sacituzumab tirumotecan (MK-2870/SKB264)", "Sacituzumab Tirumotecan"),
        ("Tumor Infiltrating Lymphocytes (TIL)", "Tumor Infiltrating Lymphocytes"),
        ("Pembrolizumab (anti-PD-1)", "Pembrolizumab"),
    ],
)
def test_an_unknown_part_beside_a_known_name_never_disagrees(name: str, concept: str) -> None:
    assert "name_parts_disagree" not in conflicts({"drug_name": name}, study_of(name), concept_of(concept, "ARQ 531"))


@pytest.mark.parametrize(
    ("route", "description", "loud"),
    [
        ("Intravenous", "Oral EGFR tyrosine kinase inhibitor.", True),
        ("Intravenous", "A potent, highly selective, oral BRAF inhibitor", True),
        ("Oral", "Topical pan-JAK inhibitor cream applied twice a day", True),
        ("Topical", "Topical pan-JAK inhibitor cream applied twice a day", False),
        ("Oral", "Topical steroids are given besides.", False),
        ("Intravenous", "Nasal spray of an NMDA antagonist.", True),
        ("Intranasal", "Nasal spray of an NMDA antagonist.", False),
        ("Inhalation", "Nasal spray of an NMDA antagonist.", False),
        ("Oral", "A vaginal ring that releases a hormone.", True),
        ("Oral", "A hormone against vaginal atrophy.", False),
        ("Oral", "Subcutaneous siRNA against HBV.", True),
        ("Oral", "Sub-cutaneous siRNA against HBV.", True),
        ("Subcutaneous", "Subcutaneous siRNA; analogues are taken orally.", False),
        ("Intravenous", "Oral mucositis is its side effect.", False),
        ("Intravenous", "Oral dexamethasone is given before the infusion.", False),
        ("Intravenous", "Oral antibiotics are given besides.", False),
        ("Inhalation", "Oral inhalation of a powder.", False),
        ("Topical", "Oral rinse for the mouth.", False),
    ],
)
def test_a_description_opens_with_the_route_of_its_product(route: str, description: str, *, loud: bool) -> None:
    row = {"drug_name": "Zebra-101", "drug_delivery_route": route, "drug_description": description}
    assert ("record_contradicts_itself" in kinds(**row)) is loud


@pytest.mark.parametrize(
    ("inside", "loud"),
    [
        ("binimetinib", True),
        ("with binimetinib", False),
        ("plus binimetinib", False),
    ],
)
def test_what_a_bracket_tells_of_a_partner_is_no_part_of_the_name(inside: str, *, loud: bool) -> None:
    study = study_of("Encorafenib", "Binimetinib")
    found = conflicts({"drug_name": f"Encorafenib ({inside})"}, study, concept_of("Encorafenib", "LGX818"))
    assert ("name_parts_disagree" in found) is loud


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"drug_name": "Zanutinib", "drug_category": "CAR T"}, "drug_category"),
        ({"drug_name": "Evolimab", "intervention_type": "Small molecule"}, "intervention_type"),
        ({"drug_name": "ABC-1", "drug_category": "CAR M", "intervention_type": "Antibody"}, "intervention_type"),
        ({"drug_name": "CD7 CAR-T cells", "drug_mechanism_of_action": "targets CD19"}, "drug_mechanism_of_action"),
        (
            {"drug_name": "ABC-1", "drug_mechanism_of_action": "PD-1 blockade", "intervention_type": "anti-HER2 mAb"},
            "intervention_type",
        ),
        (
            {"drug_name": "ABC-1", "intervention_type": "Allogeneic cells", "drug_category": "AUTOLOGOUS CAR T"},
            "drug_category",
        ),
    ],
)
def test_fields_that_contradict_the_name_or_each_other_where_no_concept_tells(row: dict[str, str], field: str) -> None:
    found = {kind: told for kind, told in kinds(**row).items() if kind != "record_name_generic"}
    assert found == {"record_contradicts_itself": field}


@pytest.mark.parametrize(
    "row",
    [
        {"drug_name": "Zanutinib", "intervention_type": "Drug", "drug_class": "Inhibitor"},
        {"drug_name": "Zanutinib + evolimab", "intervention_type": "Monoclonal antibody"},
        {"drug_name": "Evolimab vedotin", "intervention_type": "Monoclonal antibody"},
        {"drug_name": "CD19/CD22 CAR-T cells", "drug_mechanism_of_action": "targets CD22"},
        {"drug_name": "ABC-1", "intervention_type": "Gene therapy", "drug_category": "CAR T"},
    ],
)
def test_fields_that_say_more_or_less_of_one_thing_contradict_nothing(row: dict[str, str]) -> None:
    assert "record_contradicts_itself" not in kinds(**row)


def test_where_the_concept_tells_it_speaks_first() -> None:
    row = {"drug_name": "Evolimab", "intervention_type": "Small molecule"}
    concept = concept_of("Evolimab", definition="A humanized antibody directed against CD38.")
    assert list(conflicts(row, None, concept)) == ["modality_mismatch"]


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("Zetrafenib (ZTR2818, zetramenib) is a BRAF inhibitor that is given orally, 80 mg daily.", True),
        ("Zetrafenib (ZTR2818), to which ibrutinib is given orally, 420 mg daily.", False),
        ("Given after oral dexamethasone 8 mg; ABC-2818 is an inhibitor that is taken orally.", False),
    ],
)
def test_a_description_under_the_concepts_name_tells_the_route_of_the_drug(description: str, told: bool) -> None:
    row = {"drug_name": "Zetrafenib", "drug_delivery_route": "Intravenous", "drug_description": description}
    found = conflicts(row, concept=concept_of("Zetrafenib", "ZTR2818", "Zetramenib"))
    assert ("record_contradicts_itself" in found) is told
