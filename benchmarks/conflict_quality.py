"""Measure the conflicts on gold data: `python -m benchmarks.conflict_quality [--misses develop|kept] [--folders DIR]`.

Without options: the naming functions alone, by set, in two halves. `--folders` writes the replay folders for the whole
program. The gold tables are no part of the project; TRIALWEAVE_REALDATA says where they lie.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks.quality.direct import measure, misses, report
from benchmarks.quality.folders import write_folders
from benchmarks.quality.gold import read_gold
from benchmarks.quality.sets import all_cases

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "realdata"


def main() -> None:
    """Read the gold tables, build the sets, print what was asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--misses", choices=["develop", "kept"], help="list every miss of this half")
    options.add_argument("--folders", type=Path, help="write replay folders and records below this directory")
    chosen = options.parse_args()
    gold = read_gold(Path(os.environ.get("TRIALWEAVE_REALDATA") or _BESIDE) / "gold")
    cases = all_cases(gold)
    if chosen.folders is not None:
        for folder in write_folders(cases, gold, chosen.folders):
            print(folder)
        return
    measured = measure(cases, gold)
    print(report(measured))
    if chosen.misses is not None:
        print("\n".join(misses(measured, chosen.misses)))


if __name__ == "__main__":
    main()
