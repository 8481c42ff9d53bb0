"""Tables that fit: columns, widths, what to leave out and how to say so."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from movie_reports import cells
from movie_reports.cells import Dollars

LONG_TABLE = 200
SCREENFUL = 40
ROOM_AROUND = 12
NATURAL_WIDTH = 100_000
NARROW_NAME = 12

Build = Callable[[Dollars, Sequence[str], int | None], Table]
"""Makes a table of the columns named, whose texts are no wider than a number of characters."""


@dataclass
class Sheet:
    """A table, the notes that belong under it, remarks on what it does not show, and what the heading must add."""

    table: Table
    notes: list[str]
    remarks: list[str] = field(default_factory=list)
    about: str = ""


def new_table(*, show_footer: bool = False) -> Table:
    """Return a table without rows, in the style of all tables."""
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, show_footer=show_footer)
    table.header_style = table.footer_style = "bold"
    return table


def add_column(
    table: Table, heading: str, footer: str = "", *, is_text: bool = False, width: int | None = None
) -> None:
    """Add a column; figures are never cut, texts end in an ellipsis where they are wider than allowed."""
    table.add_column(
        Text(heading),
        Text(footer),
        justify="left" if is_text else "right",
        overflow="ellipsis",
        no_wrap=True,
        max_width=width if is_text else None,
    )


def fitting(build: Build, columns: Sequence[str], first_to_go: Sequence[str], to: Console) -> tuple[Table, list[str]]:
    """Build a table for the width there is: in full, else with dollars to a scale, shorter texts, fewer columns.

    Returns:
        the table, and the columns that had to go.
    """
    table = build(cells.full_dollars, columns, None)
    if fits(table, to):
        return table, []
    for number in range(len(first_to_go) + 1):
        chosen = [column for column in columns if column not in first_to_go[:number]]
        table = build(cells.short_dollars, chosen, NARROW_NAME)
        if fits(table, to):
            widths = range(NARROW_NAME + 1, to.width + 1)
            wider = bisect(widths, 0, key=lambda width: not fits(build(cells.short_dollars, chosen, width), to))
            return build(cells.short_dollars, chosen, NARROW_NAME + wider), [c for c in columns if c not in chosen]
    return table, list(first_to_go)


def fits(table: Table, to: Console) -> bool:
    """Whether a table is no wider than the screen."""
    return to.width >= NATURAL_WIDTH or _width(table, to) <= to.width


def cut(table: Table) -> list[str]:
    """Say that texts are cut, where some are wider than their columns may be."""
    columns = ((column.max_width, column.cells) for column in table.columns if column.max_width is not None)
    is_cut = any(isinstance(text, Text) and text.cell_len > width for width, texts in columns for text in texts)
    return ["Some texts are cut: --export csv has them whole, or widen the terminal."] if is_cut else []


def screenful(rows: Sequence[Any], to: Console) -> Sequence[Any]:
    """Return the rows of a long table that are shown at first."""
    if len(rows) <= LONG_TABLE:
        return rows
    return rows[: max(to.height - ROOM_AROUND, 10) if to.is_terminal else SCREENFUL]


def left_out(rows: Sequence[object], shown: Sequence[object], way: str) -> list[str]:
    """Say how many rows are not shown, and the way to see them."""
    more = len(rows) - len(shown)
    return [f"{more:,} more rows: see them with {way}, or use --export csv."] if more else []


def _width(table: Table, to: Console) -> int:
    return Measurement.get(to, to.options.update(width=NATURAL_WIDTH), table).maximum
