"""Small payloads of our own in the shape of the two services, every modelled part filled, and ways to walk them."""

import copy
import json
from typing import Any

from trialweave.sources.base import Response

STUDY: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01000001",
            "nctIdAliases": ["NCT01000002", "NCT01000003"],
            "orgStudyIdInfo": {"id": "ORG-7"},
            "secondaryIdInfos": [{"id": "2009-1", "type": "EUDRACT_NUMBER"}, {"id": ""}, {"id": "U01", "type": "NIH"}],
            "briefTitle": "Brief",
            "officialTitle": "Official",
            "acronym": "ACRO",
        },
        "statusModule": {
            "statusVerifiedDate": "2026-03",
            "overallStatus": "UNKNOWN",
            "lastKnownStatus": "RECRUITING",
            "whyStopped": "Slow accrual",
            "startDateStruct": {"date": "2010", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2012-04", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2013-05-06", "type": "ESTIMATED"},
            "studyFirstPostDateStruct": {"date": "2010-01-02", "type": "ESTIMATED"},
            "resultsFirstPostDateStruct": {"date": "2014-01-02", "type": "ACTUAL"},
            "lastUpdatePostDateStruct": {"date": "2015-01-02", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {"type": "PRINCIPAL_INVESTIGATOR", "investigatorFullName": "Jane Roe"},
            "leadSponsor": {"name": "Sponsor", "class": "INDUSTRY"},
            "collaborators": [{"name": "Helper", "class": "NIH"}],
        },
        "descriptionModule": {"briefSummary": "Short.", "detailedDescription": "Long."},
        "conditionsModule": {"conditions": ["Melanoma", " "], "keywords": ["", "skin"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE"},
            },
            "enrollmentInfo": {"count": 12, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {},
                {
                    "label": "Arm A",
                    "type": "EXPERIMENTAL",
                    "description": "Drug by mouth",
                    "interventionNames": ["Drug: Alpha: the drug", "", "Diagnostic Test: Blood"],
                },
            ],
            "interventions": [
                {"name": " "},
                {
                    "type": "DRUG",
                    "name": "Alpha: the drug",
                    "description": "10 mg",
                    "armGroupLabels": ["Arm A"],
                    "otherNames": ["", "AL-1"],
                },
                {"type": "DIAGNOSTIC_TEST", "name": "Blood", "armGroupLabels": ["Arm A"]},
            ],
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Survival", "timeFrame": "1 year"}]},
        "eligibilityModule": {
            "eligibilityCriteria": "Adults.",
            "sex": "ALL",
            "minimumAge": "18 Years",
            "maximumAge": "75 Years",
            "stdAges": ["ADULT", "OLDER_ADULT"],
        },
        "contactsLocationsModule": {
            "centralContacts": [{"name": "John Doe", "phone": "555-0100", "email": "john@example.org"}],
            "overallOfficials": [{"name": "Jane Roe", "role": "STUDY_CHAIR"}],
            "locations": [
                {"facility": "One", "country": "France", "contacts": [{"name": "Jim Poe", "email": "jim@example.org"}]},
                {"facility": "Two", "country": "Germany"},
                {"facility": "Three", "country": "France"},
            ],
        },
        "referencesModule": {
            "references": [
                {"pmid": "11", "type": "BACKGROUND", "citation": "Roe J."},
                {"pmid": "12", "type": "RESULT", "citation": "Doe J."},
                {"type": "RESULT"},
            ]
        },
    },
    "derivedSection": {
        "miscInfoModule": {"versionHolder": "2026-11-20"},
        "conditionBrowseModule": {"meshes": [{"id": "D008545", "term": "Melanoma"}]},
        "interventionBrowseModule": {"meshes": [{"id": "D1", "term": "Alpha"}]},
    },
    "hasResults": False,
}

PERSONAL = ("John Doe", "Jane Roe", "Jim Poe", "555-0100", "example.org")
"""What stands in STUDY and must never be read or asked for."""

CONCEPT: dict[str, Any] = {
    "code": "C900001",
    "name": "Alpha",
    "terminology": "ncit",
    "version": "26.10d",
    "conceptStatus": "DEFAULT",
    "leaf": True,
    "active": True,
    "synonyms": [
        {"name": "ALPHA", "termType": "PT", "type": "FULL_SYN", "typeCode": "P90", "source": "FDA", "code": "UNII1"},
        {"ct": 9},
        {"name": " Alphabrand ", "termType": "BR", "type": "FULL_SYN", "typeCode": "P90", "source": "NCI"},
        {"name": "Alphafremd", "termType": "FB", "type": "FULL_SYN", "typeCode": "P90", "source": "NCI"},
        {"name": "AL-1", "termType": "CN", "type": "FULL_SYN", "typeCode": "P90", "source": "NCI"},
        {"name": "Alpha (display)", "type": "Display_Name", "typeCode": "P107"},
        {"name": "Alpha", "type": "Preferred_Name", "typeCode": "P108"},
    ],
    "definitions": [
        {"definition": "Alpha as people know it.", "code": "P325", "type": "ALT_DEFINITION", "source": "NCI-GLOSS"},
        {"definition": "NCI|An inhibitor of BETA. (NCI05)", "code": "P97", "type": "DEFINITION", "source": "NCI"},
    ],
    "properties": [
        {"code": "P106", "type": "Semantic_Type", "value": "Pharmacologic Substance"},
        {"code": "P319", "type": "FDA_UNII_Code", "value": "UNII1"},
        {"code": "P210", "type": "CAS_Registry", "value": "50-00-0"},
        {"code": "P175", "type": "NSC Number", "value": "123"},
        {"code": "P368", "type": "CHEBI_ID", "value": "CHEBI:1"},
        {"code": "P207", "type": "UMLS_CUI", "value": "C0000001"},
        {"code": "P208", "type": "NCI_META_CUI", "value": "CL0000001"},
        {"code": "P399", "type": "NCI_Drug_Dictionary_ID", "value": "42"},
        {"code": "P302", "type": "Accepted_Therapeutic_Use_For", "value": "Melanoma; Glioma"},
        {"type": "Logical_Definition", "value": "true"},
    ],
    "roles": [
        {
            "code": "R146",
            "type": "Chemical_Or_Drug_Affects_Gene_Product",
            "relatedCode": "C17319",
            "relatedName": None,
        },
        {
            "code": "R124",
            "type": "Chemical_Or_Drug_Has_Mechanism_Of_Action",
            "relatedCode": "C40474",
            "relatedName": "Inhibition",
        },
    ],
    "associations": [
        {"code": "A7", "type": "Has_Target", "relatedCode": "C17319", "relatedName": "BETA"},
        {"code": "A7", "type": "Has_Target", "relatedCode": "C17320", "relatedName": "GAMMA"},
        {"code": "A8", "type": "Concept_In_Subset", "relatedCode": "C176424", "relatedName": "NCI Drug Dictionary"},
        {"code": "A5", "type": "Has_Salt_Or_Ester_Form", "relatedCode": "C2", "relatedName": "Alpha Mesylate"},
        {"code": "A6", "type": "Has_Free_Acid_Or_Base_Form", "relatedCode": "C3", "relatedName": "Alpha Base"},
    ],
    "parents": [{"code": "C4", "name": "BETA Inhibitor"}],
}


def body(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def changed(value: Any, pointer: str, new: Any) -> Any:
    """A copy with the place that a pointer names set to another value."""
    copied = copy.deepcopy(value)
    *parents, last = pointer.split("/")[1:]
    node = copied
    for part in parents:
        node = node[int(part)] if isinstance(node, list) else node.setdefault(part, {})
    if isinstance(node, list):
        node[int(last)] = new
    else:
        node[last] = new
    return copied


def at(value: Any, pointer: str) -> Any:
    """What stands at an RFC 6901 pointer."""
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part.replace("~1", "/").replace("~0", "~")]
    return value


def ok(value: Any) -> Response:
    return Response(200, "application/json", body(value))


def text(status: int, said: str) -> Response:
    return Response(status, "text/plain", said.encode())


def study(nct_id: str, *aliases: str) -> dict[str, Any]:
    """The least that a study can be."""
    identification: dict[str, Any] = {"nctId": nct_id}
    if aliases:
        identification["nctIdAliases"] = list(aliases)
    return {"protocolSection": {"identificationModule": identification}}


def concept(code: str, version: str = "26.10d", **more: Any) -> dict[str, Any]:
    return {"code": code, "name": f"Concept {code}", "terminology": "ncit", "version": version, **more}
