"""`docs/conflicts.md`, written from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trialweave.core.catalogue import CATALOGUE
from trialweave.core.catalogue.kinds import Kind, Room

_ROOMS: Mapping[Room, str] = {
    "links": "The links",
    "record_study": "Record against study",
    "record_concept": "Record against concept",
    "study_concept": "Study and concept against the record",
    "record_alone": "The record alone",
    "across_records": "Across records",
}
_OPENING = """\
# Conflicts

What trialweave says about a record, and what it keeps to itself. A string difference is mostly not a conflict: of
2,220 curated drug names 97.6 % differ from the name in NCI Thesaurus byte by byte, and 9 codes were wrong. So each
kind below is raised only where something contradicts; where nothing can be proved, nothing is said, or it is said as
information.

- **error**: a link or a value is wrong. **warning**: a person should look. **info**: worth knowing, nothing to do.
- Every conflict carries both values as they stand, where each was read, and, where there is evidence, a proposed
  edit. Nothing is ever applied.
- One root is one conflict: further disagreement that follows from it is named in its message as evidence.
- A kind is turned off or given another severity in the settings: see [settings](settings.md). One that is off
  names no suspect and hides no other conflict.

Never a conflict: placebo and sham arms; the other drugs of a combination; comparators and background therapy as such;
brand, generic and code names of one drug; salt and base; dosage forms and doses; case, dashes, Greek letters, `T
cells` and `T lymphocytes`; the four-letter suffix of the FDA; DRUG against BIOLOGICAL; arm labels that the registry
cut; synonyms that you do not have; a definition in other typography; names in a study that you do not have; a source
that was not reachable.
"""


def catalogue_page() -> str:
    """The page: an overview, then each kind with its reason, its remedy, an example and a counter-example."""
    return "".join(_page())


def _page() -> Iterator[str]:
    yield _OPENING
    yield "\n| kind | severity | |\n|---|---|---|\n"
    for kind in CATALOGUE:
        yield f"| [`{kind.name}`](#{kind.name}) | {' or '.join(kind.severities)} | {kind.title} |\n"
    for room, title in _ROOMS.items():
        yield f"\n## {title}\n"
        for kind in CATALOGUE:
            if kind.room == room:
                yield from _entry(kind)


def _entry(kind: Kind) -> Iterator[str]:
    yield f"\n### {kind.name}\n\n**{kind.title}** ({' or '.join(kind.severities)})\n\n"
    yield f"{kind.why}\n\n"
    yield f"- What to do: {kind.todo}\n- Example: {kind.example}\n- Not a conflict: {kind.counter_example}\n"
