"""Did it all run? The first question of the morning, answered from the summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from trialweave.core.models import LINKS, OUTCOMES, SOURCE_NAMES, SOURCES, VERDICTS, Source
from trialweave.core.versions import data_day, span
from trialweave.report.shown import safe

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """`tone` is good, warning or error."""

    tone: str
    word: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in this run. `coverage` is the share of valid links it could be asked about, None without any.

    `version` is what the source told, `copies` the versions of the copies that stand in; empty where nothing is known
    or none does.
    """

    key: str
    name: str
    version: str
    copies: str
    coverage: float | None
    outcomes: Mapping[str, int]
    stale: int

    @property
    def dated(self) -> str:
        """Of when the data is: `2026-11-24`, or `2026-11-24, in part 2026-11-20` where copies stand in for some."""
        return ", in part ".join(filter(None, (self.version, self.copies)))

    @property
    def explained(self) -> str:
        """The same, and why it is of another day."""
        return f"{self.dated} (stale: the source did not answer)" if self.copies else self.dated

    @property
    def silent(self) -> bool:
        """Did an answer stay out?"""
        return bool(self.stale or self.outcomes["unavailable"])

    @property
    def covered(self) -> str:
        """The coverage in words; it never says 100 % while a link is missing."""
        if self.coverage is None:
            return "no links"
        return "100 %" if self.coverage == 1 else f"{min(self.coverage * 100, 99.9):.1f} %"


@dataclass(frozen=True, slots=True)
class Gate:
    name: str
    passed: bool
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    run_id: str
    headline: str
    state: State
    read: int
    refused: int
    written: int
    sources: tuple[SourceLine, ...]
    edges: Mapping[str, Mapping[str, int]]
    gates: tuple[Gate, ...]
    facts: tuple[tuple[str, str], ...]
    signals: tuple[str, ...]
    credits: tuple[str, ...]

    @property
    def silent(self) -> bool:
        """Did an answer of any source stay out?"""
        return any(source.silent for source in self.sources)


_STATES: Mapping[int, State] = {
    0: State("good", "Complete", "Every link was asked about, or was confirmed as it stands."),
    3: State("good", "Complete", "Everything ran; the threshold of --fail-on was reached."),
    4: State("error", "Stopped by a gate", "Nothing was published: the page shows what the run found."),
    5: State("warning", "Incomplete", "{} did not answer for every link: what hangs on these was not checked."),
}
_PARTIAL = "Only the records that --only lists were looked at. "
_FAILED = State("error", "Failed", "The run did not end as it should; see its messages.")
_EDGES = {
    "record_study": "record – study",
    "record_concept": "record – concept",
    "study_concept": "study – concept",
}
_FACTS = (("rules_version", "rules"), ("settings_digest", "settings"), ("input_digest", "input"))


def run_of(summary: Entry, gates: Iterable[Entry]) -> Run:
    """The run as the page shows it. A summary without an exit code counts as done."""
    counts = summary.get("records") or {}
    sources = tuple(_source(summary, source) for source in SOURCES)
    return Run(
        run_id=safe(summary.get("run_id")),
        headline=safe(summary.get("headline")),
        state=_state(summary, sources),
        read=int(counts.get("read") or 0),
        refused=int(counts.get("refused") or 0),
        written=int(counts.get("written") or 0),
        sources=sources,
        edges={label: _numbers((summary.get("edges") or {}).get(edge), VERDICTS) for edge, label in _EDGES.items()},
        gates=tuple(Gate(safe(g.get("name")), g.get("passed") is True, safe(g.get("message"))) for g in gates),
        facts=tuple((label, safe(summary[key])) for key, label in _FACTS if summary.get(key)),
        signals=tuple(safe(signal) for signal in summary.get("signals") or ()),
        credits=_credits(*sources),
    )


def _state(summary: Entry, sources: Iterable[SourceLine]) -> State:
    state = _STATES.get(summary.get("exit_code") or 0, _FAILED)
    silent = " and ".join(source.name for source in sources if source.silent) or "A source"
    partial = _PARTIAL if summary.get("scope") else ""
    return replace(state, sentence=partial + state.sentence.format(silent))


def _source(summary: Entry, key: Source) -> SourceLine:
    known, short = (summary.get("sources") or {}).get(key) or {}, _day if key == "ctgov" else safe
    outcomes = _numbers((summary.get("links") or {}).get(LINKS[key]), OUTCOMES)
    answered = outcomes["found"] + outcomes["not_found"]
    asked = answered + outcomes["unavailable"]
    return SourceLine(
        key=key,
        name=SOURCE_NAMES[key],
        version=short(known.get("version")),
        copies=span(known, short),
        coverage=answered / asked if asked else None,
        outcomes=outcomes,
        stale=int(known.get("stale") or 0),
    )


def _day(version: object) -> str:
    return data_day(safe(version))


def _numbers(counts: Entry | None, names: Iterable[str]) -> dict[str, int]:
    return {name: int((counts or {}).get(name) or 0) for name in names}


def _credits(registry: SourceLine, thesaurus: SourceLine) -> tuple[str, ...]:
    dated = f"data of {registry.explained}" if registry.dated else "date of the data not known"
    release = f"release {thesaurus.explained}" if thesaurus.dated else "release not known"
    return (
        f"Study data: ClinicalTrials.gov, U.S. National Library of Medicine, {dated}.",
        f"Concepts: NCI Thesaurus, National Cancer Institute, {release}, licensed under CC BY 4.0.",
    )
