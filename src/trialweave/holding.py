"""A holding: an immutable file set of snapshots, which a cluster or a later night reads. Standard library only.

    HOLDING/manifest.json     format, versions and counts of each source, size and SHA-256 of the two files below
            index             one row of 44 bytes for each id, sorted by key: key, place, length, sum
            snapshots         what is known of each id: a JSON header, a line end, the payload; deflated, end to end

The key is 16 bytes of BLAKE2b over source and id, so that rows have one width whatever the ids. The index is verified
against the manifest when it is opened, every snapshot against its sum when it is read, and both by ordinary reads: a
map of a file that is cut short kills the process. What is damaged is `NotHeld`, with the reason.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import weakref
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any, Self, assert_never

from trialweave.core.models import Source
from trialweave.errors import InputError, UsageError
from trialweave.sources.base import Held, KnownAbsent, Lookup, NotHeld, Snapshot, SnapshotReader

FORMAT = "trialweave.holding/1"
MAX_BODY = 64 << 20
"""A snapshot that inflates beyond this is refused. The largest study of the registry is 3.6 MB."""

_MANIFEST, _INDEX, _SNAPSHOTS = "manifest.json", "index", "snapshots"
_ROW = struct.Struct(">16sQI16s")
_KEY = 16
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Damage(Exception):
    reason: str


class Holding:
    """Reads a holding (`SnapshotReader`). Travels between processes as its path and the digest of its manifest.

    Raises InputError for a folder that is no holding; whatever is damaged later is `NotHeld`.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).absolute()
        try:
            raw = (self.folder / _MANIFEST).read_bytes()
            manifest = json.loads(raw)
            known = manifest["format"] == FORMAT and {_INDEX, _SNAPSHOTS} <= manifest["files"].keys()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(f"{self.folder} is no holding: its {_MANIFEST} cannot be read ({error})") from error
        if not known:
            raise InputError(f"{self.folder} is a holding of another format than {FORMAT}; write it again")
        self.manifest: Mapping[str, Any] = manifest
        self.digest = hashlib.sha256(raw).hexdigest()
        self._opened: _Files | _Damage | None = None

    @classmethod
    def write(
        cls,
        folder: str | Path,
        lookups: Iterable[tuple[Source, str, Lookup]],
        versions: Mapping[Source, str | None],
    ) -> Self:
        """Write what is known of each (source, id) as a new holding, which appears whole or not at all.

        What follows from the ids (replacements of retired concepts) has to be among them. Raises UsageError where the
        folder exists already: a holding never changes.
        """
        folder = Path(folder).absolute()
        if folder.exists():
            raise UsageError(f"{folder} exists already, and a holding never changes; name another folder")
        beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
        try:
            beside.mkdir(parents=True)
            manifest = _write(beside, lookups, versions)
            (beside / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
            beside.rename(folder)
        except BaseException:
            rmtree(beside, ignore_errors=True)
            raise
        return cls(folder)

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopened, (str(self.folder), self.digest)

    def read(self, source: Source, ids: Sequence[str]) -> Mapping[str, Lookup]:
        """One answer for each id; an alias is answered with the canonical study's snapshot."""
        files = self._files()
        if isinstance(files, _Damage):
            return dict.fromkeys(
                ids, NotHeld(f"the holding {self.folder} cannot be used: {files.reason}", passing=True)
            )
        return {id_: self._look(files, source, id_) for id_ in ids}

    def close(self) -> None:
        """Close its files; reading opens them again."""
        if isinstance(self._opened, _Files):
            self._opened.close()
        self._opened = None

    def verify(self) -> None:
        """Read every byte. Raises InputError that names the file that is not as it was written."""
        for name, facts in self.manifest["files"].items():
            if _digest(self.folder / name) != facts["sha256"]:
                raise InputError(f"{self.folder / name} is not as it was written; write the holding again")

    def _files(self) -> _Files | _Damage:
        if self._opened is None:
            try:
                self._opened = _Files(self.folder, self.manifest)
            except _Damage as damage:
                self._opened = damage
        return self._opened

    def _look(self, files: _Files, source: Source, id_: str) -> Lookup:
        try:
            packed = files.get(_key(source, id_))
            return NotHeld(f"the holding {self.folder} has nothing about it") if packed is None else _unpack(packed)
        except _Damage as damage:
            return NotHeld(f"its copy in the holding {self.folder} is damaged: {damage.reason}", passing=True)


@dataclass(frozen=True, slots=True)
class _Gone:
    """Stands in, in another process, for a holding that is gone or has become another one."""

    reason: str

    def read(self, source: Source, ids: Sequence[str]) -> Mapping[str, Lookup]:  # noqa: ARG002
        return dict.fromkeys(ids, NotHeld(self.reason, passing=True))


def _reopened(folder: str, digest: str) -> SnapshotReader:
    try:
        holding = Holding(folder)
    except InputError as error:
        return _Gone(str(error))
    if holding.digest != digest:
        return _Gone(f"the holding {folder} is another one than this work started with")
    return holding


def _write(
    folder: Path, lookups: Iterable[tuple[Source, str, Lookup]], versions: Mapping[Source, str | None]
) -> dict[str, Any]:
    counts: dict[Source, Counter[str]] = {source: Counter() for source in versions}
    rows: dict[bytes, bytes] = {}
    place, digest = 0, hashlib.sha256()
    with (folder / _SNAPSHOTS).open("wb") as stream:
        for source, id_, lookup in lookups:
            key = _key(source, id_)
            if key in rows:
                continue
            packed = _pack(source, lookup)
            rows[key] = _ROW.pack(key, place, len(packed), _sum(packed))
            stream.write(packed)
            digest.update(packed)
            place += len(packed)
            counts[source][_kind(lookup)] += 1
    index = b"".join(rows[key] for key in sorted(rows))
    (folder / _INDEX).write_bytes(index)
    return {
        "format": FORMAT,
        "sources": {source: {"version": versions[source], **dict(sorted(counts[source].items()))} for source in counts},
        "files": {
            _INDEX: {"bytes": len(index), "sha256": hashlib.sha256(index).hexdigest()},
            _SNAPSHOTS: {"bytes": place, "sha256": digest.hexdigest()},
        },
    }


class _Files:
    """The two files, open: the index in memory, 44 bytes an id, and the snapshots on disk."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        try:
            self._index = (folder / _INDEX).read_bytes()
            if hashlib.sha256(self._index).hexdigest() != manifest["files"][_INDEX]["sha256"]:
                raise _Damage("its index is not as it was written")
            self._stream = (folder / _SNAPSHOTS).open("rb", buffering=0)
        except OSError as error:
            raise _Damage(f"{error.filename}: {error.strerror}") from error
        self.close = weakref.finalize(self, self._stream.close)

    def get(self, key: bytes) -> bytes | None:
        """The packed snapshot, verified. Raises _Damage."""
        low, high = 0, len(self._index) // _ROW.size
        while low < high:
            middle = (low + high) // 2
            if self._index[middle * _ROW.size : middle * _ROW.size + _KEY] < key:
                low = middle + 1
            else:
                high = middle
        row = self._index[low * _ROW.size : (low + 1) * _ROW.size]
        if not row.startswith(key):
            return None
        _, place, length, checksum = _ROW.unpack(row)
        try:
            packed = os.pread(self._stream.fileno(), length, place)
        except OSError as error:
            raise _Damage(f"it cannot be read ({error.strerror})") from error
        if _sum(packed) != checksum:
            raise _Damage("it is not as it was written")
        return packed


def _key(source: Source, id_: str) -> bytes:
    return hashlib.blake2b(f"{source}|{id_}".encode(errors="surrogatepass"), digest_size=_KEY).digest()


def _sum(packed: bytes) -> bytes:
    return hashlib.blake2b(packed, digest_size=16).digest()


def _digest(path: Path) -> str | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()


def _kind(lookup: Lookup) -> str:
    match lookup:
        case Held():
            return "found"
        case KnownAbsent():
            return "absent"
        case NotHeld():
            return "unavailable"
        case _:
            assert_never(lookup)


def _pack(source: Source, lookup: Lookup) -> bytes:
    body = b""
    header: list[Any] = [_kind(lookup)]
    match lookup:
        case Held(snapshot, stale):
            header += [source, snapshot.id, snapshot.digest, snapshot.source_version, snapshot.fetched_at, stale]
            body = snapshot.body
        case KnownAbsent(version, at, stale):
            header += [version, at, stale]
        case NotHeld(reason):
            header += [reason]
        case _:
            assert_never(lookup)
    return zlib.compress(json.dumps(header).encode() + b"\n" + body, 1)


def _unpack(packed: bytes) -> Lookup:
    """Read a snapshot whose sum was right, so that only another writer's format can surprise. Raises _Damage."""
    machine = zlib.decompressobj()
    try:
        head, _, body = machine.decompress(packed, MAX_BODY).partition(b"\n")
        match json.loads(head):
            case ["found", ("ctgov" | "ncit") as source, id_, digest, version, at, stale] if machine.eof:
                return Held(Snapshot(source, id_, body, digest, version, at), stale)
            case ["absent", version, at, stale]:
                return KnownAbsent(version, at, stale)
            case ["unavailable", reason]:
                return NotHeld(reason)
    except (zlib.error, ValueError, RecursionError) as error:
        raise _Damage("it is no snapshot of this format") from error
    raise _Damage("it is no snapshot of this format")
