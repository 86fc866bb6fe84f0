"""Nothing that a payload says is obeyed by the terminal."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialweave.report.plain import plain, spelled


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x9b31mred", "red"),
        ("\x1b]8;;https://evil.example\x1b\\NCT06254807\x1b]8;;\x1b\\", "NCT06254807"),
        ("\x1b]8;;https://evil.example\x07NCT06254807\x1b]8;;\x07", "NCT06254807"),
        ("\x9d8;;https://evil.example\x9cNCT06254807", "NCT06254807"),
        ("\x1b]52;c;cm0gLXJm\x07copied", "copied"),
        ("\x1bP$q q\x1b\\report", "report"),
        ("\x90+q544e\x9creport", "report"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("over\rwritten\x08\x08", "over written"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("bell\x07 null\x00 delete\x7f", "bell null delete"),
        ("half a pair \ud83d", "half a pair "),
    ],
)
def test_escape_sequences_control_and_direction_characters_are_taken_out(hostile: str, shown: str) -> None:
    assert plain(hostile) == shown


@pytest.mark.parametrize("start", ["\x1b]0;", "\x9d", "\x1bP"])
def test_a_sequence_that_never_ends_hides_nothing(start: str) -> None:
    assert plain(f"Trastuzumab {start}deruxtecan").endswith("deruxtecan")


@pytest.mark.parametrize("text", ["CT-0525", "β-glucan, 5 µg/m²", "アベマシクリブ", "naïve “quoted” – dashed"])
def test_text_of_people_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@given(st.text(st.sampled_from("\x1b\x9b\x9c\x9d\x90\x07\\[]P;m8a \n\u202e\u200d")))
def test_whatever_comes_in_no_control_or_format_character_comes_out(text: str) -> None:
    shown = plain(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Co"}
    assert plain(shown) == shown


@given(st.text() | st.text(st.sampled_from('\x00\x1b\x7f\x9b\u202e\ufeff\n\t"\\u')))
def test_spelled_json_is_the_same_json_and_holds_no_command(text: str) -> None:
    line = json.dumps({"value": text}, ensure_ascii=False)
    shown = spelled(line)
    assert json.loads(shown) == json.loads(line)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
