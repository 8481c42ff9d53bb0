"""Tables of one figure in two directions: periods down, genres or companies across."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, cast

from movie_reports.render import values as cells
from movie_reports.render.table import Column, Screen, Sheet, Table, cut, fits, fitting, left_out, screenful
from movie_reports.render.values import Dollars, Row
from movie_reports.reports.catalog import KEYS, METRICS, MONEY
from movie_reports.reports.report import Report
from movie_reports.text import wrapped

NAMES = {"company", "genre"}
HEADING = 16


def by_genre(report: Report, to: Screen) -> Sheet:
    """Make a grid of periods and genres, the distinct films beside it; a list, where that would be too wide."""
    rows = report.groups
    totals = {row["genre"]: row["releases"] for row in report.records if row["is_total"]}
    genres = sorted(totals, key=lambda genre: (genre is None, genre))
    columns = [Column(report.by.capitalize(), "Total"), Column("Films", f"{report.records[-1]['films']:,}")]
    columns += [Column(cells.key("genre", genre), f"{totals[genre]:,}") for genre in genres]
    texts = []
    for period, found in _periods(report, rows):
        counts = {row["genre"]: f"{row['releases']:,}" for row in found}
        texts.append([period, f"{found[0]['films']:,}", *(counts.get(genre, "") for genre in genres)])
    table = Table(columns, texts, has_footer=True)
    if not fits(table, to):
        return genre_list(report, to, all_rows=True)
    return Sheet(table, ["A film with three genres counts in three columns; Films counts each film once."])


def genre_list(report: Report, to: Screen, *, all_rows: bool) -> Sheet:
    """Make a list of releases, a row for each company, period and genre."""
    rows = as_named(report, report.groups)
    shown = rows if all_rows else screenful(rows, to)
    columns = [column for column in report.columns if column != "company" or not report.is_one]

    def build(_: Dollars, chosen: Sequence[str], width: int | None) -> Table:
        drawn = [
            Column(column.capitalize(), "", column in NAMES, width if column in NAMES else None) for column in chosen
        ]
        return Table(drawn, [[_cell(column, row[report.sources[column]]) for column in chosen] for row in shown])

    table, _ = fitting(build, columns, [], to)
    remarks = [*left_out(rows, shown, "--all"), *cut(table)]
    return Sheet(table, ["Films counts each film of the row's company and period once."], remarks)


def comparison(report: Report, to: Screen) -> Sheet | None:
    """Make a grid of periods and the companies or genres compared, of one figure.

    Returns:
        None where nothing is compared, there are several figures, or it would be too wide.
    """
    name = "company" if report.name == "company" else "genre"
    named = report.parameters["companies" if name == "company" else "genres"]
    metrics = [column for column in report.columns if column in METRICS]
    is_compared = isinstance(named, list) and len(named) > 1 and not report.is_one
    if not is_compared or len(metrics) != 1 or report.by == "all" or report.parameters["top"] is not None:
        return None
    rows = report.groups
    totals = sorted(report.totals().groups, key=lambda row: cast("list[str]", named).index(row[name]))
    for dollars in (cells.full_dollars, cells.short_dollars):
        table = _compared(report, (name, metrics[0]), rows, totals, dollars)
        if fits(table, to):
            mean = "mean " if report.sources[metrics[0]] != metrics[0] else ""
            notes = [*legend(report, [*rows, *totals], metrics), *beyond(report)]
            return Sheet(table, notes, about=f": {mean}{metrics[0]}")
    return None


def _compared(
    report: Report, columns: tuple[str, str], rows: Sequence[Row], totals: Sequence[Row], dollars: Dollars
) -> Table:
    name, metric = columns
    is_marked = metric in MONEY and any(cells.is_incomplete(row, metric) for row in [*rows, *totals])

    def text(row: Row | None) -> str:
        if row is None:
            return ""
        found = cells.figure(row, metric, row[report.sources[metric]], dollars, is_money=metric in MONEY)
        return cells.aligned(found, is_marked=is_marked)

    adds_up = report.sources[metric] == metric != "popularity"
    drawn = [Column(report.by.capitalize(), "Total" if adds_up else "All")]
    drawn += [Column("\n".join(wrapped(cells.key(name, total[name]), HEADING)), text(total)) for total in totals]
    texts = []
    for period, found in _periods(report, rows):
        here = {row[name]: row for row in found}
        texts.append([period, *(text(here.get(total[name])) for total in totals)])
    return Table(drawn, texts, has_footer=True)


def legend(report: Report, rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """Explain the mark and the dash, where they stand in a table of such rows and columns."""
    money = [column for column in columns if column in MONEY]
    figures = [(row, column, row[report.sources[column]]) for row in rows for column in columns if column in METRICS]
    lines = []
    if any(
        value is not None and column in money and cells.is_incomplete(row, column) for row, column, value in figures
    ):
        lines.append(f"{cells.MARK} not known for every film counted.")
    if any(value is None for _, _, value in figures):
        lines.append(f"{cells.UNKNOWN} not known for any.")
    if "complete" in columns and (lines or not money):
        lines.append("Complete counts films whose budget and revenue are both known.")
    return lines


def beyond(report: Report) -> list[str]:
    """Say that a total counts more than its rows, where it does."""
    if report.parameters["top"] is None and report.parameters["min_films"] == 1:
        return []
    return ["The total is over all films within the limits, not only those of the rows above."]


def as_named(report: Report, rows: Sequence[Row]) -> list[Row]:
    """Put companies that were asked for by name in the order in which they were named."""
    named = report.parameters.get("companies")
    if not isinstance(named, list) or report.is_one or report.name == "films" or report.parameters.get("top"):
        return list(rows)
    return sorted(rows, key=lambda row: named.index(row["company"]))


def by_period(rows: Sequence[Row]) -> list[Row]:
    """Sort rows by period, within it as they are; those without a date stand last."""
    return sorted(rows, key=lambda row: (row["year"] is None, row["year"] or 0, row["period"] or ""))


def _periods(report: Report, rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    source = report.sources[report.by]
    groups = groupby(by_period(rows), key=lambda row: row[source])
    return [(cells.key(report.by, period), list(found)) for period, found in groups]


def _cell(column: str, value: Any) -> str:  # noqa: ANN401
    return cells.key(column, value) if column in KEYS else f"{value:,}"
