"""A pointer in a curator's words."""

from __future__ import annotations

import pytest

from trialweave.core.models import ClaimSource
from trialweave.report.places import place

_ARMS = "/protocolSection/armsInterventionsModule"


@pytest.mark.parametrize(
    ("source", "path", "words"),
    [
        ("record", "/drug_name", "column drug_name"),
        ("record", "/name~1code", "column name/code"),
        ("record", "", ""),
        ("ctgov", "/protocolSection/identificationModule/nctId", "study id"),
        ("ctgov", "/protocolSection/statusModule/overallStatus", "overall status"),
        ("ctgov", f"{_ARMS}/interventions/0/name", "intervention 1, name"),
        ("ctgov", f"{_ARMS}/interventions/0/otherNames/2", "intervention 1, other name 3"),
        ("ctgov", f"{_ARMS}/armGroups/11/label", "arm 12, label"),
        ("ctgov", "/protocolSection/descriptionModule/briefSummary", "brief summary"),
        ("ctgov", "/derivedSection/interventionBrowseModule/meshes/0/term", "MeSH heading 1"),
        ("ncit", "/name", "preferred term"),
        ("ncit", "/conceptStatus", "concept status"),
        ("ncit", "/synonyms/1/name", "synonym 2"),
        ("ncit", "/definitions/0/definition", "definition 1"),
        ("ncit", "/properties/3/value", "property 4"),
        ("ncit", "/roles/0/relatedName", "role 1, related name"),
    ],
)
def test_a_pointer_reads_as_words(source: ClaimSource, path: str, words: str) -> None:
    assert place(source, path) == words
