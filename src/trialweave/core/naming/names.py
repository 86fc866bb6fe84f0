"""One name and what it may confirm."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from trialweave.core.naming.class_words import class_words_at_end, class_words_at_start, makes_another
from trialweave.core.naming.codes import end_codes, is_code
from trialweave.core.naming.esters import esters_in
from trialweave.core.naming.features import stem_family
from trialweave.core.naming.isotopes import is_isotope
from trialweave.core.naming.parts import PLUS
from trialweave.core.naming.tokens import bare_tokens, biosimilar_suffix, is_class_word, says_nothing
from trialweave.core.remembered import NAMES, READ_NAMES
from trialweave.core.text import fold, squash
from trialweave.core.vocabulary.classes import AMBIGUOUS_NAMES, EMPTY_ADJECTIVES, NAMED_BY_A_LETTER
from trialweave.core.vocabulary.combinations import ABBREVIATED, INITIALS
from trialweave.core.vocabulary.pharmacy import SALTS
from trialweave.core.vocabulary.qualifiers import STAND_INS

_ENDING = re.compile(r"(?:um|[aeo])$")
_SHORTEST_ROOT = 6
_SHORTEST_ABROAD = 7
_SHORTEST_NUMBERED = 5
_FIGURES = {"i": "1", "ii": "2", "iii": "3", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11"}
_ROMAN = _FIGURES | {arabic: roman for roman, arabic in _FIGURES.items()}
"""Not IV, which is a route, nor X."""

_ACID_BEHIND = re.compile(r"(?:saeure|saure|zuur|syra|syre)$")
"""`Acid` at the end of a word in German, Dutch, Swedish and Danish."""

_OF_AN_ACID = re.compile(r"([a-z]{4,}(?<!fibr))ic")
_OF_A_SALT = re.compile(r"([a-z]{4,}(?<!fibr))ate")
"""Fibrates are esters: fenofibric acid is another drug than fenofibrate."""

_DOUBLED = re.compile(r"([a-z])\1")
_VOWELS = "aeiou"
_REGISTRY_NUMBER = re.compile(r"\d[\d\s.,-]*(?:\([a-z ]*\))?|nsc[\s-]?\d+|cdr\d+")


class Name(NamedTuple):
    """A name in the forms in which it climbs the ladder.

    `key` is squashed; `tokens` are canonical without salts and forms; `core` is what is left of them without class
    words at both ends (`FGFR inhibitor AZD4547` -> azd4547), or has the radioactive label at the other end, empty where
    that is nothing new; `codes` are squashed.
    `generic` names confirm nothing; `weak` ones (short, ambiguous, bare numbers) never alone. `cased` ones are short
    capitals that must be met as capitals; a `brand` is not met in lower-case prose.
    `suffix` is the one that tells biosimilars apart, `esters` are those of `esters_in`. `specific` ones can confirm;
    `forms` are what to look for: key, codes, tokens, core, each once.
    """

    text: str
    key: str
    tokens: tuple[str, ...]
    core: tuple[str, ...]
    codes: tuple[str, ...]
    components: tuple[tuple[str, ...], ...]
    generic: bool
    weak: bool
    cased: bool
    brand: bool
    suffix: str
    esters: frozenset[str]
    specific: bool
    forms: tuple[str | tuple[str, ...], ...]


def read_name(text: str, *, brand: bool = False, code: bool = False) -> Name:
    """Build a name. Any text will do; the empty one is generic. A `code` is one by its source, whatever its shape."""
    name = _as_spelled(text)
    name = _as_code(name) if code else name
    return name._replace(brand=True) if brand else name


@lru_cache(maxsize=READ_NAMES)
def _as_spelled(text: str) -> Name:
    folded = fold(text)
    key = squash(text)
    tokens = bare_tokens(text)
    codes = end_codes(text) if STAND_INS.isdisjoint(tokens) else ()
    generic = not codes and says_nothing(tokens) and NAMED_BY_A_LETTER.isdisjoint(pairwise(tokens))
    core = () if generic else _core(tokens) or _label_moved(tokens)
    core = () if "".join(core) in codes else core
    weak = _is_weak(folded, key)
    return Name(
        text,
        key,
        tokens,
        core,
        codes,
        () if generic else _components(text),
        generic,
        weak,
        len(key) <= 5 and key.isalpha() and text.strip().isupper(),
        False,
        biosimilar_suffix(folded),
        esters_in(folded),
        not generic and not weak,
        _forms(key, *codes, tokens, core),
    )


def _as_code(name: Name) -> Name:
    key = name.key
    if name.codes or name.generic or len(key) <= 3 or key.isdigit():
        return name
    core = () if "".join(name.core) == key else name.core
    return name._replace(codes=(key,), core=core, forms=_forms(key, name.tokens, core))


def of_a_combination(name: Name) -> Name:
    """A name of a combination without the codes of its drugs: `RPX2014/RPX7009` is not RPX7009."""
    if not name.codes or not name.components:
        return name
    return name._replace(codes=(), forms=_forms(name.key, name.tokens, name.core))


def _forms(*forms: str | tuple[str, ...]) -> tuple[str | tuple[str, ...], ...]:
    return tuple(dict.fromkeys(form for form in forms if form))


def is_generic(name: str) -> bool:
    """Is the name made of class words, target symbols and numbers alone, so that it denotes no single product?

    True for `Anti-CD19 CAR-T cells`, `BRAF V600E inhibitor`, `Chemotherapy` and for text without any word; false for
    `nivolumab`, `CT-0525` and for every name with one word that is not in the class tables.
    """
    return read_name(name).generic


def distinctive_tokens(name: Name) -> frozenset[str]:
    """What tells this name from others of its class: codes as one token each, words that are no class words.

    All tokens where every one is a class word.
    """
    telling = frozenset(token for token in name.tokens if len(token) > 2 and not is_class_word(token))
    if not name.codes:
        return telling or frozenset(name.tokens)
    return frozenset(name.codes) | {token for token in telling if not any(token in code for code in name.codes)}


def _core(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens without leading class words, and without trailing ones, where a product's own word is left.

    Only a word with an INN stem or a sponsor's code can stand alone: without this condition `Epidermal Growth Factor
    Receptor Inhibitor` was confirmed by "epidermal", and young autologous lymphocytes by the title's "young".
    """
    start = class_words_at_start(tokens)
    end = len(tokens) - class_words_at_end(tokens)
    core = tokens[start:end]
    if core == tokens and EMPTY_ADJECTIVES.isdisjoint(tokens):
        return ()
    if makes_another(tokens[:start], core, tokens[end:]):
        return ()
    if core == tokens or not any(stem_family(token) is not None or is_code(token) for token in core):
        core = tuple(token for token in tokens if token not in EMPTY_ADJECTIVES)
        if len(core) < 2 and not any(len(token) > 5 for token in core):
            return ()
    return core if core != tokens else ()


def _label_moved(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """A label stands before the name or behind it: `18F-florbetapir`, `Florbetapir F18`. So does `liposomal`."""
    if len(tokens) > 1 and _is_label(tokens[-1]):
        return (tokens[-1], *tokens[:-1])
    return (*tokens[1:], tokens[0]) if len(tokens) > 1 and _is_label(tokens[0]) else ()


def _is_label(token: str) -> bool:
    return token in ("liposome",) or is_isotope(token)


@lru_cache(maxsize=NAMES)
def abroad(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """A name as other languages end it: `Cisplatino`, `cisplatine` and `cisplatinum` are cisplatin.

    Letters may stand before it: `N-Acetylcystein`. So are acids: `acide zoledronique`, `Tranexamsaeure`.
    """
    if len(tokens) < 3 and (acid := _acid_abroad(tokens)):
        return tuple(bare_tokens(f"{root}ic acid") for root in acid)
    *letters, word = tokens or ("",)
    root = _ENDING.sub("", word) if all(len(letter) == 1 for letter in letters) else ""
    if len(root) < _SHORTEST_ROOT or not root.isalpha() or root[-1] in _VOWELS:
        return ()
    found = (bare_tokens(" ".join((*letters, root + ending))) for ending in ("", "e", "a", "o", "um"))
    return tuple(other for other in found if other != tokens)


def acid_or_salt(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The acid for its salt, or the salt for its acid, anywhere in a name. Empty where there is neither.

    | name | read as |
    |---|---|
    | `amoxicillin/clavulanic acid` | amoxicillin clavulanate |
    | `sodium fusidate` | fusidic acid |
    | `citric acid` | nothing: `citrate` is a salt of other drugs |
    | `fenofibrate` | nothing: an ester of the acid |
    """
    for at, word in enumerate(tokens):
        if word == "acid" and at and (acid := _OF_AN_ACID.fullmatch(tokens[at - 1])) is not None:
            salt = acid[1] + "ate"
            return () if salt in SALTS else bare_tokens(" ".join((*tokens[: at - 1], salt, *tokens[at + 1 :])))
        if (salt_of := _OF_A_SALT.fullmatch(word)) is not None:
            return bare_tokens(" ".join((*tokens[:at], salt_of[1] + "ic acid", *tokens[at + 1 :])))
    return ()


@lru_cache(maxsize=NAMES)
def spelled_abroad(tokens: tuple[str, ...], *, endings: str = "aeo") -> str | None:
    """Long words as Italian, Spanish, Portuguese and German spell them: `Metilprednisolona`, `Aripiprazol-Lauroxil`.

    `endings` are the vowels that they may lose. Other words stay: `Indocyanin green`. None where there is no long one.
    """
    long = [len(token) >= _SHORTEST_ABROAD and token.isalpha() for token in tokens]
    if not any(long):
        return None
    return " ".join(
        [_spelled_abroad(token, endings) if told else token for token, told in zip(tokens, long, strict=True)]
    )


@lru_cache(maxsize=NAMES)
def renumbered(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The number at the end in the other figures: `melanotan 1` is `melanotan I`. Empty for other names."""
    if len(tokens) < 2 or len(tokens[-2]) < _SHORTEST_NUMBERED or not tokens[-2].isalpha():
        return ()
    other = _ROMAN.get(tokens[-1])
    return (*tokens[:-1], other) if other is not None else ()


def _spelled_abroad(word: str, endings: str) -> str:
    word = word[:-1] if word[-1] in endings else word
    for ours, theirs in (("ph", "f"), ("th", "t"), ("rh", "r"), ("ch", "c"), ("y", "i"), ("ae", "e")):
        word = word.replace(ours, theirs)
    return _DOUBLED.sub(r"\1", word)


def _acid_abroad(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """What stands before `-ic acid` in an acid's name of another language: `ascorb`, `folsaure` -> `fol`."""
    if len(tokens) == 2 and tokens[0] in ("acide", "acido", "acidum"):
        return tuple(tokens[1].removesuffix(end) for end in ("ique", "ico", "icum") if tokens[1].endswith(end))
    root = _ACID_BEHIND.sub("", tokens[-1]) if len(tokens) == 1 else ""
    if not root or root == tokens[-1]:
        return ()
    return (root, root.removesuffix("in")) if root.endswith("in") else (root,)


def beginning_of_cells(tokens: tuple[str, ...]) -> str | None:
    """What the name of a cell product begins with, if these are its short form: `axi-cel`."""
    return tokens[0] if len(tokens) == 2 and tokens[1] == "cel" and len(tokens[0]) > 2 else None


def are_cells_of(beginning: str, whole: tuple[str, ...]) -> bool:
    """Is it short for this name: `axicabtagene ciloleucel`?"""
    return len(whole[0]) > len(beginning) and whole[0].startswith(beginning) and whole[-1].endswith("cel")


def _components(text: str) -> tuple[tuple[str, ...], ...]:
    """The drugs of a combination (`A/B`) in canonical tokens without class words behind; none if one is generic.

    Commas part them where an `and` ends the list: `A, B and C`.
    """
    parts = [piece for part in text.split("/") for joined in PLUS.split(part) for piece in joined.split(" and ")]
    if len(parts) < 2:
        return ()
    if ", " in text and " and " in text:
        parts = [piece for part in parts for piece in part.split(", ") if piece]
    pieces = _written_out([bare_tokens(part) for part in parts])
    ends = [len(piece) - class_words_at_end(piece) for piece in pieces]
    if any(makes_another((), piece[:end], piece[end:]) for piece, end in zip(pieces, ends, strict=True)):
        return ()
    bare = tuple(piece[:end] for piece, end in zip(pieces, ends, strict=True))
    telling = (
        len(piece) > 1 or any(len(t) > 5 or (len(t) > 2 and not is_class_word(t)) for t in piece) for piece in bare
    )
    return bare if all(telling) else ()


def _written_out(pieces: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The drugs of a combination, abbreviated ones in full: `FTC/TDF`, `LPV/r`."""
    known = [ABBREVIATED.get(piece[0], piece) if len(piece) == 1 else piece for piece in pieces]
    if any(stem_family(token) == "small_molecule" for piece in known for token in piece):
        known = [INITIALS.get(piece[0], piece) if len(piece) == 1 else piece for piece in known]
    return known


def _is_weak(folded: str, key: str) -> bool:
    if len(key) < 3 or key in AMBIGUOUS_NAMES or _REGISTRY_NUMBER.fullmatch(folded.strip()):
        return not _is_short_code(key)
    return len(key) == 3 and not _is_short_code(key)


def _is_short_code(key: str) -> bool:
    """Three characters, letters and digits mixed, such as 5FU or 2C4."""
    return len(key) == 3 and not key.isalpha() and not key.isdigit()
