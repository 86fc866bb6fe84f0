"""Two texts side by side: what is marked, what is folded away, and that nothing is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.report.plain import differences
from trialweave.report.sides import Piece, compare, folded, marked, shortened


def plainly(mine: str, theirs: str) -> tuple[str, str]:
    left, right = compare(mine, theirs)
    return marked(left, "mine", colour=False).plain, marked(right, "theirs", colour=False).plain


@pytest.mark.parametrize(
    ("mine", "theirs", "shown"),
    [
        (
            "Allogeneic anti-CD19 CAR T cells",
            "Autologous anti-CD19 CAR T cells",
            ("[-Allogeneic-] anti-CD19 CAR T cells", "{+Autologous+} anti-CD19 CAR T cells"),
        ),
        ("3 or 20 billion cells", "3 or 10 billion cells", ("3 or [-20-] billion cells", "3 or {+10+} billion cells")),
        ("Kinase Inhibitor ABC", "Kinase Inhibitor", ("Kinase Inhibitor [-ABC-]", "Kinase Inhibitor")),
        ("binds to HER2", "binds to and blocks HER2", ("binds to HER2", "binds to {+and blocks+} HER2")),
    ],
)
def test_the_words_that_differ_are_marked_on_both_sides(mine: str, theirs: str, shown: tuple[str, str]) -> None:
    assert plainly(mine, theirs) == shown


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("CT-0525 monocytes", "CT0525 Monocytes"),
        ("β-glucan “pure”", 'Beta glucan "pure"'),
        ("Herceptin® for infusion", "herceptin for infusion"),
    ],
)
def test_spelling_is_no_difference(mine: str, theirs: str) -> None:
    assert plainly(mine, theirs) == (mine, theirs)


def test_texts_that_share_next_to_nothing_are_not_marked_word_by_word() -> None:
    mine, theirs = "Trastuzumab binds to HER2 on tumor cells", "An inhibitor of kinases, taken orally to treat leukemia"
    assert plainly(mine, theirs) == (mine, theirs)


def test_with_colour_the_same_words_are_underlined_and_no_bracket_is_needed() -> None:
    left, _ = compare("3 or 20 billion", "3 or 10 billion")
    text = marked(left, "mine", colour=True)
    assert text.plain == "3 or 20 billion"
    assert [(text.plain[span.start : span.end], str(span.style)) for span in text.spans] == [
        ("20", "bold underline red")
    ]


def test_a_long_text_is_folded_to_what_differs_with_a_few_words_around() -> None:
    before, after = "word " * 200, " end" * 200
    left, right = compare(f"{before}allogeneic{after}", f"{before}autologous{after}")
    assert marked(folded(left, 120), "mine", colour=False).plain == (
        "… word word word word word [-allogeneic-] end end end end end …"
    )
    assert "{+autologous+}" in marked(folded(right, 120), "theirs", colour=False).plain


def test_where_the_other_text_has_more_the_place_is_kept_in_sight() -> None:
    before, after = "word " * 200, " end" * 200
    left, _ = compare(f"{before}here{after}", f"{before}here and more{after}")
    assert "word here end" in marked(folded(left, 120), "mine", colour=False).plain


def test_a_text_that_is_not_longer_than_the_limit_stays_whole() -> None:
    pieces = (Piece("same words ", False), Piece("other", True))
    assert folded(pieces, 16) == pieces


def test_a_cut_text_says_how_much_is_missing() -> None:
    assert shortened("one two three four", 9) == "one two … (+11 characters)"
    assert shortened("one two", 9) == "one two"


_SENTENCES = st.lists(
    st.sampled_from(["CAR", "T-cell", "anti–CD19", "(HER2;", "β)", "binds,", "®", "a\u00a0b"]), max_size=12
)


@given(_SENTENCES, _SENTENCES)
def test_the_pieces_of_a_text_are_the_text(mine: list[str], theirs: list[str]) -> None:
    left, right = compare(" ".join(mine), " ".join(theirs))
    assert "".join(piece.text for piece in left) == " ".join(mine)
    assert "".join(piece.text for piece in right) == " ".join(theirs)


def test_texts_that_are_too_long_to_be_laid_beside_each_other_come_back_whole() -> None:
    mine, theirs = "a x " * 20_000, "a y " * 20_000
    assert compare(mine, theirs) == ((Piece(mine, False),), (Piece(theirs, False),))
    assert list(differences(mine, theirs)) == [(mine, False)]
