"""The morning page as one HTML file that asks nobody for anything.

Safety (tested in a browser): jinja2 escapes every value; the rows and causes travel as JSON in a data block in which no
`<` is left, and the page's script sets text by `textContent` alone; links are made from ids of exactly the right form;
a Content-Security-Policy forbids everything but this very style and this very script, both named by their digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from trialweave.report.causes import BECAUSE, SUSPECTS, Cause, words
from trialweave.report.page import Page, Section
from trialweave.report.rows import Table
from trialweave.report.shown import as_json
from trialweave.report.trend import HEIGHT, WIDTH

STATIC_CAUSES = 200
"""Causes and rows of each list that stand in the page as HTML, for readers without scripts."""

_TEMPLATES = files("trialweave.report") / "templates"


def render(page: Page) -> str:
    """The page as HTML. Equal pages give equal text."""
    style, script = _asset("morning.css"), _asset("pieces.js") + _asset("morning.js")
    return (
        _environment()
        .get_template("morning.html.j2")
        .render(
            page=page,
            style=style,
            script=script,
            policy=_policy(style, script),
            data=_island(page),
            words=words,
            because=BECAUSE,
            suspects=SUSPECTS,
            static=STATIC_CAUSES,
            chart=(WIDTH, HEIGHT),
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    return environment


def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing from anywhere, and nothing inline but our own style and script. The icon is a data: image."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(asset: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(asset.encode("utf-8")).digest()).decode("ascii")


def _island(page: Page) -> str:
    """What the script shows, as JSON that can neither end its element nor start a comment in it."""
    sections = (page.news, *page.folds, page.standing.errors, page.across)
    tables = (page.resolved, page.fills, page.proposals, page.changes, page.unanswered)
    kinds = dict.fromkeys(cause.kind for section in sections for cause in section.causes)
    data = {
        "acknowledge": page.acknowledge,
        "because": BECAUSE,
        "suspects": SUSPECTS,
        "kinds": {kind: asdict(words(kind)) for kind in sorted(kinds)},
        "causes": {section.key: _causes(section) for section in sections},
        "tables": {table.key: _rows(table) for table in tables},
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _causes(section: Section) -> list[dict[str, Any]]:
    return [_cause(cause) for cause in section.causes]


def _cause(cause: Cause) -> dict[str, Any]:
    """One cause, without what is empty: ten thousand of them travel in one page."""
    shown = {
        "id": cause.id,
        "kind": cause.kind,
        "severity": cause.severity,
        "field": cause.field,
        "message": cause.message,
        "suspects": cause.suspects,
        "because": cause.because,
        "sides": [[side.source, side.path, as_json(side.value)] for side in cause.sides],
        "proposals": [[p.field, p.current, as_json(p.value), p.why, p.evidence, p.scope] for p in cause.proposals],
        "records": [[r.record_id, r.name, as_json(r.links), r.fingerprint, r.note, r.message] for r in cause.records],
        "total": cause.total,
    }
    return {key: value for key, value in shown.items() if value}


def _rows(table: Table) -> list[list[list[Any]]]:
    return [[as_json(cell) for cell in row] for row in table.rows]
