"""Do the services still answer in the shape that was recorded? `trialweave fixtures drift`.

The same ids are asked live, whole payloads and all, and each path that the payload models read is looked up on both
sides:

| now                                                                  | then                |
|----------------------------------------------------------------------|---------------------|
| the value is of another type, in any payload                         | drift: retyped      |
| no payload has it any more; two had it, or all that were compared    | drift: vanished     |
| no payload has it any more; one of several had it                    | lost, told          |
| some payloads that had it have it no more                            | lost, told          |
| another value of the same type                                       | nothing             |

A service leaves out what is empty, so a sponsor who blanks a field takes the path out of one study; a service that
renames it takes it out of all. null is no value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import AliasChoices, BaseModel

from trialweave.api import Weaver
from trialweave.core.models import SOURCES, Source
from trialweave.errors import InputError
from trialweave.fetch import Progress
from trialweave.fetch.replay import REPLACEMENTS, ReplayFolder
from trialweave.settings import Settings
from trialweave.sources.base import Lookup, NotHeld
from trialweave.sources.ctgov_models import StudyPart, VersionedPart
from trialweave.sources.facts import CONCEPT_FACTS
from trialweave.sources.ncit_models import ConceptPart
from trialweave.sources.replacements import RowPart
from trialweave.testing.check import recorded_ids

_TYPES: Mapping[type, str] = {
    str: "text",
    bool: "true or false",
    int: "number",
    float: "number",
    list: "list",
    dict: "object",
}


@dataclass(frozen=True, slots=True)
class Read:
    """A path that is read: `*` is every row of a list, `{a,b}` either key; with `codes`, rows of these codes only.

    `where` says in which payload, where it is not that of the study or concept itself.
    """

    path: str
    codes: tuple[str, ...] = ()
    where: str = ""

    def __str__(self) -> str:
        return self.path + (f" of {', '.join(self.codes)}" if self.codes else "") + self.where


@dataclass(frozen=True, slots=True)
class Drift:
    """One path that holds values of another type (`now`), or that vanished from all `recorded` payloads that had it."""

    read: Read
    recorded: int
    was: tuple[str, ...]
    now: tuple[str, ...]

    def __str__(self) -> str:
        if self.now:
            return f"retyped   {self.read}: was {' or '.join(self.was)}, is {' or '.join(self.now)}"
        where = "the only payload, which had it" if self.recorded == 1 else f"all {self.recorded} payloads that had it"
        return f"vanished  {self.read}: gone from {where}"


@dataclass(frozen=True, slots=True)
class Lost:
    """One path that `gone` of the `recorded` payloads that had it lost: an optional value, as far as one can tell."""

    read: Read
    recorded: int
    gone: int

    def __str__(self) -> str:
        return f"{self.read} ({self.gone} of {self.recorded})"


@dataclass(slots=True)
class SourceDrift:
    """One source: which ids could be compared, which the source no longer has, what drifted, and what some lost.

    `appeared` are ids that were recorded as absent and exist now; `gave_up` says why ids were not answered, `unusable`
    what is wrong with recorded files that cannot be compared.
    """

    compared: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    appeared: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    drifts: list[Drift] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    gave_up: str | None = None


def find_drift(folder: Path, settings: Settings, progress: Progress | None = None) -> dict[Source, SourceDrift]:
    """Ask for every id of a folder again, and compare. Raises InputError for a folder that cannot be used."""
    recorded = ReplayFolder(folder)
    found, asked = {}, {}
    for source in SOURCES:
        ids = recorded_ids(folder, source)
        found[source] = SourceDrift(unusable=[why for id_ in ids if (why := recorded.refusal(source, id_)) is not None])
        usable = [id_ for id_ in ids if recorded.refusal(source, id_) is None]
        asked[source] = [*usable, *sorted(recorded.manifest[source].absent)]
    if not any((*asked.values(), *(facts.unusable for facts in found.values()))):
        raise InputError(f"{folder} holds no study and no concept to ask for; is it a replay folder?")
    with TemporaryDirectory(prefix="trialweave-drift-") as name:
        now = Path(name) / "now"
        with Weaver(settings, record=now) as weaver:
            report = weaver.fetcher.prefetch(asked, progress)
            reasons = {source: _why(weaver.fetcher.read(source, ids)) for source, ids in asked.items()}
        live = ReplayFolder(now) if now.is_dir() else None
        for source, facts in found.items():
            facts.gave_up = report.sources[source].gave_up or reasons[source]
            _compare(recorded, live, source, asked[source], facts)
    return found


def _why(lookups: Mapping[str, Lookup]) -> str | None:
    """Why an id was not answered, for the first that was not."""
    return next((lookup.reason for lookup in lookups.values() if isinstance(lookup, NotHeld)), None)


def _compare(
    recorded: ReplayFolder, live: ReplayFolder | None, source: Source, asked: Sequence[str], found: SourceDrift
) -> None:
    was_absent = recorded.manifest[source].absent
    gone = frozenset() if live is None else live.manifest[source].absent
    for id_ in asked:
        answered = live is not None and live.refusal(source, id_) is None
        if id_ in was_absent:
            found.appeared += [id_] if answered and id_ not in gone else []
        elif id_ in gone:
            found.gone.append(id_)
        elif answered:
            found.compared.append(id_)
        else:
            found.unanswered.append(id_)
    if live is None:
        return
    changes = [*_changes(reads(source), *_payloads(recorded, live, source, found.compared))]
    if source == "ncit":
        rows = [f"{id_}{REPLACEMENTS}" for id_ in found.compared]
        both = [id_ for id_ in rows if recorded.refusal(source, id_) is live.refusal(source, id_) is None]
        changes += _changes(_reads_of_rows(), *_payloads(recorded, live, source, both))
    for change in changes:
        if isinstance(change, Drift):
            found.drifts.append(change)
        else:
            found.lost.append(change)


def _payloads(
    recorded: ReplayFolder, live: ReplayFolder, source: Source, ids: Sequence[str]
) -> tuple[list[Any], list[Any]]:
    """What was recorded of these ids, and what is there now."""
    return [_payload(recorded, source, id_) for id_ in ids], [_payload(live, source, id_) for id_ in ids]


def _payload(folder: ReplayFolder, source: Source, id_: str) -> Any:
    held = folder.canonical(id_) if source == "ctgov" else id_
    return json.loads((folder.path / source / f"{held}.json").read_bytes())


# ---------------------------------------------------------------- what is read


def reads(source: Source) -> list[Read]:
    """Every path that is read from a payload of a source, each once."""
    if source == "ctgov":
        paths = [*_paths(StudyPart, ""), *_paths(VersionedPart, "")]
        return [Read(path) for path in dict.fromkeys(paths)]
    coded = (Read(fact.path, fact.codes) for fact in CONCEPT_FACTS if fact.codes)
    return list(dict.fromkeys([*map(Read, _paths(ConceptPart, "")), *coded]))


def _reads_of_rows() -> list[Read]:
    """Every path that is read from the replacement rows of a concept."""
    return [Read(path, where=" in the replacements of a concept") for path in _paths(RowPart, "/*")]


def _paths(model: type[BaseModel], above: str) -> Iterator[str]:
    for part in model.model_fields.values():
        alias = part.validation_alias
        key = f"{{{','.join(map(str, alias.choices))}}}" if isinstance(alias, AliasChoices) else alias
        yield from _below(part.annotation, f"{above}/{key}")


def _below(annotation: Any, path: str) -> Iterator[str]:
    """The paths of the values that an annotation describes: through lists, choices and further models."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _paths(annotation, path)
    elif get_origin(annotation) is list:
        yield from _below(get_args(annotation)[0], f"{path}/*")
    elif inner := [part for part in get_args(annotation) if part is not NoneType]:
        yield from _below(inner[0], path)
    else:
        yield path


# ---------------------------------------------------------------- comparing


def _changes(paths: Sequence[Read], before: Sequence[Any], after: Sequence[Any]) -> Iterator[Drift | Lost]:
    for read in paths:
        sides = [(_kinds(old, read), _kinds(new, read)) for old, new in zip(before, after, strict=True)]
        had = [now for was, now in sides if was]
        gone = sum(1 for now in had if not now)
        was = frozenset[str]().union(*(side for side, _ in sides))
        now = frozenset[str]().union(*(side for _, side in sides))
        if had and now - was:
            yield Drift(read, len(had), tuple(sorted(was)), tuple(sorted(now)))
        if gone and not now and (gone > 1 or gone == len(sides)):
            yield Drift(read, len(had), tuple(sorted(was)), ())
        elif gone:
            yield Lost(read, len(had), gone)


def _kinds(payload: Any, read: Read) -> frozenset[str]:
    return frozenset(_kinds_at(payload, read.path.split("/")[1:], read.codes))


def _kinds_at(value: Any, steps: Sequence[str], codes: Sequence[str]) -> Iterator[str]:
    """The types of the values at the end of a path, and of whatever stands on the way where a list or object should."""
    if value is None:
        return
    kind = _TYPES[type(value)]
    if not steps:
        yield kind
        return
    step, rest = steps[0], steps[1:]
    if step == "*" and isinstance(value, list):
        for row in value:
            if not codes or (isinstance(row, dict) and row.get("typeCode", row.get("code")) in codes):
                yield from _kinds_at(row, rest, ())
    elif step != "*" and isinstance(value, dict):
        for key in step.strip("{}").split(","):
            if key in value:
                yield from _kinds_at(value[key], rest, codes)
    else:
        yield f"{kind} instead of {'a list' if step == '*' else 'an object'}"
