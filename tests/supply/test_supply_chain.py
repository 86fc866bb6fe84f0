"""What we stand on: every dependency pinned, no host named, known vulnerabilities asked about, or said not to be."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][A-Za-z0-9.+!-]*)")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


PINNED = {canonical(pin[1]): pin[2] for line in CONSTRAINTS if (pin := PIN.fullmatch(line))}


def required(requirements: list[str]) -> set[str]:
    return {canonical(re.split(r"[^A-Za-z0-9._-]", text)[0]) for text in requirements}


# ---------------------------------------------------------------- constraints


def test_every_line_is_a_name_and_a_version_and_nothing_else() -> None:
    assert [line for line in CONSTRAINTS if not PIN.fullmatch(line)] == []
    assert len(PINNED) == len(CONSTRAINTS)


def test_every_dependency_and_every_extra_is_pinned() -> None:
    extras = PROJECT["optional-dependencies"].values()
    assert required([*PROJECT["dependencies"], *(text for extra in extras for text in extra)]) <= PINNED.keys()


def test_what_runtime_dependencies_bring_along_is_pinned() -> None:
    """Every distribution that an installed runtime dependency needs on this Python, however far down."""
    needed, open_names = set[str](), required(PROJECT["dependencies"])
    while open_names:
        name = open_names.pop()
        needed.add(name)
        texts = [text for text in metadata.requires(name) or [] if "extra ==" not in text]
        here = [text for text in texts if ";" not in text or _applies(text.partition(";")[2])]
        open_names |= required(here) - needed
    assert needed <= PINNED.keys()


def _applies(marker: str) -> bool:
    from packaging.markers import Marker

    return Marker(marker).evaluate()


def test_the_runtime_stands_on_nothing_but_the_design_card() -> None:
    assert required(PROJECT["dependencies"]) == {
        "requests",
        "tenacity",
        "pydantic",
        "diskcache",
        "click",
        "rich",
        "jinja2",
    }


def test_no_file_of_the_build_names_a_registry() -> None:
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run", ".ci/check.py", ".ci/audit.py"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"index-url|find-links|trusted-host", text), name


# ---------------------------------------------------------------- known vulnerabilities


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(*vulns: dict[str, Any]) -> str:
    clean = {"name": "click", "version": "8.5.1", "vulns": []}
    return json.dumps({"dependencies": [clean, {"name": "diskcache", "version": "5.6.3", "vulns": list(vulns)}]})


OURS = {"id": "PYSEC-2025-1", "fix_versions": [], "aliases": ["CVE-2025-69872", "GHSA-w8v5-vhqr-4h9v"]}
OTHER = {"id": "GHSA-aaaa-bbbb-cccc", "fix_versions": ["5.6.4"], "aliases": []}


@pytest.mark.parametrize(
    ("out", "err", "code", "says"),
    [
        (told(), "", 0, "2 packages asked about, 0 known"),
        (told(OURS), "", 0, "2 packages asked about, 0 known"),
        (told(OURS, OTHER), "", 1, "diskcache 5.6.3: GHSA-aaaa-bbbb-cccc, mended in 5.6.4"),
        ("", "ERROR\nConnectionError: nobody there", 0, "could not ask about known vulnerabilities: Connect"),
        ("", "", 0, "could not ask about known vulnerabilities: pip-audit ended with 1"),
        (
            json.dumps({"dependencies": [{"name": "mine", "skip_reason": "not found"}]}),
            "",
            0,
            "could not ask about known vulnerabilities: nothing is known of mine",
        ),
    ],
)
def test_an_advisory_fails_and_silence_is_said(
    audit: ModuleType, capsys: pytest.CaptureFixture[str], out: str, err: str, code: int, says: str
) -> None:
    assert audit.judge(1, out, err) == code
    assert says in capsys.readouterr().out


def test_the_check_says_so_when_it_cannot_ask_at_all(
    audit: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert audit.main() == 0
    assert "could not ask about known vulnerabilities: pip-audit is not installed" in capsys.readouterr().out

    def slow(*_args: object, **options: Any) -> Any:
        raise subprocess.TimeoutExpired("pip-audit", options["timeout"])

    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    monkeypatch.setattr(audit.subprocess, "run", slow)
    assert audit.main() == 0
    assert "could not ask about known vulnerabilities: no answer within" in capsys.readouterr().out


def test_an_ignored_advisory_names_the_test_that_proves_it_harmless(audit: ModuleType) -> None:
    for reason in audit.IGNORED.values():
        files = re.findall(r"(?:tests|docs)/[\w/.]+\.(?:py|md)", reason)
        assert files
        assert all((ROOT / file).is_file() for file in files)


def test_the_check_is_a_step_of_ci() -> None:
    assert "audit.py" in (ROOT / ".ci" / "check.py").read_text(encoding="utf-8")
    assert "pip-audit" not in required(PROJECT["dependencies"])
