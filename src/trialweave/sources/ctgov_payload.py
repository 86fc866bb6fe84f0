"""From the bytes of an API v2 study to `Study`. Positions in paths are positions in the payload's own lists."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import TypeAdapter

from trialweave.core.dates import PartialDate, parse_partial_date
from trialweave.core.models import Coded, Text
from trialweave.core.pointers import below
from trialweave.core.study import Arm, Enrollment, Intervention, Organisation, PrimaryOutcome, SecondaryId, Study
from trialweave.sources import registry_values as known
from trialweave.sources.ctgov_models import (
    ArmsInterventionsPart,
    BrowsePart,
    ConditionsPart,
    DatePart,
    DerivedPart,
    DescriptionPart,
    DesignInfoPart,
    DesignPart,
    EligibilityPart,
    EnrollmentPart,
    LocationsPart,
    MaskingPart,
    OutcomesPart,
    ReferencesPart,
    SponsorPart,
    SponsorsPart,
    StatusPart,
    StudyPart,
)
from trialweave.sources.payload import new_fields, new_fields_of_rows, validated
from trialweave.sources.values import Words, distinct, each, present, said, text, texts, words

_STUDY = TypeAdapter(StudyPart)
_WHOSE = "the registry's"
_PROTOCOL = "/protocolSection"
_DERIVED = "/derivedSection"
_IDS = f"{_PROTOCOL}/identificationModule"
_STATUS = f"{_PROTOCOL}/statusModule"
_SPONSORS = f"{_PROTOCOL}/sponsorCollaboratorsModule"
_DESCRIPTION = f"{_PROTOCOL}/descriptionModule"
_CONDITIONS = f"{_PROTOCOL}/conditionsModule"
_DESIGN = f"{_PROTOCOL}/designModule"
_DESIGN_INFO = f"{_DESIGN}/designInfo"
_ELIGIBILITY = f"{_PROTOCOL}/eligibilityModule"
_ARM_GROUPS = f"{_PROTOCOL}/armsInterventionsModule/armGroups"
_INTERVENTIONS = f"{_PROTOCOL}/armsInterventionsModule/interventions"
_NO_STATUS, _NO_SPONSORS, _NO_DESIGN, _NO_DESIGN_INFO = StatusPart(), SponsorsPart(), DesignPart(), DesignInfoPart()
_NO_DESCRIPTION, _NO_CONDITIONS, _NO_ARMS = DescriptionPart(), ConditionsPart(), ArmsInterventionsPart()
_NO_OUTCOMES, _NO_ELIGIBILITY, _NO_LOCATIONS = OutcomesPart(), EligibilityPart(), LocationsPart()
_NO_MASKING = MaskingPart()
_NO_REFERENCES, _NO_DERIVED, _NO_BROWSE = ReferencesPart(), DerivedPart(), BrowsePart()


def parse_study(body: bytes) -> Study:
    """Read one study as API v2 gives it, whole or projected.

    Blank text and empty lists are absent. A coded value or a date that the registry's own document does not allow
    is reported in `signals`; the value is kept, the date (which has no precision then) is not.
    Raises PayloadError for a body that is no study.
    """
    return _Reading(read_study(body)).study()


def read_study(body: bytes) -> StudyPart:
    """The parts of a study that are modelled. Raises PayloadError for a body that is no study."""
    return validated(_STUDY, body, "a ClinicalTrials.gov study")


class _Reading:
    """One pass over one validated study; collects the signals on the way."""

    def __init__(self, part: StudyPart) -> None:
        self._part = part
        self._signals: list[Text] = []

    def study(self) -> Study:
        protocol = self._part.protocol_section
        ids = protocol.identification_module
        status = protocol.status_module or _NO_STATUS
        sponsors = protocol.sponsor_collaborators_module or _NO_SPONSORS
        description = protocol.description_module or _NO_DESCRIPTION
        conditions = protocol.conditions_module or _NO_CONDITIONS
        design = protocol.design_module or _NO_DESIGN
        info = design.design_info or _NO_DESIGN_INFO
        arms = protocol.arms_interventions_module or _NO_ARMS
        eligibility = protocol.eligibility_module or _NO_ELIGIBILITY
        sites = (protocol.contacts_locations_module or _NO_LOCATIONS).locations
        derived = self._part.derived_section or _NO_DERIVED
        watched = (
            (self._part, ""),
            (protocol, _PROTOCOL),
            (derived, _DERIVED),
            (ids, _IDS),
            (status, _STATUS),
            (description, _DESCRIPTION),
            (conditions, _CONDITIONS),
            (design, _DESIGN),
            (info, _DESIGN_INFO),
            (info.masking_info or _NO_MASKING, f"{_DESIGN_INFO}/maskingInfo"),
            (eligibility, _ELIGIBILITY),
        )
        for part, path in watched:
            if (names := part.model_extra) and not known.UNREAD_FIELDS.issuperset(names):
                self._signals += new_fields(names, known.UNREAD_FIELDS, path, _WHOSE)
        for rows, path in ((arms.arm_groups, _ARM_GROUPS), (arms.interventions, _INTERVENTIONS)):
            names_of_rows = [row.model_extra or () for row in rows or ()]
            self._signals += new_fields_of_rows(names_of_rows, known.UNREAD_FIELDS, path, _WHOSE)
        return Study(
            nct_id=ids.nct_id,
            aliases=tuple(ids.nct_id_aliases or ()),
            org_study_id=said(ids.org_study_id_info.id if ids.org_study_id_info else None),
            secondary_ids=tuple(
                SecondaryId(item.id, self._value(item.type, known.SECONDARY_ID_TYPE, path, "type"))
                for item, path in each(ids.secondary_id_infos, f"{_IDS}/secondaryIdInfos")
                if item.id and said(item.id)
            ),
            acronym=text(ids.acronym, f"{_IDS}/acronym"),
            brief_title=text(ids.brief_title, f"{_IDS}/briefTitle"),
            official_title=text(ids.official_title, f"{_IDS}/officialTitle"),
            study_type=self._value(design.study_type, known.STUDY_TYPE, _DESIGN, "studyType"),
            phases=self._values(design.phases, known.PHASE, _DESIGN, "phases"),
            overall_status=self._value(status.overall_status, known.STATUS, _STATUS, "overallStatus"),
            last_known_status=self._value(status.last_known_status, known.STATUS, _STATUS, "lastKnownStatus"),
            why_stopped=said(status.why_stopped),
            verified_date=self._date(status.status_verified_date, None, _STATUS, "statusVerifiedDate"),
            first_posted_date=self._dated(status.study_first_post_date_struct, f"{_STATUS}/studyFirstPostDateStruct"),
            results_first_posted_date=self._dated(
                status.results_first_post_date_struct, f"{_STATUS}/resultsFirstPostDateStruct"
            ),
            last_update_posted_date=self._dated(
                status.last_update_post_date_struct, f"{_STATUS}/lastUpdatePostDateStruct"
            ),
            start=self._dated(status.start_date_struct, f"{_STATUS}/startDateStruct"),
            primary_completion=self._dated(
                status.primary_completion_date_struct, f"{_STATUS}/primaryCompletionDateStruct"
            ),
            completion=self._dated(status.completion_date_struct, f"{_STATUS}/completionDateStruct"),
            has_results=self._part.has_results,
            enrollment=self._enrollment(design.enrollment_info, f"{_DESIGN}/enrollmentInfo"),
            lead_sponsor=self._organisation(sponsors.lead_sponsor, f"{_SPONSORS}/leadSponsor"),
            collaborators=present(
                self._organisation(item, path)
                for item, path in each(sponsors.collaborators, f"{_SPONSORS}/collaborators")
            ),
            allocation=self._value(info.allocation, known.DESIGN_ALLOCATION, _DESIGN_INFO, "allocation"),
            model=self._model(info, _DESIGN_INFO),
            masking=self._masking(info.masking_info, f"{_DESIGN_INFO}/maskingInfo"),
            purpose=self._value(info.primary_purpose, known.PRIMARY_PURPOSE, _DESIGN_INFO, "primaryPurpose"),
            conditions=words(conditions.conditions),
            keywords=texts(conditions.keywords, f"{_CONDITIONS}/keywords"),
            condition_mesh=_meshes(derived.condition_browse_module),
            intervention_mesh=_meshes(derived.intervention_browse_module),
            arms=tuple(self._arms(arms)),
            interventions=tuple(self._interventions(arms)),
            primary_outcomes=tuple(
                PrimaryOutcome(item.measure, said(item.time_frame))
                for item in (protocol.outcomes_module or _NO_OUTCOMES).primary_outcomes or ()
                if item.measure and said(item.measure)
            ),
            sex=self._value(eligibility.sex, known.SEX, _ELIGIBILITY, "sex"),
            minimum_age=said(eligibility.minimum_age),
            maximum_age=said(eligibility.maximum_age),
            age_groups=self._values(eligibility.std_ages, known.STANDARD_AGE, _ELIGIBILITY, "stdAges"),
            countries=distinct(item.country for item in sites or ()),
            site_count=None if sites is None else len(sites),
            result_pmids=self._result_pmids(protocol.references_module or _NO_REFERENCES),
            brief_summary=text(description.brief_summary, f"{_DESCRIPTION}/briefSummary"),
            detailed_description=text(description.detailed_description, f"{_DESCRIPTION}/detailedDescription"),
            eligibility=text(eligibility.eligibility_criteria, f"{_ELIGIBILITY}/eligibilityCriteria"),
            # Last: every other argument has been worked out by now, so all signals are in.
            signals=tuple(self._signals),
        )

    def _value(self, value: str | None, allowed: frozenset[str], above: str, key: str) -> str | None:
        if value in allowed:
            return value
        given = said(value)
        if given is not None:
            told = f"{given!r} is not a value that the registry's documentation lists"
            self._signals.append(Text(told, f"{above}/{key}"))
        return given

    def _values(self, values: Words, allowed: frozenset[str], above: str, key: str) -> tuple[str, ...]:
        if not values:
            return ()
        return present([self._value(value, allowed, f"{above}/{key}", str(at)) for at, value in enumerate(values)])

    def _date(self, date: str | None, kind: str | None, above: str, key: str) -> PartialDate | None:
        given = said(date)
        if given is None:
            return None
        parsed = parse_partial_date(given, kind)
        if parsed is None:
            self._signals.append(Text(f"{given!r} is not a date", f"{above}/{key}"))
        return parsed

    def _dated(self, part: DatePart | None, path: str) -> PartialDate | None:
        if part is None:
            return None
        return self._date(part.date, self._value(part.type, known.DATE_TYPE, path, "type"), path, "date")

    def _enrollment(self, part: EnrollmentPart | None, path: str) -> Enrollment | None:
        if part is None:
            return None
        kind = self._value(part.type, known.ENROLLMENT_TYPE, path, "type")
        return None if part.count is None and kind is None else Enrollment(part.count, kind)

    def _organisation(self, part: SponsorPart | None, path: str) -> Organisation | None:
        name = said(part.name) if part else None
        if part is None or name is None:
            return None
        return Organisation(name, self._value(part.organisation_class, known.AGENCY_CLASS, path, "class"))

    def _model(self, info: DesignInfoPart, path: str) -> str | None:
        """The interventional model, or the observational one: a study has the one that fits its type."""
        interventional = self._value(
            info.intervention_model, known.INTERVENTIONAL_ASSIGNMENT, path, "interventionModel"
        )
        return interventional or self._value(
            info.observational_model, known.OBSERVATIONAL_MODEL, path, "observationalModel"
        )

    def _masking(self, part: MaskingPart | None, path: str) -> str | None:
        return None if part is None else self._value(part.masking, known.DESIGN_MASKING, path, "masking")

    def _arms(self, part: ArmsInterventionsPart) -> Iterator[Arm]:
        for item, path in each(part.arm_groups, _ARM_GROUPS):
            label = said(item.label)
            interventions = tuple([_without_type(name) for name in words(item.intervention_names)])
            if label is None and not interventions:
                continue
            yield Arm(
                label=label or "",
                type=self._value(item.type, known.ARM_GROUP_TYPE, path, "type"),
                interventions=interventions,
                description=text(item.description, below(path, "description")),
                path=path,
            )

    def _interventions(self, part: ArmsInterventionsPart) -> Iterator[Intervention]:
        for item, path in each(part.interventions, _INTERVENTIONS):
            name = said(item.name)
            if name is None:
                continue
            yield Intervention(
                type=self._value(item.type, known.INTERVENTION_TYPE, path, "type"),
                name=name,
                other_names=texts(item.other_names, below(path, "otherNames")),
                description=text(item.description, below(path, "description")),
                arms=words(item.arm_group_labels),
                path=path,
            )

    def _result_pmids(self, part: ReferencesPart) -> tuple[str, ...]:
        cited = each(part.references, f"{_PROTOCOL}/referencesModule/references")
        return distinct(
            item.pmid for item, path in cited if self._value(item.type, known.REFERENCE_TYPE, path, "type") == "RESULT"
        )


def _without_type(name: str) -> str:
    label, separator, rest = name.partition(": ")
    return rest if separator and label in known.INTERVENTION_LABELS else name


def _meshes(part: BrowsePart | None) -> tuple[Coded, ...]:
    return tuple(
        [
            Coded(said(item.id), said(item.term))
            for item in (part or _NO_BROWSE).meshes or ()
            if said(item.id) or said(item.term)
        ]
    )
