"""The page of one record, as a curator reads it: at every width, in colour and without, whatever a payload says."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from trialweave import Weaver
from trialweave.core.catalogue import CATALOGUE
from trialweave.core.models import Claim, Conflict, Suggestion
from trialweave.core.output import Enriched
from trialweave.report.brief import show_brief
from trialweave.report.terminal import show_catalogue, show_record

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SEED = {"drug_name": "CT-0525", "nct_id_drug_ref": "NCT06254807", "nci_thesaurus_concept_id": "C205637"}
LONG = "An autologous preparation of cells " + "that act against tumors " * 40


def enrich(row: Mapping[str, Any], folder: Path = FIXTURES) -> Enriched:
    with Weaver(replay=folder) as weaver:
        return weaver.enrich(row)


def page(enriched: Enriched, width: int = 100, *, colour: bool = False, full: bool = False) -> str:
    file = StringIO()
    system = "truecolor" if colour else None
    console = Console(file=file, width=width, force_terminal=colour, color_system=system, highlight=False)  # type: ignore[arg-type]
    show_record(console, enriched, full=full)
    return file.getvalue()


def brief(enriched: Enriched) -> str:
    file = StringIO()
    show_brief(Console(file=file, width=200), enriched)
    return file.getvalue()


def drifted() -> Enriched:
    """A record with a conflict over two long texts and a proposal, beside one over its name."""
    definition = Conflict(
        "definition_unrelated",
        "warning",
        "nci_thesaurus_definition",
        "The stored definition is another one.",
        (
            Claim("record", "/nci_thesaurus_definition", LONG.replace("autologous", "allogeneic")),
            Claim("ncit", "/definitions/0/definition", LONG),
        ),
        Suggestion("nci_thesaurus_concept_id", "C205637", "the study backs it", ("synonym CT-0525",)),
        "0123456789abcdef",
        "fedcba9876543210",
    )
    return replace(enrich(SEED), conflicts=(definition,))


def test_the_header_names_the_record_its_worst_conflict_and_its_suspect() -> None:
    lines = page(enrich(SEED | {"nct_id_drug_ref": "NCT04660929"})).splitlines()
    assert lines[1] == "CT-0525"
    assert "1 error" in lines[2]
    assert "suspect: study link" in lines[2]
    assert re.match(r"record [0-9a-f]{16}, <memory> line 1$", lines[3])


def test_links_show_state_title_and_an_address_that_can_be_clicked() -> None:
    text = page(enrich(SEED), 60)
    assert "NCT06254807  found, UNKNOWN (last known" in text
    assert "CAR-monocytes for the Treatment of HER2" in text
    assert "        https://clinicaltrials.gov/study/NCT06254807\n" in text
    assert "dictionary=NCI_Thesaurus&code=C205637\n" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nct_id_drug_ref": ""}, "(blank)  not given"),
        ({"nct_id_drug_ref": "NCT123"}, "'NCT123'  no id: "),
        ({"nct_id_drug_ref": "NCT99999999"}, "NCT99999999  not found in 2026-11-20"),
        ({"nct_id_drug_ref": "NCT04459715"}, "NCT04459715  unavailable: NCT04459715 was never recorded"),
        ({"nct_id_drug_ref": "NCT00472277"}, "NCT00472277  found as NCT00114530, of which it is an alias"),
        ({"nci_thesaurus_concept_id": "C102744"}, "C102744  found, retired, NCIt 26.10d"),
        ({"nci_thesaurus_concept_id": "C64832"}, "C64832  found, not a drug, NCIt 26.10d"),
    ],
)
def test_every_state_of_a_link_is_told_apart(change: Mapping[str, str], words: str) -> None:
    assert words in page(enrich(SEED | change), 160)


def test_the_triangle_shows_verdict_tier_words_and_place() -> None:
    text = page(enrich(SEED | {"nct_id_drug_ref": "NCT04660929"}), 160)
    assert re.search(r"record - study +✗ mismatch\n", text)
    assert re.search(r"record - concept ✓ match \(exact\)  CT-0525  synonym 2  /synonyms/1/name\n", text)


def test_conflicts_come_before_the_fields_the_worst_first() -> None:
    text = page(enrich(SEED | {"nct_id_drug_ref": "NCT04660929"}))
    assert text.index("✗ ERROR") < text.index("· INFO") < text.index("Fields")


def test_a_conflict_shows_both_values_their_places_the_rule_and_the_proposal() -> None:
    text = page(drifted(), 100)
    assert "record   An [-allogeneic-] preparation" in text
    assert "concept  An {+autologous+} preparation" in text
    for words in (
        "! WARNING  The stored definition is about something else",
        "column nci_thesaurus_definition  /nci_thesaurus_definition",
        "definition 1  /definitions/0/definition",
        "why      Either the text or the code was taken from another drug.",
        "do       Read both texts; correct whichever does not fit the drug name.",
        "proposed nci_thesaurus_concept_id = C205637",
        "fingerprint 0123456789abcdef",
    ):
        assert words in text


def test_a_long_proposal_that_stands_above_is_not_written_out_again() -> None:
    (conflict,) = drifted().conflicts
    long = replace(conflict, suggestion=Suggestion("nci_thesaurus_definition", LONG, "it is the current one"))
    text = page(replace(drifted(), conflicts=(long,)), 100)
    assert "proposed nci_thesaurus_definition = the text of the concept above\n" in text
    assert "it is the current one" in text


def test_on_a_wide_page_two_long_values_stand_in_two_columns() -> None:
    (line,) = (line for line in page(drifted(), 160).splitlines() if "[-allogeneic-]" in line and "{+" in line)
    assert line.index("[-allogeneic-]") < 80 < line.index("{+autologous+}")


def test_long_texts_are_folded_unless_the_whole_is_asked_for() -> None:
    assert "…" in page(drifted(), 100)
    whole = " ".join(page(drifted(), 100, full=True).split())
    assert "…" not in whole
    assert LONG.strip().removeprefix("An autologous ") in whole


@pytest.mark.parametrize("width", [80, 160])
def test_equal_values_are_shown_once(width: int) -> None:
    text = page(enrich(SEED | {"nci_thesaurus_preferred_term": "autologous anti-HER2 CAR monocytes CT 0525"}), width)
    fields = text[text.index("Fields") :]
    assert fields.count("C205637") == 1
    assert re.search(r"= (record|concept)", fields)
    assert re.search(r"≈\s+(record|concept)", fields)


def test_what_a_source_knows_and_the_record_left_blank_comes_last() -> None:
    text = page(enrich(SEED))
    assert text.index("Fields") < text.index("Blank in the record") < text.index("concept, definition 1")
    assert text.count("nci_thesaurus_definition") == 1


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("colour", [False, True], ids=["plain", "colour"])
def test_no_line_is_wider_than_the_page_but_for_addresses(width: int, colour: bool) -> None:
    for text in (page(drifted(), width, colour=colour), page(enrich(SEED), width, colour=colour)):
        bare = re.sub(r"\x1b\[[0-9;]*m", "", text)
        assert max(len(line) for line in bare.splitlines() if "https://" not in line) <= width


def test_without_colour_there_is_no_escape_code_and_no_blank_at_the_end_of_a_line() -> None:
    text = page(drifted(), 80)
    assert "\x1b" not in text
    assert " \n" not in text


def test_colour_says_nothing_that_the_page_without_it_does_not_say() -> None:
    coloured = page(drifted(), 100, colour=True)
    assert "\x1b[1;4;31mallogeneic\x1b[0m" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    unmarked = re.sub(r"\[-|-\]|\{\+|\+\}", "", page(drifted(), 100))
    assert bare.split() == unmarked.split()


def test_payloads_and_rows_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES, tmp_path / "folder")
    hostile = "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07\x1b[2J\x9b31m\u202egnp\r"
    for source, id_ in (("ctgov", "NCT06254807"), ("ncit", "C205637")):
        file = tmp_path / "folder" / source / f"{id_}.json"
        payload = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps(_poisoned(payload, hostile)), encoding="utf-8")
    row = {name: value if name.endswith(("ref", "id")) else f"{value}{hostile}" for name, value in SEED.items()}
    row["nci_thesaurus_definition"] = hostile
    enriched = enrich(row, tmp_path / "folder")
    enriched = replace(enriched, record=replace(enriched.record, record_id=f"id{hostile}"))
    proposal = Suggestion("drug_name", f"Drug{hostile}", f"why{hostile}", (f"evidence{hostile}",))
    enriched = replace(enriched, conflicts=tuple(replace(told, suggestion=proposal) for told in enriched.conflicts))
    assert enriched.conflicts
    for text in (page(enriched, 80), brief(enriched)):
        assert "click" in text
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", text)


_KEPT = {"nctId", "code", "overallStatus", "conceptStatus", "version", "termType", "source", "type", "relatedCode"}


def _poisoned(value: Any, hostile: str, key: str = "") -> Any:
    match value:
        case dict():
            return {name: _poisoned(part, hostile, name) for name, part in value.items()}
        case list():
            return [_poisoned(part, hostile, key) for part in value]
        case str() if key not in _KEPT and not re.match(r"\d{4}-", value):
            return value + hostile
        case _:
            return value


def test_the_catalogue_prints_every_kind() -> None:
    file = StringIO()
    show_catalogue(Console(file=file, width=100))
    for kind in CATALOGUE:
        assert f"{kind.name} " in file.getvalue()
