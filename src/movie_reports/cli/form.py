"""The form in which a report is requested: a table, an export, a chart, or its SQL."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from movie_reports.reports.choices import Format


class Form(NamedTuple):
    """The form in which a report is requested.

    Attributes:
        export: the format of the export, or None to use the suffix of the output.
        output: the file of the export, or None for stdout.
        chart: the file of the chart, an empty string for one in the terminal, or None.
        sql: print the statement instead of its rows.
        all_rows: print all rows of a long table.
        safe_cells: in CSV, keep spreadsheets from taking texts for formulas.
    """

    export: Format | None = None
    output: Path | None = None
    chart: str | None = None
    sql: bool = False
    all_rows: bool = False
    safe_cells: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it is an export."""
        return self.export is not None or self.output not in {None, Path("-")}
