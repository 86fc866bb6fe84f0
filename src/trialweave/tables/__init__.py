"""Readers and writers of the table formats people keep.

In: `open_inputs` for several passes, `read_rows` for one. Out: `open_writer`; `write_atomically` for any other file.
"""

from trialweave.tables.atomic import target_of, write_atomically
from trialweave.tables.flat import FLAT_COLUMNS
from trialweave.tables.formats import INPUT_FORMATS, InputFormat
from trialweave.tables.inputs import Inputs, open_inputs, read_rows
from trialweave.tables.rows import Refusal, Row, RowOrRefusal
from trialweave.tables.writers import OUTPUT_FORMATS, OutputFormat, Writer, harmless, open_writer

__all__ = [
    "FLAT_COLUMNS",
    "INPUT_FORMATS",
    "OUTPUT_FORMATS",
    "InputFormat",
    "Inputs",
    "OutputFormat",
    "Refusal",
    "Row",
    "RowOrRefusal",
    "Writer",
    "harmless",
    "open_inputs",
    "open_writer",
    "read_rows",
    "target_of",
    "write_atomically",
]
