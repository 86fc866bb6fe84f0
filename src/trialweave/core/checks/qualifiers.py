"""The decisive words: whose cells, which way, which cell, how many targets."""

from __future__ import annotations

from trialweave.core.case import Case
from trialweave.core.modality import modalities_in
from trialweave.core.naming import ConceptNames, NameVerdict, RecordNames, features
from trialweave.core.naming.features import opening_features
from trialweave.core.vocabulary.modalities import Modality
from trialweave.core.vocabulary.qualifiers import ACTION_WORDS, CONSTRUCTION, ORIGIN_WORDS, Origin
from trialweave.core.vocabulary.tables import listed

_DECISIVE = frozenset(ORIGIN_WORDS) | frozenset(ACTION_WORDS) | frozenset(CONSTRUCTION)
_CELLULAR: frozenset[Modality] = frozenset({"cell product", "vaccine"})
_SMALL = listed("the of for a an to with derived type")


def only_qualifiers_differ(record: RecordNames, concept: ConceptNames, edge: NameVerdict) -> bool:
    """Are two names word for word the same once the decisive words are left out?

    A match by code that a guard refused counts as well: `near` holds the name that carried the code.
    """
    if "against" not in edge.because:
        return False
    own = {_without_decisive(item.name.tokens) for item in record.names} - {frozenset()}
    if edge.coverage == 1.0 and any(
        set(item.name.codes) & set(other.name.codes) for item in record.specific for other in concept.specific
    ):
        return True
    return any(_without_decisive(item.name.tokens) in own for item in concept.names)


def qualifier_clash(case: Case) -> str | None:
    """How record and concept contradict each other in a decisive word although their names do not.

    | record          | concept      | names      | clash |
    |-----------------|--------------|------------|-------|
    | NK cells        | T cells      | any        | yes, where both are cell products or vaccines of cells |
    | dual            | trispecific  | any        | yes   |
    | CD19            | CD19 and CD22 | class words | yes, where both are cell products |
    | CD19 and CD20   | CD19 and CD22 | class words | yes, where both are cell products |
    | autologous      | allogeneic   | any        | yes, by name, description, type or category |
    | one says nothing | any         | any        | no    |
    """
    if case.concept is None:
        return None
    ours, theirs = case.names.features, case.concept.names.features
    if len(theirs.origins) == 1 and (told := _origin(case)) is not None and told[0] not in theirs.origins:
        of_name = features(case.concept.concept.name).origins
        return f"{told[0]} ({told[1]}) against {min(theirs.origins)} ({'name' if of_name else 'definition'})"
    if ours.construction and theirs.construction and not ours.construction & theirs.construction:
        return f"{min(ours.construction)} against {min(theirs.construction)}"
    kinds = _kinds(case)
    if (
        kinds
        and kinds <= _CELLULAR
        and ours.cell_types
        and theirs.cell_types
        and not ours.cell_types & theirs.cell_types
    ):
        return f"{min(ours.cell_types)} against {min(theirs.cell_types)}"
    if kinds == {"cell product"} and not case.names.specific:
        named = frozenset().union(*(features(item.name.text).targets for item in case.names.names))
        of_concept = features(case.concept.concept.name).targets
        if named & of_concept and named != of_concept:
            return f"{' and '.join(sorted(named))} against {' and '.join(sorted(of_concept))}"
    return None


def _origin(case: Case) -> tuple[Origin, str] | None:
    """Whose cells the record's product is made of, and the field that says so; None where it says both or nothing."""
    said = case.names.features.origins
    if len(said) > 1:
        return None
    for field in ("drug_name", "drug_description", "intervention_type", "drug_category"):
        given = case.record.get(field)
        told = frozenset() if given is None else opening_features(given.text).origins
        if len(told) == 1 and (not said or told == said):
            return min(told), field
    return (min(said), "drug_name") if said else None


def _kinds(case: Case) -> frozenset[Modality]:
    """The kinds of therapy of both sides, by the names alone; none where one side says none."""
    if case.concept is None:
        return frozenset()
    ours = frozenset(kind for item in case.names.names for kind in modalities_in(item.name.text))
    theirs = case.concept.modalities
    return ours | theirs if ours and theirs else frozenset()


def _without_decisive(tokens: tuple[str, ...]) -> frozenset[str]:
    return frozenset(token for token in tokens if token not in _DECISIVE and token not in _SMALL)
