"""`kill -9` at any moment of a night: the last run stands, and the next start goes on where fetching stopped."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path

from made.house import House
from made.mortal import Mortal
from standin import StandIn, World

_NIGHT = """
import json, sys
from pathlib import Path
from made.house import House
from made.mortal import lives

class Address:
    ctgov_url, evs_url = sys.argv[2:4]

def night():
    house = House(Path(sys.argv[1]), Address)
    house.records = json.loads((house.root / "records.json").read_text())
    house.night("2026-11-23")

lives(night)
"""
KILLS = 25
RECORDS = 450


def test_a_night_killed_again_and_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    chance = random.Random(7)
    with StandIn(World()) as server:
        houses = []
        for name in ("killed", "spared"):
            (tmp_path / name).mkdir()
            house = House(tmp_path / name, server)
            for number in range(1, RECORDS + 1):
                house.add(number)
            house.records["r7"]["drug_name"] = "ZYX-777"
            houses.append(house)
        killed, spared = houses
        spared.night("2026-11-23")
        once = server.count()
        server.forget()
        (killed.root / "records.json").write_text(json.dumps(killed.records))
        kills = 0
        with Mortal(_NIGHT, killed.root, server.ctgov_url, server.evs_url) as job:
            while kills < KILLS and not job.live(chance.uniform(0.0, 1.2)):
                kills += 1
                published = list((killed.root / "runs").glob("*/manifest.json"))
                assert len(published) <= 1
        ended = killed.night("2026-11-23")
    assert kills
    assert ended.exit_code == 0
    for file in ("enriched.jsonl", "conflicts.jsonl", "worklist.csv", "delta.json"):
        assert (killed.latest().path / file).read_bytes() == (spared.latest().path / file).read_bytes(), file
    # Each life may probe both sources, and lose the one request of each that was under way.
    assert server.count() <= once + 4 * (kills + 1)
    asked = Counter(id_ for seen in server.requests for id_ in re.findall(r"NCT\d{8}", seen.target))
    assert max(asked.values()) <= 1 + kills
