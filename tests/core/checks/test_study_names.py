"""How bad it is that a study does not name the record's drug."""

import pytest

from builders import concept_of, conflicts, study_of, woven
from trialweave.core.models import Concept
from trialweave.core.name_index import KnownNames
from trialweave.core.naming import concept_names

KIND = "study_drug_not_mentioned"


@pytest.mark.parametrize(
    ("known", "severity"),
    [
        (concept_of("Berzosertib"), "warning"),
        (concept_of("Berzosertib", "CN|VE-822"), "error"),
        (concept_of("Berzosertib", "BR|Zyxel"), "error"),
    ],
)
def test_a_code_in_the_study_softens_where_one_name_is_all_that_is_known(known: Concept, severity: str) -> None:
    conflict = conflicts({"drug_name": "Berzosertib"}, study_of("VX-970"), known)[KIND]
    assert conflict.severity == severity
    assert ("may be its code" in conflict.message) is (severity == "warning")


def test_a_code_that_a_known_concept_owns_softens_nothing() -> None:
    index = KnownNames()
    index.add(concept_names(concept_of("FGFR Inhibitor AZD4547", code="C2")), retired=False, is_drug="yes")
    study, row = study_of("FGFR inhibitor AZD4547"), {"drug_name": "Berzosertib"}
    severities = [
        next(c.severity for c in woven(row, study, concept_of("Berzosertib"), at_hand).conflicts if c.kind == KIND)
        for at_hand in (KnownNames(), index)
    ]
    assert severities == ["warning", "error"]
