"""Every request that can be made, against the official documents of the two services."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi import OpenApi
from payload_samples import PERSONAL, STUDY, body, ok, study, text

from places import REFERENCE
from trialweave.core.text import spelling
from trialweave.sources.base import Request, Response
from trialweave.sources.ctgov import CtgovSource, parse_study
from trialweave.sources.ctgov_requests import FIELDS
from trialweave.sources.ncit import NcitSource
from trialweave.sources.searches import name_id

PIECES = {
    "HasResults": "hasResults",
    "LocationCountry": "protocolSection.contactsLocationsModule.locations.country",
    "ReferencePMID": "protocolSection.referencesModule.references.pmid",
    "ReferenceType": "protocolSection.referencesModule.references.type",
    "VersionHolder": "derivedSection.miscInfoModule.versionHolder",
}
"""The projection's piece names and the fields they stand for (the registry's page "Study Data Structure")."""

CTGOV = CtgovSource()
NCIT = NcitSource()
nct_ids = st.from_regex(r"NCT[0-9]{8}", fullmatch=True).filter(lambda id_: id_ != "NCT00000000")
codes = st.from_regex(r"C[1-9][0-9]{0,6}", fullmatch=True)


@pytest.fixture(scope="module")
def registry() -> OpenApi:
    return _document("ctg-oas-v2.yaml", "")


@pytest.fixture(scope="module")
def thesaurus() -> OpenApi:
    return _document("evs-openapi-1.7.2.yaml", "/api/v1")


def _document(name: str, base: str) -> OpenApi:
    if not REFERENCE.is_dir():
        pytest.skip("the official documents are not here")
    return OpenApi(REFERENCE / name, base)


# ---------------------------------------------------------------- allowed by the documents


def test_the_judge_refuses_what_the_documents_do_not_allow(registry: OpenApi, thesaurus: OpenApi) -> None:
    assert registry.problems("/studies?filter.ids=ABC")
    assert registry.problems("/studies?filter.phase=PHASE1")
    assert registry.problems("/studies?pageSize=-1")
    assert registry.problems("/studies?fields=")
    assert registry.problems("/studies/NCT1/x")
    assert registry.problems("/studies/../version")
    assert registry.problems("/studies?filter.ids=NCT00000001, NCT00000002")
    assert thesaurus.problems("/concept/ncit")
    assert thesaurus.problems("/concept/ncit?list=C1&pageSize=1")
    assert not registry.has_field("Study", "protocolSection.identificationModule.nctid")


@given(ids=st.sets(nct_ids, max_size=450), whole=st.booleans())
def test_registry_batches_are_allowed(registry: OpenApi, ids: set[str], whole: bool) -> None:
    requests = CTGOV.batches(ids, None, whole=whole)
    _settle_each_id_once(requests, ids)
    for request in requests:
        assert registry.problems(request.target) == []
        query = parse_qs(urlsplit(request.target).query)
        assert int(query["pageSize"][0]) >= len(request.ids)
        assert query["filter.ids"] == [",".join(request.ids)]
        assert "%2C" not in request.target
        assert len(request.target) <= 6_000
        assert len(request.ids) <= 200
        assert ("fields" in query) == (not whole)


@given(id_=nct_ids, whole=st.booleans())
def test_single_studies_are_allowed(registry: OpenApi, id_: str, whole: bool) -> None:
    request = CTGOV.single(id_, None, whole=whole)
    assert registry.problems(request.target) == []
    assert request.ids == (id_,)
    redirect = Response(301, "", b"", location="/api/v2/studies/NCT12345678")
    if id_ != "NCT12345678":
        (followed,) = CTGOV.read(request, redirect, None).more
        assert registry.problems(followed.target) == []


@given(token=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), whole=st.booleans())
def test_further_pages_are_allowed_and_repeat_the_parameters(registry: OpenApi, token: str, whole: bool) -> None:
    (first,) = CTGOV.batches(["NCT01000001", "NCT01000009"], None, whole=whole)
    page = ok({"studies": [study("NCT01000001")], "nextPageToken": token})
    (following,) = CTGOV.read(first, page, None).more
    assert registry.problems(following.target) == []
    query = parse_qs(urlsplit(following.target).query)
    assert query.pop("pageToken") == [token]
    assert query == parse_qs(urlsplit(first.target).query)
    assert following.ids == ("NCT01000009",)


def test_walking_is_allowed(registry: OpenApi) -> None:
    (first,) = CtgovSource(registry=0).batches(["NCT01000001"], None)
    assert first.purpose == "walk"
    assert registry.problems(first.target) == []


def test_probes_are_allowed(registry: OpenApi, thesaurus: OpenApi) -> None:
    assert registry.problems(CTGOV.probe().target) == []
    assert thesaurus.problems(NCIT.probe().target) == []


@given(
    concepts=st.sets(codes, max_size=900),
    retired=st.sets(codes, max_size=600),
    whole=st.booleans(),
    version=st.sampled_from([None, "26.10d"]),
)
def test_thesaurus_batches_are_allowed(
    thesaurus: OpenApi, concepts: set[str], retired: set[str], whole: bool, version: str | None
) -> None:
    ids = concepts | {f"{code}.replacements" for code in retired}
    requests = NCIT.batches(ids, version, whole=whole)
    _settle_each_id_once(requests, ids)
    for request in requests:
        assert thesaurus.problems(request.target) == []
        assert len(request.target) <= 7_000
        assert len(request.ids) <= 500
        assert (
            f"/ncit_{version}" in request.target
            if version
            else "/ncit?" in request.target or "/ncit/" in request.target
        )


@given(code=codes, version=st.sampled_from([None, "26.10d"]), whole=st.booleans())
def test_single_concepts_are_allowed(thesaurus: OpenApi, code: str, version: str | None, whole: bool) -> None:
    assert thesaurus.problems(NCIT.single(code, version, whole=whole).target) == []
    assert thesaurus.problems(NCIT.single(f"{code}.replacements", version, whole=whole).target) == []


@given(name=st.text(min_size=1), version=st.sampled_from([None, "26.10d"]))
def test_searches_are_allowed(thesaurus: OpenApi, name: str, version: str | None) -> None:
    id_ = name_id(name)
    request = NCIT.single(id_, version)
    assert thesaurus.problems(request.target) == []
    if not any("\ud800" <= character <= "\udfff" for character in name):
        assert parse_qs(urlsplit(request.target).query, keep_blank_values=True)["term"] == [spelling(name)]


def _settle_each_id_once(requests: Iterable[Request], ids: set[str]) -> None:
    asked = [id_ for request in requests for id_ in request.ids]
    assert sorted(asked) == sorted(ids)


# ---------------------------------------------------------------- exact


def test_targets_are_these() -> None:
    fields = ",".join(FIELDS)
    assert len(fields) < 600
    (batch,) = CTGOV.batches(["NCT01000002", "NCT01000001", "NCT01000002"], "2026-11-20T09:00:04")
    assert batch.target == f"/studies?filter.ids=NCT01000001,NCT01000002&pageSize=200&fields={fields}"
    assert CTGOV.single("NCT01000001", None).target == f"/studies/NCT01000001?fields={fields}"
    assert CTGOV.single("NCT01000001", None, whole=True).target == "/studies/NCT01000001"
    assert CTGOV.probe().target == "/version"
    include = "include=summary,parents,roles,associations"
    concepts, rows = NCIT.batches(["C2", "C1", "C3.replacements", "C4.replacements"], "26.10d")
    assert concepts.target == f"/concept/ncit_26.10d?list=C1,C2&{include}"
    assert rows.target == "/history/ncit_26.10d/replacements?list=C3,C4"
    assert (rows.purpose, rows.ids) == ("replacements", ("C3.replacements", "C4.replacements"))
    assert NCIT.batches(["C1"], None, whole=True)[0].target == "/concept/ncit?list=C1&include=full"
    assert NCIT.single("C1", "26.10d").target == f"/concept/ncit_26.10d/C1?{include}"
    assert NCIT.probe().target == "/metadata/terminologies?terminology=ncit&latest=true&tag=monthly"


def test_the_fewest_requests() -> None:
    ids = [f"NCT{number:08}" for number in range(1, 1002)]
    assert [len(request.ids) for request in CTGOV.batches(ids, None)] == [200] * 5 + [1]
    assert [len(request.ids) for request in NCIT.batches([f"C{n}" for n in range(1, 1002)], None)] == [500, 500, 1]
    assert CTGOV.batches([], None) == []
    assert NCIT.batches([], None) == []


def test_a_code_that_is_longer_than_any_url_stands_alone() -> None:
    long = "C" + "9" * 8_000
    assert sorted(request.ids for request in NCIT.batches(["C1", "C2", long], None)) == [("C1", "C2"), (long,)]


# ---------------------------------------------------------------- the projection


def test_every_field_of_the_projection_exists(registry: OpenApi) -> None:
    for name in FIELDS:
        assert registry.has_field("Study", PIECES.get(name, name)), name


def test_the_projection_brings_all_that_is_read_and_no_people(realdata: Path) -> None:
    paths = [PIECES.get(name, name).split(".") for name in FIELDS]
    assert parse_study(body(_projected(STUDY, paths))) == parse_study(body(STUDY))
    slim = json.dumps(_projected(STUDY, paths))
    assert not [person for person in PERSONAL if person in slim]
    for file in sorted((realdata / "ctgov/studies").glob("*.json")):
        projected = _projected(json.loads(file.read_bytes()), paths)
        assert parse_study(body(projected)) == parse_study(file.read_bytes()), file.name
        assert "@" not in json.dumps([projected.get("contactsLocationsModule"), projected.get("derivedSection")])
        assert CTGOV.own_version(body(projected)) == CTGOV.own_version(file.read_bytes())


def _projected(node: Any, paths: list[list[str]]) -> Any:
    """What the registry leaves of a study: a branch with all below it, a leaf alone, nothing empty."""
    if isinstance(node, list):
        return [_projected(item, paths) for item in node]
    if any(not path for path in paths):
        return node
    kept = {}
    for key, value in node.items():
        below = [path[1:] for path in paths if path[0] == key]
        if [] in below:
            kept[key] = value
        elif below:
            part = _projected(value, below)
            if part:
                kept[key] = part
    return kept


# ---------------------------------------------------------------- probes


def test_the_registrys_version_is_its_timestamp(realdata: Path) -> None:
    told = {"apiVersion": "2.0.5", "dataTimestamp": "2026-10-02T09:00:04"}
    assert CTGOV.read_probe(ok(told)) == "2026-10-02T09:00:04"
    observed = json.loads((realdata / "ctgov/version.json").read_text("utf-8"))
    stamps = [row["dataTimestamp"] for row in _objects(observed) if "dataTimestamp" in row]
    assert stamps
    for stamp in stamps:
        assert CTGOV.read_probe(ok({"dataTimestamp": stamp})) == stamp


def test_the_thesaurus_release_is_the_one_monthly_row(realdata: Path) -> None:
    rows = sorted((realdata / "evs/terminologies").glob("ncit_*.json"))
    assert len(rows) == 10
    for file in rows:
        assert NCIT.read_probe(ok([json.loads(file.read_bytes())])) == file.stem.removeprefix("ncit_")


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(found for part in value.values() for found in _objects(part))]
    return [found for part in value for found in _objects(part)] if isinstance(value, list) else []


@pytest.mark.parametrize(
    "answer",
    [
        ok([]),
        ok([{"terminologyVersion": "ncit_26.10d"}, {"terminologyVersion": "ncit_26.11a"}]),
        ok([{"version": "26.10d"}]),
        ok([{"terminologyVersion": 26.1}]),
        ok([{"terminologyVersion": "26.10d"}]),
        ok([{"terminologyVersion": "ncit_"}]),
        ok([{"terminologyVersion": "ncit_26.10d/../../x"}]),
        ok([{"terminologyVersion": "ncit_26.10d\r\nX: 1"}]),
        ok({"terminologyVersion": "ncit_26.10d"}),
        ok([7]),
        text(502, "bad gateway"),
        Response(200, "text/html", b"<html>"),
    ],
)
def test_any_other_answer_to_a_probe_is_an_error(answer: Response) -> None:
    for source in (NCIT, CTGOV):
        with pytest.raises(ValueError, match=r"NCI Thesaurus|registry|asked for"):
            source.read_probe(answer)
