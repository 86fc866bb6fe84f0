"""The measurement of the whole program: one process per replay folder, and what it wrote, set by set."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.direct import EDGES
from benchmarks.quality.gold import half

_VERDICTS = ("match", "unverifiable", "mismatch")
_LOUD = frozenset({"error", "warning"})
_NOT_MEANT = "link_missing"
"""Curated names come without a study: that conflict is about the set, not about the name."""


def run(folders: Iterable[Path], command: Sequence[str]) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Run `enrich` on every folder. Returns each case (set, about) with its enriched record."""
    pairs = []
    for folder in folders:
        out = folder / "enriched.jsonl"
        records = [str(folder / "records.jsonl"), "--replay", str(folder / "replay"), "-o", str(out)]
        subprocess.run([*command, "enrich", *records], check=True, capture_output=True, text=True)
        cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
        lines = out.read_text(encoding="utf-8").splitlines()
        pairs += list(zip(cases, map(json.loads, lines), strict=True))
    return pairs


def report(pairs: Sequence[tuple[dict[str, str], dict[str, Any]]]) -> str:
    """Per half and set: verdicts of each edge, records with an error, with a warning or worse, and the suspects."""
    lines = []
    for part in ("develop", "kept"):
        lines += [
            f"## {part}",
            "",
            "| set | records | " + " | ".join(EDGES) + " | error | warning or worse | suspects |",
        ]
        lines.append("|---" * (len(EDGES) + 5) + "|")
        for name in dict.fromkeys(case["set"] for case, _ in pairs):
            chosen = [line for case, line in pairs if case["set"] == name and half(case["about"]) == part]
            lines.append(_row(name, chosen))
        lines.append("")
    return "\n".join(lines)


_EXPECTED = {
    "true_link": "confirmed",
    "name_same": "confirmed",
    "definition_retold": "silent",
    "wrong_random": "loud",
    "wrong_sibling": "loud",
    "wrong_stem": "loud",
    "wrong_concept": "loud",
    "wrong_real": "loud",
    "name_wrong": "loud",
    "plain_error": "loud",
    "definition_of_another": "loud",
    "same_target_cells": "unmatched",
}
"""Set -> what each of its records should be; sets that are labelled `near` have no right answer."""


def misses(pairs: Sequence[tuple[dict[str, str], dict[str, Any]]]) -> str:
    """Every record that is not what its set expects, one a line: set, half, what it is about, what was said instead."""
    lines = []
    for case, line in pairs:
        expected = _EXPECTED.get(case["set"])
        if expected is not None and not _as_expected(expected, line):
            verdicts = "/".join(str(line["edges"][edge]["verdict"]) for edge in EDGES)
            kinds = ", ".join(f"{c['kind']} {c['severity']}" for c in line["conflicts"] if c["kind"] != _NOT_MEANT)
            where = half(case["about"])
            lines.append(
                f"{case['set']} ({where}): {case['about']}: {line['record']['drug_name']!r}: {verdicts}; {kinds}"
            )
    return "\n".join(lines)


def _as_expected(expected: str, line: dict[str, Any]) -> bool:
    verdicts = [edge["verdict"] for edge in line["edges"].values() if edge["verdict"] is not None]
    loud = bool(_severities(line) & _LOUD)
    match expected:
        case "confirmed":
            return not loud and all(verdict == "match" for verdict in verdicts)
        case "silent":
            return not loud
        case "loud":
            return loud
        case _:
            return "match" not in verdicts


def _row(name: str, chosen: Sequence[dict[str, Any]]) -> str:
    total = len(chosen)
    edges = [
        "/".join(str(Counter(line["edges"][edge]["verdict"] for line in chosen)[verdict]) for verdict in _VERDICTS)
        for edge in EDGES
    ]
    errors = sum("error" in _severities(line) for line in chosen)
    loud = sum(bool(_severities(line) & _LOUD) for line in chosen)
    suspects = Counter(str(line["suspect"]) for line in chosen)
    shares = [f"{count} ({count / max(total, 1):.1%})" for count in (errors, loud)]
    told = ", ".join(f"{suspect} {count}" for suspect, count in suspects.most_common())
    return f"| {name} | {total} | {' | '.join(edges)} | {' | '.join(shares)} | {told} |"


def _severities(line: dict[str, Any]) -> set[str]:
    return {conflict["severity"] for conflict in line["conflicts"] if conflict["kind"] != _NOT_MEANT}
