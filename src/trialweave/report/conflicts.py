"""The conflicts of one record: both values side by side, where each was read, why it matters, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trialweave.core.catalogue import BY_NAME
from trialweave.core.models import Claim, Conflict, Suggestion
from trialweave.report.look import SIDES, Look, badge, grid, shown, soft
from trialweave.report.places import place
from trialweave.report.plain import plain
from trialweave.report.sides import Piece, Side, compare, folded, marked, shortened

_LABELS = 8
_LONG = 60
"""Characters from which two values stand in two columns, where the page is wide enough."""


def show_conflict(conflict: Conflict, look: Look) -> RenderableType:
    """One conflict."""
    kind = BY_NAME[conflict.kind]
    title = Text.assemble(badge(conflict.severity, conflict.severity.upper()), (f" {kind.title}", "bold"))
    parts: list[RenderableType] = [title, Text(plain(conflict.message)), Text()]
    if conflict.claims:
        parts += [_values(conflict.claims, look), Text()]
    advice = grid(_LABELS)
    advice.add_row(soft("why"), Text(kind.why))
    advice.add_row(soft("do"), Text(kind.todo, style="bold"))
    if conflict.suggestion is not None:
        advice.add_row(Text("proposed", style="bold green"), _proposal(conflict.suggestion, conflict.claims, look))
    advice.add_row(soft("kind"), soft(f"{conflict.kind}, on {conflict.field}; fingerprint {conflict.fingerprint}"))
    parts.append(advice)
    return Group(parts[0], Padding(Group(*parts[1:]), (0, 0, 1, 2)))


def _values(claims: Sequence[Claim], look: Look) -> RenderableType:
    """The values that disagree. Long ones stand in columns where the page is wide, all others below each other."""
    in_columns = look.wide and len(claims) > 1 and any(len(shown(claim.value)) > _LONG for claim in claims)
    columns = look.width // len(claims) - 4 if in_columns else look.width - _LABELS - 4
    texts = list(_marked(claims, look, columns))
    if in_columns:
        table = Table.grid(padding=(0, 3), expand=True)
        for _ in claims:
            table.add_column(ratio=1, overflow="fold")
        table.add_row(*(soft(SIDES[claim.source]) for claim in claims))
        table.add_row(*texts)
        table.add_row(*(_place(claim) for claim in claims))
        return table
    table = grid(_LABELS)
    for claim, text in zip(claims, texts, strict=True):
        table.add_row(soft(SIDES[claim.source]), text)
        table.add_row("", _place(claim))
    return table


def _marked(claims: Sequence[Claim], look: Look, columns: int) -> Iterator[Text]:
    """The text of each claim, with the words marked that differ from the first one's; the first by the second."""
    texts = [shown(claim.value) for claim in claims]
    limit = look.limit(columns)
    for index, text in enumerate(texts):
        side: Side = "theirs" if index else "mine"
        if len(texts) == 1:
            pieces: Sequence[Piece] = (Piece(text, False),)
        elif index:
            pieces = compare(texts[0], text)[1]
        else:
            pieces = compare(text, texts[1])[0]
        yield marked(folded(pieces, limit), side, colour=look.colour)


def _place(claim: Claim) -> Text:
    words = place(claim.source, claim.path)
    return soft(f"{plain(words)}  {plain(claim.path)}" if words else plain(claim.path))


def _proposal(suggestion: Suggestion, claims: Sequence[Claim], look: Look) -> Text:
    """The proposed edit; a long value that stands above already is not written out again."""
    value = plain(suggestion.value)
    above = next((SIDES[claim.source] for claim in claims if shown(claim.value) == value), None)
    if above is not None and len(value) > _LONG and not look.full:
        value = f"the text of the {above} above"
    value = shortened(value, look.limit(look.width - _LABELS))
    text = Text.assemble((f"{suggestion.field} = {value}", "bold"), f"\n{plain(suggestion.why)}")
    for evidence in suggestion.evidence:
        text.append(f"\n{plain(evidence)}", style="dim")
    return text
