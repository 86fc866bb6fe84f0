"""The order of the work: rows of the last run are copied, the rest is woven study by study, and all come out in order.

The key of a record is a digest over all that its line is made of: the release of trialweave, rules and settings, its
record_id and row, and what each of its links leads to (payload, versions, staleness, replacements). Weaving may ask
besides who bears a name among the concepts that the run knows of: what it asked, and a digest of the answers, stand
beside the key in the ledger, and the answers have to be the same again. They are where both runs know the same concepts
in the same states, of which the ledger has a digest too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain, repeat

from trialweave import __version__
from trialweave.ahead import Ahead
from trialweave.core.catalogue import RULES_VERSION
from trialweave.core.models import SOURCES, Source
from trialweave.core.output import SCHEMA
from trialweave.ledger import Earlier, Taken
from trialweave.owners import Owners
from trialweave.packed import Packed, Told
from trialweave.packing import Laid, Weaving
from trialweave.spool import Shelf, Spool
from trialweave.weave import windows

BLOCK = 100_000
"""Records that are brought into the order of their studies together. What is woven of them lies on disk until then."""

_NO_KEY = bytes(16)

States = Callable[[Source, Collection[str]], Mapping[str, bytes]]
"""What each id leads to, as a digest (`Fetcher.states`), which remembers what it was asked."""


class Keys:
    """Makes the keys of a run's records."""

    def __init__(self, settings_digest: str, states: States) -> None:
        self._stamp = json.dumps([__version__, SCHEMA, RULES_VERSION, settings_digest]).encode()
        self._states = states

    def of(self, lines: Sequence[bytes]) -> list[bytes]:
        """The key of each record as it was spooled, 16 bytes."""
        parts = [line.split(b"\t", 2) for line in lines]
        studies, concepts = (self._states_of(source, {part[at] for part in parts}) for at, source in enumerate(SOURCES))
        return [
            hashlib.blake2b(b"\t".join((self._stamp, studies[study], concepts[concept], line)), digest_size=16).digest()
            for line, (study, concept, _) in zip(lines, parts, strict=True)
        ]

    def of_names(self, codes: Collection[str], found: Collection[str]) -> bytes:
        """A digest of what `known_names` reads of these concepts, 16 bytes."""
        told = self._states("ncit", {*codes, *found})
        facts = b"".join([f"{id_} {id_ in codes} ".encode() + told[id_] for id_ in sorted(told)])
        return hashlib.blake2b(facts, digest_size=16).digest()

    def _states_of(self, source: Source, ids: Set[bytes]) -> Mapping[bytes, bytes]:
        found = self._states(source, [id_.decode() for id_ in ids if id_])
        return {b"": b"", **{id_.encode(): state for id_, state in found.items()}}


@dataclass(frozen=True, slots=True)
class Reuse:
    """What rows are known by from run to run: their keys, who bears the names that they asked for, the earlier run.

    `names` is a digest of all names that this run knows, `ahead` has the rows that were woven while it waited.
    """

    keys: Keys
    owners: Owners
    names: bytes
    earlier: Earlier | None = None
    ahead: Ahead | None = None

    def taker(self) -> Callable[[int, bytes], Taken | None] | None:
        """What finds the row of a record that need not be woven, by its number and key; None where no row is known."""
        earlier, ahead = self.earlier, self.ahead
        if earlier is None:
            return None if ahead is None else lambda number, key: ahead.take(number, key, self.owners)
        owners = None if self.names == earlier.names else self.owners
        if ahead is None:
            return lambda _, key: earlier.take(key, owners)
        return lambda number, key: earlier.take(key, owners) or ahead.take(number, key, self.owners)


def rows_in_order(
    spool: Spool, size: int, weaving: Weaving, told: Callable[[Told], None], reuse: Reuse | None = None
) -> Iterator[Packed]:
    """Each record's row, in the order of the input: copied from the earlier run where nothing differs, else woven.

    `size` is how many records are best handed to the weaving together; `told` is given, in no order, what the counting
    has to know of each row. Without `reuse`, rows are for no later run.
    """
    order = _Order(spool, size, weaving, told, reuse)
    for start in range(0, len(spool), BLOCK):
        yield from order.rows(range(start, min(start + BLOCK, len(spool))))


@dataclass(frozen=True, slots=True)
class _Order:
    """The work of `rows_in_order`, block by block."""

    spool: Spool
    size: int
    weaving: Weaving
    told: Callable[[Told], None]
    reuse: Reuse | None

    def rows(self, block: range) -> Iterator[Packed]:
        """The rows of a block. As long as all were found they are given out at once, and read once."""
        looked_up = self._looked_up(block)
        for number, taken in looked_up:
            if taken is None:
                yield from self._shelved(range(number, block.stop), looked_up)
                break
            self.told(taken.told)
            yield taken.row

    def _looked_up(self, numbers: range) -> Iterator[tuple[int, Taken | None]]:
        """What is known of the row of each of these records."""
        take = None if self.reuse is None else self.reuse.taker()
        if self.reuse is None or take is None:
            yield from zip(numbers, repeat(None))
            return
        for window in windows(numbers, self.size):
            for number, key in zip(window, self.reuse.keys.of(self.spool.lines(window)), strict=True):
                yield number, take(number, key)

    def _shelved(self, rest: range, looked_up: Iterable[tuple[int, Taken | None]]) -> Iterator[Packed]:
        """The rows of the rest of a block, whose first record has to be woven; the others are still to be looked up."""
        earlier, ahead = (None, None) if self.reuse is None else (self.reuse.earlier, self.reuse.ahead)
        with Shelf(rest, earlier, None if ahead is None else ahead.row) as shelf:
            missing = chain((rest.start,), self._not_copied(looked_up, shelf))
            for number, row in self._woven(self.spool.by_study(missing)):
                shelf.put(number, row)
            yield from shelf.in_order()

    def _not_copied(self, looked_up: Iterable[tuple[int, Taken | None]], shelf: Shelf) -> Iterator[int]:
        """The numbers of the records that have to be woven; the rows of all others are shelved."""
        for number, taken in looked_up:
            if taken is None:
                yield number
                continue
            if taken.place is not None:
                shelf.refer(number, taken.place)
            self.told(taken.told)

    def _woven(self, numbers: Sequence[int]) -> Iterator[tuple[int, Packed]]:
        """The rows of these records, in the order of the numbers."""
        portions = map(self._laid, windows(numbers, self.size))
        for number, done in zip(numbers, chain.from_iterable(self.weaving(portions)), strict=True):
            self.told(done.told)
            yield number, done.row

    def _laid(self, numbers: Sequence[int]) -> list[Laid]:
        lines = self.spool.lines(numbers)
        return list(map(Laid, repeat(_NO_KEY) if self.reuse is None else self.reuse.keys.of(lines), lines))
