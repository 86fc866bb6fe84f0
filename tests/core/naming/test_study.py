"""The edges to the study: places, guards, class words, placebo, roles."""

import pytest
from naming_builders import arm, concept, in_study, intervention, record, study

from trialweave.core.naming import (
    StudyMentions,
    compare_record_concept,
    compare_record_study,
    compare_study_concept,
    hits,
)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("CT-0525", "CT 0525"),
        ("Recombinant Zoster Vaccine", "Zoster Vaccine"),
        ("Lu-177 PSMA-617", "[177Lu]Lu-PSMA-617"),
        ("Lu-177 PSMA-617", "PSMA-617"),
        ("UCB-7665", "UCB7665"),
        ("Bupivacaine", "fentanyl-bupivacaine epidural"),
        ("Venetoclax", "venetoclax 100 mg tablets"),
        ("Palbociclib", "Palbociclib Hydrochloride"),
        ("Fludarabine", "Fludarabine 30mg/m2 3 doses"),
        ("Azacitidine", "Azacitidine for Injection"),
        ("PI3K-beta Inhibitor GSK2636771", "GSK-2636771"),
        ("Autologous CD5 T-lymphocytes Xyfel", "autologous CD5 T cells Xyfel"),
        ("TGFbeta Trap Zyx", "TGF-β trap Zyx"),
        ("Lutetium Lu 177 PSMA-617", "[177Lu]Lu-PSMA-617"),
        ("Oxaliplatin", "Oxaliplatine 85 mg/m2"),
        ("Gemcitabine", "Gemcitabina"),
        ("Liposomal Amphotericin B", "Amphotericin B liposome 3 mg/kg"),
        ("Zinc Sulfate", "Zinc sulphate 20 mg"),
        ("Sulfasalazine", "sulphasalazine"),
        ("Emtricitabine/Tenofovir", "Tenofovir and emtricitabine"),
        ("Lutetium-177 vipivotide tetraxetan", "177Lu vipivotide tetraxetan"),
        ("18F-florbetapir", "Florbetapir F 18"),
        ("68Ga-DOTATATE PET/CT", "Gallium-68 DOTATATE"),
        ("Recombinant Interferon Alfa-2b", "interferon alpha-2b"),
        ("5-FU", "BAX2398 + 5-FU/calcium levofolinate"),
        ("TY-9591", "TY-9591 80mg QD+pemetrexed+Cisplatin/Carboplatin"),
        ("Naltrexone Hydrochloride/Bupropion Hydrochloride", "bupropion and naltrexone"),
        ("Pneumococcal 20-valent Conjugate Vaccine", "20-valent pneumococcal conjugate vaccine"),
        ("Tdap Vaccine", "Tdap"),
        ("FTC/TDF", "TDF/FTC"),
        ("Darunavir/ritonavir", "DRV/r"),
        ("Benzathine penicillin G", "Benzathine penicillin 2.4 MU"),
    ],
)
def test_a_drug_under_another_spelling_is_found(name: str, given: str) -> None:
    answer = in_study(name, study(intervention(given)))
    assert answer.verdict == "match"
    assert answer.place == "intervention"
    assert answer.matched
    assert answer.matched in given


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Asparaginase", "PEG-asparaginase"),
        ("Asparaginase", "PEG asparaginase"),
        ("Paclitaxel", "nab-paclitaxel"),
        ("Paclitaxel", "albumin-bound paclitaxel"),
        ("Mitoxantrone", "mitoxantrone liposome"),
        ("Doxorubicin", "doxorubicin hydrochloride liposome"),
        ("Paclitaxel", "paclitaxel albumin-stabilized nanoparticle formulation"),
        ("Docetaxel", "polymeric micelles docetaxel"),
        ("Estradiol", "ethinyl estradiol"),
        ("Glutamine", "Alanyl-glutamine"),
        ("Lu-177 PSMA-617", "225Ac-PSMA-617"),
        ("Lu-177 PSMA-617", "[225Ac]Ac-PSMA-617"),
        ("UCB-7665", "UCB-4940"),
        ("L-Glutamine", "L-alanyl-L-glutamine"),
        ("Carnitine", "Acetyl-L-carnitine"),
        ("Recombinant Zoster Vaccine", "Zoster Vaccine, Live"),
        ("Inactivated Rotafex Vaccine", "live attenuated Rotafex vaccine"),
        ("Rotafex Vaccine Live", "Rotafex vaccine (inactivated)"),
        ("Paclitaxel", "Paclitaxel (albumin-bound)"),
        ("Paclitaxel (albumin-bound)", "Paclitaxel"),
        ("Asparaginase", "Pegylated recombinant asparaginase"),
        ("Irinotecan", "Nanoliposomal irinotecan"),
        ("Trastuzumab", "89Zr-trastuzumab"),
        ("Rituximab", "131I-rituximab"),
        ("Tenofovir Disoproxil Fumarate", "Tenofovir alafenamide"),
        ("Amphotericin B", "Amphotericin B liposome"),
        ("Interferon Alfa-2a", "PEG-IFN alfa-2a"),
        ("Interferon Alfa-2a", "Peginterferon alfa-2a"),
        ("Lutetium (177Lu) oxodotreotide", "177Lu-PSMA-617"),
        ("[18F]FES", "18F-FDG"),
        ("Osimertinib", "Osimertinib-d3"),
        ("Trastuzumab", "Trastuzumab CAR-T"),
        ("Doxorubicin", "Doxorubicin-eluting beads"),
        ("Mitoxantrone", "liposomal mitoxantrone"),
        ("Trastuzumab", "trastuzumab emtansine"),
        ("Trastuzumab", "Trastuzumab-DM1"),
        ("Telisotuzumab", "Telisotuzumab adizutecan"),
        ("Epoetin Beta", "epoetin alfa"),
        ("Luveltamab", "luveltamab tazevibulin"),
        ("Pivekimab", "pivekimab sunirine"),
        ("Zanidatamab", "zanidatamab zovodotin"),
        ("Paclitaxel", "paclitaxel trevatide"),
        ("CT-0525", "CT-0508"),
        ("AMG 70", "AMG 70-1"),
        ("NG-350", "NG-350A"),
        ("852A", "ABC-852A"),
        ("Venetoclax", "Placebo oral tablet to match Venetoclax"),
        ("Venetoclax", "venetoclax placebo"),
        ("BCMA CAR-T Zyxleucel", "CART-BCMA"),
        ("Autologous Xyfel Cells", "allogeneic Xyfel cells"),
    ],
)
def test_another_drugs_name_is_not_this_one(name: str, given: str) -> None:
    assert in_study(name, study(intervention(given))).verdict != "match"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ibrutinib", "Patients previously treated with ibrutinib receive a new agent."),
        ("Lapatinib", "Response in lapatinib-naive and lapatinib-treated patients."),
        ("Progesterone", "Tumors without progesterone receptor expression."),
        ("Decadron", "Symptoms requiring steroids (i.e. Decadron) are counted."),
        ("Dexamethasone", "Steroids are allowed up to no more than 10 mg dexamethasone."),
        ("ABC46 antibody", "They stop therapy for abc4-6 weeks."),
        ("Ivor", "Cancer that is stage IV or has come back."),
        ("Ibrutinib", "Unlike ibrutinib, venetoclax inhibits BCL2."),
        ("Ibrutinib", "Venetoclax daily. Concomitant ibrutinib is prohibited."),
        ("Ibrutinib", "Concomitant ibrutinib is not allowed."),
        ("Impact", "The impact on quality of life is measured."),
        ("Erlotinib", "Disease progressed after gefitinib or erlotinib."),
        ("Bortezomib", "Myeloma refractory to both lenalidomide and bortezomib."),
        ("Imatinib", "Leukemia with acquired resistance to imatinib."),
        ("Cisplatin", "Patients unfit for cisplatin, and cisplatin-unfit ones."),
        ("Cisplatin", "Patients who cannot receive cisplatin."),
        ("Cisplatin", "It is given in place of cisplatin."),
        ("Cisplatin", "Radiotherapy without cisplatin."),
        ("Cisplatin", "Prevention of cisplatin-induced hearing loss."),
        ("Paclitaxel", "Paclitaxel-associated neuropathy is treated."),
        ("Methotrexate", "Arthritis with an inadequate response to methotrexate."),
        ("Rapamycin", "Everolimus inhibits the mammalian target of rapamycin."),
        ("Testosterone", "Men with castrate levels of testosterone."),
        ("Estradiol", "The effect on serum estradiol is measured."),
        ("Aldosterone", "It blocks the renin-angiotensin-aldosterone system."),
        ("Nicotine", "Varenicline for nicotine dependence."),
        ("Estradiol", "Women with estradiol > 25 pg/mL."),
        ("Pertuzumab", "Patients who have been treated with anthracycline and / or trastuzumab and pertuzumab."),
        ("Oxaliplatin", "Standard therapies must have included a fluoropyrimidine, oxaliplatin or both."),
        ("Cisplatin", "Patients who have received cisplatin."),
        ("Carvedilol", "Previous studies suggest that enalapril, and or carvedilol, protect the heart."),
        ("Carvedilol", "Earlier trials have shown a small benefit of carvedilol."),
        ("Carvedilol", "Data of animal studies show that carvedilol protects the heart."),
    ],
)
@pytest.mark.parametrize("place", ["title", "summary", "arm"])
def test_a_word_in_passing_is_no_mention(name: str, told: str, place: str) -> None:
    if place == "summary":
        assert in_study(name, study(title="A Study of Osimertinib", summary=told)).verdict != "match"
    elif name not in {"Decadron", "Dexamethasone", "Impact"}:
        given = study(arms=[arm("Osimertinib", told)]) if place == "arm" else study(title=told)
        assert in_study(name, given).verdict != "match"


@pytest.mark.parametrize(
    "told",
    [
        "Refractory AML treated with venetoclax.",
        "Relapsed AML: azacitidine and venetoclax.",
        "Relapsed or refractory AML with azacitidine and venetoclax",
        "Previously untreated AML with venetoclax",
        "Prior to surgery patients get venetoclax.",
        "Azacitidine with or without venetoclax.",
        "Patients with relapsed disease receive azacitidine and venetoclax.",
        "Response to venetoclax is measured.",
        "These studies give venetoclax.",
        "Previous studies were small. Now patients of all ages with this disease get venetoclax.",
    ],
)
@pytest.mark.parametrize("place", ["title", "summary", "arm"])
def test_what_is_said_of_the_patients_is_not_said_of_the_drug(told: str, place: str) -> None:
    given = {"title": study(title=told), "summary": study(summary=told), "arm": study(arms=[arm("Arm A", told)])}
    assert in_study("Venetoclax", given[place]).verdict == "match"


def telling(told: str) -> tuple[StudyMentions, ...]:
    """Studies of osimertinib that say something in their title, summary, intervention or arm."""
    return (
        study(intervention("Osimertinib"), title=told),
        study(intervention("Osimertinib"), summary=f"This study looks at {told}."),
        study(intervention("Osimertinib", description=told)),
        study(arms=[arm("Osimertinib", told)]),
    )


@pytest.mark.parametrize(
    "told",
    [
        "Osimertinib as second-line therapy after {}",
        "Osimertinib compared with historical {}",
        "Osimertinib in historical controls treated with {}",
        "Osimertinib in {} non-responders",
        "Osimertinib in {}-insensitive disease",
        "Osimertinib in non-responders to {}",
        "Osimertinib in patients with contraindications to {}",
        "Osimertinib in patients with hypersensitivity to {}",
        "Osimertinib in patients unresponsive to gefitinib or {}",
        "Osimertinib in patients not responding to {}",
        "Osimertinib in patients not adequately controlled by {} alone",
        "Osimertinib in patients with lack of response to {}",
        "Osimertinib in patients with suboptimal response to {}",
        "Osimertinib in patients not eligible for {}",
        "Osimertinib in patients who are not candidates for {}",
        "Osimertinib in patients who do not tolerate {}",
        "Osimertinib in patients unable to take {}",
        "Osimertinib in patients who discontinued {}",
        "Osimertinib after {} discontinuation",
        "Osimertinib in tumors recurring after {}",
        "Osimertinib in patients with a history of {} use",
        "Osimertinib in post-{} patients",
        "Osimertinib, a {}-free regimen",
        "Osimertinib and antibodies against {}",
        "Switching from {} to Osimertinib",
        "Osimertinib after conversion from oral {}",
        "Osimertinib for {} overdose",
        "Osimertinib for {} use disorder",
        "Osimertinib in {} users",
        "Osimertinib for the reversal of {}",
        "Osimertinib as an alternative to {}",
        "Osimertinib as a {} substitute",
        "Osimertinib as a replacement for {}",
        "Osimertinib rather than {}",
        "Osimertinib replacing {}",
        "Osimertinib, a proposed biosimilar to {}",
        "Osimertinib in the absence of {}",
        "Osimertinib after {} therapy failure",
        "Osimertinib in patients with contraindication for {}",
        "Osimertinib to wean patients from {}",
        "Osimertinib in {}-sensitive tumors",
        "Osimertinib in {} responders",
        "Osimertinib, a prodrug of {}",
        "Osimertinib, which is derived from {}",
        "Osimertinib for those who have been on {} for 3 months",
        "Osimertinib, and {} will not be given",
        "Osimertinib and no {} at all",
    ],
)
def test_what_a_drug_is_taken_instead_of_or_after_is_not_given(told: str) -> None:
    for given in telling(told.format("sunitinib")):
        assert in_study("Sunitinib", given).verdict == "mismatch"


@pytest.mark.parametrize(
    "told",
    [
        "Osimertinib in patients on stable doses of {}",
        "Osimertinib in patients on stable {}",
        "Osimertinib in patients on background {}",
        "Osimertinib in patients maintained on {}",
        "Osimertinib in patients currently receiving {}",
        "Osimertinib in patients already treated with {}",
        "Osimertinib with rescue {}",
        "Osimertinib against kidney damage caused by {}",
        "Osimertinib against toxicity associated with the use of {}",
        "Osimertinib with {} rescue",
        "Osimertinib with {} as rescue medication",
        "Osimertinib after premedication with {}",
        "Osimertinib with {} premedication",
        "Osimertinib and a possible {} injection",
        "Osimertinib in patients on chronic {} therapy",
        "Osimertinib while patients continue their usual {}",
        "Osimertinib, with {} if needed",
    ],
)
def test_what_patients_take_besides_decides_nothing(told: str) -> None:
    for given in telling(told.format("sunitinib")):
        answer = in_study("Sunitinib", given)
        assert (answer.verdict, answer.because) == ("unverifiable", "only as what patients take besides")
        assert answer.near[0].text == "sunitinib"


@pytest.mark.parametrize(
    "title",
    [
        "Osimertinib in patients treated with sunitinib",
        "Osimertinib for Lung Cancer Patients Receiving Sunitinib",
        "Osimertinib in women with breast cancer on sunitinib",
        "Osimertinib in adults taking gefitinib or sunitinib",
    ],
)
def test_a_title_tells_what_its_patients_take(title: str) -> None:
    given = study(intervention("Osimertinib"), title=title)
    assert in_study("Sunitinib", given).because == "only as what patients take besides"
    assert in_study("Osimertinib", study(title=title)).verdict == "match"


@pytest.mark.parametrize("title", ["Premedication with sunitinib to prevent nausea", "Rescue sunitinib in asthma"])
def test_a_title_is_about_what_it_begins_with(title: str) -> None:
    assert in_study("Sunitinib", study(intervention("Osimertinib"), title=title)).verdict == "match"


@pytest.mark.parametrize(
    "label", ["Prior sunitinib", "Patients who progressed on sunitinib", "Switched from sunitinib"]
)
def test_a_label_may_tell_of_the_patients_too(label: str) -> None:
    given = study(intervention("Osimertinib"), arms=[arm(label)])
    assert in_study("Sunitinib", given).verdict == "mismatch"


@pytest.mark.parametrize(
    "told",
    [
        "Switching to venetoclax",
        "Switching from Osimertinib to venetoclax",
        "Conversion from oral Osimertinib to venetoclax",
        "Venetoclax after failure of Osimertinib",
        "Venetoclax in patients treated with Osimertinib",
        "Venetoclax added to stable Osimertinib",
        "Second-line venetoclax after Osimertinib",
        "Second-line treatment with venetoclax after Osimertinib",
        "Osimertinib versus standard venetoclax",
        "Osimertinib compared with venetoclax",
        "Osimertinib followed by venetoclax",
        "Patients are treated with venetoclax",
        "Outcomes of patients treated with venetoclax",
        "Venetoclax is given until progression",
        "Rescue therapy with venetoclax",
        "Discontinuation of venetoclax in remission",
        "Radiation with concurrent venetoclax",
        "Antibodies, such as venetoclax, may block growth",
    ],
)
@pytest.mark.parametrize("place", ["title", "summary", "arm"])
def test_what_follows_another_drug_is_given(told: str, place: str) -> None:
    given = {
        "title": study(intervention("Osimertinib"), title=told),
        "summary": study(intervention("Osimertinib"), summary=told),
        "arm": study(intervention("Osimertinib"), arms=[arm("Arm A", told)]),
    }
    assert in_study("Venetoclax", given[place]).verdict == "match"


def test_a_brand_is_not_its_everyday_word() -> None:
    brand = concept("Zolpidem", "Edluar Calm", "Harmony", kind="BR")
    assert compare_study_concept(study(summary="They live in harmony with it."), brand).verdict == "unverifiable"
    assert compare_study_concept(study(summary="They receive Harmony at night."), brand).verdict == "match"


def test_a_study_without_interventions_and_arms_denies_nothing() -> None:
    bare = study(title="A Study of Something Else")
    assert in_study("CT-0525", bare).verdict == "unverifiable"
    assert in_study("CT-0525", study(intervention("CT-0508"))).verdict == "mismatch"


def test_an_abbreviation_must_stand_in_capitals() -> None:
    short = concept("Hexvix Photosensitizer Zyx", "HOPE")
    assert compare_study_concept(study(summary="We hope for a response."), short).verdict == "unverifiable"


def test_a_label_cut_at_62_characters_flags_nothing() -> None:
    """CTRP cuts arm labels at 62 characters; the description still names the drug in full."""
    label = "Arm II (atezolizumab, bevacizumab, cobimetinib, stereotactic rad"[:62]
    given = study(
        arms=[arm(label, "Patients receive atezolizumab IV, bevacizumab IV, cobimetinib PO and selumetinib PO.")]
    )
    assert in_study("Selumetinib", given).verdict == "match"
    assert in_study("Cobimetinib", given).place == "arm_label"


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (study(intervention("Opdivo", "Nivolumab")), "other_name"),
        (study(arms=[arm("Arm A (nivolumab)")]), "arm_label"),
        (study(title="Nivolumab in Melanoma"), "title"),
        (study(arms=[arm("Arm A", "Patients receive nivolumab IV.")]), "arm_description"),
        (study(intervention("Immunotherapy", description="Nivolumab IV every 2 weeks")), "intervention_description"),
        (study(summary="This trial studies how well nivolumab works."), "summary"),
        (study(detailed="Patients receive nivolumab IV on day 1."), "detailed_description"),
    ],
)
def test_every_place_counts(given: object, place: str) -> None:
    answer = in_study("Nivolumab", given)  # type: ignore[arg-type]
    assert (answer.verdict, answer.place) == ("match", place)


def test_prose_of_a_study_that_lists_other_drugs_decides_nothing() -> None:
    given = study(intervention("Osimertinib"), detailed="Nivolumab activates T cells.")
    answer = in_study("Nivolumab", given)
    assert (answer.verdict, answer.because) == ("unverifiable", "only in the prose")


def test_class_words_are_unverifiable_and_a_missing_kind_of_product_is_a_mismatch() -> None:
    cells = study(intervention("Anti-CD19 CAR-T cells", kind="BIOLOGICAL"))
    assert in_study("CD19-directed CAR-T cells", cells).verdict == "unverifiable"
    assert in_study("Anti-CD19 CAR-T cells", cells).verdict == "unverifiable"
    assert in_study("Anti-BCMA CAR-T cells", cells).because == "different targets"
    assert in_study("Tumor Infiltrating Lymphocytes (TIL)", study(intervention("Osimertinib"))).verdict == "mismatch"
    assert in_study("CD20-directed monoclonal antibodies", study(intervention("Rituximab"))).verdict == "unverifiable"


def test_a_vaccine_with_targets_needs_a_study_that_speaks_of_them() -> None:
    cells = study(arms=[arm("TCR", "Neoantigen peptides are presented to TCR-transduced cells")])
    assert in_study("MART-1 Peptide Vaccine", cells).because == "no such product in the study"
    her2 = study(arms=[arm("Vaccine", "Patients receive a HER2/neu-directed peptide vaccine")])
    assert in_study("HER-2 Peptide Vaccine", her2).verdict == "unverifiable"


def test_a_generic_product_of_the_study_leaves_room_for_what_could_be_it() -> None:
    given = study(intervention("Anti-BCMA CAR-T cells", kind="BIOLOGICAL"), intervention("Fludarabine"))
    answer = compare_study_concept(given, concept("Idecabtagene Vicleucel", "Abecma", "Anti-BCMA CAR-T Cells"))
    assert (answer.verdict, answer.because) == ("unverifiable", "the study names products generically")
    assert answer.near[0].text == "Anti-BCMA CAR-T cells"
    assert compare_study_concept(given, concept("Osimertinib")).verdict == "mismatch"
    assert compare_study_concept(given, concept("Autologous Anti-CD19 CAR T Cells Xyz-101")).verdict == "mismatch"


def test_a_sponsors_code_is_not_meant_by_a_class_of_treatment() -> None:
    given = study(intervention("AZD1234"), intervention("Chemotherapy"))
    assert in_study("CT-0525", given).verdict == "mismatch"
    assert in_study("Carboplatin", given).because == "the study names products generically"
    assert in_study("Nivolumab", given).verdict == "mismatch"


def test_a_buffer_stands_for_no_product() -> None:
    given = study(intervention("DX-88"), intervention("Phosphate buffered saline"))
    assert in_study("Icatibant", given).verdict == "mismatch"


def test_a_vitamin_is_no_drug_with_a_stem() -> None:
    given = study(intervention("KRN23"), intervention("Active vitamin D"), intervention("Oral phosphate supplements"))
    assert in_study("Asfotase Alfa", given).verdict == "mismatch"
    assert in_study("Calcitriol", given).because == "the study names products generically"


def test_standard_of_care_stands_for_no_product() -> None:
    given = study(intervention("CT-0508"), intervention("Standard of care"))
    assert in_study("CT-0525", given).verdict == "mismatch"


def test_only_in_placebo_and_only_in_eligibility() -> None:
    imitated = study(intervention("Placebo oral tablet to match Venetoclax"), intervention("AZD1234"))
    assert in_study("Venetoclax", imitated).because == "only in placebo"
    excluded = study(intervention("AZD1234"), eligibility="Exclusion: treatment with venetoclax.")
    answer = in_study("Venetoclax", excluded)
    assert (answer.verdict, answer.because) == ("mismatch", "only in eligibility")


def test_placebo_arms_confirm_nothing_but_a_placebo_controlled_study_does() -> None:
    sham = study(intervention("AZD1234"), arms=[arm("Control", "venetoclax-like tablet", kind="PLACEBO_COMPARATOR")])
    assert in_study("Venetoclax", sham).verdict != "match"
    assert in_study("Venetoclax", study(title="Placebo-controlled study of venetoclax")).verdict == "match"


@pytest.mark.parametrize("given", ["Docetaxel + placebo", "Placebo and docetaxel", "docetaxel (plus placebo)"])
def test_a_drug_beside_a_placebo_is_given(given: str) -> None:
    assert in_study("Docetaxel", study(intervention(given))).verdict == "match"


@pytest.mark.parametrize(
    "given",
    [
        study(intervention("VX-970")),
        study(intervention("VX-970", "M6620"), intervention("Cisplatin")),
        study(arms=[arm("VX-970 and cisplatin")]),
        study(arms=[arm("Arm II", "Patients receive ATR inhibitor VX-970 on day 2.")], title="Treatment of tumors"),
        study(arms=[arm("A")], title="M6620 (VX-970) With Standard Treatment"),
    ],
)
def test_a_code_alone_may_hide_a_drug_of_which_no_code_is_known(given: StudyMentions) -> None:
    answer = in_study("Berzosertib", given)
    assert (answer.verdict, answer.because) == ("mismatch", "the study names a code only")
    assert answer.near[0].text in ("VX-970", "ATR inhibitor VX-970", "inhibitor VX-970", "M6620")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("CT-0525", study(intervention("VX-970"))),
        ("Berzosertib", study(intervention("Zebrafenib", "VX-970"))),
        ("Berzosertib", study(arms=[arm("HKI-272 (neratinib)")])),
        ("Berzosertib", study(arms=[arm("A")], title="Zebrafenib VX-970 in tumors")),
        ("Berzosertib", study(arms=[arm("A", "Infusion over 30 minutes, every 21 days, see VX-970.")])),
        ("Nivolumab", study(intervention("Anti-CD19 CAR T-cells VX-970"))),
    ],
)
def test_a_code_that_is_explained_or_of_another_kind_hides_nothing(name: str, given: StudyMentions) -> None:
    assert in_study(name, given).because == "no shared name"


@pytest.mark.parametrize("name", ["AZD4547 placebo", "Placebo for osimertinib", "sham AZD4547"])
def test_a_stand_in_is_not_what_the_study_gives(name: str) -> None:
    given = study(intervention("AZD4547"), intervention("Osimertinib"))
    assert compare_record_study(record(name), given).verdict == "mismatch"


def test_a_partner_among_the_other_names_belongs_to_its_own_intervention() -> None:
    given = study(intervention("AZD1234", "Nivolumab"), intervention("Nivolumab"))
    found = hits([record("Nivolumab")], given)
    assert [(hit.place, hit.owner) for hit in found] == [("intervention", 1)]


def test_the_concepts_names_bridge_only_where_record_and_concept_match() -> None:
    given = study(intervention("Opdivo"))
    bridge = concept("Nivolumab", "Opdivo")
    assert compare_record_study(record("Nivolumab"), given).verdict == "mismatch"
    assert compare_record_study(record("Nivolumab"), given, bridge).verdict == "match"
    assert compare_record_study(record("Cisplatin"), given, bridge).verdict == "mismatch"
    assert (
        compare_study_concept(
            study(intervention("BMS-936558")), concept("Nivolumab"), record("BMS-936558 (nivolumab)")
        ).verdict
        == "match"
    )


def test_a_record_called_as_its_concept_is_looked_for_under_the_concepts_names_too() -> None:
    class_words = concept("Anti-Zyx Cancer Vaccine", "ABC-417")
    row = record("anti-Zyx cancer vaccine")
    assert compare_record_study(row, study(intervention("ABC-417")), class_words).verdict == "match"
    ambiguous = concept("AZP", "Zebrazine")
    assert compare_record_study(record("AZP"), study(intervention("Osimertinib")), ambiguous).verdict == "mismatch"
    assert compare_record_study(record("AZP"), study(intervention("Zebrazine")), ambiguous).verdict == "match"


def test_class_words_that_the_concept_bears_are_met_under_its_other_names() -> None:
    told = concept("Tisagenlecleucel", "CART-19", "CTL019")
    answer = compare_record_study(record("CART-19"), study(intervention("CTL019", kind="BIOLOGICAL")), told)
    assert answer.verdict == "match"
    other = compare_record_study(record("CART-22"), study(intervention("CTL019", kind="BIOLOGICAL")), told)
    assert other.verdict != "match"


@pytest.mark.parametrize(("given", "verdict"), [("TXA 1 g", "unverifiable"), ("TXR 1 g", "mismatch")])
def test_an_intervention_called_by_a_short_name_of_the_drug_is_not_denied(given: str, verdict: str) -> None:
    told = concept("Tranexamic Acid", "TXA")
    assert compare_study_concept(study(intervention(given)), told).verdict == verdict


def test_verbatim_text_and_pointer() -> None:
    answer = in_study("TGFbeta Trap Zyx", study(arms=[arm("A", "Participants get TGF-β Trap® Zyx daily.")]))
    assert answer.matched == "TGF-β Trap® Zyx"
    assert answer.path == "/armGroups/A/description"


@pytest.mark.parametrize(
    ("name", "given", "verdict"),
    [
        ("Metoprolol", "L-arginine", "mismatch"),
        ("Metoprolol", "Saline infusion", "mismatch"),
        ("Metoprolol", "Group 2 Control", "mismatch"),
        ("Metoprolol", "Treatment as usual", "mismatch"),
        ("Metoprolol", "Radiation therapy", "mismatch"),
        ("Ezetimibe", "CD123 CAR-T cells", "mismatch"),
        ("Kymriah", "CD19 CAR-T cells", "unverifiable"),
        ("Vandetanib", "Standard Chemotherapy", "mismatch"),
        ("Docetaxel", "Standard Chemotherapy", "unverifiable"),
        ("Docetaxel", "Antibiotic", "mismatch"),
        ("Docetaxel", "Beta blocker", "mismatch"),
        ("Metoprolol", "Beta blocker", "unverifiable"),
        ("Atorvastatin", "Statin", "unverifiable"),
    ],
)
def test_only_a_class_that_could_hold_the_drug_excuses_it(name: str, given: str, verdict: str) -> None:
    assert in_study(name, study(intervention("Sotorasib"), intervention(given))).verdict == verdict


CHEMICAL = ("Organic Chemical", "Pharmacologic Substance")


@pytest.mark.parametrize(
    ("given", "types", "verdict"),
    [
        ("CD123 CAR-T cells", CHEMICAL, "mismatch"),
        ("CD123 CAR-T cells", ("Cell", "Pharmacologic Substance"), "unverifiable"),
        ("CD123 CAR-T cells", (), "unverifiable"),
        ("Anti-CD20 antibody", CHEMICAL, "mismatch"),
        ("Standard chemotherapy", CHEMICAL, "unverifiable"),
    ],
)
def test_semantic_types_say_whether_a_class_could_hold_the_concept(
    given: str, types: tuple[str, ...], verdict: str
) -> None:
    mentions, known = study(intervention(given)), concept("Zyxanol", types=types)
    assert compare_study_concept(mentions, known).verdict == verdict
    assert compare_record_study(record("Zyxanol"), mentions, known).verdict == verdict


@pytest.mark.parametrize("name", ["CT-0525", "[18F]L-FAC", "PI3K-beta Inhibitor GSK2636771"])
def test_a_code_and_a_tracer_are_not_meant_by_a_class_with_its_route(name: str) -> None:
    assert in_study(name, study(intervention("Intrathecal Chemotherapy"))).verdict == "mismatch"


@pytest.mark.parametrize(
    "name",
    ["Allogeneic Adipose-derived Mesenchymal Stem Cells", "Anti-CD3 x Anti-CD20 Antibody-Armed Activated T Cells"],
)
def test_stem_cells_and_armed_cells_are_cell_products_too(name: str) -> None:
    answer = in_study(name, study(intervention("Candesartan")))
    assert (answer.verdict, answer.because) == ("mismatch", "no such product in the study")


def test_cells_that_are_counted_in_a_biopsy_are_no_product() -> None:
    counted = "Biopsies show HER2, T cell activation and macrophage populations."
    name = "Anti-HER2 CAR-transduced Autologous Peripheral Blood Lymphocytes"
    answer = in_study(name, study(arms=[arm("Osimertinib")], detailed=counted))
    assert (answer.verdict, answer.because) == ("mismatch", "no such product in the study")
    assert in_study(name, study(arms=[arm("A")], detailed="They get CAR cells against HER2.")).verdict == "unverifiable"
    assert in_study(name, study(arms=[arm("HER2 macrophages")], detailed=counted)).verdict == "unverifiable"


def test_a_cell_penetrating_peptide_is_no_cell_product() -> None:
    assert in_study("Cell Penetrating Peptide p28", study(intervention("Stem cell therapy"))).verdict == "mismatch"


@pytest.mark.parametrize(
    ("name", "given", "verdict"),
    [
        ("betamethasone valerate", "Betamethasone dipropionate foam", "mismatch"),
        ("betamethasone valerate", "Betamethasone valerate plaster", "match"),
        ("betamethasone valerate", "betamethasone cream", "match"),
        ("Fluticasone furoate", "fluticasone propionate/salmeterol", "mismatch"),
        ("Methylprednisolone acetate", "methylprednisolone sodium succinate", "mismatch"),
        ("Metoprolol succinate", "metoprolol tartrate", "match"),
        ("EP2006", "LA-EP2006", "mismatch"),
        ("EP2006", "Zarxio-EP2006", "match"),
        ("CP-690550-10", "CP-690,550 10 mg", "match"),
        ("MK-0869", "MK869 capsules", "match"),
    ],
)
def test_esters_and_codes_in_a_study(name: str, given: str, verdict: str) -> None:
    assert in_study(name, study(intervention(given))).verdict == verdict


def test_a_combination_is_not_met_by_one_of_its_drugs_where_the_study_does_not_know_the_other() -> None:
    known = concept("Sofosbuvir/Velpatasvir", "Epclusa")
    other = study(intervention("LDV/SOF", "Ledipasvir/sofosbuvir"), title="Sofosbuvir and ledipasvir")
    answer = compare_record_study(record("Sofosbuvir/velpatasvir"), other, known)
    assert (answer.verdict, answer.because) == ("unverifiable", "only a part of the combination")
    apart = study(intervention("Sofosbuvir"), intervention("Velpatasvir"))
    assert compare_record_study(record("Sofosbuvir/velpatasvir"), apart, known).verdict == "match"


def test_an_abbreviation_is_not_denied_by_a_study_that_names_the_drug() -> None:
    known = concept("Budesonide/Formoterol Fumarate")
    named = study(intervention("Budesonide/formoterol Turbuhaler"))
    verdict = compare_record_concept(record("BUD/FORM"), known)
    assert compare_record_study(record("BUD/FORM"), named, known, verdict).verdict == "unverifiable"
    assert (
        compare_record_study(record("BUD/FORM"), study(intervention("Salmeterol")), known, verdict).verdict
        == "mismatch"
    )


def test_the_brand_of_one_ester_does_not_make_another_of_it() -> None:
    known = concept("Betamethasone Valerate", "Betnovate")
    other = study(intervention("Betamethasone dipropionate foam"))
    assert compare_record_study(record("Betamethasone valerate"), other, known).verdict == "mismatch"
