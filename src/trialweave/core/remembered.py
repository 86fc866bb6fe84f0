"""How many texts a pure function remembers its answers for (`lru_cache`).

Words, names and sentences recur, mostly soon: in the next check of the same record, in the next record of the same
study or concept. Four to eight times as many cost 30 MB and gave no time back (100,000 records, 5,000 concepts): what
does not come again soon comes again so late that only holding all of it would help.
"""

from __future__ import annotations

TOKENS = 2_048
"""Single words and tokens: a few bytes each."""

IDS = 1_024
"""Ids as rows have them: each is asked for several times in a row."""

LAST = 16
"""What is asked for twice in a row."""

PATHS = 2_048
"""Pointers into payloads: the first items of their lists."""

NAMES = 1_024
"""Names, and what short fields hold."""

READ_NAMES = 2_048
"""Names as they are compared: what costs most to work out, and recurs with every concept that bears it."""

OWNED = 256
"""Names whose owners were asked for."""

PROSE = 256
"""Descriptions, definitions, sentences of them."""
