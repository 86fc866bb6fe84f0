"""A browser for the tests that look at the page as a person does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from report.browser import Browser
from trialweave.report.html import render
from trialweave.report.page import build_page


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Any:
    """Open the page of a morning; afterwards nothing was asked for but the page, and the console is empty."""
    file = tmp_path / "report.html"

    def opened(arguments: dict[str, Any]) -> Browser:
        file.write_text(render(build_page(**arguments)), encoding="utf-8")
        browser.requested()
        browser.open(file)
        return browser

    yield opened
    # The window itself loads its own chrome:// pages when it starts.
    asked = [address for address in browser.requested() if not address.startswith(("data:", "chrome:"))]
    assert asked == [file.as_uri()]
    assert browser.console() == []
