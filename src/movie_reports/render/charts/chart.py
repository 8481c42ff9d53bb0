"""The content of a chart, independent of what draws it: one figure, with a line or a bar for each name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import chain, count
from typing import Any, NamedTuple

from movie_reports.errors import MovieReportsError, NotFoundError, UsageError
from movie_reports.render import values
from movie_reports.reports.catalog import Shape
from movie_reports.reports.columns import Column, Kind
from movie_reports.reports.report import Report, Row, meaning
from movie_reports.reports.requests.choices import COMPARED, POPULARITY, Metric, Period, Popularity
from movie_reports.reports.subjects import Subject
from movie_reports.reports.title import in_a_sentence, nothing_matches, title
from movie_reports.reports.title import measure as measured
from movie_reports.text import harmless, wrapped

MAX_LINES, MAX_NAMED_LINES, MAX_BARS = 6, 8, 20
CLOSE_TOGETHER = {Popularity.vote_average, Popularity.weighted, Popularity.ratings_mean}
"""Means with differences so small that an axis from zero would hide them."""

UNITS_OF_A_YEAR = {Period.quarter: 4, Period.month: 12}
ROUND_PARTS_OF_A_YEAR = {Period.quarter: (1, 2), Period.month: (1, 3, 6)}
ROUND = (1, 2, 5)
_ZEROS_AFTER_THE_POINT = re.compile(r"\.0+(?!\d)|(?<=\.\d)0+(?!\d)")


class Point(NamedTuple):
    """A value to be drawn.

    Attributes:
        value: the figure.
        is_partial: whether it does not cover all films, since some budgets or revenues are unknown.
    """

    value: float
    is_partial: bool = False


Points = Sequence[Point | None]


@dataclass(frozen=True)
class Chart:
    """Figures to be drawn, under names in which control characters are escaped.

    Attributes:
        title: the heading, such as "Pixar Animation Studios by year: profit".
        measure: what the values are, such as "Profit" or "Mean revenue".
        kind: how they are written: money in US dollars, percentages such as 0.086 as 8.6%.
        period: what the axis shows; with Period.all there is one bar for each name instead.
        periods: all periods from the first to the last, from `axis`; empty for bars.
        series: for each name a point for each of the periods, or None if nothing is known; for bars one point.
        note: a sentence under the heading.
        from_zero: whether the axis of values begins at zero.
        is_rank: whether they are ranks, of which the axis has 1 at its top and begins there.
    """

    title: str
    measure: str
    kind: Kind
    period: Period
    periods: tuple[int | str, ...]
    series: Mapping[str, Points]
    note: str = ""
    from_zero: bool = True
    is_rank: bool = False

    @property
    def has_bars(self) -> bool:
        """Whether it compares names instead of periods."""
        return self.period is Period.all

    @property
    def is_money(self) -> bool:
        """Whether the values are US dollars."""
        return self.kind is Kind.money

    @property
    def up(self) -> int:
        """1, or -1 where the lowest value is at the top."""
        return -1 if self.is_rank else 1

    @property
    def unit(self) -> str:
        """The measure with its unit."""
        return f"{self.measure} (US dollars)" if self.is_money else self.measure

    @property
    def points(self) -> list[Point]:
        """All points of all names and periods."""
        return [point for points in self.series.values() for point in points if point is not None]

    @property
    def has_partial(self) -> bool:
        """Whether any point does not cover all films."""
        return any(point.is_partial for point in self.points)

    def notes(self, width: int, partial: str = "Hollow points") -> list[str]:
        """Return the lines under the heading, if any; `partial` is what points that do not cover all films look like.

        Bars have an asterisk instead.
        """
        explained = f"{values.MARK} {values.PARTIAL.capitalize()}" if self.has_bars else f"{partial}: {values.PARTIAL}"
        explained = f"{explained}." if self.has_partial else ""
        return wrapped(f"{self.note} {explained}".strip(), width)

    def labels(self) -> list[str]:
        """Return the texts of the periods under the axis."""
        return [values.key(self.period.column, period) for period in self.periods]

    def amount(self, value: float) -> str:
        """Write a value as short as possible: $1.2B, 12, 3.45, 8.6%."""
        if self.is_money:
            text = values.short_dollars(value)
        elif self.kind is Kind.percent:
            text = values.WRITTEN[Kind.percent](value)
        else:
            text = f"{value:,.2f}" if abs(value) >= 1 else f"{value:.2g}"
        return _ZEROS_AFTER_THE_POINT.sub("", text)

    def ticks(self, most: int) -> list[float]:
        """Return at most `most` round values at equal distances; `most` must be 3 or more.

        They enclose all values, except that a loss may lie below the lowest.
        """
        low, high = self._range
        power = max(math.floor(math.log10((high - low) / most or 1)), self._finest)
        steps = (times * 10.0**exponent for exponent in count(power) for times in ROUND)
        step = next(step for step in steps if math.ceil(high / step) - math.floor(low / step) < most)
        first, last = math.floor(low / step), math.ceil(high / step)
        if low < 0 and last - first > 1:
            first = math.ceil(low / step)
        ticks = [number * step for number in range(first, max(last, first + 1) + 1)]
        return [max(tick, 1) for tick in ticks] if self.is_rank else ticks

    @property
    def _finest(self) -> int:
        """The power of ten of the smallest step between ticks: the last digit with which values are written."""
        if self.kind is Kind.percent:
            return -3
        return 0 if self.is_money or all(point.value % 1 == 0 for point in self.points) else -2

    def ends(self, ticks: Sequence[float]) -> tuple[float, float]:
        """Return where an axis with these ticks ends: a loss takes no more space than it needs."""
        return min(self._range[0], ticks[0]), ticks[-1]

    @property
    def _range(self) -> tuple[float, float]:
        """The lowest and the highest value that the axis must include."""
        included = [point.value for point in self.points] + [int(self.is_rank)] * self.from_zero
        return min(included), max(included)

    def period_ticks(self, most: int) -> list[int]:
        """Return the positions of at most `most` periods to label, which are round numbers."""
        numbers = [_number(self.period, period) for period in self.periods]
        units = UNITS_OF_A_YEAR.get(self.period, 1)
        years = (times * 10**power * units for power in count() for times in ROUND)
        steps = chain(ROUND_PARTS_OF_A_YEAR.get(self.period, ()), years)
        step = next(step for step in steps if len(numbers) <= most * step)
        positions = [position for position, number in enumerate(numbers) if number % step == 0]
        return positions if len(positions) > 1 else sorted({0, len(numbers) - 1})


def chart(report: Report) -> tuple[Chart, list[str]]:
    """Return what to draw of a report, and remarks on what is not drawn.

    It is the first metric requested, of the highest names if there are many.

    Raises:
        NotFoundError: no value is known.
        UsageError: there is no chart of such a report.
    """
    if (subject := report.spec.subject) is None:
        message = f"there is no chart of {report.spec.name}"
        raise UsageError(message)
    if report.spec.shape is Shape.by_genre:
        return _genres(report, subject), []
    asked = report.request.metrics
    metric = asked[0] if asked else report.ranking if report.request.limit else subject.charted
    by = Period.all if _has_one_year(report) and not report.has_one_name else report.request.by
    metrics = (metric, report.ranking) if metric in COMPARED else (metric,)
    ranked = replace(report, request=replace(report.request, metrics=metrics, by=by))  # the database ranks by it
    if not ranked.records:
        raise nothing_matches(report)
    drawn, remarks = _series(ranked, subject, next(each for each in ranked.metrics if each.name == metric))
    others = [each for each in asked[1:] if each not in {*COMPARED, *metrics}]
    return drawn, remarks + [f"Only {metric} is drawn: see {other} with --metric {other}." for other in others]


def _has_one_year(report: Report) -> bool:
    """Whether all rows are of the same year, in which names are compared by bars: lines would be points."""
    first, last = report.request.years
    return report.request.by in {Period.year, Period.decade} and first is not None and first == last


def _series(report: Report, subject: Subject, metric: Column) -> tuple[Chart, list[str]]:
    """Draw one metric of each name, over periods or side by side."""
    by = report.request.by
    known = [row for row in report.records if row[metric.name] is not None]
    dated = [row for row in known if by is Period.all or row[by.column] is not None]
    if not dated:
        reason = "none of these films has a date" if known else f"no {metric.name} is known of these films"
        message = f"there is nothing to draw: {reason}"
        raise NotFoundError(message)
    named = () if report.has_one_name else getattr(report.request, subject.name, ())
    names = _names(report, subject, named, dated)
    most = MAX_BARS if by is Period.all else MAX_NAMED_LINES if named else MAX_LINES
    rows = {name: [row for row in dated if row[subject.name] == name] for name in names[:most]}
    drawn = _chart(report, metric, rows)
    if len(names) > most:
        end = "highest" if report.request.bottom is None else "lowest"
        drawn = replace(drawn, note=f"The {most} {end} of {len(names):,}. {drawn.note}".rstrip())
    remarks = []
    if left_out := [name for name in named if name not in rows]:
        remarks.append(f"Not drawn: {'; '.join(map(harmless, left_out))}.")
    elif len(names) > most:
        remarks.append(f"Other {subject.table} are drawn if you name them.")
    if len(dated) < len(known):
        remarks.append("Films without a date are not drawn.")
    if drawn.has_partial:
        remarks.append("Add --complete to draw only films whose budget and revenue are both known.")
    return drawn, remarks


def _names(report: Report, subject: Subject, named: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Return the names of rows: bars in the order of the report, lines as requested or else the highest first."""
    found = dict.fromkeys(row[subject.name] for row in rows)
    if report.request.by is Period.all:
        return list(found)
    totals = [row[subject.name] for row in report.totals]
    order = named or (totals if report.request.bottom is None else reversed(totals))
    return [name for name in order if name in found]


def _chart(report: Report, metric: Column, rows: Mapping[str, Sequence[Row]]) -> Chart:
    """Return the chart of one metric in the rows of each name."""
    request = report.request
    periods = (
        () if request.by is Period.all else axis(request.by, [row[request.by.column] for row in chain(*rows.values())])
    )
    series = {}
    for name, found in rows.items():
        points = {
            row.get(request.by.column): Point(row[metric.name], values.is_incomplete(row, metric.name)) for row in found
        }
        series[harmless(name)] = [points.get(period) for period in periods or (None,)]
    measure = measured(report, metric)
    note, from_zero = "", True
    if metric.name == Metric.popularity:
        measure = f"Mean {POPULARITY[request.popularity][0].removeprefix('mean ')}"
        note = f"The {meaning(report)}." if request.popularity is Popularity.weighted else ""
        from_zero = request.by is Period.all or request.popularity not in CLOSE_TOGETHER
    heading = title(report, with_popularity=False)
    if request.limit is None:  # otherwise the title names the metric already
        heading += f": {in_a_sentence(measure)}"
    is_rank = metric.name == Metric.rank and request.by is not Period.all
    return Chart(harmless(heading), measure, metric.kind, request.by, periods, series, note, from_zero, is_rank)


def _genres(report: Report, subject: Subject) -> Chart:
    """Draw the releases of one name as a bar for each genre, since lines of so few films would overlap."""
    if not report.has_one_name:
        message = f"a chart of --genres is about one {subject.name}: name it"
        raise UsageError(message)
    if report.request.by not in {Period.year, Period.all}:
        message = "a chart of --genres is over all periods: leave out --by"
        raise UsageError(message)
    rows = sorted(report.genre_totals, key=lambda row: -row["releases"])
    if not rows:
        raise nothing_matches(report)
    series = {values.key("genre", row["genre"]): [Point(row["releases"])] for row in rows}
    heading = title(replace(report, request=replace(report.request, by=Period.all)))
    return Chart(harmless(heading), "Releases", Kind.tally, period=Period.all, periods=(), series=series)


def axis(period: Period, found: Iterable[int | str]) -> tuple[int | str, ...]:
    """Return every period from the first to the last, so that a missing one is a gap."""
    numbers = [_number(period, each) for each in found]
    return tuple(_written(period, number) for number in range(min(numbers), max(numbers) + 1))


def _number(period: Period, value: int | str) -> int:
    """Return the number of a period, counted from the year 0."""
    if period not in UNITS_OF_A_YEAR:
        return int(value) // 10 if period is Period.decade else int(value)
    year, part = str(value).split("-")
    return int(year) * UNITS_OF_A_YEAR[period] + int(part.removeprefix("Q")) - 1


def _written(period: Period, number: int) -> int | str:
    """Return the period that has a number."""
    if period not in UNITS_OF_A_YEAR:
        return number * 10 if period is Period.decade else number
    year, part = divmod(number, UNITS_OF_A_YEAR[period])
    return f"{year:04}-Q{part + 1}" if period is Period.quarter else f"{year:04}-{part + 1:02}"


def library(name: str, purpose: str) -> Any:  # noqa: ANN401 (a module)
    """Import a library of the extra `charts`.

    Raises:
        MovieReportsError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        message = f"drawing {purpose} needs the extra charts: pip install 'movie-reports[charts]'"
        raise MovieReportsError(message) from error
