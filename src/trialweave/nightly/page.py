"""The morning page of a run's folder: hands the files of the folder to the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trialweave.core.delta import across_records
from trialweave.core.models import LINKS
from trialweave.nightly.folder import RunFolder
from trialweave.report.html import render
from trialweave.report.page import Page, build_page


def render_page(run: RunFolder, history: Sequence[Mapping[str, Any]]) -> str:
    """The HTML of `report.html`. `history` are the summaries of earlier runs, oldest first."""
    summary = run.summary
    told, passed = summary["acknowledgements"], summary["gates"]
    return render(_page(run, run.delta, told, history=history, gates=passed))


def render_all(run: RunFolder, acknowledgements: Sequence[Mapping[str, Any]]) -> str:
    """The same of a run that stands alone (`enrich --report`): all of its conflicts, since no run went before."""
    return render(_page(run, None, acknowledgements))


def _page(
    run: RunFolder, delta: Mapping[str, Any] | None, acknowledgements: Sequence[Mapping[str, Any]], **more: Any
) -> Page:
    return build_page(
        run.summary,
        delta,
        run.conflicts(),
        lookup=run.line,
        acknowledgements=acknowledgements,
        across=(conflict for conflict in run.conflicts() if across_records(conflict)),
        unanswered=_unanswered(run),
        fills=({"record_id": line["record_id"], **fill} for line in run.lines() for fill in line["fills"]),
        **more,
    )


def _unanswered(run: RunFolder) -> Iterator[Mapping[str, Any]]:
    if not any(outcomes["unavailable"] for outcomes in run.summary["links"].values()):
        return
    for line in run.lines():
        for source, name in LINKS.items():
            if (link := line["links"][name])["outcome"] == "unavailable":
                yield {"record_id": line["record_id"], "source": source, "id": link["requested_id"]}
