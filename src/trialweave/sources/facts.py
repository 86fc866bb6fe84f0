"""Where each fact of an output line comes from: the table behind `docs/fields.md`, kept beside the parsing.

A fact's name is its place in the objects of `core.facts` (`arms[].label`); its path is the place in the payload,
with `*` for every position of a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `codes` name the rows that count where rows of one list differ by code; no path means worked out."""

    name: str
    path: str
    type: str
    meaning: str
    codes: tuple[str, ...] = ()


_ID = "/protocolSection/identificationModule"
_STATUS = "/protocolSection/statusModule"
_SPONSORS = "/protocolSection/sponsorCollaboratorsModule"
_CONDITIONS = "/protocolSection/conditionsModule"
_DESIGN = "/protocolSection/designModule"
_ARMS = "/protocolSection/armsInterventionsModule"
_OUTCOMES = "/protocolSection/outcomesModule/primaryOutcomes/*"
_ELIGIBILITY = "/protocolSection/eligibilityModule"
_LOCATIONS = "/protocolSection/contactsLocationsModule/locations"
_MESH = "/derivedSection/{}BrowseModule/meshes/*"


def _date(name: str, path: str, meaning: str) -> tuple[Fact, ...]:
    return (
        Fact(f"{name}.date", f"{path}/date", "date", meaning),
        Fact(f"{name}.precision", f"{path}/date", "text", "how exact that date is: year, month or day"),
        Fact(f"{name}.kind", f"{path}/type", "text", "ACTUAL or ESTIMATED"),
    )


def _coded(name: str, path: str, code: str, label: str, meaning: str, codes: tuple[str, ...] = ()) -> tuple[Fact, ...]:
    return (
        Fact(f"{name}[].code", f"{path}/{code}", "text", f"{meaning}: code", codes),
        Fact(f"{name}[].name", f"{path}/{label}", "text", f"{meaning}: name", codes),
    )


STUDY_FACTS: tuple[Fact, ...] = (
    Fact("nct_id", f"{_ID}/nctId", "text", "the id under which the registry lists the study"),
    Fact("aliases", f"{_ID}/nctIdAliases/*", "list of text", "older ids that lead to this study"),
    Fact("org_study_id", f"{_ID}/orgStudyIdInfo/id", "text", "the sponsor's own id"),
    Fact("secondary_ids[].id", f"{_ID}/secondaryIdInfos/*/id", "text", "an id in another registry, or of a grant"),
    Fact("secondary_ids[].type", f"{_ID}/secondaryIdInfos/*/type", "text", "what kind of id that is"),
    Fact("acronym", f"{_ID}/acronym", "text", "the study's short name"),
    Fact("titles.brief", f"{_ID}/briefTitle", "text", "title for the public"),
    Fact("titles.official", f"{_ID}/officialTitle", "text", "title of the protocol"),
    Fact("study_type", f"{_DESIGN}/studyType", "text", "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS"),
    Fact("phases", f"{_DESIGN}/phases/*", "list of text", "one or two phases; NA means that phases do not apply"),
    Fact("overall_status", f"{_STATUS}/overallStatus", "text", "recruitment status; the registry itself sets UNKNOWN"),
    Fact("last_known_status", f"{_STATUS}/lastKnownStatus", "text", "the status before it became UNKNOWN"),
    Fact("why_stopped", f"{_STATUS}/whyStopped", "text", "why it was terminated, suspended or withdrawn"),
    Fact("verified_date", f"{_STATUS}/statusVerifiedDate", "date", "when the sponsor last confirmed the record"),
    Fact("first_posted_date", f"{_STATUS}/studyFirstPostDateStruct/date", "date", "when the study was first posted"),
    Fact(
        "results_first_posted_date",
        f"{_STATUS}/resultsFirstPostDateStruct/date",
        "date",
        "when results were first posted",
    ),
    Fact(
        "last_update_posted_date",
        f"{_STATUS}/lastUpdatePostDateStruct/date",
        "date",
        "when the sponsor's last update was posted; the registry changes records without moving it",
    ),
    *_date("start", f"{_STATUS}/startDateStruct", "start of the study"),
    *_date("primary_completion", f"{_STATUS}/primaryCompletionDateStruct", "last data for the primary outcome"),
    *_date("completion", f"{_STATUS}/completionDateStruct", "end of the study"),
    Fact("has_results", "/hasResults", "true or false", "results are posted"),
    Fact("enrollment.count", f"{_DESIGN}/enrollmentInfo/count", "whole number", "participants"),
    Fact("enrollment.kind", f"{_DESIGN}/enrollmentInfo/type", "text", "ACTUAL or ESTIMATED"),
    Fact("lead_sponsor.name", f"{_SPONSORS}/leadSponsor/name", "text", "who is responsible for the study"),
    Fact("lead_sponsor.class", f"{_SPONSORS}/leadSponsor/class", "text", "INDUSTRY, NIH, OTHER ..."),
    Fact("collaborators[].name", f"{_SPONSORS}/collaborators/*/name", "text", "who supports the study besides"),
    Fact("collaborators[].class", f"{_SPONSORS}/collaborators/*/class", "text", "INDUSTRY, NIH, OTHER ..."),
    Fact("allocation", f"{_DESIGN}/designInfo/allocation", "text", "RANDOMIZED, NON_RANDOMIZED or NA"),
    Fact(
        "model",
        f"{_DESIGN}/designInfo/interventionModel",
        "text",
        "PARALLEL, SINGLE_GROUP ...; of an observational study its observationalModel (COHORT ...)",
    ),
    Fact("masking", f"{_DESIGN}/designInfo/maskingInfo/masking", "text", "NONE, SINGLE, DOUBLE, TRIPLE or QUADRUPLE"),
    Fact("purpose", f"{_DESIGN}/designInfo/primaryPurpose", "text", "TREATMENT, PREVENTION ..."),
    Fact("conditions", f"{_CONDITIONS}/conditions/*", "list of text", "the diseases studied, in the sponsor's words"),
    Fact("keywords", f"{_CONDITIONS}/keywords/*", "list of text", "the sponsor's keywords"),
    *_coded("mesh_terms.conditions", _MESH.format("condition"), "id", "term", "MeSH heading found for a condition"),
    *_coded("mesh_terms.interventions", _MESH.format("intervention"), "id", "term", "MeSH heading of an intervention"),
    Fact("arms[].label", f"{_ARMS}/armGroups/*/label", "text", "name of the arm"),
    Fact("arms[].type", f"{_ARMS}/armGroups/*/type", "text", "EXPERIMENTAL, ACTIVE_COMPARATOR, PLACEBO_COMPARATOR ..."),
    Fact(
        "arms[].interventions",
        f"{_ARMS}/armGroups/*/interventionNames/*",
        "list of text",
        "what is given in the arm, without the registry's prefix such as Drug:",
    ),
    Fact("interventions[].type", f"{_ARMS}/interventions/*/type", "text", "DRUG, BIOLOGICAL, DEVICE ..."),
    Fact("interventions[].name", f"{_ARMS}/interventions/*/name", "text", "what is given, in the sponsor's words"),
    Fact(
        "interventions[].other_names",
        f"{_ARMS}/interventions/*/otherNames/*",
        "list of text",
        "further names; sponsors list partners of a combination here too",
    ),
    Fact("primary_outcomes[].measure", f"{_OUTCOMES}/measure", "text", "what is measured"),
    Fact("primary_outcomes[].time_frame", f"{_OUTCOMES}/timeFrame", "text", "when it is measured"),
    Fact("sex", f"{_ELIGIBILITY}/sex", "text", "ALL, FEMALE or MALE"),
    Fact("ages.minimum", f"{_ELIGIBILITY}/minimumAge", "text", "youngest age, such as 18 Years"),
    Fact("ages.maximum", f"{_ELIGIBILITY}/maximumAge", "text", "oldest age"),
    Fact("ages.groups", f"{_ELIGIBILITY}/stdAges/*", "list of text", "CHILD, ADULT, OLDER_ADULT"),
    Fact("countries", f"{_LOCATIONS}/*/country", "list of text", "countries of the sites, each once"),
    Fact("site_count", _LOCATIONS, "whole number", "number of sites"),
    Fact(
        "result_pmids",
        "/protocolSection/referencesModule/references/*/pmid",
        "list of text",
        "PubMed ids of the references of type RESULT",
    ),
    Fact("url", "", "text", "the study's page"),
)
"""The facts of the object `study`, in its order."""


def _properties(name: str, type_: str, meaning: str, *codes: str) -> Fact:
    return Fact(name, "/properties/*/value", type_, meaning, codes)


def _relations(name: str, path: str, meaning: str, *codes: str) -> tuple[Fact, ...]:
    return _coded(name, path, "relatedCode", "relatedName", meaning, codes)


_ANY = "/{roles,associations}/*"
_ASSOCIATION = "/associations/*"

CONCEPT_FACTS: tuple[Fact, ...] = (
    Fact("code", "/code", "text", "the concept's code"),
    Fact("name", "/name", "text", "preferred term"),
    Fact("display_name", "/synonyms/*/name", "text", "name for display", ("P107",)),
    Fact("status", "/conceptStatus", "text", "DEFAULT, Retired_Concept, Obsolete_Concept, Header_Concept ..."),
    Fact("is_drug", "", "text", "yes, no, class or unknown: from semantic types, subsets, parents and name"),
    _properties("semantic_types", "list of text", "what kind of thing the concept is", "P106"),
    Fact("definition", "/definitions/*/definition", "text", "NCI's own definition, without its source mark", ("P97",)),
    Fact(
        "other_definitions",
        "/definitions/*/definition",
        "object of lists of text",
        "all other definitions, by source",
        ("P97", "P325"),
    ),
    Fact("synonyms[].name", "/synonyms/*/name", "text", "a name, preferred and display name included"),
    Fact(
        "synonyms[].term_type",
        "/synonyms/*/termType",
        "text",
        "PT, SY, AB, BR, FB, CN, SN ... (termGroup in old bodies)",
    ),
    Fact("synonyms[].source", "/synonyms/*/source", "text", "who uses that name: NCI, FDA, CTRP ..."),
    Fact("brands", "/synonyms/*/name", "list of text", "names of term type BR or FB"),
    Fact("code_names", "/synonyms/*/name", "list of text", "names of term type CN: code names of a developer"),
    _properties("unii", "list of text", "FDA's unique ingredient identifiers", "P319"),
    _properties("cas", "list of text", "CAS registry numbers", "P210"),
    _properties("nsc", "list of text", "NSC numbers", "P175"),
    _properties("chebi", "list of text", "ChEBI ids", "P368"),
    _properties("umls", "list of text", "concept ids of UMLS and of NCI Metathesaurus", "P207", "P208"),
    _properties("drug_dictionary_id", "text", "id in the NCI Drug Dictionary", "P399"),
    _properties("accepted_use", "text", "accepted therapeutic use, joined by semicolons", "P302"),
    *_relations("targets", _ANY, "gene product that the drug acts on", "R146", "A7"),
    *_relations("mechanism", "/roles/*", "mechanism of action or physiologic effect", "R124", "R125"),
    *_coded("parents", "/parents/*", "code", "name", "concept one step above"),
    *_relations("subsets", _ASSOCIATION, "subset that lists the concept", "A8"),
    *_relations("salts", _ASSOCIATION, "salt or ester form", "A5"),
    *_relations("bases", _ASSOCIATION, "free acid or base form", "A6"),
    Fact("replacements[].code", "", "text", "concept that stands in for a retired one, at the end of the chain"),
    Fact("replacements[].name", "", "text", "its name"),
    Fact("replacements[].action", "", "text", "the last step to it: merge, retire, split"),
    Fact("replacements[].active", "", "true or false", "it is in use itself; null where its own state is not known"),
    Fact("replacements[].hops", "", "whole number", "steps of the chain"),
    Fact("release", "/version", "text", "release of NCI Thesaurus"),
    Fact("url", "", "text", "the concept's page"),
)
"""The facts of the object `concept`, in its order."""


DERIVED_FACTS = (
    Fact("drug_role.role", "derived", "text", "what the study does with the record's drug"),
    Fact("drug_role.where", "derived", "list of text", "pointers to where the study names the drug"),
    Fact("routes", "derived", "list of text", "routes by which the study gives the drug"),
)
"""What the object `study` has besides, worked out from the study and the record's drug together."""


def fields_page() -> str:
    """`docs/fields.md`."""
    return f"""\
# Facts of an enriched record

Every key is always there. `null`, an empty list or an empty object means that the source does not say; it is not a
denial. Paths are JSON pointers into the payload, with `*` for every position of a list; where rows of one list differ
by code, the codes that count stand behind the path. Contacts, officials, telephone and e-mail are never read.

## `study`: ClinicalTrials.gov, API v2

What is `derived` is worked out from the study and the record's drug together.

{_table((*STUDY_FACTS, *DERIVED_FACTS))}
## `concept`: NCI Thesaurus, EVS REST API

Replacements come from the rows of the replacements call of a retired concept; `replacements` is `null` where nobody
asked, or where the history does not know the retirement.

{_table(CONCEPT_FACTS)}"""


def _table(facts: Sequence[Fact]) -> str:
    rows = "".join(f"| `{fact.name}` | {_source(fact)} | {fact.type} | {fact.meaning} |\n" for fact in facts)
    return f"| fact | read from | type | meaning |\n|---|---|---|---|\n{rows}"


def _source(fact: Fact) -> str:
    if not fact.path:
        return "worked out"
    return f"`{fact.path}`" + (f" {', '.join(fact.codes)}" if fact.codes else "")
