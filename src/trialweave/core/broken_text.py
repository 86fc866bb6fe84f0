"""Does a text break off?"""

from __future__ import annotations

import re

from trialweave.core.cells import INVISIBLE
from trialweave.core.text import half_width
from trialweave.core.vocabulary.common_words import COMMON_WORDS, DANGLING, ENDINGS, SHORT_WORDS

_WORD = re.compile(r"[^\W\d_]+")
_TRAILS_OFF = re.compile(r"(?:(?<=\w)\s?(?:\.{3,}|…)|-|–|,|/|\()$")
_OPEN_BRACKET = re.compile(r"\([^()\s]+\s[^()]{0,40}$")
_LAST_WORD = re.compile(r"(?:^|[\s(/-])([a-z]{3,})$")
_ENDS_WELL = tuple(".!?)]\"'”’;:%+")
_FEWEST_WORDS = 6


def breaks_off(text: str) -> str | None:
    """Why a text seems to be cut off, in words; None for a text that ends well or that is too short to tell.

    | the end                                            | breaks off |
    |----------------------------------------------------|------------|
    | a full stop, a closed bracket, a whole word        | no         |
    | `...` behind a word, a dash, a comma, an open bracket | yes     |
    | `engineered to`, `studied in a`                    | yes        |
    | `add-on`, `vitamin a`                              | no         |
    | `engineered to exp`: the beginning of common words, none itself, nor used elsewhere in the text | yes |
    | `(3 or 10 billion`: a bracket of some words that never closes | yes |
    | `... (PHINK`: a single word in an open bracket     | no: a slip |
    """
    stripped = (text if text.isascii() else INVISIBLE.sub("", half_width(text))).rstrip()
    if stripped.endswith(_ENDS_WELL) and not stripped.endswith("..."):
        return None
    if len(_WORD.findall(stripped)) < _FEWEST_WORDS:
        return None
    trailing = _TRAILS_OFF.search(stripped)
    if trailing is not None:
        return f"it ends in {trailing[0]!r}"
    bracket = _OPEN_BRACKET.search(stripped)
    if bracket is not None:
        return f"its last bracket is not closed: {bracket[0]!r}"
    *before, end = stripped.rsplit(maxsplit=2)[-2:]
    if end in DANGLING and (end != "a" or not DANGLING.isdisjoint(before)):
        return f"it ends with {end!r}"
    last = _LAST_WORD.search(stripped)
    if last is None:
        return None
    word = last[1]
    return f"it ends in the middle of a word, {word!r}" if _is_cut(word, stripped[: last.start(1)]) else None


def _is_cut(word: str, before: str) -> bool:
    if word in COMMON_WORDS or word in SHORT_WORDS:
        return False
    known = set(_WORD.findall(before))
    if word in known:
        return False
    longer = [other for other in (*COMMON_WORDS, *known) if len(other) > len(word) and other.startswith(word)]
    return bool(longer) and not any(other[len(word) :] in ENDINGS for other in longer)
