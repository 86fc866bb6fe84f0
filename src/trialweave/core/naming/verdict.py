"""The answer of a comparator."""

from __future__ import annotations

from typing import NamedTuple

from trialweave.core.models import Text, Tier, Verdict
from trialweave.core.naming.stream import Place

ENOUGH_NEAR = 3
BESIDES = "only as what patients take besides"
AMBIGUOUS = "only an ambiguous name"
GENERIC_RECORD = "only generic words in the record"
UNTOLD = "the study lists no interventions, and its texts tell of none"
UNSHARED = "no shared name"


class NameVerdict(NamedTuple):
    """The answer to "does this name denote that drug?".

    `matched` is the confirming text verbatim at the far end, `path` and `place` where it stands (`place` in a study
    only). `because` is a short machine reason. `coverage` is, where nothing matched, the best share of a name's telling
    words that the other side has (0 to 1): 0.6 and more lets a check soften error to warning. `near` shows what came
    close, or what the study gives instead.
    """

    verdict: Verdict
    because: str
    tier: Tier | None = None
    matched: str | None = None
    path: str | None = None
    place: Place | None = None
    coverage: float = 0.0
    near: tuple[Text, ...] = ()


def share(telling: frozenset[str], vocabulary: frozenset[str] | set[str]) -> float:
    return len(telling & vocabulary) / len(telling) if telling else 0.0
