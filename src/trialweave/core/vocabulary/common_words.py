"""The words that descriptions of drugs are made of: what a word that was cut off in the middle would have been.

Origin: the 420 commonest words of five letters and more in 2,332 NCIt definitions and in the intervention
descriptions of 239 registry studies, and common short words, so that these are not taken for the beginnings of
longer ones.
"""

from __future__ import annotations

from trialweave.core.vocabulary.tables import listed

COMMON_WORDS = listed("""
    action activate activated activates activating activation active activities activity addition adenovirus
    adhesion administered administration affinity after against agent agents agonist allogeneic allows alpha amino
    analogue angiogenesis antagonist antibiotic antibodies antibody antigen antigens antineoplastic antioxidant
    antitumor apoptosis apoptotic appears arrest assembly associated autologous available bacterial based belonging
    between binding binds bioavailable bispecific blocking blocks blood brain breaks breast cancer cancers cause
    causes cells cellular central certain chain checkpoint chemotherapy chimeric class cleavage clinical closed
    cluster combination compared complex composed compound comprised conjugate conjugated consisting containing
    contains converted costimulatory coupled covalently cross cycle cytokine cytokines cytotoxic cytotoxicity daily
    damage death decrease decreased decreases degradation dendritic dependent derivative derived development
    differentiation directed disease disruption disrupts division domain domains downstream during effect effector
    effects elucidated encoding endogenous endothelial engineered enhance enhanced enhances enzyme epidermal
    epithelial epitope epitopes essential evasion exact exert exerts expanded expansion express expressed expressing
    expression extracellular factor factors family formation forms formulation found fragment frequently fully
    function functions further fused fusion gamma gastrointestinal generation genes genetically glycoprotein group
    growth healthy hematopoietic highly human humanized hydrochloride immune immunity immunoglobulin
    immunomodulating immunostimulating immunostimulatory immunosuppressive important improve including increase
    increased increases increasing induce induced induces inducible inducing induction inflammation inflammatory
    infusion inhibit inhibiting inhibition inhibitor inhibitory inhibits injection interaction interferon
    interleukin internalization intracellular intravenous invasion involved isolated killer killing kinase kinases
    known leading leads lentiviral leukemia leukocyte levels ligand ligands lineage linked linker lymphocyte
    lymphocytes lymphoma lysis macrophage macrophages major malignancies malignant maturation mechanism mediated
    melanoma member membrane metastasis microenvironment microtubule migration modified moiety molecule molecules
    monoclonal mount multiple murine muscle mutant mutated mutation mutations myeloid natural naturally necrosis
    negative negatively nervous normal number often orally other overexpress overexpressed overexpressing oxygen
    pathway pathways patient patients peptide peptides peripheral phase phosphorylation plasma plays polymerization
    positive potent potential potentially preparation present presenting prevent preventing prevents prodrug
    produced production professional prognosis programmed progression proliferation promote promotes promoting
    properties proprietary prostate protein proteins pulsed radiation reactive receptor receptors recognition
    recognize recombinant reduce reduces reduction regulates regulation regulatory reintroduction related release
    released repair replication resistance response responses restricted result resulting results retroviral roles
    second secretion selective selectively serine shown signal signaling single sites small sodium solid specific
    specifically stimulate stimulates stimulating stimulation stimulatory strand subsequent subsequently subunit
    superfamily suppresses suppression suppressor surface surfaces survival synthesis synthetic system target
    targeted targeting targets their therapeutic therapy thereby these threonine through tissue tissues toxicity
    transcription transduced transduction transmembrane treatment trials tubulin tumor tumors types tyrosine
    undisclosed upregulated uptake using vaccine variable variety various vascular vector viral virus water where
    which while within
    """)
"""Lower-case words; a beginning of one of them that is no word itself was cut off."""

SHORT_WORDS = listed("""
    about above acute adult after again agent alone also and any are arm arms bid body both can car cell cells cm
    cycle cycles day days dose doses due each end every five for four from gene given group had has have her high
    hour hours how human into its kg kit last level like low mab may met mg min ml more mouth new next nine not off
    once one only oral orally other out over per phase pill plus post pre prior pro rate rest same set she side site
    six skin some such ten than that the them then they this three time times trial twice two use used via was week
    weeks were when with year years zero app
    """)
"""Words that end a text well although longer words begin with them."""

ENDINGS = listed("""
    s es d ed r er ers rs or ors y ly al ally ing ion ions ive ity ic ical able ment ments e n ns ness ance ence ant ent
    ary ation ations ated ates ating ional atory tion like al
    """)
"""What a whole word takes on: `inhibit` is whole although `inhibitor` is commoner."""

DANGLING = listed("""
    the a an of to and or with by for in on at from into that which who whose via per as than is are was were be been
    their its his her this these those including against towards toward between during
    """)
"""Words with which no text ends."""
