"""Bodies come from outside: whatever they hold, the answer is a value or one of the errors for a bad answer."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payload_samples import CONCEPT, STUDY, body

from trialweave.core.facts import concept_facts, study_facts
from trialweave.errors import PayloadError, ReleaseChanged, SourceBlocked
from trialweave.sources.base import Request, Response, Source
from trialweave.sources.ctgov import CtgovSource, parse_study
from trialweave.sources.ncit import NcitSource, parse_concept
from trialweave.sources.payload import encoded, unordered
from trialweave.sources.replacements import parse_replacements

CTGOV = CtgovSource()
NCIT = NcitSource()
BAD_ANSWER = (PayloadError, SourceBlocked, ReleaseChanged)
A, B = "NCT01000001", "NCT01000002"

words = st.sampled_from(["code", "version", "name", "message", "studies", "nextPageToken", "protocolSection", A, "C1"])
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | words
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(), inner, max_size=4),
    max_leaves=12,
)
noise = st.binary(max_size=200) | anything.map(body)
responses = st.builds(
    Response,
    status=st.sampled_from([200, 200, 200, 301, 400, 403, 404, 414, 418]),
    content_type=st.sampled_from(["application/json", "text/plain", "text/html", ""]),
    body=noise | words.map(str.encode),
    location=st.none() | st.text() | st.sampled_from([A, f"/api/v2/studies/{B}"]),
)


def mutated(sample: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """The sample with one part at any depth replaced by anything."""

    def places(value: Any, path: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        return [path, *(place for key in keys for place in places(value[key], (*path, key)))]

    def with_change(value: Any, path: tuple[Any, ...], new: Any) -> Any:
        if not path:
            return new
        if isinstance(value, dict):
            return {**value, path[0]: with_change(value[path[0]], path[1:], new)}
        return [with_change(item, path[1:], new) if at == path[0] else item for at, item in enumerate(value)]

    return st.builds(
        lambda path, new: body(with_change(sample, path, new)), st.sampled_from(places(sample, ())), anything
    )


@given(payload=noise | mutated(STUDY))
def test_a_body_is_a_study_or_an_error(payload: bytes) -> None:
    _value_or_error(_facts_of_study, payload)
    _value_or_error(CTGOV.own_version, payload)
    _value_or_error(CTGOV.digest, payload)


@given(payload=noise | mutated(CONCEPT))
def test_a_body_is_a_concept_or_an_error(payload: bytes) -> None:
    _value_or_error(_facts_of_concept, payload)
    _value_or_error(NCIT.own_version, payload)
    _value_or_error(NCIT.digest, payload)
    _value_or_error(parse_replacements, payload)
    assert isinstance(NCIT.follow_up({"C1": payload, "C2.replacements": payload}), frozenset)


@given(payload=mutated(STUDY))
def test_what_is_read_of_a_study_can_be_parsed_or_is_refused_again(payload: bytes) -> None:
    response = Response(200, "application/json", b'{"studies":[' + payload + b"]}")
    try:
        found = CTGOV.read(CTGOV.batches([A], None)[0], response, None).found
    except PayloadError:
        return
    for split in found.values():
        _value_or_error(parse_study, split)
        _tells_the_same_as_its_bytes(CTGOV, A, split)


@given(payload=mutated(CONCEPT))
def test_what_was_read_of_an_answer_tells_the_same_as_its_bytes(payload: bytes) -> None:
    try:
        found = NCIT.read(NCIT.batches(["C1"], None)[0], Response(200, "application/json", b"[" + payload + b"]"), None)
    except PayloadError:
        return
    for id_, split in found.found.items():
        _tells_the_same_as_its_bytes(NCIT, id_, split)


@given(value=anything)
def test_a_digest_without_the_order_of_lists_is_that_of_sorted_lists(value: Any) -> None:
    def written(part: Any) -> bytes:
        return json.dumps(part, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    def in_order(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: in_order(inner) for key, inner in part.items()}
        return sorted(map(in_order, part), key=written) if isinstance(part, list) else part

    assert unordered(value).encode() == written(in_order(value))


@given(value=anything)
def test_what_is_kept_of_a_value_spells_it(value: object) -> None:
    assert json.loads(encoded(value)) == value


@pytest.mark.parametrize("word", ["Infinity", "NaN", "of infinity: Infinity"])
def test_a_word_is_no_number(word: str) -> None:
    assert json.loads(encoded({word: [word]})) == {word: [word]}


@pytest.mark.parametrize("value", [float("inf"), float("nan"), "\ud800", {"\ud800": 1}])
def test_what_has_no_spelling_is_refused(value: object) -> None:
    with pytest.raises(PayloadError):
        encoded(["Infinity", value])


@given(response=responses)
def test_any_answer_settles_ids_or_is_an_error(response: Response) -> None:
    for request in (CTGOV.single(A, None), *CTGOV.batches([A, B], None)):
        _settled_or_error(CTGOV, request, response, None)
    requests = (NCIT.single("C1", "26.10d"), *NCIT.batches(["C1", "C2", "C1.replacements", "name:x"], "26.10d"))
    for request in (*requests, NCIT.single("C1.replacements", None)):
        _settled_or_error(NCIT, request, response, "26.10d")
    for probe in (CTGOV.read_probe, NCIT.read_probe):
        _value_or_error(probe, response)


@pytest.mark.parametrize("depth", [200, 900, 3_000, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_no_depth_of_nesting_is_too_much(depth: int, opening: bytes, closing: bytes) -> None:
    deep = opening * depth + b"1" + closing * depth
    study = b'{"protocolSection":{"identificationModule":{"nctId":"' + A.encode() + b'"}},"x":' + deep + b"}"
    concept = b'{"code":"C1","name":"x","x":' + deep + b"}"
    listing = Response(200, "application/json", b'{"studies":[' + study + b"]}")
    _value_or_error(CTGOV.read, CTGOV.batches([A], None)[0], listing, None)
    for payload in (deep, study, concept):
        for use in (parse_study, parse_concept, CTGOV.own_version, CTGOV.digest, NCIT.own_version, NCIT.digest):
            _value_or_error(use, payload)


@pytest.mark.parametrize("digits", [4_300, 5_000, 100_000])
def test_no_number_is_too_long(digits: int) -> None:
    number = b'{"code":"C1","name":"x","x":' + b"9" * digits + b"}"
    for use in (parse_concept, NCIT.digest, NCIT.own_version):
        _value_or_error(use, number)


@pytest.mark.parametrize("odd", ["-1e999", "NaN", "9" * 4_000])
def test_an_odd_value_of_an_unread_field_is_no_matter(odd: str) -> None:
    concept, study = _with_unread(odd.encode())
    assert len(parse_concept(concept).signals) == 4
    assert len(parse_study(study).signals) == 2


@pytest.mark.parametrize("broken", [b"9" * 5_000, rb'"\ud800"', rb'{"\udfff": 1}', b'"\xed\xa0\x80"'])
def test_what_is_no_json_is_refused_in_unread_fields_too(broken: bytes) -> None:
    concept, study = _with_unread(broken)
    with pytest.raises(PayloadError, match="Invalid JSON"):
        parse_concept(concept)
    with pytest.raises(PayloadError, match="Invalid JSON"):
        parse_study(study)


def _with_unread(value: bytes) -> tuple[bytes, bytes]:
    """A concept with a new field in four places, and a study with one in two."""
    new = b'"new":' + value
    row = b"[{" + new + b"}]"
    concept = b'{"code":"C1",' + new + b',"synonyms":' + row + b',"parents":' + row + b',"history":' + row + b"}"
    arms = b'"armsInterventionsModule":{"armGroups":' + row + b"}"
    ids = b'"identificationModule":{"nctId":"' + A.encode() + b'",' + new + b"}"
    return concept, b'{"protocolSection":{' + ids + b"," + arms + b"}}"


def _facts_of_study(payload: bytes) -> dict[str, Any]:
    return study_facts(parse_study(payload))


def _facts_of_concept(payload: bytes) -> dict[str, Any]:
    return concept_facts(parse_concept(payload))


def _tells_the_same_as_its_bytes(source: Source, id_: str, split: bytes) -> None:
    def told(payload: bytes) -> list[object]:
        uses: tuple[Callable[[bytes], object], ...] = (
            source.digest,
            source.own_version,
            lambda given: source.follow_up({id_: given}),
        )
        return [_outcome(use, payload) for use in uses]

    assert told(split) == told(bytes(split))


def _outcome(use: Callable[[bytes], object], payload: bytes) -> object:
    try:
        return use(payload)
    except PayloadError:
        return PayloadError


def _value_or_error(ask: Callable[..., Any], *arguments: Any) -> None:
    told = None
    try:
        ask(*arguments)
    except BAD_ANSWER as error:
        told = str(error)
    assert told is None or 0 < len(told.encode()) < 2_000


def _settled_or_error(source: Source, request: Request, response: Response, version: str | None) -> None:
    try:
        answer = source.read(request, response, version)
    except BAD_ANSWER:
        return
    open_ids = {id_ for more in answer.more for id_ in more.ids}
    settled = answer.found.keys() | answer.aliases.keys() | answer.absent | answer.faults.keys() | open_ids
    assert settled >= set(request.ids)


def test_a_version_of_any_length_is_none() -> None:
    """It stands in each line of a run: of a megabyte each, a night of 100,000 records had 200 GB."""
    long = "2026-11-20" + "x" * 1_000_000
    with pytest.raises(PayloadError, match="no dataTimestamp"):
        CTGOV.read_probe(Response(200, "application/json", body({"dataTimestamp": long})))
    assert CTGOV.own_version(body({"derivedSection": {"miscInfoModule": {"versionHolder": long}}})) is None
    assert NCIT.own_version(body({"code": "C1", "version": long})) is None


def test_a_refusal_of_any_length_is_quoted_shortly() -> None:
    text = "Item 1 in parameter `filter.ids` has incorrect format" + "x" * 1_000_000
    (request,) = CTGOV.batches([A, B], None)
    answer = CTGOV.read(request, Response(400, "text/plain", text.encode()), None)
    assert answer.faults.keys() == {A}
    assert len(answer.faults[A]) < 300
