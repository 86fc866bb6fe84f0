"""Spelling: what makes two texts the same words in other clothes.

`fold` is the one normaliser, everything else stands on it: NFKC, case, accents, Greek spelled out, all dashes to "-",
curly quotes to straight ones, marks such as (R) and TM dropped, every kind of space to " ", invisible characters gone.
Measured on 2,220 curated names (conflicts.md, finding 1): 97.6 % differ byte-wise, 12.7 % after `squash`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from html import unescape

from trialweave.core.remembered import NAMES

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho",
    "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
        **dict.fromkeys("’‘´`′‛", "'"),
        **dict.fromkeys("“”„″", '"'),
        **dict.fromkeys("®™©℠", " "),
        **dict.fromkeys("×✕⋅·•", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"),
    }
)
_HALF_WIDTH = str.maketrans({**{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}, "、": ","})
_NAME_LENGTH = 200
"""Shorter texts are names, which come again and again."""

_MOST_TO_ALIGN = 3_000_000
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_BRACKETED_MARK = re.compile(r"(?<=\w)( ?)\((?:r|tm|sm|c)\)(?![-\w])")
WORD = re.compile(r"[^\W_]+(?:(?<=\d)\.(?=\d)[^\W_]+)*")
"""A word of a folded text: letters and digits; a decimal point between digits holds."""

_DECIMAL_POINT = re.compile(r"\.(?<=\d\.)(?=\d)")
ONLY_WORDS = str.maketrans({character: " " for character in map(chr, range(128)) if not character.isalnum()})
"""Leaves of ASCII text the letters and digits."""

_NCI = r"nci(?:t| thesaurus|\d\d)?"
_DEFINITION_PREFIX = re.compile(
    rf"^\s*(?:nci\s*\||[(\[]{_NCI}[)\]]|(?:{_NCI}(?: definition)?|definition)\s*:)\s*", re.IGNORECASE
)
_SOURCE_TAIL = re.compile(
    rf"(?: ?[(\[] ?(?:(?:source|definition)[: ] ?)?{_NCI} ?[)\]]|(?<=[.)\]]) ?(?:source: ?)?{_NCI}) ?\.? ?$",
    re.IGNORECASE,
)
_LONGEST_TAIL = 32
_ADVERTISEMENT = re.compile(r"(?P<begin>check for\b)|(?P<end>\bclinical trials\b)|\.", re.IGNORECASE)
"""An advertisement stands in one sentence, and goes on to the end of the text."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_INLINE_TAG = re.compile(r"</?(?:su[bp]|[biu]|em|strong|span)(?:\s[^<>]{0,200})?>", re.IGNORECASE)
"""Tags inside words: HER<sub>2</sub> is HER2, while other tags stand between words."""

_QUOTES = ('""', "''", "\u201c\u201d", "\u2018\u2019", "\u00ab\u00bb")
_AROUND_DASH = re.compile(r" ?([-/]) ?")
_DASHES = (" -", "- ", " /", "/ ")
_STRAY_SPACE = re.compile(r" (?=[,;:)\]]|\.(?: |$))|(?<=[(\[]) ")
_STRAYS = (" ,", " ;", " :", " )", " ]", " .", "( ", "[ ")
"""What either of the two needs to find anything, in a text with single spaces: most definitions have none of it."""


def fold(text: str) -> str:
    """The text in one spelling. White space is made plain but not collapsed, so that ASCII text keeps its offsets."""
    if text.isascii():
        return _drop_marks(text.lower())
    return _fold_name(text) if len(text) < _NAME_LENGTH else _folded(text)


def half_width(text: str) -> str:
    """The text with full-width letters, digits and punctuation as those of ASCII, each in its place: `（CT－0525）`.

    For patterns that look at how a text is written, where `fold` would take too much away.
    """
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """`fold`, and for each character of the result its index in `text`; None where the two run in step."""
    if text.isascii():
        return _drop_marks(text.lower()), None
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for run in _NOT_ASCII.finditer(text):
        pieces.append(text[at : run.start()].lower())
        offsets.extend(range(at, run.start()))
        for index, plain in enumerate(_plain_run(text, run), run.start()):
            pieces.append(plain)
            offsets.extend([index] * len(plain))
        at = run.end()
    pieces.append(text[at:].lower())
    offsets.extend(range(at, len(text)))
    return _drop_marks("".join(pieces)), offsets


def word_list(folded: str) -> list[str]:
    """The words of a folded text: runs of letters and digits; a decimal point holds."""
    return folded.translate(ONLY_WORDS).split() if _is_plain(folded) else WORD.findall(folded)


def spaced_words(folded: str) -> str:
    """The same as one text, with nothing but white space between the words and around them."""
    return folded.translate(ONLY_WORDS) if _is_plain(folded) else " ".join(WORD.findall(folded))


def _is_plain(folded: str) -> bool:
    """Does nothing but letters and digits of ASCII make words?"""
    return folded.isascii() and ("." not in folded or _DECIMAL_POINT.search(folded) is None)


def _begins_a_word(text: str, index: int) -> bool:
    """Does no letter stand before, not even one whose accent is a character of its own?"""
    while index and unicodedata.combining(text[index - 1]):
        index -= 1
    return not text[index - 1 : index].isalpha()


def words(folded: str) -> list[tuple[str, int, int]]:
    """The words of a folded text, each with its start and end."""
    return [(match[0], match.start(), match.end()) for match in WORD.finditer(folded)]


@lru_cache(maxsize=NAMES)
def spelling(text: str) -> str:
    """Folded, white space collapsed: the form in which two names differ only by more than spelling."""
    return " ".join(fold(text).split())


@lru_cache(maxsize=NAMES)
def squash(text: str) -> str:
    """Letters and digits alone: CT-0525, CT 0525 and CT0525 are one. A decimal point between digits stays."""
    return "".join(word_list(fold(text)))


@lru_cache(maxsize=NAMES)
def definition_text(text: str) -> str:
    """A definition without its source tag, markup and advertisement, in one spelling.

    Taken off, as NCI's own refresh tool does: a leading `NCI|` or `Definition:`, a trailing `(NCI05)`, `[NCIt]` or
    `Source: NCI Thesaurus`, tags, "Check for active clinical trials ...". HTML entities are read, quotes around the
    whole are taken off, spaces around "-" and "/", before a comma and inside brackets are closed. Of 565 codes with
    several stored texts 542 then agree (conflicts.md E4).
    """
    plain = _unquoted(" ".join(_TAG.sub(" ", _INLINE_TAG.sub("", unescape(text))).split()))
    plain = _without_advertisement(_DEFINITION_PREFIX.sub("", plain))
    while (tail := _SOURCE_TAIL.search(plain, max(0, len(plain) - _LONGEST_TAIL))) is not None:
        plain = plain[: tail.start()]
    plain = " ".join(fold(_unquoted(plain)).split())
    if any(stray in plain for stray in _STRAYS):
        plain = _STRAY_SPACE.sub("", plain)
    return _AROUND_DASH.sub(r"\1", plain) if any(dash in plain for dash in _DASHES) else plain


def _without_advertisement(text: str) -> str:
    """One pass: from each "check for" on to the end of its sentence would take a long one times its length."""
    if "check for" not in text.lower():
        return text
    begin: int | None = None
    for found in _ADVERTISEMENT.finditer(text):
        if found["begin"]:
            begin = found.start() if begin is None else begin
        elif not found["end"]:
            begin = None
        elif begin is not None:
            return text[:begin].rstrip()
    return text


def aligned(left: Sequence[str], right: Sequence[str]) -> SequenceMatcher[str] | None:
    """Two texts, as lists of words, laid beside each other; None where that takes out of all proportion long.

    Each round looks at every pair of equal words, and there are as many rounds as places where the texts part: two
    texts of 500 words can take a second, and of 10,000 a day. The longest of 207 real definitions beside itself comes
    to 500 pairs, and to 76,000 if it parted at each word.
    """
    mine, theirs = Counter(left), Counter(right)
    pairs = sum(times * theirs[word] for word, times in mine.items())
    shorter = min(len(left), len(right))
    apart = shorter - min(shorter, _in_common(left, right) + _in_common(left[::-1], right[::-1]))
    if pairs * (apart + 1) > _MOST_TO_ALIGN:
        return None
    return SequenceMatcher(None, left, right, autojunk=False)


def _in_common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many words two texts begin with together."""
    return next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def definition_ratio(left: str, right: str) -> float:
    """How alike two definitions are, from 0 to 100: twice the words in common order over all words.

    In any order where there are too many to look for their order (`aligned`).

    Equal but for typography is 100. Measured on the public tables: 26 rewordings of one drug's definition score 59 to
    99, and 150 pairs of different drugs 3 to 30. Characters separate worse (66 against 53, conflicts.md E4).
    """
    a, b = definition_text(left), definition_text(right)
    if a == b:
        return 100.0
    mine, theirs = a.split(), b.split()
    if (beside := aligned(mine, theirs)) is not None:
        return 100.0 * beside.ratio()
    return 200.0 * (Counter(mine) & Counter(theirs)).total() / (len(mine) + len(theirs))


def _unquoted(text: str) -> str:
    """The text without quotes around the whole of it."""
    inside = text[1:-1]
    quoted = len(text) > 1 and f"{text[0]}{text[-1]}" in _QUOTES and text[0] not in inside and text[-1] not in inside
    return inside.strip() if quoted else text


@lru_cache(maxsize=NAMES)
def _fold_name(text: str) -> str:
    return _folded(text)


def _folded(text: str) -> str:
    pieces: list[str] = []
    at = 0
    for run in _NOT_ASCII.finditer(text):
        pieces.append(text[at : run.start()].lower())
        pieces += _plain_run(text, run)
        at = run.end()
    pieces.append(text[at:].lower())
    return _drop_marks("".join(pieces))


def _plain_run(text: str, run: re.Match[str]) -> Iterator[str]:
    """The characters of a run, each in plain clothes.

    A sharp s that begins a word is a beta that somebody typed so: `TGF-ß`, `ß-glucan`.
    """
    for index, character in enumerate(run[0], run.start()):
        yield _plain("β" if character == "ß" and _begins_a_word(text, index) else character)


def _drop_marks(lowered: str) -> str:
    if ")" not in lowered:
        return lowered
    return _BRACKETED_MARK.sub(lambda mark: " " * len(mark[0]), lowered)


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One non-ASCII character in plain clothes: nothing, one or several characters."""
    replaced = character.translate(_PLAIN)
    if replaced != character:
        return replaced
    opened = unicodedata.normalize("NFKD", character).casefold()
    kept = "".join(_GREEK.get(c, c) for c in opened if not unicodedata.combining(c))
    return "".join(" " if c.isspace() else c for c in kept).translate(_PLAIN)
