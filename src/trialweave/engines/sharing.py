"""How records are shared out among workers and put back in order."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from trialweave.core.models import Record
from trialweave.loom import Woven


def owners(records: Sequence[Record], workers: int) -> list[int]:
    """Which worker weaves which record: all records of a study the same one, so that each study is read once."""
    return [zlib.crc32(_study(record).encode(errors="surrogatepass")) % workers for record in records]


def in_order(owned_by: Sequence[int], results: Sequence[Iterable[Woven]]) -> list[Woven]:
    """The workers' rows in the order of the records that they were made from."""
    streams = [iter(result) for result in results]
    return [next(streams[owner]) for owner in owned_by]


def _study(record: Record) -> str:
    return record.values.get("nct_id_drug_ref") or record.record_id
