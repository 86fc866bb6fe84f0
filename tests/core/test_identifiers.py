"""Ids: what is repaired, what is refused, and that a repair never invents a digit."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.identifiers import GivenId, InvalidId, parse_concept_code, parse_nct_id


@pytest.mark.parametrize(
    "raw",
    [
        "NCT06254807",
        " nct06254807\t",
        "\ufeffNCT06254807\u200b",
        "ＮＣＴ０６２５４８０７",
        "https://clinicaltrials.gov/study/NCT06254807",
        "https://www.clinicaltrials.gov/ct2/show/NCT06254807?term=CT-0525&rank=1",
        "clinicaltrials.gov/show/nct06254807",
        "https://clinicaltrials.gov/study/NCT06254807/",
        "https://clinicaltrials.gov/study/NCT06254807/results",
        "https://classic.clinicaltrials.gov/ct2/show/results/NCT06254807",
        "https://clinicaltrials.gov/ct2/history/NCT06254807",
        "https://beta.clinicaltrials.gov/study/NCT06254807#locations",
    ],
)
def test_a_study_id_is_read_through_what_is_safe_to_repair(raw: str) -> None:
    assert parse_nct_id(raw) == GivenId("NCT06254807", raw)


@pytest.mark.parametrize(
    "raw",
    [
        "NCT0625480",
        "NCT062548077",
        "NCT 06254807",
        "06254807",
        "NCT0625480O",
        "../stats/size",
        "NCT06254807, NCT04660929",
        "https://example.org/NCT06254807",
        "https://clinicaltrials.gov/search?term=NCT06254807",
        "https://clinicaltrials.gov/compare/NCT06254807/NCT04660929",
        "https://notclinicaltrials.gov/study/NCT06254807",
        "NCT⁰⁶²⁵⁴⁸⁰⁷",
        "",
    ],
)
def test_a_study_id_is_refused_rather_than_guessed(raw: str) -> None:
    assert isinstance(parse_nct_id(raw), InvalidId)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("NCT0625480", "a study id has eight digits after NCT, this one has 7"),
        ("nct062548077", "a study id has eight digits after NCT, this one has 9"),
        ("NCT 06254807", "there is a space inside the id"),
        ("NCT0625480O", "a study id is NCT followed by eight digits, such as NCT06254807"),
        ("06254807", "a study id is NCT followed by eight digits, such as NCT06254807"),
        ("ISRCTN12345678", "a study id is NCT followed by eight digits, such as NCT06254807"),
    ],
)
def test_the_reason_is_that_of_the_mistake(raw: str, reason: str) -> None:
    assert parse_nct_id(raw) == InvalidId(raw, reason)


@pytest.mark.parametrize(
    "raw",
    [
        "C205637",
        "c205637 ",
        "NCIT:C205637",
        "ncit_C205637",
        "http://purl.obolibrary.org/obo/NCIT_C205637",
        "https://ncithesaurus.nci.nih.gov/ncitbrowser/ConceptReport.jsp?dictionary=NCI_Thesaurus&code=C205637",
        "https://evsexplore.semantics.cancer.gov/evsexplore/concept/ncit/C205637",
        "https://ncit.nci.nih.gov/ncitbrowser/pages/concept_details.jsf?dictionary=NCI_Thesaurus&code=C205637&ns=ncit#x",
        "https://ncit.nci.nih.gov/ncitbrowser/ConceptReport.jsp?dictionary=NCI_Thesaurus&code=C205637&key=123&b=1",
        "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl#C205637",
        "https://bioregistry.io/ncit:C205637",
    ],
)
def test_a_concept_code_is_read_through_what_is_safe_to_repair(raw: str) -> None:
    assert parse_concept_code(raw) == GivenId("C205637", raw)


@pytest.mark.parametrize(
    "raw",
    [
        "C 205637",
        "NCIT: C205637",
        "205637",
        "C0",
        "C0123",
        "CDR0000042265",
        "C12a",
        "C1647; C1702",
        "-C1",
        "C②05637",
        "Ⅽ205637",
        "https://bioregistry.io/umls:C1328479",
        "https://evsexplore.semantics.cancer.gov/evsexplore/concept/ncim/C1328479",
        "https://example.org/ncitbrowser/ConceptReport.jsp?dictionary=NCI_Thesaurus&code=C205637",
        "https://notnci.nih.gov.example/evsexplore/concept/ncit/C205637",
        "https://ncim.nci.nih.gov/ncimbrowser/ConceptReport.jsp?dictionary=NCI_Metathesaurus&code=C0205637",
        "https://evsexplore.semantics.cancer.gov/evsexplore/ncim/ncit/C205637",
        "https://[/ncit/C205637",
        "https://www.cancer.gov/publications/ABC205637",
        "https://www.cancer.gov/publications/C205637",
    ],
)
def test_a_concept_code_is_refused_rather_than_guessed(raw: str) -> None:
    assert isinstance(parse_concept_code(raw), InvalidId)


@given(st.text())
def test_a_parsed_id_has_the_digits_of_the_text_and_no_others(raw: str) -> None:
    for parse, shape in ((parse_nct_id, r"NCT\d{8}"), (parse_concept_code, r"C[1-9]\d*")):
        parsed = parse(raw)
        if isinstance(parsed, GivenId):
            assert re.fullmatch(shape, parsed.id)
            assert parse(parsed.id) == GivenId(parsed.id, parsed.id)


@given(st.from_regex(r"NCT[0-9]{8}", fullmatch=True), st.sampled_from(["{}", " {} ", "{}\u200b", "\t{}\n"]))
def test_clothes_around_an_id_do_not_matter(id_: str, clothes: str) -> None:
    raw = clothes.format(id_.lower())
    assert parse_nct_id(raw) == GivenId(id_, raw)
