"""The published shape of an output line, as pydantic models: `docs/enriched.schema.json` is generated from them.

Adding a key is a minor change of the product, any other change a major one (DESIGN 5.2).
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from trialweave.core.catalogue import CATALOGUE
from trialweave.core.models import FIELDS, ClaimSource, IsDrug, Role, Severity, Source, Suspect, Tier, Verdict

_HEX16 = r"^[0-9a-f]{16}$"
_NCT = r"^NCT\d{8}$"
_CODE = r"^C[1-9]\d*$"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PartialDateShape(_Closed):
    """A date as precise as the registry gives it."""

    date: str
    precision: Literal["year", "month", "day"]
    kind: str | None


class EnrollmentShape(_Closed):
    count: int | None
    kind: str | None


class OrganisationShape(_Closed):
    name: str
    organisation_class: str | None = Field(alias="class")


class CodedShape(_Closed):
    code: str | None
    name: str | None


class SecondaryIdShape(_Closed):
    id: str
    type: str | None


class TitlesShape(_Closed):
    brief: str | None
    official: str | None


class MeshShape(_Closed):
    conditions: list[CodedShape]
    interventions: list[CodedShape]


class ArmShape(_Closed):
    label: str
    type: str | None
    interventions: list[str]


class InterventionShape(_Closed):
    type: str | None
    name: str
    other_names: list[str]


class PrimaryOutcomeShape(_Closed):
    measure: str
    time_frame: str | None


class AgesShape(_Closed):
    minimum: str | None
    maximum: str | None
    groups: list[str]


class DrugRoleShape(_Closed):
    """What the record's drug is in this study, and the places that say so."""

    role: Role
    where: list[str]


class StudyShape(_Closed):
    """Facts of a study. `docs/fields.md` tells where each is read."""

    nct_id: str = Field(pattern=_NCT)
    aliases: list[str]
    org_study_id: str | None
    secondary_ids: list[SecondaryIdShape]
    acronym: str | None
    titles: TitlesShape
    study_type: str | None
    phases: list[str]
    overall_status: str | None
    last_known_status: str | None
    why_stopped: str | None
    verified_date: str | None
    first_posted_date: str | None
    results_first_posted_date: str | None
    last_update_posted_date: str | None
    start: PartialDateShape | None
    primary_completion: PartialDateShape | None
    completion: PartialDateShape | None
    has_results: bool | None
    enrollment: EnrollmentShape | None
    lead_sponsor: OrganisationShape | None
    collaborators: list[OrganisationShape]
    allocation: str | None
    model: str | None
    masking: str | None
    purpose: str | None
    conditions: list[str]
    keywords: list[str]
    mesh_terms: MeshShape
    arms: list[ArmShape]
    interventions: list[InterventionShape]
    primary_outcomes: list[PrimaryOutcomeShape]
    sex: str | None
    ages: AgesShape
    countries: list[str]
    site_count: int | None
    result_pmids: list[str]
    url: str
    drug_role: DrugRoleShape
    routes: list[str]


class SynonymShape(_Closed):
    name: str
    term_type: str | None
    source: str | None


class ReplacementShape(_Closed):
    code: str
    name: str | None
    action: str
    active: bool | None
    hops: int


class ConceptShape(_Closed):
    """Facts of a concept. `docs/fields.md` tells where each is read."""

    code: str = Field(pattern=_CODE)
    name: str
    display_name: str | None
    status: str | None
    is_drug: IsDrug
    semantic_types: list[str]
    definition: str | None
    other_definitions: dict[str, list[str]]
    synonyms: list[SynonymShape]
    brands: list[str]
    code_names: list[str]
    unii: list[str]
    cas: list[str]
    nsc: list[str]
    chebi: list[str]
    umls: list[str]
    drug_dictionary_id: str | None
    accepted_use: str | None
    targets: list[CodedShape]
    mechanism: list[CodedShape]
    parents: list[CodedShape]
    subsets: list[CodedShape]
    salts: list[CodedShape]
    bases: list[CodedShape]
    replacements: list[ReplacementShape] | None
    release: str | None
    url: str


class StudyLinkShape(_Closed):
    outcome: Literal["found", "not_found", "unavailable", "invalid", "not_given"]
    requested_id: str | None
    id: str | None
    via: Literal["same", "alias"] | None
    source_version: str | None
    fetched_at: str | None
    stale: bool | None


class ConceptLinkShape(StudyLinkShape):
    via: Literal["same"] | None


class LinksShape(_Closed):
    study: StudyLinkShape
    concept: ConceptLinkShape


class EdgeShape(_Closed):
    verdict: Verdict | None
    tier: Tier | None
    matched: str | None
    path: str | None


class EdgesShape(_Closed):
    record_study: EdgeShape
    record_concept: EdgeShape
    study_concept: EdgeShape


class ClaimShape(_Closed):
    source: ClaimSource
    path: str
    value: Any


class FieldShape(_Closed):
    value: str | None
    source: ClaimSource | None
    claims: list[ClaimShape]


class FillShape(_Closed):
    field: str
    value: str
    source: Source
    evidence: str


class SuggestionShape(_Closed):
    field: str
    value: str
    why: str
    evidence: list[str]


class ConflictShape(_Closed):
    kind: str = Field(json_schema_extra={"enum": [kind.name for kind in CATALOGUE]})
    severity: Severity
    field: str
    message: str
    claims: list[ClaimShape]
    suggestion: SuggestionShape | None
    fingerprint: str = Field(pattern=_HEX16)
    cause: str = Field(pattern=_HEX16)


class EnrichedShape(_Closed):
    """One line of `enriched.jsonl`: a record with what its links lead to."""

    schema_name: Literal["trialweave.enriched/1"] = Field(alias="schema")
    record_id: str
    record: dict[str, Any]
    links: LinksShape
    study: StudyShape | None
    concept: ConceptShape | None
    edges: EdgesShape
    fields: dict[str, FieldShape] = Field(json_schema_extra={"required": list(FIELDS)})
    fills: list[FillShape]
    conflicts: list[ConflictShape]
    suspect: Suspect | None


def schema_page() -> str:
    """`docs/enriched.schema.json`: the JSON Schema of an output line."""
    schema = EnrichedShape.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "trialweave.enriched/1"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
