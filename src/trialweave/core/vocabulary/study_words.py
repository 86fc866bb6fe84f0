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

BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]")
"""What stands in brackets within a name: another name, a dose, a form."""

PLACEBO_ARM_TYPES = frozenset({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR"})

INERT_ARM_TYPES = PLACEBO_ARM_TYPES | {"NO_INTERVENTION"}
"""Arms with which nothing is compared but whether the other arms work at all."""

INERT_NAME = re.compile(
    r"(?:(?:normal|isotonic|physiological|0\.9\s?%)\s)?(?:saline|sodium chloride)(?:\s(?:solution|infusion|injection))?"
    r"(?:\s\(?0\.9\s?%\)?)?|no (?:intervention|treatment|drug)|observation|watchful waiting"
)
"""An intervention that is none, as a whole name."""

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
    {(when, what) for when in ("previous", "earlier", "past", "animal") for what in ("studies", "trials", "research")}
    | {
        ("been", "treated"), ("have", "received"), ("has", "received"), ("had", "received"), ("having", "received"),
        ("have", "included"),
    }
)  # fmt: skip
"""Up to eight words before a name, in prose: what patients had, and where else a drug was studied."""

PATIENTS = (
    r"(?:patients?|subjects?|participants?|adults|children|women|men|people|persons|individuals|recipients|those)"
)

HAD_BEFORE = re.compile(
    r"""\b(?:
      (?:second|2nd|third|3rd|fourth|later|further|subsequent)\ line\ (?:\w+\ )?(?:after|following)
    | histor(?:ic|ical)(?:\ (?:controls?|cohorts?|data|of|with|on|treated|receiving)){0,4}
    | (?:nonresponders?|non\ responders?|(?:partial|incomplete|poor)\ responders?)\ (?:to|on)
    | (?:contraindications?|hypersensitivity|hypersensitive|allergy|allergic|unresponsive|nonresponsive)\ (?:to|of|for)
    | (?:lack\ of|no|poor|partial|incomplete|insufficient|suboptimal)\ (?:\w+\ )?response\ to
    | not\ (?:\w+\ ){0,2}(?:candidates?|eligible|suitable|fit)\ for
    | not\ (?:\w+\ )?(?:responding|responsive|respond|responded)\ to
    | (?:uncontrolled|not\ (?:\w+\ )?controlled)\ (?:on|with|by|despite|under)
    | (?:not|unable\ to)\ (?:tolerate|take|receive)
    | (?:refuse|refuses|refused|refusing|decline|declined)
    | (?:who|have|has|had|having|after|following)\ (?:discontinued|stopped|discontinuing|stopping)
    | (?:after|following)\ (?:the\ )?(?:discontinuation|cessation|withdrawal)\ of
    | (?:recur|relaps|persist)\w{1,4}\ (?:after|following|despite|on|during|under)
    | (?:have|has|having)\ had | been\ (?:on|taking|receiving)
    | history\ of(?:\ \w+)?
    | post
    )$""",
    re.VERBOSE,
)
"""What ends directly before a name, in prose, and speaks of what patients had, or could not have."""

GONE_BEFORE = listed("after following")
GONE_BEHIND = re.compile(r"(?:(?:therapy|treatment) )?(?:discontinuation|cessation|withdrawal|failure)\b")
"""`After sunitinib discontinuation`: the words on both sides of the name."""

INSTEAD = re.compile(
    r"""\b(?:
      (?:switch\w{0,3}|conver\w{1,5}|transition\w{0,3}|chang\w{1,3})\ from(?:\ \w+)?
    | (?:alternatives?|biosimilars?|similar)\ (?:to|of) | (?:substitutes?|replacements?|substitution)\ (?:for|of)
    | rather\ than | replac(?:e|es|ing)
    | antibod(?:y|ies)\ (?:to|against)
    | (?:analog|analogue|derivative|prodrug|metabolite)\ of | derived\ from | wean\w{0,3}\ (?:\w+\ )?(?:from|off)
    | no
    | (?:reversal|absence|antagonism)\ of | (?:poisoning|intoxication)\ (?:with|by)
    )$""",
    re.VERBOSE,
)
"""What ends directly before a name, in prose, and says that something else is given in its place or against it."""

AWAY_BEHIND = re.compile(
    r"(?:non ?responders?|users?|abusers?|substitutes?|overdoses?|poisoning|abuse|misuse|addiction|intoxication"
    r"|insensitive|sensitive|responders?|(?:is|are|was|were|will|must) not (?:be )?(?:given|administered|used|part of)"
    r"|withdrawal (?:symptoms?|syndrome)|use disorders?)\b"
)
"""The same directly behind a name: `sunitinib non-responders`, `opioid use disorder`."""

BESIDES = re.compile(
    rf"""\b(?:
      stable(?:\ (?:background|oral|daily|dos(?:e|es|ing)|regimens?|therapy|treatment|of|with)){{0,4}}
    | background(?:\ (?:therapy|treatment|of|with)){{0,2}}
    | on\ (?:chronic|ongoing) | maintained\ on
    | (?:currently|already|still)\ (?:being\ )?(?:receiving|taking|treated\ with|on)
    | {PATIENTS}\ taking
    | (?:caused|induced)\ by | (?:associated\ with|due\ to)\ (?:the\ )?use\ of
    | (?:their|own)(?:\ (?:usual|current|existing|prescribed|daily))? | rescue | premedicat(?:ion|ed)\ with | possible
    )$""",
    re.VERBOSE,
)
"""What ends directly before a name, in prose, and speaks of what patients take anyway, or only if they need it."""

BESIDES_BEHIND = re.compile(
    r"(?:premedication|rescue|as (?:an? )?rescue (?:medication|medicine|analgesi\w{1,2})|if needed)\b"
)

BESIDES_FIRST = listed("premedication rescue")
"""A title that begins with such a word is about what it names: `Premedication with dexamethasone`."""

BESIDES_IN_TITLES = re.compile(
    rf"""\b(?:in|for|among)\ (?:\w+\ ){{0,4}}{PATIENTS}\ (?:\w+\ ){{0,5}}
    (?:treated\ with|receiving|taking|on|using|exposed\ to)$""",
    re.VERBOSE,
)
"""`Osimertinib in patients receiving sunitinib`: in a title this tells what they take anyway."""

COMPARED = listed("< > <= >= ≤ ≥ =")
"""Between a name and a number these say that it is measured."""

COORDINATION = listed("and or both either")
"""`Refractory to both lenalidomide and bortezomib`: what is said of the one drug is said of the other."""

LEADING_AWAY = frozenset(
    {
        ("instead", "of"), ("place", "of"), ("target", "of"), ("level", "of"), ("levels", "of"),
        ("renin", "angiotensin"), ("concentration", "of"), ("concentrations", "of"), ("secretion", "of"),
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
