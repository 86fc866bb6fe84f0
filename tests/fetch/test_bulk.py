"""The registry's bulk zip: taken whole or in part, resumed, damaged; and what a run makes of it."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standin import StandIn, World, nct
from trialweave.errors import InputError
from trialweave.fetch import Fetcher, bulk
from trialweave.fetch.bulk import BulkStudies, holds_studies, import_studies
from trialweave.fetch.thesaurus import FILE, ImportedNames, import_names
from trialweave.fetch.zipmembers import ZipMembers
from trialweave.sources.base import Held, Lookup

Open = Callable[..., Fetcher]


def bodies(world: World) -> dict[str, bytes]:
    return {id_: world.study(id_) or b"" for id_ in world.studies}


def pack(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


@pytest.fixture
def archive(tmp_path: Path, world: World) -> Path:
    return pack(tmp_path / "bulk.zip", {f"{id_}.json": body for id_, body in bodies(world).items()})


def taken(cache: Path, ids: list[str]) -> dict[str, str]:
    found = ((id_, json.loads(body)) for id_, body in BulkStudies(cache).bodies(ids))
    return {id_: body["protocolSection"]["identificationModule"]["nctId"] for id_, body in found}


ALL = [nct(n) for n in range(1, 6)]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_all_studies_are_taken(tmp_path: Path, world: World, method: int) -> None:
    archive = pack(tmp_path / "b.zip", {f"NCT0000xxxx/{id_}.json": b for id_, b in bodies(world).items()}, method)
    done = import_studies(archive, tmp_path / "cache")
    assert done.counts == {"taken": 5}
    assert taken(tmp_path / "cache", [*ALL, nct(77), "", "NCT"]) == {id_: id_ for id_ in ALL}


def test_studies_behind_many_folders_are_found(tmp_path: Path, world: World) -> None:
    folders = {f"NCT{n:04d}xxxx/": b"" for n in range(300)}
    archive = pack(tmp_path / "b.zip", {**folders, f"NCT0000xxxx/{nct(1)}.json": bodies(world)[nct(1)]})
    assert holds_studies(archive)
    assert import_studies(archive, tmp_path / "cache").counts["taken"] == 1
    assert not holds_studies(pack(tmp_path / "n.zip", {"Thesaurus.txt": b"x"}))


def test_only_what_is_wanted_is_taken(tmp_path: Path, archive: Path) -> None:
    done = import_studies(archive, tmp_path / "cache", only={nct(2), nct(4), nct(99)})
    assert done.counts == {"taken": 2, "unwanted": 3}
    assert list(taken(tmp_path / "cache", ALL)) == [nct(2), nct(4)]


def test_bad_members_are_counted_and_passed_over(tmp_path: Path, world: World) -> None:
    good = bodies(world)
    archive = pack(
        tmp_path / "b.zip",
        {
            "README.txt": b"hello",
            f"{nct(1)}.json": good[nct(1)],
            f"{nct(2)}.json": good[nct(3)],
            f"{nct(3)}.json": b"no json",
            f"{nct(4)}.json": good[nct(4)],
        },
    )
    raw = bytearray(archive.read_bytes())
    at = raw.index(b"PK\x03\x04", raw.index(nct(3).encode())) + 30 + len(f"{nct(4)}.json") + 5
    raw[at] ^= 0xFF
    archive.write_bytes(raw)
    done = import_studies(archive, tmp_path / "cache")
    assert done.counts == {"other": 1, "taken": 1, "bad": 3}
    assert [told.partition(":")[0] for told in done.bad] == [f"{nct(n)}.json" for n in (2, 3, 4)]


@given(data=st.data())
def test_a_zip_that_was_cut_off_is_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("cut")
    archive = pack(folder / "b.zip", {f"{nct(1)}.json": b'{"nctId": "NCT00000001"}'})
    whole = archive.read_bytes()
    archive.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(InputError, match="download it again"):
        import_studies(archive, folder / "cache")
    assert not (folder / "cache" / bulk.FOLDER).exists()


def test_what_holds_no_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no study"):
        import_studies(pack(tmp_path / "b.zip", {"a.txt": b"a"}), tmp_path / "cache")
    assert not any((tmp_path / "cache").iterdir())


class Stopped(Exception):
    pass


def test_an_import_that_was_cut_off_goes_on(
    tmp_path: Path, archive: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHECKPOINT", 2)

    def stop(seen: int, count: int) -> None:
        assert count == 5
        if seen == 4:
            raise Stopped

    cache = tmp_path / "cache"
    with pytest.raises(Stopped):
        import_studies(archive, cache, progress=stop)
    assert not (cache / bulk.FOLDER).exists()
    with (cache / f"{bulk.FOLDER}.part" / "members").open("ab") as stream:
        stream.write(b"what was written after the last note")
    done = import_studies(archive, cache)
    assert (done.resumed_at, done.counts["taken"]) == (4, 5)
    assert list(taken(cache, ALL)) == ALL
    other = import_studies(archive, cache, only=set(ALL[:2]))
    assert (other.resumed_at, other.counts["taken"]) == (0, 2)
    assert list(taken(cache, ALL)) == ALL[:2]


@pytest.mark.parametrize("name", ["members", "index", "manifest.json"])
def test_damage_is_a_miss(tmp_path: Path, archive: Path, name: str) -> None:
    import_studies(archive, tmp_path / "cache")
    file = tmp_path / "cache" / bulk.FOLDER / name
    file.write_bytes(b"x" + file.read_bytes()[1:])
    studies = BulkStudies(tmp_path / "cache")
    found = dict(studies.bodies(ALL))
    assert set(found) <= set(ALL[1:])
    assert sum(studies.events.values()) == 1


def test_members_beyond_32_bits_are_found(tmp_path: Path) -> None:
    archive = tmp_path / "b.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        for number in range(65_600):
            writer.writestr(zipfile.ZipInfo(str(number)), b"")
        with writer.open(zipfile.ZipInfo("wide"), "w", force_zip64=True) as stream:
            stream.write(b"wide body")
    members = ZipMembers(archive)
    listed = list(members.members())
    assert members.read(listed[-1])[0] == b"wide body"
    members.close()
    assert len(listed) == 65_601


def test_sizes_in_the_extra_field_of_zip64_are_read() -> None:
    from trialweave.fetch.zipmembers import _wide

    full = 0xFFFFFFFF
    extra = struct.pack("<2H4s", 7, 4, b"none") + struct.pack("<2H2Q", 1, 16, 5_000_000_000, 6_000_000_000)
    assert _wide(extra, 12, full, full) == (12, 5_000_000_000, 6_000_000_000)


# ---------------------------------------------------------------- runs


def reading(fetcher: Fetcher) -> dict[str, Lookup]:
    return dict(fetcher.read("ctgov", ALL))


def test_a_run_uses_what_was_imported_and_asks_only_for_the_rest(
    tmp_path: Path, archive: Path, world: World, open_on: Open
) -> None:
    import_studies(archive, tmp_path / "cache", only=set(ALL[:4]))
    with StandIn(world) as server:
        with open_on(server) as fetcher:
            planned = fetcher.plan({"ctgov": ALL}).sources["ctgov"]
            assert (planned.fresh, planned.new) == (4, 1)
            report = fetcher.prefetch({"ctgov": ALL}).sources["ctgov"]
            imported = reading(fetcher)
        assert (report.fresh, report.fetched) == (4, 1)
        assert server.count("ctgov") == 2
    with StandIn(world) as server, open_on(server, cache_dir=tmp_path / "other") as fetcher:
        fetcher.prefetch({"ctgov": ALL})
        asked = reading(fetcher)
    assert imported == asked


def test_an_import_of_another_day_is_no_answer_of_today(
    tmp_path: Path, archive: Path, world: World, open_on: Open
) -> None:
    import_studies(archive, tmp_path / "cache")
    world.timestamp = "2026-12-01T09:00:04"
    with StandIn(world) as server, open_on(server) as fetcher:
        report = fetcher.prefetch({"ctgov": ALL}).sources["ctgov"]
        assert report.fetched == 5
        found = fetcher.read("ctgov", ALL)[ALL[0]]
        assert isinstance(found, Held)
        assert found.snapshot.source_version == "2026-11-20"


def test_offline_an_import_is_all_there_is(tmp_path: Path, archive: Path, world: World, open_on: Open) -> None:
    import_studies(archive, tmp_path / "cache")
    with StandIn(world) as server:
        with open_on(server, offline=True) as fetcher:
            fetcher.prefetch({"ctgov": ALL})
            assert all(isinstance(lookup, Held) for lookup in reading(fetcher).values())
        assert server.count() == 0


def test_a_damaged_import_is_told_in_the_report(tmp_path: Path, archive: Path, world: World, open_on: Open) -> None:
    import_studies(archive, tmp_path / "cache")
    (tmp_path / "cache" / bulk.FOLDER / "index").write_bytes(b"x")
    with StandIn(world) as server, open_on(server) as fetcher:
        assert fetcher.prefetch({"ctgov": ALL}).store == {"bulk_unusable": 1}


# ---------------------------------------------------------------- names


FLAT = """\
C116377\t<iri>\tC1909\tOsimertinib|AZD-9291|Tagrisso\tA drug.\tOsimertinib\t\tPharmacologic Substance\tC116978
C1\t<iri>\t\tOld Thing|Tagrisso\t\t\tRetired_Concept|Header_Concept\t\t
broken line
X1\t\t\t\t\t\t\t\t
"""


def test_names_lead_to_who_bears_them(tmp_path: Path) -> None:
    archive = pack(tmp_path / "Thesaurus.FLAT.zip", {"Thesaurus.txt": FLAT.encode()})
    done = import_names(archive, tmp_path / "cache", "26.10d")
    assert (done.release, done.concepts, done.names, done.bad_lines) == ("26.10d", 1, 3, 2)
    names = ImportedNames(tmp_path / "cache")
    assert names.release == "26.10d"
    assert names.codes("azd 9291") == names.codes("TAGRISSO") == {"C116377"}
    assert names.codes("Old Thing") == names.codes("nobody") == frozenset()
    nowhere = ImportedNames(tmp_path / "nowhere")
    assert (nowhere.release, nowhere.codes("Tagrisso")) == (None, frozenset())
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("file", "release"),
    [("Thesaurus_26.10d.FLAT.zip", "26.10d"), ("Thesaurus.FLAT.zip", None), ("Thesaurus_new.FLAT.zip", None)],
)
def test_the_release_of_names_is_read_from_the_name_of_their_file(
    tmp_path: Path, file: str, release: str | None
) -> None:
    import_names(pack(tmp_path / file, {"Thesaurus.txt": FLAT.encode()}), tmp_path / "cache")
    assert ImportedNames(tmp_path / "cache").release == release


def test_a_damaged_index_of_names_leads_nowhere(tmp_path: Path) -> None:
    import_names(pack(tmp_path / "one.zip", {"Thesaurus.txt": FLAT.encode()}), tmp_path, "26.10d")
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("INSERT INTO name VALUES ('tagrisso', '../C1'), ('tagrisso', x'00'), ('tagrisso', 7)")
    assert ImportedNames(tmp_path).codes("Tagrisso") == {"C116377"}
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    assert (ImportedNames(tmp_path).release, ImportedNames(tmp_path).codes("Tagrisso")) == (None, frozenset())


def test_an_index_of_names_that_computes_something_leads_nowhere(tmp_path: Path) -> None:
    """A view may count for ever."""
    import_names(pack(tmp_path / "n.zip", {"Thesaurus.txt": FLAT.encode()}), tmp_path, "26.10d")
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS release FROM n"
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.executescript(f"DROP TABLE release; CREATE VIEW release AS {endless};")
    held = ImportedNames(tmp_path)
    assert held.release is None
    assert held.codes("Tagrisso") == frozenset()


def test_a_failed_import_keeps_the_old_names(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    import_names(pack(tmp_path / "one.zip", {"Thesaurus.txt": FLAT.encode()}), cache)
    cut = tmp_path / "two.zip"
    cut.write_bytes((tmp_path / "one.zip").read_bytes()[:-30])
    for bad in (cut, pack(tmp_path / "three.zip", {"a.txt": b"nothing"}), pack(tmp_path / "four.zip", {"a": b""})):
        with pytest.raises(InputError):
            import_names(bad, cache)
    assert ImportedNames(cache).codes("Tagrisso")
    assert len(list(cache.iterdir())) == 1
