"""RFC 6901 pointers: how every path of a claim or a signal is spelled."""

from __future__ import annotations

from functools import lru_cache

from trialweave.core.remembered import PATHS


@lru_cache(maxsize=PATHS)
def below(path: str, name: str | int) -> str:
    """The pointer to what stands below a place: one text for all payloads, which have much at the same places."""
    return f"{path}/{name}"


def step(name: str) -> str:
    """A name as one step of a pointer (section 3 of the RFC)."""
    return name.replace("~", "~0").replace("/", "~1")


def steps(pointer: str) -> list[str]:
    """The names that a pointer leads through."""
    return [name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:]]
