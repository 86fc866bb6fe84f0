"""`trialweave cache import`: a bulk file instead of requests."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "bulk.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as writer:
        for file in sorted((FIXTURES / "ctgov").iterdir()):
            writer.writestr(file.name, file.read_bytes())
        writer.writestr("NCT00000001.json", b"{}")
    return path


def test_an_import_answers_offline(trialweave: Run, tmp_path: Path, archive: Path) -> None:
    seed = ROOT / "seeds" / "ct-0525.txt"
    cache = ("--cache-dir", tmp_path / "cache")
    done = trialweave("cache", "import", archive, "--only-wanted", seed, *cache)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 study; 21 not wanted")
    done = trialweave("cache", "import", archive, *cache)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("21 studies; 0 not wanted, 1 bad")
    assert "NCT00000001.json" in done.stderr
    enriched = trialweave("enrich", seed, "--offline", *cache)
    assert '"outcome":"found","requested_id":"NCT06254807"' in enriched.stdout


@pytest.mark.parametrize("arguments", [("--only-wanted",), ("table.csv",)])
def test_wanted_needs_tables_and_tables_need_wanted(trialweave: Run, archive: Path, arguments: tuple[str, ...]) -> None:
    done = trialweave("cache", "import", archive, *arguments)
    assert done.returncode == 2
    assert "belong together" in done.stderr


def test_a_zip_that_was_cut_off_is_told(trialweave: Run, archive: Path, tmp_path: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-100])
    done = trialweave("cache", "import", archive, "--cache-dir", tmp_path / "cache")
    assert done.returncode == 2
    assert "download it again" in done.stderr
    assert "Traceback" not in done.stderr


def test_names_are_imported_for_the_release_that_is_told(trialweave: Run, tmp_path: Path, archive: Path) -> None:
    names = tmp_path / "Thesaurus.FLAT.zip"
    with zipfile.ZipFile(names, "w") as writer:
        writer.writestr("Thesaurus.txt", "C7\tiri\tC1909\tZebratinib\t\tZebratinib\t\tDrug\t\n")
    cache = ("--cache-dir", tmp_path / "cache")
    done = trialweave("cache", "import", names, "--release", "26.10d", *cache)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 concepts, 1 names of release 26.10d; 0 lines passed over\n"
    done = trialweave("cache", "import", names, *cache)
    assert done.returncode == 0
    assert "say --release" in done.stderr
    done = trialweave("cache", "import", names, "--release", "2026", *cache)
    assert done.returncode == 2
    assert "'2026' is no release" in done.stderr
    done = trialweave("cache", "import", archive, "--release", "26.10d", *cache)
    assert done.returncode == 2
    assert "holds studies" in done.stderr


def test_info_tells_of_what_was_imported(trialweave: Run, tmp_path: Path, archive: Path) -> None:
    names = tmp_path / "Thesaurus_26.10d.FLAT.zip"
    with zipfile.ZipFile(names, "w") as writer:
        writer.writestr("Thesaurus.txt", "C7\tiri\tC1909\tZebratinib\t\tZebratinib\t\tDrug\t\n")
    cache = ("--cache-dir", tmp_path / "cache")
    trialweave("cache", "import", archive, *cache)
    done = trialweave("cache", "info", *cache)
    assert "imported   21 studies of bulk.zip\n" in done.stdout
    trialweave("cache", "import", names, *cache)
    done = trialweave("cache", "info", *cache)
    assert "imported   names of NCI Thesaurus 26.10d\n" in done.stdout
    assert "nothing is kept" not in done.stdout


def test_only_studies_are_taken_for_tables(trialweave: Run, tmp_path: Path) -> None:
    names = tmp_path / "Thesaurus_26.10d.FLAT.zip"
    with zipfile.ZipFile(names, "w") as writer:
        writer.writestr("Thesaurus.txt", "C7\tiri\tC1909\tZebratinib\t\tZebratinib\t\tDrug\t\n")
    done = trialweave("cache", "import", names, "--only-wanted", ROOT / "seeds" / "ct-0525.txt")
    assert done.returncode == 2
    assert "holds no studies" in done.stderr


def test_a_zip_of_something_else_is_told_for_both_files_that_can_be_imported(trialweave: Run, tmp_path: Path) -> None:
    """Whoever took a wrong file for that of the registry was asked for NCI's."""
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("README", "nothing of use")
    done = trialweave("cache", "import", tmp_path / "other.zip", "--cache-dir", tmp_path / "cache")
    assert done.returncode == 2
    assert "is it the registry's bulk file, or Thesaurus.FLAT.zip?" in done.stderr


@pytest.mark.parametrize(("name", "event"), [("members", "bulk damaged"), ("index", "bulk unusable")])
def test_verify_reads_what_was_imported(trialweave: Run, tmp_path: Path, archive: Path, name: str, event: str) -> None:
    """It used to say that nothing was kept, of a whole import as of a damaged one."""
    cache = ("--cache-dir", tmp_path / "cache")
    trialweave("cache", "import", archive, *cache)
    whole = trialweave("cache", "verify", *cache)
    assert (whole.returncode, whole.stdout) == (0, "imported   21 studies of bulk.zip\ndamaged    nothing\n")
    file = tmp_path / "cache" / "bulk-1" / name
    kept = bytearray(file.read_bytes())
    kept[len(kept) // 2] ^= 1
    file.write_bytes(kept)
    done = trialweave("cache", "verify", *cache)
    assert done.returncode == 1
    assert f"damaged    1 ({event})\n" in done.stdout
    assert "import the file again" in done.stderr
    if name == "index":
        info = trialweave("cache", "info", *cache).stdout
        assert info == "imported   studies that cannot be read: import the file again\n"
