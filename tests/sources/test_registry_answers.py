"""What the registry's answers settle. Only a complete answer makes an id absent."""

import json
from pathlib import Path
from typing import Any

import pytest
from payload_samples import PERSONAL, STUDY, body, ok, study, text

from places import REALDATA
from trialweave.errors import PayloadError, SourceBlocked
from trialweave.sources.base import Answer, Request, Response
from trialweave.sources.ctgov import CtgovSource, parse_study

SOURCE = CtgovSource()
A, B, C, D = "NCT01000001", "NCT01000002", "NCT01000003", "NCT01000004"

ALIASES = {
    "NCT00114530": "NCT00472277,NCT00545038,NCT00848614,NCT00871221,NCT00872508",
    "NCT00256750": "NCT00432497",
    "NCT00387621": "NCT00818974",
    "NCT00414609": "NCT00699075",
    "NCT00587470": "NCT00014846",
    "NCT00903201": "NCT01051453",
    "NCT01120210": "NCT01678768",
    "NCT01717573": "NCT01851291",
    "NCT02717507": "NCT01347970",
    "NCT02784535": "NCT02796209",
    "NCT04687111": "NCT02682719",
    "NCT05650541": "NCT05978518,NCT06007131,NCT06045117,NCT06078267,NCT06078280",
}
"""Canonical id and its aliases: clinicaltrials-gov-api.md section 11."""


def listing(*ids: str, whole: bool = False) -> Request:
    (request,) = SOURCE.batches(ids, None, whole=whole)
    return request


def read(request: Request, response: Response) -> Answer:
    answer = SOURCE.read(request, response, None)
    settled = [*answer.absent, *answer.faults, *(id_ for more in answer.more for id_ in more.ids)]
    settled += [id_ for id_ in request.ids if id_ in answer.found or id_ in answer.aliases]
    assert sorted(settled) == sorted(request.ids)
    assert set(answer.aliases.values()) <= answer.found.keys()
    return answer


# ---------------------------------------------------------------- listings


def test_a_complete_listing_settles_every_id() -> None:
    answer = read(listing(A, B, C), ok({"studies": [study(C), study(A)]}))
    assert {id_: parse_study(payload).nct_id for id_, payload in answer.found.items()} == {A: A, C: C}
    assert answer.absent == {B}


def test_of_a_study_that_came_whole_what_was_asked_for_is_kept_and_no_people() -> None:
    asked = parse_study(body(STUDY)).nct_id
    for answer in (
        read(listing(asked), ok({"studies": [STUDY]})),
        read(SOURCE.single(asked, None), ok(STUDY)),
    ):
        payload = answer.found[asked]
        assert parse_study(payload) == parse_study(body(STUDY))
        assert not [person for person in PERSONAL if person in bytes(payload).decode()]
    whole = read(listing(asked, whole=True), ok({"studies": [STUDY]})).found[asked]
    assert json.loads(whole) == STUDY


@pytest.mark.parametrize("depth", [2, 480, 900])
def test_a_study_in_a_form_that_no_study_has_is_kept_as_it_came(depth: int) -> None:
    given = {**study(A)}
    given["protocolSection"] = {
        **given["protocolSection"],
        "contactsLocationsModule": {"locations": json.loads("[" * depth + "]" * depth)},
    }
    (payload,) = read(listing(A), ok({"studies": [given]})).found.values()
    with pytest.raises(PayloadError):
        SOURCE.check(A, payload)


def test_no_study_at_all_is_a_definite_answer() -> None:
    assert read(listing(A), Response(200, "application/json", b'{"studies":[  ]}')).absent == {A}


def test_payloads_are_kept_in_one_spelling_whole_where_they_were_asked_for_so() -> None:
    given = {**study(A), "extra": {"µ": [1.5, None, "é"]}}
    (payload,) = read(listing(A, whole=True), ok({"studies": [given]})).found.values()
    assert payload == json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode()
    assert read(SOURCE.single(A, None, whole=True), ok(given)).found[A] == payload


def test_an_alias_is_answered_by_the_canonical_study() -> None:
    answer = read(listing(B, C), ok({"studies": [study(A, B, D)]}))
    assert answer.found.keys() == {A}
    assert answer.aliases == {B: A}
    assert answer.absent == {C}


def test_an_alias_and_its_canonical_id_are_one_study() -> None:
    answer = read(listing(A, B), ok({"studies": [study(A, B)]}))
    assert answer.found.keys() == {A}
    assert answer.aliases == {B: A}
    assert answer.absent == frozenset()


def test_foreign_studies_are_never_kept_and_repeats_collapse() -> None:
    answer = read(listing(A), ok({"studies": [study(D), study(A), study(A)]}))
    assert answer.found.keys() == {A}
    assert answer.aliases == {}


@pytest.mark.parametrize("token", [None, "t1"])
def test_a_listing_that_answers_another_question_makes_nothing_absent(token: str | None) -> None:
    """A registry that passes over the filter, or takes a page token for another one, answers 200 with other studies."""
    page = {"studies": [study(D), study(A)]} | ({} if token is None else {"nextPageToken": token})
    with pytest.raises(PayloadError, match=f"{D}, which it was not asked for"):
        read(listing(A, B, C), ok(page))


def test_a_page_that_shows_the_study_of_an_earlier_one_answers_the_question() -> None:
    (second,) = read(listing(A, B, C), ok({"studies": [study(A, B)], "nextPageToken": "t1"})).more
    assert read(second, ok({"studies": [study(A, B)]})).absent == {C}


def test_an_id_is_open_until_the_last_page() -> None:
    first = listing(A, B, C)
    page = read(first, ok({"studies": [study(A)], "nextPageToken": "t/1"}))
    assert page.absent == frozenset()
    (second,) = page.more
    assert second.ids == (B, C)
    assert second.target == f"{first.target}&pageToken=t%2F1"
    empty = read(second, ok({"studies": [], "nextPageToken": "t2"}))
    (third,) = empty.more
    assert third.target == f"{first.target}&pageToken=t2"
    assert read(third, ok({"studies": [study(C)]})).absent == {B}


def test_no_page_is_asked_for_when_nothing_is_open() -> None:
    assert read(listing(A), ok({"studies": [study(A)], "nextPageToken": "t1"})).more == ()


@pytest.mark.parametrize("tokens", [("t1", "t1"), ("t1", "t2", "t1"), ("t1", "t2", "t3", "t2")])
def test_pages_that_go_in_a_circle_are_an_error(tokens: tuple[str, ...]) -> None:
    request = listing(A)
    for token in tokens[:-1]:
        (request,) = read(request, ok({"studies": [], "nextPageToken": token})).more
    with pytest.raises(PayloadError, match="repeat"):
        SOURCE.read(request, ok({"studies": [], "nextPageToken": tokens[-1]}), None)


@pytest.mark.parametrize(
    "response",
    [
        ok([]),
        ok({}),
        ok({"studies": None}),
        ok({"studies": {"0": study(A)}}),
        ok({"studies": [None]}),
        ok({"studies": ["NCT01000001"]}),
        ok({"studies": [{}]}),
        ok({"studies": [study("nct01000001")]}),
        ok({"studies": [study(A), {"protocolSection": {"identificationModule": {"nctId": 7}}}]}),
        ok({"studies": [{"protocolSection": {"identificationModule": {"nctId": A, "nctIdAliases": B}}}]}),
        ok({"studies": [], "nextPageToken": 7}),
        ok({"studies": [], "nextPageToken": ""}),
        Response(200, "application/json", b'{"studies": [NaN]}'),
        Response(200, "application/json", b'{"studies": [{"a": 1e999}]}'),
        Response(200, "application/json", b'{"studies": ['),
        Response(200, "application/json", b""),
        Response(200, "application/json", b"[" * 100_000),
        Response(200, "text/html", b"<!doctype html><title>ClinicalTrials.gov</title>"),
        Response(204, "application/json", b""),
        Response(301, "", b"", location="/somewhere"),
        text(404, f"NCT number {A} not found"),
        Response(404, "text/html", b"<html>nginx</html>"),
        Response(414, "text/html", b"<html>too large</html>"),
        Response(400, "text/html", b"<html>bad request</html>"),
        text(400, "Parameter 'fields' contains invalid field name: 'StudyDesign'"),
        text(400, "Item 9 in parameter `filter.ids` has incorrect format"),
        text(400, "Item 0 in parameter `filter.ids` has incorrect format"),
        text(400, "Item 1 in parameter `sort` has incorrect format"),
        text(418, "teapot"),
    ],
)
def test_what_is_no_page_of_studies_settles_nothing(response: Response) -> None:
    with pytest.raises(PayloadError):
        SOURCE.read(listing(A, B), response, None)


def test_an_error_quotes_the_status_and_the_beginning_of_the_body() -> None:
    with pytest.raises(PayloadError, match=r"414.*<html>x{194}'$"):
        SOURCE.read(listing(A), Response(414, "text/html", b"<html>" + b"x" * 5_000), None)


@pytest.mark.parametrize("whole", [False, True])
def test_a_refused_item_is_at_fault_and_the_others_are_asked_again(whole: bool) -> None:
    request = listing(A, B, C, whole=whole)
    answer = read(request, text(400, "Item 2 in parameter `filter.ids` has incorrect format"))
    assert answer.faults.keys() == {B}
    assert "incorrect format" in answer.faults[B]
    assert answer.more == (listing(A, C, whole=whole),)


def test_the_only_item_refused_leaves_nothing_to_ask() -> None:
    answer = read(listing(A), text(400, "Item 1 in parameter `filter.ids` has incorrect format"))
    assert (set(answer.faults), answer.more) == ({A}, ())


@pytest.mark.parametrize("request_", [listing(A), SOURCE.single(A, None), SOURCE.probe()])
def test_403_is_blocked_and_says_what_to_look_at(request_: Request) -> None:
    refused = Response(403, "text/html", b"<html>denied</html>")
    with pytest.raises(SourceBlocked, match=r"proxy.*certificate.*TRIALWEAVE_CONTACT"):
        SOURCE.read_probe(refused) if request_.purpose == "probe" else SOURCE.read(request_, refused, None)


# ---------------------------------------------------------------- one study


def test_one_study() -> None:
    assert read(SOURCE.single(A, None), ok(study(A))).found.keys() == {A}


def test_absent_is_a_404_in_text_that_names_the_id() -> None:
    assert read(SOURCE.single(A, None), text(404, f"NCT number {A} not found")).absent == {A}


@pytest.mark.parametrize(
    "response",
    [
        text(404, f"NCT number {B} not found"),
        text(404, ""),
        text(404, "not found"),
        text(404, f"{A} is gone"),
        Response(404, "text/html", f"<html>{A} not found</html>".encode()),
        Response(404, "application/json", body({"message": f"{A} not found"})),
        text(500, f"NCT number {A} not found"),
        text(400, "Parameter `fields` is wrong"),
        Response(301, "", b""),
        Response(301, "", b"", location="https://clinicaltrials.gov/"),
        Response(301, "", b"", location="http://[::1/NCT1"),
        Response(302, "", b"", location=f"/api/v2/studies/{A}"),
        ok(study(B)),
        ok(study(B, C)),
        ok({"apiVersion": "2.0.5"}),
        ok([study(A)]),
        Response(200, "text/plain", body(study(A))),
        Response(200, "text/html", b"<!doctype html>"),
    ],
)
def test_no_other_answer_means_absent(response: Response) -> None:
    with pytest.raises(PayloadError):
        SOURCE.read(SOURCE.single(A, None), response, None)


def test_an_id_that_the_registry_refuses_is_at_fault() -> None:
    answer = read(SOURCE.single(A, None), text(400, "Parameter `nctId` has incorrect format"))
    assert answer.faults.keys() == {A}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    "location",
    [B, f"/api/v2/studies/{B}", f"https://clinicaltrials.gov/api/v2/studies/{B}?x=1", f"/studies/{B.lower()}/"],
)
def test_a_redirect_is_asked_again_with_the_wanted_fields(status: int, whole: bool, location: str) -> None:
    (followed,) = read(SOURCE.single(A, None, whole=whole), Response(status, "", b"", location)).more
    assert followed.target == SOURCE.single(B, None, whole=whole).target
    assert followed.ids == (A,)
    answer = read(followed, ok(study(B, C, A)))
    assert (set(answer.found), answer.aliases) == ({B}, {A: B})


def test_a_redirect_to_a_study_that_does_not_know_the_alias_is_a_fault() -> None:
    (followed,) = read(SOURCE.single(A, None), Response(301, "", b"", B)).more
    assert read(followed, ok(study(B, C))).faults.keys() == {A}


def test_redirects_in_a_circle_are_an_error() -> None:
    request = SOURCE.single(A, None)
    for location in (B, C):
        (request,) = read(request, Response(301, "", b"", location)).more
    for location in (A, B, C):
        with pytest.raises(PayloadError, match="circle"):
            SOURCE.read(request, Response(301, "", b"", location), None)


def test_an_alias_whose_study_is_gone_is_not_an_absence() -> None:
    (followed,) = read(SOURCE.single(A, None), Response(301, "", b"", B)).more
    with pytest.raises(PayloadError):
        SOURCE.read(followed, text(404, f"NCT number {B} not found"), None)


def test_studies_make_nothing_else_necessary() -> None:
    assert SOURCE.follow_up({A: body(study(A))}) == frozenset()


# ---------------------------------------------------------------- real answers


def test_recorded_errors_are_what_they_were(realdata: Path) -> None:
    recorded: dict[str, dict[str, Any]] = json.loads((realdata / "ctgov/errors.json").read_text("utf-8"))

    def response(name: str) -> Response:
        case = recorded[name]
        content_type = case["content_type"].partition(";")[0]
        return Response(case["status"], content_type, case.get("body", "").encode())

    missing = "NCT99999999"
    assert read(SOURCE.single(missing, None), response("study_not_found")).absent == {missing}
    assert read(SOURCE.single(missing, None), response("study_bad_format")).faults.keys() == {missing}
    assert read(listing(missing), response("filter_ids_unknown")).absent == {missing}
    assert read(listing(missing), response("filter_ids_bad_format")).faults.keys() == {missing}
    others = ("unknown_parameter", "invalid_prefix", "bad_json_field", "bad_sort_format", "bad_area", "spa_shell")
    for name in (*others, "stats_unknown_piece", "unknown_api_path"):
        for request in (SOURCE.single(missing, None), listing(missing)):
            with pytest.raises(PayloadError):
                SOURCE.read(request, response(name), None)


def test_recorded_pages_are_split_by_study(realdata: Path) -> None:
    for file in sorted((realdata / "ctgov/pages").glob("*.json")):
        page = json.loads(file.read_bytes())
        ids = [given["protocolSection"]["identificationModule"]["nctId"] for given in page["studies"]]
        answer = read(listing(*ids, whole=True), Response(200, "application/json", file.read_bytes()))
        assert answer.found.keys() == set(ids)
        for given in page["studies"]:
            nct_id = given["protocolSection"]["identificationModule"]["nctId"]
            assert json.loads(answer.found[nct_id]) == given
        part = read(listing(*ids, "NCT99999998"), Response(200, "application/json", file.read_bytes()))
        assert part.found.keys() == set(ids)
        if "nextPageToken" in page:
            assert [more.ids for more in part.more] == [("NCT99999998",)]
        else:
            assert part.absent == {"NCT99999998"}


@pytest.mark.parametrize(("canonical", "aliases"), ALIASES.items())
def test_known_aliases_lead_to_their_study(canonical: str, aliases: str) -> None:
    asked = aliases.split(",")
    file = REALDATA / f"ctgov/studies/{canonical}.json"
    given = json.loads(file.read_bytes()) if file.exists() else study(canonical, *asked)
    answer = read(listing(*asked), ok({"studies": [given]}))
    assert answer.found.keys() == {canonical}
    assert answer.aliases == dict.fromkeys(asked, canonical)
    assert set(parse_study(answer.found[canonical]).aliases) >= set(asked)
    (followed,) = read(SOURCE.single(asked[0], None), Response(301, "", b"", f"/api/v2/studies/{canonical}")).more
    assert read(followed, ok(given)).aliases == {asked[0]: canonical}
