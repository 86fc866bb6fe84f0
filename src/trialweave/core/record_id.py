"""What a record is called.

The text of the column that the settings name, outer space removed. Where none is named, or its cell is
blank, 16 hex digits: the start of SHA-256 over the ASCII bytes of this JSON, without spaces between its parts and with
everything beyond ASCII as `\\uXXXX`:

- `["<name>","<study>"]`, where either is given. `<name>` is drug_name, folded, or empty; `<study>` is the repaired NCT
  id (`NCT06254807`), or its cell folded where that is no id, or empty;
- otherwise the whole row as an object with sorted keys.

Folded means, in this order: invisible characters removed, NFKC, casefold, NFKC, every dash as `-`, each run of white
space as one space, none at the ends. So a mended cell elsewhere, another dash or another case keep the record_id.
The folding is fixed here and shares nothing with the spelling rules of `naming`: those may grow without re-keying
anybody's records.

The second record of the same id is called `<id>#2`, the third `<id>#3`.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from trialweave.core.blank import DASHES
from trialweave.core.cells import INVISIBLE, canonical_json
from trialweave.core.identifiers import GivenId, parse_nct_id

_AS_HYPHEN = str.maketrans(dict.fromkeys(DASHES, "-"))


def hashed_id(row: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """The id of a record whose row gives none: `values` are its fields, `row` is all that it has."""
    name, study = values.get("drug_name"), values.get("nct_id_drug_ref")
    if name is None and study is None:
        return _digest(canonical_json(row)).hex()
    return _digest(f"[{_quoted(_folded(name or ''))},{_quoted(_study_key(study or ''))}]").hex()


def _study_key(raw: str) -> str:
    parsed = parse_nct_id(raw)
    return parsed.id if isinstance(parsed, GivenId) else _folded(raw)


def _folded(text: str) -> str:
    if not text.isascii():
        composed = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
        text = unicodedata.normalize("NFKC", composed.casefold()).translate(_AS_HYPHEN)
    return " ".join(text.lower().split())


class RepeatCounter:
    """Counts how often a key was seen. Keys are whole numbers below 2**64.

    They lie in a table of numbers, at most two thirds full: 12 to 24 bytes a key, where a dict takes 90. They are parts
    of digests, so their low bits place them evenly.
    """

    def __init__(self) -> None:
        self._table = array("Q", bytes(8 * 1024))
        self._used = 0
        self._repeated: dict[int, int] = {}

    def count(self, key: int) -> int:
        """Note the key once more, and say how often it was seen by now: 1 for a new one."""
        key = key or 1  # nought marks a free place
        if not self._place(key):
            self._repeated[key] = times = self._repeated.get(key, 1) + 1
            return times
        self._used += 1
        if 3 * self._used > 2 * len(self._table):
            self._grow()
        return 1

    def _place(self, key: int) -> bool:
        """Put a key into the table; False where it is there already."""
        table, mask = self._table, len(self._table) - 1
        at = key & mask
        while held := table[at]:
            if held == key:
                return False
            at = (at + 1) & mask
        table[at] = key
        return True

    def _grow(self) -> None:
        held, self._table = self._table, array("Q", bytes(2 * 8 * len(self._table)))
        for key in held:
            if key:
                self._place(key)


@dataclass(frozen=True, slots=True)
class RecordIds:
    """Tells records of the same id apart, in the order of the input. One object serves one pass over the input."""

    counter: RepeatCounter = field(default_factory=RepeatCounter)

    def unique(self, record_id: str) -> str:
        """The id itself the first time, then with `#2`, `#3`; never one that was given out before."""
        times = self.counter.count(_key(record_id))
        if times == 1:
            return record_id
        while self.counter.count(_key(numbered := f"{record_id}#{times}")) > 1:
            times = self.counter.count(_key(record_id))
        return numbered


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]


def _key(record_id: str) -> int:
    return int.from_bytes(_digest(record_id))
