"""A replay folder (DESIGN 5.3): which ids it can speak for, and the adapter that answers from it like the services.

The adapter stands under the same transport, retry, paging and parsing as the live services; no socket can be opened.
"""

from __future__ import annotations

import io
import json
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from requests.adapters import BaseAdapter
from urllib3.response import HTTPResponse

from trialweave.core.identifiers import CONCEPT_CODE, NCT_ID
from trialweave.core.models import Source as SourceName
from trialweave.errors import InputError, NeverRecorded, PayloadError
from trialweave.fetch.upstream import Reply, answer_ctgov, answer_evs, names_of
from trialweave.sources.payload import decoded
from trialweave.sources.searches import PREFIX

REPLACEMENTS = ".replacements"
ADDRESSES: Mapping[SourceName, str] = {"ctgov": "replay://ctgov/api/v2", "ncit": "replay://ncit/api/v1"}

_UNKNOWN = "unknown"
_LONGEST_NAME = 255
"""Bytes of a file's name that file systems take. A code may be of any length, and so too long for a file."""


@dataclass(frozen=True, slots=True)
class SourceManifest:
    """What `manifest.json` says of one source; every key may be missing."""

    version: str | None = None
    recorded_at: str | None = None
    origin: str | None = None
    absent: frozenset[str] = frozenset()


@dataclass(slots=True)
class ReplayFolder:
    """The payloads of a folder, read when they are asked for. Raises InputError where it cannot be used."""

    path: Path
    manifest: Mapping[SourceName, SourceManifest] = field(init=False)
    _aliases: dict[str, str] | None = field(init=False, default=None)
    _names: dict[str, list[str]] | None = field(init=False, default=None)
    _troubles: dict[tuple[SourceName, str], str | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self.path.is_dir():
            raise InputError(f"the replay folder {self.path} is not there or is no folder")
        self.manifest = read_manifest(self.path)

    def refusal(self, source: SourceName, id_: str) -> str | None:
        """Why the folder cannot speak for an id, in words; None for what is recorded, or recorded as absent.

        A name is searched for among the concepts that are there, so that the folder can speak for any.
        """
        if self._is_absent(source, id_) or (source == "ncit" and id_.startswith(PREFIX)):
            return None
        recorded = self.canonical(id_) if source == "ctgov" else id_
        file = None if recorded is None else self._file(source, recorded)
        if recorded is None or file is None or not file.is_file():
            return f"{id_} was never recorded in {self.path}"
        key = (source, recorded)
        if key not in self._troubles:
            self._troubles[key] = _trouble(file, source, recorded)
        return self._troubles[key]

    # ------------------------------------------------------------ what the services answer from

    def studies_held(self) -> Sequence[str]:
        """The studies whose files can be used."""
        ids = [file.stem for file in (self.path / "ctgov").glob("NCT*.json") if NCT_ID.fullmatch(file.stem)]
        return [id_ for id_ in ids if self.refusal("ctgov", id_) is None]

    def study(self, nct_id: str) -> bytes | None:
        return self._read("ctgov", nct_id)

    def canonical(self, nct_id: str) -> str | None:
        """The id of the file that holds a study: its own, or the one whose `nctIdAliases` list it."""
        file = self._file("ctgov", nct_id)
        if file is not None and file.is_file():
            return nct_id
        if self._aliases is None:
            self._aliases = _alias_index(self.path / "ctgov")
        return self._aliases.get(nct_id)

    def concept(self, code: str, release: str) -> bytes | None:  # noqa: ARG002
        """A recorded concept belongs to the one release it was recorded from."""
        return self._read("ncit", code)

    def replacements(self, code: str) -> bytes | None:
        return self._read("ncit", code + REPLACEMENTS)

    def named(self, key: str) -> Sequence[str]:
        """Among the concepts of the folder; they are read once, by the first search."""
        if self._names is None:
            self._names = {}
            for file in sorted((self.path / "ncit").glob("C*.json")):
                if self.refusal("ncit", file.stem) is None and file.stem not in self.manifest["ncit"].absent:
                    for name in names_of(file.read_bytes()) if CONCEPT_CODE.fullmatch(file.stem) else ():
                        self._names.setdefault(name, []).append(file.stem)
        return self._names.get(key, ())

    def data_timestamp(self) -> str:
        return self.manifest["ctgov"].version or _UNKNOWN

    def releases(self) -> Sequence[str]:
        return [self.manifest["ncit"].version or _UNKNOWN]

    def _read(self, source: SourceName, id_: str) -> bytes | None:
        if self._is_absent(source, id_):
            return None
        if (refusal := self.refusal(source, id_)) is not None:
            raise NeverRecorded(refusal)
        file = self._file(source, id_)
        return None if file is None else body_of(file)

    def _is_absent(self, source: SourceName, id_: str) -> bool:
        """Recorded as absent. A file beats the manifest: an id whose file exists is recorded (DESIGN 5.3)."""
        if id_ not in self.manifest[source].absent:
            return False
        file = self._file(source, id_)
        return file is None or not file.is_file()

    def _file(self, source: SourceName, id_: str) -> Path | None:
        """The file of an id; None for what is no id, so that no path is ever made of one, or can have no file."""
        shape = NCT_ID if source == "ctgov" else CONCEPT_CODE
        bare = id_ if source == "ctgov" else id_.removesuffix(REPLACEMENTS)
        return file_of(self.path / source, id_) if shape.fullmatch(bare) else None


class ReplayAdapter(BaseAdapter):
    """The only way out of a replay's session: answers one source's requests from the folder."""

    def __init__(self, folder: ReplayFolder, source: SourceName) -> None:
        super().__init__()
        self._folder = folder
        self._source = source

    def send(self, request: requests.PreparedRequest, *_args: object, **_options: object) -> requests.Response:
        """Raises NeverRecorded, which no retry touches: nobody recorded an answer to this."""
        target = (request.url or "").removeprefix(ADDRESSES[self._source])
        answer = answer_ctgov if self._source == "ctgov" else answer_evs
        return _as_response(request, answer(self._folder, target))

    def close(self) -> None:
        """There is nothing to close."""


def file_of(folder: Path, id_: str) -> Path | None:
    """Where the payload of an id lies in the folder of its source; None where no file can be called so."""
    name = f"{id_}.json"
    return folder / name if len(name) <= _LONGEST_NAME else None


def body_of(file: Path) -> bytes:
    """What a file holds, without the mark that some editors put first: in the middle of a list it would be no JSON."""
    return file.read_bytes().removeprefix(BOM_UTF8)


def read_manifest(folder: Path) -> dict[SourceName, SourceManifest]:
    """Read `manifest.json`, which may be missing. Raises InputError where it is there and cannot be used."""
    file = folder / "manifest.json"
    try:
        told = json.loads(file.read_bytes()) if file.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{file} cannot be read: {error}") from error
    if not isinstance(told, dict):
        raise InputError(f"{file} holds no object")
    if told.get("format", 1) != 1:
        raise InputError(f"{file} is of format {told.get('format')!r}; this trialweave reads format 1")
    return {"ctgov": _source_manifest(told, "ctgov", file), "ncit": _source_manifest(told, "ncit", file)}


def _source_manifest(told: dict[str, Any], source: SourceName, file: Path) -> SourceManifest:
    part = told.get(source) or {}
    texts = {key: part.get(key) for key in ("version", "recorded_at", "origin")} if isinstance(part, dict) else {}
    absent = part.get("absent") or [] if isinstance(part, dict) else None
    if not isinstance(absent, list) or not all(
        isinstance(value, str) for value in (*absent, *filter(None, texts.values()))
    ):
        raise InputError(f"{file}: `{source}` is not as it should be: texts, and a list of ids under `absent`")
    return SourceManifest(**texts, absent=frozenset(absent))


def _trouble(file: Path, source: SourceName, id_: str) -> str | None:
    """What is wrong with a recorded file, or None."""
    try:
        value = decoded(file.read_bytes())
    except (OSError, PayloadError):
        return f"{file} holds no JSON"
    if id_.endswith(REPLACEMENTS):
        return None if isinstance(value, list) else f"{file} holds no list of replacements"
    held = _own_id(value, source)
    return None if held == id_ else f"{file} holds {held or 'something without an id'}, not {id_}"


def _own_id(value: Any, source: SourceName) -> str | None:
    try:
        own = value["protocolSection"]["identificationModule"]["nctId"] if source == "ctgov" else value["code"]
    except (KeyError, TypeError, IndexError):
        return None
    return own if isinstance(own, str) else None


def _alias_index(folder: Path) -> dict[str, str]:
    """Which file's study lists an alias. Only files that mention aliases at all are parsed."""
    index: dict[str, str] = {}
    for file in sorted(folder.glob("NCT*.json")):
        if not file.is_file():
            continue
        raw = file.read_bytes()
        if b'"nctIdAliases"' not in raw:
            continue
        try:
            aliases = json.loads(raw)["protocolSection"]["identificationModule"]["nctIdAliases"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # whoever asks for this file's own id is told
        for alias in aliases if isinstance(aliases, list) else ():
            if isinstance(alias, str):
                index.setdefault(alias, file.stem)
    return index


def _as_response(request: requests.PreparedRequest, reply: Reply) -> requests.Response:
    response = requests.Response()
    response.status_code = reply.status
    response.request = request
    response.url = request.url or ""
    response.headers.update({"Content-Type": reply.content_type, **reply.headers})
    response.raw = HTTPResponse(
        io.BytesIO(reply.body), headers=response.headers, status=reply.status, preload_content=False
    )
    return response
