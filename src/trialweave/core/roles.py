"""The drug's place in the study: in which arms it is given, and as what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trialweave.core.case import Triangle
from trialweave.core.models import DrugInStudy, Role, Study
from trialweave.core.naming import Hit, RecordNames, hits, is_placebo
from trialweave.core.routes import RouteMention
from trialweave.core.views import ConceptView, StudyView

_GIVEN_IN_ARMS = ("intervention", "other_name", "intervention_description")
_ARM_PLACES = ("arm_label", "arm_description")
_LISTED = frozenset((*_GIVEN_IN_ARMS, *_ARM_PLACES))
_COMPARATORS = frozenset({"ACTIVE_COMPARATOR"})


def hits_of_drug(
    names: RecordNames, concept: ConceptView | None, study: StudyView, triangle: Triangle
) -> tuple[Hit, ...]:
    """Where the study names the record's drug. The concept's names count where record and concept are one drug."""
    same = triangle.record_concept is not None and triangle.record_concept.verdict == "match"
    return hits((names, concept.names) if concept is not None and same else (names,), study.mentions)


def drug_in_study(found: Sequence[Hit], study: Study, routes: Sequence[RouteMention]) -> DrugInStudy:
    """What the study does with the drug that was found in these places and is given by these routes."""
    role, deciding = _role(found, study)
    return DrugInStudy(
        role,
        tuple(dict.fromkeys(hit.path for hit in deciding)),
        tuple(mention.route for mention in routes),
        routes[0].path if routes else None,
    )


def _role(found: Sequence[Hit], study: Study) -> tuple[Role, Sequence[Hit]]:
    """The role and the places that decide it.

    | named by                   | in arms of type              | others in experimental arms only | role              |
    |----------------------------|------------------------------|----------------------------------|-------------------|
    | nothing                    |                              |                                  | unknown           |
    | eligibility criteria alone |                              |                                  | eligibility_only  |
    | placebo texts alone        |                              |                                  | placebo_only      |
    | an intervention or an arm  | active comparator alone      |                                  | active_comparator |
    | an intervention or an arm  | experimental and every other | yes                              | background        |
    | an intervention or an arm  | experimental                 | no                               | experimental      |
    | an intervention or an arm  | none is known                |                                  | unknown           |
    | titles and summaries alone |                              |                                  | unknown           |
    """
    real = [hit for hit in found if not hit.placebo and hit.place != "eligibility"]
    if not real:
        placebo = [hit for hit in found if hit.placebo]
        if placebo:
            return "placebo_only", placebo
        return ("eligibility_only" if found else "unknown"), found
    listed = [hit for hit in real if hit.place in _LISTED]
    arms = _arms_of(listed, study)
    types = {study.arms[index].type for index in arms}
    if types and types <= _COMPARATORS:
        return "active_comparator", listed
    if "EXPERIMENTAL" in types:
        return ("background" if _is_background(arms, listed, study) else "experimental"), listed
    return "unknown", listed or real


def _arms_of(listed: Iterable[Hit], study: Study) -> frozenset[int]:
    """The arms in which the drug is given, as far as the hits tell."""
    arms = {hit.owner for hit in listed if hit.place in _ARM_PLACES and hit.owner is not None}
    labels = {
        label
        for hit in listed
        if hit.place in _GIVEN_IN_ARMS and hit.owner is not None
        for label in study.interventions[hit.owner].arms
    }
    arms |= {index for index, arm in enumerate(study.arms) if arm.label in labels}
    return frozenset(arms)


def _is_background(arms: frozenset[int], listed: list[Hit], study: Study) -> bool:
    """Given in every arm, a comparator among them, while another product is given in experimental arms only."""
    if len(study.arms) < 2 or len(arms) < len(study.arms):
        return False
    own = {hit.owner for hit in listed if hit.place in _GIVEN_IN_ARMS}
    experimental = {arm.label for arm in study.arms if arm.type == "EXPERIMENTAL"}
    if len(experimental) == len(study.arms):
        return False
    return any(
        item.arms and set(item.arms) <= experimental
        for index, item in enumerate(study.interventions)
        if index not in own and not is_placebo(item.name)
    )
