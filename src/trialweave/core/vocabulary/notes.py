"""Words of a note that stands where a text of NCI Thesaurus should.

Origin: the note of the seed record, `NCI thesaurus definition not available.`, and how spreadsheets, data frames and
curators write the same: `#N/A`, `NaN`, `null`, `TBD`, `Definition pending`.
"""

from __future__ import annotations

from trialweave.core.vocabulary.tables import listed

NOTE_WORDS = listed("""
    na nan nd nil none null tbd no not yet to be determined unknown unspecified undefined missing pending empty
    available unavailable applicable reported recorded provided given found specified entered mapped matched match data
    blank information text value see comment comments nci ncit thesaurus concept code term terms preferred name
    definition definitions description in for from of the this is are was has have had there
    """)
"""A text of these words alone says nothing of any drug."""
