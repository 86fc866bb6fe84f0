"""One name: its parts, what is generic, what is a code, which features it shows."""

import pytest

from trialweave.core.naming import features, is_generic, name_parts
from trialweave.core.naming.codes import end_codes, is_code
from trialweave.core.naming.features import stem_family
from trialweave.core.naming.tokens import name_tokens


@pytest.mark.parametrize(
    "name",
    [
        "Anti-CD19 CAR-T cells",
        "CD19-directed CAR-T cells",
        "CAR-T-19 cell injection",
        "Autologous CAR T cells",
        "Chimeric Antigen Receptor (CAR) T-cell therapy",
        "CAR-NK cell therapy",
        "NKG2D-CAR-NK92 cells",
        "Tumor Infiltrating Lymphocytes (TIL)",
        "CD20-directed monoclonal antibodies (naked IgG)",
        "BRAF V600E inhibitor",
        "Chemotherapy",
        "Systemic chemotherapy 3 cycles",
        "Gonadotropin-releasing Hormone Analog",
        "HER2",
        "IL-2",
        "antiCD19 CAR-T cells",
        "AntiPD1",
        "kg Q3W",
        "MAGE-A3",
        "MAGE-A10 TCR-T cells",
        "HLA-A*2402-Restricted URLC10 Peptides Vaccine",
        "antiPD-1",
        "Anti-CD3xCD20 bispecific antibody",
        "CD19xCD3 BiTE",
        "CLDN18.2 ADC",
        "EGFR-TKI",
        "BCMA-UCART cells",
        "CD19 UCAR-T",
        "iNKT cells",
        "hUC-MSC",
        "iPSC-derived NK cells",
        "memory-like NK cells",
        "lymphodepleting chemotherapy",
        "Metronomic chemotherapy",
        "Platinum doublet",
        "chemo",
        "Phase 1b dose escalation",
        "monotherapy",
        "9-valent HPV vaccine",
        "rhIL-2",
        "80 mg",
        "Placebo",
        "",
        "—",
    ],
)
def test_generic(name: str) -> None:
    assert is_generic(name)


@pytest.mark.parametrize(
    "name",
    [
        "nivolumab",
        "CT-0525",
        "MM-111",
        "TRK-950",
        "P-BCMA-101",
        "mRNA-4157",
        "MB-CART19.1",
        "UCART123",
        "UCART-19",
        "antithymocyte globulin rabbit",
        "Angiotensin II",
        "interferon beta-1b",
        "beetroot juice",
        "Sodium Chloride",
        "Magnesium Citrate",
        "Rituximab biosimilar",
        "5-FU",
        "Anti-CD22 ADC TRPH-222",
    ],
)
def test_not_generic(name: str) -> None:
    assert not is_generic(name)


@pytest.mark.parametrize(
    "text",
    [
        "AZD1775",
        "CT-0525",
        "AMG 172",
        "BL-M07D1",
        "852A",
        "DS-8201a",
        "BI 847325",
        "MK-2870",
        "BI-505",
        "TH-302",
        "AC220",
        "CU-201",
        "CTL-019",
        "TIL-168",
    ],
)
def test_codes(text: str) -> None:
    assert is_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "CD19",
        "CD-123",
        "IL-15",
        "HER2",
        "V600E",
        "T790M",
        "HLA-A2",
        "phase 2",
        "arm 12",
        "day 28",
        "F-18",
        "177Lu",
        "99mTc",
        "Iodine-131",
        "NSC 12540",
        "50-44-2",
        "CRM197",
        "anti-hCD70-CAR",
        "CAR-19",
        "CART-123",
        "PBMC-2019",
        "nivolumab",
        "GPC3",
    ],
)
def test_what_merely_looks_like_a_code(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Anti-PSMA Monoclonal Antibody MLN591-DM1 Immunoconjugate MLN2704", ("mln2704",)),
        ("AP1903-inducible MyD88/CD40-expressing Prostate Cancer Vaccine BPX-201", ("bpx201",)),
        ("JCAR015 CD19-targeted CAR T cells", ("jcar015",)),
        ("ECT-001 Expanded Cord Blood", ("ect001",)),
        ("HER-2 Peptide Antigen P467-DT-CRM197/Montanide Vaccine IMU-131", ("imu131",)),
        ("Nivolumab", ()),
    ],
)
def test_a_code_counts_at_the_ends_of_a_name(name: str, codes: tuple[str, ...]) -> None:
    assert end_codes(name) == codes


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Nivolumab", ("Nivolumab",)),
        (
            "Trastuzumab deruxtecan (T-DXd, DS-8201a)",
            (
                "Trastuzumab deruxtecan (T-DXd, DS-8201a)",
                "Trastuzumab deruxtecan",
                "T-DXd, DS-8201a",
                "T-DXd",
                "DS-8201a",
            ),
        ),
        (
            "Sacituzumab tirumotecan (MK-2870/SKB264)",
            (
                "Sacituzumab tirumotecan (MK-2870/SKB264)",
                "Sacituzumab tirumotecan",
                "MK-2870/SKB264",
                "MK-2870",
                "SKB264",
            ),
        ),
        (
            "曲妥珠单抗（T-DXd；DS-8201a、ENHERTU）",
            (
                "曲妥珠单抗（T-DXd；DS-8201a、ENHERTU）",
                "曲妥珠单抗",
                "T-DXd;DS-8201a,ENHERTU",
                "T-DXd",
                "DS-8201a",
                "ENHERTU",
            ),
        ),
        (
            "Vytorin (ezetimibe/simvastatin 10/40 mg)",
            (
                "Vytorin (ezetimibe/simvastatin 10/40 mg)",
                "Vytorin",
                "ezetimibe/simvastatin 10/40 mg",
                "ezetimibe",
                "simvastatin",
            ),
        ),
        ("valsartan/HCTZ 160/12.5", ("valsartan/HCTZ 160/12.5", "valsartan", "HCTZ")),
        ("HPV 16/18", ("HPV 16/18", "HPV 16", "18")),
        ("", ()),
        ("(", ()),
    ],
)
def test_name_parts(name: str, parts: tuple[str, ...]) -> None:
    assert name_parts(name) == parts


def test_features_of_a_cell_product() -> None:
    said = features("Allogeneic Anti-CD19-CAR-CD28-CD3zeta-expressing Natural Killer Cells")
    assert said.origins == {"allogeneic"}
    assert said.targets == {"cd19"}, "signalling domains are no targets"
    assert "nk cell" in said.cell_types
    assert said.families == {"cell"}
    assert features("CD19/22 bispecific CAR-T cells").targets == {"cd19", "cd22"}


@pytest.mark.parametrize(
    ("left", "right"),
    [("HER2/neu", "ErbB2"), ("mesothelin", "MSLN"), ("BCMA", "TNFRSF17"), ("PD-1", "PD1"), ("FBP", "FOLR1")],
)
def test_one_target_under_two_symbols(left: str, right: str) -> None:
    assert features(f"anti-{left} antibody").targets == features(f"anti-{right} antibody").targets != frozenset()


@pytest.mark.parametrize(
    ("word", "family"),
    [
        ("nivolumab", "antibody"),
        ("carboplatin", "small_molecule"),
        ("tisagenlecleucel", "cell"),
        ("vedotin", "conjugate"),
        ("aflibercept", "protein"),
        ("patisiran", "oligonucleotide"),
        ("pegaptanib", "oligonucleotide"),
        ("imetelstat", "oligonucleotide"),
        ("volrustomig", "antibody"),
        ("deruxtecan", "conjugate"),
        ("govitecan", "conjugate"),
        ("ozogamicin", "conjugate"),
        ("irinotecan", "small_molecule"),
        ("palifermin", "protein"),
        ("tebentafusp", "protein"),
        ("revumenib", "small_molecule"),
        ("nirogacestat", "small_molecule"),
        ("navtemadlin", "small_molecule"),
        ("teserpaturev", "gene"),
        ("intercept", None),
        ("surgicel", None),
        ("sprycel", None),
        ("gleevec", None),
        ("cellcept", None),
        ("disease", None),
        ("vaccine", None),
    ],
)
def test_stems(word: str, family: str | None) -> None:
    assert stem_family(word) == family


@pytest.mark.parametrize(
    ("name", "families"),
    [
        ("Anti-thymocyte globulin", set()),
        ("Vinorelbulin", {"small_molecule"}),
        ("T-cell Engaging Antibody XYZ", {"antibody"}),
        ("Autologous anti-CD19 CAR T cells", {"cell"}),
        ("Tumor-infiltrating lymphocytes", {"cell"}),
    ],
)
def test_the_family_is_that_of_the_product_and_not_of_what_it_touches(name: str, families: set[str]) -> None:
    assert features(name).families == families


@pytest.mark.parametrize("word", ["anti" * 3_000, "x" * 100_000])
def test_a_word_that_no_name_has_is_not_taken_apart(word: str) -> None:
    assert name_tokens(word) == (word,)
