"""Fixtures that every room uses. This file also puts `tests/` on the import path, for `places`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from places import REALDATA

# How fast a machine is just now decides no test.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real data beside the checkout; the test is skipped where it is missing."""
    if not REALDATA.is_dir():
        pytest.skip(f"no real data at {REALDATA}")
    return REALDATA
