"""What can go wrong on the way, one fault at a time. The fault script of a stand-in is a list of these."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Literal

from trialweave.fetch.upstream import Reply

_GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""The head of a gzip stream (RFC 1952)."""

Kind = Literal[
    "status",
    "edge",
    "html",
    "empty",
    "cut",
    "cut_without_length",
    "cut_chunk",
    "two_lengths",
    "gzip_cut",
    "gzip_no_trailer",
    "gzip_garbage",
    "bomb",
    "drip",
    "drip_head",
    "drip_chunk",
    "continue",
    "reset",
    "silence",
    "redirect",
    "body",
    "edit",
]


@dataclass
class Fault:
    """One misbehaviour towards the requests of one service whose target contains `match`, `times` times.

    `after` well-behaved requests go by before it starts. `world` is called before the request is answered, which is
    then answered well where the kind is None: for what changes in the middle of a run.
    """

    service: Literal["ctgov", "evs"]
    kind: Kind | None = None
    times: int = 1
    after: int = 0
    match: str = ""
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    edit: Callable[[bytes], bytes] | None = None
    world: Callable[[], None] | None = None

    def applies(self, service: str, target: str) -> bool:
        """Count this request, and say whether it is met by the fault."""
        if self.service != service or self.match not in target or self.times <= 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        return True


def misbehave(handler: BaseHTTPRequestHandler, fault: Fault, reply: Reply, closing: threading.Event) -> None:
    """Answer a request as the fault has it; `reply` is what a good service would have said."""
    match fault.kind:
        case "status":
            _send(handler, fault.status, fault.body or b"try later", "text/plain", fault.headers)
        case "edge":
            _send(handler, 403, b"<html><title>403 Forbidden</title></html>", "text/html", {"Server": "edge"})
        case "html":
            _send(handler, 200, b"<html><body>Down for maintenance</body></html>", "text/html")
        case "empty":
            _send(handler, 200, b"")
        case "body":
            _send(handler, 200, fault.body)
        case "edit":
            _send(handler, reply.status, (fault.edit or bytes)(reply.body), reply.content_type, reply.headers)
        case "redirect":
            _send(handler, fault.status, b"", "text/plain", fault.headers)
        case "cut":
            _send(handler, 200, reply.body[: len(reply.body) // 2], length=len(reply.body), close=True)
        case "cut_without_length":
            _send(handler, 200, reply.body[: len(reply.body) // 2], length=None, close=True)
        case "cut_chunk":
            _head(handler, 200, "application/json", {"Transfer-Encoding": "chunked"})
            half = reply.body[: len(reply.body) // 2]
            handler.wfile.write(b"%x\r\n" % (len(half) + 9) + half)
            handler.close_connection = True
        case "two_lengths":
            _head(handler, 200, "application/json", {"Content-Length": "5", "content-length": "7"})
            handler.wfile.write(reply.body)
            handler.close_connection = True
        case "gzip_cut":
            packed = gzip.compress(reply.body)
            _send(handler, 200, packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"})
        case "gzip_no_trailer":
            _send(handler, 200, gzip.compress(reply.body)[:-8], headers={"Content-Encoding": "gzip"})
        case "gzip_garbage":
            _send(handler, 200, b"this is no gzip stream", headers={"Content-Encoding": "gzip"})
        case "bomb":
            _send(handler, 200, _bomb(), headers={"Content-Encoding": "gzip"})
        case "drip":
            _head(handler, 200, "application/json", {"Content-Length": "1000000"})
            _for_ever(handler, closing, b" ")
        case "drip_head":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Slow: ")
            _for_ever(handler, closing, b"a")
        case "drip_chunk":
            _head(handler, 200, "application/json", {"Transfer-Encoding": "chunked"})
            handler.wfile.write(b"1;slow=")
            _for_ever(handler, closing, b"a")
        case "continue":
            _for_ever(handler, closing, b"HTTP/1.1 100 Continue\r\n\r\n")
        case "silence":
            closing.wait(60)
            handler.close_connection = True
        case "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
            handler.close_connection = True
        case None:
            answer(handler, reply)


def answer(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """Answer well, compressed where the client takes that."""
    body, headers = reply.body, dict(reply.headers)
    if "gzip" in handler.headers.get("Accept-Encoding", "") and len(body) > 500:
        body = gzip.compress(body, 1)
        headers["Content-Encoding"] = "gzip"
    _send(handler, reply.status, body, reply.content_type, headers)


def dropping(*ids: str) -> Callable[[bytes], bytes]:
    """An edit that leaves some studies out of a page, or some concepts out of a list."""
    return _on_rows(lambda rows: [row for row in rows if not any(id_ in json.dumps(row)[:2000] for id_ in ids)])


def repeating() -> Callable[[bytes], bytes]:
    """An edit that gives every study of a page, or concept of a list, three times."""
    return _on_rows(lambda rows: [row for row in rows for _ in range(3)])


def adding(extra: object) -> Callable[[bytes], bytes]:
    """An edit that adds something foreign to a page or list."""
    return _on_rows(lambda rows: [extra, *rows, extra])


def _on_rows(change: Callable[[list[object]], list[object]]) -> Callable[[bytes], bytes]:
    def edit(body: bytes) -> bytes:
        value = json.loads(body)
        if isinstance(value, dict):
            value["studies"] = change(value["studies"])
        else:
            value = change(value)
        return json.dumps(value).encode()

    return edit


def _send(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
    *,
    length: int | None = -1,
    close: bool = False,
) -> None:
    told = dict(headers or {})
    if length is not None:
        told["Content-Length"] = str(len(body) if length < 0 else length)
    if close:
        told["Connection"] = "close"
        handler.close_connection = True
    _head(handler, status, content_type, told)
    handler.wfile.write(body)
    handler.wfile.flush()


def _head(handler: BaseHTTPRequestHandler, status: int, content_type: str, headers: Mapping[str, str]) -> None:
    handler.send_response_only(status)
    told = {"Date": handler.date_time_string(), "Content-Type": content_type, **headers}
    for name, value in told.items():
        handler.send_header(name, value)
    handler.end_headers()


def _for_ever(handler: BaseHTTPRequestHandler, closing: threading.Event, piece: bytes) -> None:
    """A piece every 300 ms until the client has gone: it is the client that ends this."""
    while not closing.is_set():
        handler.wfile.write(piece)
        handler.wfile.flush()
        closing.wait(0.3)
    handler.close_connection = True


@cache
def _bomb() -> bytes:
    """200 MB of spaces in 200 KB: one packed MB again and again, since to pack all of them keeps a machine busy."""
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = machine.compress(b" " * (1 << 20)) + machine.flush(zlib.Z_FULL_FLUSH)
    return _GZIP + block * 200 + machine.flush()
