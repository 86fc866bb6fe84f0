"""Kinds about the sides of the triangle that meet in the study."""

from __future__ import annotations

from trialweave.core.catalogue.kinds import Kind

RECORD_STUDY: tuple[Kind, ...] = (
    Kind(
        "study_drug_not_mentioned",
        "record_study",
        ("error", "warning"),
        "The study does not name the drug",
        "A record whose study is about another drug carries another drug's evidence.",
        "If the study is about another drug, correct nct_id_drug_ref; if it is right, add the name it uses.",
        "A CT-0525 record that points to the sister study NCT04660929, which is about CT-0508.",
        "The study names the drug by brand, by sponsor code, in an arm label, or in its summary.",
    ),
    Kind(
        "study_drug_unverifiable",
        "record_study",
        ("info",),
        "The study names its product only in general words",
        "More than a quarter of cell-therapy studies do; the link may be right, but no name proves it.",
        "Nothing is wrong by itself. Confirm once by sponsor or target, and acknowledge.",
        "'Anti-BCMA CAR-T cells' as the only intervention.",
        "A study that names another specific product.",
    ),
    Kind(
        "drug_only_as_comparator",
        "record_study",
        ("info",),
        "The drug is only a comparator in this study",
        "The study tests another drug; its outcome says little about this one.",
        "Keep it if your table lists comparators; otherwise link a study that tests the drug.",
        "Docetaxel named only in an ACTIVE_COMPARATOR arm.",
        "Two experimental arms that share a backbone; an arm that is compared with placebo alone.",
    ),
    Kind(
        "drug_only_in_placebo",
        "record_study",
        ("warning",),
        "The drug is named only as a placebo's model",
        "Nobody receives the drug under this name: 'placebo to match X' is not X.",
        "Open the study and see whether the drug is given at all.",
        "'Placebo to match venetoclax' is the only place that names venetoclax.",
        "A placebo arm beside an arm that gives the drug.",
    ),
    Kind(
        "drug_only_in_eligibility",
        "record_study",
        ("warning",),
        "The drug is named only in the eligibility criteria",
        "Earlier treatment with a drug, or its exclusion, does not make the study one of that drug.",
        "Open the study and correct nct_id_drug_ref if it tests another drug.",
        "'Prior treatment with ibrutinib is allowed' and nothing else.",
        "The drug in an arm as well as in the criteria.",
    ),
    Kind(
        "route_mismatch",
        "record_study",
        ("warning", "info"),
        "The route of the record is not the route in the study",
        "A wrong route of administration misleads whoever compares doses.",
        "Read the clause that is shown, and correct drug_delivery_route.",
        "'Intravenous' in the record, 'PO' in the clause that names the drug.",
        "'IV infusion' is intravenous; a clause with two routes, or none, proves nothing.",
    ),
)

STUDY_CONCEPT: tuple[Kind, ...] = (
    Kind(
        "record_name_unsupported",
        "study_concept",
        ("error",),
        "Study and concept agree, the record's name does not",
        "Both links lead to one drug; the name in the record is another one.",
        "Correct drug_name, or both links if the name is what you meant.",
        "'Pembrolizumab' linked to a nivolumab study and to the concept of nivolumab.",
        "A name that one of the two sources knows as a synonym.",
    ),
)
