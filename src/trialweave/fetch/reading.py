"""What a run answers for ids, from what is held and from what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from trialweave.clock import Clock, stamp
from trialweave.fetch.entries import DamagedEntry, Entry
from trialweave.fetch.freshness import (
    Answering,
    GiveUp,
    Label,
    Refetch,
    ServeStale,
    Silent,
    Standing,
    State,
    Use,
    decide_id,
    resolve,
    state_of,
)
from trialweave.fetch.holders import Holder, Key
from trialweave.fetch.labels import Labels
from trialweave.sources.base import Held, KnownAbsent, Lookup, NotHeld, Snapshot, Source

T = TypeVar("T")

CHUNK = 500
"""How many entries are looked at in one go."""


@dataclass(slots=True)
class Reading:
    """How one source stands, and what became of every id.

    `recorded` is set for a replay: the version and time that its manifest gives for everything. `unread` counts the
    answers that were promised by labels and could not be read.
    """

    source: Source
    holder: Holder
    clock: Clock
    standing: Standing | None = None
    recorded: tuple[str | None, str | None] | None = None
    labels: Labels = field(default_factory=Labels)
    reasons: dict[str, str] = field(default_factory=dict)
    versions_seen: Counter[str] = field(default_factory=Counter)
    unread: int = 0

    @property
    def version(self) -> str | None:
        """The version that this run stands on."""
        if self.recorded is not None:
            only = next(iter(self.versions_seen)) if len(self.versions_seen) == 1 else None
            return self.recorded[0] or only
        return self.standing.version if isinstance(self.standing, (Answering, Silent)) else None

    @property
    def told(self) -> str | None:
        """The version that the probe or the manifest told, bodies aside."""
        return self.version if self.recorded is None else self.recorded[0]

    def key(self, id_: str) -> Key:
        return self.source.name, id_, self.source.projection

    def entries(self, ids: Collection[str]) -> dict[str, Entry]:
        """What is held for these ids, and for the canonical ids that aliases among them point to."""
        held = {key[1]: entry for key, entry in self.holder.get_many([self.key(id_) for id_ in ids]).items()}
        targets = {e.canonical for e in held.values() if e.kind == "alias" and e.canonical} - held.keys()
        held |= {key[1]: entry for key, entry in self.holder.get_many([self.key(id_) for id_ in targets]).items()}
        for id_ in self.source.impossible.intersection(ids):
            held[id_] = Entry("absent", confirmed_version=self.told, confirmed_at=stamp(self.clock.now()))
        return held

    def read(self, ids: Iterable[str]) -> dict[str, Lookup]:
        """One answer for each id. What turns out to be damaged is dropped."""
        found: dict[str, Lookup] = {}
        for chunk in chunks(dict.fromkeys(ids)):
            entries = self.entries(chunk)
            for id_ in chunk:
                try:
                    found[id_] = self.lookup(id_, entries)
                except DamagedEntry:
                    self.unread += 1
                    self.holder.drop(self.key(entries[id_].canonical or id_))
                    found[id_] = NotHeld(
                        "its copy in the store is damaged and was dropped; the next run fetches it", passing=True
                    )
        return found

    def lookup(self, id_: str, entries: dict[str, Entry]) -> Lookup:
        """What the weaving gets for one id."""
        label = self.labels.get(id_) or self.label_unasked(id_, entries)
        entry = resolve(id_, entries)
        if label == "unavailable":
            return NotHeld(self.reasons.get(id_) or "nothing is held for it, and nobody asked for it in this run")
        if entry is None:
            self.unread += 1
            return NotHeld("its copy in the store can no longer be read; the next run fetches it", passing=True)
        stale = label == "stale"
        if entry.kind == "absent":
            return KnownAbsent(entry.first_version, entry.first_at, stale)
        canonical = entries[id_].canonical or id_
        snapshot = Snapshot(
            self.source.name, canonical, entry.body, entry.digest or "", entry.first_version, entry.first_at
        )
        return Held(snapshot, stale)

    def state(self, id_: str, entries: dict[str, Entry]) -> State:
        """What the weaving would get for one id, as a digest; and what follows from it."""
        label = self.labels.get(id_) or self.label_unasked(id_, entries)
        return state_of(id_, label, self.reasons.get(id_), entries)

    def label_unasked(self, id_: str, entries: dict[str, Entry]) -> Label:
        """The label of an id that nobody wanted so far."""
        standing = self.standing or Silent("nobody asked for it in this run")
        match decide_id(id_, entries, standing, self.clock.now()):
            case Use():
                return "fresh"
            case ServeStale():
                return "stale"
            case Refetch() | GiveUp():
                return "unavailable"


def chunks(ids: Iterable[T]) -> Iterator[list[T]]:
    """The ids, or the keys, in portions of CHUNK."""
    iterator = iter(ids)
    while portion := list(islice(iterator, CHUNK)):
        yield portion
