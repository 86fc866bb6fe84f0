"""The published schema is the one that the models say, and every line of the gallery keeps to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from trialweave import Weaver
from trialweave.schema import schema_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "enriched.schema.json"
FIXTURES = ROOT / "fixtures"
ROWS = [json.loads(line) for line in (FIXTURES / "gallery.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    with Weaver(replay=FIXTURES) as weaver:
        return [enriched.as_dict() for enriched in weaver.enrich_many(ROWS)]


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(PAGE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_committed_page_is_the_generated_one() -> None:
    assert PAGE.read_bytes() == schema_page().encode()


def test_every_line_of_the_gallery_keeps_to_the_schema(
    lines: list[dict[str, Any]], validator: jsonschema.Draft202012Validator
) -> None:
    faults = [
        (line["record"]["situation"], e.json_path, e.message) for line in lines for e in validator.iter_errors(line)
    ]
    assert faults == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.pop("suspect"),
        lambda line: line["links"]["study"].pop("stale"),
        lambda line: line["fields"].pop("drug_name"),
        lambda line: line["edges"]["record_study"].update(verdict="maybe"),
        lambda line: line.update(comment="a key that nobody agreed on"),
        lambda line: line["conflicts"].append({"kind": "study_state"}),
    ],
    ids=["no suspect", "no stale", "no field", "another verdict", "another key", "half a conflict"],
)
def test_a_line_that_does_not_keep_to_it_is_refused(
    lines: list[dict[str, Any]], validator: jsonschema.Draft202012Validator, spoil: Any
) -> None:
    line = json.loads(json.dumps(lines[0]))
    spoil(line)
    assert not validator.is_valid(line)


def test_the_keys_stand_in_the_order_of_the_contract(lines: list[dict[str, Any]]) -> None:
    schema = json.loads(PAGE.read_text(encoding="utf-8"))
    contract = "schema record_id record links study concept edges fields fills conflicts suspect"
    assert list(schema["properties"]) == contract.split()
    for line in lines:
        assert list(line) == list(schema["properties"])
        for name, shape in (("study", "StudyShape"), ("concept", "ConceptShape")):
            if line[name] is not None:
                assert list(line[name]) == list(schema["$defs"][shape]["properties"])
        for conflict in line["conflicts"]:
            assert list(conflict) == list(schema["$defs"]["ConflictShape"]["properties"])
        for link in line["links"].values():
            assert list(link) == list(schema["$defs"]["StudyLinkShape"]["properties"])
