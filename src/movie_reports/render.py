"""Tables for people, on stdout: readable figures, marks for what is not sure, a total over distinct films."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

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
    if "films" not in report.columns:
        _figures_report(report, title, to, all_rows=all_rows)
    elif report.parameters["companies"] is None:
        _genre_list(report, title, to, all_rows=all_rows)
    else:
        _genre_grid(report, title, to)


def _figures_report(report: Report, title: str, to: Console, *, all_rows: bool) -> None:
    """Print a report of figures, with its total."""
    records = report.records
    rows = [row for row in records if not row["is_total"]]
    shown = rows if all_rows or len(rows) <= LONG_TABLE else rows[: _screenful(to)]
    columns = [column for column in report.columns if column != "company" or len({row["company"] for row in rows}) > 1]
    sources = dict(zip(report.columns, report.sources, strict=True))
    printed = [*shown, *(row for row in records if row["is_total"])]
    table = _that_fits(lambda dollars: _figures(printed, columns, sources, dollars), to)
    to.print(Text(title, style="bold"))
    to.print(table)
    to.print("\n".join([*_left_out(len(rows) - len(shown)), *_legend(printed, columns)]), style="dim")


def _figures(rows: Sequence[Row], columns: Sequence[str], sources: dict[str, str], dollars: Dollars) -> Table:
    table = _table()
    for column in columns:
        is_mean = sources[column].startswith("mean_")
        _add_column(table, f"Mean {column}" if is_mean else column.capitalize(), is_text=column in {"company", "genre"})
    marked = {c for c in columns if c in MONEY and any(cells.is_incomplete(row, c) for row in rows)}
    for row in rows:
        texts = []
        for column in columns:
            if column in KEYS:
                texts.append("" if row["is_total"] else cells.key(column, row[column]))
                continue
            text = cells.figure(row, column, row[sources[column]], dollars, is_money=column in MONEY)
            texts.append(text if column not in marked or text.endswith(cells.MARK) else f"{text} ")
        if row["is_total"]:
            table.add_section()
            texts[0] = "Total"
        table.add_row(*map(Text, texts), style="bold" if row["is_total"] else "")
    return table


def _legend(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """Explain what stands in a table: the mark, the dash, and what the total counts."""
    money = [column for column in columns if column in MONEY]
    lines = []
    if any(cells.is_incomplete(row, column) for row in rows for column in money):
        lines.append(f"{cells.MARK} some films of the row have no known figure; Complete counts those with both.")
    if any(row[column] is None for row in rows for column in money):
        lines.append(f"{cells.UNKNOWN} not known")
    films = next(row["releases"] for row in rows if row["is_total"])
    lines.append(f"Total: {films:,} distinct {'film' if films == 1 else 'films'}, each counted once.")
    return lines


def _genre_grid(report: Report, title: str, to: Console) -> None:
    """Print releases of one company as a grid of years and genres, the distinct films beside it."""
    records = report.records
    totals = {row["genre"]: row["releases"] for row in records if row["is_total"]}
    genres = sorted(totals, key=lambda genre: (genre is None, genre))
    table = _table()
    _add_column(table, "Year")
    _add_column(table, "Films")
    for genre in genres:
        _add_column(table, cells.key("genre", genre), fold=True)
    years = dict.fromkeys(row["year"] for row in records if not row["is_total"])
    for year in years:
        here = [row for row in records if not row["is_total"] and row["year"] == year]
        counts = {row["genre"]: f"{row['releases']:,}" for row in here}
        table.add_row(cells.key("year", year), f"{here[0]['films']:,}", *(counts.get(genre, "") for genre in genres))
    table.add_section()
    films = next(row["films"] for row in records if row["is_total"])
    table.add_row("Total", f"{films:,}", *(f"{totals[genre]:,}" for genre in genres), style="bold")
    to.print(Text(title, style="bold"))
    to.print(table)
    to.print("A film with three genres counts in three columns; Films counts each film once.", style="dim")


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
    to.print(Text(title, style="bold"))
    to.print(table)
    to.print(
        "\n".join([*_left_out(len(rows) - len(shown)), "Films counts each film of the company and year once."]),
        style="dim",
    )


def facts(title: str, pairs: Sequence[tuple[str, str]], to: Console) -> None:
    """Print names and values in two columns."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(Text(name), Text(cells.harmless(value)))
    to.print(Text(title, style="bold"))
    to.print(table)


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")


def _add_column(table: Table, heading: str, *, is_text: bool = False, fold: bool = False) -> None:
    table.add_column(
        Text(heading), justify="left" if is_text else "right", overflow="fold", no_wrap=not is_text and not fold
    )


def _that_fits(build: Callable[[Dollars], Table], to: Console) -> Table:
    """Build a table with dollars in full, or to a scale where those would be too wide."""
    table = build(cells.full_dollars)
    wide = Measurement.get(to, to.options.update(width=NATURAL_WIDTH), table).maximum > to.width
    return build(cells.short_dollars) if wide else table


def _screenful(to: Console) -> int:
    return max(to.height - ROOM_AROUND, 10) if to.is_terminal else SCREENFUL


def _left_out(rows: int) -> list[str]:
    return [f"{rows:,} more rows: see them with --all, the highest with --top 10, or use --export csv."] if rows else []
