"""Bytes to lines: numbered, of bounded length, with what is wrong about each."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

LINE_LIMIT = 16 * 1024 * 1024
"""Bytes. The longest line, and the longest record in lines, that is read; the longest real record is about 10 kB."""

SAVE_AS_UTF8 = "save the file as UTF-8"
_CHUNK = 1024 * 1024
_FOREIGN_MARKS = (
    (codecs.BOM_UTF32_LE, "the file is in UTF-32", SAVE_AS_UTF8),
    (codecs.BOM_UTF32_BE, "the file is in UTF-32", SAVE_AS_UTF8),
    (codecs.BOM_UTF16_LE, "the file is in UTF-16", SAVE_AS_UTF8),
    (codecs.BOM_UTF16_BE, "the file is in UTF-16", SAVE_AS_UTF8),
    (
        b"\xd0\xcf\x11\xe0",
        "the file is a workbook of Excel before 2007, or one with a password",
        "save it as .xlsx without a password, or as CSV",
    ),
    (b"\x1f\x8b", "the file is packed with gzip", "unpack it first"),
    (b"PK\x03\x04", "the file is a zip archive", "call a workbook .xlsx; unpack any other archive first"),
    (b"%PDF", "the file is a PDF", "export the table as CSV"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the bytes of one line or file, and what to do about it."""

    reason: str
    advice: str


class Line(NamedTuple):
    """A line with its end, as it stands. Where there is a `fault`, `text` is only a rough likeness."""

    number: int
    text: str
    fault: Fault | None


def text_lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of a UTF-8 text, numbered from 1; a byte order mark at the start is dropped."""
    number = 0
    while raw := stream.readline(LINE_LIMIT + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if len(raw) > LINE_LIMIT:
            _skip_line(stream, raw)
            yield Line(number, "", Fault(f"line {number} is longer than {LINE_LIMIT:,} bytes", "split or shorten it"))
            continue
        try:
            text = raw.decode()
        except UnicodeDecodeError as problem:
            yield Line(number, raw.decode(errors="replace"), _not_utf8(number, problem))
            continue
        yield Line(number, text, _holds_nul(number) if "\0" in text else None)


def foreign_kind(head: bytes) -> Fault | None:
    """What the first bytes tell of a file that is no text, or is in an encoding or has line ends of another kind."""
    for mark, reason, advice in _FOREIGN_MARKS:
        if head.startswith(mark):
            return Fault(reason, advice)
    if b"\r" in head and b"\n" not in head:
        return Fault("the lines end in a carriage return alone", "save the file with line feeds at the ends of lines")
    return None


def _skip_line(stream: BinaryIO, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = stream.readline(_CHUNK)


def _not_utf8(number: int, problem: UnicodeDecodeError) -> Fault:
    byte = problem.object[problem.start]
    return Fault(f"line {number} is not UTF-8 (byte 0x{byte:02x} at place {problem.start + 1})", SAVE_AS_UTF8)


def _holds_nul(number: int) -> Fault:
    return Fault(f"line {number} holds a NUL character", "the file is damaged or no text: export it again")
