from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from made.house import House
from standin import StandIn, World


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with twelve records that have nothing to complain about."""
    with StandIn(World()) as server:
        house = House(tmp_path, server)
        for number in range(1, 13):
            house.add(number)
        yield house
