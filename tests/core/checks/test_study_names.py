"""How bad it is that a study does not name the record's drug."""

import pytest

from builders import concept_of, conflicts, study_of, woven
from trialweave.core.concept import Concept
from trialweave.core.models import Text
from trialweave.core.name_index import KnownNames
from trialweave.core.study import Intervention, Study

KIND = "study_drug_not_mentioned"


@pytest.mark.parametrize(
    ("known", "severity"),
    [
        (concept_of("Berzosertib"), "warning"),
        (concept_of("Berzosertib", "CN|VE-822"), "error"),
        (concept_of("Berzosertib", "BR|Zyxel"), "error"),
    ],
)
def test_a_code_in_the_study_softens_where_one_name_is_all_that_is_known(known: Concept, severity: str) -> None:
    conflict = conflicts({"drug_name": "Berzosertib"}, study_of("VX-970"), known)[KIND]
    assert conflict.severity == severity
    assert ("may be its code" in conflict.message) is (severity == "warning")


@pytest.mark.parametrize(
    ("name", "given", "severity"),
    [
        ("Venclexta", "Venetoclax", "warning"),
        ("ABT-199", "Venetoclax", "warning"),
        ("BMS-936558", "ONO-4538", "warning"),
        ("Venetoclax", "Pembrolizumab", "error"),
        ("CT-0525", "CT-0508", "error"),
        ("DS-1062a", "DS-8201a", "error"),
        ("Anti-CD19 CAR-T cells XYZ-1901", "Anti-CD20 CAR-T cells", "error"),
    ],
)
def test_a_name_that_may_be_a_brand_or_a_code_is_no_error_without_a_concept(
    name: str, given: str, severity: str
) -> None:
    conflict = conflicts({"drug_name": name}, study_of(given))[KIND]
    assert conflict.severity == severity
    assert ("No concept tells what else it is called." in conflict.message) is (severity == "warning")
    assert conflicts({"drug_name": name}, study_of(given), concept_of(name))[KIND].severity == "error"


def test_two_links_that_disagree_are_told_where_the_record_names_no_drug() -> None:
    enriched = woven({}, study_of("Osimertinib"), concept_of("Nivolumab"))
    (conflict,) = enriched.conflicts
    assert (conflict.kind, conflict.severity, conflict.field) == (KIND, "warning", "nct_id_drug_ref")
    assert "'Nivolumab'" in conflict.message
    assert "'Osimertinib'" in conflict.message
    assert enriched.suspect is None
    assert not woven({}, study_of("Nivolumab"), concept_of("Nivolumab")).conflicts


def test_an_intervention_that_only_tells_of_the_drug_does_not_describe_it() -> None:
    told = Text("QL1706 is a mixture. Paclitaxel is given too.", "/protocolSection/interventions/0/description")
    study = study_of(Intervention("DRUG", "QL1706", (), told, (), "/protocolSection/interventions/0"))
    enriched = woven({"drug_name": "Paclitaxel"}, study)
    assert str(enriched.edges["record_study"].path).endswith("/interventions/0/description")
    assert not enriched.fills
    assert [claim.source for claim in enriched.fields["drug_name"].claims] == ["record"]


def test_a_code_that_a_known_concept_owns_softens_nothing() -> None:
    index = KnownNames()
    index.add(concept_of("FGFR Inhibitor AZD4547", code="C2"))
    study, row = study_of("FGFR inhibitor AZD4547"), {"drug_name": "Berzosertib"}
    severities = [
        next(c.severity for c in woven(row, study, concept_of("Berzosertib"), at_hand).conflicts if c.kind == KIND)
        for at_hand in (KnownNames(), index)
    ]
    assert severities == ["warning", "error"]


def untold(summary: str | None, study_type: str | None = "OBSERVATIONAL") -> Study:
    """A study of which nothing is known but its texts."""
    texts = {"brief_summary": Text(summary, "/protocolSection/descriptionModule/briefSummary")} if summary else {}
    title = Text("Screening Behavior in Adults", "/protocolSection/identificationModule/briefTitle")
    return study_of(brief_title=title, study_type=study_type, **texts)


def test_an_observational_study_that_is_not_about_drugs_is_worth_a_look_and_proves_nothing() -> None:
    enriched = woven(
        {"drug_name": "Nivolumab"}, untold("Participants fill in a questionnaire."), concept_of("Nivolumab")
    )
    (conflict,) = enriched.conflicts
    assert (conflict.kind, conflict.severity) == (KIND, "warning")
    assert "neither title nor summary speaks of 'Nivolumab'" in conflict.message
    assert enriched.edges["record_study"].verdict == "unverifiable"
    assert enriched.suspect is None


@pytest.mark.parametrize(
    ("name", "study"),
    [
        ("Nivolumab", untold("Participants fill in a questionnaire.", "INTERVENTIONAL")),
        ("Nivolumab", untold("Participants fill in a questionnaire.", None)),
        ("Nivolumab", untold(None)),
        ("Nivolumab", untold("Patients on immunotherapy fill in a questionnaire.")),
        ("Dasatinib", untold("Resistance to tyrosine kinase inhibitors (TKIs) is studied.")),
        ("Prednisone", untold("Children on corticosteroids are followed.")),
        ("Tisagenlecleucel", untold("Long-term follow-up after CAR-T.")),
    ],
)
def test_what_a_payload_lacks_is_unknown_and_a_kind_that_a_text_speaks_of_leaves_room(name: str, study: Study) -> None:
    found = conflicts({"drug_name": name}, study, concept_of(name))
    assert {kind: conflict.severity for kind, conflict in found.items()} == {"study_drug_unverifiable": "info"}


def test_a_kind_that_the_drug_cannot_be_leaves_none() -> None:
    study = untold("Children on corticosteroids and chemotherapy are followed.")
    for name in ("Nivolumab", "Osimertinib", "CT-0525"):
        assert conflicts({"drug_name": name}, study, concept_of(name))[KIND].severity == "warning"


def test_a_name_that_neither_link_means_is_told_once_wherever_the_study_names_it() -> None:
    prior = Text("Earlier carboplatin is allowed.", "/protocolSection/eligibilityModule/eligibilityCriteria")
    study = study_of("Cisplatin", eligibility=prior)
    assert list(conflicts({"drug_name": "Carboplatin"}, study, concept_of("Cisplatin"))) == ["record_name_unsupported"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("Patiromer", True),
        ("SZC 10 g", False),
        ("Sodium zirconium cyclosilicate", False),
        ("Investigational drug", False),
    ],
)
def test_an_abbreviation_is_missed_where_the_study_has_neither_it_nor_the_concept(given: str, told: bool) -> None:
    known = concept_of("Sodium Zirconium Cyclosilicate", "AB|SZC")
    found = conflicts({"drug_name": "SZC"}, study_of(given), known)
    assert (KIND in found) is told
    assert not told or found[KIND].severity == "warning"
