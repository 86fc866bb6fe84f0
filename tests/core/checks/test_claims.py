"""What a study claims about the fields of a record: from which of its interventions, and which MeSH term."""

from __future__ import annotations

import pytest

from builders import arm, concept_of, given, study_of, woven
from trialweave.core.concept import Concept
from trialweave.core.models import Coded
from trialweave.core.study import Intervention, Study

MESHES = "/derivedSection/interventionBrowseModule/meshes"


def fills(drug: str, study: Study, concept: Concept | None = None) -> dict[str, str]:
    return {
        fill.field: fill.value for fill in woven({"drug_name": drug}, study, concept).fills if fill.source == "ctgov"
    }


def with_terms(*terms: str, interventions: tuple[Intervention | str, ...]) -> Study:
    return study_of(*interventions, intervention_mesh=tuple(Coded(None, term) for term in terms))


def test_the_intervention_is_found_by_the_concepts_names_where_the_records_stands_in_an_arm() -> None:
    study = study_of(given("Zetrafenib", "40 mg orally"), given("Docetaxel", kind="BIOLOGICAL"), arms=(arm("ABC-104"),))
    zetrafenib = concept_of("Zetrafenib", "CN|ABC-104")
    assert fills("ABC-104", study, zetrafenib) == {
        "intervention_type": "DRUG",
        "drug_description": "40 mg orally",
        "drug_delivery_route": "Oral",
    }
    assert "intervention_type" not in fills("ABC-104", study)
    assert "intervention_type" not in fills("ABC-104", study, concept_of("Docetaxel"))


def test_an_intervention_that_gives_the_drug_alone_tells_more_than_a_combination() -> None:
    both = given("Zetrafenib + docetaxel", "Zetrafenib and docetaxel.", kind="BIOLOGICAL")
    alone = given("Docetaxel (Taxotere)", "75 mg/m2.")
    assert fills("Docetaxel", study_of(both, alone))["drug_description"] == "75 mg/m2."
    assert fills("Docetaxel", study_of(both))["intervention_type"] == "BIOLOGICAL"


@pytest.mark.parametrize(
    ("drug", "terms", "interventions", "term"),
    [
        ("Zetrafenib", ("zetrafenib",), ("Zetrafenib",), "zetrafenib"),
        ("Zetrafenib", ("ABC chemical",), ("Zetrafenib", "Placebo tablet"), "ABC chemical"),
        ("Zetrafenib", ("ABC chemical",), ("Zetrafenib", "Docetaxel"), None),
        ("Zetrafenib", ("Docetaxel", "zetrafenib"), ("Zetrafenib", "Docetaxel"), "zetrafenib"),
        (
            "Zetrafenib",
            ("Docetaxel", "Zetrafenib Hydrochloride"),
            ("Zetrafenib", "Docetaxel"),
            "Zetrafenib Hydrochloride",
        ),
        ("Zyxelta (zetrafenib)", ("Docetaxel", "zetrafenib"), ("Zyxelta", "Docetaxel"), "zetrafenib"),
        ("Zetrafenib + docetaxel", ("Docetaxel",), ("Zetrafenib + docetaxel", "Exercise"), None),
        ("Zetrafenib", ("Docetaxel",), ("Zetrafenib", "Docetaxel"), None),
    ],
)
def test_a_mesh_term_is_the_drugs_where_it_is_its_name_or_nothing_else_is_given(
    drug: str, terms: tuple[str, ...], interventions: tuple[str, ...], term: str | None
) -> None:
    assert fills(drug, with_terms(*terms, interventions=interventions)).get("drug_mesh_term") == term


def test_the_concepts_names_find_the_mesh_term_and_it_tells_where_it_was_read() -> None:
    study = with_terms("Docetaxel", "zetrafenib", interventions=("ABC-104", "Docetaxel"))
    row = {"drug_name": "ABC-104"}
    (fill,) = (
        fill
        for fill in woven(row, study, concept_of("Zetrafenib", "CN|ABC-104")).fills
        if fill.field == "drug_mesh_term"
    )
    assert (fill.value, fill.evidence) == ("zetrafenib", f"{MESHES}/1/term")
    assert "drug_mesh_term" not in fills("ABC-104", study, concept_of("Docetaxel"))
