"""What befell a record while one of its sources could not be asked: kept until it can be, so that no outage is news.

Without it, all that shows on the night when the source answers again would look like a change of the source. It is
kept for each link without an answer, from run to run, as the file `pending.jsonl` of a run's folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, assert_never

from trialweave.core.models import SOURCES, Source
from trialweave.core.text import spelling
from trialweave.core.traces import Answer, ConceptFacts, Facts, Named, StudyFacts

_MARKS = ("added", "moved", "rules", "settings", "beside")


class Pending(NamedTuple):
    """Of one link: the record was added, its id was edited, these cells were (pointers), or the run stood on other
    rules or settings than the one before it. `beside`: what the record's other link leads to changed.

    `last` is what the source answered last under this id, None where it never did: what the source itself changed
    behind its silence.
    """

    added: bool = False
    moved: bool = False
    edited: frozenset[str] = frozenset()
    rules: bool = False
    settings: bool = False
    beside: bool = False
    last: Answer | None = None

    def joined(self, later: Pending) -> Pending:
        """What befell the record before, and what did later."""
        return Pending(
            self.added or later.added,
            self.moved or later.moved,
            self.edited | later.edited,
            self.rules or later.rules,
            self.settings or later.settings,
            self.beside or later.beside,
            None if later.moved else self.last or later.last,
        )


NOTHING = Pending()
Links = Mapping[Source, Pending]
"""What is pending for the links of one record; links that wait for nothing are left out."""


_Answers = dict[tuple[str, str | None, str | None], Answer]
"""By outcome, id and digest."""


def as_line(record_id: str, links: Links) -> dict[str, Any]:
    """One object of `pending.jsonl`."""
    return {"record_id": record_id, **{source: _as_dict(pending) for source, pending in links.items()}}


def of_lines(lines: Iterable[Mapping[str, Any]]) -> dict[str, Links]:
    """What is pending by record_id. Answers are shared: that of a study behind ten thousand records is kept once."""
    known: _Answers = {}
    return {
        str(line["record_id"]): {source: _of_dict(line[source], known) for source in SOURCES if source in line}
        for line in lines
    }


def _as_dict(pending: Pending) -> dict[str, Any]:
    marks = {name: True for name in _MARKS if getattr(pending, name)}
    edited = {"edited": sorted(pending.edited)} if pending.edited else {}
    return {**marks, **edited, **({} if pending.last is None else {"last": _answer_as_dict(pending.last)})}


def _of_dict(value: Mapping[str, Any], known: _Answers) -> Pending:
    marks = {name: bool(value.get(name)) for name in _MARKS}
    edited, last = frozenset(value.get("edited", ())), value.get("last")
    return Pending(**marks, edited=edited, last=None if last is None else _answer_of_dict(last, known))


def _answer_as_dict(answer: Answer) -> dict[str, Any]:
    facts = answer.facts
    shown: dict[str, Any] | None
    match facts:
        case None:
            shown = None
        case StudyFacts():
            interventions = [
                {"type": given.type, "name": given.name, "others": sorted(given.others)}
                for given in facts.interventions
            ]
            shown = {"digest": facts.digest.hex(), "status": facts.status, "interventions": interventions}
        case ConceptFacts():
            shown = {
                "digest": facts.digest.hex(),
                "name": facts.name,
                "retired": facts.retired,
                "definition": facts.definition,
                "replacements": [list(given) for given in facts.replacements],
            }
        case _:
            assert_never(facts)
    return {"outcome": answer.outcome, "id": answer.id, "facts": shown}


def _answer_of_dict(value: Mapping[str, Any], known: _Answers) -> Answer:
    shown = value["facts"]
    key = (value["outcome"], value["id"], None if shown is None else shown["digest"])
    answer = known.get(key)
    if answer is None:
        answer = known[key] = Answer(key[0], key[1], None if shown is None else _facts_of_dict(shown))
    return answer


def _facts_of_dict(shown: Mapping[str, Any]) -> Facts:
    digest = bytes.fromhex(shown["digest"])
    if "interventions" in shown:
        interventions = (
            Named(given["type"], given["name"], spelling(given["name"]), frozenset(given["others"]))
            for given in shown["interventions"]
        )
        return StudyFacts(digest, shown["status"], tuple(interventions))
    replacements = tuple((code, name) for code, name in shown["replacements"])
    return ConceptFacts(digest, shown["name"], shown["retired"], shown["definition"], replacements)
