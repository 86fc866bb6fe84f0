"""What entries are kept by, and how they are held during a run: here in memory, in `store` on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from trialweave.core.models import Source as SourceName
from trialweave.fetch.entries import Entry

Key = tuple[SourceName, str, str]
"""(source, id, projection)."""


def key_text(key: Key) -> str:
    """The key as the database has it."""
    return "|".join(key)


def key_of(text: object) -> Key | None:
    """The key that a database has, or None where it is none of ours."""
    match text.split("|") if isinstance(text, str) else ():
        case ["ctgov", id_, projection]:
            return "ctgov", id_, projection
        case ["ncit", id_, projection]:
            return "ncit", id_, projection
        case _:
            return None


class Holder(Protocol):
    """Where entries are held during a run."""

    events: Counter[str]

    def get_many(self, keys: Collection[Key]) -> dict[Key, Entry]: ...
    def put_many(self, entries: Mapping[Key, Entry]) -> None: ...
    def drop(self, key: Key) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class MemoryHolder:
    """Entries of one run that are to leave no trace: replay, recording, and a store that cannot be used."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)

    def get_many(self, keys: Collection[Key]) -> dict[Key, Entry]:
        return {key: self.entries[key] for key in keys if key in self.entries}

    def put_many(self, entries: Mapping[Key, Entry]) -> None:
        self.entries.update(entries)

    def drop(self, key: Key) -> None:
        self.entries.pop(key, None)

    def close(self) -> None:
        self.entries.clear()
