"""Grids of one figure: a row per period, and a column per genre or compared name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from movie_reports.render import values
from movie_reports.render.rows import FILMS_ONCE, beyond
from movie_reports.render.table import Screen, Sheet, Table
from movie_reports.render.values import Dollars, Row
from movie_reports.reports.catalog import Shape
from movie_reports.reports.choices import Period
from movie_reports.reports.columns import FILMS, PERIOD_COLUMNS, Column, Kind
from movie_reports.reports.report import Report
from movie_reports.text import wrapped

HEADING = 16
Line = tuple[Any, list[dict[str, Any]]]
"""A period, and the rows of the report in it."""


def sheet(report: Report, to: Screen) -> Sheet | None:
    """Return a report as a grid, if its names read better as columns than as rows."""
    if report.request.by is Period.all:
        return None
    if report.spec.shape is Shape.by_genre:
        return _by_genre(report) if report.has_one_name else None
    return _comparison(report, to)


def _by_genre(report: Report) -> Sheet:
    """Make a row per period and a column per genre, besides distinct films; rare genres are dropped first."""
    totals = report.genre_totals
    columns = [PERIOD_COLUMNS[report.request.by], FILMS]
    columns += [_genre(total) for total in totals]
    footer = ["Total", *(f"{number:,}" for number in (totals[0]["films"], *(total["releases"] for total in totals)))]

    def build(lines: Sequence[Line], _: Dollars) -> Table:
        rows = []
        for period, found in lines:
            counts = {row["genre"]: f"{row['releases']:,}" for row in found}
            counted = [counts.get(total["genre"], "") for total in totals]
            rows.append([values.key(report.request.by, period), f"{found[0]['films']:,}", *counted])
        return Table(columns, rows, footer)

    return Sheet(_by_period(report), build, lambda _: [FILMS_ONCE])


def _genre(total: Row) -> Column:
    return Column("genre", "integer", "", Kind.tally, values.key("genre", total["genre"]), drop=total["releases"])


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
            (values.key(request.by, period), {row[subject.name]: row for row in rows}) for period, rows in lines
        ]
        found.append(("All" if request.average or metric.kind is Kind.figure else "Total", totals))
        columns, texts = [PERIOD_COLUMNS[request.by]], [[period for period, _ in found]]
        for name in names:
            columns.append(replace(metric, heading=_heading(values.key(subject.name, name), to), drop=0))
            texts.append(
                values.aligned([values.cell(row[name], metric, dollars) if name in row else "" for _, row in found])
            )
        *rows, footer = map(list, zip(*texts, strict=True))
        return Table(columns, rows, footer)

    about = f": {'mean ' if request.average else ''}{metric.name}"
    sheet = Sheet(_by_period(report), build, lambda _: beyond(report), about)
    fits = to.width is None or build(sheet.rows, values.short_dollars).width <= to.width
    return sheet if fits else None


def _heading(name: str, to: Screen) -> str:
    """Wrap a name above a narrower column, on a terminal."""
    return name if to.width is None else "\n".join(wrapped(name, HEADING))


def _by_period(report: Report) -> list[Line]:
    found = groupby(report.records, key=lambda row: row[report.request.by])
    return [(period, list(rows)) for period, rows in found]
