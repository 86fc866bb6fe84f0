"""The pytest fixture as a user's own project has it: a run of its own, with the example of the page."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trialweave.testing import SocketRefused, replaying, sockets_refused

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
EXAMPLES = re.findall(r"^```python no-run\n(.*?)^```$", (ROOT / "docs" / "testing.md").read_text(), re.M | re.S)


def run_tests(folder: Path, *tests: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A pytest run over a folder with these tests and a replay folder; the plugin is named, as entry points need an
    installation."""
    shutil.copytree(FIXTURES, folder / "replay")
    (folder / "trialweave.toml").write_text('[columns]\nnct_id_drug_ref = "trial"\n')
    (folder / "test_ours.py").write_text("\n".join(tests))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TRIALWEAVE")}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "trialweave.testing",
            "--rootdir",
            folder,
            folder / "test_ours.py",
        ],
        env={**clean, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_examples_of_the_page_pass(tmp_path: Path) -> None:
    own = "def test_with_our_settings(weaver):\n    assert weaver.enrich({'trial': 'NCT06254807'}).study is not None\n"
    done = run_tests(tmp_path, *EXAMPLES, own)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_sockets_are_refused_while_the_fixture_is_used_and_not_afterwards(tmp_path: Path) -> None:
    done = run_tests(
        tmp_path,
        """
import socket, pytest
from trialweave.testing import SocketRefused

def test_inside(trialweave_replay):
    for call in (lambda: socket.create_connection(("127.0.0.1", 9)),
                 lambda: socket.getaddrinfo("localhost", 80),
                 lambda: socket.socket().connect(("127.0.0.1", 9)),
                 lambda: socket.socket().connect_ex(("127.0.0.1", 9))):
        with pytest.raises(SocketRefused):
            call()

def test_outside():
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 9))
""",
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_the_environment_decides_nothing(tmp_path: Path) -> None:
    own = (
        "def test_it(trialweave_replay):\n"
        "    weaver = trialweave_replay('replay')\n"
        "    assert weaver.settings.contact is None and weaver.settings.now is None\n"
    )
    done = run_tests(tmp_path, own, env={"TRIALWEAVE_CONTACT": "us@example.org", "TRIALWEAVE_NOW": "2020-01-01"})
    assert done.returncode == 0, done.stdout


def test_every_door_is_as_before_afterwards() -> None:
    before = (socket.create_connection, socket.getaddrinfo, socket.socket.connect, dict(vars(socket.socket)))
    with pytest.raises(SocketRefused), sockets_refused(), sockets_refused():
        socket.getaddrinfo("localhost", 80)
    assert (socket.create_connection, socket.getaddrinfo, socket.socket.connect, dict(vars(socket.socket))) == before


def test_replaying_needs_no_pytest_and_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALWEAVE_CTGOV_RATE", "not a number")
    with replaying(FIXTURES) as weaver:
        assert weaver.enrich({"nct_id_drug_ref": "NCT06254807"}).study is not None


def test_every_pytest_run_pays_next_to_nothing_for_the_plugin() -> None:
    code = "import sys, pytest, trialweave.testing.plugin; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    loaded = set(done.stdout.split())
    assert not loaded & {"requests", "pydantic", "diskcache", "tenacity", "rich", "click", "trialweave.api"}
    code = "import sys, trialweave.testing; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert "pytest" not in done.stdout.split()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("gethostbyname", ("localhost",)),
        ("gethostbyname_ex", ("localhost",)),
        ("gethostbyaddr", ("127.0.0.1",)),
        ("getnameinfo", (("127.0.0.1", 9), 0)),
    ],
)
def test_asking_for_a_name_is_refused_too(name: str, arguments: tuple[Any, ...]) -> None:
    with sockets_refused(), pytest.raises(SocketRefused):
        getattr(socket, name)(*arguments)


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda _: socket.create_connection(("127.0.0.1", 9)), "('127.0.0.1', 9)"),
        (lambda door: door.connect(("127.0.0.1", 9)), "('127.0.0.1', 9)"),
        (lambda door: door.sendto(b"x", ("127.0.0.1", 9)), "('127.0.0.1', 9)"),
        (lambda _: socket.getaddrinfo("registry.example.org", 80), "'registry.example.org'"),
        (lambda _: socket.getaddrinfo(host="registry.example.org", port=80), "'registry.example.org'"),
        (lambda _: socket.getaddrinfo(None, 80), "the network"),
    ],
)
def test_a_refusal_names_who_was_asked_and_a_way_out(ask: Callable[[socket.socket], Any], named: str) -> None:
    with sockets_refused(), socket.socket() as door, pytest.raises(SocketRefused) as raised:
        ask(door)
    assert named in str(raised.value)
    assert "stand-in" in str(raised.value)


def test_datagrams_are_refused_too() -> None:
    with sockets_refused(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        with pytest.raises(SocketRefused):
            door.sendto(b"x", ("127.0.0.1", 9))
        with pytest.raises(SocketRefused):
            door.sendmsg([b"x"], [], 0, ("127.0.0.1", 9))
