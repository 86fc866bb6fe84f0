"""Who bears a name: the protocol by which checks and suggestions ask, and the index of the concepts at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from trialweave.core.models import IsDrug, Text
from trialweave.core.naming import ConceptNames, Features
from trialweave.core.naming.names import read_name


@dataclass(frozen=True, slots=True)
class Owner:
    """A concept that bears a name: its code and preferred name, the name as it bears it, and what its names say."""

    code: str
    name: str
    borne: Text
    features: Features


class NameIndex(Protocol):
    """Leads from a name to the concepts that bear it."""

    def owners(self, name: str) -> tuple[Owner, ...]:
        """The active drugs that bear this name in some spelling, by code. Class words and short names have none."""
        ...


class KnownNames:
    """The names of the concepts that a run has at hand. A retired concept, a class and what is no drug own none."""

    def __init__(self) -> None:
        self._owners: dict[str, tuple[Owner, ...]] = {}

    def add(self, names: ConceptNames, *, retired: bool, is_drug: IsDrug) -> None:
        """Take up a concept. The order of adding does not matter."""
        if retired or is_drug in ("no", "class"):
            return
        for item in names.names:
            if item.name.specific and not item.obsolete:
                known = self._owners.get(item.name.key, ())
                if all(owner.code != names.code for owner in known):
                    owner = Owner(names.code, names.names[0].name.text, Text(item.name.text, item.path), names.features)
                    self._owners[item.name.key] = tuple(sorted((*known, owner), key=lambda one: one.code))

    def owners(self, name: str) -> tuple[Owner, ...]:
        """See `NameIndex`."""
        read = read_name(name)
        return self._owners.get(read.key, ()) if read.specific else ()


NOBODY = KnownNames()
"""The index that knows no name."""


def names_to_look_up(parts: Iterable[str]) -> tuple[str, ...]:
    """The name parts that are worth asking a service about: each specific one once, in order.

    One search per distinct part and release is what a budget has to count.
    """
    return tuple(dict.fromkeys(part for part in parts if read_name(part).specific))
