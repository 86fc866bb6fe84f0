"""An end for one request, whatever it waits for.

The timeout of a socket is one for each byte: a host that sends a byte now and then, inside a header, a chunk's size, a
handshake or one `100 Continue` after the other, holds `requests` for days. When the time is up the connection is shut
down under it, which wakes it. Time is the machine's own here: sockets know no other.
"""

from __future__ import annotations

import os
import socket
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from requests.adapters import HTTPAdapter


@dataclass(slots=True)
class Watched:
    """One request under way. `cut` says that its connection was shut down because its time was up."""

    cut: bool = False
    _connection: socket.socket | None = None
    _over: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, connection: Any) -> None:
        """The connection that is used from now on, under a descriptor of our own: TLS puts another object around it."""
        with self._lock:
            self._forget()
            self._connection = socket.socket(fileno=os.dup(connection.fileno()))
            if self.cut:
                self._shut()

    def end(self) -> None:
        """Leave the connection alone, which may serve the next request."""
        with self._lock:
            self._over = True
            self._forget()

    def cut_off(self) -> None:
        """The time is up."""
        with self._lock:
            if not self._over:
                self.cut = True
                self._shut()

    def _shut(self) -> None:
        if self._connection is not None:
            with suppress(OSError):  # the other side was faster
                self._connection.shutdown(socket.SHUT_RDWR)

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class WatchedAdapter(HTTPAdapter):
    """Sends as `HTTPAdapter` does, one request at a time, and lets none last longer than `until` says."""

    def __init__(self) -> None:
        self._request = Watched()
        super().__init__()

    @contextmanager
    def until(self, seconds: float) -> Iterator[Watched]:
        """What is sent inside the block, and read from its answer, is cut off after so many seconds."""
        self._request = watched = Watched()
        timer = threading.Timer(seconds, watched.cut_off)
        timer.daemon = True
        timer.start()
        try:
            yield watched
        finally:
            timer.cancel()
            watched.end()

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
        super().init_poolmanager(*sizes, **options)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **options)
        if not known:
            self._watch(manager)
        return manager

    def _watch(self, manager: Any) -> None:
        pools: Mapping[str, Any] = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: self._watched_pool(pool) for scheme, pool in pools.items()}

    def _take(self, connection: Any) -> None:
        self._request.take(connection)

    def _watched_pool(self, pool: Any) -> Any:
        """The class of pools whose connections tell when they are made, and when they are used again.

        urllib3 keeps connections until their pool is gone: if they kept the adapter, and so the pool, it never were.
        """
        taking = weakref.WeakMethod(self._take)

        def tell(connection: Any) -> None:
            if (take := taking()) is not None:
                take(connection)

        class WatchedConnection(pool.ConnectionCls):  # type: ignore[misc]
            def _new_conn(self) -> Any:
                made = super()._new_conn()
                tell(made)
                return made

            def getresponse(self) -> Any:
                tell(self.sock)
                return super().getresponse()

        return type(pool.__name__, (pool,), {"ConnectionCls": WatchedConnection})
