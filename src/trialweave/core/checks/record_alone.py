"""What can be seen in the record alone, without any source."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim


def check(case: Case) -> Iterator[Finding]:
    """Findings of the record by itself."""
    name = case.record.get("drug_name")
    if name is not None and not case.names.specific:
        yield Finding(
            "record_name_generic",
            "drug_name",
            f"{name.text!r} is made of class words only: no product can be confirmed by it.",
            (Claim("record", name.path, name.text),),
        )
