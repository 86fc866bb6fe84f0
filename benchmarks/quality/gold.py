"""The gold tables as they lie in the real data, and the split in two halves."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLASS_LEVEL = frozenset({"C15524", "C64261", "C1910", "C66900", "C38113", "C64263"})
"""Linked codes that stand for a class of treatment or a procedure, not for one drug."""

TERM_TYPES = {
    "Synonym": "SY",
    "CodeName": "CN",
    "USBrandName": "BR",
    "ForeignBrandName": "FB",
    "Abbreviation": "AB",
    "Acronym": "AB",
    "ChemicalStructureName": "SN",
    "ObsoleteName": "AQ",
}
"""Types of the drug dictionary in the words of NCIt; anything else is a plain synonym."""

_NO_SYNONYM = ("CDRPreferredName", "CASRegistryName", "NSCNumber", "INDCode")


@dataclass(frozen=True, slots=True)
class Drug:
    """A code with its NCIt name, its synonyms as (name, term type) and its definition."""

    code: str
    name: str
    synonyms: tuple[tuple[str, str], ...] = ()
    definition: str = ""
    kind: str = "drug"


@dataclass(frozen=True, slots=True)
class Link:
    nct_id: str
    drug: Drug


@dataclass(frozen=True, slots=True)
class CuratedName:
    """A name that a curator gave to a code, and whether code and name are the same drug."""

    curated: str
    drug: Drug
    label: str


@dataclass(frozen=True, slots=True)
class Gold:
    links: tuple[Link, ...]
    names: tuple[CuratedName, ...]
    drugs: Mapping[str, Drug]
    trials: Mapping[str, Mapping[str, Any]]
    studies: Mapping[str, Mapping[str, Any]]
    """Whole studies as the registry gives them, with interventions; nobody coded their drugs."""


def half(key: str) -> str:
    """`develop` or `kept`: rules are worked on with the one half and measured on the other at the end."""
    return "develop" if hashlib.sha256(key.encode()).digest()[0] % 2 == 0 else "kept"


def read_gold(folder: Path) -> Gold:
    """Read the four gold files, and the whole studies beside them.

    Synonyms are those that a drug keeps without the name it was curated under.
    """
    drugs = {
        row["code"]: Drug(row["code"], row["preferred_name"], _typed(row), row["definition"], row["kind"])
        for row in _rows(folder / "drugs_ncit.tsv")
    }
    with gzip.open(folder / "trial_texts.jsonl.gz", "rt", encoding="utf-8") as lines:
        trials = {trial["nct_id"]: trial for trial in map(json.loads, lines)}
    return Gold(tuple(_links(folder)), tuple(_names(folder, drugs)), drugs, trials, _studies(folder.parent))


def _studies(beside: Path) -> dict[str, Mapping[str, Any]]:
    files = sorted((beside / "ctgov" / "studies").glob("NCT*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def _links(folder: Path) -> list[Link]:
    """Links of single drugs. One (study, code) can stand twice, with the synonyms of two sources: both are kept."""
    return [
        Link(
            row["nct_id"],
            Drug(
                row["ncit_code"],
                row["ncit_name_in_trial"].split("|")[0],
                tuple((name, "SY") for name in row["synonyms"].split("|") if name),
            ),
        )
        for row in _rows(folder / "links_coded_by_nci.tsv")
        if row["category"] == "agent" and row["ncit_code"] not in CLASS_LEVEL
    ]


def _names(folder: Path, drugs: Mapping[str, Drug]) -> list[CuratedName]:
    """Where name and code are not the same drug, the synonyms at hand are the drug's, so the concept has none."""
    pairs = []
    for row in _rows(folder / "curated_names.tsv"):
        known = drugs.get(row["ncit_code"])
        synonyms = known.synonyms if known is not None and row["hand_label"] == "same" else ()
        if row["ncit_concept_name"]:
            drug = Drug(row["ncit_code"], row["ncit_concept_name"], synonyms)
            pairs.append(CuratedName(row["curated_name"], drug, row["hand_label"]))
    return pairs


def _typed(row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = zip(row["synonyms"].split("|"), row["synonym_types"].split("|"), strict=False)
    return tuple(
        (name, TERM_TYPES.get(kind.split("+")[0], "SY"))
        for name, kind in pairs
        if name and not any(word in kind for word in _NO_SYNONYM)
    )


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
