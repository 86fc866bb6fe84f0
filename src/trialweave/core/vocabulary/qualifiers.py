"""Words that make a name another drug, or that two sides must not contradict each other in.

Origin: guards (c) and (e) of conflicts.md section 2 and `concept_qualifier_mismatch` of DESIGN section 6. Each was
earned by a false accept: PEG-asparaginase for asparaginase, allogeneic UCART123 through `CART123`, albumin-bound
paclitaxel for paclitaxel.
"""

from __future__ import annotations

from typing import Literal

from trialweave.core.vocabulary.tables import listed

Origin = Literal["autologous", "allogeneic"]
Action = Literal["inhibitory", "agonist"]

ORIGIN_WORDS: dict[str, Origin] = {
    "autologous": "autologous",
    "allogeneic": "allogeneic",
    "universal": "allogeneic",
    "haploidentical": "allogeneic",
}
"""Canonical tokens that say whose cells they are."""

VACCINE_MAKES: dict[str, str] = {
    "live": "live", "attenuated": "live", "inactivated": "inactivated", "killed": "inactivated",
    "recombinant": "recombinant",
}  # fmt: skip
"""How vaccines against one germ are made: a live one is not the recombinant one."""

NOT_THE_PRODUCT = listed("transplant transplantation hsct hct sct bmt hsc hspc graft stem marrow")
"""With one of these close behind it, an origin word speaks of a transplant, not of the product."""

THE_PRODUCT_YET = listed("derived mesenchymal stromal msc mononuclear transduced edited")
"""Unless one of these follows: `allogeneic bone marrow-derived mesenchymal stem cells` are a product."""

ACTION_WORDS: dict[str, Action] = {
    "agonist": "agonist",
    "agonistic": "agonist",
    "activator": "agonist",
    "antagonist": "inhibitory",
    "antagonistic": "inhibitory",
    "inhibitory": "inhibitory",
    "blocking": "inhibitory",
}
"""Which way it pushes. `inhibitor` is left out: every second class name carries it."""

FORMULATIONS: dict[str, str] = {
    "peg": "pegylated", "liposomal": "liposomal", "liposome": "liposomal", "liposom": "liposomal",
    "nab": "albumin-bound", "albumin": "albumin-bound", "polymeric": "polymeric", "micellar": "micellar",
    "micelle": "micellar", "encapsulated": "liposomal", "nanoparticle": "nanoparticle", "nano": "nanoparticle",
    "nanoliposomal": "liposomal", "aerosolized": "aerosolized",
    "radiolabeled": "radiolabeled", "deuterated": "deuterated", "dota": "radiolabeled",
}  # fmt: skip
"""Formulations that NCIt keeps as drugs of their own. One side with, the other without: not the same drug."""

TRACERS = listed("c13 c14")
"""Labels by which a drug is followed through the body; it stays the drug."""

TRACER_LIGANDS = listed("""
    florbetapir florbetaben flutemetamol flortaucipir sestamibi tetrofosmin fluciclovine piflufolastat flotufolastat
    gozetotide dotatate dotatoc dotanoc edotreotide oxodotreotide iobenguane mibg ioflupane exametazime bicisate
    mebrofenin medronate oxidronate tilmanocept flurpiridaz fluoroestradiol fludeoxyglucose fdg fdopa
    vipivotide pentetreotide fes flt fmiso fluorothymidine fluoromisonidazole facbc
    """)
"""What is given with a radioactive label only: named without it, a drug may be any of its labelled ones."""

VARIANTS = listed("alpha beta gamma delta epsilon zeta theta omega")
"""Greek letters behind a protein's name tell its glycosylated forms apart: epoetin alfa is not epoetin beta."""

STAND_INS = listed("placebo sham dummy mock")
"""A name with one of these is not the drug that it imitates."""

CONSTRUCTION: dict[str, str] = {
    "armored": "armored", "dual": "dual", "bispecific": "dual", "tandem": "dual", "trispecific": "trispecific",
    "inducible": "switch", "universal": "universal",
}  # fmt: skip
"""How a construct was built; shown by the checks where the two sides differ."""

CELL_TYPES: dict[tuple[str, ...], str] = {
    ("nk", "cell"): "nk cell",
    ("nkt", "cell"): "nkt cell",
    ("t", "cell"): "t cell",
    ("car", "t"): "t cell",
    ("car", "nk"): "nk cell",
    ("car", "m"): "macrophage",
    ("macrophage",): "macrophage",
    ("monocyte",): "macrophage",
    ("til",): "til",
    ("dendritic", "cell"): "dendritic cell",
    ("msc",): "msc",
}
"""The cell a product is made of. Monocytes are given to become macrophages, so the two agree."""

NOT_BEFORE = listed("""
    peg pegylated liposomal nanoliposomal liposome nab bound encapsulated polymeric micellar nano nanoparticle
    radiolabeled labeled deuterated dota nota anti non antibody pro micelle ethinyl ethynyl methyl ethyl propyl butyl
    hexyl acetyl benzyl phenyl alanyl glycyl glutamyl succinyl palmitoyl
    """)
"""A name with one of these directly before it is part of another drug's name (guard e)."""

NOT_AFTER = listed("""
    receptor resistance resistant refractory deficiency deficient level inhibitor antagonist analog analogue derivative
    like treated exposed experienced eligible dependent sensitivity intolerance intolerant naive pretreated ineligible
    hypersensitivity allergy liposome liposomal lipid albumin protein nanoparticle micelle micellar polymeric poliglumex
    trevatide alafenamide lauroxil carboxylate bunod amide
    conjugate conjugated immunoconjugate adc channel synthase reductase metabolite antibody
    sparing free eluting prodrug degrader fusion bispecific scfv induced associated related mediated exacerbated unfit
    inadequate dependence secretion concentration failure toxicity
    """)
"""A name with one of these directly behind it is part of another name, or speaks of the patient (guard e)."""

REMADE_BEHIND = listed("""
    conjugate conjugated adc immunoconjugate immunotoxin radioimmunoconjugate prodrug analog
    derivative mimetic metabolite fusion bispecific trispecific scfv fab nanobody degrader protac resistant liposome
    liposomal nanoparticle car til vector gene vaccine mutant antagonist receptor
    """)
"""Class words behind a nonproprietary name that make another product of it, or a patient: `Trastuzumab ADC`."""

REMADE_BEFORE = listed("liposome nanoparticle peg radiolabeled")
"""The same before it. Other class words there describe the product: `bispecific antibody zanidatamab`."""

BOUND_WORDS = listed("bound stabilized based particle in formulation form")
"""Small words beside a formulation in a bracket: `(albumin-bound)`."""

OBSOLETE_TERM_TYPES = frozenset({"AQ", "AQS", "OP", "ObsoleteName"})
"""Term types of names that NCIt marks as obsolete."""

BRAND_TERM_TYPES = frozenset({"BR", "FB"})
"""Term types of brand names, US and foreign."""

CODE_TERM_TYPES = frozenset({"CN", "CodeName"})
"""Term types of sponsors' codes."""

UNNAMING_TERM_TYPES = frozenset({"AD", "HD"})
"""Term types that are no names of the substance: adjectival forms, headers."""
