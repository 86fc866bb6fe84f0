"""Publishing: a run is written elsewhere, made whole, renamed; then `latest` moves (DESIGN 5.5).

| killed while                          | what stands                  | what the next start does                  |
|---------------------------------------|------------------------------|-------------------------------------------|
| writing                               | the last run, rests in .work | removes the rests                         |
| between the rename and `latest`       | the new run, whole           | names it: its manifest has what it followed |
| between `latest` and `latest.json`    | the new run, whole           | the same; programs here read the file     |

Everything here is called under the run lock. Nothing of a published run is ever written again.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from trialweave.errors import RunError, UsageError
from trialweave.nightly.folder import LATEST, LATEST_NOTE, MANIFEST, RunFolder, Runs, lines_in
from trialweave.tables import write_atomically

SCHEMA = "trialweave.run/1"
_WORK = ".work"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def staging(runs: Runs, run_id: str) -> Path:
    """An empty folder to write a run in, on the same disk as the runs.

    Raises UsageError where something else stands in the place of the run already: the night would end at the rename.
    """
    place = runs.path / run_id
    if os.path.lexists(place) and (not place.is_dir() or place.is_symlink() or any(place.iterdir())):
        raise UsageError(
            f"{place} is there and is no published run (it has no {MANIFEST}); move it away,"
            " or name this run with --run-id"
        )
    folder = runs.path / _WORK / run_id
    folder.mkdir(parents=True)
    return folder


@contextmanager
def telling_of_no_room(runs: Runs) -> Iterator[None]:
    """Around all that writes into the runs folder: on a full disk, what is half written makes room for the note of it.

    Raises RunError, because the system does not say what could not be written.
    """
    try:
        yield
    except OSError as error:
        mine = error.filename is None or Path(error.filename).resolve().is_relative_to(runs.path.resolve())
        if not mine or error.errno not in _NO_ROOM:
            raise
        shutil.rmtree(runs.path / _WORK, ignore_errors=True)
        raise RunError(
            f"the run cannot be written to {runs.path}: {error.strerror}; make room there and start again,"
            " what was fetched is kept"
        ) from error


def recover(runs: Runs) -> str | None:
    """Put in order what a killed run left. Returns the run that `latest.json` had yet to name, if one had."""
    shutil.rmtree(runs.path / _WORK, ignore_errors=True)
    for half in runs.path.glob(f".{LATEST}.*"):
        half.unlink()
    latest = runs.latest()
    if latest is None:
        return None
    newest, noted = (runs.successor(latest.path.name) or latest).path.name, runs.noted()
    if noted is not None and noted.path.name == newest:
        _link(runs, newest)
        return None
    _name_latest(runs, newest)
    return newest


def publish(runs: Runs, work: Path, *, run_id: str, since: str | None, partial: bool) -> RunFolder:
    """Make the written run whole and put it in its place; a partial one never becomes `latest`."""
    files = [_described(file) for file in sorted(work.iterdir())]
    manifest = {"schema": SCHEMA, "run_id": run_id, "since": since, "partial": partial, "files": files}
    write_object(work / MANIFEST, manifest)
    target = runs.path / run_id
    work.rename(target)
    _sync(runs.path)
    if not partial:
        _name_latest(runs, run_id)
    return RunFolder(target)


def link_trouble(runs: Runs) -> str | None:
    """What is wrong with `latest`, in words: a copy of the runs has a whole run there, which no later one replaces."""
    link = runs.path / LATEST
    if link.is_symlink() or not link.exists():
        return None
    return f"{link} is no link and shows an older run for ever; move it away, and the next run is linked there"


def write_object(file: Path, value: Mapping[str, Any]) -> None:
    """Write a small JSON file that is there whole or not at all."""
    with write_atomically(file) as stream:
        stream.write(json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n")


def _described(file: Path) -> dict[str, Any]:
    """File, rows (None for what is no table) and sha256; the bytes are on the disk afterwards."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
    return {"file": file.name, "rows": _rows(file), "sha256": digest}


def _rows(file: Path) -> int | None:
    if file.suffix == ".jsonl":
        return lines_in(file)
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as text:
            return sum(1 for _ in csv.reader(text)) - 1
    return None


def _name_latest(runs: Runs, run_id: str) -> None:
    _link(runs, run_id)
    write_object(runs.path / LATEST_NOTE, {"run_id": run_id, "path": run_id})


def _link(runs: Runs, run_id: str) -> None:
    """Swap the link `latest`. Where a store has no links, `latest.json` alone names the run."""
    link = runs.path / LATEST
    with suppress(OSError):
        if link.is_symlink() and link.readlink() == Path(run_id):
            return
        beside = runs.path / f".{LATEST}.{secrets.token_hex(6)}"
        try:
            beside.symlink_to(run_id)
            beside.replace(link)
        finally:
            beside.unlink(missing_ok=True)
        _sync(runs.path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
