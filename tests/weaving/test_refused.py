"""A record that cannot be used ends `enrich_many`, and takes none with it that came before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trialweave import Weaver
from trialweave.errors import UsageError

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ROW = {"drug_name": "CT-0525", "nct_id_drug_ref": "NCT06254807"}


@pytest.mark.parametrize("before", [0, 1, 3])
def test_what_came_before_a_refused_record_is_given(before: int) -> None:
    rows: list[Any] = [*[ROW] * before, {"drug_name": object()}, ROW]
    given = []
    with Weaver(replay=FIXTURES) as weaver, pytest.raises(UsageError, match=f"record {before + 1} .*drug_name"):
        given.extend(weaver.enrich_many(rows))
    assert len(given) == before


def test_leaving_early_is_no_error() -> None:
    with Weaver(replay=FIXTURES) as weaver:
        under_way = weaver.enrich_many([ROW, ROW])
        next(under_way)
        under_way.close()


def test_one_record_in_the_place_of_a_list_is_told_so() -> None:
    with (
        Weaver(replay=FIXTURES) as weaver,
        pytest.raises(UsageError, match="one dict and no list of records; `enrich`"),
    ):
        next(weaver.enrich_many(ROW))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "use",
    [
        lambda weaver, _: weaver.prefetch([ROW]),
        lambda weaver, folder: weaver.hold([ROW], folder / "holding"),
        lambda weaver, _: list(weaver.weave([ROW])),
    ],
    ids=["prefetch", "hold", "weave"],
)
def test_a_row_of_which_no_record_was_made_is_told_so(use: Callable[[Weaver, Path], object], tmp_path: Path) -> None:
    with Weaver(replay=FIXTURES) as weaver, pytest.raises(UsageError, match=r"not dict: `Weaver\.records` makes them"):
        use(weaver, tmp_path)
