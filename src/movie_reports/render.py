"""Tables for people, on stdout: readable figures, marks for what is not sure, a total over distinct films."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Literal

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from movie_reports import cells
from movie_reports.cells import Dollars, Row
from movie_reports.reports import KEYS, MONEY, Report

LONG_TABLE = 200
SCREENFUL = 40
ROOM_AROUND = 12
NATURAL_WIDTH = 100_000
LISTED = {
    "history": (
        "id",
        "started_at",
        "outcome",
        "records",
        "movies",
        "duplicates",
        "rejects",
        "films_added",
        "films_changed",
        "films_removed",
        "source",
    ),
    "rejects": ("file", "line", "reason", "message", "raw"),
    "changes": ("id", "title", "change", "field", "old", "new"),
}


def console(*, no_color: bool = False) -> Console:
    """Return the console for stdout: as wide as the terminal, or as wide as the data where there is none."""
    width = None if sys.stdout.isatty() else NATURAL_WIDTH
    return Console(width=width, no_color=no_color or None, highlight=False, markup=False, emoji=False)


def report(report: Report, title: str, to: Console, *, all_rows: bool = False) -> None:
    """Print a report in the form that suits it.

    Args:
        report: any of the reports.
        title: the heading.
        to: where it is printed.
        all_rows: print a long table to its end.
    """
    if report.name in LISTED:
        _listing(report, title, to, all_rows=all_rows)
    elif "films" not in report.columns:
        _figures_report(report, title, to, all_rows=all_rows)
    elif report.parameters["companies"] is None:
        _genre_list(report, title, to, all_rows=all_rows)
    else:
        _genre_grid(report, title, to)


def _figures_report(report: Report, title: str, to: Console, *, all_rows: bool) -> None:
    """Print a report of figures, with its total."""
    rows = [row for row in report.records if not row["is_total"]]
    total = report.records[-1]
    shown = rows if all_rows or len(rows) <= LONG_TABLE else rows[: _screenful(to)]
    one_company = len({row.get("company") for row in rows}) == 1
    columns = [column for column in report.columns if column != "company" or not one_company]
    sources = dict(zip(report.columns, report.sources, strict=True))
    table = _that_fits(lambda dollars: _figures(shown, total, columns, sources, dollars), to)
    notes = [*_left_out(len(rows) - len(shown)), *_legend([*shown, total], columns)]
    if report.parameters["top"] is not None:
        notes.append("The total is over all rows, not only the top.")
    _print(title, table, notes, to)


def _figures(
    rows: Sequence[Row], total: Row, columns: Sequence[str], sources: Mapping[str, str], dollars: Dollars
) -> Table:
    marked = {
        column
        for column in columns
        if column in MONEY and any(cells.is_incomplete(row, column) for row in [*rows, total])
    }

    def text(row: Row, column: str) -> str:
        if column in KEYS:
            return cells.key(column, row[column])
        found = cells.figure(row, column, row[sources[column]], dollars, is_money=column in MONEY)
        return found if column not in marked or found.endswith(cells.MARK) else f"{found} "

    table = _table(show_footer=True)
    for number, column in enumerate(columns):
        heading = f"Mean {column}" if sources[column].startswith("mean_") else column.capitalize()
        footer = "Total" if number == 0 else "" if column in KEYS else text(total, column)
        _add_column(table, heading, footer, is_text=column in {"company", "genre"})
    for row in rows:
        table.add_row(*(Text(text(row, column)) for column in columns))
    return table


def _legend(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """Explain what stands in a table: the mark, the dash, and what the total counts; the last row is the total."""
    money = [column for column in columns if column in MONEY]
    lines = []
    if any(cells.is_incomplete(row, column) for row in rows for column in money):
        lines.append(f"{cells.MARK} not known of all films in the row; Complete counts those with budget and revenue.")
    if any(row[column] is None for row in rows for column in money):
        lines.append(f"{cells.UNKNOWN} not known of any.")
    films = rows[-1]["releases"]
    lines.append(f"Total: {films:,} distinct {'film' if films == 1 else 'films'}, each counted once.")
    return lines


def _genre_grid(report: Report, title: str, to: Console) -> None:
    """Print releases of one company as a grid of years and genres, the distinct films beside it."""
    rows = [row for row in report.records if not row["is_total"]]
    totals = {row["genre"]: row["releases"] for row in report.records if row["is_total"]}
    genres = sorted(totals, key=lambda genre: (genre is None, genre))
    table = _table(show_footer=True)
    _add_column(table, "Year", "Total")
    _add_column(table, "Films", f"{report.records[-1]['films']:,}")
    for genre in genres:
        _add_column(table, cells.key("genre", genre), f"{totals[genre]:,}", fold=True)
    for year, found in groupby(rows, key=lambda row: row["year"]):
        here = list(found)
        counts = {row["genre"]: f"{row['releases']:,}" for row in here}
        table.add_row(cells.key("year", year), f"{here[0]['films']:,}", *(counts.get(genre, "") for genre in genres))
    _print(title, table, ["A film with three genres counts in three columns; Films counts each film once."], to)


def _genre_list(report: Report, title: str, to: Console, *, all_rows: bool) -> None:
    """Print releases of several companies, a row for each company, year and genre."""
    rows = report.rows()
    shown = rows if all_rows or len(rows) <= LONG_TABLE else rows[: _screenful(to)]
    table = _table()
    for column in report.columns:
        _add_column(table, column.capitalize(), is_text=column in {"company", "genre"})
    for row in shown:
        pairs = zip(report.columns, row, strict=True)
        table.add_row(*(Text(cells.key(name, value) if name in KEYS else f"{value:,}") for name, value in pairs))
    notes = [*_left_out(len(rows) - len(shown)), "Films counts each film of the company and year once."]
    _print(title, table, notes, to)


def _listing(report: Report, title: str, to: Console, *, all_rows: bool) -> None:
    """Print rows as they are: of a wide report the columns that a person needs, of a long text its beginning."""
    rows = report.records
    shown = rows if all_rows or len(rows) <= LONG_TABLE else rows[: _screenful(to)]
    table = _table()
    columns = LISTED[report.name]
    for column in columns:
        is_text = not any(isinstance(row[column], int) for row in shown)
        _add_column(table, column.removeprefix("films_").replace("_", " ").capitalize(), is_text=is_text)
    for row in shown:
        table.add_row(*(Text(cells.plain(row[column])) for column in columns))
    notes = _left_out(len(rows) - len(shown))
    notes += [
        f"Ingest {row['id']} {row['outcome']}: {row['reason']}" for row in shown if "outcome" in row and row["reason"]
    ]
    if any(len(str(row[column])) > cells.LONG_TEXT for row in shown for column in columns):
        notes.append("Long texts are cut; --export has them whole.")
    _print(title, table, [cells.harmless(note) for note in notes], to)


def _print(title: str, table: Table, notes: Sequence[str], to: Console) -> None:
    to.print(Text(cells.harmless(title), style="bold"))
    to.print()
    to.print(table)
    to.print()
    to.print(Text("\n".join(notes), style="dim"), soft_wrap=not to.is_terminal)


def facts(title: str, pairs: Sequence[tuple[str, str]], to: Console) -> None:
    """Print names and values in two columns."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(Text(name), Text(cells.harmless(value)))
    to.print(Text(title, style="bold"))
    to.print(table)


def _table(*, show_footer: bool = False) -> Table:
    return Table(
        box=box.SIMPLE,
        show_edge=False,
        pad_edge=False,
        header_style="bold",
        footer_style="bold",
        show_footer=show_footer,
    )


def _add_column(table: Table, heading: str, footer: str = "", *, is_text: bool = False, fold: bool = False) -> None:
    side: Literal["left", "right"] = "left" if is_text else "right"
    table.add_column(Text(heading), Text(footer), justify=side, overflow="fold", no_wrap=not is_text and not fold)


def _that_fits(build: Callable[[Dollars], Table], to: Console) -> Table:
    """Build a table with dollars in full, or to a scale where those would be too wide."""
    table = build(cells.full_dollars)
    wide = Measurement.get(to, to.options.update(width=NATURAL_WIDTH), table).maximum > to.width
    return build(cells.short_dollars) if wide else table


def _screenful(to: Console) -> int:
    return max(to.height - ROOM_AROUND, 10) if to.is_terminal else SCREENFUL


def _left_out(rows: int) -> list[str]:
    return [f"{rows:,} more rows: see them with --all, the highest with --top 10, or use --export csv."] if rows else []
