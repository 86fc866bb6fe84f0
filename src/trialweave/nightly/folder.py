"""A run's folder, read; and the folder of all runs: which one is the last, which ones came before (DESIGN 5.5)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialweave.errors import RunError, UsageError

if TYPE_CHECKING:
    from trialweave.core.delta import Conflict
    from trialweave.core.pending import Links
    from trialweave.core.traces import Line

ENRICHED, CONFLICTS, WORKLIST, PENDING = "enriched.jsonl", "conflicts.jsonl", "worklist.csv", "pending.jsonl"
KEYS = "enriched.keys"
DELTA, SUMMARY, REPORT, MANIFEST = "delta.json", "summary.json", "report.html", "manifest.json"
LATEST, LATEST_NOTE, LAST_ATTEMPT = "latest", "latest.json", "last_attempt.json"

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_COMPARED = (ENRICHED, CONFLICTS, PENDING)
_OF_A_SUMMARY = ("run_id",)
_OF_A_LINE = ("record_id", "record", "links", "study", "concept")
_OF_A_CONFLICT = ("kind", "field", "cause", "claims")
_OF_A_MANIFEST = ("since", "partial", "files")
_RESERVED = frozenset({LATEST, LATEST_NOTE, LAST_ATTEMPT})
_HEAD = re.compile(rb'\{"schema":"[^"\\]*","record_id":("(?:[^"\\]|\\.)*")')


def checked_run_id(run_id: str) -> str:
    """The id itself. Raises UsageError where it cannot be the name of a run's folder."""
    if _RUN_ID.fullmatch(run_id) is None or run_id in _RESERVED or run_id.endswith(".json"):
        raise UsageError(
            f"{run_id!r} cannot name a run: letters, digits, '.', '_' and '-', at most 100 of them,"
            f" beginning with a letter or digit, and none of {', '.join(sorted(_RESERVED))}"
        )
    return run_id


@dataclass(frozen=True)
class RunFolder:
    """One run on disk. Everything is read anew with each call but the small files and the index of the lines.

    While a run is being made, `conflicts_file` may be another one, and `facts` stand in for its summary.
    """

    path: Path
    conflicts_file: str = CONFLICTS
    facts: Mapping[str, Any] | None = None
    _offsets: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def run_id(self) -> str:
        return str(self.summary["run_id"])

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        return _published(self.path / SUMMARY, _OF_A_SUMMARY) if self.facts is None else self.facts

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        file = self.path / MANIFEST
        told = _published(file, _OF_A_MANIFEST)
        if not isinstance(told["partial"], bool) or not isinstance(told["since"], str | None):
            raise RunError(f"{file}: this is no manifest of a run; {_way_out(file)}")
        return told

    @property
    def delta(self) -> Mapping[str, Any]:
        return _published(self.path / DELTA, ())

    def check(self) -> None:
        """Is all there that a later run reads of this one? Raises RunError where its summary or some lines were lost.

        A file that lost its last lines is whole to whoever reads it line by line: its records would be new ones
        tomorrow, and its conflicts told again. What a person changed in a line is taken as it stands.
        """
        _published(self.path / SUMMARY, _OF_A_SUMMARY)
        told = _rows(self.path / MANIFEST, self.manifest["files"])
        for file in (self.path / name for name in _COMPARED if name in told):
            if (rows := lines_in(file)) < told[file.name]:
                raise RunError(
                    f"{file}: {rows} of {told[file.name]} lines are left, by its {MANIFEST}; {_way_out(file)}"
                )

    def lines(self) -> Iterator[Line]:
        """The objects of `enriched.jsonl`."""
        return _objects(self.path / ENRICHED, _OF_A_LINE)

    def conflicts(self) -> Iterator[Conflict]:
        """The objects of `conflicts.jsonl`."""
        return _objects(self.path / self.conflicts_file, _OF_A_CONFLICT)

    def pending(self) -> Mapping[str, Links]:
        """What is pending by record_id (`pending.jsonl`); runs from before there was such a file keep nothing."""
        from trialweave.core.pending import of_lines

        file = self.path / PENDING
        try:
            return of_lines(_objects(file, ())) if file.exists() else {}
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise RunError(f"{file}: something in it is not as it was written; {_way_out(file)}") from error

    def line(self, record_id: str) -> Line | None:
        """The line of one record. The first call goes through the file once and keeps where each line begins."""
        file = self.path / ENRICHED
        if not self._offsets:
            self._offsets.update(_index(file))
        offset = self._offsets.get(record_id)
        if offset is None:
            return None
        with file.open("rb") as stream:
            stream.seek(offset)
            line: Line = json.loads(stream.readline())
            return line


@dataclass(frozen=True, slots=True)
class Runs:
    """The folder that holds all runs."""

    path: Path

    def __getitem__(self, run_id: str) -> RunFolder:
        return RunFolder(self.path / run_id)

    def published(self, run_id: str) -> bool:
        """Is there a whole run of this name? The manifest is the last file that a run gets."""
        return (self.path / run_id / MANIFEST).is_file()

    def latest(self) -> RunFolder | None:
        """The last published run, as `latest.json` names it.

        Where that is lost, or names a run that is not there, it is the one that the link `latest` leads to; without
        that, the newest of those that no other run was compared with.
        """
        if (named := self.noted()) is not None:
            return named
        link = self.path / LATEST
        if link.is_symlink() and self.published(link.readlink().name):
            return self[link.readlink().name]
        whole = [run for run in self._all() if not run.manifest["partial"]]
        followed = {run.manifest["since"] for run in whole}
        ends = (run for run in whole if run.path.name not in followed)
        return max(ends, key=lambda run: (str(run.summary.get("started_at")), run.path.name), default=None)

    def noted(self) -> RunFolder | None:
        """The run that `latest.json` names, if both are there. A note that cannot be read is as good as lost."""
        note = self.path / LATEST_NOTE
        if not note.is_file():
            return None
        try:
            run_id = read_object(note).get("run_id")
        except UsageError:
            return None
        if not isinstance(run_id, str) or _RUN_ID.fullmatch(run_id) is None:
            return None
        return self[run_id] if self.published(run_id) else None

    def open(self, named: str | None) -> RunFolder:
        """A run by its id, by the path of its folder, or the last one. Raises UsageError where there is none."""
        if named is None or named == LATEST:
            latest = self.latest()
            if latest is None:
                raise UsageError(f"{self.path} holds no published run yet; `trialweave nightly` makes one")
            return latest
        for folder in (self.path / named, Path(named)):
            if (folder / MANIFEST).is_file():
                return RunFolder(folder)
        raise UsageError(f"there is no published run {named!r} in {self.path}")

    def before(self, run: str | None, most: int) -> list[RunFolder]:
        """The run of this id and those that it and they were compared with, the oldest first.

        One that was damaged or taken away ends the chain: nothing depends on what lies so far back.
        """
        chain: list[RunFolder] = []
        with suppress(RunError):
            while run is not None and len(chain) < most and self.published(run):
                folder = self[run]
                run = folder.manifest["since"] if folder.summary else None
                chain.append(folder)
        return chain[::-1]

    def successor(self, run_id: str) -> RunFolder | None:
        """The whole, not partial run that was compared with this one, if there is one. Damaged ones are passed over."""
        for run in self._all():
            with suppress(RunError):
                if run.manifest["since"] == run_id and not run.manifest["partial"]:
                    return run
        return None

    def _all(self) -> Iterator[RunFolder]:
        for manifest in sorted(self.path.glob(f"*/{MANIFEST}")):
            if manifest.parent.name != LATEST and not manifest.parent.is_symlink():
                yield RunFolder(manifest.parent)


def lines_in(file: Path) -> int:
    """How many whole lines a file of a run has. Raises RunError where it is missing."""
    try:
        with file.open("rb") as stream:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
    except FileNotFoundError:
        raise RunError(f"{file}: the file is missing; {_way_out(file)}") from None


def _rows(manifest: Path, files: Any) -> Mapping[str, int]:
    """File of lines -> how many, as a manifest has them. Raises RunError where it was damaged since."""
    try:
        return {entry["file"]: int(entry["rows"] or 0) for entry in files}
    except (LookupError, TypeError, ValueError) as error:
        raise RunError(f"{manifest}: this is no manifest of a run; {_way_out(manifest)}") from error


def read_object(file: Path) -> Mapping[str, Any]:
    """A small JSON file. Raises UsageError with its name where it is missing or is no JSON object."""
    try:
        value = json.loads(file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{file}: this is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise UsageError(f"{file}: a JSON object is expected")
    return value


def _published(file: Path, keys: Sequence[str]) -> Mapping[str, Any]:
    """A small file of a run, with what every version wrote. Raises RunError where it was damaged since."""
    try:
        value = read_object(file)
    except UsageError as error:
        raise RunError(f"{error}; {_way_out(file)}") from error
    missing = [key for key in keys if key not in value]
    if missing:
        raise RunError(f"{file}: {missing[0]!r} is missing; {_way_out(file)}")
    return value


def _objects(file: Path, keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The objects of a file of lines, with what every version wrote. Raises RunError where it was damaged since."""
    try:
        stream = file.open("rb")
    except FileNotFoundError:
        raise RunError(f"{file}: the file is missing; {_way_out(file)}") from None
    with stream:
        for number, line in enumerate(stream, 1):
            try:
                value = json.loads(line)
            except ValueError as error:
                raise RunError(f"{file}: line {number} is no JSON; {_way_out(file)}") from error
            if not isinstance(value, dict) or any(key not in value for key in keys):
                raise RunError(f"{file}: line {number} is not as it was written; {_way_out(file)}")
            yield value


def _way_out(file: Path) -> str:
    return (
        f"restore the run {file.parent.name}, or move its folder away: the next start compares with the run before it,"
        " and begins anew where there is none"
    )


def _index(file: Path) -> Iterator[tuple[str, int]]:
    offset = 0
    with file.open("rb") as stream:
        for line in stream:
            yield _record_id(line), offset
            offset += len(line)


def _record_id(line: bytes) -> str:
    head = _HEAD.match(line)
    return str(json.loads(head[1]) if head is not None else json.loads(line)["record_id"])
