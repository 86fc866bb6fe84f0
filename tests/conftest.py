"""Fixtures that every room uses. This file also puts `tests/` on the import path, for `places`."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from places import REALDATA

# Hypothesis fails an example that takes longer than 200 ms, or long to make: a busy machine would decide what is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_number = count()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the homes of all tests are."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home_of_its_own(homes: Path) -> Iterator[None]:
    """No test reads or fills the cache of whoever runs it, or waits for a turn that another test has taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(homes / str(next(_number))))
        yield


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real data beside the checkout; the test is skipped where it is missing."""
    if not REALDATA.is_dir():
        pytest.skip(f"no real data at {REALDATA}")
    return REALDATA
