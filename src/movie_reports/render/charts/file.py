"""Draws charts as files for slides and web pages: SVG, PNG, HTML."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size

from movie_reports.errors import UsageError
from movie_reports.files import replacing
from movie_reports.render import values
from movie_reports.render.charts.chart import Chart, Point, library
from movie_reports.text import wrapped

WIDTH, HEIGHT, SCALE = 960, 540, 2
MAX_THICKNESS, BAR, AROUND_BARS = 50, 30, 120
CHARACTER, TITLE = 8, 85  # pixels of a character, and characters in a line of the title
MAX_NAME = 400
DOTS = "\N{HORIZONTAL ELLIPSIS}"
POINT, CROWDED = 60, 40  # the size of a point, which is smaller among more neighbours than this
FONT = "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
# the palette of Okabe and Ito for the colour-blind, with grey in place of yellow, which is too pale on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C8C8C")
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "triangle-right", "triangle-left", "cross")
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<div id="chart"></div>
<script>{library}</script>
<script>vegaEmbed("#chart", {drawing}, {{actions: false, renderer: "svg"}});</script>
</body>
</html>
"""

Drawing = dict[str, Any]
"""A chart, or a part of it, as a Vega-Lite specification."""


def to_file(chart: Chart, path: Path) -> None:
    """Draw a chart into a file, which is replaced atomically; its name ends in .svg, .png or .html.

    Raises:
        UsageError: it ends in something else.
        MovieReportsError: a library is missing, or the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in {".svg", ".png", ".html"}:
        message = f"{path} does not tell which picture: let it end in .svg, .png or .html"
        raise UsageError(message)
    converter = library("vl_convert", str(path))
    if kind == ".png":
        content = converter.vegalite_to_png(vega_lite(chart), scale=SCALE)
    elif kind == ".svg":
        content = converter.vegalite_to_svg(vega_lite(chart)).encode()
    else:
        content = _page(chart, converter.javascript_bundle()).encode()
    with replacing(path) as stream:
        stream.write(content)


def vega_lite(chart: Chart) -> Drawing:
    """Return a Vega-Lite specification of the size of a slide, with text that can be read from a distance."""
    layers, encoding = _bars(chart) if chart.has_bars else _lines(chart)
    heading = {"text": wrapped(chart.title, TITLE), "subtitle": chart.notes(WIDTH // CHARACTER) or ""}
    limit = WIDTH - 20 if max(chart.title) <= "\uffff" else 0  # as for names
    look = {"anchor": "start", "offset": 16, "fontSize": 22, "subtitleFontSize": 14, "limit": limit}
    text = {"labelFontSize": 14, "titleFontSize": 14, "titlePadding": 12}
    period = [] if chart.has_bars else [("period", chart.period.capitalize())]
    tooltip = [("name", "Name"), *period, ("full", chart.unit)]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {**heading, **look},
        "width": WIDTH,
        "height": max(HEIGHT, BAR * len(chart.series) + AROUND_BARS) if chart.has_bars else HEIGHT,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 16,
        "config": {"font": FONT, "axis": text, "legend": text, "background": "white", "view": {"stroke": None}},
        "data": {"values": _rows(chart)},
        "encoding": {**encoding, "tooltip": [{"field": name, "title": title} for name, title in tooltip]},
        "layer": layers,
    }


def _page(chart: Chart, script: str) -> str:
    """Return a page that needs no network; no name in the drawing can end its script."""
    drawing = json.dumps(vega_lite(chart), ensure_ascii=False).replace("<", "\\u003c")
    return PAGE.format(title=html.escape(chart.title), library=script, drawing=drawing)


def _lines(chart: Chart) -> tuple[list[Drawing], Drawing]:
    """Draw a line for each name, with a gap where a value is missing; return the layers and their shared encoding."""
    names, labels = list(chart.series), chart.labels()
    legend = _legend(names) if len(names) > 1 else None  # a single name is in the title
    colour = {"field": "name", "scale": {"domain": names, "range": COLOURS}, "legend": legend}
    lines: Drawing = {"mark": {"type": "line", "strokeWidth": 2, "strokeJoin": "round"}, "encoding": {"color": colour}}
    look = {
        "stroke": colour,
        "fill": {**colour, "condition": {"test": "datum.partial", "value": "white"}},
        "shape": {**colour, "scale": {"domain": names, "range": SHAPES}},
        "size": {"field": "size", "type": "quantitative", "scale": None},
    }
    points: Drawing = {"mark": {"type": "point", "opacity": 1}, "encoding": look}
    ticks = chart.period_ticks(WIDTH // (CHARACTER * (len(labels[0]) + 2)))
    axis = {"title": None, "labelAngle": 0, "grid": False, "values": [labels[tick] for tick in ticks]}
    periods = {"field": "period", "scale": {"domain": labels}, "axis": axis}
    return [lines, points], {"x": periods, "y": _values(chart)}


def _bars(chart: Chart) -> tuple[list[Drawing], Drawing]:
    """Draw a bar for each name, with its value at its end; return the layers and their shared encoding."""
    bar = {"type": "bar", "color": COLOURS[0], "size": {"expr": f"min(bandwidth('y'), {MAX_THICKNESS})"}}
    side, distance = ({"expr": f"datum.value < 0 ? {ends}"} for ends in ("'right' : 'left'", "-5 : 5"))
    text = {"type": "text", "align": side, "dx": distance, "fontSize": 14}
    axis = {"title": None, "labelPadding": 8, "ticks": False, "domain": False, **_names(list(chart.series))}
    names = {"field": "name", "scale": {"domain": list(chart.series), "padding": 0.2}, "axis": axis}
    aside = max(len(chart.amount(point.value)) + point.is_partial for point in chart.points) * CHARACTER / (WIDTH / 2)
    layers: list[Drawing] = [{"mark": bar}, {"mark": text, "encoding": {"text": {"field": "short"}}}]
    return layers, {"x": _values(chart, aside), "y": names}


def _values(chart: Chart, aside: float = 0) -> Drawing:
    """Return the axis of values, with a clear line at zero; `aside` is the share of it that texts need."""
    ticks = chart.ticks(8)
    low, high = chart.ends(ticks)
    room = (high - low) * aside
    texts = f"{json.dumps([chart.amount(tick) for tick in ticks])}[indexof({json.dumps(ticks)}, datum.value)]"
    grid = {"condition": {"test": "datum.value === 0", "value": "#444"}, "value": "#ddd"}
    axis = {"values": ticks, "labelExpr": texts, "labelFlush": False, "gridColor": grid}
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [low - room * (low < 0), high + room], "nice": False, "reverse": chart.is_rank},
        "axis": {**axis, "title": chart.unit, "domain": False, "ticks": False},
    }


def _legend(names: Sequence[str]) -> Drawing:
    """Put the names under the chart, as many side by side as fit."""
    longest = min(max(map(cell_len, names)) * CHARACTER, MAX_NAME)
    columns = WIDTH // (longest + 40)
    return {"title": None, "orient": "bottom", "columns": columns, "symbolSize": POINT * 2, **_names(names)}


def _names(names: Sequence[str]) -> Drawing:
    """Shorten names to fit; Vega itself would cut a character beyond U+FFFF in two, and fail."""
    most = MAX_NAME // CHARACTER
    short = [name if cell_len(name) <= most else set_cell_size(name, most - 1).rstrip() + DOTS for name in names]
    return {"labelExpr": f"{json.dumps(short)}[indexof({json.dumps(names)}, datum.value)]", "labelLimit": 0}


def _rows(chart: Chart) -> list[Drawing]:
    """Return the points with their texts; the keys are fixed, so that no name is taken for a path.

    Only the ends of a gap are kept, to break the line, since a gap may span thousands of years.
    """
    labels = chart.labels() or [""]
    rows = []
    for name, points in chart.series.items():
        crowded = POINT * min(1, CROWDED / len(points))
        neighbours = zip([None, *points[:-1]], [*points[1:], None], strict=True)
        for label, point, (before, after) in zip(labels, points, neighbours, strict=True):
            if before or point or after:
                size = crowded if before or after else POINT
                rows.append({"name": name, "period": label, "size": size, **_texts(chart, point)})
    return rows


def _texts(chart: Chart, point: Point | None) -> Drawing:
    if point is None:
        return {"value": None}
    short, mark = chart.amount(point.value), values.MARK if point.is_partial else ""
    full = values.full_dollars(point.value) if chart.is_money else short
    return {"value": point.value, "partial": point.is_partial, "short": short + mark, "full": full + mark}
