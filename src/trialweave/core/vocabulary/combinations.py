"""Drugs that are written in two or three letters where they are parts of a combination.

Origin: the abbreviations of the DHHS guidelines for antiretroviral agents and of the AASLD-IDSA guidance on
hepatitis C; of WHO's guidelines on tuberculosis; of labels of combined antihypertensives.
"""

from __future__ import annotations

ABBREVIATED: dict[str, tuple[str, ...]] = {
    "3tc": ("lamivudine",), "abc": ("abacavir",), "azt": ("zidovudine",), "zdv": ("zidovudine",),
    "ftc": ("emtricitabine",), "tdf": ("tenofovir",), "taf": ("tenofovir", "alafenamide"), "d4t": ("stavudine",),
    "ddi": ("didanosine",), "efv": ("efavirenz",), "nvp": ("nevirapine",), "etr": ("etravirine",),
    "rpv": ("rilpivirine",), "dor": ("doravirine",), "dtg": ("dolutegravir",), "bic": ("bictegravir",),
    "ral": ("raltegravir",), "evg": ("elvitegravir",), "cab": ("cabotegravir",), "drv": ("darunavir",),
    "atv": ("atazanavir",), "lpv": ("lopinavir",), "fpv": ("fosamprenavir",), "rtv": ("ritonavir",),
    "cobi": ("cobicistat",), "isl": ("islatravir",), "len": ("lenacapavir",), "mvc": ("maraviroc",),
    "sof": ("sofosbuvir",), "vel": ("velpatasvir",), "ldv": ("ledipasvir",), "vox": ("voxilaprevir",),
    "dcv": ("daclatasvir",), "ebr": ("elbasvir",), "gzr": ("grazoprevir",), "gle": ("glecaprevir",),
    "pib": ("pibrentasvir",),
    "hctz": ("hydrochlorothiazide",), "tmp": ("trimethoprim",), "smx": ("sulfamethoxazole",),
    "inh": ("isoniazid",), "pza": ("pyrazinamide",), "emb": ("ethambutol",), "rpt": ("rifapentine",),
}  # fmt: skip
"""Canonical token -> the tokens of the drug."""

INITIALS: dict[str, tuple[str, ...]] = {
    "r": ("ritonavir",), "c": ("cobicistat",), "f": ("emtricitabine",), "b": ("bictegravir",),
    "e": ("elvitegravir",), "d": ("darunavir",),
}  # fmt: skip
"""Single letters beside one of those: `F/TAF`, `LPV/r`."""
