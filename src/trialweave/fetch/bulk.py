"""Studies from a local copy of the registry's bulk zip (`trialweave cache import`).

    CACHE/bulk-1/manifest.json     where from, how many, size and SHA-256 of the index
                 index             one row of 40 bytes for each study, sorted by id: id, place, lengths, checksum
                 members           the studies as they came, deflated, end to end

Importing copies members as they are packed and only checks them, so it takes little more than reading the zip. A study
is projected and digested when a run first wants it: it then enters the store like an answer of the service, and is as
fresh as its `versionHolder`. A later import takes the place of an earlier one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from trialweave.core.identifiers import NCT_ID
from trialweave.errors import InputError
from trialweave.fetch.untrusted import check_ours, open_ours, read_ours, take_away
from trialweave.fetch.zipmembers import MAX_MEMBER, BadMember, Member, ZipMembers, inflate_raw
from trialweave.sources.ctgov_requests import FIELDS
from trialweave.sources.projection import project

FOLDER = "bulk-1"
CHECKPOINT = 5_000
"""Members between two notes of how far an import is."""

_ROW = struct.Struct(">12sQQII4x")
_MAX_PLACE = 1 << 62
_MAX_INDEX = _ROW.size * 10_000_000
"""Bytes; the registry has 606,000 studies."""
_MAX_NOTE = 1 << 20
_FILES = frozenset({"members", "rows", "state.json", "state.part", "index", "manifest.json"})
_NAME = re.compile(rf"(?:^|/)({NCT_ID.pattern})\.json$")
_OWN_ID = re.compile(rb'"nctId"\s*:\s*"(NCT[0-9]{8})"')
_HEAD = 4_096
_PROJECTION = ",".join(FIELDS)

Progress = Callable[[int, int], None]
"""Called with how many members are seen and how many there are."""


@dataclass(slots=True)
class Imported:
    """What an import came to: members taken, passed over because nobody wants them, no studies by name, and bad."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    resumed_at: int = 0


@dataclass(frozen=True, slots=True)
class _State:
    """How far an import is: members seen, and the sizes of the two files then."""

    source: list[Any]
    seen: int
    rows: int
    members: int
    counts: dict[str, int]


def holds_studies(path: Path) -> bool:
    """Is there a study, by its name, among the members of a zip? Raises InputError for what is no zip."""
    with closing(ZipMembers(path)) as members:
        return any(_NAME.search(member.name) for member in members.members())


def import_studies(
    path: Path, cache_dir: Path, *, only: Collection[str] | None = None, progress: Progress | None = None
) -> Imported:
    """Take the studies of a bulk zip, all or `only` these ids. One that was cut off goes on where it stopped.

    A bad member is counted and passed over. Raises InputError for a zip that was cut off, or holds no study.
    """
    work = cache_dir / f"{FOLDER}.part"
    with closing(ZipMembers(path)) as members:
        state = _begin(work, _identity(path, members.count, only))
        done = Imported(Counter(state.counts), resumed_at=state.seen)
        _Import(members, work, only, done).run(state, progress)
    if not done.counts["taken"]:
        take_away(work)
        raise InputError(f"{path} holds no study that is wanted; is it the registry's bulk file, one JSON per study?")
    _finish(work, cache_dir / FOLDER, path, done)
    return done


class _Import:
    """One pass over a zip."""

    def __init__(self, members: ZipMembers, work: Path, only: Collection[str] | None, done: Imported) -> None:
        self._members = members
        self._work = work
        self._only = only
        self._done = done

    def run(self, state: _State, progress: Progress | None) -> None:
        seen = 0
        with (self._work / "members").open("r+b") as data, (self._work / "rows").open("r+b") as rows:
            data.truncate(state.members)
            rows.truncate(state.rows)
            place, at_row = data.seek(0, 2), rows.seek(0, 2)
            for seen, member in enumerate(self._members.members(), 1):
                if seen <= state.seen:
                    continue
                taken = self._take(member)
                if taken is not None:
                    id_, raw = taken
                    rows.write(_ROW.pack(id_.encode(), place, len(raw), member.size, member.checksum))
                    data.write(raw)
                    place, at_row = place + len(raw), at_row + _ROW.size
                if seen % CHECKPOINT == 0:
                    data.flush()
                    rows.flush()
                    _note(self._work, _State(state.source, seen, at_row, place, dict(self._done.counts)))
                    if progress is not None:
                        progress(seen, self._members.count)

    def _take(self, member: Member) -> tuple[str, bytes] | None:
        named = _NAME.search(member.name)
        if named is None:
            self._done.counts["other"] += not member.name.endswith("/")
            return None
        if self._only is not None and named[1] not in self._only:
            self._done.counts["unwanted"] += 1
            return None
        try:
            body, raw = self._members.read(member)
            _check_own_id(body, named[1])
        except BadMember as error:
            self._done.counts["bad"] += 1
            self._done.bad.append(f"{member.name}: {error}")
            return None
        self._done.counts["taken"] += 1
        return named[1], raw


def _identity(path: Path, count: int, only: Collection[str] | None) -> list[Any]:
    """What has to be the same for an import to go on: the zip, and what is wanted of it."""
    status = path.stat()
    wanted = None if only is None else hashlib.sha256("\n".join(sorted(only)).encode()).hexdigest()
    return [str(path.absolute()), status.st_size, status.st_mtime_ns, count, wanted]


def _begin(work: Path, source: list[Any]) -> _State:
    try:
        for file in list(work.iterdir()):
            if file.name not in _FILES:
                raise ValueError("no files of an import")
            check_ours(file.lstat(), to_write=True)
        state = _State(**json.loads(read_ours(work / "state.json", _MAX_NOTE)))
        numbers = (state.seen, state.rows, state.members, *state.counts.values())
        if not all(type(number) is int and number >= 0 for number in numbers):
            raise ValueError("no state of an import")
        whole = (work / "members").stat().st_size >= state.members and (work / "rows").stat().st_size >= state.rows
        if state.source == source and whole and not work.is_symlink():
            return state
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        pass  # there is nothing to go on with
    take_away(work)
    work.mkdir(parents=True, mode=0o700)
    for name in ("members", "rows"):
        (work / name).touch()
    return _State(source, 0, 0, 0, {})


def _note(work: Path, state: _State) -> None:
    told = {name: getattr(state, name) for name in ("source", "seen", "rows", "members", "counts")}
    part = work / "state.part"
    part.write_text(json.dumps(told), encoding="utf-8")
    part.replace(work / "state.json")


def _finish(work: Path, folder: Path, path: Path, done: Imported) -> None:
    raw = (work / "rows").read_bytes()
    index = b"".join(sorted(raw[at : at + _ROW.size] for at in range(0, len(raw), _ROW.size)))
    (work / "index").write_bytes(index)
    manifest = {
        "from": path.name,
        "studies": len(index) // _ROW.size,
        "index_sha256": hashlib.sha256(index).hexdigest(),
        **dict(sorted(done.counts.items())),
    }
    (work / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    (work / "rows").unlink()
    (work / "state.json").unlink(missing_ok=True)
    old = folder.with_name(f"{FOLDER}.old")
    take_away(old)
    if os.path.lexists(folder):
        folder.rename(old)
    work.rename(folder)
    take_away(old)


class BulkStudies:
    """The studies of the last import; without one, nothing. What is damaged is not there, and counted in `events`."""

    def __init__(self, cache_dir: Path, events: Counter[str] | None = None) -> None:
        self._folder = cache_dir / FOLDER
        self._index: bytes | None = None
        self._origin = ""
        self.events = Counter[str]() if events is None else events

    def described(self) -> str | None:
        """What was imported, in words: how many studies, from which file; None where nothing usable was."""
        index = self._opened()
        return f"{len(index) // _ROW.size:,} studies of {self._origin}" if index else None

    def verify(self) -> None:
        """Read every study whole."""
        index = self._opened()
        if not index:
            return
        try:
            with open_ours(self._folder / "members") as stream:
                for id_, *found in _ROW.iter_unpack(index):
                    try:
                        _read(stream, id_.rstrip(b"\0").decode(), *found)
                    except (BadMember, ValueError):
                        self.events["bulk_damaged"] += 1
        except OSError:
            self.events["bulk_unusable"] += 1

    def bodies(self, ids: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """The studies among these ids that are there and whole, projected as the service would have been asked to."""
        index = self._opened()
        if not index:
            return
        try:
            with open_ours(self._folder / "members") as stream:
                for id_ in ids:
                    if (found := self._find(index, id_)) is not None:
                        try:
                            yield id_, project(_read(stream, id_, *found), _PROJECTION)
                        except (BadMember, ValueError, RecursionError):
                            self.events["bulk_damaged"] += 1
        except OSError:
            self.events["bulk_unusable"] += 1

    def _opened(self) -> bytes:
        if self._index is None:
            self._index = b""
            try:
                manifest = json.loads(read_ours(self._folder / "manifest.json", _MAX_NOTE))
                index = read_ours(self._folder / "index", _MAX_INDEX)
            except (FileNotFoundError, NotADirectoryError):
                return b""
            except (OSError, ValueError, RecursionError):
                self.events["bulk_unusable"] += 1
                return b""
            told = manifest.get("index_sha256") if isinstance(manifest, dict) else None
            if told == hashlib.sha256(index).hexdigest() and len(index) % _ROW.size == 0:
                self._index = index
                self._origin = str(manifest.get("from"))
            else:
                self.events["bulk_unusable"] += 1
        return self._index

    def _find(self, index: bytes, id_: str) -> tuple[int, int, int, int] | None:
        wanted = id_.encode()
        rows = range(0, len(index), _ROW.size)
        at = bisect_left(rows, wanted, key=lambda place: index[place : place + len(wanted)])
        if at == len(rows) or len(wanted) != 11:
            return None
        found, place, packed, size, checksum = _ROW.unpack_from(index, rows[at])
        return (place, packed, size, checksum) if found.rstrip(b"\0") == wanted else None


def _check_own_id(body: bytes, id_: str) -> None:
    own = _OWN_ID.search(body, 0, _HEAD)
    if own is None or own[1].decode() != id_:
        raise BadMember("it is not the study that it is named after")


def _read(stream: BinaryIO, id_: str, place: int, packed: int, size: int, checksum: int) -> bytes:
    if max(packed, size) > MAX_MEMBER or place > _MAX_PLACE:
        raise BadMember("it is larger than any member, or beyond any file")
    stream.seek(place)
    body = inflate_raw(stream.read(packed), size)
    if zlib.crc32(body) != checksum:
        raise BadMember("its checksum is another one")
    _check_own_id(body, id_)
    return body
