"""Fixtures that every room uses. This file also puts `tests/` on the import path, for `places`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from places import REALDATA

# Hypothesis fails an example that takes longer than 200 ms, or long to make: a busy machine would decide what is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real data beside the checkout; the test is skipped where it is missing."""
    if not REALDATA.is_dir():
        pytest.skip(f"no real data at {REALDATA}")
    return REALDATA
