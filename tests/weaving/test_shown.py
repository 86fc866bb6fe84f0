"""What a notebook, a log and a failed test show of an enriched record."""

from __future__ import annotations

from pathlib import Path

from trialweave import Weaver

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def test_an_enriched_record_is_shown_without_its_payloads() -> None:
    """It was ten thousand characters of dates, arms and synonyms, and the suspect stood behind them."""
    with Weaver(replay=FIXTURES) as weaver:
        enriched = weaver.enrich(
            {"drug_name": "CT-0525", "nct_id_drug_ref": "NCT06254807", "nci_thesaurus_concept_id": "C205637"}
        )
    shown = repr(enriched)
    assert len(shown) < 2500
    assert all(part in shown for part in (enriched.record_id, "Found(", "record_study", "study_state", "suspect=None"))
