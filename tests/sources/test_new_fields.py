"""A field that the documentation does not list passes, and is told."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from payload_samples import CONCEPT, at, body

from places import REFERENCE
from trialweave.sources import ncit_models, registry_values
from trialweave.sources.ctgov import parse_study
from trialweave.sources.ncit import parse_concept

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "ctgov" / "NCT06254807.json"
BEYOND_THE_DOCUMENT = {
    "concept": {"contributingSources", "extensions", "highlights"},
    "synonyms": {"termGroup", "typeCode"},
    "definitions": {"code"},
    "properties": {"code"},
    "roles": {"code", "group"},
    "associations": {"code", "group"},
    "parents": {"contributingSources", "defining", "extensions", "highlights"},
}
"""What the service answers and version 1.7.2 of its OpenAPI document leaves out, or calls otherwise."""


def schemas(document: str) -> dict[str, Any]:
    file = REFERENCE / document
    if not file.is_file():
        pytest.skip(f"no reference documents at {REFERENCE}")
    read: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["components"]["schemas"]
    return read


# ---------------------------------------------------------------- studies


def test_new_fields_pass_with_a_signal_that_names_their_place() -> None:
    payload = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert parse_study(json.dumps(payload).encode()).signals == ()
    protocol = payload["protocolSection"]
    protocol["statusModule"]["paused"] = {"since": "2026"}
    protocol["armsInterventionsModule"]["interventions"][0]["unii"] = ["X"]
    study = parse_study(json.dumps(payload).encode())
    assert study.overall_status == "UNKNOWN"
    assert [(signal.text, signal.path) for signal in study.signals] == [
        (
            "this field is new: the registry's documentation does not list it",
            f"/protocolSection/{place}",
        )
        for place in ("statusModule/paused", "armsInterventionsModule/interventions/0/unii")
    ]


@pytest.mark.parametrize(
    "place",
    [
        "identificationModule",
        "statusModule",
        "descriptionModule",
        "conditionsModule",
        "designModule",
        "designModule/designInfo",
        "designModule/designInfo/maskingInfo",
        "eligibilityModule",
    ],
)
def test_each_part_that_is_asked_for_whole_is_looked_at(place: str) -> None:
    """A projection brings whatever is new below a branch (ctgov_requests.FIELDS)."""
    payload = json.loads(FIXTURE.read_text(encoding="utf-8"))
    part = payload["protocolSection"]
    for step in place.split("/"):
        part = part.setdefault(step, {})
    part["whollyNew"] = 1
    (signal,) = parse_study(json.dumps(payload).encode()).signals
    assert signal.path == f"/protocolSection/{place}/whollyNew"


@pytest.mark.parametrize("place", ["", "/protocolSection", "/derivedSection"])
def test_a_new_module_or_section_of_a_whole_study_is_told(place: str) -> None:
    """A projection brings none of these; a replay folder and an import hold studies whole."""
    payload = json.loads(FIXTURE.read_text(encoding="utf-8"))
    part = payload
    for step in place.split("/")[1:]:
        part = part.setdefault(step, {})
    part["whollyNew"] = {"a": 1}
    (signal,) = parse_study(json.dumps(payload).encode()).signals
    assert signal.path == f"{place}/whollyNew"


def test_the_fields_that_nobody_reads_are_documented_ones() -> None:
    registry = schemas("ctg-oas-v2.yaml")
    watched = (
        *("Study", "ProtocolSection", "DerivedSection"),
        *("IdentificationModule", "StatusModule", "DescriptionModule", "ConditionsModule", "DesignModule"),
        *("DesignInfo", "MaskingBlock", "ArmGroup", "Intervention", "EligibilityModule"),
    )
    documented = {name for schema in watched for name in registry[schema]["properties"]}
    assert documented >= registry_values.UNREAD_FIELDS


# ---------------------------------------------------------------- concepts


def told(payload: dict[str, Any]) -> list[str]:
    """Where a concept signals a new field; each place leads into the payload."""
    signals = parse_concept(body(payload)).signals
    for signal in signals:
        assert signal.text == "this field is new: the EVS REST API's documentation does not list it"
        at(payload, signal.path)
    return [signal.path for signal in signals]


def test_a_new_field_of_a_concept_passes_with_a_signal_that_names_its_place() -> None:
    assert told(CONCEPT) == []
    assert told({**CONCEPT, "patented": True, "a/b~c": 1}) == ["/patented", "/a~1b~0c"]
    assert parse_concept(body({**CONCEPT, "patented": True})).name == "Alpha"


@pytest.mark.parametrize("part", ["synonyms", "definitions", "properties", "roles", "associations", "parents"])
def test_a_new_field_of_rows_is_told_once_for_their_list(part: str) -> None:
    payload = copy.deepcopy(CONCEPT)
    payload[part] = [{}, {"rank": 1}, {"rank": 2, "weight": 0.5}, {"weight": 1}]
    assert told(payload) == [f"/{part}/1/rank", f"/{part}/2/weight"]


def test_the_history_is_looked_at_wherever_it_is_one() -> None:
    rows = [None, 7, {"code": "C1", "action": "create"}, {"by": "x"}, {"by": "y"}]
    assert told({**CONCEPT, "history": rows}) == ["/history/3/by"]
    for odd in (None, {}, {"by": "x"}, "text", 5):
        assert told({**CONCEPT, "history": odd}) == []


def test_a_status_and_a_new_field_are_both_told() -> None:
    read = parse_concept(body({**CONCEPT, "conceptStatus": "Sleeping_Concept", "patented": True}))
    assert [signal.path for signal in read.signals] == ["/conceptStatus", "/patented"]


def test_the_fields_of_a_concept_that_nobody_reads_are_those_of_the_document() -> None:
    service = schemas("evs-openapi-1.7.2.yaml")
    schema_of = {
        "synonyms": "Synonym",
        "definitions": "Definition",
        "properties": "Property",
        "roles": "Role",
        "associations": "Association",
        "parents": "Concept",
        "history": "History",
    }
    assert ncit_models.UNREAD_OF_ROWS.keys() == schema_of.keys()
    tables = {"concept": ncit_models.UNREAD_OF_CONCEPT, **ncit_models.UNREAD_OF_ROWS}
    for part, unread in tables.items():
        documented = set(service[schema_of.get(part, "Concept")]["properties"])
        known = documented | BEYOND_THE_DOCUMENT.get(part, set())
        assert unread <= known, part
        whole = (
            {"code": "C1", part: [dict.fromkeys(known)]}
            if part in schema_of
            else {"code": "C1"} | dict.fromkeys(known - {"code"})
        )
        assert parse_concept(body(whole)).signals == (), part
