"""The gold sets of the benchmarks are tests as well: this puts the checkout on the import path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
