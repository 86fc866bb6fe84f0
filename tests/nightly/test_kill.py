"""`kill -9` at any moment of a night: the last run stands, and the next start goes on where fetching stopped."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

from made.house import BYTE_EQUAL, House
from made.mortal import Mortal
from standin import StandIn, World
from trialweave.nightly.page import render_page

_NIGHT = """
import json, sys
from pathlib import Path
from made.house import House
from made.mortal import lives
from trialweave.nightly.page import render_page

class Address:
    ctgov_url, evs_url = sys.argv[2:4]

def night():
    house = House(Path((Path(sys.argv[1]) / "now").read_text()), Address)
    house.records = json.loads((Path(sys.argv[1]) / "records.json").read_text())
    house.night("2026-11-23", render=render_page)

lives(night)
"""
KILLS = int(os.environ.get("TRIALWEAVE_KILLS", "30"))
RECORDS = 450


def furnished(folder: Path, server: StandIn) -> House:
    folder.mkdir()
    house = House(folder, server)
    for number in range(1, RECORDS + 1):
        house.add(number)
    house.records["r7"]["drug_name"] = "ZYX-777"
    return house


def test_a_night_killed_again_and_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    chance = random.Random(7)
    with StandIn(World()) as server:
        spared = furnished(tmp_path / "spared", server)
        began = time.monotonic()
        spared.night("2026-11-23", render=render_page)
        lasts, once = time.monotonic() - began, server.count()
        (tmp_path / "records.json").write_text(json.dumps(spared.records))
        kills = houses = 0
        with Mortal(_NIGHT, tmp_path, server.ctgov_url, server.evs_url) as job:
            while kills < KILLS:
                houses += 1
                killed = furnished(tmp_path / f"killed-{houses}", server)
                (tmp_path / "now").write_text(str(killed.root))
                server.forget()
                kills += (lives := _until_done(job, killed, chance, lasts))
                killed.night("2026-11-23", render=render_page)
                for file in BYTE_EQUAL:
                    assert (killed.latest().path / file).read_bytes() == (spared.latest().path / file).read_bytes()
                _asked_once(server, once, lives)


def _until_done(job: Mortal, house: House, chance: random.Random, lasts: float) -> int:
    """Kill a night until one gets to its end; returns how often it was killed. What is published is whole or absent."""
    for lives in range(KILLS):
        if job.live(chance.uniform(0, lasts)):
            return lives
        for manifest in (house.root / "runs").glob("*/manifest.json"):
            assert {entry["file"] for entry in json.loads(manifest.read_bytes())["files"]} >= set(BYTE_EQUAL)
    return KILLS


def _asked_once(server: StandIn, once: int, kills: int) -> None:
    """Each life may probe both sources, and lose the one request of each that was under way; nothing else.

    A life begins with its probe: what a source was asked just before one is what a kill may have cost.
    """
    assert server.count() <= once + 5 * (kills + 1)
    asked: Counter[str] = Counter()
    lost: set[str] = set()
    last: dict[str, list[str]] = {}
    for seen in server.requests:
        ids = _ids(seen.target)
        if not ids:
            lost.update(last.get(seen.service, ()))
        asked.update(ids)
        last[seen.service] = ids
    assert {id_ for id_, times in asked.items() if times > 1} <= lost
    assert sum(id_.startswith("NCT") for id_ in asked) == RECORDS


def _ids(target: str) -> list[str]:
    """The ids that a request names."""
    return re.findall(r"NCT[0-9]{8}|(?<=[=,])C[0-9]+", unquote(target))
