"""An entry's bytes: what goes in comes out, and nothing else ever does."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.clock import stamp
from trialweave.fetch import entries
from trialweave.fetch.entries import DamagedEntry, Entry, confirmed, inflate, pack, unpack

TEXT = st.none() | st.text(max_size=20)
ID = st.sampled_from(["NCT00000001", "C1", "C1.replacements", "C205637"])
TIME = st.none() | st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(stamp)  # noqa: DTZ001
ENTRY = st.builds(
    Entry,
    kind=st.sampled_from(["found", "absent", "alias"]),
    canonical=st.none() | ID,
    digest=TEXT,
    first_version=TEXT,
    first_at=TIME,
    confirmed_version=TEXT,
    confirmed_at=TIME,
    follow=st.lists(ID, max_size=3).map(tuple),
    data=st.binary(max_size=200),
)


@given(ENTRY)
def test_what_is_packed_comes_out_again(entry: Entry) -> None:
    back = unpack("key", pack("key", entry))
    assert replace(back, data=back.body, deflated=False) == entry
    assert pack("key", back) == pack("key", entry)


@given(ENTRY, st.data())
def test_no_flipped_byte_gives_another_value(entry: Entry, data: st.DataObject) -> None:
    stored = bytearray(pack("key", entry))
    at = data.draw(st.integers(0, len(stored) - 1))
    stored[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DamagedEntry):
        unpack("key", bytes(stored))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_damaged(junk: bytes) -> None:
    with pytest.raises(DamagedEntry):
        unpack("key", junk)
    rest = junk
    with pytest.raises(DamagedEntry):
        unpack("key", entries.MAGIC + hashlib.blake2b(rest, digest_size=16).digest() + rest)


def crafted(header: Any, body: bytes = b"") -> bytes:
    """Bytes with the right checksum over whatever header: what somebody can write who knows the format."""
    head = json.dumps(header).encode()
    rest = len(head).to_bytes(4, "big") + head + body
    return entries.MAGIC + hashlib.blake2b(rest, digest_size=16).digest() + rest


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | ID,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.lists(JSON, min_size=7, max_size=9), st.binary(max_size=30))
def test_a_crafted_header_is_an_entry_or_damaged(rest: list[Any], body: bytes) -> None:
    try:
        entry = unpack("key", crafted(["key", "found", *rest], body))
    except DamagedEntry:
        return
    told = (entry.canonical, entry.digest, entry.first_version, entry.first_at, *entry.follow)
    assert all(text is None or isinstance(text, str) for text in told)


@pytest.mark.parametrize("at", ["yesterday", "", "2026-13-01", "\x1b[2J", "9" * 5000])
def test_a_time_that_is_none_is_damage(at: str) -> None:
    """It went into the arithmetic of freshness, and ended the run with a ValueError."""
    with pytest.raises(DamagedEntry, match="header"):
        unpack("key", pack("key", Entry("absent", confirmed_at=at or "x")))


@pytest.mark.parametrize(
    "id_", ["../../etc/passwd", "C1&include=full", "C1\r\nX: 1", "NCT1", "C1.replacements.json", "C01"]
)
def test_an_id_that_is_none_is_damage(id_: str) -> None:
    """A crafted entry must not decide what is asked of a service."""
    for entry in (Entry("alias", canonical=id_), Entry("found", follow=(id_,))):
        with pytest.raises(DamagedEntry, match="header"):
            unpack("key", pack("key", entry))


def test_a_row_under_another_key_is_noticed() -> None:
    with pytest.raises(DamagedEntry, match="other_key"):
        unpack("key", pack("another", Entry("absent")))


def test_an_older_format_is_a_miss() -> None:
    with pytest.raises(DamagedEntry, match="other_format"):
        unpack("key", b"TWE0" + pack("key", Entry("absent"))[4:])


def test_a_deeply_nested_header_is_damage() -> None:
    head = b"[" * 100_000
    rest = len(head).to_bytes(4, "big") + head
    with pytest.raises(DamagedEntry, match="header"):
        unpack("key", entries.MAGIC + hashlib.blake2b(rest, digest_size=16).digest() + rest)


def test_a_body_that_inflates_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_BODY", 1000)
    assert inflate(zlib.compress(b"x" * 999)) == b"x" * 999
    for bad in (zlib.compress(b"x" * 100_000), zlib.compress(b"whole")[:-1], b"no zlib"):
        with pytest.raises(DamagedEntry, match="body"):
            inflate(bad)


def test_the_same_content_keeps_its_first_version_and_body() -> None:
    old = Entry("found", None, "d", "v1", "t1", "v1", "t1", data=b"old bytes")
    new = Entry("found", None, "d", "v2", "t2", "v2", "t2", data=b"new bytes, same content")
    assert confirmed(old, new) == replace(old, confirmed_version="v2", confirmed_at="t2")
    assert confirmed(old, replace(new, digest="e")) == replace(new, digest="e")
    assert confirmed(None, new) == new
    assert confirmed(replace(old, kind="absent"), new) == new


def test_the_header_is_read_without_inflating() -> None:
    entry = Entry("found", digest="d", data=b"x" * 1000)
    stored = pack("key", entry)
    assert len(stored) < 200
    assert json.loads(unpack("key", stored).body.replace(b"x", b"1")) > 0
