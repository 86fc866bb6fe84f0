"""Values of a payload as facts: blank is absent, and what has a place in the payload carries its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from trialweave.core.models import Text
from trialweave.core.pointers import below

_T = TypeVar("_T")
Words = list[str | None] | None


def said(value: str | None) -> str | None:
    """The value, if it says anything."""
    return value if value and not value.isspace() else None


def text(value: str | None, path: str) -> Text | None:
    """The value with its path, if it says anything."""
    return Text(value, path) if value and not value.isspace() else None


def texts(values: Words, path: str) -> tuple[Text, ...]:
    """The values of a list that say anything; their positions count those that do not."""
    if not values:
        return ()
    return tuple([Text(value, below(path, at)) for at, value in enumerate(values) if value and not value.isspace()])


def words(values: Words) -> tuple[str, ...]:
    """The values of a list that say anything."""
    return tuple([value for value in values if value and not value.isspace()]) if values else ()


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """The values that say anything, each once, in the order of their first place."""
    return tuple(dict.fromkeys([value for value in values if value and not value.isspace()]))


def present(values: Iterable[_T | None]) -> tuple[_T, ...]:
    """The values that are not absent."""
    return tuple([value for value in values if value is not None])


def each(items: Sequence[_T] | None, path: str) -> Iterator[tuple[_T, str]]:
    """The items of a list of the payload, each with its path."""
    return ((item, below(path, at)) for at, item in enumerate(items or ()))
