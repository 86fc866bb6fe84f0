"""The targets of the measurement, held on the gold tables. The benchmark lists every miss."""

from collections import Counter
from pathlib import Path

import pytest
from benchmarks.quality import sets
from benchmarks.quality.direct import Measured, measure
from benchmarks.quality.gold import Gold, read_gold


@pytest.fixture(scope="module")
def gold(realdata: Path) -> Gold:
    if not (realdata / "gold").is_dir():
        pytest.skip(f"no gold tables at {realdata / 'gold'}")
    return read_gold(realdata / "gold")


def verdicts(measured: list[Measured], edge: str) -> Counter[str]:
    return Counter(item.edges[edge].verdict for item in measured if edge in item.edges)


def test_true_links_are_confirmed(gold: Gold) -> None:
    counts = verdicts(measure(sets.true_links(gold), gold), "study_concept")
    assert counts["match"] >= 0.95 * counts.total()
    assert counts["mismatch"] <= 0.02 * counts.total()


@pytest.mark.parametrize("edge", ["record_study", "study_concept"])
def test_wrong_links_never_match_and_are_seen(gold: Gold, edge: str) -> None:
    measured = [item for item in measure(sets.wrong_links(gold), gold) if item.case.set != "wrong_concept"]
    counts = verdicts(measured, edge)
    assert counts["match"] == 0
    assert counts["mismatch"] >= 0.995 * counts.total()


def test_whole_studies_never_match_a_drug_that_they_do_not_name(gold: Gold) -> None:
    if not gold.studies:
        pytest.skip("no whole studies beside the gold tables")
    counts = verdicts(measure(sets.real_studies(gold), gold), "record_study")
    assert counts["match"] == 0
    assert counts["mismatch"] >= 0.95 * counts.total()


def test_curated_names(gold: Gold) -> None:
    measured = measure(sets.curated_names(gold), gold)
    same = verdicts([item for item in measured if item.case.set == "name_same"], "record_concept")
    wrong = verdicts([item for item in measured if item.case.set == "name_wrong"], "record_concept")
    assert same["mismatch"] <= 0.05 * same.total()
    assert set(wrong) == {"mismatch"}


def test_products_with_one_target_are_not_confirmed_by_class_words(gold: Gold) -> None:
    assert verdicts(measure(sets.cell_products(gold), gold), "record_concept")["match"] == 0


def test_plain_errors_are_all_seen(gold: Gold) -> None:
    assert set(verdicts(measure(sets.plain_errors(gold), gold), "record_concept")) == {"mismatch"}


def test_a_retold_definition_is_silent_and_anothers_is_not(gold: Gold) -> None:
    for item in measure(sets.definitions(gold), gold):
        assert item.ratio is not None
        assert (item.ratio == 100) if item.case.set == "definition_retold" else (item.ratio < 40)
