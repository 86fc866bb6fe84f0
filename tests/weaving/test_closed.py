"""A Weaver that was closed says so, whatever is asked of it; it does not answer that nothing could be had."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from trialweave import Weaver
from trialweave.errors import UsageError

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ROW = {"drug_name": "CT-0525", "nct_id_drug_ref": "NCT06254807"}
CLOSED = "this Weaver is closed"


@pytest.mark.parametrize(
    "ask",
    [
        lambda weaver, _: weaver.enrich(ROW),
        lambda weaver, _: weaver.enrich_many([ROW]),
        lambda weaver, _: weaver.prefetch([]),
        lambda weaver, to: weaver.hold([], to / "holding"),
        lambda weaver, _: weaver.__enter__(),
    ],
    ids=["enrich", "enrich_many", "prefetch", "hold", "with"],
)
def test_nothing_is_done_after_the_end(ask: Callable[[Weaver, Path], Any], tmp_path: Path) -> None:
    """`prefetch` and `hold` asked the services on with the store closed; `enrich_many` told it at the first record."""
    with Weaver(replay=FIXTURES) as weaver:
        pass
    with pytest.raises(UsageError, match=CLOSED):
        ask(weaver, tmp_path)
    assert not (tmp_path / "holding").exists()


def test_records_under_way_end_with_the_weaver() -> None:
    """They went on as `unavailable`: links that were found a moment before."""
    with Weaver(replay=FIXTURES) as weaver:
        under_way = weaver.enrich_many(repeat(ROW, 500))
        record = next(under_way).record
        woven = weaver.weave(repeat(record, 500))
        next(woven)
    for stream in (under_way, woven):
        given = []
        with pytest.raises(UsageError, match=CLOSED):
            given.extend(stream)
        assert all(enriched.study is not None for enriched in given)


def test_what_was_woven_before_the_end_can_still_be_taken() -> None:
    with Weaver(replay=FIXTURES) as weaver:
        under_way = weaver.enrich_many([ROW, ROW])
        first = next(under_way)
    assert [first.study, *(enriched.study for enriched in under_way)] == [first.study] * 2
