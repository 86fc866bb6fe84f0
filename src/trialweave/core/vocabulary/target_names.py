"""Targets under all the names in use: symbol, other symbols, and the words that definitions spell out.

Origin: HGNC symbols with their aliases, and the phrases behind "directed against", "targeting" and "inhibitor of" in
2,358 NCIt definitions; beyond oncology, what the drugs of 239 registry studies are aimed at. Effector arms of
bispecifics (CD3, CD16), costimulatory domains (CD28, 4-1BB), markers of effector cells (CD4, CD8, CD34, CD56) and
targets of payloads (tubulin, topoisomerase) are left out: they do not tell products apart.
"""

from __future__ import annotations

from trialweave.core.vocabulary.tables import listed

TARGETS: dict[str, str] = {
    "HER2": "erbb 2|erb b2|c erbb2|neu|human epidermal growth factor receptor 2"
    "|receptor tyrosine protein kinase erbb 2",
    "HER3": "erbb 3|human epidermal growth factor receptor 3|receptor tyrosine protein kinase erbb 3",
    "HER4": "erbb 4|human epidermal growth factor receptor 4",
    "EGFR": "epidermal growth factor receptor|her 1|erbb 1|egfrviii|egfrv3",
    "VEGFR": "vascular endothelial growth factor receptor|vascular endothelial growth factor receptors|vegfrs",
    "VEGFR1": "vascular endothelial growth factor receptor 1|flt 1",
    "VEGFR2": "vascular endothelial growth factor receptor 2|kdr|vegfr 2",
    "VEGFR3": "vascular endothelial growth factor receptor 3|flt 4|vegfr 3",
    "VEGF": "vascular endothelial growth factor|vegf a|vegfa",
    "PDGFR": "platelet derived growth factor receptor|pdgfra|pdgfrb|pdgfr alpha|pdgfr beta",
    "FGFR": "fibroblast growth factor receptor|fibroblast growth factor receptors",
    "FGFR1": "fibroblast growth factor receptor 1",
    "FGFR2": "fibroblast growth factor receptor 2|fgfr 2b|fgfr2b",
    "FGFR3": "fibroblast growth factor receptor 3",
    "FGFR4": "fibroblast growth factor receptor 4",
    "IGF1R": "insulin like growth factor 1 receptor|igf 1r",
    "MET": "c met|hepatocyte growth factor receptor|hgfr|mesenchymal epithelial transition factor",
    "ALK": "anaplastic lymphoma kinase",
    "ROS1": "c ros oncogene 1",
    "RET": "rearranged during transfection",
    "KIT": "c kit|stem cell factor receptor|cd117",
    "CSF1R": "colony stimulating factor 1 receptor|c fms|cd115",
    "AXL": "axl receptor tyrosine kinase",
    "TRK": "tropomyosin receptor kinase|neurotrophic tyrosine receptor kinase|ntrk|ntrk1|ntrk2|ntrk3|trka|trkb|trkc",
    "FLT3": "fms like tyrosine kinase 3|cd135",
    "BCR-ABL": "bcr abl1|bcr abl",
    "SRC": "src kinase|src family kinases",
    "BTK": "bruton tyrosine kinase|bruton s tyrosine kinase|brutons tyrosine kinase",
    "SYK": "spleen tyrosine kinase",
    "JAK": "janus kinase|janus associated kinase",
    "JAK1": "janus kinase 1|janus associated kinase 1",
    "JAK2": "janus kinase 2",
    "JAK3": "janus kinase 3",
    "TYK2": "tyrosine kinase 2",
    "BRAF": "b raf|protein kinase b raf",
    "RAF": "raf kinase|c raf|craf|raf1",
    "MEK": "mitogen activated protein kinase kinase|mek 1|mek 2|mek1|mek2|mek1/2|map2k1",
    "ERK": "extracellular signal regulated kinase|erk 1|erk 2|erk1|erk2",
    "KRAS": "k ras|kirsten rat sarcoma|krasg12c|krasg12d|krasg12v",
    "SHP2": "ptpn11",
    "SOS1": "son of sevenless homolog 1",
    "PI3K": "phosphatidylinositol 3 kinase|phosphoinositide 3 kinase|pi3k alpha|pi3k delta|pi3k gamma|pik3ca",
    "AKT": "protein kinase b|akt1|akt2|akt3",
    "mTOR": "mammalian target of rapamycin|mechanistic target of rapamycin|mtorc1|mtorc2",
    "CDK4": "cyclin dependent kinase 4|cdk4/6|cdk 4/6|cyclin dependent kinases 4 and 6|cyclin dependent kinases 4",
    "CDK6": "cyclin dependent kinase 6",
    "CDK2": "cyclin dependent kinase 2",
    "CDK7": "cyclin dependent kinase 7",
    "CDK9": "cyclin dependent kinase 9",
    "PARP": "poly adp ribose polymerase|parp 1|parp 2|parp1|parp2|poly adp ribose polymerases",
    "WEE1": "wee1 kinase|wee 1",
    "ATR": "ataxia telangiectasia and rad3 related",
    "ATM": "ataxia telangiectasia mutated",
    "CHK1": "checkpoint kinase 1|chek1",
    "PLK1": "polo like kinase 1",
    "Aurora kinase": "aurora a kinase|aurora kinase a|aurora b kinase|aurora kinase b|aurora kinases",
    "HDAC": "histone deacetylase|histone deacetylases",
    "EZH2": "enhancer of zeste homolog 2",
    "IDH1": "isocitrate dehydrogenase 1|isocitrate dehydrogenase type 1",
    "IDH2": "isocitrate dehydrogenase 2|isocitrate dehydrogenase type 2",
    "BCL-2": "b cell lymphoma 2|bcl2",
    "MCL-1": "myeloid cell leukemia 1|mcl1",
    "MDM2": "murine double minute 2|hdm2",
    "XPO1": "exportin 1|crm1|chromosome region maintenance 1",
    "menin": "menin mll|menin kmt2a",
    "SMO": "smoothened",
    "proteasome": "26s proteasome|20s proteasome",
    "androgen receptor": "",
    "estrogen receptor": "estrogen receptors",
    "glucocorticoid receptor": "glucocorticoid receptors|nr3c1", "aryl hydrocarbon receptor": "ahr",
    "PD-1": "pd1|pdcd1|cd279|programmed cell death protein 1|programmed cell death 1|programmed death 1"
    "|programmed death receptor 1",
    "PD-L1": "pdl1|cd274|b7 h1|programmed cell death 1 ligand 1|programmed cell death ligand 1"
    "|programmed death ligand 1",
    "CTLA-4": "ctla4|cd152|cytotoxic t lymphocyte associated antigen 4|cytotoxic t lymphocyte antigen 4"
    "|cytotoxic t lymphocyte associated protein 4",
    "LAG-3": "lag3|cd223|lymphocyte activation gene 3",
    "TIM-3": "tim3|havcr2|t cell immunoglobulin and mucin domain 3",
    "TIGIT": "t cell immunoreceptor with ig and itim domains",
    "OX40": "tnfrsf4|cd134",
    "GITR": "tnfrsf18|cd357|glucocorticoid induced tnfr related",
    "CD47": "integrin associated protein",
    "SIRPA": "signal regulatory protein alpha|sirp alpha",
    "BCMA": "tnfrsf17|cd269|b cell maturation antigen|b cell maturation protein",
    "GPRC5D": "g protein coupled receptor family c group 5 member d|gprc5d",
    "FcRH5": "fcrh5|fcrl5|fc receptor homolog 5|fc receptor like 5",
    "SLAMF7": "cs1|cd319|signaling lymphocytic activation molecule f7",
    "CD19": "",
    "CD20": "ms4a1",
    "CD22": "siglec 2",
    "CD30": "tnfrsf8",
    "CD33": "siglec 3",
    "CD37": "", "CD38": "", "CD5": "", "CD7": "", "CD52": "", "CD70": "", "CD73": "nt5e", "CD79b": "cd79b",
    "CD123": "il3ra|interleukin 3 receptor alpha|il 3ra|interleukin 3 receptor subunit alpha",
    "CD138": "syndecan 1",
    "CD39": "entpd1", "CD40": "tnfrsf5", "CD44v6": "", "CD133": "prominin 1", "CD171": "l1cam",
    "CD25": "il2ra|interleukin 2 receptor|interleukin 2 receptor alpha|il 2 receptor|il 2r", "CD74": "",
    "CLL-1": "cll1|clec12a|cd371|c type lectin like molecule 1",
    "TROP2": "trop 2|tacstd2|trophoblast cell surface antigen 2|tumor associated calcium signal transducer 2"
    "|trophoblast antigen 2|trophoblast cell surface glycoprotein 2",
    "nectin-4": "nectin4|pvrl4|nectin cell adhesion molecule 4",
    "tissue factor": "cd142|coagulation factor iii",
    "folate receptor alpha": "fralpha|fr alpha|folr1|folate receptor 1|folate receptor 1 alpha",
    "mesothelin": "msln",
    "PSMA": "folh1|prostate specific membrane antigen|glutamate carboxypeptidase ii",
    "PSCA": "prostate stem cell antigen",
    "STEAP1": "six transmembrane epithelial antigen of the prostate 1"
    "|six transmembrane epithelial antigen of prostate 1",
    "CEA": "ceacam5|carcinoembryonic antigen|cd66e|carcinoembryonic antigen related cell adhesion molecule 5",
    "EpCAM": "epithelial cell adhesion molecule|cd326",
    "claudin 18.2": "cldn18.2|cldn 18.2|claudin18.2|claudin 18 isoform 2",
    "claudin 6": "cldn6|claudin6",
    "GPC3": "glypican 3|gpc 3",
    "GPC2": "glypican 2",
    "GD2": "disialoganglioside gd2|disialoganglioside|ganglioside gd2",
    "B7-H3": "b7h3|cd276",
    "B7-H4": "b7h4|vtcn1",
    "ROR1": "receptor tyrosine kinase like orphan receptor 1",
    "ROR2": "receptor tyrosine kinase like orphan receptor 2",
    "DLL3": "delta like protein 3|delta like ligand 3|delta like 3",
    "MUC1": "mucin 1", "MUC16": "mucin 16|ca 125|ca125",
    "IL13Ra2": "il13ralpha2|interleukin 13 receptor alpha 2|il 13ra2|il 13ralpha2|il 13r alpha 2",
    "EphA2": "ephrin type a receptor 2|epha2", "AFP": "alpha fetoprotein", "LeY": "lewis y",
    "GCC": "guanylyl cyclase c|guanylate cyclase c|gucy2c",
    "CDH17": "cadherin 17", "CDH6": "cadherin 6",
    "FAP": "fibroblast activation protein|fibroblast activation protein alpha",
    "NaPi2b": "napi2b|slc34a2", "PTK7": "protein tyrosine kinase 7",
    "SSTR2": "somatostatin receptor 2|somatostatin receptor"
    "|somatostatin receptors|somatostatin receptor type 2|somatostatin receptor subtype 2|sstr|sst2",
    "CCR4": "c c chemokine receptor 4|cc chemokine receptor 4", "CCR8": "c c chemokine receptor 8", "CXCR4": "",
    "NY-ESO-1": "nyeso1|ny eso 1|new york esophageal squamous cell carcinoma 1",
    "MAGE-A4": "magea4|mage a4|melanoma associated antigen 4|melanoma antigen a4", "PRAME": "", "WT1": "wilms tumor 1",
    "TNF": "tumor necrosis factor|tnf alpha|tnfalpha|tumor necrosis factor alpha",
    "IL-6": "interleukin 6|il 6|il6", "IL-6R": "interleukin 6 receptor|il 6 receptor|il6r",
    "IL-17": "interleukin 17|il 17|il 17a|interleukin 17a", "IL-23": "interleukin 23|il 23|il 23p19|interleukin 23p19",
    "IL-5": "interleukin 5|il 5", "IL-4R": "interleukin 4 receptor alpha|interleukin 4 receptor|il 4ra|il 4r alpha"
    "|il 4ralpha|interleukin 4 receptor subunit alpha|il 4 receptor|il 4 receptor alpha",
    "IL-1": "interleukin 1|il 1|il 1beta|interleukin 1 beta", "IgE": "immunoglobulin e",
    "RANKL": "rank ligand|receptor activator of nuclear factor kappa b ligand"
    "|receptor activator of nuclear factor kappa beta ligand|receptor activator of nf kappa b ligand",
    "sclerostin": "sost",
    "TTR": "transthyretin", "SOD1": "superoxide dismutase 1",
    "ANGPTL3": "angiopoietin like 3|angiopoietin like protein 3",
    "complement C3": "c3|complement component 3|complement component c3|complement protein c3|complement factor c3",
    "complement C5": "c5|complement component 5|complement component c5|complement protein c5|complement factor c5",
    "TSLP": "thymic stromal lymphopoietin", "IL-13": "interleukin 13|il 13",
    "IL-36R": "interleukin 36 receptor|il 36 receptor",
    "BAFF": "blys|b lymphocyte stimulator|b lymphocyte stimulator protein|b cell activating factor|tnfsf13b",
    "integrin alpha4beta7": "alpha4beta7|alpha4beta7 integrin|alpha 4 beta 7",
    "amyloid beta": "beta amyloid|abeta|amyloid beta peptide", "FcRn": "neonatal fc receptor",
    "factor Xa": "coagulation factor xa|fxa",
    "factor XIa": "coagulation factor xi|coagulation factor xia|factor xi|fxi",
    "Ang-2": "angiopoietin 2", "plasma kallikrein": "kallikrein|klkb1",
    "PCSK9": "proprotein convertase subtilisin kexin type 9", "CGRP": "calcitonin gene related peptide",
    "DPP-4": "dipeptidyl peptidase 4|dpp4", "SGLT2": "sodium glucose cotransporter 2|sglt 2",
    "GLP-1R": "glucagon like peptide 1|glucagon like peptide 1 receptor|glp 1 receptor|glp 1|glp1r|glp1",
    "NGF": "nerve growth factor", "CD80": "b7 1", "CD86": "b7 2",
    "AT1": "at1 receptor|at1r|agtr1|angiotensin ii type 1 receptor|angiotensin ii receptor type 1"
    "|angiotensin ii receptor subtype 1|angiotensin ii receptor|angiotensin receptor|angiotensin ii",
    "RAAS": "renin angiotensin|renin angiotensin system|renin angiotensin aldosterone system|angiotensin system",
    "ACE": "angiotensin converting enzyme", "renin": "", "neprilysin": "neutral endopeptidase|mme",
    "mineralocorticoid receptor": "aldosterone receptor|nr3c2|aldosterone",
    "HCN channel": "hcn4|hyperpolarization activated cyclic nucleotide gated|if channel|if current",
    "beta adrenergic receptor": "beta adrenergic|beta adrenergic receptors|beta 1 adrenergic|beta 1 adrenergic receptor"
    "|beta 1 adrenergic receptors|beta 2 adrenergic receptor|beta adrenoceptor|beta 1 adrenoceptor|beta 1 receptor"
    "|beta 3 adrenergic|beta 3 adrenergic receptor|beta 3 adrenergic receptors|beta 3 adrenoceptor|adrb3",
    "P2Y12": "p2y12 receptor|p2ry12|p2y12 platelet receptor",
    "HMG-CoA reductase": "hmgcr|3 hydroxy 3 methylglutaryl coenzyme a reductase"
    "|hydroxymethylglutaryl coenzyme a reductase",
    "HIF-PH": "hif prolyl hydroxylase|hypoxia inducible factor prolyl hydroxylase|hif phd|hif prolyl 4 hydroxylase",
    "EPO receptor": "erythropoietin receptor|epor|epo r", "G-CSF receptor": "csf3r",
    "PDE3": "phosphodiesterase 3|pde 3|phosphodiesterase type 3|pde3a",
    "PDE4": "phosphodiesterase 4|pde 4|phosphodiesterase type 4|pde4d",
    "PDE5": "phosphodiesterase 5|pde 5|phosphodiesterase type 5|pde5a|type 5 phosphodiesterase",
    "COX-1": "cyclooxygenase 1|ptgs1|cox1", "COX-2": "cyclooxygenase 2|ptgs2|cox2|cyclooxygenase ii|cox ii",
    "thrombin": "factor iia|coagulation factor iia",
    "endothelin receptor": "endothelin receptor type a|endothelin a receptor|ednra|endothelin receptors",
    "DHFR": "dihydrofolate reductase", "thymidylate synthase": "tyms",
    "IMPDH": "inosine monophosphate dehydrogenase|impdh1|impdh2", "DHODH": "dihydroorotate dehydrogenase",
    "S1P receptor": "sphingosine 1 phosphate receptor|s1p1|s1pr1|s1pr|s1p receptors|sphingosine 1 phosphate receptors",
    "NK1 receptor": "neurokinin 1 receptor|neurokinin 1|tacr1|nk 1 receptor",
    "5-HT3 receptor": "5 ht3|5 hydroxytryptamine 3|serotonin 5 ht3|5 hydroxytryptamine 3 receptor|htr3a",
    "PPAR gamma": "peroxisome proliferator activated receptor gamma|pparg", "orexin receptor": "orexin receptors",
    "VMAT2": "vesicular monoamine transporter 2|slc18a2", "aromatase": "cyp19a1",
    "integrase": "hiv 1 integrase|hiv integrase", "HIV protease": "hiv 1 protease",
    "FGF23": "fibroblast growth factor 23", "SMN2": "survival motor neuron 2|survival of motor neuron 2",
    "HAO1": "glycolate oxidase|hydroxyacid oxidase 1", "LDHA": "lactate dehydrogenase a",
    "ALAS1": "aminolevulinate synthase 1|aminolevulinic acid synthase 1|delta aminolevulinate synthase 1",
    "APOC3": "apolipoprotein c iii|apolipoprotein c3|apoc iii", "AGT": "angiotensinogen",
    "bradykinin B2 receptor": "bradykinin b2|b2 bradykinin receptor|bradykinin receptor b2|bdkrb2",
    "GnRH receptor": "gnrh|gnrhr|gonadotropin releasing hormone|gonadotropin releasing hormone receptor|lhrh"
    "|lhrh receptor|luteinizing hormone releasing hormone",
    "FXR": "farnesoid x receptor|nr1h4", "PPAR alpha": "peroxisome proliferator activated receptor alpha|ppara"
    "|ppar alpha/delta|ppar alpha/gamma|pan ppar",
    "PPAR delta": "peroxisome proliferator activated receptor delta|ppard",
    "NMDA receptor": "nmda|n methyl d aspartate|n methyl d aspartate receptor|n methyl d aspartate nmda receptor",
    "GABA-A receptor": "gabaa|gaba a|gabaa receptors|gaba a receptors|gamma aminobutyric acid type a"
    "|gamma aminobutyric acid type a receptor|gamma aminobutyric acid a receptor",
    "opioid receptor": "opioid receptors|mu opioid|mu opioid receptor|mu opioid receptors|kappa opioid"
    "|kappa opioid receptor|kappa opioid receptors|delta opioid receptor",
    "muscarinic receptor": "muscarinic|muscarinic receptors|muscarinic acetylcholine receptor"
    "|muscarinic acetylcholine receptors|muscarinic m3|muscarinic m3 receptor",
    "nicotinic receptor": "nicotinic acetylcholine receptor|nicotinic acetylcholine receptors|nachr|nicotinic",
    "GLP-2R": "glucagon like peptide 2|glucagon like peptide 2 receptor|glp 2 receptor|glp 2",
    "SV2A": "synaptic vesicle protein 2a|synaptic vesicle glycoprotein 2a", "xanthine oxidase": "",
    "MAO-B": "monoamine oxidase b|monoamine oxidase type b", "COMT": "catechol o methyltransferase",
    "5-alpha reductase": "5alpha reductase|srd5a2", "CFTR": "cystic fibrosis transmembrane conductance regulator",
    "IL-31RA": "interleukin 31 receptor|interleukin 31 receptor alpha|il 31 receptor|il 31|interleukin 31",
    "IL-33": "interleukin 33", "IL-12": "interleukin 12",
    "P-selectin": "selp", "LFA-1": "lymphocyte function associated antigen 1",
    "lipoprotein(a)": "lpa|apolipoprotein a|apo a|lp a", "antithrombin": "serpinc1|antithrombin iii",
    "prekallikrein": "", "dystrophin": "dmd gene", "huntingtin": "htt|mhtt|mutant huntingtin",
    "MC4R": "melanocortin 4 receptor|melanocortin 4|mc4 receptor", "MC1R": "melanocortin 1 receptor",
    "TPO receptor": "thrombopoietin receptor|tpo r|c mpl|mpl receptor",
    "ROCK": "rho kinase|rho associated protein kinase|rho associated coiled coil containing protein kinase|rock1|rock2",
    "histamine H3 receptor": "h3 receptor|histamine h3|h3r", "histamine H1 receptor": "h1 receptor|histamine h1",
    "histamine H2 receptor": "h2 receptor|histamine h2",
    "farnesyltransferase": "farnesyl transferase|farnesyl protein transferase", "Nrf2": "nfe2l2",
    "DLK1": "delta like 1 homolog", "IRAK4": "interleukin 1 receptor associated kinase 4",
    "cereblon": "crbn", "neuraminidase": "influenza neuraminidase",
    "integrin alpha4": "vla 4|vla4|alpha 4 integrin|alpha4 integrin|integrin alpha 4|alpha 4 subunit of integrins"
    "|alpha4beta1|integrin alpha4beta1|itga4",
    "soluble guanylate cyclase": "sgc", "cardiac myosin": "cardiac myosin atpase|beta cardiac myosin|myh7",
    "THR beta": "thyroid hormone receptor beta|thr b|thyroid hormone receptor",
    "factor XII": "factor xiia|coagulation factor xii|coagulation factor xiia|fxii|fxiia|activated factor xii",
    "TFPI": "tissue factor pathway inhibitor", "von Willebrand factor": "vwf",
    "complement factor B": "factor b|cfb", "complement factor D": "factor d|cfd",
    "C5a receptor": "c5ar|c5ar1|c5a receptor 1|complement c5a receptor|complement component 5a receptor|c5a",
    "complement C1s": "c1s", "complement C1q": "c1q", "MASP-2": "masp2|mannan binding lectin serine protease 2",
    "adenosine A2A receptor": "a2a|a2a receptor|adenosine a2a|adora2a", "HIF-2 alpha": "hif 2alpha|hif2a|hif 2a|epas1"
    "|hypoxia inducible factor 2 alpha|hypoxia inducible factor 2alpha",
    "NK3 receptor": "neurokinin 3 receptor|neurokinin 3|nk3|nk3r|nk 3 receptor|tacr3",
    "P2X3": "p2x3 receptor|p2rx3", "Nav1.8": "nav 1.8|scn10a|sodium channel nav1.8", "Nav1.7": "nav 1.7|scn9a",
    "TRPV1": "transient receptor potential vanilloid 1|vanilloid receptor 1", "NHE3": "sodium hydrogen exchanger 3"
    "|sodium/hydrogen exchanger nhe3|sodium hydrogen exchanger nhe3|slc9a3",
    "CYP17A1": "cyp17|17 alpha hydroxylase|cytochrome p450 17a1|17alpha hydroxylase",
    "CYP11B2": "aldosterone synthase", "CYP11B1": "11 beta hydroxylase|11beta hydroxylase",
    "IBAT": "ileal bile acid transporter|asbt|apical sodium dependent bile acid transporter|slc10a2",
    "NTCP": "sodium taurocholate cotransporting polypeptide|slc10a1",
    "5-HT2A receptor": "5 ht2a|5 hydroxytryptamine 2a|5 hydroxytryptamine 2a receptor|serotonin 2a|htr2a"
    "|serotonin 5 ht2a|5 ht2a receptors",
    "5-HT1A receptor": "5 ht1a|5 hydroxytryptamine 1a|5 ht1a receptors|serotonin 1a|htr1a",
    "5-HT1B/1D receptor": "5 ht1b/1d|5 ht1b|5 ht1d|5 hydroxytryptamine 1b/1d", "5-HT1F receptor": "5 ht1f|htr1f",
    "5-HT4 receptor": "5 ht4|htr4|5 hydroxytryptamine 4", "dopamine receptor": "dopamine d2|dopamine d2 receptor"
    "|d2 receptor|dopamine d3|dopamine d3 receptor|d3 receptor|dopamine d1|dopamine d1 receptor|dopamine receptors"
    "|dopamine d2/d3|dopamine d3/d2|d2/d3 receptor|d3/d2 receptor|drd2|drd3",
    "SERT": "serotonin transporter|serotonin reuptake|slc6a4",
    "NET": "norepinephrine transporter|norepinephrine reuptake|noradrenaline reuptake|noradrenaline transporter|slc6a2",
    "DAT": "dopamine transporter|dopamine reuptake|slc6a3", "sigma-1 receptor": "sigma 1|sigmar1",
    "GlyT1": "glycine transporter 1|glycine transporter 1 slc6a9|slc6a9", "PDE10A": "phosphodiesterase 10a|pde 10a",
    "melatonin receptor": "mt1|mt2|mt1/mt2|melatonin receptors|melatonin mt1",
    "TAAR1": "trace amine associated receptor 1",
    "alpha-synuclein": "alpha synuclein|snca", "tau": "mapt|tau protein|microtubule associated protein tau",
    "LRRK2": "leucine rich repeat kinase 2", "gamma secretase": "gamma secretases",
    "GIP receptor": "gipr|gip|glucose dependent insulinotropic polypeptide|gip receptors"
    "|glucose dependent insulinotropic polypeptide receptor",
    "glucagon receptor": "gcgr|glucagon receptors", "amylin receptor": "amylin|amylin receptors",
    "growth hormone receptor": "ghr", "myostatin": "gdf8|gdf 8|latent myostatin|promyostatin",
    "IL-18": "interleukin 18", "IL-22": "interleukin 22", "IL-11": "interleukin 11", "IL-15": "interleukin 15",
    "OX40L": "ox40 ligand|tnfsf4", "CD40L": "cd40 ligand|cd154",
    "GM-CSF": "granulocyte macrophage colony stimulating factor"
    "|csf2|gmcsf", "CysLT1 receptor": "cysteinyl leukotriene receptor 1|cysteinyl leukotriene type 1 receptor|cyslt1",
    "CRTH2": "dp2|prostaglandin d2 receptor 2", "DPP-1": "dipeptidyl peptidase 1|cathepsin c|dpp1",
    "RIPK1": "receptor interacting protein kinase 1|receptor interacting serine threonine protein kinase 1|rip1",
    "PRMT5": "protein arginine methyltransferase 5", "MAT2A": "methionine adenosyltransferase 2a",
    "IDO1": "indoleamine 2,3 dioxygenase|indoleamine 2 3 dioxygenase 1|ido", "DNA-PK": "dna dependent protein kinase",
    "DGAT2": "diacylglycerol acyltransferase 2|diacylglycerol o acyltransferase 2", "ACC": "acetyl coa carboxylase",
    "NS5A": "hcv ns5a|nonstructural protein 5a", "NS5B": "hcv ns5b|ns5b polymerase",
    "3CL protease": "3clpro|3c like protease|sars cov 2 main protease|sars cov 2 3cl protease",
    "CCR5": "c c chemokine receptor 5", "HIV capsid": "hiv 1 capsid",
    "RSV F protein": "respiratory syncytial virus f protein|rsv fusion protein|respiratory syncytial virus fusion"
    "|f protein of respiratory syncytial virus|f protein of the respiratory syncytial virus|fusion protein of rsv",
}  # fmt: skip
"""Symbol as people write it -> its other names, folded, between bars; a dash or a space may stand between parts."""

GROUPS: tuple[frozenset[str], ...] = (
    frozenset({"VEGF", "VEGFR", "VEGFR1", "VEGFR2", "VEGFR3"}),
    frozenset({"FGFR", "FGFR1"}), frozenset({"FGFR", "FGFR2"}), frozenset({"FGFR", "FGFR3"}),
    frozenset({"FGFR", "FGFR4"}),
    frozenset({"JAK", "JAK1"}), frozenset({"JAK", "JAK2"}), frozenset({"JAK", "JAK3"}), frozenset({"JAK", "TYK2"}),

    frozenset({"RAF", "BRAF"}), frozenset({"CDK4", "CDK6"}), frozenset({"IL-6", "IL-6R"}),
    frozenset({"MEK", "ERK"}), frozenset({"PI3K", "AKT", "mTOR"}), frozenset({"EGFR", "HER2", "HER4"}),
    frozenset({"IL-17", "IL-23"}), frozenset({"CD47", "SIRPA"}), frozenset({"KIT", "PDGFR"}),
    frozenset({"IL-4R", "IL-13"}), frozenset({"CTLA-4", "CD80", "CD86"}), frozenset({"TRK", "NGF"}),
    *(frozenset({"RAAS", step}) for step in ("renin", "ACE", "AT1", "AGT", "mineralocorticoid receptor", "neprilysin")),
    frozenset({"PPAR alpha", "PPAR gamma", "PPAR delta"}),
    frozenset({
        "NMDA receptor", "GABA-A receptor", "opioid receptor", "muscarinic receptor", "nicotinic receptor",
        "dopamine receptor", "5-HT1A receptor", "5-HT2A receptor", "5-HT3 receptor", "5-HT4 receptor", "SERT", "NET",
        "DAT", "sigma-1 receptor", "histamine H1 receptor", "MAO-B", "TAAR1", "melatonin receptor",
    }),
    frozenset({"IL-12", "IL-23"}), frozenset({"GLP-1R", "GLP-2R"}),
    frozenset({"GnRH receptor", "androgen receptor"}), frozenset({"GnRH receptor", "estrogen receptor"}),
    frozenset({"glucocorticoid receptor", "mineralocorticoid receptor"}),
    frozenset({"plasma kallikrein", "prekallikrein"}), frozenset({"MC1R", "MC4R"}),
    frozenset({"integrin alpha4", "integrin alpha4beta7"}),
    frozenset({"complement C5", "C5a receptor"}),
    frozenset({"GLP-1R", "GIP receptor", "glucagon receptor", "amylin receptor"}),
    frozenset({"CYP11B1", "CYP11B2"}), frozenset({"CYP11B1", "CYP17A1"}), frozenset({"OX40", "OX40L"}),
    frozenset({"CD40", "CD40L"}),
    frozenset({"antithrombin", "thrombin", "factor Xa"}),
    frozenset({"complement C3", "complement factor B", "complement factor D"}),
    frozenset({"HIF-PH", "HIF-2 alpha"}),
    frozenset({"5-HT1B/1D receptor", "5-HT1F receptor"}),
    frozenset({"COX-1", "COX-2"}),
    frozenset({"PDE3", "PDE4"}), frozenset({"DHFR", "thymidylate synthase"}), frozenset({"GLP-1R", "DPP-4"}),
)  # fmt: skip
"""Symbols that people use for one another: a ligand and its receptor, a family and its member, steps of one pathway.

They never contradict each other. EGFR and HER2 stand together because pan-HER inhibitors are called by either,
receptors of the brain because one drug acts on several (amitriptyline on NMDA and muscarinic ones).
"""

PLAIN_WORDS = listed("met kit ret fap src ace mme net dat")
"""Names that are words of the language, or no names at all, when written small."""

CUES_BEFORE = listed("""
    anti against target targets targeting targeted directed inhibits inhibit inhibiting inhibitor inhibition blocks
    block blocking blockade antagonist stimulator bind binds binding recognize recognizes recognizing recognise
    recognises specific agonist agonists selectively antagonizes antagonises neutralizes neutralises neutralizing
    neutralising degrades degrader degrading engages engaging modulates modulating modulator reactive antagonizing
    antagonising potentiator
    """)
"""Words before a target that make it what the product is aimed at."""

CUES_AFTER = listed("""
    inhibitor inhibitors targeted targeting directed specific antagonist blocker blockers antibody degrader agonist
    binding reactive car cart inhibition blockade blocking neutralizing engaging engager selective mab tki tkis
    bispecific modulator modulators analog analogue potentiator antisense sirna degradation degraders
    stimulator silencer silencing
    """)
"""Words directly behind a target that do the same: `HER2-directed`, `BRAF inhibitor`."""

LEADS_TO_ANOTHER = listed("""
    combination combined plus together alongside added followed prior previous previously progressed progression failed
    failing failure refractory relapsed resistant exposed received receiving pretreated treated beyond versus vs
    compared comparator then concurrent concomitant top unlike without
    """)
"""Words before a target that make it what another drug is aimed at, one that is given besides or was before."""

OUTFLOW = listed("secretion release")
"""Directly behind a target these are what some drug has an effect on: `inhibition of renin secretion`."""

GIVEN = listed("given administered taken used dosed paired partnered")
"""Behind one of these `with` leads to another drug, or to several."""

LEADS_IN_TIME = listed("after following")
"""The same, unless a comma ends what they say: `after infusion, CAR T cells directed against CD19`."""

BUILT = listed("""
    transduced transfected armed engineered coated loaded pulsed conjugated linked modified fused equipped cells cell
    product construct vector antibody
    """)
"""Behind one of these `with` tells how a product is made."""
