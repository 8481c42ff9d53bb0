"""Compares the figures of names: with one another, with all films of the period, and with the period before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import indent

from movie_reports.reports.requests.choices import SEQUENCES, Metric, Period
from movie_reports.reports.requests.request import Request
from movie_reports.reports.statements import filters, lines
from movie_reports.reports.subjects import Subject

DECADE = 10
NUMBERS: Mapping[Period, str] = {
    Period.year: "year",
    Period.quarter: "CAST(substring(quarter, 1, 4) AS integer) * 4 + CAST(substring(quarter, 7, 1) AS integer)",
    Period.month: "CAST(substring(month, 1, 4) AS integer) * 12 + CAST(substring(month, 6, 2) AS integer)",
    Period.decade: "CAST(floor(decade / 10) AS integer)",
    Period.weekday: "weekday * 2",
    Period.calendar_month: "calendar_month * 2",
    Period.all: "0",
}
"""A number for each period; those of two periods that follow one another differ by 1, others by more."""


def statement(  # noqa: PLR0913, PLR0917 (the figures, and what to compare)
    figures: str,
    subject: Subject,
    request: Request,
    figure: Metric,
    shown: Sequence[str],
    parameters: dict[str, object],
) -> str:
    """Compare figures of all names with one another, and keep the rows of the names and the periods requested.

    Args:
        figures: the statement of the figures of all names, for the request `with_the_period_before`.
        subject: what their names are.
        request: what is asked.
        figure: what is compared.
        shown: the columns of the result.
        parameters: gets the values of parameters.
    """
    number, wide = NUMBERS[request.by], with_the_period_before(request)
    comparisons, source = lines.parts("compared")
    start, _, rest = source.partition("        SELECT company AS name")
    text = (
        f"SELECT figures.*, {subject.name} AS name, {number} AS number, {figure} AS figure, whole\nFROM (\n"
        f"{indent(figures, '    ')}\n) AS figures\n"
        f"JOIN (\n{indent(_wholes(subject, wide, figure, parameters), '    ')}\n"
        f") AS wholes ON coalesce(whole_number, -1) = coalesce({number}, -1)"
    )
    source = start + indent(text, " " * 8) + "\n" + rest[rest.index("    ) AS figures") :]
    where = [] if request.together(subject.name) is not None else filters.of_rows(subject, request, parameters)
    if request.min_films > 1:
        parameters["min_films"] = request.min_films
        where.append("releases >= $min_films")
    if wide is not request:
        parameters["first_number"] = _first_number(request)
        where.append("number >= $first_number")
    return lines.select([comparisons.get(name, name) for name in shown], source, where)


def _wholes(subject: Subject, request: Request, figure: Metric, parameters: dict[str, object]) -> str:
    """Return the statement of a figure of all films of each period that have a name, each counted once."""
    number, (line,) = NUMBERS[request.by], lines.figures([figure], request)
    named = replace(request, has=(*request.has, subject.name))
    where = filters.of_films(named, parameters, subject)
    items = [f"{number} AS whole_number", line.removesuffix(f" AS {figure}") + " AS whole"]
    return lines.select(items, lines.FACTS, where) + ("" if request.by is Period.all else f"\nGROUP BY {number}")


def with_the_period_before(request: Request) -> Request:
    """Return a request that includes the period before its first year, which growth is measured against."""
    first, last = request.years
    step = DECADE if request.by is Period.decade else 1
    if Metric.growth not in request.metrics or request.by not in SEQUENCES or not first or first % step:
        return request
    return replace(request, year=f"{first - step:04}-{'' if last is None else f'{last:04}'}")


def _first_number(request: Request) -> int:
    """Return the number of the first period of the years requested."""
    first = request.years.first or 0
    if request.by is Period.decade:
        return first // DECADE
    in_a_year = {Period.quarter: 4, Period.month: 12}.get(request.by)
    return first if in_a_year is None else first * in_a_year + 1
