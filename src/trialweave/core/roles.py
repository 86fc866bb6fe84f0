"""The drug's place in the study: in which arms it is given, and as what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trialweave.core.case import Triangle
from trialweave.core.models import DrugInStudy, Role
from trialweave.core.naming import Hit, RecordNames, hits, is_placebo
from trialweave.core.naming.codes import codes_in
from trialweave.core.naming.features import stem_family
from trialweave.core.routes import RouteMention, lowered_words
from trialweave.core.study import Arm, Study
from trialweave.core.text import fold
from trialweave.core.views import ConceptView, StudyView
from trialweave.core.vocabulary.modalities import PRODUCT_TYPES
from trialweave.core.vocabulary.study_words import BRACKETED, INERT_ARM_TYPES, INERT_NAME, TOGETHER

_GIVEN_IN_ARMS = ("intervention", "other_name", "intervention_description")
_ARM_PLACES = ("arm_label", "arm_description")
_LISTED = frozenset((*_GIVEN_IN_ARMS, *_ARM_PLACES))
_COMPARATORS = frozenset({"ACTIVE_COMPARATOR"})


def hits_of_drug(
    names: RecordNames, concept: ConceptView | None, study: StudyView, triangle: Triangle
) -> tuple[Hit, ...]:
    """Where the study names the record's drug. The concept's names count where record and concept are one drug."""
    return hits((names, concept.names) if concept is not None and triangle.is_one_drug else (names,), study.mentions)


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

    | named by            | in arms of type                 | besides                              | role              |
    |---------------------|---------------------------------|--------------------------------------|-------------------|
    | nothing             |                                 |                                      | unknown           |
    | eligibility alone   |                                 |                                      | eligibility_only  |
    | placebo texts alone |                                 |                                      | placebo_only      |
    | intervention or arm | experimental and every other    | others in experimental arms only     | background        |
    | intervention or arm | experimental                    | anything else                        | experimental      |
    | intervention or arm | active comparator and inert     | others not in the inert arms         | background        |
    | intervention or arm | active comparator, inert or not | the study's other arms are all inert | experimental      |
    | intervention or arm | active comparator, every arm    | nothing but placebo: a cross-over    | experimental      |
    | intervention or arm | active comparator alone         | another arm that gives something     | active_comparator |
    | intervention or arm | none is known                   |                                      | unknown           |
    | titles, summaries   |                                 |                                      | unknown           |

    Inert is an arm of placebo, of sham, or of no drug: what alone is compared with such arms is what is tested,
    whatever its own arm is called.
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
    if "EXPERIMENTAL" in types:
        return ("background" if _is_background(arms, listed, study) else "experimental"), listed
    if not types.isdisjoint(_COMPARATORS) and types <= _COMPARATORS | INERT_ARM_TYPES:
        return _among_comparators(arms, listed, study), listed
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
    experimental = {arm.label for arm in study.arms if arm.type == "EXPERIMENTAL"}
    return len(experimental) < len(study.arms) and _another_is_given(experimental, listed, study)


def _among_comparators(arms: frozenset[int], listed: list[Hit], study: Study) -> Role:
    """The role of a drug that is given in no experimental arm, but in one that is called an active comparator."""
    inert = {index for index, arm in enumerate(study.arms) if _is_inert(arm, study)}
    if arms & inert:
        given = {arm.label for index, arm in enumerate(study.arms) if index not in inert}
        if _another_is_given(given, listed, study):
            return "background"
    others = set(range(len(study.arms))) - arms
    if (inert and others <= inert) or (len(study.arms) > 1 and not others and _is_alone(listed, study)):
        return "experimental"
    return "unknown" if arms & inert else "active_comparator"


def _is_inert(arm: Arm, study: Study) -> bool:
    """Is no drug given in this arm, by its type or by what all its interventions are called?

    An arm of type OTHER is inert where all that is given in it is no drug: a diet, standard care.
    """
    if arm.type in INERT_ARM_TYPES:
        return True
    if arm.type == "OTHER" and not any(
        item.type in PRODUCT_TYPES for item in study.interventions if arm.label in item.arms
    ):
        return True
    return bool(arm.interventions) and all(
        is_placebo(name) or INERT_NAME.fullmatch(fold(name)) is not None for name in arm.interventions
    )


def _is_alone(listed: Iterable[Hit], study: Study) -> bool:
    """Is the drug all that the study gives, placebos aside, as in a cross-over of drug and placebo?"""
    own = {hit.owner for hit in listed if hit.place in _GIVEN_IN_ARMS}
    return bool(own) and all(index in own or is_placebo(item.name) for index, item in enumerate(study.interventions))


def _another_is_given(labels: set[str], listed: Iterable[Hit], study: Study) -> bool:
    """Is another product given in these arms only: an intervention of its own, or one that names the drug beside it?"""
    own: dict[int, set[str]] = {}
    for hit in listed:
        if hit.owner is not None and hit.place in _GIVEN_IN_ARMS:
            own.setdefault(hit.owner, set()).add(hit.matched.casefold())
    elsewhere = " ".join(item.name for item in study.interventions if not labels.issuperset(item.arms)).casefold()
    return any(
        _names_another(item.name.casefold(), own[index], elsewhere) if index in own else not is_placebo(item.name)
        for index, item in enumerate(study.interventions)
        if item.arms and labels.issuperset(item.arms)
    )


def _names_another(name: str, own: set[str], elsewhere: str) -> bool:
    """Does a combination name a drug that is neither this one nor in the interventions of other arms?"""
    if not any(matched in name for matched in own):
        return False
    pieces = [piece.strip() for piece in TOGETHER.split(BRACKETED.sub(" ", name))]
    return any(
        _is_a_drug(piece) and piece not in elsewhere and not any(matched in piece for matched in own)
        for piece in pieces
    )


def _is_a_drug(piece: str) -> bool:
    """Is there a nonproprietary name or a code in it?"""
    return any(map(stem_family, lowered_words(piece))) or any(True for _ in codes_in(fold(piece)))
