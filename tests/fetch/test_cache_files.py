"""What stands in the cache directory beside the store: a pipe, a link, a file of somebody else. No run hangs on it.

A read of a pipe, or of a database whose statements have no end, waits for ever: it is done in a process that is ended.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from standin import StandIn, World, concept, nct, study
from trialweave.fetch import Fetcher
from trialweave.fetch.bulk import FOLDER, BulkStudies, import_studies
from trialweave.fetch.thesaurus import FILE, ImportedNames, import_names

Open = Callable[..., Fetcher]
STUDIES = [nct(n) for n in range(1, 4)]
WORLD = World(studies={id_: study(id_) for id_ in STUDIES}, concepts={"C1": concept("C1")})
SOURCE = str(Path(__file__).resolve().parents[2] / "src")
NAMES = "C7\t<iri>\t\tZebratinib\tA drug.\tZebratinib\t\tPharmacologic Substance\t\n"
ENDLESS = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x FROM r) SELECT count(*) AS release FROM r"


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return pack(tmp_path / "b.zip", {f"{id_}.json": WORLD.study(id_) or b"" for id_ in STUDIES})


@pytest.fixture
def cache(tmp_path: Path, archive: Path) -> Path:
    """A cache directory with studies and names in it."""
    import_studies(archive, tmp_path / "cache")
    import_names(pack(tmp_path / "names.zip", {"T.txt": NAMES.encode()}), tmp_path / "cache", "26.10d")
    return tmp_path / "cache"


_READ = """
import sys
from collections import Counter
from pathlib import Path
from trialweave.fetch.bulk import BulkStudies
from trialweave.fetch.thesaurus import ImportedNames
events = Counter()
studies = BulkStudies(Path(sys.argv[1]), events)
names = ImportedNames(Path(sys.argv[1]), events)
print(len(list(studies.bodies(sys.argv[2:]))), names.release, sorted(names.codes("Zebratinib")), dict(events))
"""


def read(cache: Path) -> str:
    """How many studies there are, the release of the names, a code, and the events."""
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(cache), *STUDIES],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": SOURCE},
    )
    return done.stdout.strip()


def test_what_was_imported_is_read(cache: Path) -> None:
    assert read(cache) == "3 26.10d ['C7'] {}"


@pytest.mark.parametrize("name", ["manifest.json", "index", "members"])
@pytest.mark.parametrize("kind", ["pipe", "link", "device", "folder"])
def test_what_is_no_file_of_an_import_is_a_miss(cache: Path, kind: str, name: str) -> None:
    _replace(cache / FOLDER / name, kind)
    assert read(cache) == "0 26.10d ['C7'] {'bulk_unusable': 1}"


@pytest.mark.parametrize("kind", ["pipe", "link", "device", "folder"])
def test_what_is_no_file_of_names_is_a_miss(cache: Path, kind: str) -> None:
    _replace(cache / FILE, kind)
    assert read(cache) == "3 None [] {'names_unusable': 1}"


def _replace(file: Path, kind: str) -> None:
    """Put something in the place of a file that is none."""
    elsewhere = file.with_name("elsewhere")
    file.rename(elsewhere)
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to(elsewhere if kind == "link" else "/dev/zero")


@pytest.mark.parametrize(
    "statements",
    [
        f"DROP TABLE release; CREATE VIEW release AS {ENDLESS}",
        "ALTER TABLE name ADD COLUMN mine AS (zeroblob(500000000))",
        "CREATE TRIGGER mine AFTER INSERT ON name BEGIN DELETE FROM name; END",
    ],
)
def test_a_database_of_names_with_statements_of_its_own_is_a_miss(cache: Path, statements: str) -> None:
    """The first of these has no end."""
    with closing(sqlite3.connect(cache / FILE)) as database:
        database.executescript(statements)
    assert read(cache) == "3 None [] {'names_unusable': 1}"


def test_an_import_of_somebody_else_is_not_used(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    studies, names = BulkStudies(cache), ImportedNames(cache)
    assert list(studies.bodies(STUDIES)) == []
    assert (names.release, names.codes("Zebratinib")) == (None, frozenset())
    assert (studies.events, names.events) == ({"bulk_unusable": 1}, {"names_unusable": 1})


def test_what_is_wrong_with_an_import_is_counted_in_the_report(cache: Path, open_on: Open) -> None:
    """Nobody but the import itself knew of it."""
    (cache / FOLDER / "manifest.json").write_bytes(b"no json")
    (cache / FILE).write_bytes(b"no database")
    with StandIn(WORLD) as server, open_on(server) as fetcher:
        fetcher.prefetch({"ctgov": STUDIES, "ncit": ["C1"]})
        fetcher.search(["Zebratinib"], 1)
        assert fetcher.report().store == {"bulk_unusable": 1, "names_unusable": 1}


# ---------------------------------------------------------------- writing


def test_a_full_disk_ends_an_import_of_names_with_its_folder_told(tmp_path: Path) -> None:
    """The kernel refuses to let a file grow: the error is that of the disk, and the names from before stay."""
    import_names(pack(tmp_path / "names.zip", {"T.txt": NAMES.encode()}), tmp_path / "cache", "26.10d")
    many = "".join(NAMES.replace("C7", f"C{n}").replace("Zebratinib", f"Drug {n}") for n in range(1, 20_000))
    script = (
        "import resource, sys; from trialweave.cli import main; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); sys.exit(main(sys.argv[1:]))"
    )
    python = (sys.executable, "-c", script)
    archive = pack(tmp_path / "many.zip", {"T.txt": many.encode()})
    done = subprocess.run(
        [*python, "cache", "import", archive, "--release", "26.11a", "--cache-dir", tmp_path / "cache"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": SOURCE},
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"trialweave: the names cannot be kept in {tmp_path / 'cache'}: ")
    assert ImportedNames(tmp_path / "cache").codes("Zebratinib") == {"C7"}
    assert [file.name for file in (tmp_path / "cache").iterdir()] == [FILE]


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    file = tmp_path / "elsewhere" / "precious.txt"
    file.parent.mkdir()
    file.write_text("mine")
    return file


@pytest.mark.parametrize("name", ["members", "rows", "index", "manifest.json", "state.part"])
@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_an_import_that_goes_on_writes_through_no_link(
    tmp_path: Path, archive: Path, precious: Path, name: str, link: Callable[[Path, Path], None]
) -> None:
    """The note says of this very zip that it was cut off after no member, as somebody can who knows the format."""
    work = tmp_path / "cache" / f"{FOLDER}.part"
    work.mkdir(parents=True)
    status = archive.stat()
    source = [str(archive), status.st_size, status.st_mtime_ns, 3, None]
    (work / "state.json").write_text(json.dumps({"source": source, "seen": 0, "rows": 0, "members": 0, "counts": {}}))
    for other in ("members", "rows"):
        (work / other).touch()
    (work / name).unlink(missing_ok=True)
    link(work / name, precious)
    assert import_studies(archive, tmp_path / "cache").counts["taken"] == 3
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("name", [FOLDER, f"{FOLDER}.part", f"{FOLDER}.old"])
def test_a_link_in_the_place_of_a_folder_is_taken_away(
    tmp_path: Path, archive: Path, precious: Path, name: str
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / name).symlink_to(precious.parent)
    for _ in range(2):
        import_studies(archive, cache)
    assert len(list(BulkStudies(cache).bodies(STUDIES))) == 3
    assert [file.name for file in precious.parent.iterdir()] == ["precious.txt"]


def test_a_study_under_another_id_in_an_import_is_a_miss(cache: Path, open_on: Open) -> None:
    """The index, with a sum that fits, has the second study under the id of the first."""
    import hashlib

    index = cache / FOLDER / "index"
    raw = bytearray(index.read_bytes())
    raw[12:40] = raw[52:80]
    index.write_bytes(raw)
    manifest = {"index_sha256": hashlib.sha256(raw).hexdigest()}
    (cache / FOLDER / "manifest.json").write_text(json.dumps(manifest))
    studies = BulkStudies(cache)
    assert [id_ for id_, _ in studies.bodies(STUDIES)] == STUDIES[1:]
    assert studies.events == {"bulk_damaged": 1}


def test_a_larger_index_than_the_registry_needs_is_a_miss(cache: Path) -> None:
    """A file with a hole of a terabyte takes no place on the disk, and all of the memory."""
    os.truncate(cache / FOLDER / "index", 1 << 40)
    assert read(cache) == "0 26.10d ['C7'] {'bulk_unusable': 1}"
