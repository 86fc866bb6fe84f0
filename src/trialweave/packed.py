"""A row as bytes: its key, its checksum, its line, and what a run tells of it besides."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from functools import lru_cache
from types import GenericAlias
from typing import Any, NamedTuple, get_type_hints

from pydantic import TypeAdapter

from trialweave.core.checks.across_records import Row
from trialweave.core.summary import Brief
from trialweave.core.views import encode_exact
from trialweave.loom import Woven
from trialweave.owners import NOBODY, Owners

HEAD = struct.Struct(">16s16sQIII")
"""Key, answers, place and length of the line, checksum, length of what is told."""


def _types(of: type) -> list[Any]:
    return list(get_type_hints(of).values())


def _adapter(types: list[Any]) -> TypeAdapter[tuple[Any, ...]]:
    """Reads the values of a class's fields, in their order."""
    kind: Any = GenericAlias(tuple, tuple(types))
    return TypeAdapter(kind)


_BRIEF = _adapter(_types(Brief))
_ACROSS = _adapter(_types(Row)[:-1])
_PATHS = TypeAdapter(dict[str, str])


class Packed(NamedTuple):
    """A row as bytes.

    `answers` is a digest of who bears the names that it was woven with, `told` what a run tells of it besides its
    line: those names, its lines of `conflicts.jsonl`, what the tally counts, the paths of its columns, what is
    compared with other records; one line for each.
    """

    key: bytes
    answers: bytes
    line: bytes
    told: bytes
    checksum: int

    @property
    def asked(self) -> bytes:
        """The names that it was woven with, as JSON; nothing for none."""
        return self.told.partition(b"\n")[0]

    @property
    def conflicts(self) -> list[bytes]:
        """Its lines of `conflicts.jsonl`, without their ends."""
        return self.told.split(b"\n")[1:-3]

    def head(self, place: int) -> bytes:
        """What an entry begins with, for a line that stands at this place."""
        return HEAD.pack(self.key, self.answers, place, len(self.line), self.checksum, len(self.told))

    def whole(self) -> bytes:
        """All of it, for `unpacked`."""
        return self.head(0) + self.told + self.line


class Told(NamedTuple):
    """What the counting of a run is given of a row."""

    brief: Brief
    across: Row | None


def pack(key: bytes, row: Woven, owners: Owners | None) -> Packed:
    """A woven row as bytes; without `owners`, for no later run: nothing but its line and its conflicts."""
    if owners is None:
        return Packed(key, NOBODY, row.line, b"\n".join((b"", *row.conflicts, b"", b"", b"")), 0)
    asked = _as_bytes(row.asked) if row.asked else b""
    paths = across = b""
    if row.across is not None:
        *values, named = row.across
        paths, across = _as_bytes(named), _as_bytes(values)
    told = b"\n".join((asked, *row.conflicts, _as_bytes(row.brief), paths, across))
    return Packed(key, owners.of(asked, row.asked), row.line, told, zlib.crc32(told, zlib.crc32(row.line)))


def told_of(packed: Packed) -> Told:
    """What the counting of a run is given of a row. Raises ValueError for what no run wrote."""
    *_, brief, paths, across = packed.told.split(b"\n")
    return Told(_brief(brief), Row(*(*_ACROSS.validate_json(across), _paths(paths))) if across else None)


@lru_cache(maxsize=1024)
def _brief(text: bytes) -> Brief:
    return Brief(*_BRIEF.validate_json(text))


@lru_cache(maxsize=64)
def _paths(text: bytes) -> Mapping[str, str]:
    return _PATHS.validate_json(text)


def _as_bytes(value: object) -> bytes:
    return encode_exact(value).encode("utf-8", "surrogatepass")


def unpacked(whole: bytes) -> Packed:
    """The row that this is the `whole` of."""
    key, answers, _, _, checksum, size = HEAD.unpack_from(whole)
    told = HEAD.size + size
    return Packed(key, answers, whole[told:], whole[HEAD.size : told], checksum)
