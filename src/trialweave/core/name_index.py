"""Who bears a name: the protocol by which checks and suggestions ask, and the index of the concepts that are known.

A concept at hand is one that a record links to: it may be a witness. What a search of the release found besides may
only be proposed, so that no verdict depends on which names have had their turn to be searched for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from hashlib import blake2b
from typing import NamedTuple, Protocol

from trialweave.core.identifiers import GivenId, parse_concept_code
from trialweave.core.models import Concept, Record, Text
from trialweave.core.naming import Features
from trialweave.core.naming.names import name_parts, read_name
from trialweave.core.naming.views import concept_features, spelled_names
from trialweave.core.text import squash


class Owner(NamedTuple):
    """A concept that bears a name: its code and preferred name, the name as it bears it, and what its names say.

    `release` is the one under which the concept was first stored as it is.
    """

    code: str
    name: str
    borne: Text
    features: Features
    release: str | None = None


class NameIndex(Protocol):
    """Leads from a name to the concepts that bear it."""

    def owners(self, name: str) -> tuple[Owner, ...]:
        """The active drugs at hand that bear this name in some spelling, by code.

        Class words and short names have none.
        """
        ...

    def candidates(self, name: str) -> tuple[Owner, ...]:
        """The same, and those that a search found."""
        ...


class _Bearer(NamedTuple):
    """A concept, once for all its names."""

    code: str
    name: str
    features: Features
    release: str | None
    found: bool


class _Rows(NamedTuple):
    """The names as columns: digest, the number of the bearer and of the path, where the spelling begins, its bytes,
    whether it is a brand (1) and a code (2) by its term type.
    """

    digest: array[int]
    by: array[int]
    path: array[int]
    at: array[int]
    size: array[int]
    kind: array[int]


class KnownNames:
    """The names of the concepts that a run knows of. A retired concept, a class and what is no drug own none.

    It holds the names of all concepts of a run at once, and goes to other processes, so it is lean: columns of numbers
    in the order of the names' digests (8 bytes: of a million names two are taken for one with a chance of 1 to 10^7),
    and one text that holds all names as they are spelled. Once all are added, threads may share it (those of a Dask
    worker do): whichever asks first puts the columns in order, and hands them over all at once.
    """

    def __init__(self) -> None:
        self._bearers: list[_Bearer] = []
        self._paths: dict[str, int] = {}
        self._pointers: tuple[str, ...] = ()
        self._spelled = bytearray()
        self._rows = _Rows(array("Q"), array("I"), array("I"), array("Q"), array("I"), array("B"))
        self._in_order = True

    def add(self, concept: Concept, *, release: str | None = None, found: bool = False) -> None:
        """Take up a concept, at hand or only `found` by a search. The order of adding does not matter.

        Names are taken as they are spelled: few are ever asked for, and only those are read.
        """
        if concept.retired or concept.is_drug in ("no", "class"):
            return
        rows = self._rows
        for name in spelled_names(concept):
            if not name.obsolete:
                rows.digest.append(_digest(squash(name.text)))
                rows.by.append(len(self._bearers))
                rows.path.append(self._paths.setdefault(name.path, len(self._paths)))
                spelled = name.text.encode("utf-8", "surrogatepass")
                rows.at.append(len(self._spelled))
                rows.size.append(len(spelled))
                rows.kind.append(name.brand + 2 * name.code)
                self._spelled += spelled
        self._bearers.append(_Bearer(concept.code, concept.name, concept_features(concept), release, found))
        self._in_order = False

    def owners(self, name: str) -> tuple[Owner, ...]:
        """See `NameIndex`."""
        return self._borne(name, found=False)

    def candidates(self, name: str) -> tuple[Owner, ...]:
        """See `NameIndex`."""
        return self._borne(name, found=True)

    def _borne(self, name: str, *, found: bool) -> tuple[Owner, ...]:
        read = read_name(name)
        if not read.specific:
            return ()
        if not self._in_order:
            self._put_in_order()
        rows, digest = self._rows, _digest(read.key)
        borne: dict[int, Owner] = {}
        first = bisect_left(rows.digest, digest)
        for row in range(first, bisect_right(rows.digest, digest, first)):
            by = rows.by[row]
            if by not in borne and (found or not self._bearers[by].found):
                text = self._text(rows, row)
                if read_name(text, brand=bool(rows.kind[row] & 1), code=bool(rows.kind[row] & 2)).specific:
                    bearer, path = self._bearers[by], self._pointers[rows.path[row]]
                    borne[by] = Owner(bearer.code, bearer.name, Text(text, path), bearer.features, bearer.release)
        return tuple(sorted(borne.values(), key=lambda owner: owner.code))

    def _text(self, rows: _Rows, row: int) -> str:
        at = rows.at[row]
        return self._spelled[at : at + rows.size[row]].decode("utf-8", "surrogatepass")

    def _put_in_order(self) -> None:
        rows = self._rows
        order = sorted(range(len(rows.digest)), key=rows.digest.__getitem__)
        self._pointers = tuple(self._paths)
        self._rows = _Rows(*(array(column.typecode, map(column.__getitem__, order)) for column in rows))
        self._in_order = True


def _digest(key: str) -> int:
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())


NOBODY = KnownNames()
"""The index that knows no name."""

LONGEST = 200
"""Characters of a name that is worth a search; a longer one is a description."""


def names_to_look_up(record: Record) -> tuple[str, ...]:
    """The parts of a record's name that are worth asking a service about: its concept link is blank or no code.

    One search per distinct part and release is what a budget counts; to what it finds every guard applies as to any
    other concept.
    """
    name, link = record.get("drug_name"), record.get("nci_thesaurus_concept_id")
    if name is None or (link is not None and isinstance(parse_concept_code(link.text), GivenId)):
        return ()
    return tuple(part for part in name_parts(name.text) if len(part) <= LONGEST and read_name(part).specific)
