"""The suspect, by the truth table of its docstring."""

from __future__ import annotations

from itertools import product
from typing import cast

import pytest

from builders import concept_of, study_of, woven
from trialweave.core.case import Triangle
from trialweave.core.findings import Policy
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


@pytest.mark.parametrize(
    ("name", "off", "suspect"),
    [
        ("Zebra-101", (), "study_link"),
        ("Zebra-101", ("study_drug_not_mentioned",), None),
        ("Zebra-101", ("concept_name_unconfirmed",), "study_link"),
        ("Aspirin", (), "record"),
        ("Aspirin", ("study_drug_not_mentioned",), "concept_link"),
        ("Aspirin", ("concept_name_unconfirmed",), "study_link"),
        ("Aspirin", ("study_drug_not_mentioned", "concept_name_unconfirmed"), None),
        ("Lion-303", (), "record"),
        ("Lion-303", ("record_name_unsupported",), None),
    ],
)
def test_a_kind_that_is_turned_off_names_no_suspect(name: str, off: tuple[str, ...], suspect: str | None) -> None:
    """Zebra-101 has the concept right; aspirin nothing; for Lion-303 study and concept agree on another drug."""
    study = study_of("Zebra-101" if name == "Lion-303" else "Tiger-202")
    enriched = woven({"drug_name": name}, study, concept_of("Zebra-101"), policy=Policy(off=frozenset(off)))
    assert enriched.suspect == suspect
    assert {conflict.kind for conflict in enriched.conflicts}.isdisjoint(off)


def test_a_broken_link_whose_kind_is_turned_off_hides_nothing_and_is_no_suspect() -> None:
    retired = concept_of("Zebra-101", status="Retired_Concept", active=False)
    shown = woven({"drug_name": "Aspirin"}, None, retired)
    hidden = woven({"drug_name": "Aspirin"}, None, retired, policy=Policy(off=frozenset({"concept_retired"})))
    assert ({c.kind for c in shown.conflicts}, shown.suspect) == ({"concept_retired", "link_missing"}, "concept_link")
    assert "concept_name_unconfirmed" in {c.kind for c in hidden.conflicts}
    same = woven({"drug_name": "Zebra-101"}, None, retired, policy=Policy(off=frozenset({"concept_retired"})))
    assert same.suspect is None
    assert same.fields["nci_thesaurus_preferred_term"].source == "ncit"
