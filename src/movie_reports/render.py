"""Tables for people: readable figures, marks for what is not sure, a total over distinct films."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from movie_reports import cells
from movie_reports.cells import Dollars, Row
from movie_reports.reports import KEYS, MONEY, Report
from movie_reports.words import count

LONG_TABLE = 200
SCREENFUL = 40
ROOM_AROUND = 12
NATURAL_WIDTH = 100_000
NARROW_NAME = 12
FIRST_TO_GO = ("complete", "popularity", "releases", "budget", "revenue", "profit")
NAMES = {"company", "genre"}
LISTED = {
    "companies": ("company", "tmdb_ids", "films", "first_year", "last_year", "budget", "revenue", "complete"),
    "history": (
        "id",
        "started_at",
        "outcome",
        "source",
        "records",
        "movies",
        "duplicates",
        "rejects",
        "films_added",
        "films_changed",
        "films_removed",
    ),
    "rejects": ("file", "line", "reason", "message", "raw"),
    "changes": ("id", "title", "change", "field", "old", "new"),
}

HEADINGS = {
    "tmdb_ids": "TMDB ids",
    "first_year": "First year",
    "last_year": "Last year",
    "started_at": "Started",
    "films_added": "Added",
    "films_changed": "Changed",
    "films_removed": "Removed",
}

Build = Callable[[Dollars, Sequence[str], int | None], Table]
"""Makes a table of the columns named, whose texts are no wider than a number of characters."""


@dataclass
class Sheet:
    """A table, the notes that belong under it, and remarks on what it does not show."""

    table: Table
    notes: list[str]
    remarks: list[str] = field(default_factory=list)


def console(*, no_color: bool = False) -> Console:
    """Return the console for stdout: as wide as the terminal, or as wide as the data where there is none."""
    width = None if sys.stdout.isatty() else NATURAL_WIDTH
    plain = no_color or bool(os.environ.get("NO_COLOR"))
    return Console(width=width, color_system=None if plain else "auto", highlight=False, markup=False, emoji=False)


def report(report: Report, title: str, to: Console, *, all_rows: bool = False) -> tuple[str, list[str]]:
    """Draw a report in the form that suits it.

    Args:
        report: any of the reports.
        title: the heading.
        to: the console that it is drawn for.
        all_rows: draw a long table to its end.

    Returns:
        the text, and remarks on what it does not show and how to see that.
    """
    if report.name in LISTED:
        sheet = _listing(report, to, all_rows=all_rows)
    elif "films" not in report.columns:
        sheet = _figures_sheet(report, to, all_rows=all_rows)
    elif report.parameters["companies"] is None:
        sheet = _genre_list(report, to, all_rows=all_rows)
    else:
        sheet = _genre_grid(report, to)
    with to.capture() as captured:
        to.print(Text(cells.harmless(title), style="bold"))
        to.print()
        to.print(sheet.table)
        to.print()
        to.print(Text("\n".join(map(cells.harmless, sheet.notes)), style="dim"))
    return _without_blanks(captured.get()), sheet.remarks


def facts(title: str, pairs: Sequence[tuple[str, str]], to: Console) -> str:
    """Draw names and values in two columns."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(Text(name), Text(cells.harmless(value)))
    with to.capture() as captured:
        to.print(Text(title, style="bold"))
        to.print(table)
    return _without_blanks(captured.get())


def _without_blanks(text: str) -> str:
    """Take away the blanks that end a line."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _figures_sheet(report: Report, to: Console, *, all_rows: bool) -> Sheet:
    """Make a table of figures, with their total."""
    *rows, total = report.records
    shown = rows if all_rows else _screenful(rows, to)
    is_one = report.parameters.get("companies") is not None
    columns = [column for column in report.columns if column != "company" or not is_one]
    sources = dict(zip(report.columns, report.sources, strict=True))
    leading = str(report.parameters["top_by"]).removeprefix("mean_")
    table, left_out = _fitting(
        lambda dollars, chosen, width: _figures(shown, total, {c: sources[c] for c in chosen}, dollars, width),
        columns,
        [column for column in FIRST_TO_GO if column in columns and column != leading],
        to,
    )
    notes = _legend([*shown, total], columns)
    if report.parameters["top"] is not None:
        notes.append("The total is over all rows, not only the top.")
    remarks = _left_out(rows, shown, "--all, the highest with --top 10")
    if left_out:
        remarks.append(f"Too narrow for {', '.join(left_out)}: choose with --metric, or widen the terminal.")
    return Sheet(table, notes, remarks)


def _figures(rows: Sequence[Row], total: Row, sources: Mapping[str, str], dollars: Dollars, width: int | None) -> Table:
    marked = {
        column
        for column in sources
        if column in MONEY and any(cells.is_incomplete(row, column) for row in [*rows, total])
    }

    def text(row: Row, column: str) -> str:
        if column in KEYS:
            return cells.key(column, row[column])
        found = cells.figure(row, column, row[sources[column]], dollars, is_money=column in MONEY)
        return found if column not in marked or found.endswith(cells.MARK) else f"{found} "

    means = any(source.startswith("mean_") for source in sources.values())
    table = _table(show_footer=True)
    for number, (column, source) in enumerate(sources.items()):
        heading = f"Mean {column}" if source.startswith("mean_") else column.capitalize()
        footer = ("All" if means else "Total") if number == 0 else "" if column in KEYS else text(total, column)
        _add_column(table, heading, footer, is_text=column in NAMES, width=width)
    for row in rows:
        table.add_row(*(Text(text(row, column)) for column in sources))
    return table


def _legend(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """Explain what stands in a table: the mark, the dash, and what the total counts; the last row is the total."""
    money = [column for column in columns if column in MONEY]
    lines = []
    if any(cells.is_incomplete(row, column) for row in rows for column in money):
        lines.append(f"{cells.MARK} not known of all films in the row; Complete counts those with budget and revenue.")
    if any(row[column] is None for row in rows for column in money):
        lines.append(f"{cells.UNKNOWN} not known of any.")
    lines.append(f"Total: {count(rows[-1]['releases'], 'distinct film')}, each counted once.")
    return lines


def _genre_grid(report: Report, to: Console) -> Sheet:
    """Make a grid of years and genres, the distinct films beside it; a list, where that would be too wide."""
    rows = [row for row in report.records if not row["is_total"]]
    totals = {row["genre"]: row["releases"] for row in report.records if row["is_total"]}
    genres = sorted(totals, key=lambda genre: (genre is None, genre))
    table = _table(show_footer=True)
    _add_column(table, "Year", "Total")
    _add_column(table, "Films", f"{report.records[-1]['films']:,}")
    for genre in genres:
        _add_column(table, cells.key("genre", genre), f"{totals[genre]:,}")
    for year, found in groupby(rows, key=lambda row: row["year"]):
        here = list(found)
        counts = {row["genre"]: f"{row['releases']:,}" for row in here}
        table.add_row(cells.key("year", year), f"{here[0]['films']:,}", *(counts.get(genre, "") for genre in genres))
    if not _fits(table, to):
        return _genre_list(report, to, all_rows=True)
    return Sheet(table, ["A film with three genres counts in three columns; Films counts each film once."])


def _genre_list(report: Report, to: Console, *, all_rows: bool) -> Sheet:
    """Make a list of releases, a row for each company, year and genre."""
    rows = report.rows()
    shown = rows if all_rows else _screenful(rows, to)
    is_one = report.parameters["companies"] is not None
    numbers = [number for number, column in enumerate(report.columns) if column != "company" or not is_one]

    def build(_: Dollars, chosen: Sequence[str], width: int | None) -> Table:
        table = _table()
        for column in chosen:
            _add_column(table, column.capitalize(), is_text=column in NAMES, width=width)
        for row in shown:
            pairs = [(report.columns[number], row[number]) for number in numbers]
            table.add_row(*(Text(cells.key(name, value) if name in KEYS else f"{value:,}") for name, value in pairs))
        return table

    table, _ = _fitting(build, [report.columns[number] for number in numbers], [], to)
    return Sheet(table, ["Films counts each film of the company and year once."], _left_out(rows, shown, "--all"))


def _listing(report: Report, to: Console, *, all_rows: bool) -> Sheet:
    """Make a table of rows as they are: of a wide report what a person needs, of a long text its beginning."""
    rows = report.records
    shown = rows if all_rows else _screenful(rows, to)
    columns = LISTED[report.name]

    def build(dollars: Dollars, chosen: Sequence[str], width: int | None) -> Table:
        table = _table()
        for column in chosen:
            is_text = not any(isinstance(row[column], int) for row in shown)
            heading = HEADINGS.get(column, column.capitalize())
            _add_column(table, heading, is_text=is_text, width=width)
        for row in shown:
            table.add_row(*(Text(_plain(row, column, dollars)) for column in chosen))
        return table

    table, left_out = _fitting(build, columns, columns[:1:-1], to)
    notes = [f"{row['id']} {row['outcome']}: {row['reason']}" for row in shown if "outcome" in row and row["reason"]]
    remarks = _left_out(rows, shown, "--all")
    if left_out or any(len(str(row[column])) > cells.LONG_TEXT for row in shown for column in columns):
        remarks.append("Some columns or texts are cut: --export has them whole.")
    return Sheet(table, notes, remarks)


def _plain(row: Row, column: str, dollars: Dollars) -> str:
    if column not in MONEY:
        return cells.plain(row[column])
    return cells.UNKNOWN if row[column] is None else dollars(row[column])


def _table(*, show_footer: bool = False) -> Table:
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, show_footer=show_footer)
    table.header_style = table.footer_style = "bold"
    return table


def _add_column(
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


def _fitting(build: Build, columns: Sequence[str], first_to_go: Sequence[str], to: Console) -> tuple[Table, list[str]]:
    """Build a table for the width there is: in full, else with dollars to a scale, shorter texts, fewer columns.

    Returns:
        the table, and the columns that had to go.
    """
    table = build(cells.full_dollars, columns, None)
    if _fits(table, to):
        return table, []
    for number in range(len(first_to_go) + 1):
        chosen = [column for column in columns if column not in first_to_go[:number]]
        table = build(cells.short_dollars, chosen, NARROW_NAME)
        if _fits(table, to):
            wider = to.width - _width(table, to)
            return build(cells.short_dollars, chosen, NARROW_NAME + wider), [c for c in columns if c not in chosen]
    return table, list(first_to_go)


def _fits(table: Table, to: Console) -> bool:
    return to.width >= NATURAL_WIDTH or _width(table, to) <= to.width


def _width(table: Table, to: Console) -> int:
    return Measurement.get(to, to.options.update(width=NATURAL_WIDTH), table).maximum


def _screenful(rows: Sequence[Any], to: Console) -> Sequence[Any]:
    if len(rows) <= LONG_TABLE:
        return rows
    return rows[: max(to.height - ROOM_AROUND, 10) if to.is_terminal else SCREENFUL]


def _left_out(rows: Sequence[object], shown: Sequence[object], way: str) -> list[str]:
    more = len(rows) - len(shown)
    return [f"{more:,} more rows: see them with {way}, or use --export csv."] if more else []
