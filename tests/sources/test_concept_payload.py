"""From the thesaurus' bytes to `Concept`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from payload_samples import CONCEPT, at, body, changed, concept

from trialweave.core.concept import Concept, Definition
from trialweave.core.models import Coded
from trialweave.core.vocabulary.semantic_types import AGENT, AGENT_CATEGORY, NEVER_AN_AGENT, drug_standing
from trialweave.errors import PayloadError
from trialweave.sources.ncit import parse_concept
from trialweave.sources.ncit_payload import untagged


def test_every_modelled_part_is_read() -> None:
    read = parse_concept(body(CONCEPT))
    assert (read.code, read.name, read.display_name) == ("C900001", "Alpha", "Alpha (display)")
    assert (read.status, read.active, read.release) == ("DEFAULT", True, "26.10d")
    assert read.definition == Definition("An inhibitor of BETA.", "NCI", "/definitions/1/definition")
    assert [given.source for given in read.other_definitions] == ["NCI-GLOSS"]
    assert read.brands == ("Alphabrand", "Alphafremd")
    assert read.code_names == ("AL-1",)
    assert (read.unii, read.cas, read.nsc) == (("UNII1",), ("50-00-0",), ("123",))
    assert (read.chebi, read.umls) == (("CHEBI:1",), ("C0000001", "CL0000001"))
    assert (read.drug_dictionary_id, read.accepted_use) == ("42", "Melanoma; Glioma")
    assert read.targets == (Coded("C17319", "BETA"), Coded("C17320", "GAMMA"))
    assert read.mechanism == (Coded("C40474", "Inhibition"),)
    assert read.parents == (Coded("C4", "BETA Inhibitor"),)
    assert read.subsets == (Coded("C176424", "NCI Drug Dictionary"),)
    assert (read.salts, read.bases) == ((Coded("C2", "Alpha Mesylate"),), (Coded("C3", "Alpha Base"),))
    assert (read.replacements, read.signals) == (None, ())


def test_names_are_stripped_and_positions_count_rows_without_a_name() -> None:
    brand = parse_concept(body(CONCEPT)).synonyms[1]
    assert (brand.name, brand.term_type, brand.source, brand.kind) == ("Alphabrand", "BR", "NCI", "FULL_SYN")
    assert brand.path == "/synonyms/2/name"


def test_absent_is_unknown() -> None:
    read = parse_concept(b'{"code": "C1", "name": "One"}')
    assert read == Concept("C1", "One")
    assert (read.is_drug, read.retired) == ("unknown", False)


def test_a_missing_name_is_the_preferred_one_among_the_synonyms() -> None:
    nameless = {key: value for key, value in CONCEPT.items() if key != "name"}
    assert parse_concept(body(nameless)).name == "Alpha"


def test_older_bodies_are_read_by_the_text_of_their_types() -> None:
    older: dict[str, Any] = json.loads(json.dumps(CONCEPT).replace("Has_Salt_Or_Ester_Form", "Has_Salt_Form"))
    for rows in ("properties", "roles", "associations", "definitions"):
        for row in older[rows]:
            row.pop("code", None)
    for row in older["synonyms"]:
        row.pop("typeCode", None)
        if "termType" in row:
            row["termGroup"] = row.pop("termType")
    assert parse_concept(body(older)) == parse_concept(body(CONCEPT))


def test_a_relation_is_known_by_its_code_whatever_its_label() -> None:
    renamed = changed(CONCEPT, "/associations/3/type", "Has_Salt_Form")
    assert parse_concept(body(renamed)).salts == (Coded("C2", "Alpha Mesylate"),)
    other = changed(changed(CONCEPT, "/associations/0/code", "A99"), "/roles/0/code", "R99")
    assert parse_concept(body(other)).targets == (Coded("C17320", "GAMMA"),)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("NCI|A drug. (NCI04)", "A drug."),
        ("A drug. (NCI)", "A drug."),
        ("A drug.(NCI12) ", "A drug."),
        ("A drug (NCI04) of NCI|old.", "A drug (NCI04) of NCI|old."),
        ("A drug (NIH).", "A drug (NIH)."),
    ],
)
def test_definitions_lose_the_mark_of_their_source(raw: str, text: str) -> None:
    assert untagged(raw) == text


def test_the_definition_is_ncis_own() -> None:
    other = {"definition": "By NCI as well.", "type": "ALT_DEFINITION", "source": "NCI"}
    read = parse_concept(body({**CONCEPT, "definitions": [other, *CONCEPT["definitions"]]}))
    assert read.definition is not None
    assert read.definition.path == "/definitions/2/definition"
    assert [given.source for given in read.other_definitions] == ["NCI", "NCI-GLOSS"]
    foreign = {"definition": "By FDA.", "type": "DEFINITION", "source": "FDA"}
    assert parse_concept(body({**CONCEPT, "definitions": [foreign]})).definition is None


def test_an_unlisted_status_passes_with_a_signal() -> None:
    read = parse_concept(body({**CONCEPT, "conceptStatus": "Sleeping_Concept"}))
    assert read.status == "Sleeping_Concept"
    assert [signal.path for signal in read.signals] == ["/conceptStatus"]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{}",
        b'{"code": 1647}',
        b'{"code": "C01"}',
        b'{"code": "c1"}',
        b'{"code": "C1\\n"}',
        body({**CONCEPT, "name": 5}),
        body({**CONCEPT, "active": "false"}),
        body({**CONCEPT, "synonyms": {"name": "x"}}),
        body(changed(CONCEPT, "/roles/0", None)),
        body(changed(CONCEPT, "/properties/0/value", 7)),
        b"[" * 100_000,
        b'{"code":"C1","x":' * 50_000,
        b'{"timestamp": 1, "status": 404, "message": "C1 not found"}',
    ],
)
def test_what_is_no_concept_is_refused(payload: bytes) -> None:
    with pytest.raises(PayloadError, match="not an NCI Thesaurus concept"):
        parse_concept(payload)


# ---------------------------------------------------------------- is it a drug?


@pytest.mark.parametrize(
    ("types", "status", "answer"),
    [
        ([], "DEFAULT", "unknown"),
        ([], "Header_Concept", "class"),
        (["Pharmacologic Substance"], "Header_Concept", "class"),
        (["Cell"], "DEFAULT", "yes"),
        (["Therapeutic or Preventive Procedure"], None, "yes"),
        (["Gene or Genome", "Pharmacologic Substance"], "DEFAULT", "yes"),
        (["Chemical Viewed Functionally"], "DEFAULT", "class"),
        (["Chemical Viewed Functionally", "Organic Chemical"], "DEFAULT", "unknown"),
        (["Gene or Genome"], "DEFAULT", "no"),
        (["Neoplastic Process", "Finding"], "Retired_Concept", "no"),
        (["Intellectual Product"], "DEFAULT", "no"),
        (["Quantitative Concept"], "DEFAULT", "no"),
        (["Gene or Genome", "Virus"], "DEFAULT", "unknown"),
        (["Amino Acid, Peptide, or Protein", "Receptor"], "DEFAULT", "unknown"),
        (["A type of tomorrow"], "DEFAULT", "unknown"),
    ],
)
def test_semantic_types_say_what_they_can(types: list[str], status: str | None, answer: str) -> None:
    assert drug_standing(types, status) == answer


def test_no_type_says_two_things() -> None:
    assert AGENT.isdisjoint(AGENT_CATEGORY)
    assert NEVER_AN_AGENT.isdisjoint(AGENT | AGENT_CATEGORY)


def _typed(*types: str, **more: Any) -> dict[str, Any]:
    return concept("C1", properties=[{"code": "P106", "value": type_} for type_ in types], **more)


def _subset(code: str) -> list[dict[str, str]]:
    return [{"code": "A8", "relatedCode": code}]


@pytest.mark.parametrize(
    ("payload", "answer"),
    [
        (_typed("Finding", associations=_subset("C176424")), "yes"),
        (_typed("Finding", associations=_subset("C63923")), "no"),
        (_typed("Virus", associations=_subset("C116978")), "yes"),
        (_typed("Virus", parents=[{"code": "C1909"}]), "yes"),
        (_typed("Finding", parents=[{"code": "C1909"}]), "no"),
        (_typed("Virus"), "unknown"),
        (_typed("Pharmacologic Substance", leaf=False, name="BRAF Inhibitor"), "class"),
        (_typed("Pharmacologic Substance", leaf=True, name="BRAF Inhibitor"), "yes"),
        (_typed("Pharmacologic Substance", leaf=False, name="Paclitaxel"), "yes"),
        (_typed("Pharmacologic Substance", name="BRAF Inhibitor"), "yes"),
        (_typed("Gene or Genome", leaf=False, name="CDK Inhibitor"), "no"),
        (_typed("Chemical Viewed Functionally", "Pharmacologic Substance", leaf=False, name="Barbiturate"), "class"),
        (_typed("Chemical Viewed Functionally", "Pharmacologic Substance", leaf=True, name="Barbital"), "yes"),
    ],
)
def test_what_stands_around_a_concept_corrects_its_types(payload: dict[str, Any], answer: str) -> None:
    given = {**payload, "name": payload.get("name", "Something")}
    assert parse_concept(body(given)).is_drug == answer


def test_real_concepts_are_what_they_are(realdata: Path) -> None:
    standing: dict[str, set[str]] = {}
    for file in _files(realdata):
        standing.setdefault(parse_concept(file.read_bytes()).is_drug, set()).add(file.stem)
    assert {"C1647", "C376", "C488", "C839", "C739"} <= standing["yes"]
    assert {"C3224", "C2926", "C116978", "C43431", "C35424"} <= standing["no"]
    assert {"C274", "C1909", "C155711", "C163760", "C1404", "C67084", "C4741"} <= standing["class"]
    assert {"C37815", "C10000", "C23710"} <= standing["unknown"]


# ---------------------------------------------------------------- real concepts


def _files(realdata: Path) -> list[Path]:
    evs = realdata / "evs"
    files = [
        *evs.glob("concepts/*.json"),
        *evs.glob("concepts/variants/*.json"),
        *evs.glob("derived_from_owl/*/*.json"),
    ]
    assert len(files) >= 120
    return sorted(files)


def _rows(raw: dict[str, Any], part: str, *codes_and_texts: str) -> Iterator[dict[str, Any]]:
    for row in raw.get(part, []):
        if row.get("code", row.get("type")) in codes_and_texts:
            yield row


def test_no_modelled_row_of_a_real_concept_is_lost(realdata: Path) -> None:
    for file in _files(realdata):
        raw = json.loads(file.read_bytes())
        read = parse_concept(file.read_bytes())
        assert (read.code, read.name, read.release) == (raw["code"], raw["name"], raw.get("version"))
        assert (read.status, read.active) == (raw.get("conceptStatus"), raw.get("active"))
        named = [row for row in raw.get("synonyms", []) if "name" in row]
        assert [(given.name, given.kind, given.source, given.term_type) for given in read.synonyms] == [
            (row["name"].strip(), row.get("type"), row.get("source"), row.get("termType", row.get("termGroup")))
            for row in named
        ]
        own = () if read.definition is None else (read.definition,)
        told = [row for row in raw.get("definitions", []) if "definition" in row]
        assert len(own) + len(read.other_definitions) == len(told)
        for given in (*own, *read.other_definitions):
            assert at(raw, given.path).startswith(given.text[:40])
        for given in read.synonyms:
            assert at(raw, given.path).strip() == given.name
        for values, code, text in (
            (read.semantic_types, "P106", "Semantic_Type"),
            (read.unii, "P319", "FDA_UNII_Code"),
            (read.cas, "P210", "CAS_Registry"),
            (read.nsc, "P175", "NSC Number"),
            (read.chebi, "P368", "CHEBI_ID"),
        ):
            assert values == tuple(dict.fromkeys(row["value"] for row in _rows(raw, "properties", code, text)))
        umls = {row["value"] for row in _rows(raw, "properties", "P207", "P208", "UMLS_CUI", "NCI_META_CUI")}
        assert set(read.umls) == umls
        for coded, part, names in (
            (read.subsets, "associations", ("A8", "Concept_In_Subset")),
            (read.salts, "associations", ("A5", "Has_Salt_Form")),
            (read.mechanism, "roles", ("R124", "R125")),
        ):
            assert {one.code for one in coded} == {row["relatedCode"] for row in _rows(raw, part, *names)}
        targets = [*_rows(raw, "roles", "R146"), *_rows(raw, "associations", "A7", "Has_Target")]
        assert {one.code for one in read.targets} == {row["relatedCode"] for row in targets}
        assert [(one.code, one.name) for one in read.parents] == [
            (row["code"], row["name"]) for row in raw.get("parents", [])
        ]
        assert read.signals == ()


def test_minimal_concepts_are_concepts(realdata: Path) -> None:
    lines = (realdata / "evs/concepts/sdk_minimal_concepts.jsonl").read_bytes().splitlines()
    assert len(lines) == 2595
    for line in lines:
        raw = json.loads(line)
        read = parse_concept(line)
        assert (read.code, read.name, read.status) == (raw["code"], raw["name"], raw.get("conceptStatus"))
        assert (read.active, read.release) == (raw.get("active"), raw.get("version"))
        assert read.signals == ()


def test_retired_is_not_obsolete(realdata: Path) -> None:
    retired = {file.stem for file in _files(realdata) if parse_concept(file.read_bytes()).retired}
    assert {"C37815", "C23710", "C9499"} <= retired
    assert retired.isdisjoint({"C10000", "C65191", "C4741"})


def test_the_term_type_of_old_bodies_is_kept(realdata: Path) -> None:
    old = parse_concept((realdata / "evs/concepts/variants/C3224__20.05d__full_nohistory.json").read_bytes())
    assert [given.term_type for given in old.synonyms if given.kind == "FULL_SYN"].count("PT") > 3
