"""What counts as blank in a cell (DESIGN 5.1)."""

from __future__ import annotations

import re

from trialweave.core.text import fold, word_list
from trialweave.core.vocabulary.notes import NOTE_WORDS

INVISIBLE_CHARACTERS = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
"""Characters that nobody sees, as they stand in a set of a regular expression."""

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
"""Every dash but the hyphen of ASCII."""

_LONGEST_NOTE = 60
_BEGINNINGS = frozenset(word[:2] for word in NOTE_WORDS)
_SPACE = rf"[\s{INVISIBLE_CHARACTERS}]"
_BLANK = re.compile(
    rf"{_SPACE}*+(?:(?:nci{_SPACE}++thesaurus{_SPACE}++definition{_SPACE}++not{_SPACE}++available\.?"
    rf"|not{_SPACE}++specified|n{_SPACE}*+/{_SPACE}*+a|unknown|[-{DASHES}]){_SPACE}*+)?",
    re.IGNORECASE,
)


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, white space, invisible, or one of the words of DESIGN 5.1.

    Those are `NCI thesaurus definition not available.`, `Not specified`, `N/A`, `Unknown` and a lone dash, in any case
    and spacing. A text that merely contains one of them is not blank.
    """
    return _BLANK.fullmatch(text) is not None


def is_a_note(text: str) -> bool:
    """Whether a text is only a note that there is none: `None`, `#N/A`, `No definition available`, `TBD`, `?`.

    In the fields that hold a text of NCI Thesaurus such a note is as good as a blank. Elsewhere it stands as it is: in
    the field of an id it is an id that is none.
    """
    beginning = text[:2].lower()
    if len(text) > _LONGEST_NOTE or (beginning.isascii() and beginning.isalpha() and beginning not in _BEGINNINGS):
        return False
    return NOTE_WORDS.issuperset(word_list(fold(text).replace("n/a", "na").replace("n.a", "na")))
