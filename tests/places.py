"""Where the tests find what is not part of the checkout. They skip where it is missing."""

import os
from pathlib import Path

REALDATA = Path(os.environ.get("TRIALWEAVE_REALDATA") or Path(__file__).resolve().parents[2] / "shared" / "realdata")
REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "reference"
