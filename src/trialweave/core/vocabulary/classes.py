"""Words of class, kind, format and disease: a name that is made of nothing else denotes no single product.

Origin: the generic guard of conflicts.md section 2 (527 of 2,378 distinct cell-therapy intervention strings are of this
kind, and NCIt carries the same phrases as synonyms of single products), the head words of NCIt class concepts, and the
intervention names of 239 registry studies. All words are in the spelling of `text.fold`, singular.
"""

from __future__ import annotations

from trialweave.core.vocabulary.tables import listed

CELL_WORDS = listed("""
    cell lymphocyte car cart tcr tcrm mtcr til pbl nk nkt ctl dc lak cik treg msc hsc hsct hspc pbsc pbmc lymphokine
    nk92 macrophage monocyte granulocyte neutrophil leukocyte thymocyte fibroblast platelet plasma erythrocyte stem
    progenitor mesenchymal stromal hematopoietic dendritic langerhan regulatory memory naive effector helper cytotoxic
    cytolytic killer natural gamma delta alpha beta zeta tcrzeta tcrz bbz 41bb 28z 1928z cd3zeta cd28 cd137
    egfrt ic9 icasp9 icaspase9 dap10
    apheresis leukapheresis donor lymphodepleted lymphodepletion infiltrating infiltrated marrow cord umbilical
    placental adipose peripheral blood bone uc huc ucb hucb wj wharton jelly ipsc hipsc vst
    """)
"""Cells and the parts of engineered cells. Costimulatory domains and safety switches are parts, not targets."""

FORMAT_WORDS = listed("""
    mab antibody immunoglobulin igg igg1 igg2 igg4 fab fc scfv
    nanobody minibody diabody valent nonavalent hexavalent pentavalent quadrivalent tetravalent trivalent bivalent
    monovalent probody anticalin bite engager engaging redirected redirecting bispecific trispecific multispecific
    monospecific conjugate adc immunoconjugate immunotoxin immunocytokine fusion protein peptide multipeptide
    polypeptide oligopeptide glycoprotein antigen epitope multiepitope neoantigen receptor ligand decoy trap vaccine
    vaccination toxoid adjuvant lysate oligonucleotide antisense galnac sirna shrna mirna rna rnai mrna dna plasmid gene
    vector virus viral oncolytic adenovirus adenoviral retroviral lentiviral vaccinia herpes
    poxvirus aav bacterial probiotic small molecule compound chemical substance agent drug medication medicine medicinal
    biological biologic product inhibitor multikinase kinase tyrosine serine threonine blocker antagonist agonist
    modulator activator stimulator inducer degrader protac prodrug analog analogue derivative mimetic enzyme hormone
    steroid corticosteroid cytokine chemokine interleukin interferon factor growth colony stimulating toxin isotope
    radioactive radioisotope radiolabeled radioligand radiopharmaceutical radioimmunoconjugate nanoparticle liposome
    supplement extract regimen combination checkpoint anti targeted targeting target specific directed binding tki like
    reactive expressing secreting modified engineered transduced transfected electroporated gene genetically
    modification edited activated armed armored loaded pulsed primed expanded enriched selected derived restricted
    matched mismatched unmatched related unrelated haploidentical autologous allogeneic allogenic syngeneic universal
    shelf off xenogeneic human humanized fully chimeric murine mouse recombinant synthetic personalized individualized
    naked unconjugated conjugated dual tandem bicistronic double triple single multi multivalent first second third
    fourth fifth 1st 2nd 3rd 4th generation gen next novel new investigational experimental study selective potent
    irreversible reversible covalent noncovalent pan mutant mutated wild type positive negative high low optimized
    cocktail hle phage bacteriophage therapeutic immune immunologic bridging booster prime boost formulation injection
    infusion long acting short placebo sham saline vehicle diluent
    """)
"""Formats of a product and how it was made: they say what sort of thing it is."""

DRUG_GROUPS = listed("""
    chemotherapy chemoradiotherapy chemoradiation immunotherapy immunochemotherapy chemoimmunotherapy endocrine hormonal
    antineoplastic anticancer antimetabolite alkylating anthracycline taxane platinum vinca antibiotic antiviral
    antifungal antiemetic analgesic opioid opiate nsaid antihypertensive antidepressant anticoagulant antiplatelet
    statin nitrate diuretic vasodilator betablocker bisphosphonate gonadotropin gnrh lhrh estrogen androgen progestin
    aromatase steroid corticosteroid
    """)
"""Groups of drugs as studies speak of them without naming one."""

THERAPY_WORDS = DRUG_GROUPS | listed("""
    therapy treatment radiotherapy radiation cytotoxic alkaloid releasing luteinizing
    deprivation adt cell cellular gene surgery surgical transplant transplantation conditioning induction consolidation
    maintenance neoadjuvant adjuvant perioperative palliative supportive salvage standard care soc best
    investigator choice physician conventional usual background systemic local regional intensive intensity reduced
    escalation expansion metronomic lymphodepleting doublet triplet monotherapy
    low high dose control comparator active arm group cohort part phase subject patient volunteer participant healthy
    intervention procedure program other any various multiple sequential concurrent with without or and plus versus vs
    in of for to on by from the a an as followed after before alone only based containing free non x
    """)
"""Treatments by class and the words of a study's own arrangement."""

DISEASE_WORDS = listed("""
    cancer tumor solid neoplasm malignancy malignant carcinoma adenocarcinoma leukemia lymphoma myeloma melanoma sarcoma
    glioma glioblastoma neuroblastoma mesothelioma hepatocellular hepatoma breast lung prostate ovarian cervical
    colorectal colon rectal gastric pancreatic renal kidney bladder urothelial liver hepatic brain head neck esophageal
    thyroid skin acute chronic lymphoblastic lymphocytic myeloid myelogenous hodgkin follicular mantle diffuse large
    small plasma advanced metastatic refractory relapsed recurrent resistant hematologic hematological hematopoietic
    nsclc sclc hcc rcc crc aml all cll dlbcl mm gbm virus viral infection infectious cmv ebv hpv hiv hbv hcv vzv hla
    autoimmune disease disorder syndrome associated
    """)
"""What is treated. `breast cancer vaccine` names no product either."""

GENERIC_WORDS = CELL_WORDS | FORMAT_WORDS | THERAPY_WORDS | DISEASE_WORDS
"""Everything above: a name wholly inside this set, target symbols and plain numbers confirms nothing."""

EMPTY_ADJECTIVES = listed("recombinant human humanized synthetic therapeutic autologous allogeneic ado fam")
"""Words that one side writes and the other leaves out; contradicting origins are guarded apart."""

NAMED_BY_A_LETTER = frozenset({("factor", "v"), ("factor", "x"), ("protein", "c"), ("protein", "s")})
"""Proteins of the blood whose names a class word and a letter make."""

AMBIGUOUS_NAMES = listed("""
    mpa msa amd act cap chop dha epa gem mtx ptx pac tax dox ara cis cbp ddp doc eto top iri tam let ana bev
    pem ipi atra asa mab mp tg dex pred met cart adr ctx cpm csa fk mmf atg
    impact hope focus advance balance complete alert today emend platinum
    """)
"""Short names that stand for two or more drugs, and brands that are plain words (conflicts.md, guard f; of 2,200 names
in the measured vocabulary only `Impact` met its word in trial prose). They never confirm alone."""

CELL_CUES = listed("car tcr mtcr til pbl nk nkt dendritic macrophage monocyte msc treg cik")
"""One of these in a study's text, if the name at hand is a cell product: otherwise the study gives no such thing."""

NATURAL_CELLS = listed("nk nkt dendritic dc macrophage monocyte treg")
"""Everybody has these: a detailed description that counts them in a biopsy tells of no product."""

VACCINE_CUES = listed("vaccine vaccination peptide dendritic dc immunization immunized vaccinated lysate")
"""The same for vaccines."""

NO_CELLS = listed("""
    inhibitor antagonist agonist modulator acid extract supplement regimen antibody mab hormone peptide
    """)
"""A name with one of these is no cell product."""

KINDS_IN_TEXTS = (
    DRUG_GROUPS
    | CELL_CUES
    | VACCINE_CUES - {"peptide"}
    | listed("inhibitor tki antibody mab agonist antagonist blocker hormone cytokine biologic")
)
"""In the texts of a study that lists nothing these leave room for a drug that it does not name."""

EMPTY_PRODUCTS = listed("""
    standard care soc control usual treatment best supportive observation intervention study arm group therapy no none
    of and the in with without active comparator background physician investigator choice conventional program drug
    drugs medication surgery procedure questionnaire assessment saline normal placebo sham vehicle diluent medium
    infusion injection solution cohort participant patient subject healthy volunteer radiation radiotherapy irradiation
    open label blind blinded double single extension run neo preoperative postoperative loading dose crossover
    randomized retreatment rechallenge administration continuous intermittent generic brand once twice every daily
    weekly biweekly monthly day week month
    phosphate buffered pbs biospecimen collection sampling heat stress as pet spect ct mri scan imaging
    """)
"""An intervention that is named with these words alone stands for no product, not even generically."""

NUTRIENTS = listed("vitamin mineral supplement")
"""Products in class words that no drug with a stem in its name is one of."""
