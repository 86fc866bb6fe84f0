"""What a study gives under a sponsor's code alone: registries use codes long before, and long after, a name exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trialweave.core.models import Text
from trialweave.core.naming.codes import codes_in
from trialweave.core.naming.features import Features, contradiction, different_families, features, stem_family
from trialweave.core.naming.names import read_name
from trialweave.core.naming.parts import name_parts
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.text import fold_with_offsets
from trialweave.core.vocabulary.classes import FORMAT_WORDS

_LAST_WORD = re.compile(r"(\S+)\s*$")
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def nameless_products(known: Features, mentions: StudyMentions) -> Iterator[Text]:
    """The products under a code alone that could be a drug of which no code is known.

    | place           | what counts                                                                                |
    |-----------------|--------------------------------------------------------------------------------------------|
    | intervention    | a code among its names, and no specific name                                               |
    | arm label, title | a code outside brackets, without a name directly before it or in the bracket behind it     |
    | arm description | the same, behind the word of a kind: `PI3K inhibitor GDC-0084`                             |

    Titles and arms are asked where the study lists no product. Kinds and targets must not contradict.
    """
    found = _among_interventions(mentions) if mentions.products else _among_texts(mentions)
    for product in found:
        said = features(product.text)
        if contradiction(known, said) is None and not different_families(known, said):
            yield product


def _among_interventions(mentions: StudyMentions) -> Iterator[Text]:
    by_path = {f"{item.path}/name": item for item in mentions.study.interventions}
    for product in mentions.products:
        names = (product, *by_path[product.path].other_names)
        parts = [part for text in names for part in name_parts(text.text)]
        if any(read_name(part).codes for part in parts) and not any(map(_is_name, parts)):
            yield product


def _among_texts(mentions: StudyMentions) -> Iterator[Text]:
    study = mentions.study
    listed = [text for text in (study.brief_title, study.official_title) if text is not None]
    listed += [Text(arm.label, f"{arm.path}/label") for arm in study.arms]
    for text in listed:
        yield from (Text(code, text.path) for _, code, _ in _lone_codes(text.text))
    for arm in study.arms:
        if arm.description is not None:
            for kind, _, both in _lone_codes(arm.description.text):
                if kind in FORMAT_WORDS:
                    yield Text(both, arm.description.path)


@lru_cache(maxsize=1024)
def _lone_codes(text: str) -> tuple[tuple[str, str, str], ...]:
    """The codes outside brackets that no name explains: the folded word before, the code, and both verbatim."""
    folded, offsets = fold_with_offsets(text)
    found: list[tuple[str, str, str]] = []
    brackets = [match.span() for match in _BRACKET.finditer(folded)]
    for run in codes_in(folded):
        if any(start < run.start() < end for start, end in brackets):
            continue
        word = _LAST_WORD.search(folded[: run.start()])
        before, begins = ("", run.start()) if word is None else (word[1], word.start(1))
        behind = _BRACKET.match(folded[run.end() :].lstrip())
        if stem_family(before) is None and not (behind is not None and any(map(_is_name, name_parts(behind[1])))):
            places = (begins, run.start(), run.end() - 1)
            first, start, last = places if offsets is None else (offsets[place] for place in places)
            found.append((before, text[start : last + 1], text[first : last + 1]))
    return tuple(found)


def _is_name(part: str) -> bool:
    name = read_name(part)
    return name.specific and not name.codes
