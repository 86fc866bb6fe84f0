"""In which column do the links stand that no row has under a name of theirs? For a hint to whoever has to map them."""

from __future__ import annotations

from dataclasses import dataclass, field

from trialweave.core.identifiers import PARSERS, GivenId
from trialweave.core.models import Record

_RECORDS = 100
_LONGEST = 200
"""Records that are looked at, and the longest cell that may be an id or the address of one."""


@dataclass(slots=True)
class LikelyLinks:
    """`columns` gives, for each link that no record has had so far, the column of the user that holds such ids."""

    columns: dict[str, str] = field(default_factory=dict)
    _absent: set[str] = field(default_factory=lambda: set(PARSERS))
    _seen: int = 0

    def note(self, record: Record) -> None:
        """Look at one more record."""
        if self._absent:
            self._seen += 1
            self._absent -= record.paths.keys()
            for link in PARSERS.keys() - self._absent:
                self.columns.pop(link, None)
            if self._seen <= _RECORDS:
                for link in self._absent - self.columns.keys():
                    self._look(link, record)

    def _look(self, link: str, record: Record) -> None:
        for name, value in record.row.items():
            if isinstance(value, str) and len(value) <= _LONGEST and isinstance(PARSERS[link](value), GivenId):
                self.columns[link] = name
                return
