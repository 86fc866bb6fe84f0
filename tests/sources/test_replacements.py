"""What stands in for a retired concept."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payload_samples import body, concept

from trialweave.core.concept import Replacement
from trialweave.errors import PayloadError
from trialweave.sources.base import Held, KnownAbsent, Lookup, NotHeld, Snapshot
from trialweave.sources.ncit import parse_concept
from trialweave.sources.replacements import (
    MAX_HOPS,
    ReplacementRow,
    parse_replacements,
    resolve_replacements,
    with_replacements,
)

Read = Callable[[Sequence[str]], Mapping[str, Lookup]]


def row(code: str, to: str | None = None, action: str = "merge", name: str | None = None) -> dict[str, str]:
    made = {"code": code, "action": action}
    made |= {"replacementCode": to} if to else {}
    return made | ({"replacementName": name} if name else {})


def reader(**bodies: Any) -> Read:
    """`C1=concept, C1_rows=[...]`; every id that is not given is not held."""
    held = {key.replace("_rows", ".replacements"): body(value) for key, value in bodies.items()}

    def read(ids: Sequence[str]) -> Mapping[str, Lookup]:
        return {
            id_: Held(Snapshot("ncit", id_, held[id_], "", None, None)) if id_ in held else NotHeld("not here")
            for id_ in ids
        }

    return read


ACTIVE: dict[str, Any] = {"active": True, "conceptStatus": "DEFAULT"}
RETIRED: dict[str, Any] = {"active": False, "conceptStatus": "Retired_Concept"}


def test_rows_that_were_never_recorded_are_unknown() -> None:
    assert resolve_replacements("C1", reader()) is None
    assert resolve_replacements("C1", lambda ids: dict.fromkeys(ids, KnownAbsent(None, None))) is None
    assert resolve_replacements("C1", reader(C1_rows={"no": "rows"})) is None


def test_a_row_active_says_nothing() -> None:
    assert resolve_replacements("C1", reader(C1_rows=[row("C1", action="active")])) is None


@pytest.mark.parametrize("rows", [[], [row("C1", action="retire")], [row("C1", "C1")], [row("C9", "C2")]])
def test_no_replacement_is_an_answer(rows: list[Any]) -> None:
    assert resolve_replacements("C1", reader(C1_rows=rows)) == ()


def test_a_replacement_tells_its_own_state() -> None:
    rows = [row("C1", "C2"), row("C1", "C3", "split", "Three"), row("C1", "C4", "retire")]
    read = reader(C1_rows=rows, C2=concept("C2", **ACTIVE), C3=concept("C3", **RETIRED))
    assert resolve_replacements("C1", read) == (
        Replacement("C2", "Concept C2", "merge", active=True, hops=1),
        Replacement("C3", "Three", "split", active=False, hops=1),
        Replacement("C4", None, "retire", active=None, hops=1),
    )


def test_a_replacement_that_the_release_lacks_is_not_active() -> None:
    """It was proposed, as one whose state could not be read."""
    rows = reader(C1_rows=[row("C1", "C2")])

    def read(ids: Sequence[str]) -> Mapping[str, Lookup]:
        return {**rows(ids), **{id_: KnownAbsent(None, None) for id_ in ids if id_ == "C2"}}

    assert resolve_replacements("C1", read) == (Replacement("C2", None, "merge", active=False, hops=1),)


def test_a_chain_is_followed_to_its_end() -> None:
    read = reader(
        C1_rows=[row("C1", "C2")],
        C2=concept("C2", **RETIRED),
        C2_rows=[row("C2", "C3", "retire"), row("C2", "C4", "split")],
        C3=concept("C3", **ACTIVE),
        C4=concept("C4", **RETIRED),
        C4_rows=[row("C4", action="retire")],
    )
    assert resolve_replacements("C1", read) == (Replacement("C3", "Concept C3", "retire", active=True, hops=2),)


def test_the_rows_of_a_survivor_are_filtered_by_their_code() -> None:
    read = reader(C1_rows=[row("C7", "C8"), row("C1", "C2")], C2=concept("C2", **ACTIVE), C8=concept("C8", **ACTIVE))
    assert [found.code for found in resolve_replacements("C1", read) or ()] == ["C2"]


def test_an_active_replacement_is_not_followed_further() -> None:
    read = reader(C1_rows=[row("C1", "C2")], C2=concept("C2", **ACTIVE), C2_rows=[row("C2", "C3")])
    assert [found.code for found in resolve_replacements("C1", read) or ()] == ["C2"]


def test_a_circle_leads_nowhere() -> None:
    read = reader(
        C1_rows=[row("C1", "C2")],
        C2=concept("C2", **RETIRED),
        C2_rows=[row("C2", "C3")],
        C3=concept("C3", **RETIRED),
        C3_rows=[row("C3", "C1"), row("C3", "C2")],
    )
    assert resolve_replacements("C1", read) == ()


def test_two_ways_to_one_concept_are_one_replacement() -> None:
    read = reader(
        C1_rows=[row("C1", "C2"), row("C1", "C3"), row("C1", "C3", name="Three")],
        C2=concept("C2", **RETIRED),
        C2_rows=[row("C2", "C3")],
        C3=concept("C3", **ACTIVE),
    )
    assert resolve_replacements("C1", read) == (Replacement("C3", "Three", "merge", active=True, hops=1),)


@pytest.mark.parametrize("length", [MAX_HOPS - 1, MAX_HOPS, MAX_HOPS + 5])
def test_a_chain_ends_after_ten_steps(length: int) -> None:
    bodies: dict[str, Any] = {"C1_rows": [row("C1", "C2")]}
    for number in range(2, length + 1):
        bodies |= {
            f"C{number}": concept(f"C{number}", **RETIRED),
            f"C{number}_rows": [row(f"C{number}", f"C{number + 1}")],
        }
    bodies[f"C{length + 1}"] = concept(f"C{length + 1}", **ACTIVE)
    (found,) = resolve_replacements("C1", reader(**bodies)) or ()
    assert found.hops == min(length, MAX_HOPS)
    assert found.active == (length <= MAX_HOPS)


def test_a_concept_carries_its_replacements() -> None:
    retired = parse_concept(body(concept("C1", **RETIRED)))
    read = reader(C1_rows=[row("C1", "C2")], C2=concept("C2", **ACTIVE))
    assert [found.code for found in with_replacements(retired, read).replacements or ()] == ["C2"]
    assert with_replacements(retired, reader()) == retired


def test_real_rows_are_read_once_each(realdata: Path) -> None:
    rows = parse_replacements((realdata / "evs/history/replacements_rows.json").read_bytes())
    assert rows == (
        ReplacementRow("C12658", "retire", "C19157", "Specimen"),
        ReplacementRow("C13320", "merge", "C12756", "Nose"),
    )
    history = parse_replacements((realdata / "evs/history/C3224_history_26.04d.json").read_bytes())
    assert {found.action for found in history} == {"create", "modify"}


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b"[1]", b'[{"code": "X"}]', b'[{"code": "C1", "replacementCode": ""}]']
)
def test_what_is_no_list_of_rows_is_refused(payload: bytes) -> None:
    with pytest.raises(PayloadError):
        parse_replacements(payload)


codes = st.sampled_from([f"C{number}" for number in range(1, 7)])
states = st.sampled_from([ACTIVE, RETIRED])
graphs = st.dictionaries(
    codes,
    st.tuples(
        states, st.lists(st.tuples(st.none() | codes, st.sampled_from(["merge", "retire", "active"])), max_size=3)
    ),
)


@given(graph=graphs)
def test_every_history_comes_to_an_end(graph: dict[str, Any]) -> None:
    bodies: dict[str, Any] = {}
    for code, (state, rows) in graph.items():
        bodies[code] = concept(code, **state)
        bodies[f"{code}_rows"] = [row(code, to, action) for to, action in rows]
    found = resolve_replacements("C1", reader(**bodies))
    if found is None:
        assert all(action == "active" for _, action in graph.get("C1", (None, []))[1])
        return
    assert "C1" not in {one.code for one in found}
    assert len({one.code for one in found}) == len(found)
    for one in found:
        assert 1 <= one.hops <= MAX_HOPS
        assert one.active == (None if one.code not in graph else graph[one.code][0] is ACTIVE)
