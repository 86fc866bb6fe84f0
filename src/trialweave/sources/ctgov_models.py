"""The parts of an API v2 study that are read, as the OpenAPI document 2.0.5 of ClinicalTrials.gov shapes them.

Only the id is required: the registry leaves out what is empty, and a projection leaves out what was not asked for.
Contacts, officials, telephone and e-mail have no place here, so they go no further than the payload.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from trialweave.core.identifiers import NCT_ID
from trialweave.sources.payload import Part
from trialweave.sources.values import Words


class _Named(Part):
    model_config = ConfigDict(alias_generator=to_camel)


NctId = Annotated[str, StringConstraints(pattern=rf"^{NCT_ID.pattern}$")]


class IdPart(_Named):
    id: str | None = None
    type: str | None = None


class Watched(_Named):
    """A part whose fields that nobody modelled are kept by name, so that a new one can be told."""

    model_config = ConfigDict(extra="allow")


class IdentificationPart(Watched):
    nct_id: NctId
    nct_id_aliases: list[NctId] | None = None
    org_study_id_info: IdPart | None = None
    secondary_id_infos: list[IdPart] | None = None
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None


class DatePart(_Named):
    date: str | None = None
    type: str | None = None


class StatusPart(Watched):
    status_verified_date: str | None = None
    overall_status: str | None = None
    last_known_status: str | None = None
    why_stopped: str | None = None
    start_date_struct: DatePart | None = None
    primary_completion_date_struct: DatePart | None = None
    completion_date_struct: DatePart | None = None
    study_first_post_date_struct: DatePart | None = None
    results_first_post_date_struct: DatePart | None = None
    last_update_post_date_struct: DatePart | None = None


class SponsorPart(_Named):
    name: str | None = None
    organisation_class: str | None = Field(None, alias="class")


class SponsorsPart(_Named):
    lead_sponsor: SponsorPart | None = None
    collaborators: list[SponsorPart] | None = None


class DescriptionPart(Watched):
    brief_summary: str | None = None
    detailed_description: str | None = None


class ConditionsPart(Watched):
    conditions: Words = None
    keywords: Words = None


class MaskingPart(Watched):
    masking: str | None = None


class DesignInfoPart(Watched):
    allocation: str | None = None
    intervention_model: str | None = None
    observational_model: str | None = None
    primary_purpose: str | None = None
    masking_info: MaskingPart | None = None


class EnrollmentPart(_Named):
    count: int | None = None
    type: str | None = None


class DesignPart(Watched):
    study_type: str | None = None
    phases: Words = None
    design_info: DesignInfoPart | None = None
    enrollment_info: EnrollmentPart | None = None


class ArmGroupPart(Watched):
    label: str | None = None
    type: str | None = None
    description: str | None = None
    intervention_names: Words = None


class InterventionPart(Watched):
    type: str | None = None
    name: str | None = None
    description: str | None = None
    arm_group_labels: Words = None
    other_names: Words = None


class ArmsInterventionsPart(_Named):
    arm_groups: list[ArmGroupPart] | None = None
    interventions: list[InterventionPart] | None = None


class OutcomePart(_Named):
    measure: str | None = None
    time_frame: str | None = None


class OutcomesPart(_Named):
    primary_outcomes: list[OutcomePart] | None = None


class EligibilityPart(Watched):
    eligibility_criteria: str | None = None
    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    std_ages: Words = None


class LocationPart(_Named):
    country: str | None = None


class LocationsPart(_Named):
    locations: list[LocationPart] | None = None


class ReferencePart(_Named):
    pmid: str | None = None
    type: str | None = None


class ReferencesPart(_Named):
    references: list[ReferencePart] | None = None


class ProtocolPart(Watched):
    identification_module: IdentificationPart
    status_module: StatusPart | None = None
    sponsor_collaborators_module: SponsorsPart | None = None
    description_module: DescriptionPart | None = None
    conditions_module: ConditionsPart | None = None
    design_module: DesignPart | None = None
    arms_interventions_module: ArmsInterventionsPart | None = None
    outcomes_module: OutcomesPart | None = None
    eligibility_module: EligibilityPart | None = None
    contacts_locations_module: LocationsPart | None = None
    references_module: ReferencesPart | None = None


class MeshPart(_Named):
    id: str | None = None
    term: str | None = None


class BrowsePart(_Named):
    meshes: list[MeshPart] | None = None


class DerivedPart(Watched):
    condition_browse_module: BrowsePart | None = None
    intervention_browse_module: BrowsePart | None = None


class StudyPart(Watched):
    protocol_section: ProtocolPart
    derived_section: DerivedPart | None = None
    has_results: bool | None = None


class _MiscInfoPart(_Named):
    version_holder: str | None = None


class _DatedPart(_Named):
    misc_info_module: _MiscInfoPart | None = None


class VersionedPart(_Named):
    """A study for its `versionHolder` alone."""

    derived_section: _DatedPart | None = None

    @property
    def version(self) -> str | None:
        misc = self.derived_section.misc_info_module if self.derived_section else None
        return (misc.version_holder or None) if misc else None
