"""Rare garbage collection is a setting of the whole process, and somebody else's process gets it back."""

from __future__ import annotations

import gc

from trialweave.weave import rare_collection


def test_blocks_that_overlap_leave_the_setting_as_it_was() -> None:
    before = gc.get_threshold()
    one, two = rare_collection(), rare_collection()
    one.__enter__()
    two.__enter__()
    assert gc.get_threshold() != before
    one.__exit__(None, None, None)
    assert gc.get_threshold() != before
    two.__exit__(None, None, None)
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
