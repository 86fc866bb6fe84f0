"""Records, studies and concepts for tests, woven through the real merge."""

from __future__ import annotations

from trialweave.core.concept import Concept, Definition, Synonym
from trialweave.core.findings import Policy
from trialweave.core.merge import merge
from trialweave.core.models import Conflict, Found, NotGiven, Origin, Outcome, Text
from trialweave.core.name_index import NOBODY, NameIndex
from trialweave.core.output import Enriched
from trialweave.core.record import build_record
from trialweave.core.study import Arm, Intervention, Study
from trialweave.core.views import ConceptView, StudyView

NCT, CODE = "NCT06254807", "C205637"
NO_CHANGE = Policy()


def woven(
    row: dict[str, str],
    study: Study | None = None,
    concept: Concept | None = None,
    index: NameIndex = NOBODY,
    asked: str | None = None,
    policy: Policy = NO_CHANGE,
) -> Enriched:
    """The row merged with what it links to; the ids are filled in. `asked` is an alias that the study answers to."""
    given = dict(row)
    if study is not None:
        given.setdefault("nct_id_drug_ref", study.nct_id)
    if concept is not None:
        given.setdefault("nci_thesaurus_concept_id", concept.code)
    return merge(
        build_record(given, Origin("test", 1)),
        _found(study.nct_id, asked) if study else NotGiven(),
        _found(concept.code) if concept else NotGiven(),
        StudyView(study) if study else None,
        ConceptView(concept) if concept else None,
        policy,
        index,
    )


def conflicts(row: dict[str, str], study: Study | None = None, concept: Concept | None = None) -> dict[str, Conflict]:
    """The conflicts by kind, without the blank links of the example."""
    found = {conflict.kind: conflict for conflict in woven(row, study, concept).conflicts}
    found.pop("link_missing", None)
    return found


def study_of(*interventions: Intervention | str, nct_id: str = NCT, **facts: object) -> Study:
    """A study with these interventions, given by name alone or in full."""
    items = [Intervention("DRUG", item, (), None, (), "") if isinstance(item, str) else item for item in interventions]
    base = "/protocolSection/armsInterventionsModule/interventions"
    placed = tuple(
        Intervention(
            i.type,
            i.name,
            tuple(Text(o.text, f"{base}/{n}/otherNames/{m}") for m, o in enumerate(i.other_names)),
            None if i.description is None else Text(i.description.text, f"{base}/{n}/description"),
            i.arms,
            f"{base}/{n}",
        )
        for n, i in enumerate(items)
    )
    return Study(nct_id, interventions=placed, **facts)  # type: ignore[arg-type]


def given(
    name: str,
    description: str | None = None,
    *,
    kind: str = "DRUG",
    other: tuple[str, ...] = (),
    arms: tuple[str, ...] = (),
) -> Intervention:
    """An intervention."""
    texts = tuple(Text(o, "") for o in other)
    return Intervention(kind, name, texts, None if description is None else Text(description, ""), arms, "")


def arm(label: str, description: str | None = None, kind: str | None = "EXPERIMENTAL", at: int = 0) -> Arm:
    """An arm group."""
    path = f"/protocolSection/armsInterventionsModule/armGroups/{at}"
    return Arm(label, kind, (), None if description is None else Text(description, f"{path}/description"), path)


def concept_of(name: str, *synonyms: str, definition: str | None = None, code: str = CODE, **facts: object) -> Concept:
    """A concept with these synonyms; `SN|name` gives a term type."""
    rows = []
    for at, text in enumerate(synonyms):
        kind, _, plain = text.rpartition("|")
        rows.append(Synonym(plain, kind or "SY", "NCI", "FULL_SYN", f"/synonyms/{at}/name"))
    told: dict[str, object] = {"is_drug": "yes", "status": "DEFAULT", "active": True, **facts}
    text = None if definition is None else Definition(definition, "NCI", "/definitions/0/definition")
    return Concept(code, name, synonyms=tuple(rows), definition=text, **told)  # type: ignore[arg-type]


def _found(id_: str, asked: str | None = None) -> Outcome:
    return Found(asked or id_, id_, "alias" if asked else "same", "v", "2026-11-23T08:00:00Z")
