"""The intervention type of the record against the type under which its study gives the drug."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.claims import bearing_the_name
from trialweave.core.findings import Finding
from trialweave.core.modality import modalities_in, no_product
from trialweave.core.models import Claim
from trialweave.core.naming.isotopes import is_radioactive
from trialweave.core.naming.tokens import name_tokens
from trialweave.core.study import Intervention
from trialweave.core.vocabulary.modalities import PRODUCT_TYPES, Modality

TYPE = "intervention_type"


def check(case: Case) -> Iterator[Finding]:
    """The record's type is one for what is no product; the study gives this very drug as a product.

    Asked by `modality` where nothing nearer contradicts the type.

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
