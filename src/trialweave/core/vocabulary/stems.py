"""Stems of international nonproprietary names (INN) and the family of substance that each one promises.

Origin: the WHO list of INN stems, as far as the 2,770 NCIt drug names at hand and the prose of 350 studies hold no word
with the same ending that is no drug. A stem makes a name specific, and two families that contradict are a second
witness for a wrong concept (`-platin` against `-mab`).
"""

from __future__ import annotations

from typing import Literal

from trialweave.core.vocabulary.tables import listed

Family = Literal["antibody", "conjugate", "cell", "gene", "vaccine", "protein", "oligonucleotide", "small_molecule"]

STEMS: dict[Family, frozenset[str]] = {
    "cell": listed("leucel temcel strocel cel"),
    "gene": listed("parvovec denovec erpavec repvec vec marev tucirev turev reorep"),
    "conjugate": listed("dotin tansine carmazine"),
    "antibody": listed("mab bart tug mig"),
    "protein": listed("""
        cept leukin poetin grastim gramostim aspargase paraginase uricase teplase ronidase glutide relin relix tropin
        reotide murtide fermin plermin nermin kinra irudin dodekin pendekin lvekin plostim giminase fusp
        pressin natide ratide xitide notide fortide cetide fungin
        glucerase lglucosidase paglucosidase sulfase galsidase sfotase liponase valiase lipudase ademase belipase
        loticase ctocog nonacog ptacog
        """),
    "oligonucleotide": listed("rsen siran mersen aptanib telstat"),
    "small_molecule": listed("""
        gliptin gliflozin tinib ciclib rafenib parib zomib lisib sertib degib denib rasib fenib metostat inostat denstat
        toclax platin taxel rubicin bulin tecan trexate trexed citabine rabine fosfamide mustine lutamide domide rolimus
        oxifene vastatin sartan olol dipine setron pitant conazole prazole ciclovir buvir tegravir navir cillin floxacin
        mycin tidine xaban gatran solone dronate dronic coxib caine azepam triptan sulfan imibe staurin tanib
        pril fibrate grelor lukast zepine thiazide triptyline oxetine cycline penem profen fenac oxicam caftor ciguat
        flurane barbital quine vudine previr asvir nidazole cavir glitazone terone golix blastine
        tril poside adol antrone azosin bactam bendazole bradine buterol calcet capone carbazine captopurine
        cristine curium denoson dostat dralazine dustat entan esonide estrant farnib fenacin fentanil fibrozil
        flunine formin fosine fovir fylline gepant gestrel giline lenastat lerenone mantadine mastat mectin
        mestane metasone methasone milast moterol nabant nerenone nisone oxifen peridol peridone phosphamide
        phylline piclone pidem piprazole prilat prost quidar racetam racil relbine ribine rozole semide serpine spirone
        stigmine thioprine tiapine tiazem tinoin uridine vaptan virine arotene xafor zapine zodone zolamide anib minib
        cidib espib bresib suximide hexamide bopag nafil dafinil azolam dilol dolac zutifan denant elestat
        zelesin parin sacrine tothecin cyclovir nexor menib nesib madlin nutlin inapant demstat distat gacestat desine
        mifene pilone steride dogrel amivir desivir ermovir capavir
        """),
}
"""Endings of at least three letters; the longest that fits decides. Where WHO's stem stands at the beginning (`vin-`,
`pred-`, `cort-`) or came after the name, the ending that its members share is listed."""

STEMLESS: dict[Family, frozenset[str]] = {
    "small_molecule": listed("""
        acarbose acetaminophen acetylcysteine allopurinol altretamine alvimopan amifostine amiodarone anagrelide
        aspirin atropine baclofen bisacodyl bromocriptine bupropion caffeine ceftriaxone chlorambucil colchicine
        cortisone curcumin dapsone deferoxamine dexrazoxane digoxin diphenhydramine disulfiram eflornithine
        estradiol ethambutol fenretinide gabapentin hydrocortisone hydroxyurea ixabepilone ketamine leucovorin
        levoleucovorin levothyroxine loperamide maytansine mechlorethamine medroxyprogesterone megestrol melatonin
        melphalan meperidine mesna methadone methylphenidate metoclopramide mifepristone mitotane morphine
        naloxone naltrexone nicotine omacetaxine pentostatin pilocarpine pregabalin progesterone resveratrol
        ribavirin riluzole romidepsin spironolactone streptozocin sulfasalazine suramin temozolomide
        testosterone thioguanine thiotepa trabectedin vindesine warfarin
        """),
    "protein": listed("glucagon insulin oxytocin"),
    "conjugate": listed("""
        deruxtecan govitecan tirumotecan brengitecan samrotecan rezetecan sesutecan adizutecan pamirtecan ozogamicin
        tesirine talirine sunirine uzoptirine pamozirine clezutoclax tazevibulin ecteribulin
        """),
}
"""Nonproprietary names in common use that bear no stem, and second words of conjugates that end as their payload does
(`-tecan`, `-bulin`); each is one of its own."""

OLD_NAMES: dict[str, str] = {
    "rapamycin": "rolimus",
    "adriamycin": "rubicin",
    "daunomycin": "rubicin",
    "rubidomycin": "rubicin",
    "deoxycoformycin": "pentostatin",
}
"""Names from before the stem was chosen -> the stem, or the stemless name, of the same substance."""

NO_MEMBERS = listed("""
    accept except concept intercept mab rhumab iomab tubulin hobart worsen cancel excel parcel huvec
    aquacel adacel aricept avicel cellcept gleevec glivec incel methocel sprycel surgicel zomig
    """)
"""Words and brands that end in a stem and are no names of its family; every word in `-globulin` is another."""

KIN: frozenset[frozenset[Family]] = frozenset(
    {
        frozenset({"antibody", "conjugate"}),
        frozenset({"antibody", "protein"}),
        frozenset({"conjugate", "protein"}),
        frozenset({"cell", "gene"}),
        frozenset({"gene", "vaccine"}),
    }
)
"""Families that one product can belong to under two names: TG4001 is a vaccine and a -vec."""

DRUG_CLASSES: dict[str, tuple[str, ...]] = {
    "chemotherapy": (
        "platin", "taxel", "rubicin", "bulin", "tecan", "trexate", "trexed", "citabine", "rabine", "citidine",
        "fosfamide", "mustine", "blastine", "poside", "sulfan", "mycin", "antrone", "paraginase", "aspargase",
    ),
    "taxane": ("taxel",), "platinum": ("platin",), "anthracycline": ("rubicin",), "statin": ("vastatin",),
    "antibiotic": ("mycin", "cillin", "floxacin", "cycline", "penem", "nidazole"),
    "antiviral": ("vir", "vudine"), "antifungal": ("conazole",), "antiemetic": ("setron", "pitant"),
    "nsaid": ("coxib", "profen", "fenac", "oxicam"), "antiplatelet": ("grelor",), "anticoagulant": ("xaban", "gatran"),
    "antihypertensive": ("olol", "sartan", "dipine", "pril", "thiazide"), "nitrate": (), "diuretic": ("thiazide",),
    "betablocker": ("olol", "alol", "dilol"), "tki": ("nib",),
    **dict.fromkeys(
        ("steroid", "corticosteroid"), ("methasone", "metasone", "nisone", "solone", "esonide", "cortisone")
    ),
    "bisphosphonate": ("dronate", "dronic"), "antidepressant": ("oxetine", "triptyline"),
}  # fmt: skip
"""A class of small molecules as studies name it -> the stems of its members. A name with another stem is not meant by
it, and neither is an antibody, a vaccine or a cell; a name without a stem may be."""

PAYLOADS = listed("""
    vedotin deruxtecan emtansine ozogamicin govitecan tirumotecan mafodotin ravtansine soravtansine mertansine tesirine
    talirine duocarmazine pelidotin clezutoclax tansine samrotecan brengitecan rezetecan puxitecan botidotin ecteribulin
    tiuxetan tetraxetan sudotox pasudotox paptox clezutoclax amadotin opadotin zovodotin ixotatug sarotalocan
    trevatide poliglumex pegol alfapegol vcmmae mmae mmaf dm1 dm4 pbd mcc dxd
    """)
"""Second words of conjugates: with one of them behind it, `trastuzumab` is another drug (guard e of conflicts.md)."""
