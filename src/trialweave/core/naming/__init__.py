"""Does this name denote that drug? Name parts, the ladder, its guards, the tier (DESIGN section 6)."""

from trialweave.core.naming.compare import compare_record_concept, compare_record_study, compare_study_concept
from trialweave.core.naming.features import Features, contradiction, different_families, features, opening_features
from trialweave.core.naming.hits import Hit, hits
from trialweave.core.naming.names import is_generic
from trialweave.core.naming.parts import name_parts
from trialweave.core.naming.stream import Place
from trialweave.core.naming.study_view import StudyMentions, is_placebo, study_mentions
from trialweave.core.naming.verdict import NameVerdict
from trialweave.core.naming.views import ConceptNames, RecordNames, concept_names, record_names

__all__ = [
    "ConceptNames",
    "Features",
    "Hit",
    "NameVerdict",
    "Place",
    "RecordNames",
    "StudyMentions",
    "compare_record_concept",
    "compare_record_study",
    "compare_study_concept",
    "concept_names",
    "contradiction",
    "different_families",
    "features",
    "hits",
    "is_generic",
    "is_placebo",
    "name_parts",
    "opening_features",
    "record_names",
    "study_mentions",
]
