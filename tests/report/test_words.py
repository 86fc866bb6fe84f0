"""The sentences of the morning page: true on quiet, dark, partial and first nights too."""

from __future__ import annotations

import re
from typing import Any

import pytest

from report.sample import history, summary
from report.test_html import Reader
from report.test_page import delta, retired
from trialweave.report.html import render
from trialweave.report.page import build_page

DARK = {"study": {"found": 5, "not_found": 0, "unavailable": 2, "invalid": 0, "not_given": 0}}


CALM = {"conflicts": {"error": 0, "warning": 0, "info": 0, "by_kind": {}, "acknowledged": 0}}


def read(*arguments: Any, **more: Any) -> str:
    """The text of a page, its spaces made one."""
    return re.sub(r"\s+", " ", " ".join(Reader(render(build_page(*arguments, **more))).text))


def test_the_trend_says_in_words_what_its_lines_show() -> None:
    """It said that there had been between 17 and 27 before, and 27 was this run."""
    past = [summary(run_id=f"r{n}", conflicts={"error": n, "warning": 5, "info": 0}) for n in (17, 19)]
    now = summary(conflicts={"error": 27, "warning": 5, "info": 1})
    error, warning, _ = build_page(now, history=past).trend.lines
    assert error.spoken == "error: 27 in this run, between 17 and 27 in the last 3 runs"
    assert warning.spoken == "warning: 5 in each of the last 3 runs"
    text = read(now, history=past)
    assert "17 – 27" in text
    assert "5 – 5" not in text
    assert "also those acknowledged and those across records" in text


def test_a_part_of_the_table_says_so_and_draws_no_trend() -> None:
    """A run over 15 of 41 records looked as if two thirds of the conflicts were gone."""
    part = summary(scope="f4d999c15e5e06b6")
    assert "Only the records that --only lists were looked at." in read(part, delta(), history=history())
    assert build_page(part, delta(), history=history()).trend.nights[:-1] == ()
    assert "--only" not in read(summary(), delta(), history=history())


def test_nothing_new_is_no_good_news_where_a_source_was_silent() -> None:
    quiet = summary(exit_code=5, links=DARK)
    text = read(quiet, delta(standing=4, not_rechecked=3))
    assert "No conflict is new, changed or re-opened in what could be asked." in text
    assert "Nothing is new since 2026-11-20 in what could be asked." in text
    assert "What could not be asked about is asked again in the next run." in text
    news = render(build_page(quiet, delta())).partition('id="panel-news"')[2].partition("</section>")[0]
    assert "#s-good" not in news
    assert "No record disagrees with its sources in what could be asked." in read(quiet | CALM)
    assert "could be asked" not in read(summary(), delta())


def test_what_is_folded_is_named_where_nothing_else_is_new() -> None:
    entries = [retired(1) | {"because": "record_added"}, retired(2, severity="info") | {"because": "record_added"}]
    dark = read(summary(exit_code=5, links=DARK), delta(new=entries))
    assert "Nothing is new since 2026-11-20 in what could be asked, but for what is folded." in dark
    text = read(summary(), delta(new=entries))
    assert "No conflict is new, changed or re-opened, but for what is folded." in text
    assert "2 conflicts (1 error) in 1 cause" in text
    assert "folded: new records 2 1 error" in text


def test_errors_in_a_fold_come_before_those_that_stand() -> None:
    """A new record with a wrong link was nowhere under "What first?", which even said that there is nothing to do."""
    added = [retired(1) | {"because": "record_added"}]
    page = build_page(summary(), delta(new=added), [*added, retired(2)])
    assert page.first == page.folds[0]
    assert "Nothing is new, but for what is folded. From “New records”:" in read(summary(), delta(new=added))
    mild = [retired(1, severity="warning") | {"because": "rules"}]
    assert build_page(summary(), delta(new=mild), [*mild, retired(2)]).first.key == "standing"


def test_refused_rows_are_something_to_do() -> None:
    counts = {"read": 10, "refused": 2, "written": 8}
    assert "2 rows were refused: mend them in the table." in read(summary(records=counts), delta())
    assert "1 row was refused: mend it in the table." in read(summary(records=counts | {"refused": 1}), delta())
    assert "mend" not in read(summary(records=counts | {"refused": 0}), delta())


def test_a_first_run_that_finds_nothing_says_so() -> None:
    text = read(summary() | CALM, delta(since=None))
    assert text.count("No record disagrees with its sources.") == 2


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ({"added": 2, "changed": 3, "removed": 1}, "Records 2 added, 3 edited, 1 removed"),
        ({"added": 0, "changed": 0, "removed": 1_204}, "Records 1,204 removed"),
        ({"added": 0, "changed": 0, "removed": 0}, "Records 10,412"),
    ],
)
def test_records_that_came_and_went_are_counted(records: dict[str, int], words: str) -> None:
    assert words in read(summary(), delta(records=records))


def test_on_a_first_run_no_record_is_called_added() -> None:
    assert "added" not in read(summary(), delta(since=None, records={"added": 10_412, "changed": 0, "removed": 0}))
