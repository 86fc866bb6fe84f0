"""An entry's bytes: what goes in comes out, and nothing else ever does."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.fetch import entries
from trialweave.fetch.entries import DamagedEntry, Entry, confirmed, inflate, pack, unpack

TEXT = st.none() | st.text(max_size=20)
ENTRY = st.builds(
    Entry,
    kind=st.sampled_from(["found", "absent", "alias"]),
    canonical=TEXT,
    digest=TEXT,
    first_version=TEXT,
    first_at=TEXT,
    confirmed_version=TEXT,
    confirmed_at=TEXT,
    follow=st.lists(st.text(max_size=10), max_size=3).map(tuple),
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
