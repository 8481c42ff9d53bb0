"""The form in which a report is wanted: a table, a file for programs, a picture, or its SQL."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from movie_reports.reports.choices import Format


class Form(NamedTuple):
    """The form in which a report is wanted.

    Attributes:
        export: the format of a file for programs, or None to go by the suffix of the output.
        output: where that file goes, or None for stdout.
        chart: the file of a picture, an empty text for one in the terminal, or None.
        sql: the statement instead of its rows.
        all_rows: a long table to its end.
        safe_cells: texts in CSV that no spreadsheet takes for formulas.
    """

    export: Format | None = None
    output: Path | None = None
    chart: str | None = None
    sql: bool = False
    all_rows: bool = False
    safe_cells: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it is a file for programs."""
        return self.export is not None or self.output not in {None, Path("-")}
