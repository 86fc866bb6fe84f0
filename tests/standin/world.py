"""What both services hold on one day. A test changes it between two nights, or in the middle of one."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from trialweave.fetch.upstream import names_of

Json = dict[str, Any]


@dataclass
class World:
    """Studies by canonical id, concepts by code, replacement rows by the retired code.

    Every body is stamped with the version it is served under, as the services do: `versionHolder` on each study,
    `version` on each concept.
    """

    studies: dict[str, Json] = field(default_factory=dict)
    concepts: dict[str, Json] = field(default_factory=dict)
    rows: dict[str, list[Json]] = field(default_factory=dict)
    timestamp: str = "2026-11-20T09:00:04"
    release: str = "26.10d"
    older: tuple[str, ...] = ("26.09d", "26.08e")
    holders: dict[str, str] = field(default_factory=dict)
    """Studies whose `versionHolder` is another day than that of the dataset: a node that lags, or runs ahead."""
    bodies_from: str | None = None
    """The release that bodies name, where it is another one than the path asked for."""

    @classmethod
    def of_folder(cls, folder: Path) -> Self:
        """The payloads of a replay folder, under the versions of its manifest."""
        world = cls()
        for file in sorted(folder.glob("ctgov/NCT*.json")):
            world.studies[file.stem] = json.loads(file.read_bytes())
        for file in sorted(folder.glob("ncit/C*.json")):
            code, _, kind = file.stem.partition(".")
            value = json.loads(file.read_bytes())
            if kind == "replacements":
                world.rows[code] = value
            else:
                world.concepts[code] = value
        manifest_file = folder / "manifest.json"
        manifest = json.loads(manifest_file.read_bytes()) if manifest_file.is_file() else {}
        world.timestamp = manifest.get("ctgov", {}).get("version") or world.timestamp
        world.release = manifest.get("ncit", {}).get("version") or world.release
        return world

    def copy(self) -> Self:
        """Another world that starts from this one."""
        return copy.deepcopy(self)

    # ------------------------------------------------------------ Holdings

    def studies_held(self) -> Sequence[str]:
        return list(self.studies)

    def study(self, nct_id: str) -> bytes | None:
        if nct_id not in self.studies:
            return None
        study = dict(self.studies[nct_id])
        derived = dict(study.get("derivedSection", {}))
        day = self.holders.get(nct_id, self.timestamp[:10])
        derived["miscInfoModule"] = {**derived.get("miscInfoModule", {}), "versionHolder": day}
        study["derivedSection"] = derived
        return json.dumps(study, ensure_ascii=False, separators=(",", ":")).encode()

    def canonical(self, nct_id: str) -> str | None:
        if nct_id in self.studies:
            return nct_id
        for own, study in self.studies.items():
            if nct_id in study.get("protocolSection", {}).get("identificationModule", {}).get("nctIdAliases", ()):
                return own
        return None

    def concept(self, code: str, release: str) -> bytes | None:
        if code not in self.concepts:
            return None
        concept = {**self.concepts[code], "version": self.bodies_from or release}
        return json.dumps(concept, ensure_ascii=False, indent=2).encode()

    def replacements(self, code: str) -> bytes | None:
        return json.dumps(self.rows[code]).encode() if code in self.rows else None

    def named(self, key: str) -> Sequence[str]:
        return [
            code for code, concept in sorted(self.concepts.items()) if key in names_of(json.dumps(concept).encode())
        ]

    def data_timestamp(self) -> str:
        return self.timestamp

    def releases(self) -> Sequence[str]:
        return (self.release, *self.older)
