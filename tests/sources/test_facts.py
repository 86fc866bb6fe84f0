"""The facts of the output, the table that says where they come from, and the page made of it: one and the same."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from payload_samples import CONCEPT, PERSONAL, STUDY, body, concept, study

from trialweave.core.concept import Replacement
from trialweave.core.facts import concept_facts, study_facts
from trialweave.sources.ctgov import parse_study
from trialweave.sources.facts import CONCEPT_FACTS, DERIVED_FACTS, STUDY_FACTS, Fact, fields_page
from trialweave.sources.ncit import parse_concept

PAGE = Path(__file__).resolve().parents[2] / "docs/fields.md"

STUDY_KEYS = [
    "nct_id",
    "aliases",
    "org_study_id",
    "secondary_ids",
    "acronym",
    "titles",
    "study_type",
    "phases",
    "overall_status",
    "last_known_status",
    "why_stopped",
    "verified_date",
    "first_posted_date",
    "results_first_posted_date",
    "last_update_posted_date",
    "start",
    "primary_completion",
    "completion",
    "has_results",
    "enrollment",
    "lead_sponsor",
    "collaborators",
    "allocation",
    "model",
    "masking",
    "purpose",
    "conditions",
    "keywords",
    "mesh_terms",
    "arms",
    "interventions",
    "primary_outcomes",
    "sex",
    "ages",
    "countries",
    "site_count",
    "result_pmids",
    "url",
]

CONCEPT_KEYS = [
    "code",
    "name",
    "display_name",
    "status",
    "is_drug",
    "semantic_types",
    "definition",
    "other_definitions",
    "synonyms",
    "brands",
    "code_names",
    "unii",
    "cas",
    "nsc",
    "chebi",
    "umls",
    "drug_dictionary_id",
    "accepted_use",
    "targets",
    "mechanism",
    "parents",
    "subsets",
    "salts",
    "bases",
    "replacements",
    "release",
    "url",
]

WORKED_OUT = {
    "start.precision",
    "primary_completion.precision",
    "completion.precision",
    "arms[].interventions",
    "countries",
    "site_count",
    "result_pmids",
}
"""Study facts with a path whose value is not the text that stands there."""


def full_concept_facts() -> dict[str, Any]:
    replaced = replace(
        parse_concept(body(CONCEPT)), replacements=(Replacement("C2", "Two", "merge", active=True, hops=1),)
    )
    return concept_facts(replaced)


def names_in(value: Any, table: frozenset[str], name: str = "") -> Iterator[str]:
    """The names of an object's facts: keys joined by dots, [] for a list of objects; names of the table stay closed."""
    if name in table:
        yield name
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from names_in(part, table, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and value:
        for part in value:
            yield from names_in(part, table, f"{name}[]")
    else:
        yield name


def values_of(value: Any, name: str) -> list[Any]:
    """The values of one fact, those that are not there left out."""
    key, _, rest = name.partition(".")
    parts = [value[key]] if not key.endswith("[]") else value[key[:-2]]
    found: list[Any] = []
    for part in parts:
        if part is not None:
            found += values_of(part, rest) if rest else part if isinstance(part, list) else [part]
    return [one for one in found if one is not None]


def values_at(value: Any, path: str) -> list[Any]:
    """The values at a path with `*`, blank text left out."""
    nodes = [value]
    for key in path.split("/")[1:]:
        if key == "*":
            nodes = [item for node in nodes if isinstance(node, list) for item in node]
        else:
            nodes = [node[key] for node in nodes if isinstance(node, dict) and key in node]
    return [node for node in nodes if not isinstance(node, str) or node.strip()]


def test_keys_stand_in_the_order_of_the_contract() -> None:
    assert list(study_facts(parse_study(body(STUDY)))) == STUDY_KEYS
    assert list(concept_facts(parse_concept(body(CONCEPT)))) == CONCEPT_KEYS
    assert list(study_facts(parse_study(body(study("NCT01000001"))))) == STUDY_KEYS
    assert list(concept_facts(parse_concept(body(concept("C1"))))) == CONCEPT_KEYS


@pytest.mark.parametrize(
    ("facts", "table"),
    [(study_facts(parse_study(body(STUDY))), STUDY_FACTS), (full_concept_facts(), CONCEPT_FACTS)],
    ids=["study", "concept"],
)
def test_the_table_names_every_fact_once_and_no_other(facts: dict[str, Any], table: tuple[Fact, ...]) -> None:
    names = [fact.name for fact in table]
    assert list(dict.fromkeys(names_in(facts, frozenset(names)))) == names


@pytest.mark.parametrize("fact", STUDY_FACTS, ids=lambda fact: fact.name)
def test_every_study_fact_has_a_value_and_the_type_that_the_table_says(fact: Fact) -> None:
    _check_type(study_facts(parse_study(body(STUDY))), fact)


@pytest.mark.parametrize("fact", CONCEPT_FACTS, ids=lambda fact: fact.name)
def test_every_concept_fact_has_a_value_and_the_type_that_the_table_says(fact: Fact) -> None:
    _check_type(full_concept_facts(), fact)


def _check_type(facts: dict[str, Any], fact: Fact) -> None:
    expected = {"text": str, "date": str, "list of text": str, "true or false": bool, "whole number": int}
    values = values_of(facts, fact.name)
    assert values
    if fact.type == "object of lists of text":
        assert all(isinstance(text, str) for texts in values[0].values() for text in texts)
    else:
        assert {type(value) for value in values} == {expected[fact.type]}


@pytest.mark.parametrize(
    "fact", [fact for fact in STUDY_FACTS if fact.name not in WORKED_OUT], ids=lambda fact: fact.name
)
def test_study_facts_are_what_stands_at_their_path(fact: Fact) -> None:
    assert values_of(study_facts(parse_study(body(STUDY))), fact.name) == (
        values_at(STUDY, fact.path) if fact.path else ["https://clinicaltrials.gov/study/NCT01000001"]
    )


def test_facts_of_real_studies_are_what_stands_at_their_path(realdata: Path) -> None:
    for file in sorted((realdata / "ctgov/studies").glob("*.json")):
        raw = json.loads(file.read_bytes())
        facts = study_facts(parse_study(file.read_bytes()))
        for fact in STUDY_FACTS:
            if not fact.path or fact.name in WORKED_OUT:
                continue
            if fact.name == "model" and facts["study_type"] == "OBSERVATIONAL":
                continue
            assert values_of(facts, fact.name) == values_at(raw, fact.path), (file.name, fact.name)


@pytest.mark.parametrize("fact", [fact for fact in CONCEPT_FACTS if fact.codes], ids=lambda fact: fact.name)
def test_concept_facts_with_codes_come_from_rows_of_these_codes(fact: Fact) -> None:
    """Taking the rows of these codes away takes the fact away, and taking all others away leaves it."""
    part = fact.path.split("/")[1]
    parts = part.strip("{}").split(",")

    def coded(row: dict[str, Any]) -> bool:
        return (row["typeCode"] if "typeCode" in row else row.get("code")) in fact.codes

    without = {**CONCEPT, **{one: [row for row in CONCEPT[one] if not coded(row)] for one in parts}}
    alone = {**CONCEPT, **{one: [row for row in CONCEPT[one] if coded(row)] for one in parts}}
    told = values_of(concept_facts(parse_concept(body(CONCEPT))), fact.name)
    assert values_of(concept_facts(parse_concept(body(without))), fact.name) in ([], [{}])
    assert values_of(concept_facts(parse_concept(body(alone))), fact.name) == told != []


def test_nothing_is_said_where_a_source_says_nothing() -> None:
    facts = study_facts(parse_study(body(study("NCT01000001"))))
    said = {name: facts[name] for name in STUDY_KEYS if facts[name] not in (None, [])}
    assert said == {
        "nct_id": "NCT01000001",
        "titles": {"brief": None, "official": None},
        "mesh_terms": {"conditions": [], "interventions": []},
        "ages": {"minimum": None, "maximum": None, "groups": []},
        "url": "https://clinicaltrials.gov/study/NCT01000001",
    }


def test_no_replacements_and_no_answer_are_two_things() -> None:
    read = parse_concept(body(CONCEPT))
    assert concept_facts(read)["replacements"] is None
    assert concept_facts(replace(read, replacements=()))["replacements"] == []


def test_other_definitions_are_grouped_by_source() -> None:
    rows = [{"definition": f"Text {at}", "source": source} for at, source in enumerate(["FDA", "CDISC", "FDA", None])]
    facts = concept_facts(parse_concept(body({**CONCEPT, "definitions": rows})))
    assert facts["other_definitions"] == {"FDA": ["Text 0", "Text 2"], "CDISC": ["Text 1"], "unknown": ["Text 3"]}


def test_facts_are_json_and_hold_no_people(realdata: Path) -> None:
    assert not [person for person in PERSONAL if person in json.dumps(study_facts(parse_study(body(STUDY))))]
    for file in sorted((realdata / "ctgov/studies").glob("*.json")):
        raw = json.loads(file.read_bytes())
        contacts = raw["protocolSection"].get("contactsLocationsModule", {})
        printed = json.dumps(study_facts(parse_study(file.read_bytes())), ensure_ascii=False)
        for person in contacts.get("centralContacts", []) + contacts.get("overallOfficials", []):
            for key in ("phone", "email"):
                assert person.get(key, "\0") not in printed


def test_the_committed_page_is_the_one_made_of_the_table() -> None:
    assert PAGE.read_text("utf-8") == fields_page(), "write docs/fields.md anew from fields_page()"


def test_the_page_is_a_sound_table() -> None:
    rows = [line for line in fields_page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(STUDY_FACTS) + len(DERIVED_FACTS) + len(CONCEPT_FACTS)
    assert {row.count("|") for row in rows} == {5}
