"""Route of administration: what counts as one, and when the record's is not the study's."""

from __future__ import annotations

import pytest

from builders import arm, concept_of, conflicts, given, study_of, woven
from trialweave.core.routes import field_routes, region, routes_in


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        ("Administered orally once daily", ["Oral"]),
        ("100 mg po bid", ["Oral"]),
        ("75 mg/m2, IV over 60 minutes on day 1", ["Intravenous"]),
        ("given i.v. every 3 weeks", ["Intravenous"]),
        ("subcutaneous (SC) injection", ["Subcutaneous", "Subcutaneous"]),
        ("intra-tumoral injection", ["Intratumoral"]),
        ("taken by mouth", ["Oral"]),
        ("50 mg per os", ["Oral"]),
        ("Hepatic arterial infusion", ["Intra-arterial"]),
        ("oral tablets", ["Oral", "Oral"]),
        ("Infusion", []),
        ("a single injection", []),
        ("patients with oral mucositis", []),
        ("oral cavity cancer, stage IV", []),
        ("Phase IV study", []),
        ("IV fluids are allowed", []),
        ("IV sedation as needed", []),
        ("oral opioids as rescue", []),
        ("increases intratumoral T cells", []),
        ("subcutaneous nodules", []),
        ("injected into cutaneous, subcutaneous, or nodal lesions", []),
        ("subcutaneous and visceral metastases", []),
        ("subcutaneous or intravenous injection", ["Subcutaneous", "Intravenous"]),
        ("not for oral use", []),
        ("Anlotinib after intravenous chemotherapy", []),
        ("Estradiol: vaginal tablet 10 mcg", ["Vaginal"]),
        ("buccal tablets of fentanyl", []),
        ("Nasal spray of zetrafenib, 28 mg", ["Intranasal"]),
        ("a vaginal ring that releases zetrafenib", ["Vaginal"]),
        ("nasal congestion, vaginal bleeding, nasal swabs", []),
        ("2 tablets daily", ["Oral"]),
        ("intravenous/oral", ["Intravenous", "Oral"]),
        ("premedication with dexamethasone orally", []),
        ("together with oral dexamethasone", []),
        ("It is the ID of IT", []),
        ("0.5-2mg po, once", ["Oral"]),
        ("20 mg/m² i.v over 2 h", ["Intravenous"]),
        ("a single dose as iv bolus", ["Intravenous"]),
        ("60 mg/m2 SC or Iv gtt", ["Subcutaneous", "Intravenous"]),
        ("class iv lupus nephritis", []),
        ("3 mg/m2 by vein on day 1", ["Intravenous"]),
        ("injected under the skin of the belly", ["Subcutaneous"]),
        ("injected into a muscle", ["Intramuscular"]),
        ("a clot in a deep vein, pain of skin and muscle", []),
        ("direct intra-myocardial injection of the cells", ["Intramyocardial"]),
        ("lowers intraocular pressure", []),
        ("oral single dose of 97 mg", ["Oral"]),
        ("oral extended-release tablet", ["Oral", "Oral"]),
        ("3 IA infusions into the brachial artery", ["Intra-arterial"]),
        ("IP chemotherapy", ["Intraperitoneal"]),
        ("the IP is given by the ID of the patient", []),
        ("Given orally up to day 8. Prior treatment is recorded", ["Oral"]),
        ("given by the enteral route", ["Enteral"]),
        ("enteral feeding", []),
        ("previously treated intravenously", []),
        ("Zetrafenib cream, 1 %", ["Topical"]),
        ("0.5 g of the vaginal cream", ["Vaginal"]),
        ("emollient cream as needed", []),
        ("0.02 % ophthalmic solution", ["Ophthalmic"]),
        ("ophthalmic examination, topical lesions", []),
        ("16 mg sub-cutaneous implant every 60 days", ["Subcutaneous"]),
        ("ａｄｍｉｎｉｓｔｅｒｅｄ ｏｒａｌｌｙ", ["Oral"]),
    ],
)
def test_a_text_names_routes_and_nothing_that_looks_like_one(text: str, routes: list[str]) -> None:
    assert [mention.route for mention in routes_in(text)] == routes


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        ("Intrathecal, Intracerebroventricular", ("Intrathecal", "Intracerebroventricular")),
        ("Arterial infusion", ("Intra-arterial",)),
        ("Intravenous infusion", ("Intravenous",)),
        ("IV", ("Intravenous",)),
        ("i.v.", ("Intravenous",)),
        ("I.V. infusion", ("Intravenous",)),
        ("i. v.", ("Intravenous",)),
        ("p.o.", ("Oral",)),
        ("s.c., i.m", ("Subcutaneous", "Intramuscular")),
        ("per os", ("Oral",)),
        ("Os", ()),
        ("Infusion", ()),
        ("rectal", ("Rectal",)),
        ("Cutaneous", ("Topical",)),
        ("SL", ("Sublingual",)),
        ("p.r.", ("Rectal",)),
        ("By vein", ("Intravenous",)),
        ("Ｉｎｔｒａｖｅｎｏｕｓ", ("Intravenous",)),
        ("ｐ．ｏ．", ("Oral",)),
        ("intra\u200bvenous", ("Intravenous",)),
        ("sub\u2011cutaneous", ("Subcutaneous",)),
    ],
)
def test_the_field_of_a_record_holds_nothing_but_routes(text: str, routes: tuple[str, ...]) -> None:
    assert field_routes(text) == routes


def test_routes_that_only_some_tell_apart_are_one() -> None:
    assert region("Enteral") == region("Oral")
    assert region("Topical") == region("Transdermal") == region("Ophthalmic")
    assert region("Oral") != region("Intravenous")


ENCORAFENIB = {"drug_name": "Encorafenib", "drug_delivery_route": "Intravenous"}
BY_MOUTH = study_of(given("encorafenib", "75 mg, PO"))


def test_another_route_in_the_clause_of_the_drug_is_noted() -> None:
    conflict = conflicts(ENCORAFENIB, BY_MOUTH)["route_mismatch"]
    assert conflict.severity == "info"
    assert [claim.value for claim in conflict.claims] == ["Intravenous", "Oral"]
    assert "'PO' in '75 mg, PO'" in conflict.message


def test_another_wording_of_the_route_is_no_other_conflict() -> None:
    worded = [conflicts(ENCORAFENIB, study_of(given("encorafenib", text))) for text in ("75 mg, PO", "taken orally")]
    assert len({found["route_mismatch"].fingerprint for found in worded}) == 1
    oral = {"drug_name": "Encorafenib", "drug_delivery_route": "Oral"}
    told = [conflicts({**oral, "drug_description": text}) for text in ("An IV infusion.", "Given intravenously.")]
    assert len({found["record_contradicts_itself"].fingerprint for found in told}) == 1
    assert "'IV' in 'An IV infusion.'" in told[0]["record_contradicts_itself"].message


def test_a_route_that_the_records_own_description_contradicts_is_one_conflict() -> None:
    row = {**ENCORAFENIB, "drug_description": "Taken orally once daily."}
    assert list(conflicts(row, BY_MOUTH)) == ["record_contradicts_itself"]


def test_a_definition_that_agrees_with_the_study_makes_it_a_warning() -> None:
    concept = concept_of("Encorafenib", definition="An orally available Raf kinase inhibitor.")
    conflict = conflicts(ENCORAFENIB, BY_MOUTH, concept)["route_mismatch"]
    assert conflict.severity == "warning"
    assert {claim.source for claim in conflict.claims} == {"record", "ctgov", "ncit"}


@pytest.mark.parametrize(
    "study",
    [
        study_of(given("encorafenib", "IV infusion")),
        study_of(given("encorafenib", "infused over 30 minutes")),
        study_of(given("encorafenib", "orally, or intravenously where needed")),
        study_of(given("encorafenib")),
        study_of(given("encorafenib"), given("binimetinib", "orally")),
        study_of(given("encorafenib", "premedicated with oral dexamethasone")),
        study_of("encorafenib", arms=(arm("A", "Patients receive binimetinib orally, and encorafenib on day 1."),)),
    ],
    ids=["same", "infusion", "two", "none", "partner's", "premedication", "partner's clause"],
)
def test_the_same_route_two_or_none_or_a_partners_is_silent(study: object) -> None:
    assert "route_mismatch" not in conflicts(ENCORAFENIB, study)  # type: ignore[arg-type]


def test_a_clause_of_an_arm_counts_for_the_drug_that_it_names() -> None:
    study = study_of(
        "encorafenib",
        "cetuximab",
        arms=(arm("A", "Patients receive encorafenib, 300 mg, orally once daily and cetuximab IV every 2 weeks."),),
    )
    assert woven({"drug_name": "Encorafenib"}, study).drug.routes == ("Oral",)  # type: ignore[union-attr]
    assert woven({"drug_name": "Cetuximab"}, study).drug.routes == ("Intravenous",)  # type: ignore[union-attr]


def test_a_blank_route_is_filled_from_the_study() -> None:
    filled = woven({"drug_name": "Encorafenib"}, BY_MOUTH).fills
    assert [(fill.field, fill.value) for fill in filled if fill.field == "drug_delivery_route"] == [
        ("drug_delivery_route", "Oral")
    ]


TRASTUZUMAB = {"drug_name": "Trastuzumab", "drug_delivery_route": "Intravenous"}


@pytest.mark.parametrize(
    "description",
    [
        "8 mg/kg every 3 weeks. Acetaminophen 650 mg by mouth is given before each dose.",
        "trastuzumab 6 mg/kg q3w, capecitabine 1000 mg/m2 orally bid",
        "Given every 3 weeks. Pertinib is taken with it, 50 mg orally.",
        "6 mg/kg every 3 weeks with letrozole tablets",
    ],
    ids=["premedication", "partner", "goes on about the partner", "partner of the study"],
)
def test_a_clause_of_the_description_about_another_drug_is_silent(description: str) -> None:
    study = study_of(given("Trastuzumab", description), "Letrozole")
    assert "route_mismatch" not in conflicts(TRASTUZUMAB, study)


@pytest.mark.parametrize(
    "description",
    [
        "8 mg/kg every 3 weeks. The dose is 600 mg, taken orally.",
        "Acetaminophen 650 mg is given first. Trastuzumab is taken orally.",
        "Starting dose 50 mg, taken orally.",
        "Dose Level 1: 50 mg orally and thereafter 100 mg",
        "ZEBRAMIX 40 mg film-coated tablets",
    ],
)
def test_a_clause_of_the_description_about_the_drug_itself_counts(description: str) -> None:
    assert "route_mismatch" in conflicts(TRASTUZUMAB, study_of(given("Trastuzumab", description)))


@pytest.mark.parametrize(
    ("description", "route"),
    [
        ("Taken as capsules.", "Inhalation"),
        ("One tablet in the evening.", "Sublingual"),
        ("One tablet in the evening.", "Vaginal"),
        ("A cream, twice daily.", "Rectal"),
        ("One drop of the ophthalmic solution.", "Intravitreal"),
    ],
)
def test_a_form_that_is_given_by_the_route_too_contradicts_nothing(description: str, route: str) -> None:
    row = {"drug_name": "Zetrafenib", "drug_delivery_route": route}
    assert not conflicts({**row, "drug_description": description}, study_of("Zetrafenib"))
    assert not conflicts(row, study_of(given("Zetrafenib", description)))
    assert "route_mismatch" in conflicts(
        {**row, "drug_delivery_route": "Intravenous"}, study_of(given("Zetrafenib", description))
    )
    assert "route_mismatch" in conflicts(row, study_of(given("Zetrafenib", "Taken orally.")))


@pytest.mark.parametrize(
    ("drug", "description", "routes"),
    [
        ("Zetrafenib", "Zetrafenib: 40 mg tablet, taken orally. Docetaxel: 75 mg/m2, IV infusion", ("Oral",)),
        ("Docetaxel", "Zetrafenib: 40 mg tablet, taken orally. Docetaxel: 75 mg/m2, IV infusion", ("Intravenous",)),
        ("Zetrafenib", "Zetrafenib 40 mg: orally, once a day", ("Oral",)),
        ("Zetrafenib", "The patients of zetrafenib group: IV fluids are given, orally if need be", ()),
        ("Zetrafenib", "Participants receive zetrafenib or matching placebo subcutaneously once", ("Subcutaneous",)),
        ("Zetrafenib", "Participants receive zetrafenib and placebo subcutaneously once", ()),
        ("Zetrafenib", "Participants receive zetrafenib or docetaxel intravenously", ()),
    ],
)
def test_an_arm_tells_of_a_drug_behind_its_label_and_beside_its_placebo(
    drug: str, description: str, routes: tuple[str, ...]
) -> None:
    study = study_of("Zetrafenib", "Docetaxel", arms=(arm("A", description),))
    assert woven({"drug_name": drug}, study).drug.routes == routes  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "description", "routes"),
    [
        ("ABC-104 + zetrafenib", "ABC-104 10 mg/kg intravenously, plus zetrafenib on days 1 to 14", ()),
        ("ABC-104 + zetrafenib", "ABC-104 10 mg/kg intravenously, plus zetrafenib orally on days 1 to 14", ("Oral",)),
        ("Antiplatelet drug", "aspirin (first 250 mg intravenously) + inhibitor of P2Y12 (zetrafenib 300 mg)", ()),
        ("Zetrafenib", "20 mg daily, alone or in combination with nitrogard transdermal", ()),
        ("Zetrafenib", "0.4 mg po, alone or in combination with nitrogard transdermal", ("Oral",)),
        ("Zetrafenib", "In combination with radiotherapy. Given intravenously", ("Intravenous",)),
        ("Zetrafenib", "Zetrafenib or placebo is given intravenously", ("Intravenous",)),
        ("Zetrafenib", "prophylactic zetrafenib (40 mg, IV)", ("Intravenous",)),
        ("Zetrafenib", "conditioning with zetrafenib 40 mg IV", ("Intravenous",)),
        ("Zetrafenib", "after conditioning with busulfan IV", ()),
        ("Zetrafenib", "zetrafenib with prophylactic antiemetics IV", ()),
        ("Zetrafenib inhalation capsules", "one capsule by inhalation", ("Inhalation",)),
        ("Zetrafenib", "an intravenous dose, later capsules", ("Intravenous", "Oral")),
    ],
)
def test_the_route_of_a_partner_is_not_the_drugs(name: str, description: str, routes: tuple[str, ...]) -> None:
    study = study_of(given(name, description), given("Placebo"))
    assert woven({"drug_name": "Zetrafenib"}, study).drug.routes == routes  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("interventions", "described", "routes"),
    [
        (("Zetrafenib",), "240 mg, taken orally once daily", ("Oral",)),
        (("Zetrafenib", "Docetaxel"), "240 mg, taken orally once daily", ()),
        (("Docetaxel",), "240 mg, taken orally once daily", ()),
        (("Zetrafenib",), "after oral prednisone", ()),
        ((), "240 mg, taken orally once daily", ()),
    ],
)
def test_the_arm_of_a_drug_alone_tells_its_route_without_its_name(
    interventions: tuple[str, ...], described: str, routes: tuple[str, ...]
) -> None:
    arms = (arm("High dose", described)._replace(interventions=interventions),)
    study = study_of("Zetrafenib", "Docetaxel", arms=arms)
    assert woven({"drug_name": "Zetrafenib"}, study).drug.routes == routes  # type: ignore[union-attr]
    named = study_of(given("Zetrafenib", "IV infusion"), arms=arms)
    assert woven({"drug_name": "Zetrafenib"}, named).drug.routes == ("Intravenous",)  # type: ignore[union-attr]
