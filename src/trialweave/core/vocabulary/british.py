"""British spellings of word parts in definitions, and the American ones.

Origin: the words of 2,770 NCIt definitions that the two spell apart. Both sides of a comparison are read alike, so that
a part may stand in words that everybody spells so.
"""

from __future__ import annotations

import re

_PARTS = {
    "aemi": "emi", "haem": "hem", "oedema": "edema", "oestr": "estr", "oesoph": "esoph", "paed": "ped",
    "diarrhoea": "diarrhea", "foet": "fet", "tumour": "tumor", "colour": "color", "humour": "humor",
    "behaviour": "behavior", "favour": "favor", "isation": "ization", "ising": "izing", "ised": "ized", "ise": "ize",
    "ysing": "yzing", "ysed": "yzed", "yse": "yze", "logue": "log", "labell": "label", "signall": "signal",
    "modell": "model", "travell": "travel", "centre": "center", "fibre": "fiber", "litre": "liter",
    "defence": "defense", "sulph": "sulf", "aluminium": "aluminum", "grey": "gray",
}  # fmt: skip
_BRITISH = re.compile("|".join(sorted(_PARTS, key=lambda part: (-len(part), part))))


def american(folded: str) -> str:
    """A folded text with these parts in American spelling: `leukaemia` is `leukemia`, `humanised` is `humanized`."""
    return _BRITISH.sub(lambda part: _PARTS[part[0]], folded)
