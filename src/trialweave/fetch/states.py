"""What a run would answer for an id, as a few bytes: so that what was made from the answer need not be made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable

from trialweave.fetch.entries import Entry
from trialweave.fetch.freshness import resolve
from trialweave.fetch.run import SourceRun, chunks

_State = tuple[bytes, tuple[str, ...]]
"""The state of one id, without what follows from it; and what does."""


def states(run: SourceRun, ids: Collection[str]) -> dict[str, bytes]:
    """16 bytes for each id: equal answers, equal bytes.

    What follows from an id (the replacements of a retired concept, link by link) is a part of it.
    """
    own = _own_states(run, ids)
    found = {}
    for id_ in ids:
        digest, follow = own[id_]
        reached = {id_}
        while follow:
            reached |= set(follow)
            follow = tuple(f for reached_id in follow for f in own[reached_id][1] if f not in reached)
        if len(reached) > 1:
            digest = _digest(b"".join(own[reached_id][0] for reached_id in sorted(reached)))
        found[id_] = digest
    return found


def with_follow_ups(run: SourceRun, ids: Iterable[str]) -> list[str]:
    """The ids and whatever follows from them, each once, in order of their names."""
    return sorted(_own_states(run, ids))


def _own_states(run: SourceRun, ids: Iterable[str]) -> dict[str, _State]:
    own: dict[str, _State] = {}
    todo = set(ids)
    while todo:
        for chunk in chunks(todo):
            entries = run.entries(chunk)
            own |= {id_: _state(run, id_, entries) for id_ in chunk}
        todo = {follow for id_ in todo for follow in own[id_][1]} - own.keys()
    return own


def _state(run: SourceRun, id_: str, entries: dict[str, Entry]) -> _State:
    label = run.labels.get(id_) or run.label_unasked(id_, entries)
    entry = resolve(id_, entries)
    if label == "unavailable" or entry is None:
        return _digest(f"unavailable {run.reasons.get(id_)}".encode()), ()
    facts = [id_, entry.kind, entries[id_].canonical, entry.first_version, entry.first_at, label == "stale"]
    return _digest(json.dumps(facts).encode() + b"\n" + entry.data), entry.follow


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
