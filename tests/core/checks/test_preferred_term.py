"""The stored preferred term."""

from __future__ import annotations

import pytest

from builders import concept_of, conflicts, woven
from trialweave.core.name_index import KnownNames

ADAVOSERTIB = concept_of("Adavosertib", "CN|AZD1775", "WEE1 Inhibitor AZD1775")


def drift(name: str, term: str) -> bool:
    row = {"drug_name": name, "nci_thesaurus_preferred_term": term}
    return "preferred_term_drift" in conflicts(row, None, ADAVOSERTIB)


@pytest.mark.parametrize("term", ["Adavosertib", "ADAVOSERTIB", " adavosertib "])
def test_another_spelling_is_silent(term: str) -> None:
    assert not drift("Adavosertib", term)


@pytest.mark.parametrize(
    ("name", "term"),
    [("AZD1775", "WEE1 Inhibitor AZD1775"), ("Adavosertib", "WEE1 Inhibitor MK-1775")],
    ids=["the old term lives on", "the name confirms"],
)
def test_a_term_that_moved_on_is_drift_with_the_current_one_proposed(name: str, term: str) -> None:
    row = {"drug_name": name, "nci_thesaurus_preferred_term": term}
    conflict = conflicts(row, None, ADAVOSERTIB)["preferred_term_drift"]
    assert conflict.severity == "info"
    assert conflict.suggestion is not None
    assert conflict.suggestion.value == "Adavosertib"


def test_a_term_that_nothing_confirms_is_part_of_the_name_conflict() -> None:
    assert not drift("Venetoclax", "Venetoclax")


def test_a_term_of_another_substance_did_not_drift() -> None:
    row = {"drug_name": "Adavosertib", "nci_thesaurus_preferred_term": "Trastuzumab"}
    conflict = conflicts(row, None, ADAVOSERTIB)["concept_name_unconfirmed"]
    assert (conflict.field, conflict.severity) == ("nci_thesaurus_preferred_term", "warning")
    assert not drift("Adavosertib", "Trastuzumab")


PEMBROLIZUMAB = concept_of(
    "Pembrolizumab", "CN|MK-3475", "Lambrolizumab", definition="Formerly scrozumab, an antibody."
)


@pytest.mark.parametrize(
    "term",
    ["Pembrolizumab (C205637)", "NCIT:C205637 Pembrolizumab", "Pembrolizumab [NCIt]", "pembrolizumab (preferred name)"],
)
def test_a_label_or_the_code_beside_the_term_is_silent(term: str) -> None:
    row = {"drug_name": "Pembrolizumab", "nci_thesaurus_preferred_term": term}
    assert conflicts(row, None, PEMBROLIZUMAB) == {}


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("Nivolumab", "concept_name_unconfirmed"),
        ("Lambrolizumab", "preferred_term_drift"),
        ("Scrozumab", "preferred_term_drift"),
        ("SCH 900475", "preferred_term_drift"),
    ],
)
def test_a_nonproprietary_name_that_the_concept_lacks_is_another_drugs(term: str, kind: str) -> None:
    row = {"drug_name": "Pembrolizumab", "nci_thesaurus_preferred_term": term}
    assert list(conflicts(row, None, PEMBROLIZUMAB)) == [kind]


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("Azathioprine", "concept_name_unconfirmed"),
        ("Zycellate", "concept_name_unconfirmed"),
        ("Mycophenolate", "preferred_term_drift"),
        ("RS 61443", "preferred_term_drift"),
    ],
)
def test_a_plain_word_that_none_of_several_names_shares_is_another_drugs(term: str, kind: str) -> None:
    concept = concept_of("Mycophenolate Mofetil", "BR|CellCept", "CN|RS-61442", "BR|Myfenax")
    row = {"drug_name": "CellCept", "nci_thesaurus_preferred_term": term}
    assert list(conflicts(row, None, concept)) == [kind]
    poor = conflicts({**row, "drug_name": "Mycophenolate Mofetil"}, None, concept_of("Mycophenolate Mofetil"))
    assert list(poor) == ["preferred_term_drift"]


def test_a_term_that_is_newer_than_the_concept_drifted() -> None:
    row = {"drug_name": "ONC201", "nci_thesaurus_preferred_term": "Zedaplatin"}
    assert list(conflicts(row, None, concept_of("Akt/ERK Inhibitor ONC201"))) == ["preferred_term_drift"]


def test_a_term_that_another_concept_owns_did_not_drift() -> None:
    index = KnownNames()
    for concept in (ADAVOSERTIB, concept_of("Zebra-101", code="C999")):
        index.add(concept)
    row = {"drug_name": "Adavosertib", "nci_thesaurus_preferred_term": "Zebra-101"}
    found = {conflict.kind: conflict for conflict in woven(row, None, ADAVOSERTIB, index).conflicts}
    assert "C999 'Zebra-101'" in found["concept_name_unconfirmed"].message
