"""Which format a file is in: by the end of its name, else by what its first bytes look like."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal, get_args

from trialweave.core.record import ColumnMap
from trialweave.tables.delimited import best_delimiter, told_delimiter

InputFormat = Literal["key-value", "csv", "tsv", "json", "jsonl", "parquet", "excel"]
INPUT_FORMATS: tuple[InputFormat, ...] = get_args(InputFormat)

HEAD = 64 * 1024
"""Bytes that are looked at to tell a format."""

_BY_SUFFIX: dict[str, InputFormat] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "excel",
    ".xlsm": "excel",
}
MARKS: dict[InputFormat, bytes] = {"parquet": b"PAR1", "excel": b"PK\x03\x04"}
"""The first bytes of the formats that are no text."""

_TEXT_SUFFIXES = frozenset({".txt", ".text"})


def format_of_name(name: str) -> InputFormat | None:
    """The format that the end of a file's name tells, or None."""
    return _BY_SUFFIX.get(PurePath(name).suffix.lower())


def is_table_name(name: str) -> bool:
    """Whether a file of a folder is read: one of the formats by its name, or text of any format."""
    return format_of_name(name) is not None or PurePath(name).suffix.lower() in _TEXT_SUFFIXES


def sniff(head: bytes, columns: ColumnMap) -> InputFormat:
    """The format that the first bytes tell. Text that looks like nothing else is key-value text."""
    for input_format, mark in MARKS.items():
        if head.startswith(mark):
            return input_format
    text = head.decode("utf-8-sig", "replace").lstrip()
    if told_delimiter(text.partition("\n")[0]) is not None:
        return "csv"
    lines = [line.strip() for line in text.split("\n")]
    filled = [line for line in lines if line]
    if not filled or filled[0].startswith("["):
        return "json" if filled else "key-value"
    if filled[0].startswith("{"):
        one_a_line = len(filled) == 1 or filled[0].endswith("}") or filled[1].startswith("{")
        return "jsonl" if one_a_line else "json"
    if columns.knows(filled[0]):
        return "key-value"
    delimiter = best_delimiter(filled[0], columns)
    if delimiter is None:
        return "key-value"
    return "tsv" if delimiter == "\t" else "csv"
