"""From what a check saw to a conflict: severity by policy, fingerprint and cause (DESIGN 5.2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from trialweave.core.catalogue import BY_NAME
from trialweave.core.models import SEVERITIES, Claim, Conflict, Severity, Suggestion
from trialweave.core.text import spelling


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


def _values(claims: Iterable[Claim]) -> str:
    """The sorted spelling-normalised values of the claims as JSON."""
    return f"[{','.join(map(_quoted, sorted(_spelling(claim.value) for claim in claims)))}]"


def _fingerprint(values: str, *key: str | None) -> str:
    """16 hex digits of SHA-256 over the JSON of the key and the values of the claims, in ASCII without spaces."""
    parts = ("null" if part is None else _quoted(part) for part in key)
    return hashlib.sha256(f"[{','.join(parts)},{values}]".encode("ascii")).hexdigest()[:16]


def conflict_of(finding: Finding, record_id: str | None, policy: Policy) -> Conflict | None:
    """The conflict for a finding, or None where the policy turns its kind off."""
    if finding.kind in policy.off:
        return None
    severity = policy.severity.get(finding.kind) or finding.severity or BY_NAME[finding.kind].severities[0]
    values = _values(finding.claims)
    return Conflict(
        kind=finding.kind,
        severity=severity,
        field=finding.field,
        message=finding.message,
        claims=finding.claims,
        suggestion=finding.suggestion,
        fingerprint=_fingerprint(values, finding.kind, record_id, finding.field),
        cause=_fingerprint(values, finding.kind, finding.field),
    )


def judge(findings: Iterable[Finding], record_id: str, policy: Policy) -> tuple[Conflict, ...]:
    """Rank the findings of one record: at most one conflict per kind and field, the worst first."""
    chosen: dict[tuple[str, str], Conflict] = {}
    for finding in findings:
        conflict = conflict_of(finding, record_id, policy)
        if conflict is not None:
            chosen.setdefault((conflict.kind, conflict.field), conflict)
    return tuple(sorted(chosen.values(), key=lambda c: (SEVERITIES.index(c.severity), c.kind, c.field)))


def _spelling(value: Any) -> str:
    return spelling(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))
