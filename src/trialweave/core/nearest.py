"""The known name that somebody who misspelled one may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'enrich'?`, or nothing where no known name is near, begins so, or is its beginning."""
    names = list(known)
    starting = [other for other in names if other.startswith(name) or name.startswith(other)]
    near = difflib.get_close_matches(name, names, n=1) or starting[:1]
    return f"; did you mean {near[0]!r}?" if near else ""
