"""The morning page of a run's folder: hands the files of the folder to the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trialweave.core.delta import across_records
from trialweave.nightly.folder import RunFolder
from trialweave.report.html import render
from trialweave.report.page import build_page


def render_page(run: RunFolder, history: Sequence[Mapping[str, Any]]) -> str:
    """The HTML of `report.html`. `history` are the summaries of earlier runs, oldest first."""
    summary = run.summary
    page = build_page(
        summary,
        run.delta,
        run.conflicts(),
        lookup=run.line,
        history=history,
        acknowledgements=summary["acknowledgements"],
        across=(conflict for conflict in run.conflicts() if across_records(conflict)),
        fills=_fills(run),
        gates=summary["gates"],
    )
    return render(page)


def _fills(run: RunFolder) -> Iterator[Mapping[str, Any]]:
    for line in run.lines():
        for fill in line["fills"]:
            yield {"record_id": line["record_id"], **fill}
