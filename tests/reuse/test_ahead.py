"""What is woven while a run waits comes out as if it had been woven at the end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Literal

import pytest

from standin import Fault, StandIn, World, concept, nct, study
from trialweave import Weaver
from trialweave.ahead import Ahead
from trialweave.clock import ManualClock, instant
from trialweave.core.summary import Tally
from trialweave.fetch.entries import DamagedEntry, Entry
from trialweave.fetch.reading import Reading
from trialweave.fetch.run import SourceRun
from trialweave.fetch.settled import Settled, Unanswered
from trialweave.fetch.store import Store
from trialweave.ledger import Taken
from trialweave.owners import Owners
from trialweave.run import Run
from trialweave.settings import Settings
from trialweave.sources.base import Lookup
from trialweave.tables import open_inputs

COUNT = 450
"""Records, and studies: three requests."""


def rows() -> Iterable[dict[str, str]]:
    for number in range(1, COUNT + 1):
        yield {
            "drug_name": f"Concept C{1 + number % 7}" if number % 3 else f"Drug of {nct(number)}",
            "nct_id_drug_ref": nct(number),
            "nci_thesaurus_concept_id": f"C{1 + number % 8}",
        }
    yield {"drug_name": "Zebratinib"}
    yield {"drug_name": "Zebratinib", "nct_id_drug_ref": nct(2), "nci_thesaurus_concept_id": "C1"}
    yield {"drug_name": "Drug", "nct_id_drug_ref": nct(9_001), "nci_thesaurus_concept_id": "none"}


def world() -> World:
    made = World(
        {nct(number): study(nct(number)) for number in range(2, COUNT + 1)},
        {f"C{number}": concept(f"C{number}", retired=number == 5) for number in range(1, 8)},
    )
    made.studies |= aliased("A title")
    made.rows["C5"] = [{"code": "C5", "action": "retire", "replacementCode": "C70", "replacementName": "Concept C70"}]
    made.concepts["C70"] = concept("C70")
    made.concepts["C90"] = concept("C90", name="Zebratinib")
    return made


class Still(ManualClock):
    """Tells one time of day, however long anybody sleeps."""

    def now(self) -> datetime:
        return self.at


class Patient(StandIn):
    """Answers a second list of study ids, and those behind it, only when all that has come by then is woven."""

    def __init__(self, world: World, faults: Iterable[Fault], monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(world, faults)
        self.taken = self.lists = 0
        self._woven = threading.Event()
        step, take, settle = Ahead.step, Ahead.take, SourceRun.settle

        def watched_step(ahead: Ahead) -> bool:
            more = step(ahead)
            if not more and ahead._weave is not None:
                self._woven.set()
            return more

        def watched_take(ahead: Ahead, number: int, key: bytes, owners: Owners) -> Taken | None:
            taken = take(ahead, number, key, owners)
            self.taken += taken is not None
            return taken

        def watched_settle(run: SourceRun, part: Settled | Unanswered) -> set[str]:
            self._woven.clear()
            return settle(run, part)

        monkeypatch.setattr(Ahead, "step", watched_step)
        monkeypatch.setattr(Ahead, "take", watched_take)
        monkeypatch.setattr(SourceRun, "settle", watched_settle)

    def handle(self, handler: BaseHTTPRequestHandler, service: Literal["ctgov", "evs"]) -> None:
        if "filter.ids" in handler.path:
            self.lists += 1
            if self.lists > 1:
                assert self._woven.wait(30)
        super().handle(handler, service)


def woven(
    server: StandIn, folder: Path, rows: Callable[[], Iterable[dict[str, str]]] = rows
) -> tuple[list[bytes], list[bytes], Tally]:
    table = folder.with_suffix(".jsonl")
    table.write_text("".join(json.dumps(row) + "\n" for row in rows()))
    services = [{"url": address, "rate": 1000} for address in (server.ctgov_url, server.evs_url)]
    chosen: dict[str, Any] = {"ctgov": services[0], "evs": services[1], "cache_dir": folder}
    weaver = Weaver(Settings.model_validate(chosen), clock=Still(instant("2026-11-23T00:00:00Z")))
    with weaver, open_inputs([table], columns=weaver.columns) as inputs, Run(weaver, inputs, print) as run:
        made = list(run.woven())
        return [row.line for row in made], [line for row in made for line in row.conflicts], run.tally


def aliased(title: str) -> dict[str, Any]:
    """One that comes again under its alias, and one of which the alias comes first."""
    return {
        nct(300): study(nct(300), aliases=(nct(9_001),), title=title),
        nct(440): study(nct(440), aliases=(nct(1),), title=title),
    }


FAULTS: dict[str, Callable[[World], list[Fault]]] = {
    "nothing": lambda _: [],
    "the registry falls silent": lambda _: [Fault("ctgov", "status", after=3, times=999, status=403)],
    "a list is cut short": lambda _: [Fault("ctgov", "cut", after=2)],
    "studies change": lambda changed: [
        Fault("ctgov", world=lambda: changed.studies.update(aliased("Another title")), after=3)
    ],
    "the release changes": lambda changed: [
        Fault("evs", world=lambda: setattr(changed, "release", "26.11a"), after=2, match="/concept")
    ],
    "no search is answered": lambda _: [Fault("evs", "status", times=999, status=400, match="/search")],
}


@pytest.mark.parametrize("happens", FAULTS)
def test_what_is_woven_ahead_is_what_is_woven_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, happens: str
) -> None:
    with monkeypatch.context() as patched, StandIn(made := world()) as server:
        patched.setattr("trialweave.ahead.MOST", 0)
        server.faults = FAULTS[happens](made)
        at_the_end = woven(server, tmp_path / "end")
    made = world()
    with Patient(made, FAULTS[happens](made), monkeypatch) as server:
        assert woven(server, tmp_path / "ahead") == at_the_end
        assert server.taken > 190


def test_what_could_not_be_read_meanwhile_is_woven_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, StandIn(world()) as server:
        patched.setattr("trialweave.ahead.MOST", 0)
        at_the_end = woven(server, tmp_path / "end")
    lookup, failed = Reading.lookup, list[str]()

    def failing_once(reading: Reading, id_: str, entries: dict[str, Entry]) -> Lookup:
        if id_ == nct(7) and not failed:
            failed.append(id_)
            raise DamagedEntry("body")
        return lookup(reading, id_, entries)

    monkeypatch.setattr(Reading, "lookup", failing_once)
    monkeypatch.setattr(Store, "drop", lambda *_: None)
    with Patient(world(), (), monkeypatch) as server:
        assert woven(server, tmp_path / "ahead") == at_the_end
    assert failed == [nct(7)]


def test_a_study_that_comes_anew_between_two_steps_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many_of_one() -> Iterable[dict[str, str]]:
        for number in range(1, COUNT + 1):
            yield {"drug_name": f"Drug {number}", "nct_id_drug_ref": nct(number)}
        for number in range(40):
            yield {"drug_name": f"Another drug {number}", "nct_id_drug_ref": nct(1)}

    def changing() -> tuple[World, list[Fault]]:
        made = world()
        old, new = ({nct(300): study(nct(300), aliases=(nct(1),), title=title)} for title in ("Old", "New"))
        made.studies |= old
        del made.studies[nct(440)]
        return made, [Fault("ctgov", world=lambda: made.studies.update(new), after=2)]

    with monkeypatch.context() as patched, StandIn(*changing()) as server:
        patched.setattr("trialweave.ahead.MOST", 0)
        at_the_end = woven(server, tmp_path / "end", many_of_one)
    step = Ahead.step
    monkeypatch.setattr(Ahead, "step", lambda ahead: step(ahead) and False)
    with Patient(*changing(), monkeypatch) as server:
        assert woven(server, tmp_path / "ahead", many_of_one) == at_the_end
        assert server.taken > 10
