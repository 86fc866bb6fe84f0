from __future__ import annotations

import datetime as dt
import json
import sys
import zipfile
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet as pq

from trialweave.core.record import AS_SPELLED
from trialweave.errors import InputError
from trialweave.tables.binary import read_excel, read_parquet
from trialweave.tables.rows import Refusal, Row, RowOrRefusal

DAY = dt.datetime(2024, 1, 31)  # noqa: DTZ001 - cells of a sheet have no zone
NOON = dt.datetime(2024, 1, 31, 12, tzinfo=dt.UTC)


def parquet(table: pa.Table) -> list[RowOrRefusal]:
    stream = BytesIO()
    pq.write_table(table, stream)
    stream.seek(0)
    return list(read_parquet(stream, "in.parquet", AS_SPELLED))


def excel(*rows: list[Any], hidden: bool = False) -> list[RowOrRefusal]:
    book = openpyxl.Workbook()
    sheet = book.active
    if hidden:
        sheet.append(["drug_name"])
        sheet.append(["hidden"])
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.create_sheet().append(["a note"])
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return list(read_excel(stream, "in.xlsx", AS_SPELLED))


def values(items: list[RowOrRefusal]) -> list[dict[str, Any]]:
    return [item.values for item in items if isinstance(item, Row)]


def test_parquet_rows_are_what_json_can_say() -> None:
    row: dict[str, Any] = {
        "drug_name": "CT-0525",
        "n": 1,
        "share": 0.5,
        "missing": float("nan"),
        "endless": float("inf"),
        "ok": True,
        "day": dt.date(2024, 1, 31),
        "noon": NOON,
        "exact": Decimal("1.50"),
        "raw": "é".encode(),
        "routes": ["a", "b"],
        "part": {"x": DAY},
        "none": None,
    }
    assert values(parquet(pa.Table.from_pylist([row]))) == [
        {
            "drug_name": "CT-0525",
            "n": 1,
            "share": 0.5,
            "missing": None,
            "endless": "inf",
            "ok": True,
            "day": "2024-01-31",
            "noon": "2024-01-31T12:00:00+00:00",
            "exact": "1.50",
            "raw": "é",
            "routes": ["a", "b"],
            "part": {"x": "2024-01-31"},
            "none": None,
        }
    ]


def test_parquet_rows_are_numbered_across_batches() -> None:
    items = parquet(pa.table({"drug_name": [str(number) for number in range(2500)]}))
    assert [item.origin.line for item in items] == list(range(1, 2501))


def test_a_parquet_cell_that_is_no_text_refuses_its_row_alone() -> None:
    first, second = parquet(pa.table({"drug_name": [b"\xff", b"A"]}))
    assert isinstance(first, Refusal)
    assert isinstance(second, Row)


def test_a_parquet_time_in_nanoseconds_is_text_to_the_last_digit() -> None:
    moment = 1_234_567_890_123_456_789
    columns = {
        "drug_name": ["A"],
        "local": pa.array([moment], pa.timestamp("ns")),
        "zoned": pa.array([moment], pa.timestamp("ns", "+01:00")),
        "hour": pa.array([123_456_789], pa.time64("ns")),
        "whole": pa.array([moment // 10**9 * 10**9], pa.timestamp("ns")),
    }
    [row] = values(parquet(pa.table(columns)))
    assert row == {
        "drug_name": "A",
        "local": "2009-02-13T23:31:30.123456789",
        "zoned": "2009-02-14T00:31:30.123456789+0100",
        "hour": "00:00:00.123456789",
        "whole": "2009-02-13T23:31:30",
    }


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([2**62, 0], pa.timestamp("us")),
        pa.array([1_234_567_890_123, 0], pa.duration("ns")),
        pa.array([2**30, 0], pa.date32()),
        pa.array([[2**62], []], pa.list_(pa.timestamp("us"))),
    ],
    ids=lambda cells: str(cells.type),
)
def test_a_parquet_cell_that_python_cannot_say_refuses_its_row_alone(cells: pa.Array) -> None:
    first, second = parquet(pa.table({"drug_name": ["A", "B"], "other": cells}))
    assert isinstance(first, Refusal)
    assert (first.origin.line, first.reason.partition(":")[0]) == (1, "the cell of 'other' cannot be used")
    assert isinstance(second, Row)
    assert second.origin.line == 2


@pytest.mark.parametrize("names", [["drug_name", "drug_name"], ["a", "b"]])
def test_a_bad_parquet_header_refuses_the_file(names: list[str]) -> None:
    [item] = parquet(pa.table([["A"], ["B"]], names=names))
    assert isinstance(item, Refusal)


def test_the_first_visible_sheet_is_read() -> None:
    items = excel([], ["drug_name", None, "day", "n"], ["CT-0525", None, DAY, 1.0], [], ["B", 2.5, None], hidden=True)
    assert values(items) == [
        {"drug_name": "CT-0525", "column 2": None, "day": "2024-01-31", "n": 1},
        {"drug_name": "B", "column 2": 2.5, "day": None, "n": None},
    ]
    assert [item.origin.line for item in items] == [3, 5]


def test_a_sheet_that_claims_fewer_cells_than_it_holds_is_read_whole() -> None:
    book = openpyxl.Workbook()
    book.active.append(["note", "drug_name"])
    book.active.append(["x", "A"])
    saved, edited = BytesIO(), BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(edited, "w") as target:
        for part in source.namelist():
            target.writestr(part, source.read(part).replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1"'))
    edited.seek(0)
    assert b'ref="A1"' in zipfile.ZipFile(edited).read("xl/worksheets/sheet1.xml")
    assert values(list(read_excel(edited, "in.xlsx", AS_SPELLED))) == [{"note": "x", "drug_name": "A"}]


def test_a_formula_is_its_last_value_and_blank_before_it_has_one() -> None:
    assert values(excel(["drug_name", "n"], ["A", "=1+1"])) == [{"drug_name": "A", "n": None}]


def test_a_row_with_a_cell_too_many_is_refused_alone() -> None:
    first, second = excel(["drug_name"], ["A", "stray"], ["B"])
    assert isinstance(first, Refusal)
    assert first.origin.line == 2
    assert isinstance(second, Row)


@pytest.mark.parametrize("header", [["note", "other"], ["drug_name", "drug_name"]])
def test_a_bad_sheet_header_refuses_the_file(header: list[str]) -> None:
    [item] = excel([None], header, ["A", "B"])
    assert isinstance(item, Refusal)
    assert item.origin.line == 2


def test_a_workbook_that_inflates_beyond_all_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialweave.tables.binary.BOOK_LIMIT", 10_000)
    (refused,) = excel(["drug_name"], ["x" * 30_000])
    assert isinstance(refused, Refusal)
    assert "inflates to" in refused.reason


def test_a_group_of_rows_that_inflates_beyond_all_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialweave.tables.binary.BOOK_LIMIT", 10_000)
    (refused,) = parquet(pa.table({"drug_name": ["x" * 30_000]}))
    assert isinstance(refused, Refusal)
    assert "inflates to" in refused.reason


def test_a_text_that_very_many_rows_repeat_is_held_once() -> None:
    """Half a kilobyte of Parquet that is a gigabyte of cells, in one batch."""
    before = pa.total_allocated_bytes()
    items = parquet(pa.table({"drug_name": pa.array(["x" * 1_000_000] * 1_000).dictionary_encode()}))
    texts = [cells["drug_name"] for cells in values(items)]
    assert len(texts) == 1_000
    assert all(text is texts[0] for text in texts)
    assert pa.total_allocated_bytes() - before < 100_000_000


def test_a_sheet_of_more_rows_than_a_sheet_has_is_refused_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kilobyte of a workbook can hold a million empty rows, and each is held in memory."""
    monkeypatch.setattr("trialweave.tables.binary.SHEET_ROWS", 3)
    *given_rows, refused = excel(["drug_name"], *[["a"]] * 5)
    assert len(given_rows) == 2
    assert isinstance(refused, Refusal)
    assert "more than 3 rows" in refused.reason


@pytest.mark.parametrize("kind", ["parquet", "excel"])
@given(data=st.data())
def test_a_damaged_table_is_rows_or_refused(kind: str, data: st.DataObject) -> None:
    raw = bytearray(_SAMPLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    read = read_parquet if kind == "parquet" else read_excel
    items = list(read(BytesIO(bytes(raw)), "in", AS_SPELLED))
    assert all(isinstance(item, (Row, Refusal)) for item in items)
    json.dumps(values(items), allow_nan=False)


def _sample(kind: str) -> bytes:
    stream = BytesIO()
    if kind == "parquet":
        pq.write_table(pa.table({"drug_name": ["a", None] * 20, "n": [1.5, 2.0] * 20}), stream)
    else:
        book = openpyxl.Workbook()
        for row in (["drug_name", "n"], *(["a", 1.5] for _ in range(20))):
            book.active.append(row)
        book.save(stream)
    return stream.getvalue()


_SAMPLE = {kind: _sample(kind) for kind in ("parquet", "excel")}


def test_an_empty_sheet_has_no_rows() -> None:
    assert excel() == []


@pytest.mark.parametrize("read", [read_parquet, read_excel])
@pytest.mark.parametrize("raw", [b"", b"PAR1", b"PK\x03\x04", b"PAR1" + b"\0" * 50 + b"PAR1", b"PK\x03\x04" * 30])
def test_a_damaged_file_is_refused(read: Any, raw: bytes) -> None:
    [item] = read(BytesIO(raw), "in", AS_SPELLED)
    assert isinstance(item, Refusal)
    assert "broken" in item.reason


@pytest.mark.parametrize(
    ("read", "module", "extra"), [(read_parquet, "pyarrow.parquet", "parquet"), (read_excel, "openpyxl", "excel")]
)
def test_a_missing_extra_says_what_to_install(
    read: Any, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=rf'pip install "trialweave\[{extra}\]"'):
        list(read(BytesIO(b""), "in", AS_SPELLED))
