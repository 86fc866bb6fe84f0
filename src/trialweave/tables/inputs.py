"""The inputs of a run: files, folders and standard input, read as one stream of rows, as often as needed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Self

from trialweave.core.models import Origin
from trialweave.core.record import AS_SPELLED, ColumnMap
from trialweave.errors import InputError
from trialweave.tables.binary import read_excel, read_parquet
from trialweave.tables.delimited import read_csv, read_tsv
from trialweave.tables.formats import HEAD, MARKS, InputFormat, format_of_name, is_table_name, sniff
from trialweave.tables.jsontext import read_json, read_jsonl
from trialweave.tables.keyvalue import read_key_value
from trialweave.tables.lines import Fault, foreign_kind
from trialweave.tables.rows import Reader, Refusal, Row, RowOrRefusal

STANDARD_INPUT = "<stdin>"
"""What standard input, given as `-`, is called in messages and origins."""

_READERS: dict[InputFormat, Reader] = {
    "key-value": read_key_value,
    "csv": read_csv,
    "tsv": read_tsv,
    "json": read_json,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "excel": read_excel,
}
_OF_LINES: frozenset[InputFormat] = frozenset({"key-value", "csv", "tsv", "jsonl"})
_CHUNK = 1024 * 1024
_NO_TABLE = (".", "~$")
"""Begin the names of hidden files, and of the mark that an office program leaves beside a workbook it has open."""


@dataclass(frozen=True, slots=True)
class _File:
    """One file. `name` is what people call it, `path` where its bytes are, `state` its size and time of change."""

    name: str
    path: Path
    state: tuple[int, int]

    def check_unchanged(self) -> None:
        if _state(self.path) != self.state:
            raise InputError(f"{self.name} was changed while it was being read; start again when it is complete")


class Inputs:
    """Opened inputs. Each pass of `rows` reads them from the start. Close them, or use `with`, when done."""

    def __init__(self, columns: ColumnMap, input_format: InputFormat | None, apart: Collection[Path] = ()) -> None:
        self._columns = columns
        self._format = input_format
        self._apart = frozenset(map(os.path.realpath, apart))
        self._files: list[_File] = []
        self._passed_over: list[Refusal] = []
        self._spool: TemporaryDirectory[str] | None = None

    def rows(self) -> Iterator[RowOrRefusal]:
        """One pass over all inputs, in order; rows read = rows given + refusals.

        Raises InputError at the end where no row could be given, and where a file changed meanwhile.
        """
        refused: list[Refusal] = []
        refusals = given = 0
        for item in chain(self._passed_over, *map(self._read, self._files)):
            if isinstance(item, Row):
                given += 1
            else:
                refusals += 1
                refused = refused or [item]
            yield item
        if not given:
            raise InputError(_nothing_read([file.name for file in self._files], refused, refusals))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over the bytes of the inputs in order; for one file the same as `sha256sum` prints.

        Raises InputError where a file has changed since it was opened.
        """
        digest = sha256()
        for file in self._files:
            with _opened(file) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
            file.check_unchanged()
        return digest.hexdigest()

    def close(self) -> None:
        """Remove what was spooled."""
        if self._spool is not None:
            self._spool.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, path: str | Path, stdin: BinaryIO | None) -> None:
        """Take one more input. Raises InputError where it does not exist or cannot be opened."""
        if path == "-":
            self._add_spooled(STANDARD_INPUT, sys.stdin.buffer if stdin is None else stdin)
            return
        path = Path(path)
        try:
            if path.is_dir():
                self._add_folder(path)
            elif path.is_file():
                path.open("rb").close()
                self._files.append(_File(str(path), path, _state(path)))
            else:
                with path.open("rb") as stream:
                    self._add_spooled(str(path), stream)
        except OSError as problem:
            raise InputError(
                f"{path} cannot be read: {problem.strerror}; check the name and the permissions"
            ) from problem

    def _add_folder(self, folder: Path) -> None:
        for path in sorted(folder.iterdir(), key=lambda path: path.name):
            if path.name.startswith(_NO_TABLE) or os.path.realpath(path) in self._apart:
                continue
            if path.is_file() and (self._format is not None or is_table_name(path.name)):
                self._files.append(_File(str(path), path, _state(path)))
            else:
                what = "a folder in a folder" if path.is_dir() else "a file of unknown kind in a folder"
                self._passed_over.append(
                    Refusal(Origin(str(path), 1), f"{what} is not read", "name it as an input of its own")
                )

    def _add_spooled(self, name: str, stream: BinaryIO) -> None:
        if any(file.name == name for file in self._files):
            raise InputError(f"{name} can be read once only; name it once")
        if self._spool is None:
            self._spool = TemporaryDirectory(prefix="trialweave-")
        path = Path(self._spool.name) / str(len(self._files))
        with path.open("wb") as spool:
            shutil.copyfileobj(stream, spool, _CHUNK)
        self._files.append(_File(name, path, _state(path)))

    def _read(self, file: _File) -> Iterator[RowOrRefusal]:
        file.check_unchanged()
        with _opened(file) as stream:
            head = stream.read(HEAD)
            stream.seek(0)
            input_format = self._format or format_of_name(file.name) or sniff(head, self._columns)
            fault = _foreign(head, input_format)
            if fault is not None:
                yield Refusal(Origin(file.name, 1), fault.reason, fault.advice)
            elif head:
                yield from _READERS[input_format](stream, file.name, self._columns)
            elif len(self._files) > 1 and input_format != "jsonl":
                yield Refusal(Origin(file.name, 1), "the file is empty", "export it again, or take it out")
        file.check_unchanged()


def open_inputs(
    paths: Sequence[str | Path],
    *,
    columns: ColumnMap = AS_SPELLED,
    input_format: InputFormat | None = None,
    stdin: BinaryIO | None = None,
    apart: Collection[Path] = (),
) -> Inputs:
    """Open files, folders and `-`. The caller closes what is given back.

    Of a folder the files are taken in the order of their names. Left out are hidden ones, and what is `apart`: the
    caller's own files and folders, such as settings. What is no table by its name is refused. So is an empty file
    beside others, which nobody would miss; JSON lines alone may be none.

    The format is `input_format`, else what the name ends in, else what the first bytes look like. Standard input and
    pipes are spooled to a temporary file, so that they can be read again. Raises InputError.
    """
    inputs = Inputs(columns, input_format, apart)
    try:
        for path in paths:
            inputs.add(path, stdin)
    except BaseException:
        inputs.close()
        raise
    return inputs


def read_rows(
    paths: Sequence[str | Path],
    *,
    columns: ColumnMap = AS_SPELLED,
    input_format: InputFormat | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[RowOrRefusal]:
    """One pass over inputs: `open_inputs`, `Inputs.rows` and `Inputs.close` in one. Raises InputError."""
    with open_inputs(paths, columns=columns, input_format=input_format, stdin=stdin) as inputs:
        yield from inputs.rows()


@contextmanager
def _opened(file: _File) -> Iterator[BinaryIO]:
    try:
        with file.path.open("rb") as stream:
            yield stream
    except OSError as problem:
        raise InputError(f"{file.name} cannot be read: {problem.strerror}") from problem


def _foreign(head: bytes, input_format: InputFormat) -> Fault | None:
    """What the first bytes have against the format; the reader of JSON looks for itself."""
    mark = MARKS.get(input_format)
    if input_format in _OF_LINES or (mark is not None and not head.startswith(mark)):
        return foreign_kind(head)
    return None


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (-1, -1)
    return (status.st_size, status.st_mtime_ns)


def _nothing_read(names: Sequence[str], refused: Sequence[Refusal], refusals: int) -> str:
    where = ", ".join(names) or "the inputs"
    if not refused:
        return f"there is no record in {where}; check that the export is complete"
    more = f" (and {refusals - 1} more like this)" if refusals > 1 else ""
    return f"no record could be read from {where}: {refused[0]}{more}"
