"""Words that are added to a drug's name without making it another drug: salts, esters, dosage forms, doses.

Origin: the salt and form layer measured in conflicts.md section 2 (L3; 21 of 21 adjudicated matches right), widened by
the trailing words of FDA `PT` and USP names in NCIt excerpts. All words are in the spelling of `text.fold`, singular.
"""

from __future__ import annotations

import re

from trialweave.core.vocabulary.tables import listed

HYDRATES = listed("""
    hydrate monohydrate dihydrate trihydrate tetrahydrate pentahydrate hexahydrate heptahydrate octahydrate decahydrate
    dodecahydrate hemihydrate hemipentahydrate sesquihydrate anhydrous
    """)
"""Water in a crystal never tells one drug from another."""

SALTS = HYDRATES | listed("""
    hydrochloride dihydrochloride trihydrochloride monohydrochloride hcl hydrobromide dihydrobromide sodium disodium
    trisodium pentasodium potassium dipotassium calcium magnesium zinc mesylate dimesylate mesilate methanesulfonate
    methylsulfonate tosylate ditosylate tosilate besylate besilate esylate esilate isethionate camsylate maleate
    dimaleate malate fumarate hemifumarate succinate hemisuccinate tartrate ditartrate bitartrate citrate acetate
    diacetate phosphate diphosphate monophosphate sulfate hydrogensulfate bisulfate nitrate lactate gluconate stearate
    palmitate pamoate embonate benzoate bromide chloride dichloride iodide propionate dipropionate valerate enanthate
    cypionate undecanoate decanoate trifluoroacetate olamine meglumine tromethamine trometamol lysine arginine
    enantate cipionate undecylate phenylpropionate isocaproate pivalate probutate buteprate tebutate medocaril fosamil
    erbumine edisylate napadisylate hyclate
    xinafoate trifenatate acetonide hexacetonide furoate butyrate caproate hexanoate propanediol medoxomil cilexetil
    etexilate disoproxil axetil proxetil pivoxil marboxil oxalate aspartate diaspartate tetraphosphate
    trometamine orotate pidolate free base freebase na
    """)
"""Salts, esters, hydrates and counter-ions. A salt pair is `info` where NCIt keeps two concepts, never a mismatch."""

ESTERS: dict[str, str] = {
    **{ester: ester for ester in listed("""
        propionate dipropionate phenylpropionate valerate furoate enanthate cypionate undecanoate decanoate palmitate
        acetonide hexacetonide diacetate butyrate probutate buteprate caproate isocaproate pivalate tebutate
        """)},
    "enantate": "enanthate", "cipionate": "cypionate", "hexanoate": "caproate", "undecylate": "undecanoate",
}  # fmt: skip
"""Esters by which one substance is several drugs, as it is written -> one word each: fluticasone furoate is not
fluticasone propionate, a depot of one ester is not the depot of another."""

ESTERS_OF_STEROIDS: dict[str, str] = {
    **{ester: ester for ester in listed("acetate succinate phosphate benzoate hydrochloride lactate")},
    "hemisuccinate": "succinate",
}
"""The same behind a steroid, or against one of those: methylprednisolone acetate is not the succinate. Elsewhere these
are salts like any other."""

STEROIDS = ("sone", "solone", "sterone", "stradiol", "sterol")
"""What their names end in."""

ELEMENTS = listed("""
    sodium potassium calcium magnesium zinc lithium iron ferric ferrous copper ammonium aluminum strontium barium
    silver gold manganese selenium chromium iodine acid oxide carbonate bicarbonate hydroxide peroxide arginine lysine
    """)
"""What may not stand alone after salts are stripped: `Sodium Chloride` and `Zinc Acetate` are whole names."""

FORMS = listed("""
    tablet tab capsule cap caplet injection injectable infusion solution concentrate oral orally iv intravenous
    intravenously subcutaneous subcutaneously sc im intramuscular intravitreal intrathecal intratumoral topical
    intraperitoneal intravesical intradermal intraarterial intralesional intraarticular intrapleural intraventricular
    transdermal inhaled inhalation inhaler intranasal nasal ophthalmic rectal vaginal buccal sublingual cream ointment
    gel lotion foam patch spray suspension powder film coated extended delayed immediate modified sustained controlled
    release er xr sr cr dr mr xl la depot vial syringe prefilled pill syrup drop product formulation lyophilized
    preparation sterile usp cycle course daily weekly biweekly monthly twice bid tid qd qod qid q1w q2w q3w q4w po prn
    enteric dispersible orodispersible disintegrating dissolving chewable effervescent gastroresistant buffered
    crystalline aqueous granule sachet lozenge suppository enema pessary elixir autoinjector flexpen kwikpen solostar
    penfill sureclick pushtronex suprachoroidal periocular subconjunctival intracameral perineural periarticular
    intraosseous epidural intraocular subretinal subtenon intratympanic intrauterine iontophoresis parenteral enteral
    nebulized nebulised nebulizer nebuliser aerosol aerosphere mdi pmdi dpi hfa hfc respimat handihaler turbuhaler
    turbohaler breezhaler neohaler accuhaler diskus diskhaler ellipta evohaler twisthaler pressair genuair nexthaler
    easyhaler novolizer clickhaler rotahaler rotacap flexhaler respiclick digihaler inhub forspiro spiromax pressurized
    metered odt mup lar lai pfs pen sensoready onpro zydis implant plaster medicated wafer minitablet softgel
    injector shampoo ivt inj soln susp oint neb supp strain gas elemental oromucosal transmucosal gingival otic icv
    percutaneous epicutaneous subdermal intracerebroventricular intratracheal endotracheal intracavernosal intraurethral
    intradetrusor intracervical prolonged pr eq emulsion assisted nxt micronized ultramicronized
    dripping eye ear ophth dermal retard pca fluorescence sheet ampoule ampule ampul cartridge flextouch flexpro troche
    mouthwash gargle pellet bolus bioresorbable insert oros sol sl
    low high standard single reduced fixed dense dose dosing treatment for of and the with plus in to by at a an via per
    drug biosimilar fdc monotherapy alone kg pet spect scan imaging
    """)
"""Dosage forms, routes, schedules and the small words between them. A word in these tables never decides identity."""

CODE_BEGINNINGS = listed("la er sr xr cr dr mr pr xl pen gas lar lai mdi dpi neb inj")
"""Of these, what a dash makes the beginning of a code: `LA-EP2006` is not EP2006."""

MINERALS = listed("""
    lithium zinc magnesium calcium potassium iron copper selenium chromium manganese strontium aluminum bismuth gold
    silver iodine
    """)
"""Elements that people speak of when they mean one of their salts."""

AMINO_ACIDS = listed("""
    alanine arginine asparagine citrulline cysteine glutamine glycine histidine isoleucine leucine lysine methionine
    ornithine phenylalanine proline serine threonine tryptophan tyrosine valine
    """)
"""Given in the form of nature, which goes without saying: `L-arginine`. Some are the salt of other drugs as well."""

DOSE = re.compile(
    r"""(?<![\w.-])(?:\d[\d,.]{0,30}\s?[-/x]\s?){0,3}\d[\d,.]{0,30}(?:\^\d{1,2}|e\d{1,2})?\s{0,3}
        (?:x\s{0,3}10\s{0,3}\^?\s{0,3}e?\s{0,3}\d{1,30}\s{0,3})?
        (?:mgi|mg|mcg|mug|ug|g|kg|ml|l|iu|miu|mu|u|units?|auc|(?:mu|[muk])?ci|[gmk]?bq|gy|cgy|meq|ppm|cfu|kiu|pfu|vp|vg|%|percent|cells?|doses?|tablets?
          |capsules?|mm|nmol|mmol|mol|[km]?hz)
        (?:\s?x\s?\d{1,2}(?![\w.]))?
        (?:\s{0,3}(?:/|per)\s{0,3}(?:\d{1,30}\s{0,3})?(?:m\s{0,3}\^?2|m²|kg|mg|ml|l|day|dose|week|hr?|d|min|cell)s?)*(?![\w]|-\d)""",
    re.VERBOSE,
)
"""An amount with its unit in a folded name: `30mg/m2`, `3 doses`, `240/80 mg`, `3 x 10e13vg`.

All repeats have an end: digits and spaces without one would be tried in each of their combinations."""

_PHASE = r"(?:[1-4]|i{1,3}|iv)[ab]?"
_AMINO_ACIDS = "|".join(sorted(AMINO_ACIDS))
_NUMBER = r"(?:\d{1,2}|one|two|three|four|six|other)"
ARRANGEMENT = re.compile(
    rf"""(?<![\w-])(?:(?:
      phase\s?{_PHASE}(?:\s?[/-]\s?{_PHASE})? | dose(?:\ level)?\s?-?\d{{1,2}}[a-z]? | loading(?:\ doses?)?
    | (?:neo|pre|post|peri)[\s-]?(?:adjuvant|operative|transplant(?:ation)?)(?:ly)?
    | open[\s-]label(?:led|ed)? | (?:double[\s-]|single[\s-])?blind(?:ed)? | cross[\s-]?over(?:\ to)?
    | randomi[sz]ed\ to | run[\s-]in | re[\s-]?treatment | re[\s-]?challenge | extension | administration
    | (?:once|twice)[\s-](?:daily|weekly|monthly) | s\.c\.? | i\.[vmp]\.? | p\.o\.? | u-?[1-5]00
    | 20\d\d\s?[-/]\s?(?:20)?\d\d
    | continuous | intermittent | generic | once(?:\ or\ twice)? | every\ {_NUMBER}\ (?:day|week|month)s? | qw
    | {_NUMBER}[\s-](?:week|month)(?:s|ly)?
    | on[\s-]body | (?:double|single|half|full|regular|extra)[\s-]strength
    | q\d{{1,2}}(?:hr?|d|wk?|mo?) | (?<=assisted\ )(?:psycho)?therapy
    | (?:nos|ds|forte|i[tp]|(?<=\d\ )dp)(?=\s*$)
    | (?:us|eu|uk|japan|china|european|chinese|japanese)[\s-](?:sourced|licen[sc]ed|approved|authori[sz]ed|marketed)
    | reference(?:\ (?:product|biologic|drug|listed\ drug))? | originator | innovator
    )(?![\w-]) | (?:us|eu)-(?=[a-z]{{4}}) | (?<![a-z]\ )l-(?=(?:thyroxine|carnitine|{_AMINO_ACIDS})(?![a-z])))""",
    re.VERBOSE,
)
"""What a study adds to a name that it gives: `Phase 1b`, `dose level 2`, `open-label`, `run-in`, `EU-sourced`; at its
end the route `IT` or `IP`, and DP (drug product) behind a code; and the L of an amino acid, at the beginning."""

_PLACE = r"(?:\d{1,2}[a-z]?|[ivx]{1,4}[a-z]?|[a-z])"
ARM_LABEL = re.compile(
    rf"""(?:
      (?:arm|cohort)\ {_PLACE}(?:\s*[:,)–-]\s|\s)
    | (?:group|part|stage|step|period|sequence|regimen|treatment|phase|schedule|stratum|panel)\ {_PLACE}\s*[:,)–-]\s
    | (?:(?:experimental|active|comparator|control|reference|test|treatment|intervention|arm|group|drug|biological
        |investigational|study|product|imp|medication)[\s:]\s{{0,3}}){{0,3}}(?<=:\s)
    | \(?(?:\d{{1,2}}[.:)]|[a-z][:)])\s
    )""",
    re.VERBOSE | re.IGNORECASE,
)
"""What a registry writes before the drug of an arm: `Arm A: `, `Cohort 1 - `, `Active Comparator: `, `1. `."""

BESIDE_PLACEBO = re.compile(
    r"(?:\s(?:in combination with|together with|compared (?:with|to)|plus|and|with|or|versus|vs\.?)|\s?\+)\s"
    r"(?:match(?:ing|ed)\s)?(?:placebos?|rt|observation|no treatment|best supportive care|(?:standard of|usual) care)$",
    re.IGNORECASE,
)
"""A placebo or radiation given beside a drug: `sunitinib in combination with placebo`, `sunitinib vs. placebo`."""

BIOSIMILAR_SUFFIX = re.compile(
    r"(?:(?<=mab|ept|tim|tin|can|ine|ase|lin|kin|tug|cel|vec)|(?<=alfa|live|wder|ated))"
    r"-(?!like|cell|free|gene|drug|beta|type|form|dose|plus)[a-z]{4}"
    r"(?![\w-])"
)
"""FDA's four-letter suffix (`-kpkc`, `Live-jslm`). It tells biosimilars apart: two different ones never agree."""
