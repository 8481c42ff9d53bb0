"""The films behind a figure of a report: the request for a list of films that adds up to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from movie_reports.errors import UsageError
from movie_reports.reports.catalog import REPORTS
from movie_reports.reports.columns import COMPLETE, FILMS, Column, Kind
from movie_reports.reports.report import Report
from movie_reports.reports.requests.choices import Metric, Period, Weekday
from movie_reports.reports.requests.option import FILTERS as GROUP
from movie_reports.reports.requests.request import NONE, Request, options
from movie_reports.reports.requests.spans import Span
from movie_reports.reports.subjects import GENRE, SEARCHED

FIGURES = {Kind.money, Kind.tally, Kind.figure, Kind.percent}
FILTERS = [name for name in REPORTS["films"].options if options()[name][1].group == GROUP]
SORTED = {*REPORTS["films"].metrics} - {COMPLETE.name}
"""Figures that films have themselves."""
OF_COMPLETE = {Metric.roi, Metric.multiple, Metric.margin, COMPLETE.name}
"""Figures that only films count for whose budget and revenue are both known."""
IN_A_QUARTER, IN_A_DECADE = 3, 10


def films(report: Report, column: Column, row: Mapping[str, Any]) -> Request | None:
    """Return the request for the films behind a figure; None if no filters select exactly them.

    Args:
        report: the report, whose names are those in the database.
        column: the column of the figure.
        row: the name, the period and the genre of the figure; a total lacks the name or the period.
    """
    subject = report.spec.subject
    if subject is None or column.kind not in FIGURES:
        return None
    asked: dict[str, Any] = {each: getattr(report.request, each) for each in (*FILTERS, "popularity")}
    if subject.name not in row and not report.request.named(subject.name):
        asked["has"] = (*report.request.has, subject.name)
    for name in (subject.name, *([] if column.name == FILMS.name else [GENRE.name])):
        if name in row and report.request.together(name) is None:
            asked[name] = NONE if row[name] is None else row[name]
    if report.request.label is not None:
        asked["company"] = report.request.label
    if column.name in OF_COMPLETE:
        asked["complete"] = True
    if column.name in SORTED:  # which also shows it
        asked["sort"] = f"-{column.name}"
    asked["exact"] = not asked["all_matches"] and any(asked[each.name] for each in SEARCHED)
    by = report.request.by
    try:
        return Request(**asked | (_of_period(report.request, by, row[by.column]) if by.column in row else {}))
    except UsageError:  # years or months that no filter can name
        return None


def _of_period(request: Request, by: Period, period: Any) -> dict[str, Any]:  # noqa: ANN401 (a year or a text)
    """Return the filters of the years and months of a period that those of a request leave.

    Raises:
        UsageError: they are not one span.
    """
    if period is None:
        if request.years != Span() and by not in {Period.year, Period.decade}:
            message = "these films have a year, but no other date"
            raise UsageError(message)
        return {"year": NONE}
    if by in {Period.weekday, Period.calendar_month}:
        return {"month": period} if by is Period.calendar_month else {"weekday": list(Weekday)[period - 1]}
    if by is Period.year:
        return {"year": f"{period:04}"}
    if by is Period.decade:
        first, last = request.years
        return {"year": _span(range(max(period, first or 0), min(period + IN_A_DECADE - 1, last or period + 9) + 1))}
    year, _, part = str(period).partition("-")
    if by is Period.month:
        return {"year": year, "month": int(part)}
    last_month = int(part.removeprefix("Q")) * IN_A_QUARTER
    quarter = range(last_month - IN_A_QUARTER + 1, last_month + 1)
    return {"year": year, "month": _span([month for month in quarter if _is_in(month, request.months)], digits=1)}


def _is_in(month: int, span: Span) -> bool:
    if span.first is None or span.last is None:
        return True
    return (span.first <= month) + (month <= span.last) + (span.first > span.last) > 1


def _span(numbers: Sequence[int], digits: int = 4) -> str:
    """Write numbers as a filter has them, such as 1990-1999.

    Raises:
        UsageError: some are missing between the first and the last.
    """
    first, last = numbers[0], numbers[-1]
    if last - first != len(numbers) - 1:
        message = f"{first} to {last} is not one span"
        raise UsageError(message)
    return f"{first:0{digits}}" if first == last else f"{first:0{digits}}-{last:0{digits}}"
