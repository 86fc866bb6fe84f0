"""What a run would answer for an id, as a few bytes: so that what was made from the answer need not be made again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from trialweave.fetch.freshness import State, digest_of
from trialweave.fetch.reading import Reading, chunks


def states(run: Reading, ids: Collection[str], *, note: bool) -> dict[str, bytes]:
    """16 bytes for each id: equal answers, equal bytes. To `note` them spares working them out again.

    What follows from an id (the replacements of a retired concept, link by link) is a part of it.
    """
    known = {id_: state for id_ in ids if (state := run.labels.state(id_)) is not None}
    own = _own_states(run, [id_ for id_ in ids if id_ not in known])
    for id_ in ids:
        if id_ in known:
            continue
        digest, follow = own[id_]
        reached = {id_}
        while follow:
            reached |= set(follow)
            follow = tuple(f for reached_id in follow for f in own[reached_id][1] if f not in reached)
        if len(reached) > 1:
            digest = digest_of(b"".join(own[reached_id][0] for reached_id in sorted(reached)))
        known[id_] = digest
        if note:
            run.labels.note(id_, digest)
    return known


def with_follow_ups(run: Reading, ids: Iterable[str]) -> list[str]:
    """The ids and whatever follows from them, each once, in order of their names."""
    return sorted(_own_states(run, ids))


def _own_states(run: Reading, ids: Iterable[str]) -> dict[str, State]:
    own: dict[str, State] = {}
    todo = set(ids)
    while todo:
        for chunk in chunks(todo):
            entries = run.entries(chunk)
            own |= {id_: run.state(id_, entries) for id_ in chunk}
        todo = {follow for id_ in todo for follow in own[id_][1]} - own.keys()
    return own
