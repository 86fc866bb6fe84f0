"""Read the settings: a TOML file, then the environment over it, then flags over both. Unknown keys are refused."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from trialweave.errors import SettingsError
from trialweave.settings.faults import explain
from trialweave.settings.model import Settings

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
        variables = {path: variable for variable, path in ENVIRONMENT.items() if environ.get(variable)}
        raise SettingsError(explain(error, Settings, file, variables)) from None


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    """Raises SettingsError for a variable that is nearly one of ours; others may be those of another program."""
    known = [name.removeprefix(_OURS) for name in _VARIABLES]
    for variable in sorted(name for name in environ if name.startswith(_OURS) and environ[name]):
        name = variable.removeprefix(_OURS)
        if name not in known:
            begun = [other for other in known if name and other.startswith(name)]
            for near in difflib.get_close_matches(name, known, n=1, cutoff=0.8) or begun[:1]:
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
