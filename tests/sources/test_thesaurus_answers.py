"""What the thesaurus' answers settle: absences, releases, replacement rows, searches."""

import json
import re
from pathlib import Path

import pytest
from payload_samples import CONCEPT, body, concept, ok, text

from trialweave.errors import PayloadError, ReleaseChanged, SourceBlocked
from trialweave.sources.base import Answer, Request, Response
from trialweave.sources.ncit import NcitSource, parse_concept
from trialweave.sources.searches import name_id

SOURCE = NcitSource()
PIN = "26.10d"


def batch(*codes: str) -> Request:
    (request,) = SOURCE.batches(codes, PIN)
    return request


def read(request: Request, response: Response, version: str | None = PIN) -> Answer:
    answer = SOURCE.read(request, response, version)
    settled = [*answer.found, *answer.absent, *answer.faults, *(id_ for more in answer.more for id_ in more.ids)]
    assert sorted(settled) == sorted(request.ids)
    return answer


def error(status: int, message: str) -> Response:
    return Response(status, "application/json", body({"timestamp": 1, "status": status, "message": message}))


# ---------------------------------------------------------------- concepts


def test_what_was_asked_and_not_returned_is_absent() -> None:
    answer = read(batch("C1", "C2", "C3"), ok([concept("C3"), concept("C1"), concept("C1")]))
    assert {id_: parse_concept(payload).code for id_, payload in answer.found.items()} == {"C1": "C1", "C3": "C3"}
    assert answer.absent == {"C2"}


def test_a_list_that_answers_another_question_makes_nothing_absent() -> None:
    with pytest.raises(PayloadError, match="C9, which it was not asked for"):
        read(batch("C1", "C2", "C3"), ok([concept("C9"), concept("C1")]))


def test_foreign_concepts_are_passed_over_where_nothing_is_missing() -> None:
    assert read(batch("C1"), ok([concept("C9"), concept("C1")])).found.keys() == {"C1"}


def test_an_empty_list_is_a_definite_answer() -> None:
    assert read(batch("C1", "C2"), ok([])).absent == {"C1", "C2"}


def test_one_concept_or_its_absence() -> None:
    assert read(SOURCE.single("C1", PIN), ok(concept("C1"))).found.keys() == {"C1"}
    assert read(SOURCE.single("C1", PIN), error(404, "C1 not found")).absent == {"C1"}


@pytest.mark.parametrize(
    "response",
    [
        error(404, "C11 not found"),
        error(404, "Code not found = C1"),
        error(404, "Property C1 not found"),
        error(404, "No static resource api/v1/concept/ncit/C1."),
        Response(404, "text/html", b"<html>C1 not found</html>"),
        Response(404, "application/json", b"C1 not found"),
        ok(concept("C2")),
        ok([concept("C1")]),
        ok({"code": 1}),
        ok({"code": "c1", "name": "x"}),
        ok({"code": "C1", "version": 26}),
        Response(200, "text/html", b"<html>"),
        text(400, "bad"),
    ],
)
def test_no_other_answer_means_absent(response: Response) -> None:
    with pytest.raises(PayloadError):
        SOURCE.read(SOURCE.single("C1", PIN), response, PIN)


@pytest.mark.parametrize(
    "response",
    [
        ok({"concepts": []}),
        ok([None]),
        ok([[]]),
        ok([{"ct": 3}]),
        error(404, "C1 not found"),
        error(400, "Maximum number of concepts to request at a time is 1000 = 1001"),
        Response(414, "text/html", b"<html>"),
        Response(200, "application/json", b"[" * 100_000),
        Response(200, "application/json", b'[{"code": "C1", "name": "\\udc00"}]'),
    ],
)
def test_what_is_no_list_of_concepts_settles_nothing(response: Response) -> None:
    with pytest.raises(PayloadError):
        SOURCE.read(batch("C1"), response, PIN)


def test_403_is_blocked() -> None:
    for request in (batch("C1"), SOURCE.single("C1", PIN), SOURCE.single("C1.replacements", PIN)):
        with pytest.raises(SourceBlocked):
            SOURCE.read(request, Response(403, "text/html", b""), PIN)


def test_a_redirect_tells_where_to_and_which_setting_may_be_wrong() -> None:
    moved = Response(301, "text/html", b"", location="https://127.0.0.1/api/v1/concept?token=s3cret#top")
    with pytest.raises(PayloadError) as raised:
        SOURCE.read(batch("C1"), moved, PIN)
    assert "redirected (301) to 'https://127.0.0.1/api/v1/concept'" in str(raised.value)
    assert "TRIALWEAVE_EVS_URL" in str(raised.value)
    assert "s3cret" not in str(raised.value)
    for location, told in ((None, "nowhere"), ("http://[", "'http://['")):
        with pytest.raises(PayloadError, match=re.escape(f"(302) to {told}, ")):
            SOURCE.read(batch("C1"), Response(302, "text/html", b"", location=location), PIN)


def test_an_answer_without_a_body_is_called_empty() -> None:
    with pytest.raises(PayloadError, match="answered 400 and said nothing"):
        SOURCE.read(batch("C1"), Response(400, "text/html", b""), PIN)


@pytest.mark.parametrize(("file", "asked"), [("_A10__2", "A10"), ("_P204_values__0", "P204"), ("_P204_values__1", "")])
def test_recorded_404s_are_never_an_absence(realdata: Path, file: str, asked: str) -> None:
    (found,) = (realdata / "evs/errors").glob(f"*{file}.json")
    response = Response(404, "application/json", found.read_bytes())
    assert asked in json.loads(found.read_bytes())["message"]
    for request in (SOURCE.single("C204", PIN), batch("C204"), SOURCE.single("C204.replacements", PIN)):
        with pytest.raises(PayloadError):
            SOURCE.read(request, response, PIN)


# ---------------------------------------------------------------- releases


@pytest.mark.parametrize("request_", [batch("C1"), SOURCE.single("C1", PIN)])
def test_a_body_of_another_release_stops_the_run_and_names_both(request_: Request) -> None:
    other = concept("C1", "26.11e")
    answer = ok([concept("C1"), other] if request_.purpose == "batch" else other)
    with pytest.raises(ReleaseChanged, match=r"26\.10d.*26\.11e"):
        SOURCE.read(request_, answer, PIN)
    assert SOURCE.read(request_, answer, None).found.keys() == {"C1"}


def test_a_body_without_a_version_says_nothing_against_the_pin() -> None:
    assert read(SOURCE.single("C1", PIN), ok({"code": "C1", "name": "x"})).found.keys() == {"C1"}


@pytest.mark.parametrize("request_", [batch("C1"), SOURCE.single("C1", PIN), SOURCE.single("C1.replacements", PIN)])
def test_a_pin_that_is_gone_stops_the_run(request_: Request) -> None:
    gone = error(404, "Terminology not found = ncit_26.10d")
    with pytest.raises(ReleaseChanged, match=r"26\.10d"):
        SOURCE.read(request_, gone, PIN)
    with pytest.raises(PayloadError, match="Terminology not found"):
        SOURCE.read(request_, gone, None)


# ---------------------------------------------------------------- replacements


ROWS = [
    {"code": "C13320", "name": "Nose, Nasal Passages", "action": "merge", "replacementCode": "C12756"},
    {"code": "C12658", "action": "retire", "replacementCode": "C19157", "replacementName": "Specimen"},
]


def test_rows_are_split_by_code_and_no_rows_is_an_answer() -> None:
    answer = read(batch("C13320.replacements", "C12658.replacements", "C5.replacements"), ok(ROWS))
    assert {id_: json.loads(payload) for id_, payload in answer.found.items()} == {
        "C13320.replacements": ROWS[:1],
        "C12658.replacements": ROWS[1:],
        "C5.replacements": [],
    }
    single = read(SOURCE.single("C12658.replacements", PIN), ok(ROWS[1:]))
    assert single.found == {"C12658.replacements": answer.found["C12658.replacements"]}


def test_an_unknown_code_is_at_fault_and_the_others_are_asked_again() -> None:
    answer = read(batch("C1.replacements", "C2.replacements", "C3.replacements"), error(404, "C2 not found"))
    assert answer.faults.keys() == {"C2.replacements"}
    assert answer.more == (batch("C1.replacements", "C3.replacements"),)
    alone = read(SOURCE.single("C2.replacements", PIN), error(404, "C2 not found"))
    assert (set(alone.faults), alone.more) == ({"C2.replacements"}, ())


@pytest.mark.parametrize(
    "response", [ok({}), ok([7]), ok([{"action": "merge"}]), ok([{"code": "C1", "replacementCode": "null"}])]
)
def test_what_is_no_list_of_rows_settles_nothing(response: Response) -> None:
    with pytest.raises(PayloadError):
        SOURCE.read(batch("C1.replacements"), response, PIN)


def test_retired_concepts_make_their_rows_necessary_and_rows_their_replacements() -> None:
    bodies = {
        "C1": body(concept("C1", active=False)),
        "C2": body(concept("C2", conceptStatus="Retired_Concept")),
        "C3": body(concept("C3", active=True, conceptStatus="Obsolete_Concept")),
        "C13320.replacements": body([*ROWS, {"code": "C13320", "action": "active", "replacementCode": "C99"}]),
        "C4": b"no concept at all",
    }
    assert SOURCE.follow_up(bodies) == {"C1.replacements", "C2.replacements", "C12756"}
    bodies["C1.replacements"] = b"[]"
    bodies["C12756"] = body(concept("C12756"))
    assert SOURCE.follow_up(bodies) == {"C2.replacements"}


# ---------------------------------------------------------------- versions and digests


def test_a_new_release_that_changes_nothing_changes_no_digest() -> None:
    digest = SOURCE.digest(body(CONCEPT))
    later = {**CONCEPT, "version": "26.11e", "history": [{"code": "C900001", "action": "modify", "date": "2026-11-30"}]}
    later["synonyms"] = later["synonyms"][::-1]
    assert SOURCE.digest(body(later)) == digest
    assert SOURCE.digest(body({**CONCEPT, "name": "Alfa"})) != digest
    assert SOURCE.digest(body({**CONCEPT, "synonyms": CONCEPT["synonyms"][1:]})) != digest
    assert (SOURCE.own_version(body(CONCEPT)), SOURCE.own_version(body(later))) == ("26.10d", "26.11e")
    assert SOURCE.own_version(b"[]") is None


def test_a_real_release_that_changed_nothing_changed_no_digest(realdata: Path) -> None:
    march, april = (realdata / f"evs/concepts/variants/C3224__{release}__full.json" for release in ("26.03e", "26.04d"))
    assert json.loads(march.read_bytes())["synonyms"] != json.loads(april.read_bytes())["synonyms"]
    assert SOURCE.digest(march.read_bytes()) == SOURCE.digest(april.read_bytes())
    summary = realdata / "evs/concepts/variants/C3224__26.04d__summary.json"
    assert SOURCE.digest(summary.read_bytes()) != SOURCE.digest(april.read_bytes())


# ---------------------------------------------------------------- search


def search(name: str) -> Request:
    return SOURCE.single(name_id(name), PIN)


def test_a_search_brings_the_concepts_and_their_codes_without_the_retired(realdata: Path) -> None:
    (recorded,) = (realdata / "evs/recorded_26.09d").glob("*.json")
    request = SOURCE.single("name:fatigue", "26.09d")
    found = SOURCE.read(request, ok(json.loads(recorded.read_bytes())["response"]), "26.09d").found
    assert found["name:fatigue"] == json.dumps(sorted(found.keys() - {"name:fatigue"}), separators=(",", ":")).encode()
    assert "FATIGUE" in {synonym.name for synonym in parse_concept(found["C3036"]).synonyms}
    retired = {**concept("C2"), "conceptStatus": "Retired_Concept", "active": False}
    answer = SOURCE.read(search("x"), ok({"total": 2, "concepts": [retired, concept("C1")]}), PIN)
    assert (answer.found.keys(), answer.found["name:x"]) == ({"name:x", "C1"}, b'["C1"]')
    assert SOURCE.follow_up({"name:x": answer.found["name:x"]}) == {"C1"}


def test_a_name_that_nobody_bears_is_an_answer() -> None:
    assert SOURCE.read(search("x"), ok({"total": 0, "timeTaken": 1}), PIN).found == {"name:x": b"[]"}


def test_a_name_is_one_id_however_it_is_spelled() -> None:
    ids = {name_id("Trastuzumab  Deruxtecan"), name_id("trastuzumab\N{NO-BREAK SPACE}deruxtecan")}
    assert ids == {"name:trastuzumab%20deruxtecan"}
    (request,) = SOURCE.batches(ids, PIN)
    assert request.target == (
        "/concept/ncit_26.10d/search?term=trastuzumab%20deruxtecan&type=match"
        "&include=summary,parents,roles,associations&pageSize=100"
    )


@pytest.mark.parametrize(
    "response", [ok([]), ok({"concepts": {}}), ok({"concepts": [{}]}), error(404, "x"), text(400, "")]
)
def test_what_is_no_page_of_concepts_is_an_error(response: Response) -> None:
    with pytest.raises(PayloadError):
        SOURCE.read(search("x"), response, PIN)


def test_a_search_in_another_release_is_refused() -> None:
    with pytest.raises(ReleaseChanged):
        SOURCE.read(search("x"), ok({"total": 1, "concepts": [concept("C1", "26.11e")]}), PIN)
