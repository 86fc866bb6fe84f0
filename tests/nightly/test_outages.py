"""A source that is down and an export that is half there: nothing lost, nothing invented, and no false news."""

from __future__ import annotations

import pytest

from made.house import House, down, flip, last_attempt, published, quiet, told
from standin import Fault, nct
from standin.faults import Kind
from trialweave import remarks
from trialweave import reuse as reuse_module
from trialweave.core.checks import links
from trialweave.errors import GateFailed
from trialweave.nightly import job as job_module
from trialweave.nightly.page import render_page

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (f"2026-11-{day}" for day in range(23, 28))
STATE = "study_state"


@pytest.mark.parametrize("service", ["ctgov", "evs"])
def test_a_night_with_a_source_down_is_published_with_stale_marks_and_repaired_without_news(
    house: House, service: str
) -> None:
    house.records["r3"]["drug_name"] = "ZYX-777"
    house.night(MONDAY)
    standing = house.latest().summary["conflicts"]["by_kind"]
    assert standing
    house.world.timestamp, house.world.release = f"{TUESDAY}T01:00:00", "26.11a"
    house.server.faults.append(down(service))
    dark = house.night(TUESDAY)
    assert (dark.exit_code, house.latest().run_id) == (5, TUESDAY)
    assert "incomplete" in dark.headline
    assert quiet(dict(house.latest().delta))
    assert house.latest().delta["not_rechecked"] > 0
    house.server.faults.clear()
    assert quiet(house.morning(WEDNESDAY))
    assert house.latest().summary["conflicts"]["by_kind"] == standing
    assert house.latest().delta["not_rechecked"] == 0
    assert {c["first_seen_run"] for c in house.latest().conflicts()} == {MONDAY}


def test_the_night_after_an_outage_does_not_wait_for_turns_of_the_night_before(house: House) -> None:
    house.night(MONDAY)
    house.server.faults += [down("ctgov"), down("evs")]
    house.night(TUESDAY)
    assert sum(house.clock.sleeps) > 1
    house.server.faults.clear()
    house.clock.sleeps.clear()
    house.night(WEDNESDAY)
    assert sum(house.clock.sleeps) < 1


def test_what_happened_behind_an_outage_is_told_when_it_is_over(house: House) -> None:
    house.night(MONDAY)
    flip(house, 3, "WITHDRAWN", TUESDAY)
    house.server.faults.append(down("ctgov"))
    assert quiet(house.morning(TUESDAY))
    house.server.faults.clear()
    assert told(house.morning(WEDNESDAY)) == {("new", STATE, "study")}
    assert quiet(house.morning(THURSDAY))


def test_what_a_study_changed_behind_an_outage_without_a_cache_is_told_when_it_is_over(house: House) -> None:
    house.settings["gates"] = {"coverage_ctgov": 0}
    house.night(MONDAY)
    house.settings["cache_dir"] = house.root / "cold"
    flip(house, 3, "WITHDRAWN", TUESDAY)
    house.server.faults.append(down("ctgov"))
    for day in (TUESDAY, WEDNESDAY):
        assert quiet(house.morning(day))
    house.server.faults.clear()
    assert told(house.morning(THURSDAY)) == {("new", STATE, "study")}
    (change,) = house.latest().delta["source_changes"]
    assert (change["id"], change["what"], change["after"]) == (nct(3), "status", "WITHDRAWN")
    assert quiet(house.morning(FRIDAY))


def test_the_gate_stops_a_stale_night_where_the_settings_say_so(house: House) -> None:
    house.night(MONDAY)
    house.settings["gates"] = {"stale_ctgov": 0.5}
    house.world.timestamp = f"{TUESDAY}T01:00:00"
    house.server.faults.append(down("ctgov"))
    with pytest.raises(GateFailed, match="stale_ctgov: 100 % of the answers"):
        house.night(TUESDAY)
    assert house.latest().run_id == MONDAY
    assert (last_attempt(house)["exit_code"], last_attempt(house)["published"]) == (4, False)
    house.server.faults.clear()
    assert quiet(house.morning(WEDNESDAY))
    assert house.latest().delta["since"] == MONDAY


def test_nothing_in_the_store_and_a_source_down_fails_the_coverage_gate(house: House) -> None:
    house.server.faults.append(down("evs"))
    with pytest.raises(GateFailed, match="coverage_ncit: NCI Thesaurus answered for 0 % of the links, 12 links"):
        house.night(MONDAY)
    assert published(house) == []


def test_a_half_written_export_resolves_nothing(house: House) -> None:
    for number in range(13, 41):
        house.add(number)
    house.records["r3"]["drug_name"] = "ZYX-777"
    house.night(MONDAY)
    whole = dict(house.records)
    house.records = dict(list(whole.items())[:20])
    with pytest.raises(GateFailed, match=r"removed_share: 20 of the 40 records .* half-written export"):
        house.night(TUESDAY)
    assert house.latest().run_id == MONDAY
    house.records = whole
    assert quiet(house.morning(TUESDAY))


def test_records_added_during_an_outage_are_new_records_on_the_morning_after(house: House) -> None:
    house.settings["gates"] = {"coverage_ctgov": 0}
    house.night(MONDAY)
    house.server.faults.append(down("ctgov"))
    for number in range(21, 41):
        house.add(number)
        flip(house, number, "TERMINATED", None)
    assert quiet(house.morning(TUESDAY))
    assert quiet(house.morning(WEDNESDAY))
    house.server.faults.clear()
    house.world.timestamp = f"{THURSDAY}T01:00:00"
    assert told(house.morning(THURSDAY)) == {("new", STATE, "record_added")}
    assert house.latest().summary["delta"]["new"] == 0
    assert house.latest().summary["folded"] == {"record_added": 20}
    flip(house, 30, "RECRUITING", FRIDAY)
    assert told(house.morning(FRIDAY)) == {("resolved", STATE, "study")}


@pytest.mark.parametrize("nights", [1, 2])
def test_a_study_id_edited_during_an_outage_is_an_edit_on_the_morning_after(house: House, nights: int) -> None:
    house.settings["gates"] = {"coverage_ctgov": 0}
    house.night(MONDAY)
    house.server.faults.append(down("ctgov"))
    house.records["r5"]["nct_id_drug_ref"] = nct(777)
    for day in (TUESDAY, WEDNESDAY)[:nights]:
        assert quiet(house.morning(day))
    house.server.faults.clear()
    assert told(house.morning(THURSDAY)) == {("new", "study_not_found", "record_edited")}
    assert quiet(house.morning(FRIDAY))


def test_a_name_edited_while_its_study_is_unavailable_is_an_edit_on_the_morning_after(house: House) -> None:
    house.settings["gates"] = {"coverage_ctgov": 0, "coverage_ncit": 0}
    house.night(MONDAY)
    house.settings["cache_dir"] = house.root / "cold"
    house.server.faults += [down("ctgov"), down("evs")]
    house.records["r5"]["drug_name"] = "ZYX-777"
    assert quiet(house.morning(TUESDAY))
    house.server.faults.clear()
    assert {because for _, _, because in told(house.morning(WEDNESDAY))} == {"record_edited"}


def test_a_first_run_with_a_source_down_is_a_first_run_on_the_second_morning_too(house: House) -> None:
    house.settings["gates"] = {"coverage_ncit": 0}
    for number in range(1, 6):
        house.world.concepts[f"C{number}"].update(active=False, conceptStatus="Retired_Concept")
        house.world.rows[f"C{number}"] = [{"code": f"C{number}", "name": f"DRG-{number:03}", "action": "retire"}]
    house.server.faults.append(down("evs"))
    assert house.night(MONDAY).exit_code == 5
    house.server.faults.clear()
    ended = house.night(TUESDAY, fail_on="never")
    assert {because for _, _, because in told(dict(house.latest().delta))} == {"record_added"}
    assert "| 0 new |" in ended.headline
    assert quiet(house.morning(WEDNESDAY))


def test_the_same_night_again_tells_its_reasons_again(house: House) -> None:
    """The second start ended with the code of the first and told nobody why."""
    house.settings["gates"] = {"coverage_ncit": 0}
    house.server.faults.append(down("evs"))
    first = house.night(MONDAY)
    again = house.night(MONDAY)
    note = last_attempt(house)
    assert (first.exit_code, again.exit_code, again.done_before) == (5, 5, True)
    assert again.troubles == first.troubles == tuple(note["signals"])
    assert any("NCI EVS gave up" in trouble for trouble in again.troubles)


def test_dark_nights_say_how_old_the_copies_are_that_stand_in(house: House) -> None:
    house.night(MONDAY)
    house.world.timestamp = f"{TUESDAY}T01:00:00"
    house.settings["gates"] = {"minimum_records": 100}
    with pytest.raises(GateFailed):
        house.night(TUESDAY)
    house.settings["gates"] = {}
    house.world.release = "26.11a"
    house.server.faults += [down("ctgov"), down("evs")]
    for day in (WEDNESDAY, THURSDAY):
        ended = house.night(day, render=render_page)
        assert ended.headline.endswith("| registry 11-24 (stale), NCIt 26.10d (stale)")
        sources = house.latest().summary["sources"]
        assert (sources["ctgov"]["version"], sources["ctgov"]["stale_versions"]) == (None, {f"{TUESDAY}T01:00:00": 12})
        assert (sources["ncit"]["version"], sources["ncit"]["stale_versions"]) == (None, {"26.10d": 12})
        page = (house.latest().path / "report.html").read_text()
        assert "data of 2026-11-24 (stale: the source did not answer)" in page
        assert "release 26.10d (stale: the source did not answer)" in page
    house.server.faults.clear()
    assert house.night(FRIDAY).headline.endswith("| registry 11-24, NCIt 26.11a")


def test_a_source_that_falls_silent_in_the_middle_has_data_of_two_days(house: House) -> None:
    for number in range(13, 301):
        house.add(number)
    house.night(MONDAY)
    house.world.timestamp = f"{TUESDAY}T01:00:00"
    house.server.faults.append(Fault("ctgov", "status", match="filter.ids", after=1, times=10**9, status=503))
    ended = house.night(TUESDAY)
    assert ended.headline.endswith("| registry 11-24 (in part stale: 11-20), NCIt 26.10d")


def test_what_stands_on_a_dark_night_is_counted_though_nothing_could_be_checked(house: House) -> None:
    """The trend of the report, and the metrics, used to show a table without conflicts on such a night."""
    house.settings["gates"] = {"coverage_ctgov": 0}
    for number in (1, 2, 3):
        flip(house, number, "WITHDRAWN", None)
    house.night(MONDAY)
    standing = house.latest().summary["conflicts"]
    assert (standing["info"], standing["by_kind"]) == (3, {STATE: 3})
    house.settings["cache_dir"] = house.root / "cold"
    house.server.faults.append(down("ctgov"))
    house.night(TUESDAY)
    assert house.latest().summary["conflicts"] == standing


@pytest.mark.parametrize("kind", ["status", "cut", "html"])
def test_a_source_that_tells_its_version_and_nothing_else_has_the_data_of_the_copies(house: House, kind: Kind) -> None:
    """The headline used to say `registry 11-24 (in part stale: 11-20)`, and not a letter was of 11-24."""
    house.night(MONDAY)
    house.world.timestamp, house.world.release = f"{TUESDAY}T01:00:00", "26.11a"
    house.server.faults += [Fault("ctgov", kind, match="filter.ids", times=10**9)]
    house.server.faults += [Fault("evs", kind, match="list=", times=10**9)]
    ended = house.night(TUESDAY, render=render_page)
    assert ended.headline.endswith("| registry 11-20 (stale), NCIt 26.10d (stale)")
    assert [facts["version"] for facts in house.latest().summary["sources"].values()] == [None, None]
    assert "data of 2026-11-20 (stale: the source did not answer)" in (house.latest().path / "report.html").read_text()


def test_an_upgrade_of_the_rules_behind_an_outage_is_folded_and_what_the_study_changed_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.settings["gates"] = {"coverage_ctgov": 0}
    for number in range(1, 9):
        flip(house, number, "COMPLETED", None)
    house.night(MONDAY)
    monkeypatch.setattr(links, "STATES_WORTH_KNOWING", (*links.STATES_WORTH_KNOWING, "COMPLETED"))
    for module in (job_module, reuse_module, remarks):
        monkeypatch.setattr(module, "RULES_VERSION", "2027.1.1")
    house.settings["cache_dir"] = house.root / "cold"
    flip(house, 3, "WITHDRAWN", TUESDAY)
    house.server.faults.append(down("ctgov"))
    assert quiet(house.morning(TUESDAY))
    house.server.faults.clear()
    house.night(WEDNESDAY)
    assert told(dict(house.latest().delta)) == {("new", STATE, "rules"), ("new", STATE, "study")}
    assert house.latest().summary["folded"] == {"rules": 7}
    assert house.latest().summary["delta"]["new"] == 1
    assert quiet(house.morning(THURSDAY))


def test_a_lost_cache_makes_no_news_of_what_the_source_that_is_up_says_as_before(house: House) -> None:
    """Its content is stored anew then, and that looked like a change of it."""
    house.settings["gates"] = {"coverage_ctgov": 0, "coverage_ncit": 0}
    house.records["r3"]["drug_name"] = "ZYX-777"
    house.night(MONDAY)
    standing = house.latest().summary["conflicts"]["by_kind"]
    house.settings["cache_dir"] = house.root / "cold"
    house.server.faults.append(down("evs"))
    assert quiet(house.morning(TUESDAY))
    house.records["r3"]["drug_delivery_route"] = "oral"
    assert quiet(house.morning(WEDNESDAY))
    house.server.faults.clear()
    assert quiet(house.morning(THURSDAY))
    assert house.latest().summary["conflicts"]["by_kind"] == standing


@pytest.mark.parametrize("redefined", [False, True])
def test_a_name_that_only_the_silent_study_explains_is_no_news_on_the_second_dark_night_either(
    house: House, redefined: bool
) -> None:
    """The concept was stored anew each night, or changed elsewhere, and that looked like the reason."""
    house.settings["gates"] = {"coverage_ctgov": 0}
    house.records["r3"]["drug_name"] = "ZYX-777"
    arms = house.world.studies[nct(3)]["protocolSection"]["armsInterventionsModule"]
    arms["interventions"] = [{"type": "DRUG", "name": "ZYX-777", "otherNames": ["DRG-003"]}]
    house.night(MONDAY)
    assert house.latest().summary["conflicts"]["by_kind"] == {}
    house.server.faults.append(down("ctgov"))
    for day in (TUESDAY, WEDNESDAY):
        house.settings["cache_dir"] = house.root / f"cold on {day}"
        assert quiet(house.morning(day))
        assert house.latest().summary["conflicts"]["by_kind"] == {"concept_name_unconfirmed": 1}
    if redefined:
        house.world.concepts["C3"]["definitions"][0]["definition"] = "DRG-003 is a drug, given by mouth."
        house.world.release = "26.11a"
        assert told(house.morning(THURSDAY)) == set()
    house.server.faults.clear()
    assert told(house.morning(FRIDAY)) == set()
    assert house.latest().summary["conflicts"]["by_kind"] == {}


@pytest.mark.parametrize("switched_on", [TUESDAY, WEDNESDAY])
def test_a_check_that_is_switched_on_while_the_study_is_silent_tells_nothing_that_the_study_explains(
    house: House, switched_on: str
) -> None:
    """It was told because of the settings, and resolved by the study on the morning after."""
    house.settings["gates"] = {"coverage_ctgov": 0}
    house.settings["checks"] = {"off": ["concept_name_unconfirmed"]}
    for number, others in ((3, ["DRG-003"]), (4, [])):
        house.records[f"r{number}"]["drug_name"] = f"ZYX-77{number}"
        arms = house.world.studies[nct(number)]["protocolSection"]["armsInterventionsModule"]
        arms["interventions"] = [{"type": "DRUG", "name": f"ZYX-77{number}", "otherNames": others}]
    house.night(MONDAY)
    house.settings["cache_dir"] = house.root / "cold"
    house.server.faults.append(down("ctgov"))
    for day in (TUESDAY, WEDNESDAY):
        if day == switched_on:
            house.settings["checks"] = {"off": []}
        assert quiet(house.morning(day))
    house.server.faults.clear()
    assert told(house.morning(THURSDAY)) == {("new", "concept_name_unconfirmed", "settings")}
    assert len(house.latest().delta["new"]) == 1
    assert quiet(house.morning(FRIDAY))


def test_what_a_concept_changes_is_told_though_the_study_cannot_be_read_for_months(house: House) -> None:
    """An answer that never comes must not silence the source that answers."""
    house.settings["gates"] = {"coverage_ctgov": 0}
    house.world.studies[nct(3)]["protocolSection"]["armsInterventionsModule"]["interventions"] = "not a list"
    for day in (MONDAY, TUESDAY):
        house.night(day)
    assert house.latest().summary["links"]["study"]["unavailable"] == 1
    house.world.concepts["C3"].update(name="Cisplatin", synonyms=[{"name": "Cisplatin", "type": "Preferred_Name"}])
    house.world.release = "26.11a"
    assert ("new", "concept") in {(name, because) for name, _, because in told(house.morning(WEDNESDAY))}


@pytest.mark.parametrize("service", ["evs", "ctgov"])
def test_what_the_source_that_is_up_changed_is_told_and_no_error_over_both_is_told_in_part_for_it(
    house: House, service: str
) -> None:
    house.settings["gates"] = {"coverage_ctgov": 0, "coverage_ncit": 0}
    house.records["r3"]["drug_name"] = "ZYX-777"
    house.night(MONDAY)
    house.settings["cache_dir"] = house.root / "cold"
    house.server.faults.append(down(service))
    flip(house, 3, "WITHDRAWN", TUESDAY)
    house.world.concepts["C3"]["definitions"][0]["definition"] = "DRG-003 is another drug."
    house.world.release = "26.11a"
    first = house.morning(TUESDAY)
    assert told(first) == ({("new", STATE, "study")} if service == "evs" else set())
    assert quiet(house.morning(WEDNESDAY))
    house.server.faults.clear()
    second = house.morning(THURSDAY)
    assert told(first) | told(second) == {("new", STATE, "study")}
    changes = [*first["source_changes"], *second["source_changes"]]
    assert sorted(change["what"] for change in changes) == ["concept_redefined", "status"]
    assert quiet(house.morning(FRIDAY))


def test_of_two_sources_that_were_down_the_first_that_is_back_makes_no_news_for_want_of_the_other(
    house: House,
) -> None:
    house.settings["gates"] = {"coverage_ctgov": 0, "coverage_ncit": 0}
    house.records["r3"]["drug_name"] = "ZYX-777"
    house.night(MONDAY)
    house.settings["cache_dir"] = house.root / "cold"
    house.server.faults += [down("ctgov"), down("evs")]
    assert quiet(house.morning(TUESDAY))
    house.server.faults[:] = [down("evs")]
    assert quiet(house.morning(WEDNESDAY))
    house.server.faults.clear()
    assert quiet(house.morning(THURSDAY))


def test_a_mend_behind_an_outage_is_told_as_an_edit_though_a_release_came_out_meanwhile(house: House) -> None:
    house.records["r3"]["drug_name"] = "ZYX-777"
    house.night(MONDAY)
    house.server.faults += [down("ctgov"), down("evs")]
    house.records["r3"]["drug_name"] = "DRG-003"
    assert quiet(house.morning(TUESDAY))
    house.server.faults.clear()
    house.world.timestamp, house.world.release = f"{WEDNESDAY}T01:00:00", "26.11a"
    assert {(name, because) for name, _, because in told(house.morning(WEDNESDAY))} == {("resolved", "record_edited")}
    assert quiet(house.morning(THURSDAY))


@pytest.mark.parametrize(("rules", "of_one"), [("2026.11.1", "concept"), ("2027.1.1", "rules")])
def test_what_a_concept_changed_while_the_study_was_silent_is_the_reason_of_what_shows_with_both(
    house: House, rules: str, of_one: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ruled(version: str) -> None:
        for module in (job_module, reuse_module, remarks):
            monkeypatch.setattr(module, "RULES_VERSION", version)

    ruled("2026.11.1")
    house.settings["gates"] = {"coverage_ctgov": 0}
    house.records["r3"]["drug_name"] = "ZYX-777"
    house.night(MONDAY)
    ruled(rules)
    house.settings["cache_dir"] = house.root / "cold"
    house.server.faults.append(down("ctgov"))
    house.world.concepts["C3"].update(active=False, conceptStatus="Retired_Concept")
    house.world.release = "26.11a"
    assert told(house.morning(TUESDAY)) == {("new", "concept_retired", "concept")}
    assert quiet(house.morning(WEDNESDAY))
    house.server.faults.clear()
    assert told(house.morning(THURSDAY)) == {
        ("resolved", "record_name_unsupported", "concept"),
        ("new", "study_drug_not_mentioned", of_one),
    }
    assert quiet(house.morning(FRIDAY))
