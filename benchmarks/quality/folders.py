"""Replay folders and records for a run of the whole program (DESIGN 5.3)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from benchmarks.quality.gold import Gold
from benchmarks.quality.payloads import concept_payload, study_payload
from benchmarks.quality.sets import Case


def write_folders(cases: Iterable[Case], gold: Gold, root: Path) -> list[Path]:
    """One folder for each set: `records.jsonl` and `replay/`. A code has other synonyms in other sets.

    Where one set holds a code twice with other synonyms (two sources of one link), further folders are opened, so that
    each record meets the concept it is meant for. `cases.json` keeps the set and the half of each record.
    """
    folders: dict[tuple[str, int], list[Case]] = {}
    for case in cases:
        turn = 0
        while any(
            other.drug is not None
            and case.drug is not None
            and other.drug.code == case.drug.code
            and other.drug != case.drug
            for other in folders.get((case.set, turn), [])
        ):
            turn += 1
        folders.setdefault((case.set, turn), []).append(case)
    return [_write(chosen, gold, root / f"{name}_{turn}") for (name, turn), chosen in folders.items()]


def _write(cases: list[Case], gold: Gold, folder: Path) -> Path:
    replay = folder / "replay"
    for source in ("ctgov", "ncit"):
        (replay / source).mkdir(parents=True, exist_ok=True)
    for case in cases:
        if case.nct_id is not None:
            whole = case.set == "wrong_real"
            study = gold.studies[case.nct_id] if whole else study_payload(gold.trials[case.nct_id])
            _json(replay / "ctgov" / f"{case.nct_id}.json", study)
        if case.drug is not None:
            _json(replay / "ncit" / f"{case.drug.code}.json", concept_payload(case.drug))
    origin = {"version": None, "recorded_at": "2026-11-23T00:00:00Z", "origin": "constructed", "absent": []}
    _json(replay / "manifest.json", {"format": 1, "ctgov": origin, "ncit": {**origin, "version": "26.10d"}})
    lines = [json.dumps(case.record, ensure_ascii=False) for case in cases]
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _json(folder / "cases.json", [{"set": case.set, "about": case.about} for case in cases])
    return folder


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
