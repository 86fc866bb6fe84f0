"""What a run need not weave again: a record whose row, links, rules and settings are as they were is copied.

The key of a record is a digest over all that its line is made of: the release of trialweave, rules and settings, its
record_id and row, and what each of its links leads to (payload, versions, staleness, replacements). Weaving may ask
besides who bears a name among the concepts that the run knows of: what it asked, and a digest of the answers, stand
beside the key, and the answers have to be the same again. Keys lie in a ledger beside the output that they belong to,
one entry for each of its lines and in their order: a cache of its own could outlive that output or belong to another
one, and a run's folder is published and removed as a whole.

Copied is only what is whole: a damaged or foreign ledger, or a line that is not as it was written, is woven again.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

from trialweave import __version__
from trialweave.core.catalogue import RULES_VERSION
from trialweave.core.checks.across_records import Row
from trialweave.core.identifiers import GivenId
from trialweave.core.models import Origin, Record, Source
from trialweave.core.name_index import NameIndex, Owner
from trialweave.core.output import SCHEMA
from trialweave.core.record import ColumnMap, build_record
from trialweave.core.summary import Brief
from trialweave.core.views import encode
from trialweave.loom import Woven, link_of
from trialweave.weave import windows

FORMAT = b"trialweave.reuse/1\n"
REACH = 5000
"""How far rows may have moved to be found again: entries of the ledger that are looked at ahead, and kept behind."""

REMEMBERED = 20_000
"""Names whose owners are kept as digests."""

_ENTRY = struct.Struct(">16sQIII")
_NOWHERE = Origin("<spool>", 0)
_SOURCES: tuple[Source, ...] = ("ctgov", "ncit")

States = Callable[[Source, Collection[str]], Mapping[str, bytes]]
"""What each id leads to, as a digest (`Fetcher.states`)."""


Weaving = Callable[[Iterable[Sequence[Record]]], Iterator[Sequence[Woven]]]
"""The rows of each list of records, as one list; it may take in a few lists before it gives out the first."""


class Spool:
    """The records of the plan pass on disk, so that a record that is copied is neither read nor built a second time."""

    def __init__(self, columns: ColumnMap) -> None:
        self._columns = columns
        self._file = TemporaryFile(prefix="trialweave-")  # noqa: SIM115  # closed with the spool

    def taking_down(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same records, written down as they pass."""
        for record in records:
            self._file.write(spooled(record) + b"\n")
            yield record

    def lines(self) -> Iterator[bytes]:
        """What was written down, in order."""
        self._file.seek(0)
        return (line[:-1] for line in self._file)

    def record(self, line: bytes) -> Record:
        """The record that a line was written from; where it stood in the input is not kept."""
        record_id, row = json.loads(line.split(b"\t", 2)[2].decode("utf-8", "surrogatepass"))
        return replace(build_record(row, _NOWHERE, self._columns), record_id=record_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def spooled(record: Record) -> bytes:
    """A record as one line: the ids that it links to, then record_id and row as JSON."""
    ids = (link.id if isinstance(link := link_of(record, source), GivenId) else "" for source in _SOURCES)
    text = encode([record.record_id, dict(record.row)])
    return "\t".join((*ids, text)).encode("utf-8", "surrogatepass")


class Keys:
    """Makes the keys of a run's records."""

    def __init__(self, settings_digest: str, states: States) -> None:
        self._stamp = json.dumps([__version__, SCHEMA, RULES_VERSION, settings_digest]).encode()
        self._states = states
        self._known: dict[Source, dict[bytes, bytes]] = {source: {b"": b""} for source in _SOURCES}

    def of(self, lines: Sequence[bytes]) -> list[bytes]:
        """The key of each record as it was spooled, 16 bytes."""
        parts = [line.split(b"\t", 2) for line in lines]
        for at, source in enumerate(_SOURCES):
            known = self._known[source]
            new = {part[at].decode() for part in parts if part[at] not in known}
            if new:
                known.update((id_.encode(), state) for id_, state in self._states(source, new).items())
        studies, concepts = (self._known[source] for source in _SOURCES)
        return [
            hashlib.blake2b(b"\t".join((self._stamp, studies[study], concepts[concept], line)), digest_size=16).digest()
            for line, (study, concept, _) in zip(lines, parts, strict=True)
        ]


class LedgerWriter:
    """Writes the ledger of an output while that is written: each line, ended by a line feed, in the same order."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("wb")
        self._stream.write(FORMAT)
        self._place = 0

    def add(self, key: bytes, row: Woven, owners: Owners) -> None:
        """Note the next line of the output; `owners` tell of the names that it was woven with."""
        told = _told(row, owners)
        self._write(key, row.line, told, zlib.crc32(told, zlib.crc32(row.line)))

    def copy(self, key: bytes, copied: Copied) -> None:
        """Note the next line of the output, which was copied, as the earlier run noted it."""
        self._write(key, copied.row.line, copied.told, copied.checksum)

    def _write(self, key: bytes, line: bytes, told: bytes, checksum: int) -> None:
        self._stream.write(_ENTRY.pack(key, self._place, len(line), checksum, len(told)) + told)
        self._place += len(line) + 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()


class Copied(NamedTuple):
    """A row of an earlier run, what its ledger tells of it, and the checksum of both."""

    row: Woven
    told: bytes
    checksum: int


class _Kept(NamedTuple):
    """An entry of a ledger: where a line stands in the output, and the row's other parts as JSON."""

    place: int
    length: int
    checksum: int
    told: bytes


class Earlier:
    """The lines of an earlier run, by key. Both files are read once, side by side, with `REACH` entries in memory."""

    def __init__(self, ledger: BinaryIO, output: BinaryIO) -> None:
        self._ledger = ledger
        self._output = output
        self._size = output.seek(0, 2)
        self._ahead: OrderedDict[bytes, _Kept] = OrderedDict()
        self._ended = ledger.readline(64) != FORMAT
        self._advance(REACH)

    @classmethod
    def open(cls, ledger: Path, output: Path) -> Self | None:
        """The earlier run whose ledger and output these are; None where they cannot be opened."""
        try:
            stream = ledger.open("rb")
        except OSError:
            return None
        try:
            return cls(stream, output.open("rb"))
        except OSError:
            stream.close()
            return None

    def take(self, key: bytes, owners: Owners) -> Copied | None:
        """The row with this key; None where it has to be woven, because it is not there or names have other owners."""
        self._advance(1)
        kept = self._ahead.pop(key, None)
        if kept is None or kept.place + kept.length > self._size:
            return None
        self._output.seek(kept.place)
        line = self._output.read(kept.length)
        if zlib.crc32(kept.told, zlib.crc32(line)) != kept.checksum:
            return None
        row = _row(line, kept.told, owners)
        return None if row is None else Copied(row, kept.told, kept.checksum)

    def _advance(self, entries: int) -> None:
        for _ in range(entries):
            if self._ended:
                return
            head = self._ledger.read(_ENTRY.size)
            if len(head) < _ENTRY.size:
                self._ended = True
                return
            key, place, length, checksum, size = _ENTRY.unpack(head)
            told = self._ledger.read(size)
            if len(told) < size:
                self._ended = True
                return
            self._ahead[key] = _Kept(place, length, checksum, told)
        while len(self._ahead) > 2 * REACH:
            self._ahead.popitem(last=False)

    def close(self) -> None:
        """Close both files."""
        self._ledger.close()
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def reusing(
    spool: Spool,
    size: int,
    keys: Keys,
    names: NameIndex,
    earlier: Earlier | None,
    ledger: LedgerWriter | None,
    weaving: Weaving,
) -> Iterator[Woven]:
    """Each record's row, in order: copied from the earlier run where nothing differs, else woven.

    `size` is how many records are looked at together.
    """
    looked_at: deque[list[tuple[bytes, Copied | None]]] = deque()
    owners = Owners(names)

    def missing() -> Iterator[list[Record]]:
        for window in windows(spool.lines(), size):
            found = [(key, earlier.take(key, owners) if earlier else None) for key in keys.of(window)]
            looked_at.append(found)
            yield [spool.record(line) for line, (_, copied) in zip(window, found, strict=True) if copied is None]

    for rows in weaving(missing()):
        new = iter(rows)
        for key, copied in looked_at.popleft():
            row = next(new) if copied is None else copied.row
            if ledger is not None and copied is not None:
                ledger.copy(key, copied)
            elif ledger is not None:
                ledger.add(key, row, owners)
            yield row


class Owners:
    """Tells who bears names, and as what, as digests. A name recurs with every record of its drug."""

    def __init__(self, names: NameIndex) -> None:
        self._names = names
        self._told: dict[str, bytes] = {}

    def of(self, asked: Sequence[str]) -> str:
        """A digest of who bears these names; nothing for none."""
        if not asked:
            return ""
        if len(self._told) > REMEMBERED:
            self._told.clear()
        return hashlib.blake2b(b"".join(map(self._of, asked)), digest_size=16).hexdigest()

    def _of(self, name: str) -> bytes:
        told = self._told.get(name)
        if told is None:
            bearers = [list(map(_said, found)) for found in (self._names.owners(name), self._names.candidates(name))]
            text = repr(bearers).encode("utf-8", "surrogatepass")
            told = self._told[name] = hashlib.blake2b(text, digest_size=16).digest()
        return told


def _told(row: Woven, owners: Owners) -> bytes:
    """What an entry says of a row besides its line."""
    across = None if row.across is None else [getattr(row.across, part.name) for part in fields(row.across)]
    conflicts = [conflict.decode() for conflict in row.conflicts]
    told = [row.record_id, row.brief, conflicts, across, row.asked, owners.of(row.asked)]
    return encode(told).encode("utf-8", "surrogatepass")


def _row(line: bytes, told: bytes, owners: Owners) -> Woven | None:
    record_id, brief, conflicts, across, asked, answers = json.loads(told.decode("utf-8", "surrogatepass"))
    if owners.of(asked) != answers:
        return None
    return Woven(
        record_id,
        line,
        tuple(conflict.encode() for conflict in conflicts),
        Brief(*map(_frozen, brief)),
        None if across is None else Row(*map(_frozen, across)),
        tuple(asked),
    )


def _said(owner: Owner) -> Any:
    features = [sorted(getattr(owner.features, part.name)) for part in fields(owner.features)]
    return owner.code, owner.name, owner.borne.text, owner.borne.path, features, owner.release


def _frozen(value: Any) -> Any:
    """JSON's lists as the tuples that they were."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
