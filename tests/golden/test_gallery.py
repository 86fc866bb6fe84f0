"""The gallery: each situation once, with outcomes, edges, conflicts and suspect as a reader of the rules expects."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from trialweave import Weaver
from trialweave.run import Run
from trialweave.tables import open_inputs

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
GALLERY: dict[str, Any] = json.loads((FIXTURES / "gallery.expected.json").read_text())
EXPECTED: dict[str, Any] = GALLERY["records"]


@pytest.fixture(scope="module")
def gallery() -> dict[str, dict[str, Any]]:
    rows = [json.loads(line) for line in (FIXTURES / "gallery.jsonl").read_text().splitlines()]
    with Weaver(replay=FIXTURES) as weaver:
        return {str(e.record.row["situation"]): e.as_dict() for e in weaver.enrich_many(rows)}


@pytest.mark.parametrize("situation", EXPECTED)
def test_a_situation_is_seen_as_expected(gallery: dict[str, dict[str, Any]], situation: str) -> None:
    line, expected = gallery[situation], EXPECTED[situation]
    assert {name: edge["verdict"] for name, edge in line["edges"].items()} == expected["edges"]
    assert sorted((c["kind"], c["severity"]) for c in line["conflicts"]) == sorted(
        (c["kind"], c["severity"]) for c in expected["conflicts"]
    )
    assert line["suspect"] == expected["suspect"]
    for name, link in expected["links"].items():
        assert {key: line["links"][name][key] for key in link} == link


def test_a_proposed_edit_is_the_expected_one_and_never_applied(gallery: dict[str, dict[str, Any]]) -> None:
    for situation, expected in EXPECTED.items():
        proposed = {c["kind"]: c["suggestion"] for c in expected["conflicts"] if "suggestion" in c}
        for conflict in gallery[situation]["conflicts"]:
            if conflict["kind"] in proposed:
                suggestion = conflict["suggestion"]
                found = None if suggestion is None else {key: suggestion[key] for key in ("field", "value")}
                assert found == proposed[conflict["kind"]]


def test_what_shows_across_records_stands_once_with_its_records(tmp_path: Path) -> None:
    situations = {}
    with (
        Weaver(replay=FIXTURES) as weaver,
        open_inputs([str(FIXTURES / "gallery.jsonl")]) as inputs,
        Run(weaver, inputs, refused=pytest.fail) as run,
    ):
        for enriched in run.lines():
            situations[enriched.record.record_id] = enriched.record.row["situation"]
        before = run.tally.kinds.total()
        found = [(c.kind, c.severity, sorted(situations[i] for i in ids)) for ids, c in run.across()]
    assert found == [(x["kind"], x["severity"], x["situations"]) for x in GALLERY["across_records"]]
    assert run.tally.kinds.total() == before + len(found)


def test_a_run_that_is_left_early_keeps_no_rows() -> None:
    with (
        Weaver(replay=FIXTURES) as weaver,
        open_inputs([str(FIXTURES / "gallery.jsonl")]) as inputs,
        Run(weaver, inputs, refused=pytest.fail) as run,
    ):
        next(run.lines())
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        next(run.across())
