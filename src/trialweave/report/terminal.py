"""The page of one record in the terminal: record, study and concept side by side, the edges, every conflict."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trialweave.core.catalogue import BY_NAME, CATALOGUE
from trialweave.core.models import FIELDS, Claim, Conflict, Edge, FieldChoice, Found, Outcome, Severity, Unavailable
from trialweave.core.output import Enriched, outcome_name
from trialweave.report.plain import differences, plain

_STYLE: Mapping[str, str] = {
    "error": "bold red",
    "warning": "bold yellow",
    "info": "cyan",
    "match": "green",
    "mismatch": "bold red",
    "unverifiable": "yellow",
}
_MARK: Mapping[Severity, str] = {"error": "✗", "warning": "!", "info": "·"}
_SIDES = (("record", "record"), ("ctgov", "study"), ("ncit", "concept"))
_NARROW = 90
_LONG = 320


def show_record(console: Console, enriched: Enriched) -> None:
    """Print one record's page. It adapts to the width of the console, and says all without colour too."""
    console.print(_headline(enriched))
    console.print(Padding(_links(enriched), (0, 2)))
    console.print(Padding(_edges(enriched), (1, 2, 0, 2)))
    console.print(Padding(_fields(enriched, console.width), (1, 2, 0, 2)))
    if enriched.fills:
        console.print(Padding(_fills(enriched), (1, 2, 0, 2)))
    console.print(Padding(_conflicts(enriched, console.width), (1, 2)))


def _headline(enriched: Enriched) -> Text:
    name = enriched.record.get("drug_name")
    title = Text(plain(name.text) if name else "(no drug name)", style="bold")
    title.append(f"   record {plain(enriched.record.record_id)}", style="dim")
    if enriched.suspect:
        title.append(f"   suspect: {enriched.suspect}", style="bold red")
    return title


def _links(enriched: Enriched) -> Group:
    study, concept = enriched.study, enriched.concept
    study_title = study.brief_title.text if study and study.brief_title else ""
    state = f"{study.overall_status}. " if study and study.overall_status else ""
    return Group(
        _link("study", enriched.study_outcome, state + study_title, study.url if study else None),
        _link("concept", enriched.concept_outcome, concept.name if concept else "", concept.url if concept else None),
    )


def _link(label: str, outcome: Outcome, title: str, url: str | None) -> Text:
    text = Text(f"{label:8}", style="dim")
    text.append(_link_id(outcome), style="bold")
    if remarks := _remarks(outcome):
        text.append(f" ({', '.join(remarks)})", style="yellow")
    if isinstance(outcome, Unavailable):
        text.append(f" {plain(outcome.reason)}", style="yellow")
    if title:
        text.append(f"  {plain(title)}")
    if url:
        text.append(f"  {url}", style="dim")
    return text


def _remarks(outcome: Outcome) -> list[str]:
    if not isinstance(outcome, Found):
        return [outcome_name(outcome).replace("_", " ")]
    remarks = [f"alias of {outcome.id}"] if outcome.via == "alias" else []
    return [*remarks, "stale copy"] if outcome.stale else remarks


def _link_id(outcome: Outcome) -> str:
    raw = getattr(outcome, "requested_id", None) or getattr(outcome, "raw", None)
    return plain(raw) if raw else "-"


def _edges(enriched: Enriched) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, edge in enriched.edges.items():
        table.add_row(Text(name.replace("_", " - "), style="dim"), *_edge(edge))
    return table


def _edge(edge: Edge) -> tuple[Text, Text]:
    if edge.verdict is None:
        return Text("not compared", style="dim"), Text("one end is missing", style="dim")
    verdict = Text(edge.verdict + (f" ({edge.tier})" if edge.tier else ""), style=_STYLE[edge.verdict])
    if edge.matched is None:
        return verdict, Text("")
    return verdict, Text(f"{plain(edge.matched)!r} at {edge.path}")


def _fields(enriched: Enriched, width: int) -> RenderableType:
    rows = [(name, enriched.fields[name]) for name in FIELDS if enriched.fields[name].claims]
    if width < _NARROW:
        return Group(*(_stacked(name, choice) for name, choice in rows))
    table = Table(box=None, padding=(0, 1), show_edge=False, header_style="dim", expand=True)
    table.add_column("field", style="dim", ratio=2, overflow="fold")
    for _, label in _SIDES:
        table.add_column(label, ratio=3, overflow="fold")
    for name, choice in rows:
        table.add_row(name, *(_cell(choice, source) for source, _ in _SIDES))
    return table


def _stacked(name: str, choice: FieldChoice) -> Group:
    lines = [Text(name, style="dim")]
    for source, label in _SIDES:
        cell = _cell(choice, source)
        if cell.plain:
            lines.append(Text(f"  {label:8}").append_text(cell))
    return Group(*lines)


def _cell(choice: FieldChoice, source: str) -> Text:
    """One side's claim: `*` marks the chosen one; words that the chosen value lacks are marked."""
    claim = next((c for c in choice.claims if c.source == source), None)
    if claim is None:
        return Text("")
    value = _short(plain(str(claim.value)))
    if source == choice.source:
        return Text("* ", style="green").append(value)
    if choice.value is None:
        return Text(value)
    return _marked(value, _short(plain(choice.value)))


def _marked(mine: str, theirs: str) -> Text:
    text = Text()
    pieces = list(differences(mine, theirs))
    # Two texts that share nothing differ as a whole; marking every word of them would only be loud.
    if sum(len(piece) for piece, differs in pieces if not differs) < len(mine) / 4:
        return Text(mine)
    for piece, differs in pieces:
        text.append(piece, style="underline" if differs and piece.strip() else "")
    return text


def _fills(enriched: Enriched) -> Group:
    known = (Text(f"  {f.field}: {_short(plain(f.value))}  ({f.source} {f.evidence})") for f in enriched.fills)
    return Group(Text("The record leaves blank, and a source knows:", style="dim"), *known)


def _conflicts(enriched: Enriched, width: int) -> RenderableType:
    if not enriched.conflicts:
        return Text("No conflict.", style="green")
    return Group(*(_conflict(conflict, width) for conflict in enriched.conflicts))


def _conflict(conflict: Conflict, width: int) -> RenderableType:
    kind = BY_NAME[conflict.kind]
    head = Text(f"{_MARK[conflict.severity]} {conflict.severity}  ", style=_STYLE[conflict.severity])
    head.append(f"{kind.title}  ", style="bold").append(f"[{conflict.kind}, {conflict.field}]", style="dim")
    lines: list[RenderableType] = [head, Padding(Text(plain(conflict.message)), (0, 0, 0, 4))]
    lines += [Padding(_claim_line(claim, width), (0, 0, 0, 6)) for claim in conflict.claims]
    if conflict.suggestion is not None:
        proposal = Text("proposed  ", style="green")
        proposal.append(f"{conflict.suggestion.field} = {plain(conflict.suggestion.value)}", style="bold")
        proposal.append(f"  {plain(conflict.suggestion.why)}")
        lines.append(Padding(proposal, (0, 0, 0, 6)))
    lines.append(Padding(Text(kind.todo, style="italic"), (0, 0, 0, 4)))
    return Group(*lines)


def _claim_line(claim: Claim, width: int) -> Text:
    side = dict(_SIDES)[claim.source]
    value = _short(plain(str(claim.value)), max(80, 2 * width))
    return Text(f"{side:8}", style="dim").append(value).append(f"  {claim.path}", style="dim")


def _short(text: str, limit: int = _LONG) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def show_catalogue(console: Console) -> None:
    """Print every kind of conflict: what it is, why it matters, what to do, an example and a counter-example."""
    for kind in CATALOGUE:
        head = Text(f"{kind.name}  ", style="bold")
        for severity in kind.severities:
            head.append(f"{severity} ", style=_STYLE[severity])
        console.print(head.append(kind.title))
        for label, text in (("why", kind.why), ("do", kind.todo), ("yes", kind.example), ("no", kind.counter_example)):
            console.print(Padding(Text(f"{label:5}", style="dim").append(text), (0, 0, 0, 2)))
