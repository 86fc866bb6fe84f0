"""A year in a minute: upstream changes, edits and mishaps on their nights, and what each morning has to tell of them.

The bookkeeping is an expectation, written down when an event is planted and due on the first morning that can know of
it: events of the registry on the next night that it answers, events of NCIt on the next night with a new release.
What an edit of the table does to a link waits for the registry; that there was an edit is counted at once.
Every event strikes a record of its own, so that what is told can be traced to one event.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from made import payloads
from made.house import House
from standin import Fault, nct

Entry = tuple[str, str, str]
"""(list of the delta, record_id, because)."""

Change = tuple[str, str, str | None, str | None]
"""(id, what, before, after) of `source_changes`."""

Lane = Literal["ctgov", "ncit", "table"]
LANES: tuple[Lane, ...] = ("ctgov", "ncit", "table")
SATURDAY = 5


@dataclass
class Expected:
    """What a morning has to tell, and nothing else. Records are named by their number until the night is over."""

    entries: set[tuple[str, int, str]] = field(default_factory=set)
    changes: set[Change] = field(default_factory=set)
    added: int = 0
    changed: int = 0
    removed: int = 0

    def take(self, other: Expected) -> None:
        self.entries |= other.entries
        self.changes |= other.changes
        self.added += other.added
        self.changed += other.changed
        self.removed += other.removed


@dataclass
class Year:
    """The world, the table, and what is due. `strike` plants events, `due` says what the coming morning has to tell."""

    house: House
    chance: random.Random
    day: date = date(2026, 11, 23)
    releases: int = 0
    untouched: list[int] = field(default_factory=list)
    flagged: list[int] = field(default_factory=list)
    awaited: dict[Lane, Expected] = field(
        default_factory=lambda: {lane: Expected() for lane in ("ctgov", "ncit", "table")}
    )
    at_release: list[Callable[[], None]] = field(default_factory=list)
    numbers: int = 0
    planted: int = 0
    upgraded: bool = False

    def people(self, records: int) -> None:
        """Fill the table and the world."""
        for _ in range(records):
            self._newcomer()
        self.chance.shuffle(self.untouched)

    # ------------------------------------------------------------ the days

    @property
    def weekend(self) -> bool:
        return self.day.weekday() >= SATURDAY

    def tomorrow(self) -> None:
        """The next night; on working days the registry has a new dataset, whether or not anything changed."""
        self.day += timedelta(days=1)
        if not self.weekend:
            self.house.world.timestamp = f"{self.day.isoformat()}T01:00:04"

    def release(self) -> None:
        """NCIt publishes: what waited for the release comes true."""
        self.releases += 1
        world = self.house.world
        world.older = (world.release, *world.older)
        world.release = f"27.{self.releases:02}a"
        for event in self.at_release:
            event()
        self.at_release.clear()

    def due(self, *answering: Lane) -> Expected:
        """What tonight's run can know of, if these sources answer."""
        night = self.awaited["table"]
        self.awaited["table"] = Expected()
        for lane in answering:
            night.take(self.awaited[lane])
            self.awaited[lane] = Expected()
        return night

    def strike(self, *events: str) -> None:
        """Plant events, by name."""
        for event in events:
            self.planted += 1
            getattr(self, event)()

    # ------------------------------------------------------------ the registry

    def status_flips(self) -> None:
        """The status changes and no update date moves."""
        number, status = self._next(), self.chance.choice(["WITHDRAWN", "SUSPENDED", "TERMINATED"])
        self._flip(number, "RECRUITING", status)
        self.flagged.append(number)
        self.awaited["ctgov"].entries.add(("new", number, "study"))

    def status_flips_back(self) -> None:
        if not self.flagged or self.awaited["ctgov"].changes:
            return self.status_flips()
        number = self.flagged.pop(0)
        self._flip(number, str(self._protocol(number)["statusModule"]["overallStatus"]), "RECRUITING")
        self.awaited["ctgov"].entries.add(("resolved", number, "study"))
        return None

    def status_completes(self) -> None:
        """A change of state that is no conflict, unless the rules are upgraded."""
        number = self._next()
        self._flip(number, "RECRUITING", "COMPLETED")
        if self.upgraded:
            self.awaited["ctgov"].entries.add(("new", number, "study"))

    def intervention_renamed(self) -> None:
        """The registry keeps the old name as another name: a change, and nothing to do."""
        number = self._next()
        old = self._name(number)
        self._protocol(number)["armsInterventionsModule"]["interventions"] = [
            {"type": "DRUG", "name": f"{old}-X", "otherNames": [old], "armGroupLabels": ["Arm 1"]}
        ]
        self.awaited["ctgov"].changes.add((nct(number), "intervention_renamed", old, f"{old}-X"))

    def intervention_replaced(self) -> None:
        """The study gives another drug now, and names the record's nowhere."""
        number = self._next()
        self.house.world.studies[nct(number)] = payloads.study(nct(number), f"QXV-{number}")
        self.awaited["ctgov"].changes.add((nct(number), "intervention_renamed", self._name(number), f"QXV-{number}"))
        self.awaited["ctgov"].entries.add(("new", number, "study"))

    def study_vanishes(self) -> None:
        number = self._next()
        del self.house.world.studies[nct(number)]
        self.awaited["ctgov"].changes.add((nct(number), "study_gone", nct(number), None))
        self.awaited["ctgov"].entries.add(("new", number, "study"))

    # ------------------------------------------------------------ NCIt, seen with its next release

    def concept_renamed(self) -> None:
        number = self._next()
        old, new = self._name(number), f"Nomab {number}"

        def happen() -> None:
            concept = self._concept(number)
            concept["name"] = new
            concept["synonyms"] = [
                {"name": new, "type": "Preferred_Name"},
                {"name": old, "type": "FULL_SYN", "termType": "CN", "source": "NCI"},
            ]
            self.awaited["ncit"].changes.add((f"C{number}", "concept_renamed", old, new))

        self.at_release.append(happen)

    def concept_redefined(self) -> None:
        number = self._next()

        def happen() -> None:
            before, after = f"{self._name(number)} is a drug.", f"{self._name(number)} is a drug, given by mouth."
            self._concept(number)["definitions"][0]["definition"] = after
            self.awaited["ncit"].changes.add((f"C{number}", "concept_redefined", before, after))

        self.at_release.append(happen)

    def concept_retired(self) -> None:
        number = self._next()
        self.at_release.append(lambda: self._retire(number, {"action": "retire"}, "concept_retired", None))

    def concept_merged(self) -> None:
        number = self._next()
        heir = {"action": "merge", "replacementCode": f"C{number}000", "replacementName": self._name(number)}

        def happen() -> None:
            self.house.world.concepts[f"C{number}000"] = payloads.concept(f"C{number}000", self._name(number))
            self._retire(number, heir, "concept_merged", f"C{number}000 {self._name(number)}")

        self.at_release.append(happen)

    # ------------------------------------------------------------ the table

    def record_added(self) -> None:
        self._newcomer()
        self.awaited["table"].added += 1

    def record_added_late(self) -> None:
        """A record whose study is over already: a conflict of a new record, told once the registry can be asked."""
        self._newcomer()
        number = self.untouched.pop()
        self.house.world.studies[nct(number)]["protocolSection"]["statusModule"]["overallStatus"] = "TERMINATED"
        self.awaited["table"].added += 1
        self.awaited["ctgov"].entries.add(("new", number, "record_added"))

    def record_edited(self) -> None:
        """An edit that contradicts nothing."""
        self._row(self._next())["drug_class"] = "antibody"
        self.awaited["table"].changed += 1

    def record_relinked(self) -> None:
        """A slip in the study's id: another record_id, the same record, and a study that does not exist."""
        number = self._next()
        self._row(number)["nct_id_drug_ref"] = nct(90_000_000 + number)
        self.awaited["table"].changed += 1
        self.awaited["ctgov"].entries.add(("new", number, "record_edited"))

    def record_removed(self) -> None:
        del self.house.records[f"r{self._next()}"]
        self.awaited["table"].removed += 1

    # ------------------------------------------------------------ how

    def _newcomer(self) -> None:
        self.numbers += 1
        self.house.add(self.numbers)
        self.untouched.append(self.numbers)

    def _next(self) -> int:
        return self.untouched.pop(0)

    def _row(self, number: int) -> dict[str, Any]:
        return self.house.records[f"r{number}"]

    def _name(self, number: int) -> str:
        return str(self._row(number)["drug_name"])

    def _protocol(self, number: int) -> dict[str, Any]:
        protocol: dict[str, Any] = self.house.world.studies[nct(number)]["protocolSection"]
        return protocol

    def _concept(self, number: int) -> dict[str, Any]:
        return self.house.world.concepts[f"C{number}"]

    def _flip(self, number: int, before: str, after: str) -> None:
        self._protocol(number)["statusModule"]["overallStatus"] = after
        self.awaited["ctgov"].changes.add((nct(number), "status", before, after))

    def _retire(self, number: int, row: dict[str, Any], what: str, after: str | None) -> None:
        code, name = f"C{number}", self._name(number)
        self._concept(number).update(active=False, conceptStatus="Retired_Concept")
        self.house.world.rows[code] = [{"code": code, "name": name, **row}]
        self.awaited["ncit"].changes.add((code, what, name, after))
        self.awaited["ncit"].entries.add(("new", number, "concept"))


REGISTRY = (
    "status_flips",
    "status_flips_back",
    "status_completes",
    "intervention_renamed",
    "intervention_replaced",
    "study_vanishes",
)
THESAURUS = ("concept_renamed", "concept_redefined", "concept_retired", "concept_merged")
TABLE = ("record_added", "record_added_late", "record_edited", "record_relinked", "record_removed")


def outage(service: Literal["ctgov", "evs"]) -> Fault:
    """Nothing but 503 from now on."""
    return Fault(service, "status", times=10**9, status=503)


def storm(service: Literal["ctgov", "evs"]) -> Fault:
    """Three times 429 with a Retry-After, then all is well."""
    return Fault(service, "status", times=3, status=429, headers={"Retry-After": "7"})
