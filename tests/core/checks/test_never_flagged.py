"""What is never a conflict, each item through the whole merge."""

from __future__ import annotations

import pytest

from builders import arm, concept_of, given, study_of, woven
from trialweave.core.concept import Concept
from trialweave.core.findings import Policy
from trialweave.core.merge import merge
from trialweave.core.models import Coded, Found, Origin, Unavailable
from trialweave.core.output import Enriched
from trialweave.core.record import build_record
from trialweave.core.study import Study
from trialweave.core.views import StudyView

VENETOCLAX = concept_of(
    "Venetoclax",
    "Venclexta",
    "CN|ABT-199",
    definition="An orally bioavailable, selective small molecule BCL-2 inhibitor.",
)
AFATINIB = concept_of("Afatinib", "Gilotrif", "Afatinib Dimaleate", salts=(Coded("C97273", "Afatinib Dimaleate"),))
FLUDARABINE = concept_of("Fludarabine", "Fludara")
AZACITIDINE = concept_of("Azacitidine", "Vidaza")
CAR = concept_of("Autologous Anti-CD19 CAR T-cells ABC-19", "CN|ABC-19")
TRASTUZUMAB = concept_of("Trastuzumab", "Herceptin", definition="A monoclonal antibody directed against HER2.")
GAMMA = concept_of("Interferon Gamma-1b", "Actimmune")
LONG = "Arm A (autologous anti-CD19 CAR T-cells ABC-19, cyclophosphamide, flud"

ITEMS: dict[str, tuple[dict[str, str], Study | None, Concept | None]] = {
    "a placebo arm": (
        {"drug_name": "Venetoclax"},
        study_of(
            given("Venetoclax", "400 mg PO", arms=("A",)),
            given("Placebo to match venetoclax", "PO", arms=("B",)),
            arms=(arm("A"), arm("B", "Placebo orally", "PLACEBO_COMPARATOR", 1)),
        ),
        VENETOCLAX,
    ),
    "a sham procedure": (
        {"drug_name": "Venetoclax"},
        study_of("Venetoclax", given("Sham procedure", kind="PROCEDURE")),
        VENETOCLAX,
    ),
    "the other drugs of a combination": (
        {"drug_name": "Venetoclax", "drug_delivery_route": "Oral"},
        study_of(given("Venetoclax", "PO"), given("Azacitidine", "75 mg/m2 IV"), given("Rituximab", "IV")),
        VENETOCLAX,
    ),
    "lymphodepletion beside a cell product": (
        {"drug_name": "ABC-19", "drug_category": "CAR T"},
        study_of(given("ABC-19", kind="BIOLOGICAL"), "Fludarabine", "Cyclophosphamide"),
        CAR,
    ),
    "a comparator beside the drug": (
        {"drug_name": "Venetoclax"},
        study_of(
            given("Venetoclax", arms=("A",)),
            given("Chlorambucil", arms=("B",)),
            arms=(arm("A"), arm("B", None, "ACTIVE_COMPARATOR", 1)),
        ),
        VENETOCLAX,
    ),
    "a background therapy in all arms": (
        {"drug_name": "Azacitidine"},
        study_of(
            given("Venetoclax", arms=("A",)),
            given("Azacitidine", arms=("A", "B")),
            arms=(arm("A"), arm("B", None, "PLACEBO_COMPARATOR", 1)),
        ),
        AZACITIDINE,
    ),
    "brand against generic": ({"drug_name": "Venclexta"}, study_of("Venetoclax"), VENETOCLAX),
    "code against generic": ({"drug_name": "ABT-199"}, study_of("venetoclax"), VENETOCLAX),
    "salt against base": ({"drug_name": "Afatinib Dimaleate"}, study_of("Afatinib"), AFATINIB),
    "another salt": ({"drug_name": "Fludarabine phosphate"}, study_of("Fludarabine Phosphate"), FLUDARABINE),
    "dose and number of doses": ({"drug_name": "Fludarabine 30mg/m2 3 doses"}, study_of("Fludarabine"), FLUDARABINE),
    "dosage form": ({"drug_name": "Azacitidine for Injection"}, study_of("Azacitidine Injection"), AZACITIDINE),
    "case": ({"drug_name": "VENETOCLAX"}, study_of("venetoclax"), VENETOCLAX),
    "dash and space": (
        {"drug_name": "ABT\N{NON-BREAKING HYPHEN}199"},
        study_of("ABT\N{NO-BREAK SPACE}199"),
        VENETOCLAX,
    ),
    "Greek": ({"drug_name": "Interferon \N{GREEK SMALL LETTER GAMMA}-1b"}, study_of("Interferon gamma-1b"), GAMMA),
    "T cells and T lymphocytes": (
        {"drug_name": "Autologous anti-CD19 CAR T lymphocytes ABC-19"},
        study_of("ABC-19 T-lymphocytes"),
        CAR,
    ),
    "the suffix of the FDA": ({"drug_name": "Trastuzumab-dkst"}, study_of("Trastuzumab-dkst"), TRASTUZUMAB),
    "DRUG against BIOLOGICAL": (
        {"drug_name": "Trastuzumab", "intervention_type": "Drug"},
        study_of(given("Trastuzumab", kind="BIOLOGICAL")),
        TRASTUZUMAB,
    ),
    "an arm label that the registry cut": (
        {"drug_name": "ABC-19"},
        study_of(given("ABC-19", arms=(LONG,)), given("Fludarabine", arms=(LONG,)), arms=(arm(LONG),)),
        CAR,
    ),
    "synonyms that we do not have": (
        {"drug_name": "Venetoclax"},
        study_of("Venetoclax"),
        concept_of("Venetoclax", "GDC-0199", "RG7601", "Venclyxto", "AQ|Old 1"),
    ),
    "a definition in other typography": (
        {
            "drug_name": "Trastuzumab",
            "nci_thesaurus_definition": "NCI|A monoclonal  antibody directed against HER2. (NCI04)",
        },
        study_of("Trastuzumab"),
        TRASTUZUMAB,
    ),
    "other parents": (
        {"drug_name": "Trastuzumab", "drug_category": "INHIBITORY ANTIBODY"},
        study_of("Trastuzumab"),
        concept_of(
            "Trastuzumab", parents=(Coded("C155711", "Anti-HER2 Monoclonal Antibody"), Coded("C1", "New Class"))
        ),
    ),
    "names in the study that we do not have": (
        {"drug_name": "Venetoclax"},
        study_of(given("Venetoclax", other=("GDC-0199", "RG7601"))),
        VENETOCLAX,
    ),
    "the target under another symbol": (
        {"drug_name": "Trastuzumab", "drug_mechanism_of_action": "Binds to ErbB2 on tumor cells."},
        study_of("Trastuzumab"),
        TRASTUZUMAB,
    ),
    "an infusion is intravenous": (
        {"drug_name": "Trastuzumab", "drug_delivery_route": "Intravenous"},
        study_of(given("Trastuzumab", "Infused over 90 minutes.")),
        TRASTUZUMAB,
    ),
}


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_of_the_list_is_never_flagged(item: str) -> None:
    row, study, concept = ITEMS[item]
    enriched = woven(row, study, concept)
    assert [(conflict.kind, conflict.message) for conflict in enriched.conflicts] == []
    assert enriched.suspect is None


def test_a_reworded_definition_is_at_most_information() -> None:
    stored = "A humanized monoclonal antibody that is directed against HER2 on tumor cells, trastuzumab."
    row = {"drug_name": "Trastuzumab", "nci_thesaurus_definition": stored}
    found = woven(row, study_of("Trastuzumab"), TRASTUZUMAB).conflicts
    assert {conflict.severity for conflict in found} == {"info"}


def test_a_source_that_could_not_be_asked_says_nothing() -> None:
    row = {"drug_name": "Venetoclax", "nct_id_drug_ref": "NCT00000001", "nci_thesaurus_concept_id": "C1"}
    record = build_record(row, Origin("test", 1))
    down = [Unavailable("NCT00000001", "timed out"), Unavailable("C1", "timed out")]
    assert merge(record, down[0], down[1], None, None, Policy()).conflicts == ()


@pytest.mark.parametrize("given", ["Venetoclax", "Chemotherapy", None])
def test_a_brand_is_never_flagged_because_the_concept_could_not_be_asked(given: str | None) -> None:
    enriched = without_the_concept("Venclexta", *([given] if given else []))
    assert (enriched.conflicts, enriched.suspect) == ((), None)
    assert enriched.edges["record_study"].verdict == "unverifiable"


def test_plainly_another_drug_is_flagged_though_the_concept_could_not_be_asked() -> None:
    enriched = without_the_concept("Venetoclax", "Pembrolizumab")
    assert [(c.kind, c.severity) for c in enriched.conflicts] == [("study_drug_not_mentioned", "error")]
    assert enriched.suspect == "study_link"


def without_the_concept(name: str, *given: str) -> Enriched:
    study = study_of(*given)
    row = {"drug_name": name, "nct_id_drug_ref": study.nct_id, "nci_thesaurus_concept_id": "C1"}
    found = Found(study.nct_id, study.nct_id, "same", None, None)
    down = Unavailable("C1", "timed out")
    return merge(build_record(row, Origin("test", 1)), found, down, StudyView(study), None, Policy())


ARRANGED = (
    "Arm A: {}", "Arm I: {}", "Arm II {}", "Group 1: {}", "Cohort 1: {}", "Part B - {}", "Stage 1: {}", "Period 1: {}",
    "Sequence 1: {}", "Test: {}", "IMP: {}", "Reference: {}", "Experimental: {}", "Active Comparator: {}", "1. {}",
    "2) {}", "Neo-adjuvant {}", "Preoperative {}", "Postoperative {}", "Open-label {}", "Double-blind {}", "Blinded {}",
    "Continuous {}", "Intermittent {}", "Loading dose {}", "Crossover to {}", "Randomized to {}",
    "Generic {}", "{} arm", "{} administration", "{} and RT", "{} and radiation",
    "{} in combination with placebo", "{} and placebo",
    "{} with matching placebo", "{} combined with chemotherapy", "{} once daily", "{} QW", "{} every 3 weeks",
    "{} run-in", "{} retreatment", "{} rechallenge", "{} extension", "{} loading dose", "{} dose 1", "{} NOS",
)  # fmt: skip
"""How registries dress a drug's name as an arm of a study."""


@pytest.mark.parametrize("dressed", ARRANGED)
@pytest.mark.parametrize("name", ["Sunitinib", "CT-0525", "Metformin", "Aspirin"])
def test_a_drug_dressed_as_an_arm_is_the_drug(name: str, dressed: str) -> None:
    line = woven({"drug_name": dressed.format(name)}, study_of(name), concept_of(name))
    assert [line.edges[edge].verdict for edge in ("record_study", "record_concept")] == ["match"] * 2
    assert all(conflict.severity == "info" for conflict in line.conflicts)


@pytest.mark.parametrize("dressed", ["Placebo: {}", "{} placebo", "Placebo for {}", "Placebo matching {}"])
def test_a_stand_in_in_any_writing_is_not_the_drug(dressed: str) -> None:
    line = woven({"drug_name": dressed.format("Sunitinib")}, study_of("Sunitinib"), concept_of("Sunitinib"))
    assert line.edges["record_concept"].verdict == "mismatch"


@pytest.mark.parametrize(
    "given_name", ["Open Label Extension", "Double-blind treatment", "Loading dose", "Once weekly"]
)
def test_the_arrangement_alone_leaves_no_room_for_another_drug(given_name: str) -> None:
    line = woven({"drug_name": "Sunitinib"}, study_of("Osimertinib", given_name), concept_of("Sunitinib"))
    assert "study_drug_not_mentioned" in [conflict.kind for conflict in line.conflicts]
