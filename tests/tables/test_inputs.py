from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet as pq

from trialweave.core.record import AS_SPELLED, ColumnMap, build_record
from trialweave.errors import InputError
from trialweave.tables import INPUT_FORMATS, InputFormat, Refusal, Row, RowOrRefusal, open_inputs, read_rows
from trialweave.tables.formats import sniff

SEED = Path(__file__).resolve().parents[2] / "seeds" / "ct-0525.txt"
AS_CSV = b"drug_name,nct_id_drug_ref\nA,N\n"
AS_JSONL = b'{"drug_name": "A"}\n{"drug_name": "B"}\n'
KEY_VALUE = b"Skip to main content\ndrug_name\nA\n"


def names(items: Sequence[RowOrRefusal]) -> list[object]:
    return [item.values["drug_name"] for item in items if isinstance(item, Row)]


def test_the_seed_as_a_record() -> None:
    [row] = read_rows([SEED])
    assert isinstance(row, Row)
    record = build_record(row.values, row.origin)
    assert record.record_id == "ddbfb14e846a95f4"
    assert len(record.values) == 12
    assert "drug_mesh_term" not in record.values
    assert record.origin.file == str(SEED)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (SEED.read_bytes(), "key-value"),
        (KEY_VALUE, "key-value"),
        (b"drug_name\nA\n", "key-value"),
        (AS_CSV, "csv"),
        (b"\xef\xbb\xbfNote;Drug Name\nx;A\n", "csv"),
        (b'"a, b",drug_name\n', "csv"),
        (b"note\tdrug_name\n", "tsv"),
        (b"note|drug_name\n", "csv"),
        (b"\xef\xbb\xbfsep=\t\r\nnote\tdrug_name\n", "csv"),
        (AS_JSONL, "jsonl"),
        (b'{"a": 1}', "jsonl"),
        (b'{"a": \n{"a": 1}', "jsonl"),
        (b'{\n "a": 1\n}', "json"),
        (b' \n[{"a": 1}]', "json"),
        (b"PAR1....", "parquet"),
        (b"PK\x03\x04....", "excel"),
        (b"", "key-value"),
        (b"\xff\xfe\x00", "key-value"),
    ],
)
def test_a_format_by_its_looks(head: bytes, expected: InputFormat) -> None:
    assert sniff(head, AS_SPELLED) == expected


def test_a_mapped_column_is_a_sign_of_a_table() -> None:
    assert sniff(b"a,trial\n", AS_SPELLED) == "key-value"
    assert sniff(b"a,trial\n", ColumnMap.of({"nct_id_drug_ref": "trial"})) == "csv"


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(AS_CSV)
    (tmp_path / "a.JSONL").write_bytes(AS_JSONL)
    (tmp_path / "c.txt").write_bytes(b"drug_name\nC\n")
    pq.write_table(pa.table({"drug_name": ["D"]}), tmp_path / "d.parquet")
    (tmp_path / ".hidden.csv").write_bytes(AS_CSV)
    (tmp_path / "~$b.xlsx").write_bytes(b"the mark of a workbook that somebody has open")
    (tmp_path / "e.pdf").write_bytes(b"%PDF")
    (tmp_path / "f").mkdir()

    items = list(read_rows([tmp_path]))

    assert names(items) == ["A", "B", "A", "C", "D"]
    refused = [item for item in items if isinstance(item, Refusal)]
    assert [Path(item.origin.file).name for item in refused] == ["e.pdf", "f"]


def test_an_unusable_file_costs_that_file_only(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"no,header\n1,2\n")
    (tmp_path / "b.csv").write_text("drug_name\n", encoding="utf-16")
    (tmp_path / "c.csv").write_bytes(b"drug_name,x\rA,B\r")
    (tmp_path / "d.csv").write_bytes(AS_CSV)
    (tmp_path / "e.csv").write_bytes(b"")
    (tmp_path / "f.jsonl").write_bytes(b"")

    items = list(read_rows([tmp_path]))

    assert names(items) == ["A"]
    reasons = [item.reason for item in items if isinstance(item, Refusal)]
    assert [("header" in reasons[0]), ("UTF-16" in reasons[1]), ("carriage return" in reasons[2])] == [True] * 3
    assert reasons[3:] == ["the file is empty"]


@pytest.mark.parametrize(
    ("name", "head", "reason", "advice"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "before 2007", "save it as .xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password", "save it as .xlsx"),
        ("a.csv.gz", b"\x1f\x8b\x08", "gzip", "unpack"),
        ("a.csv", b"PK\x03\x04", "zip archive", ".xlsx"),
        ("a.txt", b"%PDF-1.4\n", "PDF", "export"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name(
    tmp_path: Path, name: str, head: bytes, reason: str, advice: str
) -> None:
    (tmp_path / name).write_bytes(head + b"\n" * 600)
    with open_inputs([tmp_path / name]) as inputs, pytest.raises(InputError) as raised:
        list(inputs.rows())
    assert reason in str(raised.value)
    assert advice in str(raised.value)
    assert "UTF-8" not in str(raised.value)


@pytest.mark.parametrize("raw", [AS_CSV, AS_JSONL, KEY_VALUE, json.dumps([{"drug_name": "A"}], indent=1).encode()])
def test_standard_input_is_told_by_its_looks_and_read_twice(raw: bytes) -> None:
    with open_inputs(["-"], stdin=BytesIO(raw)) as inputs:
        first = list(inputs.rows())
        assert list(inputs.rows()) == first
        assert names(first)[0] == "A"
        assert first[0].origin.file == "<stdin>"
        assert inputs.digest == sha256(raw).hexdigest()


def test_a_pipe_is_spooled_and_cleaned_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    feeder = threading.Thread(target=pipe.write_bytes, args=(AS_JSONL,))
    feeder.start()
    with open_inputs([pipe]) as inputs:
        feeder.join()
        assert names(list(inputs.rows())) == names(list(inputs.rows())) == ["A", "B"]
    assert list((tmp_path / "spool").iterdir()) == []


def test_two_passes_at_once_do_not_meet(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(AS_JSONL)
    with open_inputs([tmp_path / "a.jsonl"]) as inputs:
        pairs = list(zip(inputs.rows(), inputs.rows(), strict=True))
    assert all(one == other for one, other in pairs)
    assert len(pairs) == 2


def test_a_format_that_is_given_beats_name_and_looks(tmp_path: Path) -> None:
    odd = tmp_path / "odd.json"
    odd.write_bytes(AS_CSV)
    assert names(list(read_rows([odd], input_format="csv"))) == ["A"]
    (tmp_path / "odd.json").rename(tmp_path / "odd.dat")
    assert names(list(read_rows([tmp_path], input_format="csv"))) == ["A"]


def test_the_digest_is_over_all_bytes_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(AS_CSV)
    (tmp_path / "b.jsonl").write_bytes(AS_JSONL)
    with open_inputs([tmp_path / "b.jsonl", tmp_path / "a.csv"]) as inputs:
        assert inputs.digest == sha256(AS_JSONL + AS_CSV).hexdigest()


def test_an_input_that_changes_between_passes_stops_the_run(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(AS_JSONL)
    with open_inputs([path]) as inputs:
        assert len(list(inputs.rows())) == 2
        path.write_bytes(AS_JSONL + b"{}\n")
        with pytest.raises(InputError, match=r"a\.jsonl was changed"):
            list(inputs.rows())
        path.unlink()
        with pytest.raises(InputError, match=r"a\.jsonl was changed"):
            list(inputs.rows())


def test_what_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.csv cannot be read: No such file"):
        open_inputs([tmp_path / "missing.csv"])


def test_standard_input_is_named_once() -> None:
    with pytest.raises(InputError, match="<stdin> can be read once only"):
        open_inputs(["-", "-"], stdin=BytesIO(AS_CSV))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "there is no record in"),
        (b"drug_name,x\n", "there is no record in"),
        (b"drug_name,x\n1\n2\n", "and 1 more"),
    ],
)
def test_without_any_row_reading_fails_in_the_end(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(raw)
    seen: list[RowOrRefusal] = []
    with pytest.raises(InputError, match=message):
        seen.extend(read_rows([path]))


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from([AS_CSV, AS_JSONL, KEY_VALUE, b'"', b"[", b"\xff", b"PK\x03\x04"])).map(b"".join),
    st.sampled_from([None, *INPUT_FORMATS]),
)
def test_no_bytes_crash_a_reader(raw: bytes, input_format: InputFormat | None) -> None:
    given_rows = refused = 0
    with open_inputs(["-"], stdin=BytesIO(raw), input_format=input_format) as inputs:
        try:
            for item in inputs.rows():
                given_rows += isinstance(item, Row)
                refused += isinstance(item, Refusal)
                if isinstance(item, Row):
                    json.dumps(item.values, ensure_ascii=False, allow_nan=False).encode()
        except InputError:
            assert given_rows == 0
            return
        assert len(list(inputs.rows())) == given_rows + refused


# ---------------------------------------------------------------- sizes


MANY = 200_000
"""Names of which each must not be compared with each. That would be 40,000,000,000 times: it is enough that it ends."""


@pytest.mark.parametrize(("name", "delimiter"), [("wide.csv", ","), ("wide.tsv", "\t")])
def test_a_header_of_very_many_names_ends(tmp_path: Path, name: str, delimiter: str) -> None:
    file = tmp_path / name
    header = [f"c{number}" for number in range(MANY)] + ["drug_name"]
    file.write_text(delimiter.join(header) + "\n" + delimiter * MANY + "Drug\n")
    (row,) = read_rows([file])
    assert isinstance(row, Row)
    assert row.values["drug_name"] == "Drug"
    file.write_text(delimiter.join([*header, "c7"]) + "\n")
    with pytest.raises(InputError, match="names 'c7' more than once"):
        list(read_rows([file]))


@pytest.mark.parametrize("name", ["wide.json", "wide.jsonl"])
def test_an_object_of_very_many_names_ends(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    cells = ", ".join(f'"c{number}": 1' for number in range(MANY))
    file.write_text(
        f'{{{cells}, "c7": 2}}\n{{"drug_name": "Drug"}}' if name.endswith("l") else f'[{{{cells}, "c7": 2}}]'
    )
    rows = read_rows([file])
    refused = next(rows)
    assert isinstance(refused, Refusal)
    assert "the name 'c7' stands twice in one object" in refused.reason
