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
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
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


def foreign_encoding(head: bytes) -> Fault | None:
    """What the first bytes of a text tell of an encoding or of line ends that the readers do not know."""
    for mark, name in _FOREIGN_MARKS:
        if head.startswith(mark):
            return Fault(f"the file is in {name}", SAVE_AS_UTF8)
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
