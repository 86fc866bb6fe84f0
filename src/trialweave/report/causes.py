"""Conflicts gathered by their cause, in the order in which a curator takes them up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from trialweave.core.catalogue import BY_NAME
from trialweave.core.identifiers import CONCEPT_CODE, NCT_ID
from trialweave.core.models import SEVERITIES, SOURCE_NAMES
from trialweave.report.shown import Span, Spans, concept, hex16, marked, safe, study

Entry = Mapping[str, Any]
"""A conflict as `delta.json` and `conflicts.jsonl` hold it (DESIGN 5.2, 5.5)."""

Lookup = Callable[[str], Entry | None]
"""From a record_id to that record's line of `enriched.jsonl`, or None."""

SUSPECTS = {
    "study_link": "study link",
    "concept_link": "concept link",
    "record": "the record",
    "none": "no single suspect",
}
BECAUSE = {
    "study": "the study changed",
    "concept": "the concept changed",
    "release": "a new NCIt release",
    "record_edited": "the record was edited",
    "record_added": "new records",
    "rules": "other rules",
    "settings": "other settings",
    "acknowledgement_expired": "an acknowledgement ended",
}
_SOURCES = {"record": "Record", **SOURCE_NAMES}
_RECORDS = 200
_PROPOSALS = 3
_NAMED = 3
_SIDES = 6


@dataclass(frozen=True, slots=True)
class Words:
    """What the catalogue says about a kind."""

    title: str
    why: str
    todo: str


@dataclass(frozen=True, slots=True)
class Side:
    """One claim: who says it, where it was read, and the value with what the other side lacks marked."""

    source: str
    path: str
    value: Spans


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed edit. `scope` says whom it is for where it is not for all records of its cause."""

    field: str
    current: str
    value: Spans
    why: str
    evidence: tuple[str, ...]
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Affected:
    """A record behind a cause. `message` is set where it differs from the message of the cause."""

    record_id: str
    name: str
    links: Spans
    fingerprint: str | None
    note: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """One root with the records behind it. `total` counts them; `records` are the first of them."""

    id: str | None
    kind: str
    severity: str
    field: str
    message: str
    suspects: tuple[str, ...]
    because: tuple[str, ...]
    sides: tuple[Side, ...]
    proposals: tuple[Proposal, ...]
    records: tuple[Affected, ...]
    total: int

    @property
    def noted(self) -> bool:
        """Is there something to say about single records, beyond what is said about all of them?"""
        return any(record.message or (record.note and self.total > 1) for record in self.records)


@dataclass(slots=True)
class _Group:
    first: Entry
    members: list[Entry] = field(default_factory=list)


def words(kind: str) -> Words:
    """The catalogue's words; a kind that this version does not know speaks for itself."""
    known = BY_NAME.get(kind)
    return Words(safe(kind), "", "") if known is None else Words(known.title, known.why, known.todo)


def gather(entries: Iterable[Entry], lookup: Lookup, notes: Mapping[str, str] | None = None) -> tuple[Cause, ...]:
    """The causes behind conflicts: errors first, then by suspect, then those behind most records.

    `notes` says by fingerprint what is special about an entry ("changed").
    """
    groups: dict[str, _Group] = {}
    for entry in entries:
        key = str(entry.get("cause") or entry.get("fingerprint"))
        groups.setdefault(key, _Group(entry)).members.append(entry)
    return tuple(sorted((_cause(group, lookup, notes or {}) for group in groups.values()), key=_order))


def severity_of(entry: Entry) -> str:
    """The entry's severity, `info` for a word that is none."""
    return entry["severity"] if entry.get("severity") in SEVERITIES else "info"


def proposals_of(entry: Entry, line: Entry | None) -> tuple[Proposal, ...]:
    """The entry's proposed edit, with what the record, whose line is given, says now."""
    suggestion = entry.get("suggestion")
    if not suggestion:
        return ()
    named, value = safe(suggestion.get("field")), safe(suggestion.get("value"))
    current = _own_value(line, named)
    new = id_of(named, value) or (marked(value, current) if current else (Span("text", value),))
    evidence = tuple(safe(item) for item in suggestion.get("evidence") or ())
    return (Proposal(named, current, new, safe(suggestion.get("why")), evidence),)


def id_of(field_name: str, value: str) -> Spans:
    """The value as an id, where the field holds one of the two links; else nothing."""
    show = {"nct_id_drug_ref": study, "nci_thesaurus_concept_id": concept}.get(field_name)
    return show(value) if show else ()


def links_of(line: Entry | None) -> Spans:
    """The two ids of a record's line, as links where they are ids."""
    links = (line or {}).get("links") or {}
    spans: Spans = ()
    for name, show in (("study", study), ("concept", concept)):
        link = links.get(name) or {}
        spans += show(link.get("id") or link.get("requested_id"))
    return spans


def name_of(line: Entry | None) -> str:
    """The drug name of a record's line."""
    return _own_value(line, "drug_name")


def suspect_of(line: Entry | None) -> str:
    """The suspect of a record's line, `none` where there is no single one."""
    suspect = (line or {}).get("suspect")
    return suspect if suspect in SUSPECTS else "none"


def named_in(entry: Entry) -> str:
    """The drug name that a conflict itself shows; of a record that is gone there is no line."""
    mine = (c for c in entry.get("claims") or () if c.get("source") == "record")
    return safe(next((c.get("value") for c in mine if c.get("path") == "/drug_name"), None))


def _own_value(line: Entry | None, field_name: str) -> str:
    """What the record itself says for a field, whatever its column is called."""
    choice = ((line or {}).get("fields") or {}).get(field_name) or {}
    return safe(next((c.get("value") for c in choice.get("claims") or () if c.get("source") == "record"), None))


def _cause(group: _Group, lookup: Lookup, notes: Mapping[str, str]) -> Cause:
    first = group.first
    message = safe(first.get("message"))
    proposals: dict[Proposal, list[str]] = {}
    records: list[Affected] = []
    suspects: set[str] = set()
    total = 0
    for entry in group.members:
        ids = [entry["record_id"]] if entry.get("record_id") is not None else list(entry.get("record_ids") or ())
        total += len(ids)
        for record_id in ids:
            line = lookup(str(record_id))
            for proposal in proposals_of(entry, line):
                proposals.setdefault(proposal, []).append(safe(record_id))
            suspects.add(suspect_of(line))
            if len(records) < _RECORDS:
                records.append(_affected(record_id, entry, line, message, notes))
    return Cause(
        id=hex16(first.get("cause")),
        kind=safe(first.get("kind")),
        severity=min((severity_of(entry) for entry in group.members), key=SEVERITIES.index),
        field=safe(first.get("field")),
        message=message,
        suspects=tuple(name for name in SUSPECTS if name in suspects) or ("none",),
        because=tuple(dict.fromkeys(safe(e["because"]) for e in group.members if e.get("because"))),
        sides=_sides(first, records[0].name if records else ""),
        proposals=tuple(replace(p, scope=scope_of(ids, total)) for p, ids in proposals.items())[:_PROPOSALS],
        records=tuple(records),
        total=total,
    )


def scope_of(record_ids: Sequence[str], total: int) -> str:
    """Whom an edit is for, in words: one root does not mean one remedy. Nothing where it is for all `total` records."""
    if len(record_ids) == total:
        return ""
    named, rest = ", ".join(record_ids[:_NAMED]), len(record_ids) - _NAMED
    return f"for {len(record_ids):,} of {total:,} records: {named}" + (f" and {rest:,} more" if rest > 0 else "")


def _affected(record_id: object, entry: Entry, line: Entry | None, message: str, notes: Mapping[str, str]) -> Affected:
    fingerprint = hex16(entry.get("fingerprint"))
    own = safe(entry.get("message"))
    return Affected(
        record_id=safe(record_id),
        name=name_of(line) or named_in(entry),
        links=links_of(line),
        # A conflict across records has one fingerprint for all of them: acknowledging it by its cause is the same.
        fingerprint=fingerprint if entry.get("record_id") is not None else None,
        note=notes.get(fingerprint or "", ""),
        message="" if own == message else own,
    )


def _sides(entry: Entry, name: str) -> tuple[Side, ...]:
    claims = entry.get("claims") or ()
    shown = [(str(c.get("source")), safe(c.get("path")), safe(c.get("value"))) for c in claims][:_SIDES]
    mine = next((value for source, _, value in shown if source == "record"), shown[0][2] if shown else "")
    theirs = next((value for source, _, value in shown if source != "record"), None)
    if theirs is None:
        theirs = shown[1][2] if len(shown) > 1 else None
    codes = entry.get("field") == "nci_thesaurus_concept_id"
    sides: list[Side] = []
    for source, path, value in shown:
        other = theirs if value == mine else mine
        spans = _value(value, other, code=codes and value != name)
        sides.append(Side(_SOURCES.get(source, safe(source)), path, spans))
    return tuple(sides)


def _value(value: str, other: str | None, *, code: bool) -> Spans:
    """An id as a link, `code` telling whether a concept may be meant; else the text with what `other` lacks marked."""
    if NCT_ID.fullmatch(value):
        return study(value)
    if code and CONCEPT_CODE.fullmatch(value):
        return concept(value)
    return (Span("text", value),) if other is None or other == value else marked(value, other)


def _order(cause: Cause) -> tuple[int, int, int, str, str, str, str]:
    return (
        SEVERITIES.index(cause.severity),
        list(SUSPECTS).index(cause.suspects[0]),
        -cause.total,
        cause.kind,
        cause.records[0].name if cause.records else "",
        cause.field,
        cause.id or "",
    )
