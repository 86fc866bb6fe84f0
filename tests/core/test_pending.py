"""What waits for a silent source survives its file, and each answer is kept once for all records."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.pending import Pending, as_line, of_lines
from trialweave.core.text import spelling
from trialweave.core.traces import Answer, ConceptFacts, Named, StudyFacts

_TEXTS = st.text(max_size=8)
_NAMED = st.builds(
    lambda kind, name, others: Named(kind, name, spelling(name), others),
    st.none() | _TEXTS,
    _TEXTS,
    st.frozensets(_TEXTS, max_size=2),
)
_FACTS = st.builds(StudyFacts, st.just(b"s"), st.none() | _TEXTS, st.lists(_NAMED, max_size=3).map(tuple)) | st.builds(
    ConceptFacts,
    st.just(b"c"),
    _TEXTS,
    st.booleans(),
    st.none() | _TEXTS,
    st.lists(st.tuples(_TEXTS, _TEXTS), max_size=2).map(tuple),
)
_ANSWERS = st.builds(Answer, st.sampled_from(["found", "not_found"]), st.none() | _TEXTS, st.none() | _FACTS)
_PENDING = st.builds(
    Pending,
    added=st.booleans(),
    moved=st.booleans(),
    edited=st.frozensets(_TEXTS, max_size=2),
    rules=st.booleans(),
    settings=st.booleans(),
    beside=st.booleans(),
    last=st.none() | _ANSWERS,
)


@given(record_id=_TEXTS, pending=_PENDING)
def test_what_is_written_is_read_again(record_id: str, pending: Pending) -> None:
    line = json.loads(json.dumps(as_line(record_id, {"ctgov": pending})))
    assert of_lines([line]) == {record_id: {"ctgov": pending}}


def test_the_last_answer_of_a_study_behind_many_records_is_kept_once() -> None:
    facts = StudyFacts(b"s", "RECRUITING", (Named("DRUG", "RC48", "rc48", frozenset({"disitamab"})),))
    waiting = Pending(last=Answer("found", "NCT00000001", facts))
    lines = [json.loads(json.dumps(as_line(f"r{number}", {"ctgov": waiting}))) for number in range(3)]
    read = of_lines(lines)
    assert len({id(links["ctgov"].last) for links in read.values()}) == 1
    assert read["r2"]["ctgov"] == waiting
