"""How far ids are followed that nobody wanted, and that a payload makes necessary: answers may name ever new ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from trialweave.sources.replacements import MAX_HOPS

MOST_STEPS = 2 * MAX_HOPS
"""From a retired concept to its rows, and on to a replacement: as far as a chain of replacements is read."""

MOST_ALWAYS = 1_000
MOST_EACH = 20
"""Ids that are followed in a run: so many in any, and so many for each id that is wanted."""


@dataclass(slots=True)
class Following:
    """How many steps the ids that nobody wanted are away from one that is. `left` counts those not followed."""

    _steps: dict[str, int] = field(default_factory=dict)
    _wanted: int = 0
    left: int = 0

    def want(self, ids: Collection[str], new: int) -> None:
        """These are wanted for themselves; so many of them were not before."""
        self._wanted += new
        for id_ in self._steps.keys() & ids:
            del self._steps[id_]

    def on(self, id_: str, follow: Iterable[str], *known: Collection[str]) -> Iterator[str]:
        """Those among the ids that follow from `id_` which are still to be looked at.

        Whatever is wanted has to be among the `known` ids by now.
        """
        step = self._steps.get(id_, 0) + 1
        for further in follow:
            if further not in self._steps and not any(further in ids for ids in known):
                if step > MOST_STEPS or len(self._steps) >= MOST_ALWAYS + MOST_EACH * self._wanted:
                    self.left += 1
                    continue
                self._steps[further] = step
            yield further
