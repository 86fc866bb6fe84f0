"""Spelling and definitions."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.core.text import (
    aligned,
    definition_ratio,
    definition_text,
    fold,
    fold_with_offsets,
    half_width,
    spelling,
    squash,
    word_list,
    words,
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("CT‑0525", "ct-0525"),  # non-breaking hyphen
        ("CT–0525", "CT−0525"),  # en dash, minus
        ("zoledronic\u00a0acid", "Zoledronic Acid"),
        ("zoledronic\u2009acid", "zoledronic  acid"),
        ("nivo\u200blumab", "Nivolumab"),
        ("Gleevec®", "gleevec"),
        ("Gleevec(R)", "Gleevec™"),
        ("TGFβ", "tgfbeta"),
        ("TGF-ß", "tgf-beta"),
        ("ß-glucan", "beta-glucan"),
        ("Weiß", "weiss"),
        ("re\u0308ß", "ress"),
        ("Crohn’s", "crohn's"),
        ("naïve", "NAIVE"),
        ("nai\u0308ve", "naïve"),
        ("ＣＴ－０５２５", "CT-0525"),
    ],
)
def test_one_spelling(left: str, right: str) -> None:
    assert spelling(left) == spelling(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("CT-0525", "CT 0525"), ("CT0525", "ct 0525"), ("anti-HER2", "anti HER2"), ("β-carotene", "beta carotene")],
)
def test_one_squash(left: str, right: str) -> None:
    assert squash(left) == squash(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1.5 mg", "15 mg"),
        ("CT-0525", "CT-0508"),
        ("alpha", "beta"),
        ("(R)-ketamine", "ketamine"),
    ],
)
def test_what_a_squash_keeps_apart(left: str, right: str) -> None:
    assert squash(left) != squash(right)


def test_a_mark_is_dropped_and_a_stereo_descriptor_is_kept() -> None:
    assert spelling("Herceptin (R) injection") == "herceptin injection"
    assert spelling("(R)-lipoic acid") == "(r)-lipoic acid"


@given(st.text())
def test_folding_is_total_and_offsets_point_into_the_text(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    if offsets is None:
        assert len(folded) == len(text)
    else:
        assert len(offsets) == len(folded)
        assert offsets == sorted(offsets)
        assert all(0 <= at < len(text) for at in offsets)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert spelling(spelling(text)) == spelling(text)
    assert squash(squash(text)) == squash(text)


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_composition_does_not_matter(text: str) -> None:
    assert squash(unicodedata.normalize("NFD", text)) == squash(unicodedata.normalize("NFC", text))


@given(st.text())
def test_half_width_text_keeps_its_places(text: str) -> None:
    half = half_width(text)
    assert len(half) == len(text)
    assert not any("\uff01" <= character <= "\uff5e" for character in half)
    assert half_width(half) == half


@given(st.text() | st.text(alphabet="a1. -_é™(r)\u00ad"))
def test_the_short_ways_to_a_folded_text_and_its_words_are_the_long_ones(text: str) -> None:
    folded, _ = fold_with_offsets(text)
    assert fold(text) == folded
    assert word_list(folded) == [word for word, _, _ in words(folded)]


@given(st.text())
def test_a_squash_is_the_words_without_what_is_between(text: str) -> None:
    folded, _ = fold_with_offsets(text)
    assert squash(text) == "".join(word for word, _, _ in words(folded))


@pytest.mark.parametrize(
    "told",
    [
        "A monoclonal antibody - with activity. (NCI04)",
        "NCI|A monoclonal antibody-with activity.",
        "<p>A monoclonal antibody -with activity.</p>",
        "A monoclonal antibody‑with activity. (NCI Thesaurus)",
        "A monoclonal antibody-with activity. Check for active clinical trials using this agent. (NCI Thesaurus)",
        "a Monoclonal antibody-with\u00a0activity.",
    ],
)
def test_a_retold_definition_is_the_same(told: str) -> None:
    assert definition_text(told) == "a monoclonal antibody-with activity."
    assert definition_ratio(told, "A monoclonal antibody-with activity.") == 100


def test_the_ratio_orders_reworded_before_unrelated() -> None:
    one = "An antibody that binds to PD-1 and activates T-cell-mediated immune responses against tumor cells."
    reworded = "An antibody binding to PD-1 that may activate T-cell-mediated immune responses against tumor cells."
    other = "A platinum compound which forms cross-links in DNA, inhibiting its synthesis in dividing cells."
    assert definition_ratio(one, reworded) > 60 > 40 > definition_ratio(one, other)


def test_less_than_signs_are_no_markup() -> None:
    assert "5 < 6 and 7 > 2" in definition_text("Doses 5 < 6 and 7 > 2 are given.")


@given(st.text(), st.text())
def test_the_ratio_is_a_percentage(left: str, right: str) -> None:
    assert 0 <= definition_ratio(left, right) <= 100
    assert definition_ratio(left, left) == 100


@pytest.mark.parametrize(
    "piece",
    ["a x ", "lorem ipsum dolor ", "check for active ", "(NCI)", "( nci Thesaurus )", "<b", "- b ", '"', "&lt;"],
)
def test_a_definition_of_any_length_is_compared(piece: str) -> None:
    """Each of these took a time with the square, or the cube, of its length: it is enough that this ends."""
    left, right = f"begin {piece * 30_000}", f"begin {piece.replace('x', 'y') * 30_000} end"
    assert definition_ratio(left, right) > 0


def test_an_advertisement_goes_on_to_the_end_and_not_beyond_its_sentence() -> None:
    advertised = "A drug. Check for active clinical trials or closed clinical trials using this agent. (NCI Thesaurus)"
    assert definition_text(advertised) == "a drug."
    assert definition_text("A drug (NCI05) (NCI)") == "a drug"
    kept = "check for toxicity. in clinical trials it was safe."
    assert definition_text(kept) == kept


@pytest.mark.parametrize(
    ("left", "right"), [("word " * 200 + "here" + " end" * 200, "word " * 200 + "there" + " end" * 200)]
)
def test_long_texts_that_part_in_one_place_are_laid_beside_each_other(left: str, right: str) -> None:
    beside = aligned(left.split(), right.split())
    assert beside is not None
    assert [action for action, *_ in beside.get_opcodes()] == ["equal", "replace", "equal"]
    assert aligned(["a", "x"] * 5_000, ["a", "y"] * 5_000) is None
