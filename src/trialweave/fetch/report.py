"""What a fetch costs and what came of it: for the summary, the gates, the exit code and `nightly --plan`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from trialweave.core.headline import count
from trialweave.core.models import Source as SourceName
from trialweave.fetch.following import Following
from trialweave.fetch.freshness import Answering, Offline, Silent, agrees
from trialweave.fetch.labels import Labels
from trialweave.fetch.lane import Lane
from trialweave.fetch.reading import chunks
from trialweave.fetch.run import SourceRun
from trialweave.sources.ctgov_requests import PAGE

_TYPICAL_SIZE: Mapping[SourceName, int] = {"ctgov": 7_000, "ncit": 9_000}
"""Bytes of one projected payload, uncompressed (clinicaltrials-gov-api section 4, nci-evs-api section 2)."""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source in one run.

    Of the ids asked for, follow-ups included: `fresh` needed no request, `fetched` were asked and settled, `stale`
    stand in for an answer that did not come, `unavailable` could not be had. `gave_up` is the reason, in words.
    `version` is what the source told of its data, None where it told none or gave nothing of it; offline, the one under
    which all that is used was last confirmed. `stale_versions` counts what stands in, and offline what is used of
    several versions, by the version under which it was last confirmed, where that is known.
    """

    version: str | None
    requests: int
    fresh: int
    fetched: int
    stale: int
    unavailable: int
    gave_up: str | None = None
    signals: tuple[str, ...] = ()
    stale_versions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FetchReport:
    """All sources of a run; `store` counts the events of the store."""

    sources: Mapping[SourceName, SourceReport] = field(default_factory=dict)
    store: Mapping[str, int] = field(default_factory=dict)

    @property
    def gave_up(self) -> bool:
        """A source gave up or stale copies were used: exit 5 (DESIGN 5.4)."""
        return any(report.gave_up is not None or report.stale for report in self.sources.values())


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What tonight costs at one source. `requests` contains the probe; follow-ups of new concepts are not foreseen, nor
    is the second probe of a source that was asked more than once.

    `size` (bytes before compression) and `seconds` (at the pace that is kept) are estimates. `rate` is that pace in
    requests a second; 0: none is kept.
    """

    version: str | None
    new: int
    fresh: int
    expired: int
    requests: int
    size: int
    seconds: float
    rate: float = 0.0
    gave_up: str | None = None


@dataclass(frozen=True, slots=True)
class FetchPlan:
    sources: Mapping[SourceName, SourcePlan] = field(default_factory=dict)


def source_report(run: SourceRun) -> SourceReport:
    """What one source's part of a run came to."""
    counts = run.labels.count()
    copies_alone = counts["stale"] and not (counts["fresh"] or counts["fetched"])
    version, copies = None if copies_alone else run.version, dict(run.copy_versions)
    if isinstance(run.standing, Offline) and len(copies) == 1:
        [version], copies = copies, {}
    lane = _asked_lane(run)
    return SourceReport(
        version=version,
        requests=0 if lane is None else lane.requests,
        fresh=counts["fresh"],
        fetched=counts["fetched"],
        stale=counts["stale"],
        unavailable=counts["unavailable"],
        gave_up=_gave_up(run),
        signals=tuple(_signals(run)),
        stale_versions=copies,
    )


def source_plan(run: SourceRun, ids: Collection[str], searches: int = 0) -> SourcePlan:
    """What a source would be asked for besides `searches`, decided on a copy of the run that is thrown away.

    One that is silent counts as if it answered with a version that nothing held is known to be of.
    """
    if run.standing is None:
        return SourcePlan(None, 0, 0, 0, 0, 0, 0.0)
    trial = replace(
        run,
        standing=Answering(None) if isinstance(run.standing, Silent) else run.standing,
        labels=Labels(),
        reasons={},
        open=set(),
        following=Following(),
        versions_seen=Counter(),
        copy_versions=Counter(),
        bulk=None,
    )
    ask = trial.take_up(ids)
    imported = {id_ for chunk in chunks(ask) for id_ in run.imported(chunk, run.entries(chunk))}
    ask -= imported
    held = sum(len(trial.entries(chunk).keys() & set(chunk)) for chunk in chunks(ask))
    lane = _asked_lane(run)
    asked = [] if lane is None else run.source.batches(ask, run.pin)
    requests = 0 if lane is None else lane.requests + searches + sum(request.pages for request in asked)
    rate = 0.0 if lane is None else lane.pacer.rate
    payloads = max(len(ask), sum(PAGE * request.pages for request in asked if request.purpose == "walk"))
    return SourcePlan(
        version=run.version,
        new=len(ask) - held,
        fresh=len(imported) + trial.labels.count()["fresh"],
        expired=held,
        requests=requests,
        size=0 if lane is None else payloads * _TYPICAL_SIZE[run.source.name],
        seconds=requests / rate if rate > 0 else 0.0,
        rate=rate,
        gave_up=_gave_up(run),
    )


def _asked_lane(run: SourceRun) -> Lane | None:
    """The lane on which a service is asked; a replay has one, too, and makes no request."""
    return run.lane if run.recorded is None else None


def _gave_up(run: SourceRun) -> str | None:
    if isinstance(run.standing, Silent):
        return run.standing.reason
    if run.unanswered:
        return f"{count(run.unanswered, 'id')} got no answer: {run.last_silence}"
    return None


def _signals(run: SourceRun) -> list[str]:
    """What a reader should know although nothing failed."""
    signals = []
    if run.moved:
        again = f"everything was asked for again under {run.version}"
        if run.unanswered or isinstance(run.standing, Silent):
            again = "not everything could be asked for again"
        signals.append(f"the release changed during the run; {again}")
    if run.following.left:
        signals.append(
            f"{run.following.left:,} ids were passed over: the replacements of retired concepts lead on and on"
        )
    if run.search_trouble:
        signals.append(f"not every search for a name was answered, so suggestions may be missing: {run.search_trouble}")
    if run.recording_trouble:
        signals.append(run.recording_trouble)
    told = ", ".join(f"{count} of {version}" for version, count in sorted(run.versions_seen.items()))
    if run.recorded is not None and len(run.versions_seen) > 1:
        signals.append(f"the recorded payloads are of different versions: {told}")
    elif isinstance(run.standing, Answering) and run.version is None and run.recorded is None:
        signals.append(
            f"it told no version of its data, so nothing is known to be fresh; answers came {told or 'none'}"
        )
    elif any(not agrees(version, run.version) for version in run.versions_seen):
        signals.append(f"it told version {run.version}, and answers came {told}: the dataset may have moved just now")
    elif run.ended_on is not None and run.ended_on != run.version:
        signals.append(
            f"the dataset moved during the run: it stands on {run.version}, and was {run.ended_on} at the end;"
            " the next run asks for everything anew"
        )
    return signals
