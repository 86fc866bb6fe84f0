"""Rows that are woven while a run waits for answers.

A polite run waits most of its time. What has come by then is woven as if nothing more came, and laid aside with the
key of its row and a digest of who bore the names that it was woven with, as in a ledger. When all has come, a row
counts where both are still the same; every other record is woven again.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import NamedTuple

from trialweave.core.name_index import NameIndex
from trialweave.ledger import Taken, taken
from trialweave.owners import Owners
from trialweave.packed import Packed, unpacked
from trialweave.packing import Done, Laid
from trialweave.spool import LaidAside, Spool

STEP = 10
"""Records that are woven in one go: an answer that comes waits for them, about 20 ms."""

MOST = 100_000
"""Records of the largest run that weaves ahead: it holds 16 bytes more for each."""


Weave = Callable[[Sequence[Laid]], Sequence[Done]]


class Ready(NamedTuple):
    """What weaves ahead, the names that it knows, and their digest (`Keys.of_names`)."""

    weave: Weave
    names: NameIndex
    digest: bytes


class Ahead(LaidAside):
    """The rows that were woven so far, by the number of their record.

    `keys_of` makes the keys of records as they were spooled, `has_come` tells whether all that one of them links to is
    there, and `ready` gives what weaves them, once it can. Raises RunError where there is no room.
    """

    def __init__(
        self,
        spool: Spool,
        keys_of: Callable[[Sequence[bytes]], Sequence[bytes]],
        has_come: Callable[[bytes], bool],
        ready: Callable[[], Ready | None],
    ) -> None:
        super().__init__()
        self._spool = spool
        self._keys_of = keys_of
        self._has_come = has_come
        self._ready = ready
        self._weave: Weave | None = None
        self._known: tuple[bytes, NameIndex] | None = None
        self._order: Sequence[int] = ()
        self._next = 0
        self._places = array("Q")
        self._sizes = array("I")

    def step(self) -> bool:
        """Weave the next few records, in the order in which their studies are asked for; False where none has come."""
        weave = self._weave = self._weave or self._begin()
        if weave is None:
            return False
        numbers = self._order[self._next : self._next + STEP]
        lines = self._spool.lines(numbers)
        come = next((at for at, line in enumerate(lines) if not self._has_come(line)), len(lines))
        laid = list(map(Laid, self._keys_of(lines[:come]), lines))
        for number, done in zip(numbers, weave(laid) if laid else (), strict=False):
            data = done.row.whole()
            self._places[number], self._sizes[number] = self._append(data), len(data)
        self._next += come
        return come > 0

    def _begin(self) -> Weave | None:
        ready = self._ready() if 0 < len(self._spool) <= MOST else None
        if ready is None:
            return None
        self._known = ready.digest, ready.names
        self._order = self._spool.as_asked()
        self._places = array("Q", bytes(8 * len(self._spool)))
        self._sizes = array("I", bytes(4 * len(self._spool)))
        return ready.weave

    def end(self) -> None:
        """Nothing more is woven ahead; rows can be taken."""
        self._weave = None
        self._order = ()
        self._written()

    def take(self, number: int, key: bytes, owners: Owners) -> Taken | None:
        """The row of a record; None where it has to be woven, because it was not, or from what is no longer so."""
        if not self._sizes or not self._sizes[number]:
            return None
        row = self.row(number)
        return taken(None, row, owners) if row.key == key else None

    def names(self, digest: bytes) -> NameIndex | None:
        """The names that were known then, where they are those with this digest."""
        return self._known[1] if self._known is not None and self._known[0] == digest else None

    def row(self, number: int) -> Packed:
        """The row of a record that was woven ahead, whatever became of what it was woven from."""
        return unpacked(self._read(self._places[number], self._sizes[number]))
