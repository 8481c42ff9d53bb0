"""Draws charts in the characters of a terminal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from rich.cells import cell_len, set_cell_size

from movie_reports.render import values
from movie_reports.render.charts.chart import Chart, Points, library
from movie_reports.text import wrapped

COLOURS = (33, 202, 29, 170, 136, 31, 244, 98)  # of the 256, those readable on white, black and dark grey
FILLED, HOLLOW = "●■▲◆▼►◄★", "○□△◇▽▻◅☆"
CAPITAL, SMALL = "OXVZSWUC", "oxvzswuc"
MIN_COLUMNS, MIN_ROWS, MIN_NAME, MIN_BAR, MAX_TICKS = 40, 8, 8, 2, 10
BETWEEN = "   "
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_BLANKS_AT_THE_END = re.compile(r" +(\x1b\[0m)?$", re.MULTILINE)


@dataclass(frozen=True)
class Paper:
    """The terminal on which a chart is drawn."""

    width: int
    colour: bool
    ascii_only: bool

    def paint(self, text: str, code: str) -> str:
        """Colour a text, if colours are on."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def marker(self, number: int, *, is_partial: bool = False) -> str:
        """Return the character that marks the points of a series."""
        markers = (CAPITAL, SMALL) if self.ascii_only else (FILLED, HOLLOW)
        return markers[is_partial][number % len(FILLED)]

    def fit(self, text: str, width: int) -> str:
        """Write a text in the characters available, and in at most `width` cells."""
        ellipsis = "..." if self.ascii_only else ELLIPSIS
        text = self.plain(text)
        return text if cell_len(text) <= width else set_cell_size(text, width - len(ellipsis)).rstrip() + ellipsis

    def plain(self, text: str) -> str:
        """Write a text in the characters available."""
        return values.in_encoding("ascii", text) if self.ascii_only else text


def on_terminal(chart: Chart, width: int, height: int, *, colour: bool, ascii_only: bool) -> str:
    """Draw horizontal bars, or else a line for each name, as lines with their line breaks.

    A chart takes 40 cells of width at least; many bars, or a legend of many names, may take more than `height` lines.
    """
    paper = Paper(max(width, MIN_COLUMNS), colour, ascii_only)
    heading = [paper.paint(paper.fit(line, paper.width), "1") for line in wrapped(chart.title, paper.width)]
    if chart.unit.lower() not in chart.title.lower():
        heading.append(paper.paint(chart.unit, "2"))
    notes = chart.notes(paper.width, "Small letters" if ascii_only else "Hollow points")
    heading += [paper.paint(paper.plain(line), "2") for line in notes]
    if chart.has_bars:
        body = list(_bars(chart, paper))
    else:
        legend = list(_legend(chart, paper)) if len(chart.series) > 1 else []
        body = [*_lines(chart, paper, max(height - len(heading) - len(legend), MIN_ROWS)), *legend]
    return _BLANKS_AT_THE_END.sub(r"\1", "".join(f"{line}\n" for line in [*heading, *body]))


def _bars(chart: Chart, paper: Paper) -> Iterator[str]:
    """Draw a bar for each name, its value at its end, a loss to the left of zero."""
    bars = [
        (name, point.value, chart.amount(point.value) + values.MARK * point.is_partial)
        for name, points in chart.series.items()
        for point in points
        if point is not None
    ]
    before = max((len(text) + 1 for _, value, text in bars if value < 0), default=0)
    after = max((len(text) + 1 for _, value, text in bars if value >= 0), default=0)
    room = min(paper.width * 2 // 5, max(paper.width * 3 // 4 - before - after, MIN_NAME))
    names = [paper.fit(name, room) for name, _, _ in bars]
    aside = max(map(cell_len, names)) + 1
    low, high = min(0, *(value for _, value, _ in bars)), max(0, *(value for _, value, _ in bars))
    unit = (high - low) / max(paper.width - aside - before - after - 2, MIN_BAR) or 1
    zero = before + round(-low / unit)
    for name, (_, value, text) in zip(names, bars, strict=True):
        size = round(abs(value) / unit)
        bar = paper.paint("█" * size, f"38;5;{COLOURS[0]}")
        left = " " * (zero - size - len(text) - 1) + f"{text} {bar}│"
        line = left if value < 0 else f"{' ' * zero}│{bar} {text}"
        yield set_cell_size(name, aside) + paper.plain(line)


def _lines(chart: Chart, paper: Paper, rows: int) -> list[str]:
    """Draw a line for each name, with an axis of values and one of periods."""
    plotext = library("plotext", "a chart over time")
    plotext.terminal.limit(width=False, height=False)
    figure = plotext.figure.clear().theme("colorless")
    figure.plot_size(paper.width, rows)
    figure.axes(active=False, side=1)
    ticks, labels = chart.ticks(min(max(rows * 2 // 5, 4), MAX_TICKS)), chart.labels()
    low, high = sorted(end * chart.up for end in chart.ends(ticks))
    heights = [tick * chart.up for tick in ticks]
    figure.ruler("y", "left").lim(low, high).ticks(heights, [chart.amount(tick) for tick in ticks])
    positions = chart.period_ticks((paper.width - 10) // (len(labels[0]) + 2))
    ends = (-0.5, len(labels) - 0.5)
    figure.ruler("x", "lower").lim(*ends).ticks(positions, [labels[position] for position in positions])
    if low < 0 < high:
        figure.draw(figure.signal(ends, (0, 0), marker=plotext.marker("─")).lines())
    for signal in _signals(chart, paper, plotext):
        figure.draw(signal)
    text: str = figure.build().string(colorless=not paper.colour)
    return paper.plain(text).splitlines()


def _signals(chart: Chart, paper: Paper, plotext: Any) -> list[Any]:  # noqa: ANN401 (it has no types)
    """Return a line for each run of known values, and points; of those that would touch, only the highest."""
    few = math.ceil(2 * len(chart.periods) / paper.width)
    lines, points = [], []
    for number, series in enumerate(chart.series.values()):
        colour = COLOURS[number % len(COLOURS)]
        line = plotext.marker("." if paper.ascii_only else "braille", colour)
        for run in _runs(series, chart.up):
            positions, found, _ = zip(*run, strict=True)
            lines.append(plotext.figure.signal(positions, found, marker=line).lines())
            for _, near in groupby(run, lambda each: each[0] // few):
                position, value, is_partial = max(near, key=itemgetter(1))
                marker = plotext.marker(paper.marker(number, is_partial=is_partial), colour)
                points.append(plotext.figure.signal([position], [value], marker=marker))
    return lines + points  # a line would hide points drawn before it


def _runs(points: Points, up: int) -> list[list[tuple[int, float, bool]]]:
    """Return the positions, heights and marks between the gaps; `up` is -1 where the lowest value is at the top."""
    known = [(position, point.value * up, point.is_partial) if point else None for position, point in enumerate(points)]
    return [[each for each in run if each] for is_known, run in groupby(known, bool) if is_known]


def _legend(chart: Chart, paper: Paper) -> Iterator[str]:
    """Write the marker of each name, as many in a line as fit."""
    line, used = "", 0
    for number, name in enumerate(chart.series):
        text = paper.fit(name, paper.width // 2 - 5)
        size = len(BETWEEN) + 2 + cell_len(text)
        if used + size > paper.width + len(BETWEEN):
            yield line.removesuffix(BETWEEN)
            line, used = "", 0
        line += f"{paper.paint(paper.marker(number), f'38;5;{COLOURS[number % len(COLOURS)]}')} {text}{BETWEEN}"
        used += size
    yield line.removesuffix(BETWEEN)
