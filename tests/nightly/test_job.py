"""The nightly job against the stand-in: what a night costs, publishes and tells, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from made.house import BYTE_EQUAL, House, flip, last_attempt, published, quiet, told
from standin import Fault, StandIn, World, nct
from trialweave.core.models import Record
from trialweave.errors import GateFailed, InputError, UsageError
from trialweave.loom import Loom, Woven
from trialweave.nightly.acknowledgements import Acknowledgement, append
from trialweave.nightly.commands import plan_nightly
from trialweave.nightly.job import run_nightly
from trialweave.nightly.page import render_page

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"
STATE = "study_state"


# ---------------------------------------------------------------- publishing


def test_a_night_weaves_only_what_changed_and_writes_the_bytes_of_a_full_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.night(MONDAY)
    flip(house, 3, "TERMINATED", TUESDAY)
    house.add(13)
    woven: list[str] = []
    real = Loom.woven_one

    def noting(loom: Loom, record: Record) -> Woven:
        woven.append(record.values["drug_name"])
        return real(loom, record)

    monkeypatch.setattr(Loom, "woven_one", noting)
    house.night(TUESDAY, render=render_page)
    assert woven == ["DRG-003", "DRG-013"]
    before, copied = house.runs[MONDAY], house.runs[TUESDAY]
    (before.path / "enriched.keys").write_bytes(b"not a ledger")
    shutil.move(copied.path, house.root / "copied")
    (house.root / "runs/latest.json").write_text(json.dumps({"run_id": MONDAY}))
    house.night(TUESDAY, render=render_page)
    assert len(woven) == 2 + 13
    for file in BYTE_EQUAL:
        assert (house.root / "copied" / file).read_bytes() == (house.runs[TUESDAY].path / file).read_bytes(), file
    summaries = [json.loads((path / "summary.json").read_bytes()) for path in (house.root / "copied", copied.path)]
    for summary in summaries:
        del summary["sources"], summary["store"]
    assert summaries[0] == summaries[1]


def test_a_night_publishes_a_whole_folder_and_names_it(house: House) -> None:
    ended = house.night(MONDAY, render=render_page)
    assert (ended.run_id, ended.exit_code) == (MONDAY, 0)
    run = house.latest()
    assert {file.name for file in run.path.iterdir()} == {
        "enriched.jsonl",
        "enriched.keys",
        "conflicts.jsonl",
        "worklist.csv",
        "pending.jsonl",
        "delta.json",
        "summary.json",
        "report.html",
        "manifest.json",
    }
    rows = {entry["file"]: entry["rows"] for entry in run.manifest["files"]}
    assert (rows["enriched.jsonl"], rows["conflicts.jsonl"], rows["worklist.csv"], rows["delta.json"]) == (
        12,
        0,
        0,
        None,
    )
    assert (house.root / "runs/latest").resolve() == run.path
    assert last_attempt(house) == {
        "run_id": MONDAY,
        "exit_code": 0,
        "reason": ended.headline,
        "signals": [],
        "published": True,
        "at": "2026-11-23T02:00:00Z",
    }
    assert not (house.root / "runs/.work" / MONDAY).exists()


def test_the_headline_is_the_same_in_summary_and_page(house: House) -> None:
    ended = house.night(MONDAY, render=render_page)
    assert ended.headline == house.latest().summary["headline"]
    assert ended.headline in (house.latest().path / "report.html").read_text()


def test_a_quiet_night_costs_two_requests_and_tells_nothing(house: House) -> None:
    house.night(MONDAY)
    house.server.forget()
    assert quiet(house.morning(TUESDAY))
    assert house.server.count() == 2
    assert house.latest().run_id == TUESDAY


def test_equal_inputs_under_a_published_name_do_nothing_and_other_inputs_are_refused(house: House) -> None:
    first = house.night(MONDAY)
    house.server.forget()
    again = house.night(MONDAY)
    assert (again.exit_code, again.headline, again.done_before) == (0, first.headline, True)
    assert house.server.count() == 0
    house.add(13)
    with pytest.raises(UsageError, match="published already, made from other records; name this one"):
        house.night(MONDAY)
    assert (last_attempt(house)["exit_code"], last_attempt(house)["published"]) == (2, False)
    assert house.night(MONDAY, run_id="second").run_id == "second"


@pytest.mark.parametrize("name", ["latest", "../x", "", ".work", "last_attempt.json", "a b", "x" * 101])
def test_a_name_that_cannot_be_a_folder_is_refused(house: House, name: str) -> None:
    with pytest.raises(UsageError, match=r"cannot name a run|^$"):
        house.night(MONDAY, run_id=name or " ")


def test_equal_nights_are_equal_to_the_byte(tmp_path: Path) -> None:
    folders = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with StandIn(World()) as server:
            house = House(tmp_path / name, server)
            for number in range(1, 30):
                house.add(number)
            house.records["r3"]["drug_name"] = "ZYX-777"
            house.night(MONDAY, render=render_page)
            flip(house, 1, "WITHDRAWN", TUESDAY)
            house.night(TUESDAY, render=render_page)
            folders.append(house.latest().path)
    one, two = folders
    for file in BYTE_EQUAL:
        assert (one / file).read_bytes() == (two / file).read_bytes(), file
    summaries = [json.loads((folder / "summary.json").read_bytes()) for folder in folders]
    for summary in summaries:
        for key in ("started_at", "finished_at", "store"):
            del summary[key]
        for facts in summary["sources"].values():
            del facts["requests"]
    assert summaries[0] == summaries[1]


def test_a_refused_input_is_noted_as_the_last_attempt(house: House) -> None:
    shift = house.shift(MONDAY)
    house.table.write_text("")
    with pytest.raises(InputError):
        run_nightly(shift)
    assert (last_attempt(house)["exit_code"], last_attempt(house)["published"]) == (2, False)
    assert published(house) == []


def test_an_interrupted_night_publishes_nothing_and_the_next_start_goes_on(house: House) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        house.night(MONDAY, render=interrupted)
    assert (last_attempt(house)["exit_code"], published(house)) == (130, [])
    assert last_attempt(house)["reason"] == "interrupted: start it again, what was fetched is kept"
    house.server.forget()
    assert house.night(MONDAY).exit_code == 0
    assert house.server.count() == 2


# ---------------------------------------------------------------- what is told


def test_a_change_is_told_once_on_its_morning(house: House) -> None:
    house.night(MONDAY)
    flip(house, 3, "WITHDRAWN", TUESDAY)
    morning = house.morning(TUESDAY)
    assert told(morning) == {("new", STATE, "study")}
    assert [(c["id"], c["what"]) for c in morning["source_changes"]] == [(nct(3), "status")]
    assert quiet(house.morning(WEDNESDAY))
    flip(house, 3, "RECRUITING", THURSDAY)
    assert told(house.morning(THURSDAY)) == {("resolved", STATE, "study")}


def test_the_threshold_looks_at_what_is_new_only(house: House) -> None:
    house.night(MONDAY)
    del house.world.studies[nct(3)]
    house.world.timestamp = f"{TUESDAY}T01:00:00"
    assert house.night(TUESDAY, fail_on="error").exit_code == 3
    assert house.night(WEDNESDAY, fail_on="error").exit_code == 0


def test_the_worklist_has_the_proposed_edits(house: House) -> None:
    house.night(MONDAY)
    house.world.studies[nct(5000)] = house.world.studies.pop(nct(5))
    identification = house.world.studies[nct(5000)]["protocolSection"]["identificationModule"]
    identification.update(nctId=nct(5000), nctIdAliases=[nct(5)])
    house.world.timestamp = f"{TUESDAY}T01:00:00"
    house.night(TUESDAY)
    rows = list(csv.DictReader(io.StringIO((house.latest().path / "worklist.csv").read_text())))
    assert [(row["field"], row["current"], row["proposed"], row["url"]) for row in rows] == [
        ("nct_id_drug_ref", nct(5), nct(5000), f"https://clinicaltrials.gov/study/{nct(5000)}")
    ]


# ---------------------------------------------------------------- the table and the settings change


def test_new_edited_and_removed_records_are_counted(house: House) -> None:
    house.night(MONDAY)
    house.add(50)
    house.records["r2"]["drug_class"] = "antibody"
    house.records["r4"]["drug_name"] = "DRG-004 (renamed)"
    del house.records["r6"]
    morning = house.morning(TUESDAY)
    assert morning["records"] == {"added": 1, "changed": 2, "removed": 1}


def test_other_settings_are_one_folded_line(house: House) -> None:
    for number in range(1, 13):
        flip(house, number, "UNKNOWN", None)
    house.night(MONDAY)
    house.settings["checks"] = {"off": [STATE]}
    ended = house.night(TUESDAY)
    assert told(dict(house.latest().delta)) == {("resolved", STATE, "settings")}
    assert "| 0 resolved |" in ended.headline
    assert "folded: 12 by other settings" in ended.headline


def test_an_acknowledged_conflict_is_silent_until_its_day_is_over(house: House, tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    file.touch()
    house.night(MONDAY)
    flip(house, 3, "WITHDRAWN", TUESDAY)
    house.night(TUESDAY, acknowledgements=file)
    (entry,) = house.latest().delta["new"]
    append(file, [Acknowledgement("cause", entry["cause"], "seen", date(2026, 11, 25))])
    assert quiet(house.morning(WEDNESDAY, acknowledgements=file))
    summary = house.latest().summary
    assert (summary["conflicts"]["acknowledged"], summary["delta"]["acknowledged"]) == (1, 1)
    assert "1 acknowledgement ends this week" in summary["headline"]
    assert [c["acknowledged_until"] for c in house.latest().conflicts()] == [WEDNESDAY]
    assert told(house.morning(THURSDAY, acknowledgements=file)) == {("new", STATE, "acknowledgement_expired")}


def test_a_partial_run_reads_ids_in_any_case_and_names_those_that_no_record_has(house: House, tmp_path: Path) -> None:
    only = tmp_path / "ids.txt"
    only.write_text("nct00000003\nc4\nNCT09999999\n", encoding="utf-8-sig")
    ended = house.night(MONDAY, only=only)
    summary = house.runs[ended.run_id].summary
    assert summary["records"]["written"] == 2
    assert "partial, complete: 2 records" in ended.headline
    assert summary["signals"] == ["--only lists what no record has: NCT09999999"]


def test_an_acknowledgement_outlives_the_rekeying_of_its_record(house: House, tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    file.touch()
    house.world.concepts["C5"].update(active=False, conceptStatus="Retired_Concept")
    house.world.rows["C5"] = [{"code": "C5", "name": "DRG-005", "action": "retire"}]
    house.night(MONDAY, acknowledgements=file)
    known = [c["fingerprint"] for c in house.latest().conflicts()]
    append(file, [Acknowledgement("fingerprint", key, "known", date(2026, 11, 27)) for key in known])
    assert quiet(house.morning(TUESDAY, acknowledgements=file))
    house.records["r5"]["nct_id_drug_ref"] = nct(7)
    rekeyed = house.morning(WEDNESDAY, acknowledgements=file)
    assert "concept_retired" not in {kind for _, kind, _ in told(rekeyed)}
    assert "acknowledgement_expired" not in {because for _, _, because in told(rekeyed)}
    assert not any(entry["unused"] for entry in house.latest().summary["acknowledgements"])
    assert quiet(house.morning(THURSDAY, acknowledgements=file))
    assert not any(entry["unused"] for entry in house.latest().summary["acknowledgements"])
    retired = next(c for c in house.latest().conflicts() if c["kind"] == "concept_retired")
    assert retired["acknowledged_until"] == "2026-11-27"
    assert retired["acknowledged_as"] in known
    late = told(house.morning("2026-11-28", acknowledgements=file))
    assert ("new", "concept_retired", "acknowledgement_expired") in late


def test_a_file_of_acknowledgements_that_is_gone_is_said(house: House, tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    house.settings["acknowledgements"] = file
    flip(house, 3, "WITHDRAWN", None)
    house.night(MONDAY)
    assert house.latest().summary["signals"] == []
    (conflict,) = house.latest().conflicts()
    append(file, [Acknowledgement("fingerprint", conflict["fingerprint"], "x", date(2027, 1, 1))])
    assert quiet(house.morning(TUESDAY))
    file.unlink()
    house.night(WEDNESDAY)
    (signal,) = house.latest().summary["signals"]
    assert "known.toml: there is no such file, and 1 conflict of the last run was acknowledged" in signal
    with pytest.raises(UsageError, match=r"known\.toml"):
        house.night(THURSDAY, acknowledgements=file)


# ---------------------------------------------------------------- partial runs and plans


@pytest.mark.parametrize("emptied", [False, True])
def test_a_column_that_is_renamed_or_emptied_overnight_is_told_on_that_morning(house: House, emptied: bool) -> None:
    """Without its drug_name no record contradicts anything: that morning looked like any other."""
    house.night(MONDAY)
    for row in house.records.values():
        row.update(name=row["drug_name"], drug_name="")
        if not emptied:
            del row["drug_name"]
    house.night(TUESDAY)
    assert house.latest().summary["fields"] == ["nci_thesaurus_concept_id", "nct_id_drug_ref"]
    (signal,) = house.latest().summary["signals"]
    assert signal.startswith("no row gives drug_name any more, and rows of the last run did: where a column was")
    house.night(WEDNESDAY)
    assert house.latest().summary["signals"] == []


def test_a_gate_that_a_renamed_column_fails_says_so(house: House) -> None:
    house.night(MONDAY)
    for row in house.records.values():
        row["trial"] = row.pop("nct_id_drug_ref")
    house.settings["gates"] = {"conflict_jump_floor": 1}
    with pytest.raises(GateFailed, match=r"conflict_jump: .* no row gives nct_id_drug_ref any more"):
        house.night(TUESDAY)


def test_a_partial_run_stands_beside_and_moves_nothing(house: House, tmp_path: Path) -> None:
    house.records["r3"]["drug_name"] = "ZYX-777"
    house.night(MONDAY)
    before = last_attempt(house)
    flip(house, 4, "WITHDRAWN", TUESDAY)
    only = tmp_path / "ids.txt"
    only.write_text(f"# two studies\n{nct(4)}\nC5  # and a concept\n")
    ended = house.night(TUESDAY, only=only)
    delta = house.runs[ended.run_id].delta
    assert ended.run_id.startswith(f"{TUESDAY}-only-")
    assert told(dict(delta)) == {("new", STATE, "study")}
    assert (delta["records"]["removed"], house.runs[ended.run_id].summary["records"]["written"]) == (0, 2)
    assert (house.latest().run_id, last_attempt(house)) == (MONDAY, before)
    assert told(house.morning(WEDNESDAY)) == {("new", STATE, "study")}


def test_what_is_acknowledged_outside_a_partial_run_is_not_called_unused(house: House, tmp_path: Path) -> None:
    """The page advised to take it out, and the next whole night would have told the conflict again."""
    file, only = tmp_path / "known.toml", tmp_path / "ids.txt"
    file.touch()
    flip(house, 3, "WITHDRAWN", None)
    house.night(MONDAY, acknowledgements=file)
    (conflict,) = house.latest().conflicts()
    append(file, [Acknowledgement("fingerprint", conflict["fingerprint"], "x", date(2027, 1, 1))])
    only.write_text(nct(4))
    ended = house.night(TUESDAY, only=only, acknowledgements=file)
    (entry,) = house.runs[ended.run_id].summary["acknowledgements"]
    assert not entry["unused"]


def test_a_scope_without_a_record_is_refused(house: House, tmp_path: Path) -> None:
    only = tmp_path / "ids.txt"
    only.write_text("NCT09999999\n")
    with pytest.raises(UsageError, match="no record of the input is among those"):
        house.night(MONDAY, only=only)


def test_a_plan_costs_two_requests_at_most_and_writes_no_run(house: House) -> None:
    _, cold = plan_nightly(house.shift(MONDAY).open_run, None)
    assert (cold.sources["ctgov"].new, cold.sources["ncit"].new, house.server.count()) == (12, 12, 2)
    assert not (house.root / "runs").exists()
    house.night(MONDAY)
    house.server.forget()
    _, warm = plan_nightly(house.shift(TUESDAY).open_run, None)
    assert (warm.sources["ctgov"].fresh, warm.sources["ctgov"].requests, house.server.count()) == (12, 1, 2)


def test_a_plan_asks_a_source_that_is_down_no_second_time(house: House) -> None:
    house.server.faults += [Fault(service, "status", times=9) for service in ("ctgov", "evs")]
    _, cost = plan_nightly(house.shift(MONDAY).open_run, None)
    assert house.server.count() == 2
    assert all("answered 503" in str(part.gave_up) for part in cost.sources.values())
    assert all((part.new, part.expired, part.requests) == (12, 0, 2) for part in cost.sources.values())
    house.server.faults.clear()
    house.night(MONDAY)
    house.server.faults += [Fault(service, "status", times=9) for service in ("ctgov", "evs")]
    _, cost = plan_nightly(house.shift(TUESDAY).open_run, None)
    assert all((part.new, part.expired, part.requests) == (0, 12, 2) for part in cost.sources.values())


# ---------------------------------------------------------------- what machines read


def test_the_log_is_one_json_object_a_line(house: House) -> None:
    stream = io.StringIO()
    house.night(MONDAY, log=stream)
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["started", "woven", "gates", "published"]
    assert events[-1]["headline"] == house.latest().summary["headline"]
    assert {event["run_id"] for event in events} == {MONDAY}


def test_the_metrics_tell_of_a_failed_attempt_and_keep_the_last_run(house: House, tmp_path: Path) -> None:
    metrics = tmp_path / "trialweave.prom"
    house.settings["metrics"] = metrics
    house.night(MONDAY)
    text = metrics.read_text()
    assert "trialweave_exit_code 0\n" in text
    assert 'trialweave_records{row="written"} 12\n' in text
    house.settings["gates"] = {"minimum_records": 100}
    with pytest.raises(GateFailed):
        house.night(TUESDAY)
    text = metrics.read_text()
    assert "trialweave_exit_code 4\n" in text
    assert "trialweave_published 0\n" in text
    assert 'trialweave_records{row="written"} 12\n' in text
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) == len(set(names)) == 10


def test_findings_across_records_stand_in_the_file_and_the_counts(house: House) -> None:
    name, row = next(iter(house.records.items()))
    house.records[f"{name} again"] = dict(row)
    house.night(MONDAY, render=render_page)
    house.night(TUESDAY, render=render_page)
    (only,) = house.latest().conflicts()
    assert (only["kind"], len(only["record_ids"]), only["first_seen_run"]) == ("xrec_duplicate", 2, MONDAY)
    assert house.latest().summary["conflicts"]["by_kind"] == {"xrec_duplicate": 1}
    assert quiet(dict(house.latest().delta))


def test_a_second_night_of_the_same_object_is_another_night(house: House) -> None:
    shift = house.shift(MONDAY)
    assert run_nightly(shift).done_before is False
    assert run_nightly(replace(shift, run_id="again")).done_before is False
