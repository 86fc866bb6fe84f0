"""Acknowledgements: a person's "known, leave it", in a TOML file that a team keeps in git.

    [[acknowledgement]]
    fingerprint = "3f2a9c0d11b7e845"     # one conflict of one record; or
    # cause = "77d0c4e2a9b1f360"         # every conflict of one root
    reason = "the sponsor uses both names"
    author = "M. Keller"                 # may be missing
    until = 2027-01-31                   # the last day on which it holds

It re-opens by itself: a changed value has another fingerprint and another cause, and after `until` it holds no more.
Where several match one conflict, the one that holds longest counts.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trialweave.errors import UsageError
from trialweave.tables import write_atomically

if TYPE_CHECKING:
    from trialweave.core.delta import Conflict

By = Literal["fingerprint", "cause"]

ENDING = timedelta(days=7)
"""An acknowledgement that ends within this time is announced."""

DEFAULT = Path("acknowledgements.toml")
"""The file in the working directory that is meant where neither a flag nor the settings name one."""

_TABLE = "acknowledgement"
_KEYS = ("fingerprint", "cause", "reason", "author", "until")
_HASH = re.compile(r"[0-9a-f]{16}")
_HEADER = re.compile(rf"\s*\[\[\s*{_TABLE}\s*\]\]")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One entry of the file. It holds up to and including the day `until`."""

    by: By
    key: str
    reason: str
    until: date
    author: str | None = None

    def as_toml(self) -> str:
        author = "" if self.author is None else f"author = {_quoted(self.author)}\n"
        return (
            f"[[{_TABLE}]]\n{self.by} = {_quoted(self.key)}\nreason = {_quoted(self.reason)}\n"
            f"{author}until = {self.until.isoformat()}\n"
        )


@dataclass(slots=True)
class Acknowledgements:
    """The entries of a file on one day. `met` are those that a conflict has matched since."""

    entries: tuple[Acknowledgement, ...]
    day: date
    met: set[Acknowledgement] = field(default_factory=set)
    _by_key: Mapping[tuple[str, str], list[Acknowledgement]] = field(init=False)

    def __post_init__(self) -> None:
        by_key: dict[tuple[str, str], list[Acknowledgement]] = {}
        for entry in self.entries:
            by_key.setdefault((entry.by, entry.key), []).append(entry)
        self._by_key = by_key

    def until(self, conflict: Conflict) -> str | None:
        """The last day (YYYY-MM-DD) on which this conflict is acknowledged, None where it is not, or no longer."""
        matching = [entry for by in ("fingerprint", "cause") for entry in self._by_key.get((by, str(conflict[by])), ())]
        self.met.update(matching)
        last = max((entry.until for entry in matching), default=None)
        return None if last is None or last < self.day else last.isoformat()

    @property
    def ending(self) -> list[Acknowledgement]:
        """Those that a conflict met and that end within a week."""
        return [entry for entry in self.entries if entry in self.met and self.day <= entry.until < self.day + ENDING]

    def report(self, *, partial: bool = False) -> list[dict[str, Any]]:
        """The entries as the summary lists them; `unused` ones met no conflict and can be taken out.

        A partial run cannot tell: what an entry is for may lie outside its scope.
        """
        return [
            {
                entry.by: entry.key,
                "reason": entry.reason,
                "author": entry.author,
                "until": entry.until.isoformat(),
                "unused": not partial and entry not in self.met,
            }
            for entry in self.entries
        ]


def load(file: Path | None, day: date, *, required: bool = False) -> Acknowledgements:
    """Read a file; one that is not there yet holds none, unless it is required. Raises UsageError (file and line)."""
    if file is None or not (required or file.exists()):
        return Acknowledgements((), day)
    return Acknowledgements(parse(_read(file), str(file)), day)


def parse(text: str, name: str) -> tuple[Acknowledgement, ...]:
    """Read the text of a file. Raises UsageError that names file and line."""
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of TOML, and of numbers and tables beyond all bounds
        raise UsageError(f"{name}: this is not TOML: {error}") from error
    tables = tree.pop(_TABLE, [])
    if tree:
        line = next(
            (n for n, row in enumerate(text.splitlines(), 1) if re.match(rf"\s*\[?\[?{next(iter(tree))}", row)), 1
        )
        raise UsageError(f"{name}:{line}: {next(iter(tree))!r} is unknown here; entries stand under [[{_TABLE}]]")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise UsageError(f"{name}: entries stand under [[{_TABLE}]], with two brackets")
    entries = []
    for number, table in enumerate(tables):
        try:
            entries.append(_entry(table))
        except _Wrong as error:
            raise UsageError(f"{name}:{_line(text, number, error.key)}: {error}") from None
    return tuple(entries)


def append(file: Path, entries: Iterable[Acknowledgement]) -> int:
    """Add entries to a file, in the order of their keys, and leave what stands there as it is. Returns how many.

    One that holds as long already is passed over. Two people who do this at once both get their entries in.
    """
    with _folder_held(file.parent):
        text = _read(file) if file.exists() else ""
        known: dict[tuple[By, str], date] = {}
        for entry in parse(text, str(file)):
            known[entry.by, entry.key] = max(entry.until, known.get((entry.by, entry.key), entry.until))
        ordered = sorted({(entry.by, entry.key): entry for entry in entries}.values(), key=lambda e: (e.by, e.key))
        more = [entry for entry in ordered if entry.until > known.get((entry.by, entry.key), date.min)]
        if more:
            parts = [text.rstrip("\r\n") + "\n"] if text.strip() else []
            whole = "\n".join([*parts, *(entry.as_toml() for entry in more)])
            with write_atomically(file) as stream:
                stream.write((re.sub("\r?\n", "\r\n", whole) if "\r\n" in text else whole).encode())
        return len(more)


class _Wrong(ValueError):
    """What is wrong with one entry; `key` is the line to show, None for the entry as a whole."""

    def __init__(self, key: str | None, message: str) -> None:
        super().__init__(message)
        self.key = key


def checked(by: By, key: str, reason: str, until: date, author: str | None) -> Acknowledgement:
    """An acknowledgement of parts that a person gave. Raises UsageError."""
    try:
        return _entry({by: key, "reason": reason, "until": until, **({} if author is None else {"author": author})})
    except _Wrong as error:
        raise UsageError(str(error)) from None


def _entry(table: Mapping[str, Any]) -> Acknowledgement:
    for key in table:
        if key not in _KEYS:
            raise _Wrong(key, f"{key!r} is unknown; an entry has {', '.join(_KEYS)}")
    given: list[By] = [by for by in ("fingerprint", "cause") if by in table]
    if len(given) != 1:
        raise _Wrong(None, "an entry names either one fingerprint or one cause")
    key = table[given[0]]
    if not isinstance(key, str) or _HASH.fullmatch(key) is None:
        raise _Wrong(given[0], f"{given[0]} has to be 16 of the digits 0-9 a-f, as the report prints it")
    if not isinstance(reason := table.get("reason"), str) or not reason.strip():
        raise _Wrong("reason", "an entry needs a reason, in words")
    until = table.get("until")
    if not isinstance(until, date) or isinstance(until, datetime):
        raise _Wrong("until", "until has to be a day without quotes, such as until = 2027-01-31")
    author = table.get("author")
    if author is not None and not isinstance(author, str):
        raise _Wrong("author", "author has to be text")
    return Acknowledgement(given[0], key, reason, until, author)


def _line(text: str, number: int, key: str | None) -> int:
    """The line (from 1) of a key of the numbered entry, or of its header. Text inside quotes is not mistaken for it."""
    lines = text.splitlines()
    header = next(n for n, line in enumerate(lines, 1) if _HEADER.match(line) and _entries_in(lines[:n]) == number + 1)
    for n, line in enumerate(lines[header:], header + 1):
        if _HEADER.match(line):
            break
        if key is not None and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return n
    return header


def _entries_in(lines: list[str]) -> int:
    try:
        return len(tomllib.loads("\n".join(lines)).get(_TABLE, []))
    except tomllib.TOMLDecodeError:
        return 0


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")  # with the line ends that it has
    except OSError as error:
        raise UsageError(f"{file}: the acknowledgements cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: the acknowledgements are not UTF-8: {error}") from error


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's; what only TOML forbids is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f").encode("utf-8", "replace").decode()


@contextmanager
def _folder_held(folder: Path) -> Iterator[None]:
    """Wait for the folder's lock: no lock file is left beside a file that lives in git."""
    if not folder.is_dir():
        raise UsageError(f"the folder {folder} does not exist; make it first")
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
