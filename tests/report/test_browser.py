"""The morning page in a real Chromium: it opens, filters, searches, goes by keyboard, prints, and asks nobody."""

from __future__ import annotations

import re
from typing import Any

import pytest

from report.browser import missing
from report.morning import usual
from report.sample import large
from report.test_html import HOSTILE, hostile
from trialweave.report.page import build_page

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))

CHOOSE = """
    const select = document.querySelector(arguments[0]);
    select.value = arguments[1];
    select.dispatchEvent(new Event("input", { bubbles: true }));"""
SHOWN = "return [...document.querySelectorAll('#panel-news > .list > article')].length"


def test_it_opens_on_the_news_with_the_first_causes_unfolded(show: Any) -> None:
    page = show(usual())
    assert page.run(SHOWN) == 7
    assert page.run("return document.querySelector('.cause .title').textContent") == "The study does not name the drug"
    assert page.run("return document.querySelectorAll('.cause > details[open]').length") == 6
    assert page.run("return document.querySelector('#found').textContent") == "7 causes"


def test_search_and_filters_narrow_the_list_and_say_how_far(show: Any) -> None:
    page = show(usual())
    page.press("/")
    assert page.run("return document.activeElement.id") == "q"
    page.press("adavosertib")
    assert page.run("return document.querySelector('#found').textContent") == "1 of 7 causes"
    told = page.run("return document.querySelector('.fold .match').textContent")
    assert re.fullmatch("1 match|([02-9]|[1-9][0-9]+) matches", told)
    page.press("Escape")
    assert page.run("return document.querySelector('#found').textContent") == "7 causes"
    page.run("document.querySelector('.chip.error').click()")
    assert page.run("return document.querySelector('#found').textContent") == "3 of 7 causes"
    page.run(CHOOSE, "#suspect", "study_link")
    assert page.run("return document.querySelector('#found').textContent") == "1 of 7 causes"
    page.run("document.querySelector('.filters [type=reset]').click()")
    page.wait("document.querySelector('#found').textContent === '7 causes'")
    page.run(CHOOSE, "#kind", "concept_retired")
    page.wait("document.querySelectorAll('#panel-news > .list > article').length === 1")


def test_tabs_go_by_keyboard_and_show_one_panel(show: Any) -> None:
    page = show(usual())
    page.run("document.querySelector('#tab-news').focus()")
    seen = []
    for key in ("ArrowRight", "ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"):
        page.press(key)
        seen.append(page.run("return document.activeElement.id"))
        assert (
            page.run("return [...document.querySelectorAll('[role=tabpanel]')].filter((p) => p.offsetParent).length")
            == 1
        )
    assert seen == ["tab-resolved", "tab-fills", "tab-run", "tab-news", "tab-run", "tab-news"]
    page.press("ArrowRight", "ArrowRight")
    page.wait("document.querySelectorAll('[data-table=fills] tbody tr').length === 18")


def test_a_first_run_lies_open_and_a_search_puts_what_it_finds_at_the_top(show: Any) -> None:
    arguments = usual()
    arguments["delta"] |= {"since": None}
    page = show(arguments)
    page.wait("document.querySelectorAll('.fold .cause').length >= 6")
    assert page.run("return document.querySelectorAll('.fold .cause > details[open]').length") == 6
    assert page.run("return getComputedStyle(document.querySelector('.fold > table')).display") == "table"
    page.press("/", "zumab")
    page.wait("document.querySelector('.match').textContent.endsWith(' matches')")
    assert page.run("return getComputedStyle(document.querySelector('.fold > table')).display") == "none"


def test_what_comes_first_leads_to_its_cause_also_in_a_closed_fold(show: Any) -> None:
    arguments = usual()
    arguments["delta"] |= {"new": [], "changed": []}
    page = show(arguments)
    assert not page.run("return document.querySelector('.fold').open")
    page.run("document.querySelectorAll('.first [data-index]')[2].click()")
    page.wait("document.activeElement.closest('article')?.id === 'cause-standing-2'")
    assert page.run("return document.activeElement.closest('details').open")
    page.press("j")
    assert page.run("return document.activeElement.closest('article').id") == "cause-standing-3"


def test_causes_are_headings_below_the_parts_of_the_page(show: Any) -> None:
    page = show(usual())
    nodes = page.command("Accessibility.getFullAXTree")["nodes"]
    headings = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "heading"]
    titles = page.run("return [...document.querySelectorAll('#panel-news > .list .title')].map((e) => e.textContent)")
    assert set(titles[:3]) <= set(headings)


def test_the_command_to_copy_names_the_cause(show: Any) -> None:
    page = show(usual())
    text = page.run("return document.querySelector('.ack [data-copy]').dataset.copy")
    cause = build_page(**usual()).news.causes[0].id
    assert text == f"trialweave acknowledge --cause {cause} --reason 'why it may stay' --until 2027-02-21"


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_payload_full_of_markup_shows_as_text(show: Any, payload: str) -> None:
    page = show(hostile(payload))
    shown = build_page(**hostile(payload)).news.causes[0].message
    for tab, rows in (("resolved", 1), ("fills", 4), ("changes", 1), ("news", 0)):
        page.run("document.querySelector(arguments[0]).click()", f"#tab-{tab}")
        page.wait(f"document.querySelectorAll('#panel-{tab} [data-table] tbody tr').length === {rows}")
    page.run("document.querySelector('#expand').click()")
    assert page.run("return document.querySelector('#panel-news .gist').textContent") == shown
    assert page.run("return document.querySelector('#panel-news .value').textContent") == shown
    assert page.run("return document.querySelectorAll('img, iframe, object, embed, base, svg[onload]').length") == 0
    assert page.run("return document.querySelectorAll('a[target]').length") == 0
    assert page.run("return document.scripts.length") == 2


@pytest.mark.parametrize("width", [320, 390, 701, 761, 1400])
def test_nothing_sticks_out_of_the_window(show: Any, width: int) -> None:
    page = show(usual())
    page.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 700)
    try:
        for tab in ("news", "resolved", "fills", "across", "changes", "run"):
            page.run("document.querySelector(arguments[0]).click()", f"#tab-{tab}")
            wide = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            assert page.run(wide) == [width if width < 700 else page.run(wide)[1]] * 2, tab
    finally:
        page.command("Emulation.clearDeviceMetricsOverride")


DARK = {
    "ctgov": {
        "version": None,
        "stale": 10_381,
        "stale_versions": {"2026-11-18T09:00:05": 2, "2026-11-20T09:00:05": 10_379},
    },
    "ncit": {"version": "26.11a", "stale": 412, "stale_versions": {"26.10d": 412}},
}


@pytest.mark.parametrize("width", [390, 768, 1100, 1400])
def test_a_night_with_a_silent_source_fits_its_panels(show: Any, width: int) -> None:
    arguments = usual()
    arguments["summary"] |= {"exit_code": 5, "sources": DARK}
    page = show(arguments)
    page.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 700)
    try:
        wide = "[...document.querySelectorAll('.panel, .panel dl *')].filter((e) => e.scrollWidth > e.clientWidth + 1)"
        assert page.run(f"return {wide}.map((e) => e.textContent)") == []
        beside = "const [a, b] = [...row.children].map((e) => e.getBoundingClientRect()); return a.right <= b.left"
        rows = f"return [...document.querySelectorAll('.panel dl div')].every((row) => {{ {beside} }})"
        assert page.run(rows)
    finally:
        page.command("Emulation.clearDeviceMetricsOverride")


@pytest.mark.parametrize(("tab", "cells"), [("run", "td:first-child"), ("fills", "td:first-child :is(strong, .soft)")])
def test_no_name_is_broken_in_the_first_column_of_a_wide_table(show: Any, tab: str, cells: str) -> None:
    page = show(usual())
    page.run("document.querySelector(arguments[0]).click()", f"#tab-{tab}")
    page.wait(f"document.querySelector('#panel-{tab} td') !== null")
    broken = """
        const range = document.createRange();
        const lines = (node) => { range.selectNodeContents(node);
          return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size; };
        return [...document.querySelectorAll(arguments[0])].filter((cell) => cell.offsetParent)
          .filter((cell) => lines(cell) > cell.textContent.trim().split(/[\\s-]+/).length)
          .map((cell) => cell.textContent);"""
    assert page.run(broken, f"#panel-{tab} {cells}") == []
    wide = "(table) => table.offsetWidth > table.parentElement.clientWidth"
    assert page.run(f"return [...document.querySelectorAll('#panel-{tab} table')].filter({wide}).length") == 0


def test_each_piece_of_evidence_stands_on_a_line_of_its_own(show: Any) -> None:
    page = show(usual())
    page.wait("document.querySelector('.proposal') !== null")
    lines = """return [...document.querySelectorAll('.proposal')].every((proposal) => {
        const why = proposal.querySelector('.soft').getBoundingClientRect();
        const tops = [...proposal.querySelectorAll('.evidence')].map((e) => e.getBoundingClientRect().top);
        return tops.length > 0 && new Set(tops).size === tops.length && tops.every((top) => top > why.top);
    })"""
    assert page.run(lines)


def test_print_opens_everything_and_hides_the_controls(show: Any) -> None:
    page = show(usual())
    page.command("Emulation.setEmulatedMedia", media="print")
    try:
        page.run("dispatchEvent(new Event('beforeprint'))")
        assert page.run("return document.querySelectorAll('details:not([open])').length") == 0
        assert page.run("return document.querySelectorAll('[data-table=proposals] tbody tr').length") > 150
        assert page.run("return [...document.querySelectorAll('[role=tabpanel]')].every((p) => p.offsetParent)")
        assert page.run("return document.querySelector('.filters').offsetParent") is None
        page.run("dispatchEvent(new Event('afterprint'))")
        assert page.run("return document.querySelectorAll('.fold[open]').length") == 0
    finally:
        page.command("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("opened", ["news", "fills"])
def test_print_counts_the_fills_unless_their_tab_is_open(show: Any, opened: str) -> None:
    page = show(usual())
    page.run("document.querySelector(arguments[0]).click()", f"#tab-{opened}")
    page.command("Emulation.setEmulatedMedia", media="print")
    try:
        page.run("dispatchEvent(new Event('beforeprint'))")
        table = page.run("return document.querySelector('[data-table=fills]').offsetParent")
        assert (table is not None) == (opened == "fills")
        heading = "return [...document.querySelectorAll('#panel-fills h2')].at(-1).offsetParent"
        assert page.run(heading) is not None
        page.run("dispatchEvent(new Event('afterprint'))")
    finally:
        page.command("Emulation.setEmulatedMedia", media="")


def test_paper_has_the_first_causes_of_ten_thousand_and_says_so(show: Any) -> None:
    page = show(large(10_000))
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run(SHOWN) == 200
    total = len(build_page(**large(10_000)).news.causes)
    note = "document.querySelector('#panel-news > .end').textContent"
    assert page.run(f"return {note}").startswith(f"On paper are the first 200 of {total:,} causes.")
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run(f"return {note}") == ""


def test_paper_has_several_causes_on_a_sheet(show: Any) -> None:
    """No cause was parted, and sheets were left half empty for it: 200 causes took more than 100 sheets."""
    page = show(large(300))
    sheets = len(re.findall(rb"/Type */Page\b", page.pdf()))
    causes = len(build_page(**large(300)).news.causes)
    assert sheets < min(causes, 200) / 2


def test_paper_says_how_many_records_of_a_cause_it_leaves_out(show: Any) -> None:
    """The first 200 of 769 records looked like all of them."""
    page = show(usual())
    page.command("Emulation.setEmulatedMedia", media="print")
    try:
        page.run("dispatchEvent(new Event('beforeprint'))")
        assert page.run("return document.querySelectorAll('.more-records').length") > 0
        every = "return [...document.querySelectorAll('.more-records > summary')].every((s) => s.offsetParent)"
        assert page.run(every)
        page.run("dispatchEvent(new Event('afterprint'))")
    finally:
        page.command("Emulation.setEmulatedMedia", media="")


def test_it_reads_without_scripts(show: Any) -> None:
    browser = show(usual())
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.reload()
        texts = browser.command("DOMSnapshot.captureSnapshot", computedStyles=[])["strings"]
    finally:
        browser.command("Emulation.setScriptExecutionDisabled", value=False)
    # The seventh cause is closed where scripts run, and its claim is no text of the page at all.
    assert "ACTIVE_COMPARATOR" in texts
    browser.requested()
    browser.reload()


def test_colours_reach_the_contrast_that_everybody_can_read(show: Any) -> None:
    page = show(usual())
    script = """
        const number = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number)
          .map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
          if (!/, 0\\)$/.test(c)) return c; } return "rgb(255, 255, 255)"; };
        return [...document.querySelectorAll("body *")].filter((e) => e.offsetParent
          && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => {
          const [a, b] = [number(getComputedStyle(e).color), number(ground(e))];
          return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), `${e.tagName} ${e.className} ${e.textContent}`];
        }).filter(([ratio]) => ratio < 4.5);"""
    try:
        for scheme in ("light", "dark"):
            page.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            assert page.run(script) == [], scheme
    finally:
        page.command("Emulation.setEmulatedMedia", features=[])


def test_ten_thousand_conflicts_open_and_draw_a_screenful_only(show: Any) -> None:
    page = show(large(10_000))
    total = int(page.run("return document.querySelector('#found').textContent").split()[0].replace(",", ""))
    assert total > 8_000
    assert 0 < page.run(SHOWN) < 300
    page.run("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait("document.querySelectorAll('#panel-news > .list > article').length > 60")
    page.press("/", "SYN-09998")
    page.wait("document.querySelectorAll('#panel-news > .list > article').length === 1")
    assert page.run("return document.querySelector('#panel-news .cause').textContent.includes('SYN-09998')")
