"""Kinds of therapy: the words that say one, and the pairs that contradict each other.

Origin: `intervention_type`, `drug_category` and `drug_class` of 87 real records, the intervention types of the
registry, and the opening words of 2,358 NCIt definitions. DRUG and BIOLOGICAL say nothing: antibodies are typed DRUG in
56 % and BIOLOGICAL in 30 % of studies (conflicts.md section 1).
"""

from __future__ import annotations

import re
from typing import Literal

from trialweave.core.vocabulary.stems import Family
from trialweave.core.vocabulary.tables import listed

Modality = Literal[
    "small molecule", "antibody", "conjugate", "other conjugate", "protein", "peptide", "oligonucleotide",
    "cell product", "gene therapy", "vaccine", "radiation", "device", "procedure", "behavioural",
]  # fmt: skip

_CELLS = (
    r"car[- ]?(?:t|m|nk)(?:[- ]cells?)?|cell(?:ular)? (?:(?:immuno)?therap(?:y|ies)|products?|infusions?)"
    r"|adoptive cell|chimeric antigen receptor|car|m?tcr|pbls?|tils?"
    r"|(?:stem|t|nk|killer|dendritic|stromal|mesenchymal)[- ]cells|lymphocytes|monocytes|macrophages|unedited cells|cel"
)
_ANTIBODIES = (
    r"antibod(?:y|ies)|mabs?|(?:t|nk|killer)[- ]cell[- ](?:re)?(?:engag|direct)\w+|engagers?|bites?"
    r"|nanobod(?:y|ies)|(?:immuno|immune |gamma )globulins?|globulins?|fabs?|antiven(?:om|in)s?|antitoxins?|antisera"
    r"|anti(?=[- ]idiotyp)"
)
_WORDS: dict[Modality, str] = {
    "conjugate": r"antibody[- ]drug[- ]conjugates?|adcs?|immunoconjugates?|immunotoxins?",
    "other conjugate": r"drug[- ]conjugates?",
    "antibody": _ANTIBODIES,
    "vaccine": r"vaccines?|vaccination|idiotyp(?:e|ic)",
    "cell product": _CELLS,
    "gene therapy": r"gene therap(?:y|ies)|oncolytic|viral vectors?|plasmids?|adenovirus\w*",
    "oligonucleotide": r"sirna|antisense|oligonucleotides?|mrna",
    "small molecule": r"small[- ]molecules?|orally[- ](?:bio)?available|orally active",
    "radiation": r"radiotherapy|radiation(?: therapy)?|brachytherapy|proton beam",
    "device": r"devices?|catheters?|stents?|implants?",
    "procedure": r"surger(?:y|ies)|surgical|resection|biops(?:y|ies)|imaging procedure|transplantation",
    "behavioural": r"behaviou?ral|counsel+ing|exercise|psychotherapy|education",
}
PHRASES = tuple(
    (modality, re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])")) for modality, pattern in _WORDS.items()
)
"""Read from the top: text that a higher line has taken is not read again, so a T-cell engager is no cell."""

PROSE_OPENS_WITH = listed("""
    a an the autologous allogeneic human humanized humanised chimeric murine recombinant fully monoclonal bispecific
    trispecific polyclonal pegylated engineered genetically gene modified oral orally selective potent novel small
    synthetic irreversible reversible oncolytic live attenuated investigational
    """)
"""First words of a description that says what its product is; one that begins with a verb says what that does."""

PROSE_LEADS_ON = re.compile(
    r"(?<![a-z0-9])(?:that|which|who|whose|with|for|to|by|in|on|at|from|via|against|after|before|following|plus|and"
    r"|combined|directed|target\w*|block\w*|bind\w*|inhibit\w*|activat\w*|stimulat\w*|express\w*|encod\w*|link\w*"
    r"|conjugated|used|given|administered|capable|approved"
    r"|(?<!preparation )(?<!population )(?<!composed )(?<!comprised )(?<!consisting )(?<!formulation )(?<!suspension )"
    r"(?<!infusion )(?<!product )(?<!mixture )of)(?![a-z0-9])|[.;:(]"
)
"""Where such a description goes on to what the product is aimed at, made with or given with."""

PROSE_JOINS = ("link", "conjugated")
"""Beginnings of the words among them by which a small molecule becomes a part of its product."""

PROSE_KINDS: frozenset[Modality] = frozenset(
    {
        "small molecule", "antibody", "conjugate", "other conjugate", "oligonucleotide", "cell product", "gene therapy",
        "vaccine",
    }
)  # fmt: skip
"""Kinds that a description calls its product by. Procedures, devices and advice it names for other reasons."""

OF_FAMILY: dict[Family, Modality] = {
    "antibody": "antibody",
    "conjugate": "conjugate",
    "cell": "cell product",
    "gene": "gene therapy",
    "vaccine": "vaccine",
    "protein": "protein",
    "oligonucleotide": "oligonucleotide",
    "small_molecule": "small molecule",
}
"""What an INN stem promises, as a kind of therapy."""

LARGE_PROTEINS = listed("""
    cept leukin poetin grastim gramostim aspargase paraginase uricase teplase ronidase fermin plermin nermin kinra
    dodekin fusp giminase insulin glucerase lglucosidase paglucosidase sulfase galsidase sfotase liponase valiase
    lipudase ademase belipase loticase ctocog nonacog ptacog
    """)
"""Stems of proteins that nobody calls a small molecule. With any other stem of the family it is a peptide."""

_DRUGS: tuple[Modality, ...] = ("small molecule", "antibody", "conjugate", "other conjugate", "oligonucleotide")
_PROTEINS: tuple[Modality, ...] = ("protein", "peptide")

CONTRADICT: frozenset[frozenset[Modality]] = frozenset(
    [frozenset({"cell product", other}) for other in (*_DRUGS, *_PROTEINS, "radiation", "device", "behavioural")]
    + [frozenset({"behavioural", other}) for other in (*_DRUGS, *_PROTEINS, "gene therapy", "vaccine", "radiation")]
    + [frozenset({"procedure", other}) for other in _DRUGS]
    + [frozenset({"radiation", other}) for other in ("vaccine", "gene therapy")]
    + [
        frozenset({"small molecule", "antibody"}),
        frozenset({"small molecule", "conjugate"}),
        frozenset({"small molecule", "protein"}),
        frozenset({"small molecule", "vaccine"}),
        frozenset({"small molecule", "gene therapy"}),
        frozenset({"antibody", "oligonucleotide"}),
        frozenset({"antibody", "peptide"}),
        frozenset({"protein", "oligonucleotide"}),
        frozenset({"protein", "gene therapy"}),
        frozenset({"antibody", "vaccine"}),
    ]
)
"""Pairs that nobody uses for one product. Left out: a conjugate is an antibody, and one of a peptide or a vitamin may
be called a small molecule, as peptides are; radioligands are drugs; dendritic cells and viruses are vaccines, and so
are immunoconjugates of haptens; what expresses an antibody is called one, and so are fusion proteins."""

NO_PRODUCTS: frozenset[Modality] = frozenset({"radiation", "device", "procedure", "behavioural"})
"""Kinds that a drug is given beside, or for: `Immunosuppressant (transplantation)`."""

NO_PRODUCT_DRESS = listed("""
    stem cell cells medical physical intervention interventions procedure procedures program session sessions therapy
    treatment external beam aerobic
    """)
"""Words that go with such a kind and change nothing: `Physical exercise program`."""

TYPE_LEADS_ON = re.compile(
    r"(?<![a-z0-9])(?:before|prior|after|following|preceding|plus|combin\w+|alongside|adjunct\w*|for|with)(?![a-z0-9])"
)
"""Where an intervention type goes on to what the drug is given with or for: `Chemotherapy prior to CAR-T`."""

NO_PRODUCT: dict[str, Modality] = {
    **dict.fromkeys(("device", "devices", "medical device"), "device"),
    **dict.fromkeys(("procedure", "procedures", "procedure/surgery", "surgery", "surgical procedure"), "procedure"),
    **dict.fromkeys(("radiation", "radiation therapy", "radiotherapy"), "radiation"),
    **dict.fromkeys(("behavioral", "behavioural", "behavior", "behaviour"), "behavioural"),
    **dict.fromkeys(("behavioral intervention", "behavioural intervention", "exercise"), "behavioural"),
}
"""The registry's types of interventions that are no products, as whole values or before a colon, spelled -> the kind. A
diagnostic test is left out: tracers and contrast agents are typed so."""

PRODUCT_TYPES = frozenset({"DRUG", "BIOLOGICAL"})
"""The registry's types of products. A combination product has a device in it, a genetic one is often a test, a dietary
supplement often a diet."""

CATEGORIES: dict[str, frozenset[Modality]] = {
    "car t": frozenset({"cell product"}),
    "car m": frozenset({"cell product"}),
    "car nk": frozenset({"cell product"}),
    "tcr t": frozenset({"cell product"}),
    "tumor infiltrating lymphocytes": frozenset({"cell product"}),
    "cellular therapy": frozenset({"cell product"}),
    "unedited cells": frozenset({"cell product"}),
    "antibody drug conjugate": frozenset({"conjugate", "antibody"}),
    "conjugate": frozenset({"conjugate", "other conjugate", "antibody"}),
    "bispecific t engager": frozenset({"antibody"}),
    "engager": frozenset({"antibody"}),
    "cytotoxic antibody": frozenset({"antibody"}),
    "inhibitory antibody": frozenset({"antibody"}),
    "antibody": frozenset({"antibody"}),
    "small molecule": frozenset({"small molecule"}),
    "vaccine": frozenset({"vaccine"}),
    "oncolytic virus": frozenset({"gene therapy"}),
    "gene therapy": frozenset({"gene therapy"}),
}
"""`drug_category` and `drug_class` as curators of such tables write them, folded -> what they promise. Another value
says something only where it is made of words for a kind of therapy and of `CATEGORY_DRESS`."""

CATEGORY_DRESS = listed("""
    monoclonal polyclonal bispecific humanized humanised human chimeric recombinant autologous allogeneic engineered
    modified genetically oral oncolytic cytotoxic inhibitory inhibitor inhibitors therapy therapies therapeutic
    therapeutics immunotherapy immunotherapies treatment treatments product products agent agents drug drugs biologic
    biologics cancer tumor tumour other
    """)
"""Words that go with a kind of therapy and change nothing: `Small molecule inhibitors`."""

FINER_CLASSES: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "an antibody-drug conjugate": (
        re.compile(r"(?:antibody drug )?conjugates?|adcs?|immunoconjugates?"),
        re.compile(
            r"conjugat|immunotoxin|\badcs?\b|linked to|attached|payload|radio|toxin|labell?ed|armed|fused|dotin"
        ),
    ),
    "an engager": (
        re.compile(r"(?:bispecific )?t (?:cell )?engagers?|engagers?|bites?|bispecific (?:antibody|antibodies)"),
        re.compile(r"specific|engag|\bbites?\b|cd3|cd16|dual|redirect"),
    ),
    "CAR T cells": (
        re.compile(r"car t(?: cells?)?(?: therapy)?|chimeric antigen receptor t cells?"),
        re.compile(r"\bt[- ]?(?:cell|lymphocyte)|car[- ]?t|lymphocytes|\bpb(?:tl|l)s?\b|leucel"),
    ),
    "CAR NK cells": (re.compile(r"car nk(?: cells?)?(?: therapy)?"), re.compile(r"\bnk|natural killer")),
    "CAR macrophages": (re.compile(r"car m"), re.compile(r"macrophage|monocyte|myeloid|\bcar[- ]?m\b")),
    "an oncolytic virus": (
        re.compile(r"oncolytic (?:virus(?:es)?|virotherapy)"),
        re.compile(r"oncolytic|vir(?:us|al|otherapy)|vaccinia|herpes|repvec"),
    ),
    "infiltrating lymphocytes": (
        re.compile(r"tumou?r infiltrating lymphocytes|tils?"),
        re.compile(r"infiltrating|\btils?\b|leucel"),
    ),
}
"""Class -> how categories and classes call it, spelled, and the words of which a concept of it has one.

Measured on the 302 concepts of 2,770 whose names say such a class: the words of one of them lack all of these.
"""
