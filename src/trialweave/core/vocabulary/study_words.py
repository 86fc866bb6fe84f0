"""How studies speak about drugs that they do not give, and codes that are no product.

Origin: guard (d) of conflicts.md section 2 (62 of 668 placebo interventions contain the drug's name) and the context of
mentions in the prose of 115 trials and 239 registry studies.
"""

from __future__ import annotations

import re

from trialweave.core.vocabulary.tables import listed

PLACEBO = re.compile(r"\b(?:placebos?|sham|dummy|vehicle|mock)\b(?!\W*(?:controlled|control\b))")
"""Words that mark an arm or an intervention as a stand-in."""

TOGETHER = re.compile(r"\s(?:or|and|plus|with|vs\.?|versus|followed by)\s|[+/,;&()]")
"""What stands between a placebo and a drug that is given beside it: `docetaxel + placebo`."""

PLACEBO_ARM_TYPES = frozenset({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR"})

PLACEBO_LINK = listed("placebo placebos sham to for of match matching matched identical mimic mimicking as")
"""Between "placebo" and a name that it imitates only such words stand: `placebo matching venetoclax`."""

LONG_PAST = listed("prior previous previously")
"""One of these up to six words before a name, in prose, speaks of what patients had before."""

NO_PAST = frozenset({("previously", "untreated"), ("previously", "undiagnosed"), ("prior", "to")})
"""What such a word begins without speaking of an earlier drug."""

ASIDE = listed("allowed permitted prohibited requiring ineligible excluded eg ie prevalence genotype than")
"""Near a name in a summary or detailed description these show that the study does not give it: `(i.e. Decadron)`,
`no more than 10 mg of dexamethasone daily or equivalent`."""

PAST = listed(
    "failed failing failure ineligible pretreated unfit unsuitable cannot contraindicated inadequate inadequately"
)
"""The same up to three words before a name."""

PAST_DISEASE = listed("""
    progressed progressing progression relapsed relapse refractory resistant resistance intolerant intolerance
    """)
AFTER_PAST = listed("to on after of following despite during under")
"""The same where such a word is led on to the name: `refractory to ibrutinib`, not `refractory AML with ibrutinib`."""

HAD = frozenset(
    {
        ("been", "treated"), ("have", "received"), ("has", "received"), ("had", "received"), ("having", "received"),
        ("have", "included"),
    }
)  # fmt: skip
"""Up to eight words before a name, in prose: what patients had."""

COMPARED = listed("< > <= >= ≤ ≥ =")
"""Between a name and a number these say that it is measured."""

COORDINATION = listed("and or both either")
"""`Refractory to both lenalidomide and bortezomib`: what is said of the one drug is said of the other."""

LEADING_AWAY = frozenset(
    {
        ("instead", "of"), ("place", "of"), ("target", "of"), ("level", "of"), ("levels", "of"),
        ("concentration", "of"), ("concentrations", "of"), ("secretion", "of"),
    }
)  # fmt: skip
"""Two words directly before a name, in prose, that say that it is not given, or that it is a hormone or a pathway."""

MEASURED_IN = listed("serum plasma urinary urine blood circulating castrate endogenous ldl hdl")
"""Directly before a name, in prose, these say that it is measured."""

FORBIDDEN = listed("prohibited forbidden disallowed excluded")
FORBIDDEN_PAIRS = frozenset({("not", "allowed"), ("not", "permitted"), ("not", "given")})
"""Near a name in prose these say that the drug is not given."""

NO_PRODUCT_CODE = listed("""
    crm197 qs21 as01b as03 as04 isa51 isa51vg isa720 mrc5 k562 nk92 hek293 dm1 dm4 pe38 okt3 hla0201 ad5 ad35 mva85
    covid19 sarscov2 h1n1 h5n1 cho293 ap1903 rqr8 klh b16 a549 vg161 gp96
    """)
"""Carriers, adjuvants, cell lines, payloads and switches that are written like a sponsor's code."""

NOT_A_CODE_PREFIX = listed("""
    phase arm part group cohort day week month year cycle dose stage grade type version level age step stratum study
    trial protocol nct nsc cas il cd her hla ecog who icd ctcae recist auc
    about after approximately before codon days every exon first from hours last least minutes months most next over
    past than until weeks within years
    """)
"""Words before a number that make no sponsor code."""
