"""Records and a snapshot reader in, enriched records out. No network: the same function in a REPL, a job, a cluster."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Lock
from typing import TypeVar

from trialweave.core.findings import Policy
from trialweave.core.identifiers import GivenId
from trialweave.core.models import Origin, Record, Source
from trialweave.core.name_index import NOBODY, KnownNames, NameIndex, names_to_look_up
from trialweave.core.output import Enriched
from trialweave.core.record import AS_SPELLED, ColumnMap, build_record
from trialweave.core.summary import Brief
from trialweave.core.values import AnyRow, json_row
from trialweave.errors import PayloadError, UsageError
from trialweave.loom import Loom, Woven, link_of
from trialweave.sources.base import Held, SnapshotReader
from trialweave.sources.ncit import parse_concept

WINDOW = 100
"""Records woven together: each distinct id of a window is looked up once, and its views are held at the same time."""

_Item = TypeVar("_Item")


def plan(records: Iterable[Record]) -> dict[Source, set[str]]:
    """The distinct ids that the records link to, by source."""
    wanted: dict[Source, set[str]] = {"ctgov": set(), "ncit": set()}
    for record in records:
        for source, ids in wanted.items():
            if isinstance(link := link_of(record, source), GivenId):
                ids.add(link.id)
    return wanted


def noting_names(records: Iterable[Record], names: set[str]) -> Iterator[Record]:
    """The same records; the names of theirs that are worth a search are added to `names` as they pass."""
    for record in records:
        names.update(names_to_look_up(record))
        yield record


def known_names(reader: SnapshotReader, codes: Collection[str], found: Collection[str] = ()) -> KnownNames:
    """Who bears which name among the concepts that records link to, and among those that a search `found` besides.

    What is absent or cannot be read owns none.
    """
    known, at_hand = KnownNames(), frozenset(codes)
    for window in windows(sorted(at_hand.union(found)), WINDOW):
        for id_, lookup in reader.read("ncit", window).items():
            if isinstance(lookup, Held):
                try:
                    concept = parse_concept(lookup.snapshot.body)
                except PayloadError:
                    continue
                known.add(concept, release=lookup.snapshot.source_version, found=id_ not in at_hand)
    return known


def weave(
    records: Iterable[Record], reader: SnapshotReader, policy: Policy, names: NameIndex = NOBODY
) -> Iterator[Enriched]:
    """One enriched record for each record, in order. A record never stops the others.

    `names` says who bears a name, for second witnesses and suggestions; it has to cover the whole run, so that a line
    does not depend on the order of the records.
    """
    loom = Loom(reader, policy, names)
    for window in windows(records, WINDOW):
        yield from loom.weave(window)


def windows(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """The items in lists of at most `size`."""
    stream = iter(items)
    while window := list(islice(stream, size)):
        yield window


class _Collection:
    """The garbage collector's own setting while there are blocks of `rare_collection`, which may overlap in threads."""

    lock = Lock()
    blocks = 0
    before = gc.get_threshold()


@contextmanager
def rare_collection() -> Iterator[None]:
    """Let the garbage collector look less often: nothing here is cyclic, and its looking took half of the weaving.

    What is there by now is frozen, so that it is not looked at at all. It is a setting of the whole process: the first
    block makes it, and the last that ends takes it back.
    """
    with _Collection.lock:
        if not _Collection.blocks:
            _Collection.before = gc.get_threshold()
            gc.freeze()
            gc.set_threshold(50_000, 20, 50)
        _Collection.blocks += 1
    try:
        yield
    finally:
        with _Collection.lock:
            _Collection.blocks -= 1
            if not _Collection.blocks:
                gc.set_threshold(*_Collection.before)
                gc.unfreeze()


def weave_partition(
    records: Iterable[Record | AnyRow],
    holding: SnapshotReader,
    *,
    policy: Policy = Policy(),  # noqa: B008  # frozen
    columns: ColumnMap = AS_SPELLED,
    names: NameIndex = NOBODY,
) -> Iterator[Woven]:
    """The same weaving for any engine: one row in, one row out, in order, lazily, and never an exception for a row.

    All arguments can be pickled. `names` are those of the whole run: of the Weaver that wrote the holding. A
    `Record` keeps the record_id that it was given where the whole input was in sight; a plain row gets its own here,
    and a repeat is not numbered, because a partition cannot know of the others.
    """
    loom = Loom(holding, policy, names)
    for window in windows(records, WINDOW):
        yield from _without_raising(loom, window, columns)


def _without_raising(loom: Loom, window: Sequence[Record | AnyRow], columns: ColumnMap) -> Iterator[Woven]:
    """The rows of a window. What cannot be made into a record, or into JSON, is told in the row's place.

    Rows of an engine are whatever its user put into a frame, so any exception may come of one.
    """
    built: list[Record | Woven] = []
    for number, row in enumerate(window, 1):
        try:
            here = Origin("<partition>", number)
            built.append(row if isinstance(row, Record) else build_record(json_row(row, "the row"), here, columns))
        except Exception as error:
            built.append(_unusable("", error))
    loom.take_up([record for record in built if isinstance(record, Record)])
    for item in built:
        if isinstance(item, Woven):
            yield item
            continue
        try:
            yield loom.woven_one(item)
        except Exception as error:
            yield _unusable(item.record_id, error)
    loom.trim()


def _unusable(record_id: str, error: Exception) -> Woven:
    told = str(error) if isinstance(error, UsageError) else f"the row cannot be used: {type(error).__name__}: {error}"
    return Woven(record_id, b"", (), Brief(), error=told)
