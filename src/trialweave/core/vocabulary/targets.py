"""Target symbols: what a product is directed at. They look like codes and are none; they identify no product.

Origin: the words after `Anti-` and before `inhibitor` in 2,770 NCIt drug names, HGNC symbols beside the names in use,
and the exclusions that conflicts.md section 2 (L4) earned: before V600E was excluded, one umbrella trial "mentioned"
every V600E inhibitor.
"""

from __future__ import annotations

import re

from trialweave.core.vocabulary.tables import listed

ALIASES: dict[str, str] = {
    "erbb2": "her2", "neu": "her2", "cerbb2": "her2", "erbb3": "her3", "erbb4": "her4", "erbb1": "egfr", "her1": "egfr",
    "tnfrsf17": "bcma", "cd269": "bcma", "pdcd1": "pd1", "cd279": "pd1", "cd274": "pdl1", "b7h1": "pdl1",
    "meso": "mesothelin", "msln": "mesothelin", "cldn182": "claudin18.2", "claudin182": "claudin18.2",
    "cldn18.2": "claudin18.2", "cldn18": "claudin18.2", "claudin18": "claudin18.2", "cldn6": "claudin6",
    "folr1": "fralpha", "fbp": "fralpha", "fr": "fralpha", "tacstd2": "trop2", "folh1": "psma",
    "blys": "baff", "ceacam5": "cea", "cd66e": "cea",
    "cd276": "b7h3", "cd319": "cs1", "slamf7": "cs1", "cd135": "flt3", "cd340": "her2", "cd152": "ctla4",
    "cd223": "lag3", "havcr2": "tim3", "kdr": "vegfr2", "hvegfr2": "vegfr2", "cmet": "met", "hgfr": "met",
    "kras": "kras", "pvrl4": "nectin4", "clec12a": "cll1", "cd371": "cll1", "il3ra": "cd123", "tnfrsf8": "cd30",
    "tnfrsf9": "41bb", "cd137": "41bb", "tnfrsf4": "ox40", "cd134": "ox40", "cd357": "gitr", "csf1r": "csf1r",
    "cfms": "csf1r", "ckit": "kit", "cd117": "kit", "ganglioside": "gd2", "muc16": "ca125", "hcd70": "cd70",
    "hegfr": "egfr", "cd20": "cd20", "ms4a1": "cd20", "frizzled": "fzd", "glypican3": "gpc3", "pl10": "pdl1",
    "guanylylcyclase": "gcc", "gucy2c": "gcc", "epha2": "epha2", "epcam": "epcam", "egp2": "epcam",
}  # fmt: skip
"""One symbol per target. The key and the value are canonical tokens (`naming.tokens`)."""

SYMBOL = re.compile(
    r"""(?:cd\d{1,3}[a-z]?|il\d{1,2}[a-z]{0,2}|her[1-4]|erbb[1-4]|egfr(?:v3|viii)?|bcma|gprc5d|gpc\d|muc\d{1,2}[a-z]?
    |psma|psca|psa|pap|mesothelin|gd[23]|ror[12]|cea|ceacam\d|epcam|claudin\d{1,2}(?:\.\d)?|cll1|nyeso1?|eso1?
    |pdl?[12]|ctla4|vegf[abcd]?|vegfr[123]?|flt[134]|fgfr[1-4]?|fgf\d*|pdgfr[ab]?|cs1|dll[34]|b7h[346]|b7dc|afp|nkg2dl?
    |taci|april|fralpha|folr1|mage[a-c]?\d{0,2}|mart1|gp100|wt1|[knh]?ras|braf|raf|alk|ros1|ret|met|mek[12]?|erk[12]?
    |akt[123]?|pi3k[abdg]?|mtor(?:c[12])?|cdk\d{1,2}|parp[12]?|tigit|lag3|tim3|ox40|icos|gitr|41bb|cd3zeta|trop2
    |nectin4|hdac\d{0,2}|btk|jak[123]?|stat\d|bcl\d|bclxl|mcl1|mdm2|mdmx|brd4|bet|ezh[12]|dot1l|prmt5|lsd1|idh[12]
    |hsp90|hif\d?|nf\w?kb|src|abl|bcrabl|kit|csf1r|trk[abc]?|ntrk[123]?|axl|mer|tie2|ang2|igf1r|igf[12]|tgf|tgfb
    |atm|atr|wee1|chk[12]|plk1|aurora|ttk|mps1|smo|hedgehog|wnt|notch\d?|gsk3|ck2|fak|pyk2|syk|lyn|sglt[12]|dpp4|glp1
    |ace|angiotensin|tnf|tnfr\d?|trail|dr[45]|fap|gcc|cmv|ebv|hpv(?:16|18)?|lmp[12]|ebna1|hla\w*|e[67]|survivin|prame
    |ssx\d?|urlc10|kif20a|rnf43|tomm34|cdca1|depdc1|mphosph1|tyrosinase|p53|ca125|cah?9|caix|lewisy|ley|lgr5|lilrb4|c1qbp|cxcr4|ccr\d|tlr\d{1,2}|nkg2a|kir|sirpa|cd47
    |ldlr|pcsk9|cgrp|rankl|tslp|baff|pthrp|ige|bace1?|tau|c5ar?|gnrh|lhrh|somatostatin|sstr\d?|opioid|5ht\d\w?|gaba\w?|nmda|vla4|integrin|avb[36]
    |v600[ek]?|t790m|c797s|g12[cdvar]|g13d|l858r|h1047r|e545k|q61[a-z]|t315i|d816v|\w\d{2,4}[acdefghiklmnpqrstvwy]del)
    """,
    re.VERBOSE,
)
"""A target, a marker, a pathway or a mutation, as one canonical token."""

MUTATION = re.compile(r"[acdefghiklmnpqrstvwy]\d{2,4}[acdefghiklmnpqrstvwy*]")
"""An amino-acid exchange such as V600E. Never a sponsor code."""

DOMAINS = listed("cd3 cd3zeta cd28 41bb cd137 cd27 cd4 cd8 cd34 cd62l egfrt cd19t her2t icos ox40 dap10")
"""Effector arms, signalling domains, selection markers: part of the construction, not what a cell product binds."""
