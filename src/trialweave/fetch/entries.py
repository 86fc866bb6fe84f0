"""One entry: what is known of one id, and its bytes on disk.

    TWE1 | 16 bytes BLAKE2b over all that follows | 4 bytes length of the header | header, JSON | body, zlib

The header is readable without inflating the body; the key stands inside, so that a swapped row is noticed.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from trialweave.clock import instant
from trialweave.core.identifiers import CONCEPT_CODE, NCT_ID

Kind = Literal["found", "absent", "alias"]

MAGIC = b"TWE1"
MAX_BODY = 64 << 20
"""A body that inflates beyond this is refused. The largest study of the registry is 3.6 MB."""

_SUM = 16
_PREFIX = len(MAGIC) + _SUM + 4
_ID = re.compile(rf"(?:{NCT_ID.pattern}|{CONCEPT_CODE.pattern})(?:\.replacements)?")
_HEADER = json.JSONEncoder(separators=(",", ":"))
_KINDS: Mapping[str, Kind] = {"found": "found", "absent": "absent", "alias": "alias"}


class DamagedEntry(ValueError):
    """Bytes that are no entry of this format, or not the one that was asked for. `kind` is the event to count."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Entry:
    """What one source said about one id, since when, and when it was last confirmed.

    `digest` is that of the content, without what changes every day. `follow` are the further ids that the payload makes
    necessary, kept so that a quiet night need not read a body: a source whose `follow_up` changes raises its
    `projection`. `data` is the body, deflated where it came from disk.
    """

    kind: Kind
    canonical: str | None = None
    digest: str | None = None
    first_version: str | None = None
    first_at: str | None = None
    confirmed_version: str | None = None
    confirmed_at: str | None = None
    follow: tuple[str, ...] = ()
    data: bytes = b""
    deflated: bool = False

    @property
    def body(self) -> bytes:
        """The payload as the source gave it. Raises DamagedEntry."""
        return inflate(self.data) if self.deflated else self.data


def confirmed(old: Entry | None, new: Entry) -> Entry:
    """The entry to keep once a source has answered again.

    The same content keeps its body and the version and time of its first storing; only the confirmation moves.
    """
    if old is None or (old.kind, old.digest, old.canonical) != (new.kind, new.digest, new.canonical):
        return new
    return replace(old, confirmed_version=new.confirmed_version, confirmed_at=new.confirmed_at, follow=new.follow)


def pack(key: str, entry: Entry) -> bytes:
    """The bytes of an entry on disk."""
    header = [
        key,
        entry.kind,
        entry.canonical,
        entry.digest,
        entry.first_version,
        entry.first_at,
        entry.confirmed_version,
        entry.confirmed_at,
        list(entry.follow),
    ]
    head = _HEADER.encode(header).encode()
    body = entry.data if entry.deflated else zlib.compress(entry.data, 1)
    rest = len(head).to_bytes(4, "big") + head + body
    return MAGIC + _checksum(rest) + rest


def unpack(key: str, stored: bytes) -> Entry:
    """Read an entry back without inflating its body. Raises DamagedEntry."""
    if stored[: len(MAGIC)] != MAGIC:
        raise DamagedEntry("other_format")
    rest = stored[len(MAGIC) + _SUM :]
    if len(stored) < _PREFIX or stored[len(MAGIC) : len(MAGIC) + _SUM] != _checksum(rest):
        raise DamagedEntry("checksum")
    end = 4 + int.from_bytes(rest[:4], "big")
    try:
        return _entry(key, json.loads(rest[4:end]), rest[end:])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise error if isinstance(error, DamagedEntry) else DamagedEntry("header") from error


def inflate(data: bytes) -> bytes:
    """Inflate a body, never beyond MAX_BODY. Raises DamagedEntry."""
    machine = zlib.decompressobj()
    try:
        body = machine.decompress(data, MAX_BODY)
    except zlib.error as error:
        raise DamagedEntry("body") from error
    if not machine.eof:
        raise DamagedEntry("body")
    return body


def _checksum(rest: bytes) -> bytes:
    return hashlib.blake2b(rest, digest_size=_SUM).digest()


def _entry(key: str, header: Any, data: bytes) -> Entry:
    own_key, kind, canonical, digest, first_version, first_at, confirmed_version, confirmed_at, follow = header
    if own_key != key:
        raise DamagedEntry("other_key")
    texts = (canonical, digest, first_version, first_at, confirmed_version, confirmed_at)
    if any(text is not None and not isinstance(text, str) for text in (*texts, *follow)):
        raise DamagedEntry("header")
    # Whoever can write here can make a checksum as well: what becomes a request or a time is looked at.
    if not all(map(_ID.fullmatch, filter(None, (canonical, *follow)))):
        raise DamagedEntry("header")
    for at in filter(None, (first_at, confirmed_at)):
        instant(at)
    return Entry(_KINDS[kind], *texts, tuple(follow), data, deflated=True)
