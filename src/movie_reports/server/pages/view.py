"""What the page of a report shows: its texts, each figure with the address of the films behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from movie_reports.errors import NotFoundError, UsageError
from movie_reports.render import values
from movie_reports.render.charts.chart import Chart, chart
from movie_reports.render.listing import legend
from movie_reports.render.sheet import sheet
from movie_reports.render.table import BAR, LEFT, Screen
from movie_reports.reports import behind
from movie_reports.reports.catalog import REPORTS, Shape
from movie_reports.reports.columns import RELEASES, Column, Kind
from movie_reports.reports.report import Report
from movie_reports.reports.requests.request import Request
from movie_reports.reports.subjects import SEARCHED
from movie_reports.server.answers import question
from movie_reports.server.pages import svg

ROWS = 100  # of a page of a long table
CAPTION = "chart-caption"
CHARTED = {Shape.figures, Shape.by_genre}
FOR_A_TERMINAL = ("Add --", "Only ")
"""Remarks about options of the command line, which the form and the heading of the chart make needless."""
NO_FIGURES = {"0", ""}
"""What no film is behind; nor is one behind an unknown figure of complete films."""

Link = Callable[[str, int | str | None], str | None]


class Cell(NamedTuple):
    """A cell or a heading: its text, its class in the style sheet, its mark, and where it leads."""

    text: str
    style: str = ""
    mark: str = ""
    address: str | None = None


@dataclass(frozen=True)
class Grid:
    """Some rows of a table.

    Attributes:
        headings: those of the columns.
        rows: the cells of these rows.
        footer: the cells of the total, if there is one.
        notes: what explains marks, figures and the total.
        about: what the heading says after the title.
        first: the number of the first row shown, from 1.
        total: the number of rows of the whole table.
    """

    headings: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    footer: Sequence[Cell]
    notes: Sequence[str]
    about: str
    first: int
    total: int


class Drawing(NamedTuple):
    """A chart: its heading, notes, the marker and the name of each line, the picture, and what is not drawn."""

    heading: str
    notes: Sequence[str] = ()
    legend: Sequence[tuple[Markup, str]] = ()
    content: Markup = Markup()
    remarks: Sequence[str] = ()


def address(name: str, request: Request, **more: object) -> str:
    """Return the address of a report, relative to any other page."""
    query = "&".join(filter(None, (question.query(REPORTS[name], request), urlencode(more))))
    return f"{name}?{query}" if query else name


def grid(report: Report, page: int) -> Grid:
    """Return a page of the table of a report that has rows."""
    found = sheet(report, Screen())
    first = min((page - 1) * ROWS, (len(found.rows) - 1) // ROWS * ROWS)
    shown = found.rows[first : first + ROWS]
    table = found.build(shown, values.full_dollars)
    places = [place for place, column in enumerate(table.columns) if column != BAR]
    columns = [table.columns[place] for place in places]

    def cells(texts: Sequence[str], line: Any) -> list[Cell]:  # noqa: ANN401 (a line of the sheet)
        films = found.films(line) or [None] * len(texts)
        return [_cell(report, table.columns[place], texts[place], films[place], line) for place in places]

    return Grid(
        [Cell(column.title, _style(column, "")) for column in columns],
        [cells(texts, line) for texts, line in zip(table.rows, shown, strict=True)],
        cells(table.footer, None) if table.footer else [],
        [*legend(table), *found.notes(shown)],
        found.about,
        first + 1,
        len(found.rows),
    )


def _cell(report: Report, column: Column, text: str, films: Request | None, line: Any) -> Cell:  # noqa: ANN401 (as above)
    text = text.strip()
    mark = values.MARK if column.kind not in LEFT and text.endswith(values.MARK) else ""
    figure = text.removesuffix(mark)
    subject = report.spec.subject
    none = {*NO_FIGURES, values.UNKNOWN} if column.name in behind.OF_COMPLETE else NO_FIGURES
    if films is not None and figure not in none:
        return Cell(figure, _style(column, figure), mark, address("films", films))
    if subject is not None and column.name == subject.name and isinstance(line, dict):
        return Cell(text, address=_of_name(report, line[subject.name]))
    return Cell(figure, _style(column, figure), mark)


def _style(column: Column, text: str) -> str:
    """Return the class of a cell: a figure, a loss, a date, or other text."""
    if column.kind in LEFT:
        return "date" if column.kind in {Kind.period, Kind.time} else ""
    return "figure loss" if text.startswith("-") else "figure"


def _of_name(report: Report, name: str) -> str | None:
    """Return the address of the report on one of several names."""
    subject = report.spec.subject
    asked = report.request
    if subject is None or asked.together(subject.name) is not None:
        return None
    report_name = report.spec.name if report.spec.shape is not Shape.names else subject.figures
    names: dict[str, Any] = {subject.name: (name,)}
    request = replace(asked, **names, top=None, bottom=None, min_films=1, search=None)
    is_exact = any(request.named(each.name) for each in SEARCHED)
    return address(report_name, replace(request, exact=is_exact))


def drawing(report: Report) -> Drawing | None:
    """Return the chart of a report, or why there is none; None if no such report has a chart."""
    if report.spec.shape not in CHARTED:
        return None
    try:
        drawn, remarks = chart(report)
    except NotFoundError as error:
        return Drawing("No chart", [f"{error.message[:1].upper()}{error.message[1:]}."])
    except UsageError:
        return Drawing("No chart", ["Releases by genre are drawn for one company, by year or over all years."])
    draw = svg.bars if drawn.has_bars else svg.lines
    legends = [(Markup(marker), name) for marker, name in svg.legend(drawn)]  # noqa: S704 (constants)
    content = Markup(draw(drawn, _points(report, drawn), CAPTION))  # noqa: S704 (svg escapes the names)
    remarks = [each for each in remarks if not each.startswith(FOR_A_TERMINAL)]
    return Drawing(drawn.unit, drawn.notes(10**6), legends, content, remarks)


def _points(report: Report, drawn: Chart) -> Link:
    """Return what gives the address of the films behind a point."""
    subject, by = report.spec.subject, report.request.by
    key = "genre" if report.spec.shape is Shape.by_genre else subject.name if subject else ""
    rows = report.genre_totals if report.spec.shape is Shape.by_genre else report.records
    names = {values.key(key, row[key]): row[key] for row in rows}
    metric = next((column for column in report.metrics if column.name in report.request.metrics[:1]), RELEASES)

    def link(name: str, period: int | str | None) -> str | None:
        row = {key: names[name]} | ({} if drawn.has_bars else {by.column: period})
        films = behind.films(report, metric, row)
        return address("films", films) if films else None

    return link
