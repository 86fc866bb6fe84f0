"""The parts of an EVS concept that are read, as the OpenAPI document 1.7.2 of the EVS REST API shapes them.

Only the code is required: the service leaves out what is empty, and a projection leaves out what was not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AliasChoices, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from trialweave.core.identifiers import CONCEPT_CODE
from trialweave.sources.payload import Part


class Watched(Part):
    """A part whose fields that nobody modelled are kept by name, so that a new one can be told."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow")


class SynonymPart(Watched):
    name: str | None = None
    term_type: str | None = Field(None, validation_alias=AliasChoices("termType", "termGroup"))
    source: str | None = None
    type: str | None = None


class DefinitionPart(Watched):
    definition: str | None = None
    type: str | None = None
    source: str | None = None


class PropertyPart(Watched):
    code: str | None = None
    type: str | None = None
    value: str | None = None


class RelationPart(Watched):
    code: str | None = None
    type: str | None = None
    related_code: str | None = None
    related_name: str | None = None


class CodedPart(Watched):
    code: str | None = None
    name: str | None = None


class ConceptPart(Watched):
    """The parts of a concept that are read; only the code is required: the service leaves out what is empty."""

    code: Annotated[str, StringConstraints(pattern=rf"^{CONCEPT_CODE.pattern}$")]
    name: str | None = None
    version: str | None = None
    concept_status: str | None = None
    active: bool | None = None
    leaf: bool | None = None
    synonyms: list[SynonymPart] | None = None
    definitions: list[DefinitionPart] | None = None
    properties: list[PropertyPart] | None = None
    roles: list[RelationPart] | None = None
    associations: list[RelationPart] | None = None
    parents: list[CodedPart] | None = None


_OF_ANY_PART = frozenset({"ct", "highlight", "uri"})
UNREAD_OF_CONCEPT = _OF_ANY_PART | {
    "children",
    "contributingSources",
    "descendants",
    "disjointWith",
    "extensions",
    "highlights",
    "history",
    "inverseAssociations",
    "inverseRoles",
    "level",
    "maps",
    "mapsetLink",
    "paths",
    "source",
    "subsetLink",
    "terminology",
}
"""Fields of a concept that are known and that no fact is made of: those of the OpenAPI document, and what the service
answers beyond it (nci-evs-api.md sections 2 and 8)."""

_UNREAD_OF_RELATION = _OF_ANY_PART | {"group", "qualifiers", "source"}
UNREAD_OF_ROWS: Mapping[str, frozenset[str]] = {
    "synonyms": _OF_ANY_PART | {"active", "code", "qualifiers", "subSource", "termGroup", "termType", "typeCode"},
    "definitions": _OF_ANY_PART | {"code", "qualifiers"},
    "properties": _OF_ANY_PART | {"qualifiers", "source"},
    "roles": _UNREAD_OF_RELATION,
    "associations": _UNREAD_OF_RELATION,
    "parents": UNREAD_OF_CONCEPT
    | {
        "active",
        "associations",
        "conceptStatus",
        "defining",
        "definitions",
        "leaf",
        "parents",
        "properties",
        "roles",
        "synonyms",
        "version",
    },
    "history": frozenset({"action", "code", "ct", "date", "name", "replacementCode", "replacementName", "uri"}),
}
"""The same for the rows of a concept's lists. Nothing at all is read of the history; a parent is a concept."""
