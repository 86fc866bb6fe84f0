"""The morning page as HTML, read back with a parser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from report.morning import usual
from report.sample import conflict, digest, large, line, record_id, summary
from trialweave.core.catalogue import CATALOGUE
from trialweave.core.models import SEVERITIES
from trialweave.report.causes import BECAUSE, SUSPECTS
from trialweave.report.html import STATIC_CAUSES, render
from trialweave.report.page import build_page

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    "\"><svg onload=alert(4)>' onmouseover='alert(5)",
    "</noscript></style></textarea><!--<b>",
    "</script ><script >alert(7)</script >",
    "<!--<script ",
    "javascript:alert(6)",
    "{{ 7 * 7 }}{% raw %}",
    "safe\u202etxt.exe\u2066\x1b]0;title\x07",
    "https://evil.example/x?<a href='https://evil.example'>",
)


class Reader(HTMLParser):
    """What a page is made of. A script's text is data to it, as it is to a browser."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: dict[str, int] = {}
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._inside = tag if tag in self.raw else ""
        if self._inside:
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[self._inside][-1] += data
        else:
            self.text.append(data)

    @property
    def island(self) -> Any:
        return json.loads(self.raw["script"][0])


def hostile(payload: str) -> dict[str, Any]:
    """A morning in which every text of a source, of a record and of a person is the payload."""
    suggestion = {"field": payload, "value": payload, "why": payload, "evidence": [payload]}
    entry = conflict(
        "concept_different_drug",
        1,
        payload,
        payload,
        [{"source": source, "path": payload, "value": payload} for source in ("record", "ctgov", payload)],
        suggestion=suggestion,
        because="study",
        first_seen_run=payload,
    )
    unknown = entry | {
        "kind": payload,
        "cause": payload,
        "severity": payload,
        "because": payload,
        "fingerprint": payload,
    }
    link = {"requested_id": payload, "id": payload, "outcome": payload}
    known = line(1) | {
        "suspect": payload,
        "links": {"study": link, "concept": link},
        "fields": {"drug_name": {"claims": [{"source": "record", "path": payload, "value": payload}]}},
    }
    change = {"source": "ctgov", "id": payload, "what": payload, "before": payload, "after": payload}
    return {
        "summary": summary(
            headline=payload,
            run_id=payload,
            sources={name: {"version": payload} for name in ("ctgov", "ncit")},
            input_digest=payload,
        ),
        "delta": {
            "since": payload,
            "new": [entry, unknown],
            "changed": [],
            "resolved": [unknown],
            "standing": 1,
            "source_changes": [change | {"record_ids": [payload]}],
        },
        "conflicts": [entry, unknown, entry | {"fingerprint": digest("x"), "acknowledged_until": None}],
        "lookup": lambda _: known,
        "history": [summary(run_id=payload)],
        "across": [{k: v for k, v in entry.items() if k != "record_id"} | {"record_ids": [payload]}],
        "fills": [{"record_id": payload, "field": payload, "value": payload, "source": payload, "evidence": payload}],
        "acknowledgements": [{"fingerprint": payload, "reason": payload, "author": payload, "until": payload}],
        "gates": [{"name": payload, "passed": False, "message": payload}],
    }


@pytest.mark.parametrize("payload", HOSTILE)
def test_whatever_a_payload_says_stays_text(payload: str) -> None:
    tame, wild = Reader(render(build_page(**hostile("tame")))), Reader(render(build_page(**hostile(payload))))
    assert wild.tags == tame.tags
    assert [(tag, name) for tag, name, _ in wild.attributes] == [(tag, name) for tag, name, _ in tame.attributes]
    assert not set("<>&") & set(wild.raw["script"][0])
    assert wild.raw["script"][1:] == tame.raw["script"][1:]
    assert wild.raw["style"] == tame.raw["style"]
    assert not any(name.startswith("on") or name == "style" for _, name, _ in wild.attributes)
    shown = wild.island["causes"]["news"][0]["message"]
    assert shown in "".join(wild.text)
    assert not set("\u202e\u2066\x1b\x07") & set(shown)


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_address_of_a_payload_is_a_link(payload: str) -> None:
    reader = Reader(render(build_page(**hostile(payload))))
    addresses = [value for _, name, value in reader.attributes if name in ("href", "src", "action", "data", "srcset")]
    assert all(re.fullmatch(r"#[\w-]+|data:image/svg\+xml,.*", address) for address in addresses)


def test_the_links_of_a_page_are_studies_and_concepts_and_nothing_else() -> None:
    reader = Reader(render(build_page(**usual())))
    links = {value for tag, name, value in reader.attributes if (tag, name) == ("a", "href")}
    study = re.compile(r"https://clinicaltrials\.gov/study/NCT\d{8}")
    concept = re.compile(
        r"https://ncithesaurus\.nci\.nih\.gov/ncitbrowser/ConceptReport\.jsp\?dictionary=NCI_Thesaurus&code=C[1-9]\d*"
    )
    away = {link for link in links if not link.startswith("#")}
    assert all(study.fullmatch(link) or concept.fullmatch(link) for link in away)
    assert any(study.fullmatch(link) for link in away)
    assert any(concept.fullmatch(link) for link in away)


def test_the_policy_names_this_style_and_this_script_and_nothing_else() -> None:
    reader = Reader(render(build_page(**usual())))
    (policy,) = [
        value for tag, name, value in reader.attributes if tag == "meta" and name == "content" and "src" in value
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": named(reader.raw["style"][0]),
        "script-src": named(reader.raw["script"][1]),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def named(asset: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(asset.encode()).digest()).decode()}'"


def test_equal_runs_give_equal_pages_however_long_they_took() -> None:
    again = usual()
    again["summary"] |= {"finished_at": "2026-11-23T09:00:00Z", "store": {"hit": 5}}
    again["summary"]["sources"]["ctgov"] |= {"requests": 4_711}
    assert render(build_page(**again)) == render(build_page(**usual()))


def test_every_kind_severity_suspect_and_reason_has_its_words_on_the_page() -> None:
    entries = [
        conflict(kind.name, number, "drug_name", f"message {number}", [], because=list(BECAUSE)[number % len(BECAUSE)])
        for number, kind in enumerate(CATALOGUE)
    ]
    for number, entry in enumerate(entries):
        entry["severity"] = SEVERITIES[number % len(SEVERITIES)]
    suspects = [*(name for name in SUSPECTS if name != "none"), None]
    known = {record_id(n): line(n, suspects[n % len(suspects)]) for n in range(len(entries))}
    page = " ".join(Reader(render(build_page(summary(), conflicts=entries, lookup=known))).text)
    for kind in CATALOGUE:
        assert kind.title in page
        assert kind.why in page
        assert kind.todo in page
    for words in (*SEVERITIES, *BECAUSE.values(), *(f"suspect: {SUSPECTS[s]}" for s in suspects if s)):
        assert words in page


def test_the_page_credits_its_sources_with_date_and_release() -> None:
    page = " ".join(Reader(render(build_page(**usual()))).text)
    assert "ClinicalTrials.gov, U.S. National Library of Medicine, data of 2026-11-20." in page
    assert "NCI Thesaurus, National Cancer Institute, release 26.10d, licensed under CC BY 4.0." in page


def test_an_empty_summary_still_makes_a_page() -> None:
    assert "version not known" in " ".join(Reader(render(build_page({}))).text)


def test_ten_thousand_conflicts_weigh_less_than_ten_megabytes() -> None:
    page = render(build_page(**large(10_000)))
    reader = Reader(page)
    assert len(page.encode()) < 10_000_000
    assert len(reader.island["causes"]["news"]) == sum(1 for _ in {c["cause"] for c in large(10_000)["conflicts"]})
    assert reader.tags["article"] == STATIC_CAUSES
