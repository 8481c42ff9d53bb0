"""Tables that fit: columns, widths, what to leave out and how to say so.

They are drawn here and not by rich, which only knows how many cells a letter takes: it took 26 of the 180 ms of a
report, and 2 seconds for a table of 4,000 rows.
"""

from __future__ import annotations

import os
import sys
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len, set_cell_size

from movie_reports.render import values as cells
from movie_reports.render.values import Dollars
from movie_reports.text import wrapped

LONG_TABLE = 200
ROOM_AROUND = 12
NARROW_NAME = 12
LEAST_FOLDED, INDENT = 24, "    "
BETWEEN = "   "
RULE = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"
DOTS = "\N{HORIZONTAL ELLIPSIS}"
BOLD, DIM = "1", "2"


@dataclass(frozen=True)
class Screen:
    """Where tables are shown; without a terminal they are as wide as their data."""

    width: int | None = None
    height: int | None = None
    styled: bool = False
    encoding: str = "utf-8"

    @property
    def has_few_letters(self) -> bool:
        """Whether it shows only those of an encoding older than Unicode."""
        return not self.encoding.startswith("utf")

    def letters(self, text: str) -> str:
        """Write a text in the letters that can be shown."""
        return cells.in_letters_of(self.encoding, text) if self.has_few_letters else text

    def style(self, text: str, code: str) -> str:
        """Make a text bold or dim, where that can be shown."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.styled and text else text

    def wrapped(self, text: str) -> list[str]:
        """Break a text into lines, where there is an end to them."""
        return [text] if self.width is None else wrapped(text, self.width)


@dataclass(frozen=True)
class Column:
    """A column; figures are never cut, texts end in dots where they are wider than `most`."""

    heading: str
    footer: str = ""
    is_text: bool = False
    most: int | None = None


@dataclass(frozen=True)
class Table:
    """Columns, and the texts of their rows."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    has_footer: bool = False

    def widths(self) -> list[int]:
        """Return how many cells each column takes."""
        found = []
        texts = list(zip(*self.rows, strict=True)) or [()] * len(self.columns)
        for column, below in zip(self.columns, texts, strict=True):
            widest = max(map(cell_len, (*column.heading.split("\n"), column.footer, *below)))
            found.append(widest if column.most is None else min(widest, column.most))
        return found

    def lines(self, screen: Screen) -> Iterator[str]:
        """Draw the table: headings, a rule, the rows, and under another rule the footer."""
        table = self.written(screen.letters)
        widths, dots = table.widths(), screen.letters(DOTS)
        rule = screen.letters(RULE) * (sum(widths) + len(BETWEEN) * (len(widths) - 1))
        headings = [column.heading.split("\n")[::-1] for column in table.columns]

        def line(texts: Sequence[str]) -> str:
            aligned = (
                _aligned(text, width, dots, is_text=column.is_text)
                for text, width, column in zip(texts, widths, table.columns, strict=True)
            )
            return BETWEEN.join(aligned).rstrip()

        for texts in reversed(list(zip_longest(*headings, fillvalue=""))):
            yield screen.style(line(texts), BOLD)
        yield rule
        yield from map(line, table.rows)
        if table.has_footer:
            yield rule
            yield screen.style(line([column.footer for column in table.columns]), BOLD)

    def written(self, letters: Callable[[str], str]) -> Table:
        """Return the table with all texts in other letters."""
        columns = [replace(each, heading=letters(each.heading), footer=letters(each.footer)) for each in self.columns]
        return Table(columns, [list(map(letters, row)) for row in self.rows], self.has_footer)


@dataclass
class Sheet:
    """A table, the notes that belong under it, remarks on what it does not show, and what the heading must add."""

    table: Table
    notes: list[str]
    remarks: list[str] = field(default_factory=list)
    about: str = ""


Build = Callable[[Dollars, Sequence[str], int | None], Table]
"""Makes a table of the columns named, whose texts are no wider than a number of cells."""


def screen(*, no_color: bool = False) -> Screen:
    """Return the screen for stdout."""
    encoding = (sys.stdout.encoding or "ascii").lower()
    if not sys.stdout.isatty():
        return Screen(encoding=encoding)
    size = os.get_terminal_size(sys.stdout.fileno())
    plain = no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") in {"dumb", "unknown"}
    return Screen(size.columns or None, size.lines or None, styled=not plain, encoding=encoding)


def fitting(
    build: Build, columns: Sequence[str], first_to_go: Sequence[str], to: Screen, *, whole: Sequence[str] = ()
) -> tuple[Table, list[str]]:
    """Build a table for the width there is: in full, else with dollars to a scale, fewer columns, shorter texts.

    Args:
        build: makes the table.
        columns: all that there are.
        first_to_go: those that may be left out, the first of them first.
        to: the screen.
        whole: those of them that are left out before a text is cut, if that is of use.

    Returns:
        the table, and the columns that had to go.
    """
    table = build(cells.full_dollars, columns, None)
    if fits(table, to):
        return table, []
    half = max(NARROW_NAME, (to.width or 0) // 2)
    for width, droppable in ((None, whole), (half, whole), (NARROW_NAME, first_to_go)):
        for number in range(len(droppable) + 1):
            chosen = [column for column in columns if column not in droppable[:number]]
            table = build(cells.short_dollars, chosen, width)
            if fits(table, to):
                missing = [column for column in columns if column not in chosen]
                return (table if width is None else _widened(build, chosen, width, to)), missing
    return table, list(first_to_go)


def _widened(build: Build, columns: Sequence[str], least: int, to: Screen) -> Table:
    """Give the texts of a table all the room that there is."""
    widths = range(least + 1, (to.width or 0) + 1)
    wider = bisect(widths, 0, key=lambda width: not fits(build(cells.short_dollars, columns, width), to))
    return build(cells.short_dollars, columns, least + wider)


def fits(table: Table, to: Screen) -> bool:
    """Whether a table is no wider than the screen."""
    return to.width is None or sum(table.widths()) + len(BETWEEN) * (len(table.columns) - 1) <= to.width


def cut(table: Table) -> list[str]:
    """Say that texts are cut, where some are wider than their columns may be."""
    for column, texts in zip(table.columns, zip(*table.rows, strict=True), strict=False):
        if column.most is not None and max(map(cell_len, texts)) > column.most:
            return ["Some texts are cut: --export csv has them whole, or widen the terminal."]
    return []


def screenful(rows: Sequence[Any], to: Screen) -> Sequence[Any]:
    """Return the rows of a long table that a terminal shows at first; elsewhere all are."""
    return rows if to.height is None or len(rows) <= LONG_TABLE else rows[: max(to.height - ROOM_AROUND, 10)]


def left_out(rows: Sequence[object], shown: Sequence[object], way: str) -> list[str]:
    """Say how many rows are not shown, and the way to see them."""
    more = len(rows) - len(shown)
    return [f"{more:,} more rows: see them with {way}, or use --export csv."] if more else []


def folded(rows: Sequence[Sequence[str]], to: Screen) -> Iterator[str]:
    """Draw rows without a heading; the last text of a row is folded where it is too wide, or put below the others."""
    widths = [max(map(cell_len, texts)) for texts in list(zip(*rows, strict=True))[:-1]]
    indent = sum(widths) + 2 * len(widths)
    for row in rows:
        if to.width is not None and to.width - indent < LEAST_FOLDED:
            yield from wrapped("  ".join(row[:-1]), to.width)
            yield from (INDENT + line for line in wrapped(row[-1], to.width - len(INDENT)))
        else:
            start = "".join(set_cell_size(text, width) + "  " for text, width in zip(row, widths, strict=False))
            first, *others = (wrapped(row[-1], to.width - indent) if to.width else [row[-1]]) or [""]
            yield (start + first).rstrip()
            yield from (" " * indent + line for line in others)


def _aligned(text: str, width: int, dots: str, *, is_text: bool) -> str:
    """Write a text in the cells of its column."""
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - len(dots)) + dots
    return text + " " * (width - size) if is_text else " " * (width - size) + text
