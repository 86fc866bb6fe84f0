"""Acknowledgements: a file that people and the tool write, read strictly, appended to without loss."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.errors import UsageError
from trialweave.nightly.acknowledgements import Acknowledgement, Acknowledgements, append, load, parse

A, B = "a" * 16, "b" * 16
DAY = date(2026, 11, 23)


def entry(key: str = A, until: date = DAY, *, cause: bool = False, reason: str = "known") -> Acknowledgement:
    return Acknowledgement("cause" if cause else "fingerprint", key, reason, until)


def conflict(fingerprint: str = A, cause: str = B) -> dict[str, str]:
    return {"fingerprint": fingerprint, "cause": cause}


# ---------------------------------------------------------------- what they do


@pytest.mark.parametrize(
    ("given_entry", "until"),
    [
        (entry(), "2026-11-23"),
        (entry(B, cause=True), "2026-11-23"),
        (entry(until=date(2026, 11, 22)), None),
        (entry(B), None),
        (entry(A, cause=True), None),
    ],
)
def test_one_holds_through_its_last_day_for_its_own_fingerprint_or_cause(
    given_entry: Acknowledgement, until: str | None
) -> None:
    assert Acknowledgements((given_entry,), DAY).until(conflict()) == until


def test_the_longest_of_several_counts() -> None:
    entries = (entry(), entry(until=date(2027, 1, 1)), entry(B, date(2026, 12, 1), cause=True))
    assert Acknowledgements(entries, DAY).until(conflict()) == "2027-01-01"


def test_unused_and_ending_ones_are_told() -> None:
    entries = (entry(), entry(B), entry(B, date(2026, 11, 29), cause=True), entry(A, date(2026, 11, 30)))
    known = Acknowledgements(entries, DAY)
    known.until(conflict())
    assert [told["unused"] for told in known.report()] == [False, True, False, False]
    assert known.ending == [entries[0], entries[2]]
    assert known.report()[2] == {
        "cause": B,
        "reason": "known",
        "author": None,
        "until": "2026-11-29",
        "unused": False,
    }


# ---------------------------------------------------------------- the file


def test_a_missing_file_holds_none(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml", DAY).entries == ()
    assert load(None, DAY).entries == ()


GOOD = f'''# known things
[[acknowledgement]]
fingerprint = "{A}"
reason = """
two lines, one of them like a header:
[[acknowledgement]]
"""
until = 2027-01-31
'''


ENTRY = "[[acknowledgement]]\n"
REST = 'reason = "x"\nuntil = 2027-01-31'


@pytest.mark.parametrize(
    ("more", "where"),
    [
        (
            f'{ENTRY}fingerprint = "A1"\n{REST}',
            "known.toml:10: fingerprint has to",
        ),
        (
            f'{ENTRY}cause = "{A}"\nreason = " "\nuntil = 2027-01-31',
            "known.toml:11: an entry needs a reason",
        ),
        (f'{ENTRY}cause = "{A}"\nreason = "x"', "known.toml:9: until has to be a day"),
        (
            f'{ENTRY}cause = "{A}"\nreason = "x"\nuntil = "2027-01-31"',
            "known.toml:12: until has to be a day",
        ),
        (f'{ENTRY}cause = "{A}"\nfingerprint = "{A}"', "known.toml:9: an entry names either"),
        (ENTRY, "known.toml:9: an entry names either"),
        (f'{ENTRY}cause = "{A}"\nuntill = 2027-01-31', "known.toml:11: 'untill' is unknown"),
        (f'[[acknowledgment]]\ncause = "{A}"', "known.toml:9: 'acknowledgment' is unknown here"),
        ("nonsense", "known.toml: this is not TOML: .*line 9"),
        ("x = " + "[" * 5_000 + "]" * 5_000, "known.toml: this is not TOML"),
        ("x = 1" + "0" * 10_000, "known.toml: this is not TOML"),
    ],
    ids=lambda value: value[:60],
)
def test_what_is_wrong_is_said_with_its_line(more: str, where: str) -> None:
    assert len(parse(GOOD, "known.toml")) == 1
    with pytest.raises(UsageError, match=where.replace(".toml:", r"\.toml:")):
        parse(f"{GOOD}{more}\n", "known.toml")


def test_appending_keeps_what_stands_there_and_its_comments(tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    file.write_text(GOOD)
    more = [entry(B, date(2027, 1, 1)), entry(A, date(2027, 1, 31)), entry(A, date(2027, 3, 1), cause=True)]
    assert append(file, more) == 2
    text = file.read_text()
    assert text.startswith(GOOD)
    assert [(e.by, e.key) for e in parse(text, "x")] == [("fingerprint", A), ("cause", A), ("fingerprint", B)]
    assert append(file, more) == 0
    assert file.read_text() == text


def test_a_file_of_another_editor_is_read_and_keeps_its_line_ends(tmp_path: Path) -> None:
    """With a byte order mark it was no TOML, and appending gave other ends to all lines."""
    file = tmp_path / "known.toml"
    first = GOOD.rstrip().replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + first.encode())
    assert [e.key for e in load(file, DAY).entries] == [A]
    assert append(file, [entry(B, date(2027, 1, 1))]) == 1
    text = file.read_bytes().decode("utf-8-sig")
    assert text.startswith(first + "\r\n\r\n")
    assert text.count("\n") == text.count("\r\n")
    assert [e.key for e in load(file, DAY).entries] == [A, B]


def test_a_broken_file_is_not_appended_to(tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    file.write_text("nonsense")
    with pytest.raises(UsageError, match=r"known\.toml"):
        append(file, [entry()])
    assert file.read_text() == "nonsense"


@given(st.text(), st.none() | st.text())
def test_any_reason_and_author_survive_the_file(reason: str, author: str | None) -> None:
    written = Acknowledgement("fingerprint", A, reason + "x", DAY, author)
    (table,) = tomllib.loads(written.as_toml())["acknowledgement"]
    assert table["reason"] == reason + "x"
    assert table.get("author") == author


def test_two_who_append_at_once_both_get_in(tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    program = (
        "import sys; from datetime import date; from pathlib import Path;"
        "from trialweave.nightly.acknowledgements import Acknowledgement, append\n"
        "for n in range(10): append(Path(sys.argv[1]),"
        " [Acknowledgement('fingerprint', f'{sys.argv[2]}{n:015}', 'r', date(2027, 1, 1))])"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(file), digit]) for digit in "12"]
    assert [writer.wait(300) for writer in writers] == [0, 0]
    assert len(load(file, DAY).entries) == 20
