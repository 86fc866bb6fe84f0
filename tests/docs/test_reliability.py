"""The fault table is true as far as a test can see: each test that it names exists, and each fault stands in it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from standin.faults import Kind

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py::\w+)`", PAGE)))
_TABLES = PAGE.partition("\n## Load")[0].splitlines()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in _TABLES if line.startswith("| ")]


@cache
def functions_of(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_the_page_names_exists(name: str) -> None:
    file, _, test = name.partition("::")
    assert test.startswith("test_")
    assert test in functions_of(ROOT / "tests" / file)


def test_every_row_names_its_test() -> None:
    rows = [row for row in ROWS if row[-1] not in ("proved by", "")]
    assert len(rows) > 80
    assert [row for row in rows if not re.fullmatch(r"`[\w/]+\.py::\w+`", row[-1])] == []


def test_every_fault_that_the_stand_in_can_play_stands_in_the_table() -> None:
    (heading,) = [row for row in ROWS if "kind" in row]
    kinds = {row[1] for row in ROWS if len(row) == len(heading)} - {"kind", ""}
    assert kinds == set(get_args(Kind))


def test_the_page_is_found_from_where_it_is_spoken_of() -> None:
    assert "docs/reliability.md" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "docs/reliability.md" in (ROOT / "README.md").read_text(encoding="utf-8")
