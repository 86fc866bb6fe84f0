"""Who bears a name: the protocol by which checks and suggestions ask, and the index of the concepts that are known.

A concept at hand is one that a record links to: it may be a witness. What a search of the release found besides may
only be proposed, so that no verdict depends on which names have had their turn to be searched for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from trialweave.core.identifiers import GivenId, parse_concept_code
from trialweave.core.models import IsDrug, Record, Text
from trialweave.core.naming import ConceptNames, Features
from trialweave.core.naming.names import name_parts, read_name


@dataclass(frozen=True, slots=True)
class Owner:
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


class KnownNames:
    """The names of the concepts that a run knows of. A retired concept, a class and what is no drug own none."""

    def __init__(self) -> None:
        self._owners: dict[str, tuple[Owner, ...]] = {}
        self._found: dict[str, tuple[Owner, ...]] = {}

    def add(
        self,
        names: ConceptNames,
        *,
        retired: bool,
        is_drug: IsDrug,
        release: str | None = None,
        found: bool = False,
    ) -> None:
        """Take up a concept, at hand or only `found` by a search. The order of adding does not matter."""
        if retired or is_drug in ("no", "class"):
            return
        owned = self._found if found else self._owners
        for item in names.names:
            if item.name.specific and not item.obsolete:
                known = owned.get(item.name.key, ())
                if all(owner.code != names.code for owner in known):
                    borne = Text(item.name.text, item.path)
                    owner = Owner(names.code, names.names[0].name.text, borne, names.features, release)
                    owned[item.name.key] = _by_code((*known, owner))

    def owners(self, name: str) -> tuple[Owner, ...]:
        """See `NameIndex`."""
        return _borne(self._owners, name)

    def candidates(self, name: str) -> tuple[Owner, ...]:
        """See `NameIndex`."""
        return _by_code((*_borne(self._owners, name), *_borne(self._found, name)))


def _borne(owned: Mapping[str, tuple[Owner, ...]], name: str) -> tuple[Owner, ...]:
    read = read_name(name)
    return owned.get(read.key, ()) if read.specific else ()


def _by_code(owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
    return tuple(sorted(owners, key=lambda owner: owner.code))


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
