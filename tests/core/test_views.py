"""The fast encoder writes what the other writes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.views import encode, encode_exact, encode_row

_TEXTS = st.text(st.characters(exclude_categories=())) | st.text(st.characters(max_codepoint=0x2100))
_CELLS = _TEXTS | st.none() | st.booleans() | st.integers()
_VALUES = st.recursive(_CELLS, lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner), max_leaves=10)


@given(row=st.dictionaries(_TEXTS, _CELLS | st.floats() | st.lists(st.floats())))
def test_a_row_is_written_as_it_always_was(row: dict[str, Any]) -> None:
    assert encode_row(row) == encode(row)


@given(value=_VALUES)
def test_what_holds_no_fraction_is_written_alike(value: object) -> None:
    assert encode_exact(value) == encode(value)


@pytest.mark.parametrize(
    "value", [1e16, 1e-7, float("inf"), float("nan"), 2**64, -(10**400), "\ud800", "\x7f\u2028\x1f"]
)
def test_values_on_which_encoders_differ(value: object) -> None:
    assert encode_row({"a": value}) == encode({"a": value})
