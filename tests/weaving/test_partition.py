"""`weave_partition`: one row in, one row out, in order, lazily, whatever the rows are."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave import Settings, Weaver
from trialweave.core.models import Record
from trialweave.core.output import line_bytes
from trialweave.core.summary import Tally
from trialweave.holding import Holding
from trialweave.settings.model import Checks
from trialweave.weave import weave_partition

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ROWS = [json.loads(line) for line in (FIXTURES / "gallery.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Holding, list[Record], list[bytes]]]:
    """A holding of the gallery, its records, and the lines of a single process."""
    with Weaver(replay=FIXTURES) as weaver:
        enriched = list(weaver.enrich_many(ROWS))
        records = [one.record for one in enriched]
        holding = weaver.hold(records, tmp_path_factory.mktemp("holding") / "held")
    yield holding, records, [line_bytes(one.as_json()) for one in enriched]
    holding.close()


Held = tuple[Holding, list[Record], list[bytes]]


def test_partitions_give_the_bytes_of_a_single_process(held: Held) -> None:
    holding, records, lines = held
    parts = [records[:5], records[5:6], [], records[6:]]
    work = pickle.loads(pickle.dumps(partial(weave_partition, holding=holding)))  # noqa: S301  # our own bytes
    assert [row.line for part in parts for row in work(part)] == lines
    work.keywords["holding"].close()


def test_plain_rows_get_their_own_ids(held: Held) -> None:
    holding, records, lines = held
    rows = list(weave_partition(ROWS, holding))
    assert [row.line for row in rows] == lines
    assert [row.record_id for row in rows] == [record.record_id for record in records]


def test_a_plain_row_of_any_program_is_the_line_of_a_single_process(held: Held) -> None:
    """A frame has NaN where a cell is empty, which JSON cannot say, and dates and decimals that it cannot either."""
    holding, _, _ = held
    row = {**ROWS[0], "empty": float("nan"), "seen": date(2024, 1, 31), "dose": Decimal("1.50")}
    with Weaver(replay=FIXTURES) as weaver:
        line = line_bytes(weaver.enrich(row).as_json())
    [woven] = weave_partition([row], holding)
    assert (woven.error, woven.line) == (None, line)


def test_the_conflicts_and_the_tally_come_along(held: Held) -> None:
    holding, records, lines = held
    rows = list(weave_partition(records, holding))
    with Weaver(replay=FIXTURES) as weaver:
        expected, counted = Tally(), Tally()
        for enriched in weaver.enrich_many(ROWS):
            expected.add(enriched)
    for row in rows:
        counted.count(row.brief)
    assert counted == expected
    aside = [json.loads(conflict) for row in rows for conflict in row.conflicts]
    inside = [
        {"record_id": line["record_id"], **conflict}
        for line in map(json.loads, lines)
        for conflict in line["conflicts"]
    ]
    assert aside == inside


def test_a_holding_is_written_from_rows_with_the_columns_of_the_settings(tmp_path: Path) -> None:
    """Made by hand, a record had the columns of nobody's settings, and its study was not even asked for."""
    settings = Settings(columns={"nct_id_drug_ref": "trial"}, checks=Checks(off=("study_state",)))
    rows = [{"drug_name": "CT-0525", "trial": "NCT06254807"}] * 2
    with Weaver(settings, replay=FIXTURES) as weaver:
        lines = [line_bytes(one.as_json()) for one in weaver.enrich_many(rows)]
        records = list(weaver.records(rows))
        holding = weaver.hold(records, tmp_path / "held")
    woven = list(weave_partition(records, holding, policy=settings.policy, names=weaver.names))
    (first,) = weave_partition(rows[:1], holding, policy=settings.policy, columns=weaver.columns, names=weaver.names)
    holding.close()
    assert [row.line for row in (*woven, first)] == [*lines, lines[0]]


def test_what_a_search_suggests_is_suggested_by_a_partition_too(tmp_path: Path) -> None:
    """A holding was written without searching, and the names over its concepts alone knew of no other."""
    row = {"drug_name": "CT-0525", "nct_id_drug_ref": "NCT06254807"}
    with Weaver(replay=FIXTURES) as weaver:
        (alone,) = weaver.enrich_many([row])
    with Weaver(replay=FIXTURES) as weaver:
        holding = weaver.hold([alone.record], tmp_path / "held")
    names = pickle.loads(pickle.dumps(weaver.names))  # noqa: S301  # our own bytes
    (woven,) = weave_partition([row], holding, names=names)
    holding.close()
    assert any(conflict.suggestion for conflict in alone.conflicts)
    assert woven.line == line_bytes(alone.as_json())


def test_it_is_lazy(held: Held) -> None:
    holding, records, _ = held
    taken = 0

    def endless() -> Iterator[Record]:
        nonlocal taken
        while True:
            taken += 1
            yield records[0]

    rows = weave_partition(endless(), holding)
    assert taken == 0
    next(rows)
    assert taken <= 1000


_CELLS: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.text(), st.floats(), st.sets(st.integers()), st.binary(), st.builds(object), st.dates()
)
_ROWS: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.integers(), st.text(), st.dictionaries(st.text() | st.integers(), _CELLS), st.just(ROWS[0])
)


@given(rows=st.lists(_ROWS, max_size=6))
def test_no_row_makes_it_raise_and_none_is_lost(held: Held, rows: list[Any]) -> None:
    holding, _, lines = held
    given_back = list(weave_partition(rows, holding))
    assert len(given_back) == len(rows)
    for row, result in zip(rows, given_back, strict=True):
        assert bool(result.line) != bool(result.error)
        if row is ROWS[0]:
            assert result.line == lines[0]
        if result.line:
            json.loads(result.line)


def test_a_number_that_no_reader_takes_is_told_in_its_place(held: Held) -> None:
    holding, _, _ = held
    (row,) = weave_partition([{"drug_name": "Aspirin", "mine": 10**5000}], holding)
    assert row.line == b""
    assert row.error is not None


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("CT-0525", "the row has to be a mapping from field names to values, not str"),
        ({1: "CT-0525"}, "the row has a name that is no text: 1"),
        ({"drug_name": "CT-0525", "mine": b"\xff"}, "the row cannot be used, because of 'mine': it holds bytes"),
    ],
)
def test_a_row_that_is_none_is_told_with_the_field_and_what_to_do(held: Held, row: Any, says: str) -> None:
    holding, _, _ = held
    (woven,) = weave_partition([row], holding)
    assert woven.error is not None
    assert woven.error.startswith(says)
