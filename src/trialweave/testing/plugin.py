"""The pytest fixture. Every pytest run of whoever has trialweave installed loads this: nothing heavy is imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from trialweave.testing import replaying, sockets_refused

if TYPE_CHECKING:
    from trialweave.api import Weaver


class Replay(Protocol):
    """What `trialweave_replay` is: call it with a folder, and with a settings file where the test needs one."""

    def __call__(self, folder: str | Path, *, config: str | Path | None = None) -> Weaver: ...


@pytest.fixture
def trialweave_replay(request: pytest.FixtureRequest) -> Iterator[Replay]:
    """Weavers over replay folders; relative paths start at the test's own file. Sockets are refused meanwhile."""
    here = request.path.parent
    with ExitStack() as opened, sockets_refused():

        def replay(folder: str | Path, *, config: str | Path | None = None) -> Weaver:
            return opened.enter_context(replaying(here / folder, config=None if config is None else here / config))

        yield replay
