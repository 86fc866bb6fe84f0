"""The route of the record against the route by which its study gives the drug."""

from __future__ import annotations

from collections.abc import Iterator

from trialweave.core.case import Case
from trialweave.core.checks.contradictions import contradicting_route
from trialweave.core.findings import Finding
from trialweave.core.models import Claim
from trialweave.core.routes import field_routes, is_a_form_of, region

FIELD = "drug_delivery_route"


def check(case: Case) -> Iterator[Finding]:
    """Findings about the route.

    A record whose own description contradicts the field has that conflict already: one root.

    | record's routes | routes in the drug's clauses | definition names           | finding                  |
    |-----------------|------------------------------|----------------------------|--------------------------|
    | none known      | any                          | any                        | none                     |
    | any             | none, or two and more        | any                        | none                     |
    | some            | one, among the record's      | any                        | none                     |
    | Inhalation      | `capsules`: may be inhaled   | any                        | none                     |
    | some            | one, not the record's        | the study's, not the record's | route_mismatch, warning |
    | some            | one, not the record's        | anything else              | route_mismatch, info     |
    """
    given = case.record.get(FIELD)
    edge = case.triangle.record_study
    if given is None or len(case.routes) != 1 or edge is None or edge.verdict != "match" or case.study is None:
        return
    (studied,) = case.routes
    stored = field_routes(given.text)
    regions = {region(route) for route in stored}
    if not stored or region(studied.route) in regions or is_a_form_of(studied, regions):
        return
    if contradicting_route(case) is not None:
        return
    agreeing = case.concept.routes if case.concept is not None and not case.concept_link_broken else {}
    witness = agreeing.get(region(studied.route))
    backed = witness is not None and regions.isdisjoint(agreeing)
    claims = [Claim("record", given.path, given.text), Claim("ctgov", studied.path, studied.route)]
    says = ""
    if backed and witness is not None and case.concept is not None and case.concept.concept.definition is not None:
        says = f" The definition of {case.concept.concept.code} says {witness.words!r}."
        claims.append(Claim("ncit", case.concept.concept.definition.path, witness.route))
    yield Finding(
        "route_mismatch",
        FIELD,
        f"The record says {given.text!r}; {case.study.study.nct_id} says {studied.words!r} in"
        f" {studied.clause!r}.{says}",
        tuple(claims),
        severity="warning" if backed else "info",
    )
