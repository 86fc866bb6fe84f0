"""What shows only when records are laid beside each other. Pure functions over compact rows; `trialweave.across` sorts.

Facts of the drug are compared (category, class, definition, names), never those of the pairing (route, description,
mechanism, intervention type, drug type).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from trialweave.core.blank import is_a_note
from trialweave.core.checks.definitions import compare
from trialweave.core.findings import Finding
from trialweave.core.models import Claim, Severity, Verdict
from trialweave.core.naming import name_parts
from trialweave.core.naming.codes import is_code
from trialweave.core.naming.names import read_name
from trialweave.core.naming.tokens import bare_tokens, name_tokens
from trialweave.core.output import Enriched
from trialweave.core.remembered import NAMES
from trialweave.core.stems import different_substances
from trialweave.core.text import definition_text, fold, spelling, squash
from trialweave.core.triangle import BOTH_EDGES
from trialweave.core.vocabulary.british import american

CONCEPT, NAME, DEFINITION = "nci_thesaurus_concept_id", "drug_name", "nci_thesaurus_definition"

_SHOWN = 4
_COMPARED = 50
"""Different names, or texts, of one concept that are compared with each other."""

_ROOTS = frozenset({"error", "warning"})
"""Severities of a conflict of the concept link that is the root of whatever the row would show beside others."""


class Row(NamedTuple):
    """What one record says about its drug. `code` and `study` are the ids that its links name, None where they do not.

    `names_concept` is the verdict of the record-concept edge; `concept` the name of the concept where it was found;
    `keys` are those of the name, by which rows are sorted: a row that comes back sorted has none.
    """

    record_id: str
    name: str | None
    code: str | None
    study: str | None
    names_concept: Verdict | None = None
    concept: str | None = None
    related: tuple[str, ...] = ()
    category: str | None = None
    drug_class: str | None = None
    definition: str | None = None
    keys: tuple[str, ...] = ()
    paths: Mapping[str, str] = {}

    def claim(self, name: str, value: str | None) -> Claim:
        """A value of this row; the path is that of the user's own column."""
        return Claim("record", self.paths.get(name, f"/{name}"), value)


@lru_cache(maxsize=NAMES)
def keys_of(name: str) -> tuple[str, ...]:
    """The squashed names under which two rows are one drug: the whole name, and sponsors' codes in brackets."""
    found = [part for part in name_parts(name) if part == name.strip() or is_code(part)]
    return tuple(dict.fromkeys(squash(part) for part in found if read_name(part).specific))


@dataclass(frozen=True, slots=True)
class Across:
    """A finding and the records that it holds for."""

    finding: Finding
    record_ids: tuple[str, ...]


def row_of(enriched: Enriched) -> Row | None:
    """The row of a record; None where its concept link, or its name, has a conflict of its own already: one root.

    A fact that has one is left out.
    """
    if any(
        conflict.kind == BOTH_EDGES or (conflict.field == CONCEPT and conflict.severity in _ROOTS)
        for conflict in enriched.conflicts
    ):
        return None
    told = {conflict.field for conflict in enriched.conflicts if conflict.severity in _ROOTS}
    values = {field: value for field, value in enriched.record.values.items() if field == NAME or field not in told}
    concept = enriched.concept
    name = values.get(NAME)
    return Row(
        enriched.record.record_id,
        name,
        _id(enriched.concept_outcome),
        _id(enriched.study_outcome),
        enriched.edges["record_concept"].verdict,
        None if concept is None else concept.name,
        () if concept is None else tuple(c.code for c in (*concept.salts, *concept.bases) if c.code),
        values.get("drug_category"),
        values.get("drug_class"),
        values.get(DEFINITION),
        () if name is None else keys_of(name),
        enriched.record.paths,
    )


def _id(outcome: object) -> str | None:
    """The id of a link that is one: found under it, or not asked because nobody could be."""
    found: str | None = getattr(outcome, "id", None) or getattr(outcome, "requested_id", None)
    return found


def of_one_concept(rows: Sequence[Row]) -> Across | None:
    """Rows of one code that differ in facts of the drug: one finding, the worst.

    | differ in     | how                                                          | finding |
    |---------------|--------------------------------------------------------------|---------|
    | names         | one is the concept's, one is not; or stems of two substances | warning |
    | definition    | unrelated texts, neither the beginning nor a revision        | warning |
    | category      | other words                                                  | info    |
    | class         | other words                                                  | info    |
    | anything else |                                                              | none    |
    """
    code = rows[0].code
    if code is None:
        return None
    names = _distinct(rows, "name")
    stranger = next((pair for pair in combinations(names[:_COMPARED], 2) if _unrelated_names(rows, *pair)), None)
    if stranger is not None:
        return _finding(rows, code, NAME, "name", stranger, "warning")
    texts = _distinct(rows, "definition")
    other = next((pair for pair in combinations(texts[:_COMPARED], 2) if _unrelated_texts(*pair)), None)
    if other is not None:
        return _finding(rows, code, DEFINITION, "definition", other, "warning")
    known = [row for row in rows if row.names_concept != "mismatch"]
    for name, attribute in (("drug_category", "category"), ("drug_class", "drug_class")):
        values = _distinct(known, attribute)
        if len(values) > 1:
            return _finding(known, code, name, attribute, values, "info")
    return None


def of_one_name(rows: Sequence[Row]) -> Across | None:
    """Rows of one name with two codes or more. Rows whose name their own concept does not bear have their own conflict.

    | concepts                                     | finding                              |
    |----------------------------------------------|--------------------------------------|
    | salt and base, biosimilar and reference      | xrec_same_name_two_concepts, info    |
    | two of the very same name: NCIt has it twice | xrec_same_name_two_concepts, warning |
    | any other two                                | xrec_same_name_two_concepts, warning |
    """
    linked = [row for row in rows if row.code is not None and row.names_concept != "mismatch"]
    concepts = {row.code: row for row in sorted(linked, key=lambda row: (row.code or "", row.record_id))}
    if len(concepts) < 2:
        return None
    first = linked[0]
    listed = ", ".join(f"{code} {row.concept!r}" if row.concept else str(code) for code, row in concepts.items())
    kin = all(_kin(one, other) for one, other in combinations(concepts.values(), 2))
    return Across(
        Finding(
            "xrec_same_name_two_concepts",
            CONCEPT,
            f"{first.name!r} is linked to {listed}" + (": salt and base, or a biosimilar." if kin else "."),
            (first.claim(NAME, first.name), *(first.claim(CONCEPT, code) for code in concepts)),
            severity="info" if kin else "warning",
        ),
        tuple(sorted({row.record_id for row in linked})),
    )


def of_one_pair(rows: Sequence[Row]) -> Across | None:
    """Rows of one study and one code: the same drug and study twice. Rows with another drug's code are none."""
    same = [row for row in rows if row.names_concept != "mismatch"]
    ids = tuple(sorted({row.record_id for row in same}))
    if len(ids) < 2:
        return None
    study, code = same[0].study, same[0].code
    return Across(
        Finding(
            "xrec_duplicate",
            CONCEPT,
            f"{len(ids)} records pair {study} with {code}.",
            (same[0].claim("nct_id_drug_ref", study), same[0].claim(CONCEPT, code)),
        ),
        ids,
    )


def _unrelated_names(rows: Sequence[Row], one: str, other: str) -> bool:
    """Do two names of one code denote two drugs? A code name that nothing is known of may be any drug's."""
    ours, theirs = ({row.names_concept for row in rows if row.name == name} for name in (one, other))
    if set(_aliases(one)) & set(_aliases(other)):
        return False
    if "match" in ours and "match" in theirs:
        return False
    if ("match" in ours and theirs == {"mismatch"}) or ("match" in theirs and ours == {"mismatch"}):
        return True
    return different_substances([one], [other]) is not None


def _unrelated_texts(one: str, other: str) -> bool:
    return compare(one, other) == "unrelated" and compare(other, one) == "unrelated"


def _aliases(name: str) -> Iterator[str]:
    for part in name_parts(name):
        yield squash(part)
        yield " ".join(bare_tokens(part))


def _kin(one: Row, other: Row) -> bool:
    """Are two concepts salt and base, or biosimilar and reference?"""
    if one.code in other.related or other.code in one.related:
        return True
    if one.concept is None or other.concept is None:
        return False
    if "biosimilar" in f"{one.concept} {other.concept}".lower():
        return True
    same = squash(one.concept) == squash(other.concept)
    return not same and bare_tokens(one.concept) == bare_tokens(other.concept)


def _distinct(rows: Sequence[Row], attribute: str) -> list[str]:
    """The values that differ by more than spelling, each as its first row has it, in a fixed order."""
    plain = _PLAIN[attribute]
    spelled: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row.record_id):
        value = getattr(row, attribute)
        if value is not None and not is_a_note(value):
            spelled.setdefault(plain(value), value)
    return [spelled[key] for key in sorted(spelled)]


@lru_cache(maxsize=NAMES)
def _kind_words(value: str) -> str:
    """A category or class without plural, dashes and British spelling: `Small molecules` is `SMALL-MOLECULE`."""
    return " ".join(name_tokens(american(fold(value).replace("&", " and "))))


_PLAIN: Mapping[str, Callable[[str], str]] = {
    "name": spelling,
    "definition": definition_text,
    "category": _kind_words,
    "drug_class": _kind_words,
}
"""Attribute of a row -> what makes two of its values the same."""


def _finding(
    rows: Sequence[Row], code: str, name: str, attribute: str, values: Sequence[str], severity: Severity
) -> Across:
    shown = " and ".join(repr(_short(value)) for value in values[:_SHOWN])
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    concept = next((f" {row.concept!r}" for row in rows if row.concept), "")
    return Across(
        Finding(
            "xrec_same_concept_conflicting_facts",
            name,
            f"Records with {code}{concept} differ in {name}: {shown}{more}.",
            (rows[0].claim(CONCEPT, code), *(rows[0].claim(name, value) for value in values)),
            severity=severity,
        ),
        tuple(sorted({row.record_id for row in rows if getattr(row, attribute) is not None})),
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."
