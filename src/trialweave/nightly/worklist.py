"""`worklist.csv`: every proposed edit that is not acknowledged, for a curator with a spreadsheet (DESIGN 5.5)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from trialweave.core.concept import Concept
from trialweave.core.delta import Conflict, across_records
from trialweave.core.identifiers import GivenId, parse_concept_code, parse_nct_id
from trialweave.core.study import Study
from trialweave.core.traces import Line
from trialweave.tables import harmless

COLUMNS = ("record_id", "field", "current", "proposed", "evidence", "cause", "fingerprint", "url")


def write_worklist(file: Path, conflicts: Iterable[Conflict], line_of: Callable[[str], Line | None]) -> int:
    """Write the file, in the order of the conflicts. Returns the number of rows."""
    rows = 0
    with file.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.writer(stream)  # its line end is also what it quotes: with "\n" alone, a "\r" would start a row
        writer.writerow(COLUMNS)
        for row in _rows(conflicts, line_of):
            writer.writerow(harmless(cell) for cell in row)
            rows += 1
    return rows


def _rows(conflicts: Iterable[Conflict], line_of: Callable[[str], Line | None]) -> Iterator[tuple[str, ...]]:
    for conflict in conflicts:
        proposal = conflict["suggestion"]
        if proposal is None or across_records(conflict) or conflict["acknowledged_until"]:
            continue
        line = line_of(conflict["record_id"])
        evidence = "; ".join(filter(None, (proposal["why"], *proposal["evidence"])))
        current, url = _current(line, proposal["field"]), _page(proposal, line)
        key = (conflict["cause"], conflict["fingerprint"])
        yield (conflict["record_id"], proposal["field"], current, proposal["value"], evidence, *key, url)


def _current(line: Line | None, field: str) -> str:
    claims: Iterable[Mapping[str, Any]] = () if line is None else line["fields"].get(field, {}).get("claims", ())
    return next((str(claim["value"]) for claim in claims if claim["source"] == "record"), "")


def _page(proposal: Mapping[str, Any], line: Line | None) -> str:
    """The page that shows whether the proposal is right: of the proposed id, else of the source behind the field."""
    field, value = proposal["field"], str(proposal["value"])
    if field == "nct_id_drug_ref" and isinstance(study := parse_nct_id(value), GivenId):
        return Study(study.id).url
    if field == "nci_thesaurus_concept_id" and isinstance(concept := parse_concept_code(value), GivenId):
        return Concept(concept.id, name="").url
    facts = None if line is None else line["concept" if field.startswith("nci_") else "study"]
    return "" if facts is None else str(facts["url"])
