"""Is what is held good enough, and what is answered then? Pure decisions; whoever asks only obeys them.

| held                             | version known | version unknown       | silent                   | offline |
|----------------------------------|---------------|-----------------------|--------------------------|---------|
| nothing                          | refetch       | refetch               | give up                  | give up |
| confirmed under this version     | use           | -                     | use                      | use     |
| payload, under another or none   | refetch       | refetch               | serve stale              | use     |
| absence, under another or none   | refetch       | use for a day         | serve stale (or its day) | use     |

"Silent" is a source that did not answer its probe, or stopped answering in the middle of the run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never

from trialweave.clock import instant
from trialweave.fetch.entries import Entry

Label = Literal["fresh", "fetched", "stale", "unavailable"]
"""What became of an id: held and as good as new, asked for, held and standing in, or not to be had."""

ABSENCE_LIVES = timedelta(days=1)
CLOCK_SLACK = timedelta(minutes=5)
"""An entry from further in the future than this was written under a wrong clock and is not fresh for ever."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The source answered its probe; `version` is None where the answer carries none."""

    version: str | None


@dataclass(frozen=True, slots=True)
class Silent:
    """The source could not be asked, or gave up after it had told its version."""

    reason: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Offline:
    """Nobody is to be asked in this run."""


Standing = Answering | Silent | Offline


@dataclass(frozen=True, slots=True)
class Use:
    """What is held is as good as a new answer."""


@dataclass(frozen=True, slots=True)
class Refetch:
    """The source has to be asked."""


@dataclass(frozen=True, slots=True)
class ServeStale:
    """What is held stands in for a source that is down, and is marked so."""

    reason: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Nothing is held, and nobody can be asked."""

    reason: str


Decision = Use | Refetch | ServeStale | GiveUp


def decide(entry: Entry | None, standing: Standing, now: datetime) -> Decision:
    """The table above, for one entry."""
    match standing:
        case Answering(version):
            return Use() if entry is not None and _is_fresh(entry, version, now) else Refetch()
        case Silent(reason, version):
            if entry is None:
                return GiveUp(reason)
            return Use() if _is_fresh(entry, version, now) else ServeStale(reason)
        case Offline():
            return GiveUp("it is not in the store, and this run is offline") if entry is None else Use()
        case _:
            assert_never(standing)


def resolve(id_: str, entries: Mapping[str, Entry]) -> Entry | None:
    """The entry that answers for an id: its own, or the canonical one where its own is an alias.

    An alias is only as good as what it points to: without that payload there is nothing to use.
    """
    entry = entries.get(id_)
    if entry is not None and entry.kind == "alias":
        target = entries.get(entry.canonical or "")
        return target if target is not None and target.kind == "found" else None
    return entry


def decide_id(id_: str, entries: Mapping[str, Entry], standing: Standing, now: datetime) -> Decision:
    """`decide` for an id that may be an alias: both the alias and the payload behind it have to be fresh."""
    target = resolve(id_, entries)
    if target is None:
        return decide(None, standing, now)
    first = decide(entries[id_], standing, now)
    return first if not isinstance(first, Use) else decide(target, standing, now)


State = tuple[bytes, tuple[str, ...]]
"""What would be answered for one id, as a digest, without what follows from it; and what does."""


def state_of(id_: str, label: Label, reason: str | None, entries: Mapping[str, Entry]) -> State:
    """The state of an id that has this label, and is not to be had for this reason."""
    entry = resolve(id_, entries)
    if label == "unavailable" or entry is None:
        return digest_of(f"unavailable {reason}".encode()), ()
    facts = [id_, entry.kind, entries[id_].canonical, entry.first_version, entry.first_at, label == "stale"]
    return digest_of(json.dumps(facts).encode() + b"\n" + entry.data), entry.follow


def digest_of(data: bytes) -> bytes:
    """16 bytes that stand for these."""
    return hashlib.blake2b(data, digest_size=16).digest()


def agrees(own: str | None, version: str | None) -> bool:
    """Does a payload's own version belong to the one that the source told?

    The registry's payloads carry the day of the dataset (`2026-11-20`), its probe the whole stamp.
    """
    return own is None or version is None or version.startswith(own)


def _is_fresh(entry: Entry, version: str | None, now: datetime) -> bool:
    if version is not None:
        return entry.confirmed_version == version
    if entry.kind != "absent" or entry.confirmed_at is None:
        return False
    age = now - instant(entry.confirmed_at)
    return -CLOCK_SLACK <= age < ABSENCE_LIVES
