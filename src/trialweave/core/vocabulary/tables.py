"""How the tables of words are written down."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """The words of a table that is written as running text."""
    return frozenset(words.split())
