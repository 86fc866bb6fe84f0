"""`trialweave explain` as a person starts it: a table, one record of it, or ids that stand in no table yet."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "seeds" / "ct-0525.txt"
FIXTURES = ROOT / "fixtures"
REPLAY = ("--replay", FIXTURES)

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_study_a_concept_and_a_name_are_explained_without_a_file(trialweave: Run) -> None:
    done = trialweave("explain", "--study", "NCT06254807", "--concept", "C900", "--name", "CT-0525", *REPLAY)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1] == "CT-0525"
    for words in ("suspect: concept link", "concept_different_drug", "Tretinoin", "<command line> line 1"):
        assert words in done.stdout


def test_one_id_is_enough(trialweave: Run) -> None:
    done = trialweave("explain", "--concept", "ncit:c205637", *REPLAY)
    assert done.returncode == 0, done.stderr
    assert "(no drug name)" in done.stdout
    assert "Autologous Anti-HER2 CAR Monocytes CT-0525" in done.stdout
    assert "is blank" not in done.stdout


def test_a_described_record_obeys_the_columns_of_the_settings(trialweave: Run, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('[columns]\nnct_id_drug_ref = "trial"\n')
    done = trialweave("explain", "--study", "NCT06254807", "--config", config, *REPLAY)
    assert "NCT06254807  found" in done.stdout


def test_only_the_records_that_are_asked_for_are_shown(trialweave: Run) -> None:
    gallery = FIXTURES / "gallery.jsonl"
    done = trialweave("explain", gallery, "--record", "aa9f8e5b032a36eb", "--record", "b0bb8c44e22fad85", *REPLAY)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("record aa9f8e5b032a36eb") == done.stdout.count("record b0bb8c44e22fad85") == 1
    assert done.stdout.count("/gallery.jsonl line") == 2
    assert done.stderr == ""


def test_a_record_that_is_asked_for_and_not_there_is_named(trialweave: Run) -> None:
    asked = ("--record", "aa9f8e5b032a36eb", "--record", "aa9f8e5b032a36ec")
    done = trialweave("explain", FIXTURES / "gallery.jsonl", *asked, *REPLAY)
    assert done.stdout.count("/gallery.jsonl line") == 1
    assert (
        done.stderr
        == "trialweave: --record names what no record has: aa9f8e5b032a36ec; the ids stand in the output of `enrich`\n"
    )


def test_whole_texts_on_request(trialweave: Run) -> None:
    folded, whole = (trialweave("explain", SEED, *REPLAY, *more).stdout for more in ((), ("--full",)))
    assert "… (+" in folded
    assert "…" not in whole


def test_no_color_wins_over_a_terminal_that_could(trialweave: Run) -> None:
    coloured = trialweave("explain", SEED, *REPLAY, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"})
    plain = trialweave("explain", SEED, *REPLAY, env={"FORCE_COLOR": "1", "TERM": "xterm-256color", "NO_COLOR": "1"})
    assert "\x1b[" in coloured.stdout
    assert "\x1b" not in plain.stdout


def test_an_output_without_greek_letters_shows_what_it_can(trialweave: Run) -> None:
    done = trialweave("explain", SEED, *REPLAY, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert "? match (exact)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["explain"], "--study"),
        (["explain", "--name", "CT-0525"], "--study"),
        (["explain", SEED, "--study", "NCT06254807"], "INPUT"),
        (["explain", SEED, "--record", "nobody", *REPLAY], "check their ids"),
        (["explian", SEED], "did you mean 'explain'"),
        (["cache", "prnue"], "did you mean 'prune'"),
        (["explain", "--stduy", "NCT06254807"], "--study"),
        (["explain", SEED, "--replay", FIXTURES, "--config", "no\x1b[31mne"], "none"),
    ],
)
def test_wrong_usage_ends_with_2_and_names_the_way_out(trialweave: Run, arguments: list[str], says: str) -> None:
    done = trialweave(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "\x1b" not in done.stderr
    assert done.stdout == ""


def test_many_records_fit_on_a_page_in_brief(trialweave: Run) -> None:
    done = trialweave("explain", ROOT / "fixtures" / "gallery.jsonl", "--brief", *REPLAY, env={"COLUMNS": "100"})
    assert done.returncode == 5
    assert "✓ ✗ ✗ Trastuzumab" in done.stdout
    assert "suspect: concept link" in done.stdout
    assert "The concept is retired; proposed: C559" in done.stdout
    assert "A link is blank: nct_id_drug_ref" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
