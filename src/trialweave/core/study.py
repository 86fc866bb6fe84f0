"""What one study of ClinicalTrials.gov says.

Paths are RFC 6901 pointers into its payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from trialweave.core.dates import PartialDate
from trialweave.core.models import Coded, Text


@dataclass(frozen=True, slots=True)
class Enrollment:
    count: int | None
    kind: str | None


class Organisation(NamedTuple):
    name: str
    organisation_class: str | None


class SecondaryId(NamedTuple):
    id: str
    type: str | None


class Arm(NamedTuple):
    """An arm group. `interventions` are names with the registry's "Drug: " prefix taken off."""

    label: str
    type: str | None
    interventions: tuple[str, ...]
    description: Text | None
    path: str


class Intervention(NamedTuple):
    """An intervention of a study. `arms` are the labels of the arm groups it is given in."""

    type: str | None
    name: str
    other_names: tuple[Text, ...]
    description: Text | None
    arms: tuple[str, ...]
    path: str


class PrimaryOutcome(NamedTuple):
    measure: str
    time_frame: str | None


class Study(NamedTuple):
    """What one ClinicalTrials.gov study says. Absent in the payload is None or empty, which is unknown, not a denial.

    `eligibility`, the summaries and the descriptions are read by checks and are not facts of the output (DESIGN 5.2).
    """

    nct_id: str
    aliases: tuple[str, ...] = ()
    org_study_id: str | None = None
    secondary_ids: tuple[SecondaryId, ...] = ()
    acronym: Text | None = None
    brief_title: Text | None = None
    official_title: Text | None = None
    study_type: str | None = None
    phases: tuple[str, ...] = ()
    overall_status: str | None = None
    last_known_status: str | None = None
    why_stopped: str | None = None
    verified_date: PartialDate | None = None
    first_posted_date: PartialDate | None = None
    results_first_posted_date: PartialDate | None = None
    last_update_posted_date: PartialDate | None = None
    start: PartialDate | None = None
    primary_completion: PartialDate | None = None
    completion: PartialDate | None = None
    has_results: bool | None = None
    enrollment: Enrollment | None = None
    lead_sponsor: Organisation | None = None
    collaborators: tuple[Organisation, ...] = ()
    allocation: str | None = None
    model: str | None = None
    masking: str | None = None
    purpose: str | None = None
    conditions: tuple[str, ...] = ()
    keywords: tuple[Text, ...] = ()
    condition_mesh: tuple[Coded, ...] = ()
    intervention_mesh: tuple[Coded, ...] = ()
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    primary_outcomes: tuple[PrimaryOutcome, ...] = ()
    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    age_groups: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    site_count: int | None = None
    result_pmids: tuple[str, ...] = ()
    brief_summary: Text | None = None
    detailed_description: Text | None = None
    eligibility: Text | None = None
    signals: tuple[Text, ...] = ()

    @property
    def url(self) -> str:
        return f"https://clinicaltrials.gov/study/{self.nct_id}"
