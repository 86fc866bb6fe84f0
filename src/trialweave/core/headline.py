"""The one line of a night, the same in summary, terminal, page and log (DESIGN 5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trialweave.core.because import FOLDED, Because
from trialweave.core.news import News
from trialweave.core.versions import SourceFacts, source_words

_FOLDED_WORDS: Mapping[Because, str] = {
    "rules": "by other rules",
    "settings": "by other settings",
    "record_added": "on new records",
}


def night_headline(
    day: date,
    news: News,
    *,
    complete: bool,
    written: int,
    refused: int,
    ending: int,
    sources: Mapping[str, SourceFacts],
    partial: bool = False,
) -> str:
    """What happened, in one line.

    `2026-11-23 complete: 10,412 records | 4 new (1 error, 3 causes) | 2 resolved | 37 standing (oldest 41 d) |
    5 acknowledgements end this week | registry 11-20, NCIt 26.10d`

    A run over a part of the records says `partial`.
    Refused rows, changed conflicts, folded entries and ending acknowledgements are named where there are any.
    """
    records = count(written, "record") + (f", {refused:,} refused" if refused else "")
    parts = [
        f"{day.isoformat()} {'partial, ' if partial else ''}{'complete' if complete else 'incomplete'}: {records}",
        _new(news),
        f"{news.changed:,} changed" if news.changed else "",
        f"{news.resolved:,} resolved",
        _standing(day, news),
        _folded(news),
        f"{count(ending, 'acknowledgement')} {'ends' if ending == 1 else 'end'} this week" if ending else "",
        source_words(sources),
    ]
    return " | ".join(part for part in parts if part)


def count(number: int, noun: str) -> str:
    """`1 record`, `10,412 records`."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def _new(news: News) -> str:
    told = f"{news.new:,} new"
    return f"{told} ({count(news.errors, 'error')}, {count(len(news.causes), 'cause')})" if news.new else told


def _standing(day: date, news: News) -> str:
    """A clock that went back since makes nothing younger than today."""
    told = f"{news.standing:,} standing"
    return f"{told} (oldest {max(0, (day - date.fromisoformat(news.oldest)).days):,} d)" if news.oldest else told


def _folded(news: News) -> str:
    if not news.folded:
        return ""
    if news.since is None:
        return f"first run: {count(news.folded.total(), 'conflict')}"
    return "folded: " + ", ".join(f"{news.folded[r]:,} {_FOLDED_WORDS[r]}" for r in FOLDED if news.folded[r])
