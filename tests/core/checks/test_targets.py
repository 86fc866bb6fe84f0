"""Targets: what a text names, what it is aimed at, and when record and concept differ."""

from __future__ import annotations

import pytest

from builders import concept_of, conflicts, given, study_of
from trialweave.core.targets import disjoint, named_targets, targets_in, told_targets


@pytest.mark.parametrize(
    ("text", "aimed"),
    [
        ("anti-HER2 chimeric antigen receptor", {"HER2"}),
        ("directed against the human epidermal growth factor receptor 2 (ErbB-2)", {"HER2"}),
        ("HER2-directed antibody", {"HER2"}),
        ("inhibitor of B-Raf", {"BRAF"}),
        ("selectively binds to MS4A1", {"CD20"}),
        ("bispecific CD20\N{MULTIPLICATION SIGN}CD3 antibody", {"CD20"}),
        ("tumors that overexpress EGFR", set()),
        ("CD8+ T cells are activated", set()),
        ("binds to tubulin and inhibits topoisomerase I", set()),
        ("recognizes CD 19", {"CD19"}),
        ("targets both CD19 and CD22", {"CD19", "CD22"}),
        ("EGFR tyrosine kinase inhibitor", {"EGFR"}),
        ("a KRAS G12C covalent inhibitor", {"KRAS"}),
        ("Covalent KRASG12C inhibitor", {"KRAS"}),
        ("KRAS p.G12C inhibition", {"KRAS"}),
        ("tumors with KRAS. Inhibitor of growth", set()),
        ("patients with KRAS p.G12C mutation", set()),
        ("EGFR exon 20 insertion inhibitor", {"EGFR"}),
        ("an EGFR-TKI", {"EGFR"}),
        ("PARP1/2 inhibitor", {"PARP"}),
        ("TIGIT-blocking antibody", {"TIGIT"}),
        ("a TCR specific for MAGE-A4", {"MAGE-A4"}),
        ("inhibitor for EGFR-mutated NSCLC", set()),
        ("neutralises TNF-α", {"TNF"}),
        ("binds to and neutralizes the pro-inflammatory cytokine tumor necrosis factor-alpha", {"TNF"}),
        ("inhibits the chymotrypsin-like activity of the 20S catalytic core subunit of the proteasome", {"proteasome"}),
        ("CD20xCD3 bispecific antibody", {"CD20"}),
        ("a CD3xBCMA bispecific", {"BCMA"}),
        ("BCMA x CD3 bispecific antibody", {"BCMA"}),
        ("engages BCMA on myeloma cells and CD3 on T cells", {"BCMA"}),
        ("an inhibitor of the tyrosine kinases EGFR", {"EGFR"}),
        (
            "directed against the negative immunoregulatory human cell surface receptor programmed death-1 (PD-1)",
            {"PD-1"},
        ),
        ("directed against the human T-cell receptor cytotoxic T-lymphocyte-associated antigen 4 (CTLA4)", {"CTLA-4"}),
        ("directed against the epidermal growth factor (EGFR)", {"EGFR"}),
        (
            "against human CD3, a T-cell surface antigen, and human B-cell maturation antigen (BCMA; TNFRSF17)",
            {"BCMA"},
        ),
        ("a member of the tumor necrosis factor (TNF) receptor superfamily", set()),
        ("a selective tyrosine kinase 2 (TYK2) inhibitor", {"TYK2"}),
        ("siRNA targeting transthyretin (TTR) mRNA", {"TTR"}),
        ("complement C5 inhibitor", {"complement C5"}),
        ("a pegylated complement C3 inhibitor", {"complement C3"}),
        ("directed against receptor activator of nuclear factor kappa beta ligand (RANKL)", {"RANKL"}),
        ("inhibitor of Janus-associated kinase 1 (JAK1)", {"JAK1"}),
        ("anti-BLyS monoclonal antibody", {"BAFF"}),
        ("an inhibitor of coagulation factor Xa", {"factor Xa"}),
        ("a selective anaplastic lymphoma kinase (ALK) inhibitor", {"ALK"}),
        ("a human IgG1 antibody against fibroblast growth factor 23 (FGF23)", {"FGF23"}),
        ("siRNA targeting glycolate oxidase (HAO1) mRNA", {"HAO1"}),
        ("antagonist of the bradykinin B2 receptor", {"bradykinin B2 receptor"}),
        ("inhibits plasma kallikrein", {"plasma kallikrein"}),
        ("an orally bioavailable GnRH receptor antagonist", {"GnRH receptor"}),
        ("noncompetitively antagonizes the N-methyl-D-aspartate (NMDA) receptor", {"NMDA receptor"}),
        ("directed against the F protein of respiratory syncytial virus (RSV)", {"RSV F protein"}),
        ("a PPAR alpha/delta agonist", {"PPAR alpha"}),
        ("noncompetitively antagonizing NMDA receptors", {"NMDA receptor"}),
        ("an S1P receptor modulator", {"S1P receptor"}),
        ("a GnRH analogue", {"GnRH receptor"}),
        ("a beta-3 adrenergic receptor agonist", {"beta adrenergic receptor"}),
        ("\N{GREEK SMALL LETTER MU}-opioid receptor agonist", {"opioid receptor"}),
        ("inhibitor of the anti-apoptotic protein Bcl-2", {"BCL-2"}),
        ("competes with aldosterone; a mineralocorticoid receptor antagonist", {"mineralocorticoid receptor"}),
        ("an agonist of glucagon-like peptide-1 receptors", {"GLP-1R"}),
        ("inhibits the renin-angiotensin system", {"RAAS"}),
        ("a direct renin inhibitor", {"renin"}),
        ("through the inhibition of renin secretion by the kidney", set()),
        ("binds to CD80 and CD86", {"CD80", "CD86"}),
        ("given at an ace hospital", set()),
        ("Bispecific (BCMA x CD3)", {"BCMA"}),
        ("CD3 x BCMA", {"BCMA"}),
        ("CD19 CD3 positive cells", set()),
        ("an epidermal growth factor receptor (EGFR; HER1; ErbB1) tyrosine kinase inhibitor", {"EGFR"}),
        ("an androgen receptor (AR)-targeted protein degrader", {"androgen receptor"}),
        ("an estrogen receptor (ER) alpha agonist", {"estrogen receptor"}),
        ("cyclin-dependent kinases 4 (CDK4) and 6 (CDK6), without any effect", set()),
        ("tumors with HER2 (ERBB2), CDK4 inhibitor", {"CDK4"}),
        ("directed against the tumor-associated antigen (TAA) mesothelin", {"mesothelin"}),
        ("directed against CD38 (ADPRC1; a marker of plasma cells) and BCMA", {"CD38", "BCMA"}),
        ("inhibits kinases (among them some of the cell cycle). EGFR is spared", set()),
        ("inhibits several members of the RTK family, including VEGFR", {"VEGFR"}),
        ("an antibody against the alpha chain of the interleukin-5 receptor", {"IL-5"}),
        ("a PCSK9 silencer", {"PCSK9"}),
        ("anti-IL-23p19 antibody", {"IL-23"}),
        ("targets IL-4 receptor alpha", {"IL-4R"}),
        ("PCSK9 silencing siRNA", {"PCSK9"}),
        ("inhibits growth of cells (ovarian cancer) that bear MUC16", set()),
        ("a C-C chemokine receptor type 5 (CCR5) antagonist with activity against HIV", {"CCR5"}),
        ("a selective sodium-glucose co-transporter subtype 2 (SGLT2) inhibitor", {"SGLT2"}),
        ("cells of the C-C lineage (CCR5) and antagonist peptides", set()),
        ("patients with a prior (CCR5 or CXCR4) antagonist", set()),
        ("A gel. Decreases toxicities of a chemokine receptor type 5 (CCR5) inhibitor therapy", set()),
        ("directed against the interleukin-4 receptor subunit alpha (IL-4Ra)", {"IL-4R"}),
    ],
)
def test_what_a_text_is_aimed_at(text: str, aimed: set[str]) -> None:
    assert set(targets_in(text).aimed) == aimed


def test_the_words_are_kept_as_they_stand() -> None:
    assert targets_in("An antibody against ErbB\N{NON-BREAKING HYPHEN}2.").aimed == {
        "HER2": "ErbB\N{NON-BREAKING HYPHEN}2"
    }


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [
        ("anti-HER2", "directed against CD22", True),
        ("anti-HER2", "directed against ERBB2", False),
        ("anti-PD-1", "binds to PDCD1", False),
        ("anti-BCMA", "targeting TNFRSF17", False),
        ("anti-HER2", "tumors that express CD22", False),
        ("anti-VEGF", "VEGFR inhibitor", False),
        ("inhibits sclerostin", "directed against RANKL", True),
        ("JAK inhibitor", "TYK2 inhibitor", False),
        ("JAK1 inhibitor", "TYK2 inhibitor", True),
        ("PD-1 inhibitor", "binds to PD-L1 and keeps it from its receptor PD-1", False),
    ],
)
def test_two_texts_are_apart_only_where_neither_names_the_others_target(left: str, right: str, *, apart: bool) -> None:
    assert disjoint([targets_in(left)], [targets_in(right)]) is apart


def test_a_name_is_aimed_at_what_it_names() -> None:
    assert set(named_targets("CD19 CAR-T").aimed) == {"CD19"}


BLENREP = concept_of(
    "Belantamab Mafodotin",
    definition="An antibody-drug conjugate directed against the B-cell maturation antigen (BCMA), conjugated to a toxin"
    " that binds to tubulin.",
)


def test_different_targets_are_a_warning_with_both_words() -> None:
    row = {"drug_name": "Belantamab mafodotin", "drug_mechanism_of_action": "An antibody directed against CD38."}
    conflict = conflicts(row, None, BLENREP)["target_mismatch"]
    assert conflict.severity == "warning"
    assert conflict.field == "drug_mechanism_of_action"
    assert [claim.value for claim in conflict.claims] == ["CD38", "BCMA"]
    assert "B-cell maturation antigen" in conflict.message


@pytest.mark.parametrize(
    "mechanism",
    [
        "Binds to TNFRSF17 on plasma cells.",
        "Kills CD38-positive plasma cells.",
        "Recruits CD3-positive T cells.",
        "Its payload inhibits tubulin.",
        "A conjugate for patients who had an antibody.",
    ],
)
def test_a_target_under_another_name_or_none_is_silent(mechanism: str) -> None:
    row = {"drug_name": "Belantamab mafodotin", "drug_mechanism_of_action": mechanism}
    assert "target_mismatch" not in conflicts(row, None, BLENREP)


@pytest.mark.parametrize(
    "told",
    [
        "In combination with an anti-CD38 antibody.",
        "Given with a CD38-directed antibody.",
        "For patients who progressed on CD38-directed therapy.",
        "After failure of an anti-CD38 antibody.",
        "In myeloma previously treated with CD38 inhibitors.",
        "Followed by CD20xCD3 bispecific antibody consolidation.",
        "Plus a PD-1 inhibitor.",
        "Every three weeks vs an anti-CD38 antibody.",
        "Compared to a CD38-directed antibody.",
        "Six cycles, then an anti-CD38 antibody.",
    ],
)
def test_what_is_given_besides_or_was_before_is_not_the_products_aim(told: str) -> None:
    row = {"drug_name": "Belantamab mafodotin", "drug_description": f"Belantamab mafodotin. {told}"}
    assert conflicts(row, None, BLENREP).keys() <= {"link_missing"}
    assert conflicts({**row, "drug_mechanism_of_action": "Targets BCMA."}, None, BLENREP).keys() <= {"link_missing"}


@pytest.mark.parametrize(
    "told",
    [
        "An antibody directed against CD38 in combination with dexamethasone.",
        "After infusion, it binds to CD38.",
        "T cells transduced with an anti-CD38 CAR.",
    ],
)
def test_what_the_product_itself_is_aimed_at_still_is(told: str) -> None:
    row = {"drug_name": "Belantamab mafodotin", "drug_description": told}
    assert "target_mismatch" in conflicts(row, None, BLENREP)


def test_another_target_in_the_study_is_a_partners_where_record_and_concept_agree() -> None:
    row = {"drug_name": "Belantamab mafodotin", "drug_mechanism_of_action": "BCMA-targeting antibody."}
    study = study_of(given("Belantamab mafodotin", "With an anti-CD38 antibody."))
    assert "target_mismatch" not in conflicts(row, study, BLENREP)


def test_beside_a_name_conflict_it_is_evidence_and_no_conflict_of_its_own() -> None:
    row = {"drug_name": "Daratumumab", "drug_mechanism_of_action": "An antibody directed against CD38."}
    assert "target_mismatch" not in conflicts(row, None, BLENREP)


def test_the_study_tells_what_its_intervention_is_aimed_at() -> None:
    row = {"drug_name": "Zebra-101", "drug_mechanism_of_action": "An antibody directed against CD38."}
    other = study_of(given("Zebra-101", "A CAR T-cell product targeting BCMA."), given("Zebra-102", "Anti-CD38."))
    conflict = conflicts(row, other)["target_mismatch"]
    assert [(claim.source, claim.value) for claim in conflict.claims] == [("record", "CD38"), ("ctgov", "BCMA")]
    assert "target_mismatch" not in conflicts(row, study_of(given("Zebra-101", "Targets CD38 and BCMA.")))


CANDESARTAN = concept_of("Zandesartan", definition="An angiotensin II receptor antagonist with activity.")


@pytest.mark.parametrize(
    ("mechanism", "loud"),
    [
        ("ACE inhibitor", True),
        ("neprilysin inhibitor", True),
        ("AT1 receptor blocker", False),
        ("blocks the renin-angiotensin-aldosterone system", False),
    ],
)
def test_targets_beyond_oncology_tell_drugs_apart(mechanism: str, *, loud: bool) -> None:
    row = {"drug_name": "Zandesartan", "drug_mechanism_of_action": mechanism}
    assert ("target_mismatch" in conflicts(row, None, CANDESARTAN)) is loud


def test_a_mechanism_of_another_target_is_not_excused_by_the_type() -> None:
    row = {
        "drug_name": "Zedumab",
        "intervention_type": "Monoclonal antibody (anti-PD-1)",
        "drug_mechanism_of_action": "HER2 inhibitor",
    }
    concept = concept_of("Zedumab", definition="A humanized antibody directed against PD-1.")
    assert conflicts(row, None, concept)["target_mismatch"].field == "drug_mechanism_of_action"
    told = conflicts({**row, "drug_description": "An anti-PD-1 antibody."}, None, concept)
    assert {kind: conflict.field for kind, conflict in told.items()} == {
        "record_contradicts_itself": "drug_mechanism_of_action"
    }


@pytest.mark.parametrize(
    ("definition", "mechanism", "loud"),
    [
        ("A degrader of the estrogen receptor.", "Androgen receptor degrader", True),
        ("A degrader of the estrogen receptor.", "GnRH receptor antagonist", False),
        ("A siRNA against transthyretin (TTR) mRNA.", "APOC3 antisense oligonucleotide", True),
        ("An antibody against P-selectin.", "Anti-VLA-4 antibody; inhibits PCSK9", True),
        ("An antibody directed against complement protein C5.", "Anti-C3 antibody", True),
        ("An antibody directed against complement protein C5.", "C5 inhibitor", False),
        ("A thrombopoietin receptor agonist.", "EPO receptor agonist", True),
        ("A thrombopoietin receptor agonist.", "TPO-R agonist", False),
        ("A glucocorticoid receptor agonist.", "Mineralocorticoid receptor agonist", False),
        ("A siRNA against lipoprotein(a) mRNA (LPA).", "siRNA against LPA", False),
        ("A PSMA-targeting ligand labeled with lutetium.", "Binds somatostatin receptors (SSTR2)", True),
        ("An antibody against the alpha-4 subunit of integrins.", "Binds CD20", True),
        ("An antibody against the alpha-4 subunit of integrins.", "VLA-4 antagonist", False),
        ("An inhibitor of the sodium/hydrogen exchanger NHE3.", "SGLT2 inhibitor", True),
        ("An antagonist of the complement C5a receptor.", "Complement C3 inhibitor", True),
        ("An antagonist of the complement C5a receptor.", "C5aR1 antagonist", False),
        ("An inhibitor of complement factor B.", "Inhibits C3 convertase", False),
        ("A heparin that binds to antithrombin III.", "Factor Xa inhibitor", False),
        ("An inhibitor that targets the serotonin transporter.", "5-HT3 antagonist", False),
        ("An inhibitor that targets the serotonin transporter.", "VMAT2 inhibitor", True),
        ("A dual agonist of the GIP and GLP-1 receptors.", "GLP-1R/GIPR agonist", False),
        ("A thyroid hormone receptor beta agonist.", "Synthetic vitamin D3 analogue", False),
    ],
)
def test_more_targets_beyond_oncology(definition: str, mechanism: str, *, loud: bool) -> None:
    row = {"drug_name": "Zeluran", "drug_mechanism_of_action": mechanism}
    assert ("target_mismatch" in conflicts(row, None, concept_of("Zeluran", definition=definition))) is loud


def test_one_drug_acts_on_several_receptors_of_the_brain() -> None:
    row = {"drug_name": "Zetriptyline", "drug_mechanism_of_action": "Muscarinic receptor antagonist"}
    concept = concept_of("Zetriptyline", definition="A tricyclic that antagonizes the NMDA receptor.")
    assert "target_mismatch" not in conflicts(row, None, concept)
    row["drug_mechanism_of_action"] = "GnRH receptor antagonist"
    assert "target_mismatch" in conflicts(row, None, concept)


def test_what_a_drug_is_given_with_is_aimed_at_by_others() -> None:
    assert told_targets("Depletes B cells; given with a BTK inhibitor and a BCL-2 inhibitor").aimed == {}


@pytest.mark.parametrize(
    "text",
    ["Selective antagonist; given on top of an ACE inhibitor", "Promotes sleep unlike a GABA-A receptor agonist"],
)
def test_what_a_drug_is_added_to_or_unlike_is_aimed_at_by_others(text: str) -> None:
    assert told_targets(text).aimed == {}
