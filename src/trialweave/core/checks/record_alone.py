"""What can be seen in the record alone, or in its name with the help of those who own its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from trialweave.core.broken_text import breaks_off
from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Text
from trialweave.core.name_index import Owner
from trialweave.core.naming.names import read_name
from trialweave.core.naming.parts import name_parts
from trialweave.core.naming.tokens import same_but_for_salts
from trialweave.core.stems import different_substances, stems_of
from trialweave.core.text import half_width, squash

_LONG_TEXTS = ("drug_description", "drug_mechanism_of_action", "nci_thesaurus_definition")
_BRACKET = re.compile(r"^(?P<before>[^()\[\]]+)[(\[](?P<inside>[^()\[\]]+)[)\]]\s*$")

_OF_A_PARTNER = re.compile(
    r"\s*(?:with|plus|and|or|vs\.?|versus|then|after|before|followed by|following|in combination|combined|added to"
    r"|on top|control|comparator|partner|background)\b",
    re.IGNORECASE,
)
"""How a bracket begins that tells what a drug is given with or beside."""


def check(case: Case) -> Iterator[Finding]:
    """Findings of the record by itself."""
    name = case.record.get("drug_name")
    if name is not None:
        if case.names.names and all(item.name.generic for item in case.names.names):
            yield Finding(
                "record_name_generic",
                "drug_name",
                f"{name.text!r} is made of class words only: no product can be confirmed by it.",
                (Claim("record", name.path, name.text),),
            )
        yield from _parts(case, name)
    for field in _LONG_TEXTS:
        yield from _broken(case, field)


def _broken(case: Case, field: str) -> Iterator[Finding]:
    """A text that breaks off. The stored definition is left to `definitions` where there is a current one."""
    given = case.record.get(field)
    current = case.concept.concept.definition if case.concept is not None else None
    if given is None or (field == "nci_thesaurus_definition" and current is not None):
        return
    why = breaks_off(given.text)
    if why is not None:
        end = " ".join(given.text.split()[-6:])
        message = f"{field} breaks off after {end!r}: {why}."
        yield Finding("record_truncated", field, message, (Claim("record", given.path, end),))


def _parts(case: Case, name: Text) -> Iterator[Finding]:
    """The name before a bracket and the names inside it that belong to different drugs.

    | before the bracket | inside it                                         | finding             |
    |--------------------|---------------------------------------------------|---------------------|
    | the concept's      | the concept's                                     | none                |
    | a known drug's     | another known drug's, and not the first one's     | name_parts_disagree |
    | the concept's      | nonproprietary, of another stem, not its own      | name_parts_disagree |
    | an intervention's  | another intervention's of the same study          | name_parts_disagree |
    | a known drug's     | a salt's of it, or the base's                     | none                |
    | known              | an unknown code or brand                          | none                |
    | any                | `with binimetinib`: what it is given with         | none                |
    | a combination      | its drugs, or several drugs that it is given with | none                |
    | class words        | anything                                          | none                |
    """
    bracket = _BRACKET.match(half_width(name.text))
    if bracket is None or _OF_A_PARTNER.match(bracket["inside"]):
        return
    before = bracket["before"].strip()
    inside = [part for part in name_parts(bracket["inside"]) if squash(part) != squash(before)]
    if _are_components(case, before, inside):
        return
    for part in inside:
        if read_name(before).specific and read_name(part).specific and (why := _disagree(case, before, part)):
            message = f"In {name.text!r}, {before!r} and {part!r} are two drugs: {why}."
            yield Finding("name_parts_disagree", "drug_name", message, (Claim("record", name.path, name.text),))
            return


def _are_components(case: Case, before: str, inside: Sequence[str]) -> bool:
    """Does a bracket list several drugs, none of them the one before it: `R-CHOP (rituximab, vincristine)`?

    Known drugs that differ among themselves are listed, and so are those that the combination's name is made of.
    """
    single = [part for part in inside if len(name_parts(part)) == 1]
    owned = [owners for part in single if (owners := case.index.owners(part))]
    ours = case.index.owners(before)
    if len(single) < 2 or not owned or any(_share_a_drug(ours, owners) for owners in owned):
        return False
    names = case.concept.names if case.concept is not None else None
    if names is not None and any(read_name(part).key in names.by_key for part in single):
        return False
    if any(not _share_a_drug(one, other) for one, other in combinations(owned, 2)):
        return True
    return names is not None and any(
        all(_is_in(case, part, frozenset(item.name.tokens)) for part in single) for item in names.specific
    )


def _is_in(case: Case, part: str, whole: frozenset[str]) -> bool:
    """Does the name of a combination have this drug in it, as it is spelled or under its owner's name: `5-FU`?"""
    spelled = (part, *(owner.name for owner in case.index.owners(part)))
    return any(frozenset(read_name(name).tokens) < whole for name in spelled)


def _share_a_drug(some: Sequence[Owner], others: Sequence[Owner]) -> bool:
    """One concept in both, or a salt and its base."""
    return any(one.code == other.code or same_but_for_salts(one.name, other.name) for one in some for other in others)


def _disagree(case: Case, before: str, part: str) -> str | None:
    names = case.concept.names if case.concept is not None and not case.concept_link_broken else None
    owned = [names is not None and read_name(text).key in names.by_key for text in (before, part)]
    if all(owned):
        return None
    ours, theirs = case.index.owners(before), case.index.owners(part)
    if ours and theirs and not _share_a_drug(ours, theirs):
        return f"the one is {ours[0].code} {ours[0].name!r}, the other {theirs[0].code} {theirs[0].name!r}"
    if any(owned) and names is not None:
        foreign = part if owned[0] else before
        known = [item.name.text for item in names.names]
        stems = different_substances([foreign], known)
        if stems is not None and len(stems_of(foreign)) == 1:
            return f"{foreign!r} is no name of {names.code} {known[0]!r}, and says {stems[0]}"
    listed = case.study.mentions.own_names if case.study is not None else {}
    one, other = listed.get(squash(before)), listed.get(squash(part))
    if one is not None and other is not None and one != other and case.study is not None:
        return f"{case.study.study.nct_id} gives them as two interventions"
    return None
