"""From the registry's bytes to `Study`."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from payload_samples import PERSONAL, STUDY, at, body, changed, study

from places import REFERENCE
from trialweave.core.models import Coded, Text
from trialweave.core.study import Arm, Enrollment, Organisation, PrimaryOutcome, SecondaryId
from trialweave.errors import PayloadError
from trialweave.sources import registry_values
from trialweave.sources.ctgov import CtgovSource, parse_study

P = "/protocolSection"


def test_every_modelled_part_is_read() -> None:
    read = parse_study(body(STUDY))
    assert read.nct_id == "NCT01000001"
    assert read.aliases == ("NCT01000002", "NCT01000003")
    assert read.secondary_ids == (SecondaryId("2009-1", "EUDRACT_NUMBER"), SecondaryId("U01", "NIH"))
    assert read.brief_title == Text("Brief", f"{P}/identificationModule/briefTitle")
    assert read.phases == ("PHASE1", "PHASE2")
    assert read.start is not None
    assert (read.start.text, read.start.precision, read.start.kind) == ("2010", "year", "ACTUAL")
    assert read.completion is not None
    assert (read.completion.precision, read.completion.kind) == ("day", "ESTIMATED")
    assert read.enrollment == Enrollment(12, "ACTUAL")
    assert read.lead_sponsor == Organisation("Sponsor", "INDUSTRY")
    assert (read.allocation, read.model, read.masking, read.purpose) == (
        "RANDOMIZED",
        "PARALLEL",
        "DOUBLE",
        "TREATMENT",
    )
    assert read.conditions == ("Melanoma",)
    assert read.intervention_mesh == (Coded("D1", "Alpha"),)
    assert read.primary_outcomes == (PrimaryOutcome("Survival", "1 year"),)
    assert read.countries == ("France", "Germany")
    assert read.site_count == 3
    assert read.result_pmids == ("12",)
    assert read.signals == ()


def test_positions_in_paths_count_the_entries_that_are_passed_over() -> None:
    read = parse_study(body(STUDY))
    assert read.keywords == (Text("skin", f"{P}/conditionsModule/keywords/1"),)
    assert read.arms == (
        Arm(
            "Arm A",
            "EXPERIMENTAL",
            ("Alpha: the drug", "Blood"),
            Text("Drug by mouth", f"{P}/armsInterventionsModule/armGroups/1/description"),
            f"{P}/armsInterventionsModule/armGroups/1",
        ),
    )
    alpha = read.interventions[0]
    assert alpha.path == f"{P}/armsInterventionsModule/interventions/1"
    assert alpha.other_names == (Text("AL-1", f"{alpha.path}/otherNames/1"),)


def test_a_prefix_that_is_no_type_stays_part_of_the_name() -> None:
    names = f"{P}/armsInterventionsModule/armGroups/1/interventionNames"
    read = parse_study(body(changed(STUDY, names, ["Cohort 1: Alpha", "drug: Alpha", "Alpha"])))
    assert read.arms[0].interventions == ("Cohort 1: Alpha", "drug: Alpha", "Alpha")


def test_a_date_without_a_kind_is_a_date() -> None:
    read = parse_study(body(changed(STUDY, f"{P}/statusModule/startDateStruct", {"date": "2010-02"})))
    assert read.start is not None
    assert (read.start.text, read.start.precision, read.start.kind) == ("2010-02", "month", None)


def test_not_applicable_phases_are_no_absence() -> None:
    assert parse_study(body(changed(STUDY, f"{P}/designModule/phases", ["NA"]))).phases == ("NA",)
    assert parse_study(body(changed(STUDY, f"{P}/designModule/phases", []))).phases == ()


def test_an_observational_study_has_its_own_model() -> None:
    observed = changed(STUDY, f"{P}/designModule/designInfo", {"observationalModel": "COHORT"})
    assert parse_study(body(observed)).model == "COHORT"


def test_absent_is_unknown_and_nothing_is_made_up() -> None:
    read = parse_study(body(study("NCT01000001")))
    for name, value in read._asdict().items():
        if name != "nct_id":
            assert value in (None, ()), name


def test_a_site_list_that_was_not_given_is_not_zero_sites() -> None:
    assert parse_study(body(changed(STUDY, f"{P}/contactsLocationsModule", {}))).site_count is None


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (f"{P}/statusModule/overallStatus", "PAUSED"),
        (f"{P}/designModule/phases/1", "PHASE9"),
        (f"{P}/designModule/designInfo/maskingInfo/masking", "TOTAL"),
        (f"{P}/armsInterventionsModule/interventions/1/type", "NANOBOT"),
        (f"{P}/armsInterventionsModule/armGroups/1/type", "MIDDLE"),
        (f"{P}/sponsorCollaboratorsModule/leadSponsor/class", "STARTUP"),
        (f"{P}/identificationModule/secondaryIdInfos/2/type", "X"),
        (f"{P}/statusModule/startDateStruct/type", "GUESSED"),
        (f"{P}/eligibilityModule/stdAges/0", "TODDLER"),
        (f"{P}/statusModule/startDateStruct/date", "spring 2010"),
        (f"{P}/statusModule/statusVerifiedDate", "2026-02-30"),
    ],
)
def test_what_the_documentation_does_not_list_passes_with_a_signal(pointer: str, value: str) -> None:
    read = parse_study(body(changed(STUDY, pointer, value)))
    assert [signal.path for signal in read.signals] == [pointer]
    assert value in read.signals[0].text
    if "date" in pointer.lower() and "type" not in pointer:
        assert read.start is None or read.verified_date is None
    else:
        assert value in set(_texts_in(read)) - {signal.text for signal in read.signals}


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        (b"", "JSON"),
        (b"[]", "body"),
        (b"null", "body"),
        (b'{"studies": []}', "/protocolSection"),
        (body(changed(STUDY, f"{P}/identificationModule/nctId", "NCT1")), "nctId"),
        (body(changed(STUDY, f"{P}/identificationModule/nctId", "nct01000001")), "nctId"),
        (body(changed(STUDY, f"{P}/identificationModule/nctId", "NCT01000001\n")), "nctId"),
        (body(changed(STUDY, f"{P}/identificationModule/nctId", "NCT٠١٠٠٠٠٠١")), "nctId"),
        (body(changed(STUDY, f"{P}/identificationModule/briefTitle", 7)), "briefTitle"),
        (body(changed(STUDY, f"{P}/designModule/phases", "PHASE1")), "phases"),
        (body(changed(STUDY, f"{P}/designModule/enrollmentInfo/count", "12")), "count"),
        (body(changed(STUDY, "/hasResults", "false")), "hasResults"),
        (b"[" * 100_000, "body"),
        (b'{"protocolSection":' * 50_000, "body"),
        (body(STUDY)[:-40], "JSON"),
        (b"\xff\xfe", "JSON"),
        (b'{"protocolSection": {"identificationModule": {"nctId": "NCT01000001", "acronym": "\\ud800"}}}', "body"),
    ],
)
def test_what_is_no_study_is_refused_with_its_place(payload: bytes, where: str) -> None:
    with pytest.raises(PayloadError, match=r"not a ClinicalTrials\.gov study") as caught:
        parse_study(payload)
    assert where in str(caught.value)
    assert len(str(caught.value)) < 500


def test_people_are_not_read() -> None:
    texts = "\n".join(_texts_in(parse_study(body(STUDY))))
    assert not [person for person in PERSONAL if person in texts]


# ---------------------------------------------------------------- against the official document


def test_known_values_are_those_of_the_official_document() -> None:
    if not REFERENCE.is_dir():
        pytest.skip("the official document is not here")
    schemas = yaml.safe_load((REFERENCE / "ctg-oas-v2.yaml").read_text("utf-8"))["components"]["schemas"]
    by_table = {
        "STATUS": "Status",
        "STUDY_TYPE": "StudyType",
        "PHASE": "Phase",
        "DATE_TYPE": "DateType",
        "ENROLLMENT_TYPE": "EnrollmentType",
        "AGENCY_CLASS": "AgencyClass",
        "SECONDARY_ID_TYPE": "SecondaryIdType",
        "DESIGN_ALLOCATION": "DesignAllocation",
        "INTERVENTIONAL_ASSIGNMENT": "InterventionalAssignment",
        "OBSERVATIONAL_MODEL": "ObservationalModel",
        "DESIGN_MASKING": "DesignMasking",
        "PRIMARY_PURPOSE": "PrimaryPurpose",
        "ARM_GROUP_TYPE": "ArmGroupType",
        "INTERVENTION_TYPE": "InterventionType",
        "SEX": "Sex",
        "STANDARD_AGE": "StandardAge",
        "REFERENCE_TYPE": "ReferenceType",
    }
    tables = {name for name in vars(registry_values) if name.isupper()} - {"INTERVENTION_LABELS", "UNREAD_FIELDS"}
    assert tables == by_table.keys()
    for table, schema in by_table.items():
        assert getattr(registry_values, table) == set(schemas[schema]["enum"]), table


# ---------------------------------------------------------------- against real studies

MODELLED = (
    "hasResults",
    "derivedSection.conditionBrowseModule.meshes.id",
    "derivedSection.conditionBrowseModule.meshes.term",
    "derivedSection.interventionBrowseModule.meshes.id",
    "derivedSection.interventionBrowseModule.meshes.term",
    *(
        f"protocolSection.{path}"
        for path in (
            "identificationModule.nctId",
            "identificationModule.nctIdAliases",
            "identificationModule.orgStudyIdInfo.id",
            "identificationModule.secondaryIdInfos.id",
            "identificationModule.secondaryIdInfos.type",
            "identificationModule.briefTitle",
            "identificationModule.officialTitle",
            "identificationModule.acronym",
            "statusModule.statusVerifiedDate",
            "statusModule.overallStatus",
            "statusModule.lastKnownStatus",
            "statusModule.whyStopped",
            "statusModule.startDateStruct.date",
            "statusModule.startDateStruct.type",
            "statusModule.primaryCompletionDateStruct.date",
            "statusModule.primaryCompletionDateStruct.type",
            "statusModule.completionDateStruct.date",
            "statusModule.completionDateStruct.type",
            "statusModule.studyFirstPostDateStruct.date",
            "statusModule.resultsFirstPostDateStruct.date",
            "statusModule.lastUpdatePostDateStruct.date",
            "sponsorCollaboratorsModule.leadSponsor.name",
            "sponsorCollaboratorsModule.leadSponsor.class",
            "sponsorCollaboratorsModule.collaborators.name",
            "sponsorCollaboratorsModule.collaborators.class",
            "descriptionModule.briefSummary",
            "descriptionModule.detailedDescription",
            "conditionsModule.conditions",
            "conditionsModule.keywords",
            "designModule.studyType",
            "designModule.phases",
            "designModule.designInfo.allocation",
            "designModule.designInfo.interventionModel",
            "designModule.designInfo.observationalModel",
            "designModule.designInfo.primaryPurpose",
            "designModule.designInfo.maskingInfo.masking",
            "designModule.enrollmentInfo.count",
            "designModule.enrollmentInfo.type",
            "armsInterventionsModule.armGroups.label",
            "armsInterventionsModule.armGroups.type",
            "armsInterventionsModule.armGroups.description",
            "armsInterventionsModule.interventions.type",
            "armsInterventionsModule.interventions.name",
            "armsInterventionsModule.interventions.description",
            "armsInterventionsModule.interventions.armGroupLabels",
            "armsInterventionsModule.interventions.otherNames",
            "outcomesModule.primaryOutcomes.measure",
            "outcomesModule.primaryOutcomes.timeFrame",
            "eligibilityModule.eligibilityCriteria",
            "eligibilityModule.sex",
            "eligibilityModule.minimumAge",
            "eligibilityModule.maximumAge",
            "eligibilityModule.stdAges",
            "contactsLocationsModule.locations.country",
        )
    ),
)


def test_no_modelled_leaf_of_a_real_study_is_lost(realdata: Path) -> None:
    files = sorted((realdata / "ctgov/studies").glob("*.json"))
    assert len(files) >= 200
    for file in files:
        raw = json.loads(file.read_bytes())
        read = parse_study(file.read_bytes())
        held = set(_values_in(read))
        for path in MODELLED:
            lost = [leaf for leaf in _leaves(raw, path.split(".")) if leaf not in held]
            assert not lost, (file.name, path, lost[:3])
        assert read.signals == (), file.name


def test_lists_of_a_real_study_keep_their_length_and_order(realdata: Path) -> None:
    for file in sorted((realdata / "ctgov/studies").glob("*.json")):
        raw = json.loads(file.read_bytes())
        read = parse_study(file.read_bytes())
        arms = raw["protocolSection"].get("armsInterventionsModule", {})
        assert [arm.label for arm in read.arms] == [arm["label"] for arm in arms.get("armGroups", [])]
        assert [given.name for given in read.interventions] == [
            given["name"] for given in arms.get("interventions", [])
        ]
        locations = raw["protocolSection"].get("contactsLocationsModule", {}).get("locations")
        assert read.site_count == (None if locations is None else len(locations))
        references = raw["protocolSection"].get("referencesModule", {}).get("references", [])
        results = [row["pmid"] for row in references if row.get("type") == "RESULT" and "pmid" in row]
        assert list(read.result_pmids) == list(dict.fromkeys(results))


def test_arms_of_real_studies_name_interventions_of_the_study(realdata: Path) -> None:
    for file in sorted((realdata / "ctgov/studies").glob("*.json")):
        read = parse_study(file.read_bytes())
        names = {given.name for given in read.interventions}
        assert {name for arm in read.arms for name in arm.interventions} <= names, file.name


def test_paths_lead_back_to_the_text(realdata: Path) -> None:
    for file in sorted((realdata / "ctgov/studies").glob("*.json")):
        raw = json.loads(file.read_bytes())
        read = parse_study(file.read_bytes())
        for text in _located(read):
            assert at(raw, text.path) == text.text, (file.name, text.path)
        for arm in read.arms:
            assert at(raw, f"{arm.path}/label") == arm.label
        for given in read.interventions:
            assert at(raw, f"{given.path}/name") == given.name


def test_only_the_versions_date_is_left_out_of_the_digest(realdata: Path) -> None:
    source = CtgovSource()
    pairs = 0
    for earlier in sorted((realdata / "ctgov/two_versions").glob("*.2026-02-18.json")):
        later = earlier.with_name(earlier.name.replace("-18.json", "-19.json"))
        before, after = json.loads(earlier.read_bytes()), json.loads(later.read_bytes())
        assert source.own_version(earlier.read_bytes()) == before["derivedSection"]["miscInfoModule"]["versionHolder"]
        assert source.own_version(earlier.read_bytes()) != source.own_version(later.read_bytes())
        for raw in (before, after):
            del raw["derivedSection"]["miscInfoModule"]["versionHolder"]
        same = source.digest(earlier.read_bytes()) == source.digest(later.read_bytes())
        assert same == (before == after), earlier.name
        pairs += 1
    assert pairs == 10


def test_a_digest_sees_content_and_nothing_else() -> None:
    digest = CtgovSource().digest
    same = [changed(STUDY, "/derivedSection/miscInfoModule/versionHolder", "2026-11-23")]
    same.append({key: STUDY[key] for key in reversed(STUDY)})
    same.append({**STUDY, "derivedSection": {**STUDY["derivedSection"], "miscInfoModule": {}}})
    assert {digest(body(variant)) for variant in same} == {digest(body(STUDY))}
    assert digest(body(changed(STUDY, "/hasResults", True))) != digest(body(STUDY))
    assert digest(body(study("NCT01000001"))) == digest(
        body({**study("NCT01000001"), "derivedSection": {"miscInfoModule": {"versionHolder": "2026-11-23"}}})
    )


# ---------------------------------------------------------------- walking


def _leaves(node: Any, path: list[str]) -> Iterator[Any]:
    """The values that are not blank at a dotted path, through every list on the way."""
    if isinstance(node, list):
        for item in node:
            yield from _leaves(item, path)
    elif path:
        if isinstance(node, dict) and path[0] in node:
            yield from _leaves(node[path[0]], path[1:])
    elif not isinstance(node, str) or node.strip():
        yield node


def _values_in(value: Any) -> Iterator[Any]:
    """Everything that a value holds, at any depth, paths left out."""
    if is_dataclass(value):
        for part in fields(value):
            yield from _values_in(getattr(value, part.name))
    elif hasattr(value, "_asdict"):
        yield from _values_in(tuple(part for name, part in value._asdict().items() if name != "path"))
    elif isinstance(value, tuple):
        for item in value:
            yield from _values_in(item)
    elif value is not None:
        yield value


def _texts_in(value: Any) -> Iterator[str]:
    return (found for found in _values_in(value) if isinstance(found, str))


def _located(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value):
        for part in fields(value):
            yield from _located(getattr(value, part.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _located(item)
