"""The morning page in the terminal."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from made.house import House, flip, gone
from report.sample import many
from standin import Fault, nct
from trialweave.errors import GateFailed, UsageError
from trialweave.nightly.acknowledgements import load
from trialweave.nightly.attempt import refusals_noted
from trialweave.nightly.commands import acknowledge
from trialweave.nightly.show import (
    CAUSES,
    by_cause,
    conflicts_of,
    show_causes,
    show_conflicts,
    show_delta,
    show_morning,
)
from trialweave.report.causes import gather

MONDAY, TUESDAY, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"
TODAY = date(2026, 11, 24)


def console() -> Console:
    return Console(file=io.StringIO(), width=100, force_terminal=False)


def page(house: House, run: str | None = None) -> str:
    screen = console()
    show_morning(screen, house.runs, run)
    return printed(screen)


def printed(screen: Console) -> str:
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def nobody(_: str) -> None:
    """No record has a line."""


def test_the_page_has_the_headline_the_causes_and_the_changes(house: House) -> None:
    house.night(MONDAY)
    gone(house, 3)
    ended = house.night(TUESDAY)
    text = page(house)
    assert text.startswith(ended.headline)
    assert "New and changed since 2026-11-23: 1 cause" in text
    assert f"ClinicalTrials.gov has no study {nct(3)}" in text
    (record,) = house.latest().delta["source_changes"][0]["record_ids"]
    assert f"  {nct(3)} study gone  (1 record: DRG-003 {record})\n" in text
    assert "All 8 gates passed." in text


def test_the_page_names_the_drugs_and_says_once_what_to_do(house: House) -> None:
    house.night(MONDAY)
    gone(house, 3, 4)
    house.night(TUESDAY)
    text = page(house)
    for conflict in house.latest().conflicts():
        name = house.latest().line(conflict["record_id"])
        assert name is not None
        assert f"1 record: {name['record']['drug_name']} {conflict['record_id']}; cause" in text
    assert text.count("to do: ") == 1
    assert "[study]" in text
    assert str(house.runs.path / TUESDAY / "report.html") in text


def test_what_is_resolved_leaves_nothing_to_do_and_on_the_first_run_no_reason_is_told() -> None:
    told = {"kind": "study_not_found", "severity": "error", "message": "m", "cause": "c", "record_id": "a"}
    entry = {**told, "suggestion": {"field": "f", "value": "v" * 999, "why": "w"}, "because": "record_added"}
    first, resolved = console(), console()
    show_delta(first, {"since": None, "new": [entry], "changed": [], "resolved": [], "source_changes": []}, nobody)
    assert "record added" not in printed(first)
    assert f"proposed: f = {'v' * 159}… (w)" in printed(first)
    show_causes(resolved, "Resolved", [entry], nobody, resolved=True)
    assert "proposed" not in printed(resolved)
    assert "to do" not in printed(resolved)


def test_a_terminal_breaks_long_lines_under_their_beginning() -> None:
    told = {"kind": "k", "severity": "error", "message": "word " * 40, "cause": "c", "record_id": "a"}
    screen = Console(file=io.StringIO(), width=60, force_terminal=True, color_system=None)
    show_causes(screen, "New", [told], nobody)
    lines = [line for line in printed(screen).splitlines() if "word" in line]
    assert len(lines) > 3
    assert all(line.startswith(" " * 11 + "word") and len(line) <= 60 for line in lines)


def test_a_change_of_a_source_is_told_for_a_person_and_of_a_long_text_what_differs(house: House) -> None:
    """It used to say `None`, and to give two definitions of a page each for one word."""
    text = "An agent that " + "binds to its receptor and " * 12 + "is given {} by mouth " + "with water " * 12
    definition = {"definition": text.format("twice"), "type": "DEFINITION", "source": "NCI"}
    house.world.concepts["C4"]["definitions"] = [definition]
    house.night(MONDAY)
    definition["definition"] = text.format("thrice")
    house.world.concepts["C5"].update(active=False, conceptStatus="Retired_Concept")
    house.world.release = "26.11a"
    flip(house, 6, "COMPLETED", TUESDAY)
    house.night(TUESDAY)
    shown = page(house)
    assert f"  {nct(6)} status: RECRUITING -> COMPLETED  (1 record: " in shown
    assert "  C5 concept retired: DRG-005  (1 record: " in shown
    around = "… its receptor and is given {} by mouth with water with …"
    assert f"  C4 concept redefined: {around.format('twice')} -> {around.format('thrice')}  (1 record: " in shown


def test_errors_on_new_records_are_told_where_they_are_folded(house: House) -> None:
    """--fail-on looks at them: the exit code said 3, and no error was to be seen."""
    house.night(MONDAY)
    for number in (13, 14):
        house.add(number)
    flip(house, 14, "WITHDRAWN", None)
    gone(house, 13)
    assert house.night(TUESDAY, fail_on="error").exit_code == 3
    assert "  folded: 2 conflicts (1 error) because of record added\n" in page(house)


def test_what_other_settings_resolve_is_folded_on_the_page_as_in_the_headline(house: House) -> None:
    """The headline said `0 resolved`, and the page listed them one by one."""
    gone(house, 3, day=MONDAY)
    house.night(MONDAY)
    house.settings["checks"] = {"off": ["study_not_found"]}
    assert "| 0 resolved |" in house.night(TUESDAY).headline
    text = page(house)
    assert "Resolved" not in text
    assert "  folded: 1 conflict because of settings\n" in text


def test_the_page_shows_twenty_causes_at_most(house: House) -> None:
    for number in range(13, 43):
        house.add(number)
    house.settings["gates"] = {"conflict_jump_floor": 100}
    house.night(MONDAY)
    gone(house, *range(1, 31))
    house.night(TUESDAY)
    text = page(house)
    assert text.count("ClinicalTrials.gov has no study") == CAUSES
    assert "and 10 more causes: see report.html or delta.json" in text


def test_the_page_of_a_run_that_somebody_sent_cannot_speak_to_the_terminal() -> None:
    """Every text of a conflict in its files, words of ours such as its severity too."""
    hostile = "\x1b]0;title\x07\x1b[2J\x9b31m\u202e"
    suggestion = dict.fromkeys(("field", "value", "why"), hostile)
    texts = dict.fromkeys(("kind", "severity", "field", "message", "record_id", "cause", "because"), hostile)
    claims = [{"source": "record", "path": "/drug_name", "value": hostile}]
    line = {"suspect": hostile, "fields": {"drug_name": {"claims": claims}}}
    screen = console()
    show_causes(screen, hostile, [{**texts, "suggestion": suggestion}], lambda _: line)
    assert "1 cause" in printed(screen)
    assert not set(hostile) & set("\x1b\x07\x9b\u202e") & set(printed(screen))


def test_the_page_says_first_that_the_last_attempt_published_nothing(house: House) -> None:
    house.night(MONDAY)
    house.settings["gates"] = {"minimum_records": 100}
    with pytest.raises(GateFailed):
        house.night(TUESDAY)
    assert page(house).startswith("The last attempt (2026-11-24) ended with 4: nothing was published")


def test_the_page_says_that_a_start_was_refused_before_it_had_a_name(house: House) -> None:
    house.night(MONDAY)
    with pytest.raises(UsageError), refusals_noted(house.root / "runs", None):
        raise UsageError("no such setting")
    assert page(house).startswith("The last attempt ended with 2: no such setting")


def test_where_no_night_was_published_yet_the_page_says_why(house: House) -> None:
    """It used to say that `trialweave nightly` makes a run, on the morning after that one had failed."""
    house.settings["gates"] = {"minimum_records": 100}
    with pytest.raises(GateFailed, match=r"nothing was published\. minimum_records"):
        house.night(MONDAY)
    screen = console()
    with pytest.raises(UsageError, match="no published run yet"):
        show_morning(screen, house.runs, None)
    assert printed(screen).startswith("The last attempt (2026-11-23) ended with 4: nothing was published. minimum_rec")


@pytest.mark.parametrize(
    ("note", "told"),
    [("{", "What became of the last attempt is not known: "), ("{}", "The last attempt has not ended")],
)
def test_a_damaged_note_keeps_no_run_from_being_shown(house: House, note: str, told: str) -> None:
    ended = house.night(MONDAY)
    (house.root / "runs/last_attempt.json").write_text(note)
    assert page(house).startswith(told)
    assert ended.headline in page(house)


def test_the_page_names_the_source_that_gave_up(house: House) -> None:
    house.night(MONDAY)
    house.world.timestamp = f"{TUESDAY}T01:00:00"
    house.server.faults.append(Fault("ctgov", "status", times=10**9, status=403))
    assert house.night(TUESDAY).exit_code == 5
    assert "ClinicalTrials.gov gave up" in page(house)


def test_the_page_counts_what_stands_and_what_nobody_could_ask_about(house: House) -> None:
    """Only the page in the browser told how much of what stands was not looked at."""
    for number in (1, 2, 3):
        flip(house, number, "TERMINATED", None)
    house.night(MONDAY)
    house.world.timestamp = f"{TUESDAY}T01:00:00"
    house.server.faults.append(Fault("ctgov", "status", times=10**9, status=403))
    house.night(TUESDAY)
    assert "\nStanding: 3 conflicts, 3 of them not asked about tonight. Acknowledged: 0.\n" in page(house)
    assert "\nStanding: 0 conflicts. Acknowledged: 0.\n" in page(house, MONDAY)


def test_the_page_begins_with_ten_signals_at_most(house: House) -> None:
    house.night(MONDAY)
    file = house.latest().path / "summary.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"signals": [f"signal {number}" for number in range(12)]}))
    text = page(house)
    assert "signal 9" in text
    assert "signal 10" not in text
    assert "and 2 more signals: see summary.json" in text


def test_text_from_strangers_obeys_nothing_in_the_terminal(house: House) -> None:
    house.records["r3"]["drug_name"] = "ZYX\x1b[2J\x1b]0;owned\x07-777 [bold]x[/bold]"
    house.night(MONDAY)
    text = page(house)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "On the first run" in text


def test_one_record_or_one_kind_can_be_shown(house: House) -> None:
    house.night(MONDAY)
    gone(house, 3, 4)
    house.night(TUESDAY)
    house.night(WEDNESDAY)
    (first, second) = house.latest().conflicts()
    assert conflicts_of(house.latest(), first["record_id"], None) == [first]
    assert conflicts_of(house.latest(), None, "concept_retired") == []
    both = conflicts_of(house.latest(), None, "study_not_found")
    assert both == [first, second]
    screen = console()
    show_conflicts(screen, house.latest(), both, None, "study_not_found")
    assert second["record_id"] in printed(screen)


def test_an_edit_that_is_not_for_all_records_of_a_cause_says_for_whom_it_is() -> None:
    def entry(record_id: str, value: str | None) -> dict[str, Any]:
        edit = None if value is None else {"field": "f", "value": value, "why": "because"}
        told = {"kind": "k", "severity": "error", "message": "m", "cause": "c", "suggestion": edit}
        return {**told, "record_id": record_id}

    screen = console()
    show_causes(screen, "New", [entry("a", None), entry("b", "C2"), entry("d", "C3")], nobody)
    assert "proposed for 1 of 3 records: b: f = C2 (because)" in printed(screen)
    assert "proposed for 1 of 3 records: d: f = C3 (because)" in printed(screen)
    screen = console()
    show_causes(screen, "New", [entry("a", "C2"), entry("b", "C2")], nobody)
    assert "proposed: f = C2 (because)" in printed(screen)


def test_the_worst_and_widest_causes_come_first() -> None:
    def entry(cause: str, record_id: str, severity: str) -> dict[str, Any]:
        return {"cause": cause, "record_id": record_id, "severity": severity, "kind": "k"}

    entries = [entry("a", "1", "info"), entry("b", "2", "warning"), entry("b", "3", "error"), entry("c", "4", "error")]
    entries += [entry("c", "5", "error"), entry("c", "6", "error")]
    assert [
        (cause.worst["cause"], cause.worst["severity"], len(cause.record_ids)) for cause in by_cause(entries, nobody)
    ] == [
        ("c", "error", 3),
        ("b", "error", 2),
        ("a", "info", 1),
    ]


def test_a_kind_is_acknowledged_in_bulk_and_the_page_tells_of_the_end(house: House, tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    house.settings["acknowledgements"] = file
    house.night(MONDAY)
    gone(house, 3, 4)
    house.night(TUESDAY)
    run = house.latest()
    more: dict[str, Any] = {"reason": "asked them", "until": date(2026, 11, 28), "author": "M. K.", "today": TODAY}
    assert acknowledge(file, run=run, kind="study_not_found", **more) == 2
    assert acknowledge(file, run=run, kind="study_not_found", **more) == 0
    assert acknowledge(file, fingerprints=["0" * 16], **more) == 1
    assert acknowledge(file, cause=next(run.conflicts())["cause"], **more) == 1
    assert {entry.author for entry in load(file, TODAY).entries} == {"M. K."}
    house.night(WEDNESDAY)
    assert house.latest().delta["acknowledged"] == 2
    text = page(house)
    assert "ends    acknowledgement of" in text
    assert f"unused  acknowledgement of {'0' * 16}" in text


def test_the_terminal_begins_with_what_the_page_in_the_browser_begins_with() -> None:
    """It told the widest cause first, the page the suspected study first: two answers to what to do first."""
    entries, known = many(300, because="study")
    causes = gather(entries, known.get)
    assert [cause.worst["cause"] for cause in by_cause(entries, known.get)] == [cause.id for cause in causes]
    screen = console()
    show_causes(screen, "New", entries, known.get)
    assert f"; cause {causes[0].id}; suspect: study link" in printed(screen)


def test_a_record_that_is_gone_is_named_as_its_conflict_named_it() -> None:
    claims = [{"source": "record", "path": "/drug_name", "value": "Axicabtagene ciloleucel"}]
    told = {"kind": "k", "severity": "error", "message": "m", "cause": "c", "record_id": "a", "claims": claims}
    screen = console()
    show_causes(screen, "Resolved", [told], nobody, resolved=True)
    assert "1 record: Axicabtagene ciloleucel a; cause c\n" in printed(screen)


def test_lines_in_a_terminal_end_with_their_last_word(house: House) -> None:
    """They were filled with blanks: a copy of them had these, and a narrower window an empty line after each."""
    house.night(MONDAY)
    gone(house, 3)
    house.night(TUESDAY)
    screen = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    show_morning(screen, house.runs, None)
    lines = printed(screen).splitlines()
    assert lines == [line.rstrip() for line in lines]
    assert max(map(len, lines)) <= 80
