"""The scope of a partial run: record ids, study ids and concept codes, one on a line (`nightly --only FILE`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from trialweave.core.identifiers import GivenId
from trialweave.core.models import Record
from trialweave.errors import UsageError
from trialweave.weave import link_of


@dataclass(frozen=True, slots=True)
class Scope:
    """A record is in it where its record_id, its study id or its concept code is listed."""

    ids: frozenset[str]

    @classmethod
    def read(cls, file: Path) -> Scope:
        """Read a file; blank lines and what follows a `#` and a space are passed over. Raises UsageError."""
        try:
            text = file.read_text(encoding="utf-8")
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
        return record.record_id in self.ids or any(isinstance(link, GivenId) and link.id in self.ids for link in links)
