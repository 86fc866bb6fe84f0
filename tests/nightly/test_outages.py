"""A source that is down and an export that is half there: nothing lost, nothing invented, and no false news."""

from __future__ import annotations

import pytest

from made.house import House, down, flip, last_attempt, published, quiet, told
from trialweave.errors import GateFailed

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"
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


def test_what_happened_behind_an_outage_is_told_when_it_is_over(house: House) -> None:
    house.night(MONDAY)
    flip(house, 3, "WITHDRAWN", TUESDAY)
    house.server.faults.append(down("ctgov"))
    assert quiet(house.morning(TUESDAY))
    house.server.faults.clear()
    assert told(house.morning(WEDNESDAY)) == {("new", STATE, "study")}
    assert quiet(house.morning(THURSDAY))


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
