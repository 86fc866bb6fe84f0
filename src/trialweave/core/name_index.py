"""Who bears a name: the protocol by which checks and suggestions ask, and the index of the concepts that are known.

A concept at hand is one that a record links to: it may be a witness. What a search of the release found besides may
only be proposed, so that no verdict depends on which names have had their turn to be searched for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

from trialweave.core.concept import Concept
from trialweave.core.identifiers import GivenId, parse_concept_code
from trialweave.core.lazily import lazily
from trialweave.core.models import Record, Text
from trialweave.core.naming import Features
from trialweave.core.naming.names import read_name
from trialweave.core.naming.parts import name_parts
from trialweave.core.naming.views import concept_features, spelled_names
from trialweave.core.remembered import OWNED
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


class _Bearers(NamedTuple):
    """The concepts as columns, each once for all its names: where code and name begin and how many bytes they have,
    what its names say, the release, whether it was only found. What many have in common is held once.
    """

    at: array[int]
    size: array[int]
    features: list[Features]
    release: list[str | None]
    found: bytearray


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
        self._bearers = _Bearers(array("Q"), array("I"), [], [], bytearray())
        self._common: dict[object, Any] = {}
        self._paths: dict[str, int] = {}
        self._pointers: tuple[str, ...] = ()
        self._spelled = bytearray()
        self._rows = _Rows(array("Q"), array("I"), array("I"), array("Q"), array("I"), array("B"))
        self._in_order = True
        self._told: dict[tuple[str, bool], tuple[Owner, ...]] = {}

    def add(self, concept: Concept, *, release: str | None = None, found: bool = False) -> None:
        """Take up a concept, at hand or only `found` by a search. The order of adding does not matter.

        Names are taken as they are spelled: few are ever asked for, and only those are read.
        """
        if concept.retired or concept.is_drug in ("no", "class"):
            return
        rows, bearers = self._rows, self._bearers
        for name in spelled_names(concept):
            if not name.obsolete:
                rows.digest.append(_digest(squash(name.text)))
                rows.by.append(len(bearers.at))
                rows.path.append(self._paths.setdefault(name.path, len(self._paths)))
                rows.kind.append(name.brand + 2 * name.code)
                self._spell(name.text, rows.at, rows.size)
        self._spell(f"{concept.code} {concept.name}", bearers.at, bearers.size)
        features = concept_features(concept)
        bearers.features.append(self._common.setdefault(features, features))
        bearers.release.append(self._common.setdefault(release, release))
        bearers.found.append(found)
        self._in_order = False
        self._told.clear()

    def _spell(self, text: str, at: array[int], size: array[int]) -> None:
        spelled = text.encode("utf-8", "surrogatepass")
        at.append(len(self._spelled))
        size.append(len(spelled))
        self._spelled += spelled

    def owners(self, name: str) -> tuple[Owner, ...]:
        """See `NameIndex`."""
        return self._borne(name, found=False)

    def candidates(self, name: str) -> tuple[Owner, ...]:
        """See `NameIndex`."""
        return self._borne(name, found=True)

    def _borne(self, name: str, *, found: bool) -> tuple[Owner, ...]:
        """Names recur with each record of their drug, and several checks ask for one."""
        told = self._told.get((name, found))
        if told is None:
            if len(self._told) == OWNED:
                self._told.clear()
            told = self._told[name, found] = self._read(name, found=found)
        return told

    def _read(self, name: str, *, found: bool) -> tuple[Owner, ...]:
        read = read_name(name)
        if not read.specific:
            return ()
        if not self._in_order:
            self._put_in_order()
        rows, bearers, digest = self._rows, self._bearers, _digest(read.key)
        borne: dict[int, Owner] = {}
        first = bisect_left(rows.digest, digest)
        for row in range(first, bisect_right(rows.digest, digest, first)):
            by = rows.by[row]
            if by not in borne and (found or not bearers.found[by]):
                text = self._text(rows.at[row], rows.size[row])
                if read_name(text, brand=bool(rows.kind[row] & 1), code=bool(rows.kind[row] & 2)).specific:
                    code, _, preferred = self._text(bearers.at[by], bearers.size[by]).partition(" ")
                    told = Text(text, self._pointers[rows.path[row]])
                    borne[by] = Owner(code, preferred, told, bearers.features[by], bearers.release[by])
        return tuple(sorted(borne.values(), key=lambda owner: owner.code))

    def _text(self, at: int, size: int) -> str:
        return self._spelled[at : at + size].decode("utf-8", "surrogatepass")

    def _put_in_order(self) -> None:
        rows = self._rows
        order = sorted(range(len(rows.digest)), key=rows.digest.__getitem__)
        self._pointers = tuple(self._paths)
        self._rows = _Rows(*(array(column.typecode, map(column.__getitem__, order)) for column in rows))
        self._in_order = True


class NamesWhenAsked:
    """An index that is made when it is first asked; and before it goes to another process."""

    def __init__(self, make: Callable[[], NameIndex]) -> None:
        self._make = make

    @lazily
    def _made(self) -> NameIndex:
        return self._make()

    def owners(self, name: str) -> tuple[Owner, ...]:
        """See `NameIndex`."""
        return self._made.owners(name)

    def candidates(self, name: str) -> tuple[Owner, ...]:
        """See `NameIndex`."""
        return self._made.candidates(name)

    def __reduce__(self) -> tuple[Callable[[NameIndex], NameIndex], tuple[NameIndex]]:
        return _itself, (self._made,)


def _itself(names: NameIndex) -> NameIndex:
    return names


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
    values = record.values
    name, link = values.get("drug_name"), values.get("nci_thesaurus_concept_id")
    if name is None or (link is not None and isinstance(parse_concept_code(link), GivenId)):
        return ()
    return tuple(part for part in name_parts(name) if len(part) <= LONGEST and read_name(part).specific)
