"""The work that any process can do: weave records that were laid aside, and pack their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trialweave.core.findings import Policy
from trialweave.core.models import Record, Source
from trialweave.core.name_index import NameIndex
from trialweave.core.record import ColumnMap
from trialweave.loom import Loom, Woven
from trialweave.owners import Owners
from trialweave.packed import Packed, Told, pack
from trialweave.sources.base import SnapshotReader
from trialweave.spool import record_of


class Laid(NamedTuple):
    """A record as it was laid aside, and the key of its row."""

    key: bytes
    line: bytes


class Done(NamedTuple):
    """A woven row, and what the counting of a run is given of it."""

    row: Packed
    told: Told


Weaving = Callable[[Iterable[Sequence[Laid]]], Iterator[Sequence[Done]]]
"""The rows of each list of records, as one list; it may take in a few lists before it gives out the first."""


@dataclass(frozen=True, slots=True)
class Outfit:
    """What rows are woven with. It can be pickled where its reader can.

    `lasting` rows can be copied by a later run.
    """

    reader: SnapshotReader
    policy: Policy
    names: NameIndex
    columns: ColumnMap
    lasting: bool

    def records(self, portion: Sequence[Laid]) -> list[Record]:
        """The records themselves."""
        return [record_of(laid.line, self.columns) for laid in portion]

    def owners(self) -> Owners | None:
        """What `packed` asks for names, and remembers from list to list; None where no later run copies the rows."""
        return Owners(self.names) if self.lasting else None

    def packed(self, portion: Sequence[Laid], rows: Iterable[Woven], owners: Owners | None) -> list[Done]:
        """What was woven of the records, as bytes."""
        return [
            Done(pack(laid.key, row, owners), Told(row.brief, row.across))
            for laid, row in zip(portion, rows, strict=True)
        ]

    def weaver(self, asked: Sequence[Source] = ()) -> Callable[[Sequence[Laid]], list[Done]]:
        """Weaves list by list, and keeps between them what links have led to.

        Not those to sources that are still `asked`: by the next list the reader may answer otherwise. Once something
        could not be read, no later run copies what comes.
        """
        loom = Loom(self.reader, self.policy, self.names)
        owners = self.owners()

        def weave(portion: Sequence[Laid]) -> list[Done]:
            for source in asked:
                loom.forget(source)
            rows = loom.woven(self.records(portion))
            return self.packed(portion, rows, owners if loom.all_was_read else None)

        return weave

    def weave(self, portions: Iterable[Sequence[Laid]]) -> Iterator[list[Done]]:
        """All of it in this process."""
        return map(self.weaver(), portions)
