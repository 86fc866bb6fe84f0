"""Who bears the names that a row was woven with, as digests: the row may be copied where they are the same again."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter

from trialweave.core.name_index import NameIndex, Owner

REMEMBERED = 20_000
"""Names whose owners are kept as digests."""

NOBODY = bytes(16)
"""The digest for no name."""

_ASKED = TypeAdapter(tuple[str, ...])


class Owners:
    """Tells who bears names, and as what, as digests. Names recur with every record of their drug."""

    def __init__(self, names: NameIndex) -> None:
        self._names = names
        self._told: dict[bytes, bytes] = {}

    def of(self, asked: bytes, names: tuple[str, ...] | None = None) -> bytes:
        """A digest of who bears the names that were `asked` for, as JSON, and are these; of nobody for no name.

        Raises ValueError for what no run wrote.
        """
        if not asked:
            return NOBODY
        told = self._told.get(asked)
        if told is None:
            if len(self._told) > REMEMBERED:
                self._told.clear()
            spelled = _ASKED.validate_json(asked) if names is None else names
            told = self._told[asked] = _digest(b"".join(map(self._of, spelled)))
        return told

    def _of(self, name: str) -> bytes:
        bearers = [list(map(_said, found)) for found in (self._names.owners(name), self._names.candidates(name))]
        return _digest(repr(bearers).encode("utf-8", "surrogatepass"))


def _said(owner: Owner) -> Any:
    features = [sorted(getattr(owner.features, part.name)) for part in fields(owner.features)]
    return owner.code, owner.name, owner.borne.text, owner.borne.path, features, owner.release


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
