"""What both services' payloads need: bytes to values, values to bytes, and errors that say where a payload is wrong."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from contextlib import suppress
from typing import Any, NoReturn, Self, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from trialweave.core.models import Text
from trialweave.core.pointers import step
from trialweave.errors import PayloadError, SourceBlocked
from trialweave.sources.base import Response

_T = TypeVar("_T")
_LONGEST_VERSION = 100
_QUOTED = 200
_AS_GIVEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True)


class Part(BaseModel):
    """A part of a payload: only what is read from it. Other keys are passed over, another type of value is an error."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class Body(bytes):
    """The bytes of a payload with the value that they spell, for as long as that is looked at: it is decoded once."""

    value: Any

    @classmethod
    def of(cls, value: Any) -> Self:
        """The payload that is kept of a value. Raises PayloadError."""
        return cls._with(encoded(value), value)

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Decode a payload, where it was not. Raises PayloadError."""
        return cls._with(body, decoded(body))

    @classmethod
    def _with(cls, body: bytes, value: Any) -> Self:
        payload = cls(body)
        payload.value = value
        return payload


def decoded(body: bytes) -> Any:
    """The JSON value of a body. Raises PayloadError for anything that is not JSON in UTF-8."""
    if isinstance(body, Body):
        return body.value
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"the body is not JSON: {short(str(error))}; it begins {_begin(body)}") from error


def encoded(value: Any) -> bytes:
    """Compact JSON in UTF-8. Raises PayloadError for what has no such form (half a surrogate pair, infinity)."""
    with suppress(PydanticSerializationError):  # what the fast way cannot write is judged by the slow one
        written = to_json(value)
        if b"Infinity" not in written and b"NaN" not in written:
            return written
    try:
        return _AS_GIVEN.encode(value).encode()
    except (ValueError, RecursionError) as error:
        raise _unwritable(error) from error


def digest_of(value: Any, spelled: Callable[[Any], str] = _SORTED.encode) -> str:
    """SHA-256 (hex) of canonical JSON: sorted keys, no spaces. Raises PayloadError."""
    try:
        return hashlib.sha256(spelled(value).encode()).hexdigest()
    except (ValueError, RecursionError) as error:
        raise _unwritable(error) from error


def unordered(value: Any) -> str:
    """The canonical JSON of a value whose lists mean the same in any order: each is sorted by its items' spellings."""
    if isinstance(value, dict):
        return "{" + ",".join([f"{_SORTED.encode(key)}:{unordered(value[key])}" for key in sorted(value)]) + "}"
    if isinstance(value, list):
        return "[" + ",".join(sorted(map(unordered, value))) + "]"
    return _SORTED.encode(value)


def _unwritable(error: Exception) -> PayloadError:
    return PayloadError(f"the payload cannot be written as JSON: {short(str(error))}")


def validated(reader: TypeAdapter[_T], body: bytes, what: str) -> _T:
    """The body as `what`. Raises PayloadError that points at the first value that is wrong."""
    return _validated(reader.validate_json, body, what)


def validated_value(reader: TypeAdapter[_T], value: Any, what: str) -> _T:
    """The same of a value that was decoded already."""
    return _validated(reader.validate_python, value, what)


def _validated(validate: Callable[[Any], _T], given: Any, what: str) -> _T:
    try:
        return validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = "".join(f"/{part}" for part in first["loc"])
        raise PayloadError(f"this is not {what}: {short(where) or 'the body'}: {short(first['msg'])}") from error


def new_fields(names: Iterable[str], documented: Set[str], path: str, whose: str) -> Iterator[Text]:
    """A signal for each of the unread fields at `path` that a service's documentation (`whose`) does not list."""
    for name in names:
        if name not in documented:
            yield Text(f"this field is new: {whose} documentation does not list it", f"{path}/{step(name)}")


def new_fields_of_rows(
    rows: Iterable[Collection[str]], documented: frozenset[str], path: str, whose: str
) -> Iterator[Text]:
    """The same for the rows of a list; what many rows have is told once, at the first of them."""
    known = documented
    for at, names in enumerate(rows):
        if names and not known.issuperset(names):
            yield from new_fields(names, known, f"{path}/{at}", whose)
            known = known.union(names)


def version_text(value: object) -> str | None:
    """A version as a source told it, None for what is none: it stands in each line of a run, however long it is."""
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_VERSION else None


def json_body(response: Response, what: str) -> Any:
    """The JSON value of a good answer. Raises SourceBlocked for 403, PayloadError for anything else than 200 JSON."""
    if response.status != 200:
        refuse(response, what)
    if response.content_type and "json" not in response.content_type:
        raise PayloadError(f"asked for {what}, got {response.content_type}: {_begin(response.body)}")
    return decoded(response.body)


def refuse(response: Response, what: str) -> NoReturn:
    """Raise what an answer other than 200 means."""
    if response.status == 403:
        raise SourceBlocked(
            f"asked for {what}, the service answered 403 (blocked). Asking again does not help: it refuses this "
            "client, its network or a proxy on the way. Check the proxy and its certificate bundle, and set "
            "TRIALWEAVE_CONTACT so that the service can see who asks."
        )
    if 300 <= response.status < 400:
        place = repr(short(re.split("[?#]", response.location)[0])) if response.location else "nowhere"
        raise PayloadError(
            f"asked for {what}, redirected ({response.status}) to {place}, which is not followed. If the service lives "
            "there, name its address in TRIALWEAVE_CTGOV_URL or TRIALWEAVE_EVS_URL; otherwise a proxy wants a sign-in."
        )
    said = f": {_begin(response.body)}" if response.body else " and said nothing"
    raise PayloadError(f"asked for {what}, the service answered {response.status}{said}")


def plain_text(response: Response) -> str | None:
    """The text of a text/plain answer, None for any other: an error page of a proxy is not a word of the service."""
    return response.body.decode("utf-8", "replace").strip() if response.content_type == "text/plain" else None


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _begin(body: bytes) -> str:
    return repr(body[: 4 * _QUOTED].decode("utf-8", "replace")[:_QUOTED])


def short(text: str) -> str:
    """What a message quotes of a text of any length."""
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "..."
