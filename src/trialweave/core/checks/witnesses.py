"""What else, beside the names, says that record and concept are two drugs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trialweave.core.case import Case
from trialweave.core.checks.definitions import FIELD as DEFINITION
from trialweave.core.checks.definitions import UNRELATED, compare, contradiction, names_the_drug, ratio
from trialweave.core.checks.targets import clash_with_concept
from trialweave.core.modality import contradict, excluded_by_types, of_names
from trialweave.core.name_index import Owner
from trialweave.core.naming.tokens import same_but_for_salts
from trialweave.core.stems import different_substances
from trialweave.core.suggestions import owners_by_part


def second_witnesses(case: Case) -> Iterator[str]:
    """Every further reason, with both values and where each was read.

    | witness      | says                                                                                   |
    |--------------|----------------------------------------------------------------------------------------|
    | study        | it names the record's drug and not the concept's                                       |
    | another code | a known concept owns the record's name, and the linked one does not                    |
    | definition   | the stored text shares less than half of its words with the current one, nor its names |
    |              | or the two speak of targets or kinds of therapy that exclude each other                |
    | targets      | both sides are aimed at something, and neither names the other's                       |
    | kind         | a cell product against an antibody, a small molecule ..., or against semantic types    |
    |              | that leave no such product open: `-mab` and Organic Chemical; a salt is a small molecule |
    | stems        | nonproprietary names of two substances, `-platin` against `-mab`                       |
    | origin       | autologous against allogeneic                                                          |
    """
    triangle = case.triangle
    if case.concept is None:
        return
    concept = case.concept.concept
    study = triangle.record_study
    if (
        case.study is not None
        and study is not None
        and study.verdict == "match"
        and triangle.mismatch(triangle.study_concept)
    ):
        yield f"{case.study.study.nct_id} names {study.matched!r} ({study.path}) and no name of {concept.code}"
    for part, owners in owners_by_part(case).items():
        if not is_kin(case, owners):
            owner = owners[0]
            yield f"{part!r} is a name of {owner.code} {owner.name!r} ({owner.borne.path})"
            break
    stored = case.record.get(DEFINITION)
    if stored is not None and concept.definition is not None:
        share = ratio(stored.text, concept.definition.text)
        cut = compare(stored.text, concept.definition.text) == "cut"
        why = contradiction(stored.text, concept.definition.text)
        paths = f"({stored.path}, {concept.definition.path})"
        if why is not None:
            yield f"of the stored definition and the current one the one speaks of {why} {paths}"
        elif share < UNRELATED and not cut and not names_the_drug(stored.text, case.concept.names):
            yield f"the stored definition shares {share:.0f} % of its words with the current one {paths}"
    clash = clash_with_concept(case)
    if clash is not None:
        (_, ours), theirs = clash
        yield (
            f"the record is aimed at {' and '.join(ours.targets.aimed)} ({ours.path}), the concept at"
            f" {' and '.join(theirs.targets.aimed)} ({theirs.path})"
        )
    names = [item.name.text for item in case.names.names]
    kinds, known = of_names(names), case.concept.modalities
    if contradict(kinds, known) or (not known and excluded_by_types(kinds, concept.semantic_types)):
        others = "/".join(sorted(known)) or f"that NCIt files under {', '.join(concept.semantic_types)}"
        yield f"by its name the record's is of the kind {'/'.join(sorted(kinds))}, the concept of the kind {others}"
    stems = different_substances(names, [concept.name])
    if stems is not None:
        yield f"the names carry {stems[0]} (/drug_name) and {stems[1]} (/name), those of two substances"
    ours_from, theirs_from = case.names.features.origins, case.concept.names.features.origins
    if len(ours_from) == 1 == len(theirs_from) and ours_from != theirs_from:
        yield f"one is {min(ours_from)}, the other {min(theirs_from)}"


def is_kin(case: Case, owners: Sequence[Owner]) -> bool:
    """Do these concepts share a name with the linked one, or are they its salts? Then they are no other drug.

    NCIt has some drugs twice.
    """
    if case.concept is None or any(same_but_for_salts(owner.name, case.concept.concept.name) for owner in owners):
        return True
    codes = {owner.code for owner in owners}
    borne = (text for item in case.concept.names.specific for text in (item.name.text, *item.name.codes))
    return case.concept.concept.code in codes or any(
        owner.code in codes for text in borne for owner in case.index.owners(text)
    )
