"""Charts that tests make up."""

from collections.abc import Mapping, Sequence
from typing import Any

from movie_reports.render.charts.chart import Chart, Point
from movie_reports.reports.columns import Kind
from movie_reports.reports.requests.choices import Period

NAMES = (
    "</script><script>alert(1)</script>",
    "<img src=x>",
    "a.b[0]",
    "[bold]",
    'it\'s "q"',
    "{datum}",
    "🎬",
    "東宝",
    "Société " * 40,
)

Values = Sequence[float | Point | None]


def chart(series: Mapping[str, Values], period: Period = Period.year, first: int = 1995, **more: Any) -> Chart:  # noqa: ANN401
    """Make a chart; its periods follow each other."""
    points = {
        name: [value if value is None or isinstance(value, Point) else Point(value) for value in values]
        for name, values in series.items()
    }
    step = 10 if period is Period.decade else 1
    length = 0 if period is Period.all else len(next(iter(series.values())))
    defaults = {"title": "Title", "measure": "Profit", "kind": Kind.money}
    periods = tuple(range(first, first + length * step, step))
    return Chart(**{**defaults, **more}, period=period, periods=periods, series=points)


def over_years(*values: float | Point | None, **more: Any) -> Chart:  # noqa: ANN401
    """Make a chart of one name over years."""
    return chart({"Pixar": values}, **more)


def compared(**values: float | Point) -> Chart:
    """Make a chart of one value for each name."""
    return chart({name: [value] for name, value in values.items()}, Period.all)


def many(number: int) -> Chart:
    """Make a chart of names whose points never meet."""
    series = {f"Name {each}": (each, None, each + 0.5, each) for each in range(1, number + 1)}
    return chart(series, first=1, measure="Mean popularity", kind=Kind.figure)


CHARTS = [
    over_years(343e6, None, Point(5, is_partial=True), 243e6, 407e6, None, -50e6),
    over_years(1.0),
    over_years(0, 0, 0),
    over_years(7e17, None, -7e17),
    over_years(*range(300), first=1720, kind=Kind.tally),
    over_years(1, 12, None, 3, kind=Kind.tally, is_rank=True),
    many(2),
    many(8),
    chart(dict.fromkeys(NAMES[-8:], (1, 2)), Period.decade, 1990),
    chart({name: [Point(number * 1e8 - 3e8, number > 5)] for number, name in enumerate(NAMES)}, Period.all),
]
