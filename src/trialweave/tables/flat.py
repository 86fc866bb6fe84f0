"""The flat view of an enriched record: one row of text, counts and flags, for CSV and Parquet.

Lists are joined with "; ". Nothing is lost: the record, the fills and the conflicts stand whole, as JSON, at the end.
Adding a column is a minor change, any other a major one, as for the JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trialweave.core.models import EDGES, FIELDS, SEVERITIES

FlatKind = Literal["text", "count", "flag"]
FlatValue = str | int | bool | None


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column of the flat view. `path` leads to its value in the enriched record; one that ends early is null."""

    name: str
    kind: FlatKind
    path: tuple[str, ...]


def _texts(prefix: str, path: tuple[str, ...], *names: str) -> tuple[FlatColumn, ...]:
    return tuple(FlatColumn(f"{prefix}_{name}", "text", (*path, name)) for name in names)


def _link(name: str) -> tuple[FlatColumn, ...]:
    path = ("links", name)
    return (
        *_texts(name, path, "outcome", "requested_id", "id", "via", "source_version", "fetched_at"),
        FlatColumn(f"{name}_stale", "flag", (*path, "stale")),
    )


def _edge(name: str) -> tuple[FlatColumn, ...]:
    return (
        FlatColumn(name, "text", ("edges", name, "verdict")),
        FlatColumn(f"{name}_tier", "text", ("edges", name, "tier")),
    )


FLAT_COLUMNS: tuple[FlatColumn, ...] = (
    FlatColumn("record_id", "text", ("record_id",)),
    *(FlatColumn(name, "text", ("fields", name, "value")) for name in FIELDS),
    *_link("study"),
    *_link("concept"),
    *(column for edge in EDGES for column in _edge(edge)),
    FlatColumn("suspect", "text", ("suspect",)),
    *(FlatColumn(f"conflicts_{severity}", "count", ("conflicts_by_severity", severity)) for severity in SEVERITIES),
    FlatColumn("conflict_kinds", "text", ("conflict_kinds",)),
    FlatColumn("study_type", "text", ("study", "study_type")),
    *_texts("study", ("study",), "overall_status", "phases", "why_stopped", "conditions", "url"),
    *(
        FlatColumn(f"study_{name}", "text", ("study", name, "date"))
        for name in ("start", "primary_completion", "completion")
    ),
    FlatColumn("study_enrollment", "count", ("study", "enrollment", "count")),
    FlatColumn("study_lead_sponsor", "text", ("study", "lead_sponsor", "name")),
    FlatColumn("study_has_results", "flag", ("study", "has_results")),
    *_texts("concept", ("concept",), "name", "status", "is_drug", "semantic_types", "release", "url"),
    FlatColumn("fills_json", "text", ("fills_json",)),
    FlatColumn("conflicts_json", "text", ("conflicts_json",)),
    FlatColumn("record_json", "text", ("record_json",)),
)
"""The published columns of CSV and Parquet, in order."""


def flatten(enriched: Mapping[str, Any]) -> list[FlatValue]:
    """An enriched record (DESIGN 5.2) as one row of `FLAT_COLUMNS`."""
    conflicts = enriched["conflicts"]
    severities = [conflict["severity"] for conflict in conflicts]
    derived = {
        "conflicts_by_severity": {severity: severities.count(severity) for severity in SEVERITIES},
        "conflict_kinds": sorted({conflict["kind"] for conflict in conflicts}),
        "fills_json": _json(enriched["fills"]),
        "conflicts_json": _json(conflicts),
        "record_json": _json(enriched["record"]),
    }
    whole = {**enriched, **derived}
    return [_read(whole, column) for column in FLAT_COLUMNS]


def _read(enriched: Mapping[str, Any], column: FlatColumn) -> FlatValue:
    value: Any = enriched
    for step in column.path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    match column.kind:
        case "count":
            return value if isinstance(value, int) else None
        case "flag":
            return value if isinstance(value, bool) else None
        case "text":
            return _text(value)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(text for part in value if (text := _text(part))) or None
    return _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
