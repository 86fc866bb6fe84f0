"""What the morning page says, before it is HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from report.morning import usual
from report.sample import claim, conflict, digest, line, lines, many, record_id, summary
from trialweave.report.html import render
from trialweave.report.page import Page, build_page
from trialweave.report.shown import Span, concept, hex16, marked, safe, study
from trialweave.report.stood import ERRORS


def delta(**more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"since": "2026-11-20", "new": [], "changed": [], "resolved": [], "source_changes": []}
    return empty | {"standing": 0, "not_rechecked": 0, "acknowledged": 0} | more


def retired(number: int, **more: Any) -> dict[str, Any]:
    claims = [claim("record", "/code", "C13320"), claim("ncit", "/conceptStatus", "Retired_Concept")]
    field = "nci_thesaurus_concept_id"
    return conflict("concept_retired", number, field, "C13320 is retired.", claims, because="release", **more)


def said(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


def test_conflicts_of_one_cause_are_one_card_with_all_their_records() -> None:
    page = build_page(
        summary(), delta(new=[retired(n) for n in range(5)]), lookup=lines({record_id(2): "concept_link"})
    )
    (cause,) = page.news.causes
    assert (page.news.total, page.news.conflicts, cause.total) == (1, 5, 5)
    assert [record.record_id for record in cause.records] == [record_id(n) for n in range(5)]
    assert cause.suspects == ("concept_link", "none")
    assert cause.because == ("release",)


def test_errors_come_first_then_the_suspect_then_the_larger_cause() -> None:
    def one(number: int, **more: Any) -> dict[str, Any]:
        return retired(number, cause=digest("cause", more.pop("of", number)), **more)

    entries = [one(1, severity="info"), one(2, of="two"), one(3, of="two"), one(4), one(5), one(6, severity="warning")]
    page = build_page(
        summary(), delta(new=entries), lookup=lines({record_id(4): "concept_link", record_id(5): "study_link"})
    )
    assert [c.records[0].record_id for c in page.news.causes] == [record_id(n) for n in (5, 4, 2, 6, 1)]
    assert page.first == page.news


def test_rules_settings_and_new_records_are_folded_and_counted() -> None:
    entries = [
        retired(n) | {"because": reason} for n, reason in enumerate(("rules", "settings", "record_added", "study"))
    ]
    gone = [retired(9) | {"because": "rules"}, retired(8) | {"because": "study"}]
    page = build_page(summary(), delta(new=entries[:2], changed=entries[2:], resolved=gone))
    assert [(fold.key, fold.conflicts, fold.resolved) for fold in page.folds] == [
        ("rules", 1, 1),
        ("settings", 1, 0),
        ("record_added", 1, 0),
    ]
    assert (page.news.conflicts, page.changed, page.resolved.number) == (1, 1, 1)
    assert page.news.causes[0].records[0].note == "changed"


def test_a_whole_first_run_is_one_fold_and_still_says_what_to_do_first() -> None:
    entries, known = many(30, because="record_added")
    page = build_page(summary(), delta(since=None, new=entries), lookup=known)
    assert page.mode == "first"
    assert page.news.total == 0
    assert [(fold.key, fold.conflicts) for fold in page.folds] == [("first", 30)]
    assert page.first == page.folds[0]


def test_without_a_delta_every_conflict_is_shown_and_read_once() -> None:
    entries, known = many(30)
    page = build_page(summary(), conflicts=iter(entries), lookup=known.get)
    assert (page.mode, page.news.conflicts, page.folds) == ("all", 30, ())
    assert page.proposals.total == sum(1 for entry in entries if entry["suggestion"])
    assert page.standing.table.rows == ()


def test_without_a_delta_what_is_acknowledged_is_counted_and_not_told_again() -> None:
    """The page of `enrich` went on asking for what a person had said to leave."""
    known = retired(1, acknowledged_until="2027-01-01")
    counted = summary() | {"conflicts": {"error": 2, "warning": 0, "info": 0, "by_kind": {}, "acknowledged": 1}}
    page = build_page(counted, conflicts=[known, retired(2)])
    assert (page.news.conflicts, page.standing.acknowledged) == (1, 1)
    html = render(build_page(counted, conflicts=[known]))
    assert "All that was found is acknowledged." in html
    assert "No record disagrees" not in html


def test_findings_across_records_are_not_news() -> None:
    arguments = usual()
    found = arguments["across"]
    page = build_page(summary(), delta(new=found), found, across=found)
    assert (page.news.total, page.across.total) == (0, 2)
    assert sorted(r.record_id for r in page.across.causes[0].records) == sorted(found[0]["record_ids"])
    assert all(record.fingerprint is None for cause in page.across.causes for record in cause.records)


def test_what_stood_is_counted_by_kind_apart_from_what_is_acknowledged() -> None:
    new = retired(1)
    stood = [retired(2, first_seen_on="2026-10-13"), retired(3, first_seen_on="2026-11-01")]
    known = retired(4, acknowledged_until="2027-01-01", first_seen_on="2026-11-19")
    page = build_page(summary(), delta(new=[new], standing=2, not_rechecked=1, acknowledged=1), [new, *stood, known])
    assert (page.standing.total, page.standing.not_rechecked, page.standing.acknowledged) == (2, 1, 1)
    (row,) = page.standing.table.rows
    assert [said(cell) for cell in row] == ["errorThe concept is retired", "2", "1", "2026-10-13"]


def test_a_quiet_morning_begins_with_the_errors_that_stand_and_that_nobody_acknowledged() -> None:
    stood = [retired(1), retired(2), retired(3, severity="warning"), retired(4, acknowledged_until="2027-01-01")]
    stood.append(retired(5, provisional=True))
    page = build_page(summary(), delta(standing=4), stood)
    assert page.first == page.standing.errors
    assert [r.record_id for c in page.first.causes for r in c.records] == [record_id(1), record_id(2)]


def test_of_very_many_standing_errors_the_page_carries_the_first_and_counts_the_causes_of_all() -> None:
    page = build_page(summary(), delta(standing=ERRORS + 9), [retired(n, cause=digest(n)) for n in range(ERRORS + 9)])
    assert (len(page.standing.errors.causes), page.standing.errors.total) == (ERRORS, ERRORS + 9)


def test_a_source_change_names_the_drugs_of_its_records() -> None:
    change = {"source": "ctgov", "id": "NCT06254807", "what": "status", "before": "A", "after": "B"}
    page = build_page(
        summary(), delta(source_changes=[change | {"record_ids": [record_id(7)]}]), lookup={record_id(7): line(7)}
    )
    assert said(page.changes.rows[0][4]) == f"{line(7)['record']['drug_name']} {record_id(7)}"


def test_a_link_without_an_answer_is_told_with_its_record() -> None:
    link = {"record_id": record_id(7), "source": "ctgov", "id": "NCT06254807"}
    page = build_page(summary(), delta(), unanswered=[link], lookup={record_id(7): line(7)})
    name = line(7)["record"]["drug_name"]
    assert [said(cell) for cell in page.unanswered.rows[0]] == [
        f"{name} {record_id(7)}",
        "ClinicalTrials.gov",
        "NCT06254807",
    ]
    assert "Links without an answer" in render(page)
    assert "Links without an answer" not in render(build_page(summary(), delta()))


def test_a_proposed_edit_lays_the_value_beside_what_the_record_says_in_that_field() -> None:
    suggestion = {"field": "nct_id_drug_ref", "value": "NCT06254807", "why": "It names the drug.", "evidence": ["/x"]}
    entry = retired(7, suggestion=suggestion)
    page = build_page(summary(), delta(new=[entry]), [entry], lookup={record_id(7): line(7, nct="NCT04660929")})
    (proposal,) = page.news.causes[0].proposals
    assert (proposal.current, proposal.value) == ("NCT04660929", (Span("study", "NCT06254807"),))
    assert said(page.proposals.rows[0][2]) == "NCT04660929"


def test_an_edit_that_is_not_for_all_records_of_a_cause_says_for_whom_it_is() -> None:
    """A retired code stands behind records of several drugs; the concept that fits one of them fits no other."""
    suggestion = {"field": "nci_thesaurus_concept_id", "value": "C120309", "why": "It is its name.", "evidence": []}
    entries = [{**retired(n), "cause": "5e151792c4ecf105"} for n in (1, 2, 3)]
    entries[1]["suggestion"] = suggestion
    known = {record_id(n): line(n, code="C114299") for n in (1, 2, 3)}
    page = build_page(summary(), delta(new=entries), entries, lookup=known)
    (cause,) = page.news.causes
    assert [proposal.scope for proposal in cause.proposals] == [f"for 1 of 3 records: {record_id(2)}"]
    html = render(page)
    assert f"Proposed edit for 1 of 3 records: {record_id(2)}" in html
    first = html.partition('id="h-first"')[2].partition("</section>")[0]
    assert "C120309" not in first
    everywhere = [{**entry, "suggestion": suggestion} for entry in entries]
    page = build_page(summary(), delta(new=everywhere), everywhere, lookup=known)
    assert {proposal.scope for proposal in page.news.causes[0].proposals} == {""}


def test_both_sides_are_marked_where_they_differ() -> None:
    entry = conflict(
        "definition_drift",
        1,
        "nci_thesaurus_definition",
        "Revised.",
        [claim("record", "/d", "An inhibitor of potential use."), claim("ncit", "/d/0", "An inhibitor of proven use.")],
    )
    mine, theirs = build_page(summary(), conflicts=[entry]).news.causes[0].sides
    assert [s.text for s in mine.value if s.style == "mark"] == ["potential"]
    assert [s.text for s in theirs.value if s.style == "mark"] == ["proven"]
    assert (mine.source, theirs.source) == ("Record", "NCI Thesaurus")


def test_texts_that_share_next_to_nothing_are_not_marked_at_all() -> None:
    assert marked("Bevacizumab", "Trastuzumab") == (Span("text", "Bevacizumab"),)
    assert marked("one two three four", "one two three five") == (Span("text", "one two three "), Span("mark", "four"))


@pytest.mark.parametrize(
    ("show", "raw", "style"),
    [
        (study, "NCT06254807", "study"),
        (study, "NCT0625480", "code"),
        (study, "NCT06254807/../x", "code"),
        (study, "javascript:alert(1)", "code"),
        (concept, "C1647", "concept"),
        (concept, "C01", "code"),
        (concept, "C1647&x=1", "code"),
    ],
)
def test_only_an_id_of_exactly_its_form_becomes_a_link(
    show: Callable[[object], tuple[Span, ...]], raw: str, style: str
) -> None:
    assert [(span.style, span.text) for span in show(raw)] == [(style, raw)]


def test_text_from_strangers_loses_what_a_reader_would_obey() -> None:
    assert safe("a\u202eb\x1b[31mc\x00\nd\ud800") == "abc d"
    assert safe(["x", "y"]) == "x; y"
    assert safe({"b": 1, "a": None}) == '{"a": null, "b": 1}'
    assert (safe(None), safe(""), safe(0)) == ("", "", "0")


def test_only_sixteen_hex_digits_come_into_a_command() -> None:
    assert hex16("0123456789abcdef") == "0123456789abcdef"
    assert hex16("x; rm -rf ~") is None
    page = build_page(summary(), conflicts=[retired(1, cause="'; rm -rf ~; '", fingerprint="$(id)")])
    assert page.news.causes[0].id is None
    assert page.news.causes[0].records[0].fingerprint is None


@pytest.mark.parametrize(
    ("code", "tone", "word"),
    [
        (0, "good", "Complete"),
        (3, "good", "Complete"),
        (4, "error", "Stopped by a gate"),
        (5, "warning", "Incomplete"),
        (1, "error", "Failed"),
    ],
)
def test_did_it_run(code: int, tone: str, word: str) -> None:
    state = build_page(summary(exit_code=code)).run.state
    assert (state.tone, state.word) == (tone, word)


def test_what_a_run_has_to_say_stands_beside_whether_it_ran_and_whole_under_the_run() -> None:
    """The page used to say that a source did not answer, and never why."""
    signals = ["ClinicalTrials.gov gave up: 503", "no row gives drug_name any more " + "x" * 300, "<third>\u202e"]
    html = render(build_page(summary(signals=signals)))
    top, _, below = html.partition('id="panels"')
    assert "<li>ClinicalTrials.gov gave up: 503</li>" in top
    assert "<li>and 1 more, under The run</li>" in top
    assert "x" * 300 not in top
    assert f"<li>{signals[1]}</li><li>&lt;third&gt;</li>" in below
    assert 'class="signals"' not in render(build_page(summary()))


def test_coverage_never_rounds_up_to_all_of_it() -> None:
    counts = {"found": 99_999, "not_found": 0, "unavailable": 1, "invalid": 5, "not_given": 5}
    page = build_page(summary(links={"study": counts, "concept": counts | {"unavailable": 0}}))
    assert [source.covered for source in page.run.sources] == ["99.9 %", "100 %"]
    assert build_page(summary(links={})).run.sources[0].covered == "no links"


def test_acknowledgements_say_when_they_end_and_when_they_met_nothing() -> None:
    rows = build_page(**usual()).acknowledgements.rows
    assert [said(row[4]) for row in rows] == ["ends this week", "met nothing: take it out", "in force"]


def test_the_command_ends_ninety_days_after_the_run() -> None:
    assert build_page(summary()).acknowledge.endswith("--until 2027-02-21")
    assert build_page({}).acknowledge.endswith("--until YYYY-MM-DD")


def test_the_trend_ends_with_this_run_and_counts_it_once() -> None:
    past = [summary(run_id=f"r{n}", conflicts={"error": n, "warning": 5, "info": 0}) for n in range(40)]
    trend = build_page(summary(), history=[*past, summary()]).trend
    assert len(trend.nights) == 30
    assert trend.nights[-1].run_id == "2026-11-23"
    assert (trend.lines[0].lowest, trend.lines[0].highest, trend.lines[0].last) == (11, 48, 48)


@pytest.mark.parametrize(
    ("sources", "links", "names"),
    [
        ({"ctgov": {"stale": 3}}, {}, "ClinicalTrials.gov"),
        ({}, {"concept": {"unavailable": 1}}, "NCI Thesaurus"),
        ({"ctgov": {"stale": 3}, "ncit": {"stale": 1}}, {}, "ClinicalTrials.gov and NCI Thesaurus"),
        ({}, {}, "A source"),
    ],
)
def test_an_incomplete_run_names_the_source_that_was_silent(sources: Any, links: Any, names: str) -> None:
    state = build_page(summary(exit_code=5, sources=sources, links=links)).run.state
    assert state.sentence.startswith(f"{names} did not answer for every link")


def test_a_kind_of_another_version_speaks_for_itself() -> None:
    page: Page = build_page(summary(), conflicts=[retired(1) | {"kind": "made_up", "severity": "fatal"}])
    assert (page.news.causes[0].kind, page.news.causes[0].severity) == ("made_up", "info")
