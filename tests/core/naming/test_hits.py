"""Looking at weaker places only where no stronger one names the drug changes neither its role nor its routes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from naming_builders import arm, concept, intervention, record, study

from trialweave.core.naming import ConceptNames, Hit, RecordNames, StudyMentions, hits
from trialweave.core.naming.guards import objection
from trialweave.core.roles import drug_in_study
from trialweave.core.study_routes import routes_of_drug

_PHRASES = st.sampled_from(
    [
        "venetoclax",
        "ABT-199",
        "ABT 199",
        "Venclexta (venetoclax)",
        "placebo matching venetoclax",
        "placebo",
        "navitoclax",
        "prior venetoclax",
        "unlike venetoclax.",
        "given orally",
        "100 mg IV",
        "and",
    ]
)
_TEXTS = st.lists(_PHRASES, min_size=1, max_size=4).map(" ".join)
_MAYBE = st.none() | _TEXTS
_KINDS = st.sampled_from(["EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", None])


@st.composite
def _studies(draw: st.DrawFn) -> StudyMentions:
    arms = [arm(draw(_TEXTS), draw(_MAYBE), draw(_KINDS)) for _ in range(draw(st.integers(0, 3)))]
    given_in = tuple(one.label for one in arms)
    given = [
        intervention(draw(_TEXTS), *draw(st.lists(_TEXTS, max_size=2)), description=draw(_MAYBE))._replace(arms=labels)
        for labels in draw(st.lists(st.sampled_from([given_in, given_in[:1], ()]), max_size=3))
    ]
    texts = {name: draw(_MAYBE) for name in ("title", "summary", "detailed", "eligibility")}
    return study(*given, arms=arms, **texts)


_SIDES = st.sampled_from(
    [
        (record("Venetoclax"),),
        (record("ABT-199 (Venetoclax)"),),
        (record("Venetoclax"), concept("Venetoclax", "ABT-199", "Venclexta")),
    ]
)


def _everywhere(names: RecordNames | ConceptNames, mentions: StudyMentions) -> list[Hit]:
    """All places that name the drug, one per text, in all texts of the study."""
    found: dict[tuple[str, bool], Hit] = {}
    for stream, placebo in (
        (mentions.listed, False),
        (mentions.prose, False),
        (mentions.asides, False),
        (mentions.placebo, True),
        (mentions.eligibility, False),
    ):
        for name in (item.name for item in names.specific):
            searched = [stream.find(form) for form in (name.key, *name.codes)]
            searched += [stream.find_tokens(tokens) for tokens in (name.tokens, name.core) if tokens]
            for span in dict.fromkeys(span for spans in searched for span in spans):
                met = stream.occurrence(span)
                if (against := objection(met, name)) in (None, "placebo"):
                    part, imitated = met.part, placebo or against == "placebo"
                    found.setdefault((part.path, imitated), Hit(part.place, part.path, met.text, part.owner, imitated))
    return list(found.values())


@given(sides=_SIDES, mentions=_studies())
def test_the_strongest_places_tell_what_all_places_tell(
    sides: tuple[RecordNames | ConceptNames, ...], mentions: StudyMentions
) -> None:
    everywhere = [hit for side in sides for hit in _everywhere(side, mentions)]
    decisive = hits(sides, mentions)
    routes = routes_of_drug(everywhere, mentions.study)
    assert routes_of_drug(decisive, mentions.study) == routes
    assert drug_in_study(decisive, mentions.study, routes) == drug_in_study(everywhere, mentions.study, routes)
    assert set(decisive) <= set(everywhere)


def test_each_kind_of_place_stands_behind_the_stronger_ones() -> None:
    given_in = [arm("Venetoclax arm"), arm("Placebo", "venetoclax placebo", kind="PLACEBO_COMPARATOR")]
    said = {"summary": "A study of venetoclax.", "eligibility": "No prior BCL2 inhibitor such as venetoclax."}
    imitated = intervention("Placebo for venetoclax")
    names = (record("venetoclax"),)

    def places(mentions: StudyMentions) -> set[tuple[str, bool]]:
        return {(hit.place, hit.placebo) for hit in hits(names, mentions)}

    both = study(intervention("Venetoclax"), imitated, arms=given_in, **said)
    assert places(both) == {("intervention", False), ("arm_label", False)}
    assert places(study(imitated, arms=given_in[1:], **said)) == {("summary", False)}
    said.pop("summary")
    assert places(study(imitated, arms=given_in[1:], **said)) == {("intervention", True), ("arm_description", True)}
    assert places(study(**said)) == {("eligibility", False)}
    assert places(study()) == set()
