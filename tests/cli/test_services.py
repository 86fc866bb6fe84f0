"""Both services through the address settings: what a run costs, what each record gets, what an outage does."""

from __future__ import annotations

import json
import pickle
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from standin import Fault, StandIn, World, concept, nct, study
from trialweave.fetch.store import Store
from trialweave.sources.ctgov import CtgovSource

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(server: StandIn) -> dict[str, str]:
    return {
        "TRIALWEAVE_CTGOV_URL": server.ctgov_url,
        "TRIALWEAVE_EVS_URL": server.evs_url,
        "TRIALWEAVE_CTGOV_RATE": "1000",
        "TRIALWEAVE_EVS_RATE": "1000",
        "TRIALWEAVE_NOW": "2026-11-23T04:00:00Z",
    }


def table(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def night(run: Run, server: StandIn, records: Path, out: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    cache = out.parent / "cache"
    return run("enrich", records, "-o", out, "--cache-dir", cache, *more, env=environment(server))


def test_a_thousand_records_cost_nine_requests_and_then_two(trialweave: Run, tmp_path: Path) -> None:
    world = World(
        studies={nct(i): study(nct(i)) for i in range(1, 401)},
        concepts={f"C{i}": concept(f"C{i}") for i in range(1, 301)},
    )
    records = table(
        tmp_path / "records.jsonl",
        (
            {
                "drug_name": f"Drug {i}",
                "nct_id_drug_ref": nct(1 + i % 400),
                "nci_thesaurus_concept_id": f"C{1 + i % 300}",
            }
            for i in range(1000)
        ),
    )
    with StandIn(world) as server:
        cold = night(trialweave, server, records, tmp_path / "cold.jsonl", "--summary", tmp_path / "s.json")
        assert cold.returncode == 0, cold.stderr
        assert server.count("ctgov") <= 6
        assert server.count("evs") <= 3
        summary = json.loads((tmp_path / "s.json").read_text())
        told = {name: facts["requests"] for name, facts in summary["sources"].items()}
        assert told == {"ctgov": server.count("ctgov"), "ncit": server.count("evs")}
        server.forget()
        warm = night(trialweave, server, records, tmp_path / "warm.jsonl")
        assert warm.returncode == 0, warm.stderr
        assert server.count() == 2
    assert (tmp_path / "cold.jsonl").read_bytes() == (tmp_path / "warm.jsonl").read_bytes()
    assert {line["links"]["study"]["outcome"] for line in lines(tmp_path / "cold.jsonl")} == {"found"}


def test_the_stand_in_and_the_replay_folder_give_the_same_records(trialweave: Run, tmp_path: Path) -> None:
    unrecorded = "NCT04459715"
    rows = [row for row in lines(FIXTURES / "gallery.jsonl") if row.get("nct_id_drug_ref") != unrecorded]
    records = table(tmp_path / "gallery.jsonl", rows)
    with StandIn(FIXTURES) as server:
        live = night(trialweave, server, records, tmp_path / "live.jsonl")
    replayed = trialweave("enrich", records, "-o", tmp_path / "replayed.jsonl", "--replay", FIXTURES)
    assert (live.returncode, replayed.returncode) == (0, 0), live.stderr

    def without_times(path: Path) -> list[dict[str, Any]]:
        found = lines(path)
        for line in found:
            for link in line["links"].values():
                del link["fetched_at"]
        return found

    assert without_times(tmp_path / "live.jsonl") == without_times(tmp_path / "replayed.jsonl")


def test_what_was_recorded_replays_to_the_same_records(trialweave: Run, tmp_path: Path) -> None:
    records = table(
        tmp_path / "records.jsonl",
        (
            row
            for row in lines(FIXTURES / "gallery.jsonl")
            if row["situation"] in ("study-alias", "retired-with-replacement", "unknown-study", "match-by-brand")
        ),
    )
    with StandIn(FIXTURES) as server:
        live = trialweave(
            "enrich", records, "-o", tmp_path / "live.jsonl", "--record", tmp_path / "rec", env=environment(server)
        )
    replayed = trialweave("enrich", records, "-o", tmp_path / "replayed.jsonl", "--replay", tmp_path / "rec")
    assert (live.returncode, replayed.returncode) == (0, 0), live.stderr + replayed.stderr
    manifest = json.loads((tmp_path / "rec" / "manifest.json").read_text())
    assert manifest["ctgov"]["origin"] == "recorded"
    assert manifest["ctgov"]["absent"] == ["NCT99999999"]
    assert (tmp_path / "live.jsonl").read_bytes() == (tmp_path / "replayed.jsonl").read_bytes()


def test_one_batch_with_an_alias_a_vanished_a_malformed_id_and_a_new_release(trialweave: Run, tmp_path: Path) -> None:
    world = World(
        studies={nct(1): study(nct(1), aliases=(nct(2),)), nct(3): study(nct(3))},
        concepts={"C1": concept("C1"), "C2": concept("C2")},
    )

    def roll_over() -> None:
        world.release, world.older = "26.11d", ()

    records = table(
        tmp_path / "records.jsonl",
        [
            {"drug_name": "alias", "nct_id_drug_ref": nct(2), "nci_thesaurus_concept_id": "C1"},
            {"drug_name": "vanished", "nct_id_drug_ref": nct(9), "nci_thesaurus_concept_id": "C9"},
            {"drug_name": "malformed", "nct_id_drug_ref": "NCT123", "nci_thesaurus_concept_id": "C 2"},
            {"drug_name": "neighbour", "nct_id_drug_ref": nct(3), "nci_thesaurus_concept_id": "C2"},
        ],
    )
    with StandIn(world, [Fault("evs", match="/concept/", world=roll_over)]) as server:
        done = night(trialweave, server, records, tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    seen = {
        line["record"]["drug_name"]: [line["links"][name]["outcome"] for name in ("study", "concept")]
        for line in lines(tmp_path / "out.jsonl")
    }
    assert seen == {
        "alias": ["found", "found"],
        "vanished": ["not_found", "not_found"],
        "malformed": ["invalid", "invalid"],
        "neighbour": ["found", "found"],
    }
    first = lines(tmp_path / "out.jsonl")[0]["links"]
    assert (first["study"]["via"], first["study"]["id"]) == ("alias", nct(1))
    assert first["concept"]["source_version"] == "26.11d"


def test_a_source_that_is_down_is_stood_in_for_and_said_so(trialweave: Run, tmp_path: Path) -> None:
    world = World(studies={nct(1): study(nct(1))}, concepts={"C1": concept("C1")})
    known = {"drug_name": "Drug", "nct_id_drug_ref": nct(1), "nci_thesaurus_concept_id": "C1"}
    records = table(tmp_path / "one.jsonl", [known])
    both = table(tmp_path / "two.jsonl", [known, {**known, "nct_id_drug_ref": nct(2)}])
    with StandIn(world) as server:
        assert night(trialweave, server, records, tmp_path / "before.jsonl").returncode == 0
        world.timestamp = "2026-11-23T09:00:04"
        server.faults = [Fault("ctgov", "status", times=99, status=403)]
        done = night(trialweave, server, both, tmp_path / "during.jsonl", "--summary", tmp_path / "s.json")
        assert done.returncode == 5
        assert "ClinicalTrials.gov" in done.stderr or "ctgov" in done.stderr
        stale, unavailable = (line["links"]["study"] for line in lines(tmp_path / "during.jsonl"))
        assert (stale["outcome"], stale["stale"]) == ("found", True)
        assert unavailable["outcome"] == "unavailable"
        assert json.loads((tmp_path / "s.json").read_text())["sources"]["ctgov"]["stale"] == 1
        server.faults = []
        assert night(trialweave, server, records, tmp_path / "after.jsonl").returncode == 0
    before, after = lines(tmp_path / "before.jsonl"), lines(tmp_path / "after.jsonl")
    assert before == after


class Bomb:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> Any:
        return (Path.write_text, (self.target, "executed"))


def test_a_poisoned_cache_executes_nothing_and_costs_a_refetch(trialweave: Run, tmp_path: Path) -> None:
    world = World(studies={nct(1): study(nct(1))}, concepts={"C1": concept("C1")})
    records = table(
        tmp_path / "one.jsonl", [{"drug_name": "Drug", "nct_id_drug_ref": nct(1), "nci_thesaurus_concept_id": "C1"}]
    )
    fuse, precious = tmp_path / "fuse", tmp_path / "precious" / "file"
    precious.parent.mkdir()
    precious.write_text("mine")
    bomb = pickle.dumps(Bomb(fuse))
    poisons: dict[str, tuple[str, tuple[Any, ...]]] = {
        "value": ("UPDATE Cache SET mode = 4, filename = NULL, value = ?", (bomb,)),
        "key": ("INSERT INTO Cache (key, raw, store_time, mode, value) VALUES (?, 0, 0, 1, ?)", (bomb, b"x")),
        "file": ("UPDATE Cache SET mode = 2, filename = ?, value = NULL", (str(precious),)),
        "settings": ("UPDATE Settings SET value = 5 WHERE key = 'reset'", ()),
        "eviction": ("UPDATE Settings SET value = 'bogus' WHERE key = 'eviction_policy'", ()),
    }
    with StandIn(world) as server:
        night(trialweave, server, records, tmp_path / "clean.jsonl")
        for name, (statement, values) in poisons.items():
            for database in (tmp_path / "cache").rglob("cache.db"):
                with sqlite3.connect(database) as connection:
                    connection.execute(statement, values)
                connection.close()
            done = night(trialweave, server, records, tmp_path / f"{name}.jsonl")
            assert done.returncode == 0, (name, done.stderr)
            assert (tmp_path / f"{name}.jsonl").read_bytes() == (tmp_path / "clean.jsonl").read_bytes()
            assert not fuse.exists(), name
            assert precious.read_text() == "mine", name


def one_record(tmp_path: Path) -> tuple[World, Path]:
    world = World(studies={nct(1): study(nct(1))}, concepts={"C1": concept("C1")})
    row = {"drug_name": "Drug", "nct_id_drug_ref": nct(1), "nci_thesaurus_concept_id": "C1"}
    return world, table(tmp_path / "one.jsonl", [row])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_cache_that_cannot_be_used_is_told_and_stops_no_run(trialweave: Run, tmp_path: Path, jobs: str) -> None:
    world, records = one_record(tmp_path)
    (tmp_path / "cache").write_text("no folder")
    with StandIn(world) as server:
        env = {**environment(server), "TRIALWEAVE_CACHE_DIR": str(tmp_path / "cache")}
        done = trialweave("enrich", records, "-o", tmp_path / "out.jsonl", "--jobs", jobs, env=env)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("the cache ") == 1  # it used to be told of an import, too
    assert f"the cache {tmp_path / 'cache'} cannot be opened" in done.stderr
    assert lines(tmp_path / "out.jsonl")[0]["links"]["study"]["outcome"] == "found"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_entry_that_does_not_inflate_is_dropped_and_fetched_by_the_next_run(
    trialweave: Run, tmp_path: Path, jobs: str
) -> None:
    world, records = one_record(tmp_path)
    key = ("ctgov", nct(1), CtgovSource().projection)
    outcomes = []
    with StandIn(world) as server:
        night(trialweave, server, records, tmp_path / "before.jsonl")
        with closing(Store(tmp_path / "cache")) as store:
            entry = store.get_many([key])[key]
            store.put_many({key: replace(entry, data=b"no deflate stream", deflated=True)})
        for out in ("damaged.jsonl", "next.jsonl"):
            night(trialweave, server, records, tmp_path / out, "--jobs", jobs)
            outcomes.append(lines(tmp_path / out)[0]["links"]["study"]["outcome"])
    assert outcomes == ["unavailable", "found"]


def test_a_cache_that_was_damaged_and_begun_anew_is_told(trialweave: Run, tmp_path: Path) -> None:
    world, records = one_record(tmp_path)
    with StandIn(world) as server:
        assert "cache" not in night(trialweave, server, records, tmp_path / "before.jsonl").stderr
        (database,) = (tmp_path / "cache").rglob("cache.db")
        database.write_bytes(b"garbage" * 1000)
        done = night(trialweave, server, records, tmp_path / "after.jsonl")
    assert done.returncode == 0, done.stderr
    assert f"the cache {tmp_path / 'cache'} was damaged" in done.stderr


def test_a_value_that_the_registry_never_listed_is_told(trialweave: Run, tmp_path: Path) -> None:
    odd = study(nct(1))
    odd["protocolSection"]["designModule"] = {"phases": ["PHASE9"]}
    odd["protocolSection"].setdefault("statusModule", {})["startDateStruct"] = {"date": "soon"}
    records = table(tmp_path / "records.jsonl", [{"drug_name": name, "nct_id_drug_ref": nct(1)} for name in "ab"])
    expected = [
        (
            "ClinicalTrials.gov: /protocolSection/designModule/phases/*: 'PHASE9' is not a value that the registry's "
            "documentation lists (in 2 records)"
        ),
        "ClinicalTrials.gov: /protocolSection/statusModule/startDateStruct/date: 'soon' is not a date (in 2 records)",
    ]
    with StandIn(World(studies={nct(1): odd})) as server:
        done = night(trialweave, server, records, tmp_path / "out", "--summary", tmp_path / "summary.json")
    assert json.loads((tmp_path / "summary.json").read_text())["signals"] == expected
    assert all(line in done.stderr for line in expected)


def test_one_is_told_as_one(trialweave: Run, tmp_path: Path) -> None:
    records = table(tmp_path / "one.jsonl", [{"drug_name": "Drug", "nct_id_drug_ref": nct(1)}])
    with StandIn(World()) as server:
        server.faults = [Fault("ctgov", "status", times=99, status=403)]
        done = night(trialweave, server, records, tmp_path / "out.jsonl")
    assert "(0 stale copies stand in, 1 id stays open)" in done.stderr


def test_a_run_that_ends_with_5_is_not_called_complete(trialweave: Run, tmp_path: Path) -> None:
    """Both links are answered; what replaces the retired concept could not be asked."""
    world = World({nct(1): study(nct(1))}, {"C1": concept("C1", retired=True)})
    row = {"drug_name": "Concept C1", "nct_id_drug_ref": nct(1), "nci_thesaurus_concept_id": "C1"}
    with StandIn(world) as server:
        server.faults = [Fault("evs", "status", times=99, status=403, match="/history/")]
        done = night(trialweave, server, table(tmp_path / "one.jsonl", [row]), tmp_path / "out.jsonl")
    assert done.returncode == 5, done.stderr
    assert done.stderr.splitlines()[-1].startswith("2026-11-23 incomplete: 1 record")


def test_a_source_that_gave_up_is_told_once_and_not_again_for_each_of_its_ids(trialweave: Run, tmp_path: Path) -> None:
    rows = ({"drug_name": f"Drug {i}", "nct_id_drug_ref": nct(i)} for i in range(1, 10))
    with StandIn(World(studies={})) as server:
        server.faults.append(Fault("ctgov", "status", times=10**9, status=403))
        done = night(trialweave, server, table(tmp_path / "records.jsonl", rows), tmp_path / "out.jsonl")
    assert done.returncode == 5
    told = [line for line in done.stderr.splitlines() if "blocked" in line or "unavailable" in line or "403" in line]
    assert len(told) == 1
    assert "9 ids stay open" in told[0]
