"""A stand-in for both services on the loopback: the quirks of `fetch.upstream`, a world to change, faults on demand."""

from standin.faults import Fault
from standin.payloads import concept, nct, study
from standin.server import Seen, StandIn
from standin.world import World

__all__ = ["Fault", "Seen", "StandIn", "World", "concept", "nct", "study"]
