"""Parquet and Excel, each behind its extra.

What JSON cannot say becomes text or null: a date is ISO 8601 (`2024-01-31` where it has no time of day), an exact
decimal its digits, bytes their UTF-8 text, NaN null. `line` of an origin is the number of the row in the table: in
Parquet the first is 1, in Excel it is the row of the sheet, where the header is row 1 or further down.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, BinaryIO
from zipfile import ZipFile

from trialweave.core.cells import cell_text
from trialweave.core.models import Origin
from trialweave.core.record import ColumnMap
from trialweave.core.values import json_value
from trialweave.errors import InputError
from trialweave.tables.delimited import header_fault, named
from trialweave.tables.rows import Refusal, Row, RowOrRefusal, without_text

BOOK_LIMIT = 1 << 30
"""Bytes of a workbook once inflated. A workbook is a zip archive, and one of a few kilobytes can hold gigabytes."""

SHEET_ROWS = 1 << 20
"""The most rows that a sheet of Excel can have; what is read of each is held in memory."""

_BATCH = 1000
_NANOSECONDS = ("timestamp[ns", "time64[ns")
"""Types of Arrow whose last three digits no time of Python holds."""

_MEND = "mend the row or take it out"
_EXPORT_AGAIN = "the file is damaged or of another kind: export it again, or as CSV"


def read_parquet(stream: BinaryIO, name: str, columns: ColumnMap) -> Iterator[RowOrRefusal]:
    """The rows of a Parquet file, in batches of 1,000. Raises InputError where pyarrow is not installed.

    A text that stands in very many rows is held once, as it stands in the file.
    """
    parquet = extra("pyarrow.parquet", "parquet")
    number, reason = 0, ""
    try:
        with parquet.ParquetFile(stream) as file:
            header = list(file.schema_arrow.names)
            fault = header_fault(header, columns)
            if fault is not None:
                yield Refusal(Origin(name, 1), fault.reason, fault.advice)
                return
            _check_groups(file)
            texts = _texts(file)
        with parquet.ParquetFile(stream, read_dictionary=texts) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                for row in _batch(batch, name, number + 1):
                    number += 1
                    yield row
    except Exception as problem:  # of a damaged file pyarrow raises what it likes
        reason = _first_line(problem)
    if reason:  # the problem, and what it holds in memory, is gone by now
        yield Refusal(Origin(name, number + 1), f"broken Parquet: {reason}", _EXPORT_AGAIN)


def _texts(file: Any) -> list[str]:
    """The columns that hold text or bytes, which Parquet can hold as numbers of a list of values."""
    columns = (file.schema.column(at) for at in range(len(file.schema.names)))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY" and "." not in column.path]


def _check_groups(file: Any) -> None:
    """Raises ValueError for a group of rows beyond BOOK_LIMIT: a few bytes can say very many."""
    for at in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(at).total_byte_size
        if size > BOOK_LIMIT:
            raise ValueError(f"a group of rows inflates to {size:,} bytes, and {BOOK_LIMIT:,} are read at most")


def _cells(column: Any) -> Iterator[Any]:
    """The cells of a column of one batch; equal texts are one object."""
    if not hasattr(column, "dictionary"):
        return iter(column.to_pylist())
    values = column.dictionary.to_pylist()
    return (None if index is None else values[index] for index in column.indices.to_pylist())


def _batch(batch: Any, name: str, first: int) -> Iterator[RowOrRefusal]:
    """The rows of a batch of pyarrow; where a cell in it is beyond Python, they are read cell by cell."""
    try:
        cells = [_cells(column) for column in batch.columns]
    except (ValueError, OverflowError):
        for at in range(batch.num_rows):
            yield _cell_by_cell(
                {column: batch.column(column)[at] for column in batch.schema.names}, Origin(name, first + at)
            )
        return
    for number, values in enumerate(zip(*cells, strict=True), first):
        if not without_text(values):
            yield _row(dict(zip(batch.schema.names, values, strict=True)), Origin(name, number))


def _cell_by_cell(cells: Mapping[str, Any], origin: Origin) -> RowOrRefusal:
    values = {}
    for column, cell in cells.items():
        try:
            values[column] = _cell(cell)
        except (ValueError, OverflowError) as problem:
            return Refusal(origin, f"the cell of {column!r} cannot be used: {_first_line(problem)}", _MEND)
    return _row(values, origin)


def _cell(cell: Any) -> Any:
    """A cell as a value of Python, or as text where it is a time to the nanosecond."""
    try:
        return cell.as_py()
    except ValueError:
        if not str(cell.type).startswith(_NANOSECONDS):
            raise
        return cell.cast("string").as_py().replace(" ", "T")


def read_excel(stream: BinaryIO, name: str, columns: ColumnMap) -> Iterator[RowOrRefusal]:
    """The rows of the first visible sheet of a workbook; its first row that is not empty is the header.

    Only that sheet, because further sheets are notes, look-ups and filtered copies as often as they are data. A formula
    is read as the value that was last computed, which is blank where no program has computed it yet. Rows without text
    are passed over. The texts of a workbook are held in memory. Raises InputError where openpyxl is not installed.
    """
    openpyxl = extra("openpyxl", "excel")
    number, reason = 0, ""
    try:
        _check_inflated(stream)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells of styles and validation rules that it passes over
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        try:
            header: list[str] | None = None
            sheet = _first_sheet(book)
            sheet.reset_dimensions()  # some exports claim fewer cells than they hold
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                if number > SHEET_ROWS:
                    raise ValueError(f"it has more than {SHEET_ROWS:,} rows, and no sheet has")
                if without_text(cells):
                    continue
                if header is None:
                    header = _header(cells)
                    fault = header_fault(header, columns)
                    if fault is not None:
                        yield Refusal(Origin(name, number), fault.reason, fault.advice)
                        return
                else:
                    yield _excel_row(header, cells, Origin(name, number))
        finally:
            book.close()
    except Exception as problem:
        reason = _first_line(problem)
    if reason:
        yield Refusal(Origin(name, number + 1), f"broken workbook: {reason}", _EXPORT_AGAIN)


def extra(module: str, name: str) -> Any:
    """A module of an optional dependency. Raises InputError that says how to install it."""
    try:
        return import_module(module)
    except ImportError as problem:
        raise InputError(f'this needs {module.partition(".")[0]}: pip install "trialweave[{name}]"') from problem


def _check_inflated(stream: BinaryIO) -> None:
    """Raises ValueError for a workbook beyond BOOK_LIMIT. What says less than it holds is cut by the reader."""
    with ZipFile(stream) as archive:
        size = sum(part.file_size for part in archive.infolist())
    stream.seek(0)
    if size > BOOK_LIMIT:
        raise ValueError(f"it inflates to {size:,} bytes, and {BOOK_LIMIT:,} are read at most")


def _first_sheet(book: Any) -> Any:
    sheets = book.worksheets
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise ValueError("there is no sheet with cells")
    return (visible or sheets)[0]


def _header(cells: tuple[Any, ...]) -> list[str]:
    filled = max(index for index, cell in enumerate(cells) if cell is not None) + 1
    return named([cell_text(json_value(cell)) or "" for cell in cells[:filled]])


def _excel_row(header: list[str], cells: tuple[Any, ...], origin: Origin) -> RowOrRefusal:
    if not without_text(cells[len(header) :]):
        return Refusal(origin, "the row has more cells than the header", "name the column, or empty the cell")
    padded = (*cells, *(None,) * (len(header) - len(cells)))
    return _row(dict(zip(header, padded, strict=False)), origin)


def _row(values: Mapping[str, Any], origin: Origin) -> RowOrRefusal:
    try:
        return Row({name: json_value(value) for name, value in values.items()}, origin)
    except UnicodeDecodeError:
        return Refusal(origin, "a cell holds bytes that are not UTF-8 text", "export the column as text")
    except ValueError as problem:
        return Refusal(origin, f"a cell cannot be used: {problem}", _MEND)


def _first_line(problem: Exception) -> str:
    return (str(problem).splitlines() or [type(problem).__name__])[0]
