"""The morning page in the terminal: did it all run, what is new, what went away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from trialweave.core.because import FOLDED
from trialweave.core.catalogue import BY_NAME, Kind
from trialweave.core.delta import Conflict, across_records
from trialweave.core.headline import count
from trialweave.core.models import SEVERITIES
from trialweave.errors import UsageError
from trialweave.nightly.acknowledgements import ENDING
from trialweave.nightly.folder import DELTA, LAST_ATTEMPT, REPORT, SUMMARY, RunFolder, Runs, read_object
from trialweave.report.causes import SUSPECTS, Lookup, name_of, named_in, scope_of, suspect_of
from trialweave.report.look import show
from trialweave.report.plain import plain
from trialweave.report.shown import safe
from trialweave.report.sides import compare, folded

CAUSES = 20
_NAMED = 3
_PROPOSALS = 3
_CHANGES = 10
_SIGNALS = 10
_LONG = 160
"""Characters of a proposed value that the page shows; `worklist.csv` has it whole."""

_LONG_CHANGE = 100
"""Characters of a text of a source that are shown whole."""

_INDENT = " " * 11
_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


@dataclass(slots=True)
class Cause:
    """The conflicts of one root; `worst` stands for them. `names` are the drugs of its records, as far as known."""

    worst: Conflict
    record_ids: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    suspects: set[str] = field(default_factory=set)
    proposals: dict[tuple[str, str], tuple[str, list[str]]] = field(default_factory=dict)
    """Field and value of each proposed edit -> why, and the records that it is for."""


def show_morning(console: Console, runs: Runs, named: str | None) -> None:
    """The page of one run; above it, what became of the last attempt where that published nothing.

    Raises UsageError where there is no such run: that no night was published yet is explained by the last one.
    """
    _show_attempt(console, runs.path / LAST_ATTEMPT)
    run = runs.open(named)
    summary = run.summary
    _say(console, summary["headline"], "bold")
    for signal in summary["signals"][:_SIGNALS]:
        _say(console, f"  {signal}", "yellow")
    _more(console, len(summary["signals"]) - _SIGNALS, "signal", SUMMARY)
    show_delta(console, run.delta, run.line)
    _show_standing(console, run.delta)
    _say(console, f"\nAll {len(summary['gates'])} gates passed.")
    _show_acknowledgements(console, summary["acknowledgements"], date.fromisoformat(summary["started_at"][:10]))
    _say(console, f"Values side by side, and what stands: {run.path / REPORT}", "dim")
    _say(console, "Known, leave it: trialweave acknowledge --cause CAUSE --reason TEXT --until YYYY-MM-DD", "dim")


def show_delta(console: Console, delta: Mapping[str, Any], find: Lookup) -> None:
    """What a delta tells: new and changed by cause, folded ones in a line, resolved ones, changes of the sources."""
    first = delta["since"] is None
    told, gone = [*delta["new"], *delta["changed"]], delta["resolved"]
    if first:  # every record is new, which is no reason worth a word
        show_causes(console, "On the first run", [{**entry, "because": None} for entry in told], find)
    else:
        loud = [entry for entry in told if entry["because"] not in FOLDED]
        show_causes(console, f"New and changed since {delta['since']}", loud, find)
        _show_folded(console, told, gone)
    if resolved := [entry for entry in gone if entry["because"] not in FOLDED]:
        show_causes(console, "Resolved", resolved, find, resolved=True)
    if delta["source_changes"]:
        _say(console, "\nThe sources changed", "bold")
        for change in delta["source_changes"][:_CHANGES]:
            names = [name_of(find(record_id)) for record_id in change["record_ids"][:_NAMED]]
            _say(console, f"  {_changed(change)}  ({_counted(change['record_ids'], names)})")
        _more(console, len(delta["source_changes"]) - _CHANGES, "change")


def show_causes(
    console: Console, title: str, conflicts: Iterable[Conflict], find: Lookup, *, resolved: bool = False
) -> None:
    """At most CAUSES causes in the order of `by_cause`; what to do about a kind stands with its first cause.

    Of `resolved` ones only what they were: nothing is suspected any more, and nothing is left to do.
    """
    causes, advised = by_cause(conflicts, find), set[str]()
    _say(console, f"\n{title}: {count(len(causes), 'cause')}", "bold")
    for cause in causes[:CAUSES]:
        kind = BY_NAME.get(cause.worst["kind"])
        _show_cause(console, cause, kind, suspected=not resolved)
        if not resolved:
            _show_proposals(console, cause)
            if kind is not None and kind.name not in advised:
                _say(console, f"{_INDENT}to do: {kind.todo}")
                advised.add(kind.name)
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
    title = f"{what}: {count(len(chosen), 'conflict')} in {run.run_id}"
    show_causes(console, title, chosen, run.line)


def by_cause(conflicts: Iterable[Conflict], find: Lookup) -> list[Cause]:
    """Conflicts gathered by their cause, in the order of the page in the browser."""
    causes: dict[str, Cause] = {}
    for conflict in conflicts:
        cause = causes.setdefault(conflict["cause"], Cause(conflict))
        for record_id in _records_of(conflict):
            line = find(record_id)
            cause.record_ids.append(record_id)
            cause.names.append(name_of(line) or named_in(conflict))
            cause.suspects.add(suspect_of(line))
        if (edit := conflict.get("suggestion")) is not None:
            why_and_whom = cause.proposals.setdefault((edit["field"], edit["value"]), (edit["why"], []))
            why_and_whom[1].extend(_records_of(conflict))
        if _rank(conflict) < _rank(cause.worst):
            cause.worst = conflict
    return sorted(causes.values(), key=_order)


def _order(cause: Cause) -> tuple[int, int, int, str, str, str, str]:
    worst, suspect = cause.worst, min(map(list(SUSPECTS).index, cause.suspects))
    width, name = len(cause.record_ids), safe(cause.names[0])
    return _rank(worst), suspect, -width, worst["kind"], name, worst.get("field", ""), worst["cause"]


def _show_cause(console: Console, cause: Cause, kind: Kind | None, *, suspected: bool) -> None:
    conflict = cause.worst
    head = Text(f"  {plain(conflict['severity']):8}", _STYLES.get(conflict["severity"], ""))
    head.append(plain(kind.title if kind is not None else conflict["kind"]), "bold")
    if conflict.get("because"):
        head.append(f"  [{plain(conflict['because'].replace('_', ' '))}]", "dim")
    _print(console, head)
    told = f"{_counted(cause.record_ids, cause.names)}; cause {conflict['cause']}"
    suspects = [SUSPECTS[name] for name in SUSPECTS if name in cause.suspects and name != "none"]
    if suspected and suspects:
        told += f"; suspect: {', '.join(suspects)}"
    _say(console, f"{_INDENT}{told}", "dim")
    _say(console, f"{_INDENT}{conflict['message']}")


def _show_proposals(console: Console, cause: Cause) -> None:
    for (name, value), (why, record_ids) in list(cause.proposals.items())[:_PROPOSALS]:
        whom = scope_of(record_ids, len(cause.record_ids))
        _say(console, f"{_INDENT}proposed{' ' if whom else ''}{whom}: {name} = {_short(value)} ({why})", "green")


def _show_folded(console: Console, told: Iterable[Conflict], gone: Iterable[Conflict]) -> None:
    """What is not told one by one, counted; the errors that came with it too, because `--fail-on` looks at them."""
    came, went = ([entry for entry in entries if entry["because"] in FOLDED] for entries in (told, gone))
    if came or went:
        errors = sum(entry["severity"] == "error" for entry in came)
        severe = f" ({count(errors, 'error')})" if errors else ""
        because = ", ".join(sorted({entry["because"] for entry in (*came, *went)})).replace("_", " ")
        _say(console, f"  folded: {count(len(came) + len(went), 'conflict')}{severe} because of {because}")


def _show_standing(console: Console, delta: Mapping[str, Any]) -> None:
    """What is no news, counted as on the page in the browser."""
    told = f"\nStanding: {count(delta['standing'], 'conflict')}"
    if delta["not_rechecked"]:
        told += f", {delta['not_rechecked']:,} of them not asked about tonight"
    _say(console, f"{told}. Acknowledged: {delta['acknowledged']:,}.")


def _changed(change: Mapping[str, Any]) -> str:
    """One change of a source; of long texts, what differs in them."""
    what = f"{change['id']} {change['what'].replace('_', ' ')}"
    before, after = change["before"], change["after"]
    if after is None:
        return what if before in (None, change["id"]) else f"{what}: {before}"
    sides = (folded(side, _LONG_CHANGE) for side in compare(before or "-", after))
    return f"{what}: " + " -> ".join("".join(piece.text for piece in side) for side in sides)


def _show_attempt(console: Console, note: Path) -> None:
    """What a note says of a start that published nothing; a damaged one is told, and keeps no run from being shown."""
    if not note.is_file():
        return
    try:
        attempt = read_object(note)
    except UsageError as error:
        _say(console, f"What became of the last attempt is not known: {error}; the next start writes it anew", "red")
        return
    if not attempt.get("published"):
        code, run_id = attempt.get("exit_code"), attempt.get("run_id")
        ended = "has not ended" if code is None else f"ended with {code}"
        named = "" if run_id is None else f" ({run_id})"
        _say(console, f"The last attempt{named} {ended}: {attempt.get('reason') or 'no reason is noted'}", "bold red")


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


def _counted(record_ids: Sequence[str], names: Sequence[str]) -> str:
    """How many records, and the first of them; `names` are the drugs of at least these."""
    first = zip(names[:_NAMED], record_ids[:_NAMED], strict=True)
    shown = ", ".join(f"{name} {record_id}".strip() for name, record_id in first)
    rest = len(record_ids) - _NAMED
    return f"{count(len(record_ids), 'record')}: {shown}" + (f" and {rest:,} more" if rest > 0 else "")


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1].rstrip()}…"


def _rank(conflict: Conflict) -> int:
    severity = conflict["severity"]
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _more(console: Console, rest: int, noun: str, where: str = f"{REPORT} or {DELTA}") -> None:
    if rest > 0:
        _say(console, f"  and {count(rest, f'more {noun}')}: see {where}", "dim")


def _say(console: Console, words: str, style: str = "") -> None:
    """Lines for a person; a terminal breaks long ones under their beginning, a file or a pipe gets them whole."""
    for line in words.split("\n"):
        text = plain(line)
        told = text.lstrip(" ")
        _print(console, Text(told, style), len(text) - len(told))


def _print(console: Console, text: Text, indent: int = 0) -> None:
    if console.is_terminal:
        show(console, Padding(text, (0, 0, 0, indent)))
    else:
        console.print(Text(" " * indent).append_text(text), soft_wrap=True)
