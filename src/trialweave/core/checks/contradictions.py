"""The record against its own description: the drug itself, route, origin, target. Kinds of therapy: `modality`."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import DESCRIPTION, Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Text
from trialweave.core.naming import features
from trialweave.core.naming.features import told_origins
from trialweave.core.routes import RouteMention, field_routes, is_a_form_of, region, regions_possible
from trialweave.core.study_routes import routes_of_own
from trialweave.core.targets import disjoint, named_targets, told_targets

ROUTE = "drug_delivery_route"


def check(case: Case) -> Iterator[Finding]:
    """Findings where a field contradicts the record's own description.

    | field                        | description                        | finding                   |
    |------------------------------|------------------------------------|---------------------------|
    | a name that is the concept's | speaks of another drug as its own  | record_contradicts_itself |
    | a route                      | names one route only, another      | record_contradicts_itself |
    | a route                      | names several, or none             | none                      |
    | Inhalation                   | `capsules`: may be inhaled         | none                      |
    | autologous in name or type   | says allogeneic and not autologous | record_contradicts_itself |
    | aimed at a target            | aimed at another, neither names the other's | record_contradicts_itself |

    What a text about another drug says besides has the one root.
    """
    other, name = case.other_drug, case.record.get("drug_name")
    if other is not None and name is not None:
        yield Finding(
            "record_contradicts_itself",
            other.field,
            f"{other.field} speaks of {other.name!r}, and nowhere of {name.text!r}.",
            (Claim("record", other.text.path, other.name), Claim("record", name.path, name.text)),
        )
        return
    description = case.record.get(DESCRIPTION)
    if description is None:
        return
    yield from _route(case, description)
    yield from _origin(case, description)
    yield from _target(case, description)


def contradicting_route(case: Case) -> RouteMention | None:
    """The one route of the record's description, where it is none of the record's own field."""
    given, description = case.record.get(ROUTE), case.record.get(DESCRIPTION)
    stored = field_routes(given.text) if given is not None else ()
    if description is None or not stored:
        return None
    regions = frozenset(map(region, stored))
    if regions_possible(description.text) <= regions:
        return None
    own = frozenset(token for item in case.names.names for token in item.name.tokens)
    described = {region(mention.route): mention for mention in reversed(routes_of_own(description.text, own))}
    if len(described) == 1 and not described.keys() & regions:
        mention = next(iter(described.values()))
        return None if is_a_form_of(mention, regions) else mention
    return None


def _route(case: Case, description: Text) -> Iterator[Finding]:
    given, mention = case.record.get(ROUTE), contradicting_route(case)
    if given is not None and mention is not None:
        said = f"{mention.words!r} in {mention.clause!r}"
        yield against_description(ROUTE, given, given.text, description, mention.route, said)


def _origin(case: Case, description: Text) -> Iterator[Finding]:
    for field in ("drug_name", "intervention_type", "drug_category"):
        given = case.record.get(field)
        said = features(given.text).origins if given is not None else frozenset()
        if given is None or len(said) != 1:
            continue
        told = told_origins(description.text)
        if len(told) == 1 and said != told:
            yield against_description(field, given, given.text, description, min(told), repr(min(told)))
        return


def _target(case: Case, description: Text) -> Iterator[Finding]:
    for field in ("drug_name", "drug_mechanism_of_action", "intervention_type"):
        given = case.record.get(field)
        if given is None:
            continue
        said = named_targets(given.text) if field == "drug_name" else told_targets(given.text)
        if not said.aimed:
            continue
        told = told_targets(description.text)
        if disjoint([said], [told]):
            ours, theirs = min(said.aimed), min(told.aimed)
            yield against_description(
                field, given, said.aimed[ours], description, theirs, repr(told.aimed[theirs]), ours
            )
            return


def against_description(
    field: str, given: Text, value: str, description: Text, told: str, said: str, ours: str | None = None
) -> Finding:
    """`told` is what the description says in one normalised word: another wording of it is no other conflict."""
    return Finding(
        "record_contradicts_itself",
        field,
        f"{field} says {value!r}; {DESCRIPTION} says {said}.",
        (Claim("record", given.path, ours or value), Claim("record", description.path, told)),
    )
