"""The measurement without a process: the naming functions on the very pairs that the replay folders hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.quality.gold import Drug, Gold, half
from benchmarks.quality.sets import Case
from trialweave.core.concept import Concept, Synonym
from trialweave.core.models import Text
from trialweave.core.naming import (
    NameVerdict,
    StudyMentions,
    compare_record_concept,
    compare_record_study,
    compare_study_concept,
    concept_names,
    record_names,
    study_mentions,
)
from trialweave.core.study import Arm, Study
from trialweave.core.text import definition_ratio
from trialweave.sources.ctgov import parse_study

EDGES = ("record_study", "record_concept", "study_concept")


@dataclass(frozen=True, slots=True)
class Measured:
    """One case with its edges; `ratio` compares the definitions where both sides have one."""

    case: Case
    edges: Mapping[str, NameVerdict]
    ratio: float | None


def measure(cases: Iterable[Case], gold: Gold) -> list[Measured]:
    """Compare every case; studies and concepts are built once."""
    known: dict[tuple[bool, str], StudyMentions] = {}
    concepts: dict[Drug, Any] = {}
    measured = []
    for case in cases:
        record = record_names(Text(case.record["drug_name"], "/drug_name"), None)
        edges: dict[str, NameVerdict] = {}
        concept = None
        if case.drug is not None:
            concept = concepts.setdefault(case.drug, None) or concept_names(_concept(case.drug))
            concepts[case.drug] = concept
            edges["record_concept"] = compare_record_concept(record, concept)
        if case.nct_id is not None:
            key = (case.set == "wrong_real", case.nct_id)
            mentions = known[key] = known.get(key) or study_mentions(_study(*key, gold))
            edges["record_study"] = compare_record_study(record, mentions, concept)
            if concept is not None:
                edges["study_concept"] = compare_study_concept(mentions, concept, record)
        stored = case.record.get("nci_thesaurus_definition")
        ratio = definition_ratio(stored, case.drug.definition) if stored and case.drug else None
        measured.append(Measured(case, edges, ratio))
    return measured


def report(measured: list[Measured]) -> str:
    """Counts beside shares, by half, set and edge; then every miss."""
    lines = []
    for part in ("develop", "kept"):
        chosen = [item for item in measured if half(item.case.about) == part]
        lines += [
            f"## {part}",
            "",
            "| set | edge | cases | match | unverifiable | mismatch |",
            "|---|---|---|---|---|---|",
        ]
        for name in dict.fromkeys(item.case.set for item in measured):
            of_set = [item for item in chosen if item.case.set == name]
            for edge in EDGES:
                verdicts = Counter(item.edges[edge].verdict for item in of_set if edge in item.edges)
                if total := verdicts.total():
                    cells = " | ".join(
                        f"{verdicts[v]} ({verdicts[v] / total:.1%})" for v in ("match", "unverifiable", "mismatch")
                    )
                    lines.append(f"| {name} | {edge} | {total} | {cells} |")
        lines += ["", *_ratios(chosen), ""]
    return "\n".join(lines)


def misses(measured: Iterable[Measured], part: str) -> list[str]:
    """Every case of a half that did not come out as its set wants it, with the reason."""
    lines = []
    for item in measured:
        if half(item.case.about) != part:
            continue
        name = item.case.set
        for edge, verdict in item.edges.items():
            wanted = _wanted(name, edge)
            if wanted is not None and verdict.verdict not in wanted:
                concept = item.case.drug.name if item.case.drug else None
                lines.append(
                    f"{name} {edge} {item.case.nct_id or ''} [{item.case.record['drug_name']}] [{concept}]: "
                    f"{verdict.verdict}, {verdict.because}, coverage {verdict.coverage:.2f}"
                    + (f", {verdict.place}: {verdict.matched}" if verdict.matched else "")
                )
    return lines


def _wanted(name: str, edge: str) -> tuple[str, ...] | None:
    if name == "true_link":
        return ("match",)
    if name == "wrong_concept":
        return {"record_concept": ("mismatch",), "study_concept": ("mismatch",), "record_study": None}[edge]
    if name.startswith("wrong_"):
        return {"record_concept": None, "study_concept": ("mismatch",), "record_study": ("mismatch",)}[edge]
    if name == "name_same":
        return ("match", "unverifiable")
    if name == "same_target_cells":
        return ("mismatch", "unverifiable")
    return ("mismatch",) if name in ("name_wrong", "plain_error") else None


def _ratios(measured: Iterable[Measured]) -> list[str]:
    by_set: dict[str, list[float]] = {}
    for item in measured:
        if item.ratio is not None:
            by_set.setdefault(item.case.set, []).append(item.ratio)
    return [
        f"{name}: {len(ratios)} ratios, median {sorted(ratios)[len(ratios) // 2]:.0f}, "
        f"lowest {min(ratios):.0f}, highest {max(ratios):.0f}"
        for name, ratios in by_set.items()
    ]


def _study(whole: bool, nct_id: str, gold: Gold) -> Study:
    if whole:
        return parse_study(json.dumps(gold.studies[nct_id]).encode())
    trial = gold.trials[nct_id]
    return Study(
        trial["nct_id"],
        brief_title=_text(trial["briefTitle"], "/protocolSection/identificationModule/briefTitle"),
        official_title=_text(trial["officialTitle"], "/protocolSection/identificationModule/officialTitle"),
        brief_summary=_text(trial["briefSummary"], "/protocolSection/descriptionModule/briefSummary"),
        detailed_description=_text(
            trial["detailedDescription"], "/protocolSection/descriptionModule/detailedDescription"
        ),
        arms=tuple(
            Arm(arm["label"] or "", arm["type"], (), _text(arm["description"], f"{path}/description"), path)
            for index, arm in enumerate(trial["armGroups"])
            for path in [f"/protocolSection/armsInterventionsModule/armGroups/{index}"]
        ),
    )


def _concept(drug: Drug) -> Concept:
    synonyms = tuple(
        Synonym(name, kind, "NCI", "FULL_SYN", f"/synonyms/{index}/name")
        for index, (name, kind) in enumerate(drug.synonyms)
    )
    return Concept(drug.code, drug.name, synonyms=synonyms)


def _text(value: str | None, path: str) -> Text | None:
    return Text(value, path) if value else None
