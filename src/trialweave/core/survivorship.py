"""Which source wins for which field: a table, so that "why this value" has one answer.

A source wins only while its link is in order: a link that is the suspect, or whose own state is an error, wins nothing.
A source that says nothing about the field is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping

from trialweave.core.models import ClaimSource

PRECEDENCE: Mapping[str, tuple[ClaimSource, ...]] = {
    "drug_type": ("record",),
    "intervention_type": ("record", "ctgov"),
    "drug_description": ("record", "ctgov"),
    "nci_thesaurus_concept_id": ("ncit", "record"),
    "nci_thesaurus_preferred_term": ("ncit", "record"),
    "nci_thesaurus_definition": ("ncit", "record"),
    "drug_mesh_term": ("record", "ctgov"),
    "drug_category": ("record",),
    "drug_class": ("record",),
    "drug_delivery_route": ("record", "ctgov"),
    "drug_mechanism_of_action": ("record",),
    "drug_name": ("record", "ncit"),
    "nct_id_drug_ref": ("ctgov", "record"),
}
"""Field -> sources, the first with a claim wins.

The thesaurus owns its own three fields and the registry its own id; what people curated about the drug stays theirs.
"""
