"""Which targets a text names, and which of them its product is aimed at."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter

from trialweave.core.remembered import PROSE
from trialweave.core.text import fold, fold_with_offsets, squash, word_list, words
from trialweave.core.vocabulary.study_words import BRACKETED
from trialweave.core.vocabulary.tables import listed
from trialweave.core.vocabulary.target_names import (
    BUILT,
    CUES_AFTER,
    CUES_BEFORE,
    GIVEN,
    GROUPS,
    LEADS_IN_TIME,
    LEADS_TO_ANOTHER,
    OUTFLOW,
    PLAIN_WORDS,
    TARGETS,
)
from trialweave.core.vocabulary.targets import MUTATION

_PIECE = re.compile(r"[a-z]+|\d[\d.]*")


def _beginnings(name: str) -> Iterator[str]:
    """How the first word of a name may be written: `b`, `bcell` ... of `b cell maturation antigen`; `her` of `her2`."""
    joined = ""
    for word in name.split():
        for piece in _PIECE.findall(word):
            joined += piece
            yield joined
        yield squash(joined)


_BY_KEY: dict[str, str] = {}
_STARTING: dict[str, set[str]] = {}
for _symbol, _names in TARGETS.items():
    for _name in (fold(_symbol), *filter(None, _names.split("|"))):
        _key = squash(_name)
        _BY_KEY[_key] = _symbol
        for _start in (*_beginnings(_name.replace("-", " ").replace("/", " ")), _key):
            _STARTING.setdefault(_start, set()).add(_key)
        for _pair in (f"{_key}xcd3", f"cd3x{_key}"):
            _BY_KEY[_pair] = _symbol
            _STARTING.setdefault(_pair, set()).add(_pair)
_KEYS = {start: tuple(sorted(keys, key=lambda key: (-len(key), key))) for start, keys in _STARTING.items()}
"""What a first word may be -> the keys that go on from it, longest first."""

_TYPES = listed("""
    the a an human cell surface tumor associated antigen antigens receptor protein kinase tyrosine serine threonine
    glycoprotein molecule transmembrane membrane type mutant mutated mutation wild specific both enzyme factor oncogene
    expressed encoding oncogenic activity and or selectively specifically potent covalently ligand family domain
    extracellular epitope epitopes isoform immune inhibitory checkpoint pan dual to of kinases receptors proteins
    molecules ligands negative immunoregulatory immunosuppressive regulatory epidermal growth subunit p19 p40 t cd3
    cd3e cd16 cd16a pro inflammatory proinflammatory cytokine chemokine hormone catalytic core 20s 26s chymotrypsin like
    apoptotic antiapoptotic
    variety several various numerous multiple certain including members rtk rtks pancreatic cancer chain alpha beta
    """)
"""Words that may stand between a cue and its target: `directed against the human cell surface receptor HER2`."""

_TYPES_BEHIND = listed("""
    receptor protein kinase tyrosine serine threonine surface antigen ligand mutant mutation p exon insertion variant
    covalent selective irreversible reversible small molecule alpha beta gamma subunit p19 p40 r132 internal tandem
    duplication x cd3
    """)
"""Words that may stand between a target and the cue behind it: `EGFR tyrosine kinase inhibitor`."""

_NEAR = 4
"""Words before a target among which a bare `with` leads to it."""

_FARTHEST = 14
"""Words between a cue and its target, the cue among them."""

_GROUPS_OF: dict[str, frozenset[str]] = {
    symbol: frozenset().union(*(group for group in GROUPS if symbol in group)) for symbol in frozenset().union(*GROUPS)
}


_Word = tuple[str, int, int]
"""A folded word, where it starts and where it ends."""

_START = itemgetter(1)


@dataclass(frozen=True, slots=True)
class Targets:
    """`aimed` maps the symbols that the product is aimed at to the words that say so, verbatim; `named` is all symbols.

    `HER2-expressing tumor cells` names HER2 and aims at nothing.
    """

    aimed: Mapping[str, str] = field(default_factory=dict)
    named: frozenset[str] = frozenset()


NO_TARGETS = Targets()


def told_targets(text: str) -> Targets:
    """The same of what a curator or a study tells of a product: not the aims of what is given besides or was before."""
    return targets_in(text, with_others=True)


@lru_cache(maxsize=PROSE)
def targets_in(text: str, *, with_others: bool = False) -> Targets:
    """Read the targets of a text. `with_others` it may speak of other drugs too.

    | words                                    | named | aimed |
    |------------------------------------------|-------|-------|
    | `anti-HER2`, `HER2-directed`             | HER2  | HER2  |
    | `directed against the receptor ErbB-2`   | HER2  | HER2  |
    | `inhibitor of BRAF`                      | BRAF  | BRAF  |
    | `c-Met (HGFR) inhibitor`                 | MET   | MET   |
    | `chemokine receptor 5 (CCR5) antagonist` | CCR5  | CCR5  |
    | `tumors that overexpress EGFR`           | EGFR  |       |
    | `CD3-engaging`, `binds to tubulin`       |       |       |
    | `after an EGFR inhibitor`, with others   | EGFR  |       |
    | `inhibition of renin secretion`          | renin |       |
    """
    folded, offsets = fold_with_offsets(text)
    spelled = word_list(folded)
    hits = [(at, *hit) for at, word in enumerate(spelled) if word in _KEYS and (hit := _target_at(spelled, at))]
    if not hits:
        return NO_TARGETS
    found = words(folded)
    plain = BRACKETED.sub(lambda bracket: " " * len(bracket[0]), folded) if "(" in folded else folded
    outside = found if plain is folded else [word for word in found if plain[_START(word)] != " "]
    aimed: dict[str, str] = {}
    named: set[str] = set()
    last = -1
    for at, symbol, end_word in hits:
        if at <= last:
            continue
        start, end = found[at][1], found[end_word][2]
        verbatim = text[start:end] if offsets is None else text[offsets[start] : offsets[end - 1] + 1]
        if verbatim in PLAIN_WORDS:
            continue
        last = end_word
        named.add(symbol)
        if symbol in aimed or not (
            _aimed(found, folded, start, end, aimed)
            or (plain is not folded and _aimed(outside, plain, start, end, aimed))
            or (_alone_in_a_bracket(folded, start, end) and _aimed_after(found, plain, end_word))
        ):
            continue
        if not (with_others and _of_another(found, folded, at)):
            aimed[symbol] = verbatim
    return Targets(aimed, frozenset(named)) if named else NO_TARGETS


def named_targets(text: str) -> Targets:
    """The targets of a text that is a target's name or a product's: whatever it names it is aimed at."""
    found = targets_in(text)
    return Targets({symbol: found.aimed.get(symbol, symbol) for symbol in sorted(found.named)}, found.named)


def disjoint(left: Iterable[Targets], right: Iterable[Targets]) -> bool:
    """Do two sides aim at different targets?

    True only where both are aimed at something, and neither so much as names what the other is aimed at.
    """
    ours, theirs = list(left), list(right)
    return _unknown_to(ours, theirs) and _unknown_to(theirs, ours)


def _unknown_to(one: Iterable[Targets], other: Iterable[Targets]) -> bool:
    """Is `one` aimed at something, and nothing of it, or of its group, named by `other`?"""
    aimed = {symbol for targets in one for symbol in targets.aimed}
    named = {symbol for targets in other for symbol in targets.named}
    return bool(aimed) and not any({symbol, *_GROUPS_OF.get(symbol, ())} & named for symbol in aimed)


def _target_at(words: list[str], at: int) -> tuple[str, int] | None:
    """The target whose name begins with this word, and the last word of it; the longest name wins."""
    for key in _KEYS[words[at]]:
        spelled, end = words[at], at
        while len(spelled) < len(key) and end + 1 < len(words) and key.startswith(spelled):
            end += 1
            spelled += words[end]
        if spelled == key:
            return _BY_KEY[key], end
    return None


def _aimed(found: list[_Word], folded: str, start: int, end: int, aimed: Mapping[str, str]) -> bool:
    """Is a target that stands there, if it does, what the product is aimed at?"""
    at, behind = (bisect_left(found, place, key=_START) for place in (start, end))
    if at == len(found) or _START(found[at]) != start:
        return False
    if behind < len(found) and found[behind][0] in OUTFLOW and not folded[end : _START(found[behind])].strip():
        return False
    return _aimed_before(found, folded, at, aimed) or _aimed_after(found, folded, behind - 1)


def _alone_in_a_bracket(folded: str, start: int, end: int) -> bool:
    """Does the symbol behind a long name stand so, in the first sentence? Later ones speak of other drugs too."""
    return folded[start - 1 : start] == "(" and folded[end : end + 1] == ")" and ". " not in folded[:start]


def _aimed_before(found: list[_Word], folded: str, at: int, aimed: Mapping[str, str]) -> bool:
    """Does a cue stand before the target, with nothing but other targets and words of kind between?"""
    for index in range(at - 1, max(-1, at - _FARTHEST - 1), -1):
        gap = folded[found[index][2] : found[index + 1][1]]
        if "." in gap or ";" in gap:
            return False
        word = found[index][0]
        if word in CUES_BEFORE or (word == "x" and index and found[index - 1][0] == "cd3"):
            return True
        if word == "for" and index and found[index - 1][0] == "specific":
            return True
        if word not in _TYPES and not (word in _BY_KEY and _BY_KEY[word] in aimed) and not MUTATION.fullmatch(word):
            return False
    return False


def _of_another(found: list[_Word], folded: str, at: int) -> bool:
    """Is the sentence led to another drug before the target: `combined with`, `after`, `previously treated with`?"""
    past_a_comma = False
    for index in range(at - 1, max(-1, at - _FARTHEST - 1), -1):
        gap = folded[found[index][2] : found[index + 1][1]]
        if "." in gap or ";" in gap:
            return False
        past_a_comma = past_a_comma or "," in gap
        word = found[index][0]
        given_with = word == "with" and index and found[index - 1][0] in GIVEN
        if word in LEADS_TO_ANOTHER or given_with or (word in LEADS_IN_TIME and not past_a_comma):
            return True
        if word == "with" and index >= at - _NEAR and (not index or found[index - 1][0] not in BUILT):
            return True
    return False


def _aimed_after(found: list[_Word], folded: str, last: int) -> bool:
    """Does a cue stand directly behind, or behind `tyrosine kinase`, `p.G12C covalent` and the like, or `x CD3`?"""
    for index in range(last + 1, min(len(found), last + 5)):
        gap = folded[found[index - 1][2] : found[index][1]].strip(" -/")
        if gap and not (gap == "." and found[index - 1][0] == "p"):
            return False
        word = found[index][0]
        if word in CUES_AFTER or (word == "cd3" and found[index - 1][0] == "x"):
            return True
        if word not in _TYPES_BEHIND and not word.isdigit() and MUTATION.fullmatch(word) is None:
            return False
    return False
