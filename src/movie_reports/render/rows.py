"""A report as a table with a row for each of its rows: readable figures, and a total over distinct films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from movie_reports.render import values
from movie_reports.render.table import BAR, Sheet, Table
from movie_reports.render.values import Dollars, Row
from movie_reports.reports.catalog import Shape
from movie_reports.reports.choices import POPULARITY, Metric, Popularity
from movie_reports.reports.columns import Column, Kind
from movie_reports.reports.report import Report, meaning
from movie_reports.reports.title import is_of_all_names, order
from movie_reports.text import count, harmless

FILMS_ONCE = "Films counts each film once, however many genres it has."
COUNTED = {Popularity.votes, Popularity.ratings}
INTEGERS = {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")}
NUMBERS = {*INTEGERS, "INTEGER", "UINTEGER", "FLOAT", "DOUBLE", "DECIMAL"}
"""The types of DuckDB whose values are right-aligned."""


def sheet(report: Report) -> Sheet:
    """Return the rows of a report, how to build a table from them, and the notes on it."""
    columns = _columns(report)
    total = report.total if report.spec.shape in {Shape.figures, Shape.films} else None

    def build(shown: Sequence[Row], dollars: Dollars) -> Table:
        texts = [_texts(report, column, shown, total or {}, dollars) for column in columns]
        footer, *lines = map(list, zip(*texts, strict=True))
        if total is None or columns[0].is_metric:
            return Table(columns, lines)
        return Table(columns, lines, [_label(report), *footer[1:]])

    def notes(shown: Sequence[Row]) -> list[str]:
        return [*_outcomes(report, shown), *_about_figures(report, total)]

    return Sheet(report.records, build, notes, order(report))


def _texts(report: Report, column: Column, rows: Sequence[Row], total: Row, dollars: Dollars) -> list[str]:
    """Write a column: its total, or nothing, and its values."""
    if column == BAR:
        return ["", *values.bars([row[report.ranking] for row in rows])]
    footer = values.cell(total, _of_total(column), dollars) if column.name in total else ""
    return values.aligned([footer, *(values.cell(row, column, dollars) for row in rows)])


def _columns(report: Report) -> list[Column]:
    """Return the columns of a table, with their headings; a single figure gets a bar."""
    if report.relation is not None:
        return _as_named(report)
    is_titled = report.has_one_name and report.spec.shape is not Shape.names
    named = report.spec.subject.name if report.spec.subject and is_titled else None
    found = []
    for column in report.columns:
        if column.shown and column.name != named:
            found.append(_headed(report, column))
        if report.request.metrics == (column.name,) and len(report.records) > 1:
            found.append(BAR)
    return found


def _headed(report: Report, column: Column) -> Column:
    """Return a column with the heading that suits the request; the figure that ranks the rows is always shown."""
    request = report.request
    if column.name == Metric.popularity:
        is_count = report.spec.shape is Shape.films and request.popularity in COUNTED
        kind = Kind.tally if is_count else column.kind
        column = replace(column, heading=POPULARITY[request.popularity][1], kind=kind)
    if request.average and column.kind is Kind.money:
        column = replace(column, heading=f"Mean {column.name}")
    is_ranking = report.spec.has_figures and column.name == report.ranking
    orders = request.metrics or request.limit or order(report)
    return replace(column, drop=0) if is_ranking and orders else column


def _of_total(column: Column) -> Column:
    """Return a column for its total: a count if films have yes or no, a mean if they have counts."""
    if column.kind is Kind.flag:
        return replace(column, kind=Kind.tally)
    return replace(column, kind=Kind.figure) if column.name == Metric.popularity else column


def _as_named(report: Report) -> list[Column]:
    """Return the columns of a statement of the user by their names; the last are dropped first."""
    types = report.relation.types if report.relation else []
    kinds = [Kind.number if str(each).partition("(")[0] in NUMBERS else Kind.text for each in types]
    return [
        replace(column, heading=harmless(column.name), kind=kind, drop=len(kinds) - place if place else 0)
        for place, (column, kind) in enumerate(zip(report.columns, kinds, strict=True))
    ]


def _label(report: Report) -> str:
    return "All" if report.request.average else "Total"


def _outcomes(report: Report, rows: Sequence[Row]) -> list[str]:
    """Say why ingests ended as they did."""
    if report.relation is not None or not {"outcome", "reason"} <= {*report.names}:
        return []
    return [f"{row['id']} {row['outcome']}: {row['reason']}" for row in rows if row["reason"]]


def _about_figures(report: Report, total: Row | None) -> list[str]:
    """Say what counts of films and totals cover, and what popularity means if it is not the TMDB figure."""
    notes = [FILMS_ONCE] if report.spec.shape is Shape.by_genre else []
    if total is not None:
        notes.append(_about_total(report, total))
    is_tmdb = report.request.popularity is Popularity.popularity
    if report.spec.has_figures and Metric.popularity in report.names and not is_tmdb:
        mean = "" if report.spec.shape is Shape.films else "the mean, over the films of the row, of "
        notes.append(f"Popularity here is {mean}the {meaning(report)}.")
    return notes


def _about_total(report: Report, total: Row) -> str:
    text = f"{_label(report)}: {count(total['releases'], 'distinct film')}, each counted once"
    if is_of_all_names(report) and report.spec.subject:
        text += f"; films without a {report.spec.subject.name} are left out"
    return " ".join([f"{text}.", *beyond(report)])


def beyond(report: Report) -> list[str]:
    """Say that a total covers more than the rows above it, if it does."""
    if report.request.limit is None and report.request.min_films == 1:
        return []
    return ["The total covers all films that match the filters, not only those of the rows shown."]
