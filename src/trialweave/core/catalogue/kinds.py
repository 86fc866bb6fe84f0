"""What a kind of conflict is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trialweave.core.models import Severity

Room = Literal["links", "record_alone", "record_study", "record_concept", "study_concept", "across_records"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of conflict. `severities` lists what a check may choose from, the usual one first."""

    name: str
    room: Room
    severities: tuple[Severity, ...]
    title: str
    why: str
    todo: str
    example: str
    counter_example: str
