"""Searching the thesaurus for names, after the prefetch: at most so many requests a run, and only answers are kept.

| what is held for a name | asked                | answers with                                        |
|-------------------------|----------------------|-----------------------------------------------------|
| this release's answer   | no                   | what is held                                        |
| an older release's      | within the budget    | the new answer, else what is held                   |
| nothing                 | within the budget    | the new answer, else nothing: a later run asks      |

A service that gave up, or a run that is offline, is not asked. A search that fails spoils nothing but suggestions: it
is told as a signal, and the next run asks again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from trialweave.errors import ReleaseChanged, SourceBlocked, SourceUnavailable
from trialweave.fetch.entries import Entry
from trialweave.fetch.freshness import Answering, Refetch, decide
from trialweave.fetch.reading import chunks
from trialweave.fetch.run import SourceRun
from trialweave.fetch.settled import Settled
from trialweave.sources.searches import name_id


class ReleaseNames(Protocol):
    """The names of one whole release, imported. While it is the pinned one, nobody is asked for names."""

    @property
    def release(self) -> str | None: ...
    def codes(self, name: str) -> Collection[str]:
        """The concepts that bear a name in some spelling; what they are is read from the concepts themselves."""
        ...


def open_names(run: SourceRun, names: Collection[str], most: int) -> list[str]:
    """The ids of the names that this run is to search for: those without an answer of the release, in their order."""
    if not isinstance(run.standing, Answering) or run.lane is None:
        return []
    ids = sorted({name_id(name) for name in names})
    held, now, standing = _held(run, ids), run.clock.now(), run.standing
    wanting = [id_ for id_ in ids if isinstance(decide(held.get(id_), standing, now), Refetch)]
    # a replay costs nobody anything, and has no later night
    return wanting if run.recorded is not None else wanting[: max(0, most - run.searched)]


def search(run: SourceRun, names: Collection[str], most: int) -> set[str]:
    """Ask for names within the budget; returns the codes of all concepts that are known to bear one of the names."""
    ask = open_names(run, names, most)
    run.searched += len(ask)
    if ask and run.lane is not None:
        try:
            for part in run.lane.settle(ask, run.pin):
                if isinstance(part, Settled):
                    _keep(run, part)
                else:
                    run.search_trouble = part.reason
        except (SourceUnavailable, SourceBlocked, ReleaseChanged) as error:
            run.search_trouble = str(error)
    held = _held(run, {name_id(name) for name in names})
    return {code for entry in held.values() for code in entry.follow}


def _keep(run: SourceRun, part: Settled) -> None:
    """Keep the answer and the concepts that came with it. A name is no link: it gets no label, and is not counted."""
    concepts = {code for payload in part.found.values() for code in payload.follow}
    run.open.update(code for code in concepts if code not in run.labels)
    run.settle(Settled(found=part.found))
    for reason in part.faults.values():
        run.search_trouble = reason


def _held(run: SourceRun, ids: Collection[str]) -> dict[str, Entry]:
    return {id_: entry for chunk in chunks(ids) for id_, entry in run.entries(chunk).items()}
