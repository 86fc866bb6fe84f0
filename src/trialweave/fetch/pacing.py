"""No more requests a second than a host is happy with, however many processes ask.

One small file per host and port holds the moment from which the next request may go (GCRA with a burst of one), under
a lock that the kernel releases with its holder. Moments are those of the monotonic clock, which is one for all
processes of a machine and does not follow a clock that is set, or pinned for a run.
"""

from __future__ import annotations

import os
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

from trialweave.clock import Clock
from trialweave.fetch.locking import SHARED, locked

MARGIN = 1.02
"""Requests that leave evenly arrive unevenly; at the limit itself measured jitter alone was answered with 429."""

_HORIZON = 60.0
_MOMENT = struct.Struct("<d")


@dataclass(slots=True)
class Pacer:
    """Hands out the right to send one request. `rate` in requests a second; zero or less means no limit."""

    clock: Clock
    rate: float
    path: Path | None = None
    shared: bool = field(init=False, default=True)
    _next: float = field(init=False, default=0.0)

    def wait(self) -> None:
        """Sleep until a request may be sent. Every attempt takes its own turn, a retry as well."""
        if self.rate <= 0:
            return
        pause = self._reserve()
        if pause > 0:
            self.clock.sleep(pause)

    def _reserve(self) -> float:
        if self.path is not None and SHARED and self.shared:
            try:
                return self._reserve_in(self.path)
            except OSError:
                self.shared = False  # better a pace of its own than no pace
        pause, self._next = self._slot(self._next)
        return pause

    def _reserve_in(self, path: Path) -> float:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(path) as handle:
            raw = os.pread(handle, _MOMENT.size, 0)
            pause, after = self._slot(_MOMENT.unpack(raw)[0] if len(raw) == _MOMENT.size else 0.0)
            os.pwrite(handle, _MOMENT.pack(after), 0)  # in place: truncating costs a flush to disk
            return pause

    def _slot(self, promised: float) -> tuple[float, float]:
        """How long to wait for the next free slot, and the slot after it."""
        step = MARGIN / self.rate
        now = self.clock.monotonic()
        # A moment far ahead is garbage, or was written before the machine was started anew.
        start = promised if now < promised < now + _HORIZON + 4 * step else now
        return start - now, start + step


def pacer_file(directory: Path, host: str, port: int) -> Path:
    """Where the turns of one host and port are kept."""
    return directory / f"{re.sub(r'[^A-Za-z0-9.-]', '_', host)}_{port}"
