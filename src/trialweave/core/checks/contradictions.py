"""The record against its own description: the drug itself, route, origin, target. Kinds of therapy: `modality`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from trialweave.core.case import DESCRIPTION, Case
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Text
from trialweave.core.naming import features
from trialweave.core.naming.features import told_origins
from trialweave.core.routes import RouteMention, field_routes, is_a_form_of, region, regions_possible
from trialweave.core.study_routes import routes_of_own
from trialweave.core.targets import NO_TARGETS, Targets, disjoint, named_targets, told_targets
from trialweave.core.text import half_width
from trialweave.core.vocabulary.qualifiers import Origin

ROUTE = "drug_delivery_route"


def check(case: Case) -> Iterator[Finding]:
    """Findings where a field contradicts the record's own description, or another field.

    | field                        | description                        | finding                   |
    |------------------------------|------------------------------------|---------------------------|
    | a name that is the concept's | speaks of another drug as its own  | record_contradicts_itself |
    | a route                      | names one route only, another      | record_contradicts_itself |
    | a route                      | does so under the concept's name   | record_contradicts_itself |
    | a route                      | names several, or none             | none                      |
    | Inhalation                   | `capsules`: may be inhaled         | none                      |
    | autologous in name or type   | says allogeneic and not autologous | record_contradicts_itself |
    | aimed at a target            | aimed at another, neither names the other's | record_contradicts_itself |
    | origin, target               | none, nor the concept's; another field's differs | record_contradicts_itself |

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
    if description is not None:
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
    told = half_width(description.text)
    if regions_possible(told) <= regions:
        return None
    own = frozenset(token for item in case.names.names for token in item.name.tokens)
    if case.concept is not None and case.triangle.is_one_drug:
        own |= {item.name.tokens[0] for item in case.concept.names.specific if len(item.name.tokens) == 1}
    described = {region(mention.route): mention for mention in reversed(routes_of_own(told, own))}
    if len(described) == 1 and not described.keys() & regions:
        mention = next(iter(described.values()))
        return None if is_a_form_of(mention, regions) else mention
    return None


def _route(case: Case, description: Text) -> Iterator[Finding]:
    given, mention = case.record.get(ROUTE), contradicting_route(case)
    if given is not None and mention is not None:
        said = f"{mention.words!r} in {mention.clause!r}"
        yield against_description(ROUTE, given, given.text, description, mention.route, said)


def _origin(case: Case, description: Text | None) -> Iterator[Finding]:
    said = []
    for field in ("drug_name", "intervention_type", "drug_category"):
        given = case.record.get(field)
        origins = features(given.text).origins if given is not None else frozenset()
        if given is None or len(origins) != 1:
            continue
        told: frozenset[Origin] = frozenset() if description is None else told_origins(description.text)
        if description is not None and len(told) == 1 and origins != told:
            yield against_description(field, given, given.text, description, min(told), repr(min(told)))
            return
        said.append((field, given, min(origins)))
    if len(said) < 2 or (case.concept is not None and case.concept.names.features.origins):
        return
    pair = next((pair for pair in combinations(said, 2) if pair[0][2] != pair[1][2]), None)
    if pair is not None:
        (other, text, theirs), (field, given, _) = pair
        yield against_field(field, given, given.text, other, text, theirs)


def _target(case: Case, description: Text | None) -> Iterator[Finding]:
    told = NO_TARGETS if description is None else told_targets(description.text)
    said = []
    for field in ("drug_name", "drug_mechanism_of_action", "intervention_type"):
        given = case.record.get(field)
        targets = NO_TARGETS if given is None else _of_field(field, given)
        if given is None or not targets.aimed:
            continue
        if description is not None and disjoint([targets], [told]):
            ours, theirs = min(targets.aimed), min(told.aimed)
            yield against_description(
                field, given, targets.aimed[ours], description, theirs, repr(told.aimed[theirs]), ours
            )
            return
        said.append((field, given, targets))
    if len(said) < 2 or (case.concept is not None and any(item.targets.aimed for item in case.concept.targets)):
        return
    pair = next((pair for pair in combinations(said, 2) if disjoint([pair[0][2]], [pair[1][2]])), None)
    if pair is not None:
        (other, text, their_targets), (field, given, our_targets) = pair
        yield against_field(field, given, min(our_targets.aimed), other, text, min(their_targets.aimed))


def _of_field(field: str, given: Text) -> Targets:
    return named_targets(given.text) if field == "drug_name" else told_targets(given.text)


def against_field(field: str, given: Text, value: str, other: str, text: Text, told: str) -> Finding:
    """The same with another field in the place of the description; `told` is what that one says in one word."""
    return Finding(
        "record_contradicts_itself",
        field,
        f"{field} says {value!r}; {other} says {text.text!r}, which is {told}.",
        (Claim("record", given.path, value), Claim("record", text.path, told)),
    )


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
