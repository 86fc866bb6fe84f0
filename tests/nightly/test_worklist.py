"""The worklist: what a curator opens in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from trialweave.nightly.worklist import COLUMNS, write_worklist

LINE: dict[str, Any] = {
    "fields": {
        "drug_name": {"claims": [{"source": "record", "value": "CT-0525"}]},
        "nci_thesaurus_concept_id": {"claims": [{"source": "ncit", "value": "C9"}]},
    },
    "study": {"url": "https://clinicaltrials.gov/study/NCT00000001"},
    "concept": None,
}


def conflict(field: str, value: str, **more: Any) -> dict[str, Any]:
    suggestion = {"field": field, "value": value, "why": "the study says so", "evidence": ["a", "b"]}
    usual = {"record_id": "r", "suggestion": suggestion, "acknowledged_until": None, "cause": "c", "fingerprint": "f"}
    return {**usual, **more}


def rows(tmp_path: Path, *conflicts: dict[str, Any]) -> list[dict[str, str]]:
    file = tmp_path / "worklist.csv"
    assert write_worklist(file, conflicts, {"r": LINE}.get) == file.read_bytes().count(b"\n") - 1
    with file.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        found = list(reader)
    assert tuple(reader.fieldnames or ()) == COLUMNS
    return found


def test_a_row_has_both_values_the_evidence_and_a_page_to_look_at(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, conflict("drug_name", "CT-0508"))
    assert row == {
        "record_id": "r",
        "field": "drug_name",
        "current": "CT-0525",
        "proposed": "CT-0508",
        "evidence": "the study says so; a; b",
        "cause": "c",
        "fingerprint": "f",
        "url": "https://clinicaltrials.gov/study/NCT00000001",
    }


@pytest.mark.parametrize(
    ("field", "value", "end"),
    [
        ("nct_id_drug_ref", "NCT06254807", "/study/NCT06254807"),
        ("nci_thesaurus_concept_id", "C1647", "&code=C1647"),
        ("nci_thesaurus_preferred_term", "Trastuzumab", ""),
    ],
)
def test_the_page_is_that_of_the_proposed_id(tmp_path: Path, field: str, value: str, end: str) -> None:
    (row,) = rows(tmp_path, conflict(field, value))
    assert (row["current"], row["url"] == "" if end == "" else row["url"].endswith(end)) == ("", True)


def test_acknowledged_unproposed_and_common_findings_are_left_out(tmp_path: Path) -> None:
    left_out = (
        conflict("drug_name", "x", acknowledged_until="2027-01-01"),
        conflict("drug_name", "x", suggestion=None),
        conflict("drug_name", "x", record_id=None, record_ids=["a", "b"]),
    )
    assert rows(tmp_path, *left_out) == []


def test_a_record_that_is_not_there_any_more_has_no_current_value(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, conflict("drug_name", "x", record_id="elsewhere"))
    assert (row["current"], row["url"]) == ("", "")


@pytest.mark.parametrize("value", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx"])
def test_a_cell_is_never_a_formula(tmp_path: Path, value: str) -> None:
    (row,) = rows(tmp_path, conflict("drug_name", value))
    assert row["proposed"] == f"'{value}"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1"])
def test_no_cell_is_a_formula_to_a_spreadsheet(tmp_path: Path, text: str) -> None:
    """Every cell that a record or a source can decide, quoted or not."""
    hostile = conflict("drug_name", text, record_id=text, cause=text, fingerprint=text)
    hostile["suggestion"] |= {"why": text, "evidence": [text]}
    (row,) = rows(tmp_path, hostile)
    assert all(not cell or cell[0] in "'hC" for cell in (v for k, v in row.items() if k != "field"))
    assert (row["record_id"], row["proposed"]) == (f"'{text}", f"'{text}")
