"""What one run knows of one source: how it stands, and what became of every id. Held by the coordinator alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, assert_never

from trialweave.clock import stamp
from trialweave.errors import PayloadError
from trialweave.fetch.entries import Entry, confirmed
from trialweave.fetch.following import Following
from trialweave.fetch.freshness import (
    Answering,
    GiveUp,
    Label,
    Offline,
    Refetch,
    ServeStale,
    Silent,
    Use,
    agrees,
    decide_id,
    resolve,
)
from trialweave.fetch.lane import Lane
from trialweave.fetch.reading import Reading, chunks
from trialweave.fetch.settled import Payload, Settled, Unanswered, payload_of


class Bulk(Protocol):
    """Payloads that were imported and not asked for."""

    def bodies(self, ids: Collection[str]) -> Iterator[tuple[str, bytes]]: ...


@dataclass(slots=True)
class SourceRun(Reading):
    """One source in one run. `lane` is None where nobody is asked.

    `refuse` tells why an id cannot be asked for here at all. `recording` is the time that the folder of a recording
    will tell of everything. `searched` counts names, and `search_trouble` is the last reason why one failed.
    `notes_states` has the states of ids that nothing follows from noted in passing, because looking costs more than
    telling. `copy_versions` counts what is used without an answer (stale, or offline) by the version under which it was
    last confirmed.
    """

    lane: Lane | None = None
    refuse: Callable[[str], str | None] | None = None
    recording: str | None = None
    bulk: Bulk | None = None
    notes_states: bool = False
    open: set[str] = field(default_factory=set)
    following: Following = field(default_factory=Following)
    moved: bool = False
    ended_on: str | None = None
    unanswered: int = 0
    last_silence: str = ""
    copy_versions: Counter[str] = field(default_factory=Counter)
    searched: int = 0
    search_trouble: str = ""
    recording_trouble: str = ""

    @property
    def pin(self) -> str | None:
        """The version to ask for and to check answers against; a replay folder may mix releases."""
        return None if self.recorded is not None else self.version

    @property
    def may_have_moved(self) -> bool:
        """Were there ids for more than one batch, whose bodies tell the version less exactly than the probe does?"""
        told = self.version if isinstance(self.standing, Answering) and self.recorded is None else None
        if told is None or all(own == told for own in self.versions_seen):
            return False
        fetched = [id_ for id_ in self.labels if self.labels.get(id_) == "fetched"]
        return sum(request.pages for request in self.source.batches(fetched, self.pin)) > 1

    # ------------------------------------------------------------ deciding

    def take_up(self, ids: Collection[str]) -> set[str]:
        """Decide on wanted ids that have no label yet, and on what they make necessary; returns those to be asked."""
        new = self._untouched(ids)
        self.following.want(ids, len(new))
        return self._take_up(new)

    def _take_up(self, ids: Iterable[str]) -> set[str]:
        """The same, step by step: all of these ids, then what follows from them."""
        ask: set[str] = set()
        while new := self._untouched(ids):
            leading: dict[str, tuple[str, ...]] = {}
            for chunk in chunks(new):
                leading |= self._take_up_chunk(chunk, ask)
            ids = [further for id_, follow in leading.items() for further in self._on(id_, follow)]
        return ask

    def _take_up_chunk(self, ids: Collection[str], ask: set[str]) -> dict[str, tuple[str, ...]]:
        """Decide on each; those to be asked are added to `ask`. Returns which have others that follow, with those."""
        leading: dict[str, tuple[str, ...]] = {}
        entries = self.entries(ids)
        if imported := self.imported(ids, entries):
            self._keep(Settled(imported), asked=False)
            entries = self.entries(ids)
        for id_ in ids:
            if self._decide(id_, entries):
                ask.add(id_)
                self.open.add(id_)
                self._tell_lane(id_, entries)
            elif (entry := resolve(id_, entries)) is not None and entry.follow:
                leading[id_] = entry.follow
            # What an alias leads to is not its own: it may still come anew under another id.
            elif self.notes_states and entry is entries.get(id_):
                self.labels.note(id_, self.state(id_, entries)[0])
        return leading

    def _on(self, id_: str, follow: Iterable[str]) -> Iterator[str]:
        return self.following.on(id_, follow, self.labels, self.open)

    def _tell_lane(self, id_: str, entries: Mapping[str, Entry]) -> None:
        """Let the lane know of a payload that its answer may replace."""
        entry = resolve(id_, entries)
        if self.lane is not None and entry is not None and entry.kind == "found":
            self.lane.held.add(id_)

    def imported(self, ids: Collection[str], entries: Mapping[str, Entry]) -> dict[str, Payload]:
        """What an import has of those ids for which nothing fresh is held, where it is as good as asking now."""
        if self.bulk is None or self.standing is None:
            return {}
        now, standing = self.clock.now(), self.standing
        wanting = [id_ for id_ in ids if not isinstance(decide_id(id_, entries, standing, now), Use)]
        found = {}
        for id_, body in self.bulk.bodies(wanting):
            with suppress(PayloadError):
                payload = payload_of(self.source, id_, body)
                if id_ not in entries or (payload.own_version is not None and agrees(payload.own_version, self.told)):
                    found[id_] = payload
        return found

    def _untouched(self, ids: Iterable[str]) -> list[str]:
        return [id_ for id_ in dict.fromkeys(ids) if id_ not in self.labels and id_ not in self.open]

    def _decide(self, id_: str, entries: dict[str, Entry]) -> bool:
        """Label an id, or return True where it has to be asked."""
        impossible = id_ in self.source.impossible
        if self.refuse is not None and not impossible and (refusal := self.refuse(id_)) is not None:
            self._label(id_, "unavailable", refusal)
            return False
        standing = self.standing
        if standing is None:
            raise RuntimeError("a source has to be probed before its entries can be judged")
        match decide_id(id_, entries, standing, self.clock.now()):
            case Use():
                if isinstance(standing, Offline):
                    self._count_version(id_, entries)
                self._label(id_, "fresh")
            case Refetch():
                return True
            case ServeStale():
                self._stand_in(id_, entries)
            case GiveUp(reason):
                self._label(id_, "unavailable", reason)
        return False

    def fall_silent(self, reason: str) -> None:
        """The source is given up: what is open is served as it is held, or is unavailable."""
        self.standing = Silent(reason, self.version)
        left, self.open = self.open, set()
        self._take_up(left)

    def start_over(self) -> set[str]:
        """The source moved on to another version: judge everything anew."""
        known = {*self.labels, *self.open}
        self.labels.clear()
        self.reasons.clear()
        self.open.clear()
        self.versions_seen.clear()
        self.copy_versions.clear()
        return self._take_up(known)

    # ------------------------------------------------------------ taking answers

    def settle(self, part: Settled | Unanswered) -> set[str]:
        """Keep what one answer settled; returns the further ids that have to be asked."""
        match part:
            case Unanswered(ids, reason):
                return self._take_up(self._unanswered(ids, reason))
            case Settled():
                self._keep(part)
                return self._take_up({f for id_, payload in part.found.items() for f in self._on(id_, payload.follow)})
            case _:
                assert_never(part)

    def _unanswered(self, ids: Collection[str], reason: str) -> set[str]:
        """Let what is held stand in for these ids; returns what that makes necessary."""
        entries = self.entries(ids)
        silent = Silent(reason, self.version)
        self.unanswered += len(ids)
        self.last_silence = reason
        for id_ in ids:
            if isinstance(decide_id(id_, entries, silent, self.clock.now()), GiveUp):
                self._label(id_, "unavailable", reason)
            else:
                self._stand_in(id_, entries, reason)
        held = ((id_, entry) for id_ in ids if (entry := resolve(id_, entries)) is not None)
        return {f for id_, entry in held for f in self._on(id_, entry.follow)}

    def _keep(self, part: Settled, *, asked: bool = True) -> None:
        at = self.recorded[1] if self.recorded is not None else self.recording or stamp(self.clock.now())
        plain = partial(Entry, first_version=self.told, first_at=at, confirmed_version=self.told, confirmed_at=at)
        new = {id_: self._found(payload, at, asked=asked) for id_, payload in part.found.items()}
        new |= {id_: plain("alias", canonical) for id_, canonical in part.aliases.items()}
        new |= {id_: plain("absent") for id_ in part.absent}
        if new:
            keys = {id_: self.key(id_) for id_ in new}
            old = self.holder.get_many(keys.values())
            self.holder.put_many({keys[id_]: confirmed(old.get(keys[id_]), entry) for id_, entry in new.items()})
        for id_ in new:
            self.labels.forget_state(id_)
        for id_ in new.keys() & self.open:
            self._label(id_, "fetched")
        for id_, reason in part.faults.items():
            self._label(id_, "unavailable", reason)

    def _stand_in(self, id_: str, entries: Mapping[str, Entry], reason: str | None = None) -> None:
        """Let what is held of an id stand in, and note of when that is."""
        self._count_version(id_, entries)
        self._label(id_, "stale", reason)

    def _count_version(self, id_: str, entries: Mapping[str, Entry]) -> None:
        entry = resolve(id_, entries)
        version = None if entry is None else entry.confirmed_version or entry.first_version
        if version is not None:
            self.copy_versions[version] += 1

    def _label(self, id_: str, label: Label, reason: str | None = None) -> None:
        self.labels.put(id_, label)
        self.open.discard(id_)
        if reason is not None:
            self.reasons[id_] = reason

    def _found(self, payload: Payload, at: str | None, *, asked: bool) -> Entry:
        """An answer counts as of the version that was told, whatever it says itself: asking again tells no more."""
        own, told = payload.own_version, self.told
        if own is not None:
            self.versions_seen[own] += 1
        # What was imported from another day stands in until the source is asked.
        mine = asked or agrees(own, told)
        return Entry(
            "found",
            digest=payload.digest,
            first_version=(told or own) if mine else own,
            first_at=at,
            confirmed_version=told if mine else None,
            confirmed_at=at,
            follow=payload.follow,
            data=payload.body,
        )
