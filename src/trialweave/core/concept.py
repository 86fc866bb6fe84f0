"""What one concept of the NCI Thesaurus says.

Paths are RFC 6901 pointers into its payload.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from trialweave.core.models import Coded, IsDrug, Text


class Synonym(NamedTuple):
    """A name of a concept. `term_type`: PT SY AB BR FB CN SN DN AQ ...; Preferred_Name and Display_Name rows have none.

    `kind` is the payload's own `type`: FULL_SYN, Display_Name, Preferred_Name.
    """

    name: str
    term_type: str | None
    source: str | None
    kind: str | None
    path: str


class Definition(NamedTuple):
    text: str
    source: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """A concept that stands in for a retired one. `active` is None where its own state could not be read.

    `action` is the last step of the chain that led here (merge, retire, split); `hops` counts the steps.
    """

    code: str
    name: str | None
    action: str
    active: bool | None
    hops: int


@dataclass(frozen=True, slots=True)
class Concept:
    """What one NCI Thesaurus concept says. Absent in the payload is None or empty, which is unknown, not a denial.

    `replacements` is None where nobody asked or recorded an answer.
    """

    code: str
    name: str
    display_name: str | None = None
    status: str | None = None
    active: bool | None = None
    is_drug: IsDrug = "unknown"
    semantic_types: tuple[str, ...] = ()
    definition: Definition | None = None
    other_definitions: tuple[Definition, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    unii: tuple[str, ...] = ()
    cas: tuple[str, ...] = ()
    nsc: tuple[str, ...] = ()
    chebi: tuple[str, ...] = ()
    umls: tuple[str, ...] = ()
    drug_dictionary_id: str | None = None
    accepted_use: str | None = None
    targets: tuple[Coded, ...] = ()
    mechanism: tuple[Coded, ...] = ()
    parents: tuple[Coded, ...] = ()
    subsets: tuple[Coded, ...] = ()
    salts: tuple[Coded, ...] = ()
    bases: tuple[Coded, ...] = ()
    replacements: tuple[Replacement, ...] | None = None
    release: str | None = None
    signals: tuple[Text, ...] = ()

    @property
    def retired(self) -> bool:
        """Retired in the sense of NCIt: `active` false or status Retired_Concept (nci-evs-api section 5)."""
        return self.active is False or self.status == "Retired_Concept"

    @property
    def brands(self) -> tuple[str, ...]:
        return self._names_of("BR", "FB")

    @property
    def code_names(self) -> tuple[str, ...]:
        return self._names_of("CN")

    @property
    def url(self) -> str:
        return (
            f"https://ncithesaurus.nci.nih.gov/ncitbrowser/ConceptReport.jsp?dictionary=NCI_Thesaurus&code={self.code}"
        )

    def _names_of(self, *term_types: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.name for s in self.synonyms if s.term_type in term_types))
