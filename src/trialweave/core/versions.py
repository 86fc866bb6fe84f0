"""Which version of its data a source stands on in a run, in the words of headline and page.

`version` in a summary's `sources` is what the source told in that run; null where it told none, or gave nothing of it
and copies stand in for all. `stale_versions` counts the copies that stand in for answers that did not come, by the
version under which each was last confirmed. Offline, copies are all there is: `version` is the one under which all of
them were last confirmed, and where there are several they are counted. A run without an answer is not a run without a
date: what it shows is as old as these say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

SourceFacts = Mapping[str, Any]
"""What a summary says of one source. Runs from before there was `stale_versions` lack it."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def data_day(version: str) -> str:
    """The day that a version of the registry begins with; a version without one (a folder's own) whole."""
    return version[:10] if _DAY.match(version) else version


_SHORT: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "ctgov": ("registry", lambda version: version[5:10] if _DAY.match(version) else version),
    "ncit": ("NCIt", str),
}


def source_words(sources: Mapping[str, SourceFacts]) -> str:
    """`registry 11-20, NCIt 26.10d`, as far as anything is known.

    `registry 11-20 (stale)` where copies stand in for all, `registry 11-24 (in part stale: 11-20)` where they do for
    some, `11-18 to 11-20` where they are of several versions.
    """
    words = []
    for source, (name, short) in _SHORT.items():
        facts = sources.get(source) or {}
        told, stale = short(facts.get("version") or ""), span(facts, short)
        if told:
            words.append(f"{name} {told}" + (f" (in part stale: {stale})" if stale else ""))
        elif stale:
            words.append(f"{name} {stale} (stale)")
    return ", ".join(words)


def span(facts: SourceFacts, short: Callable[[str], str]) -> str:
    """The versions of the copies that stand in, `11-20` or `11-18 to 11-20`; empty where none does."""
    told = sorted(facts.get("stale_versions") or ())
    return " to ".join(dict.fromkeys(short(version) for version in (told[0], told[-1]))) if told else ""
