"""The suspect, by the truth table of its docstring."""

from __future__ import annotations

from itertools import product
from typing import cast

import pytest

from trialweave.core.case import Triangle
from trialweave.core.models import Suspect, Verdict
from trialweave.core.naming import NameVerdict
from trialweave.core.triangle import name_suspect


def edge(verdict: Verdict | None) -> NameVerdict | None:
    return None if verdict is None else NameVerdict(verdict=verdict, because="by example")


OTHERS: tuple[Verdict | None, ...] = ("match", "unverifiable", None)


@pytest.mark.parametrize(
    ("record_study", "record_concept", "suspect"),
    [
        ("mismatch", "mismatch", "record"),
        *[("mismatch", other, "study_link") for other in OTHERS],
        *[(other, "mismatch", "concept_link") for other in OTHERS],
        *[(one, other, None) for one, other in product(OTHERS, OTHERS)],
    ],
)
def test_the_edges_name_the_suspect(record_study: str | None, record_concept: str | None, suspect: str | None) -> None:
    triangle = Triangle(edge(cast("Verdict", record_study)), edge(cast("Verdict", record_concept)), edge("match"))
    named = name_suspect(triangle, study_link_broken=False, concept_link_broken=False)
    assert named == cast("Suspect", suspect)


@pytest.mark.parametrize(
    ("study_broken", "concept_broken", "suspect"),
    [(True, False, "study_link"), (False, True, "concept_link"), (True, True, "study_link")],
)
def test_a_broken_link_is_the_suspect_whatever_the_names_say(
    study_broken: bool, concept_broken: bool, suspect: Suspect
) -> None:
    triangle = Triangle(edge("mismatch"), edge("mismatch"), None)
    assert name_suspect(triangle, study_link_broken=study_broken, concept_link_broken=concept_broken) == suspect
