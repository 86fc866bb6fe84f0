"""The fields as record, study and concept have them, equal values once; and what the record leaves blank."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trialweave.core.models import FIELDS, Claim, ClaimSource, FieldChoice
from trialweave.core.output import Enriched
from trialweave.core.text import squash
from trialweave.report.look import SIDES, Look, grid, shown, soft
from trialweave.report.places import place
from trialweave.report.plain import plain
from trialweave.report.sides import Piece, compare, folded, marked, shortened

_NAMES = max(len(name) for name in FIELDS)
_LABELS = len("concept")


def show_fields(enriched: Enriched, look: Look) -> RenderableType:
    """Every field that anybody says something about, but for those that `show_fills` shows."""
    filled = {fill.field for fill in enriched.fills}
    choices = {name: enriched.fields[name] for name in FIELDS if name not in filled}
    fields = [_Field(name, choice) for name, choice in choices.items() if choice.claims]
    used = [source for source in SIDES if any(source in field.claims for field in fields)]
    if look.very_wide and len(used) > 1:
        return _columns(fields, used, look)
    return _listed(fields, look)


class _Field:
    """One field: its first claim, and how the others stand to it."""

    def __init__(self, name: str, choice: FieldChoice) -> None:
        self.name = name
        self.claims: Mapping[ClaimSource, Claim] = {claim.source: claim for claim in choice.claims}
        self.first = choice.claims[0]
        self.texts = {source: shown(claim.value) for source, claim in self.claims.items()}
        self._chosen = choice.source

    def same(self, source: ClaimSource) -> str:
        """`=` where a claim equals the first one, `≈` where they differ by spelling only, else nothing."""
        mine, theirs = self.texts[self.first.source], self.texts[source]
        if mine == theirs:
            return "="
        return "≈" if squash(mine) == squash(theirs) != "" else ""

    @property
    def differing(self) -> list[ClaimSource]:
        """The sources whose claims say something else than the first one."""
        return [source for source in self.claims if not self.same(source)]

    def text(self, source: ClaimSource, look: Look, columns: int) -> Text:
        """A claim's text with the differing words marked. Where claims differ, `*` stands before the chosen one."""
        value = marked(
            folded(self._pieces(source), look.limit(columns)),
            "mine" if source == self.first.source else "theirs",
            colour=look.colour,
        )
        wins = self._chosen is not None and (source == self._chosen or (source == self.first.source and self._shared))
        return Text.assemble(("* ", "bold green"), value) if self.differing and wins else value

    @property
    def _shared(self) -> bool:
        """Does the first claim say the same as the chosen one?"""
        return self._chosen in self.claims and bool(self.same(self._chosen))  # type: ignore[arg-type]

    def _pieces(self, source: ClaimSource) -> tuple[Piece, ...]:
        mine = self.texts[self.first.source]
        if source != self.first.source:
            return compare(mine, self.texts[source])[1]
        for other in self.differing:
            pieces = compare(mine, self.texts[other])[0]
            if len(pieces) > 1:
                return pieces
        return (Piece(mine, False),)


def _columns(fields: list[_Field], used: list[ClaimSource], look: Look) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, expand=True, header_style="dim")
    table.add_column("", style="dim", no_wrap=True)
    for source in used:
        table.add_column(SIDES[source], ratio=3 if source == "record" else 2, overflow="fold")
    each = (look.width - _NAMES) // (len(used) + 1)
    for field in fields:
        table.add_row(field.name, *(_cell(field, source, look, each) for source in used))
    return table


def _cell(field: _Field, source: ClaimSource, look: Look, columns: int) -> Text:
    if source not in field.claims:
        return Text()
    if source != field.first.source and (sign := field.same(source)):
        return soft(f"{sign} {SIDES[field.first.source]}")
    return field.text(source, look, columns)


def _listed(fields: list[_Field], look: Look) -> Table:
    """A line for each value; sides that say the same share it, and what the record says alone needs no label."""
    table = Table.grid(padding=(0, 2, 0, 0))
    if not look.narrow:
        table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    columns = look.width - 4 - (0 if look.narrow else _NAMES + 2)
    for field in fields:
        values = _values(field, look, columns)
        if look.narrow:
            table.add_row(soft(field.name))
            table.add_row(Padding(values, (0, 0, 0, 2)))
        else:
            table.add_row(field.name, values)
    return table


def _values(field: _Field, look: Look, columns: int) -> RenderableType:
    equal = [f"{sign} {SIDES[s]}" for s in field.claims if s != field.first.source and (sign := field.same(s))]
    first = field.text(field.first.source, look, columns).append("  " * bool(equal) + " ".join(equal), style="dim")
    if not field.differing and field.first.source == "record":
        return first
    table = grid(_LABELS)
    table.add_row(soft(SIDES[field.first.source]), first)
    for source in field.differing:
        table.add_row(soft(SIDES[source]), field.text(source, look, columns - _LABELS))
    return table


def show_fills(enriched: Enriched, look: Look) -> RenderableType:
    """What a source knows and the record left blank."""
    table = grid(0 if look.narrow else _NAMES)
    for fill in enriched.fills:
        value = Text(shortened(plain(fill.value), look.limit(look.width - _NAMES)))
        value.append(f"\n{SIDES[fill.source]}, {place(fill.source, fill.evidence)}  {fill.evidence}", style="dim")
        if look.narrow:
            table.add_row("", Text.assemble((f"{fill.field}\n", "dim"), value))
        else:
            table.add_row(soft(fill.field), value)
    return table
