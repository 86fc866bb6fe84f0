"""What a study says about drugs, place by place, read once and compared many times."""

from __future__ import annotations

from trialweave.core.lazily import lazily
from trialweave.core.models import Text
from trialweave.core.naming.features import Features, features, united
from trialweave.core.naming.names import is_generic
from trialweave.core.naming.stream import Part, Place, Stream
from trialweave.core.naming.tokens import bare_tokens
from trialweave.core.pointers import below
from trialweave.core.study import Arm, Intervention, Study
from trialweave.core.text import fold, squash
from trialweave.core.vocabulary.study_words import PLACEBO, PLACEBO_ARM_TYPES, TOGETHER

_DRUG_TYPES = frozenset({None, "DRUG", "BIOLOGICAL", "GENETIC", "COMBINATION_PRODUCT", "DIETARY_SUPPLEMENT", "OTHER"})


class StudyMentions:
    """A study's texts as streams: where drugs are listed, prose, asides, placebo, eligibility; built when asked for.

    What belongs to a placebo or sham arm or intervention is in its own stream and confirms nothing.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self._placebo_arms = frozenset(index for index, arm in enumerate(study.arms) if _is_placebo_arm(arm))
        self._placebo_interventions = frozenset(
            index for index, item in enumerate(study.interventions) if is_placebo(item.name)
        )

    @lazily
    def listed(self) -> Stream:
        """Intervention names, other names, arm labels, titles and acronym."""
        return Stream(self._listed_parts(placebo=False))

    @lazily
    def prose(self) -> Stream:
        """Descriptions of arms and interventions, summary."""
        return Stream.joined(self.descriptions, self.summary)

    @lazily
    def descriptions(self) -> Stream:
        """Descriptions of arms and interventions."""
        return Stream(self._description_parts(placebo=False))

    @lazily
    def summary(self) -> Stream:
        return Stream(_parts("summary", self.study.brief_summary))

    @lazily
    def asides(self) -> Stream:
        """Keywords and detailed description: evidence where a study lists no products, a hint where it does."""
        keywords = [Part("keyword", keyword.path, keyword.text) for keyword in self.study.keywords]
        return Stream(keywords + _parts("detailed_description", self.study.detailed_description))

    @lazily
    def placebo(self) -> Stream:
        """The same for placebo and sham."""
        return Stream(self._listed_parts(placebo=True) + self._description_parts(placebo=True))

    @lazily
    def eligibility(self) -> Stream:
        return Stream(_parts("eligibility", self.study.eligibility))

    @lazily
    def vocabulary(self) -> frozenset[str]:
        """All canonical tokens outside placebo and eligibility."""
        return self.listed.vocabulary | self.prose.vocabulary | self.asides.vocabulary

    @property
    def one_product(self) -> bool:
        """Does it give one thing, placebos aside?"""
        return len(self.study.interventions) - len(self._placebo_interventions) == 1

    @lazily
    def products(self) -> tuple[Text, ...]:
        """The names of what could be a drug product: interventions that are no placebo, device or procedure."""
        return tuple(
            Text(item.name, below(item.path, "name"))
            for index, item in enumerate(self.study.interventions)
            if index not in self._placebo_interventions and item.type in _DRUG_TYPES
        )

    @lazily
    def generic_products(self) -> tuple[Text, ...]:
        """The products for which the study gives class words only, in the name and in every other name."""
        interventions = {below(item.path, "name"): item for item in self.study.interventions}
        return tuple(
            text
            for text in self.products
            if is_generic(text.text) and all(is_generic(other.text) for other in interventions[text.path].other_names)
        )

    @lazily
    def features(self) -> Features:
        """What the names of the products say together. Titles and labels are left out: `small cell` is no product."""
        return united(features(product.text) for product in self.products)

    @lazily
    def own_names(self) -> dict[str, int]:
        """Squashed intervention name -> index: a name that is an intervention of its own belongs to that one."""
        return {squash(item.name): index for index, item in reversed(list(enumerate(self.study.interventions)))}

    @lazily
    def bare_names(self) -> frozenset[tuple[str, ...]]:
        """What its interventions that are no placebos are called, in canonical tokens without doses and forms."""
        placebos = self._placebo_interventions
        given = (item for index, item in enumerate(self.study.interventions) if index not in placebos)
        return frozenset(bare_tokens(item.name) for item in given)

    def _listed_parts(self, *, placebo: bool) -> list[Part]:
        study = self.study
        chosen = [
            (index, item)
            for index, item in enumerate(study.interventions)
            if (index in self._placebo_interventions) is placebo
        ]
        parts = [Part("intervention", below(item.path, "name"), item.name, index) for index, item in chosen]
        parts += [part for index, item in chosen for part in self._other_names(index, item)]
        parts += [
            Part("arm_label", below(arm.path, "label"), arm.label, index)
            for index, arm in enumerate(study.arms)
            if (index in self._placebo_arms) is placebo
        ]
        if not placebo:
            parts += _parts("title", study.brief_title) + _parts("title", study.official_title)
            parts += _parts("acronym", study.acronym)
        return parts

    def _other_names(self, index: int, item: Intervention) -> list[Part]:
        return [
            Part("other_name", other.path, other.text, index)
            for other in item.other_names
            if self.own_names.get(squash(other.text), index) == index
        ]

    def _description_parts(self, *, placebo: bool) -> list[Part]:
        study = self.study
        parts = [
            Part("arm_description", arm.description.path, arm.description.text, index)
            for index, arm in enumerate(study.arms)
            if arm.description is not None and (index in self._placebo_arms) is placebo
        ]
        parts += [
            Part("intervention_description", item.description.path, item.description.text, index)
            for index, item in enumerate(study.interventions)
            if item.description is not None and (index in self._placebo_interventions) is placebo
        ]
        return parts


def study_mentions(study: Study) -> StudyMentions:
    """Lay out a study for comparing. Cheap: the texts are cut up when they are first asked about."""
    return StudyMentions(study)


def is_placebo(text: str) -> bool:
    """Does this name of an arm or an intervention stand for placebo, sham or vehicle, and for nothing beside it?

    True for `Placebo tablet to match venetoclax`; false for `placebo-controlled` and for `docetaxel + placebo`, where
    the one half is given for real.
    """
    folded = fold(text)
    if PLACEBO.search(folded) is None:
        return False
    return all(PLACEBO.search(piece) is not None or is_generic(piece) for piece in TOGETHER.split(folded))


def _is_placebo_arm(arm: Arm) -> bool:
    return arm.type in PLACEBO_ARM_TYPES or is_placebo(arm.label)


def _parts(place: Place, text: Text | None) -> list[Part]:
    return [] if text is None else [Part(place, text.path, text.text)]
