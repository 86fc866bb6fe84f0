"""A record in two lines, for a table of many: the drug, its three edges as signs, and the worst that was found."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from trialweave.core.catalogue import BY_NAME
from trialweave.core.models import Unavailable
from trialweave.core.output import Enriched
from trialweave.report.causes import SUSPECTS
from trialweave.report.look import SEVERITY_MARK, SEVERITY_STYLE, VERDICT, show
from trialweave.report.plain import plain

_SHORT = 60
_NOT_COMPARED = ("-", "dim")
_OF_EITHER_LINK = frozenset({"id_malformed", "id_normalised", "link_missing"})
"""Kinds whose title does not tell which link it is about."""


def show_brief(console: Console, enriched: Enriched) -> None:
    """Print one record's lines. The signs stand for record - study, record - concept, study - concept."""
    line = Text()
    for edge in enriched.edges.values():
        sign, style = _NOT_COMPARED if edge.verdict is None else VERDICT[edge.verdict]
        line.append(sign, style).append(" ")
    name = enriched.record.get("drug_name")
    line.append(plain(name.text) if name else "(no drug name)", "bold")
    line.append(f"  {plain(enriched.record.record_id)}", "dim")
    if enriched.suspect:
        line.append(f"  suspect: {SUSPECTS[enriched.suspect]}")
    show(console, line)
    for outcome in (enriched.study_outcome, enriched.concept_outcome):
        if isinstance(outcome, Unavailable):
            told = Text(plain(f"{outcome.requested_id} is unavailable: {outcome.reason}"), "yellow")
            show(console, Padding(told, (0, 0, 0, 6)))
    for conflict in enriched.conflicts:
        mark = f" {SEVERITY_MARK[conflict.severity]} {conflict.severity} "
        told = Text(mark, SEVERITY_STYLE[conflict.severity]).append(f"  {BY_NAME[conflict.kind].title}", "not bold")
        if conflict.kind in _OF_EITHER_LINK:
            told.append(f": {conflict.field}")
        if conflict.suggestion is not None:
            told.append(f"; proposed: {_short(plain(conflict.suggestion.value))}", "dim")
        show(console, Padding(told, (0, 0, 0, 6)))


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1].rstrip()}…"
