"""Blank concept links from end to end: who is proposed, who never is, and that every way of running says the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from standin import StandIn, World, concept, nct, study
from trialweave import Weaver
from trialweave.core.models import Conflict
from trialweave.core.output import Enriched
from trialweave.settings import Settings

TRASTUZUMAB_DERUXTECAN = "Trastuzumab deruxtecan (T-DXd)"
COMMAND = (sys.executable, "-c", "from trialweave.cli import entry; entry()")


def drug(code: str, name: str, *synonyms: str, kind: str = "Pharmacologic Substance", **more: Any) -> dict[str, Any]:
    made = concept(code, name=name, **more)
    made["synonyms"] += [{"name": synonym, "type": "FULL_SYN", "source": "NCI"} for synonym in synonyms]
    made["properties"] = [{"code": "P106", "type": "Semantic_Type", "value": kind}]
    return made


@pytest.fixture
def world() -> World:
    """Concepts to which no record links, but C1; the records' names lead to them."""
    concepts = [
        drug("C1", "Osimertinib"),
        drug("C128799", "Trastuzumab Deruxtecan", "DS-8201a", "T-DXd"),
        drug("C2", "Zebratinib", retired=True),
        drug("C3", "Zebratinib", "ZB-101"),
        drug("C4", "Navtemadlin", "KRT-232"),
        drug("C5", "AMG 232", "KRT-232"),
        drug("C6", "Lissencephaly", kind="Congenital Abnormality"),
        drug("C7", "Retiredmab", retired=True),
        drug("C8", "Allogeneic Cells ZX-77", "ZX-77"),
    ]
    return World(
        studies={nct(1): study(nct(1), title="Trastuzumab deruxtecan in breast cancer")},
        concepts={made["code"]: made for made in concepts},
    )


@pytest.fixture
def server(world: World) -> Iterator[StandIn]:
    with StandIn(world) as running:
        yield running


def weaver_on(server: StandIn, cache_dir: Path, searches: int = 20) -> Weaver:
    return Weaver(
        Settings.model_validate(
            {
                "ctgov": {"url": server.ctgov_url, "rate": 1000},
                "evs": {"url": server.evs_url, "rate": 1000, "searches": searches},
                "cache_dir": cache_dir,
                "now": "2026-11-21T02:00:00Z",
            }
        )
    )


def row(name: str, **more: str) -> dict[str, str]:
    return {"drug_name": name, "nct_id_drug_ref": nct(1), **more}


def link(enriched: Enriched) -> Conflict:
    (found,) = (c for c in enriched.conflicts if c.kind in ("link_missing", "id_malformed") and "concept" in c.field)
    return found


def folder_of(world: World, folder: Path) -> Path:
    """The same payloads as a replay folder of the same release."""
    for source, bodies in (("ctgov", world.studies), ("ncit", world.concepts)):
        (folder / source).mkdir(parents=True)
        for id_ in bodies:
            body = world.study(id_) if source == "ctgov" else world.concept(id_, world.release)
            (folder / source / f"{id_}.json").write_bytes(body or b"")
    versions = {"ctgov": world.timestamp, "ncit": world.release}
    told = {source: {"version": now, "recorded_at": "2026-11-21T02:00:00Z"} for source, now in versions.items()}
    (folder / "manifest.json").write_text(json.dumps({"format": 1, **told}))
    return folder


def test_the_commonest_hole_is_filled_with_evidence(server: StandIn, tmp_path: Path) -> None:
    with weaver_on(server, tmp_path) as weaver:
        enriched = weaver.enrich(row(TRASTUZUMAB_DERUXTECAN))
    suggestion = link(enriched).suggestion
    assert suggestion is not None
    assert (suggestion.field, suggestion.value) == ("nci_thesaurus_concept_id", "C128799")
    assert "of no other" in suggestion.why
    assert suggestion.evidence[0].endswith("(/name, NCI Thesaurus 26.10d)")
    assert enriched.fields["nci_thesaurus_concept_id"].value is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("zebratinib", "C3"),
        ("ZB 101", "C3"),
        ("ZB-101", "C3"),
        ("KRT-232", None),
        ("Lissencephaly", None),
        ("Retiredmab", None),
        ("Autologous T-cells (ZX-77)", None),
        ("Anti-HER2 antibody", None),
        ("Nobodymab", None),
    ],
)
def test_only_the_one_live_drug_that_no_guard_speaks_against_is_proposed(
    server: StandIn, tmp_path: Path, name: str, code: str | None
) -> None:
    with weaver_on(server, tmp_path) as weaver:
        suggestion = link(weaver.enrich(row(name))).suggestion
    assert (suggestion and suggestion.value) == code


def test_several_are_named_and_none_is_proposed(server: StandIn, tmp_path: Path) -> None:
    with weaver_on(server, tmp_path) as weaver:
        message = link(weaver.enrich(row("KRT-232", nci_thesaurus_concept_id="C 4"))).message
    assert "several concepts (C4 'Navtemadlin', C5 'AMG 232'), so none is proposed" in message


def test_what_a_search_found_is_no_witness_against_another_link(server: StandIn, tmp_path: Path) -> None:
    linked = row("KRT-232", nci_thesaurus_concept_id="C1")
    with weaver_on(server, tmp_path) as weaver:
        (alone,) = weaver.enrich_many([linked])
        beside, _ = weaver.enrich_many([linked, row("KRT-232")])
    told = [[(c.kind, c.severity, c.fingerprint) for c in enriched.conflicts] for enriched in (alone, beside)]
    assert told[0] == told[1]


def test_searches_are_paid_once_and_the_budget_and_its_end_hold(server: StandIn, tmp_path: Path) -> None:
    rows = [row(TRASTUZUMAB_DERUXTECAN), row("zebratinib"), row("Osimertinib", nci_thesaurus_concept_id="C1")]

    def night(searches: int) -> tuple[list[str | None], int]:
        server.forget()
        with weaver_on(server, tmp_path, searches) as weaver:
            blank = list(weaver.enrich_many(rows))[:2]
        proposed = [found.suggestion and found.suggestion.value for found in map(link, blank)]
        return proposed, server.count()

    assert night(0) == ([None, None], 4)
    assert night(3) == (["C128799", None], 2 + 3)
    assert night(3) == (["C128799", "C3"], 2 + 1)
    assert night(3) == (["C128799", "C3"], 2)


def test_every_way_of_running_gives_the_same_bytes(server: StandIn, world: World, tmp_path: Path) -> None:
    table = tmp_path / "rows.jsonl"
    names = (TRASTUZUMAB_DERUXTECAN, "zebratinib", "KRT-232", "Lissencephaly", "Osimertinib", "Nobodymab")
    rows = [row(names[n % 6], **({"nci_thesaurus_concept_id": "C1"} if n % 6 == 4 else {})) for n in range(900)]
    table.write_text("".join(json.dumps(one) + "\n" for one in rows))
    replay = folder_of(world, tmp_path / "replay")
    environment = {
        **os.environ,
        "TRIALWEAVE_CTGOV_URL": server.ctgov_url,
        "TRIALWEAVE_EVS_URL": server.evs_url,
        "TRIALWEAVE_NOW": "2026-11-21T02:00:00Z",
        "TRIALWEAVE_CTGOV_RATE": "1000",
        "TRIALWEAVE_EVS_RATE": "1000",
        "TRIALWEAVE_CACHE_DIR": str(tmp_path / "cache"),
        "XDG_CACHE_HOME": str(tmp_path / "home"),
    }
    told = {}
    for way in (
        (),
        ("--jobs", "2"),
        ("--offline",),
        ("--replay", str(replay)),
        ("--replay", str(replay), "--jobs", "2"),
    ):
        done = subprocess.run(
            [*COMMAND, "enrich", str(table), *way], capture_output=True, env=environment, check=True, timeout=300
        )
        told[way] = done.stdout
    assert len(set(told.values())) == 1
    assert told[()].count(b'"value":"C128799"') == 150
