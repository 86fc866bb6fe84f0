"""What a type checker makes of a program that uses trialweave: strict, and without plugins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOUND = """\
from collections.abc import Hashable
from pathlib import Path
from typing import Any

from trialweave import Enriched, Settings, Weaver
from trialweave.settings.model import Checks
from trialweave.testing.plugin import Replay


def suspects(rows: list[dict[str, object]], folder: Path) -> list[str]:
    settings = Settings(columns={"nct_id_drug_ref": "trial"}, checks=Checks(off=("study_state",)))
    with Weaver(settings, replay=folder) as weaver:
        enriched: list[Enriched] = list(weaver.enrich_many(rows))
    return [one.suspect for one in enriched if one.suspect is not None]


def of_a_frame(weaver: Weaver, records: list[dict[Hashable, Any]]) -> list[str]:
    return [weaver.enrich(records[0]).record_id, *(one.record_id for one in weaver.enrich_many(records))]


def test_ours(trialweave_replay: Replay) -> None:
    assert trialweave_replay("replay").enrich({}).edges["record_study"].verdict != "match"
"""
WRONG = """\
import trialweave
from trialweave import Wever

trialweave.enrich
"""


def test_a_sound_program_passes_and_a_misspelt_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "sound.py").write_text(SOUND, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    files = [str(tmp_path / name) for name in ("sound.py", "wrong.py")]
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}", *files]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300).stdout
    assert [line.partition("wrong.py:")[2].split(":")[0] for line in told.splitlines()[:-1]] == ["2", "4"], told
