"""Whatever a program has in a cell: JSON can say it, or it is refused with the reason."""

from __future__ import annotations

import datetime as dt
import json
from array import array
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave import Settings, Weaver
from trialweave.core.values import json_value
from trialweave.errors import UsageError

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


class NaTType(dt.datetime):
    """What pandas has for a missing date: a date that has nothing of one."""

    def timetz(self) -> dt.time:
        raise ValueError("NaTType does not support timetz")


class NAType:
    """What pandas has for any missing value: it is neither true nor false, and equal to nothing."""

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


class Route(Enum):
    ORAL = "Oral"


class Scalar:
    """What numpy has for a number: its type is none of Python's."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def tolist(self) -> Any:
        return self.held

    def __str__(self) -> str:
        return str(self.held)


class Cell:
    """What Arrow has for a cell, null ones too, whose text is `None`."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def as_py(self) -> Any:
        return self.held

    def __str__(self) -> str:
        return str(self.held)


class Long(Scalar):
    """What numpy has for a number that Python has not: itself, again and again."""

    def tolist(self) -> Any:
        return Long(self.held)


class Shown:
    """What a dataclass, a function or a generator has: a look for programmers, often with an address in it."""

    def __repr__(self) -> str:
        return f"<shown at {id(self):#x}>"


ATOMS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.dates() | st.datetimes()
    | st.times() | st.decimals() | st.fractions() | st.uuids() | st.complex_numbers() | st.builds(object)
)  # fmt: skip
ANYTHING = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.frozensets(st.text() | st.integers())
        | st.dictionaries(st.text() | st.integers() | st.tuples(st.integers()), inner, max_size=3)
    ),
    max_leaves=8,
)


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


@given(ANYTHING)
def test_any_value_is_json_or_refused(value: Any) -> None:
    try:
        said = json_value(value)
    except ValueError:
        return
    assert json_value(said) == said
    assert json.loads(json.dumps(said, allow_nan=False)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (dt.date(2024, 1, 31), "2024-01-31"),
        (Decimal("1.50"), "1.50"),
        ({"b", "a"}, ["a", "b"]),
        (Route.ORAL, "Oral"),
        (bytearray(b"x"), "x"),
        (memoryview(b"x"), "x"),
        (Path("a/b"), "a/b"),
        ([float("nan"), 1.0], [None, 1.0]),
        ({1: b"x"}, {"1": "x"}),
        ([NaTType(2024, 1, 1), NAType()], [None, None]),
        (nested(64), nested(64)),
        ([Decimal("NaN"), Decimal("sNaN")], [None, None]),
        ([Scalar(float("nan")), Scalar(True), Scalar(5)], [None, True, 5]),
        (array("d", [1.0, float("nan")]), [1.0, None]),
        (Scalar([Scalar("a"), dt.date(2024, 1, 31)]), ["a", "2024-01-31"]),
        (Long(1.5), "1.5"),
        ([Cell(None), Cell("a"), Cell(5)], [None, "a", 5]),
    ],
)
def test_what_a_program_means_by_it(value: Any, said: Any) -> None:
    assert json_value(value) == said


@pytest.mark.parametrize(
    "value",
    [
        b"\xff",
        "\ud800",
        ["\ud800"],
        Path("\udcff"),
        10**5000,
        -(10**5000),
        nested(65),
        nested(100_000),
        object(),
        [object()],
        Shown(),
        test_any_value_is_json_or_refused,
    ],
    ids=[
        "no text",
        "half a pair",
        "half a pair inside",
        "a file name that is no text",
        "long",
        "long and negative",
        "deep",
        "deeper",
        "mute",
        "in it",
        "only a repr",
        "a function",
    ],
)
def test_what_json_cannot_say_is_refused_with_the_record(value: Any) -> None:
    """Each of these passed `enrich`, and ended the program when the line was written or was another line each time."""
    with (
        Weaver(replay=FIXTURES) as weaver,
        pytest.raises(UsageError, match="record 1 cannot be used, because of 'mine': "),
    ):
        weaver.enrich({"drug_name": "CT-0525", "mine": value})


@pytest.mark.parametrize("record", [{"\ud800": "x"}, {"mine": {"\ud800": "x"}}, {"mine": [{"\ud800": "x"}]}])
def test_a_name_that_json_cannot_say_is_refused_like_a_value(record: Any) -> None:
    with (
        Weaver(replay=FIXTURES) as weaver,
        pytest.raises(UsageError, match=r"record 1 cannot be used, because of .*: a text h"),
    ):
        weaver.enrich({"drug_name": "CT-0525", **record})


def test_a_record_out_of_a_database_becomes_a_line() -> None:
    row = {"nct_id_drug_ref": "NCT06254807", "drug_name": b"CT-0525", "seen": dt.date(2024, 1, 31), "n": Decimal("2.5")}
    row |= {"none": float("nan"), "endless": float("inf")}
    with Weaver(replay=FIXTURES) as weaver:
        line = json.loads(weaver.enrich(row).as_json())
    assert line["record"] == {**row, "drug_name": "CT-0525", "seen": "2024-01-31", "n": "2.5"} | {
        "none": None,
        "endless": "inf",
    }


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({1: "CT-0525"}, "record 1 has a name that is no text: 1; name the column"),
        (
            "CT-0525",
            (
                "record 1 has to be a mapping from field names to values, not str; "
                'the rows of a frame are to_dict("records") in pandas, to_dicts() in polars'
            ),
        ),
        (
            {"drug_name": "CT-0525", "mine": b"\xff"},
            (
                "record 1 cannot be used, because of 'mine': it holds bytes that are not UTF-8 text; "
                "leave it out, or give it as sound text"
            ),
        ),
    ],
)
def test_what_is_no_record_is_refused_with_what_is_wrong(record: Any, says: str) -> None:
    with Weaver(replay=FIXTURES) as weaver, pytest.raises(UsageError) as raised:
        weaver.enrich(record)
    assert str(raised.value) == says


def test_settings_that_were_read_take_a_cache_dir_and_exclude_a_file(tmp_path: Path) -> None:
    with Weaver(Settings(), cache_dir=tmp_path / "cache", offline=True) as weaver:
        assert weaver.settings.cache_dir == tmp_path / "cache"
    with pytest.raises(UsageError, match="settings have to be a Settings object, not str; config names a file"):
        Weaver("t.toml")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="config and settings exclude each other"):
        Weaver(Settings(), config=tmp_path / "t.toml")


@pytest.mark.parametrize("name", ["config", "replay", "record", "cache_dir"])
def test_an_empty_path_is_not_the_folder_at_hand(name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} is empty"):
        Weaver(**{name: ""})  # type: ignore[arg-type]
