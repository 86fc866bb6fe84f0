"""The members of a zip, one after the other, in flat memory.

`zipfile` keeps an object for each member: 373 MB for the 600,000 studies of the registry. Here the central directory is
read as a stream beside the data. What a bulk file of text needs is understood: zip64, stored and deflated members, one
file. Nothing is ever written to disk.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from trialweave.errors import InputError

MAX_MEMBER = 64 << 20
"""A member that inflates beyond this is refused. The largest study of the registry is 3.6 MB."""

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 1


class BadMember(ValueError):
    """One member cannot be read; the others may be."""


class Member(NamedTuple):
    """A member as the central directory has it; `place` is that of its local header."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    place: int


class ZipMembers:
    """A zip, opened for one pass. Raises InputError for what is no zip, or one that was cut off."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = 0
        try:
            self._directory = path.open("rb")
            self._data = path.open("rb", buffering=1 << 18)
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}") from error
        try:
            self.count, self._start = _locate(self._directory, path)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._directory.close()
        self._data.close()

    def members(self) -> Iterator[Member]:
        """The members in the order of the central directory. Raises InputError where that is damaged."""
        stream = self._directory
        stream.seek(self._start)
        for _ in range(self.count):
            head = stream.read(_ENTRY.size)
            if len(head) < _ENTRY.size or not head.startswith(b"PK\x01\x02"):
                raise InputError(f"{self.path} is damaged: its list of members breaks off; download it again")
            fields = _ENTRY.unpack(head)
            name = stream.read(fields[10])
            extra = stream.read(fields[11])
            stream.seek(fields[12], 1)
            packed, size, place = _wide(extra, fields[8], fields[9], fields[16])
            yield Member(name.decode("utf-8", "replace"), fields[3], fields[4], fields[7], packed, size, place)

    def read(self, member: Member) -> tuple[bytes, bytes]:
        """The member's bytes, and the same as a raw deflate stream.

        Raises BadMember, and InputError once more was read than twice what the file holds: then members lie over each
        other, and a small file would inflate to any size.
        """
        if member.flags & _ENCRYPTED or member.method not in (_STORED, _DEFLATED) or member.size > MAX_MEMBER:
            raise BadMember("encrypted, packed in an unknown way, or too large")
        if member.packed > MAX_MEMBER or member.place > self._start:
            raise BadMember("it is not where the list of members says")
        self._read += member.packed
        if self._read > 2 * self._start:
            raise InputError(f"{self.path} is damaged, or a trap: its members lie over each other")
        self._data.seek(member.place)
        head = self._data.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
            raise BadMember("it is not where the list of members says")
        local = _LOCAL.unpack(head)
        self._data.seek(local[9] + local[10], 1)
        raw = self._data.read(member.packed)
        body = raw if member.method == _STORED else inflate_raw(raw, member.size)
        if len(body) != member.size or zlib.crc32(body) != member.checksum:
            raise BadMember("its checksum is another one")
        return body, raw if member.method == _DEFLATED else deflate_raw(body)


def inflate_raw(raw: bytes, size: int) -> bytes:
    """Inflate a raw deflate stream of a known size. Raises BadMember."""
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = machine.decompress(raw, size + 1)
    except zlib.error as error:
        raise BadMember("it cannot be inflated") from error
    if not machine.eof:
        raise BadMember("it inflates to more than it says, or breaks off")
    return body


def deflate_raw(body: bytes) -> bytes:
    """Deflate into a raw stream."""
    machine = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return machine.compress(body) + machine.flush()


def _locate(stream: BinaryIO, path: Path) -> tuple[int, int]:
    """How many members there are, and where their list starts."""
    size = stream.seek(0, 2)
    tail_start = max(0, size - _END.size - _FULL16)
    stream.seek(tail_start)
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise InputError(f"{path} is no zip, or was cut off while it was downloaded; download it again")
    _, _, _, _, count, length, start, _ = _END.unpack_from(tail, at)
    if count == _FULL16 or length == _FULL32 or start == _FULL32:
        count, length, start = _locate64(stream, tail_start + at, path)
    if start + length > tail_start + at:
        raise InputError(f"{path} is damaged: its list of members does not fit into it; download it again")
    return count, start


def _locate64(stream: BinaryIO, end: int, path: Path) -> tuple[int, int, int]:
    damaged = InputError(f"{path} is damaged: the end of a large zip is missing; download it again")
    if end < _END64_LOCATOR.size:
        raise damaged
    stream.seek(end - _END64_LOCATOR.size)
    mark, _, place, _ = _END64_LOCATOR.unpack(stream.read(_END64_LOCATOR.size))
    stream.seek(place if mark == b"PK\x06\x07" and place < end else end)
    raw = stream.read(_END64.size)
    if len(raw) < _END64.size or not raw.startswith(b"PK\x06\x06"):
        raise damaged
    *_, count, length, start = _END64.unpack(raw)
    return count, length, start


def _wide(extra: bytes, packed: int, size: int, place: int) -> tuple[int, int, int]:
    """The three numbers, those that did not fit into 32 bits taken from the extra field of zip64."""
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        if tag == 1:
            field = extra[at + 4 : at + 4 + length]
            values = iter(struct.unpack_from(f"<{len(field) // 8}Q", field))
            size = next(values, size) if size == _FULL32 else size
            packed = next(values, packed) if packed == _FULL32 else packed
            place = next(values, place) if place == _FULL32 else place
        at += 4 + length
    return packed, size, place
