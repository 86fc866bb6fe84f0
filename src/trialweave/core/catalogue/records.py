"""Kinds that need no source: the record alone, and records against each other."""

from __future__ import annotations

from trialweave.core.catalogue.kinds import Kind

RECORD_ALONE: tuple[Kind, ...] = (
    Kind(
        "record_truncated",
        "record_alone",
        ("warning",),
        "A text of the record breaks off",
        "An export cut it; what is missing cannot be seen from the row.",
        "Restore the text from where it was curated.",
        "A description that ends in 'engineered to exp'.",
        "A text without a full stop that ends with a whole word.",
    ),
    Kind(
        "record_contradicts_itself",
        "record_alone",
        ("warning",),
        "A field of the record contradicts its own description",
        "Drug, kind of therapy, route, origin or target cannot both be right. Where no concept tells, name, type,"
        " category and mechanism are laid beside each other too.",
        "Read the two and correct the one that is another drug's.",
        "drug_delivery_route 'Oral' with a description 'administered as a single IV infusion'.",
        "A description that names several routes, the field's among them.",
    ),
    Kind(
        "record_name_generic",
        "record_alone",
        ("info",),
        "The drug name is a class, not a product",
        "No name check can confirm a record that names no product.",
        "Store the product's name or sponsor code if there is one.",
        "'CAR-NK cell therapy'.",
        "A class word with a sponsor code: 'ATHENA CAR-T (ET-901)'.",
    ),
    Kind(
        "name_parts_disagree",
        "record_alone",
        ("warning",),
        "The parts of the drug name belong to different drugs",
        "The name before the bracket and the one inside it should be one drug.",
        "Correct the part that is wrong.",
        "'Trastuzumab (Herceptin, MK-3475)': MK-3475 is pembrolizumab.",
        "'Trastuzumab deruxtecan (T-DXd, DS-8201a)'.",
    ),
)

ACROSS_RECORDS: tuple[Kind, ...] = (
    Kind(
        "xrec_same_concept_conflicting_facts",
        "across_records",
        ("info", "warning"),
        "Records with one code differ in facts of the drug",
        "One concept is one drug: category, class and definition should agree; unrelated names are a warning.",
        "Decide on one value; split the code if two products share it.",
        "C156882 stands behind a CAR T-cell product and an anti-CD22 conjugate.",
        "Different routes, descriptions or studies: these belong to the pairing, not to the drug.",
    ),
    Kind(
        "xrec_same_name_two_concepts",
        "across_records",
        ("warning", "info"),
        "One name is linked to two concepts",
        "One of the links is wrong, or NCIt has the drug twice; salts and biosimilars are only noted.",
        "Choose one concept for the name.",
        "KRT-232 with C156415 and with C116624.",
        "One drug in many studies with one code.",
    ),
    Kind(
        "xrec_duplicate",
        "across_records",
        ("info",),
        "The same drug and study stand in two records",
        "Counts over the table count it twice.",
        "Merge the rows, or tell them apart.",
        "Two rows with NCT05633615 and C104153.",
        "Two drugs of one study.",
    ),
)
