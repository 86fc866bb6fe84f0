"""Is a concept a drug? What its semantic types (property P106 of NCI Thesaurus) say.

The names are those of the UMLS Semantic Network, which NCI Thesaurus uses, with its own few ("Classification").
Origin of the grouping: the measured rule of conflicts.md section 1: a denylist, because agents are typed in many ways
(a cell product may be "Cell" alone, a regimen "Therapeutic or Preventive Procedure"), while the wrong codes that
people really enter are findings, diseases, genes, stages, units and terminologies.
"""

from __future__ import annotations

from collections.abc import Iterable

from trialweave.core.models import IsDrug

AGENT = frozenset(
    {
        "Antibiotic",
        "Cell",
        "Clinical Drug",
        "Pharmacologic Substance",
        "Therapeutic or Preventive Procedure",
    }
)
"""Types that only something given to patients has; one of them is enough."""

AGENT_CATEGORY = frozenset({"Chemical Viewed Functionally", "Chemical Viewed Structurally"})
"""Types of groupings of substances ("Antineoplastic Agent", "Platinum Compound")."""

NEVER_AN_AGENT = frozenset(
    {
        "Acquired Abnormality",
        "Activity",
        "Age Group",
        "Amino Acid Sequence",
        "Anatomical Abnormality",
        "Anatomical Structure",
        "Animal",
        "Bacterium",
        "Behavior",
        "Biologic Function",
        "Biomedical Occupation or Discipline",
        "Body Location or Region",
        "Body Part, Organ, or Organ Component",
        "Body Space or Junction",
        "Body System",
        "Carbohydrate Sequence",
        "Cell Component",
        "Cell Function",
        "Cell or Molecular Dysfunction",
        "Clinical Attribute",
        "Conceptual Entity",
        "Congenital Abnormality",
        "Daily or Recreational Activity",
        "Diagnostic Procedure",
        "Disease or Syndrome",
        "Educational Activity",
        "Embryonic Structure",
        "Entity",
        "Environmental Effect of Humans",
        "Event",
        "Experimental Model of Disease",
        "Family Group",
        "Finding",
        "Functional Concept",
        "Fungus",
        "Fully Formed Anatomical Structure",
        "Gene or Genome",
        "Genetic Function",
        "Geographic Area",
        "Governmental or Regulatory Activity",
        "Group",
        "Group Attribute",
        "Health Care Activity",
        "Health Care Related Organization",
        "Human",
        "Human-caused Phenomenon or Process",
        "Idea or Concept",
        "Individual Behavior",
        "Injury or Poisoning",
        "Intellectual Product",
        "Laboratory Procedure",
        "Laboratory or Test Result",
        "Language",
        "Machine Activity",
        "Mammal",
        "Manufactured Object",
        "Medical Device",
        "Mental Process",
        "Mental or Behavioral Dysfunction",
        "Molecular Biology Research Technique",
        "Molecular Function",
        "Molecular Sequence",
        "Natural Phenomenon or Process",
        "Neoplastic Process",
        "Nucleotide Sequence",
        "Occupation or Discipline",
        "Occupational Activity",
        "Organ or Tissue Function",
        "Organism",
        "Organism Attribute",
        "Organism Function",
        "Organization",
        "Pathologic Function",
        "Patient or Disabled Group",
        "Phenomenon or Process",
        "Physical Object",
        "Physiologic Function",
        "Population Group",
        "Professional Society",
        "Professional or Occupational Group",
        "Qualitative Concept",
        "Quantitative Concept",
        "Regulation or Law",
        "Research Activity",
        "Research Device",
        "Self-help or Relief Organization",
        "Sign or Symptom",
        "Social Behavior",
        "Spatial Concept",
        "Temporal Concept",
        "Tissue",
        "Vertebrate",
    }
)
"""Types of what is never given to a patient as a drug.

Bacteria, fungi, tissues and devices as such: those that are given (BCG, grafts) carry "Pharmacologic Substance" or
"Immunologic Factor" too, or stand in one of NCI's lists of agents.

Left out on purpose, so that they stay undecided: viruses (oncolytic ones may have no other type), plants and food
(herbs), body substances (plasma), dental material, proteins, receptors, enzymes, hormones, nucleic acids and other
chemicals; and "Classification", which heads drug and disease groupings alike.
"""

CHEMICAL = frozenset({"Antibiotic", "Inorganic Chemical", "Organic Chemical", "Vitamin"})
"""Types of small molecules; with "Pharmacologic Substance" alone they exclude antibodies, cells, vaccines."""

IMMUNE_PROTEIN = frozenset({"Amino Acid, Peptide, or Protein", "Immunologic Factor"})
"""Types that antibodies and protein vaccines carry together."""

_CATEGORY_HEADS = frozenset(
    {
        "activator",
        "agent",
        "agents",
        "agonist",
        "analog",
        "analogue",
        "antagonist",
        "antibiotic",
        "antibody",
        "blocker",
        "compound",
        "derivative",
        "enhancer",
        "inducer",
        "inhibitor",
        "modulator",
        "stimulant",
        "substance",
        "suppressant",
    }
)


def drug_standing(semantic_types: Iterable[str], status: str | None) -> IsDrug:
    """What the semantic types and the status of a concept say.

    | status         | semantic types                     | answer  |
    |----------------|------------------------------------|---------|
    | Header_Concept | any                                | class   |
    | other          | none given                         | unknown |
    | other          | one of AGENT                       | yes     |
    | other          | all of AGENT_CATEGORY              | class   |
    | other          | all of NEVER_AN_AGENT              | no      |
    | other          | any other                          | unknown |
    """
    types = frozenset(semantic_types)
    if status == "Header_Concept":
        return "class"
    if not types:
        return "unknown"
    if types & AGENT:
        return "yes"
    if types <= AGENT_CATEGORY:
        return "class"
    return "no" if types <= NEVER_AN_AGENT else "unknown"


def is_category_name(name: str) -> bool:
    """Does the name end in a word for a kind of agents ("BRAF Inhibitor", "HER2-targeting Agent")?

    The name of a single product can end so too, so this counts only for a concept with others below it.
    """
    words = name.casefold().split()
    return bool(words) and words[-1] in _CATEGORY_HEADS
