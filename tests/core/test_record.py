from __future__ import annotations

import json
import pickle
from collections import Counter
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.blank import is_blank
from trialweave.core.cells import cell_text
from trialweave.core.models import FIELDS, Origin, Text
from trialweave.core.record import AS_SPELLED, ColumnMap, build_record
from trialweave.core.record_id import RecordIds, RepeatCounter
from trialweave.errors import SettingsError

HERE = Origin("records.csv", 2)


def record_id(row: dict[str, Any], columns: ColumnMap = AS_SPELLED) -> str:
    return build_record(row, HERE, columns).record_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n",
        "\u200b\ufeff \u00a0",
        "NCI thesaurus definition not available.",
        "nci  Thesaurus\u00a0definition not available",
        "Not specified",
        " NOT  SPECIFIED ",
        "N/A",
        "n / a",
        "Unknown",
        "unknown\u200b",
        "-",
        " — ",
    ],
)
def test_says_nothing(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    "text",
    ["NA", "None", "0", "--", "Unknown origin", "Route not specified", "N/A: observational", "notspecified", "."],
)
def test_says_something(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    "note",
    [
        "NA",
        "None",
        "#N/A",
        "nan",
        "TBD",
        "?",
        "--",
        "(none)",
        "No definition available",
        "NCIt definition not available.",
    ],
)
def test_a_note_where_a_text_of_the_thesaurus_should_stand_is_no_text(note: str) -> None:
    row = {"nci_thesaurus_definition": note, "nci_thesaurus_preferred_term": note, "drug_name": note}
    assert build_record(row, HERE).values == {"drug_name": note}


@pytest.mark.parametrize("text", ["A", "Aspirin", "No-carrier-added 131I-MIBG", "A drug.", "Unknown kinase inhibitor"])
def test_a_text_of_the_thesaurus_stays(text: str) -> None:
    row = {"nci_thesaurus_definition": text, "nci_thesaurus_preferred_term": text}
    assert build_record(row, HERE).values == row


def test_a_long_run_of_spaces_is_judged_at_once() -> None:
    assert is_blank(" " * 1_000_000)
    assert not is_blank(" " * 1_000_000 + "x")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None),
        ("", None),
        (" CT-0525 ", " CT-0525 "),
        (1.0, "1"),
        (1.5, "1.5"),
        (float("nan"), None),
        (1e300, "1e+300"),
        (7, "7"),
        (True, "true"),
        (["Intravenous", None, "N/A", 2.0], "Intravenous; 2"),
        ([], None),
        ({"b": 1, "a": "é"}, '{"a":"\\u00e9","b":1}'),
        ({}, None),
    ],
)
def test_a_cell_as_text(cell: object, text: str | None) -> None:
    assert cell_text(cell) == text


def test_a_record_keeps_its_row_and_reads_its_fields() -> None:
    row = {"Drug-Name": "CT-0525", "NCT ID drug ref": " nct06254807", "page/id~": 7, "drug_class": "Not specified"}

    record = build_record(row, HERE)

    assert record.row is row
    assert record.origin == HERE
    assert record.values == {"drug_name": "CT-0525", "nct_id_drug_ref": " nct06254807"}
    assert record.paths == {
        "drug_name": "/Drug-Name",
        "nct_id_drug_ref": "/NCT ID drug ref",
        "drug_class": "/drug_class",
    }
    assert record.get("drug_name") == Text("CT-0525", "/Drug-Name")
    assert record.get("drug_class") is None
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own bytes: records travel to other processes


def test_mapped_columns_come_first_and_are_nobody_elses() -> None:
    columns = ColumnMap.of({"nct_id_drug_ref": "a/trial", "drug_class": "drug_category", "record_id": "Row ID"})
    row = {"a/trial": "NCT06254807", "nct_id_drug_ref": "NCT00000001", "drug_category": "CAR M", "row_id": 12.0}

    record = build_record(row, HERE, columns)

    assert record.values == {"nct_id_drug_ref": "NCT06254807", "drug_class": "CAR M"}
    assert record.paths["nct_id_drug_ref"] == "/a~1trial"
    assert record.record_id == "12"
    assert columns.knows("ROW-ID")
    assert columns.knows("A/Trial")
    assert not columns.knows("nct_id_drug_ref")


def test_which_mapped_columns_a_row_has() -> None:
    columns = ColumnMap.of({"nct_id_drug_ref": "trial", "record_id": "row_id"})
    assert columns.found_in({"Trial": "", "other": ""}) == {"nct_id_drug_ref"}
    assert columns.found_in({"ROW ID": ""}) == {"record_id"}
    assert AS_SPELLED.found_in({"drug_name": ""}) == frozenset()


def test_a_mapped_column_that_is_missing_leaves_its_field_absent() -> None:
    record = build_record({"drug_name": "CT-0525"}, HERE, ColumnMap.of({"drug_name": "product"}))
    assert record.values == {}


def test_an_exact_column_beats_one_that_is_spelled_alike() -> None:
    assert build_record({"Drug Name": "a", "drug_name": "b"}, HERE).values == {"drug_name": "b"}
    assert build_record({"Drug Name": "a", "DRUG_NAME": "b"}, HERE).values == {"drug_name": "a"}


def test_a_mapping_of_no_field_is_refused() -> None:
    with pytest.raises(SettingsError, match="'drug_nme'"):
        ColumnMap.of({"drug_nme": "product"})


def test_the_recipe_of_the_record_id() -> None:
    recipe = sha256(b'["ct-0525 \\u03b2","NCT06254807"]').hexdigest()[:16]
    assert record_id({"drug_name": " CT\u20110525\u00a0 Β", "nct_id_drug_ref": "nct06254807"}) == recipe
    assert (
        record_id(
            {"drug_name": "ct\u2013052\u200b5 β", "nct_id_drug_ref": "https://clinicaltrials.gov/study/NCT06254807"}
        )
        == recipe
    )


def test_a_study_that_is_no_id_counts_with_its_text() -> None:
    assert record_id({"nct_id_drug_ref": "NCT 06254807"}) == sha256(b'["","nct 06254807"]').hexdigest()[:16]


def test_without_name_and_study_the_whole_row_counts() -> None:
    row = {"drug_name": "N/A", "drug_class": "é", "n": 1}
    recipe = sha256(b'{"drug_class":"\\u00e9","drug_name":"N/A","n":1}').hexdigest()[:16]
    assert record_id(row) == recipe
    assert record_id(dict(reversed(row.items()))) == recipe
    assert record_id({**row, "n": 2}) != recipe


def test_mending_another_cell_keeps_the_record_id() -> None:
    row = {"drug_name": "CT-0525", "nct_id_drug_ref": "NCT06254807", "drug_class": "x"}
    assert record_id({**row, "drug_class": "y", "more": 1}) == record_id(row)
    assert record_id({**row, "drug_name": "CT-0526"}) != record_id(row)


def test_a_blank_cell_in_the_id_column_falls_back_to_the_hash() -> None:
    row = {"drug_name": "CT-0525", "id": "-"}
    assert record_id(row, ColumnMap.of({"record_id": "id"})) == record_id({"drug_name": "CT-0525"})
    assert record_id({**row, "id": " r 1 "}, ColumnMap.of({"record_id": "id"})) == "r 1"


def test_repeats_are_numbered() -> None:
    ids = RecordIds()
    row = {"drug_name": "CT-0525"}
    base = record_id(row)
    assert [build_record(row, HERE, ids=ids).record_id for _ in range(3)] == [base, f"{base}#2", f"{base}#3"]
    assert build_record({"drug_name": "CT-0508"}, HERE, ids=ids).record_id == record_id({"drug_name": "CT-0508"})


@given(st.lists(st.sampled_from(["x", "x#2", "x#2#2", "x#3", "y"]), max_size=30))
def test_numbered_ids_are_never_equal(given_ids: list[str]) -> None:
    ids = RecordIds()
    unique = [ids.unique(each) for each in given_ids]
    assert len(set(unique)) == len(unique)
    assert [each for place, each in enumerate(unique) if given_ids[place] not in given_ids[:place]][:1] == given_ids[:1]


cells = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(), cells, max_size=16))
def test_any_row_makes_a_record(row: dict[str, Any]) -> None:
    record = build_record(row, HERE)

    assert json.loads(json.dumps(record.record_id)) == record.record_id
    assert len(record.record_id) == 16
    assert record.values.keys() <= record.paths.keys() <= set(FIELDS)
    assert not any(is_blank(text) for text in record.values.values())
    assert record == build_record(row, HERE)


@given(st.text(), st.text())
def test_case_dash_and_spacing_do_not_count(name: str, study: str) -> None:
    row = {"drug_name": "a" + name, "nct_id_drug_ref": "b" + study}
    spaced = {key: f" \u200b{value}\n" for key, value in row.items()}
    assert record_id(spaced) == record_id(row)


@given(keys=st.lists(st.integers(0, 2**64 - 1) | st.integers(2, 9) | st.integers(2, 9).map(lambda n: n << 40)))
def test_repeats_are_counted(keys: list[int]) -> None:
    counter, seen = RepeatCounter(), Counter[int]()
    for key in keys:
        seen[key or 1] += 1
        assert counter.count(key) == seen[key or 1]


def test_the_counter_grows() -> None:
    counter = RepeatCounter()
    keys = [n * 0x9E3779B97F4A7C15 % 2**64 for n in range(1, 20_000)]
    assert {counter.count(key) for key in keys} == {1}
    assert {counter.count(key) for key in keys} == {2}
