"""From the bytes of an API v2 study to `Study`. Positions in paths are positions in the payload's own lists."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import TypeAdapter

from trialweave.core.dates import PartialDate, parse_partial_date
from trialweave.core.models import (
    Arm,
    Coded,
    Enrollment,
    Intervention,
    Organisation,
    PrimaryOutcome,
    SecondaryId,
    Study,
    Text,
)
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
    part = validated(_STUDY, body, "a ClinicalTrials.gov study")
    return _Reading(part).study()


class _Reading:
    """One pass over one validated study; collects the signals on the way."""

    def __init__(self, part: StudyPart) -> None:
        self._part = part
        self._signals: list[Text] = []

    def study(self) -> Study:
        protocol = self._part.protocol_section
        ids = protocol.identification_module
        id_path = f"{_PROTOCOL}/identificationModule"
        status = protocol.status_module or _NO_STATUS
        status_path = f"{_PROTOCOL}/statusModule"
        sponsors = protocol.sponsor_collaborators_module or _NO_SPONSORS
        sponsors_path = f"{_PROTOCOL}/sponsorCollaboratorsModule"
        description = protocol.description_module or _NO_DESCRIPTION
        conditions = protocol.conditions_module or _NO_CONDITIONS
        design = protocol.design_module or _NO_DESIGN
        design_path = f"{_PROTOCOL}/designModule"
        info = design.design_info or _NO_DESIGN_INFO
        info_path = f"{design_path}/designInfo"
        arms = protocol.arms_interventions_module or _NO_ARMS
        eligibility = protocol.eligibility_module or _NO_ELIGIBILITY
        eligibility_path = f"{_PROTOCOL}/eligibilityModule"
        sites = (protocol.contacts_locations_module or _NO_LOCATIONS).locations
        derived = self._part.derived_section or _NO_DERIVED
        watched = (
            (self._part, ""),
            (protocol, _PROTOCOL),
            (derived, _DERIVED),
            (ids, id_path),
            (status, status_path),
            (description, f"{_PROTOCOL}/descriptionModule"),
            (conditions, f"{_PROTOCOL}/conditionsModule"),
            (design, design_path),
            (info, info_path),
            (info.masking_info or _NO_MASKING, f"{info_path}/maskingInfo"),
            (eligibility, eligibility_path),
        )
        for part, path in watched:
            self._signals += new_fields(part.model_extra or (), known.UNREAD_FIELDS, path, _WHOSE)
        for rows, path in ((arms.arm_groups, _ARM_GROUPS), (arms.interventions, _INTERVENTIONS)):
            names = (row.model_extra or () for row in rows or ())
            self._signals += new_fields_of_rows(names, known.UNREAD_FIELDS, path, _WHOSE)
        return Study(
            nct_id=ids.nct_id,
            aliases=tuple(ids.nct_id_aliases or ()),
            org_study_id=said(ids.org_study_id_info.id if ids.org_study_id_info else None),
            secondary_ids=tuple(
                SecondaryId(item.id, self._value(item.type, known.SECONDARY_ID_TYPE, f"{path}/type"))
                for item, path in each(ids.secondary_id_infos, f"{id_path}/secondaryIdInfos")
                if item.id and said(item.id)
            ),
            acronym=text(ids.acronym, f"{id_path}/acronym"),
            brief_title=text(ids.brief_title, f"{id_path}/briefTitle"),
            official_title=text(ids.official_title, f"{id_path}/officialTitle"),
            study_type=self._value(design.study_type, known.STUDY_TYPE, f"{design_path}/studyType"),
            phases=self._values(design.phases, known.PHASE, f"{design_path}/phases"),
            overall_status=self._value(status.overall_status, known.STATUS, f"{status_path}/overallStatus"),
            last_known_status=self._value(status.last_known_status, known.STATUS, f"{status_path}/lastKnownStatus"),
            why_stopped=said(status.why_stopped),
            verified_date=self._date(status.status_verified_date, None, f"{status_path}/statusVerifiedDate"),
            first_posted_date=self._dated(
                status.study_first_post_date_struct, f"{status_path}/studyFirstPostDateStruct"
            ),
            results_first_posted_date=self._dated(
                status.results_first_post_date_struct, f"{status_path}/resultsFirstPostDateStruct"
            ),
            last_update_posted_date=self._dated(
                status.last_update_post_date_struct, f"{status_path}/lastUpdatePostDateStruct"
            ),
            start=self._dated(status.start_date_struct, f"{status_path}/startDateStruct"),
            primary_completion=self._dated(
                status.primary_completion_date_struct, f"{status_path}/primaryCompletionDateStruct"
            ),
            completion=self._dated(status.completion_date_struct, f"{status_path}/completionDateStruct"),
            has_results=self._part.has_results,
            enrollment=self._enrollment(design.enrollment_info, f"{design_path}/enrollmentInfo"),
            lead_sponsor=self._organisation(sponsors.lead_sponsor, f"{sponsors_path}/leadSponsor"),
            collaborators=present(
                self._organisation(item, path)
                for item, path in each(sponsors.collaborators, f"{sponsors_path}/collaborators")
            ),
            allocation=self._value(info.allocation, known.DESIGN_ALLOCATION, f"{info_path}/allocation"),
            model=self._model(info, info_path),
            masking=self._masking(info.masking_info, f"{info_path}/maskingInfo"),
            purpose=self._value(info.primary_purpose, known.PRIMARY_PURPOSE, f"{info_path}/primaryPurpose"),
            conditions=words(conditions.conditions),
            keywords=texts(conditions.keywords, f"{_PROTOCOL}/conditionsModule/keywords"),
            condition_mesh=_meshes(derived.condition_browse_module),
            intervention_mesh=_meshes(derived.intervention_browse_module),
            arms=tuple(self._arms(arms)),
            interventions=tuple(self._interventions(arms)),
            primary_outcomes=tuple(
                PrimaryOutcome(item.measure, said(item.time_frame))
                for item in (protocol.outcomes_module or _NO_OUTCOMES).primary_outcomes or ()
                if item.measure and said(item.measure)
            ),
            sex=self._value(eligibility.sex, known.SEX, f"{eligibility_path}/sex"),
            minimum_age=said(eligibility.minimum_age),
            maximum_age=said(eligibility.maximum_age),
            age_groups=self._values(eligibility.std_ages, known.STANDARD_AGE, f"{eligibility_path}/stdAges"),
            countries=distinct(item.country for item in sites or ()),
            site_count=None if sites is None else len(sites),
            result_pmids=self._result_pmids(protocol.references_module or _NO_REFERENCES),
            brief_summary=text(description.brief_summary, f"{_PROTOCOL}/descriptionModule/briefSummary"),
            detailed_description=text(
                description.detailed_description, f"{_PROTOCOL}/descriptionModule/detailedDescription"
            ),
            eligibility=text(eligibility.eligibility_criteria, f"{eligibility_path}/eligibilityCriteria"),
            # Last: every other argument has been worked out by now, so all signals are in.
            signals=tuple(self._signals),
        )

    def _value(self, value: str | None, allowed: frozenset[str], path: str) -> str | None:
        if value in allowed:
            return value
        given = said(value)
        if given is not None:
            self._signals.append(Text(f"{given!r} is not a value that the registry's documentation lists", path))
        return given

    def _values(self, values: Words, allowed: frozenset[str], path: str) -> tuple[str, ...]:
        if not values:
            return ()
        return present([self._value(value, allowed, f"{path}/{at}") for at, value in enumerate(values)])

    def _date(self, date: str | None, kind: str | None, path: str) -> PartialDate | None:
        given = said(date)
        if given is None:
            return None
        parsed = parse_partial_date(given, kind)
        if parsed is None:
            self._signals.append(Text(f"{given!r} is not a date", path))
        return parsed

    def _dated(self, part: DatePart | None, path: str) -> PartialDate | None:
        if part is None:
            return None
        return self._date(part.date, self._value(part.type, known.DATE_TYPE, f"{path}/type"), f"{path}/date")

    def _enrollment(self, part: EnrollmentPart | None, path: str) -> Enrollment | None:
        if part is None:
            return None
        kind = self._value(part.type, known.ENROLLMENT_TYPE, f"{path}/type")
        return None if part.count is None and kind is None else Enrollment(part.count, kind)

    def _organisation(self, part: SponsorPart | None, path: str) -> Organisation | None:
        name = said(part.name) if part else None
        if part is None or name is None:
            return None
        return Organisation(name, self._value(part.organisation_class, known.AGENCY_CLASS, f"{path}/class"))

    def _model(self, info: DesignInfoPart, path: str) -> str | None:
        """The interventional model, or the observational one: a study has the one that fits its type."""
        interventional = self._value(
            info.intervention_model, known.INTERVENTIONAL_ASSIGNMENT, f"{path}/interventionModel"
        )
        return interventional or self._value(
            info.observational_model, known.OBSERVATIONAL_MODEL, f"{path}/observationalModel"
        )

    def _masking(self, part: MaskingPart | None, path: str) -> str | None:
        return None if part is None else self._value(part.masking, known.DESIGN_MASKING, f"{path}/masking")

    def _arms(self, part: ArmsInterventionsPart) -> Iterator[Arm]:
        for item, path in each(part.arm_groups, _ARM_GROUPS):
            label = said(item.label)
            interventions = tuple(_without_type(name) for name in words(item.intervention_names))
            if label is None and not interventions:
                continue
            yield Arm(
                label=label or "",
                type=self._value(item.type, known.ARM_GROUP_TYPE, f"{path}/type"),
                interventions=interventions,
                description=text(item.description, f"{path}/description"),
                path=path,
            )

    def _interventions(self, part: ArmsInterventionsPart) -> Iterator[Intervention]:
        for item, path in each(part.interventions, _INTERVENTIONS):
            name = said(item.name)
            if name is None:
                continue
            yield Intervention(
                type=self._value(item.type, known.INTERVENTION_TYPE, f"{path}/type"),
                name=name,
                other_names=texts(item.other_names, f"{path}/otherNames"),
                description=text(item.description, f"{path}/description"),
                arms=words(item.arm_group_labels),
                path=path,
            )

    def _result_pmids(self, part: ReferencesPart) -> tuple[str, ...]:
        cited = each(part.references, f"{_PROTOCOL}/referencesModule/references")
        return distinct(
            item.pmid
            for item, path in cited
            if self._value(item.type, known.REFERENCE_TYPE, f"{path}/type") == "RESULT"
        )


def _without_type(name: str) -> str:
    label, separator, rest = name.partition(": ")
    return rest if separator and label in known.INTERVENTION_LABELS else name


def _meshes(part: BrowsePart | None) -> tuple[Coded, ...]:
    return tuple(
        Coded(said(item.id), said(item.term))
        for item in (part or _NO_BROWSE).meshes or ()
        if said(item.id) or said(item.term)
    )
