"""What an answer settles: each id of a request is found, another id's alias, absent, or a fault; or nobody answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trialweave.errors import PayloadError
from trialweave.sources.base import Answer, Request, Source
from trialweave.sources.payload import Body


@dataclass(frozen=True, slots=True)
class Payload:
    """A body with everything about it that takes reading it."""

    body: bytes
    digest: str
    own_version: str | None
    follow: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What one answer settled (see `Answer`)."""

    found: Mapping[str, Payload] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """These ids were asked for within the tries and the time, and no usable answer came."""

    ids: tuple[str, ...]
    reason: str


def settled(source: Source, request: Request, answer: Answer, more: Sequence[Request], *, whole: bool) -> Settled:
    """What an answer settles of the ids of its request; those of the requests that follow from it are settled later.

    With `whole` (a recording, which is for looking into what could not be read, too) no payload is checked.
    """
    later = {id_ for r in more for id_ in r.ids}
    done = {*answer.found, *answer.aliases, *answer.absent, *answer.faults, *later}
    left = dict.fromkeys((id_ for id_ in request.ids if id_ not in done), "the answers went round in a circle")
    found: dict[str, Payload] = {}
    faults = {**answer.faults, **left}
    for id_, body in answer.found.items():
        try:
            if not whole:
                source.check(id_, body)
            found[id_] = payload_of(source, id_, body)
        except PayloadError as error:
            faults[id_] = str(error)
    aliases = {alias: id_ for alias, id_ in answer.aliases.items() if id_ in found}
    faults |= {alias: faults[id_] for alias, id_ in answer.aliases.items() if id_ not in found and id_ in faults}
    return Settled(found, aliases, answer.absent, faults)


def payload_of(source: Source, id_: str, body: bytes) -> Payload:
    """A body with everything about it that takes reading it. Raises PayloadError."""
    given = body if isinstance(body, Body) else Body.read(body)
    follow = tuple(sorted(source.follow_up({id_: given})))
    return Payload(bytes(given), source.digest(given), source.own_version(given), follow)
