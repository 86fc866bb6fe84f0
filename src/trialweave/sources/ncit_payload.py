"""From the bytes of an EVS concept to `Concept`. Positions in paths are positions in the payload's own lists.

Bodies of several years are read: older ones lack the codes of properties, roles and associations and call `termType`
`termGroup`, so a fact is known by its code or, where there is none, by the text of its type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import TypeAdapter

from trialweave.core.concept import Concept, Definition, Synonym
from trialweave.core.models import Coded, IsDrug, Text
from trialweave.core.vocabulary.semantic_types import AGENT_CATEGORY, drug_standing, is_category_name
from trialweave.sources.ncit_models import (
    UNREAD_OF_CONCEPT,
    UNREAD_OF_ROWS,
    ConceptPart,
    DefinitionPart,
    PropertyPart,
    RelationPart,
    SynonymPart,
)
from trialweave.sources.payload import new_fields, new_fields_of_rows, validated
from trialweave.sources.values import said

PROPERTIES: Mapping[str, str] = {
    "P106": "Semantic_Type",
    "P175": "NSC Number",
    "P207": "UMLS_CUI",
    "P208": "NCI_META_CUI",
    "P210": "CAS_Registry",
    "P302": "Accepted_Therapeutic_Use_For",
    "P319": "FDA_UNII_Code",
    "P368": "CHEBI_ID",
    "P399": "NCI_Drug_Dictionary_ID",
}
"""The properties that are read: code and type text (NCI Thesaurus 26.04d)."""

RELATIONS: Mapping[str, str] = {
    "A5": "Has_Salt_Form",
    "A6": "Has_Free_Acid_Or_Base_Form",
    "A7": "Has_Target",
    "A8": "Concept_In_Subset",
    "R124": "Chemical_Or_Drug_Has_Mechanism_Of_Action",
    "R125": "Chemical_Or_Drug_Has_Physiologic_Effect",
    "R146": "Chemical_Or_Drug_Affects_Gene_Product",
}
"""The roles (R) and associations (A) that are read. A5 is `Has_Salt_Or_Ester_Form` today; bodies without codes are
older than that."""

STATUSES = frozenset(
    {
        "DEFAULT",
        "Concept_Pending_Approval",
        "Header_Concept",
        "Obsolete_Concept",
        "Provisional_Concept",
        "Retired_Concept",
    }
)
"""`conceptStatuses` of the terminology's metadata (26.04d), and DEFAULT for an ordinary concept."""

DRUG_SUBSETS = frozenset({"C116978", "C176424"})
"""CTRP Agent Terminology and NCI Drug Dictionary Terminology: what NCI itself lists as agents."""

PHARMACOLOGIC_SUBSTANCE = "C1909"

_PROPERTY_CODES = {text: code for code, text in PROPERTIES.items()}
_RELATION_CODES = {text: code for code, text in RELATIONS.items()}
_WHOSE = "the EVS REST API's"
_NCI_SUFFIX = re.compile(r"\(NCI[0-9]{0,2}\)\Z")


_CONCEPT = TypeAdapter(ConceptPart)


def parse_concept(body: bytes) -> Concept:
    """Read one concept as the EVS REST API gives it, at any `include`.

    `replacements` stays None: they come by a call of their own. Raises PayloadError for a body that is no concept.
    """
    return concept_of(read_concept(body))


def read_concept(body: bytes) -> ConceptPart:
    """The parts of a concept that are modelled. Raises PayloadError for a body that is no concept."""
    return validated(_CONCEPT, body, "an NCI Thesaurus concept")


def concept_of(part: ConceptPart) -> Concept:
    """The concept that a validated payload describes."""
    synonyms = _synonyms(part.synonyms or ())
    properties = _by_code(part.properties or ())
    related = _related([*(part.roles or ()), *(part.associations or ())])
    definition, others = _definitions(part.definitions or ())
    status = said(part.concept_status)
    semantic_types = properties.get("P106", ())
    subsets = related.get("A8", ())
    parents = _distinct(Coded(said(row.code), said(row.name)) for row in part.parents or ())
    name = said(part.name) or _name_among(synonyms, "Preferred_Name") or ""
    return Concept(
        code=part.code,
        name=name,
        display_name=_name_among(synonyms, "Display_Name"),
        status=status,
        active=part.active,
        is_drug=_is_drug(part, name, semantic_types, subsets, parents),
        semantic_types=semantic_types,
        definition=definition,
        other_definitions=others,
        synonyms=synonyms,
        unii=properties.get("P319", ()),
        cas=properties.get("P210", ()),
        nsc=properties.get("P175", ()),
        chebi=properties.get("P368", ()),
        umls=(*properties.get("P207", ()), *properties.get("P208", ())),
        drug_dictionary_id=next(iter(properties.get("P399", ())), None),
        accepted_use=next(iter(properties.get("P302", ())), None),
        targets=_distinct((*related.get("R146", ()), *related.get("A7", ()))),
        mechanism=_distinct((*related.get("R124", ()), *related.get("R125", ()))),
        parents=parents,
        subsets=subsets,
        salts=related.get("A5", ()),
        bases=related.get("A6", ()),
        release=said(part.version),
        signals=tuple(_signals(part, status)),
    )


def _signals(part: ConceptPart, status: str | None) -> Iterator[Text]:
    if status is not None and status not in STATUSES:
        yield Text(f"{status!r} is not a status that NCI Thesaurus lists", "/conceptStatus")
    extra = part.model_extra or {}
    yield from new_fields(extra, UNREAD_OF_CONCEPT, "", _WHOSE)
    lists = {
        "synonyms": part.synonyms,
        "definitions": part.definitions,
        "properties": part.properties,
        "roles": part.roles,
        "associations": part.associations,
        "parents": part.parents,
    }
    for name, rows in lists.items():
        names = (row.model_extra or () for row in rows or ())
        yield from new_fields_of_rows(names, UNREAD_OF_ROWS[name], f"/{name}", _WHOSE)
    history = extra.get("history")
    if isinstance(history, list):
        names = (row if isinstance(row, dict) else () for row in history)
        yield from new_fields_of_rows(names, UNREAD_OF_ROWS["history"], "/history", _WHOSE)


def _is_drug(
    part: ConceptPart, name: str, types: Sequence[str], subsets: Sequence[Coded], parents: Sequence[Coded]
) -> IsDrug:
    """The semantic types' answer, corrected by what stands around the concept.

    | semantic types say | and                                                  | answer  |
    |--------------------|------------------------------------------------------|---------|
    | class              |                                                      | class   |
    | yes, unknown       | concepts lie below it, and a type or the last word   |         |
    |                    | of its name is one for a kind of agents              | class   |
    | yes                |                                                      | yes     |
    | no, unknown        | NCI lists it among its agents                        | yes     |
    | unknown            | a parent is Pharmacologic Substance itself           | yes     |
    | no, unknown        |                                                      | as said |
    """
    standing = drug_standing(types, part.concept_status)
    if standing in ("yes", "unknown") and part.leaf is False:
        standing = "class" if is_category_name(name) or not AGENT_CATEGORY.isdisjoint(types) else standing
    if standing in ("class", "yes"):
        return standing
    if any(subset.code in DRUG_SUBSETS for subset in subsets):
        return "yes"
    if standing == "unknown" and any(parent.code == PHARMACOLOGIC_SUBSTANCE for parent in parents):
        return "yes"
    return standing


def _synonyms(rows: Sequence[SynonymPart]) -> tuple[Synonym, ...]:
    return tuple(
        Synonym(name.strip(), said(row.term_type), said(row.source), said(row.type), f"/synonyms/{at}/name")
        for at, row in enumerate(rows)
        if (name := said(row.name)) is not None
    )


def _name_among(synonyms: Sequence[Synonym], kind: str) -> str | None:
    return next((synonym.name for synonym in synonyms if synonym.kind == kind), None)


def _definitions(rows: Sequence[DefinitionPart]) -> tuple[Definition | None, tuple[Definition, ...]]:
    """NCI's own definition, and all others."""
    own: Definition | None = None
    others: list[Definition] = []
    for at, row in enumerate(rows):
        if said(row.definition) is None or row.definition is None:
            continue
        definition = Definition(untagged(row.definition), said(row.source), f"/definitions/{at}/definition")
        if own is None and row.source == "NCI" and row.type in ("DEFINITION", None):
            own = definition
        else:
            others.append(definition)
    return own, tuple(others)


def untagged(definition: str) -> str:
    """A definition without the marks of its source: `NCI|` before it, `(NCI04)` or `(NCI)` behind it."""
    plain = definition.removeprefix("NCI|").rstrip()
    return (_NCI_SUFFIX.sub("", plain) if plain.endswith(")") else plain).strip()


def _by_code(rows: Sequence[PropertyPart]) -> Mapping[str, tuple[str, ...]]:
    values: dict[str, dict[str, None]] = {}
    for row in rows:
        code = row.code or _PROPERTY_CODES.get(row.type or "", "")
        value = said(row.value)
        if code in PROPERTIES and value is not None:
            values.setdefault(code, {})[value] = None
    return {code: tuple(found) for code, found in values.items()}


def _related(rows: Sequence[RelationPart]) -> Mapping[str, tuple[Coded, ...]]:
    found: dict[str, list[Coded]] = {}
    for row in rows:
        code = row.code or _RELATION_CODES.get(row.type or "", "")
        if code in RELATIONS:
            found.setdefault(code, []).append(Coded(said(row.related_code), said(row.related_name)))
    return {code: _distinct(related) for code, related in found.items()}


def _distinct(rows: Iterable[Coded]) -> tuple[Coded, ...]:
    """Each code once, under the first name that is given for it; a row with neither is nothing."""
    kept: dict[str | None, Coded] = {}
    for row in rows:
        key = row.code or row.name
        if key is not None and (key not in kept or kept[key].name is None):
            kept[key] = row
    return tuple(kept.values())
