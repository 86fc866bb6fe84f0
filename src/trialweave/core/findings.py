"""From what a check saw to a conflict: severity by policy, fingerprint and cause (DESIGN 5.2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from trialweave.core.catalogue import BY_NAME
from trialweave.core.models import Claim, Conflict, Severity, Suggestion
from trialweave.core.text import spelling

_WORST_FIRST: Mapping[Severity, int] = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a team changed about the catalogue: kinds turned off, and kinds given another severity."""

    off: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw. `claims` are the ones that disagree: their values, and nothing else, make the fingerprint.

    `severity` is one of the kind's severities; None takes the usual one.
    """

    kind: str
    field: str
    message: str
    claims: tuple[Claim, ...]
    severity: Severity | None = None
    suggestion: Suggestion | None = None


def fingerprint(*key: str | None, claims: Iterable[Claim]) -> str:
    """16 hex digits of SHA-256 over the JSON of the key and the sorted spelling-normalised values of the claims."""
    values = sorted(_spelling(claim.value) for claim in claims)
    text = json.dumps([*key, values], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def conflict_of(finding: Finding, record_id: str | None, policy: Policy) -> Conflict | None:
    """The conflict for a finding, or None where the policy turns its kind off."""
    if finding.kind in policy.off:
        return None
    severity = policy.severity.get(finding.kind) or finding.severity or BY_NAME[finding.kind].severities[0]
    return Conflict(
        kind=finding.kind,
        severity=severity,
        field=finding.field,
        message=finding.message,
        claims=finding.claims,
        suggestion=finding.suggestion,
        fingerprint=fingerprint(finding.kind, record_id, finding.field, claims=finding.claims),
        cause=fingerprint(finding.kind, finding.field, claims=finding.claims),
    )


def judge(findings: Iterable[Finding], record_id: str, policy: Policy) -> tuple[Conflict, ...]:
    """Rank the findings of one record: at most one conflict per kind and field, the worst first."""
    chosen: dict[tuple[str, str], Conflict] = {}
    for finding in findings:
        conflict = conflict_of(finding, record_id, policy)
        if conflict is not None:
            chosen.setdefault((conflict.kind, conflict.field), conflict)
    return tuple(sorted(chosen.values(), key=lambda c: (_WORST_FIRST[c.severity], c.kind, c.field)))


def _spelling(value: Any) -> str:
    return spelling(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))
