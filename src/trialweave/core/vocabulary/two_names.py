"""Substances with two nonproprietary names: the international one or an older one, and the one of the United States.

Origin: WHO INN and BAN against USAN where the two are other words; both are canonical tokens.
"""

from __future__ import annotations

TWO_NAMES: dict[str, str] = {
    "aciclovir": "acyclovir", "adrenaline": "epinephrine", "alimemazine": "trimeprazine", "amethocaine": "tetracaine",
    "amfetamine": "amphetamine", "artenimol": "dihydroartemisinin", "azacytidine": "azacitidine",
    "bendrofluazide": "bendroflumethiazide", "benzatropine": "benztropine", "benzhexol": "trihexyphenidyl",
    "carbocysteine": "carbocisteine", "cephalexin": "cefalexin", "cephazolin": "cefazolin", "cephradine": "cefradine",
    "chlormethine": "mechlorethamine", "chlorphenamine": "chlorpheniramine", "ciclosporin": "cyclosporine",
    "ciclosporine": "cyclosporine", "cinchocaine": "dibucaine", "clomiphene": "clomifene",
    "colecalciferol": "cholecalciferol", "cyclosporin": "cyclosporine", "dexamfetamine": "dextroamphetamine",
    "dexamphetamine": "dextroamphetamine", "dexchlorphenamine": "dexchlorpheniramine",
    "diamorphine": "diacetylmorphine", "dicycloverine": "dicyclomine", "dipyrone": "metamizole",
    "dosulepin": "dothiepin", "ergometrine": "ergonovine", "etacrynic": "ethacrynic", "folinate": "leucovorin",
    "frusemide": "furosemide", "glibenclamide": "glyburide", "glycopyrronium": "glycopyrrolate",
    "guaiphenesin": "guaifenesin", "hydroxycarbamide": "hydroxyurea", "hyoscine": "scopolamine",
    "isoprenaline": "isoproterenol", "levofolinate": "levoleucovorin", "levomepromazine": "methotrimeprazine",
    "levosalbutamol": "levalbuterol", "lignocaine": "lidocaine", "lisdexamphetamine": "lisdexamfetamine",
    "mecobalamin": "methylcobalamin", "mesalazine": "mesalamine", "metamfetamine": "methamphetamine",
    "methylergometrine": "methylergonovine", "mitozantrone": "mitoxantrone", "niacinamide": "nicotinamide",
    "nitroglycerine": "nitroglycerin", "noradrenaline": "norepinephrine", "norethisterone": "norethindrone",
    "orciprenaline": "metaproterenol", "oxybuprocaine": "benoxinate", "oxodotreotide": "dotatate",
    "paracetamol": "acetaminophen",
    "pethidine": "meperidine", "phytomenadione": "phytonadione", "rifampicin": "rifampin", "salbutamol": "albuterol",
    "simethicone": "simeticone", "suxamethonium": "succinylcholine", "tetracosactide": "cosyntropin",
    "thiamin": "thiamine", "thiopentone": "thiopental", "thyroxine": "levothyroxine", "ldopa": "levodopa",
    "torasemide": "torsemide",
    "trinitroglycerin": "nitroglycerin", "ursodeoxycholate": "ursodiol", "valacyclovir": "valaciclovir",
}  # fmt: skip
"""One word -> the word that it is read as."""
