"""What is worked out once for a study or a concept and shared by every record that links to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType

from pydantic_core import PydanticSerializationError, to_json

from trialweave.core.claims import concept_claims
from trialweave.core.concept import Concept
from trialweave.core.facts import concept_facts, study_facts
from trialweave.core.foreign_names import foreign_name
from trialweave.core.lazily import lazily
from trialweave.core.modality import of_name, opening_modalities
from trialweave.core.models import Claim, Text
from trialweave.core.naming import ConceptNames, StudyMentions, concept_names, study_mentions
from trialweave.core.pointers import below
from trialweave.core.routes import RouteMention, region, routes_in
from trialweave.core.study import Intervention, Study
from trialweave.core.targets import Targets, named_targets, targets_in, told_targets
from trialweave.core.text import fold, squash
from trialweave.core.vocabulary.modalities import Modality


@dataclass(frozen=True, slots=True)
class Sourced:
    """Targets with the pointer to the text that they were read from."""

    targets: Targets
    path: str


_WRITTEN_ALIKE = frozenset((str, NoneType, bool))
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class StudyView:
    """A study with its mentions of drugs and its facts as encoded for the output."""

    def __init__(self, study: Study) -> None:
        self.study = study

    @lazily
    def mentions(self) -> StudyMentions:
        return study_mentions(self.study)

    @lazily
    def intervention_targets(self) -> tuple[tuple[Intervention, tuple[Sourced, ...]], ...]:
        """What each intervention is aimed at, by its names and its description, with where each was read."""
        read = []
        for item in self.study.interventions:
            texts = [Text(item.name, below(item.path, "name")), *item.other_names]
            texts += [] if item.description is None else [item.description]
            found = (Sourced(told_targets(text.text), text.path) for text in texts)
            read.append((item, tuple(one for one in found if one.targets.named)))
        return tuple(read)

    @lazily
    def mesh_keys(self) -> Mapping[str, int]:
        """Where its MeSH terms of interventions stand, squashed."""
        return {squash(term.name): at for at, term in enumerate(self.study.intervention_mesh) if term.name}

    @lazily
    def facts_json(self) -> str:
        return encode_exact(study_facts(self.study))


class ConceptView:
    """A concept with its names and its facts as encoded for the output."""

    def __init__(self, concept: Concept) -> None:
        self.concept = concept

    @lazily
    def names(self) -> ConceptNames:
        return concept_names(self.concept)

    @lazily
    def targets(self) -> tuple[Sourced, ...]:
        """What the concept is aimed at, by its name, its target facts and its definition, with where each was read."""
        concept = self.concept
        read = [Sourced(named_targets(concept.name), "/name")]
        read += [Sourced(named_targets(target.name), "/associations") for target in concept.targets if target.name]
        if concept.definition is not None:
            read.append(Sourced(targets_in(concept.definition.text), concept.definition.path))
        return tuple(item for item in read if item.targets.named)

    @lazily
    def foreign_name(self) -> str | None:
        """A drug's name that the definition uses as its own and that the concept does not bear."""
        definition = self.concept.definition
        return None if definition is None else foreign_name(definition.text, self.names)

    @lazily
    def modalities(self) -> frozenset[Modality]:
        """What kind of therapy the concept is: by its name, else by its definition, else by its semantic types.

        An antibody that stands for an antigen is a vaccine too, as its definition says: abagovomab.
        """
        concept = self.concept
        told = of_name(concept.name)
        if concept.definition is not None and (not told or told == {"antibody"}):
            defined = opening_modalities(concept.definition.text)
            told = told | (defined & {"vaccine"}) if told else defined
        return told or (frozenset({"cell product"}) if "Cell" in concept.semantic_types else frozenset())

    @lazily
    def told(self) -> str:
        """All that it tells of itself, in one spelling: names, definition, parents; nothing without a definition."""
        concept = self.concept
        if concept.definition is None:
            return ""
        names = (name for name in (*(parent.name for parent in concept.parents), *(s.name for s in concept.synonyms)))
        return fold(" ".join((concept.name, concept.definition.text, *filter(None, names))))

    @lazily
    def routes(self) -> Mapping[str, RouteMention]:
        """The routes that the definition names ("orally bioavailable", "upon intravenous administration") by region."""
        definition = self.concept.definition
        own = frozenset(word for item in self.names.specific for word in item.name.tokens)
        mentions = () if definition is None else routes_in(definition.text, own)
        return {region(mention.route): mention for mention in reversed(mentions)}

    @lazily
    def claims(self) -> tuple[tuple[str, Claim], ...]:
        return tuple(concept_claims(self.concept))

    @lazily
    def facts_json(self) -> str:
        return encode_exact(concept_facts(self.concept))


def encode(value: object) -> str:
    """JSON as the output has it: no spaces, letters as they are."""
    return _ENCODER.encode(value)


def encode_row(row: Mapping[str, object]) -> str:
    """The same for a row, by the fast way where none of its cells is, or may hold, a number.

    The two encoders write large fractions differently, and the fast one whole numbers that nobody reads again.
    """
    plain = dict(row)
    return encode_exact(plain) if _WRITTEN_ALIKE.issuperset(map(type, plain.values())) else encode(plain)


def encode_exact(value: object) -> str:
    """The same, five times as fast, for what holds no fraction and no whole number of thousands of digits."""
    try:
        return to_json(value).decode()
    except PydanticSerializationError:  # half a surrogate pair
        return encode(value)
