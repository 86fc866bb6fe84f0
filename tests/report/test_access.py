"""The morning page for those who read it with a screen reader, by keyboard, by voice or in colours of their own."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from report.browser import missing
from report.morning import usual

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


def test_headings_lead_to_each_part_and_skip_no_level(show: Any) -> None:
    """Causes stood below "The last 14 runs": the heading of their own part was left to paper."""
    page = show(usual())
    page.run("for (const fold of document.querySelectorAll('.fold')) fold.open = true")
    page.run("document.querySelector('.fold').scrollIntoView()")
    page.wait("document.querySelectorAll('.fold .cause').length > 10")
    script = """return [...document.querySelectorAll('h1, h2, h3, h4, [role=heading]')]
        .filter((e) => e.checkVisibility()).map((e) => [Number(e.ariaLevel || e.tagName[1]), e.textContent])"""
    headings = page.run(script)
    levels = [level for level, _ in headings]
    assert all(below <= above + 1 for above, below in pairwise(levels))
    texts = [text for level, text in headings if level == 2]
    assert texts[-4:] == ["New this morning", "The rules changed", "New records", "Standing"]
    first = page.run("return document.querySelector('.cause .title').textContent")
    assert [text for _, text in headings].index(first) == [text for _, text in headings].index("New this morning") + 1


def test_what_is_chosen_shows_in_the_forced_colours_of_a_person(show: Any) -> None:
    """All tabs were underlined alike, and a pressed filter looked as the others."""
    page = show(usual())
    page.run("document.querySelector('.chip.error').click()")
    page.command("Emulation.setEmulatedMedia", features=[{"name": "forced-colors", "value": "active"}])
    try:
        colours = "return [...document.querySelectorAll(arguments[0])].map((e) => getComputedStyle(e)[arguments[1]])"
        chosen, *others = page.run(colours, "[role=tab]", "borderBottomColor")
        assert chosen not in others
        chosen, *others = page.run(colours, ".chip", "backgroundColor")
        assert chosen not in others
    finally:
        page.command("Emulation.setEmulatedMedia", features=[])


def test_keys_of_one_letter_can_be_turned_off(show: Any) -> None:
    """Who speaks to the machine says words, and each letter of them is a key (WCAG 2.1.4)."""
    page = show(usual())
    page.press("j")
    assert page.run("return document.activeElement.tagName") == "SUMMARY"
    page.run("document.querySelector('#keys').click()")
    page.run("document.activeElement.blur()")
    page.press("j", "/")
    assert page.run("return document.activeElement.tagName") == "BODY"
    page.run("document.querySelector('#keys').click()")
    page.press("/")
    assert page.run("return document.activeElement.id") == "q"


@pytest.mark.parametrize("tab", ["news", "fills", "changes"])
def test_nothing_to_click_is_lower_than_twenty_four_pixels(show: Any, tab: str) -> None:
    page = show(usual())
    page.run("document.querySelector(arguments[0]).click()", f"#tab-{tab}")
    page.wait(f"document.querySelector('#panel-{tab} a') !== null")
    small = """return [...document.querySelectorAll('a, button, summary, input, select')]
        .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 23.5).map((e) => e.outerHTML)"""
    assert page.run(small) == []


def test_a_copy_is_told_and_without_a_clipboard_the_command_is_marked_to_copy_it(show: Any) -> None:
    """A page that comes over plain HTTP has no clipboard; the button of a single record then did nothing at all."""
    page = show(usual())
    page.run("""
        const value = { writeText: () => Promise.resolve() };
        Object.defineProperty(navigator, "clipboard", { value, configurable: true });
        for (const button of [...document.querySelectorAll("[data-copy]")].slice(0, 2)) button.click();""")
    page.wait("document.querySelector('#told').textContent === 'Copied'")
    assert (
        page.run(
            "return [...document.querySelectorAll('[data-copy]')].filter((b) => b.textContent === 'Copied').length"
        )
        == 1
    )
    page.run("""
        Object.defineProperty(navigator, "clipboard", { value: undefined });
        document.querySelector(".more-records").open = true;
        document.querySelector(".note [data-copy]").click();""")
    chosen = page.run("return getSelection().toString()")
    assert chosen == page.run("return document.querySelector('.note [data-copy]').dataset.copy")
    assert page.run("return document.querySelector('#told').textContent").startswith("Selected")
