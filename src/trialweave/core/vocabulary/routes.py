"""Routes of administration: the words that name one, and the same words where they name none.

Origin: the route vocabulary of conflicts.md section 1, widened by the routes in the descriptions of 239 registry
studies and in 2,358 NCIt definitions. What a word means elsewhere ("oral mucositis", "stage IV", "intratumoral T
cells") was collected there too.
"""

from __future__ import annotations

from trialweave.core.vocabulary.tables import listed

SEMISOLIDS = listed("cream creams ointment ointments lotion")
"""Forms that stand for `Topical`."""

ROUTE_WORDS: dict[str, str] = {
    **dict.fromkeys(("intravenous", "intravenously", "ivpb"), "Intravenous"),
    **dict.fromkeys(("oral", "orally", "perorally"), "Oral"),
    **dict.fromkeys(("tablet", "tablets", "capsule", "capsules", "caplet", "caplets"), "Oral"),
    **dict.fromkeys(("subcutaneous", "subcutaneously", "subq", "subcut"), "Subcutaneous"),
    **dict.fromkeys(("intramuscular", "intramuscularly"), "Intramuscular"),
    **dict.fromkeys(("intrathecal", "intrathecally"), "Intrathecal"),
    **dict.fromkeys(("intradermal", "intradermally"), "Intradermal"),
    **dict.fromkeys(("topical", "topically", *SEMISOLIDS), "Topical"),
    **dict.fromkeys(("ophthalmic",), "Ophthalmic"),
    **dict.fromkeys(("transdermal", "transdermally"), "Transdermal"),
    **dict.fromkeys(("intratumoral", "intratumorally", "intratumor", "intratumour"), "Intratumoral"),
    **dict.fromkeys(("intralesional", "intralesionally"), "Intralesional"),
    **dict.fromkeys(("intraperitoneal", "intraperitoneally"), "Intraperitoneal"),
    **dict.fromkeys(("intrapleural", "intrapleurally"), "Intrapleural"),
    **dict.fromkeys(("intravesical", "intravesically"), "Intravesical"),
    **dict.fromkeys(("inhaled", "inhalation", "inhaler", "nebulized", "nebulised"), "Inhalation"),
    **dict.fromkeys(("intranasal", "intranasally"), "Intranasal"),
    **dict.fromkeys(("intravitreal", "intravitreally"), "Intravitreal"),
    **dict.fromkeys(("subretinal", "subretinally"), "Subretinal"),
    **dict.fromkeys(("intraarterial", "intraarterially"), "Intra-arterial"),
    **dict.fromkeys(("intracerebral", "intracerebrally"), "Intracerebral"),
    **dict.fromkeys(("intracranial", "intracranially"), "Intracranial"),
    **dict.fromkeys(("intracerebroventricular", "intracerebroventricularly"), "Intracerebroventricular"),
    **dict.fromkeys(("intraventricular", "intraventricularly"), "Intraventricular"),
    **dict.fromkeys(("intracavitary",), "Intracavitary"),
    **dict.fromkeys(("intraarticular",), "Intra-articular"),
    **dict.fromkeys(("intranodal", "intranodally"), "Intranodal"),
    **dict.fromkeys(("intralymphatic",), "Intralymphatic"),
    **dict.fromkeys(("intracoronary", "intracoronarily"), "Intracoronary"),
    **dict.fromkeys(
        ("intramyocardial", "intramyocardially", "transendocardial", "transendocardially"), "Intramyocardial"
    ),
    **dict.fromkeys(("intraocular", "intraocularly"), "Intraocular"),
    **dict.fromkeys(("intracameral", "intracamerally"), "Intracameral"),
    **dict.fromkeys(("subconjunctival", "subconjunctivally"), "Subconjunctival"),
    **dict.fromkeys(("intratympanic", "intratympanically"), "Intratympanic"),
    **dict.fromkeys(("intratracheal", "intratracheally"), "Intratracheal"),
    **dict.fromkeys(("intraosseous", "intraosseously"), "Intraosseous"),
    **dict.fromkeys(("intrauterine",), "Intrauterine"),
    **dict.fromkeys(("epidural", "epidurally"), "Epidural"),
    **dict.fromkeys(("sublingual", "sublingually"), "Sublingual"),
    **dict.fromkeys(("buccal", "buccally"), "Buccal"),
    **dict.fromkeys(("enteral", "enterally"), "Enteral"),
    **dict.fromkeys(("rectally",), "Rectal"),
    **dict.fromkeys(("vaginally", "intravaginal", "intravaginally"), "Vaginal"),
}
"""Folded words; `intra-tumoral` is read as one word. "Infusion" and "injection" alone name no route."""

LED_BY: dict[str, tuple[str, frozenset[str]]] = {
    "mouth": ("Oral", frozenset({"by"})),
    "os": ("Oral", frozenset({"per"})),
    "vein": ("Intravenous", frozenset({"by", "into a", "into the", "into your", "through a", "through the", "in a"})),
    "skin": ("Subcutaneous", frozenset({"under the", "beneath the", "under your"})),
    "muscle": ("Intramuscular", frozenset({"into a", "into the", "into your", "in the"})),
}
"""Words that name a route behind one of these words or pairs of words: `by mouth`, `under the skin`."""

LED_ON: dict[str, tuple[str, frozenset[str]]] = {
    "nasal": ("Intranasal", listed("spray sprays drops powder gel")),
    "vaginal": ("Vaginal", listed("ring rings insert inserts suppository suppositories gel")),
}
"""Words of place that name a route before one of these forms: `nasal spray`, `vaginal ring`. Tablets and creams are
routes themselves."""

FORMS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("tablet", "tablets"), frozenset({"Sublingual", "Buccal", "Vaginal"})),
    **dict.fromkeys(("capsule", "capsules"), frozenset({"Inhalation", "Vaginal"})),
    **dict.fromkeys(("caplet", "caplets"), frozenset[str]()),
    **dict.fromkeys(SEMISOLIDS, frozenset({"Vaginal", "Rectal", "Intranasal", "Intraurethral", "Buccal"})),
    "ophthalmic": frozenset({"Intravitreal", "Intraocular", "Intracameral", "Subconjunctival", "Subretinal"}),
}
"""Dosage forms that stand for `Oral` or `Topical`, and solutions for the eye -> the routes by which some of them are
given all the same."""

FIELD_WORDS: dict[str, str] = {
    "rectal": "Rectal", "vaginal": "Vaginal", "nasal": "Intranasal",
    "cutaneous": "Topical", "dermal": "Topical",
    "arterial": "Intra-arterial", "iv": "Intravenous", "sc": "Subcutaneous", "sq": "Subcutaneous",
    "im": "Intramuscular", "po": "Oral", "ip": "Intraperitoneal", "it": "Intrathecal", "id": "Intradermal",
    "icv": "Intracerebroventricular", "mouth": "Oral", "vein": "Intravenous", "muscle": "Intramuscular",
    "sl": "Sublingual", "ivt": "Intravitreal",
    "pr": "Rectal", "pv": "Vaginal", "inh": "Inhalation",
}  # fmt: skip
"""Words that name a route where nothing but a route stands: in the record's own field."""

ABBREVIATIONS: dict[str, str] = {
    "IV": "Intravenous", "IVP": "Intravenous", "i.v": "Intravenous", "I.V": "Intravenous",
    "PO": "Oral", "p.o": "Oral", "P.O": "Oral",
    "SC": "Subcutaneous", "SQ": "Subcutaneous", "SubQ": "Subcutaneous", "s.c": "Subcutaneous", "S.C": "Subcutaneous",
    "IM": "Intramuscular", "i.m": "Intramuscular", "I.M": "Intramuscular",
}  # fmt: skip
"""In running text the case counts: IT, ID and IP are left out, they stand for too much else."""

BEFORE_GIVING: dict[str, str] = {"IA": "Intra-arterial", "IP": "Intraperitoneal", "ID": "Intradermal"}
"""Capitals that are a route before a word of giving: `IP infusion`. `IT` is left out: intrathecal, or intratumoral."""

NUMERAL_BEFORE = listed("stage stages phase phases grade grades type class arm cohort group part level nyha i ii iii")
"""Words before "IV" that make it the number four."""

NOT_AFTER_ROUTE = listed("""
    mucositis mucosa mucosal mucositides cavity cancer cancers carcinoma contraceptive contraceptives contraception
    hygiene squamous care lichen health lesion lesions swab swabs examination exam intake food feeding nutrition
    temperature glucose leukoplakia thrush candidiasis surgery cavities bioavailability
    contrast fluid fluids hydration immunoglobulin immunoglobulins access line lines catheter antibiotic antibiotics
    steroid steroids corticosteroid corticosteroids analgesia analgesics antihistamine antihistamines
    anticoagulant anticoagulants hypoglycemic antiemetic antiemetics premedication premedications user users
    tissue tissues nodule nodules metastasis metastases fat lesion disease tumor tumors port hemorrhage bleeding
    sedation sedative sedatives anesthesia anaesthesia anesthetic anaesthetic opioid opioids nsaid nsaids glucocorticoid
    glucocorticoids benzodiazepine benzodiazepines bisphosphonate bisphosphonates supplement supplements supplementation
    pressure endoscopy transplant transplantation
    """)
"""Words behind a route that turn it into something else."""

SITES = listed("cutaneous nodal dermal visceral muscular lymph mucosal")
"""Behind a route and a conjunction these make it a site, as in `subcutaneous or nodal lesions`."""

OPENING_ROUTES = listed("""
    oral intravenous subcutaneous intramuscular topical transdermal inhaled intranasal intravitreal intrathecal
    intradermal intravesical sublingual
    """)
"""Adjectives that say how a product is given where its description opens with one: `Oral EGFR inhibitor`."""

LOCAL_FORMS = listed("rinse gel spray paste film mucoadhesive inhalation inhaler topical sublingual buccal dissolving")
"""Behind "oral" these stay in the mouth, or go to the lungs."""

BEFORE_ITS_ROUTE = listed("""
    a an the novel new potent highly selective investigational experimental small molecule reversible irreversible
    covalent synthetic next generation first second third fourth in class once twice daily weekly monthly long short
    acting extended release brain penetrant humanized humanised human recombinant fully
    """)
"""What may stand before such an adjective: `A potent, highly selective, oral inhibitor`."""

GIVEN_AFTER = listed("""
    tablet tablets capsule capsules caplet dose doses dosing administration solution suspension formulation daily once
    twice three every use route medication treatment drug therapy intake gavage bid tid qd on at for in to and or over
    until per as with without during after before days mg
    iv po sc sq im single multiple repeated immediate extended modified controlled sustained delayed film soft hard
    liquid powder granules syrup drops lozenge lozenges pill pills implant implants pellet pellets
    """)
"""What may stand behind "oral" or its like when it speaks of this drug; else it is another drug's adjective."""

GIVING = listed("""
    administration administrations injection injections infusion infusions instillation instillations delivery dose
    doses dosing therapy treatment chemotherapy route catheter use application solution suspension emulsion drops
    ointment insert cream gel
    """)
"""Behind an adjective of place one of these must stand: "intratumoral injection" is a route, "intratumoral T cells"
is none."""

PLACES = listed("""
    Intratumoral Intralesional Intraperitoneal Intrapleural Intracerebral Intracranial Intraventricular Intracavitary
    Intranodal Intracoronary Epidural Topical Buccal Intramyocardial Intraocular Intracameral Subconjunctival
    Intratympanic Intratracheal Intraosseous Intrauterine Ophthalmic
    """)
"""Routes whose adjective also says where something lies."""

NEGATIONS = listed(
    "not no non never without instead unlike neither nor than prior previous previously failed versus vs"
)
"""One of these among the three words before a route denies it, or speaks of another time."""

EARLIER = listed("after following from")
"""Directly before a route, these speak of what was given before."""

ASIDE = listed("""
    premedication premedications premedicated premedicate premed rescue prophylaxis prophylactic prehydration hydration
    lymphodepletion lymphodepleting conditioning prior previous previously antiemetic antiemetics supportive mouthwash
    emollient emollients moisturizer moisturiser moisturizing moisturising sunscreen
    """)
"""A clause with one of these speaks of what goes with the drug."""

GIVEN_CONTEXT = listed("""
    bolus infusion infusions injection injections drip gtt push administration via by given administered infused
    injected iv po sc im
    """)
"""Next to one of these they are routes in any writing: `iv bolus`, `SC or Iv gtt`."""

DOSE_CONTEXT = listed("mg mcg g ug kg ml iu units m2 bid tid qid qd qod daily once twice q1w q2w q3w q4w every over on")
"""Next to one of these, lower-case `po`, `iv`, `sc` and `im` are routes."""

COMBINING = listed("combination combined together concurrently concomitantly conjunction")
"""Where a piece of a clause ends in one of these, the next is about the other drug: `in combination with X tablets`."""

NO_DRUG = listed("""
    dose doses dosage dosed level levels cohort cohorts group groups total maximum minimum least about approximately
    every daily weekly twice given administered administration receive receives received injection infusion infused
    taken strength tablet tablets capsule capsules vial vials starting start started escalating increased increasing
    reduced initial fixed target single loading maintenance followed participants patients subjects drug between until
    starts initially contains containing across range ranging increments first second third where which under after
    before bolus injected intravenous intravenously subcutaneous subcutaneously orally intramuscular powder solution
    concentration volume treatment therapy titrated formulation concentrate week weeks month months cycle cycles
    """)
"""Words before a number of milligrams that are no drug's name."""

REGIONS: dict[str, str] = {
    "Intralesional": "Intratumoral",
    "Intracerebral": "brain", "Intracranial": "brain", "Intraventricular": "brain", "Intracerebroventricular": "brain",
    "Intrathecal": "brain", "Intracavitary": "cavity", "Intraperitoneal": "cavity", "Intrapleural": "cavity",
    "Topical": "skin", "Transdermal": "skin", "Ophthalmic": "skin", "Inhalation": "airway", "Intranasal": "airway",
    "Sublingual": "mouth", "Buccal": "mouth", "Intracoronary": "Intra-arterial", "Intratracheal": "airway",
    "Intravitreal": "eye", "Intraocular": "eye", "Enteral": "Oral",
}  # fmt: skip
"""Routes that are told apart by some and not by others count as one."""
