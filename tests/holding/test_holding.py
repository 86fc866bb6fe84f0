"""A holding gives back what was put in, or says why not."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave import Weaver
from trialweave.core.models import Source
from trialweave.errors import InputError, UsageError
from trialweave.holding import Holding
from trialweave.sources.base import Held, KnownAbsent, Lookup, NotHeld, Snapshot

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
VERSIONS: dict[Source, str | None] = {"ctgov": "2026-11-20T09:00:04", "ncit": "26.10d"}

SAMPLE: list[tuple[Source, str, Lookup]] = [
    ("ctgov", "NCT00000001", Held(Snapshot("ctgov", "NCT00000001", b'{"a": 1}', "d1", "2026-11-20", "then"))),
    ("ctgov", "NCT00000009", Held(Snapshot("ctgov", "NCT00000001", b'{"a": 1}', "d1", "2026-11-20", "then"))),
    ("ctgov", "NCT00000002", KnownAbsent("2026-11-20", None, stale=True)),
    ("ncit", "C1", Held(Snapshot("ncit", "C1", "{\n é}".encode(), "d2", None, None), stale=True)),
    ("ncit", "C1.replacements", NotHeld("nobody answered")),
]


@pytest.fixture
def holding(tmp_path: Path) -> Iterator[Holding]:
    held = Holding.write(tmp_path / "held", SAMPLE, VERSIONS)
    yield held
    held.close()


def reading(holding: Holding) -> list[Lookup]:
    return [holding.read(source, [id_])[id_] for source, id_, _ in SAMPLE]


def test_what_was_written_is_read(holding: Holding) -> None:
    assert reading(holding) == [lookup for _, _, lookup in SAMPLE]
    holding.verify()


def test_an_id_of_the_other_source_or_of_any_length_is_not_held(holding: Holding) -> None:
    found = holding.read("ncit", ["NCT00000001", "C" + "9" * 500, ""])
    assert {type(lookup) for lookup in found.values()} == {NotHeld}
    assert str(holding.folder) in str(found[""])


def test_the_manifest_counts_and_names_versions(holding: Holding) -> None:
    assert holding.manifest["sources"] == {
        "ctgov": {"version": "2026-11-20T09:00:04", "absent": 1, "found": 2},
        "ncit": {"version": "26.10d", "found": 1, "unavailable": 1},
    }


def test_the_bytes_do_not_depend_on_when_it_was_written(tmp_path: Path) -> None:
    one, two = (Holding.write(tmp_path / name, SAMPLE, VERSIONS) for name in ("one", "two"))
    assert one.digest == two.digest


def test_it_travels_as_a_path(holding: Holding) -> None:
    pickled = pickle.dumps(holding)
    assert len(pickled) < 500
    again = pickle.loads(pickled)  # noqa: S301  # our own bytes
    assert reading(again) == [lookup for _, _, lookup in SAMPLE]
    again.close()


def test_a_holding_that_became_another_one_answers_nothing(holding: Holding) -> None:
    pickled = pickle.dumps(holding)
    shutil.rmtree(holding.folder)
    gone = pickle.loads(pickled)  # noqa: S301
    assert "manifest.json" in gone.read("ncit", ["C1"])["C1"].reason
    Holding.write(holding.folder, SAMPLE[:1], VERSIONS)
    other = pickle.loads(pickled)  # noqa: S301
    assert "another one" in other.read("ncit", ["C1"])["C1"].reason


def test_a_holding_never_changes(holding: Holding) -> None:
    with pytest.raises(UsageError, match="never changes"):
        Holding.write(holding.folder, SAMPLE, VERSIONS)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[Source, str, Lookup]]:
        yield SAMPLE[0]
        raise RuntimeError("the disk went away")

    with pytest.raises(RuntimeError):
        Holding.write(tmp_path / "held", broken(), VERSIONS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{}", b'{"format": "trialweave.holding/9", "files": {}}', b'{"format": 1}', b"[" * 100_000],
)
def test_what_is_no_holding_is_refused(tmp_path: Path, manifest: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(InputError, match=str(tmp_path)):
        Holding(tmp_path)


@given(data=st.data())
def test_damage_is_told_and_never_believed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("damage")
    held = Holding.write(folder / "held", SAMPLE, VERSIONS)
    file = held.folder / data.draw(st.sampled_from(["index", "snapshots"]))
    good = file.read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    bad = data.draw(st.sampled_from([good[:at], good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :], b"", good[::-1]]))
    file.write_bytes(bad)
    for (_, _, was), now in zip(SAMPLE, reading(held), strict=True):
        assert now == was or (isinstance(now, NotHeld) and ("written" in now.reason))
    if bad != good:
        with pytest.raises(InputError, match=file.name):
            held.verify()
    held.close()


def test_files_that_are_gone_are_told(holding: Holding) -> None:
    (holding.folder / "snapshots").unlink()
    assert "snapshots" in str(holding.read("ncit", ["C1"])["C1"])


def test_what_follows_from_the_wanted_ids_is_in_it(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (FIXTURES / "gallery.jsonl").read_text().splitlines()]
    with Weaver(replay=FIXTURES) as weaver:
        lines = [enriched.as_json() for enriched in weaver.enrich_many(rows)]
        records = [enriched.record for enriched in weaver.enrich_many(rows)]
        held = weaver.hold(records, tmp_path / "held")
        policy = weaver.settings.policy
    from trialweave.weave import weave

    assert [enriched.as_json() for enriched in weave(records, held, policy)] == lines
    assert any('"replacements":[{' in line for line in lines)
    held.close()
