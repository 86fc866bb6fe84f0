"""The tally counts the same in whatever order the records come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.core import summary
from trialweave.core.summary import Brief, Tally

_SIGNALS = st.lists(st.tuples(st.sampled_from(("ctgov", "ncit")), st.sampled_from("abcdefgh")), max_size=4)


@given(data=st.data(), told=st.lists(_SIGNALS, max_size=12))
def test_a_tally_does_not_depend_on_the_order_of_the_records(
    data: st.DataObject, told: list[list[tuple[str, str]]]
) -> None:
    briefs = [Brief(signals=tuple(signals)) for signals in told]  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(summary, "MOST_SIGNALS", 3)
        one, two = Tally(), Tally()
        for brief in briefs:
            one.count(brief)
        for brief in data.draw(st.permutations(briefs)):
            two.count(brief)
    assert one == two
    assert len(one.signals) <= 3
    counted = sorted({signal for brief in briefs for signal in brief.signals})[:3]
    assert one.signals == {signal: sum(b.signals.count(signal) for b in briefs) for signal in counted}
