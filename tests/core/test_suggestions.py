"""Suggestions from the names at hand: one owner, every guard, evidence; never applied."""

from __future__ import annotations

import pytest

from builders import concept_of, given, study_of, woven
from trialweave.core.concept import Concept, Replacement
from trialweave.core.models import Origin
from trialweave.core.name_index import KnownNames, names_to_look_up
from trialweave.core.record import build_record

DISITAMAB = concept_of("Disitamab Vedotin", "RC48-ADC", "CN|RC48", "AQ|Old Name 77", code="C169918")


def index(*concepts: Concept) -> KnownNames:
    known = KnownNames()
    for concept in concepts:
        known.add(concept)
    return known


@pytest.mark.parametrize("name", ["Disitamab vedotin (RC48)", "disitamab\N{NON-BREAKING HYPHEN}vedotin", "RC48"])
def test_a_blank_link_gets_the_one_concept_that_bears_the_name(name: str) -> None:
    enriched = woven({"drug_name": name}, study_of("Disitamab Vedotin"), index=index(DISITAMAB))
    (missing,) = (conflict for conflict in enriched.conflicts if conflict.kind == "link_missing")
    assert missing.suggestion is not None
    assert (missing.suggestion.field, missing.suggestion.value) == ("nci_thesaurus_concept_id", "C169918")
    assert missing.suggestion.evidence[0].startswith("C169918 bears the name")
    assert enriched.record.get("nci_thesaurus_concept_id") is None


def test_the_study_that_names_the_drug_is_evidence_too() -> None:
    enriched = woven({"drug_name": "RC48"}, study_of("RC48"), index=index(DISITAMAB))
    (missing,) = (conflict for conflict in enriched.conflicts if conflict.kind == "link_missing")
    assert missing.suggestion is not None
    assert "interventions/0/name" in missing.suggestion.evidence[1]


def test_the_study_bridges_from_the_records_name_to_one_that_a_concept_bears() -> None:
    study = study_of(given("HX-4801", other=("RC48", "Pertuzumab")), "Pertuzumab")
    known = index(DISITAMAB, concept_of("Pertuzumab", code="C38692"))
    (missing,) = (c for c in woven({"drug_name": "HX-4801"}, study, index=known).conflicts if c.kind == "link_missing")
    assert missing.suggestion is not None
    assert missing.suggestion.value == "C169918"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Anti-HER2 antibody", (concept_of("Anti-HER2 Antibody", code="C1"),)),
        ("Old Name 77", (DISITAMAB,)),
        ("KRT-232", (concept_of("A", "KRT-232", code="C1"), concept_of("B", "KRT-232", code="C2"))),
        ("RC48", (concept_of("RC48", code="C1", active=False),)),
        ("RC48", (concept_of("RC48", code="C1", is_drug="class"),)),
        ("Allogeneic RC48 cells (RC48)", (concept_of("Autologous RC48 T-cells", "RC48", code="C1"),)),
        ("RC49", (DISITAMAB,)),
    ],
    ids=["class words", "obsolete", "two owners", "retired", "class", "origin contradicts", "unknown"],
)
def test_every_guard_holds_a_suggestion_back(name: str, known: tuple[Concept, ...]) -> None:
    enriched = woven({"drug_name": name}, index=index(*known))
    assert [conflict.suggestion for conflict in enriched.conflicts if conflict.field.endswith("concept_id")] == [None]


@pytest.mark.parametrize(
    ("replacements", "proposed"),
    [
        (None, None),
        ((Replacement("C7", "One", "split", True, 1), Replacement("C8", "Two", "split", True, 1)), None),
        ((Replacement("C7", "One", "merge", True, 1),), "C7"),
        ((), "C169918"),
        ((Replacement("C7", "One", "merge", False, 1),), "C169918"),
    ],
    ids=["nobody asked", "several", "one", "none", "none in use"],
)
def test_a_name_stands_in_only_where_nci_knows_no_replacement_in_use(
    replacements: tuple[Replacement, ...] | None, proposed: str | None
) -> None:
    retired = concept_of("RC48", code="C99", status="Retired_Concept", active=False, replacements=replacements)
    enriched = woven({"drug_name": "Disitamab vedotin"}, None, retired, index=index(DISITAMAB, retired))
    (conflict,) = (c for c in enriched.conflicts if c.kind == "concept_retired")
    assert (conflict.suggestion and conflict.suggestion.value) == proposed


def test_another_owner_of_the_name_is_a_second_witness_and_the_suggestion() -> None:
    other = concept_of("Bevacizumab", code="C2039")
    enriched = woven({"drug_name": "Disitamab vedotin"}, None, other, index=index(DISITAMAB, other))
    (conflict,) = (c for c in enriched.conflicts if c.kind == "concept_different_drug")
    assert conflict.suggestion is not None
    assert conflict.suggestion.value == "C169918"
    assert "C169918" in conflict.message


def test_a_concept_that_shares_a_name_with_the_linked_one_is_no_other_drug() -> None:
    linked = concept_of("RET/BRAF Inhibitor RXDX-105", code="C148158")
    twin = concept_of("Agerafenib", "RXDX-105", code="C107245")
    found = woven({"drug_name": "agerafenib"}, None, linked, index=index(linked, twin)).conflicts
    (conflict,) = (c for c in found if c.field == "nci_thesaurus_concept_id")
    assert conflict.kind == "concept_name_unconfirmed"
    assert conflict.suggestion is not None
    assert conflict.suggestion.value == "C107245"


def test_a_name_that_two_concepts_own_is_noted_as_shared() -> None:
    one, two = concept_of("Navtemadlin", "KRT-232", code="C1"), concept_of("AMG 232", "KRT-232", code="C2")
    kinds = [c.kind for c in woven({"drug_name": "KRT-232"}, study_of("KRT-232"), one, index=index(one, two)).conflicts]
    assert kinds == ["matched_only_by_obsolete_or_ambiguous_name"]
    kinds = [c.kind for c in woven({"drug_name": "Navtemadlin (KRT-232)"}, None, one, index=index(one, two)).conflicts]
    assert "matched_only_by_obsolete_or_ambiguous_name" not in kinds


@pytest.mark.parametrize("name", ["Gemzar", "Gemcitabine (Gemzar)", "Gemzar (gemcitabine)"])
@pytest.mark.parametrize("linked", ["C66876", "C1845"])
def test_a_brand_that_the_salt_bears_is_one_of_the_base(name: str, linked: str) -> None:
    base = concept_of("Gemcitabine", code="C66876")
    salt = concept_of("Gemcitabine Hydrochloride", "Gemzar", code="C1845")
    (concept,) = (one for one in (base, salt) if one.code == linked)
    enriched = woven({"drug_name": name}, study_of("Gemcitabine"), concept, index=index(base, salt))
    assert {edge.verdict for edge in enriched.edges.values()} == {"match"}
    assert enriched.conflicts == ()


@pytest.mark.parametrize(
    ("name", "linked"), [("Trastuzumab-pkrb", "Trastuzumab-dkst"), ("Paclitaxel (albumin-bound)", "Paclitaxel")]
)
def test_a_biosimilar_and_a_formulation_are_no_salts(name: str, linked: str) -> None:
    known = concept_of(linked, code="C1")
    others = concept_of("Trastuzumab", "Trastuzumab-pkrb", code="C2"), concept_of("Paclitaxel", code="C3")
    edges = woven({"drug_name": name}, None, known, index=index(known, *others)).edges
    assert edges["record_concept"].verdict == "mismatch"


@pytest.mark.parametrize("linked", ["Adalimumab-aacf", "Adalimumab Biosimilar XYZ-1"])
def test_the_brand_of_another_biosimilar_is_another_drug(linked: str) -> None:
    known, sister = concept_of(linked, code="C1"), concept_of("Adalimumab-bbcd", "Zyltezo", code="C2")
    enriched = woven({"drug_name": "Zyltezo"}, study_of("Zyltezo"), known, index=index(known, sister))
    assert enriched.edges["record_concept"].verdict == "mismatch"
    parts = woven({"drug_name": f"{linked} (Zyltezo)"}, None, known, index=index(known, sister))
    assert "name_parts_disagree" in [conflict.kind for conflict in parts.conflicts]


def test_the_salt_of_another_base_is_another_drug() -> None:
    linked = concept_of("Decitabine", code="C1")
    salt = concept_of("Gemcitabine Hydrochloride", "Gemzar", code="C2")
    enriched = woven({"drug_name": "Gemzar"}, None, linked, index=index(linked, salt))
    assert "concept_different_drug" in [conflict.kind for conflict in enriched.conflicts]


@pytest.mark.parametrize(
    "name",
    [
        "R-CHOP (rituximab, vincristine)",
        "R-CHOP (rituximab/vincristine)",
        "R-CHOP (rituximab, zebratinib, vincristine)",
        "Rituximab (pembrolizumab, vincristine)",
    ],
)
def test_a_bracket_that_lists_several_drugs_lists_parts_or_partners(name: str) -> None:
    regimen = concept_of("Rituximab/Vincristine/Zebratinib", "R-CHOP", code="C1")
    single = [
        concept_of(drug, code=f"C{at}") for at, drug in enumerate(("Rituximab", "Vincristine", "Pembrolizumab"), 2)
    ]
    linked = regimen if name.startswith("R-") else single[0]
    found = woven({"drug_name": name}, None, linked, index=index(regimen, *single)).conflicts
    assert "name_parts_disagree" not in [conflict.kind for conflict in found]


@pytest.mark.parametrize(
    ("name", "loud"),
    [
        ("Zeplivax (rituximab/zebratinib 375/10)", False),
        ("Zeplivax (rituximab/zebratinib 37.5/10 mg)", False),
        ("Zeplivax (rituximab/evolimab 375/10)", True),
        ("Zeplivax (MabThera/zebratinib)", False),
    ],
)
def test_strengths_behind_the_drugs_of_a_combination_are_no_drugs(name: str, *, loud: bool) -> None:
    both, single = (
        concept_of("Rituximab/Zebratinib", "Zeplivax", code="C1"),
        concept_of("Rituximab", "MabThera", code="C2"),
    )
    found = woven({"drug_name": name}, None, both, index=index(both, single)).conflicts
    assert ("name_parts_disagree" in [conflict.kind for conflict in found]) is loud


def test_parts_that_two_known_drugs_own_disagree() -> None:
    trastuzumab = concept_of("Trastuzumab", "Herceptin", code="C1647")
    pembrolizumab = concept_of("Pembrolizumab", "MK-3475", code="C106432")
    known = index(trastuzumab, pembrolizumab)
    found = woven({"drug_name": "Trastuzumab (Herceptin, MK-3475)"}, None, trastuzumab, index=known).conflicts
    (conflict,) = (c for c in found if c.kind == "name_parts_disagree")
    assert "C106432 'Pembrolizumab'" in conflict.message


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ({"drug_name": "Zebratinib (RC48, ADC)"}, ("Zebratinib (RC48, ADC)", "Zebratinib", "RC48, ADC", "RC48")),
        ({"drug_name": "RC48", "nci_thesaurus_concept_id": "C 1"}, ("RC48",)),
        ({"drug_name": "RC48", "nci_thesaurus_concept_id": "C169918"}, ()),
        ({"drug_name": "CAR-T cells"}, ()),
        ({}, ()),
    ],
)
def test_specific_parts_are_worth_a_search_where_the_link_is_blank(row: dict[str, str], names: tuple[str, ...]) -> None:
    assert names_to_look_up(build_record(row, Origin("test", 1))) == names
