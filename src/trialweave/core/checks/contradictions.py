"""The record against its own description: route, origin, target."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Text
from trialweave.core.naming import features
from trialweave.core.routes import field_routes, region, routes_in
from trialweave.core.targets import disjoint, named_targets, targets_in

DESCRIPTION = "drug_description"
ROUTE = "drug_delivery_route"


def check(case: Case) -> Iterator[Finding]:
    """Findings where a field contradicts the record's own description.

    | field                        | description                        | finding                   |
    |------------------------------|------------------------------------|---------------------------|
    | a route                      | names one route only, another      | record_contradicts_itself |
    | a route                      | names several, or none             | none                      |
    | autologous in name or type   | says allogeneic and not autologous | record_contradicts_itself |
    | aimed at a target            | aimed at another, neither names the other's | record_contradicts_itself |
    """
    description = case.record.get(DESCRIPTION)
    if description is None:
        return
    yield from _route(case, description)
    yield from _origin(case, description)
    yield from _target(case, description)


def _route(case: Case, description: Text) -> Iterator[Finding]:
    given = case.record.get(ROUTE)
    stored = field_routes(given.text) if given is not None else ()
    if given is None or not stored:
        return
    own = frozenset(token for item in case.names.names for token in item.name.tokens)
    described = {region(mention.route): mention for mention in reversed(routes_in(description.text, own))}
    if len(described) == 1 and not described.keys() & {region(route) for route in stored}:
        (mention,) = described.values()
        yield _finding(ROUTE, given, given.text, description, mention.words, mention.clause)


def _origin(case: Case, description: Text) -> Iterator[Finding]:
    for field in ("drug_name", "intervention_type", "drug_category"):
        given = case.record.get(field)
        said = features(given.text).origins if given is not None else frozenset()
        if given is None or len(said) != 1:
            continue
        told = features(description.text).origins
        if len(told) == 1 and said != told:
            yield _finding(field, given, given.text, description, min(told), None)
        return


def _target(case: Case, description: Text) -> Iterator[Finding]:
    for field in ("drug_name", "drug_mechanism_of_action", "intervention_type"):
        given = case.record.get(field)
        if given is None:
            continue
        said = named_targets(given.text) if field == "drug_name" else targets_in(given.text)
        if not said.aimed:
            continue
        told = targets_in(description.text)
        if disjoint([said], [told]):
            ours, theirs = next(iter(said.aimed.values())), next(iter(told.aimed.values()))
            yield _finding(field, given, ours, description, theirs, None)
            return


def _finding(field: str, given: Text, value: str, description: Text, words: str, clause: str | None) -> Finding:
    where = f" in {clause!r}" if clause else ""
    return Finding(
        "record_contradicts_itself",
        field,
        f"{field} says {value!r}; {DESCRIPTION} says {words!r}{where}.",
        (Claim("record", given.path, value), Claim("record", description.path, words)),
    )
