"""Sisters of a drug that share its name but for the last word: another biosimilar, glycosylated form or ester."""

from __future__ import annotations

from itertools import takewhile

from trialweave.core.naming.esters import different_esters, esters_in
from trialweave.core.naming.names import Name
from trialweave.core.naming.prose import TOUCHING
from trialweave.core.naming.stream import Occurrence
from trialweave.core.naming.tokens import canonical
from trialweave.core.vocabulary.pharmacy import SALTS
from trialweave.core.vocabulary.qualifiers import VARIANTS


def are_sisters(name: Name, found: Name) -> bool:
    """Do the two differ in the biosimilar, the glycosylated form or the ester alone?"""
    return (
        other_biosimilar(name, found.suffix)
        or other_variant(name, "".join(found.tokens[-1:]))
        or other_ester(name, found)
    )


def other_biosimilar(name: Name, suffix: str) -> bool:
    """Do both carry a biosimilar's suffix, and not the same? `trastuzumab-dkst` is not `trastuzumab-pkrb`."""
    return bool(name.suffix) and len(suffix) == len(name.suffix) and suffix != name.suffix


def other_variant(name: Name, last: str) -> bool:
    """Does the name end in a Greek letter, and the other in another one? `Epoetin beta` is not `epoetin alfa`."""
    return last in VARIANTS and name.tokens[-1:] != (last,) and not VARIANTS.isdisjoint(name.tokens[-1:])


def other_ester(name: Name, other: Name) -> bool:
    """`Fluticasone furoate` is not `fluticasone propionate`."""
    return different_esters(name.esters, other.esters)


def before_a_variant(occurrence: Occurrence) -> bool:
    return occurrence.gap_after in TOUCHING and not VARIANTS.isdisjoint(_variant_behind(occurrence))


def _variant_behind(occurrence: Occurrence) -> tuple[str, ...]:
    return tuple(token for token, _, _ in canonical(occurrence.after[:1]))


def another_biosimilar(occurrence: Occurrence, name: Name) -> bool:
    return other_biosimilar(name, "-" + "".join(occurrence.after[:1]))


def another_variant(occurrence: Occurrence, name: Name) -> bool:
    return other_variant(name, "".join(_variant_behind(occurrence)))


def another_ester(occurrence: Occurrence, name: Name) -> bool:
    return bool(name.esters) and different_esters(name.esters, _esters_of(occurrence))


def before_an_ester(occurrence: Occurrence) -> bool:
    return (
        occurrence.gap_after in TOUCHING and not SALTS.isdisjoint(occurrence.after[:1]) and bool(_esters_of(occurrence))
    )


def _esters_of(occurrence: Occurrence) -> frozenset[str]:
    """The esters among the salts that follow it."""
    behind = takewhile(SALTS.__contains__, occurrence.after)
    return esters_in(" ".join((occurrence.text.casefold(), *behind)))
