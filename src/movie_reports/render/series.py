"""What a chart of a report shows: one figure, a line or a bar for each name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from movie_reports.errors import NotFoundError, UsageError
from movie_reports.render import chart as charts
from movie_reports.render import values as cells
from movie_reports.render.chart import Chart
from movie_reports.reports import report as reports
from movie_reports.reports import titles
from movie_reports.reports.catalog import METRICS, MONEY, POPULARITY
from movie_reports.reports.report import Report

MOST_LINES = 6
MOST_NAMED = 8
MOST_BARS = 20
FIRST = {"company": "profit", "genres": "popularity"}
NEAR = {"vote-average", "weighted", "ratings-mean"}  # means that lie near to one another

Row = Mapping[str, Any]


def chart(report: Report) -> tuple[Chart, list[str]]:
    """Choose what to draw of a report: the first figure asked for, the highest names where there are many.

    Returns:
        the chart, and remarks on what it does not show.

    Raises:
        NotFoundError: nothing of it is known.
        UsageError: it is the report by genre of several companies, or of several periods.
    """
    if report.name == "company_genres":
        return _genres_of_one(report), []
    metric = _metric(report)
    source = report.sources[metric]
    name = "company" if report.name == "company" else "genre"
    rows = [row for row in report.groups if row[source] is not None]
    dated = rows if report.by == "all" else [row for row in rows if row["year"] is not None]
    if not dated:
        reason = "none of these films has a date" if rows else f"no {metric} is known of these films"
        message = f"there is nothing to draw: {reason}"
        raise NotFoundError(message)
    names, notes = _highest(report, dated, name, source)
    remarks = _left_out(report, name, list(dict.fromkeys(row[name] for row in dated)), names)
    others = [column for column in report.columns if column in METRICS and column != metric]
    if len(others) < len(METRICS) - 1:
        remarks += [f"Only {metric} is drawn: see {other} with --metric {other}." for other in others]
    if len(dated) < len(rows):
        remarks.append("Films without a date are not drawn.")
    if metric in MONEY and any(cells.is_incomplete(row, metric) for row in dated if row[name] in names):
        notes.append("Not all budgets and revenues are known.")
        remarks.append("Add --complete to draw only films whose budget and revenue are both known.")
    if metric == "popularity" and report.parameters["popularity"] == "weighted":
        notes.append(f"The {reports.meaning(report)}.")
    period = None if report.by == "all" else report.sources[report.by]
    axis = charts.axis(report.by, [row[period] for row in dated if row[name] in names]) if period else ()
    values = {(row[name], row[period] if period else None): row[source] for row in dated}
    series = {cells.key(name, each): [values.get((each, place)) for place in axis or (None,)] for each in names}
    measure, note = _measure(report, metric), " ".join(notes)
    title = titles.title(report, with_popularity=False)
    if report.parameters["top"] is None:  # else the title says it already
        title += f": {measure[0].lower()}{measure[1:]}"
    from_zero = metric != "popularity" or report.parameters["popularity"] not in NEAR
    return Chart(title, measure, metric in MONEY, report.by, axis, series, note, from_zero), remarks


def _genres_of_one(report: Report) -> Chart:
    """Draw a bar for each genre: lines of so few films would lie on one another."""
    if not report.is_one:
        message = "a chart of --genres is about one company: name it"
        raise UsageError(message)
    if report.by not in {"year", "all"}:
        message = "a chart of --genres is over all periods: leave out --by"
        raise UsageError(message)
    rows = [row for row in report.records if row["is_total"]]
    rows.sort(key=lambda row: -row["releases"])
    series = {cells.key("genre", row["genre"]): [row["releases"]] for row in rows}
    return Chart(
        titles.title(replace(report, by="all")), "Releases", is_money=False, period="all", periods=(), series=series
    )


def _metric(report: Report) -> str:
    shown = [column for column in report.columns if column in METRICS]
    if len(shown) == len(METRICS) and report.parameters["top"] is None:
        return FIRST[report.name]
    return str(report.parameters["top_by"]).removeprefix("mean_")


def _highest(report: Report, rows: Sequence[Row], name: str, source: str) -> tuple[list[Any], list[str]]:
    """Return the names to draw: all, or those that are highest over all periods, and a note on the others."""
    most = MOST_BARS if report.by == "all" else MOST_NAMED if _named(report) else MOST_LINES
    names = list(dict.fromkeys(row[name] for row in rows))
    if report.by == "all" and report.parameters.get("top") is None:
        names = [row[name] for row in sorted(rows, key=lambda row: -row[source])]
    if name == "company" and (named := _named(report)) and report.by != "all":
        names.sort(key=named.index)
    if len(names) <= most:
        return names, []
    is_bottom = report.parameters["sign"] == -1
    if report.by != "all":
        sums = {row[name]: row[source] for row in report.totals().groups}
        names.sort(key=lambda each: sums[each], reverse=not is_bottom)
    return names[:most], [f"The {most} {'lowest' if is_bottom else 'highest'} of {len(names):,}."]


def _named(report: Report) -> list[str]:
    """Return the companies or genres that were asked for by their names."""
    named = report.parameters["genres" if report.name == "genres" else "companies"]
    return named if isinstance(named, list) and report.parameters.get("label") is None else []


def _left_out(report: Report, name: str, names: Sequence[Any], drawn: Sequence[Any]) -> list[str]:
    """Say which names are not drawn, where they were asked for, or else how others are."""
    if len(names) == len(drawn):
        return []
    if _named(report):
        return [f"Not drawn: {'; '.join(cells.key(name, each) for each in names if each not in drawn)}."]
    return [f"Others are drawn with {'--genre NAME' if name == 'genre' else 'their names'}."]


def _measure(report: Report, metric: str) -> str:
    if metric == "popularity":
        return f"Mean {POPULARITY[str(report.parameters['popularity'])]}".replace("Mean mean", "Mean")
    return f"Mean {metric}" if report.sources[metric].startswith("mean_") else metric.capitalize()
