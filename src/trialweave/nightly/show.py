"""The morning page in the terminal: did it all run, what is new, what went away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rich.console import Console
from rich.text import Text

from trialweave.core.because import FOLDED
from trialweave.core.catalogue import BY_NAME
from trialweave.core.delta import Conflict, across_records
from trialweave.core.headline import count
from trialweave.nightly.acknowledgements import ENDING
from trialweave.nightly.folder import LAST_ATTEMPT, RunFolder, Runs, read_object
from trialweave.report.causes import scope_of
from trialweave.report.plain import plain
from trialweave.report.sides import compare, folded

CAUSES = 20
_NAMED = 3
_PROPOSALS = 3
_CHANGES = 10
_LONG = 100
"""Characters of a text that are shown whole."""
_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_WORST_FIRST = ("error", "warning", "info")


@dataclass(slots=True)
class Cause:
    """The conflicts of one root; `worst` stands for them."""

    worst: Conflict
    record_ids: list[str] = field(default_factory=list)
    proposals: dict[tuple[str, str], tuple[str, list[str]]] = field(default_factory=dict)
    """Field and value of each proposed edit -> why, and the records that it is for."""


def show_morning(console: Console, runs: Runs, run: RunFolder) -> None:
    """The page of one run; above it, what became of the last attempt where that published nothing."""
    attempt = runs.path / LAST_ATTEMPT
    if attempt.is_file():
        _show_attempt(console, read_object(attempt))
    summary = run.summary
    _say(console, summary["headline"], "bold")
    for signal in summary["signals"]:
        _say(console, f"  {signal}", "yellow")
    show_delta(console, run.delta)
    _say(console, f"\nAll {len(summary['gates'])} gates passed.")
    _show_acknowledgements(console, summary["acknowledgements"], date.fromisoformat(summary["started_at"][:10]))


def show_delta(console: Console, delta: Mapping[str, Any]) -> None:
    """What a delta tells: new and changed by cause, folded ones in a line, resolved ones, changes of the sources."""
    first = delta["since"] is None
    told, gone = [*delta["new"], *delta["changed"]], delta["resolved"]
    loud = [entry for entry in told if first or entry["because"] not in FOLDED]
    show_causes(console, "On the first run" if first else f"New and changed since {delta['since']}", loud)
    if not first:
        _show_folded(console, told, gone)
    if resolved := [entry for entry in gone if entry["because"] not in FOLDED]:
        show_causes(console, "Resolved", resolved)
    if delta["source_changes"]:
        _say(console, "\nThe sources changed", "bold")
        for change in delta["source_changes"][:_CHANGES]:
            _say(console, f"  {_changed(change)}  ({count(len(change['record_ids']), 'record')})")
        _more(console, len(delta["source_changes"]) - _CHANGES, "change")


def show_causes(console: Console, title: str, conflicts: Iterable[Conflict]) -> None:
    """At most CAUSES causes, the worst and the widest first."""
    causes = by_cause(conflicts)
    _say(console, f"\n{title}: {count(len(causes), 'cause')}", "bold")
    for cause in causes[:CAUSES]:
        _show_cause(console, cause)
    _more(console, len(causes) - CAUSES, "cause")


def conflicts_of(run: RunFolder, record_id: str | None, kind: str | None) -> list[Conflict]:
    """All conflicts of one record, or of one kind, whether they are news or not."""
    return [
        conflict
        for conflict in run.conflicts()
        if (kind is None or conflict["kind"] == kind) and (record_id is None or record_id in _records_of(conflict))
    ]


def show_conflicts(
    console: Console, run: RunFolder, chosen: Sequence[Conflict], record_id: str | None, kind: str | None
) -> None:
    """What `conflicts_of` chose, by cause."""
    what = " ".join(filter(None, (kind, record_id)))
    show_causes(console, f"{what}: {count(len(chosen), 'conflict')} in {run.run_id}", chosen)


def by_cause(conflicts: Iterable[Conflict]) -> list[Cause]:
    """Conflicts gathered by their cause, the worst and then the widest first."""
    causes: dict[str, Cause] = {}
    for conflict in conflicts:
        cause = causes.setdefault(conflict["cause"], Cause(conflict))
        cause.record_ids += _records_of(conflict)
        if (edit := conflict.get("suggestion")) is not None:
            why_and_whom = cause.proposals.setdefault((edit["field"], edit["value"]), (edit["why"], []))
            why_and_whom[1].extend(_records_of(conflict))
        if _rank(conflict) < _rank(cause.worst):
            cause.worst = conflict
    return sorted(
        causes.values(), key=lambda c: (_rank(c.worst), -len(c.record_ids), c.worst["kind"], c.worst["cause"])
    )


def _show_cause(console: Console, cause: Cause) -> None:
    conflict = cause.worst
    kind = BY_NAME.get(conflict["kind"])
    head = Text(f"  {plain(conflict['severity']):8}", _STYLES.get(conflict["severity"], ""))
    head.append(plain(kind.title if kind is not None else conflict["kind"]), "bold")
    if conflict.get("because"):
        head.append(f"  [{plain(conflict['because'].replace('_', ' '))}]", "dim")
    console.print(head, soft_wrap=True)
    _say(console, f"           {conflict['message']}")
    for (name, value), (why, record_ids) in list(cause.proposals.items())[:_PROPOSALS]:
        whom = scope_of(record_ids, len(cause.record_ids))
        _say(console, f"           proposed{' ' if whom else ''}{whom}: {name} = {value} ({why})", "green")
    _say(console, f"           {_named(cause.record_ids)}; cause {conflict['cause']}", "dim")


def _show_folded(console: Console, told: Iterable[Conflict], gone: Iterable[Conflict]) -> None:
    """What is not told one by one, counted; the errors that came with it too, because `--fail-on` looks at them."""
    came, went = ([entry for entry in entries if entry["because"] in FOLDED] for entries in (told, gone))
    if came or went:
        errors = sum(entry["severity"] == "error" for entry in came)
        severe = f" ({count(errors, 'error')})" if errors else ""
        because = ", ".join(sorted({entry["because"] for entry in (*came, *went)})).replace("_", " ")
        _say(console, f"  folded: {count(len(came) + len(went), 'conflict')}{severe} because of {because}")


def _changed(change: Mapping[str, Any]) -> str:
    """One change of a source; of long texts, what differs in them."""
    what = f"{change['id']} {change['what'].replace('_', ' ')}"
    before, after = change["before"], change["after"]
    if after is None:
        return what if before in (None, change["id"]) else f"{what}: {before}"
    sides = (folded(side, _LONG) for side in compare(before or "-", after))
    return f"{what}: " + " -> ".join("".join(piece.text for piece in side) for side in sides)


def _show_attempt(console: Console, attempt: Mapping[str, Any]) -> None:
    if not attempt["published"]:
        ended = "has not ended" if attempt["exit_code"] is None else f"ended with {attempt['exit_code']}"
        named = "" if attempt["run_id"] is None else f" ({attempt['run_id']})"
        _say(console, f"The last attempt{named} {ended}: {attempt['reason']}", "bold red")


def _show_acknowledgements(console: Console, entries: Sequence[Mapping[str, Any]], day: date) -> None:
    for entry in entries:
        name, until = entry.get("fingerprint") or f"cause {entry['cause']}", date.fromisoformat(entry["until"])
        if entry["unused"]:
            _say(console, f"  unused  acknowledgement of {name}: no conflict has it, take it out", "dim")
        elif until < day:
            _say(console, f"  ended   acknowledgement of {name} on {until}: {entry['reason']}", "dim")
        elif until < day + ENDING:
            _say(console, f"  ends    acknowledgement of {name} on {until}: {entry['reason']}", "yellow")


def _records_of(conflict: Conflict) -> list[str]:
    return list(conflict["record_ids"]) if across_records(conflict) else [conflict["record_id"]]


def _named(record_ids: Sequence[str]) -> str:
    named = ", ".join(record_ids[:_NAMED])
    rest = len(record_ids) - _NAMED
    return f"{count(len(record_ids), 'record')}: {named}" + (f" and {rest:,} more" if rest > 0 else "")


def _rank(conflict: Conflict) -> int:
    severity = conflict["severity"]
    return _WORST_FIRST.index(severity) if severity in _WORST_FIRST else len(_WORST_FIRST)


def _more(console: Console, rest: int, noun: str) -> None:
    if rest > 0:
        _say(console, f"  and {count(rest, f'more {noun}')}: see report.html or delta.json", "dim")


def _say(console: Console, words: str, style: str = "") -> None:
    lines: Iterator[str] = (plain(line) for line in words.split("\n"))
    console.print(Text("\n".join(lines), style), soft_wrap=True)
