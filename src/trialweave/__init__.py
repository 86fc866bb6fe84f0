"""trialweave: drug records laid beside their ClinicalTrials.gov studies and NCI Thesaurus concepts.

`Weaver` is the way in; everything else is reached through what it gives back. Names are imported when first used, so
that `trialweave --help` starts without requests and pydantic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trialweave.api import Weaver
    from trialweave.core.output import Enriched
    from trialweave.settings import Settings

__all__ = ["Enriched", "Settings", "Weaver", "__version__"]
__version__ = "0.1.0"

_HOMES = {"Weaver": "trialweave.api", "Enriched": "trialweave.core.output", "Settings": "trialweave.settings"}

if not TYPE_CHECKING:  # to a checker, a module that answers to any name has all of them

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'trialweave' has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
