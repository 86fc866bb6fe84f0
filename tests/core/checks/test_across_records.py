"""What shows across records: one concept with conflicting facts, one name with two concepts, one pair twice."""

from __future__ import annotations

from tempfile import gettempdir

import pytest

from builders import concept_of, study_of, woven
from trialweave.across import AcrossIndex
from trialweave.core.checks.across_records import Row, keys_of, of_one_concept, of_one_name, of_one_pair, row_of
from trialweave.errors import RunError

ADC = "An antibody-drug conjugate composed of an anti-CD22 antibody linked to a cleavable toxin."
CAR = "A preparation of autologous T lymphocytes that express a chimeric antigen receptor against EGFR."
ROW = Row("a", "Daratumumab", "C74007", "NCT1", "match", "Daratumumab")


def concept(*changes: dict[str, str]) -> tuple[str, str, tuple[str, ...]] | None:
    rows = [ROW._replace(record_id=chr(97 + at), **change) for at, change in enumerate(changes)]  # type: ignore[arg-type]
    across = of_one_concept(rows)
    return across and (across.finding.field, across.finding.severity or "", across.record_ids)


@pytest.mark.parametrize(
    ("one", "other", "field", "severity"),
    [
        ({"category": "CAR T"}, {"category": "ADC"}, "drug_category", "info"),
        ({"drug_class": "Inhibitor"}, {"drug_class": "Cytotoxic protein"}, "drug_class", "info"),
        ({"definition": ADC}, {"definition": CAR}, "nci_thesaurus_definition", "warning"),
        ({}, {"name": "Trastuzumab", "names_concept": "mismatch"}, "drug_name", "warning"),
        (
            {"name": "Imatinib", "names_concept": None},
            {"name": "Cisplatin", "names_concept": None},
            "drug_name",
            "warning",
        ),
    ],
    ids=["category", "class", "definition", "name", "stems"],
)
def test_facts_of_the_drug_that_differ_are_one_finding(
    one: dict[str, str], other: dict[str, str], field: str, severity: str
) -> None:
    assert concept(one, other) == (field, severity, ("a", "b"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"category": "CAR T"}, {"category": "Car\N{NO-BREAK SPACE}T"}),
        ({"category": "CAR T"}, {"category": "CAR-T"}),
        ({"category": "Small molecules"}, {"category": "SMALL-MOLECULE"}),
        ({"drug_class": "Haematological agent"}, {"drug_class": "Hematological agents"}),
        ({"drug_class": "Inhibitor"}, {"drug_class": "Not available"}),
        ({"category": "CAR T"}, {}),
        ({"definition": ADC}, {"definition": f"NCI|{ADC} (NCI05)"}),
        ({"definition": ADC}, {"definition": ADC[:60]}),
        ({}, {"name": "Darzalex"}),
        ({"names_concept": None}, {"name": "JNJ-54767414", "names_concept": None}),
        ({"study": "NCT1"}, {"study": "NCT2"}),
    ],
    ids=[
        "spelling",
        "dash",
        "plural",
        "British",
        "note",
        "blank",
        "typography",
        "cut off",
        "brand",
        "unknown code",
        "studies",
    ],
)
def test_facts_that_agree_or_that_belong_to_the_pairing_are_none(one: dict[str, str], other: dict[str, str]) -> None:
    assert concept(one, other) is None


def test_unrelated_names_go_before_other_facts_and_there_is_one_finding_per_concept() -> None:
    stranger = {"name": "Trastuzumab", "names_concept": "mismatch", "category": "ADC"}
    assert concept({"category": "CAR T"}, stranger) == ("drug_name", "warning", ("a", "b"))


KRT = Row("a", "KRT-232", "C156415", "NCT1", "match", "Navtemadlin")


def test_one_name_with_two_concepts_is_a_warning() -> None:
    across = of_one_name([KRT, KRT._replace(record_id="b", code="C116624", concept="MDM2 Inhibitor AMG 232")])
    assert across is not None
    assert (across.finding.kind, across.finding.severity) == ("xrec_same_name_two_concepts", "warning")
    assert [claim.value for claim in across.finding.claims] == ["KRT-232", "C116624", "C156415"]


@pytest.mark.parametrize(
    "other",
    [
        {"concept": "Afatinib Dimaleate"},
        {"concept": "Something", "related": ("C66940",)},
        {"concept": "Afatinib Biosimilar XY-6"},
    ],
    ids=["salt by name", "salt by association", "biosimilar"],
)
def test_a_salt_or_a_biosimilar_is_only_noted(other: dict[str, object]) -> None:
    base = Row("a", "Afatinib", "C66940", "NCT1", "match", "Afatinib")
    across = of_one_name([base, base._replace(record_id="b", code="C97273", **other)])  # type: ignore[arg-type]
    assert across is not None
    assert across.finding.severity == "info"


def test_one_name_with_two_concepts_of_the_same_name_is_a_warning() -> None:
    across = of_one_name([KRT, KRT._replace(record_id="b", code="C116624")])
    assert across is not None
    assert across.finding.severity == "warning"


def test_a_fact_with_a_conflict_of_its_own_is_not_told_again() -> None:
    concept = concept_of("Daratumumab", definition=CAR)
    odd = woven({"drug_name": "Daratumumab", "nci_thesaurus_definition": ADC, "drug_class": "Inhibitor"}, None, concept)
    row = row_of(odd)
    assert row is not None
    assert (row.definition, row.drug_class) == (None, "Inhibitor")


def test_a_name_that_its_concept_does_not_bear_is_a_conflict_of_its_own() -> None:
    assert of_one_name([KRT, KRT._replace(record_id="b", code="C2039", names_concept="mismatch")]) is None


def test_a_pair_is_a_duplicate_but_not_with_another_drugs_code() -> None:
    twin = ROW._replace(record_id="b", name="Darzalex")
    across = of_one_pair([twin, ROW])
    assert across is not None
    assert across.record_ids == ("a", "b")
    assert of_one_pair([ROW, twin._replace(names_concept="mismatch")]) is None


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Nivolumab/Relatlimab", ("nivolumabrelatlimab",)),
        ("Disitamab vedotin (RC48)", ("disitamabvedotinrc48", "rc48")),
        ("CAR-T cells", ()),
    ],
)
def test_parts_of_a_combination_and_class_words_are_no_keys(name: str, keys: tuple[str, ...]) -> None:
    assert keys_of(name) == keys


def test_the_order_of_the_records_does_not_matter() -> None:
    daratumumab = concept_of("Daratumumab", "Darzalex")
    rows = [
        {"drug_name": "Daratumumab", "drug_class": "Cytotoxic protein"},
        {"drug_name": "Darzalex", "drug_class": "Inhibitor"},
        {"drug_name": "Imatinib", "drug_class": "Small molecule"},
    ]
    enriched = [woven(row, study_of(row["drug_name"]), daratumumab) for row in rows]
    found = []
    for order in (enriched, enriched[::-1]):
        with AcrossIndex() as index:
            for one in order:
                index.add(row_of(one))
            found.append(list(index.findings()))
    assert found[0] == found[1]
    assert [(a.finding.kind, len(a.record_ids)) for a in found[0]] == [
        ("xrec_same_concept_conflicting_facts", 2),
        ("xrec_duplicate", 2),
    ]


def test_a_row_whose_concept_link_is_doubted_has_its_conflict_already() -> None:
    daratumumab = concept_of("Daratumumab")
    assert row_of(woven({"drug_name": "Imatinib"}, study_of("Imatinib"), daratumumab)) is None
    assert row_of(woven({"drug_name": "Daratumumab"}, study_of("Imatinib"), daratumumab)) is not None


def test_a_name_that_neither_side_knows_has_its_conflict_already() -> None:
    odd = woven({"drug_name": "Imatinib"}, study_of("Daratumumab"), concept_of("Daratumumab"))
    assert [conflict.kind for conflict in odd.conflicts] == ["record_name_unsupported"]
    assert row_of(odd) is None


def test_a_broken_concept_link_is_a_conflict_of_its_own() -> None:
    gravity = concept_of("Specific Gravity", is_drug="no", semantic_types=("Quantitative Concept",))
    with AcrossIndex() as index:
        for name in ("Imatinib", "Cisplatin"):
            index.add(row_of(woven({"drug_name": name}, study_of(name), gravity)))
        assert list(index.findings()) == []


def test_a_full_folder_of_temporary_files_is_told() -> None:
    with AcrossIndex() as index:
        index._database.execute("PRAGMA max_page_count = 8")
        for number in range(1_999):
            index.add(ROW._replace(record_id=f"{number}" * 20, name=f"Drug {number}"))
        with pytest.raises(RunError, match=f"cannot be kept in {gettempdir()}: database or disk is full; make room"):
            index.add(ROW)
