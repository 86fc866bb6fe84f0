"""What holds of weaving for any record and any payload: it is total, deterministic, and a record's line is its own."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trialweave.core.findings import Policy
from trialweave.core.models import FIELDS, Origin, Source
from trialweave.core.output import line_bytes
from trialweave.core.record import build_record
from trialweave.core.record_id import RecordIds
from trialweave.sources.base import Held, KnownAbsent, Lookup, NotHeld, Snapshot
from trialweave.tables.flat import flatten
from trialweave.weave import weave

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PAYLOADS: dict[Source, dict[str, Any]] = {
    "ctgov": {file.stem: json.loads(file.read_bytes()) for file in sorted(FIXTURES.glob("ctgov/NCT*.json"))},
    "ncit": {file.stem: json.loads(file.read_bytes()) for file in sorted(FIXTURES.glob("ncit/C*.json"))},
}
GALLERY = [json.loads(line) for line in (FIXTURES / "gallery.jsonl").read_text(encoding="utf-8").splitlines()]
STUDIES = sorted(PAYLOADS["ctgov"])
CODES = sorted(code for code in PAYLOADS["ncit"] if "." not in code)

HARD = st.sampled_from(
    ["", " ", "(", ")", "()", "/", "/ /", ",;", "-", "--", "\u200b", "\x00", "\x1b[2J", "\ud800", "İ", "ß", "ﬁ", "CD19",
     "anti-", "CT-0525", "Placebo", "N/A", "[18F]", "=1+1", "0" * 30, "a" * 3000, "(" * 200, "CAR-T " * 50, "é" * 99]
)  # fmt: skip
TEXT = st.text(max_size=30) | HARD | st.lists(HARD, max_size=4).map(" ".join)
CELL = TEXT | st.none() | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
ROW = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(FIELDS, CELL),
        "nct_id_drug_ref": st.sampled_from([*STUDIES, "NCT00000000", "NCT99999999"]) | TEXT,
        "nci_thesaurus_concept_id": st.sampled_from([*CODES, "C0", "C999999"]) | TEXT,
        "of my own": CELL,
    },
)
EDITED_ROW = st.builds(
    lambda row, name, cell: {**row, name: cell}, st.sampled_from(GALLERY), st.sampled_from(FIELDS), CELL
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
CLOSE = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


class Reader:
    """A reader over payloads in memory; what it does not hold is absent, and one id in seven is unavailable."""

    def __init__(self, payloads: Mapping[Source, Mapping[str, Any]]) -> None:
        self._payloads = payloads

    def read(self, source: Source, ids: Iterable[str]) -> dict[str, Lookup]:
        return {id_: self._look(source, id_) for id_ in ids}

    def _look(self, source: Source, id_: str) -> Lookup:
        held = self._payloads[source].get(id_)
        if held is not None:
            body = json.dumps(held).encode()
            return Held(Snapshot(source, id_, body, str(hash(body)), "v1", "2026-11-01T00:00:00Z"))
        return NotHeld("never recorded") if sum(id_.encode()) % 7 == 0 else KnownAbsent("v1", "2026-11-01T00:00:00Z")


WHOLE = Reader(PAYLOADS)


def lines(rows: Sequence[Mapping[str, Any]], reader: Reader = WHOLE) -> list[bytes]:
    ids = RecordIds()
    records = [build_record(row, Origin("t", number), ids=ids) for number, row in enumerate(rows, 1)]
    return [line_bytes(enriched.as_json()) for enriched in weave(records, reader, Policy())]


@st.composite
def mutated(draw: st.DrawFn, source: Source) -> tuple[str, Any]:
    """A recorded payload with up to three of its values, at any depth, replaced by anything or taken out."""
    id_ = draw(st.sampled_from(STUDIES if source == "ctgov" else CODES))
    payload = json.loads(json.dumps(PAYLOADS[source][id_]))
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(places(payload)) or [({"gone": None}, "gone")]))
        if draw(st.booleans()):
            holder[key] = draw(ANYTHING)
        elif isinstance(holder, dict):
            holder.pop(key)
    return id_, payload


def places(value: Any) -> Iterable[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


# ---------------------------------------------------------------- total


@CLOSE
@given(ROW | EDITED_ROW)
def test_any_record_becomes_one_line_of_json(row: dict[str, Any]) -> None:
    (line,) = lines([row])
    told = json.loads(line)
    assert told["record"] == json.loads(json.dumps(row))
    assert flatten(told)[0] == told["record_id"]
    assert {conflict["field"] for conflict in told["conflicts"]} <= {*FIELDS}
    keys = [(conflict["kind"], conflict["field"]) for conflict in told["conflicts"]]
    assert len(keys) == len(set(keys))


@CLOSE
@given(mutated("ctgov"), st.sampled_from(CODES), TEXT)
def test_any_study_becomes_facts_or_unavailable(study: tuple[str, Any], code: str, name: str) -> None:
    id_, payload = study
    row = {"drug_name": name, "nct_id_drug_ref": id_, "nci_thesaurus_concept_id": code}
    (line,) = lines([row], Reader({**PAYLOADS, "ctgov": {id_: payload}}))
    assert json.loads(line)["links"]["study"]["outcome"] in ("found", "unavailable")


@CLOSE
@given(mutated("ncit"), st.sampled_from(STUDIES), TEXT)
def test_any_concept_becomes_facts_or_unavailable(concept: tuple[str, Any], study: str, name: str) -> None:
    id_, payload = concept
    row = {"drug_name": name, "nct_id_drug_ref": study, "nci_thesaurus_concept_id": id_}
    (line,) = lines([row], Reader({**PAYLOADS, "ncit": {id_: payload}}))
    assert json.loads(line)["links"]["concept"]["outcome"] in ("found", "unavailable")


@pytest.mark.parametrize("piece", [" ", "1,", "a x ", "oral intravenous ", "1 x 10   "])
def test_a_text_of_any_length_is_woven(piece: str) -> None:
    """Patterns and comparisons whose time grows with the square of a text held a run for hours: it is enough to end."""
    long = f"Drug {piece * (100_000 // len(piece))} end"
    code, id_ = CODES[0], STUDIES[0]
    concept, study = (json.loads(json.dumps(PAYLOADS[s][i])) for s, i in (("ncit", code), ("ctgov", id_)))
    concept["definitions"] = [{"definition": long + " now", "type": "DEFINITION", "source": "NCI"}]
    concept["synonyms"] = [{"name": long, "type": "FULL_SYN"}]
    study["protocolSection"]["descriptionModule"] = {"briefSummary": long}
    row = {**dict.fromkeys(FIELDS, long), "nct_id_drug_ref": id_, "nci_thesaurus_concept_id": code}
    (line,) = lines([row], Reader({"ctgov": {id_: study}, "ncit": {code: concept}}))
    assert {link["outcome"] for link in json.loads(line)["links"].values()} == {"found"}


# ---------------------------------------------------------------- deterministic, idempotent, independent


@CLOSE
@given(st.lists(ROW | EDITED_ROW, min_size=1, max_size=4))
def test_the_same_twice_is_the_same_bytes(rows: list[dict[str, Any]]) -> None:
    assert lines(rows) == lines(rows)


@CLOSE
@given(st.lists(EDITED_ROW, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_a_line_does_not_depend_on_its_neighbours(rows: list[dict[str, Any]], chance: random.Random) -> None:
    """Distinct records: a repeated id is numbered in the order of the input, and means the order to be kept."""
    distinct = {build_record(row, Origin("t", 1)).record_id: row for row in rows}
    shuffled = list(distinct.values())
    chance.shuffle(shuffled)
    assert sorted(lines(shuffled)) == sorted(line for row in distinct.values() for line in lines([row]))


@CLOSE
@given(ROW | EDITED_ROW)
def test_the_record_in_a_line_makes_the_same_line_again(row: dict[str, Any]) -> None:
    (line,) = lines([row])
    assert lines([json.loads(line)["record"]]) == [line]


@CLOSE
@given(EDITED_ROW, st.randoms(use_true_random=False))
def test_the_order_of_columns_means_nothing(row: dict[str, Any], chance: random.Random) -> None:
    cells = list(row.items())
    chance.shuffle(cells)
    (one,), (two,) = lines([row]), lines([dict(cells)])
    assert json.loads(one) == json.loads(two)
