"""What holds for any name."""

import random

from hypothesis import assume, example, given
from hypothesis import strategies as st
from naming_builders import concept, in_study, intervention, record, study

from trialweave.core.naming import (
    compare_record_concept,
    compare_record_study,
    compare_study_concept,
    hits,
    is_generic,
    name_parts,
)
from trialweave.core.naming.names import read_name
from trialweave.core.naming.tokens import is_class_word
from trialweave.core.text import squash

NAMES = st.sampled_from(
    [
        "Nivolumab",
        "Palbociclib",
        "CT-0525",
        "Zoledronic Acid",
        "Beta-elemene",
        "Multikinase Inhibitor AEE788",
        "Interferon Alfa-2b",
    ]
)
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=12)
WORDS = st.lists(LETTERS, min_size=1, max_size=3).map(" ".join)
ANY = st.text(max_size=60)


@given(NAMES, st.randoms(use_true_random=False))
def test_another_spelling_always_matches(name: str, chance: random.Random) -> None:
    spelt = "".join(chance.choice((c.upper(), c.lower())) for c in name).replace("-", chance.choice("-‐–‑"))
    spelt = spelt.replace(" ", chance.choice((" ", "\u00a0", "\u2009", "  "))) + chance.choice(("", "®", "™"))
    answer = compare_record_concept(record(spelt), concept(name))
    assert answer.verdict == "match"
    assert answer.tier in ("exact", "normalised")
    assert in_study(name, study(intervention(spelt))).verdict == "match"


@given(WORDS, WORDS)
@example("mesothelin", "aaaa")  # looks like a biosimilar's suffix, behind a word that is no drug
@example("interferon tromethamine", "aaaa")
def test_equal_squash_is_a_match_unless_the_name_is_generic_or_weak(left: str, right: str) -> None:
    name = read_name(f"{left} {right}")
    answer = compare_record_concept(record(f"{left}-{right}"), concept(f"{left} {right}"))
    assert squash(f"{left}-{right}") == name.key
    assert answer.verdict == ("match" if name.specific else "unverifiable")


@given(WORDS, WORDS)
def test_names_alone_match_both_ways_or_neither(left: str, right: str) -> None:
    """Class words aside: a record may add `substance` to its concept's name."""
    assume(not any(map(is_class_word, (*left.split(), *right.split()))))
    there = compare_record_concept(record(left), concept(right))
    back = compare_record_concept(record(right), concept(left))
    assert (there.verdict == "match") == (back.verdict == "match")


@given(ANY, st.lists(ANY, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_synonyms_does_not_matter(name: str, synonyms: list[str], chance: random.Random) -> None:
    shuffled = list(synonyms)
    chance.shuffle(shuffled)
    one, two = concept("Nivolumab", *synonyms), concept("Nivolumab", *shuffled)
    given_study = study(intervention(name))
    for first, second in (
        (compare_record_concept(record(name), one), compare_record_concept(record(name), two)),
        (compare_study_concept(given_study, one), compare_study_concept(given_study, two)),
    ):
        assert (first.verdict, first.tier, first.matched, first.because) == (
            second.verdict,
            second.tier,
            second.matched,
            second.because,
        )


@given(ANY, ANY, ANY)
def test_never_raises(name: str, preferred: str, told: str) -> None:
    given_study = study(intervention(told, preferred), title=told, summary=name, detailed=told, eligibility=name)
    told_record, told_concept = record(name, preferred, told), concept(preferred, told)
    verdicts = [
        compare_record_concept(told_record, told_concept).verdict,
        compare_record_study(told_record, given_study, told_concept).verdict,
        compare_study_concept(given_study, told_concept, told_record).verdict,
    ]
    assert set(verdicts) <= {"match", "mismatch", "unverifiable"}
    assert all(hit.matched for hit in hits([told_record, told_concept], given_study))
    assert is_generic(name) in (True, False)
    assert len(set(name_parts(name))) == len(name_parts(name))


@given(LETTERS, LETTERS, st.integers(100, 9999), st.integers(100, 9999))
def test_codes_with_other_numbers_never_match(stem: str, other: str, one: int, two: int) -> None:
    left, right = f"{stem[:3]}-{one}", f"{stem[:3]}-{two}"
    if squash(left) != squash(right):
        assert compare_record_concept(record(left), concept(right, other)).verdict != "match"
        assert in_study(left, study(intervention(right))).verdict != "match"


@given(WORDS)
def test_a_generic_name_never_matches(words: str) -> None:
    generic = "Anti-CD19 CAR-T cells"
    assert compare_record_concept(record(generic), concept(words, generic)).verdict != "match"
    assert compare_record_study(record(generic), study(intervention(generic, words))).verdict != "match"
