"""The tables of the morning page: everything that is better read in rows than in cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from trialweave.core.models import SOURCE_NAMES
from trialweave.report.causes import (
    BECAUSE,
    Cause,
    Entry,
    Lookup,
    Proposal,
    id_of,
    links_of,
    name_of,
    words,
)
from trialweave.report.shown import Span, Spans, concept, joined, marked, safe, study, text

ROWS = 5_000
"""Rows of one table that the page carries; the others stand in the files of the run."""

_NAMED = 4
_WHAT = {
    "status": "status",
    "intervention_renamed": "intervention renamed",
    "intervention_gone": "intervention gone",
    "study_gone": "study gone",
    "concept_renamed": "concept renamed",
    "concept_retired": "concept retired",
    "concept_merged": "concept merged",
    "concept_redefined": "concept redefined",
}

Row = tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are the first ROWS of `total`; `empty` is what stands there when there is none.

    `counted` is the number that the page shows for the table where its rows stand for more than themselves.
    """

    key: str
    title: str
    lead: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    empty: str
    counted: int | None = None

    @property
    def number(self) -> int:
        return self.total if self.counted is None else self.counted


def resolved(causes: Sequence[Cause], conflicts: int) -> Table:
    """What went away, by cause; the table counts conflicts."""
    table = _table(
        "resolved",
        "Resolved",
        "These were checked again in this run and are no more.",
        ("Conflict", "Records", "Field", "Because"),
        (_resolved(cause) for cause in causes),
        "Nothing was resolved since the last run.",
    )
    return replace(table, counted=conflicts)


def fills(entries: Iterable[Entry], find: Lookup) -> Table:
    """What a source knows and the record left blank."""
    return _table(
        "fills",
        "Fills",
        "The record leaves these blank, and a source knows them. Offers, not conflicts.",
        ("Record", "Field", "Value", "Read at"),
        (_fill(entry, find) for entry in entries),
        "No source knows a value that a record leaves blank.",
    )


def unanswered(entries: Iterable[Entry], find: Lookup) -> Table:
    """The links that nobody could say anything about."""
    return _table(
        "unanswered",
        "Links without an answer",
        "What these lead to could not be asked, and no copy stands in: their records are checked when it can be.",
        ("Record", "Source", "Id"),
        (_unanswered(entry, find) for entry in entries),
        "Every link has an answer.",
    )


def source_changes(entries: Iterable[Entry], find: Lookup) -> Table:
    """What changed upstream behind the records, whether or not it caused a conflict."""
    return _table(
        "changes",
        "Source changes",
        "What moved upstream since the last run, whether or not a conflict came of it.",
        ("Id", "What", "Before", "After", "Records"),
        (_change(entry, find) for entry in entries),
        "Neither source changed anything that a record links to.",
    )


def acknowledgements(entries: Iterable[Entry], day: date | None) -> Table:
    """The acknowledgements in force; those that end within a week or that met nothing say so."""
    return _table(
        "acknowledgements",
        "Acknowledgements",
        "",
        ("For", "Reason", "Author", "Until", "State"),
        (_acknowledgement(entry, day) for entry in sorted(entries, key=lambda e: str(e.get("until")))),
        "Nobody acknowledged anything.",
    )


def _table(key: str, title: str, lead: str, columns: tuple[str, ...], rows: Iterable[Row], empty: str) -> Table:
    kept: list[Row] = []
    total = 0
    for row in rows:
        total += 1
        if len(kept) < ROWS:
            kept.append(row)
    return Table(key, title, lead, columns, tuple(kept), total, empty)


def _record(record_id: object, line: Entry | None) -> Spans:
    return joined((_called(name_of(line), record_id), *((link,) for link in links_of(line))), " ")


def _called(name: str, record_id: object) -> Spans:
    return joined((text(name, "strong"), text(record_id, "soft")), " ")


def proposal_row(proposal: Proposal, entry: Entry, line: Entry | None) -> Row:
    """A proposed edit with its record, and what the record says now."""
    return (
        _record(entry["record_id"], line),
        text(proposal.field, "code"),
        id_of(proposal.field, proposal.current) or text(proposal.current),
        proposal.value,
        text(proposal.why),
    )


def _resolved(cause: Cause) -> Row:
    named = [_called(r.name, r.record_id) for r in cause.records[:_NAMED]]
    return (
        (Span("severity", cause.severity), Span("text", words(cause.kind).title)),
        _more(named, cause.total),
        text(cause.field, "code"),
        text(", ".join(BECAUSE.get(reason, reason) for reason in cause.because)),
    )


def _fill(entry: Entry, find: Lookup) -> Row:
    return (
        _record(entry.get("record_id"), find(str(entry.get("record_id")))),
        text(entry.get("field"), "code"),
        text(entry.get("value")),
        joined(
            (
                text(SOURCE_NAMES.get(str(entry.get("source")), entry.get("source"))),
                text(entry.get("evidence"), "soft"),
            ),
            " ",
        ),
    )


def _unanswered(entry: Entry, find: Lookup) -> Row:
    source, show = str(entry.get("source")), study if entry.get("source") == "ctgov" else concept
    line = find(str(entry.get("record_id")))
    return (
        _called(name_of(line), entry.get("record_id")),
        text(SOURCE_NAMES.get(source, source)),
        show(entry.get("id")),
    )


def _change(entry: Entry, find: Lookup) -> Row:
    show = study if entry.get("source") == "ctgov" else concept
    before, after = safe(entry.get("before")), safe(entry.get("after"))
    ids = list(entry.get("record_ids") or ())
    return (
        show(entry.get("id")),
        text(_WHAT.get(str(entry.get("what")), entry.get("what"))),
        marked(before, after),
        marked(after, before),
        _more([_called(name_of(find(str(record_id))), record_id) for record_id in ids[:_NAMED]], len(ids)),
    )


def _acknowledgement(entry: Entry, day: date | None) -> Row:
    return (
        text(entry.get("fingerprint") or entry.get("cause"), "code"),
        text(entry.get("reason")),
        text(entry.get("author")),
        text(entry.get("until")),
        _acknowledged(entry, day),
    )


def _acknowledged(entry: Entry, day: date | None) -> Spans:
    if entry.get("unused"):
        return text("met nothing: take it out", "strong")
    try:
        until = date.fromisoformat(str(entry.get("until")))
    except ValueError:
        return text("no end date", "strong")
    if day is None or until >= day + timedelta(days=7):
        return text("in force", "soft")
    return text("ends this week" if until >= day else "ended", "strong")


def _more(named: Sequence[Spans], total: int) -> Spans:
    rest = total - len(named)
    return joined(named) + (text(f" and {rest:,} more", "soft") if rest > 0 else ())
