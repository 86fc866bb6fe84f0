"""The page of one record in the terminal: who it is, its links, its triangle, its conflicts, then all fields."""

from __future__ import annotations

from collections import Counter
from typing import assert_never

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from trialweave.core.catalogue import CATALOGUE
from trialweave.core.concept import Concept
from trialweave.core.models import (
    SEVERITIES,
    ClaimSource,
    Edge,
    EdgeName,
    Found,
    Invalid,
    NotFound,
    NotGiven,
    Outcome,
    Unavailable,
)
from trialweave.core.output import Enriched
from trialweave.core.study import Study
from trialweave.report.causes import SUSPECTS
from trialweave.report.conflicts import show_conflict
from trialweave.report.fields import show_fields, show_fills
from trialweave.report.look import VERDICT, Look, badge, grid, show, soft
from trialweave.report.places import place
from trialweave.report.plain import plain

_EDGES: dict[EdgeName, tuple[str, ClaimSource]] = {
    "record_study": ("record - study", "ctgov"),
    "record_concept": ("record - concept", "ncit"),
    "study_concept": ("study - concept", "ctgov"),
}
"""Edge -> what it is called, and whose payload its path points into."""


def show_record(console: Console, enriched: Enriched, *, full: bool = False) -> None:
    """Print one record's page. It adapts to the width of the console, and says all without colour too.

    `full` shows long texts whole instead of folded to what differs.
    """
    look = Look.of(console, full=full)
    show(console, Rule(style="dim", characters="─"))
    show(console, _headline(enriched))
    console.print()
    _show_links(console, enriched)
    console.print()
    show(console, _edges(enriched, look))
    console.print()
    for conflict in enriched.conflicts:
        show(console, show_conflict(conflict, look))
    if any(choice.claims for choice in enriched.fields.values()):
        show(console, _title("Fields", "= the same, ≈ but for spelling, * chosen where the sides differ", look))
        show(console, Padding(show_fields(enriched, look), (0, 0, 1, 2)))
    if enriched.fills:
        show(console, _title("Blank in the record, known to a source", "", look))
        show(console, Padding(show_fills(enriched, look), (0, 0, 1, 2)))


def _title(words: str, remark: str, look: Look) -> Text:
    return Text.assemble((words, "bold"), ("" if look.narrow else f"   {remark}", "dim"))


def _headline(enriched: Enriched) -> Text:
    record = enriched.record
    name = record.get("drug_name") or record.get("nci_thesaurus_preferred_term")
    suspect = f"  suspect: {SUSPECTS[enriched.suspect]}" if enriched.suspect else ""
    return Text.assemble(
        (plain(name.text) if name else "(no drug name)", "bold"),
        "\n",
        _verdict(enriched),
        (suspect, "bold red"),
        "\n",
        (f"record {plain(record.record_id)}, {plain(record.origin.file)} line {record.origin.line}", "dim"),
    )


def _verdict(enriched: Enriched) -> Text:
    """How many conflicts by severity, the worst first. That there is none is no good news where nobody answered."""
    counts = Counter(conflict.severity for conflict in enriched.conflicts)
    if not counts:
        if any(isinstance(outcome, Unavailable) for outcome in (enriched.study_outcome, enriched.concept_outcome)):
            return Text("no conflict in what could be asked about", style="bold yellow")
        return Text("no conflict", style="bold green")
    present = [severity for severity in SEVERITIES if counts[severity]]
    return Text(" ").join(
        badge(s, f"{counts[s]} {s}" + ("s" if counts[s] > 1 and s != "info" else "")) for s in present
    )


# ---------------------------------------------------------------- links


def _show_links(console: Console, enriched: Enriched) -> None:
    study, concept = enriched.study, enriched.concept
    title = study.brief_title if study else None
    state = _study_state(study) if study else ""
    _show_link(console, "study", enriched.study_outcome, state, title.text if title else "", study.url if study else "")
    state = _concept_state(concept) if concept else ""
    _show_link(
        console,
        "concept",
        enriched.concept_outcome,
        state,
        concept.name if concept else "",
        concept.url if concept else "",
    )


def _show_link(console: Console, side: str, outcome: Outcome, state: str, title: str, url: str) -> None:
    table = grid(len("concept"))
    became = (f"  {_became(outcome)}", "" if isinstance(outcome, Found) else "red")
    head = Text.assemble((plain(_given(outcome)), "bold"), became, f", {plain(state)}" if state else "")
    table.add_row(soft(side), head)
    if title:
        table.add_row("", Text(plain(title)))
    show(console, table)
    if url:
        # On a line of its own and never broken, so that it can be clicked and copied.
        console.print(Text(" " * 8 + url, style="dim"), no_wrap=True, overflow="ignore", crop=False)


def _given(outcome: Outcome) -> str:
    match outcome:
        case Invalid():
            return repr(outcome.raw)
        case NotGiven():
            return "(blank)"
        case Found() | NotFound() | Unavailable():
            return outcome.requested_id
        case _:
            assert_never(outcome)


def _became(outcome: Outcome) -> str:
    """What became of a link, in words."""
    match outcome:
        case Found():
            alias = f"found as {outcome.id}, of which it is an alias" if outcome.via == "alias" else "found"
            return alias + (f" (stale copy of {outcome.fetched_at})" if outcome.stale else "")
        case NotFound():
            asked = f" in {plain(outcome.source_version)}" if outcome.source_version else ""
            return f"not found{asked}" + (" (stale answer)" if outcome.stale else "")
        case Unavailable():
            return f"unavailable: {plain(outcome.reason)}"
        case Invalid():
            return f"no id: {plain(outcome.reason)}"
        case NotGiven():
            return "not given"
        case _:
            assert_never(outcome)


def _study_state(study: Study) -> str:
    if study.overall_status is None:
        return ""
    return study.overall_status + (f" (last known {study.last_known_status})" if study.last_known_status else "")


def _concept_state(concept: Concept) -> str:
    remarks = ["retired"] if concept.retired else []
    remarks += {"no": ["not a drug"], "class": ["a class of drugs"]}.get(concept.is_drug, [])
    if not remarks and concept.status not in (None, "DEFAULT"):
        remarks.append(str(concept.status))
    return ", ".join([*remarks, f"NCIt {concept.release}"] if concept.release else remarks)


# ---------------------------------------------------------------- triangle


def _edges(enriched: Enriched, look: Look) -> RenderableType:
    table = grid(len("record - concept"))
    for name, edge in enriched.edges.items():
        label, far_end = _EDGES[name]
        table.add_row(soft(label), _edge(edge, far_end, look))
    return table


def _edge(edge: Edge, far_end: ClaimSource, look: Look) -> Text:
    if edge.verdict is None:
        return soft("not compared, one end is missing")
    sign, style = VERDICT[edge.verdict]
    text = Text.assemble((f"{sign} {edge.verdict}", style), f" ({edge.tier})" if edge.tier else "")
    if edge.matched is not None and edge.path is not None:
        where = soft(f"  {place(far_end, edge.path)}  {edge.path}")
        text = Text.assemble(text, "\n" if look.narrow else "  ", plain(edge.matched), where)
    return text


# ---------------------------------------------------------------- catalogue


def show_catalogue(console: Console) -> None:
    """Print every kind of conflict: what it is, why it matters, what to do, an example and a counter-example."""
    for kind in CATALOGUE:
        badges = Text(" ").join(badge(severity, severity) for severity in kind.severities)
        show(console, Text.assemble((kind.name, "bold"), " ", badges, f" {kind.title}"))
        table = grid(len("why"))
        for label, text in (("why", kind.why), ("do", kind.todo), ("yes", kind.example), ("no", kind.counter_example)):
            table.add_row(soft(label), Text(text))
        show(console, Padding(table, (0, 0, 1, 2)))
