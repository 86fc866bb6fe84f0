"""What a source is to the rest of the house: it plans requests, reads answers, parses payloads. It never sends.

One id is settled once: found, absent, or at fault. Ids of concepts' replacement rows are written `C13320.replacements`,
as the file in a replay folder is called, so that everything that can be fetched, kept and replayed is (source, id).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from trialweave.core.models import Source as SourceName

Purpose = Literal["probe", "batch", "walk", "single", "replacements", "search"]


@dataclass(frozen=True, slots=True)
class Request:
    """One GET. `target` is the path below the source's base address, query included and already encoded.

    `ids` are the ids that this request is meant to settle; a page of a listing carries those that are still open.
    `trail` holds the page tokens used, or the ids redirected from, on the way to this request: a repeat is a loop.
    `pages` is how many requests this one is expected to lead to, itself included.
    """

    source: SourceName
    purpose: Purpose
    target: str
    ids: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it came: status, media type without parameters in lower case, body already decoded from gzip."""

    status: int
    content_type: str
    body: bytes
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one response settles. Every id of the request stands in exactly one of the parts, or in a request of `more`.

    `found` maps the id under which the source answers (the canonical one) to the payload's bytes;
    `aliases` maps an asked id to the canonical id that answered for it.
    """

    found: Mapping[str, bytes] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    faults: Mapping[str, str] = field(default_factory=dict)
    more: tuple[Request, ...] = ()


class Source(Protocol):
    """The pure half of a service client. One small file per service implements it."""

    name: SourceName
    projection: str
    """Version of what is asked for; a part of every cache key, raised when the projection grows."""
    needs_version: bool
    """Must a run be pinned to a version, because the service serves several at once?"""
    impossible: frozenset[str]
    """Ids of the right form that the service refuses as none: absent without asking, so that they sink no batch."""

    def probe(self) -> Request:
        """The one small request that tells which version of the data the service has now."""
        ...

    def read_probe(self, response: Response) -> str:
        """The version of the data: `dataTimestamp` of the registry, `terminologyVersion` of NCIt (`26.10d`).

        Raises PayloadError.
        """
        ...

    def batches(
        self, ids: Iterable[str], version: str | None, *, whole: bool = False, by_id: bool = False
    ) -> list[Request]:
        """The fewest requests that may settle these ids, each within the safe number of ids and bytes of URL.

        `whole` asks without projection (recording); `by_id` rules out walking through all that the source has.
        Ids must be valid; order and repeats do not matter.
        """
        ...

    def single(self, id_: str, version: str | None, *, whole: bool = False) -> Request:
        """The request for one id alone, which tells absence from a fault where a batch cannot."""
        ...

    def read(self, request: Request, response: Response, version: str | None) -> Answer:
        """Split an answer by id. Raises PayloadError, SourceBlocked, ReleaseChanged."""
        ...

    def follow_up(self, bodies: Mapping[str, bytes]) -> frozenset[str]:
        """The further ids that these payloads make necessary (replacements of retired concepts)."""
        ...

    def check(self, id_: str, body: bytes) -> None:
        """Raises PayloadError for a payload that the weaving cannot read: it is no answer, and is not kept."""
        ...

    def own_version(self, body: bytes) -> str | None:
        """The version that a payload itself carries: `versionHolder`, `version`."""
        ...

    def digest(self, body: bytes) -> str:
        """SHA-256 (hex) of the content that matters: canonical JSON without what changes every working day."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One payload as the source gave it. `source_version` and `fetched_at`: when this content was first stored."""

    source: SourceName
    id: str
    body: bytes
    digest: str
    source_version: str | None
    fetched_at: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """The reader has the payload. `stale` means that it stands in for a source that could not be asked."""

    snapshot: Snapshot
    stale: bool = False


@dataclass(frozen=True, slots=True)
class KnownAbsent:
    """The source was asked and said no."""

    source_version: str | None
    fetched_at: str | None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class NotHeld:
    """Nothing is known, with the reason in words for a person; `passing` where it is there and could not be read."""

    reason: str
    passing: bool = False


Lookup = Held | KnownAbsent | NotHeld


class SnapshotReader(Protocol):
    """What the weaving reads from: the store after prefetch, a replay folder, a holding. It opens no socket."""

    def read(self, source: SourceName, ids: Sequence[str]) -> Mapping[str, Lookup]:
        """One answer for each id, whichever it is; an alias is answered with the canonical study's snapshot."""
        ...
