"""Examples in the pages run: fenced `python` blocks, in order, from the checkout's root. `no-run` ones only parse."""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    page for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if "```python" in page.read_text()
]
_BLOCK = re.compile(r"^```python( no-run)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_run(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    text = page.read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "__example__"}
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        _run(block[2], names, f"{page.name}:{line}", parse_only=bool(block[1]))


def _run(code: str, names: dict[str, Any], where: str, *, parse_only: bool) -> None:
    if parse_only:
        ast.parse(code)
    elif ">>> " in code:
        test = doctest.DocTestParser().get_doctest(code, names, where, where, 0)
        told = io.StringIO()
        failed = doctest.DocTestRunner(optionflags=_FLAGS, verbose=False).run(test, out=told.write, clear_globs=False)
        assert failed.failed == 0, f"{where}\n{told.getvalue()}"
        names.update(test.globs)
    else:
        with contextlib.redirect_stdout(io.StringIO()) as told:
            exec(compile(code, where, "exec"), names)  # noqa: S102
        assert told.getvalue(), f"{where} shows nothing"


def test_an_example_that_is_wrong_is_noticed() -> None:
    with pytest.raises(AssertionError, match="page:1"):
        _run(">>> 1 + 1\n3\n", {}, "page:1", parse_only=False)
    with pytest.raises(NameError):
        _run("print(nobody)\n", {}, "page:1", parse_only=False)
