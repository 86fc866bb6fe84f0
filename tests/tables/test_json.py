from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.record import AS_SPELLED, ColumnMap
from trialweave.tables import jsontext, lines
from trialweave.tables.jsontext import read_json, read_jsonl
from trialweave.tables.rows import Refusal, Row, RowOrRefusal

COLUMNS = ColumnMap.of({"drug_name": "a", "record_id": "b"})
UNUSABLE = [
    (b"[1]", "an array"),
    (b'"text"', "a text"),
    (b"null", "null"),
    (b'{"a": -Infinity}', "-Infinity"),
    (b'{"a": 1e999}', "1e999"),
    (b'{"a": 1, "a": 2}', "'a' stands twice"),
    (rb'{"a": "\ud800"}', "surrogate"),
    (b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", "64 deep"),
    (b"{}", "the object is empty"),
    (b'{"c": 1, "drug_name": 2}', "no name in this object is that of a field: 'c', 'drug_name'"),
    (b'{"a": ' + b"9" * 5000 + b"}", "a number has 5,000 digits"),
]


def lines_of(raw: bytes, columns: ColumnMap = COLUMNS) -> list[RowOrRefusal]:
    return list(read_jsonl(BytesIO(raw), "in.jsonl", columns))


def whole(raw: bytes, columns: ColumnMap = COLUMNS) -> list[RowOrRefusal]:
    return list(read_json(BytesIO(raw), "in.json", columns))


def values(items: list[RowOrRefusal]) -> list[dict[str, Any]]:
    return [item.values for item in items if isinstance(item, Row)]


def refusals(items: list[RowOrRefusal]) -> list[Refusal]:
    return [item for item in items if isinstance(item, Refusal)]


def test_lines_are_rows() -> None:
    items = lines_of('\ufeff{"a": 1}\r\n\n {"b": ["é", null, true, 1.5]}'.encode())
    assert values(items) == [{"a": 1}, {"b": ["é", None, True, 1.5]}]
    assert [item.origin.line for item in items] == [1, 3]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [(b'{"a": ', "column"), (b'{"a": "\xe9"}', "not UTF-8 (byte 0xe9 at place 8)"), (b'{"a": "\0"}', "NUL"), *UNUSABLE],
)
def test_a_broken_line_is_refused_alone(broken: bytes, reason: str) -> None:
    items = lines_of(b'{"a": 1}\n' + broken + b'\n{"a": 2}\n')
    assert values(items) == [{"a": 1}, {"a": 2}]
    [refusal] = refusals(items)
    assert refusal.origin.line == 2
    assert reason in refusal.reason
    assert str(refusal).startswith("in.jsonl, line 2: ")


def test_a_line_beyond_all_bounds_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LINE_LIMIT", 25)
    items = lines_of(b'{"a": 1}\n{"a": "' + b"x" * 50 + b'"}\n{"a": "345678901234"}\n')
    assert values(items) == [{"a": 1}, {"a": "345678901234"}]
    assert [refusal.origin.line for refusal in refusals(items)] == [2]


def test_what_pandas_writes_for_a_missing_cell_is_null() -> None:
    assert values(lines_of(b'{"a": NaN}')) == values(whole(b'[{"a": NaN}]')) == [{"a": None}]


def test_one_object_is_one_row() -> None:
    assert values(whole(b' {"a":\n1}\n')) == [{"a": 1}]


def test_an_array_gives_rows_with_the_lines_they_start_on() -> None:
    items = whole(b'[{"a": 1},\n\n {"a":\n 2}, {"a": 3}]')
    assert values(items) == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert [item.origin.line for item in items] == [1, 3, 4]


@pytest.mark.parametrize("raw", [b"", b"  \n", b"[]", b" [ ] "])
def test_nothing_gives_nothing(raw: bytes) -> None:
    assert whole(raw) == []


@pytest.mark.parametrize(("unusable", "reason"), UNUSABLE)
def test_an_unusable_element_is_refused_alone(unusable: bytes, reason: str) -> None:
    items = whole(b'[{"a": 1},\n' + unusable + b',{"a": 2}]')
    assert values(items) == [{"a": 1}, {"a": 2}]
    [refusal] = refusals(items)
    assert refusal.origin.line == 2
    assert reason in refusal.reason


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_line_that_breaks_off_is_told_by_its_own_column(end: bytes) -> None:
    [refusal] = refusals(lines_of(b'{"drug_name":"A"' + end))
    assert "column 17:" in refusal.reason


def test_bytes_that_are_not_utf8_refuse_their_element_alone() -> None:
    items = whole(b'[{"a": 1}, {"a": "\xe9"}, {"a": "\xc3\xa9"}]')
    assert values(items) == [{"a": 1}, {"a": "é"}]
    assert "UTF-8" in refusals(items)[0].reason


@pytest.mark.parametrize(
    ("raw", "line", "column", "rows"),
    [
        (b'[{"a": 1},\n {"a" 2}]', 2, 7, 1),
        (b'[{"a": 1}\n {"a": 2}]', 2, 2, 1),
        (b'[{"a": 1},', 1, 11, 1),
        (b'{"a": 1},\n{"a": 2}', 1, 9, 2),
        (b'{"a": 1}\n{"a" 2}', 2, 6, 1),
        (b'[\n {"a": 1},\n {"a": 2\n {"a": 3}]', 4, 2, 1),
        (b'[{"a": 1}] x', 1, 12, 1),
        (b'[{"a": 1},\n]', 2, 1, 1),
        (b"[" * 100_000, 1, 2, 0),
    ],
)
def test_broken_json_names_line_and_column(raw: bytes, line: int, column: int, rows: int) -> None:
    items = whole(raw)
    assert len(values(items)) == rows
    [refusal] = refusals(items)
    assert refusal.origin.line == line
    assert f"column {column}:" in refusal.reason


def test_objects_one_after_the_other_are_rows() -> None:
    """JSON lines under the name of JSON; the first of them was taken, and the rest passed over as one break."""
    items = whole(b'\xef\xbb\xbf{"a": 1}\r\n{"a": 2}\n\n{"a":\n 3}{"a": 4}\n[1]\n')
    assert values(items) == [{"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}]
    assert [item.origin.line for item in items] == [1, 2, 4, 5, 6]
    assert "an array" in refusals(items)[0].reason


BROKEN = [('{"a" 2}', 0, 6), ('{"a": 2', 0, 8), ('{\n  "a": 2,\n  "b" 3\n}', 2, 7)]


@pytest.mark.parametrize(("broken", "line", "column"), BROKEN)
def test_a_break_costs_the_object_alone_where_the_next_one_stands_like_it(broken: str, line: int, column: int) -> None:
    in_sequence = whole(f'{{"a": 1}}\n{broken}\n{{"a": 3}}\n{{"a": 4}}'.encode())
    indented = broken.replace("\n", "\n ")
    in_array = whole(f'[\n {{"a": 1}},\n {indented},\n {{"a": 3}},\n {{"a": 4}}\n]'.encode())
    for items, first, indent in ((in_sequence, 2, 0), (in_array, 3, 1)):
        assert values(items) == [{"a": 1}, {"a": 3}, {"a": 4}]
        [refusal] = refusals(items)
        assert refusal.origin.line == first + line
        assert f"broken JSON at column {column + indent}:" in refusal.reason
        assert "nothing after it" not in refusal.reason


def test_what_stands_behind_an_object_on_its_line_is_refused_alone() -> None:
    items = whole(b'{"a": 1}},\n{"a": 2}\n')
    assert values(items) == [{"a": 1}, {"a": 2}]
    assert [refusal.origin.line for refusal in refusals(items)] == [1]


def test_very_many_breaks_end_the_reading() -> None:
    """Each is looked for from the start of the file again."""
    items = whole(b'{"a" 1}\n' * 100_000)
    assert 100 < len(items) < 200
    assert "nothing after it can be read" in refusals(items)[-1].reason


@pytest.mark.parametrize(
    ("raw", "reason"), [('[{"a": 1}]'.encode("utf-16"), "UTF-16"), (b'[{"a":\n"\0"}]', "line 2 holds a NUL")]
)
def test_a_file_that_is_no_text_is_refused(raw: bytes, reason: str) -> None:
    [item] = whole(raw)
    assert isinstance(item, Refusal)
    assert reason in item.reason


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsontext, "FILE_LIMIT", 5)
    [item] = whole(b'[{"a": 1}]')
    assert isinstance(item, Refusal)
    assert "larger than 5 bytes" in item.reason


@pytest.mark.parametrize("name", ["drug_name", "Drug Name", "nct-id-drug-ref"])
def test_one_field_in_any_spelling_makes_an_object_a_record(name: str) -> None:
    row = {"note": [1], name: None}
    assert values(lines_of(json.dumps(row).encode(), AS_SPELLED)) == [row]
    assert values(whole(json.dumps([row]).encode(), AS_SPELLED)) == [row]


def test_a_record_of_ids_alone_is_one_where_the_settings_name_their_column() -> None:
    assert values(lines_of(b'{"b": 1}')) == [{"b": 1}]
    assert values(lines_of(b'{"b": 1}', AS_SPELLED)) == []


def test_records_wrapped_in_an_object_are_refused_with_what_to_do() -> None:
    (refusal,) = refusals(whole(b'\n{"count": 1, "records": [{"drug_name": "A"}]}', AS_SPELLED))
    assert str(refusal) == (
        "in.json, line 2: no name in this object is that of a field: 'count', 'records'; "
        "give one object for each record, and map names of your own in [columns]"
    )


def test_many_and_long_names_are_not_told_at_length() -> None:
    (refusal,) = refusals(lines_of(json.dumps({f"{at}{'x' * 1000}": at for at in range(500)}).encode()))
    assert len(refusal.reason) < 300
    assert refusal.reason.endswith(", ...")


cells = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
rows = st.builds(lambda row, cell: {**row, "a": cell}, st.dictionaries(st.text(), cells, max_size=4), cells)
tables = st.lists(rows, max_size=5)


@given(tables, st.booleans())
def test_what_is_written_is_read(table: list[dict[str, Any]], ascii_only: bool) -> None:
    in_lines = "\n".join(json.dumps(row, ensure_ascii=ascii_only) for row in table)
    assert values(lines_of(in_lines.encode())) == table
    assert values(whole(json.dumps(table, ensure_ascii=ascii_only, indent=1).encode())) == table


def test_an_element_that_shares_its_line_with_others_is_told_by_its_column() -> None:
    """Programs write an array in one line: "line 1" named nothing."""
    first, second, third, fourth = refusals(whole(b'[5, 7, {"a": 1}, {"a": 2, "a": 3},\n "x"]'))
    assert (first.origin.line, first.reason) == (1, "this is a number and no object")
    assert (second.origin.line, second.reason) == (1, "at column 5: this is a number and no object")
    assert third.reason.startswith("at column 18: unusable JSON: the name 'a' stands twice")
    assert (fourth.origin.line, fourth.reason) == (2, "this is a text and no object")
