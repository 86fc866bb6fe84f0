"""Is a replay folder what it says it is? `trialweave fixtures check` (the folder's form: DESIGN 5.3)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialweave.core.identifiers import CONCEPT_CODE, NCT_ID
from trialweave.core.models import SOURCES, Source
from trialweave.errors import InputError, PayloadError
from trialweave.fetch.replay import REPLACEMENTS, ReplayFolder, body_of
from trialweave.sources.ctgov_payload import parse_study
from trialweave.sources.ncit_payload import parse_concept
from trialweave.sources.replacements import parse_replacements

_IDS = {"ctgov": NCT_ID, "ncit": CONCEPT_CODE}
_PARSERS: Mapping[Source, Callable[[bytes], object]] = {"ctgov": parse_study, "ncit": parse_concept}
_MANIFEST_KEYS = frozenset({"version", "recorded_at", "origin", "absent"})


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one file of the folder. A fault makes replay answer wrongly or not at all."""

    file: str
    text: str
    fault: bool = True

    def __str__(self) -> str:
        return f"{'fault' if self.fault else 'note':5}  {self.file}: {self.text}"


def check(path: Path) -> list[Remark]:
    """All remarks about a folder. Raises InputError where there is no such folder, or it is none for a replay."""
    if path.is_dir() and not any((path / name).exists() for name in ("manifest.json", *SOURCES)):
        raise InputError(f"{path} has no manifest.json, no ctgov and no ncit; is it a replay folder?")
    try:
        folder = ReplayFolder(path)
    except InputError as error:
        if not path.is_dir():
            raise
        return [Remark("manifest.json", str(error))]
    remarks = list(_manifest(folder))
    for source in SOURCES:
        versions: Counter[str] = Counter()
        for file in sorted((path / source).glob("*")):
            remarks += _file(folder, source, file, versions)
        remarks += _releases(folder, source, versions)
    return remarks


def recorded_ids(path: Path, source: Source) -> list[str]:
    """The ids whose payload the folder holds, by the names of its files."""
    stems = (file.stem for file in sorted((path / source).glob("*.json")) if file.is_file())
    return [stem for stem in stems if _IDS[source].fullmatch(stem)]


def _manifest(folder: ReplayFolder) -> Iterator[Remark]:
    name = "manifest.json"
    file = folder.path / name
    if not file.is_file():
        yield Remark(
            name, "is missing: versions are read from the payloads, and no id is known to be absent", fault=False
        )
        return
    told: dict[str, Any] = json.loads(file.read_bytes())
    for key in sorted(told.keys() - {"format", *SOURCES}):
        yield Remark(name, f"the key {key!r} means nothing", fault=False)
    for source in SOURCES:
        for key in sorted((told.get(source) or {}).keys() - _MANIFEST_KEYS):
            yield Remark(name, f"the key {key!r} of {source} means nothing", fault=False)
        manifest = folder.manifest[source]
        if manifest.origin not in (None, "recorded", "constructed"):
            yield Remark(name, f"the origin of {source} is {manifest.origin!r}, not recorded or constructed")
        for id_ in sorted(manifest.absent):
            if not _IDS[source].fullmatch(id_):
                yield Remark(name, f"{id_!r} under absent is no id of {source}")
            elif (folder.path / source / f"{id_}.json").exists():
                yield Remark(name, f"{id_} is said to be absent, and {source}/{id_}.json is there")
            elif source == "ctgov" and (held := folder.canonical(id_)) is not None:
                yield Remark(name, f"{id_} is said to be absent, and {source}/{held}.json lists it as an alias")


def _file(folder: ReplayFolder, source: Source, file: Path, versions: Counter[str]) -> Iterator[Remark]:
    """What is to be said of one file; the version that its payload names is counted."""
    name = f"{source}/{file.name}"
    bare = file.stem.removesuffix(REPLACEMENTS)
    if file.suffix != ".json" or not _IDS[source].fullmatch(bare) or (source == "ctgov" and bare != file.stem):
        yield Remark(name, "is not read: its name is no id with .json", fault=False)
        return
    if not file.is_file():
        yield Remark(name, "is no file")
        return
    body = body_of(file)
    parse = _PARSERS[source] if bare == file.stem else parse_replacements
    try:
        parse(body)
    except PayloadError as error:
        yield Remark(name, str(error))
        return
    if (refusal := folder.refusal(source, file.stem)) is not None and file.stem not in folder.manifest[source].absent:
        yield Remark(name, refusal.removeprefix(f"{file} "))
    if bare != file.stem:
        yield from _replacements(folder, file, bare)
        return
    payload = json.loads(body)
    if (version := _version(payload, source)) is not None:
        versions[version] += 1
    if source == "ncit" and parse_concept(body).retired and not file.with_name(f"{bare}{REPLACEMENTS}.json").exists():
        yield Remark(name, "is retired, and its replacements are not recorded: nothing will be proposed", fault=False)


def _replacements(folder: ReplayFolder, file: Path, code: str) -> Iterator[Remark]:
    name = f"ncit/{file.name}"
    if not file.with_name(f"{code}.json").exists():
        yield Remark(name, f"belongs to {code}, which is not recorded", fault=False)
    for row in parse_replacements(body_of(file)):
        target = row.replacement_code
        if row.code != code:
            yield Remark(name, f"holds a row of {row.code}")
        elif target is not None and folder.refusal("ncit", target) is not None:
            yield Remark(name, f"leads to {target}, which is not recorded", fault=False)


def _releases(folder: ReplayFolder, source: Source, versions: Counter[str]) -> Iterator[Remark]:
    """Mixed releases are a signal, not an outcome: the manifest's version stands for all."""
    told = folder.manifest[source].version
    named = versions + Counter([told[:10] if source == "ctgov" else told] if told else [])
    if len(named) > 1:
        counts = ", ".join(f"{version} in {versions[version]}" for version in sorted(named))
        stands = f"; the manifest's {told} stands for all" if told else ""
        yield Remark(source, f"payloads of several releases: {counts}{stands}", fault=False)


def _version(payload: Any, source: Source) -> str | None:
    if source == "ncit":
        found = payload.get("version")
    else:
        found = payload.get("derivedSection", {}).get("miscInfoModule", {}).get("versionHolder")
    return found if isinstance(found, str) else None
