"""What is worked out when it is first asked for, and kept."""

from __future__ import annotations

import inspect

from trialweave.core.lazily import lazily


class Counting:
    times = 0

    @lazily
    def answer(self) -> int:
        """The answer."""
        self.times += 1
        return 41 + self.times


def test_it_is_worked_out_once_for_each_object() -> None:
    one, two = Counting(), Counting()
    assert [one.answer, one.answer, two.answer] == [42, 42, 42]
    assert (one.times, two.times) == (1, 1)


def test_a_class_can_be_looked_at() -> None:
    assert "answer" in dict(inspect.getmembers(Counting))
    assert inspect.getdoc(Counting.answer) == "The answer."
