"""What a user would write instead, doing the same work on the same server and the same files."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from trialweave.core.findings import Policy
from trialweave.core.models import Origin
from trialweave.core.record import build_record
from trialweave.core.record_id import RecordIds
from trialweave.sources.base import Held, Lookup, NotHeld, Snapshot
from trialweave.sources.ncit import INCLUDE
from trialweave.weave import weave

Addresses = tuple[str, str]


def targets(rows: Iterable[dict[str, str]], addresses: Addresses) -> Iterator[str]:
    """The two addresses that each row links to: one request for each, repeats included."""
    registry, thesaurus = addresses
    for row in rows:
        if len(row["nct_id_drug_ref"]) == 11:
            yield f"{registry}/studies/{row['nct_id_drug_ref']}"
        if row["nci_thesaurus_concept_id"]:
            yield f"{thesaurus}/concept/ncit/{row['nci_thesaurus_concept_id']}?include={INCLUDE}"


def plain_loop(rows: Iterable[dict[str, str]], addresses: Addresses, rate: float | None = None) -> None:
    """`requests.get` for each link, paced where a rate is given."""
    for target in targets(rows, addresses):
        started = time.monotonic()
        requests.get(target, timeout=30).json()
        if rate is not None:
            time.sleep(max(0.0, 1 / rate - (time.monotonic() - started)))


def threaded_loop(rows: Iterable[dict[str, str]], addresses: Addresses, threads: int = 16) -> None:
    """A session and a pool of threads."""
    with requests.Session() as session, ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda target: session.get(target, timeout=30).json(), targets(rows, addresses)))


def cached_session(folder: Path) -> Any:
    """A session of requests-cache over SQLite, as its manual has it; None where it is not installed."""
    try:
        from requests_cache import CachedSession
    except ImportError:
        return None
    return CachedSession(str(folder / "requests-cache"), backend="sqlite", expire_after=-1)


def cached_loop(session: Any, rows: Iterable[dict[str, str]], addresses: Addresses) -> None:
    """Fetch and decode through requests-cache; nothing is compared."""
    for target in targets(rows, addresses):
        session.get(target, timeout=30).json()


class NaiveCards:
    """The design cards put together in the plain way: pickled dicts in diskcache, one record after the other."""

    def __init__(self, folder: Path, payloads: Iterable[tuple[str, str, bytes]]) -> None:
        import diskcache

        self._cache = diskcache.Cache(str(folder / "naive"))
        with self._cache.transact():
            for source, id_, body in payloads:
                self._cache[f"{source}|{id_}"] = json.loads(body)

    def read(self, source: Any, ids: Iterable[str]) -> dict[str, Lookup]:
        found: dict[str, Lookup] = {}
        for id_ in ids:
            held = self._cache.get(f"{source}|{id_}")
            body = b"" if held is None else json.dumps(held).encode()
            snapshot = Snapshot(source, id_, body, id_, None, None)
            found[id_] = NotHeld("") if held is None else Held(snapshot)
        return found

    def run(self, table: Path, out: Path) -> None:
        """Every check on every record by our own functions, and nothing that was read kept for the next record.

        What those functions remember of single texts they remember here too.
        """
        ids = RecordIds()
        with table.open() as rows, out.open("w") as lines:
            for number, line in enumerate(rows, 1):
                record = build_record(json.loads(line), Origin(str(table), number), ids=ids)
                for enriched in weave([record], self, Policy()):
                    lines.write(json.dumps(json.loads(enriched.as_json()), ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._cache.close()


def floor(table: Path, database: Path, keys: list[str], out: Path, size: int) -> None:
    """Only the bytes: read the table, look up every payload once, write as many bytes as the output has."""
    import sqlite3

    read = table.read_bytes()
    connection = sqlite3.connect(database)
    for start in range(0, len(keys), 500):
        connection.execute(
            "SELECT key, value FROM Cache WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(keys[start : start + 500]),),
        ).fetchall()
    connection.close()
    with out.open("wb") as stream:
        while size > 0:
            size -= stream.write(read[: min(size, len(read))])
