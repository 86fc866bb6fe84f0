"""The sets: true links, wrong links, curated names, definitions, cell products, plain errors, whole studies."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from benchmarks.quality.gold import Drug, Gold
from trialweave.core.naming import features, name_parts, opening_features
from trialweave.core.naming.names import read_name
from trialweave.core.naming.tokens import name_tokens
from trialweave.core.text import squash

SEED = 20261123
_PER_LINK = 4
_NO_DRUGS = (
    Drug("C127112", "RxNorm"),
    Drug("C64832", "Specific Gravity"),
    Drug("C136455", "Lung Cancer pT2b TNM Finding v8"),
    Drug("C158525", "RFC4 Gene"),
    Drug("C103921", "Lissencephaly"),
)
"""Codes that were found behind drug names in public tables (conflicts.md, finding 2)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One record to weave. `nct_id` and `drug` are what its two links lead to; `about` groups a set's halves."""

    set: str
    record: dict[str, str]
    nct_id: str | None
    drug: Drug | None
    about: str


def all_cases(gold: Gold) -> list[Case]:
    """Every set, in a fixed order with fixed seeds."""
    return [
        *true_links(gold),
        *wrong_links(gold),
        *curated_names(gold),
        *definitions(gold),
        *cell_products(gold),
        *plain_errors(gold),
        *real_studies(gold),
    ]


def true_links(gold: Gold) -> Iterator[Case]:
    for link in gold.links:
        yield Case("true_link", _record(link.drug.name, link.nct_id, link.drug), link.nct_id, link.drug, link.nct_id)


def wrong_links(gold: Gold) -> Iterator[Case]:
    """The study of one link with the drug of another: anyone's, a sibling's, one with the same ending; and a record
    whose study is right and whose concept is another's."""
    chance = random.Random(SEED)
    given: dict[str, list[Drug]] = defaultdict(list)
    for link in gold.links:
        given[link.nct_id].append(link.drug)
    linked = list({link.drug.code: link.drug for link in gold.links}.values())
    known = [drug for drug in gold.drugs.values() if drug.name and drug.definition and drug.kind == "drug"]
    for link in gold.links:
        strangers = [d for d in linked if not _is_given(d, given[link.nct_id])]
        siblings = [d for d in known if _siblings(d, link.drug, gold) and not _is_given(d, given[link.nct_id])]
        stems = [d for d in known if _same_stem(d, link.drug) and not _is_given(d, given[link.nct_id])]
        for kind, others in (("random", strangers), ("sibling", siblings), ("stem", stems)):
            for other in _some(chance, others, _PER_LINK):
                yield Case(f"wrong_{kind}", _record(other.name, link.nct_id, other), link.nct_id, other, link.nct_id)
        for other in _some(chance, strangers, 2):
            record = _record(link.drug.name, link.nct_id, other)
            yield Case("wrong_concept", record, link.nct_id, other, link.nct_id)


def curated_names(gold: Gold) -> Iterator[Case]:
    for pair in gold.names:
        yield Case(f"name_{pair.label}", _record(pair.curated, None, pair.drug), None, pair.drug, pair.drug.code)


def definitions(gold: Gold) -> Iterator[Case]:
    """A definition as older tables carry it (tag, no-break spaces, curly quotes) and one of another drug."""
    chance = random.Random(SEED + 1)
    defined = [drug for drug in gold.drugs.values() if drug.name and len(drug.definition) > 120]
    for drug in _some(chance, defined, 150):
        retold = "NCI|" + drug.definition.replace(" ", "\u00a0", 3).replace("'", "’").replace("-", "‑") + " (NCI05)"
        record = {**_record(drug.name, None, drug), "nci_thesaurus_definition": retold}
        yield Case("definition_retold", record, None, drug, drug.code)
        other = chance.choice(defined)
        record = {**_record(drug.name, None, drug), "nci_thesaurus_definition": other.definition}
        if other.code != drug.code:
            yield Case("definition_of_another", record, None, drug, drug.code)


def cell_products(gold: Gold) -> Iterator[Case]:
    """Two engineered-cell products with the same target: the one's name, the other's code."""
    chance = random.Random(SEED + 2)
    by_target: dict[str, list[Drug]] = defaultdict(list)
    for drug in gold.drugs.values():
        said = features(drug.name)
        if "cell" in said.families and len(said.targets) == 1:
            by_target[next(iter(said.targets))].append(drug)
    for target in sorted(by_target):
        for drug in by_target[target]:
            others = [d for d in by_target[target] if d.code != drug.code and not _same_moiety(d, drug)]
            for other in _some(chance, others, 3):
                yield Case("same_target_cells", _record(other.name, None, drug), None, drug, drug.code)


def plain_errors(gold: Gold) -> Iterator[Case]:
    """Names of well-known drugs under codes of other drugs and of things that are no drugs."""
    chance = random.Random(SEED + 3)
    linked = sorted({link.drug.code: link.drug for link in gold.links}.values(), key=lambda drug: drug.code)
    for drug in linked:
        others = [other for other in linked if not _same_moiety(other, drug)]
        for other in (*_some(chance, others, 2), chance.choice(_NO_DRUGS)):
            yield Case("plain_error", _record(drug.name, None, other), None, other, drug.code)


def real_studies(gold: Gold) -> Iterator[Case]:
    """Whole studies, with interventions or without any, and drugs that they nowhere name."""
    chance = random.Random(SEED + 4)
    linked = list({link.drug.code: link.drug for link in gold.links}.values())
    known = [drug for drug in gold.drugs.values() if drug.name and drug.definition and drug.kind == "drug"]
    for nct_id, study in gold.studies.items():
        told = " ".join(_texts(study["protocolSection"]))
        text, tokens = squash(told), set(name_tokens(told))
        endings = {token[-5:] for token in tokens if token.isalpha() and len(token) > 7}
        alike = [drug for drug in known if drug.name.isalpha() and drug.name.casefold()[-5:] in endings]
        for others, count in ((linked, 5), (known, 5), (alike, 2)):
            strangers = (drug for drug in _some(chance, others, 40) if not _is_named(drug, text, tokens))
            for drug in islice(strangers, count):
                bare = replace(drug, definition="")
                yield Case("wrong_real", _record(bare.name, nct_id, bare), nct_id, bare, nct_id)


def _texts(value: Any) -> Iterator[str]:
    """All texts of a study that speak of the study."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("contactsLocationsModule", "referencesModule"):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _is_named(drug: Drug, text: str, tokens: set[str]) -> bool:
    """Does the text hold one of the names, or all words of one or of a combination's part?"""
    names = (drug.name, *(name for name, _ in drug.synonyms))
    if any(len(squash(name)) > 3 and squash(name) in text for name in names):
        return True
    return any(read and set(read) <= tokens for read in (read_name(part).tokens for part in name_parts(drug.name)))


def _record(name: str, nct_id: str | None, drug: Drug) -> dict[str, str]:
    record = {"drug_type": "RELEVANT_DRUG", "drug_name": name, "nci_thesaurus_concept_id": drug.code}
    return record if nct_id is None else {**record, "nct_id_drug_ref": nct_id}


def _same_moiety(left: Drug, right: Drug) -> bool:
    """Salt and base, or one drug under two codes."""
    keys = [{squash(name) for name in (drug.name, *(s for s, _ in drug.synonyms))} for drug in (left, right)]
    tokens = [read_name(drug.name).tokens for drug in (left, right)]
    return bool(keys[0] & keys[1]) or tokens[0] == tokens[1]


def _is_given(drug: Drug, given: Sequence[Drug]) -> bool:
    """Coded for this study, under this code or another of the same moiety."""
    return any(drug.code == other.code or _same_moiety(drug, other) for other in given)


def _siblings(left: Drug, right: Drug, gold: Gold) -> bool:
    """Another drug whose definition opens with a target that the linked drug's definition names too."""
    full = gold.drugs.get(right.code, right)
    mine, theirs = opening_features(left.definition).targets, opening_features(full.definition).targets
    return bool(mine & theirs) and left.code != right.code and not _same_moiety(left, full)


def _same_stem(left: Drug, right: Drug) -> bool:
    """Two single words with the same last five letters, such as -tinib and -lumab."""
    one, two = left.name.casefold(), right.name.casefold()
    return one.isalpha() and two.isalpha() and one[-5:] == two[-5:] and not _same_moiety(left, right)


def _some(chance: random.Random, drugs: Sequence[Drug], count: int) -> list[Drug]:
    return chance.sample(list(drugs), min(count, len(drugs)))
