from __future__ import annotations

import csv
import gc
import io
import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet as pq

from trialweave.errors import InputError
from trialweave.tables import OUTPUT_FORMATS, OutputFormat, open_writer
from trialweave.tables.flat import FLAT_COLUMNS, flatten
from trialweave.tables.writers import ROW_GROUP

CONFLICTS = [{"kind": kind, "severity": severity} for kind, severity in (("b", "info"), ("a", "error"), ("b", "info"))]
COLUMNS = [column.name for column in FLAT_COLUMNS]


def enriched(**changes: Any) -> dict[str, Any]:
    return {
        "schema": "trialweave.enriched/1",
        "record_id": "ddbfb14e846a95f4",
        "record": {"Drug": "CT-0525", "n": 1},
        "links": {
            "study": {"outcome": "found", "requested_id": "nct06254807", "id": "NCT06254807", "stale": False},
            "concept": {"outcome": "not_given", "requested_id": None, "id": None},
        },
        "study": {
            "phases": ["PHASE1", "PHASE2"],
            "overall_status": "UNKNOWN",
            "start": {"date": "2024-05", "precision": "month", "kind": "ACTUAL"},
            "enrollment": {"count": 17, "kind": "ACTUAL"},
            "has_results": False,
        },
        "concept": None,
        "edges": {"record_study": {"verdict": "match", "tier": "exact"}},
        "fields": {"drug_name": {"value": "CT-0525", "source": "record"}},
        "fills": [],
        "conflicts": CONFLICTS,
        "suspect": "study_link",
        **changes,
    }  # fmt: skip


def encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def written(output_format: OutputFormat, *records: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    with open_writer(stream, output_format) as writer:
        for record in records:
            writer.write(encoded(record))
    return stream.getvalue()


def flat(**changes: Any) -> dict[str, Any]:
    return dict(zip(COLUMNS, flatten(enriched(**changes)), strict=True))


def test_column_names_are_unlike() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)


def test_the_flat_view() -> None:
    row = flat()
    shown = {name: value for name, value in row.items() if value is not None}
    assert shown == {
        "record_id": "ddbfb14e846a95f4",
        "drug_name": "CT-0525",
        "study_outcome": "found",
        "study_requested_id": "nct06254807",
        "study_id": "NCT06254807",
        "study_stale": False,
        "concept_outcome": "not_given",
        "record_study": "match",
        "record_study_tier": "exact",
        "suspect": "study_link",
        "conflicts_error": 1,
        "conflicts_warning": 0,
        "conflicts_info": 2,
        "conflict_kinds": "a; b",
        "study_phases": "PHASE1; PHASE2",
        "study_overall_status": "UNKNOWN",
        "study_start": "2024-05",
        "study_enrollment": 17,
        "study_has_results": False,
        "fills_json": "[]",
        "conflicts_json": json.dumps(CONFLICTS, separators=(",", ":")),
        "record_json": '{"Drug":"CT-0525","n":1}',
    }  # fmt: skip


def test_json_lines_are_the_bytes_that_were_given() -> None:
    assert written("jsonl", enriched(), {"é": 1}) == encoded(enriched()) + b'\n{"\xc3\xa9": 1}\n'


def test_csv_is_the_flat_view() -> None:
    [row] = csv.DictReader(io.StringIO(written("csv", enriched()).decode(), newline=""))
    assert list(row) == COLUMNS
    assert row["conflicts_error"] == "1"
    assert row["study_has_results"] == "false"
    assert row["concept_id"] == ""
    assert json.loads(row["record_json"]) == {"Drug": "CT-0525", "n": 1}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff20SUM(A1)"])
def test_csv_runs_no_formula(text: str) -> None:
    record = enriched(fields={"drug_name": {"value": text}})
    [row] = csv.DictReader(io.StringIO(written("csv", record).decode(), newline=""))
    assert row["drug_name"] == f"'{text}"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)))
def test_what_csv_says_is_what_was_meant(texts: list[str]) -> None:
    raw = written("csv", *(enriched(record_id=text) for text in texts)).decode()
    rows = list(csv.DictReader(io.StringIO(raw, newline="")))
    assert [row["record_id"].removeprefix("'") for row in rows] == [text.removeprefix("'") for text in texts]


def test_parquet_has_the_types_of_the_flat_view() -> None:
    table = pq.read_table(io.BytesIO(written("parquet", enriched(), enriched(record_id="=1"))))
    assert table.column_names == COLUMNS
    assert table.to_pylist() == [flat(), flat(record_id="=1")]
    assert str(table.schema.field("study_enrollment").type) == "int64"
    assert str(table.schema.field("study_stale").type) == "bool"


def test_parquet_has_row_groups_of_one_size() -> None:
    stream = io.BytesIO()
    line = encoded(enriched())
    with open_writer(stream, "parquet") as writer:
        for _ in range(ROW_GROUP + 1):
            writer.write(line)
    file = pq.ParquetFile(stream)
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [ROW_GROUP, 1]


def test_no_record_is_still_a_table() -> None:
    assert written("jsonl") == b""
    assert written("csv").decode() == ",".join(COLUMNS) + "\r\n"
    assert pq.read_table(io.BytesIO(written("parquet"))).column_names == COLUMNS


def fail_after_one(target: Path | BinaryIO, output_format: OutputFormat) -> None:
    with open_writer(target, output_format) as writer:
        writer.write(encoded(enriched()))
        raise KeyError(output_format)


@pytest.mark.parametrize("output_format", OUTPUT_FORMATS)
def test_a_failed_run_leaves_what_was_there(tmp_path: Path, output_format: OutputFormat) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"before")
    with pytest.raises(KeyError):
        fail_after_one(target, output_format)
    gc.collect()
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_parquet_stream_has_no_end() -> None:
    stream = io.BytesIO()
    with pytest.raises(KeyError):
        fail_after_one(stream, "parquet")
    gc.collect()
    assert not stream.getvalue().endswith(b"PAR1") or stream.getvalue() == b"PAR1"


@pytest.mark.parametrize("output_format", OUTPUT_FORMATS)
def test_a_reader_that_goes_away_is_told_to_the_caller(output_format: OutputFormat) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = cast("BinaryIO", os.fdopen(writing, "wb", buffering=0))
    with stream, pytest.raises(BrokenPipeError), open_writer(stream, output_format) as writer:
        writer.write(encoded(enriched()))


def test_parquet_without_its_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r'pip install "trialweave\[parquet\]"'):
        fail_after_one(tmp_path / "out", "parquet")
    assert list(tmp_path.iterdir()) == []


def test_the_docs_list_the_columns() -> None:
    docs = (Path(__file__).resolve().parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
    assert [line.split("`")[1] for line in docs.splitlines() if line.startswith("| `")] == COLUMNS
