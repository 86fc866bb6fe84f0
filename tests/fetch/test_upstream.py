"""The quirks of both services, as replay and stand-in show them; recorded error bodies are matched to the letter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from standin import World, concept, nct, study
from trialweave.fetch.upstream import answer_ctgov, answer_evs
from trialweave.sources.projection import UnknownField, project


def ids_of(body: bytes) -> list[str]:
    return [row["protocolSection"]["identificationModule"]["nctId"] for row in json.loads(body)["studies"]]


@pytest.mark.parametrize(
    ("case", "target"),
    [
        ("study_not_found", "/studies/NCT99999999"),
        ("study_bad_format", "/studies/ABC123"),
        ("filter_ids_bad_format", "/studies?filter.ids=ABC123"),
        ("unknown_parameter", "/studies?filter.ids=NCT00000001&filter.phase=PHASE3"),
        ("bad_json_field", "/studies?filter.ids=NCT00000001&fields=StudyDesign"),
    ],
)
def test_errors_are_those_that_were_recorded(realdata: Path, world: World, case: str, target: str) -> None:
    told = json.loads((realdata / "ctgov" / "errors.json").read_text(encoding="utf-8"))[case]
    reply = answer_ctgov(world, target)
    assert (reply.status, reply.body.decode()) == (told["status"], told["body"])
    assert reply.content_type.startswith("text/plain")


def test_a_listing_has_ten_studies_unless_asked_for_more(world: World) -> None:
    world.studies |= {nct(n): study(nct(n)) for n in range(10, 40)}
    query = "/studies?filter.ids=" + ",".join(world.studies)
    first = answer_ctgov(world, query + "&countTotal=true")
    assert len(ids_of(first.body)) == 10
    assert json.loads(first.body)["totalCount"] == 35
    token = json.loads(first.body)["nextPageToken"]
    second = answer_ctgov(world, f"{query}&pageToken={token}")
    assert not set(ids_of(first.body)) & set(ids_of(second.body))
    whole = answer_ctgov(world, query + "&pageSize=9999")
    assert sorted(ids_of(whole.body)) == sorted(world.studies)
    assert "nextPageToken" not in json.loads(whole.body)


def test_a_listing_drops_and_renames_and_reorders(world: World) -> None:
    reply = answer_ctgov(world, f"/studies?filter.ids={nct(900)},{nct(2)}|nct3,{nct(999)},{nct(1)}&pageSize=100")
    assert ids_of(reply.body) == [nct(3), nct(2), nct(1)]


def test_an_alias_alone_is_redirected_without_its_query(world: World) -> None:
    reply = answer_ctgov(world, f"/studies/{nct(900)}?fields=NCTId")
    assert (reply.status, reply.headers["Location"], reply.body) == (301, f"/api/v2/studies/{nct(1)}", b"")


def test_urls_have_an_end(world: World) -> None:
    for answer, path in ((answer_ctgov, "/studies?filter.ids="), (answer_evs, "/concept/ncit?list=")):
        reply = answer(world, path + "C1," * 3000)
        assert (reply.status, reply.content_type) == (414, "text/html")
    assert answer_evs(world, "/concept/ncit?list=" + "C1," * 2700).status == 400


def test_concepts_drop_unknown_codes_and_name_their_release(world: World) -> None:
    rows = json.loads(answer_evs(world, "/concept/ncit_26.09d?list=C1,C999,C2,C1").body)
    assert [(row["code"], row["version"]) for row in rows] == [("C2", "26.09d"), ("C1", "26.09d")]
    assert json.loads(answer_evs(world, "/concept/ncit/C1").body)["version"] == "26.10d"


def searched(world: World, query: str) -> dict[str, Any]:
    page: dict[str, Any] = json.loads(answer_evs(world, f"/concept/ncit_26.10d/search?type=match&{query}").body)
    return page


def test_a_search_matches_whole_names_of_live_and_retired_concepts(world: World) -> None:
    world.concepts["C7"] = concept("C7", name="T-DXd")
    world.concepts["C8"] = concept("C8", name="T DXd", retired=True)
    world.concepts["C9"] = concept("C9", name="T-DXd biosimilar")
    page = searched(world, "term=t-dxd")
    assert (page["total"], [row["code"] for row in page["concepts"]]) == (2, ["C7", "C8"])
    assert "synonyms" not in page["concepts"][0]
    assert "synonyms" in searched(world, "term=t-dxd&include=summary")["concepts"][0]
    assert [row["code"] for row in searched(world, "term=t-dxd&pageSize=1&fromRecord=1")["concepts"]] == ["C8"]


def test_a_search_has_ten_concepts_unless_asked_for_more_and_none_has_no_key(world: World) -> None:
    world.concepts |= {f"C{n}": concept(f"C{n}", name="Same") for n in range(10, 25)}
    assert [len(searched(world, f"term=same{size}")["concepts"]) for size in ("", "&pageSize=100")] == [10, 15]
    assert "concepts" not in searched(world, "term=nobody")
    assert "concepts" not in searched(world, "term=same&fromRecord=15")


@pytest.mark.parametrize(
    ("target", "status", "message"),
    [
        (
            "/concept/ncit/search?term=x&type=nearly",
            400,
            "Required parameter 'type' has an invalid value = nearly",
        ),
        (
            "/concept/ncit/search?term=x&type=match&pageSize=1001",
            400,
            "Parameter 'pageSize' must be between 1 and 1000 = 1001",
        ),
        ("/concept/ncit/C999", 404, "C999 not found"),
        ("/concept/ncit_25.01e?list=C1", 404, "Terminology not found = ncit_25.01e"),
        ("/concepts/ncit", 404, "No static resource api/v1/concepts/ncit."),
        ("/history/ncit/replacements?list=C1,C999", 404, "C999 not found"),
        (
            "/concept/ncit?list=" + "C1," * 1000 + "C2",
            400,
            "Maximum number of concepts to request at a time is 1000 = 1001",
        ),
    ],
)
def test_evs_says_no_in_json(world: World, target: str, status: int, message: str) -> None:
    reply = answer_evs(world, target)
    told = json.loads(reply.body)
    assert (reply.status, told["status"], told["message"]) == (status, status, message)


def test_a_code_without_history_is_called_active(world: World) -> None:
    rows = json.loads(answer_evs(world, "/history/ncit/replacements?list=C1,C5").body)
    assert [(row["code"], row["action"]) for row in rows] == [("C1", "active"), ("C5", "retire")]


def test_the_latest_release_is_one_row(world: World) -> None:
    rows = json.loads(answer_evs(world, "/metadata/terminologies?terminology=ncit&latest=true&tag=monthly").body)
    assert [row["terminologyVersion"] for row in rows] == ["ncit_26.10d"]
    assert json.loads(answer_evs(world, "/metadata/terminologies?terminology=other").body) == []


def test_a_projection_keeps_what_was_asked_for() -> None:
    body = json.dumps(
        {
            "protocolSection": {
                "identificationModule": {"nctId": "N", "briefTitle": "T"},
                "contactsLocationsModule": {"locations": [{"country": "A", "city": "B"}, {"city": "C"}]},
            },
            "hasResults": False,
        }
    ).encode()
    kept = json.loads(project(body, "LocationCountry|protocolSection.identificationModule,HasResults,VersionHolder"))
    assert kept == {
        "protocolSection": {
            "identificationModule": {"nctId": "N", "briefTitle": "T"},
            "contactsLocationsModule": {"locations": [{"country": "A"}]},
        },
        "hasResults": False,
    }
    assert project(body, None) is body
    with pytest.raises(UnknownField, match="StudyDesign"):
        project(body, "StudyDesign")
