"""Gates: each threshold from both sides, and a sentence for a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from trialweave.nightly.gates import Measured, coverage, judge
from trialweave.settings import Gates


def links(found: int = 0, not_found: int = 0, unavailable: int = 0) -> dict[str, int]:
    return {"found": found, "not_found": not_found, "unavailable": unavailable, "invalid": 7, "not_given": 9}


SOUND = Measured(
    links={"study": links(1000), "concept": links(1000)},
    stale={"study": 0, "concept": 0},
    read=1000,
    refused=0,
    written=1000,
    removed=0,
    told=0,
    earlier=1000,
    partial=False,
)


def failed(run: Measured, **gates: Any) -> list[str]:
    return [gate.name for gate in judge(Gates(**gates), run) if not gate.passed]


def test_a_part_of_the_table_is_not_held_to_what_is_said_of_the_whole() -> None:
    """A run with `--only` never passed once `minimum_records` was near the size of the table, or two rows were bad."""
    part = replace(SOUND, read=5, refused=2, written=3, earlier=None)
    assert failed(part, minimum_records=900) == ["minimum_records", "refused_share"]
    assert failed(replace(part, partial=True), minimum_records=900) == []


def test_a_sound_run_passes_all() -> None:
    assert failed(SOUND) == []
    assert len(judge(Gates(), SOUND)) == 8


@pytest.mark.parametrize(
    ("passing", "failing", "gates", "name"),
    [
        (
            {"links": {"study": links(940, 10, 50), "concept": links(1)}},
            {"links": {"study": links(940, 9, 51), "concept": links(1)}},
            {},
            "coverage_ctgov",
        ),
        (
            {"links": {"study": links(1), "concept": links(0, 0, 0)}},
            {"links": {"study": links(1), "concept": links(0, 0, 1)}},
            {},
            "coverage_ncit",
        ),
        (
            {"stale": {"study": 100, "concept": 0}},
            {"stale": {"study": 101, "concept": 0}},
            {"stale_ctgov": 0.1},
            "stale_ctgov",
        ),
        (
            {"stale": {"study": 1000, "concept": 0}},
            {"stale": {"study": 0, "concept": 1}},
            {"stale_ncit": 0.0},
            "stale_ncit",
        ),
        (
            {"links": {"study": links(60, 40, 2), "concept": links(1)}, "stale": {"study": 50, "concept": 0}},
            {"links": {"study": links(60, 39, 2), "concept": links(1)}, "stale": {"study": 50, "concept": 0}},
            {"stale_ctgov": 0.5},
            "stale_ctgov",
        ),
        ({"written": 500}, {"written": 499}, {"minimum_records": 500}, "minimum_records"),
        ({"refused": 50}, {"refused": 51}, {}, "refused_share"),
        ({"refused": 1, "read": 3}, {"refused": 2, "read": 3}, {}, "refused_share"),
        ({"refused": 0}, {"refused": 1}, {"refused_share": 0.0}, "refused_share"),
        ({"removed": 100}, {"removed": 101}, {}, "removed_share"),
        ({"removed": 1, "earlier": 2}, {"removed": 2, "earlier": 4}, {}, "removed_share"),
        ({"removed": 999, "earlier": None}, {"removed": 2, "earlier": 2}, {}, "removed_share"),
        ({"told": 250}, {"told": 251}, {}, "conflict_jump"),
        ({"told": 20, "written": 12}, {"told": 21, "written": 12}, {}, "conflict_jump"),
        ({"told": 999, "earlier": None}, {"told": 999}, {}, "conflict_jump"),
    ],
)
def test_each_threshold_from_both_sides(
    passing: dict[str, Any], failing: dict[str, Any], gates: dict[str, Any], name: str
) -> None:
    assert failed(replace(SOUND, **passing), **gates) == []
    assert failed(replace(SOUND, **failing), **gates) == [name]


def test_stale_answers_count_as_covered_and_broken_links_not_at_all() -> None:
    assert coverage(links(90, 5, 5)) == 0.95
    assert coverage(links()) is None


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (links(1, 0, 999_999), "answered for less than 0.1 % of the links, 999,999 links unavailable"),
        (links(999_999, 0, 1), "answered for more than 99.9 % of the links, 1 link unavailable"),
        (links(2, 1, 1), "answered for 75 % of the links, 1 link unavailable; at least 95 % is asked for"),
        (links(0, 0, 3), "answered for 0 % of the links, 3 links unavailable"),
        (links(2, 1, 0), "answered for 100 % of the links, 0 links unavailable"),
    ],
)
def test_the_sentence_never_rounds_a_gap_away(share: dict[str, int], words: str) -> None:
    gates = judge(Gates(), replace(SOUND, links={"study": share, "concept": links(1)}))
    assert words in gates[0].message


def test_an_export_that_lost_records_is_told_what_it_looks_like() -> None:
    def message(removed: int) -> str:
        return next(
            gate.message for gate in judge(Gates(), replace(SOUND, removed=removed)) if gate.name == "removed_share"
        )

    assert message(100) == "100 of the 1,000 records of the last run are missing (10 %); 10 % may be"
    assert message(101) == (
        "101 of the 1,000 records of the last run are missing (10.1 %); 10 % may be."
        " A half-written export looks like this"
    )


@pytest.mark.parametrize(
    ("broken", "of_links"),
    [
        ({"links": {"study": links(0, 0, 9), "concept": links(1)}}, {"coverage_ctgov": True}),
        ({"stale": {"study": 0, "concept": 1000}}, {"stale_ncit": True}),
        ({"written": 0, "refused": 1000, "removed": 1000}, {"refused_share": False, "removed_share": False}),
    ],
)
def test_a_gate_tells_whether_the_sources_or_the_table_failed_it(
    broken: dict[str, Any], of_links: dict[str, bool]
) -> None:
    answers = judge(Gates(stale_ncit=0.5, minimum_records=0), replace(SOUND, **broken))
    assert {gate.name: gate.of_links for gate in answers if not gate.passed} == of_links


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 of the 1,000 records of the last run is missing"), (2, "are missing")]
)
def test_the_sentence_tells_one_from_many(number: int, words: str) -> None:
    """It said that at least 1 are asked for, and that 1 of the records are missing."""
    told = {gate.name: gate.message for gate in judge(Gates(minimum_records=number), replace(SOUND, removed=number))}
    assert words in told["removed_share"]
    assert f"at least {number} {'is' if number == 1 else 'are'} asked for" in told["minimum_records"]
