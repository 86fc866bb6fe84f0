"""How many texts a pure function remembers its answers for (`lru_cache`).

Words, names and sentences recur, mostly soon: in the next check of the same record, in the next record of the same
study or concept. The numbers are so small that what is remembered stops growing within some thousand records.
"""

from __future__ import annotations

TOKENS = 8_192
"""Single words and tokens: a few bytes each."""

IDS = 1_024
"""Ids as rows have them: each is asked for several times in a row."""

PATHS = 2_048
"""Pointers into payloads: the first items of their lists."""

NAMES = 4_096
"""Names, and what short fields hold."""

READ_NAMES = 8_192
"""Names as they are compared: what costs most to work out, and recurs with every concept that bears it."""

PROSE = 1_024
"""Descriptions, definitions, sentences of them."""
