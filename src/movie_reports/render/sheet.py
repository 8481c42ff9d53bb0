"""What a table shows of a report: a row for each of its rows, or a grid of one figure by period and name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from movie_reports.render import values
from movie_reports.render.table import BAR, Screen, Table
from movie_reports.render.values import Dollars, Row
from movie_reports.reports import behind
from movie_reports.reports.catalog import Shape
from movie_reports.reports.columns import FILMS, PERIOD_COLUMNS, Column, Kind
from movie_reports.reports.report import Report, meaning
from movie_reports.reports.requests.choices import COMPARED, POPULARITY, Metric, Period, Popularity
from movie_reports.reports.requests.request import Request
from movie_reports.reports.subjects import SUBJECTS
from movie_reports.reports.title import in_a_sentence, is_of_all_names, measure, order
from movie_reports.text import count, harmless, wrapped

FILMS_ONCE = "Films counts each film once, however many genres it has."
COUNTED = {Popularity.votes, Popularity.ratings}
INTEGERS = {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")}
NUMBERS = {*INTEGERS, "INTEGER", "UINTEGER", "FLOAT", "DOUBLE", "DECIMAL"}
"""The types of DuckDB whose values are right-aligned."""

KEYS = tuple(subject.name for subject in SUBJECTS)
HEADING = 16  # cells of a line in the heading of a compared name
Line = tuple[Any, list[dict[str, Any]]]
"""A period, and the rows of the report in it."""


@dataclass(frozen=True)
class Sheet:
    """The material for a table.

    Attributes:
        rows: all rows, in the form that `build` takes.
        build: makes a table of some of the rows, given how to write dollars.
        notes: returns the notes on a table of some of the rows.
        about: what the heading says after the title.
        films: returns for each column the films behind its figure in a row, or with None in the total.
    """

    rows: Sequence[Any]
    build: Callable[[Sequence[Any], Dollars], Table]
    notes: Callable[[Sequence[Any]], Sequence[str]]
    about: str = ""
    films: Callable[[Any], Sequence[Request | None]] = lambda _: ()


def sheet(report: Report, to: Screen) -> Sheet:
    """Return the material for a table of a report: a grid if its names read better as columns than as rows."""
    if report.request.by is Period.all:
        return _rows(report)
    if report.spec.shape is Shape.by_genre and report.has_one_name:
        return _genres(report)
    return _comparison(report, to) or _rows(report)


def _rows(report: Report) -> Sheet:
    """Make a row for each row of the report, and a total over distinct films."""
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

    def films(row: Row | None) -> list[Request | None]:
        keys = {name: row[name] for name in (*KEYS, report.request.by.column) if name in row} if row else {}
        return [behind.films(report, column, keys) for column in columns]

    return Sheet(report.records, build, notes, order(report), films)


def _texts(report: Report, column: Column, rows: Sequence[Row], total: Row, dollars: Dollars) -> list[str]:
    """Write a column: its total, or nothing, and its values."""
    if column == BAR:
        return ["", *values.bars([row[report.ranking] for row in rows])]
    of_total = column
    if column.kind is Kind.flag:
        of_total = replace(column, kind=Kind.tally)  # a count where films have yes or no
    elif column.name == Metric.popularity:
        of_total = replace(column, kind=Kind.figure)  # a mean where films have counts
    footer = values.cell(total, of_total, dollars) if column.name in total else ""
    return values.aligned([footer, *(values.cell(row, column, dollars) for row in rows)])


def _columns(report: Report) -> list[Column]:
    """Return the columns of a table, with their headings; a single figure gets a bar."""
    if report.relation is not None:
        return _as_named(report.columns, report.relation.types)
    is_titled = report.has_one_name and report.spec.shape is not Shape.names
    named = report.spec.subject.name if report.spec.subject and is_titled else None
    found = []
    for column in report.columns:
        if column.shown and column.name != named:
            found.append(_headed(report, column))
        if report.request.metrics == (column.name,) == (report.ranking,) and len(report.records) > 1:
            found.append(BAR)
    return found


def _headed(report: Report, column: Column) -> Column:
    """Return a column with the heading that suits the request; the figure that ranks the rows is always shown."""
    request = report.request
    if column.name == Metric.popularity:
        is_count = report.spec.shape is Shape.films and request.popularity in COUNTED
        kind = Kind.tally if is_count else column.kind
        column = replace(column, heading=POPULARITY[request.popularity][1], kind=kind)
    elif column.is_metric:
        column = replace(column, heading=measure(report, column))
    is_ranking = report.spec.has_figures and column.name == report.ranking
    orders = request.metrics or request.limit or order(report)
    return replace(column, drop=0) if is_ranking and orders else column


def _as_named(columns: Sequence[Column], types: Sequence[Any]) -> list[Column]:
    """Return the columns of a statement of the user by their names; the last are dropped first."""
    kinds = [Kind.number if str(each).partition("(")[0] in NUMBERS else Kind.text for each in types]
    return [
        replace(column, heading=harmless(column.name), kind=kind, drop=len(kinds) - place if place else 0)
        for place, (column, kind) in enumerate(zip(columns, kinds, strict=True))
    ]


def _label(report: Report) -> str:
    return "All" if report.request.statistic else "Total"


def _outcomes(report: Report, rows: Sequence[Row]) -> list[str]:
    """Say why ingests ended as they did."""
    if report.relation is not None or not {"outcome", "reason"} <= {*report.names}:
        return []
    return [f"{row['id']} {row['outcome']}: {row['reason']}" for row in rows if row["reason"]]


def _about_figures(report: Report, total: Row | None) -> list[str]:
    """Say what counts of films and totals cover, and what popularity means if it is not the TMDB figure."""
    notes = [FILMS_ONCE] if report.spec.shape is Shape.by_genre else []
    notes += _placeholders(report)
    if total is not None:
        covered = f"{_label(report)}: {count(total['releases'], 'distinct film')}, each counted once"
        if report.spec.subject and is_of_all_names(report):
            covered += f"; films without a {report.spec.subject.name} are left out"
        notes.append(" ".join([f"{covered}.", *_beyond(report)]))
    is_tmdb = report.request.popularity is Popularity.popularity
    if report.spec.has_figures and Metric.popularity in report.names and not is_tmdb:
        mean = "" if report.spec.shape is Shape.films else "the mean, over the films of the row, of "
        notes.append(f"Popularity here is {mean}the {meaning(report)}.")
    return notes


def _placeholders(report: Report) -> list[str]:
    """Say how many films have a date that tells neither month nor weekday, where these matter."""
    if report.placeholders is None or not report.placeholders[0]:
        return []
    dated, films = report.placeholders
    among = "of January" if report.request.is_about_months else "with a date"
    verb = "is" if dated == 1 else "are"
    return [f"{dated:,} of {count(films, 'film')} {among} {verb} dated 1 January, mostly since only the year is known."]


def _beyond(report: Report) -> list[str]:
    """Say that a total covers more than the rows above it, if it does."""
    if report.request.limit is None and report.request.min_films == 1:
        return []
    return ["The total covers all films that match the filters, not only those of the rows shown."]


def _genres(report: Report) -> Sheet:
    """Make a row per period and a column per genre, besides distinct films; rare genres are dropped first."""
    totals = report.genre_totals
    columns = [PERIOD_COLUMNS[report.request.by], FILMS]
    for total in totals:
        heading = values.key("genre", total["genre"])
        columns.append(Column("genre", "integer", "", Kind.tally, heading, drop=total["releases"]))
    footer = ["Total", *(f"{number:,}" for number in (totals[0]["films"], *(total["releases"] for total in totals)))]

    def build(lines: Sequence[Line], _: Dollars) -> Table:
        rows = []
        for period, found in lines:
            counts = {row["genre"]: f"{row['releases']:,}" for row in found}
            counted = [counts.get(total["genre"], "") for total in totals]
            rows.append([values.key(report.request.by.column, period), f"{found[0]['films']:,}", *counted])
        return Table(columns, rows, footer)

    def films(line: Line | None) -> list[Request | None]:
        keys: Row = {} if line is None else {report.request.by.column: line[0]}
        of_genres = [{**keys, "genre": total["genre"]} for total in totals]
        return [
            behind.films(report, column, row) for column, row in zip(columns, [keys, keys, *of_genres], strict=True)
        ]

    return Sheet(_by_period(report), build, lambda _: [FILMS_ONCE, *_placeholders(report)], films=films)


def _comparison(report: Report, to: Screen) -> Sheet | None:
    """Make a row per period and a column per name; None unless several names are compared by one figure."""
    request, subject = report.request, report.spec.subject
    if not subject or report.spec.shape is not Shape.figures or len(request.metrics) != 1 or request.limit is not None:
        return None
    named = getattr(request, subject.name, ())
    if len(named) < 2 or report.has_one_name:  # noqa: PLR2004 (one alone is not compared)
        return None
    totals = {row[subject.name]: row for row in report.totals}
    (metric,) = (column for column in report.columns if column.name == request.metrics[0])
    names = [name for name in named if name in totals]

    def build(lines: Sequence[Line], dollars: Dollars) -> Table:
        found: list[tuple[str, dict[Any, dict[str, Any]]]] = [
            (values.key(request.by.column, period), {row[subject.name]: row for row in rows}) for period, rows in lines
        ]
        is_sum = not request.statistic and metric.kind in {Kind.money, Kind.tally} and metric.name not in COMPARED
        found.append(("Total" if is_sum else "All", totals))
        columns, texts = [PERIOD_COLUMNS[request.by]], [[period for period, _ in found]]
        for name in names:
            heading = values.key(subject.name, name)
            heading = heading if to.width is None else "\n".join(wrapped(heading, HEADING))
            columns.append(replace(metric, heading=heading, drop=0))
            texts.append(
                values.aligned([values.cell(row[name], metric, dollars) if name in row else "" for _, row in found])
            )
        *rows, footer = map(list, zip(*texts, strict=True))
        return Table(columns, rows, footer)

    def films(line: Line | None) -> list[Request | None]:
        keys = {} if line is None else {request.by.column: line[0]}
        return [None, *(behind.films(report, metric, keys | {subject.name: name}) for name in names)]

    about = f": {in_a_sentence(measure(report, metric))}"
    sheet = Sheet(_by_period(report), build, lambda _: [*_placeholders(report), *_beyond(report)], about, films)
    fits = to.width is None or build(sheet.rows, values.short_dollars).width <= to.width
    return sheet if fits else None


def _by_period(report: Report) -> list[Line]:
    found = groupby(report.records, key=lambda row: row[report.request.by.column])
    return [(period, list(rows)) for period, rows in found]
