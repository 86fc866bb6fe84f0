"""A key that is absent from a payload is unknown, and no evidence (DESIGN 5.3)."""

from __future__ import annotations

from builders import conflicts, study_of
from trialweave.core.concept import Concept
from trialweave.core.study import Study

ROW = {"drug_name": "CT-0525", "nct_id_drug_ref": "NCT06254807", "nci_thesaurus_concept_id": "C205637"}


def test_a_concept_without_a_name_is_no_class_and_no_other_drug() -> None:
    assert conflicts(ROW, study_of("CT-0525"), Concept("C205637", "")) == {}


def test_a_study_without_interventions_and_arms_denies_no_drug() -> None:
    assert [c.severity for c in conflicts(ROW, Study("NCT06254807")).values()] == ["info"]
