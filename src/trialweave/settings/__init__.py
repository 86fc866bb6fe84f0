"""Settings: what a team decides about its runs, frozen once it is read. `docs/settings.md` lists them all."""

from trialweave.settings.model import Checks, Gates, Settings
from trialweave.settings.reading import ENVIRONMENT, load_settings

__all__ = ["ENVIRONMENT", "Checks", "Gates", "Settings", "load_settings"]
