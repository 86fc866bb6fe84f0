"""trialweave: drug records laid beside their ClinicalTrials.gov studies and NCI Thesaurus concepts."""

__version__ = "0.1.0"
