"""What can be set: each setting with its bounds, its default and what it means.

Defaults are given by name (`default=`): a type checker without a plugin for pydantic sees them so alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator

from trialweave.clock import Clock, PinnedClock, SystemClock, instant
from trialweave.core.catalogue import BY_NAME
from trialweave.core.findings import Policy
from trialweave.core.models import FIELDS, Severity
from trialweave.core.nearest import nearest
from trialweave.errors import SettingsError
from trialweave.settings.faults import explain


def _no_flag(number: Any) -> Any:
    if isinstance(number, bool):  # which pydantic takes for 1 or 0
        raise ValueError("a number has to stand here")  # noqa: TRY004  pydantic tells of these alone
    return number


Rate = Annotated[float, BeforeValidator(_no_flag), Field(gt=0, le=1000)]
Share = Annotated[float, BeforeValidator(_no_flag), Field(ge=0, le=1)]
Whole = Annotated[int, BeforeValidator(_no_flag)]


def _nameable(path: Any) -> Any:
    if path == "":
        raise ValueError("it is empty; name a file or folder")
    if "\0" in str(path):
        raise ValueError("no file can have a NUL character in its name")
    return path


Place = Annotated[Path, BeforeValidator(_nameable)]
Address = Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]

OWN_HEADERS = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent"}
)
"""Headers that a request needs as they are; no setting replaces them."""

_HEADER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_HEADERS = "Header -> value that a mirror wants, such as `Authorization`; sent to that address alone, shown nowhere."


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(_Frozen):
    """Where one service answers, how many requests a second it is asked at most, and what a mirror wants to be sent."""

    url: Address = Field(description="Address of the service; a mirror or a proxy may stand here.")
    rate: Rate = Field(description="Requests a second, at most.")
    headers: dict[str, SecretStr] = Field(default={}, description=_HEADERS)

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

    url: Address = Field(
        default="https://clinicaltrials.gov/api/v2", description="Address of ClinicalTrials.gov, API v2."
    )
    rate: Rate = Field(default=1.0, description="Requests a second at ClinicalTrials.gov, at most.")


class Thesaurus(Service):
    """The EVS REST API of NCI; three requests a second is what NCI's own job allows itself."""

    url: Address = Field(
        default="https://api-evsrest.nci.nih.gov/api/v1", description="Address of the EVS REST API of NCI."
    )
    rate: Rate = Field(default=3.0, description="Requests a second at the EVS REST API, at most.")
    searches: Annotated[Whole, Field(ge=0, le=10_000)] = Field(
        default=20,
        description="Names without a concept that a run searches for, at most; 0: no search, replay included.",
    )


class Checks(_Frozen):
    """Kinds of conflict that a team turns off or grades otherwise."""

    off: tuple[str, ...] = Field(default=(), description="Kinds of conflict that are not reported at all.")
    severity: dict[str, Severity] = Field(default={}, description="Kind of conflict -> the severity that it gets here.")

    @field_validator("off", "severity")
    @classmethod
    def _known_kinds(cls, kinds: Any) -> Any:
        for kind in kinds:
            if kind not in BY_NAME:
                raise ValueError(f"there is no kind of conflict called {kind!r}{nearest(kind, BY_NAME)}")
        return kinds


class Gates(_Frozen):
    """What has to hold before the nightly job publishes a run. Shares are between 0 and 1."""

    coverage_ctgov: Share = Field(
        default=0.95, description="Least share of the study links that the registry answered."
    )
    coverage_ncit: Share = Field(
        default=0.95, description="Least share of the concept links that the thesaurus answered."
    )
    stale_ctgov: Share = Field(
        default=1.0, description="Largest share of the registry's answers that may be stale copies."
    )
    stale_ncit: Share = Field(
        default=1.0, description="Largest share of the thesaurus' answers that may be stale copies."
    )
    minimum_records: Annotated[Whole, Field(ge=0)] = Field(default=1, description="Least number of records.")
    refused_share: Share = Field(default=0.05, description="Largest share of rows that may be refused.")
    removed_share: Share = Field(
        default=0.1, description="Largest share of the last run's records that may be missing."
    )
    conflict_jump: Share = Field(
        default=0.25, description="New and changed conflicts, as a share of the records, at most."
    )
    conflict_jump_floor: Annotated[Whole, Field(ge=0)] = Field(
        default=20, description="So many new and changed conflicts always pass."
    )


class Settings(_Frozen):
    """All settings of a run, checked and frozen."""

    contact: str | None = Field(
        default=None, description="Address of a person, sent with every request to the services."
    )
    cache_dir: Place | None = Field(
        default=None,
        description="Folder of fetched answers; else `$XDG_CACHE_HOME/trialweave` or `~/.cache/trialweave`.",
    )
    now: datetime | None = Field(default=None, description="Time of the run (ISO 8601, UTC) instead of the clock's.")
    ctgov: Registry = Registry()
    evs: Thesaurus = Thesaurus()
    columns: dict[str, str] = Field(
        default={}, description="Field -> your column for it; `record_id` names the column of your own ids."
    )
    checks: Checks = Checks()
    gates: Gates = Gates()
    inputs: tuple[Place, ...] = Field(default=(), description="Inputs of the nightly job where its command names none.")
    acknowledgements: Place | None = Field(
        default=None,
        description="TOML file of acknowledgements that the team keeps; else `acknowledgements.toml`, if it is there.",
    )
    metrics: Place | None = Field(default=None, description="Where the nightly job writes a text file for Prometheus.")

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
            moment = now if now is None else instant(now if isinstance(now, str) else now.isoformat())
        except (ValueError, OverflowError, AttributeError):
            raise ValueError("the time has to be in ISO 8601, such as 2026-11-23T04:00:00Z") from None
        if moment is not None and not 1970 <= moment.year <= 9000:  # a run counts days back and forth
            raise ValueError("the year has to lie between 1970 and 9000")
        return moment

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        for name in columns:
            if name not in (*FIELDS, "record_id"):
                raise ValueError(f"there is no field called {name!r}{nearest(name, FIELDS)}")
        return columns

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Settings from a tree of mappings, as a file holds them. Raises SettingsError with the place and a way out."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise SettingsError(explain(error, cls, None, {})) from None

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
