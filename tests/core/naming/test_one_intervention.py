"""A name that the concept lacks, and that the study gives with one of the concept's for a single intervention."""

from __future__ import annotations

import pytest

from builders import concept_of, conflicts, given, study_of, woven
from trialweave.core.concept import Concept
from trialweave.core.name_index import KnownNames

IVERMECTIN = concept_of("Ivermectin", "BR|Stromectol")


def test_a_name_that_the_study_gives_the_concepts_drug_is_open() -> None:
    study = study_of(given("Ivermectin 1% cream", other=("CD5024", "Soolantra")))
    told = woven({"drug_name": "CD5024"}, study, IVERMECTIN)
    assert told.edges["record_concept"].verdict == "unverifiable"
    assert not [conflict for conflict in told.conflicts if conflict.severity != "info"]


def test_the_other_way_round_too() -> None:
    study = study_of(given("XR-NTX", other=("Naltrexone",)))
    assert "concept_name_unconfirmed" not in conflicts({"drug_name": "XR-NTX"}, study, concept_of("Naltrexone"))


@pytest.mark.parametrize(
    ("name", "concept", "intervention", "other"),
    [
        ("Xalacom", concept_of("Latanoprost"), "Latanoprost-timolol", ("Xalacom",)),
        ("Zebrex", concept_of("Carboplatin"), "Carboplatin + paclitaxel", ("Zebrex",)),
        ("FOLFIRI", concept_of("FOLFOX Regimen", "FOLFOX"), "Chemotherapy", ("FOLFOX", "FOLFIRI")),
        ("gefitinib tablets", concept_of("Anlotinib"), "Anlotinib", ("gefitinib tablets",)),
        ("Gemcitabine", concept_of("Cisplatin"), "Cisplatin", ("Gemcitabine",)),
        (
            "betamethasone valerate",
            concept_of("Betamethasone Dipropionate"),
            "Betamethasone",
            ("betamethasone valerate",),
        ),
        ("Zebrex", concept_of("Carboplatin"), "Zebrex", ("carboplatin", "paclitaxel")),
        ("fluticasone", concept_of("Fluticasone/Salmeterol", "BR|Zebrair"), "Zebrair", ("fluticasone", "salmeterol")),
        (
            "fluticasone",
            concept_of("Fluticasone/Salmeterol", "BR|Zebrair"),
            "Fluticasone/salmeterol 50/25",
            ("Zebrair",),
        ),
        ("ZX7009", concept_of("Meropenem/Vaborbactam"), "Meropenem-vaborbactam", ("ZX2014/ZX7009",)),
        ("CD5024", concept_of("Metronidazole"), "Ivermectin 1% cream", ("CD5024",)),
    ],
)
def test_a_partner_a_sister_or_another_drug_stays_one(
    name: str, concept: Concept, intervention: str, other: tuple[str, ...]
) -> None:
    found = conflicts({"drug_name": name}, study_of(given(intervention, other=other)), concept)
    assert {"concept_name_unconfirmed", "concept_different_drug"} & found.keys()


def test_a_name_that_another_concept_bears_is_that_concepts() -> None:
    index = KnownNames()
    index.add(concept_of("Moxidectin", "CN|CD5024", code="C2"))
    index.add(IVERMECTIN)
    study = study_of(given("Ivermectin 1% cream", other=("CD5024",)))
    assert woven({"drug_name": "CD5024"}, study, IVERMECTIN, index).edges["record_concept"].verdict == "mismatch"


def test_a_combination_with_a_concept_of_its_own_is_not_the_concept_of_one_of_its_drugs() -> None:
    palonosetron = concept_of("Palonosetron", code="C1")
    index = KnownNames()
    index.add(palonosetron)
    row = {"drug_name": "netupitant/palonosetron"}
    assert woven(row, None, palonosetron, index).edges["record_concept"].verdict == "match"
    both = concept_of("Netupitant/Palonosetron", code="C2")
    index.add(both)
    assert woven(row, None, palonosetron, index).edges["record_concept"].verdict == "mismatch"
    assert woven(row, None, both, index).edges["record_concept"].verdict == "match"
    assert woven({"drug_name": "palonosetron"}, None, palonosetron, index).edges["record_concept"].verdict == "match"
