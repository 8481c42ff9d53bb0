"""Tables, and which of their columns fit a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from movie_reports.render import values
from movie_reports.render.values import Dollars
from movie_reports.reports.columns import Column, Kind

LEFT = {Kind.name, Kind.period, Kind.text, Kind.time}
NARROW, SHORT_BAR = 12, 8
BETWEEN = "   "
BAR = Column("bar", "string", "", heading=" ", drop=1)


@dataclass(frozen=True)
class Screen:
    """Where tables are shown; without a terminal they are as wide as their data."""

    width: int | None = None
    height: int | None = None
    styled: bool = False
    encoding: str = "utf-8"

    @property
    def is_legacy(self) -> bool:
        """Whether its encoding is older than Unicode."""
        return not self.encoding.startswith("utf")

    def encodable(self, text: str) -> str:
        """Write a text in characters of the encoding."""
        return values.in_encoding(self.encoding, text) if self.is_legacy else text


@dataclass(frozen=True)
class Table:
    """Columns, the texts of their rows, and those of the total, if there is one."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    footer: Sequence[str] = ()

    @cached_property
    def texts(self) -> list[tuple[str, ...]]:
        """The texts of each column, with that of the total last, if there is one."""
        rows = [*self.rows, self.footer] if self.footer else self.rows
        return list(zip(*rows, strict=True)) or [()] * len(self.columns)

    @cached_property
    def widths(self) -> list[int]:
        """The full width of each column, in terminal cells."""
        return [
            max(map(width, (*column.title.split("\n"), *texts)))
            for column, texts in zip(self.columns, self.texts, strict=True)
        ]

    @property
    def width(self) -> int:
        """The full width, in terminal cells."""
        return _with_gaps(self.widths)

    def least(self, to: int) -> int:
        """Return the cells it needs on a screen of width `to`: figures are uncut, and each key has a share of it."""
        keys = sum(column.kind in LEFT and not column.drop for column in self.columns)
        share = max(to // (keys + 1), NARROW)
        least = []
        for column, full in zip(self.columns, self.widths, strict=True):
            cut = SHORT_BAR if column == BAR else NARROW if column.drop else share
            least.append(min(full, cut) if column == BAR or may_be_cut(column) else full)
        return _with_gaps(least)

    def without(self, gone: Column) -> Table:
        """Return the table without a column."""
        places = [place for place, column in enumerate(self.columns) if column is not gone]

        def kept(row: Sequence[str]) -> list[str]:
            return [row[place] for place in places]

        columns = [self.columns[place] for place in places]
        footer = [self.footer[0], *kept(self.footer)[1:]] if self.footer else ()  # its label stays
        return Table(columns, list(map(kept, self.rows)), footer)

    def with_shorter_bars(self, to: int) -> Table:
        """Return the table with bars that leave room for the other columns."""
        if BAR not in self.columns or self.width <= to:
            return self
        place = self.columns.index(BAR)
        full = self.widths[place]
        share = max(full - (self.width - to), SHORT_BAR) / full
        rows = [[*row[:place], row[place][: round(len(row[place]) * share)], *row[place + 1 :]] for row in self.rows]
        return replace(self, rows=rows)

    def written(self, to: Screen) -> Table:
        """Return the table in characters of the encoding of a screen."""
        if not to.is_legacy:
            return self
        columns = [replace(column, heading=to.encodable(column.title)) for column in self.columns]
        rows = [list(map(to.encodable, row)) for row in self.rows]
        return Table(columns, rows, list(map(to.encodable, self.footer)))


def may_be_cut(column: Column) -> bool:
    """Whether the texts of a column may be cut; figures, dates and bars may not."""
    return column.kind in {Kind.name, Kind.text} and column != BAR


def width(text: str) -> int:
    """Return how many terminal cells a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 (seldom needed in a pipe)

    return cell_len(text)


def fitted(build: Callable[[Dollars], Table], to: Screen) -> tuple[Table, list[Column]]:
    """Return a table that fits the screen: in full, or else with abbreviated dollars and only the columns that fit.

    Its longest texts may still have to be cut. The columns that were dropped are returned too.
    """
    table = build(values.full_dollars)
    if to.width is None or table.width <= to.width:
        return table, []
    whole = table = build(values.short_dollars)
    for column in sorted((column for column in whole.columns if column.drop), key=lambda column: column.drop):
        if table.least(to.width) <= to.width:
            break
        table = table.without(column)
    gone = [column for column in whole.columns if column not in table.columns and column != BAR]
    return table.with_shorter_bars(to.width), gone


def _with_gaps(widths: Sequence[int]) -> int:
    return sum(widths) + len(BETWEEN) * (len(widths) - 1)
