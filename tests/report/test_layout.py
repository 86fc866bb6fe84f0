"""The morning page in a real Chromium, laid out: long words, names in other scripts, narrow windows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from report.browser import Browser, missing
from report.morning import usual
from report.sample import DRUGS, claim, definition, record_id

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))

LONG = "Methyl" * 33
"""A name of about 200 characters without a space."""

ARABIC = "\u0639\u0631\u0628\u064a \u0646\u0635 \u0637\u0648\u064a\u0644"


def named(name: str) -> dict[str, Any]:
    """A usual morning on which all drugs bear this name, and ids are such as trialweave makes them."""
    arguments = usual()
    for number, line in enumerate(arguments["lookup"].values()):
        line["fields"]["drug_name"]["claims"] = [claim("record", "/drug_name", name)]
        line["record_id"] = f"{number:02d}d5901f679ad5b0"
    return arguments


@contextmanager
def window(page: Browser, width: int) -> Iterator[None]:
    page.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 700)
    try:
        yield
    finally:
        page.command("Emulation.clearDeviceMetricsOverride")


@pytest.mark.parametrize("width", [360, 768, 1400])
def test_a_word_of_two_hundred_letters_stays_in_its_panel(show: Any, width: int) -> None:
    page = show(named(LONG))
    with window(page, width):
        wide = "[...document.querySelectorAll('.panel, .panel li')].filter((e) => e.scrollWidth > e.clientWidth)"
        assert page.run(f"return {wide}.length") == 0
        assert page.run("return document.documentElement.scrollWidth <= innerWidth")


def test_an_id_stays_whole_beside_a_long_name(show: Any) -> None:
    arguments = named(LONG)
    entry = arguments["delta"]["new"][0]
    entry["record_id"] = "70d5901f679ad5b0"
    arguments["lookup"]["70d5901f679ad5b0"] = arguments["lookup"][record_id(420)]
    page = show(arguments)
    lines = """return [...document.querySelectorAll('.records td:first-child')].filter((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return new Set([...range.getClientRects()].map((box) => box.top)).size > 1;
    }).map((cell) => cell.textContent);"""
    assert page.run(lines) == []


@pytest.mark.parametrize("tab", ["news", "changes", "fills"])
def test_an_id_stays_whole_beside_a_name_that_is_written_from_right_to_left(show: Any, tab: str) -> None:
    """The digits at its beginning went to the other side of the name: 70d5 stood there as 70, a name, d5."""
    arguments = named(ARABIC)
    for change in arguments["delta"]["source_changes"]:
        change["record_ids"] = ["70d5901f679ad5b0"]
    for fill in arguments["fills"]:
        fill["record_id"] = "70d5901f679ad5b0"
    arguments["delta"]["new"][0]["record_id"] = "70d5901f679ad5b0"
    arguments["lookup"]["70d5901f679ad5b0"] = arguments["lookup"][record_id(420)]
    page = show(arguments)
    page.run("document.querySelector(arguments[0]).click()", f"#tab-{tab}")
    shown = "(e) => e.checkVisibility() && e.textContent.includes('70d5901f679ad5b0')"
    page.wait(f"[...document.querySelectorAll('#panel-{tab} :is(.cause, td)')].some({shown})")
    scattered = """
        const range = document.createRange();
        const left = (node, i) => {
          range.setStart(node, i);
          range.setEnd(node, i + 1);
          return range.getBoundingClientRect().left;
        };
        const walker = document.createTreeWalker(document.querySelector(arguments[0]), NodeFilter.SHOW_TEXT);
        const found = [];
        for (let node; (node = walker.nextNode());) {
          const at = node.data.indexOf('70d5901f679ad5b0');
          const far = (_, i) => Math.abs(left(node, at + i + 1) - left(node, at + i)) > 15;
          if (at >= 0 && node.parentElement.checkVisibility()) found.push(![...'70d5901f679ad5b'].some(far));
        }
        return found;"""
    found = page.run(scattered, f"#panel-{tab}")
    assert found
    assert all(found)


def test_what_changed_is_not_broken_in_a_word_beside_a_long_text(show: Any) -> None:
    arguments = usual()
    for change in arguments["delta"]["source_changes"]:
        change["before"] = definition(DRUGS[0]) * 3
        change |= {"what": "intervention_gone", "after": None}
    page = show(arguments)
    page.run("document.querySelector('#tab-changes').click()")
    page.wait("document.querySelectorAll('[data-table=changes] tbody tr').length === 4")
    lines = """
        const range = document.createRange();
        return [...document.querySelectorAll('[data-table=changes] td:nth-child(2)')].filter((cell) => {
          range.setStart(cell.firstChild.firstChild || cell.firstChild, 0);
          range.setEnd(range.startContainer, cell.textContent.indexOf(' '));
          return range.getClientRects().length > 1;
        }).map((cell) => cell.textContent);"""
    with window(page, 1280):
        assert page.run(lines) == []


@pytest.mark.parametrize("width", [360, 768])
def test_every_tab_can_be_seen_in_a_narrow_window(show: Any, width: int) -> None:
    """The last ones lay beyond the edge, and nothing told that there were more."""
    page = show(usual())
    with window(page, width):
        edges = "return [...document.querySelectorAll('[role=tab]')].map((tab) => tab.getBoundingClientRect().right)"
        assert max(page.run(edges)) <= width


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_what_to_do_first_is_not_cut(show: Any, width: int) -> None:
    arguments = usual()
    for entry in arguments["delta"]["new"]:
        entry["suggestion"] = None
    page = show(arguments)
    with window(page, width):
        cut = "[...document.querySelectorAll('.first li p')].filter((p) => p.scrollHeight > p.clientHeight + 1)"
        assert page.run(f"return {cut}.map((p) => p.textContent)") == []
