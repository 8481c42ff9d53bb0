"""Draws a chart for a page: SVG whose points are links, which fits any width without a script.

Places are percentages and texts keep their size, so that one drawing suits a phone and a wide screen. Colours come from
the style sheet. A name or a period is escaped wherever it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from movie_reports.render import values
from movie_reports.render.charts.chart import Chart, Point, Points

TICKS, WIDE, NARROW = 6, 12, 5  # labels of an axis at most
CROWDED = 50  # points are smaller among more periods
GRID = 1000  # units of the drawing of the lines
ROOM = 76  # percent of the width for bars; the rest is for their figures
MARKERS = (
    "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
    "M-4-4h8v8h-8z",
    "M0-5.2 5 3.8h-10z",
    "M0-5.5 5.5 0 0 5.5-5.5 0z",
    "M0 5.2 5-3.8h-10z",
    "M5.2 0-3.8 5v-10z",
    "M-5.2 0 3.8 5v-10z",
    "M-1.6-5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z",
)
"""The shapes of the points of each name: circle, square, triangles, diamond, cross."""

PARTIAL, LOSS = ' class="partial"', ' class="loss"'

Link = Callable[[str, int | str | None], str | None]
"""Returns the address of the films behind the point of a name in a period, if there is one."""


@dataclass(frozen=True)
class Scale:
    """Turns values into percentages of the drawing: 0 is its left edge, or its top."""

    low: float
    high: float

    def across(self, value: float) -> float:
        """Return how far right a value is."""
        return (value - self.low) / (self.high - self.low) * 100

    def down(self, value: float) -> float:
        """Return how far down a value is."""
        return 100 - self.across(value)


def legend(chart: Chart) -> list[tuple[str, str]]:
    """Return the marker of each name, if there are several."""
    if chart.has_bars or len(chart.series) == 1:
        return []
    return [
        (f'<svg class="key s{place}" viewBox="-6 -6 12 12" aria-hidden="true"><path d="{MARKERS[place]}"/></svg>', name)
        for place, name in enumerate(chart.series)
    ]


def lines(chart: Chart, link: Link, label: str) -> str:
    """Draw a line for each name; `label` is the id of the element that describes the chart."""
    ticks = chart.ticks(TICKS)
    low, high = chart.ends(ticks)
    scale = Scale(high, low) if chart.is_rank else Scale(low, high)
    drawn = [_grid(chart, scale, ticks), _periods(chart, "wide", WIDE), _periods(chart, "narrow", NARROW)]
    step = GRID / len(chart.periods)
    paths = [
        f'<path class="s{place}" d="{"".join(_path(points, scale, step))}"/>'
        for place, points in enumerate(chart.series.values())
    ]
    drawn.append(f'<svg viewBox="0 0 {GRID} {GRID}" preserveAspectRatio="none">{"".join(paths)}</svg>')
    for place, name in enumerate(chart.series):
        drawn.append(f'<g class="s{place}">{"".join(_points(chart, scale, place, name, link))}</g>')
    size = ' transform="scale(.7)"' if len(chart.periods) > CROWDED else ""
    markers = "".join(f'<path id="m{place}" d="{MARKERS[place]}"{size}/>' for place in range(len(chart.series)))
    return f'<svg class="lines" role="group" aria-labelledby="{label}"><defs>{markers}</defs>{"".join(drawn)}</svg>'


def bars(chart: Chart, link: Link, label: str) -> str:
    """Draw a bar for each name, its value at its end, a loss to the left of zero."""
    found = [(name, point) for name, points in chart.series.items() for point in points if point is not None]
    figures = [point.value for _, point in found]
    low, high = min(0.0, *figures), max(0.0, *figures)
    aside = (high - low or 1) * (100 / ROOM - 1)
    scale = Scale(low - aside * (low < 0), high + aside * (high > 0 or low == high))
    rows = "".join(f"<li>{_bar(chart, scale, name, point, link(name, None))}</li>" for name, point in found)
    return f'<ul class="bars" aria-labelledby="{label}">{rows}</ul>'


def _grid(chart: Chart, scale: Scale, ticks: Sequence[float]) -> str:
    """Draw the axis of values, with a clear line at zero."""
    return '<g class="values" aria-hidden="true">{}</g>'.format(
        "".join(
            f'<line class="{"zero" if tick == 0 else "rule"}" x2="100%" y1="{y}" y2="{y}"/>'
            f'<text x="-10" y="{y}" dy=".35em">{escape(chart.amount(tick))}</text>'
            for tick, y in ((tick, _percent(scale.down(tick))) for tick in ticks)
        )
    )


def _periods(chart: Chart, width: str, most: int) -> str:
    labels, share = chart.labels(), 100 / len(chart.periods)
    texts = (
        f'<text x="{_percent((tick + 0.5) * share)}" y="100%" dy="1.9em">{escape(labels[tick])}</text>'
        for tick in chart.period_ticks(most)
    )
    return f'<g class="periods {width}" aria-hidden="true">{"".join(texts)}</g>'


def _path(points: Points, scale: Scale, step: float) -> Iterator[str]:
    """Return the commands that draw a line through each run of known values."""
    for is_known, run in groupby(enumerate(points), lambda each: each[1] is not None):
        if is_known:
            places = (
                f"{(place + 0.5) * step:.0f} {scale.down(point.value) * GRID / 100:.0f}"
                for place, point in run
                if point
            )
            yield "M" + "L".join(places)


def _points(chart: Chart, scale: Scale, place: int, name: str, link: Link) -> Iterator[str]:
    share = 100 / len(chart.periods)
    for column, (period, written, point) in enumerate(
        zip(chart.periods, chart.labels(), chart.series[name], strict=True)
    ):
        if point is None:
            continue
        x, y = (column + 0.5) * share, scale.down(point.value)
        at = f'x="{_percent(x)}" y="{_percent(y)}"'
        wide = f'<rect x="{_percent(x - share / 2)}" width="{_percent(share)}" height="100%"/>'
        near = f'<circle cx="{_percent(x)}" cy="{_percent(y)}" r="12"/>'
        side = "" if share < x < 100 - share and 18 < x < 82 else ' class="first"' if x < 50 else ' class="last"'  # noqa: PLR2004
        words = written if len(chart.series) == 1 else f"{name}, {written}"
        drawn = (
            f"{wide if len(chart.series) == 1 else near}"
            f'<use href="#m{place}" {at}{PARTIAL * point.is_partial}/>'
            f'<text {at} dy="-.9em"{side}>{escape(words)}: {escape(_figure(chart, point))}</text>'
        )
        yield _linked(link(name, period), drawn)


def _bar(chart: Chart, scale: Scale, name: str, point: Point, address: str | None) -> str:
    zero, end = scale.across(0), scale.across(point.value)
    is_loss = point.value < 0
    place = f'x="{_percent(min(zero, end))}" width="{_percent(abs(end - zero))}"'
    text = escape(chart.amount(point.value)) + values.MARK * point.is_partial
    drawn = (
        f"<span>{escape(name)}</span><svg{LOSS * is_loss}>"
        f'<rect {place} height="100%"{PARTIAL * point.is_partial}/>'
        f'<text x="{_percent(end)}" dx="{-7 if is_loss else 7}" y="50%" dy=".35em">{text}</text></svg>'
    )
    return _linked(address, drawn, "span")


def _figure(chart: Chart, point: Point) -> str:
    """Write a value in full, with the mark of one that does not cover all films."""
    text = values.full_dollars(point.value) if chart.is_money else chart.amount(point.value)
    return text + values.MARK * point.is_partial


def _linked(address: str | None, drawn: str, other: str = "g") -> str:
    return f'<a href="{escape(address)}">{drawn}</a>' if address else f"<{other}>{drawn}</{other}>"


def _percent(share: float) -> str:
    return f"{share:.4g}%" if share else "0"
