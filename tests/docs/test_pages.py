"""Generated pages are the ones that the code says, and every command and option has words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from trialweave.cli import cli
from trialweave.reference import PAGES, main, settings_page

ROOT = Path(__file__).resolve().parents[2]


def commands(group: click.Group, path: str = "trialweave") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


COMMANDS = dict(commands(cli))


@pytest.mark.parametrize("name", PAGES)
def test_a_committed_page_is_the_generated_one(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


def test_all_pages_are_written_at_once(tmp_path: Path) -> None:
    main(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PAGES)


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_a_line_of_its_own_that_is_not_cut(path: str) -> None:
    text = COMMANDS[path].get_short_help_str(80)
    assert text.endswith(".")
    assert not text.endswith("...")


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_has_help(path: str) -> None:
    options = [option for option in COMMANDS[path].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_every_setting_has_a_meaning() -> None:
    rows = re.findall(r"^\| `[^|]+ \|.*\|([^|]*)\|$", settings_page(), re.MULTILINE)
    assert len(rows) > 8
    assert all(row.strip().endswith(".") for row in rows)


_MENTION = re.compile(r"(?:^ {4}|`)(trialweave [a-z][^`\n]*)", re.MULTILINE)


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda page: page.name
)
def test_a_command_line_that_a_page_shows_is_one_that_there_is(page: Path) -> None:
    for mention in _MENTION.findall(page.read_text(encoding="utf-8")):
        words = mention.split()
        known = [" ".join(words[:length]) for length in (3, 2) if " ".join(words[:length]) in COMMANDS]
        assert known, mention
        options = {name for param in COMMANDS[known[0]].params for name in param.opts} | {"--help"}
        assert {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"} <= options, mention
