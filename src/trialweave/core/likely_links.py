"""In which column do the links stand that no row has under a name of theirs? For a hint to whoever has to map them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from trialweave.core.identifiers import GivenId, ParsedId, parse_concept_code, parse_nct_id
from trialweave.core.models import Record

LINKS: Mapping[str, Callable[[str], ParsedId]] = {
    "nct_id_drug_ref": parse_nct_id,
    "nci_thesaurus_concept_id": parse_concept_code,
}

_RECORDS = 100
_LONGEST = 200
"""Records that are looked at, and the longest cell that may be an id or the address of one."""


@dataclass(slots=True)
class LikelyLinks:
    """`columns` gives, for each link that no record has had so far, the column of the user that holds such ids."""

    columns: dict[str, str] = field(default_factory=dict)
    _absent: set[str] = field(default_factory=lambda: set(LINKS))
    _seen: int = 0

    def note(self, record: Record) -> None:
        """Look at one more record."""
        if self._absent:
            self._seen += 1
            self._absent -= record.paths.keys()
            for link in LINKS.keys() - self._absent:
                self.columns.pop(link, None)
            if self._seen <= _RECORDS:
                for link in self._absent - self.columns.keys():
                    self._look(link, record)

    def _look(self, link: str, record: Record) -> None:
        for name, value in record.row.items():
            if isinstance(value, str) and len(value) <= _LONGEST and isinstance(LINKS[link](value), GivenId):
                self.columns[link] = name
                return
