"""What kind of therapy record and concept are, and what stands above the concept."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.claims import bearing_the_name
from trialweave.core.findings import Finding
from trialweave.core.modality import category_modalities, contradict, modalities_in, no_product
from trialweave.core.models import Claim, Intervention, Text
from trialweave.core.naming.isotopes import is_radioactive
from trialweave.core.naming.tokens import name_tokens
from trialweave.core.vocabulary.modalities import PRODUCT_TYPES, Modality

TYPE = "intervention_type"


def check(case: Case) -> Iterator[Finding]:
    """Findings about the kind of therapy.

    | record-concept | record's type, category, class | concept            | parents            | finding           |
    |----------------|--------------------------------|--------------------|--------------------|-------------------|
    | mismatch       | any                            | any                | any                | none: evidence    |
    | other          | contradict                     | the concept's kind | any                | modality_mismatch |
    | other          | known                          | fits or unknown    | all contradict     | class_mismatch    |
    | other          | unknown, DRUG, BIOLOGICAL      | any                | any                | none              |

    Where that finds nothing, the type is compared with the study's, see `_against_study`.
    """
    found = list(_against_concept(case))
    yield from found or _against_study(case)


def _against_study(case: Case) -> Iterator[Finding]:
    """The record's type is one for what is no product; the study gives this very drug as a product.

    | record's type                             | the study's        | its texts speak of          | finding           |
    |-------------------------------------------|--------------------|-----------------------------|-------------------|
    | device, procedure, radiation, behavioural | DRUG, BIOLOGICAL   | no such thing               | modality_mismatch |
    | the same                                  | the same           | `implant`, `177Lu`, surgery | none              |
    | procedure                                 | the same           | cells: a transplantation    | none              |
    | the same                                  | any other, several | anything                    | none              |
    | any other                                 | any                | anything                    | none              |
    """
    given, edge = case.record.get(TYPE), case.triangle.record_study
    kind = no_product(given.text) if given is not None else None
    if given is None or kind is None or edge is None or edge.verdict != "match" or case.study is None:
        return
    study, where = case.study.study, () if case.drug is None else case.drug.where
    bearing = [item for _, item in bearing_the_name(study, (edge.path or "", *where))]
    if not bearing or not PRODUCT_TYPES.issuperset(item.type for item in bearing):
        return
    if any(_speaks_of(kind, item) for item in bearing):
        return
    item = bearing[0]
    yield Finding(
        "modality_mismatch",
        TYPE,
        f"The record's {TYPE} is {given.text!r}; {study.nct_id} gives {item.name!r} as {item.type}.",
        (Claim("record", given.path, given.text), Claim("ctgov", f"{item.path}/type", item.type)),
    )


def _speaks_of(kind: Modality, item: Intervention) -> bool:
    """Could an intervention be of this kind all the same, by its name or its description?"""
    text = f"{item.name} {'' if item.description is None else item.description.text}"
    told = modalities_in(text)
    if kind in told or (kind == "procedure" and "cell product" in told):
        return True
    return kind == "radiation" and any(map(is_radioactive, name_tokens(text)))


def _against_concept(case: Case) -> Iterator[Finding]:
    if case.concept is None or case.concept_link_broken or case.triangle.mismatch(case.triangle.record_concept):
        return
    told = list(_told(case))
    ours = frozenset(kind for _, _, kinds in told for kind in kinds)
    concept = case.concept.concept
    if contradict(ours, case.concept.modalities):
        field, text, kinds = told[0]
        yield Finding(
            "modality_mismatch",
            field,
            f"The record's {field} is {text.text!r}, of the kind {_listed(kinds)};"
            f" {concept.code} {concept.name!r} is of the kind"
            f" {_listed(case.concept.modalities)}.",
            (Claim("record", text.path, text.text), Claim("ncit", "/name", concept.name)),
        )
        return
    for field, text, kinds in told:
        if field == TYPE:
            continue
        parents = [(parent.name, modalities_in(parent.name)) for parent in concept.parents if parent.name]
        known = [(name, above) for name, above in parents if above]
        if known and all(contradict(kinds, above) for _, above in known):
            names = ", ".join(repr(name) for name, _ in known)
            yield Finding(
                "class_mismatch",
                field,
                f"The record's {field} is {text.text!r}; {concept.code} {concept.name!r} stands below {names}.",
                (Claim("record", text.path, text.text), *(Claim("ncit", "/parents", name) for name, _ in known)),
            )
            return


def _told(case: Case) -> Iterator[tuple[str, Text, frozenset[Modality]]]:
    """The record's fields that say a kind of therapy. A category or class that is not in the table says nothing."""
    for field, read in (
        ("drug_category", category_modalities),
        ("drug_class", category_modalities),
        (TYPE, modalities_in),
    ):
        given = case.record.get(field)
        if given is not None and (kinds := read(given.text)):
            yield field, given, kinds


def _listed(kinds: frozenset[Modality]) -> str:
    return " or ".join(sorted(kinds))
