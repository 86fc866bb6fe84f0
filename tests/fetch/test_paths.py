"""An id is never a way to a file: what is no id is refused before a path or an address is made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from standin import Fault, StandIn, World, concept, nct, study
from trialweave.api import Weaver
from trialweave.clock import ManualClock
from trialweave.errors import UsageError
from trialweave.fetch import Fetcher, Services, open_record
from trialweave.fetch.replay import ReplayFolder
from trialweave.nightly.folder import checked_run_id
from trialweave.sources.base import NotHeld
from trialweave.sources.ctgov import CtgovSource
from trialweave.sources.ncit import NcitSource

Open = Callable[..., Fetcher]
PATHS = [
    "../precious",
    "../../etc/passwd",
    "/etc/passwd",
    "NCT00000001/../../precious",
    "..\\precious",
    "NCT00000001\x00",
    "C1.replacements/../C2",
    "%2e%2e%2fprecious",
    "",
]


@pytest.mark.parametrize("id_", PATHS)
def test_a_replay_folder_opens_no_file_but_its_own(tmp_path: Path, id_: str) -> None:
    (tmp_path / "precious.json").write_text('{"code": "C1"}')
    folder = tmp_path / "folder"
    for source in ("ctgov", "ncit"):
        (folder / source).mkdir(parents=True)
    replayed = ReplayFolder(folder)
    assert "was never recorded" in (replayed.refusal("ctgov", id_) or "")
    assert "was never recorded" in (replayed.refusal("ncit", id_) or "")
    assert replayed._file("ctgov", id_) is None
    assert replayed._file("ncit", id_) is None


@pytest.mark.parametrize("id_", [path for path in PATHS if path])
def test_a_record_whose_ids_are_paths_has_invalid_links(tmp_path: Path, id_: str) -> None:
    (tmp_path / "folder").mkdir()
    row = {"drug_name": "Drug", "nct_id_drug_ref": id_, "nci_thesaurus_concept_id": id_}
    with Weaver(replay=tmp_path / "folder") as weaver:
        links = json.loads(weaver.enrich(row).as_json())["links"]
    assert {link["outcome"] for link in links.values()} == {"invalid"}


def test_an_answer_cannot_choose_the_file_that_is_recorded(tmp_path: Path, clock: ManualClock) -> None:
    """Ids in answers, aliases and replacements that are paths; one of each is asked for and comes."""
    hostile = json.dumps(
        {"studies": [study("../../precious", aliases=(nct(1),)), study(nct(1), aliases=("../precious",))]}
    ).encode()
    row = {"code": "C5", "action": "retire", "replacementCode": "../../precious"}
    world = World(studies={nct(1): study(nct(1))}, concepts={"C5": concept("C5", retired=True)}, rows={"C5": [row]})
    faults = [Fault("ctgov", "body", match="filter.ids", body=hostile, times=2)]
    folder = tmp_path / "deep" / "recorded"
    with StandIn(world, faults) as server:
        fetcher = open_record(
            [CtgovSource(), NcitSource()],
            Services(server.addresses, {"ctgov": 0.0, "ncit": 0.0}, clock, tmp_path / "pace"),
            folder,
        )
        with fetcher:
            fetcher.prefetch({"ctgov": [nct(1)], "ncit": ["C5"]})
            assert isinstance(fetcher.read("ncit", ["C5.replacements"])["C5.replacements"], NotHeld)
        assert not any("precious" in seen.target for seen in server.requests)
    written = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.*") if file.is_file()}
    assert written <= {f"deep/recorded/{name}" for name in (f"ctgov/{nct(1)}.json", "ncit/C5.json", "manifest.json")}


@pytest.mark.parametrize(
    "name", ["..", ".", "../x", "a/b", "a\\b", "/abs", "x\n", "x\x00", "-x", ".hidden", "latest", ""]
)
def test_a_run_is_never_named_by_a_path(name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a run"):
        checked_run_id(name)
