"""What the sources changed, told once for all records that link to it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from made.runs import MadeRun, Payload, Row, concept, found, gone, study, unavailable
from trialweave.core.delta import compare_runs
from trialweave.core.pending import as_line, of_lines

OLD, NEW = "NCT00000001", "C1"


Told = set[tuple[str, str | None, str | None]]


def told(before: Row, after: Row) -> Told:
    changes = compare_runs(MadeRun([before]), MadeRun([after])).source_changes
    assert all(change.record_ids == (after.record_id,) for change in changes)
    return {(change.what, change.before, change.after) for change in changes}


def told_after_silence(before: Row, after: Row) -> Told:
    """The same where two nights lie between that had no answer and no copy, and keep their small files."""
    dark = replace(before, study=unavailable(), concept=unavailable())
    earlier = MadeRun([before])
    for _ in range(2):
        changes = compare_runs(earlier, MadeRun([dark]))
        assert changes.source_changes == ()
        lines = [json.loads(json.dumps(as_line(*waiting))) for waiting in changes.pending.items()]
        earlier = MadeRun([dark], waiting=of_lines(lines))
    return {
        (change.what, change.before, change.after) for change in compare_runs(earlier, MadeRun([after])).source_changes
    }


def of_study(facts: dict[str, Any]) -> Row:
    return Row("a", study=found(facts))


def of_concept(facts: dict[str, Any]) -> Row:
    return Row("a", concept=found(facts))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            study(OLD, "RECRUITING"), study(OLD, "SUSPENDED"), {("status", "RECRUITING", "SUSPENDED")}, id="status"
        ),
        pytest.param(
            study(OLD, "S", "GCC19CART", "Placebo"),
            study(OLD, "S", "LYL273", "Placebo"),
            {("intervention_renamed", "GCC19CART", "LYL273")},
            id="the only one that went and the only one that came",
        ),
        pytest.param(
            study(OLD, "S", "A-1", "B-1"),
            study(OLD, "S", "B-2", "A-2", **{"A-2": ["a-1"], "B-2": ["B-1"]}),
            {("intervention_renamed", "A-1", "A-2"), ("intervention_renamed", "B-1", "B-2")},
            id="two renamed, each keeping its old name as another name",
        ),
        pytest.param(
            study(OLD, "S", "A-1", "B-1"),
            study(OLD, "S", "X", "Y"),
            {("intervention_gone", "A-1", None), ("intervention_gone", "B-1", None)},
            id="two went and two came that nothing ties to them",
        ),
        pytest.param(study(OLD, "S", "A", "B"), study(OLD, "S", "A"), {("intervention_gone", "B", None)}, id="gone"),
        pytest.param(study(OLD, "S", "A"), study(OLD, "S", "A", "B"), set(), id="one more intervention"),
        pytest.param(study(OLD, "S", "CT-0525"), study(OLD, "S", "ct–0525"), set(), id="another spelling"),
    ],
)
def test_what_a_study_changed(before: dict[str, Any], after: dict[str, Any], expected: set[object]) -> None:
    assert told(of_study(before), of_study(after)) == expected
    assert told_after_silence(of_study(before), of_study(after)) == expected


RETIRED = concept(NEW, "Drug A", status="Retired_Concept", definition=None)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            concept(NEW, "Akt inhibitor"),
            concept(NEW, "Capivasertib"),
            {("concept_renamed", "Akt inhibitor", "Capivasertib")},
        ),
        (concept(NEW, "Anti-PD1"), concept(NEW, "anti-pd1"), set()),
        (concept(NEW), concept(NEW, definition="Another."), {("concept_redefined", "A drug.", "Another.")}),
        (concept(NEW), concept(NEW, definition="NCI|A  drug. (NCI05)"), set()),
        (concept(NEW), RETIRED, {("concept_retired", "Drug A", None)}),
        (concept(NEW), {**RETIRED, "name": "Drug A (old)"}, {("concept_retired", "Drug A", None)}),
        (
            concept(NEW),
            concept(NEW, status="Retired_Concept", replacements=[("C2", "Drug B", "merge")]),
            {("concept_merged", "Drug A", "C2 Drug B")},
        ),
        (
            concept(NEW),
            concept(NEW, status="Retired_Concept", replacements=[("C2", "Drug B", "retire")]),
            {("concept_retired", "Drug A", None)},
        ),
        (RETIRED, {**RETIRED, "definition": "Back."}, {("concept_redefined", None, "Back.")}),
        (concept(NEW, release="26.10d"), concept(NEW, release="26.11a"), set()),
    ],
)
def test_what_a_concept_changed(before: dict[str, Any], after: dict[str, Any], expected: set[object]) -> None:
    assert told(of_concept(before), of_concept(after)) == expected
    assert told_after_silence(of_concept(before), of_concept(after)) == expected


@pytest.mark.parametrize("payload", [unavailable(), Payload(None, "invalid")])
def test_a_study_that_could_not_be_asked_changed_nothing(payload: Payload) -> None:
    there = of_study(study(OLD))
    assert told(there, Row("a", study=payload)) == set()
    assert told(Row("a", study=payload), there) == set()


def test_a_study_that_the_registry_no_longer_has_is_gone() -> None:
    assert told(Row("a"), Row("a", study=gone())) == {("study_gone", OLD, None)}
    assert told_after_silence(Row("a"), Row("a", study=gone())) == {("study_gone", OLD, None)}


def test_another_link_is_the_records_change_and_not_the_sources() -> None:
    relinked = Row("a", nct="NCT00000002", study=found(study("NCT00000002", "WITHDRAWN")))
    assert told(Row("a"), relinked) == told_after_silence(Row("a"), relinked) == set()


MERGED = Row("a", study=found(study("NCT00000002", "COMPLETED", "Drug B")))


def test_a_study_that_became_an_alias_of_another_one_changed_nothing_in_that_one() -> None:
    """The registry merged two studies: comparing the one with the other would tell of a flip that never was."""
    other = Row("b", nct="NCT00000002", study=found(study("NCT00000002", "COMPLETED", "Drug B")))
    before = MadeRun([Row("a", study=found(study(OLD, "RECRUITING", "Drug A"))), other])
    assert compare_runs(before, MadeRun([MERGED, other])).source_changes == ()
    flipped = Row("b", nct="NCT00000002", study=found(study("NCT00000002", "WITHDRAWN", "Drug B")))
    merged = Row("a", study=found(flipped.study.facts))
    (change,) = compare_runs(before, MadeRun([merged, flipped])).source_changes
    assert (change.id, change.before, change.after) == ("NCT00000002", "COMPLETED", "WITHDRAWN")
    assert change.record_ids == ("a", "b")


def test_an_alias_that_the_registry_dropped_is_gone_and_not_the_study_behind_it() -> None:
    other = Row("b", nct="NCT00000002", study=found(study("NCT00000002", "COMPLETED", "Drug B")))
    (change,) = compare_runs(MadeRun([MERGED, other]), MadeRun([Row("a", study=gone()), other])).source_changes
    assert (change.id, change.what, change.before, change.record_ids) == (OLD, "study_gone", OLD, ("a",))


def test_what_one_record_could_not_see_is_told_for_the_record_that_could() -> None:
    """Two spellings of one study, and only one of them had an answer before."""
    before = MadeRun([Row("a", study=unavailable()), Row("b", nct="NCT00000002", study=found(study("NCT00000002")))])
    flipped = study("NCT00000002", "WITHDRAWN")
    after = MadeRun(
        [
            Row("a", study=found(flipped)),
            Row("b", nct="NCT00000002", study=found(flipped)),
        ]
    )
    (change,) = compare_runs(before, after).source_changes
    assert (change.what, change.after, change.record_ids) == ("status", "WITHDRAWN", ("a", "b"))


def test_all_records_that_link_to_it_are_named_the_new_and_the_relinked_too() -> None:
    changed = found(study(OLD, "WITHDRAWN"))
    before = MadeRun(
        [Row("b"), Row("a", name="X"), Row("c", name="Y", nct="NCT00000002", study=found(study("NCT00000002")))]
    )
    after = MadeRun(
        [
            Row("d", name="N", code="C4", study=changed),
            Row("b", study=changed),
            Row("a", name="X", study=changed),
            Row("c", name="Y", study=changed),
        ]
    )
    (change,) = compare_runs(before, after).source_changes
    assert change.as_dict() == {
        "source": "ctgov",
        "id": OLD,
        "what": "status",
        "before": "RECRUITING",
        "after": "WITHDRAWN",
        "record_ids": ["a", "b", "c", "d"],
    }


def test_a_record_that_is_called_otherwise_by_now_is_named_once() -> None:
    before = MadeRun([Row("a", name="CT-0525")])
    after = MadeRun([Row("z", name="CT-525", study=found(study(OLD, "WITHDRAWN")))])
    (change,) = compare_runs(before, after).source_changes
    assert change.record_ids == ("z",)
