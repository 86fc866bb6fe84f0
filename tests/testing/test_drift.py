"""The services asked again for what a folder holds: the stand-in serves a changed world on the loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from standin import Fault, StandIn, World
from trialweave.cli import main
from trialweave.errors import InputError
from trialweave.settings import Settings
from trialweave.sources.facts import CONCEPT_FACTS, STUDY_FACTS
from trialweave.testing.drift import find_drift, reads

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture
def world() -> World:
    return World.of_folder(FIXTURES)


@pytest.fixture
def server(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(world) as server:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        for name, value in {
            "TRIALWEAVE_CTGOV_URL": server.ctgov_url,
            "TRIALWEAVE_EVS_URL": server.evs_url,
            "TRIALWEAVE_CTGOV_RATE": "1000",
            "TRIALWEAVE_EVS_RATE": "1000",
        }.items():
            monkeypatch.setenv(name, value)
        yield server


def settings_of(server: StandIn) -> Settings:
    service = {"rate": 1000}
    return Settings.model_validate(
        {"ctgov": {"url": server.ctgov_url, **service}, "evs": {"url": server.evs_url, **service}}
    )


def test_an_unchanged_service_shows_no_drift_and_the_folder_stays_as_it_is(server: StandIn) -> None:
    before = {file: file.read_bytes() for file in FIXTURES.rglob("*.json")}
    found = find_drift(FIXTURES, settings_of(server))
    assert {source: facts.drifts for source, facts in found.items()} == {"ctgov": [], "ncit": []}
    assert (len(found["ctgov"].compared), len(found["ncit"].compared)) == (21, 22)
    assert found["ctgov"].gone == found["ctgov"].appeared == found["ctgov"].unanswered == []
    assert {file: file.read_bytes() for file in FIXTURES.rglob("*.json")} == before


def test_a_path_that_nobody_has_any_more_vanished_and_other_values_are_no_drift(server: StandIn, world: World) -> None:
    for study in world.studies.values():
        study["protocolSection"].get("statusModule", {})["overallStatus"] = "COMPLETED"
        study["protocolSection"]["identificationModule"].pop("officialTitle", None)
    found = find_drift(FIXTURES, settings_of(server))["ctgov"]
    (drift,) = found.drifts
    path = "/protocolSection/identificationModule/officialTitle"
    assert (drift.read.path, drift.now) == (path, ())
    assert str(drift) == f"vanished  {path}: gone from all 15 payloads that had it"
    assert found.lost == []


def test_an_optional_value_that_one_study_lost_is_told_and_no_drift(
    server: StandIn, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.studies["NCT06254807"].pop("hasResults")
    found = find_drift(FIXTURES, settings_of(server))["ctgov"]
    assert found.drifts == []
    assert [str(lost) for lost in found.lost] == ["/hasResults (1 of 18)"]
    assert main(["fixtures", "drift", str(FIXTURES)]) == 0
    shown = capsys.readouterr().out
    assert (
        "ClinicalTrials.gov: 21 compared, 0 drifted\n  values that some payloads lost: /hasResults (1 of 18)\n" in shown
    )
    assert shown.count("lost") == 1


def test_an_optional_value_that_only_one_payload_had_may_be_lost_with_it(server: StandIn, world: World) -> None:
    for study in world.studies.values():
        study["protocolSection"].get("statusModule", {}).pop("lastKnownStatus", None)
    found = find_drift(FIXTURES, settings_of(server))["ctgov"]
    assert found.drifts == []
    assert [str(lost) for lost in found.lost] == ["/protocolSection/statusModule/lastKnownStatus (1 of 1)"]


def test_null_is_a_value_that_was_lost_and_no_other_type(server: StandIn, world: World) -> None:
    world.studies["NCT06254807"]["hasResults"] = None
    found = find_drift(FIXTURES, settings_of(server))["ctgov"]
    assert ([str(lost) for lost in found.lost], found.drifts) == (["/hasResults (1 of 18)"], [])


def test_what_the_only_payload_of_a_folder_lost_vanished(server: StandIn, world: World, tmp_path: Path) -> None:
    (tmp_path / "one" / "ctgov").mkdir(parents=True)
    name = "ctgov/NCT06254807.json"
    (tmp_path / "one" / name).write_bytes((FIXTURES / name).read_bytes())
    world.studies["NCT06254807"].pop("hasResults")
    (drift,) = find_drift(tmp_path / "one", settings_of(server))["ctgov"].drifts
    assert str(drift) == "vanished  /hasResults: gone from the only payload, which had it"


def test_another_type_of_value_in_one_payload_is_drift(server: StandIn, world: World) -> None:
    world.studies["NCT06254807"]["hasResults"] = "no"
    (drift,) = find_drift(FIXTURES, settings_of(server))["ctgov"].drifts
    assert str(drift) == "retyped   /hasResults: was true or false, is text or true or false"


def test_a_list_that_became_a_text_is_told_as_such(server: StandIn, world: World) -> None:
    for concept in world.concepts.values():
        concept["parents"] = "C1909"
    told = [str(drift) for drift in find_drift(FIXTURES, settings_of(server))["ncit"].drifts]
    assert any(line.startswith("retyped   /parents/*/code: ") and "text instead of a list" in line for line in told)


def test_another_type_of_value_is_drift(server: StandIn, world: World) -> None:
    for concept in world.concepts.values():
        concept["active"] = "true"
        concept["synonyms"] = [{**row, "source": {"name": "NCI"}} for row in concept.get("synonyms", [])]
    drifts = {
        str(drift.read): (drift.was, drift.now) for drift in find_drift(FIXTURES, settings_of(server))["ncit"].drifts
    }
    assert drifts["/active"] == (("true or false",), ("text",))
    assert drifts["/synonyms/*/source"] == (("text",), ("object",))


def test_rows_of_a_code_that_went_away_are_missed_though_the_list_is_there(server: StandIn, world: World) -> None:
    for concept in world.concepts.values():
        concept["properties"] = [row for row in concept.get("properties", []) if row["code"] != "P210"]
    (drift,) = find_drift(FIXTURES, settings_of(server))["ncit"].drifts
    assert str(drift.read) == "/properties/*/value of P210"


def test_ids_that_went_and_ids_that_came_are_told_apart(
    server: StandIn, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.studies["NCT99999999"] = world.studies.pop("NCT99000001")
    world.studies["NCT99999999"]["protocolSection"]["identificationModule"]["nctId"] = "NCT99999999"
    assert main(["fixtures", "drift", str(FIXTURES)]) == 0
    shown = capsys.readouterr().out
    assert "not there now: NCT99000001\n" in shown
    assert "absent once, there now: NCT99999999\n" in shown


def test_the_command_ends_with_1_where_something_drifted(
    server: StandIn, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for study in world.studies.values():
        study.pop("hasResults", None)
    assert main(["fixtures", "drift", str(FIXTURES)]) == 1
    assert "vanished  /hasResults: gone from all 18 payloads" in capsys.readouterr().out


def test_a_service_that_cannot_be_asked_ends_with_5(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIALWEAVE_EVS_URL", "http://127.0.0.1:9/api/v1")
    assert main(["fixtures", "drift", str(FIXTURES)]) == 5
    told = capsys.readouterr()
    assert "ClinicalTrials.gov: 21 compared" in told.out
    assert "NCI EVS did not answer for C102744" in told.err


def test_a_renamed_field_of_replacement_rows_is_drift(server: StandIn, world: World) -> None:
    for rows in world.rows.values():
        for row in rows:
            row["what"] = row.pop("action")
    (drift,) = find_drift(FIXTURES, settings_of(server))["ncit"].drifts
    assert str(drift) == "vanished  /*/action in the replacements of a concept: gone from all 2 payloads that had it"


def test_a_recorded_file_that_cannot_be_read_is_named_and_the_others_are_compared(
    server: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "replay"
    shutil.copytree(FIXTURES, folder)
    (folder / "ctgov" / "NCT06254807.json").write_text("{broken")
    (folder / "ncit" / "C5.json").mkdir()
    assert main(["fixtures", "drift", str(folder)]) == 1
    told = capsys.readouterr()
    assert "ClinicalTrials.gov: 20 compared, 0 drifted" in told.out
    assert "NCI EVS: 22 compared, 0 drifted" in told.out
    assert f"{folder / 'ctgov' / 'NCT06254807.json'} holds no JSON" in told.err


def test_what_a_service_answered_instead_is_told(server: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    server.faults = [Fault("ctgov", "status", match="/studies", times=10_000, status=404)]
    assert main(["fixtures", "drift", str(FIXTURES)]) == 5
    assert "404" in capsys.readouterr().err


def test_a_folder_without_any_payload_is_wrong_usage(server: StandIn, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no study and no concept"):
        find_drift(tmp_path, settings_of(server))
    assert server.count() == 0


def test_every_place_that_a_fact_is_read_from_is_looked_up() -> None:
    studies = {read.path for read in reads("ctgov")}
    assert {fact.path for fact in STUDY_FACTS if fact.path and fact.path not in studies} == {
        "/protocolSection/contactsLocationsModule/locations"  # counted, not read
    }
    concepts = {(read.path, read.codes) for read in reads("ncit")}
    assert {(fact.path, fact.codes) for fact in CONCEPT_FACTS if fact.codes} <= concepts
    assert {"/name", "/active", "/synonyms/*/{termType,termGroup}"} <= {read.path for read in reads("ncit")}
    assert "/protocolSection/eligibilityModule/eligibilityCriteria" in studies
