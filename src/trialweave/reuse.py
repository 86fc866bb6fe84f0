"""The order of the work: rows of the last run are copied, the rest is woven study by study, and all come out in order.

The key of a record is a digest over all that its line is made of: the release of trialweave, rules and settings, its
record_id and row, and what each of its links leads to (payload, versions, staleness, replacements). Weaving may ask
besides who bears a name among the concepts that the run knows of: what it asked, and a digest of the answers, stand
beside the key in the ledger, and the answers have to be the same again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain, repeat

from trialweave import __version__
from trialweave.core.catalogue import RULES_VERSION
from trialweave.core.models import Source
from trialweave.core.output import SCHEMA
from trialweave.ledger import Earlier, Owners, Packed, Told
from trialweave.packing import Laid, Weaving
from trialweave.spool import SOURCES, Shelf, Spool
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

    def _states_of(self, source: Source, ids: Set[bytes]) -> Mapping[bytes, bytes]:
        found = self._states(source, [id_.decode() for id_ in ids if id_])
        return {b"": b"", **{id_.encode(): state for id_, state in found.items()}}


@dataclass(frozen=True, slots=True)
class Reuse:
    """What rows are known by from run to run: their keys, who bears the names that they asked for, the earlier run."""

    keys: Keys
    owners: Owners
    earlier: Earlier | None = None


def rows_in_order(
    spool: Spool, size: int, weaving: Weaving, told: Callable[[Told], None], reuse: Reuse | None = None
) -> Iterator[Packed]:
    """Each record's row, in the order of the input: copied from the earlier run where nothing differs, else woven.

    `size` is how many records are best handed to the weaving together; `told` is given, in no order, what the counting
    has to know of each row. Without `reuse`, rows are for no later run.
    """
    for start in range(0, len(spool), BLOCK):
        block = range(start, min(start + BLOCK, len(spool)))
        with Shelf(block, None if reuse is None else reuse.earlier) as shelf:
            missing = block if reuse is None else _not_copied(block, spool, size, told, reuse, shelf)
            keys = None if reuse is None else reuse.keys
            for number, row in _woven(spool.by_study(missing), spool, size, weaving, told, keys):
                shelf.put(number, row)
            yield from shelf.in_order()


def _not_copied(
    block: range, spool: Spool, size: int, told: Callable[[Told], None], reuse: Reuse, shelf: Shelf
) -> Iterable[int]:
    """The numbers of the records that have to be woven; the rows of all others are shelved."""
    if reuse.earlier is None:
        yield from block
        return
    for window in windows(block, size):
        for number, key in zip(window, reuse.keys.of(spool.lines(window)), strict=True):
            found = reuse.earlier.take(key, reuse.owners)
            if found is None:
                yield number
            else:
                place, counted = found
                shelf.refer(number, place)
                told(counted)


def _woven(
    numbers: Sequence[int],
    spool: Spool,
    size: int,
    weaving: Weaving,
    told: Callable[[Told], None],
    keys: Keys | None,
) -> Iterator[tuple[int, Packed]]:
    """The rows of these records, in the order of the numbers."""

    def portions() -> Iterator[list[Laid]]:
        for window in windows(numbers, size):
            lines = spool.lines(window)
            yield list(map(Laid, repeat(_NO_KEY) if keys is None else keys.of(lines), lines))

    for number, done in zip(numbers, chain.from_iterable(weaving(portions())), strict=True):
        told(done.told)
        yield number, done.row
