"""One cause on the morning page: who it is about, and where its values lead."""

from __future__ import annotations

from report.sample import claim, conflict, line, record_id, summary
from report.test_page import delta, retired, said
from trialweave.report.html import render
from trialweave.report.page import build_page
from trialweave.report.shown import Span


def test_an_id_among_the_values_that_disagree_leads_to_its_page() -> None:
    """It stood there as text, and the links of a cause of many records were folded away below it."""
    entry = conflict(
        "xrec_same_name_two_concepts",
        1,
        "nci_thesaurus_concept_id",
        "Two codes.",
        [claim("record", "/code", "C156415"), claim("ctgov", "/nctId", "NCT06254807"), claim("ncit", "/name", "C5a")],
    )
    (cause,) = build_page(summary(), conflicts=[entry]).news.causes
    assert [side.value for side in cause.sides] == [
        (Span("concept", "C156415"),),
        (Span("study", "NCT06254807"),),
        (Span("text", "C5a"),),
    ]
    html = render(build_page(summary(), conflicts=[entry]))
    assert html.count("code=C156415") == 1


def test_a_drug_that_is_called_like_a_code_is_no_link() -> None:
    names = [claim("record", "/drug_name", "C3"), claim("ncit", "/name", "Cisplatin")]
    for field in ("drug_name", "nci_thesaurus_concept_id"):
        known = line(1)
        known["fields"]["drug_name"]["claims"] = [names[0]]
        entry = conflict("concept_different_drug", 1, field, "Another drug.", names)
        (cause,) = build_page(summary(), conflicts=[entry], lookup={record_id(1): known}).news.causes
        assert cause.sides[0].value == (Span("text", "C3"),)


def test_a_record_that_is_gone_is_named_as_its_conflict_named_it() -> None:
    """Mending its study gave a record another id; what was resolved with that stood there under the old one alone."""
    gone = retired(1) | {"claims": [claim("record", "/drug_name", "Axicabtagene ciloleucel")]}
    page = build_page(summary(), delta(resolved=[gone]))
    assert said(page.resolved.rows[0][1]) == f"Axicabtagene ciloleucel {record_id(1)}"
