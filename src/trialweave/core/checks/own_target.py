"""A receptor, an enzyme or a gene that is the drug's own target, coded as the drug."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Record
from trialweave.core.naming import RecordNames, compare_record_concept
from trialweave.core.targets import named_targets, targets_in
from trialweave.core.views import ConceptView
from trialweave.core.vocabulary.semantic_types import AGENT
from trialweave.core.vocabulary.tables import listed

CONCEPT = "nci_thesaurus_concept_id"

_MOLECULES = frozenset(
    {"Receptor", "Enzyme", "Gene or Genome", "Amino Acid, Peptide, or Protein", "Immunologic Factor"}
)
_DRUG_WORDS = listed("inhibitor antibody antagonist agonist vaccine anti blocker conjugate cells therapy agent car")


def check(record: Record, names: RecordNames, concept: ConceptView | None) -> Iterator[Finding]:
    """The concept is what the drug is aimed at.

    | semantic types              | concept's name             | bears the record's name | finding            |
    |-----------------------------|----------------------------|-------------------------|--------------------|
    | none known                  | any                        | any                     | none               |
    | one that only agents have   | any                        | any                     | none               |
    | of molecules                | a target that the record names | no                  | concept_not_a_drug |
    | of molecules                | any other                  | any                     | none               |
    """
    given = record.get(CONCEPT)
    if concept is None or given is None or concept.concept.is_drug not in ("unknown", "yes"):
        return
    types = frozenset(concept.concept.semantic_types)
    if not types or types & AGENT or not types & _MOLECULES:
        return
    named = named_targets(concept.concept.name).named
    if not named or not _DRUG_WORDS.isdisjoint(concept.concept.name.lower().replace("-", " ").split()):
        return
    texts = [item.name.text for item in names.names]
    texts += [text.text for f in ("drug_mechanism_of_action", "drug_description") if (text := record.get(f))]
    if not any(targets_in(text).named & named for text in texts):
        return
    if compare_record_concept(names, concept.names).verdict == "match":
        return
    yield Finding(
        "concept_not_a_drug",
        CONCEPT,
        f"{concept.concept.code} is '{concept.concept.name}', which NCI Thesaurus files under"
        f" {', '.join(concept.concept.semantic_types)}: the drug's target, not the drug.",
        (Claim("record", given.path, given.text), Claim("ncit", "/name", concept.concept.name)),
    )
