"""The one line of a night."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from trialweave.core.headline import night_headline
from trialweave.core.news import News
from trialweave.core.versions import source_words

DAY = date(2026, 11, 23)
FULL: dict[str, Any] = {
    "complete": True,
    "written": 10412,
    "refused": 0,
    "ending": 5,
    "sources": {"ctgov": {"version": "2026-11-20T09:00:05"}, "ncit": {"version": "26.10d"}},
}


def test_the_line_of_the_contract() -> None:
    news = News("2026-11-20", new=4, errors=1, causes={"a", "b", "c"}, resolved=2, standing=37, oldest="2026-10-13")
    assert night_headline(DAY, news, **FULL) == (
        "2026-11-23 complete: 10,412 records | 4 new (1 error, 3 causes) | 2 resolved | 37 standing (oldest 41 d) | "
        "5 acknowledgements end this week | registry 11-20, NCIt 26.10d"
    )


@pytest.mark.parametrize(
    ("news", "more", "line"),
    [
        (News("x"), {}, "2026-11-23 complete: 1 record | 0 new | 0 resolved | 0 standing"),
        (
            News("x", new=1, causes={"a"}, changed=2, standing=1, oldest="2026-11-23"),
            {"complete": False, "refused": 3, "ending": 1},
            (
                "2026-11-23 incomplete: 1 record, 3 refused | 1 new (0 errors, 1 cause) | 2 changed | 0 resolved | "
                "1 standing (oldest 0 d) | 1 acknowledgement ends this week"
            ),
        ),
        (
            News("x", standing=1, oldest="2026-11-27"),
            {},
            "2026-11-23 complete: 1 record | 0 new | 0 resolved | 1 standing (oldest 0 d)",
        ),
        (
            News("x", folded=Counter({"settings": 1, "rules": 1200})),
            {},
            (
                "2026-11-23 complete: 1 record | 0 new | 0 resolved | 0 standing | "
                "folded: 1,200 by other rules, 1 by other settings"
            ),
        ),
        (
            News(None, folded=Counter({"record_added": 18})),
            {},
            "2026-11-23 complete: 1 record | 0 new | 0 resolved | 0 standing | first run: 18 conflicts",
        ),
    ],
)
def test_parts_that_say_nothing_are_left_out(news: News, more: dict[str, Any], line: str) -> None:
    plain = {"complete": True, "written": 1, "refused": 0, "ending": 0, "sources": {}}
    assert night_headline(DAY, news, **{**plain, **more}) == line


@pytest.mark.parametrize(
    ("registry", "words"),
    [
        ({"version": "2026-11-24T09:00:05", "stale_versions": {}}, "registry 11-24"),
        ({"version": None, "stale_versions": {"2026-11-20T09:00:05": 7}}, "registry 11-20 (stale)"),
        (
            {"version": None, "stale_versions": {"2026-11-20T09:00:05": 7, "2026-11-18": 1, "2026-11-19": 1}},
            "registry 11-18 to 11-20 (stale)",
        ),
        (
            {"version": None, "stale_versions": {"2026-11-20": 7, "2026-11-20T09:00:05": 1}},
            "registry 11-20 (stale)",
        ),
        (
            {"version": "2026-11-24T09:00:05", "stale_versions": {"2026-11-20T09:00:05": 1}},
            "registry 11-24 (in part stale: 11-20)",
        ),
        ({"version": None, "stale_versions": {}}, ""),
        ({"version": "V2", "stale_versions": {}}, "registry V2"),
        ({"version": "yesterday", "stale_versions": {"2026-11-20": 1}}, "registry yesterday (in part stale: 11-20)"),
    ],
)
def test_the_version_says_how_old_the_copies_are_that_stand_in(registry: dict[str, Any], words: str) -> None:
    assert source_words({"ctgov": registry}) == words
