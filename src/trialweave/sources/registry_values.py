"""The values that ClinicalTrials.gov knows for each coded field.

Origin: the enumerations of the registry's OpenAPI document 2.0.5 (2026), each under the name of its schema there.
A value outside them is kept as it is and reported as a signal: the registry grows such lists without notice.
"""

from __future__ import annotations

STATUS = frozenset(
    {
        "ACTIVE_NOT_RECRUITING",
        "APPROVED_FOR_MARKETING",
        "AVAILABLE",
        "COMPLETED",
        "ENROLLING_BY_INVITATION",
        "NOT_YET_RECRUITING",
        "NO_LONGER_AVAILABLE",
        "RECRUITING",
        "SUSPENDED",
        "TEMPORARILY_NOT_AVAILABLE",
        "TERMINATED",
        "UNKNOWN",
        "WITHDRAWN",
        "WITHHELD",
    }
)
STUDY_TYPE = frozenset({"EXPANDED_ACCESS", "INTERVENTIONAL", "OBSERVATIONAL"})
PHASE = frozenset({"EARLY_PHASE1", "NA", "PHASE1", "PHASE2", "PHASE3", "PHASE4"})
DATE_TYPE = frozenset({"ACTUAL", "ESTIMATED"})
ENROLLMENT_TYPE = frozenset({"ACTUAL", "ESTIMATED"})
AGENCY_CLASS = frozenset(
    {"AMBIG", "FED", "INDIV", "INDUSTRY", "NETWORK", "NIH", "OTHER", "OTHER_GOV", "UNKNOWN"},
)
SECONDARY_ID_TYPE = frozenset(
    {"AHRQ", "CDC", "CTIS", "EUDRACT_NUMBER", "FDA", "NIH", "OTHER", "OTHER_GRANT", "REGISTRY", "SAMHSA", "VA"}
)
DESIGN_ALLOCATION = frozenset({"NA", "NON_RANDOMIZED", "RANDOMIZED"})
INTERVENTIONAL_ASSIGNMENT = frozenset({"CROSSOVER", "FACTORIAL", "PARALLEL", "SEQUENTIAL", "SINGLE_GROUP"})
OBSERVATIONAL_MODEL = frozenset(
    {
        "CASE_CONTROL",
        "CASE_CROSSOVER",
        "CASE_ONLY",
        "COHORT",
        "DEFINED_POPULATION",
        "ECOLOGIC_OR_COMMUNITY",
        "FAMILY_BASED",
        "NATURAL_HISTORY",
        "OTHER",
    }
)
DESIGN_MASKING = frozenset({"DOUBLE", "NONE", "QUADRUPLE", "SINGLE", "TRIPLE"})
PRIMARY_PURPOSE = frozenset(
    {
        "BASIC_SCIENCE",
        "DEVICE_FEASIBILITY",
        "DIAGNOSTIC",
        "ECT",
        "HEALTH_SERVICES_RESEARCH",
        "OTHER",
        "PREVENTION",
        "SCREENING",
        "SUPPORTIVE_CARE",
        "TREATMENT",
    }
)
ARM_GROUP_TYPE = frozenset(
    {"ACTIVE_COMPARATOR", "EXPERIMENTAL", "NO_INTERVENTION", "OTHER", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR"}
)
INTERVENTION_TYPE = frozenset(
    {
        "BEHAVIORAL",
        "BIOLOGICAL",
        "COMBINATION_PRODUCT",
        "DEVICE",
        "DIAGNOSTIC_TEST",
        "DIETARY_SUPPLEMENT",
        "DRUG",
        "GENETIC",
        "OTHER",
        "PROCEDURE",
        "RADIATION",
    }
)
SEX = frozenset({"ALL", "FEMALE", "MALE"})
STANDARD_AGE = frozenset({"ADULT", "CHILD", "OLDER_ADULT"})
REFERENCE_TYPE = frozenset({"BACKGROUND", "DERIVED", "RESULT"})

UNREAD_FIELDS = frozenset(
    {
        "annotationSection",
        "bioSpec",
        "delayedPosting",
        "dispFirstPostDateStruct",
        "dispFirstSubmitDate",
        "dispFirstSubmitQcDate",
        "documentSection",
        "expandedAccessInfo",
        "expandedAccessTypes",
        "genderBased",
        "genderDescription",
        "healthyVolunteers",
        "interventionModelDescription",
        "ipdSharingStatementModule",
        "lastUpdateSubmitDate",
        "maskingDescription",
        "miscInfoModule",
        "nPtrsToThisExpAccNctId",
        "organization",
        "oversightModule",
        "patientRegistry",
        "resultsFirstSubmitDate",
        "resultsFirstSubmitQcDate",
        "resultsSection",
        "resultsWaived",
        "samplingMethod",
        "studyFirstSubmitDate",
        "studyFirstSubmitQcDate",
        "studyPopulation",
        "targetDuration",
        "timePerspective",
        "whoMasked",
    }
)
"""Documented fields of the parts that are looked at (`ctgov_models.Watched`) that no fact is made of."""

INTERVENTION_LABELS = frozenset(name.replace("_", " ").title() for name in INTERVENTION_TYPE)
"""How an arm group spells a type in front of an intervention's name: "Diagnostic Test: Blood count"."""
