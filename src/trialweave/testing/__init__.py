"""For the tests of those who build on trialweave: replay a folder, refuse sockets, keep the folder true.

pytest finds this module by itself and gains the fixture `trialweave_replay` (docs/testing.md). Without pytest,
`replaying` and `sockets_refused` do the same. Everything heavy is imported when it is used.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import pytest

    from trialweave.api import Weaver


_DOORS: tuple[tuple[Any, str], ...] = (
    (socket.socket, "connect"),
    (socket.socket, "connect_ex"),
    (socket.socket, "sendto"),
    *(((socket.socket, "sendmsg"),) if hasattr(socket.socket, "sendmsg") else ()),
    (socket, "create_connection"),
    *((socket, name) for name in ("getaddrinfo", "getnameinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")),
)


class SocketRefused(RuntimeError):
    """A test that replays a folder tried to reach the network."""


@contextmanager
def replaying(folder: str | Path, *, config: str | Path | None = None) -> Iterator[Weaver]:
    """A Weaver over a replay folder, with the settings of `config` alone: the environment decides nothing."""
    from trialweave.api import Weaver
    from trialweave.settings import load_settings

    settings = load_settings(None if config is None else Path(config), {})
    with Weaver(settings, replay=folder) as weaver:
        yield weaver


@contextmanager
def sockets_refused() -> Iterator[None]:
    """Every way to reach another host, this one included, raises SocketRefused, in all threads of this process."""
    # unittest.mock would do the same, and costs every pytest run its import
    kept = [(owner, name, vars(owner).get(name)) for owner, name in _DOORS]
    for owner, name in _DOORS:
        setattr(owner, name, _refuse)
    try:
        yield
    finally:
        for owner, name, own in kept:
            if own is None:
                delattr(owner, name)
            else:
                setattr(owner, name, own)


def _refuse(*args: object, **options: object) -> NoReturn:
    asked = next((repr(arg) for arg in (*args, *options.values()) if isinstance(arg, str | tuple)), "the network")
    raise SocketRefused(
        f"a test that replays a folder reached for {asked}; a Weaver over a folder asks nobody, so this is a call of "
        "something else (another library, a live Weaver): leave it out, or put a stand-in in its place"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Bring the fixtures in; pytest is not imported before it runs."""
    from trialweave.testing import plugin

    config.pluginmanager.register(plugin, "trialweave-fixtures")
