"""Each kind of the catalogue: its example raises it at a severity that it lists, its counter-example does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builders import arm, concept_of, given, study_of, woven
from trialweave.across import AcrossIndex
from trialweave.core.catalogue import BY_NAME, CATALOGUE, Kind
from trialweave.core.catalogue.page import catalogue_page
from trialweave.core.checks.across_records import row_of
from trialweave.core.concept import Concept
from trialweave.core.findings import Policy, conflict_of
from trialweave.core.merge import merge
from trialweave.core.models import Coded, Conflict, Invalid, NotFound, NotGiven, Origin, Text, Unavailable
from trialweave.core.record import build_record
from trialweave.core.study import Study

Found = list[Conflict]
Maker = Callable[[], Found]


def links(study: object = NotGiven(), concept: object = NotGiven(), **row: str) -> Maker:
    return lambda: list(
        merge(build_record(row, Origin("t", 1)), study, concept, None, None, Policy()).conflicts  # type: ignore[arg-type]
    )


def one(row: dict[str, str], study: Study | None = None, concept: Concept | None = None) -> Maker:
    return lambda: list(woven(row, study, concept).conflicts)


def across(*records: tuple[dict[str, str], Concept]) -> Maker:
    def make() -> Found:
        with AcrossIndex() as index:
            for row, concept in records:
                enriched = woven(row, study_of(row["drug_name"], nct_id=row["nct_id_drug_ref"]), concept)
                index.add(row_of(enriched))
            found = [conflict_of(a.finding, None, Policy()) for a in index.findings()]
        return [conflict for conflict in found if conflict is not None]

    return make


def arms(*given_in: tuple[str, str]) -> Study:
    groups = tuple(arm(label, None, kind, at) for at, (label, kind) in enumerate(given_in))
    return study_of(given("Docetaxel", arms=tuple(g.label for g in groups)), arms=groups)


def aimed_at(target: str) -> Concept:
    return concept_of("Zebra-101", definition=f"An antibody directed against {target}.")


NCT, CODE = "nct_id_drug_ref", "nci_thesaurus_concept_id"
NAMED = {"drug_name": "Zebra-101"}
ZEBRA = concept_of("Zebra-101")
OLD, NEW = "NCT00472277", "NCT00114530"
ALLOWED = Text("Earlier treatment with ibrutinib is allowed.", "/protocolSection/eligibilityModule/eligibilityCriteria")
TEXT = "A small molecule inhibitor of WEE1. Adavosertib targets WEE1, a kinase that phosphorylates another kinase."
ADAVOSERTIB = concept_of("Adavosertib", "CN|AZD1775", "WEE1 Inhibitor AZD1775", definition=TEXT)
ADC = "An antibody-drug conjugate composed of an anti-CD22 antibody linked to a cleavable toxin."
KNOWN = {"drug_name": "Adavosertib"}
KRT = {"drug_name": "KRT-232"}
DISITAMAB = {"drug_name": "Disitamab vedotin"}
OF = "An antibody-drug conjugate. Upon administration of {}, the antibody binds to its receptor."
ANTIBODIES = (Coded("C20401", "Monoclonal Antibody"), Coded("C129822", "Antineoplastic Antibody"))

EXAMPLES: dict[str, tuple[Maker, Maker]] = {
    "id_malformed": (
        links(Invalid("NCT0625480", "seven digits"), **{NCT: "NCT0625480"}),
        links(Unavailable("NCT06254807", "down"), **{NCT: " nct06254807 "}),
    ),
    "id_normalised": (
        links(concept=Unavailable("C1647", "down"), **{CODE: "NCIT:C1647"}),
        links(concept=Unavailable("C1647", "down"), **{CODE: " C1647 "}),
    ),
    "link_missing": (one(NAMED, None, ZEBRA), one(NAMED, study_of("Zebra-101"), ZEBRA)),
    "study_not_found": (
        links(NotFound("NCT99999999", None, None), **{NCT: "NCT99999999"}),
        links(Unavailable("NCT99999999", "down"), **{NCT: "NCT99999999"}),
    ),
    "concept_not_found": (
        links(concept=NotFound("C999999999", None, None), **{CODE: "C999999999"}),
        links(concept=Unavailable("C999999999", "down"), **{CODE: "C999999999"}),
    ),
    "study_id_alias": (
        lambda: list(woven({**NAMED, NCT: OLD}, study_of("Zebra-101", nct_id="NCT00114530"), asked=OLD).conflicts),
        one(NAMED, study_of("Zebra-101")),
    ),
    "study_state": (
        one(NAMED, study_of("Zebra-101", overall_status="UNKNOWN", last_known_status="ACTIVE_NOT_RECRUITING")),
        one(NAMED, study_of("Zebra-101", overall_status="COMPLETED")),
    ),
    "concept_retired": (
        one(NAMED, None, concept_of("Zebra-101", status="Retired_Concept", active=False)),
        one(NAMED, None, ZEBRA),
    ),
    "concept_obsolete": (
        one(NAMED, None, concept_of("Zebra-101", status="Obsolete_Concept")),
        one(NAMED, None, concept_of("Zebra-101", status="Provisional_Concept")),
    ),
    "concept_not_a_drug": (
        one({"drug_name": "Mercaptopurine tablet"}, None, concept_of("Specific Gravity", is_drug="no")),
        one(
            {"drug_name": "Anti-CD19 CAR T-cells"}, None, concept_of("Anti-CD19 CAR T-cells", semantic_types=("Cell",))
        ),
    ),
    "concept_is_class": (
        one({"drug_name": "EP0057"}, None, concept_of("Antineoplastic Agent", is_drug="class")),
        one({"drug_name": "anti-PD-1 monoclonal antibody"}, None, concept_of("Anti-PD-1 Antibody", is_drug="class")),
    ),
    "study_drug_not_mentioned": (
        one({"drug_name": "CT-0525"}, study_of("CT-0508")),
        one({"drug_name": "Venclexta"}, study_of(given("Venetoclax", other=("Venclexta",)))),
    ),
    "study_drug_unverifiable": (
        one({"drug_name": "Idecabtagene vicleucel"}, study_of(given("Anti-BCMA CAR-T cells", kind="BIOLOGICAL"))),
        one({"drug_name": "Idecabtagene vicleucel"}, study_of("Teclistamab")),
    ),
    "drug_only_as_comparator": (
        one({"drug_name": "Docetaxel"}, arms(("Control", "ACTIVE_COMPARATOR"))),
        one({"drug_name": "Docetaxel"}, arms(("A", "EXPERIMENTAL"), ("B", "EXPERIMENTAL"))),
    ),
    "drug_only_in_placebo": (
        one({"drug_name": "Venetoclax"}, study_of("Placebo to match venetoclax", "Azacitidine")),
        one({"drug_name": "Venetoclax"}, study_of("Venetoclax", "Placebo to match venetoclax")),
    ),
    "drug_only_in_eligibility": (
        one({"drug_name": "Ibrutinib"}, study_of("Venetoclax", eligibility=ALLOWED)),
        one({"drug_name": "Ibrutinib"}, study_of("Ibrutinib", eligibility=ALLOWED)),
    ),
    "route_mismatch": (
        one({**NAMED, "drug_delivery_route": "Intravenous"}, study_of(given("Zebra-101", "240 mg PO"))),
        one({**NAMED, "drug_delivery_route": "Intravenous"}, study_of(given("Zebra-101", "IV infusion"))),
    ),
    "concept_different_drug": (
        one({"drug_name": "Trastuzumab"}, study_of("Trastuzumab"), concept_of("Bevacizumab")),
        one({"drug_name": "WEE1 Inhibitor AZD1775"}, study_of("AZD1775"), ADAVOSERTIB),
    ),
    "concept_name_unconfirmed": (
        one({"drug_name": "ABBV-221"}, None, concept_of("Losatuxizumab Vedotin")),
        one({"drug_name": "Adavosertib hydrochloride tablet"}, None, ADAVOSERTIB),
    ),
    "concept_qualifier_mismatch": (
        one({"drug_name": "Allogeneic anti-CD19 CAR T cells"}, None, concept_of("Autologous anti-CD19 CAR T cells")),
        one({"drug_name": "Anti-CD19 CAR T cells"}, None, concept_of("Autologous anti-CD19 CAR T cells")),
    ),
    "preferred_term_drift": (
        one({**KNOWN, "nci_thesaurus_preferred_term": "WEE1 Inhibitor AZD1775"}, None, ADAVOSERTIB),
        one({**KNOWN, "nci_thesaurus_preferred_term": "ADAVOSERTIB"}, None, ADAVOSERTIB),
    ),
    "matched_only_by_obsolete_or_ambiguous_name": (
        one({"drug_name": "Alkeran"}, None, concept_of("Melphalan", "AQ|Alkeran")),
        one({"drug_name": "AZD1775"}, None, ADAVOSERTIB),
    ),
    "definition_drift": (
        one(
            {**KNOWN, "nci_thesaurus_definition": TEXT.replace("Adavosertib targets", "MK-1775 hits")},
            None,
            ADAVOSERTIB,
        ),
        one({**KNOWN, "nci_thesaurus_definition": f"NCI|{TEXT} (NCI05)"}, None, ADAVOSERTIB),
    ),
    "definition_unrelated": (
        one({**NAMED, "nci_thesaurus_definition": ADC}, None, concept_of("Zebra-101", definition=TEXT)),
        one({**KNOWN, "nci_thesaurus_definition": "The pill adavosertib blocks a kinase."}, None, ADAVOSERTIB),
    ),
    "concept_definition_names_other_drug": (
        one(DISITAMAB, None, concept_of("Disitamab Vedotin", definition=OF.format("trastuzumab vedotin"))),
        one(DISITAMAB, None, concept_of("Disitamab Vedotin", definition=OF.format("the agent") + " Unlike imatinib.")),
    ),
    "text_truncated": (
        one({**KNOWN, "nci_thesaurus_definition": TEXT[:60]}, None, ADAVOSERTIB),
        one({**KNOWN, "nci_thesaurus_definition": "A kinase inhibitor, adavosertib."}, None, ADAVOSERTIB),
    ),
    "target_mismatch": (
        one({**NAMED, "drug_mechanism_of_action": "Binds to HER2."}, None, aimed_at("CD22")),
        one({**NAMED, "drug_mechanism_of_action": "Binds to HER2."}, None, aimed_at("ErbB-2")),
    ),
    "modality_mismatch": (
        one({**NAMED, "drug_category": "CAR T"}, None, concept_of("Zebra-101", definition=ADC)),
        one({**NAMED, "intervention_type": "BIOLOGICAL"}, None, concept_of("Zebra-101", definition=ADC)),
    ),
    "class_mismatch": (
        one({**NAMED, "drug_category": "CAR T"}, None, concept_of("Zebra-101", parents=ANTIBODIES)),
        one({**NAMED, "drug_category": "MY OWN"}, None, concept_of("Zebra-101", parents=ANTIBODIES)),
    ),
    "record_name_unsupported": (
        one({"drug_name": "Pembrolizumab"}, study_of("Nivolumab"), concept_of("Nivolumab")),
        one({"drug_name": "Opdivo"}, study_of("Nivolumab"), concept_of("Nivolumab", "Opdivo")),
    ),
    "record_truncated": (
        one({**NAMED, "drug_description": "Autologous blood monocytes that were engineered to exp"}),
        one({**NAMED, "drug_description": "Autologous blood monocytes that were engineered in a laboratory"}),
    ),
    "record_contradicts_itself": (
        one({**NAMED, "drug_delivery_route": "Oral", "drug_description": "Administered as a single IV infusion."}),
        one({**NAMED, "drug_delivery_route": "Oral", "drug_description": "Given IV first, then orally."}),
    ),
    "record_name_generic": (one({"drug_name": "CAR-NK cell therapy"}), one({"drug_name": "ATHENA CAR-T (ET-901)"})),
    "name_parts_disagree": (
        one({"drug_name": "Trastuzumab (Herceptin, MK-3475)"}, study_of("Trastuzumab", "MK-3475")),
        one({"drug_name": "Trastuzumab deruxtecan (T-DXd, DS-8201a)"}, study_of("Trastuzumab deruxtecan")),
    ),
    "xrec_same_concept_conflicting_facts": (
        across(
            ({**KNOWN, NCT: OLD, "drug_class": "A"}, ADAVOSERTIB), ({**KNOWN, NCT: NEW, "drug_class": "B"}, ADAVOSERTIB)
        ),
        across(
            ({**KNOWN, NCT: OLD, "drug_delivery_route": "IV"}, ADAVOSERTIB),
            ({**KNOWN, NCT: NEW, "drug_delivery_route": "Oral"}, ADAVOSERTIB),
        ),
    ),
    "xrec_same_name_two_concepts": (
        across(
            ({**KRT, NCT: OLD}, concept_of("A", "KRT-232")), ({**KRT, NCT: NEW}, concept_of("B", "KRT-232", code="C1"))
        ),
        across(({**KRT, NCT: OLD}, concept_of("A", "KRT-232")), ({**KRT, NCT: NEW}, concept_of("A", "KRT-232"))),
    ),
    "xrec_duplicate": (
        across(({**KNOWN, NCT: OLD}, ADAVOSERTIB), ({"drug_name": "AZD1775", NCT: OLD}, ADAVOSERTIB)),
        across(({**KNOWN, NCT: OLD}, ADAVOSERTIB), ({**KRT, NCT: OLD}, concept_of("A", "KRT-232", code="C1"))),
    ),
}


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.name)
def test_the_example_raises_the_kind_and_the_counter_example_does_not(kind: Kind) -> None:
    example, counter_example = EXAMPLES[kind.name]
    raised = [conflict for conflict in example() if conflict.kind == kind.name]
    assert [conflict.severity in kind.severities for conflict in raised] == [True]
    assert raised[0].message.endswith((".", "!"))
    assert all(claim.path.startswith("/") for claim in raised[0].claims)
    assert kind.name not in {conflict.kind for conflict in counter_example()}


def test_every_kind_is_explained_on_the_page() -> None:
    page = catalogue_page()
    for kind in BY_NAME.values():
        for words in (f"### {kind.name}\n", kind.why, kind.todo, kind.example, kind.counter_example):
            assert words in page
