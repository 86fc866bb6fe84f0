"""A stream finds names by their words where that settles it, and the answer is that of all canonical tokens."""

from __future__ import annotations

import re
import string

from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.naming.stream import Part, Stream
from trialweave.core.naming.tokens import canonical, plain_token, writings
from trialweave.core.text import WORD, fold, squash
from trialweave.core.vocabulary.pharmacy import SALTS

_WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "t cell cells lymphocytes lutetium lu 177 interleukin 2 her2 neu positive mesylate imatinib imatinibs therapy"
        " therapies antibody antibodies monoclonal sulphate cisplatin cis s ies y tumour PD 1 sodium"
        " azd1775 azd1775s mk3475 i 131 i131 i1234 1775 1775a 852a cd cd19 19 4-1BB b7-h3 her2-positive pos C-14 c1234",
    )
)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=8).map(" ".join)
_SENTENCES = st.lists(_TEXTS.map("{} end".format), min_size=1, max_size=3)
_NAMES = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)


def _in_parts(sentences: list[str], *, apart: bool) -> Stream:
    """The sentences as one part, or as a part each."""
    texts = sentences if apart else [". ".join(sentences)]
    return Stream([Part("summary", f"/{number}", text) for number, text in enumerate(texts)])


def _all_words(sentences: list[str]) -> list[str]:
    return [word for sentence in sentences for word in (*WORD.findall(fold(sentence)), "\n")]


@given(sentences=_SENTENCES, name=_NAMES, apart=st.booleans())
def test_words_and_canonical_tokens_find_the_same_places(sentences: list[str], name: str, *, apart: bool) -> None:
    tokens = tuple(token for token, _, _ in canonical(WORD.findall(fold(name))))
    whole = [item for item in canonical(_all_words(sentences)) if item[0] not in SALTS]
    windows = (whole[at : at + len(tokens)] for at in range(len(whole)))
    expected = [(met[0][1], met[-1][2]) for met in windows if tuple(token for token, _, _ in met) == tokens]
    assert list(_in_parts(sentences, apart=apart).find_tokens(tokens)) == expected


@given(sentences=_SENTENCES, name=_NAMES, apart=st.booleans())
def test_a_spelling_is_found_wherever_whole_words_make_it(sentences: list[str], name: str, *, apart: bool) -> None:
    key, words = squash(name), _all_words(sentences)
    spans = ((first, last) for first in range(len(words)) for last in range(first, len(words)))
    expected = [(first, last) for first, last in spans if "".join(words[first : last + 1]) == key]
    stream = _in_parts(sentences, apart=apart)
    assert list(stream.find(key)) == expected
    assert [squash(stream.occurrence(span).text) for span in expected] == [key] * len(expected)


@given(one=_SENTENCES, other=_SENTENCES, name=_NAMES)
def test_streams_joined_are_one(one: list[str], other: list[str], name: str) -> None:
    joined = Stream.joined(_in_parts(one, apart=True), _in_parts(other, apart=False))
    whole = _in_parts([*one, *other], apart=True)
    tokens = tuple(token for token, _, _ in canonical(WORD.findall(fold(name))))
    assert joined.find(squash(name)) == whole.find(squash(name))
    assert joined.find_tokens(tokens) == whole.find_tokens(tokens)
    assert joined.vocabulary == whole.vocabulary


@given(_TEXTS)
def test_plain_words_stay_what_they_are_beside_each_other(text: str) -> None:
    words = [word for word in WORD.findall(fold(text)) if plain_token(word)]
    alone = [(plain_token(word), at, at) for at, word in enumerate(words)]
    assert canonical(words) == alone
    assert canonical([*words, "\n", "tumor"])[: len(words)] == alone, "the way of rows with other words"


@given(st.text(max_size=30))
def test_a_capital_can_end_a_sentence_of_folded_words(text: str) -> None:
    assert not any(letter in fold(text) for letter in string.ascii_uppercase)


def test_what_a_table_knows_depends_on_its_neighbours() -> None:
    assert writings("imatinib") == ("imatinib", "imatinibs")
    assert writings("therapy") == ("therapy", "therapys", "therapies")
    assert writings("azd1775") == ("azd1775", "azd1775s")
    assert writings("lymphocyte") is writings("mesylate") is writings("her2") is writings("lu177") is None
    assert writings("177") is writings("cd1234") is writings("i1234") is None
