"""Charts in the letters of a terminal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from rich.cells import cell_len, set_cell_size

from movie_reports.render import values as cells
from movie_reports.render.chart import UNKNOWN, Chart, Values, library
from movie_reports.text import wrapped

COLOURS = (33, 202, 36, 170, 178, 44, 244, 130)  # of the 256, to be read on black and on white
POINTS, PLAIN_POINTS = "●■▲◆○□△◇", "ox+*#@%&"
LEAST_COLUMNS, LEAST_ROWS, LEAST_NAME, LEAST_BAR, MOST_TICKS = 40, 8, 8, 2, 10
BETWEEN = "   "
DOTS = "\N{HORIZONTAL ELLIPSIS}"
_BLANKS_AT_THE_END = re.compile(r" +(\x1b\[0m)?$", re.MULTILINE)


@dataclass(frozen=True)
class Paper:
    """What a chart is drawn on."""

    width: int
    colour: bool
    ascii_only: bool

    def paint(self, text: str, code: str) -> str:
        """Colour a text, where there are colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def point(self, number: int) -> str:
        """Return the sign of a series."""
        return (PLAIN_POINTS if self.ascii_only else POINTS)[number % len(POINTS)]

    def cut(self, text: str, width: int) -> str:
        """Write a text in the letters there are, and in no more cells than allowed."""
        if self.ascii_only:
            text = cells.in_letters_of("ascii", text)
        if cell_len(text) <= width:
            return text
        dots = DOTS.translate(cells.PLAIN) if self.ascii_only else DOTS
        return set_cell_size(text, width - len(dots)).rstrip() + dots


def on_terminal(chart: Chart, width: int, height: int, *, colour: bool, ascii_only: bool) -> str:
    """Draw a chart: horizontal bars, where each name has one value, or else a line for each name.

    Args:
        chart: what to draw.
        width: cells in a line; 40 is the least that a chart can do with.
        height: lines there are; many bars, or a legend of many names, may take more.
        colour: use the colours of the terminal.
        ascii_only: use no letters but those of ASCII.

    Returns:
        lines, each with its line break.
    """
    paper = Paper(max(width, LEAST_COLUMNS), colour, ascii_only)
    heading = [paper.paint(paper.cut(line, paper.width), "1") for line in wrapped(chart.heading, paper.width)]
    if chart.unit.lower() not in chart.heading.lower():
        heading.append(paper.paint(paper.cut(chart.unit, paper.width), "2"))
    heading += [paper.paint(line, "2") for line in chart.remarks(paper.width)]
    if not chart.known:
        body = []
    elif chart.has_bars:
        body = list(_bars(chart, paper))
    else:
        legend = list(_legend(chart, paper)) if len(chart.series) > 1 else []
        body = [*_lines(chart, paper, max(height - len(heading) - len(legend), LEAST_ROWS)), *legend]
    return _BLANKS_AT_THE_END.sub(r"\1", "".join(f"{line}\n" for line in [*heading, *body]))


def _bars(chart: Chart, paper: Paper) -> Iterator[str]:
    """Draw a bar for each name, its value at its end, what is below zero to the left."""
    bars = [
        (name, value or 0, UNKNOWN if value is None else chart.amount(value))
        for name, (value,) in chart.shown().items()
    ]
    before = max((len(text) + 1 for _, value, text in bars if value < 0), default=0)
    after = max((len(text) + 1 for _, value, text in bars if value >= 0), default=0)
    room = min(paper.width * 2 // 5, max(paper.width * 3 // 4 - before - after, LEAST_NAME))
    names = [paper.cut(name, room) for name, _, _ in bars]
    aside = max(map(cell_len, names)) + 1
    low, high = min([0, *chart.known]), max([0, *chart.known])
    unit = (high - low) / max(paper.width - aside - before - after - 2, LEAST_BAR) or 1
    zero = before + round(-low / unit)
    for name, (_, value, text) in zip(names, bars, strict=True):
        size = round(abs(value) / unit)
        bar = paper.paint("█" * size, f"38;5;{COLOURS[0]}")
        left = " " * (zero - size - len(text) - 1) + f"{text} {bar}│"
        line = left if value < 0 else f"{' ' * zero}│{bar} {text}"
        yield set_cell_size(name, aside) + (line.translate(cells.PLAIN) if paper.ascii_only else line)


def _lines(chart: Chart, paper: Paper, rows: int) -> list[str]:
    """Draw a line for each name, with an axis of values and one of periods."""
    plotext = library("plotext", "a chart over time")
    plotext.terminal.limit(width=False, height=False)
    figure = plotext.figure.clear().theme("colorless")
    figure.plot_size(paper.width, rows)
    figure.axes(active=False, side=1)
    ticks, texts = chart.ticks(min(max(rows * 2 // 5, 4), MOST_TICKS)), chart.texts()
    low, high = chart.ends(ticks)
    figure.ruler("y", "left").lim(low, high).ticks(ticks, [chart.amount(tick) for tick in ticks])
    places = chart.period_ticks((paper.width - 10) // (len(texts[0]) + 2))
    ends = (-0.5, len(texts) - 0.5)
    figure.ruler("x", "lower").lim(*ends).ticks(places, [texts[place] for place in places])
    if low < 0 < high:
        figure.draw(figure.signal(ends, (0, 0), marker=plotext.marker("─")).lines())
    for signal in _signals(chart, paper, plotext):
        figure.draw(signal)
    text: str = figure.build().string(colorless=not paper.colour)
    return (text.translate(cells.PLAIN) if paper.ascii_only else text).splitlines()


def _signals(chart: Chart, paper: Paper, plotext: Any) -> list[Any]:  # noqa: ANN401 (it has no types)
    """Make a line of each run of values known, and points: where they would touch, only the highest of each few."""
    every = math.ceil(2 * len(chart.periods) / paper.width)
    lines, points = [], []
    for number, values in enumerate(chart.series.values()):
        colour = COLOURS[number % len(COLOURS)]
        line = plotext.marker("." if paper.ascii_only else "braille", colour)
        point = plotext.marker(paper.point(number), colour)
        for run in _runs(values):
            marked = [max(near, key=itemgetter(1)) for _, near in groupby(run, lambda each: each[0] // every)]
            lines.append(plotext.figure.signal(*zip(*run, strict=True), marker=line).lines())
            points.append(plotext.figure.signal(*zip(*marked, strict=True), marker=point))
    return lines + points  # a line would hide points that come before it


def _runs(values: Values) -> list[list[tuple[int, float | None]]]:
    """Return the places and values between the gaps."""
    found = groupby(enumerate(values), key=lambda each: each[1] is not None)
    return [list(run) for is_known, run in found if is_known]


def _legend(chart: Chart, paper: Paper) -> Iterator[str]:
    """Write which sign stands for which name, as many in a line as there is room for."""
    line, used = "", 0
    for number, name in enumerate(chart.shown()):
        text = paper.cut(name, paper.width // 2 - 5)
        size = len(BETWEEN) + 2 + cell_len(text)
        if used + size > paper.width + len(BETWEEN):
            yield line.removesuffix(BETWEEN)
            line, used = "", 0
        line += f"{paper.paint(paper.point(number), f'38;5;{COLOURS[number % len(COLOURS)]}')} {text}{BETWEEN}"
        used += size
    yield line.removesuffix(BETWEEN)
