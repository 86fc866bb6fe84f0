"""Where the rows of `enrich` go: the output, the conflicts aside, the report page, the summary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from trialweave.commands.common import open_output
from trialweave.core.output import across_line, line_bytes
from trialweave.core.views import encode
from trialweave.nightly.folder import CONFLICTS, ENRICHED, RunFolder
from trialweave.tables import open_writer, write_atomically

if TYPE_CHECKING:
    from trialweave.core.models import Conflict
    from trialweave.core.summary import Tally
    from trialweave.nightly.acknowledgements import Acknowledgements
    from trialweave.packed import Packed
    from trialweave.tables import OutputFormat, Writer


class Results:
    """Opened outputs of one run. Files appear when the block ends well, or not at all; the summary is the last."""

    def __init__(
        self,
        output: str | None,
        output_format: OutputFormat,
        conflicts: str | None,
        report: str | None,
        summary: str | None,
        acknowledgements: Acknowledgements,
        tally: Tally,
    ) -> None:
        self._files = ExitStack()
        self._summary = None if summary is None else self._files.enter_context(write_atomically(summary))
        self._page = None if report is None else self._files.enter_context(write_atomically(report))
        self._lines: list[Writer] = [self._files.enter_context(open_writer(output or open_output(), output_format))]
        self._asides: list[Writer] = []
        self._acknowledgements = acknowledgements
        self._tally = tally
        if conflicts is not None:
            self._asides.append(self._files.enter_context(open_writer(conflicts, "jsonl")))
        if report is not None:
            # The page looks records up by their ids, in whatever format they are written.
            self._spool = Path(self._files.enter_context(TemporaryDirectory(prefix="trialweave-")))
            self._spooled = self._files.enter_context(ExitStack())
            self._lines.append(self._spooled.enter_context(open_writer(self._spool / ENRICHED, "jsonl")))
            self._asides.append(self._spooled.enter_context(open_writer(self._spool / CONFLICTS, "jsonl")))

    def __enter__(self) -> Self:
        self._files.__enter__()
        return self

    def __exit__(self, *failure: Any) -> bool | None:
        return self._files.__exit__(*failure)

    def take(self, row: Packed) -> None:
        """Write one record."""
        for lines in self._lines:
            lines.write(row.line)
        for told in row.conflicts:
            self._tell(told)

    def take_across(self, record_ids: tuple[str, ...], conflict: Conflict) -> None:
        """Write one conflict across records."""
        self._tell(line_bytes(across_line(record_ids, conflict)))

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Write report and summary, now that everything is counted. What finds no room fails before a file appears."""
        for writer in (*self._lines, *self._asides):
            writer.end()
        if self._page is not None:
            from trialweave.nightly.page import render_all

            self._spooled.close()
            page = render_all(RunFolder(self._spool, facts=facts), self._acknowledgements.report())
            self._page.write(page.encode())
            self._page.flush()
        if self._summary is not None:
            self._summary.write(json.dumps(facts, ensure_ascii=False, indent=2).encode() + b"\n")
            self._summary.flush()

    def _tell(self, told: bytes) -> None:
        if self._acknowledgements.entries:
            conflict = json.loads(told)
            until = self._acknowledgements.until(conflict)
            if until is not None:
                self._tally.acknowledged[conflict["severity"]] += 1
            told = line_bytes(encode({**conflict, "acknowledged_until": until}))
        for aside in self._asides:
            aside.write(told)
