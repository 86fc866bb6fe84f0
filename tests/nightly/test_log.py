"""What a machine reads of a night is one line of ASCII JSON, whatever a stranger wrote into it."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made.house import House
from standin import Fault
from trialweave.clock import ManualClock, instant
from trialweave.errors import GateFailed
from trialweave.nightly.log import NightLog

HOSTILE = "\x1b]0;title\x07\x9b2J\u202egnp\r\n{}"


@given(st.text() | st.just(HOSTILE))
def test_a_log_line_is_one_line_of_plain_ascii(text: str) -> None:
    stream = io.StringIO()
    NightLog(stream, ManualClock(instant("2026-11-23T02:00:00Z")), "run")("failed", reason=text)
    line = stream.getvalue()
    assert line.isascii()
    assert line.endswith("}\n")
    assert line[:-1].isprintable()
    assert json.loads(line)["reason"] == text


def test_the_log_of_a_night_among_hostile_answers(house: House) -> None:
    house.server.faults = [Fault("ctgov", "status", status=400, body=HOSTILE.encode(), times=99)]
    log = io.StringIO()
    with pytest.raises(GateFailed):
        house.night("2026-11-23", log=log)
    lines = log.getvalue().splitlines()
    assert {json.loads(line)["event"] for line in lines} >= {"started", "failed"}
    assert all(line.isprintable() and line.isascii() for line in lines)
