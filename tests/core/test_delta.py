"""The delta: every change once, with its reason; an outage is no news."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made.nights import Morning, delta_of, night
from made.runs import MadeRun, Row, concept, conflict, found, gone, stale, study, unavailable
from trialweave.core.delta import Comparison, compare_runs
from trialweave.core.pending import Pending, as_line, of_lines

NOT_MENTIONED = conflict("study_drug_not_mentioned", "nct_id_drug_ref", "CT-0525", "CT-0508", severity="error")
UNCONFIRMED = conflict("concept_name_unconfirmed", "nci_thesaurus_concept_id", "CT-0525", "X", "Other drug")
DIFFERENT = conflict(
    "concept_different_drug", "nci_thesaurus_concept_id", "CT-0525", "X", "Other drug", severity="error"
)
GENERIC = conflict("record_name_generic", "drug_name", "antibody", severity="info")
STATE = {
    **conflict("study_state", "nct_id_drug_ref", severity="info"),
    "claims": [{"source": "ctgov", "path": "/s", "value": "WITHDRAWN"}],
}

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"
WITHDRAWN = found(study("NCT00000001", "WITHDRAWN"))


def run(*rows: Row, on: str = MONDAY, **more: object) -> MadeRun:
    return MadeRun(list(rows), run_id=on, **more)  # type: ignore[arg-type]


def nothing_told(morning: Morning) -> bool:
    return morning.told() == set() and morning.delta["source_changes"] == []


def test_the_first_run_is_new_because_of_its_records_and_is_folded() -> None:
    morning = night(None, run(Row("a", conflicts=(NOT_MENTIONED, GENERIC))))
    assert morning.delta["since"] is None
    assert morning.told() == {
        ("new", "study_drug_not_mentioned", "a", "record_added"),
        ("new", "record_name_generic", "a", "record_added"),
    }
    assert (morning.news.new, morning.news.folded) == (0, {"record_added": 2})
    assert morning.delta["records"] == {"added": 1, "changed": 0, "removed": 0}


def test_a_quiet_night_tells_nothing_and_keeps_the_first_sight() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,))))
    second = night(first, run(Row("a", conflicts=(NOT_MENTIONED,)), on=TUESDAY))
    assert nothing_told(second)
    assert second.delta["standing"] == 1
    (kept,) = second.run.conflicts()
    assert (kept["first_seen_run"], kept["first_seen_on"], kept["acknowledged_until"]) == (MONDAY, MONDAY, None)
    assert second.news.oldest == MONDAY


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param(Row("a"), Row("a", study=WITHDRAWN), "study", id="the study's facts changed"),
        pytest.param(Row("a"), Row("a", study=gone()), "study", id="the study is gone"),
        pytest.param(
            Row("a"),
            Row("a", study=found(study("NCT00000001"), stamp=TUESDAY)),
            "study",
            id="its prose changed, which the facts do not show",
        ),
        pytest.param(
            Row("a"), Row("a", concept=found(concept("C1", "Drug B"))), "concept", id="the other source changed"
        ),
        pytest.param(Row("a"), Row("a", name="CT-0525"), "record_edited", id="a cited cell was edited"),
        pytest.param(
            Row("a"), Row("a", name="CT-0525", study=WITHDRAWN), "record_edited", id="a cited cell beats the study"
        ),
        pytest.param(
            Row("a"), Row("a", more={"drug_class": "x"}, study=WITHDRAWN), "study", id="the study beats an uncited cell"
        ),
        pytest.param(Row("a"), Row("a", more={"drug_class": "x"}), "record_edited", id="an uncited cell"),
        pytest.param(
            Row("a"),
            Row("a", nct="NCT00000002", study=found(study("NCT00000002"))),
            "record_edited",
            id="another study was linked",
        ),
        pytest.param(
            Row("a", study=unavailable()), Row("a"), "record_added", id="the study could be asked for the first time"
        ),
    ],
)
def test_the_reason_of_a_conflict_about_a_study(before: Row, after: Row, reason: str) -> None:
    first = night(None, run(before))
    came = night(first, run(replace(after, conflicts=(NOT_MENTIONED,)), on=TUESDAY))
    assert came.told() == {("new", "study_drug_not_mentioned", "a", reason)}


def test_a_study_that_answers_again_after_it_was_lost_is_a_change_of_the_study() -> None:
    first = night(None, run(Row("a")))
    lost = night(first, run(Row("a", study=unavailable()), on=TUESDAY))
    came = night(lost, run(Row("a", conflicts=(NOT_MENTIONED,)), on=WEDNESDAY))
    assert came.told() == {("new", "study_drug_not_mentioned", "a", "study")}


def test_a_conflict_that_is_silent_while_the_other_source_is_down_was_not_rechecked() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,))))
    dark = night(first, run(Row("a", concept=unavailable()), on=TUESDAY))
    assert dark.told() == set()
    assert (dark.delta["standing"], dark.delta["not_rechecked"]) == (1, 1)
    light = night(dark, run(Row("a", conflicts=(NOT_MENTIONED,)), on=WEDNESDAY))
    assert light.told() == set()
    assert (light.delta["standing"], light.delta["not_rechecked"]) == (1, 0)


@pytest.mark.parametrize(
    ("edited", "reason"),
    [
        (Row("a", name="Drug B", study=unavailable()), "record_edited"),
        (Row("a", nct="NCT00000002", study=unavailable()), "record_edited"),
        (Row("a", more={"drug_class": "x"}, study=unavailable()), "record_edited"),
    ],
)
def test_an_edit_while_the_study_is_lost_is_the_reason_once_it_answers(edited: Row, reason: str) -> None:
    dark = night(night(None, run(Row("a"))), run(edited, on=TUESDAY))
    assert nothing_told(dark)
    darker = night(dark, run(edited, on="2026-11-24"))
    there = found(study(edited.nct or ""))
    came = night(darker, run(replace(edited, study=there, conflicts=(NOT_MENTIONED,)), on=WEDNESDAY))
    assert came.told() == {("new", "study_drug_not_mentioned", "a", reason)}
    assert came.run.waiting == {}


def test_rules_and_settings_are_folded_and_yield_to_a_changed_study() -> None:
    first = night(None, run(Row("a"), Row("b"), Row("c")))
    other = found(study("NCT00000009", "WITHDRAWN"))
    rows = (
        Row("a", conflicts=(NOT_MENTIONED,)),
        Row("b", conflicts=(NOT_MENTIONED,), nct="NCT00000001", study=replace(WITHDRAWN, stamp=TUESDAY)),
        Row("c", conflicts=(GENERIC,), study=other),
    )
    morning = night(first, run(*rows, on=TUESDAY, rules="2"))
    assert morning.told() == {
        ("new", "study_drug_not_mentioned", "a", "rules"),
        ("new", "study_drug_not_mentioned", "b", "study"),
        ("new", "record_name_generic", "c", "rules"),
    }
    assert (morning.news.new, dict(morning.news.folded)) == (1, {"rules": 2})
    again = night(first, run(Row("a", conflicts=(NOT_MENTIONED,)), Row("b"), Row("c"), on=TUESDAY, settings="t"))
    assert again.told() == {("new", "study_drug_not_mentioned", "a", "settings")}
    back = night(again, run(Row("a"), Row("b"), Row("c"), on=WEDNESDAY, settings="s"))
    assert back.told() == {("resolved", "study_drug_not_mentioned", "a", "settings")}
    assert (back.news.resolved, dict(back.news.folded)) == (0, {"settings": 1})


def test_facts_that_new_rules_read_out_of_the_same_content_are_the_rules() -> None:
    first = night(None, run(Row("a")))
    more = found(study("NCT00000001") | {"read_since_these_rules": "x"})
    upgraded = night(first, run(Row("a", study=more, conflicts=(NOT_MENTIONED,)), on=TUESDAY, rules="2"))
    assert upgraded.told() == {("new", "study_drug_not_mentioned", "a", "rules")}


@pytest.mark.parametrize(("more", "reason"), [({"rules": "2"}, "rules"), ({"settings": "t"}, "settings")])
@pytest.mark.parametrize("nights", [1, 2])
def test_other_rules_or_settings_behind_an_unavailable_study_are_the_reason_unless_the_study_changed(
    more: dict[str, str], reason: str, nights: int
) -> None:
    dark = night(None, run(Row("a"), Row("b"), Row("c", conflicts=(NOT_MENTIONED,)), Row("d")))
    for day in (TUESDAY, WEDNESDAY)[:nights]:
        lost = [Row(name, study=unavailable()) for name in "abcd"]
        dark = night(dark, run(*lost, on=day, **more))
        assert nothing_told(dark)
    rows = (
        Row("a", conflicts=(NOT_MENTIONED,)),
        Row("b", study=WITHDRAWN, conflicts=(STATE,)),
        Row("c"),
        Row("d", conflicts=(DIFFERENT,)),
    )
    back = night(dark, run(*rows, on=THURSDAY, **more))
    assert back.told() == {
        ("new", "study_drug_not_mentioned", "a", reason),
        ("new", "study_state", "b", "study"),
        ("resolved", "study_drug_not_mentioned", "c", reason),
        ("new", "concept_different_drug", "d", reason),
    }
    assert (back.news.new, dict(back.news.folded)) == (1, {reason: 3})
    assert back.run.waiting == {}


def test_what_an_unavailable_study_said_last_is_kept_until_it_answers_again() -> None:
    dark = night(None, run(Row("a"), Row("b")))
    for day in (TUESDAY, WEDNESDAY):
        dark = night(dark, run(Row("a", study=unavailable()), Row("b", nct="NCT00000002", study=unavailable()), on=day))
    last = dark.run.waiting["a"]["ctgov"].last
    assert last is not None
    assert (last.outcome, last.id) == ("found", "NCT00000001")
    assert dark.run.waiting["a"]["ctgov"] == Pending(last=last)
    assert dark.run.waiting["b"]["ctgov"] == Pending(moved=True, edited=frozenset({"/nct_id_drug_ref"}))
    as_read = of_lines([json.loads(json.dumps(as_line("a", dark.run.waiting["a"])))])
    assert as_read == {"a": dark.run.waiting["a"]}


def test_a_release_is_the_reason_only_where_nothing_of_the_record_shows_one() -> None:
    first = night(None, run(Row("a"), Row("b")))
    rows = (
        Row("a", conflicts=(UNCONFIRMED,)),
        Row("b", concept=found(concept("C1", "Drug B", release="26.11a")), conflicts=(UNCONFIRMED,)),
    )
    morning = night(first, run(*rows, on=TUESDAY, release="26.11a"))
    assert morning.told("new") == {
        ("new", "concept_name_unconfirmed", "a", "release"),
        ("new", "concept_name_unconfirmed", "b", "concept"),
    }


def test_a_release_that_came_while_the_thesaurus_was_silent_is_the_reason_once_it_answers() -> None:
    first = night(None, run(Row("a")))
    row = Row("a", concept=stale(Row("a").concept))
    dark = night(first, run(row, on=TUESDAY, release=None, copies={"26.10d": 1}))
    assert nothing_told(dark)
    back = night(dark, run(Row("a", conflicts=(UNCONFIRMED,)), on=WEDNESDAY, release="26.11a"))
    assert back.told() == {("new", "concept_name_unconfirmed", "a", "release")}


def test_a_release_alone_changes_no_concept() -> None:
    first = night(None, run(Row("a")))
    moved = run(Row("a", concept=found(concept("C1", release="26.11a"))), on=TUESDAY, release="26.11a")
    assert nothing_told(night(first, moved))


def test_another_value_is_a_change_and_starts_a_new_age() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,))))
    other = conflict("study_drug_not_mentioned", "nct_id_drug_ref", "CT-0525", "CT-0599", severity="error")
    second = night(first, run(Row("a", conflicts=(other,), study=WITHDRAWN), on=TUESDAY))
    assert second.told() == {("changed", "study_drug_not_mentioned", "a", "study")}
    assert [c["first_seen_run"] for c in second.run.conflicts()] == [TUESDAY]
    assert (second.news.changed, second.news.new) == (1, 0)


def test_a_conflict_that_is_gone_is_resolved_because_of_what_changed() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,))))
    assert night(first, run(Row("a", study=WITHDRAWN), on=TUESDAY)).told() == {
        ("resolved", "study_drug_not_mentioned", "a", "study")
    }
    blank = Row("a", nct=None, study=unavailable())
    assert night(first, run(blank, on=TUESDAY)).told() == {
        ("resolved", "study_drug_not_mentioned", "a", "record_edited")
    }


def test_the_conflicts_of_a_removed_record_are_no_news() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,)), Row("b", name="Drug B", code="C2")))
    second = night(first, run(Row("b", name="Drug B", code="C2"), on=TUESDAY))
    assert nothing_told(second)
    assert second.delta["records"] == {"added": 0, "changed": 0, "removed": 1}
    assert list(second.run.conflicts()) == []


# ---------------------------------------------------------------- an outage


@pytest.mark.parametrize("down", [unavailable(), stale(Row("a").study)], ids=["unavailable", "stale"])
def test_an_outage_resolves_nothing_and_the_morning_after_tells_nothing(down: object) -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED, UNCONFIRMED))))
    dark = night(first, run(Row("a", study=down, conflicts=(UNCONFIRMED,)), on=TUESDAY))  # type: ignore[arg-type]
    assert nothing_told(dark)
    assert (dark.delta["standing"], dark.delta["not_rechecked"]) == (2, 1)
    after = night(dark, run(Row("a", conflicts=(NOT_MENTIONED, UNCONFIRMED)), on=WEDNESDAY))
    assert nothing_told(after)
    assert (after.delta["standing"], after.delta["not_rechecked"]) == (2, 0)
    assert {c["first_seen_run"] for c in after.run.conflicts()} == {MONDAY}
    assert not any("not_rechecked" in c for c in after.run.conflicts())


def test_what_changed_during_an_outage_is_told_on_the_morning_that_can_ask_again() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,))))
    dark = night(first, run(Row("a", study=stale(Row("a").study), conflicts=(NOT_MENTIONED,)), on=TUESDAY))
    after = night(dark, run(Row("a", study=WITHDRAWN), on=WEDNESDAY))
    assert after.told() == {("resolved", "study_drug_not_mentioned", "a", "study")}
    assert after.changes() == {("NCT00000001", "status", "RECRUITING", "WITHDRAWN")}


def test_a_record_mended_during_an_outage_is_resolved_when_its_check_has_run_because_of_the_edit() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,))))
    mended = Row("a", name="CT-0508", study=stale(Row("a").study))
    dark = night(first, run(mended, on=TUESDAY))
    assert dark.told() == set()
    after = night(dark, run(replace(mended, study=Row("a").study), on=WEDNESDAY))
    assert after.told() == {("resolved", "study_drug_not_mentioned", "a", "record_edited")}


def test_a_conflict_that_only_a_missing_answer_made_is_held_and_goes_silently() -> None:
    first = night(None, run(Row("a", conflicts=(DIFFERENT,))))
    dark = night(first, run(Row("a", study=unavailable(), conflicts=(UNCONFIRMED,)), on=TUESDAY))
    assert nothing_told(dark)
    assert {(c["kind"], c.get("provisional"), c.get("not_rechecked")) for c in dark.run.conflicts()} == {
        ("concept_name_unconfirmed", True, None),
        ("concept_different_drug", None, True),
    }
    assert nothing_told(night(dark, run(Row("a", study=unavailable(), conflicts=(UNCONFIRMED,)), on=WEDNESDAY)))
    assert nothing_told(night(dark, run(Row("a", conflicts=(DIFFERENT,)), on=WEDNESDAY)))
    stayed = night(dark, run(Row("a", conflicts=(UNCONFIRMED,)), on=WEDNESDAY))
    assert stayed.told() == {
        ("new", "concept_name_unconfirmed", "a", "study"),
        ("resolved", "concept_different_drug", "a", "study"),
    }


def test_a_value_that_differs_only_for_want_of_an_answer_is_displaced_by_the_earlier_one() -> None:
    poorer = conflict("concept_different_drug", "nci_thesaurus_concept_id", "CT-0525", "", "Other drug")
    first = night(None, run(Row("a", conflicts=(DIFFERENT,))))
    dark = night(first, run(Row("a", study=unavailable(), conflicts=(poorer,)), on=TUESDAY))
    assert nothing_told(dark)
    assert [c["cause"] for c in dark.run.conflicts()] == [DIFFERENT["cause"]]
    darker = night(dark, run(Row("a", study=unavailable(), conflicts=(poorer,)), on=WEDNESDAY))
    assert nothing_told(darker)
    assert [c["cause"] for c in darker.run.conflicts()] == [DIFFERENT["cause"]]
    assert nothing_told(night(darker, run(Row("a", conflicts=(DIFFERENT,)), on="2026-11-26")))


def test_a_record_alone_is_checked_whatever_the_sources_do() -> None:
    first = night(None, run(Row("a", name="antibody", conflicts=(GENERIC,))))
    dark = night(first, run(Row("a", study=unavailable(), concept=unavailable()), on=TUESDAY))
    assert dark.told() == {("resolved", "record_name_generic", "a", "record_edited")}


# ---------------------------------------------------------------- re-keyed records


def test_a_rekeyed_record_keeps_its_conflicts() -> None:
    first = night(None, run(Row("a", name="CT-0525", conflicts=(GENERIC,))))
    renamed = Row("z", name="CT-525 (zanolimab)", conflicts=(GENERIC,))
    second = night(first, run(renamed, on=TUESDAY))
    assert nothing_told(second)
    assert second.delta["records"] == {"added": 0, "changed": 1, "removed": 0}
    (kept,) = second.run.conflicts()
    assert (kept["record_id"], kept["first_seen_run"]) == ("z", MONDAY)
    assert nothing_told(night(second, run(renamed, on=WEDNESDAY)))


def test_a_rekeyed_record_during_an_outage_is_no_news_on_either_morning() -> None:
    first = night(None, run(Row("a", name="CT-0525", conflicts=(NOT_MENTIONED,))))
    renamed = Row("z", name="CT-0525", nct="NCT00000001", study=unavailable(), more={"record_id": "z"})
    dark = night(first, run(renamed, on=TUESDAY))
    assert dark.told() == set()
    back = night(dark, run(replace(renamed, study=Row("a").study, conflicts=(NOT_MENTIONED,)), on=WEDNESDAY))
    assert back.told() == set()


@pytest.mark.parametrize(
    ("renamed", "paired"),
    [
        (Row("z", name="Other"), True),
        (Row("z", name=" drug–A", code="C9"), False),
        (Row("z", name="DRUG  a", code="C9"), True),
        (Row("z", nct="NCT00000009"), True),
        (Row("z", nct=None, code=None), False),
        (Row("z", name="Other", nct="NCT00000009"), False),
    ],
)
def test_a_record_is_known_again_by_two_of_name_study_and_concept(renamed: Row, paired: bool) -> None:
    changes = compare_runs(run(Row("a")), run(renamed))
    assert (changes.of("z").before_id, changes.removed) == (("a", 0) if paired else (None, 1))


# ---------------------------------------------------------------- acknowledgements, scope, findings across records


def test_an_acknowledged_conflict_is_counted_and_returns_when_its_time_is_over() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,))))
    known = night(first, run(Row("a", conflicts=(NOT_MENTIONED,)), on=TUESDAY), lambda _: "2026-11-24")
    assert nothing_told(known)
    assert (known.delta["acknowledged"], known.delta["standing"]) == (1, 0)
    ended = night(known, run(Row("a", conflicts=(NOT_MENTIONED,)), on=WEDNESDAY))
    assert ended.told() == {("new", "study_drug_not_mentioned", "a", "acknowledgement_expired")}
    assert [c["first_seen_run"] for c in ended.run.conflicts()] == [MONDAY]
    assert ended.news.alarms == {"error": 1}
    assert nothing_told(night(ended, run(Row("a", conflicts=(NOT_MENTIONED,)), on="2026-11-26")))


def test_an_acknowledged_conflict_whose_value_changes_is_reopened() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,))), lambda _: "2027-01-01")
    other = conflict("study_drug_not_mentioned", "nct_id_drug_ref", "CT-0525", "CT-0599", severity="error")
    second = night(first, run(Row("a", conflicts=(other,), study=WITHDRAWN), on=TUESDAY))
    assert second.told() == {("changed", "study_drug_not_mentioned", "a", "study")}
    assert second.news.reached("error")


def test_a_partial_run_resolves_nothing_outside_its_scope() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,)), Row("b", name="B", code="C2", conflicts=(GENERIC,))))
    part = night(first, run(Row("b", name="B", code="C2", study=WITHDRAWN), on=TUESDAY), partial=True)
    assert part.told() == {("resolved", "record_name_generic", "b", "record_edited")}
    assert part.delta["records"]["removed"] == 0


def test_a_record_of_a_partial_run_is_never_taken_for_one_outside_its_scope() -> None:
    first = night(None, run(Row("a", conflicts=(NOT_MENTIONED,))))
    twin = night(first, run(Row("b", name="Other"), on=TUESDAY), partial=True)
    assert twin.told() == set()
    assert twin.delta["records"] == {"added": 1, "changed": 0, "removed": 0}


def test_an_acknowledgement_hides_no_mark_of_an_outage() -> None:
    first = night(None, run(Row("a")))
    dark = night(
        first, run(Row("a", study=unavailable(), conflicts=(UNCONFIRMED,)), on=TUESDAY), lambda _: "2027-01-01"
    )
    assert nothing_told(dark)
    assert nothing_told(night(dark, run(Row("a"), on=WEDNESDAY), lambda _: "2027-01-01"))


def test_findings_across_records_stand_in_the_file_and_not_in_the_delta() -> None:
    twice = {
        **conflict("xrec_duplicate", "nct_id_drug_ref", "NCT00000001", severity="info"),
        "fingerprint": "f" * 16,
        "record_ids": ["a", "b"],
    }
    first = night(None, run(Row("a"), across=[twice]))
    second = night(first, run(Row("a"), on=TUESDAY, across=[{**twice, "record_ids": ["a", "c"]}]))
    assert nothing_told(second)
    assert second.delta["standing"] == 0
    assert [(c["record_ids"], c["first_seen_run"]) for c in second.run.conflicts()] == [(["a", "c"], MONDAY)]


# ---------------------------------------------------------------- whatever the runs


SEEN = st.sets(st.sampled_from([NOT_MENTIONED["kind"], UNCONFIRMED["kind"], GENERIC["kind"], STATE["kind"]]))
BY_KIND = {c["kind"]: c for c in (NOT_MENTIONED, UNCONFIRMED, GENERIC, STATE)}
STATUSES = st.sampled_from(["RECRUITING", "WITHDRAWN"])


@st.composite
def runs(draw: st.DrawFn, on: str, outages: bool = True) -> MadeRun:
    """Six records at most, over three studies and three concepts, in any state; without outages all answer."""
    studies, concepts = [], []
    for number in range(3):
        answer = found(study(f"NCT0000000{number}", draw(STATUSES)))
        studies.append(draw(st.sampled_from([answer, stale(answer), unavailable(), gone()])) if outages else answer)
        concepts.append(found(concept(f"C{number + 1}", draw(st.sampled_from(["X", "Y"])))))
    ids = draw(st.sets(st.integers(0, 5)))
    rows = [
        Row(
            f"r{number}",
            name=f"Drug {number}",
            nct=f"NCT0000000{number % 3}",
            code=f"C{number % 3 + 1}",
            study=studies[number % 3],
            concept=concepts[number % 3],
            conflicts=tuple(BY_KIND[kind] for kind in sorted(draw(SEEN))),
        )
        for number in sorted(ids)
    ]
    return run(*rows, on=on)


@given(runs(MONDAY), runs(TUESDAY))
def test_a_run_laid_beside_itself_has_no_delta(first: MadeRun, second: MadeRun) -> None:
    later = night(night(None, first), second)
    itself = delta_of(Comparison(later.run, later.run, compare_runs(later.run, later.run)))
    assert [itself[name] for name in ("new", "changed", "resolved", "source_changes")] == [[], [], [], []]
    assert itself["records"] == {"added": 0, "changed": 0, "removed": 0}


@given(runs(MONDAY), runs(TUESDAY), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(first: MadeRun, second: MadeRun, random: st.DataObject) -> None:
    def shuffled(given_run: MadeRun) -> MadeRun:
        rows = list(given_run.rows)
        random.shuffle(rows)  # type: ignore[attr-defined]
        return replace(given_run, rows=rows)

    straight = night(night(None, first), second)
    mixed = night(night(None, shuffled(first)), shuffled(second))
    assert mixed.told() == straight.told()
    assert mixed.news == straight.news
    assert mixed.delta["source_changes"] == straight.delta["source_changes"]


@given(runs(MONDAY, outages=False), runs(TUESDAY, outages=False))
def test_what_is_new_one_way_is_resolved_the_other_way(first: MadeRun, second: MadeRun) -> None:
    kept = {row.record_id for row in first.rows} & {row.record_id for row in second.rows}
    there, back = night(first, second), night(second, first)

    def keys(morning: Morning, name: str) -> set[tuple[str, str]]:
        return {(e["kind"], e["record_id"]) for e in morning.delta[name] if e["record_id"] in kept}

    assert keys(there, "new") == keys(back, "resolved")
    assert keys(there, "resolved") == keys(back, "new")


@given(runs(MONDAY), runs(TUESDAY), runs(WEDNESDAY), st.lists(SEEN, min_size=3, max_size=3))
def test_every_conflict_of_the_file_is_counted_once(
    first: MadeRun, second: MadeRun, third: MadeRun, acknowledged: list[set[str]]
) -> None:
    morning: Morning | None = None
    for seen, known in zip((first, second, third), acknowledged, strict=True):
        morning = night(morning, seen, lambda c, known=known: "2027-01-01" if c["kind"] in known else None)  # type: ignore[misc]
        delta = morning.delta
        told = len(delta["new"]) + len(delta["changed"]) + delta["standing"] + delta["acknowledged"]
        assert told == len(list(morning.run.conflicts()))
        keys = [(c["kind"], c["record_id"], c["field"]) for c in morning.run.conflicts()]
        assert len(keys) == len(set(keys))


@given(runs(MONDAY, outages=False), st.data())
def test_an_outage_between_two_equal_nights_is_never_news(first: MadeRun, data: st.DataObject) -> None:
    """Whatever the checks make of the missing answers."""
    known = night(None, first)

    def dark(row: Row) -> Row:
        down = data.draw(st.sampled_from([unavailable(), stale(row.study)]))
        if down.stale:
            return replace(row, study=down)
        alone = {c["kind"] for c in row.conflicts} & {"record_name_generic"}
        seen = (data.draw(SEEN) - {"record_name_generic", "study_state"}) | alone
        return replace(row, study=down, conflicts=tuple(BY_KIND[kind] for kind in sorted(seen)))

    night_out = night(known, replace(first, rows=[dark(row) for row in first.rows], run_id=TUESDAY))
    assert nothing_told(night_out)
    assert nothing_told(night(night_out, replace(first, run_id=WEDNESDAY)))
