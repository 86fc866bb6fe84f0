"""How far ids are followed that nobody wanted, and that a payload makes necessary: answers may name ever new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from trialweave.sources.replacements import MAX_HOPS

MOST_STEPS = 2 * MAX_HOPS
"""From a retired concept to its rows, and on to a replacement: as far as a chain of replacements is read."""

MOST_ALWAYS = 1_000
MOST_EACH = 20
"""Ids that are followed in a run: so many in any, and so many for each id that is wanted."""


@dataclass(slots=True)
class Following:
    """Which ids are wanted, and how many steps the others are away from one. `left` counts those not followed."""

    _wanted: set[str] = field(default_factory=set)
    _steps: dict[str, int] = field(default_factory=dict)
    left: int = 0

    def want(self, ids: Iterable[str]) -> None:
        """These are wanted for themselves."""
        self._wanted.update(ids)

    def on(self, id_: str, follow: Iterable[str]) -> Iterator[str]:
        """Those among the ids that follow from `id_` which are still to be looked at."""
        step = 1 if id_ in self._wanted else self._steps.get(id_, 0) + 1
        for further in follow:
            if further not in self._wanted and further not in self._steps:
                if step > MOST_STEPS or len(self._steps) >= MOST_ALWAYS + MOST_EACH * len(self._wanted):
                    self.left += 1
                    continue
                self._steps[further] = step
            yield further
