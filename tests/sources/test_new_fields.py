"""A field that the documentation does not list passes, and is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from places import REFERENCE
from trialweave.sources import registry_values
from trialweave.sources.ctgov import parse_study

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "ctgov" / "NCT06254807.json"


def test_new_fields_pass_with_a_signal_that_names_their_place() -> None:
    payload = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert parse_study(json.dumps(payload).encode()).signals == ()
    protocol = payload["protocolSection"]
    protocol["statusModule"]["paused"] = {"since": "2026"}
    protocol["armsInterventionsModule"]["interventions"][0]["unii"] = ["X"]
    study = parse_study(json.dumps(payload).encode())
    assert study.overall_status == "UNKNOWN"
    assert [signal.path for signal in study.signals] == [
        "/protocolSection/statusModule/paused",
        "/protocolSection/armsInterventionsModule/interventions/0/unii",
    ]


def test_the_fields_that_nobody_reads_are_documented_ones() -> None:
    document = REFERENCE / "ctg-oas-v2.yaml"
    if not document.is_file():
        pytest.skip(f"no reference documents at {REFERENCE}")
    schemas = yaml.safe_load(document.read_text(encoding="utf-8"))["components"]["schemas"]
    watched = ("IdentificationModule", "StatusModule", "DesignModule", "ArmGroup", "Intervention")
    documented = {name for schema in watched for name in schemas[schema]["properties"]}
    assert documented >= registry_values.UNREAD_FIELDS
