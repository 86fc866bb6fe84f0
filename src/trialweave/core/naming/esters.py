"""Esters by which one substance is several drugs."""

from __future__ import annotations

from trialweave.core.text import word_list
from trialweave.core.vocabulary.pharmacy import ESTERS, ESTERS_OF_STEROIDS, STEROIDS

_WORDS = ESTERS | ESTERS_OF_STEROIDS
_NONE: frozenset[str] = frozenset()
_STEROID = "steroid"
_DEPOTS = frozenset(ESTERS.values())


def esters_in(folded: str) -> frozenset[str]:
    """The esters that a folded name gives; with `steroid` among them where it is the name of one."""
    if "ate" not in folded and "ide" not in folded:
        return _NONE
    spelled = word_list(folded)
    found = frozenset([_WORDS[word] for word in spelled if word in _WORDS])
    return found | {_STEROID} if found and any(word.endswith(STEROIDS) for word in spelled) else found


def different_esters(one: frozenset[str], other: frozenset[str]) -> bool:
    """Do both sides name an ester, and not the same?

    | one | other | |
    |---|---|---|
    | betamethasone valerate | betamethasone dipropionate | yes |
    | methylprednisolone acetate | methylprednisolone succinate | yes |
    | fluphenazine decanoate | fluphenazine hydrochloride | yes |
    | metoprolol succinate | metoprolol hydrochloride | no: salts of no steroid |
    | betamethasone valerate | betamethasone | no |
    """
    if not one or not other or not (one & other) <= {_STEROID}:
        return False
    return _STEROID in one | other or not _DEPOTS.isdisjoint(one | other)
