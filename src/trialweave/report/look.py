"""How a page is laid out: its width, whether there is colour, how much of a long text is shown, signs and styles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console, RenderableType
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from trialweave.core.models import ClaimSource, Severity, Verdict
from trialweave.report.plain import plain

NARROW = 72
"""Below this many columns labels stand above their values."""

WIDE = 110
"""From this many columns on, two long values of a conflict stand in two columns."""

VERY_WIDE = 140
"""From this many columns on, each side has a column in the table of fields."""

SIDES: Mapping[ClaimSource, str] = {"record": "record", "ctgov": "study", "ncit": "concept"}

SEVERITY_STYLE: Mapping[Severity, str] = {
    "error": "bold white on red",
    "warning": "bold black on yellow",
    "info": "black on cyan",
}
SEVERITY_MARK: Mapping[Severity, str] = {"error": "✗", "warning": "!", "info": "·"}
VERDICT: Mapping[Verdict, tuple[str, str]] = {
    "match": ("✓", "bold green"),
    "mismatch": ("✗", "bold red"),
    "unverifiable": ("?", "bold magenta"),
}
"""Verdict -> sign and style. The styles are readable on dark and on light; the signs and words say all without them."""

_NO_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True)
class Look:
    """What the page may use."""

    width: int
    colour: bool
    full: bool = False

    @classmethod
    def of(cls, console: Console, *, full: bool) -> Look:
        """The look that suits a console."""
        return cls(console.width, console.color_system is not None, full)

    @property
    def narrow(self) -> bool:
        return self.width < NARROW

    @property
    def wide(self) -> bool:
        return self.width >= WIDE

    @property
    def very_wide(self) -> bool:
        return self.width >= VERY_WIDE

    def limit(self, columns: int) -> int:
        """Characters of one text that are shown in so many columns of the page: about five lines."""
        return _NO_LIMIT if self.full else max(120, 5 * columns)


def show(console: Console, page: RenderableType) -> None:
    """Print a part of a page without the blanks that fill its lines, which would wrap in a narrower window."""
    coloured = console.color_system is not None
    for line in console.render_lines(page, pad=False):
        console.print(Segments([*_trimmed(line, coloured=coloured), Segment.line()]))


def _trimmed(line: list[Segment], *, coloured: bool) -> list[Segment]:
    """The line without blanks at its end; a blank with a colour behind it is part of a badge."""
    while line:
        text, style, _ = line[-1]
        if coloured and style is not None and style.bgcolor is not None:
            break
        if stripped := text.rstrip():
            return [*line[:-1], Segment(stripped, style)]
        line = line[:-1]
    return line


def shown(value: Any) -> str:
    """Any value of a row or a payload as safe text."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return plain("; ".join(value))
    return plain(json.dumps(value, ensure_ascii=False, default=str))


def soft(text: str) -> Text:
    """What stands back: labels, pointers, ids for other commands."""
    return Text(text, style="dim")


def badge(severity: Severity, words: str) -> Text:
    """A severity with its sign, such as `✗ ERROR`."""
    return Text(f" {SEVERITY_MARK[severity]} {words} ", style=SEVERITY_STYLE[severity])


def grid(label_width: int) -> Table:
    """Labels to the left, what they label to the right."""
    table = Table.grid(padding=(0, 1), expand=False)
    table.add_column(no_wrap=True, min_width=label_width)
    table.add_column(overflow="fold")
    return table
