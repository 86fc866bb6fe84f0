"""The state of each link by itself: is the id an id, does the source have it, and is what it has fit to link to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from trialweave.core.catalogue import BY_NAME
from trialweave.core.concept import Concept
from trialweave.core.findings import Finding
from trialweave.core.identifiers import GivenId, parse_concept_code, parse_nct_id
from trialweave.core.modality import modalities_in
from trialweave.core.models import (
    Claim,
    Found,
    Invalid,
    NotFound,
    NotGiven,
    Outcome,
    Record,
    Severity,
    Suggestion,
    Text,
    Unavailable,
)
from trialweave.core.study import Study

STUDY = "nct_id_drug_ref"
CONCEPT = "nci_thesaurus_concept_id"

STATES_WORTH_KNOWING = ("WITHDRAWN", "UNKNOWN", "TERMINATED", "SUSPENDED", "NO_LONGER_AVAILABLE")
"""Values of overallStatus that `study_state` notes (DESIGN section 6)."""

_STATUS = "/protocolSection/statusModule/overallStatus"
_NCT_ID = "/protocolSection/identificationModule/nctId"


def check_study_link(record: Record, outcome: Outcome, study: Study | None) -> Iterator[Finding]:
    """Findings about `nct_id_drug_ref` itself."""
    yield from _check_id(record, outcome, STUDY, "warning")
    if isinstance(outcome, NotFound):
        yield _not_found(record, outcome, STUDY, "study_not_found", "ClinicalTrials.gov has no study")
    if study is None:
        return
    given = record.get(STUDY)
    if isinstance(outcome, Found) and outcome.via == "alias" and given is not None:
        yield Finding(
            "study_id_alias",
            STUDY,
            f"{outcome.requested_id} is an alias: the study is registered as {outcome.id} now.",
            (_of_record(given), Claim("ctgov", _NCT_ID, outcome.id)),
            suggestion=Suggestion(STUDY, outcome.id, "the id under which the registry lists the study now"),
        )
    if study.overall_status in STATES_WORTH_KNOWING:
        yield _study_state(study, study.overall_status)


def check_concept_link(record: Record, outcome: Outcome, concept: Concept | None) -> Iterator[Finding]:
    """Findings about `nci_thesaurus_concept_id` itself."""
    yield from _check_id(record, outcome, CONCEPT, "info")
    if isinstance(outcome, NotFound):
        yield _not_found(record, outcome, CONCEPT, "concept_not_found", "NCI Thesaurus has no concept")
    given = record.get(CONCEPT)
    if concept is None or given is None:
        return
    if concept.retired:
        yield _concept_retired(given, concept)
    elif concept.status == "Obsolete_Concept":
        yield Finding(
            "concept_obsolete",
            CONCEPT,
            f"NCI marks {concept.code} '{concept.name}' as obsolete, although it still answers as active.",
            (_of_record(given), Claim("ncit", "/conceptStatus", concept.status)),
        )
    if concept.is_drug == "no" and not _is_the_device_meant(record, concept):
        types = ", ".join(concept.semantic_types)
        yield Finding(
            "concept_not_a_drug",
            CONCEPT,
            f"{concept.code} is '{concept.name}', which NCI Thesaurus files under {types}: not a drug.",
            (_of_record(given), Claim("ncit", "/name", concept.name)),
        )


def _is_the_device_meant(record: Record, concept: Concept) -> bool:
    """A device that gives off a drug, in a table that keeps it as one: `drug_category` DEVICE, a drug-eluting stent."""
    if "Medical Device" not in concept.semantic_types:
        return False
    told = (record.get(field) for field in ("drug_category", "drug_class", "intervention_type"))
    return any("device" in modalities_in(text.text) for text in told if text is not None)


def is_broken(finding: Finding) -> bool:
    """Is this finding an error of the link itself, so that the link is the suspect whatever the names say?"""
    return (finding.severity or BY_NAME[finding.kind].severities[0]) == "error"


def _check_id(record: Record, outcome: Outcome, field: str, missing: Severity) -> Iterator[Finding]:
    """What is wrong with the id as text.

    | outcome                       | finding                        |
    |-------------------------------|--------------------------------|
    | not given                     | link_missing                   |
    | invalid                       | id_malformed                   |
    | any other, text was repaired  | id_normalised                  |
    | any other, text was in order  | none                           |
    """
    given = record.get(field)
    match outcome:
        case NotGiven():
            # The drug's name is the root that blank links share: one look-up mends them all.
            name = record.get("drug_name")
            claims = () if name is None else (_of_record(name),)
            yield Finding("link_missing", field, f"{field} is blank.", claims, severity=missing)
        case Invalid(raw, reason):
            claims = () if given is None else (_of_record(given),)
            swapped = _swapped(record, field)
            more = "" if swapped is None else f" The two ids stand in each other's column: {swapped.value} is the one."
            message = f"{raw!r} cannot be used as {field}: {reason}.{more}"
            yield Finding("id_malformed", field, message, claims, suggestion=swapped)
        case Found() | NotFound() | Unavailable():
            if given is not None and given.text.strip() != outcome.requested_id:
                yield Finding(
                    "id_normalised",
                    field,
                    f"{given.text!r} was read as {outcome.requested_id}.",
                    (_of_record(given),),
                    suggestion=Suggestion(field, outcome.requested_id, "the same id in its usual form"),
                )
        case _:
            assert_never(outcome)


def _swapped(record: Record, field: str) -> Suggestion | None:
    """The id for this field that stands in the other one, where the id of the other stands here."""
    study, concept = record.get(STUDY), record.get(CONCEPT)
    if study is None or concept is None:
        return None
    nct_id, code = parse_nct_id(concept.text), parse_concept_code(study.text)
    if not isinstance(nct_id, GivenId) or not isinstance(code, GivenId):
        return None
    found, path = (nct_id.id, concept.path) if field == STUDY else (code.id, study.path)
    return Suggestion(field, found, "the two ids of this record stand in each other's column", (path,))


def _not_found(record: Record, outcome: NotFound, field: str, kind: str, sentence: str) -> Finding:
    given = record.get(field)
    version = f" (asked in {outcome.source_version})" if outcome.source_version else ""
    claims = () if given is None else (_of_record(given),)
    return Finding(kind, field, f"{sentence} {outcome.requested_id}{version}.", claims)


def _study_state(study: Study, status: str) -> Finding:
    details = []
    if study.last_known_status:
        details.append(f"last known as {study.last_known_status}")
    if study.why_stopped:
        details.append(f"because: {study.why_stopped.rstrip('. ')}")
    return Finding(
        "study_state",
        STUDY,
        f"{study.nct_id} is {status}" + (f" ({'; '.join(details)})." if details else "."),
        (Claim("ctgov", _NCT_ID, study.nct_id), Claim("ctgov", _STATUS, status)),
    )


def _concept_retired(given: Text, concept: Concept) -> Finding:
    active = [r for r in concept.replacements or () if r.active is not False]
    suggestion = None
    match active:
        case [one]:
            name = f" '{one.name}'" if one.name else ""
            checked = "" if one.active else "; whether it is active could not be read"
            suggestion = Suggestion(
                CONCEPT,
                one.code,
                f"NCI's history names {one.code}{name} in its place ({one.action}{checked})",
                (f"/history/ncit/{concept.code}/replacements: {one.action} {one.code}",),
            )
            after = f"NCI names {one.code}{name} in its place{checked}."
        case []:
            after = _without_successor(concept)
        case several:
            listed = ", ".join(f"{one.code} {one.name!r}" if one.name else one.code for one in several)
            after = f"NCI names several replacements: {listed}."
    return Finding(
        "concept_retired",
        CONCEPT,
        f"{concept.code} '{concept.name}' is retired; {after}",
        (_of_record(given), _retired_claim(concept)),
        suggestion=suggestion,
    )


def _without_successor(concept: Concept) -> str:
    """What is said of the replacements where none is proposed. A chain of retired concepts may have been followed."""
    if concept.replacements is None:
        return "what replaces it is not known here."
    named = [replacement.code for replacement in concept.replacements]
    told = f": {', '.join(named)} {'is' if len(named) == 1 else 'are'} not in use either" if named else ""
    return f"NCI names no replacement that is active{told}."


def _retired_claim(concept: Concept) -> Claim:
    if concept.status is not None:
        return Claim("ncit", "/conceptStatus", concept.status)
    return Claim("ncit", "/active", concept.active)


def _of_record(text: Text) -> Claim:
    return Claim("record", text.path, text.text)
