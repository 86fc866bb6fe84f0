"""A synthetic world as files: `python -m benchmarks.fill FOLDER --records 1000` makes a table and a filled cache."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.world import RELEASE, TIMESTAMP, World


def write_records(world: World, path: Path) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        for row in world.rows():
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def fill_cache(world: World, cache_dir: Path) -> None:
    """Put the world's payloads into a store, as prefetching them under its versions would."""
    from trialweave.fetch.entries import Entry
    from trialweave.fetch.holders import Key
    from trialweave.fetch.store import Store
    from trialweave.sources.base import Source
    from trialweave.sources.ctgov import CtgovSource
    from trialweave.sources.ncit import NcitSource

    sources: dict[str, Source] = {"ctgov": CtgovSource(), "ncit": NcitSource()}
    versions = {"ctgov": TIMESTAMP, "ncit": RELEASE}
    store = Store(cache_dir)
    batch: dict[Key, Entry] = {}
    for name, id_, body in world.payloads():
        source = sources[name]
        version, at = versions[name], "2026-11-20T10:00:00Z"
        follow = tuple(sorted(source.follow_up({id_: body})))
        entry = Entry("found", None, source.digest(body), version, at, version, at, follow, body)
        batch[source.name, id_, source.projection] = entry
        if len(batch) == 500:
            store.put_many(batch)
            batch = {}
    store.put_many(batch)
    store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=1000)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    world = World(chosen.records)
    write_records(world, chosen.folder / "records.jsonl")
    fill_cache(world, chosen.folder / "cache")


if __name__ == "__main__":
    main()
