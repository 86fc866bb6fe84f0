"""Who bears a name: the columns say what a plain dictionary says, pickled or not, and to many threads at once."""

from __future__ import annotations

import builtins
import pickle
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders import concept_of
from trialweave.core import name_index
from trialweave.core.concept import Concept
from trialweave.core.name_index import KnownNames, Owner
from trialweave.core.naming import concept_names
from trialweave.core.naming.names import read_name

Known = list[tuple[Concept, bool]]
"""Concepts, and whether each was only found by a search."""


def index(known: Iterable[tuple[Concept, bool]]) -> KnownNames:
    names = KnownNames()
    for concept, found in known:
        names.add(concept, release="26.10d", found=found)
    return names


def plainly(known: Known, name: str, *, found: bool) -> list[tuple[str, str, str, str]]:
    """The same answer by looking at every name of every concept."""
    borne: dict[str, tuple[str, str, str, str]] = {}
    key = read_name(name).key
    for concept, searched in known:
        names = concept_names(concept)
        if concept.retired or concept.is_drug in ("no", "class") or (searched and not found):
            continue
        for item in names.names:
            if item.name.specific and not item.obsolete and item.name.key == key:
                said = (names.code, names.names[0].name.text, item.name.text, item.path)
                borne.setdefault(names.code, said)
    return [borne[code] for code in sorted(borne)] if read_name(name).specific else []


def said(owners: Iterable[Owner]) -> list[tuple[str, str, str, str]]:
    return [(owner.code, owner.name, owner.borne.text, owner.borne.path) for owner in owners]


_NAMES = st.one_of(
    st.sampled_from(["RC48", "rc-48", "RC 48", "Disitamab Vedotin", "disitamab\N{NON-BREAKING HYPHEN}vedotin", "AB"]),
    st.text(min_size=1, max_size=12),
    st.text(st.sampled_from("ab1-\0\ud800\N{GREEK SMALL LETTER ALPHA}"), min_size=1, max_size=6),
)
_CONCEPTS = st.tuples(
    st.lists(_NAMES, min_size=1, max_size=5), st.sampled_from(["yes", "unknown", "class", "no"]), st.booleans()
)


@given(drawn=st.lists(st.tuples(_CONCEPTS, st.booleans()), max_size=8), others=st.lists(_NAMES, max_size=5))
@example(drawn=[], others=["RC48", ""])
def test_the_columns_answer_as_a_dictionary_would(drawn: list[Any], others: list[str]) -> None:
    known = [
        (concept_of(*names, code=f"C{number}", is_drug=is_drug, active=active), found)
        for number, ((names, is_drug, active), found) in enumerate(drawn, 7)
    ]
    built = index(known)
    for names in (pickle.loads(pickle.dumps(built)), built, pickle.loads(pickle.dumps(built))):  # noqa: S301  # ours
        for name in [*others, *(name for (spelled, _, _), _ in drawn for name in spelled)]:
            assert said(names.owners(name)) == plainly(known, name, found=False)
            assert said(names.candidates(name)) == plainly(known, name, found=True)


def test_a_concept_that_is_added_later_is_found() -> None:
    names = index([(concept_of("RC48", code="C2"), False)])
    assert [owner.code for owner in names.owners("RC48")] == ["C2"]
    other = concept_of("RC48", "Disitamab Vedotin", code="C1")
    names.add(other)
    assert [owner.code for owner in names.owners("RC48")] == ["C1", "C2"]
    assert [owner.code for owner in names.owners("Disitamab Vedotin")] == ["C1"]


def test_threads_that_ask_first_at_once_get_the_right_owners(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads of a Dask worker share one index: one was done with its order while another was in the middle."""
    names = index([(concept_of(f"Drug {number} ABC-{number}", code=f"C{number}"), False) for number in range(200)])

    def overtaken(items: Iterable[Any], key: Callable[[Any], Any]) -> list[Any]:
        monkeypatch.undo()
        order = builtins.sorted(items, key=key)
        names.owners("Drug 5 ABC-5")  # what another thread asks meanwhile
        return order

    monkeypatch.setattr(name_index, "sorted", overtaken, raising=False)
    for number in range(200):
        assert [owner.code for owner in names.owners(f"Drug {number} ABC-{number}")] == [f"C{number}"]
