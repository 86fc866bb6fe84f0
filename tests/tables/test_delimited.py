from __future__ import annotations

import csv
import io
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.record import AS_SPELLED, ColumnMap
from trialweave.tables import delimited, lines
from trialweave.tables.delimited import read_csv, read_tsv
from trialweave.tables.rows import Refusal, Row, RowOrRefusal

HEADER = "drug_name,nct_id_drug_ref,note\n"


def read(text: str | bytes, columns: ColumnMap = AS_SPELLED) -> list[RowOrRefusal]:
    raw = text.encode() if isinstance(text, str) else text
    return list(read_csv(BytesIO(raw), "in.csv", columns))


def cells(items: list[RowOrRefusal]) -> list[list[object]]:
    return [list(item.values.values()) for item in items if isinstance(item, Row)]


def refused(items: list[RowOrRefusal]) -> list[tuple[int, str]]:
    return [(item.origin.line, item.reason) for item in items if isinstance(item, Refusal)]


def test_rows_keep_names_cells_and_lines() -> None:
    items = read('\ufeffDrug Name,NCT ID drug ref\r\n" CT\n""0525""",N\r\n\r\nB,\r\n')
    assert [item.values for item in items if isinstance(item, Row)] == [
        {"Drug Name": ' CT\n"0525"', "NCT ID drug ref": "N"},
        {"Drug Name": "B", "NCT ID drug ref": ""},
    ]
    assert [item.origin.line for item in items] == [2, 5]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_shows_fields(mark: str) -> None:
    assert cells(read(f'drug_name{mark}"a,b;c"{mark}drug_class\nA{mark}1,2;3{mark}B'.replace("1,2;3", '"1,2;3"'))) == [
        ["A", "1,2;3", "B"]
    ]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;\r", "\nsep=;", '"sep=;"'])
def test_a_first_line_that_names_the_delimiter_is_no_header(first: str) -> None:
    """As spreadsheets write it, and read it."""
    for reader in (read_csv, read_tsv):
        [row] = reader(BytesIO(f"{first}\ndrug_name;note\nA;1,2\n".encode()), "in", AS_SPELLED)
        assert isinstance(row, Row)
        assert list(row.values.values()) == ["A", "1,2"]
        assert row.origin.line == 3 + first.count("\n")
    assert refused(read("sep=;\n")) == []
    assert refused(read("sep=;\nA;B\n")) == [(2, "there is no header: no column is called like a field")]


def test_spaces_before_the_quotes_of_a_header_are_none_of_its_names() -> None:
    """`"nct_id_drug_ref"` with its quotes was the name of a column, and each link missing."""
    text = '"drug_name", "nct_id_drug_ref"\n"A", "N, 1"\n"B, "b"\n"C", "N2"\n'
    items = read(text)
    assert [item.values for item in items if isinstance(item, Row)] == [
        {"drug_name": "A", "nct_id_drug_ref": "N, 1"},
        {"drug_name": "C", "nct_id_drug_ref": "N2"},
    ]
    assert [line for line, _ in refused(items)] == [3]
    assert cells(read("drug_name, note\nA, 1\n")) == [["A", " 1"]]


def test_tabs_part_the_cells_of_a_tsv() -> None:
    items = list(read_tsv(BytesIO(b"drug_name\tnote\nA\t1, 2\n"), "in.tsv", AS_SPELLED))
    assert cells(items) == [["A", "1, 2"]]


@pytest.mark.parametrize("text", ["", "\n\r\n", HEADER, HEADER + ",,\n\n,,,,\n"])
def test_lines_without_text_are_no_rows(text: str) -> None:
    assert read(text) == []


def test_a_column_without_a_name_is_called_by_its_place() -> None:
    [row] = read(",drug_name,\n0,A,\n")
    assert isinstance(row, Row)
    assert row.values == {"column 1": "0", "drug_name": "A", "column 3": ""}


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("drug_name,note,note\n", "'note' more than once"),
        ("CT-0525,NCT06254807\n", "no header"),
        ('drug_name,"note\n', "broken quotes"),
        (b"drug_name,caf\xe9\n", "line 1 is not UTF-8"),
        (b"drug_name,\0\n", "NUL"),
    ],
)
def test_a_bad_header_refuses_the_file(header: str | bytes, reason: str) -> None:
    raw = (header.encode() if isinstance(header, str) else header) + b"A,B,C\n"
    [(line, why)] = refused(read(raw))
    assert line == 1
    assert reason in why


def test_two_columns_that_mean_one_field_are_refused_where_none_is_called_exactly_so() -> None:
    """The first was read, and where it was blank the drug had no name."""
    [(line, why)] = refused(read("DRUG_NAME,Drug Name,note\n,A,x\n"))
    assert (line, why) == (1, "the columns 'DRUG_NAME' and 'Drug Name' mean the same field")
    assert cells(read("Drug Name,drug_name\nA,B\n")) == [["A", "B"]]
    mapped = ColumnMap.of({"drug_name": "Drug Name"})
    assert cells(read("DRUG_NAME,Drug Name\nA,B\n", mapped)) == [["A", "B"]]
    assert cells(read("Note,note,drug_name\nA,B,C\n")) == [["A", "B", "C"]]


def test_a_mapped_column_makes_a_header() -> None:
    assert cells(read("trial,x\nN,1\n", ColumnMap.of({"nct_id_drug_ref": "trial"}))) == [["N", "1"]]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"A", "the row has 1 cell, the header 3"),
        (b"A,N", "2 cells, the header 3"),
        (b"A,N,x,y", "4 cells, the header 3"),
        (b"A,\xe9,x", "line 3 is not UTF-8 (byte 0xe9 at place 3)"),
        (b"A,\0,x", "NUL"),
        (b'"A"b,N,x', "broken quotes"),
        (b'"A,N,x', "broken quotes"),
        (b'A,N,"x', "broken quotes"),
        (b"A,N\r,x", "broken quotes"),
    ],
)
def test_a_broken_row_is_refused_alone(broken: bytes, reason: str) -> None:
    items = read(HEADER.encode() + b"1,2,3\n" + broken + b'\n4,"5",6\n7,8,9\n')
    assert cells(items) == [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]]
    [(line, why)] = refused(items)
    assert line == 3
    assert reason in why


def test_an_open_quote_swallows_no_rows() -> None:
    items = read(HEADER + 'A,"B,C\n1,2,3\n4,5,6\n7,"8",9\n')
    assert cells(items) == [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]]
    items = read(HEADER + 'A,"B,C\n1,2,3\n4,5,6",7,8,9\n1,2,3\n')
    assert [line for line, _ in refused(items)] == [2, 4]
    assert cells(items) == [["1", "2", "3"], ["1", "2", "3"]]


def test_a_row_beyond_all_bounds_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LINE_LIMIT", 60)
    monkeypatch.setattr(delimited, "LINE_LIMIT", 100)
    items = read(HEADER + "A,B," + "x" * 200 + "\n1,2,3\n" + '"' + "0123456789,,,\n" * 20 + '",2,3\n4,5,6\n')
    assert [row for row in cells(items) if len(set(row)) > 1] == [["1", "2", "3"], ["4", "5", "6"]]
    assert refused(items)[0][0] == 2


def test_a_carriage_return_in_a_cell_that_is_not_quoted_refuses_its_row_alone() -> None:
    items = read(HEADER + 'A,"B\n1\r,2,3\n",x,y\n4,5,6\n')
    assert cells(items) == [["4", "5", "6"]]
    assert [line for line, _ in refused(read("drug_name\r,x\nA,B\n"))] == [1]


def test_a_long_cell_is_read() -> None:
    assert cells(read(HEADER + "A,B," + "x" * 500_000)) == [["A", "B", "x" * 500_000]]


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(st.lists(st.tuples(texts, texts, texts), max_size=5), st.sampled_from(",;\t"))
def test_what_is_written_is_read(table: list[tuple[str, str, str]], mark: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=mark, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADER.strip().split(","), *table])
    assert cells(read(text.getvalue())) == [list(row) for row in table if any(row)]


@given(st.lists(st.sampled_from([b"A,B,C", b'"', b",", b"A", b"\xff", b"\0", b'"A",B,C', b"\r", b"\n"])))
def test_rows_and_refusals_come_in_the_order_of_lines(parts: list[bytes]) -> None:
    items = read(HEADER.encode() + b"\n".join(parts))
    starts = [item.origin.line for item in items]
    assert starts == sorted(set(starts))
    assert all(len(row) == 3 for row in cells(items))
