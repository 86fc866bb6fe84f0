"""The scope of a partial run: record ids, study ids and concept codes, one on a line (`nightly --only FILE`)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from trialweave.core.identifiers import GivenId, parse_concept_code, parse_nct_id
from trialweave.core.models import Record
from trialweave.errors import UsageError
from trialweave.loom import link_of


@dataclass(frozen=True)
class Scope:
    """A record is in it where its record_id, its study id or its concept code is listed.

    Ids are read as those of records are: `nct00000022` is NCT00000022. `met` are those that a record has matched since.
    """

    ids: frozenset[str]
    met: set[str] = field(default_factory=set, compare=False)

    @classmethod
    def read(cls, file: Path) -> Scope:
        """Read a file; blank lines and what follows a `#` and a space are passed over. Raises UsageError."""
        try:
            text = file.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise UsageError(f"{file}: the file of ids cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"{file}: the file of ids is not UTF-8: {error}") from error
        ids = frozenset(filter(None, (f"{line} ".partition("# ")[0].strip() for line in text.splitlines())))
        if not ids:
            raise UsageError(f"{file}: there is no id in this file; list record ids, study ids or concept codes")
        return cls(ids)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the sorted ids."""
        return hashlib.sha256("\n".join(sorted(self.ids)).encode()).hexdigest()

    def __call__(self, record: Record) -> bool:
        links = (link_of(record, "ctgov"), link_of(record, "ncit"))
        named = {record.record_id, *(link.id for link in links if isinstance(link, GivenId))} & self._known.keys()
        self.met.update(id_ for name in named for id_ in self._known[name])
        return bool(named)

    @property
    def unmatched(self) -> list[str]:
        """The listed ids that no record matched, sorted."""
        return sorted(self.ids - self.met)

    @cached_property
    def _known(self) -> Mapping[str, set[str]]:
        """What a record may be called by -> the lines that list it, in whatever spelling."""
        known: dict[str, set[str]] = {}
        for id_ in self.ids:
            parsed = (parse_nct_id(id_), parse_concept_code(id_))
            for name in {id_, *(link.id for link in parsed if isinstance(link, GivenId))}:
                known.setdefault(name, set()).add(id_)
        return known
