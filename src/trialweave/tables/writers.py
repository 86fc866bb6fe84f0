"""Writers of enriched records: JSON lines as they are, CSV and Parquet as flat views of them (`flat`)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, Self, assert_never, get_args

from trialweave.tables.atomic import write_atomically
from trialweave.tables.binary import extra
from trialweave.tables.flat import FLAT_COLUMNS, FlatValue, flatten

OutputFormat = Literal["jsonl", "csv", "parquet"]
OUTPUT_FORMATS: tuple[OutputFormat, ...] = get_args(OutputFormat)

ROW_GROUP = 5000
"""Rows of one row group of a Parquet file, and so of what its writer holds in memory."""

_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


class Writer(Protocol):
    """Takes enriched records one by one, in the order of the output."""

    def write(self, line: bytes) -> None:
        """Write one enriched record: the UTF-8 JSON of DESIGN 5.2, without a line end."""
        ...

    def end(self) -> None:
        """Hand over all that was written, because nothing comes after it: what there is no room for fails here."""
        ...


@contextmanager
def open_writer(target: str | Path | BinaryIO, output_format: OutputFormat) -> Iterator[Writer]:
    """Open a file, which appears whole or not at all (`write_atomically`), or write through to a stream.

    A stream is flushed and left open; BrokenPipeError, when its reader goes away, is the caller's to handle.
    Raises InputError where the extra of the format is not installed, UsageError where the file cannot be made.
    """
    with write_atomically(target) if isinstance(target, str | Path) else nullcontext(target) as stream:
        match output_format:
            case "jsonl":
                yield _JsonLines(stream)
            case "csv":
                yield _Csv(stream)
            case "parquet":
                with _Parquet(stream) as writer:
                    yield writer
            case _:
                assert_never(output_format)
        stream.flush()


class _JsonLines:
    """One object on each line, the bytes as they were given."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, line: bytes) -> None:
        self._stream.write(line + b"\n")

    def end(self) -> None:
        self._stream.flush()


class _Csv:
    """The flat view as a CSV as RFC 4180 has it, in UTF-8; null is an empty cell, flags are `true` and `false`.

    Texts are `harmless`. Parquet and JSON lines carry them as they are.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._line = io.StringIO(newline="")
        self._csv = csv.writer(self._line)
        self._put([column.name for column in FLAT_COLUMNS])

    def write(self, line: bytes) -> None:
        self._put([_csv_cell(value) for value in flatten(json.loads(line))])

    def end(self) -> None:
        self._stream.flush()

    def _put(self, cells: list[str]) -> None:
        self._csv.writerow(cells)
        self._stream.write(self._line.getvalue().encode())
        self._line.seek(0)
        self._line.truncate()


def _csv_cell(value: FlatValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else str(value)


def harmless(text: str) -> str:
    """A cell of a CSV. What a spreadsheet would run as a formula gets an apostrophe in front.

    That is text that starts with `= + - @`, their full-width twins, a tab or a line end.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class _Parquet:
    """The flat view as a Parquet file in row groups of 5,000 rows."""

    def __init__(self, stream: BinaryIO) -> None:
        self._arrow = extra("pyarrow", "parquet")
        parquet = extra("pyarrow.parquet", "parquet")
        types = {"text": self._arrow.string(), "count": self._arrow.int64(), "flag": self._arrow.bool_()}
        self._schema = self._arrow.schema([(column.name, types[column.kind]) for column in FLAT_COLUMNS])
        self._sink = _Sink(stream)
        self._file = parquet.ParquetWriter(self._sink, self._schema)
        self._rows: list[list[FlatValue]] = []

    def write(self, line: bytes) -> None:
        self._rows.append(flatten(json.loads(line)))
        if len(self._rows) == ROW_GROUP:
            self._write_group()

    def end(self) -> None:
        if self._rows:
            self._write_group()
        self._file.close()
        self._sink.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.end()
        else:
            self._sink.stream = None
            self._file.close()

    def _write_group(self) -> None:
        by_column = zip(*self._rows, strict=True)
        arrays = [self._arrow.array(cells, field.type) for cells, field in zip(by_column, self._schema, strict=True)]
        self._file.write_table(self._arrow.table(arrays, schema=self._schema), row_group_size=ROW_GROUP)
        self._rows.clear()


class _Sink:
    """What pyarrow writes to. Cut off from its stream it swallows the end that pyarrow writes even to a failed file."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self.stream: BinaryIO | None = stream

    def write(self, data: bytes) -> int:
        return len(data) if self.stream is None else self.stream.write(data)

    def flush(self) -> None:
        if self.stream is not None:
            self.stream.flush()
