from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.errors import RunError, UsageError
from trialweave.tables import atomic, write_atomically
from trialweave.tables.atomic import _BUFFER

LONG_AGO = 1_000_000_000


def standing(target: Path, content: bytes) -> os.stat_result:
    """A file that was written long ago."""
    target.write_bytes(content)
    os.utime(target, (LONG_AGO, LONG_AGO))
    return target.stat()


def write(target: Path, pieces: Iterable[bytes]) -> None:
    with write_atomically(target) as stream:
        for piece in pieces:
            stream.write(piece)
            stream.flush()


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    with write_atomically(target) as stream:
        stream.write(b"half")
        assert not target.exists()
    assert target.read_bytes() == b"half"
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_killed_writer_left_goes_and_what_is_being_written_stays(tmp_path: Path) -> None:
    out = tmp_path / "[o]ut.jsonl"
    abandoned = tmp_path / ".[o]ut.jsonl.0123456789ab.part"
    others = {tmp_path / name for name in (".[o]ut.jsonl.notes.part", ".out.jsonl.0123456789ab.part")}
    for path in (abandoned, *others):
        path.write_bytes(b"half")
    with write_atomically(out) as first:
        assert not abandoned.exists()
        first.write(b"first")
        with write_atomically(out) as second:
            second.write(b"second")
        assert out.read_bytes() == b"second"
    assert out.read_bytes() == b"first"
    assert set(tmp_path.iterdir()) == {out, *others}


def test_without_locks_a_file_is_put_in_place_and_nothing_is_taken_for_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trialweave.tables.atomic._LOCKS", False)
    other = tmp_path / ".out.0123456789ab.part"
    other.touch()
    with write_atomically(tmp_path / "out") as stream:
        stream.write(b"new")
    assert (tmp_path / "out").read_bytes() == b"new"
    assert other.exists()


def test_a_file_taken_for_abandoned_before_it_is_locked_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_start(*_: object) -> None:
        monkeypatch.undo()
        (taken,) = tmp_path.iterdir()
        taken.unlink()

    monkeypatch.setattr(fcntl, "flock", other_start)
    with write_atomically(tmp_path / "out") as stream:
        stream.write(b"whole")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"whole"]


def test_a_file_system_without_locks_is_written_as_well_and_keeps_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    left = tmp_path / ".out.0123456789ab.part"
    left.write_bytes(b"half")
    monkeypatch.setattr(fcntl, "flock", no_locks)
    with write_atomically(tmp_path / "out") as stream:
        stream.write(b"whole")
    assert (tmp_path / "out").read_bytes() == b"whole"
    assert left.exists()


def test_permissions_are_those_of_the_user_or_of_the_file_replaced(tmp_path: Path) -> None:
    plain, new, old = tmp_path / "plain", tmp_path / "new", tmp_path / "old"
    plain.touch()
    old.touch()
    old.chmod(0o604)
    for target in (new, old):
        with write_atomically(target):
            pass
    assert new.stat().st_mode == plain.stat().st_mode
    assert old.stat().st_mode & 0o777 == 0o604


def test_a_link_is_followed(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    link.symlink_to(target)
    with write_atomically(link) as stream:
        stream.write(b"x")
    assert link.is_symlink()
    assert target.read_bytes() == b"x"


def test_what_is_no_file_is_written_through() -> None:
    with write_atomically("/dev/null") as stream:
        stream.write(b"x")
    assert Path("/dev/null").is_char_device()
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as received:
        with os.fdopen(writing, "wb"), write_atomically(f"/dev/fd/{writing}") as stream:
            stream.write(b"y")
        assert received.read() == b"y"


def test_no_place_to_write_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"), write_atomically(tmp_path):
        pass
    with pytest.raises(UsageError, match="does not exist"), write_atomically(tmp_path / "no" / "file"):
        pass


@pytest.mark.parametrize("content", [b"", b"two\nlines\n", bytes(_BUFFER), b"more" * _BUFFER])
def test_what_stands_there_already_is_left_and_gets_the_time_of_the_run(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "out"
    before = standing(target, content)
    write(target, (content[:7], content[7:]))
    assert target.stat().st_ino == before.st_ino
    assert target.stat().st_mtime > LONG_AGO
    assert target.read_bytes() == content
    assert list(tmp_path.iterdir()) == [target]


@given(old=st.binary(max_size=20), pieces=st.lists(st.binary(max_size=9)), equal=st.booleans())
def test_whatever_stood_there_a_file_holds_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, old: bytes, pieces: list[bytes], equal: bool
) -> None:
    target = tmp_path_factory.mktemp("folder") / "out"
    standing(target, old)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic, "_BUFFER", 4)
        write(target, [*([old[:3], old[3:]] if equal else []), *pieces])
    assert target.read_bytes() == (old if equal else b"") + b"".join(pieces)
    assert list(target.parent.iterdir()) == [target]


def test_a_writer_that_fails_leaves_even_the_time_of_what_stands_there(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"content"
        raise KeyError

    before = standing(tmp_path / "out", b"content")
    with pytest.raises(KeyError):
        write(tmp_path / "out", pieces())
    assert (tmp_path / "out").stat().st_mtime_ns == before.st_mtime_ns
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_what_another_writer_put_there_meanwhile_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "out"
    standing(target, b"content")
    with write_atomically(target) as stream:
        stream.write(b"content")
        write(target, [b"another's"])
    assert target.read_bytes() == b"content"


@pytest.mark.parametrize("rest", [b"", b", more"])
def test_what_was_written_into_meanwhile_ends_the_run(tmp_path: Path, rest: bytes) -> None:
    target = tmp_path / "out"
    standing(target, b"content")

    def pieces() -> Iterator[bytes]:
        yield b"content"
        target.write_bytes(b"c")
        yield rest

    with pytest.raises(RunError, match=r"out was written into during this run"):
        write(target, pieces())
    assert target.read_bytes() == b"c"
    assert list(tmp_path.iterdir()) == [target]


def test_where_the_time_cannot_be_set_the_file_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_yours(*_: object) -> None:
        raise PermissionError

    before = standing(tmp_path / "out", b"content")
    monkeypatch.setattr(os, "utime", not_yours)
    write(tmp_path / "out", [b"content"])
    assert (tmp_path / "out").read_bytes() == b"content"
    assert (tmp_path / "out").stat().st_ino != before.st_ino
