"""What stands in for a retired concept: the rows of the replacements call, and the chains they form.

Origin of the rules: the service's own algorithm, described in nci-evs-api.md section 4. A row `active` is made up by
the service where its history file has no retirement, whatever the concept's state: it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

from pydantic import ConfigDict, StringConstraints, TypeAdapter
from pydantic.alias_generators import to_camel

from trialweave.core.concept import Concept, Replacement
from trialweave.core.identifiers import CONCEPT_CODE
from trialweave.errors import PayloadError
from trialweave.sources.base import Held, KnownAbsent, Lookup
from trialweave.sources.ncit_payload import parse_concept
from trialweave.sources.payload import Part, validated

SUFFIX = ".replacements"
"""Ends the id under which the replacement rows of a code are asked for, kept and replayed."""

MAX_HOPS = 10

_T = TypeVar("_T")

Read = Callable[[Sequence[str]], Mapping[str, Lookup]]
_Code = Annotated[str, StringConstraints(pattern=rf"^{CONCEPT_CODE.pattern}$")]


@dataclass(frozen=True, slots=True)
class ReplacementRow:
    """One row: `code` was retired, merged or split (`action`) into `replacement_code`, or into nothing."""

    code: str
    action: str
    replacement_code: str | None
    replacement_name: str | None


class RowPart(Part):
    """What is read of a row."""

    model_config = ConfigDict(alias_generator=to_camel)

    code: _Code
    action: str | None = None
    replacement_code: _Code | None = None
    replacement_name: str | None = None


_ROWS = TypeAdapter(list[RowPart])


def parse_replacements(body: bytes) -> tuple[ReplacementRow, ...]:
    """Read the rows of one or several codes, each row once. Raises PayloadError for a body that is no such list."""
    rows = validated(_ROWS, body, "a list of NCI Thesaurus replacements")
    return tuple(
        dict.fromkeys(
            ReplacementRow(row.code, row.action or "", row.replacement_code, row.replacement_name) for row in rows
        )
    )


def with_replacements(concept: Concept, read: Read) -> Concept:
    """The concept with what replaces it."""
    return replace(concept, replacements=resolve_replacements(concept.code, read))


def resolve_replacements(code: str, read: Read) -> tuple[Replacement, ...] | None:
    """Follow the chains from a retired code to the concepts that stand in for it now, nearest first.

    | the rows of `code`                                | answer                          |
    |---------------------------------------------------|---------------------------------|
    | were never asked for or recorded                  | None                            |
    | all say `active` (the history knows no retirement)| None                            |
    | name no replacement                               | ()                              |
    | name one that is not held                         | it, `active` None               |
    | name one that the release does not have           | it, `active` False              |
    | name one that is in use                           | it, `active` True               |
    | name one that is retired, and so on               | what its own rows lead to       |
    | name one that is retired, its rows say nothing    | it, `active` False              |

    A chain that comes back to a code it has seen, or that ends in a retirement without successor, leads nowhere.
    After ten steps the concept reached is given as it is.
    """
    rows = _rows_of(code, read([code + SUFFIX]))
    if rows is None:
        return None
    found: dict[str, Replacement] = {}
    seen = {code}
    steps = _steps(rows, seen)
    for hops in range(1, MAX_HOPS + 1):
        if not steps:
            break
        held = read([id_ for step in steps for id_ in (step.code, step.code + SUFFIX)])
        following: list[_Step] = []
        for step in steps:
            concept = _concept_of(step.code, held)
            onward = _rows_of(step.code, held) if concept is not None and concept.retired else None
            if onward is not None and hops < MAX_HOPS:
                following += _steps(onward, seen)
                continue
            name = step.name or (concept.name if concept else None)
            gone = isinstance(held.get(step.code), KnownAbsent)
            active = not concept.retired if concept else False if gone else None
            found[step.code] = Replacement(step.code, name, step.action, active, hops)
        steps = following
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Step:
    code: str
    name: str | None
    action: str


def _steps(rows: Sequence[ReplacementRow], seen: set[str]) -> list[_Step]:
    """The steps that these rows make to codes not seen before, which are seen from now on."""
    steps: dict[str, _Step] = {}
    for row in rows:
        code = row.replacement_code
        if code is None or code in seen:
            continue
        if code not in steps or steps[code].name is None:
            steps[code] = _Step(code, row.replacement_name, row.action)
    seen.update(steps)
    return list(steps.values())


def _rows_of(code: str, held: Mapping[str, Lookup]) -> list[ReplacementRow] | None:
    """The rows about this code; None where they are not held, cannot be read, or say nothing.

    The history of a survivor may hold rows of the concepts that were merged into it.
    """
    rows = _parsed(parse_replacements, held.get(code + SUFFIX))
    if rows is None:
        return None
    own = [row for row in rows if row.code == code]
    telling = [row for row in own if row.action != "active"]
    return None if own and not telling else telling


def _concept_of(code: str, held: Mapping[str, Lookup]) -> Concept | None:
    return _parsed(parse_concept, held.get(code))


def _parsed(parse: Callable[[bytes], _T], lookup: Lookup | None) -> _T | None:
    """A body that cannot be read tells as much as one that is not held: the answer says that its state is unknown."""
    if not isinstance(lookup, Held):
        return None
    try:
        return parse(lookup.snapshot.body)
    except PayloadError:
        return None
