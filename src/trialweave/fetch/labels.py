"""What became of the ids of a run: one table, because there may be a hundred thousand of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self, get_args

from trialweave.fetch.freshness import Label

_LABELS: tuple[Label, ...] = get_args(Label)
_MARKS = {label: bytes([number]) for number, label in enumerate(_LABELS)}


@dataclass(slots=True)
class Labels:
    """The label of each id that was looked at, and its state (`Fetcher.states`) where that was noted."""

    _marks: dict[str, bytes] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._marks)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._marks

    def __iter__(self) -> Iterator[str]:
        return iter(self._marks)

    def get(self, id_: str) -> Label | None:
        """The label of an id; None where it has none yet."""
        mark = self._marks.get(id_)
        return None if mark is None else _LABELS[mark[0]]

    def put(self, id_: str, label: Label) -> None:
        """Give an id a label. What was noted of its state holds no longer."""
        self._marks[id_] = _MARKS[label]

    def count(self) -> Counter[Label]:
        """How many ids have which label."""
        return Counter(_LABELS[mark[0]] for mark in self._marks.values())

    def clear(self) -> None:
        """Nothing was looked at."""
        self._marks.clear()

    def note(self, id_: str, state: bytes) -> None:
        """Note the state of an id that has a label; for others nothing lasts."""
        if id_ in self._marks:
            self._marks[id_] = self._marks[id_][:1] + state

    def state(self, id_: str) -> bytes | None:
        """The state of an id as it was noted."""
        return self._marks.get(id_, b"")[1:] or None

    def forget_state(self, id_: str) -> None:
        """What was noted of an id's state holds no longer."""
        if id_ in self._marks:
            self._marks[id_] = self._marks[id_][:1]

    def without_states(self) -> Self:
        """The labels alone, for another process."""
        return type(self)({id_: mark[:1] for id_, mark in self._marks.items()})
