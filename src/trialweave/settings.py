"""Settings: a TOML file, then the environment over it, then flags over both. Unknown keys are refused.

contact = "curators@example.org"          # who we are, sent with every request
cache_dir = "~/.cache/trialweave"
acknowledgements = "acknowledgements.toml"
metrics = "/var/lib/node_exporter/trialweave.prom"   # of the nightly job, for Prometheus

[ctgov]                                   # [evs] alike
url = "https://clinicaltrials.gov/api/v2"
rate = 1.0                                # requests a second

[evs]
searches = 20                             # names of a run that are searched for suggestions; 0: none

[ctgov.headers]                           # what a mirror asks for; sent to that address alone, shown nowhere
Authorization = "Bearer ..."

[columns]                                 # your name for a field
nct_id_drug_ref = "trial"
record_id = "row_id"                      # the column that identifies a record

[checks]
off = ["definition_drift"]
[checks.severity]
study_state = "warning"

[gates]                                   # of the nightly job; all of them: `Gates`
minimum_records = 10000
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator

from trialweave.clock import Clock, PinnedClock, SystemClock, instant
from trialweave.core.catalogue import BY_NAME
from trialweave.core.findings import Policy
from trialweave.core.models import FIELDS, Severity
from trialweave.errors import SettingsError

Rate = Annotated[float, Field(gt=0, le=1000)]
Share = Annotated[float, Field(ge=0, le=1)]


def _nameable(path: Any) -> Any:
    if path == "":
        raise ValueError("it is empty; name a file or folder")
    if "\0" in str(path):
        raise ValueError("no file can have a NUL character in its name")
    return path


Place = Annotated[Path, BeforeValidator(_nameable)]
Address = Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]

ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "TRIALWEAVE_CTGOV_URL": ("ctgov", "url"),
    "TRIALWEAVE_EVS_URL": ("evs", "url"),
    "TRIALWEAVE_CTGOV_RATE": ("ctgov", "rate"),
    "TRIALWEAVE_EVS_RATE": ("evs", "rate"),
    "TRIALWEAVE_CACHE_DIR": ("cache_dir",),
    "TRIALWEAVE_CONTACT": ("contact",),
    "TRIALWEAVE_NOW": ("now",),
}
"""Environment variable -> the setting it stands for."""

_OURS = "TRIALWEAVE_"
_VARIABLES = (*ENVIRONMENT, "TRIALWEAVE_RUNS")


OWN_HEADERS = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent"}
)
"""Headers that a request needs as they are; no setting replaces them."""

_HEADER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_HEADERS = "Header -> value that a mirror wants, such as `Authorization`; sent to that address alone, shown nowhere."
_SECRET = frozenset({"url", "headers"})


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(_Frozen):
    """Where one service answers, how many requests a second it is asked at most, and what a mirror wants to be sent."""

    url: Address = Field(description="Address of the service; a mirror or a proxy may stand here.")
    rate: Rate = Field(description="Requests a second, at most.")
    headers: dict[str, SecretStr] = Field({}, description=_HEADERS)

    @field_validator("url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            usable = bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError("this address has no host, or a port that is none")
        if "@" in parts.netloc:
            raise ValueError("an address holds no user and password; put an Authorization under `headers`")
        return url.rstrip("/")

    @field_validator("headers")
    @classmethod
    def _sendable(cls, headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, value in headers.items():
            if _HEADER_NAME.fullmatch(name) is None or name.lower() in OWN_HEADERS:
                raise ValueError(f"{name[:40]!r} is no header that can be set here")
            if _HEADER_VALUE.fullmatch(value.get_secret_value()) is None:
                raise ValueError(f"the value of {name} has to be printable ASCII on one line")
        return headers

    @property
    def sent_headers(self) -> dict[str, str]:
        """The headers in clear text: for the one who sends them, and for nobody else."""
        return {name: value.get_secret_value() for name, value in self.headers.items()}


class Registry(Service):
    """ClinicalTrials.gov; one request a second is what its peers found polite."""

    url: Address = Field("https://clinicaltrials.gov/api/v2", description="Address of ClinicalTrials.gov, API v2.")
    rate: Rate = Field(1.0, description="Requests a second at ClinicalTrials.gov, at most.")


class Thesaurus(Service):
    """The EVS REST API of NCI; three requests a second is what NCI's own job allows itself."""

    url: Address = Field("https://api-evsrest.nci.nih.gov/api/v1", description="Address of the EVS REST API of NCI.")
    rate: Rate = Field(3.0, description="Requests a second at the EVS REST API, at most.")
    searches: Annotated[int, Field(ge=0, le=10_000)] = Field(
        20, description="Names without a concept that a run searches for, at most; 0: no search, replay included."
    )


class Checks(_Frozen):
    """Kinds of conflict that a team turns off or grades otherwise."""

    off: tuple[str, ...] = Field((), description="Kinds of conflict that are not reported at all.")
    severity: dict[str, Severity] = Field({}, description="Kind of conflict -> the severity that it gets here.")

    @field_validator("off", "severity")
    @classmethod
    def _known_kinds(cls, kinds: Any) -> Any:
        for kind in kinds:
            if kind not in BY_NAME:
                raise ValueError(f"there is no kind of conflict called {kind!r}{_nearest(kind, BY_NAME)}")
        return kinds


class Gates(_Frozen):
    """What has to hold before the nightly job publishes a run. Shares are between 0 and 1."""

    coverage_ctgov: Share = Field(0.95, description="Least share of the study links that the registry answered.")
    coverage_ncit: Share = Field(0.95, description="Least share of the concept links that the thesaurus answered.")
    stale_ctgov: Share = Field(1.0, description="Largest share of the registry's answers that may be stale copies.")
    stale_ncit: Share = Field(1.0, description="Largest share of the thesaurus' answers that may be stale copies.")
    minimum_records: Annotated[int, Field(ge=0)] = Field(1, description="Least number of records.")
    refused_share: Share = Field(0.05, description="Largest share of rows that may be refused.")
    removed_share: Share = Field(0.1, description="Largest share of the last run's records that may be missing.")
    conflict_jump: Share = Field(0.25, description="New and changed conflicts, as a share of the records, at most.")
    conflict_jump_floor: Annotated[int, Field(ge=0)] = Field(
        20, description="So many new and changed conflicts always pass."
    )


class Settings(_Frozen):
    """All settings of a run, checked and frozen."""

    contact: str | None = Field(None, description="Address of a person, sent with every request to the services.")
    cache_dir: Place | None = Field(
        None, description="Folder of fetched answers; else `$XDG_CACHE_HOME/trialweave` or `~/.cache/trialweave`."
    )
    now: datetime | None = Field(None, description="Time of the run (ISO 8601, UTC) instead of the clock's.")
    ctgov: Registry = Registry()
    evs: Thesaurus = Thesaurus()
    columns: dict[str, str] = Field(
        {}, description="Field -> your column for it; `record_id` names the column of your own ids."
    )
    checks: Checks = Checks()
    gates: Gates = Gates()
    inputs: tuple[Place, ...] = Field((), description="Inputs of the nightly job where its command names none.")
    acknowledgements: Place | None = Field(
        None,
        description="TOML file of acknowledgements that the team keeps; else `acknowledgements.toml`, if it is there.",
    )
    metrics: Place | None = Field(None, description="Where the nightly job writes a text file for Prometheus.")

    @field_validator("contact")
    @classmethod
    def _sendable(cls, contact: str | None) -> str | None:
        if contact and _HEADER_VALUE.fullmatch(contact) is None:  # it is sent in a header
            raise ValueError("the contact has to be printable ASCII on one line")
        return contact

    @field_validator("now", mode="before")
    @classmethod
    def _as_instant(cls, now: Any) -> Any:
        try:
            return now if now is None else instant(now if isinstance(now, str) else now.isoformat())
        except (ValueError, OverflowError, AttributeError):
            raise ValueError("the time has to be in ISO 8601, such as 2026-11-23T04:00:00Z") from None

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        for name in columns:
            if name not in (*FIELDS, "record_id"):
                raise ValueError(f"there is no field called {name!r}{_nearest(name, FIELDS)}")
        return columns

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Settings from a tree of mappings, as a file holds them. Raises SettingsError with the place and a way out."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise SettingsError(_explain(error, None, {})) from None

    @property
    def policy(self) -> Policy:
        return Policy(frozenset(self.checks.off), self.checks.severity)

    @property
    def clock(self) -> Clock:
        return SystemClock() if self.now is None else PinnedClock(self.now)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the settings that can change a record's line; addresses, rates and folders cannot.

        Nor can `searches`, which only says how soon a suggestion comes.
        """
        deciding = self.model_dump(mode="json", include={"columns", "checks"})
        return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()


_IN_OUR_WORDS: Mapping[str, str] = dict.fromkeys(("model_type", "dict_type"), "this has to be a table")
"""What pydantic says of its own things, by the type of its error."""


def load_settings(file: Path | None, environ: Mapping[str, str], flags: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings: flags beat the environment, the environment beats the file.

    `flags` uses the names of the settings; None means not given. Raises SettingsError with the place and a way out.
    """
    _refuse_misspelt(environ)
    tree = {} if file is None else _read_toml(file)
    for variable, path in ENVIRONMENT.items():
        if environ.get(variable):
            _put(tree, path, environ[variable])
    for name, value in (flags or {}).items():
        if value is not None:
            tree[name] = value
    try:
        return Settings(**tree)
    except ValidationError as error:
        raise SettingsError(_explain(error, file, environ)) from None


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    """Raises SettingsError for a variable that is nearly one of ours; others may be those of another program."""
    for variable in sorted(name for name in environ if name.startswith(_OURS) and environ[name]):
        if variable not in _VARIABLES:
            known = [name.removeprefix(_OURS) for name in _VARIABLES]
            for near in difflib.get_close_matches(variable.removeprefix(_OURS), known, n=1, cutoff=0.7):
                raise SettingsError(f"{variable}: there is no such variable; did you mean {_OURS + near!r}?")


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{file}: the settings file cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # of TOML, of UTF-8, and of numbers and tables beyond all bounds
        raise SettingsError(f"{file}: this is not TOML: {error}") from error


def _put(tree: dict[str, Any], path: tuple[str, ...], value: str) -> None:
    for step in path[:-1]:
        branch = tree.setdefault(step, {})
        if not isinstance(branch, dict):
            raise SettingsError(f"the setting {step!r} has to be a table")
        tree = branch
    tree[path[-1]] = value


def _explain(error: ValidationError, file: Path | None, environ: Mapping[str, str]) -> str:
    lines = []
    for fault in error.errors():
        place = tuple(str(step) for step in fault["loc"])
        variable = next((v for v, path in ENVIRONMENT.items() if path == place and environ.get(v)), None)
        where = variable or ": ".join(filter(None, (str(file or "settings"), ".".join(place))))
        if fault["type"] == "extra_forbidden":
            lines.append(f"{where}: there is no such setting{_nearest(place[-1], _names(place[:-1]))}")
        elif fault["type"] == "string_pattern_mismatch":
            lines.append(f"{where}: this is no address; it starts with http:// or https:// and has no query")
        else:
            shown = not _SECRET & set(place) and not isinstance(fault["input"], (dict, list))
            told = _IN_OUR_WORDS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
            lines.append(f"{where}: {told}" + (f", not {fault['input']!r}" if shown else ""))
    return "\n".join(lines)


def _names(path: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Settings
    for step in path:
        annotation = model.model_fields[step].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        model = annotation
    return list(model.model_fields)


def _nearest(name: str, known: Any) -> str:
    names = list(known)
    starting = [other for other in names if other.startswith(name) or name.startswith(other)]
    near = difflib.get_close_matches(name, names, n=1) or starting[:1]
    return f"; did you mean {near[0]!r}?" if near else ""
