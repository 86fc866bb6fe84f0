"""The commands beside the job: acknowledge, diff, what a night will cost."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from made.house import House, gone
from trialweave.errors import UsageError
from trialweave.fetch import FetchPlan
from trialweave.fetch.report import SourcePlan
from trialweave.nightly.commands import acknowledge, diff, plan_nightly, show_plan

MONDAY, TUESDAY, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"
TODAY = date(2026, 11, 24)


def console() -> Console:
    return Console(file=io.StringIO(), width=100, force_terminal=False)


def printed(screen: Console) -> str:
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def test_a_diff_of_neighbours_is_the_nights_delta_and_of_others_what_lies_between(house: House) -> None:
    house.night(MONDAY)
    gone(house, 3)
    house.night(TUESDAY)
    gone(house, 4, day=WEDNESDAY)
    house.night(WEDNESDAY)
    runs = house.runs
    assert "".join(diff(runs[TUESDAY], runs[WEDNESDAY])) == (runs[WEDNESDAY].path / "delta.json").read_text()
    between = json.loads("".join(diff(runs[MONDAY], runs[WEDNESDAY])))
    assert len(between["new"]) == 2
    back = json.loads("".join(diff(runs[WEDNESDAY], runs[MONDAY])))
    assert len(back["resolved"]) == 2
    itself = json.loads("".join(diff(runs[WEDNESDAY], runs[WEDNESDAY])))
    assert (itself["new"], itself["changed"], itself["resolved"], itself["standing"]) == ([], [], [], 2)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({}, "one of the three"),
        ({"cause": "a" * 16, "fingerprints": ["b" * 16]}, "one of the three"),
        ({"cause": "short"}, "16 of the digits"),
        ({"fingerprints": ["b" * 16], "until": date(2026, 11, 23)}, "is over already"),
        ({"fingerprints": ["b" * 16], "reason": ""}, "needs a reason"),
        ({"kind": "study_not_found"}, "--kind needs --run"),
    ],
)
def test_an_acknowledgement_that_makes_no_sense_is_refused(
    tmp_path: Path, given: dict[str, Any], complaint: str
) -> None:
    usual: dict[str, Any] = {"reason": "x", "until": TODAY, "author": None, "today": TODAY}
    with pytest.raises(UsageError, match=complaint):
        acknowledge(tmp_path / "known.toml", **{**usual, **given})
    assert not (tmp_path / "known.toml").exists()


def test_the_plan_is_the_records_and_a_line_for_each_source(house: House) -> None:
    screen = console()
    show_plan(screen, *plan_nightly(house.shift(MONDAY).open_run, None))
    records, first, second = printed(screen).splitlines()
    assert records == "12 records"
    assert first.startswith(
        "ClinicalTrials.gov (2026-11-20T09:00:04): 12 ids new, 0 expired, 0 fresh: 2 requests, about"
    )
    assert second.startswith("NCI EVS (26.10d): 12 ids new")


def planned(new: int, expired: int, rate: float) -> str:
    screen = console()
    cost = SourcePlan("2026-11-20T09:00:04", new, 0, expired, 131, 182_000_000, 131.0, rate)
    show_plan(screen, 26_000, FetchPlan({"ctgov": cost}))
    return printed(screen)


def test_the_plan_says_where_a_bulk_file_is_the_cheaper_way() -> None:
    assert planned(20_000, 6_000, 1.0).splitlines()[2] == (
        "  cheaper where the registry's bulk file is at hand (2.7 GB): `trialweave cache import FILE.zip` takes 1 to 2"
        " minutes and spares 130 requests, 2.2 minutes at 1 a second"
    )


@pytest.mark.parametrize(("new", "rate"), [(12_000, 1.0), (26_000, 10.0), (26_000, 0.0)])
def test_the_plan_is_silent_on_the_bulk_file_where_asking_is_short(new: int, rate: float) -> None:
    assert "bulk" not in planned(new, 0, rate)
