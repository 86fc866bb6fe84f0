"""A stream finds names by their words where that settles it, and the answer is that of all canonical tokens."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.naming.stream import Part, Stream
from trialweave.core.naming.tokens import canonical, writings
from trialweave.core.text import WORD, fold
from trialweave.core.vocabulary.pharmacy import SALTS

_WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "t cell cells lymphocytes lutetium lu 177 interleukin 2 her2 neu positive mesylate imatinib imatinibs therapy"
        " therapies antibody antibodies monoclonal sulphate cisplatin cis s ies y tumour PD 1 sodium",
    )
)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=12).map(" ".join)


@given(text=_TEXTS, name=st.lists(_WORDS, min_size=1, max_size=3).map(" ".join))
def test_words_and_canonical_tokens_find_the_same_places(text: str, name: str) -> None:
    tokens = tuple(token for token, _, _ in canonical(WORD.findall(fold(name))))
    whole = [item for item in canonical(WORD.findall(fold(text))) if item[0] not in SALTS]
    windows = (whole[at : at + len(tokens)] for at in range(len(whole)))
    expected = [(met[0][1], met[-1][2]) for met in windows if tuple(token for token, _, _ in met) == tokens]
    assert list(Stream([Part("summary", "/p", text)]).find_tokens(tokens)) == expected


def test_what_a_table_knows_depends_on_its_neighbours() -> None:
    assert writings("imatinib") == ("imatinib", "imatinibs")
    assert writings("therapy") == ("therapy", "therapys", "therapies")
    assert writings("lymphocyte") is writings("mesylate") is writings("her2") is writings("lu177") is None
