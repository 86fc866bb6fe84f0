"""What is wrong with settings, in words for the person who wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ValidationError

from trialweave.core.nearest import nearest

_SECRET = frozenset({"url", "headers"})
_IN_OUR_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("model_type", "dict_type"), "this has to be a table"),
    "tuple_type": "this has to be a list, in brackets",
}
"""What pydantic says of its own things, by the type of its error."""


def explain(
    error: ValidationError, model: type[BaseModel], file: Path | None, variables: Mapping[tuple[str, ...], str]
) -> str:
    """A line for each fault of settings: where it stands, what is wrong, and what there is instead.

    `variables` are the environment variables that were set, by the setting that they stand for. What is secret is not
    repeated.
    """
    lines = []
    for fault in error.errors():
        place = tuple(str(step) for step in fault["loc"])
        where = variables.get(place) or ": ".join(filter(None, (str(file or "settings"), ".".join(place))))
        if fault["type"] == "extra_forbidden":
            lines.append(f"{where}: there is no such setting{nearest(place[-1], _names(model, place[:-1]))}")
        elif fault["type"] == "string_pattern_mismatch":
            lines.append(f"{where}: this is no address; it starts with http:// or https:// and has no query")
        else:
            shown = not _SECRET & set(place) and not isinstance(fault["input"], (dict, list))
            told = _IN_OUR_WORDS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
            lines.append(f"{where}: {told}" + (f", not {_as_written(fault['input'])}" if shown else ""))
    return "\n".join(lines)


def _as_written(value: object) -> str:
    """A value as TOML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else repr(value)


def _names(model: type[BaseModel], path: tuple[str, ...]) -> list[str]:
    for step in path:
        annotation = model.model_fields[step].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        model = annotation
    return list(model.model_fields)
