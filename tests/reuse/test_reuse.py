"""A record is copied only where its line would be the same: whatever changes, an incremental run is a full one."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trialweave.reuse
from made import payloads
from standin import Fault, StandIn, World, concept, nct, study
from trialweave import Weaver
from trialweave.clock import ManualClock, instant
from trialweave.core.checks.across_records import Row
from trialweave.core.findings import Policy
from trialweave.core.models import Origin, Record, Source
from trialweave.core.name_index import NOBODY, KnownNames
from trialweave.core.record import AS_SPELLED, build_record
from trialweave.core.summary import Brief, Tally
from trialweave.core.views import encode
from trialweave.errors import PayloadError, RunError
from trialweave.fetch.entries import Entry
from trialweave.fetch.holders import Key
from trialweave.fetch.reading import Reading
from trialweave.fetch.settled import Payload
from trialweave.fetch.store import Store
from trialweave.ledger import REACH, Earlier, LedgerWriter, Taken
from trialweave.loom import Woven
from trialweave.owners import Owners
from trialweave.packed import Packed, Told, pack, told_of
from trialweave.packing import Laid, Outfit
from trialweave.reuse import Keys, Reuse, rows_in_order
from trialweave.run import Run
from trialweave.settings import Checks, Settings
from trialweave.sources.base import Lookup, NotHeld
from trialweave.sources.ncit import parse_concept
from trialweave.spool import Shelf, Spool, record_of, spooled
from trialweave.tables import open_inputs

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


# ---------------------------------------------------------------- keys


def record(row: dict[str, Any], record_id: str = "r") -> Record:
    return replace(build_record(row, Origin("x", 1)), record_id=record_id)


def key(row: dict[str, Any], record_id: str, states: tuple[bytes, bytes], settings_digest: str) -> bytes:
    def told(source: Source, ids: Collection[str]) -> Mapping[str, bytes]:
        return dict.fromkeys(ids, states[source == "ncit"])

    return Keys(settings_digest, told).of([spooled(record(row, record_id))])[0]


_ROWS = st.dictionaries(
    st.sampled_from(["drug_name", "nct_id_drug_ref", "nci_thesaurus_concept_id", "mine"]),
    st.sampled_from(["", "a", "b", nct(1), nct(2), "C1", "C2", "nct00000001"]) | st.integers() | st.booleans(),
)
_FACTS = st.tuples(
    _ROWS, st.sampled_from("rs"), st.tuples(st.binary(max_size=1), st.binary(max_size=1)), st.sampled_from("xy")
)


@given(one=_FACTS, two=_FACTS)
def test_keys_are_equal_exactly_where_everything_is(one: Any, two: Any) -> None:
    def decides(facts: Any) -> Any:
        row, record_id, states, digest = facts
        links = (row.get("nct_id_drug_ref"), row.get("nci_thesaurus_concept_id"))
        leads = [
            states[at] if str(link).lower().startswith(("nct0", "c")[at]) else None for at, link in enumerate(links)
        ]
        return json.dumps(row), record_id, leads, digest

    assert (key(*one) == key(*two)) == (decides(one) == decides(two))


_ANY_ROWS = st.dictionaries(
    st.text(), st.none() | st.text() | st.integers() | st.booleans() | st.floats(allow_nan=False) | st.lists(st.text())
)


@given(rows=st.lists(st.tuples(_ANY_ROWS, st.text())))
def test_a_spool_gives_back_the_records_that_passed(rows: list[tuple[dict[str, Any], str]]) -> None:
    records = [record(row, record_id) for row, record_id in rows]
    with Spool() as spool:
        assert list(spool.taking_down(records)) == records
        again = [record_of(line, AS_SPELLED) for line in spool.lines(range(len(spool)))]
    assert [(r.record_id, r.row, r.values, r.paths) for r in again] == [
        (r.record_id, r.row, r.values, r.paths) for r in records
    ]


@pytest.mark.parametrize("name", ["RULES_VERSION", "SCHEMA", "__version__"])
def test_new_rules_make_new_keys(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = key({"drug_name": "a"}, "r", (b"", b""), "x")
    monkeypatch.setattr(trialweave.reuse, name, "another")
    assert key({"drug_name": "a"}, "r", (b"", b""), "x") != before


# ---------------------------------------------------------------- runs


class Night:
    """Runs over one table: full, and incremental on the night before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.copied = 0

    def run(self, name: str, table: Path, weaver: Weaver, *, earlier: str | None = None, jobs: int = 1) -> Tally:
        out = self.folder / name
        out.mkdir()
        opened = Earlier.open(self.folder / earlier / "keys", self.folder / earlier / "lines") if earlier else None
        taken: list[Taken | None] = []
        if opened is not None:
            real = opened.take
            opened.take = lambda key, names: taken.append(real(key, names)) or taken[-1]  # type: ignore[method-assign,func-returns-value]
        with (
            weaver,
            open_inputs([table], columns=weaver.columns) as inputs,
            LedgerWriter(out / "keys") as ledger,
            (out / "lines").open("wb") as lines,
            (out / "conflicts").open("wb") as conflicts,
            Run(weaver, inputs, print) as run,
        ):
            for row in run.woven(jobs, earlier=opened, ledger=ledger):
                lines.write(row.line + b"\n")
                conflicts.writelines(conflict + b"\n" for conflict in row.conflicts)
        if opened is not None:
            opened.close()
        self.copied = sum(row is not None for row in taken)
        return run.tally

    def same(self, one: str, two: str) -> bool:
        return all(
            (self.folder / one / name).read_bytes() == (self.folder / two / name).read_bytes()
            for name in ("lines", "conflicts", "keys")
        )


def edit_json(file: Path, change: Callable[[Any], None]) -> None:
    value = json.loads(file.read_text())
    change(value)
    file.write_text(json.dumps(value))


def set_in(*path: Any, to: Any) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to

    return change


EDITS: dict[str, Callable[[Path], None]] = {
    "nothing": lambda _: None,
    "status": lambda to: edit_json(
        to / "ctgov/NCT02856893.json", set_in("protocolSection", "statusModule", "overallStatus", to="WITHDRAWN")
    ),
    "dataset date": lambda to: edit_json(
        to / "ctgov/NCT02856893.json", set_in("derivedSection", "miscInfoModule", "versionHolder", to="2027-01-01")
    ),
    "order of synonyms": lambda to: edit_json(to / "ncit/C116377.json", lambda c: c["synonyms"].reverse()),
    "release of one concept": lambda to: edit_json(to / "ncit/C116377.json", set_in("version", to="27.01d")),
    "another concept bears the name of a record": lambda to: edit_json(
        to / "ncit/C138066.json",
        lambda c: c["synonyms"].append({"name": "Ponatinib", "termType": "SY", "type": "FULL_SYN", "source": "NCI"}),
    ),
    "study is gone": lambda to: (to / "ctgov/NCT02856893.json").unlink(),
    "study is broken": lambda to: (to / "ctgov/NCT02856893.json").write_text("{"),
    "manifest version": lambda to: edit_json(to / "manifest.json", set_in("ncit", "version", to="27.01d")),
    "manifest time": lambda to: edit_json(
        to / "manifest.json", set_in("ctgov", "recorded_at", to="2027-01-01T00:00:00Z")
    ),
    "absent": lambda to: edit_json(to / "manifest.json", set_in("ctgov", "absent", to=["NCT09999999"])),
    "replacement rows": lambda to: edit_json(
        next(to.glob("ncit/*.replacements.json")), lambda rows: [row.update(action="split") for row in rows]
    ),
    "replacement rows are gone": lambda to: next(to.glob("ncit/*.replacements.json")).unlink(),
    "first row": lambda to: edit_row(to, 0, drug_class="Another"),
    "key of a row": lambda to: edit_row(to, 3, drug_name="Another"),
    "a row more": lambda to: rows_of(to, lambda rows: [rows[3], *rows]),
    "a row less": lambda to: rows_of(to, lambda rows: rows[1:]),
    "another order": lambda to: rows_of(to, lambda rows: rows[::-1]),
}


def rows_of(folder: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    table = folder / "gallery.jsonl"
    rows = [json.loads(line) for line in table.read_text().splitlines()]
    table.write_text("".join(json.dumps(row) + "\n" for row in change(rows)))


def edit_row(folder: Path, number: int, **cells: str) -> None:
    rows_of(folder, lambda rows: [row | cells if at == number else row for at, row in enumerate(rows)])


@pytest.mark.parametrize("edit", EDITS)
def test_an_incremental_run_gives_the_bytes_of_a_full_one(tmp_path: Path, edit: str) -> None:
    world = shutil.copytree(FIXTURES, tmp_path / "world")
    night = Night(tmp_path)
    night.run("before", world / "gallery.jsonl", Weaver(replay=world))
    EDITS[edit](world)
    tally = night.run("incremental", world / "gallery.jsonl", Weaver(replay=world), earlier="before")
    rows = tally.written
    if edit not in ("manifest version", "manifest time"):
        assert rows - 8 <= night.copied <= rows - (edit != "nothing" and edit not in ("a row less", "another order"))
    full = night.run("full", world / "gallery.jsonl", Weaver(replay=world))
    assert night.same("incremental", "full")
    assert tally == full


@pytest.mark.parametrize(
    "changed", [Settings(checks=Checks(off=("study_state",))), Settings(columns={"drug_class": "drug_category"})]
)
def test_other_settings_copy_nothing(tmp_path: Path, changed: Settings) -> None:
    night = Night(tmp_path)
    table = FIXTURES / "gallery.jsonl"
    night.run("before", table, Weaver(replay=FIXTURES))
    night.run("incremental", table, Weaver(changed, replay=FIXTURES), earlier="before")
    assert night.copied == 0
    night.run("full", table, Weaver(changed, replay=FIXTURES))
    assert night.same("incremental", "full")


def test_several_processes_copy_the_same(tmp_path: Path) -> None:
    world = shutil.copytree(FIXTURES, tmp_path / "world")
    night = Night(tmp_path)
    night.run("before", world / "gallery.jsonl", Weaver(replay=world))
    EDITS["status"](world)
    night.run("incremental", world / "gallery.jsonl", Weaver(replay=world), earlier="before", jobs=2)
    assert night.copied > 20
    night.run("full", world / "gallery.jsonl", Weaver(replay=world))
    assert night.same("incremental", "full")


def weaver_of(server: StandIn, folder: Path) -> Weaver:
    address = {"url": server.ctgov_url, "rate": 1000}, {"url": server.evs_url, "rate": 1000}
    chosen = Settings.model_validate({"ctgov": address[0], "evs": address[1], "cache_dir": folder / "cache"})
    return Weaver(chosen, clock=ManualClock(instant("2026-11-23T00:00:00Z")))


def test_a_source_that_goes_down_and_comes_back_is_seen(tmp_path: Path) -> None:
    table = tmp_path / "table.jsonl"
    table.write_text(
        "".join(f'{{"nct_id_drug_ref": "{nct(n)}", "nci_thesaurus_concept_id": "C{n}"}}\n' for n in (1, 2))
    )
    world = World({nct(n): study(nct(n)) for n in (1, 2)}, {f"C{n}": concept(f"C{n}") for n in (1, 2)})
    night = Night(tmp_path)
    with StandIn(world) as server:
        night.run("up", table, weaver_of(server, tmp_path))
        world.timestamp = "2026-11-24T09:00:04"
        server.faults = [Fault("ctgov", "status", times=999, status=403)]
        night.run("down", table, weaver_of(server, tmp_path), earlier="up")
        assert night.copied == 0
        assert b'"stale":true' in (tmp_path / "down" / "lines").read_bytes()
        server.faults = []
        night.run("back", table, weaver_of(server, tmp_path), earlier="down")
        assert night.copied == 0
        night.run("again", table, weaver_of(server, tmp_path), earlier="back")
        assert night.copied == 2
    assert night.same("up", "back")
    assert night.same("up", "again")


@pytest.mark.parametrize("unread", ["C1", "C2", nct(1)])
def test_what_could_not_be_read_once_is_woven_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unread: str
) -> None:
    """The store was busy: the row, or the names that it was woven with, are not what its key tells of."""
    table = tmp_path / "table.jsonl"
    table.write_text(
        f'{{"drug_name": "DRG-001", "nct_id_drug_ref": "{nct(1)}"}}\n'
        f'{{"drug_name": "DRG-002", "nct_id_drug_ref": "{nct(2)}", "nci_thesaurus_concept_id": "C2"}}\n'
        f'{{"drug_name": "Other", "nct_id_drug_ref": "{nct(2)}", "nci_thesaurus_concept_id": "C1"}}\n'
    )
    names = {1: "DRG-001", 2: "DRG-002"}
    world = World(
        {nct(n): payloads.study(nct(n), name) for n, name in names.items()},
        {f"C{n}": payloads.concept(f"C{n}", name) for n, name in names.items()},
    )
    night = Night(tmp_path)
    with StandIn(world) as server:
        night.run("before", table, weaver_of(server, tmp_path))
        with monkeypatch.context() as busy:
            busy.setattr(Reading, "read", reading_without(unread, busy))
            night.run("busy", table, weaver_of(server, tmp_path))
        night.run("incremental", table, weaver_of(server, tmp_path), earlier="busy")
        night.run("full", table, weaver_of(server, tmp_path))
    assert not night.same("busy", "full")
    assert night.same("incremental", "full")


def reading_without(unread: str, busy: pytest.MonkeyPatch) -> Callable[[Reading, Iterable[str]], dict[str, Lookup]]:
    """`Reading.read` while the store gives nothing for this id."""
    read, get_many = Reading.read, Store.get_many

    def given(store: Store, keys: Collection[Key]) -> dict[Key, Entry]:
        return {key: entry for key, entry in get_many(store, keys).items() if key[1] != unread}

    def reading(self: Reading, ids: Iterable[str]) -> dict[str, Lookup]:
        busy.setattr(Store, "get_many", given)
        try:
            return read(self, ids)
        finally:
            busy.setattr(Store, "get_many", get_many)

    return reading


def asked_by_another_alias(folder: Path, meanwhile: Callable[[World], None]) -> bytes:
    """The lines of a full run in which one more alias asks for a study that the others are content with.

    Those of an incremental run are the same.
    """
    table, night = folder / "table.jsonl", Night(folder)
    world = World({nct(1): study(nct(1), aliases=(nct(8), nct(9)))})

    def linking_to(*numbers: int) -> None:
        table.write_text("".join(f'{{"nct_id_drug_ref": "{nct(number)}"}}\n' for number in numbers))

    with StandIn(world) as server:
        linking_to(1, 8)
        night.run("before", table, weaver_of(server, folder))
        meanwhile(world)
        linking_to(1, 8, 9)
        night.run("incremental", table, weaver_of(server, folder), earlier="before")
        night.run("full", table, weaver_of(server, folder))
    assert night.same("incremental", "full")
    return (folder / "full" / "lines").read_bytes()


def test_a_payload_that_comes_anew_under_an_alias_is_seen_by_who_was_content_with_the_old_one(tmp_path: Path) -> None:
    def renamed(world: World) -> None:
        world.studies[nct(1)] = study(nct(1), aliases=(nct(8), nct(9)), title="Another title")

    assert asked_by_another_alias(tmp_path, renamed).count(b"Another title") == 3


def test_an_answer_under_an_alias_that_cannot_be_read_is_seen_by_who_was_content_with_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> Payload:
        raise PayloadError("no study")

    def broken(_: World) -> None:
        monkeypatch.setattr("trialweave.fetch.settled.payload_of", unreadable)

    assert b'"outcome":"unavailable"' in asked_by_another_alias(tmp_path, broken)


# ---------------------------------------------------------------- ledgers


def woven(number: int) -> Woven:
    brief = Brief("found", False, "not_found", True, ("match", None, "mismatch"), (("error", f"kind {number}"),))
    across = Row(f"id {number}", None, "C1", None, "match", "Drug", ("a", "b")) if number % 2 else None
    return Woven(
        f"id {number}", f"line {number}".encode(), (b"one", b"two")[: number % 3], brief, across, ("Osimertinib",)
    )


KNOWN = b"the known names."


class Missing:
    """A reader that holds nothing."""

    def read(self, source: Source, ids: Iterable[str]) -> Mapping[str, Lookup]:
        return {id_: NotHeld("nobody asked") for id_ in ids}


@dataclass(frozen=True)
class Failing(Missing):
    """A reader that fails at some ids, which it could read another time."""

    ids: frozenset[str]

    def read(self, source: Source, ids: Iterable[str]) -> Mapping[str, Lookup]:
        return {id_: NotHeld("it fell from the shelf", passing=id_ in self.ids) for id_ in ids}


def write(folder: Path, count: int) -> tuple[Path, Path]:
    ledger, output = folder / "keys", folder / "lines"
    with LedgerWriter(ledger) as writer, output.open("wb") as lines:
        writer.begin(KNOWN)
        for number in range(count):
            writer.add(packed(number))
            lines.write(woven(number).line + b"\n")
    return ledger, output


def packed(number: int) -> Packed:
    return pack(number.to_bytes(16), woven(number), Owners(NOBODY))


def take_all(ledger: Path, output: Path, count: int) -> list[Packed | None]:
    earlier = Earlier.open(ledger, output)
    assert earlier is not None
    with earlier:
        found = [earlier.take(number.to_bytes(16), Owners(NOBODY)) for number in range(count)]
        assert all(taken is None or earlier.read(taken.place) == taken.row for taken in found)
        return [None if taken is None else taken.row for taken in found]


def test_a_row_is_packed_whole() -> None:
    for number in range(3):
        row = packed(number)
        assert row.line == woven(number).line
        assert tuple(row.conflicts) == woven(number).conflicts
        assert told_of(row) == Told(woven(number).brief, woven(number).across)


def test_what_was_written_is_taken(tmp_path: Path) -> None:
    ledger, output = write(tmp_path, 12)
    assert take_all(ledger, output, 12) == [packed(number) for number in range(12)]


def test_the_ledger_of_what_was_copied_is_that_of_what_was_woven(tmp_path: Path) -> None:
    ledger, output = write(tmp_path, 12)
    earlier = Earlier.open(ledger, output)
    assert earlier is not None
    with earlier, LedgerWriter(tmp_path / "again") as writer:
        writer.begin(earlier.names)
        for number in range(12):
            taken = earlier.take(number.to_bytes(16), Owners(NOBODY))
            assert taken is not None
            writer.add(taken.row)
    assert (tmp_path / "again").read_bytes() == ledger.read_bytes()


def test_a_name_with_half_a_surrogate_pair_is_remembered_and_woven_again(tmp_path: Path) -> None:
    row = pack(bytes(16), replace(woven(0), asked=("Osimertinib\udc00",)), Owners(NOBODY))
    with LedgerWriter(tmp_path / "keys") as writer:
        writer.begin(KNOWN)
        writer.add(row)
    (tmp_path / "lines").write_bytes(row.line + b"\n")
    assert take_all(tmp_path / "keys", tmp_path / "lines", 1) == [None]


def test_what_was_woven_without_what_could_not_be_read_is_woven_again(tmp_path: Path) -> None:
    outfit = Outfit(Failing(frozenset({nct(2)})), Policy(), NOBODY, AS_SPELLED, lasting=True)
    weave = outfit.weaver()
    studies = [nct(1), nct(2), nct(3)]
    laid = [Laid(study.encode().ljust(16), spooled(record({"nct_id_drug_ref": study}))) for study in studies]
    ledger, output = tmp_path / "keys", tmp_path / "lines"
    with LedgerWriter(ledger) as writer, output.open("wb") as lines:
        writer.begin(KNOWN)
        for one in laid:
            for done in weave([one]):
                writer.add(done.row)
                lines.write(done.row.line + b"\n")
    earlier = Earlier.open(ledger, output)
    assert earlier is not None
    with earlier:
        found = [earlier.take(one.key, Owners(NOBODY)) for one in laid]
    assert [item is None for item in found] == [False, True, True]


def test_a_name_that_has_another_owner_by_now_is_woven_again(tmp_path: Path) -> None:
    ledger, output = write(tmp_path, 1)
    names = KnownNames()
    concept = parse_concept((FIXTURES / "ncit" / "C116377.json").read_bytes())
    names.add(concept)
    assert names.owners("Osimertinib")
    earlier = Earlier.open(ledger, output)
    assert earlier is not None
    with earlier:
        assert earlier.take((0).to_bytes(16), Owners(names)) is None


@given(data=st.data())
def test_damage_is_woven_again(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    ledger, output = write(tmp_path_factory.mktemp("damage"), 4)
    file = data.draw(st.sampled_from([ledger, output]))
    good = file.read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    file.write_bytes(data.draw(st.sampled_from([good[:at], good[:at] + bytes([good[at] ^ 64]) + good[at + 1 :], b""])))
    for number, row in enumerate(take_all(ledger, output, 4)):
        assert row in (None, packed(number))


_REPLACED = pytest.mark.parametrize("text", [b"line", b"", b"line 1\nline 0\n"])


@_REPLACED
def test_an_output_that_changes_while_its_lines_are_shelved_ends_the_run(tmp_path: Path, text: bytes) -> None:
    ledger, output = write(tmp_path, 2_000)  # more than a reader has in its buffer
    earlier = Earlier.open(ledger, output)
    assert earlier is not None

    with earlier, Shelf(range(2_000), earlier) as shelf:
        for number in range(2_000):
            taken = earlier.take(number.to_bytes(16), Owners(NOBODY))
            assert taken is not None
            shelf.refer(number, taken.place)
        output.write_bytes(text)
        with pytest.raises(RunError, match="start again"):
            list(shelf.in_order())


@_REPLACED
@pytest.mark.parametrize("new", [range(0), range(1), range(1_999, 2_000)], ids=["none", "the first", "the last"])
def test_an_output_that_changes_while_its_lines_are_given_out_gives_no_wrong_one(
    tmp_path: Path, text: bytes, new: range
) -> None:
    output = tmp_path / "lines"

    def states(source: Source, ids: Collection[str]) -> Mapping[str, bytes]:
        return dict.fromkeys(ids, bytes(16))

    keys = Keys("", states)
    with Spool() as spool:
        list(spool.taking_down([record({"drug_name": "a"}, f"{number}") for number in range(2_000)]))
        known = [(number, each) for number, each in enumerate(keys.of(spool.lines(range(2_000)))) if number not in new]
        with LedgerWriter(tmp_path / "keys") as writer, output.open("wb") as lines:
            writer.begin(KNOWN)
            for number, each in known:
                row = pack(each, woven(number), Owners(NOBODY))
                writer.add(row)
                lines.write(row.line + b"\n")
        earlier = Earlier.open(tmp_path / "keys", output)
        assert earlier is not None
        with earlier:
            outfit = Outfit(Missing(), Policy(), NOBODY, AS_SPELLED, lasting=True)
            reuse = Reuse(keys, Owners(NOBODY), KNOWN, earlier)
            rows = rows_in_order(spool, 100, outfit.weave, lambda _: None, reuse)
            assert (next(rows).line == b"line 0") is (0 not in new)
            output.write_bytes(text)
            if 0 in new:  # all others were found before the first was given out, and are no more
                with pytest.raises(RunError, match="start again"):
                    list(rows)
            else:  # each is found when its turn comes
                assert all(json.loads(row.line)["record_id"] == f"{number}" for number, row in enumerate(rows, 1))


_CODES = st.frozensets(st.sampled_from(["C1", "C2", "C3"]))
_KNOWN = st.tuples(_CODES, _CODES, st.tuples(*[st.binary(min_size=16, max_size=16)] * 3))


@given(one=_KNOWN, two=_KNOWN)
def test_known_names_have_one_digest_exactly_where_all_are_the_same(one: Any, two: Any) -> None:
    def facts(given: Any) -> dict[str, Any]:
        codes, found, states = given
        return {id_: (id_ in codes, states[int(id_[1]) - 1]) for id_ in codes | found}

    def digest(given: Any) -> bytes:
        codes, found, states = given
        return Keys("", lambda _, ids: {id_: states[int(id_[1]) - 1] for id_ in ids}).of_names(codes, found)

    assert (digest(one) == digest(two)) == (facts(one) == facts(two))


def test_a_run_that_is_not_there_is_no_earlier_run(tmp_path: Path) -> None:
    assert Earlier.open(tmp_path / "keys", tmp_path / "lines") is None
    (tmp_path / "keys").touch()
    assert Earlier.open(tmp_path / "keys", tmp_path / "lines") is None


def test_memory_does_not_grow_with_the_ledger(tmp_path: Path) -> None:
    ledger, output = write(tmp_path, 4 * REACH)
    earlier = Earlier.open(ledger, output)
    assert earlier is not None
    with earlier:
        for number in range(3 * REACH):
            assert earlier.take(b"never there", Owners(NOBODY)) is None
            assert len(earlier._ahead) <= 2 * REACH, number
        taken = earlier.take((3 * REACH).to_bytes(16), Owners(NOBODY))
        assert taken is not None
        assert taken.row == packed(3 * REACH)


_BRIEF = encode(Brief()).encode()


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"x",
        b"[]\n1\n2",
        b"\n{}\nnull",
        b'"a"\n[1]\n[1]',
        b"\n" + b"[" * 9_000 + b"\nnull",
        b"\n[]\nnull",
        _BRIEF + b"\nnull",
        b"{}\n" + _BRIEF + b"\nnull",
        b"[" * 9_000 + b"\n" + _BRIEF + b"\nnull",
    ],
)
def test_a_foreign_entry_with_a_sound_checksum_is_woven_again(tmp_path: Path, told: bytes) -> None:
    ledger, output = tmp_path / "keys", tmp_path / "lines"
    output.write_bytes(b"line\n")
    with LedgerWriter(ledger) as writer:
        writer.begin(KNOWN)
        writer.add(Packed(bytes(16), bytes(16), b"line", told, zlib.crc32(told, zlib.crc32(b"line"))))
    earlier = Earlier.open(ledger, output)
    assert earlier is not None
    with earlier:
        assert earlier.take(bytes(16), Owners(NOBODY)) is None


def test_an_entry_that_is_larger_than_it_can_be_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, output = write(tmp_path, 2)
    monkeypatch.setattr("trialweave.ledger.MOST_BYTES", len(packed(1).told) - 1)
    assert take_all(ledger, output, 2) == [packed(0), None]


# ---------------------------------------------------------------- order


def test_records_come_study_by_study_and_rows_in_the_order_of_the_input() -> None:
    huge = f"C{'9' * 5_000}"
    links = [(nct(2), "C7"), ("", "C8"), (nct(1), "C9"), (nct(2), huge), ("no id", ""), (nct(1), "C8")]
    with Spool() as spool:
        rows = ({"nct_id_drug_ref": study, "nci_thesaurus_concept_id": concept} for study, concept in links)
        list(spool.taking_down(map(record, rows)))
        order = list(spool.by_study(range(6)))
    assert order == [0, 3, 1, 4, 2, 5]
    with Shelf(range(100, 106), None) as shelf:
        for number in order:
            shelf.put(100 + number, packed(number))
        assert list(shelf.in_order()) == [packed(number) for number in range(6)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_table_of_several_blocks_is_woven_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    night = Night(tmp_path)
    whole = night.run("whole", FIXTURES / "gallery.jsonl", Weaver(replay=FIXTURES))
    monkeypatch.setattr(trialweave.reuse, "BLOCK", 7)
    parts = night.run("parts", FIXTURES / "gallery.jsonl", Weaver(replay=FIXTURES), jobs=jobs)
    assert night.same("whole", "parts")
    assert parts == whole


@pytest.mark.parametrize("buffering", [0, 1 << 16])
def test_no_room_to_lay_anything_aside_is_told(buffering: int) -> None:
    with Spool() as spool:
        spool._file.close()
        spool._file = Path("/dev/full").open("wb", buffering=buffering)  # noqa: SIM115
        with pytest.raises(RunError, match=r"No space left .* TMPDIR"):
            list(spool.taking_down([record({"drug_name": "x"})]))


def test_no_folder_to_lay_anything_aside_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(RunError, match="TMPDIR"):
        Spool()
