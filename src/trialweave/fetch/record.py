"""Writing a replay folder (DESIGN 5.3) while a run asks the services, whole payloads and all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trialweave.clock import Clock, stamp
from trialweave.core.models import SOURCES
from trialweave.core.models import Source as SourceName
from trialweave.errors import UsageError
from trialweave.fetch.replay import REPLACEMENTS, SourceManifest, file_of, read_manifest
from trialweave.fetch.settled import Settled


@dataclass(slots=True)
class RecordFolder:
    """A folder of recorded payloads, new or to be brought up to date.

    Raises UsageError for a folder with files that nobody recorded: they would pass for recorded ones afterwards.
    `began` is what the manifest tells as the time of recording.
    """

    path: Path
    clock: Clock
    began: str = field(init=False)
    manifest: dict[SourceName, SourceManifest] = field(init=False)
    _absent: dict[SourceName, set[str]] = field(init=False)
    _settled: dict[SourceName, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.began = stamp(self.clock.now())
        if self.path.exists() and not self.path.is_dir():  # told now, and not when all has been asked
            raise UsageError(f"{self.path} is no folder; record into one")
        self.manifest = read_manifest(self.path)
        for source in SOURCES:
            origin = self.manifest[source].origin
            if origin != "recorded" and (origin is not None or any((self.path / source).glob("*.json"))):
                raise UsageError(
                    f"{self.path} holds {source} files that were constructed, or of unknown origin; "
                    "record into a folder of its own"
                )
        self._absent = {source: set(self.manifest[source].absent) for source in SOURCES}
        self._settled = {source: set() for source in SOURCES}

    def take(self, source: SourceName, part: Settled) -> None:
        """Write the payloads that an answer settled, one file for each."""
        folder = self.path / source
        for id_, payload in part.found.items():
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / f"{id_}.json", json.loads(payload.body))
            if id_ + REPLACEMENTS not in payload.follow:  # not retired by now
                self._remove(source, id_ + REPLACEMENTS)
        for id_ in part.absent | part.aliases.keys():  # of an earlier recording: a file would beat the new answer
            self._remove(source, id_)
            self._remove(source, id_ + REPLACEMENTS)
        self._settled[source] |= part.found.keys() | part.aliases.keys() | part.absent
        self._absent[source] |= part.absent
        self._absent[source] -= part.found.keys() | part.aliases.keys()

    def forget(self, source: SourceName) -> frozenset[str]:
        """Remove what was taken from a source, which has moved on to another version; returns the ids."""
        taken = frozenset(self._settled[source])
        for id_ in taken:
            self._remove(source, id_)
        self._absent[source] -= taken
        self._settled[source].clear()
        return taken

    def finish(self, source: SourceName, version: str | None) -> str | None:
        """Bring the manifest up to date for one source that was asked; returns what is odd about the folder now.

        Where nothing was settled, the folder stays of the version that it was.
        """
        absent = frozenset(self._absent[source])
        before = self.manifest[source]
        if before.origin is None or self._settled[source]:
            self.manifest[source] = SourceManifest(version, self.began, "recorded", absent)
        left = {file.stem for file in (self.path / source).glob("*.json")} | absent
        left -= self._settled[source]
        self._write_manifest()
        if before.version == self.manifest[source].version or not left:
            return None
        return (
            f"{self.path} holds {len(left):,} answers recorded under {before.version}, and now says {version} of all; "
            "record everything again, or into a folder of its own"
        )

    def _remove(self, source: SourceName, id_: str) -> None:
        if (file := file_of(self.path / source, id_)) is not None:
            file.unlink(missing_ok=True)

    def _write_manifest(self) -> None:
        told: dict[str, Any] = {"format": 1}
        for name, manifest in self.manifest.items():
            if manifest.origin is not None:
                told[name] = _shown(manifest)
        self.path.mkdir(parents=True, exist_ok=True)
        _write(self.path / "manifest.json", told)


def _shown(manifest: SourceManifest) -> Mapping[str, object]:
    return {
        "version": manifest.version,
        "recorded_at": manifest.recorded_at,
        "origin": manifest.origin,
        "absent": sorted(manifest.absent),
    }


def _write(file: Path, value: object) -> None:
    """Write a file whole or not at all, in the payload's own order, for people to read in a diff."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    with part.open("x", encoding="utf-8") as stream:  # never through a link
        stream.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
    part.replace(file)
