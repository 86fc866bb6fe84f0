"""The edge between the record and its study: is this drug given there, and is it given as the record says?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Role, Severity, Text, Unavailable
from trialweave.core.naming import NameVerdict
from trialweave.core.naming.codes import end_codes
from trialweave.core.naming.verdict import AMBIGUOUS, UNSHARED, UNTOLD
from trialweave.core.study import Study
from trialweave.core.triangle import plainly_another
from trialweave.core.views import StudyView

STUDY = "nct_id_drug_ref"
WEAK_COVERAGE = 0.6
"""Share of a name's words that a study has to hold before an unmatched name is a warning instead of an error.

Measured on 190 true links: 3.7 % are unmatched with at least this share, 1.6 % with less (conflicts.md, E2).
"""

_ROLES: Mapping[Role, tuple[str, str]] = {
    "placebo_only": ("drug_only_in_placebo", "only as what a placebo imitates"),
    "eligibility_only": ("drug_only_in_eligibility", "only in its eligibility criteria"),
    "active_comparator": ("drug_only_as_comparator", "only in arms that others are compared with"),
}
"""Role -> kind, and how the message says it."""


def check(case: Case) -> Iterator[Finding]:
    """Findings of the record-study edge; only of its mismatch while the concept, which knows more names, has no answer.

    | drug's role       | record-study | record-concept | finding                                            |
    |-------------------|--------------|----------------|----------------------------------------------------|
    | any               | mismatch     | mismatch, and the study matches the concept | none: see study_concept |
    | placebo_only      | any          | any            | drug_only_in_placebo                               |
    | eligibility_only  | any          | any            | drug_only_in_eligibility                           |
    | active_comparator | match        | any            | drug_only_as_comparator                            |
    | any other         | match        | any            | none                                               |
    | any other         | unverifiable | any            | study_drug_unverifiable, if the record is specific |
    | any other         | unverifiable: nothing listed, nothing told | any | study_drug_not_mentioned, warning |
    | any other         | unverifiable, nowhere: short for the concept, which the study does not name | any | the same |
    | any other         | mismatch     | any other      | study_drug_not_mentioned                           |

    The last is a warning where the study has most of the name's words, or gives something under a sponsor's code that
    nobody at hand owns, and the drug is known by one name alone: the sources take up names at different times. So it is
    where no concept tells whether the name is a brand or a code of what the study gives (`plainly_another`). A study
    that lists nothing proves nothing (what a payload lacks is unknown), but one that is not about drugs at all, by its
    title and summary, is worth a look.
    """
    edge = case.triangle.record_study
    name = case.record.get("drug_name") or case.record.get("nci_thesaurus_preferred_term")
    if edge is None or case.study is None or name is None:
        return
    if isinstance(case.concept_outcome, Unavailable) and edge.verdict != "mismatch":
        return
    if case.triangle.record_is_odd and not case.concept_link_broken:
        return
    study = case.study.study
    record_claim = Claim("record", name.path, name.text)
    study_claim = Claim("ctgov", "/protocolSection/identificationModule/nctId", study.nct_id)
    if case.drug is not None and case.drug.role in _ROLES:
        kind, sentence = _ROLES[case.drug.role]
        where = ", ".join(case.drug.where)
        message = f"{study.nct_id} names {name.text!r} {sentence} ({where})."
        yield Finding(kind, STUDY, message, (record_claim, study_claim))
        return
    if edge.because == UNTOLD:
        yield Finding(
            "study_drug_not_mentioned",
            STUDY,
            f"{study.nct_id} is observational and lists no intervention; neither title nor summary speaks of"
            f" {name.text!r} or of anything that it could be. {given(study)}.",
            (record_claim, study_claim),
            severity="warning",
        )
    elif _is_short_for_an_absent_drug(case, edge):
        yield Finding(
            "study_drug_not_mentioned",
            STUDY,
            f"{study.nct_id} names neither {name.text!r} nor any other name of the concept. {given(study)}.",
            (record_claim, study_claim),
            severity="warning",
        )
    elif edge.verdict == "unverifiable" and case.names.specific:
        yield Finding(
            "study_drug_unverifiable",
            STUDY,
            f"{study.nct_id} does not name a product that {name.text!r} could be compared with"
            f" ({edge.because}): {given(study)}.",
            (record_claim, study_claim),
        )
    if edge.verdict == "mismatch":
        coded = _riddle(case, edge)
        untold = _may_be_another_name(case, case.study, edge)
        severity: Severity = "warning" if untold or coded or edge.coverage >= WEAK_COVERAGE else "error"
        could_be = f", and {coded.text!r} ({coded.path}) may be its code" if coded is not None else ""
        unknown = " No concept tells what else it is called." if untold else ""
        yield Finding(
            "study_drug_not_mentioned",
            STUDY,
            f"{study.nct_id} names {name.text!r} nowhere, neither in its interventions and arms nor in its titles"
            f" and summaries{could_be}. {given(study)}.{unknown}",
            (record_claim, study_claim),
            severity=severity,
        )


def _is_short_for_an_absent_drug(case: Case, edge: NameVerdict) -> bool:
    """Is the name an abbreviation that the concept bears, and does the study have neither it nor the concept?

    By itself `SZC` proves nothing; the concept tells what it stands for.
    """
    known = case.triangle.record_concept
    if edge.because != AMBIGUOUS or known is None or known.because != AMBIGUOUS or case.study is None:
        return False
    if not case.triangle.mismatch(case.triangle.study_concept):
        return False
    vocabulary = case.study.mentions.vocabulary
    return all(vocabulary.isdisjoint(item.name.tokens) for item in case.names.names)


def _may_be_another_name(case: Case, study: StudyView, edge: NameVerdict) -> bool:
    """Could the name be a brand or a code of what the study gives? No concept at hand tells."""
    return case.concept is None and edge.because == UNSHARED and not plainly_another(case.names, study.mentions)


def _riddle(case: Case, edge: NameVerdict) -> Text | None:
    """A product that the study gives under a code alone, which no known concept owns."""
    if edge.because != "the study names a code only":
        return None
    return next(
        (text for text in edge.near if not any(map(case.index.owners, (text.text, *end_codes(text.text))))), None
    )


def given(study: Study) -> str:
    """What the study gives instead, in a few words."""
    names = [i.name for i in study.interventions] or [a.label for a in study.arms]
    if not names:
        return f"It is titled {study.brief_title.text!r}" if study.brief_title else "It lists no intervention"
    shown = ", ".join(repr(name) for name in names[:4])
    return f"It gives {shown}" + (f" and {len(names) - 4} more" if len(names) > 4 else "")
