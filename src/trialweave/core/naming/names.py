"""One name and what it may confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from trialweave.core.naming.codes import end_codes, is_code
from trialweave.core.naming.features import formulations_of, stem_family
from trialweave.core.naming.tokens import (
    bare_tokens,
    biosimilar_suffix,
    is_class_word,
    is_isotope,
    name_tokens,
    says_nothing,
)
from trialweave.core.remembered import NAMES, READ_NAMES
from trialweave.core.text import fold, squash
from trialweave.core.vocabulary.classes import AMBIGUOUS_NAMES, CELL_WORDS, EMPTY_ADJECTIVES
from trialweave.core.vocabulary.combinations import ABBREVIATED, INITIALS
from trialweave.core.vocabulary.pharmacy import ARM_LABEL, BESIDE_PLACEBO, FORMS, SALTS
from trialweave.core.vocabulary.qualifiers import BOUND_WORDS, REMADE_BEFORE, REMADE_BEHIND, STAND_INS
from trialweave.core.vocabulary.stems import Family

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_PLUS = re.compile(r"\s\+\s|\splus\s|\s(?:in combination|combined|together) with\s|\+(?=[A-Za-z]{4})", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|with|or|versus|vs\.?)\s", re.IGNORECASE)
_BETWEEN = re.compile(rf"[/,;]|{_PLUS.pattern}", re.IGNORECASE)
_ENDING = re.compile(r"(?:um|[aeo])$")
_SHORTEST_ROOT = 6
_VOWELS = "aeiou"
_REGISTRY_NUMBER = re.compile(r"\d[\d\s.,-]*(?:\([a-z ]*\))?|nsc[\s-]?\d+|cdr\d+")


class Name(NamedTuple):
    """A name in the forms in which it climbs the ladder.

    `key` is squashed; `tokens` are canonical without salts and forms; `core` is what is left of them without class
    words at both ends (`FGFR inhibitor AZD4547` -> azd4547), or has the radioactive label at the other end, empty where
    that is nothing new; `codes` are squashed.
    `generic` names confirm nothing; `weak` ones (short, ambiguous, bare numbers) never alone. `cased` ones are short
    capitals that must be met as capitals; a `brand` is not met in lower-case prose.
    `suffix` is the one that tells biosimilars apart. `specific` ones can confirm; `forms` are what to look for: key,
    codes, tokens, core, each once.
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
    specific: bool
    forms: tuple[str | tuple[str, ...], ...]


@lru_cache(maxsize=READ_NAMES)
def read_name(text: str, *, brand: bool = False, code: bool = False) -> Name:
    """Build a name. Any text will do; the empty one is generic. A `code` is one by its source, whatever its shape."""
    folded = fold(text)
    key = squash(text)
    tokens = bare_tokens(text)
    codes = end_codes(text) if STAND_INS.isdisjoint(tokens) else ()
    if code and not codes and len(key) > 3 and not key.isdigit() and not says_nothing(tokens):
        codes = (key,)
    generic = not codes and says_nothing(tokens)
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
        brand,
        biosimilar_suffix(folded),
        not generic and not weak,
        _forms(key, *codes, tokens, core),
    )


def _forms(*forms: str | tuple[str, ...]) -> tuple[str | tuple[str, ...], ...]:
    return tuple(dict.fromkeys(form for form in forms if form))


def is_generic(name: str) -> bool:
    """Is the name made of class words, target symbols and numbers alone, so that it denotes no single product?

    True for `Anti-CD19 CAR-T cells`, `BRAF V600E inhibitor`, `Chemotherapy` and for text without any word; false for
    `nivolumab`, `CT-0525` and for every name with one word that is not in the class tables.
    """
    return read_name(name).generic


@lru_cache(maxsize=NAMES)
def name_parts(name: str) -> tuple[str, ...]:
    """The whole name, then the text outside its brackets, inside them, and the drugs that either joins.

    `Trastuzumab deruxtecan (T-DXd, DS-8201a)` gives itself, `Trastuzumab deruxtecan`, `T-DXd, DS-8201a`, `T-DXd` and
    `DS-8201a`. Parts without a word of two characters are left out.
    What a registry adds to the name of an arm is taken off: `Arm A: sunitinib and placebo` gives `sunitinib` too.
    """
    outside = " ".join(_BRACKETS.sub(" ", name).split())
    inside = [found for match in _BRACKETS.finditer(name) for found in match.groups() if found]
    parts: dict[str, None] = {}
    bare = BESIDE_PLACEBO.sub("", outside[label.end() if (label := ARM_LABEL.match(outside)) is not None else 0 :])
    split = [part for piece in (outside, bare) for part in (piece, *_drugs_between(piece))]
    split += [part for piece in inside for part in (piece, *_BETWEEN.split(piece))]
    for part in (name, *split):
        part = part.strip(" \t\r\n-:.")
        if len(squash(part)) > 1:
            parts[part] = None
    return tuple(parts)


def _drugs_between(text: str) -> Iterator[str]:
    """What stands between `/ , ; + plus`, and on both sides of an `and` that joins two nonproprietary names.

    One formulation of both is a drug of its own: `daunorubicin and cytarabine liposome`.
    """
    for piece in _BETWEEN.split(text):
        both = _AND.split(piece)
        yield piece
        if len(both) < 2 or formulations_of(name_tokens(piece)):
            continue
        if all(any(map(stem_family, name_tokens(part))) for part in both):
            yield from both


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
    start = _class_words_at_start(tokens)
    end = len(tokens) - _class_words_at_end(tokens)
    core = tokens[start:end]
    if core == tokens and EMPTY_ADJECTIVES.isdisjoint(tokens):
        return ()
    if _makes_another(tokens[:start], core, tokens[end:]):
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


_PROMISED: dict[str, frozenset[Family]] = {
    **dict.fromkeys(("conjugate", "adc", "immunoconjugate", "immunotoxin"), frozenset({"conjugate"})),
    **dict.fromkeys(("car", "til"), frozenset({"cell"})),
    **dict.fromkeys(("gene", "vector"), frozenset({"cell", "gene"})),
    **dict.fromkeys(("fusion", "receptor", "mimetic"), frozenset({"protein"})),
    "vaccine": frozenset({"vaccine"}),
}
"""What a product is anyway by its stem: `Disitamab vedotin ADC` is no other than disitamab vedotin."""


_AIMED: dict[str, frozenset[Family]] = {
    **dict.fromkeys(("antibody", "mab"), frozenset({"antibody", "conjugate"})),
    **dict.fromkeys(("sirna", "shrna", "antisense", "oligonucleotide"), frozenset({"oligonucleotide"})),
    **dict.fromkeys(("agonist", "blocker", "modulator", "activator", "inducer", "stimulator"), frozenset()),
}
"""Words behind a name that make of it what acts on it, unless it is of such a family: `Erythropoietin antibody`."""


def without_class_words(tokens: tuple[str, ...], families: frozenset[Family]) -> tuple[str, ...]:
    """The tokens without class words at both ends, where these only describe a product of such families.

    `Kymriah CAR-T cells` is Kymriah if that is a cell product. Empty where nothing is taken off or nothing is left.
    """
    start, end = _class_words_at_start(tokens), len(tokens)
    while end > start and _goes_with_class_words(tokens, end - 1):
        end -= 1
    before, core, behind = tokens[:start], tokens[start:end], tokens[end:]
    if core == tokens or not STAND_INS.isdisjoint(tokens) or _remade(before, behind, families):
        return ()
    return () if any(word in _AIMED and families.isdisjoint(_AIMED[word]) for word in behind) else core


def _goes_with_class_words(tokens: tuple[str, ...], at: int) -> bool:
    """A class word, or the T of `CAR-T` and of `T cells`."""
    if is_class_word(tokens[at]):
        return True
    return tokens[at] == "t" and (tokens[at - 1] in CELL_WORDS or tokens[at + 1 : at + 2] == ("cell",))


def _remade(before: tuple[str, ...], behind: tuple[str, ...], families: frozenset[Family]) -> bool:
    """Do these words before and behind a name of such families make another product of it?"""
    if before[-1:] in (("anti",), ("non",)) or behind[:1] == ("inhibitor",) or not REMADE_BEFORE.isdisjoint(before):
        return True
    return any(families.isdisjoint(_PROMISED.get(word, ())) for word in behind if word in REMADE_BEHIND)


def _makes_another(before: tuple[str, ...], core: tuple[str, ...], behind: tuple[str, ...]) -> bool:
    """Do the class words around a nonproprietary name make another product: `Liposome doxorubicin`, `Trastuzumab ADC`?

    A sponsor's code may stand for any product, and the words only describe it. `Olaparib inhibitor` inhibits olaparib.
    """
    if not STAND_INS.isdisjoint((*before, *behind)):
        return True
    families = frozenset(family for token in core if (family := stem_family(token)) is not None)
    return bool(families) and not any(is_code(token) for token in core) and _remade(before, behind, families)


@lru_cache(maxsize=NAMES)
def abroad(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The one word of a name as other languages end it: `Cisplatino`, `cisplatine` and `cisplatinum` are cisplatin."""
    root = _ENDING.sub("", tokens[0]) if len(tokens) == 1 else ""
    if len(root) < _SHORTEST_ROOT or not root.isalpha() or root[-1] in _VOWELS:
        return ()
    return tuple(found for ending in ("", "e", "a", "o", "um") if (found := bare_tokens(root + ending)) != tokens)


def beginning_of_cells(tokens: tuple[str, ...]) -> str | None:
    """What the name of a cell product begins with, if these are its short form: `axi-cel`."""
    return tokens[0] if len(tokens) == 2 and tokens[1] == "cel" and len(tokens[0]) > 2 else None


def are_cells_of(beginning: str, whole: tuple[str, ...]) -> bool:
    """Is it short for this name: `axicabtagene ciloleucel`?"""
    return len(whole[0]) > len(beginning) and whole[0].startswith(beginning) and whole[-1].endswith("cel")


def formulations_in_brackets(name: str) -> frozenset[str]:
    """The formulations that a name gives in brackets of their own: `Paclitaxel (albumin-bound)`, `[18F]FES`."""
    inside = (found for match in _BRACKETS.finditer(name) for found in match.groups() if found)
    return frozenset(kind for text in inside for kind in only_formulations(text))


def only_a_label(part: str, name: str) -> bool:
    """Is a part of a name nothing but the radioactive label of what the rest of it names: `Fluciclovine (18F)`?

    In `Radioiodine (131I)` the label is the drug, and so it is behind an abbreviation: `RAI (I-131)`.
    """
    label = name_tokens(part)
    if len(label) != 1 or not is_isotope(label[0]):
        return False
    whole = name_tokens(name)
    rest = [token for token in whole if not (is_class_word(token) or is_isotope(token) or token in SALTS)]
    return bool(rest) and (whole[0] == label[0] or max(map(len, rest)) > 3)


def outside_in(name: str) -> str:
    """What stands in brackets first, then the rest: `Doxorubicin (liposomal)` is `liposomal Doxorubicin`."""
    inside = [found for match in _BRACKETS.finditer(name) for found in match.groups() if found]
    return " ".join((*inside, *_BRACKETS.sub(" ", name).split()))


def only_formulations(text: str) -> frozenset[str]:
    """The formulations that a text names, if it says nothing else."""
    tokens = name_tokens(text)
    if not all(formulations_of([word]) or word in BOUND_WORDS or word in FORMS for word in tokens):
        return frozenset()
    return formulations_of(tokens)


def _components(text: str) -> tuple[tuple[str, ...], ...]:
    """The drugs of a combination (`A/B`) in canonical tokens without class words behind; none if one is generic."""
    parts = [piece for part in text.split("/") for joined in _PLUS.split(part) for piece in joined.split(" and ")]
    if len(parts) < 2:
        return ()
    pieces = _written_out([bare_tokens(part) for part in parts])
    ends = [len(piece) - _class_words_at_end(piece) for piece in pieces]
    if any(_makes_another((), piece[:end], piece[end:]) for piece, end in zip(pieces, ends, strict=True)):
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


def _class_words_at_start(tokens: tuple[str, ...]) -> int:
    """`CDK4/6 inhibitor`: numbers and letters between class words go with them."""
    stripped = 0
    for index, token in enumerate(tokens):
        if is_class_word(token):
            stripped = index + 1
        elif not (token.isdigit() or len(token) == 1):
            break
    return stripped


def _class_words_at_end(tokens: tuple[str, ...]) -> int:
    """A number before them belongs to the name."""
    return next((at for at, token in enumerate(reversed(tokens)) if not is_class_word(token)), len(tokens))


def _is_weak(folded: str, key: str) -> bool:
    if len(key) < 3 or key in AMBIGUOUS_NAMES or _REGISTRY_NUMBER.fullmatch(folded.strip()):
        return not _is_short_code(key)
    return len(key) == 3 and not _is_short_code(key)


def _is_short_code(key: str) -> bool:
    """Three characters, letters and digits mixed, such as 5FU or 2C4."""
    return len(key) == 3 and not key.isalpha() and not key.isdigit()
