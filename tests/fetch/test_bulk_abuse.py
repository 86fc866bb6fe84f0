"""A zip from anywhere, and the files that an import left: whole studies come out, or a miss, or one clear refusal."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standin import World, nct, study
from trialweave.errors import InputError
from trialweave.fetch.bulk import FOLDER, BulkStudies, import_studies
from trialweave.fetch.thesaurus import import_names
from trialweave.fetch.zipmembers import deflate_raw
from trialweave.sources.ctgov_requests import FIELDS
from trialweave.sources.projection import project

STUDIES = [nct(n) for n in range(1, 4)]
WORLD = World(studies={id_: study(id_) for id_ in STUDIES})
HUGE = (2**64 - 1, 2**63, 2**40)


def packed(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for id_ in STUDIES:
            archive.writestr(f"{id_}.json", WORLD.study(id_) or b"")
    return path.read_bytes()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return packed(tmp_path_factory.mktemp("bulk") / "good.zip")


def attempt(folder: Path, raw: bytes) -> str | None:
    """Import it, and look at what was taken: each is a study that was packed. Why not, where it was refused."""
    file = folder / "b.zip"
    file.write_bytes(raw)
    try:
        import_studies(file, folder / "cache")
    except InputError as error:
        return str(error)
    check(folder / "cache")
    return None


def check(cache: Path) -> None:
    for id_, body in BulkStudies(cache).bodies([*STUDIES, nct(9)]):
        assert body == project(WORLD.study(id_) or b"", ",".join(FIELDS))


def patched(data: st.DataObject, whole: bytes, start: int = 0) -> bytearray:
    """The bytes with up to four places overwritten."""
    raw = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(start, len(raw) - 1))
        patch = data.draw(st.binary(min_size=1, max_size=8) | st.just(b"\xff" * 8))
        raw[at : at + len(patch)] = patch
    return raw


@given(st.data())
def test_any_bytes_changed_in_a_zip_give_whole_studies_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, archive: bytes, data: st.DataObject
) -> None:
    start = archive.index(b"PK\x01\x02") if data.draw(st.booleans()) else 0
    attempt(tmp_path_factory.mktemp("zip"), bytes(patched(data, archive, start)))


def test_a_letter_changed_in_a_zip_is_a_bad_member(tmp_path: Path) -> None:
    """In a member that is stored as it is, so that nothing but its checksum can tell."""
    file = tmp_path / "b.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for id_ in STUDIES:
            archive.writestr(f"{id_}.json", WORLD.study(id_) or b"")
    file.write_bytes(file.read_bytes().replace(b"A study", b"B study", 1))
    assert import_studies(file, tmp_path / "cache").counts == {"bad": 1, "taken": 2}
    assert [id_ for id_, _ in BulkStudies(tmp_path / "cache").bodies(STUDIES)] == STUDIES[1:]


def test_a_letter_changed_in_what_was_imported_is_a_miss(tmp_path: Path, archive: bytes) -> None:
    """Packed anew, in an index whose sum and lengths fit; the checksum is that of the study as it came."""
    assert attempt(tmp_path, archive) is None
    folder, whole = tmp_path / "cache" / FOLDER, WORLD.study(STUDIES[0]) or b""
    other = deflate_raw(whole.replace(b"A study", b"B study", 1))
    row = struct.pack(">12sQQII4x", STUDIES[0].encode(), 0, len(other), len(whole), zlib.crc32(whole))
    (folder / "members").write_bytes(other)
    (folder / "index").write_bytes(row)
    (folder / "manifest.json").write_text(json.dumps({"index_sha256": hashlib.sha256(row).hexdigest()}))
    held = BulkStudies(tmp_path / "cache")
    assert list(held.bodies(STUDIES)) == []
    assert held.events == {"bulk_damaged": 1}


def wide(archive: bytes, extra: bytes, field: int) -> bytes:
    """The zip with one 32-bit number of its first entry full, and this extra field behind the entry's name."""
    start = archive.index(b"PK\x01\x02")
    end = archive.rindex(b"PK\x05\x06")
    entry = bytearray(archive[start:end])
    entry[field : field + 4] = b"\xff" * 4
    (name,) = struct.unpack_from("<H", entry, 28)
    struct.pack_into("<H", entry, 30, len(extra))
    entry[46 + name : 46 + name] = extra
    tail = bytearray(archive[end:])
    struct.pack_into("<L", tail, 12, len(entry))
    return archive[:start] + bytes(entry) + bytes(tail)


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize("field", [20, 24, 42], ids=["packed", "size", "place"])
def test_a_size_or_place_beyond_all_bounds_is_a_bad_member(
    tmp_path: Path, archive: bytes, number: int, field: int
) -> None:
    """They went to `seek` and `read` as they were: OverflowError and MemoryError."""
    file = tmp_path / "b.zip"
    file.write_bytes(wide(archive, struct.pack("<2HQ", 1, 8, number), field))
    assert import_studies(file, tmp_path / "cache").counts == {"bad": 1, "taken": 2}


@pytest.mark.parametrize("extra", [struct.pack("<2H", 1, 8), struct.pack("<2HL", 1, 0xFFFF, 7)])
def test_an_extra_field_that_is_cut_is_a_refusal_or_a_bad_member(tmp_path: Path, archive: bytes, extra: bytes) -> None:
    """`struct.error`, which is no ValueError, ended the import."""
    assert attempt(tmp_path, wide(archive, extra, 42)) is None


@given(st.data())
@example(None)
def test_any_bytes_in_the_files_of_an_import_are_whole_studies_or_misses(
    tmp_path_factory: pytest.TempPathFactory, archive: bytes, data: st.DataObject | None
) -> None:
    """The index is made with a sum that fits, as somebody can who knows the format."""
    folder = tmp_path_factory.mktemp("bulk")
    assert attempt(folder, archive) is None
    members = folder / "cache" / FOLDER / "members"
    if data is not None:
        members.write_bytes(patched(data, members.read_bytes()))
    index, manifest = folder / "cache" / FOLDER / "index", folder / "cache" / FOLDER / "manifest.json"
    raw = bytearray(index.read_bytes())
    if data is None:
        raw = raw[:-1]
    else:
        raw = patched(data, bytes(raw))
        raw = raw[: data.draw(st.just(len(raw)) | st.integers(0, len(raw)))]
    index.write_bytes(raw)
    manifest.write_text(json.dumps({"index_sha256": hashlib.sha256(raw).hexdigest()}))
    check(folder / "cache")


@pytest.mark.parametrize("manifest", [b"", b"[]", b"[" * 100_000, b'{"index_sha256": 7}'])
def test_a_manifest_that_is_none_is_a_miss(tmp_path: Path, archive: bytes, manifest: bytes) -> None:
    assert attempt(tmp_path, archive) is None
    (tmp_path / "cache" / FOLDER / "manifest.json").write_bytes(manifest)
    held = BulkStudies(tmp_path / "cache")
    assert list(held.bodies(STUDIES)) == []
    assert held.events == {"bulk_unusable": 1}


def test_a_zip_whose_members_lie_over_each_other_is_refused(tmp_path: Path, archive: bytes) -> None:
    """The list of members names the first study a thousand times: so could a file of a megabyte name gigabytes."""
    start, end = archive.index(b"PK\x01\x02"), archive.rindex(b"PK\x05\x06")
    entry = archive[start : archive.index(b"PK\x01\x02", start + 4)]
    tail = bytearray(archive[end:])
    struct.pack_into("<2H2L", tail, 8, 1_000, 1_000, len(entry) * 1_000, start)
    file = tmp_path / "b.zip"
    file.write_bytes(archive[:start] + entry * 1_000 + bytes(tail))
    with pytest.raises(InputError, match="its members lie over each other"):
        import_studies(file, tmp_path / "cache")


def test_names_that_inflate_beyond_all_bounds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "flat.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Thesaurus.txt", "C1\tiri\t\tName\t\t\t\t\t\n" * 1_000)
    monkeypatch.setattr("trialweave.fetch.thesaurus._MOST_TEXT", 10_000)
    with pytest.raises(InputError, match="inflates to 18,000 bytes, and 10,000 are read at most"):
        import_names(file, tmp_path / "cache")


@given(st.data())
def test_any_bytes_as_the_zip_of_names_are_names_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("names")
    file = folder / "flat.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Thesaurus.txt", "C1\tiri\tC2\tName|Other\tA drug.\tName\t\tDrug\tC3\n" * 3)
    raw = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(raw)
    try:
        concepts = import_names(file, folder / "cache").concepts
    except InputError:
        return
    assert concepts > 0


@pytest.mark.parametrize(
    "state",
    [
        b"[" * 100_000,
        b"{}",
        b"[]",
        b'{"source": SOURCE, "seen": "x", "rows": 0, "members": 0, "counts": {}}',
        b'{"source": SOURCE, "seen": 0, "rows": -1, "members": 0, "counts": {}}',
        b'{"source": SOURCE, "seen": 0, "rows": 0, "members": 0, "counts": {"taken": "x"}}',
        b'{"source": SOURCE, "seen": 0, "rows": 40, "members": 9, "counts": {}}',
    ],
    ids=lambda state: state[:60].decode(),
)
def test_the_note_of_an_import_that_was_cut_off_is_not_believed(tmp_path: Path, archive: bytes, state: bytes) -> None:
    """Not even where it speaks of this very zip."""
    file = tmp_path / "b.zip"
    file.write_bytes(archive)
    status = file.stat()
    source = json.dumps([str(file), status.st_size, status.st_mtime_ns, len(STUDIES), None])
    work = tmp_path / "cache" / f"{FOLDER}.part"
    work.mkdir(parents=True)
    for name in ("members", "rows"):
        (work / name).touch()
    (work / "state.json").write_bytes(state.replace(b"SOURCE", source.encode()))
    assert import_studies(file, tmp_path / "cache").counts == {"taken": 3}
    assert len(list(BulkStudies(tmp_path / "cache").bodies(STUDIES))) == 3
