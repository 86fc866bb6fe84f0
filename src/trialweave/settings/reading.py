"""Read the settings: a TOML file, then the environment over it, then flags over both. Unknown keys are refused."""

from __future__ import annotations

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


def load_settings(file: Path | None, environ: Mapping[str, str], flags: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings: flags beat the environment, the environment beats the file.

    `flags` uses the names of the settings; None means not given. Raises SettingsError with the place and a way out.
    """
    tree = {} if file is None else _read_toml(file)
    for variable, path in ENVIRONMENT.items():
        if environ.get(variable):
            _put(tree, path, environ[variable])
    for name, value in (flags or {}).items():
        if value is not None:
            tree[name] = value
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        variables = {path: variable for variable, path in ENVIRONMENT.items() if environ.get(variable)}
        raise SettingsError(explain(error, Settings, file, variables)) from None


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
