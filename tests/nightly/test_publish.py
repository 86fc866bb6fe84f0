"""Publishing under `kill -9`: what is published is whole, whenever the publisher dies."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

import pytest

from made.mortal import Mortal
from trialweave.errors import RunError, UsageError
from trialweave.nightly.folder import RunFolder, Runs
from trialweave.nightly.publish import publish, recover, staging

_NIGHTS = """
import sys
from pathlib import Path
from made.mortal import lives
from trialweave.nightly.folder import Runs
from trialweave.nightly.lock import run_lock
from trialweave.nightly.publish import publish, recover, staging, write_object

runs = Runs(Path(sys.argv[1]))

def nights():
    with run_lock(runs.path, "x"):
        recover(runs)
        while True:
            latest = runs.latest()
            since = None if latest is None else latest.run_id
            number = 1 + int((since or "run-0").removeprefix("run-"))
            work = staging(runs, f"run-{number:06}")
            write_object(work / "summary.json", {"run_id": work.name})
            (work / "enriched.jsonl").write_text(f"{number}\\n" * 500)
            publish(runs, work, run_id=work.name, since=since, partial=False)

lives(nights)
"""
KILLS = 200


def check_whole(run: RunFolder) -> None:
    for entry in run.manifest["files"]:
        body = (run.path / entry["file"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == entry["sha256"]


def test_the_published_run_is_whole_whenever_the_publisher_is_killed(tmp_path: Path) -> None:
    chance = random.Random(20261123)
    runs, checked = Runs(tmp_path), set()
    with Mortal(_NIGHTS, tmp_path) as publisher:
        for kills in range(20 * KILLS):  # a busy machine publishes little between two kills
            if kills >= KILLS and len(checked) > KILLS / 10:
                break
            publisher.live(chance.uniform(0.0, 0.1))
            for manifest in set(tmp_path.glob("run-*/manifest.json")) - checked:
                check_whole(RunFolder(manifest.parent))
                checked.add(manifest)
            if (tmp_path / "latest").is_symlink():
                check_whole(RunFolder((tmp_path / "latest").resolve()))
    recover(runs)
    latest = runs.open(None)
    assert (tmp_path / "latest").resolve() == latest.path
    chain = runs.before(latest.run_id, 10**6)
    assert [run.run_id for run in chain] == sorted(manifest.parent.name for manifest in checked)
    assert len(chain) > KILLS / 10


def made(runs: Runs, run_id: str, since: str | None, *, partial: bool = False) -> RunFolder:
    work = staging(runs, run_id)
    (work / "summary.json").write_text(json.dumps({"run_id": run_id}))
    return publish(runs, work, run_id=run_id, since=since, partial=partial)


def test_a_run_that_was_renamed_and_not_named_is_named_by_the_next_start(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    made(runs, "a", None)
    note = (tmp_path / "latest.json").read_bytes()
    made(runs, "b", "a")
    (tmp_path / "latest.json").write_bytes(note)
    (tmp_path / "latest").unlink()
    (tmp_path / ".work/c").mkdir(parents=True)
    assert recover(runs) == "b"
    assert json.loads((tmp_path / "latest.json").read_bytes())["run_id"] == "b"
    assert (tmp_path / "latest").resolve().name == "b"
    assert not (tmp_path / ".work").exists()
    assert recover(runs) is None


def test_a_partial_run_is_never_named(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    made(runs, "a", None)
    made(runs, "part", "a", partial=True)
    assert recover(runs) is None
    assert runs.open(None).run_id == "a"


@pytest.mark.parametrize("link", [True, False])
def test_a_lost_note_does_not_lead_back_to_the_oldest_run(tmp_path: Path, link: bool) -> None:
    runs = Runs(tmp_path)
    for run_id, since in (("c", None), ("b", "c"), ("a", "b")):
        made(runs, run_id, since)
    made(runs, "part", "a", partial=True)
    (tmp_path / "latest.json").unlink()
    if not link:
        (tmp_path / "latest").unlink()
    assert runs.open(None).path.name == "a"
    assert recover(runs) == "a"
    assert json.loads((tmp_path / "latest.json").read_bytes())["run_id"] == "a"


def test_a_last_run_that_was_moved_away_leaves_the_one_before_it(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "runs")
    runs.path.mkdir()
    for run_id, since in (("a", None), ("b", "a"), ("c", "b")):
        made(runs, run_id, since)
    (runs.path / "c").rename(tmp_path / "away")
    assert recover(runs) == "b"
    assert (runs.path / "latest").resolve().name == "b"


def test_a_store_without_links_is_read_by_its_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    runs = Runs(tmp_path)
    made(runs, "a", None)
    assert not (tmp_path / "latest").exists()
    assert runs.open("latest").run_id == "a"


def test_a_run_is_found_by_id_or_folder_and_else_refused(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    with pytest.raises(UsageError, match="holds no published run yet"):
        runs.open(None)
    folder = made(runs, "a", None).path
    assert runs.open("a").path == runs.open(str(folder)).path == folder
    with pytest.raises(UsageError, match="no published run 'b'"):
        runs.open("b")


@pytest.mark.parametrize("note", ["{}", '{"run_id": 7}', '{"run_id": "../elsewhere"}', '{"run_id": ""}'])
def test_a_note_that_names_no_run_is_as_good_as_lost(tmp_path: Path, note: str) -> None:
    runs = Runs(tmp_path)
    folder = made(runs, "a", None).path
    (tmp_path / "latest.json").write_text(note)
    assert runs.noted() is None
    latest = runs.latest()
    assert latest is not None
    assert latest.path == folder


@pytest.mark.parametrize(
    "manifest", ["{}", '{"partial": 1, "since": null, "files": {}}', '{"partial": false, "since": 7, "files": {}}']
)
def test_a_manifest_that_is_none_is_told(tmp_path: Path, manifest: str) -> None:
    runs = Runs(tmp_path)
    folder = made(runs, "a", None).path
    (tmp_path / "latest.json").unlink()
    (tmp_path / "latest").unlink()
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(RunError, match=r"manifest\.json: .* restore the run a"):
        runs.latest()
