"""Charts as files for slides and pages: SVG, PNG, HTML."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from movie_reports.errors import UsageError
from movie_reports.files import replacing
from movie_reports.render import values as cells
from movie_reports.render.chart import UNKNOWN, Chart, Values, library
from movie_reports.text import wrapped

WIDTH, HEIGHT, SCALE = 960, 540, 2
THICKEST, BAR, AROUND_BARS = 50, 30, 120
LETTER, TITLE = 8, 85
LONGEST_NAME = 400
POINT, CROWDED = 70, 40
FONT = "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
# the palette of Okabe and Ito, to be told apart by the colour-blind; grey in place of yellow, which fades on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C8C8C")
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


def to_file(chart: Chart, path: Path) -> None:
    """Draw a chart into a file, which is the old one or the new, never half.

    Args:
        chart: what to draw.
        path: a name that ends in .svg, .png or .html.

    Raises:
        UsageError: it ends in something else.
        MovieReportsError: a library is missing, or the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in {".svg", ".png", ".html"}:
        message = f"{path} does not tell which picture: let it end in .svg, .png or .html"
        raise UsageError(message)
    altair, converter = library("altair", str(path)), library("vl_convert", str(path))
    drawing = (_bars(chart, altair) if chart.has_bars else _lines(chart, altair)).to_json(indent=None)
    if kind == ".png":
        content = converter.vegalite_to_png(drawing, scale=SCALE)
    elif kind == ".svg":
        content = converter.vegalite_to_svg(drawing).encode()
    else:
        content = _page(chart, drawing, converter.javascript_bundle()).encode()
    with replacing(path) as stream:
        stream.write(content)


def _page(chart: Chart, drawing: str, script: str) -> str:
    """Write a page that needs no network; no name in the drawing can end its script."""
    return PAGE.format(title=html.escape(chart.heading), library=script, drawing=drawing.replace("<", "\\u003c"))


def _lines(chart: Chart, alt: Any) -> Any:  # noqa: ANN401 (loaded where it is used)
    """Draw a line for each name, broken where a value is missing."""
    series, texts = chart.shown(), chart.texts()
    rows = [
        _row(chart, name, value) | {"period": text, "size": size}
        for name, values in series.items()
        for text, value, size in zip(texts, values, _sizes(values), strict=True)
    ]
    most = WIDTH // (LETTER * (len(texts[0]) + 2)) if texts else 0
    periods = [texts[place] for place in chart.period_ticks(most)] if texts else []
    names = list(series)
    legend = _legend(alt, names) if len(names) > 1 else None
    figure = alt.Tooltip("full:N", title=chart.unit)
    drawn = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("period:O").scale(domain=texts).axis(title=None, labelAngle=0, grid=False, values=periods),
        y=alt.Y("value:Q", **_values(chart)),
        color=alt.Color("name:N", scale={"domain": names, "range": COLOURS}, legend=legend),
        tooltip=[alt.Tooltip("name:N", title="Name"), alt.Tooltip("period:N", title=chart.period.capitalize()), figure],
    )
    points = drawn.mark_point(filled=True, opacity=1).encode(
        shape=alt.Shape("name:N", scale={"domain": names}, legend=legend),
        size=alt.Size("size:Q", scale=None, legend=None),
    )
    return _framed(drawn.mark_line(strokeWidth=2, strokeJoin="round") + points, chart)


def _sizes(values: Values) -> list[float]:
    """Return how large the point of each value is: small where many are crowded, but not without a neighbour."""
    crowded = POINT * min(1, CROWDED / (len(values) or 1))
    around = [None, *values, None]
    return [
        POINT if before is None and after is None else crowded
        for before, after in zip(around, around[2:], strict=False)
    ]


def _bars(chart: Chart, alt: Any) -> Any:  # noqa: ANN401
    """Draw a bar for each name, its value at its end."""
    series = chart.shown()
    rows = [_row(chart, name, value) for name, (value,) in series.items()]
    axis = {"title": None, "labelLimit": LONGEST_NAME, "ticks": False, "domain": False}
    drawn = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("name:N", scale={"domain": list(series), "padding": 0.2}, axis=axis),
        tooltip=[alt.Tooltip("name:N", title="Name"), alt.Tooltip("full:N", title=chart.unit)],
    )
    longest = max((len(str(row["short"])) for row in rows), default=0)
    bar = drawn.mark_bar(color=COLOURS[0], size=alt.expr(f"min(bandwidth('y'), {THICKEST})"))
    side = alt.expr("datum.value < 0 ? 'right' : 'left'")
    text = drawn.mark_text(align=side, dx=alt.expr("datum.value < 0 ? -5 : 5"), fontSize=14)
    bars = bar.encode(x=alt.X("value:Q", **_values(chart, aside=LETTER * longest / (WIDTH / 2))))
    return _framed(bars + text.encode(x="place:Q", text="short:N"), chart)


def _row(chart: Chart, name: str, value: float | None) -> dict[str, object]:
    """Return a value with the texts that stand for it; their keys are ours, so that no name is taken for a path."""
    if value is None:
        return {"name": name, "value": None, "place": 0, "short": UNKNOWN, "full": UNKNOWN}
    short = chart.amount(value)
    full = cells.full_dollars(value) if chart.is_money else short
    return {"name": name, "value": value, "place": value, "short": short, "full": full}


def _values(chart: Chart, aside: float = 0) -> dict[str, Any]:
    """Return the axis of values, with a clear line at zero; aside is room for texts, as a part of the whole."""
    ticks = chart.ticks(8)
    low, high = chart.ends(ticks)
    room = (high - low) * aside
    ends = [low - room * (low < 0), high + room]
    grid = {"condition": {"test": "datum.value === 0", "value": "#444"}, "value": "#ddd"}
    axis = {"values": ticks, "title": chart.unit, "gridColor": grid, "domain": False, "ticks": False}
    texts = json.dumps([chart.amount(tick) for tick in ticks])
    axis |= {"labelExpr": f"{texts}[indexof({json.dumps(ticks)}, datum.value)]", "labelFlush": False}
    return {"scale": {"domain": ends, "nice": False}, "axis": axis}


def _legend(alt: Any, names: Sequence[str]) -> Any:  # noqa: ANN401
    """Put the names under the picture, as many side by side as there is room for."""
    longest = min(max(map(cell_len, names)) * LETTER, LONGEST_NAME)
    columns = WIDTH // (longest + 40)
    return alt.Legend(title=None, orient="bottom", columns=columns, labelLimit=LONGEST_NAME, symbolSize=POINT * 2)


def _framed(drawn: Any, chart: Chart) -> Any:  # noqa: ANN401
    """Give a drawing its title, the size of a slide, and letters that can be read from afar."""
    height = max(HEIGHT, BAR * len(chart.series) + AROUND_BARS) if chart.has_bars else HEIGHT
    title = {
        "text": wrapped(chart.heading, TITLE),
        "subtitle": chart.remarks(WIDTH // LETTER) or "",
        "limit": WIDTH - 20,
    }
    title |= {"anchor": "start", "offset": 16, "fontSize": 22, "subtitleFontSize": 14}
    sized = drawn.properties(
        title=title, width=WIDTH, height=height, autosize={"type": "fit", "contains": "padding"}, padding=16
    )
    letters = {"labelFontSize": 14, "titleFontSize": 14, "titlePadding": 12}
    return sized.configure(font=FONT, axis=letters, legend=letters, background="white", view={"stroke": None})
