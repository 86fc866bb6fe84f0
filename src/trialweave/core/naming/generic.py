"""What class words still allow to say: which generic product of a study could be this drug, and which could not."""

from __future__ import annotations

from collections.abc import Sequence

from trialweave.core.models import Text, Verdict
from trialweave.core.naming.features import (
    Features,
    contradiction,
    different_families,
    features,
    stem_family,
    united,
)
from trialweave.core.naming.isotopes import is_isotope
from trialweave.core.naming.names import Name
from trialweave.core.naming.study_view import StudyMentions
from trialweave.core.naming.tokens import name_tokens
from trialweave.core.naming.verdict import AMBIGUOUS
from trialweave.core.naming.views import ConceptNames, RecordNames
from trialweave.core.vocabulary.classes import (
    CELL_CUES,
    DISEASE_WORDS,
    EMPTY_PRODUCTS,
    KINDS_IN_TEXTS,
    NATURAL_CELLS,
    NO_CELLS,
    NUTRIENTS,
    THERAPY_WORDS,
    VACCINE_CUES,
)
from trialweave.core.vocabulary.pharmacy import FORMS, SALTS
from trialweave.core.vocabulary.stems import DRUG_CLASSES


def generic_verdict(names: Sequence[Name], known: Features, mentions: StudyMentions) -> tuple[Verdict, str]:
    """A class name against a study: it confirms nothing, yet it can be contradicted.

    | class name | study | verdict |
    |---|---|---|
    | a cell product | speaks of no engineered, infused or cultured cell | mismatch, "no such product in the study" |
    | a cell product with targets | lists no cell product and speaks of none of the targets | the same |
    | a vaccine | speaks of no vaccine | the same |
    | a vaccine with targets | lists no vaccine and speaks of none of the targets | the same |
    | with targets, origin | products with others only | mismatch, "different targets" ... |
    | any other (`BRAF inhibitor`, `chemotherapy`) | any: its drugs go by their own names | unverifiable |
    """
    vocabulary = mentions.vocabulary
    if mentions.study.arms or mentions.study.interventions:
        vocabulary -= NATURAL_CELLS - mentions.listed.vocabulary - mentions.prose.vocabulary
    of_study = mentions.features
    for family, cues in (("cell", CELL_CUES), ("vaccine", VACCINE_CUES)):
        spoken_of = cues & vocabulary and (not known.targets or known.targets & vocabulary)
        if family in known.families - of_study.families and not spoken_of:
            return "mismatch", "no such product in the study"
    if known.families & {"cell", "vaccine"} and (clash := contradiction(known, of_study)) is not None:
        return "mismatch", clash
    if not any(name.generic for name in names):
        return "unverifiable", AMBIGUOUS
    return "unverifiable", "only generic words"


def likely_generic_products(name: Name, known: Features, mentions: StudyMentions) -> tuple[Text, ...]:
    """The products a study names by class words that could be the drug: nothing known of the two contradicts."""
    return tuple(product for product in mentions.generic_products if _could_mean(product.text, name, known))


def leaves_no_room(name: Name, known: Features, mentions: StudyMentions) -> bool:
    """Is this an observational study whose texts speak of nothing that the drug could be one of?

    The registry asks for interventions where something is given for the study, so an interventional one without any
    was not read whole, and says nothing. An observational one may list none; it still has a title and a summary.
    """
    study = mentions.study
    if study.study_type != "OBSERVATIONAL" or study.brief_title is None or study.brief_summary is None:
        return False
    return not any(_could_mean(kind, name, known) for kind in KINDS_IN_TEXTS & mentions.vocabulary)


def _could_mean(product: str, name: Name, known: Features) -> bool:
    """May a product in class words be the named drug?

    A drug that goes by a sponsor's code is never meant by `intrathecal chemotherapy` or another class of treatment.
    """
    no_product = EMPTY_PRODUCTS | (THERAPY_WORDS | DISEASE_WORDS | FORMS if name.codes else frozenset())
    return (
        not all(token in no_product or token.isdigit() or len(token) == 1 for token in name_tokens(product))
        and contradiction(known, features(product)) is None
        and not different_families(known, features(product))
        and not _is_beyond(name, known, product)
    )


def _is_beyond(name: Name, known: Features, product: str) -> bool:
    """Is the class of the product one that the named drug is no member of?

    | class | not meant by it |
    |---|---|
    | cells (`CD123 CAR-T cells`) | what calls itself an inhibitor, an antibody, an acid, a salt |
    | small molecules (`chemotherapy`, `statin`) | an antibody, a cell, a vaccine; a name with a stem of another class;
      what is labelled with an isotope |
    | `inhibitor` | cells, a vaccine |
    | `active vitamin D`, `oral supplements` | a name with a stem |
    """
    if "cell" in features(product).families - known.families:
        own = set(name_tokens(name.text))
        return not own.isdisjoint(NO_CELLS | SALTS)
    kinds = name_tokens(product)
    if not NUTRIENTS.isdisjoint(kinds) and known.families:
        return True
    if "inhibitor" in kinds and known.families and known.families <= {"cell", "vaccine"}:
        return True
    stems = [DRUG_CLASSES[token] for token in kinds if token in DRUG_CLASSES]
    if not stems:
        return False
    if known.families and not known.families & {"small_molecule", "protein"}:
        return True
    if any(map(is_isotope, name.tokens)):
        return True
    stemmed = [token for token in name.tokens if stem_family(token) is not None]
    return bool(stemmed) and not any(token.endswith(of_class) for token in stemmed for of_class in stems)


def other_kind(record: RecordNames, concept: ConceptNames) -> bool:
    """One side is named as a cell product or a vaccine in class words, the other is a single word of another kind.

    A name that is a code may hide anything, and so may a concept with a code among its names.
    """
    for described, other in ((record, concept), (concept, record)):
        kinds = described.features.families & {"cell", "vaccine", "gene"}
        if kinds and not described.specific and other.specific:
            known = united([other.features, *(features(item.name.text) for item in other.names)]).families
            return not known & {"cell", "vaccine", "gene"} and not any(item.name.codes for item in other.names)
    return False
