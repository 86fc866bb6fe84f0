"""Measure the conflicts on gold data.

    python -m benchmarks.conflict_quality [--misses develop|kept]          the naming functions alone
    python -m benchmarks.conflict_quality --folders DIR [--run COMMAND]    replay folders, and the program run on them

Both print by set, in two halves: rules are worked on with `develop`, `kept` is looked at in the end. The gold tables
are no part of the project; TRIALWEAVE_REALDATA says where they lie.
"""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path

from benchmarks.quality import direct, process
from benchmarks.quality.folders import write_folders
from benchmarks.quality.gold import read_gold
from benchmarks.quality.sets import all_cases

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "realdata"


def main() -> None:
    """Read the gold tables, build the sets, print what was asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--misses", choices=["develop", "kept"], help="list every miss of this half")
    options.add_argument("--folders", type=Path, help="write replay folders and records below this directory")
    options.add_argument("--run", metavar="COMMAND", help="the program to run on the folders, such as `trialweave`")
    chosen = options.parse_args()
    gold = read_gold(Path(os.environ.get("TRIALWEAVE_REALDATA") or _BESIDE) / "gold")
    cases = all_cases(gold)
    if chosen.folders is not None:
        folders = write_folders(cases, gold, chosen.folders)
        print("\n".join(map(str, folders)))
        if chosen.run is not None:
            pairs = process.run(folders, shlex.split(chosen.run))
            print(process.report(pairs))
            print(process.misses(pairs))
        return
    measured = direct.measure(cases, gold)
    print(direct.report(measured))
    if chosen.misses is not None:
        print("\n".join(direct.misses(measured, chosen.misses)))


if __name__ == "__main__":
    main()
