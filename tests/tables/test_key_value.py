from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.models import FIELDS
from trialweave.core.record import AS_SPELLED, ColumnMap
from trialweave.tables import lines
from trialweave.tables.keyvalue import read_key_value
from trialweave.tables.rows import Refusal, Row, RowOrRefusal

SEED = Path(__file__).resolve().parents[2] / "seeds" / "ct-0525.txt"


def read(text: str | bytes, columns: ColumnMap = AS_SPELLED) -> list[RowOrRefusal]:
    raw = text.encode() if isinstance(text, str) else text
    return list(read_key_value(BytesIO(raw), "page.txt", columns))


def rows(text: str, columns: ColumnMap = AS_SPELLED) -> list[dict[str, object]]:
    items = read(text, columns)
    assert all(isinstance(item, Row) for item in items), items
    return [item.values for item in items if isinstance(item, Row)]


def test_the_seed_is_one_record_of_twelve_fields() -> None:
    [row] = rows(SEED.read_text())
    lines_of_seed = SEED.read_text().split("\n")
    assert row == dict(zip(lines_of_seed[::2], lines_of_seed[1::2], strict=True))
    assert list(row) == [name for name in FIELDS if name != "drug_mesh_term"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drug_name\nA\ndrug_name\nB\n", [{"drug_name": "A"}, {"drug_name": "B"}]),
        ("drug_name\r\nA\r\nnct_id_drug_ref\r\nN\r\n", [{"drug_name": "A", "nct_id_drug_ref": "N"}]),
        ("drug_name\nA\n\ndrug_class\nB", [{"drug_name": "A"}, {"drug_class": "B"}]),
        ("drug_name\nA\nSkip to main content\ndrug_class\nB", [{"drug_name": "A"}, {"drug_class": "B"}]),
        ("\ufeffSkip to main content\nMenu\n\ndrug_name\nA", [{"drug_name": "A"}]),
        ("Menu\ndrug_name\nA\nMenu\ndrug_class\nB", [{"drug_name": "A"}, {"drug_class": "B"}]),
        ("drug_name\nA\n skip  to main CONTENT\nmore\ndrug_class\nB", [{"drug_name": "A"}, {"drug_class": "B"}]),
        ("drug_mesh_term\ndrug_category\nCAR M", [{"drug_category": "CAR M"}]),
        ("drug_mesh_term\n\ndrug_category\nCAR M", [{"drug_mesh_term": "", "drug_category": "CAR M"}]),
        ("drug_class\nA\ndrug_name", [{"drug_class": "A"}]),
        ("drug_class\nA\ndrug_name\nSkip to main content\ndrug_class\nB", [{"drug_class": "A"}, {"drug_class": "B"}]),
        ("drug_class\n one\ntwo\n\nthree \ndrug_name\nA", [{"drug_class": " one\ntwo\n\nthree ", "drug_name": "A"}]),
        ("drug_description\none\ntwo\n\n\n", [{"drug_description": "one\ntwo"}]),
        ("drug_delivery_route\nIntravenous\ndru", [{"drug_delivery_route": "Intravenous"}]),
        ("nct_id_drug_ref\nN\nFooter\n\nTitle\ndrug_name\nB", [{"nct_id_drug_ref": "N"}, {"drug_name": "B"}]),
        ("nct_id_drug_ref\nN\nFooter", [{"nct_id_drug_ref": "N"}]),
        ("drug_name\nA\nNotes\ntext\ndrug_class\nB", [{"drug_name": "A", "Notes": "text", "drug_class": "B"}]),
        ("drug_name\nA\nNotes\nsome text", [{"drug_name": "A", "Notes": "some text"}]),
        ("drug_name\nCAR-T\ntherapy\ndrug_class\nB", [{"drug_name": "CAR-T\ntherapy", "drug_class": "B"}]),
        ("page_id\n1\ndrug_name\nA\npage_id\n2\ndrug_name\nB",
         [{"page_id": "1", "drug_name": "A"}, {"page_id": "2", "drug_name": "B"}]),
        ("intervention_type\nanti_her2\nDrug Name\nA", [{"intervention_type": "anti_her2", "Drug Name": "A"}]),
    ],
)  # fmt: skip
def test_where_records_and_values_end(text: str, expected: list[dict[str, object]]) -> None:
    assert rows(text) == expected


def test_mapped_columns_are_field_names() -> None:
    columns = ColumnMap.of({"nct_id_drug_ref": "Trial", "record_id": "Key"})
    assert rows("Key\n7\nTrial\nN\nkey\n8", columns) == [{"Key": "7", "Trial": "N"}, {"key": "8"}]


def test_origins_are_the_first_lines_of_records() -> None:
    items = read("Skip to main content\ndrug_name\nA\ndrug_name\nB")
    assert [item.origin.line for item in items] == [2, 4]
    assert items[0].origin.file == "page.txt"


@pytest.mark.parametrize(("damage", "reason"), [(b"\xe9", "line 4 is not UTF-8"), (b"\0", "line 4 holds a NUL")])
def test_a_damaged_record_is_refused_alone(damage: bytes, reason: str) -> None:
    text = b"drug_name\nA\ndrug_name\nB" + damage + b"\ndrug_name\nC"
    first, second, third = read(text)
    assert isinstance(first, Row)
    assert isinstance(second, Refusal)
    assert second.origin.line == 3
    assert reason in second.reason
    assert isinstance(third, Row)
    assert third.values == {"drug_name": "C"}


def test_a_record_beyond_all_bounds_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialweave.tables.keyvalue.LINE_LIMIT", 100)
    first, second = read("drug_description\n" + "0123456789\n" * 20 + "drug_description\nB")
    assert isinstance(first, Refusal)
    assert "100" in first.reason
    assert isinstance(second, Row)


def test_a_line_beyond_all_bounds_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LINE_LIMIT", 100)
    first, second = read("drug_description\n" + "0" * 1000 + "\ndrug_description\nB")
    assert isinstance(first, Refusal)
    assert "line 2 is longer" in first.reason
    assert isinstance(second, Row)


@pytest.mark.parametrize("text", ["Just prose.\nTwo lines.", "drug_name\n", "source_url\nhttps://example.org"])
def test_text_without_a_field_is_refused(text: str) -> None:
    [item] = read(text)
    assert isinstance(item, Refusal)


def test_the_real_records_pass_verbatim(realdata: Path) -> None:
    """The facts of real records, printed as their pages are: prefaces, absent fields, a page cut inside a name."""
    with (realdata / "records" / "cytotargetdb_facts.tsv").open(newline="", encoding="utf-8") as table:
        facts = list(csv.DictReader(table, delimiter="\t"))
    pages, expected = [], []
    for fact in facts:
        values = {name: text for name in FIELDS if (text := fact.get(name))}
        state = fact["definition_state"]
        if state:
            values["nci_thesaurus_definition"] = (
                "NCI thesaurus definition not available."
                if state == "not_available"
                else "A preparation\u2011like text. (NCI04)"
            )
        expected.append(values)
        page = ["Skip to main content"] if "preface line" in fact["oddity"] else []
        for name in FIELDS:
            page += [name, values[name]] if name in values else [name] if name == "drug_mesh_term" else []
        if fact["truncated"] == "yes":
            page.append("dru")
        pages.append("\n".join(page))

    assert rows("\n".join(pages)) == expected
    assert rows("\n\n".join(pages)) == expected
    assert len(expected) == 87


names = st.lists(st.sampled_from(FIELDS), min_size=1, unique=True)
values = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1).filter(
    lambda text: not AS_SPELLED.knows(text.strip()) and text.strip()
)


@given(st.lists(names.flatmap(lambda keys: st.fixed_dictionaries(dict.fromkeys(keys, values))), min_size=1, max_size=5))
def test_what_is_written_is_read(records: list[dict[str, str]]) -> None:
    text = "\n\n".join("\n".join(line for pair in record.items() for line in pair) for record in records)
    assert rows(text) == records


@given(
    st.lists(
        st.sampled_from([b"drug_name", b"nct_id_drug_ref", b"page_id", b"x", b"", b"\xff", b"skip to main content"])
    )
)
def test_every_line_of_text_has_a_place(parts: list[bytes]) -> None:
    items = read(b"\n".join(parts))
    starts = [item.origin.line for item in items]
    assert starts == sorted(starts)
    assert all(item.values for item in items if isinstance(item, Row))
