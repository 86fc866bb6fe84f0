"""Token synonyms: other writings of one word or phrase inside names, and the words that join to a symbol.

Origin: layer L3 of conflicts.md section 2 (`T-lymphocytes` = `T cells`, `MoAb` = `monoclonal antibody`, `HER2/neu`,
`IL-2` = `interleukin 2`), British spellings, and international against US nonproprietary names where the
two are other words (WHO INN and USAN). Phrases are lists of folded singular tokens.
"""

from __future__ import annotations

from trialweave.core.vocabulary.tables import listed
from trialweave.core.vocabulary.two_names import TWO_NAMES

PHRASES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("t", "lymphocyte"): ("t", "cell"),
    ("b", "lymphocyte"): ("b", "cell"),
    ("tumor", "infiltrating", "lymphocyte"): ("til",),
    ("tumor", "infiltrated", "lymphocyte"): ("til",),
    ("peripheral", "blood", "lymphocyte"): ("pbl",),
    ("peripheral", "blood", "mononuclear", "cell"): ("pbmc",),
    ("peripheral", "blood", "stem", "cell"): ("pbsc",),
    ("mesenchymal", "stem", "cell"): ("msc",),
    ("mesenchymal", "stromal", "cell"): ("msc",),
    ("hematopoietic", "stem", "cell"): ("hsc",),
    ("natural", "killer", "cell"): ("nk", "cell"),
    ("natural", "killer", "t", "cell"): ("nkt", "cell"),
    ("natural", "killer", "t", "lymphocyte"): ("nkt", "cell"),
    ("natural", "killer"): ("nk",),
    ("cytotoxic", "t", "lymphocyte"): ("cytotoxic", "t", "cell"),
    ("chimeric", "antigen", "receptor"): ("car",),
    ("t", "cell", "receptor"): ("tcr",),
    ("monoclonal", "antibody"): ("mab",),
    ("antibody", "drug", "conjugate"): ("adc",),
    ("bispecific", "t", "cell", "engager"): ("bite",),
    ("messenger", "rna"): ("mrna",),
    ("small", "interfering", "rna"): ("sirna",),
    ("human", "papillomavirus"): ("hpv",),
    ("human", "papilloma", "virus"): ("hpv",),
    ("epstein", "barr", "virus"): ("ebv",),
    ("cytomegalovirus",): ("cmv",),
    ("b", "cell", "maturation", "antigen"): ("bcma",),
    ("human", "epidermal", "growth", "factor", "receptor", "2"): ("her2",),
    ("epidermal", "growth", "factor", "receptor"): ("egfr",),
    ("vascular", "endothelial", "growth", "factor", "receptor"): ("vegfr",),
    ("vascular", "endothelial", "growth", "factor"): ("vegf",),
    ("prostate", "specific", "membrane", "antigen"): ("psma",),
    ("prostate", "stem", "cell", "antigen"): ("psca",),
    ("carcinoembryonic", "antigen"): ("cea",),
    ("programmed", "death", "ligand", "1"): ("pdl1",),
    ("programmed", "cell", "death", "ligand", "1"): ("pdl1",),
    ("programmed", "death", "1", "ligand", "1"): ("pdl1",),
    ("programmed", "cell", "death", "1", "ligand", "1"): ("pdl1",),
    ("programmed", "death", "1"): ("pd1",),
    ("programmed", "cell", "death", "1"): ("pd1",),
    ("programmed", "cell", "death", "protein", "1"): ("pd1",),
    ("her2", "neu"): ("her2",),
    ("folate", "receptor", "alpha"): ("fralpha",),
    ("fr", "alpha"): ("fralpha",),
    ("polyethylene", "glycol"): ("peg",),
    ("peg", "interferon"): ("peginterferon",),
    ("gm", "csf"): ("gmcsf",),
    ("granulocyte", "macrophage", "colony", "stimulating", "factor"): ("gmcsf",),
    ("g", "csf"): ("gcsf",),
    ("granulocyte", "colony", "stimulating", "factor"): ("gcsf",),
    ("m", "csf"): ("mcsf",),
    ("pd", "l1"): ("pdl1",),
    ("pd", "l2"): ("pdl2",),
    ("b7", "h3"): ("b7h3",),
    ("b7", "h4"): ("b7h4",),
    ("b7", "h6"): ("b7h6",),
    ("4", "1bb"): ("41bb",),
    ("4", "1", "bb"): ("41bb",),
    ("4", "1bbz"): ("bbz",),
    ("cd3", "zeta"): ("cd3zeta",),
    ("ny", "eso", "1"): ("nyeso1",),
    ("ny", "eso1"): ("nyeso1",),
    ("nyeso", "1"): ("nyeso1",),
    ("mage", "a1"): ("magea1",),
    ("mage", "a2"): ("magea2",),
    ("mage", "a3"): ("magea3",),
    ("mage", "a4"): ("magea4",),
    ("mage", "a6"): ("magea6",),
    ("mage", "a8"): ("magea8",),
    ("mage", "a10"): ("magea10",),
    ("mage", "a12"): ("magea12",),
    ("mage", "c2"): ("magec2",),
    ("c", "met"): ("met",),
    ("c", "kit"): ("kit",),
    ("c", "fms"): ("csf1r",),
    ("c", "erbb2"): ("her2",),
    ("k", "ras"): ("kras",),
    ("n", "ras"): ("nras",),
    ("b", "raf"): ("braf",),
    ("bcr", "abl"): ("bcrabl",),
    ("tgf", "beta"): ("tgfb",),
    ("tgfbeta",): ("tgfb",),
    ("nectin", "4"): ("nectin4",),
    ("trop", "2"): ("trop2",),
    ("claudin", "18.2"): ("claudin18.2",),
    ("cldn", "18.2"): ("claudin18.2",),
    ("ep", "cam"): ("epcam",),
    ("pet", "ct"): ("pet",),
    ("spect", "ct"): ("spect",),
    ("toxin", "type"): ("toxin",),
    ("beta", "blocker"): ("betablocker",),
    ("all", "trans", "retinoic", "acid"): ("tretinoin",),
    ("acetylsalicylic", "acid"): ("aspirin",),
    ("folinic", "acid"): ("leucovorin",),
    ("benzathine", "penicillin"): ("penicillin", "g", "benzathine"),
    ("benzathine", "penicillin", "g"): ("penicillin", "g", "benzathine"),
    ("benzathine", "benzylpenicillin"): ("penicillin", "g", "benzathine"),
    ("procaine", "penicillin"): ("penicillin", "g", "procaine"),
    ("procaine", "penicillin", "g"): ("penicillin", "g", "procaine"),
    ("nph", "insulin"): ("insulin", "isophane"),
    ("insulin", "nph"): ("insulin", "isophane"),
    ("isophane", "insulin"): ("insulin", "isophane"),
    ("human", "insulin", "nph"): ("insulin", "isophane"),
    ("antithymocyte", "globulin"): ("atg",),
    ("anti", "thymocyte", "globulin"): ("atg",),
    **{
        (*family, *acid): ("omega3",)
        for family in (("omega", "3"), ("n", "3"))
        for acid in ((), ("pufa",), ("fatty", "acid"), ("polyunsaturated", "fatty", "acid"))
        if family == ("omega", "3") or acid
    },
    **dict.fromkeys((("mfolfox", "6"), ("modified", "folfox", "6"), ("modified", "folfox6")), ("mfolfox6",)),
    ("releasing", "intrauterine", "system"): ("iud",),
    ("releasing", "intrauterine", "device"): ("iud",),
    ("intrauterine", "system"): ("iud",),
    ("intrauterine", "device"): ("iud",),
    ("vitamin", "d3"): ("vitamin", "d"),
    ("btx", "a"): ("botulinum", "toxin", "a"),
    ("bont", "a"): ("botulinum", "toxin", "a"),
    ("ascorbic", "acid"): ("ascorbate",),
    ("valproic", "acid"): ("valproate",),
    ("pip", "tazo"): ("piperacillin", "tazobactam"),
    ("alendronic", "acid"): ("alendronate",),
    ("zoledronic", "acid"): ("zoledronate",),
    ("ibandronic", "acid"): ("ibandronate",),
    ("risedronic", "acid"): ("risedronate",),
    ("pamidronic", "acid"): ("pamidronate",),
    ("clodronic", "acid"): ("clodronate",),
    ("levofolinic", "acid"): ("levoleucovorin",),
    ("ursodeoxycholic", "acid"): ("ursodiol",),
    ("chenodeoxycholic", "acid"): ("chenodiol",),
    ("nicotinic", "acid"): ("niacin",),
    ("gadoteric", "acid"): ("gadoterate",),
    ("gadopentetic", "acid"): ("gadopentetate",),
    ("gadoxetic", "acid"): ("gadoxetate",),
    ("gadobenic", "acid"): ("gadobenate",),
    ("cromoglicic", "acid"): ("cromolyn",),
    ("cis", "ra"): ("cis", "retinoic", "acid"),
    ("all", "trans", "ra"): ("tretinoin",),
    ("l", "dopa"): ("levodopa",),
    ("dota", "tate"): ("dotatate",),
    ("dota", "toc"): ("dotatoc",),
    ("dota", "noc"): ("dotanoc",),
    ("ringer", "s"): ("ringer",),
    ("4", "factor"): ("4f",),
    ("fecal", "microbiota", "transplantation"): ("fmt",),
    ("fecal", "microbiota", "transplant"): ("fmt",),
    ("fecal", "microbiota", "transfer"): ("fmt",),
    ("house", "dust", "mite"): ("hdm",),
    ("venom", "protein"): ("venom",),
    ("f", "ab", "2"): ("fab2",),
    ("sublingual", "immunotherapy"): ("slit",),
    ("lng", "iud"): ("levonorgestrel", "iud"),
    ("eng", "implant"): ("etonogestrel", "implant"),
    ("coenzyme", "q", "10"): ("coenzyme", "q10"),
    **{
        ("vitamin", letter, str(number)): ("vitamin", f"{letter}{number}")
        for letter, numbers in (("b", (1, 2, 3, 5, 6, 7, 9, 12)), ("d", (2,)), ("k", (1, 2, 3)))
        for number in numbers
    },
    ("vitamin", "d", "3"): ("vitamin", "d"),
    **{
        phrase: (analogue,)
        for analogue in ("glargine", "lispro", "aspart", "detemir", "degludec", "glulisine", "icodec")
        for phrase in (("insulin", analogue), (analogue, "insulin"))
    },
}
"""The longest phrase wins. Replacements are not replaced again, except through `WORDS`."""

LACTOBACILLI = listed("""
    lacticaseibacillus lactiplantibacillus limosilactobacillus ligilactobacillus levilactobacillus latilactobacillus
    lentilactobacillus
    """)
"""Genera into which Lactobacillus was split (Zheng et al., Int J Syst Evol Microbiol 2020): the species kept theirs."""

_RECOMBINANT = {
    "il": "il", "ifn": "interferon", "tnf": "tnf", "gm": "gm", "gmcsf": "gmcsf", "g": "g", "gcsf": "gcsf",
    "epo": "epo", "tpo": "tpo",
    **{short: short for short in listed("tnk tpa ngf egf kgf pdgf bmp bnp gh tsh fsh lh hcg dnase prouk")},
}  # fmt: skip
"""Proteins that are written with `rh` or `rhu` before them where they are given: `rhIL-2`, `rhG-CSF`."""

WORDS: dict[str, tuple[str, ...]] = {
    **{f"{made}{short}": (long,) for short, long in _RECOMBINANT.items() for made in ("rh", "rhu")},
    "ril": ("il",),
    "rifn": ("interferon",),
    "tcell": ("t", "cell"),
    "nkcell": ("nk", "cell"),
    "cart": ("car", "t"),
    "ucar": ("universal", "car"),
    "ucart": ("universal", "car", "t"),
    "inkt": ("nkt",),
    "chemo": ("chemotherapy",),
    "moab": ("mab",),
    "mcab": ("mab",),
    "ifn": ("interferon",),
    "pegifn": ("peginterferon",),
    **{f"ifn{greek}": ("interferon", greek) for greek in ("alpha", "beta", "gamma")},
    "vit": ("vitamin",),
    "alfa": ("alpha",),
    "sulphate": ("sulfate",),
    "sulphonate": ("sulfonate",),
    "tumour": ("tumor",),
    "leukaemia": ("leukemia",),
    "haematopoietic": ("hematopoietic",),
    "oestradiol": ("estradiol",),
    "oestrogen": ("estrogen",),
    "aluminium": ("aluminum",),
    "liposomal": ("liposome",),
    "radioiodine": ("radioactive", "iodine"),
    "benzylpenicillin": ("penicillin", "g"),
    "cotrimoxazole": ("trimethoprim", "sulfamethoxazole"),
    "ius": ("iud",),
    "lapine": ("rabbit",),
    "ratg": ("rabbit", "atg"),
    "eatg": ("horse", "atg"),
    **dict.fromkeys(LACTOBACILLI, ("lactobacillus",)),
    "equine": ("horse",),
    "antivenin": ("antivenom",),
    "saint": ("st",),
    "prevenar": ("prevnar",),
    **{one: (other,) for one, other in TWO_NAMES.items()},
    "hbr": ("hydrobromide",),
    "bicarb": ("bicarbonate",),
    "ethinylestradiol": ("ethinyl", "estradiol"),
    "ethynylestradiol": ("ethinyl", "estradiol"),
    "hcl": ("hydrochloride",),
    "mesilate": ("mesylate",),
    "besilate": ("besylate",),
    "tosilate": ("tosylate",),
    "pegylated": ("peg",),
    "polyethyleneglycol": ("peg",),
    "autologus": ("autologous",),
    "allogenic": ("allogeneic",),
    "allo": ("allogeneic",),
    "auto": ("autologous",),
    "analogue": ("analog",),
    "armoured": ("armored",),
    "humanised": ("humanized",),
    "micronised": ("micronized",),
    "fufang": ("compound",),
    "diwan": ("dripping", "pill"),
}
"""One word for another."""

SPELLINGS: tuple[tuple[str, str], ...] = (
    ("sulph", "sulf"),
    ("faec", "fec"),
    ("oestr", "estr"),
    ("metasone", "methasone"),
    ("oxycillin", "oxicillin"),
    ("barbitone", "barbital"),
    ("trophin", "tropin"),
    ("desoxy", "deoxy"),
    ("behaviour", "behavior"),
)
"""British or older spellings inside nonproprietary names, and the ones that they are read as."""

JOINED_TO_NUMBER = listed(
    "cd il her erbb pd ctla muc gpc vegfr fgfr flt cxcr ccr tlr lag tim cdk bcl mart gp wt dll igf hpv ox dr b7h"
)
"""Words that make one symbol with the number behind them: `CD 19`, `IL-2`, `interleukin 2`, `HER-2`."""

NUMBERED_WORDS: dict[str, str] = {"interleukin": "il", "claudin": "claudin", "cldn": "claudin", "glypican": "gpc"}
"""Whole words that are written as a symbol when a number follows."""

AFTER_MARKER = frozenset({"positive", "pos"})
"""`CD34-positive` is `CD34+`; the word is dropped behind a marker."""

ISOTOPES: dict[str, str] = {
    "fluorine": "f", "iodine": "i", "lutetium": "lu", "yttrium": "y", "indium": "in", "technetium": "tc",
    "copper": "cu", "zirconium": "zr", "gallium": "ga", "actinium": "ac", "radium": "ra", "samarium": "sm",
    "strontium": "sr", "rhenium": "re", "carbon": "c", "astatine": "at", "bismuth": "bi", "lead": "pb", "thorium": "th",
    "nitrogen": "n", "oxygen": "o", "rubidium": "rb", "thallium": "tl", "xenon": "xe", "holmium": "ho", "terbium": "tb",
}  # fmt: skip
"""Elements that occur as radioactive labels, and their symbols: `Fluorine F-18`, `[18F]` and `18F` are one label."""

MASSES: dict[str, range] = {
    "c": range(11, 15), "f": range(18, 19), "i": range(121, 136), "lu": range(177, 178), "y": range(86, 91),
    "in": range(111, 115), "tc": range(94, 100), "cu": range(60, 68), "zr": range(89, 90), "ga": range(66, 69),
    "ac": range(225, 228), "ra": range(223, 226), "sm": range(153, 154), "sr": range(82, 91), "re": range(186, 189),
    "at": range(211, 212), "bi": range(212, 214), "pb": range(203, 213), "th": range(227, 228),
    "n": range(13, 14), "o": range(15, 16), "rb": range(82, 83), "tl": range(201, 202), "xe": range(129, 134),
    "ho": range(166, 167), "tb": range(149, 162),
}  # fmt: skip
"""The masses that are in use as labels. `BI-505`, `TH-302`, `AC220` and `CU-201` are sponsors' codes."""
