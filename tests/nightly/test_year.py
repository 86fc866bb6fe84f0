"""Sixty nights and more: every planted event is told exactly once, on its morning, for its reason; nothing else is."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from made.house import House
from made.year import REGISTRY, TABLE, THESAURUS, Expected, Lane, Year, outage, storm
from standin import StandIn, World
from trialweave import remarks
from trialweave import reuse as reuse_module
from trialweave.core.checks import links
from trialweave.errors import GateFailed
from trialweave.nightly import job as job_module

SEED = int(os.environ.get("TRIALWEAVE_YEAR_SEED", "20261123"))
NIGHTS = int(os.environ.get("TRIALWEAVE_YEAR_NIGHTS", "62"))
RECORDS = int(os.environ.get("TRIALWEAVE_YEAR_RECORDS", "300"))

RELEASES = frozenset({8, 23, 35, 47, 58})
REGISTRY_DOWN = frozenset({11, 12, 31})
THESAURUS_DOWN = frozenset({23})
STORMS = frozenset({16, 47})
KILLED = frozenset({18, 36})
HALF_EXPORT, RULES, SETTINGS, SETTINGS_BACK = 26, 39, 43, 44
STILL = frozenset({HALF_EXPORT, RULES, SETTINGS, SETTINGS_BACK})


@pytest.fixture
def year(tmp_path: Path) -> Iterator[Year]:
    with StandIn(World()) as server:
        year = Year(House(tmp_path, server), random.Random(SEED))
        year.people(RECORDS)
        yield year


def seen(delta: dict[str, Any]) -> Expected:
    """What a morning told, in the words of the expectation; conflicts of one record for one reason are one entry."""
    return Expected(
        {(name, e["record_id"], e["because"]) for name in ("new", "changed", "resolved") for e in delta[name]},
        {(c["id"], c["what"], c["before"], c["after"]) for c in delta["source_changes"]},
        **delta["records"],
    )


def by_record_id(house: House, expected: Expected) -> Expected:
    """The expectation with record_ids for numbers: the concept of record 7 is C7, whatever else is edited."""
    ids = {line["links"]["concept"]["requested_id"]: line["record_id"] for line in house.latest().lines()}
    expected.entries = {(name, ids[f"C{number}"], reason) for name, number, reason in expected.entries}
    return expected


def plant(year: Year, night: int) -> None:
    """The events of one night, few or none."""
    dark = night in REGISTRY_DOWN | THESAURUS_DOWN
    if not year.weekend:
        year.strike(*year.chance.sample(REGISTRY, year.chance.randint(0, 2)))
    year.strike(*(TABLE if dark else year.chance.sample(TABLE, year.chance.randint(0, 1))))
    year.strike(*year.chance.sample(THESAURUS, year.chance.randint(0, 1)))


def test_a_year_is_told_event_by_event(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    house, quiet_nights = year.house, 0
    house.night("2026-11-23")
    for night in range(1, NIGHTS + 1):
        year.tomorrow()
        server, dataset = house.server, house.world.timestamp
        if night not in STILL:
            plant(year, night)
        if night in RELEASES:
            year.release()
        server.faults[:] = [outage("ctgov")] * (night in REGISTRY_DOWN) + [outage("evs")] * (night in THESAURUS_DOWN)
        server.faults += [storm("ctgov"), storm("evs")] if night in STORMS else []
        special(year, night, monkeypatch)
        answering: list[Lane] = [] if night in REGISTRY_DOWN else ["ctgov"]
        answering += [] if night in THESAURUS_DOWN else ["ncit"]
        server.forget()
        expected = year.due(*answering)
        day = year.day.isoformat()
        morning = house.morning(day)
        assert seen(morning) == by_record_id(house, expected), (night, day)
        assert house.latest().summary["exit_code"] == (5 if len(answering) < 2 else 0), night
        earlier = house.latest().summary["since"]
        same = house.runs[earlier].summary["sources"]["ctgov"]["version"] == dataset
        if expected == Expected() and same and night not in RELEASES | STORMS | KILLED and len(answering) == 2:
            assert server.count() == 2, night
            quiet_nights += 1
    assert year.planted >= 50
    assert quiet_nights >= 4


def special(year: Year, night: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What befalls the job itself on some nights."""
    house, day = year.house, year.day.isoformat()
    completed = {
        number
        for number in range(1, year.numbers + 1)
        if f"r{number}" in house.records and state(year, number) == "COMPLETED"
    }
    if night in KILLED:
        with pytest.raises(KeyboardInterrupt):
            house.night(day, render=killed)
    if night == HALF_EXPORT:
        whole = dict(house.records)
        house.records = dict(list(whole.items())[: len(whole) // 2])
        with pytest.raises(GateFailed, match="removed_share"):
            house.night(day)
        house.records = whole
    if night == RULES:
        year.upgraded = True
        monkeypatch.setattr(links, "STATES_WORTH_KNOWING", (*links.STATES_WORTH_KNOWING, "COMPLETED"))
        for module in (remarks, job_module, reuse_module):
            monkeypatch.setattr(module, "RULES_VERSION", "2027.1.1")
        year.awaited["table"].entries |= {("new", number, "rules") for number in completed}
    if night in (SETTINGS, SETTINGS_BACK):
        house.settings["checks"] = {"off": ["study_not_found"] if night == SETTINGS else []}
        change = "resolved" if night == SETTINGS else "new"
        year.awaited["table"].entries |= {(change, number, "settings") for number in missing(year)}


def killed(*_: object) -> str:
    raise KeyboardInterrupt


def state(year: Year, number: int) -> str | None:
    link = year.house.records[f"r{number}"]["nct_id_drug_ref"]
    study = year.house.world.studies.get(link)
    return None if study is None else study["protocolSection"]["statusModule"]["overallStatus"]


def missing(year: Year) -> set[int]:
    """The records whose study the registry does not have."""
    return {
        int(name.removeprefix("r"))
        for name, row in year.house.records.items()
        if row["nct_id_drug_ref"] not in year.house.world.studies
    }
