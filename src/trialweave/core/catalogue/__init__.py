"""Every kind of conflict as data: what it is, how bad, why it matters, what to do.

`docs/conflicts.md` and `trialweave conflicts` print this table; checks name a kind and may choose among its severities.
Origin: DESIGN section 6 and the measured taxonomy behind it.
"""

from trialweave.core.catalogue.concepts import RECORD_CONCEPT
from trialweave.core.catalogue.edges import RECORD_STUDY, STUDY_CONCEPT
from trialweave.core.catalogue.kinds import Kind, Room
from trialweave.core.catalogue.links import LINKS
from trialweave.core.catalogue.records import ACROSS_RECORDS, RECORD_ALONE

__all__ = ["BY_NAME", "CATALOGUE", "RULES_VERSION", "Kind", "Room"]

RULES_VERSION = "2026.12.1"
"""Raised with every change that can make a record's conflicts differ for equal inputs."""

CATALOGUE: tuple[Kind, ...] = (
    *LINKS, *RECORD_STUDY, *RECORD_CONCEPT, *STUDY_CONCEPT, *RECORD_ALONE, *ACROSS_RECORDS
)  # fmt: skip

BY_NAME = {kind.name: kind for kind in CATALOGUE}
